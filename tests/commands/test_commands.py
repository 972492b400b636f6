"""The commands as a user meets them: help, languages, handing in, taking back."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from a_root import GOOD_ROW, run, write_raw, write_table

from flows.cli.main import COMMANDS
from flows.domain.cases import Window
from flows.figures.counts import count_in_window
from flows.root.project import Project
from flows.warehouse.reading import open_read_only

WEEK = ("weekly", "--week-ending", "2022-07-22", "--quiet")
YEAR = Window(date(2022, 1, 1), date(2022, 7, 22))
SECOND_ROW = GOOD_ROW.replace("000001", "000002")


def accepted_licences(root: Path) -> int:
    with open_read_only(Project(root)) as engine:
        return count_in_window(engine, YEAR)["licence"].accepted


def read_receipts(root: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (root / "data/raw/receipts.jsonl").read_text().splitlines()]


def test_help_groups_the_commands_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "--help")
    assert said.exit_code == 0
    positions = [said.out.index(group) for group in ("每周 · every week", "追问 · asking", "维护 · keeping")]
    assert positions == sorted(positions)
    for command in COMMANDS:
        assert re.search(rf"^  {command.name} +\S", said.out, re.M)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_command_explains_itself_with_an_example(
    command: object, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = command.name  # type: ignore[attr-defined]  # parametrize hands over object
    said = run(capsys, name, "--help", "--lang", language)
    assert said.exit_code == 0
    assert f"bulletin {name}" in said.out.split("例如" if language == "zh" else "example")[-1]


def test_help_imports_none_of_the_slow_libraries() -> None:
    code = "import sys\nfrom flows.cli import build_parser\nbuild_parser('en').format_help()\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"pandas", "duckdb", "prefect", "great_expectations", "pyarrow", "rich"}.isdisjoint(loaded)


def test_a_run_with_nothing_new_imports_neither_great_expectations_nor_prefect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    assert run(capsys, *WEEK, "--root", str(tmp_path)).exit_code == 0
    code = "import sys\nfrom flows.cli import main\nassert main(sys.argv[1:]) == 0\nprint(*sys.modules)"
    words = [*WEEK, "--root", str(tmp_path)]
    loaded = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"prefect", "great_expectations"}.isdisjoint(loaded)  # pandas DuckDB imports to bind a value


def test_options_may_stand_before_or_after_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init", "--root", str(tmp_path / "a"))
    before = run(capsys, "--root", str(tmp_path / "a"), "--lang", "zh", "status")
    after = run(capsys, "status", "--root", str(tmp_path / "a"), "--lang", "zh")
    assert before == after
    assert "待载入文件 0 个" in after.out


HOSTILE_ROWS = ("1,某,行政许可,+1|cmd,2022-07-01,,", "2,某,行政许可,510000,@now,,")


def test_quarantine_lists_where_what_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW, *HOSTILE_ROWS)})
    run(capsys, *WEEK, "--root", str(root))
    said = run(capsys, "quarantine", "--root", str(root))
    assert said.out.splitlines() == [
        "delivery    file                 row  column       value   reason",
        "2022-07-22  2022-07-22/许可.csv  3    area_code    +1|cmd  "
        "the area is no area code (six or twelve digits), and the item code does not tell it",
        "2022-07-22  2022-07-22/许可.csv  4    accepted_at  @now    "
        "the acceptance time is no time such as 2022-07-22 09:30:00",
        "2 items",
    ]


def test_quarantine_of_nothing_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init", "--root", str(tmp_path / "office"))
    assert run(capsys, "quarantine", "--root", str(tmp_path / "office")).out == "0 items\n"


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_written_list_cannot_act_in_a_spreadsheet(
    extension: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import csv

    import openpyxl

    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW, *HOSTILE_ROWS)})
    run(capsys, *WEEK, "--root", str(root))
    path = tmp_path / f"隔离.{extension}"
    assert run(capsys, "quarantine", "--out", str(path), "--root", str(root)).exit_code == 0
    if extension == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [tuple(line) for line in csv.reader(file)]
    else:
        lines = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert [line[5] for line in lines] == ["value", "'+1|cmd", "'@now"]


def test_a_list_of_another_form_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init", "--root", str(tmp_path / "office"))
    said = run(capsys, "quarantine", "--out", str(tmp_path / "a.pdf"), "--root", str(tmp_path / "office"))
    assert (said.exit_code, said.err.strip()) == (
        2,
        f"{tmp_path}/a.pdf: the extension of --out must be one of .csv, .xlsx, .json.",
    )


def test_check_shows_how_a_file_would_be_read_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path / "office", {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    export = tmp_path / "明细.csv"
    export.write_bytes(write_table(SECOND_ROW, SECOND_ROW, ",某,行政许可,510000,2022-07-01,,").encode("gb18030"))
    before = sorted(path for path in tmp_path.rglob("*"))
    said = run(capsys, "check", str(export), "--root", str(root), "--quiet")
    assert said.exit_code == 0
    assert said.out.splitlines() == [
        "明细.csv: gb18030, acceptance and completion, header in row 1, 6 columns recognised, "
        "1 personal and 0 other ones left out",
        "  办件编号 → case_no · 事项类型 → item_type · 行政区划 → area_code · 受理时间 → accepted_at · "
        "办结时间 → completed_at · 办结结果 → result",
        "  行政许可 (licence) 3",
        "  2: 510000…02 | 行政许可 |  | 510000 | 2022-07-01 10:00:00 | 2022-07-04 09:00:00 | 出证",
        "  3: 510000…02 | 行政许可 |  | 510000 | 2022-07-01 10:00:00 | 2022-07-04 09:00:00 | 出证",
        "  4: … | 行政许可 |  | 510000 | 2022-07-01 00:00:00 |  | ",
        "  read = loaded + repeated + quarantined: 3 = 1 + 1 + 1; totals, notes and the like: 0",
        "  quarantined: 4 case_no '' the case number is empty",
        "judged as a delivery of cut-off 2022-07-04:",
        "! nothing_quarantined: no row had to be quarantined (2022-07-04 1)",
        "checks: 34 passed; nothing was loaded",
    ]
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_check_fails_where_a_critical_check_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path / "office", {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    (tmp_path / "明细.csv").write_text(write_table(SECOND_ROW, "结果已截断"))
    assert run(capsys, "check", str(tmp_path), "--root", str(root), "--quiet").exit_code == 4


def test_init_makes_an_empty_root_with_every_setting_commented(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "office"
    assert run(capsys, "init", "--root", str(root)).exit_code == 0
    settings = (root / "bulletin.toml").read_text()
    assert [line for line in settings.splitlines() if line and not line.startswith("#")] == []
    assert re.findall(r"^# (\w+) = ", settings, re.M) == [
        "profile",
        "language",
        "threads",
        "memory_limit",
        "handover",
        "keep_files",
        "schedule",
        "wait_seconds",
        "port",
        "host",
        "notify_on",
        "notify_warnings",
        "mail_to",
        "mail_from",
        "smtp",
        "smtp_security",
        "smtp_user",
        "webhook",
    ]
    folders = sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_dir())
    assert folders == ["data", "data/editorial", "data/raw", "data/warehouse", "reports"]
    assert run(capsys, "init", "--root", str(root)).exit_code == 3


def test_the_settings_that_init_writes_are_valid_once_uncommented(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "init", "--root", str(tmp_path / "office"))
    path = tmp_path / "office/bulletin.toml"
    path.write_text(re.sub(r"^# (\w+ = )", r"\1", path.read_text(), flags=re.M))
    write_raw(tmp_path / "office", {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    assert run(capsys, *WEEK, "--root", str(tmp_path / "office")).exit_code == 0


def test_receive_copies_a_file_under_the_day_in_its_name_and_says_what_it_took_it_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "office"
    run(capsys, "init", "--root", str(root))
    export = tmp_path / "行政许可_20220722.csv"
    export.write_bytes(write_table(GOOD_ROW).encode("gb18030"))
    said = run(capsys, "receive", str(export), "--root", str(root))
    assert said.exit_code == 0
    assert said.out.splitlines()[0].startswith(
        "行政许可_20220722.csv: gb18030, 行政许可, acceptance and completion, header in row 1, 6 columns recognised, "
        "1 personal and 0 other ones left out; stored as "
    )
    assert said.out.splitlines()[1].startswith("cut-off 2022-07-22 (the date in the file name).")
    assert (root / "data/raw/2022-07-22/行政许可_20220722.csv").read_bytes() == export.read_bytes()
    assert [(r["action"], r["file"]) for r in read_receipts(root)] == [("received", "2022-07-22/行政许可_20220722.csv")]


def test_receive_takes_the_newest_time_where_the_name_tells_no_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "office"
    run(capsys, "init", "--root", str(root))
    (tmp_path / "明细.csv").write_text(write_table(GOOD_ROW))
    said = run(capsys, "receive", str(tmp_path / "明细.csv"), "--root", str(root))
    assert said.out.splitlines()[1].startswith("cut-off 2022-07-04 (the newest time in the file).")


def test_receive_takes_the_given_day_before_any_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "office"
    run(capsys, "init", "--root", str(root))
    (tmp_path / "明细_20220722.csv").write_text(write_table(GOOD_ROW))
    run(capsys, "receive", str(tmp_path / "明细_20220722.csv"), "--cut-off", "2022-07-15", "--root", str(root))
    assert (root / "data/raw/2022-07-15/明细_20220722.csv").exists()


def test_a_content_received_twice_is_stored_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "office"
    run(capsys, "init", "--root", str(root))
    for name in ("一_20220722.csv", "二_20220715.csv"):
        (tmp_path / name).write_text(write_table(GOOD_ROW))
        said = run(capsys, "receive", str(tmp_path / name), "--root", str(root))
    assert "received before, not stored again" in said.out
    assert [p.name for p in (root / "data/raw").rglob("*.csv")] == ["一_20220722.csv"]


def test_a_file_that_is_still_being_copied_is_never_loaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    write_raw(root, {"2022-07-22/.另一份.csv.part": write_table(SECOND_ROW), "2022-07-22/~$许可.xlsx": b"lock"})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert accepted_licences(root) == 1


def test_receive_refuses_what_it_cannot_read_and_stores_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "office"
    run(capsys, "init", "--root", str(root))
    (tmp_path / "好_20220722.csv").write_text(write_table(GOOD_ROW))
    (tmp_path / "坏_20220722.csv").write_text("")
    said = run(
        capsys, "receive", str(tmp_path / "好_20220722.csv"), str(tmp_path / "坏_20220722.csv"), "--root", str(root)
    )
    assert said.exit_code == 3
    assert list((root / "data/raw").iterdir()) == []


def test_real_files_are_not_received_among_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(
        tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW), "2022-07-15/delivery.toml": "sample = true\n"}
    )
    (tmp_path / "明细_20220722.csv").write_text(write_table(SECOND_ROW))
    said = run(capsys, "receive", str(tmp_path / "明细_20220722.csv"), "--root", str(root))
    assert (said.exit_code, said.err.strip()) == (
        3,
        f"{root} holds sample data and takes no real files. Make a root for them: bulletin init --root DIR",
    )


def test_samples_are_not_written_among_real_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    said = run(capsys, "sample", "--root", str(root))
    assert (said.exit_code, said.err.strip()) == (
        3,
        f"{root} holds real data and takes no samples. Make another root: bulletin init --root DIR",
    )


def test_a_withdrawn_delivery_is_as_if_it_had_never_come_and_stays_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    alone = run(capsys, "status", "--json", "--root", str(root)).out
    write_raw(root, {"2022-07-22/许可.csv": write_table(GOOD_ROW.replace("出证", "作废"), SECOND_ROW)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert run(capsys, "withdraw", "2022-07-22", "--reason", "错发", "--root", str(root), "--quiet").exit_code == 0
    after = run(capsys, "status", "--json", "--root", str(root)).out
    assert json.loads(after)["content_hash"] == json.loads(alone)["content_hash"]
    assert [d["delivery_id"] for d in json.loads(after)["deliveries"]] == ["2022-07-15"]
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert run(capsys, "rebuild", "--root", str(root), "--quiet").exit_code == 0
    assert accepted_licences(root) == 1
    assert [(r["action"], r["reason"]) for r in read_receipts(root)][-1] == ("withdrawn", "错发")


def test_a_withdrawn_file_comes_back_when_it_is_received_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(
        tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW), "2022-07-22/许可.csv": write_table(SECOND_ROW)}
    )
    run(capsys, *WEEK, "--root", str(root))
    run(capsys, "withdraw", "2022-07-22", "--reason", "错发", "--root", str(root), "--quiet")
    assert accepted_licences(root) == 1
    again = root / "data/raw/2022-07-22/许可.csv"
    said = run(capsys, "receive", str(again), "--cut-off", "2022-07-22", "--root", str(root))
    assert said.exit_code == 0
    assert [p.name for p in again.parent.iterdir()] == ["许可.csv"]
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert accepted_licences(root) == 2


def test_withdrawing_an_unknown_delivery_lists_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    run(capsys, *WEEK, "--root", str(root))
    said = run(capsys, "withdraw", "2022-07-22", "--reason", "错发", "--root", str(root), "--quiet")
    assert (said.exit_code, said.err.strip()) == (
        3,
        "No loaded delivery is called 2022-07-22; loaded are: 2022-07-15. "
        "A file that is not loaded yet is simply moved out of data/raw.",
    )


def test_everything_withdrawn_leaves_nothing_to_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    run(capsys, *WEEK, "--root", str(root))
    assert run(capsys, "withdraw", "2022-07-15", "--reason", "错发", "--root", str(root), "--quiet").exit_code == 0
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 6


def test_weekly_as_json_prints_what_statistics_json_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    said = run(capsys, *WEEK, "--json", "--root", str(root))
    assert said.out == (root / "reports/2022-07-22/statistics.json").read_text()


def test_a_second_run_prints_and_writes_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    first = run(capsys, *WEEK, "--root", str(root)).out
    files = {p.name: p.read_bytes() for p in (root / "reports/2022-07-22").iterdir()}
    second = run(capsys, *WEEK, "--root", str(root)).out
    assert {p.name: p.read_bytes() for p in (root / "reports/2022-07-22").iterdir()} == files
    assert sorted(files) == [
        *("checks.html", "checks.md"),
        *(
            "statistics.docx",
            "statistics.html",
            "statistics.json",
            "statistics.md",
            "statistics.txt",
            "statistics.xlsx",
        ),
    ]
    assert re.sub(r"[\d.]+ s$", "", first, flags=re.M) == re.sub(r"[\d.]+ s$", "", second, flags=re.M)


def test_personal_values_are_in_no_file_but_the_delivery_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "欧阳某某"
    bad_row = f"1,{secret},行政许可,510000,2022-07-01"
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW.replace("甲某", secret), bad_row)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    written = [p for p in root.rglob("*") if p.is_file() and p.parent != root / "data/raw/2022-07-22"]
    assert len(written) > 5
    for path in written:
        assert secret.encode() not in path.read_bytes(), path


def test_an_item_is_closed_by_a_later_row_of_its_case_and_by_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unreadable = "510000-20220701-00000{0},甲某,行政许可,510000,someday,,"
    root = write_raw(
        tmp_path, {"2022-07-15/许可.csv": write_table(SECOND_ROW, *(unreadable.format(i) for i in (7, 8)))}
    )
    run(capsys, *WEEK, "--root", str(root))
    assert run(capsys, "quarantine", "--root", str(root)).out.endswith("2 items\n")
    mended = unreadable.format(7).replace("someday", "2022-07-01")
    write_raw(root, {"2022-07-22/更正.csv": write_table(mended)})
    run(capsys, *WEEK, "--root", str(root))
    assert [item["row_no"] for item in json.loads(run(capsys, "quarantine", "--json", "--root", str(root)).out)] == [4]
    everything = json.loads(run(capsys, "quarantine", "--all", "--json", "--root", str(root)).out)
    assert [(item["row_no"], item["closed_by"]) for item in everything] == [(3, "2022-07-22"), (4, "")]
    assert "rows quarantined 2 (open: 1)" in run(capsys, "status", "--root", str(root)).out
    run(capsys, "withdraw", "2022-07-22", "--reason", "wrong", "--root", str(root))
    assert run(capsys, "quarantine", "--root", str(root)).out.endswith("2 items\n")


def test_a_mended_file_added_to_the_same_folder_closes_the_item(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = "510000-20220701-000007,甲某,行政许可,510000,someday,,"
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(SECOND_ROW, row)})
    run(capsys, *WEEK, "--root", str(root))
    write_raw(root, {"2022-07-22/更正.csv": write_table(row.replace("someday", "2022-07-01"))})
    run(capsys, *WEEK, "--root", str(root))
    (item,) = json.loads(run(capsys, "quarantine", "--all", "--json", "--root", str(root)).out)
    assert item["closed_by"] == "2022-07-22-2"


def test_columns_that_differ_from_the_last_delivery_are_a_warning_with_their_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-15/许可_0715.csv": write_table(GOOD_ROW)})
    run(capsys, *WEEK, "--root", str(root))
    drifted = write_table(SECOND_ROW).replace("受理时间", "受理日期").replace("申请人姓名", "备注")
    write_raw(root, {"2022-07-22/许可_0722.csv": drifted})
    assert "columns_as_before" in run(capsys, *WEEK, "--root", str(root)).out
    (check,) = (
        check
        for check in json.loads((root / "reports/2022-07-22/statistics.json").read_text())["checks"]
        if check["name"] == "columns_as_before"
    )
    assert check["observed"] == "；".join(
        f"2022-07-22/许可_0722.csv {change}"
        for change in ("missing: 申请人姓名", "new: 备注", "renamed: 受理时间 → 受理日期")
    )


def test_check_reports_hidden_sheets_passed_over_ones_and_rows_above_the_header(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import corpus

    run(capsys, "init", "--root", str(tmp_path / "office"))
    rows = corpus.list_rows()
    book = tmp_path / "办件.xlsx"
    book.write_bytes(corpus.xlsx([["封面", "本表由示例厅报送"]], corpus.above(["办件明细表"]), rows[:2], hidden=True))
    said = run(capsys, "check", str(book), "--root", str(tmp_path / "office"), "--quiet").out.splitlines()
    assert said[:3] == [
        "办件.xlsx［第2页］: xlsx, a hidden sheet, acceptance and completion, header in row 2 (1 rows above it skipped), "
        "7 columns recognised, 1 personal and 0 other ones left out",
        "办件.xlsx［第3页］: xlsx, a hidden sheet, acceptance and completion, header in row 1, "
        "7 columns recognised, 1 personal and 0 other ones left out",
        "  no case tables, passed over: 第1页",
    ]


def test_receiving_reads_every_byte_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init", "--root", str(tmp_path / "office"))
    export = tmp_path / "许可_20220722.csv"
    export.write_bytes(write_table(GOOD_ROW).encode("gb18030") + b"\xff\xff\n")
    said = run(capsys, "receive", str(export), "--root", str(tmp_path / "office"))
    assert said.exit_code == 3
    assert "the encoding is unknown (utf-8 fails at byte 0, gb18030 fails at byte 154)" in said.err
