"""What belongs to every command: help, languages, a start without the slow libraries, options in any place."""

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from a_root import run, write_raw

from flows.cli.main import COMMANDS
from flows.domain.text import legible


def test_help_groups_the_commands_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "--help")
    assert said.exit_code == 0
    positions = [said.out.index(group) for group in ("每周 · every week", "查询 · asking", "维护 · keeping")]
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
    code = "import sys\nfrom flows.cli.main import build_parser\nbuild_parser().format_help()\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"pandas", "duckdb", "prefect", "great_expectations", "pyarrow", "rich"}.isdisjoint(loaded)


def test_the_command_runs_as_a_module_too(capsys: pytest.CaptureFixture[str]) -> None:
    ran = subprocess.run([sys.executable, "-m", "flows.cli", "--help"], capture_output=True, text=True, check=True)
    assert ran.stdout == run(capsys, "--help").out


def test_options_may_stand_before_or_after_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init", "--root", str(tmp_path / "a"))
    before = run(capsys, "--root", str(tmp_path / "a"), "--lang", "zh", "status")
    after = run(capsys, "status", "--root", str(tmp_path / "a"), "--lang", "zh")
    assert before == after
    assert "待载入文件 0 个" in after.out


def test_what_the_command_writes_is_for_its_user_and_his_group_to_read(tmp_path: Path) -> None:
    """Where nothing says so, new files are for everybody."""
    command = [sys.executable, "-m", "flows.cli", "init", "--root", str(tmp_path / "office")]
    subprocess.run(command, check=True, capture_output=True, umask=0)
    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in (tmp_path / "office").iterdir()}
    assert modes == {"bulletin.toml": "0o640", "data": "0o750", "reports": "0o750", "revisions.md": "0o640"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", r"\u001b]0;title\u0007"),
        ("\x9b2J\x7f\x08\r", r"\u009b2J\u007f\u0008\u000d"),
        ("\u202egpj\u2066x\u2069\u200f\u061c", r"\u202egpj\u2066x\u2069\u200f\u061c"),
        ("\udce9", r"\udce9"),  # a name of a file that is not UTF-8
        ("民政厅 – “ok”\tä 𠀀 👩‍👩‍👧", "民政厅 – “ok”\tä 𠀀 👩‍👩‍👧"),
    ],
)
def test_names_that_a_terminal_would_obey_are_shown(
    text: str, shown: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In what is printed, in an error, and in what is wrong with the words of the command."""
    for words in (["status", "--root", f"{tmp_path}/{text}"], ["status", f"--{text}"]):
        said = run(capsys, *words)
        assert said.exit_code in (2, 3)
        assert any(each in said.err for each in (shown, legible(text)))
        assert shown == text or text not in said.err
    write_raw(tmp_path, {f"2022-07-22/{text}.csv": ""})
    said = run(capsys, "check", "--root", str(tmp_path))
    assert any(each in said.out + said.err for each in (shown, legible(text)))
    assert shown == text or text not in said.out + said.err
