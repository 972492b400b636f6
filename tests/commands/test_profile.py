"""bulletin profile show: what is in force of profile and tolerances, and which line of which file says it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from a_root import run
from signed_weeks import publish_first_week

EXTENDING = 'name = "sichuan"\nextends = "sichuan"\n\n[coverage]\ndepartments = ["省民政厅", "省公安厅"]\n'


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A root that expects two departments, and lets volumes vary more than the program does."""
    assert run(capsys, "init", "--root", str(tmp_path / "office")).exit_code == 0
    root = tmp_path / "office"
    (root / "profiles").mkdir()
    (root / "profiles/sichuan.toml").write_text(EXTENDING, encoding="utf-8")
    (root / "tolerances.toml").write_text("[default]\nvolume_factor = 9\nvolume_z = 3.5\n")
    return root


def read_values(root: Path, capsys: pytest.CaptureFixture[str]) -> dict[tuple[str, str], dict[str, Any]]:
    said = run(capsys, "profile", "show", "--json", "--root", str(root))
    assert said.exit_code == 0, said.err
    return {(each["section"], each["key"]): each for each in json.loads(said.out)["values"]}


def test_what_differs_from_the_programs_is_listed_first_with_the_line_that_says_it(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, "profile", "show", "--root", str(office))
    assert (said.exit_code, said.err) == (0, "")
    profile, tolerances = office / "profiles/sichuan.toml", office / "tolerances.toml"
    assert said.out.splitlines()[:5] == [
        f"source profile sichuan: {profile}, which extends sichuan of the program",
        "2 values differ from the program's:",
        "  key                         value                     of the program  from",
        f'  [coverage] departments      ["省民政厅", "省公安厅"]  []              {profile} line 5',
        f"  [tolerances] volume_factor  9.0                       5.0             {tolerances} line 2",
    ]
    zh = run(capsys, "profile", "--lang", "zh", "--root", str(office)).out
    assert "与程序所带不同的 2 项：" in zh
    assert f"{tolerances} 第 2 行" in zh


def test_each_value_is_told_with_the_file_that_says_it_or_none_where_no_file_does(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = read_values(office, capsys)
    asked = [("tolerances", "volume_z"), ("tolerances", "tail_hour"), ("groups", "licence"), ("types", "行政强制")]
    assert [(values[key]["from"], values[key]["differs"], read_line(values[key])) for key in asked] == [
        ("root", False, "volume_z = 3.5"),
        ("program", False, "tail_hour = 12"),
        ("program", False, 'licence = "行政许可"'),
        ("program", False, "[[types]]"),
    ]
    unsaid = values["times", "none"]
    assert (unsaid["from"], unsaid["differs"], unsaid["file"], unsaid["line"]) == ("program", False, None, None)


def read_line(value: dict[str, Any]) -> str:
    """Without its comment."""
    line: str = Path(value["file"]).read_text(encoding="utf-8").splitlines()[value["line"] - 1]
    return line.split("  #", maxsplit=1)[0].rstrip()


def test_of_a_published_week_it_lists_what_was_in_force_then_and_first_what_differs_from_today(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (office / "profiles/sichuan.toml").unlink()
    publish_first_week(office, capsys)
    today = '[groups]\nlicence = "许可"\npublic_service = "公共服务"\nother_power = "其他"\n'
    (office / "profiles/sichuan.toml").write_text(EXTENDING + today, encoding="utf-8")
    (office / "tolerances.toml").write_text("[default]\nvolume_factor = 7\n")
    week = ("profile", "show", "--week-ending", "2022-07-22", "--root", str(office))
    said = run(capsys, *week)
    assert (said.exit_code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert re.fullmatch(r"2022-07-22, published on [-0-9]{10}: source profile sichuan", lines[0])
    assert lines[1] == "4 values differ from today's:"
    assert [line.split() for line in lines[3:7]] == [
        ["[coverage]", "departments", "[]", '["省民政厅",', '"省公安厅"]'],
        ["[groups]", "licence", '"行政许可"', '"许可"'],
        ["[groups]", "other_power", '"其它九类行权"', '"其他"'],
        ["[tolerances]", "volume_factor", "9.0", "7.0"],
    ]
    kept = json.loads(run(capsys, *week, "--json").out)
    assert (kept["profile"], kept["week_ending"]) == ("sichuan", "2022-07-22")
    values = {(each["section"], each["key"]): each for each in kept["values"]}
    assert (values["types", "行政许可"]["differs"], "办件编号" in values["columns", "case_no"]["value"]) == (
        False,
        True,
    )
    assert values["tolerances", "volume_factor"] == {
        **{"section": "tolerances", "key": "volume_factor", "value": 9.0, "today": 7.0, "differs": True}
    }


def test_of_a_week_that_is_not_published_nothing_was_in_force(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "profile", "show", "--week-ending", "2022-07-22", "--root", str(office))
    assert (said.exit_code, said.err.splitlines()[0]) == (6, "2022-07-22 is not published. Published weeks: –")


def test_in_a_root_without_files_of_its_own_nothing_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init", "--root", str(tmp_path / "office"))
    values = read_values(tmp_path / "office", capsys).values()
    assert [each["key"] for each in values if each["differs"] or each["from"] == "root"] == []
    assert len(values) > 90


def test_of_a_source_of_ones_own_all_that_its_file_says_differs_and_what_it_leaves_out_is_the_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "profiles").mkdir()
    text = 'name = "permits"\nsource = "City permits"\n[columns]\ncase_no = ["PERMIT#"]\n[tolerances]\nvolume_factor = 20\n'
    (tmp_path / "profiles/permits.toml").write_text(text)
    (tmp_path / "bulletin.toml").write_text('profile = "permits"\n')
    values = read_values(tmp_path, capsys)
    assert {key: (each["value"], each["line"]) for key, each in values.items() if each["differs"]} == {
        ("", "source"): ("City permits", 2),
        ("columns", "case_no"): (["PERMIT#"], 4),
        ("tolerances", "volume_factor"): (20.0, 6),
    }
