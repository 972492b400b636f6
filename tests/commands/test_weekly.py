"""bulletin weekly: what the main job prints and writes, a second time and on trial."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from a_root import GOOD_ROW, SECOND_ROW, WEEK, accepted_licences, run, snapshot, write_raw, write_table
from business import USUAL, WEEK_A, WEEK_B, number, write


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


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_the_forms_are_the_same_bytes_in_any_time_zone_and_language(
    zone: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"2022-07-22/办件.csv": write_table(GOOD_ROW), "2022-07-22/delivery.toml": "received_on = 2022-07-25\n"}
    here, there = write_raw(tmp_path / "here", files), write_raw(tmp_path / "there", files)
    assert run(capsys, *WEEK, "--root", str(here)).exit_code == 0
    command = Path(sys.executable).with_name("bulletin")
    environment = {**os.environ, "TZ": zone, "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    subprocess.run([command, *WEEK, "--root", there], check=True, env=environment, capture_output=True)
    written = {path.name: path.read_bytes() for path in (here / "reports/2022-07-22").iterdir()}
    assert {path.name: path.read_bytes() for path in (there / "reports/2022-07-22").iterdir()} == written
    assert len(written) == 8


def test_a_run_with_nothing_new_imports_neither_great_expectations_nor_prefect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    assert run(capsys, *WEEK, "--root", str(tmp_path)).exit_code == 0
    code = "import sys\nfrom flows.cli.main import main\nassert main(sys.argv[1:]) == 0\nprint(*sys.modules)"
    words = [*WEEK, "--root", str(tmp_path)]
    loaded = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"prefect", "great_expectations"}.isdisjoint(loaded)  # pandas DuckDB imports to bind a value


def test_a_week_asked_for_again_shows_the_page_of_that_week(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"2022-07-15/办件.csv": write(number(3)), "2022-07-22/办件.csv": write(number(1, "2022-07-20"))}
    root = write_raw(tmp_path, files)
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert run(capsys, "weekly", "--week-ending", "2022-07-15", "--quiet", "--root", str(root)).exit_code == 0
    assert "2022年7月11日至2022年7月15日" in (root / "reports/2022-07-15/checks.html").read_text(encoding="utf-8")
    assert f"{date(2022, 7, 22)}" in (root / "reports/2022-07-15/checks.md").read_text(encoding="utf-8")


def test_a_dry_run_shows_figures_and_differences_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-15/办件.csv": USUAL})
    assert run(capsys, "weekly", "--week-ending", "2022-07-15", "--quiet", "--root", str(root)).exit_code == 0
    write_raw(root, {"2022-07-22/办件.csv": write([*WEEK_A, *WEEK_B])})
    before = snapshot(root)
    said = run(capsys, *WEEK, "--dry-run", "--root", str(root))
    assert said.exit_code == 0
    assert "行政许可事项受理2720件，办结0件" in said.out
    assert "against reports/2022-07-15 (accepted/completed): 行政许可 +200 / +0 · 公共服务 +0 / +0" in said.out
    assert said.out.splitlines()[-1] == "checks: 52 passed; nothing was loaded"
    shown = json.loads(run(capsys, *WEEK, "--dry-run", "--json", "--root", str(root)).out)
    assert shown["groups"][0]["accepted"] == 2720
    assert snapshot(root) == before


def test_a_file_that_is_still_being_copied_is_never_loaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    write_raw(root, {"2022-07-22/.另一份.csv.part": write_table(SECOND_ROW), "2022-07-22/~$许可.xlsx": b"lock"})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert accepted_licences(root) == 1


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
        f"2022-07-22/许可_0722.csv {change}" for change in ("+ 备注", "− 申请人姓名", "受理时间 → 受理日期")
    )
