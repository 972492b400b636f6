"""The service is stopped, or a run of it killed, in the middle of its work: what is left, and how it goes on."""

import os
import signal
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from a_root import run, write_raw
from an_office import Office, serving, wait_for
from drawing import write_csv
from processes import find_processes

from flows.root.lock import is_held
from flows.root.project import Project

HEADER = ("办件编号", "事项类型", "行政区划", "受理时间", "办结时间", "实施主体")
TYPES = ("行政许可", "公共服务", "公共服务", "行政确认")
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
WEEKS = 8
BACKFILL: dict[str, Any] = {"first_day": "2022-06-01", "last_day": "2022-07-22"}


def invent_rows(count: int) -> list[tuple[str, ...]]:
    """Cases of the first half of 2022, a third of them completed the next day."""
    rows: list[tuple[str, ...]] = []
    for i in range(count):
        day = date.fromordinal(date(2022, 1, 1).toordinal() + i % 203)
        done = f"{date.fromordinal(day.toordinal() + 1)} 09:00:00" if i % 3 == 0 else ""
        rows.append((f"510000-{day:%Y%m%d}-{i:06d}", TYPES[i % 4], "510000", f"{day} 17:20:00", done, f"第{i % 9}厅"))
    return rows


@pytest.fixture(scope="module")
def delivery() -> str:
    """Enough for a load of some seconds."""
    return write_csv(HEADER, invent_rows(400_000))


def test_a_service_stopped_in_the_midst_of_a_load_stops_it_too_and_the_next_start_loads_it(
    delivery: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project(write_raw(tmp_path / "office", {"2022-07-22/办件.csv": delivery}))
    with serving(project.root) as (office, process):
        stopped = office.start("weekly", week_end="2022-07-22")
        wait_for((project.warehouse.parent / ".building" / project.warehouse.name).exists)
        process.terminate()
        assert process.wait(60) == 0
        assert (is_held(project.lock), find_processes(stopped)) == (False, [])
    assert not project.warehouse.exists()
    with serving(project.root) as (office, _):
        assert "service was stopped" in office.read_run(stopped)["state"]["message"]
        again = office.start("weekly", week_end="2022-07-22")
        assert office.await_state(again, *ENDED)["state_type"] == "COMPLETED"
    direct = write_raw(tmp_path / "direct", {"2022-07-22/办件.csv": delivery})
    assert run(capsys, "weekly", "--week-ending", "2022-07-22", "--quiet", "--root", str(direct)).exit_code == 0
    for form in ("statistics.txt", "statistics.json"):
        assert (project.reports / "2022-07-22" / form).read_bytes() == (
            direct / "reports/2022-07-22" / form
        ).read_bytes()


def test_a_backfill_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    root = write_raw(tmp_path / "office", {"2022-07-22/办件.csv": write_csv(HEADER, invent_rows(2_000))})
    folder = root / "reports/2022-06-01_2022-07-22"
    with serving(root) as (office, _):
        killed = office.start("rerun", **BACKFILL)
        wait_for(lambda: len(list_weeks(folder)) > 2)
        for process in find_processes(killed):
            os.kill(process, signal.SIGKILL)
        assert office.await_state(killed, *ENDED)["state_type"] == "CRASHED"
        written = {path: path.stat().st_mtime_ns for path in list_weeks(folder)[:2]}
        again = office.start("rerun", **BACKFILL)
        assert office.await_state(again, *ENDED)["state_type"] == "COMPLETED"
        # the server has the last words of a run a moment after its state
        wait_for(lambda: any(f"of {WEEKS}: 2022-07-22" in line for line in read_log(office, again)))
    assert (len(list_weeks(folder)), (folder / "range.json").is_file()) == (WEEKS, True)
    assert {path: path.stat().st_mtime_ns for path in written} == written


def list_weeks(folder: Path) -> list[Path]:
    return sorted(folder.glob("2022-*/statistics.json"))


def read_log(office: Office, run_id: str) -> list[str]:
    logs = office.ask("logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}, "limit": 200})
    return [log["message"] for log in logs]
