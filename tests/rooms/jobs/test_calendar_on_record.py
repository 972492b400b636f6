"""The working calendar of a root: demanded, recorded, and as it was known at a moment."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from a_root import WEEK, read_receipts, run, write_raw
from days_off import YEAR_2022, announce, end_library
from drawing import Silent, draw
from signed_weeks import prove, sign

from flows.domain.holidays import read_library
from flows.root.project import Project
from flows.root.receipts import append_receipts
from flows.warehouse.plan import plan_run

# Monday 11 and Tuesday 12 July 2022 are the two working days of the case.
ROWS = """case | type | accepted | completed
1 | 行政许可 | 2022-07-08 | 2022-07-12"""
STORM = """
[[announcements]]
announced = 2022-08-01
source = "虚构的停工通知"
off = ["2022-07-11"]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    received = "received_on = 2022-07-25\n"
    return write_raw(tmp_path, {"2022-07-22/办件.csv": draw(ROWS), "2022-07-22/delivery.toml": received})


@pytest.fixture
def old_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        end_library(patch, 2021)
        yield
    read_library.cache_clear()


def count_working_days(root: Path, folder: str = "2022-07-22") -> int:
    told = json.loads((root / "reports" / folder / "statistics.json").read_text(encoding="utf-8"))
    return int(told["handling_times"][0]["working_days"])


def count_calendars(root: Path) -> int:
    return sum(line["action"] == "calendar" for line in read_receipts(root))


@pytest.mark.usefixtures("old_library")
def test_a_year_that_nobody_has_announced_stops_the_run_with_the_lines_to_add(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, *WEEK, "--root", str(root))
    lines = said.err.splitlines()
    start = lines.index("Add what the notice of the State Council says to holidays.toml in the root:")
    assert (said.exit_code, lines[start - 1].endswith("(holidays.toml): 2022"), lines[start + 1 : start + 3]) == (
        4, True, ["[[announcements]]", "year = 2022"],
    )  # fmt: skip
    announce(root, YEAR_2022)
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert count_working_days(root) == 2


@pytest.mark.usefixtures("old_library")
def test_somebody_may_let_it_through_and_status_says_what_is_missing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, *WEEK, "--accept", "days_off_announced=通知未到", "--root", str(root)).exit_code == 0
    assert json.loads(run(capsys, "status", "--json", "--root", str(root)).out)["years_unannounced"][0] == 2022
    said = run(capsys, "status", "--root", str(root)).out
    assert ("The days off of 2022" in said, "[[announcements]]\nyear = 2022\n" in said) == (True, True)
    announce(root, YEAR_2022)
    assert "year = 2022\n" not in run(capsys, "status", "--root", str(root)).out


def test_a_published_week_is_proved_with_the_calendar_of_its_time(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert sign(root, capsys, "--issue", "24", "--serial", "399")[0] == 0
    announce(root, STORM)
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert (count_working_days(root), count_working_days(root, "2022-07-22/draft")) == (2, 1)
    code, said = prove(root, capsys)
    assert (code, said.splitlines()[0]) == (
        0, "2022-07-22 is unchanged; recounted from its 1 frozen files, 8 forms are equal byte for byte",
    )  # fmt: skip


def test_what_was_announced_later_was_not_known_before(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    announce(root, STORM)
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    asked = ("rerun", "--from", "2022-07-11", "--to", "2022-07-15", "--known-on", "2022-07-31", "--quiet")
    assert run(capsys, *asked, "--root", str(root)).exit_code == 0
    assert (count_working_days(root), count_working_days(root, "2022-07-11_2022-07-15/2022-07-15")) == (1, 2)


def test_a_change_is_recorded_once_and_loads_nothing_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for text in ("", STORM, STORM):
        announce(root, text)
        assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
        told.append((count_calendars(root), count_working_days(root)))
    assert told == [(1, 2), (2, 1), (2, 1)]
    assert [line["action"] for line in read_receipts(root)].count("loaded") == 1
    assert not plan_run(Project(root), Silent()).has_changes


def test_a_run_that_was_killed_after_the_record_is_done_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    announce(root, STORM)
    append_receipts(Project(root), plan_run(Project(root), Silent()).receipts)
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert (count_calendars(root), count_working_days(root)) == (2, 1)


def test_a_wrong_line_stops_before_anything_is_done(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = announce(root, STORM.replace("off", "of"))
    said = run(capsys, *WEEK, "--root", str(root))
    assert (said.exit_code, f"{path} line 5: there is no of in [[announcements]]" in said.err) == (3, True)
    assert not (root / "reports").exists()
