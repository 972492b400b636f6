"""What belongs to every command: help, languages, a start without the slow libraries, options in any place."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from a_root import run

from flows.cli.main import COMMANDS


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
