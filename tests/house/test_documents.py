"""The documents cannot rot: what they show is printed, what they name exists, what they command runs."""

import argparse
import contextlib
import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, fields
from pathlib import Path

import openpyxl
import pytest
from a_root import GOOD_ROW, Said, run, write_raw, write_table
from test_walls import MAY_IMPORT

import flows
from flows.cli.main import COMMANDS, build_parser, main
from flows.domain.holidays import read_announcements
from flows.domain.text import UserError
from flows.root.project import CHECKOUT
from flows.root.settings import Settings

README = CHECKOUT / "README.md"
DOCUMENTS = [README, CHECKOUT / "CHANGELOG.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]
NAMES = [path.relative_to(CHECKOUT).as_posix() for path in DOCUMENTS]
WEEK = "2022-07-22"
PUBLISHING = ("docs/report.md", "docs/signing.md")

# Commands that are not run here, by a pattern of their line, each with the reason.
NOT_RUN = {
    r"^make ": "sets up an environment from an index, or runs these very tests; that the target exists is tested below",
    r"^\.venv/bin/python -m pytest ": "runs tests of this set; that it names some is tested below",
    r"^\.venv/bin/bulletin up ": "runs until it is stopped; tests/rooms/service does it",
    r"^(useradd|runuser|install|cp deploy/|mkdir /srv)": "changes users or the system's own folders: needs root",
    r"^cat /srv/": "reads what those commands have made",
    r"^(systemctl|journalctl)": "needs systemd",
    r"^(secret=|printf 'PREFECT_)": "writes into /etc; tests/rooms/service/test_workers.py runs it with a folder of its own",
    r"^(podman|mkdir bundle)": "needs a container engine",
    r"^(tar -xf|sh install\.sh)": "needs the bundle, which takes minutes to make; tests/house/test_bundle.py does it",
    r"bulletin (key|signers|approve|publish .*--by 甲) ": "a key asks for its passphrase; tests/commands/test_approve.py signs with two",
    r"bulletin quarantine (close|open) ": "the name of a row follows from its file; tests/commands/test_quarantine.py does it",
    r"^duckdb ": "DuckDB's own command line is no part of the environment",
    r"\.pl\(\)": "Polars is no part of the environment",
}


def read(name: str) -> str:
    return (CHECKOUT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", read(name), re.S | re.M)


def list_commands(name: str) -> list[str]:
    """Each line of the shell blocks of a document, without the words behind its #."""
    lines = [re.split(r"\s+# ", line)[0].strip() for block in blocks(name, "sh") for line in block.splitlines()]
    return [line for line in lines if line]


def read_rows(name: str, header: str) -> list[list[str]]:
    """The cells of the table below a header line."""
    lines = read(name).split(f"{header}\n", 1)[1].splitlines()[1:]
    table = lines[: next((place for place, line in enumerate(lines) if not line.startswith("|")), None)]
    return [[cell.strip() for cell in line.strip("|").split(" |")] for line in table]


@dataclass(frozen=True)
class Demo:
    """A root with the sample deliveries of the checkout, its first week written, and what that run printed."""

    root: Path
    printed: list[str]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Copies of the delivered files lie in the root, too, as in a folder of downloads."""
    root = tmp_path_factory.mktemp("demo")
    shutil.copytree(CHECKOUT / "data/raw", root / "data/raw", ignore=shutil.ignore_patterns("receipts.jsonl"))
    for file in root.glob("data/raw/2022-07-*/*办件明细*"):
        shutil.copy2(file, root)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert main(["--lang", "en", "weekly", "--week-ending", WEEK, "--root", str(root)]) == 0
    return Demo(root, printed.getvalue().splitlines())


@pytest.fixture(scope="module")
def office(demo: Demo) -> Path:
    """The same deliveries as those of an office: invented ones are never published."""
    root = demo.root.with_name("office")
    shutil.copytree(demo.root / "data/raw", root / "data/raw", ignore=shutil.ignore_patterns("receipts.jsonl"))
    for settings in root.glob("data/raw/*/delivery.toml"):
        settings.write_text(settings.read_text(encoding="utf-8").replace("sample = true", ""), encoding="utf-8")
    return root


# ---------------------------------------------------------------- what is shown


def test_the_sample_gives_the_paragraph_at_one_to_a_thousand(demo: Demo) -> None:
    report = json.loads((demo.root / "reports/2022-07-22/statistics.json").read_text())
    assert report["text"] == (
        "据四川一体化政务服务平台数据统计，2022年1月1日至2022年7月22日，省本级行政许可事项受理465件，办结461件；"
        "公共服务事项受理18703件，办结6476件，其它九类行权事项受理41件，办结42件。"
    )
    assert report["as_of"] == {"cut_off": "2022-07-22", "received_on": "2022-07-25", "deliveries": 3}
    assert [week["start"] for week in (report["week"], report["year_to_date"], report["since_previous"])] == [
        "2022-07-18",
        "2022-01-01",
        "2022-07-16",
    ]


def test_the_keys_of_the_contract_are_in_statistics_json(demo: Demo) -> None:
    written = json.loads((demo.root / "reports/2022-07-22/statistics.json").read_text())
    (block,) = blocks("docs/architecture.md", "json")
    promised = json.loads(block)
    assert promised.keys() <= written.keys()
    assert promised["groups"][0].keys() <= written["groups"][0].keys()
    for part in ("week", "year_to_date", "since_previous", "as_of", "unclassified", "out_of_scope", "quarantined"):
        assert promised[part].keys() <= written[part].keys(), part


def test_the_run_prints_what_the_readme_shows_in_at_most_sixteen_lines(demo: Demo) -> None:
    shown = blocks("README.md", "text")[0]
    printed = demo.printed
    assert len(printed) <= 16 - 2  # two lines of progress go to standard error
    seconds = re.compile(r"[\d.]+ s$")
    expected = [seconds.sub("… s", line) for line in shown.splitlines()]
    answered = [seconds.sub("… s", line) for line in printed]
    next_lines = expected.index("next:")
    assert answered[: next_lines - 1] == expected[: next_lines - 1]
    assert [line.split()[1:2] for line in answered[next_lines + 1 :]] == [["weekly"], ["status"], ["init"]]


def test_the_readme_is_read_in_five_minutes() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 120
    assert README.stat().st_size <= 8 * 1024


@pytest.mark.parametrize(("name", "place"), [("README.md", 1), ("docs/architecture.md", 0)])
def test_the_picture_is_that_of_the_code(name: str, place: int) -> None:
    assert blocks(name, "text")[place] in str(flows.__doc__)


def test_the_readme_has_a_line_for_each_folder_and_for_the_files_beside_them() -> None:
    named = [name for row in read_rows("README.md", "| part | what it does |") for name in row[0].split()]
    folders = [f"`flows/{path.parent.name}/`" for path in (CHECKOUT / "flows").glob("*/__init__.py")]
    files = [f"`flows/{path.name}`" for path in (CHECKOUT / "flows").glob("*.py") if path.name != "__init__.py"]
    assert sorted(named) == sorted([*folders, *files])


def test_the_table_of_walls_is_what_the_test_of_the_walls_holds() -> None:
    rows = read_rows("docs/architecture.md", "| folder | may import |")
    told = {folder.strip("`"): " ".join(re.findall(r"`(\w+)`", others)) for folder, others in rows}
    assert told == MAY_IMPORT


def test_the_table_of_sql_names_every_folder_of_it() -> None:
    named = {row[0].strip("`") for row in read_rows("docs/architecture.md", "| in `sql/` | holds |")}
    folder = CHECKOUT / "sql"
    assert named == {"schema.sql", *(path.parent.relative_to(folder).as_posix() for path in folder.glob("*/**/*.sql"))}


def test_the_table_of_the_engine_names_every_file_of_it() -> None:
    named = [row[0].strip("`") for row in read_rows("docs/architecture.md", "| file | holds |")]
    files = [
        path.relative_to(CHECKOUT) for path in (CHECKOUT / "flows/engine").rglob("*.py") if path.name != "__init__.py"
    ]
    assert sorted(named) == sorted(map(str, files))


def test_the_table_of_tests_names_every_folder_of_them() -> None:
    named = [row[0].strip("`") for row in read_rows("docs/architecture.md", "| folder | proves |")]
    folders = {path.relative_to(CHECKOUT / "tests").parts[0] for path in (CHECKOUT / "tests").glob("*/**/*.py")}
    assert sorted(named) == sorted(f"tests/{folder}" for folder in folders)


def test_the_row_rule_that_is_shown_is_a_file_of_the_rules() -> None:
    (shown,) = blocks("docs/checks.md", "text")
    assert shown == read("sql/rules/rows/item_code_disagrees.sql")


# ---------------------------------------------------------------- what runs


@pytest.mark.parametrize("name", [name for name in NAMES if list_commands(name)])
def test_the_commands_of_a_document_run_as_written(
    name: str,
    demo: Demo,
    office: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = office if name in PUBLISHING else demo.root
    monkeypatch.chdir(root)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BULLETIN_ROOT", str(root))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    for line in list_commands(name):
        if not any(re.search(pattern, line) for pattern in NOT_RUN):
            said = run_line(line, capsys)
            assert said.exit_code == 0, f"{line}\n{said.out}{said.err}"


def run_line(line: str, capsys: pytest.CaptureFixture[str]) -> Said:
    """A command of this program in this process, any other in a shell."""
    if not line.startswith(".venv/bin/bulletin "):
        done = subprocess.run(["bash", "-c", line], check=False, capture_output=True, text=True, timeout=60)
        return Said(done.returncode, done.stdout, done.stderr)
    words = [found for word in shlex.split(line)[1:] for found in expand(word)]
    if words[0] == "weekly" and "--week-ending" not in words:
        words += ["--week-ending", WEEK]  # the sample is of 2022, and the newest week is not
    return run(capsys, *words)


def expand(word: str) -> list[str]:
    """As a shell does."""
    return sorted(map(str, Path().glob(word))) if word.startswith("*.") else [re.sub("^~", os.environ["HOME"], word)]


def test_a_command_that_is_not_run_has_a_reason_that_is_needed() -> None:
    lines = [line for name in NAMES for line in list_commands(name)]
    assert [pattern for pattern in NOT_RUN if not any(re.search(pattern, line) for line in lines)] == []


def test_the_tests_that_a_document_tells_to_run_exist() -> None:
    lines = [line for name in NAMES for line in list_commands(name) if line.startswith(".venv/bin/python -m pytest ")]
    assert len(lines) > 1
    for line in lines:
        place, *named = shlex.split(line)[3:]
        paths = [CHECKOUT / place] if place.endswith(".py") else sorted((CHECKOUT / place).glob("test_*.py"))
        tests = re.findall(r"^def (test_\w+)", "\n".join(path.read_text(encoding="utf-8") for path in paths), re.M)
        words = named[1].split(" and ") if named else []
        assert any(all(word in test for word in words) for test in tests), line


def test_the_make_targets_of_the_documents_exist() -> None:
    makefile = read("Makefile")
    for name in NAMES:
        for target in re.findall(r"(?:`|^)make ([\w-]+)", read(name), re.M):
            assert re.search(rf"^{target}:", makefile, re.M), f"{name}: make {target}"


@pytest.mark.parametrize("name", [name for name in NAMES if blocks(name, "sql")])
def test_the_queries_of_a_document_run_as_written(name: str, demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    queries = [query.strip() for block in blocks(name, "sql") for query in re.sub(r"--.*", "", block).split(";")]
    for query in filter(None, queries):
        said = run(capsys, "query", query, "--limit", "3", "--root", str(demo.root))
        assert (said.exit_code, said.err) == (0, ""), query
        assert len(said.out.splitlines()) > 1, f"no row: {query}"


def test_the_holidays_toml_that_is_shown_is_read(tmp_path: Path) -> None:
    (block,) = blocks("docs/commands.md", "toml")
    (tmp_path / "holidays.toml").write_text(block, encoding="utf-8")
    _, *announced = read_announcements(tmp_path / "holidays.toml")
    assert [(each.years, len(each.off), len(each.working)) for each in announced] == [((2026,), 12, 3), ((), 1, 0)]


def test_the_delivery_toml_that_is_shown_is_read_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its control totals are those of a larger delivery: nothing else of it is refused."""
    *_, block = blocks("docs/deliveries.md", "toml")
    file = f"{WEEK}/行政许可办件明细.csv"
    write_raw(tmp_path, {file: write_table(GOOD_ROW), f"{WEEK}/delivery.toml": block})
    said = run(capsys, "weekly", "--week-ending", WEEK, "--dry-run", "--root", str(tmp_path))
    broken = re.findall(r"✗ (\w+)", said.err)
    assert (said.exit_code, broken) == (4, ["control_totals_equal"])


def test_the_rows_that_cases_name_are_the_rows_of_their_files(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    """Explainable to the single case: the place a case names holds its number, in every form of file."""
    query = "select file, row_no, case_no from cases order by file, row_no"
    cases = json.loads(run(capsys, "query", query, "--json", "--root", str(demo.root)).out)
    assert len(cases) > 19_000
    for file in {case["file"] for case in cases}:
        path = demo.root / "data/raw" / file
        if path.suffix == ".xlsx":
            grid = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
        else:
            encoding = "utf-8-sig" if path.read_bytes().startswith(b"\xef\xbb\xbf") else "gb18030"
            with path.open(encoding=encoding, newline="") as text:
                grid = [tuple(row) for row in csv.reader(text)]
        for case in (case for case in cases if case["file"] == file):
            assert case["case_no"] in grid[case["row_no"] - 1]


# ---------------------------------------------------------------- what is listed


def test_the_table_of_commands_has_every_command_with_its_options() -> None:
    table = read_rows("docs/commands.md", "| command | options | what it does |")
    listed = {first.split("`")[1]: re.findall(r"`([^`]+)`", options) for first, options, _ in table}
    assert list(listed) == [command.name for command in COMMANDS]
    assert listed == list_options()


def list_options() -> dict[str, list[str]]:
    """Each command with what it takes beside the options of every command: options by their long name, others as written."""
    (commands,) = (a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    return {
        name: [
            (action.option_strings or [str(action.metavar)])[-1]
            for group in parser._action_groups
            if group.title == "arguments"
            for action in group._group_actions
        ]
        for name, parser in commands.choices.items()
    }


def test_every_command_of_a_document_exists() -> None:
    known = {command.name for command in COMMANDS}
    for name in NAMES:
        for word in re.findall(r"(?:`|/bin/)bulletin ([a-z]+)\b", read(name)):
            assert word in known, f"{name}: bulletin {word}"


def test_the_table_of_settings_has_every_setting_with_its_default() -> None:
    table = read_rows("docs/commands.md", "| setting | default | meaning |")
    defaults = {each.name: "" if each.default is None else f"`{json.dumps(each.default)}`" for each in fields(Settings)}
    assert {name.strip("`"): default for name, default, _ in table} == defaults


def test_the_table_of_exit_codes_has_every_one() -> None:
    table = read_rows("docs/commands.md", "| code | meaning |")
    assert [int(code) for code, _ in table] == [0, 1, *sorted(kind.exit_code for kind in UserError.__subclasses__())]


def test_the_table_of_rules_is_what_the_command_lists(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    listed = {}
    for language in ("zh", "en"):
        lines = run(capsys, "--lang", language, "check", "--rules", "--root", str(demo.root)).out.splitlines()[1:]
        listed[language] = [re.split(r"\s+", line.strip(), maxsplit=2) for line in lines]
    rules = [
        [f"`{name}`", effect, chinese, english]
        for (name, effect, english), (_, _, chinese) in zip(listed["en"], listed["zh"], strict=True)
    ]
    assert read_rows("docs/checks.md", "| rule | effect | 要求 | requirement |") == rules
    of_gates = sum(effect != "quarantine" for _, effect, _, _ in rules)
    counted = f"{len(rules) - of_gates} row rules that quarantine and {of_gates} rules of the gates"
    assert [words in read("docs/checks.md") for words in (counted, f"counts {of_gates + 1} verdicts")] == [True, True]


# ---------------------------------------------------------------- what is named


# What runs write: each from a template of that name, and 更正说明.
WRITTEN = {
    "更正说明.md",
    *(path.stem for folder in ("flows", "tests") for path in (CHECKOUT / folder).rglob("*.md.j2")),
}


def list_texts() -> list[Path]:
    """All files that may name a document."""
    folders = [path for name in ("flows", "sql", "tests", "deploy", "offline") for path in (CHECKOUT / name).rglob("*")]
    kinds = {".py", ".sql", ".toml", ".j2", ".sh", ".service", ".env", ".md", ""}
    return [
        *DOCUMENTS,
        *(CHECKOUT / name for name in ("Makefile", "prefect.yaml", "pyproject.toml")),
        *(path for path in folders if path.is_file() and path.suffix in kinds),
    ]


def test_every_document_that_is_named_exists() -> None:
    for path in list_texts():
        for name in re.findall(r"[\w./-]*\w\.md\b(?!\.j2)", path.read_text(encoding="utf-8")):
            places = [folder / name for folder in (CHECKOUT, CHECKOUT / "docs", path.parent)]
            is_written = Path(name).name in WRITTEN and not name.startswith("docs/")
            assert is_written or any(place.is_file() for place in places), f"{path}: {name}"


def test_every_section_that_the_code_names_exists() -> None:
    for path in list_texts():
        for name, sections in re.findall(r"(docs/\w+\.md) (§\d[^:;)\n]*)", path.read_text(encoding="utf-8")):
            for number in re.findall(r"§(\d)", sections):
                assert re.search(rf"^## {number}\. ", read(name), re.M), f"{path}: {name} §{number}"


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", read(name)):
        file, _, anchor = link.partition("#")
        target = (CHECKOUT / name).parent / file if file else CHECKOUT / name
        assert target.exists(), f"{name}: {link}"
        if anchor:
            assert anchor in list_anchors(target.read_text(encoding="utf-8")), f"{name}: {link}"


def list_anchors(text: str) -> list[str]:
    """As GitHub makes them of headings."""
    return [
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", text, re.M)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_file_of_this_project_that_a_document_names_exists(name: str) -> None:
    """Those in code spans; a place with <…> or * stands for many."""
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", read(name), flags=re.S | re.M))
    paths = [span for span in spans if re.fullmatch(r"(flows|sql|tests|docs|deploy|offline)/[\w./-]*", span)]
    paths += [span for span in spans if re.fullmatch(r"[\w/]+\.(py|sql)", span) and "/" in span]
    assert [path for path in paths if not (CHECKOUT / path).exists()] == []


def test_the_words_of_the_glossary_are_those_of_the_code() -> None:
    entries = re.findall(r"^- (\*\*.*?): ", read("docs/method.md").split("## Glossary")[1], re.M)
    terms = [term for entry in entries for term in re.findall(r"\*\*(.+?)\*\*", entry)]
    assert len(terms) == len(set(terms)) > 50
    files = [path for folder in ("flows", "sql") for path in (CHECKOUT / folder).rglob("*") if path.is_file()]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files if path.suffix in (".py", ".sql"))
    named = [name for entry in entries for name in re.findall(r"`([^`]+)`", entry)]
    unknown = [n for n in named if not re.search(rf"(?<![\w-]){re.escape(n)}\b", code) and not (CHECKOUT / n).exists()]
    assert unknown == []


def test_the_decisions_are_few_short_and_listed() -> None:
    records = sorted((CHECKOUT / "docs/decisions").glob("*.md"))
    assert len(records) <= 15
    listed = re.findall(r"\(decisions/(.+?)\) \|", read("docs/architecture.md"))
    assert listed == [path.name for path in records]
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 25, path
        assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.M) == ["Context", "Decision", "Rejected", "Consequences"], path
