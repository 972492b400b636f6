"""The service as an office runs it: a real server, runs that are due, asked for, waiting, failing, killed; and its end."""

import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from a_root import GOOD_ROW, run, write_raw, write_table
from a_server import serving_prefect
from an_office import COMMAND, Office, serving, wait_for
from processes import find_processes, find_servers

from flows.domain.calendar import SHANGHAI
from flows.root.lock import hold_lock
from flows.root.project import Project


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_raw(tmp_path_factory.mktemp("office"), {"2022-07-22/许可.csv": write_table(GOOD_ROW)})


@pytest.fixture(scope="module")
def office(root: Path) -> Iterator[Office]:
    with serving(root) as (opened, _):
        yield opened


def test_the_weekly_run_is_due_on_monday_at_nine_in_shanghai(office: Office) -> None:
    def find_due() -> list[str]:
        runs = office.ask("flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}})
        return [r["expected_start_time"] for r in runs if r["auto_scheduled"]]

    due = [datetime.fromisoformat(moment).astimezone(SHANGHAI) for moment in wait_for(find_due)]
    assert {(moment.isoweekday(), f"{moment:%H:%M}") for moment in due} == {(1, "09:00")}


def test_a_run_that_is_due_is_made_and_leaves_what_a_direct_one_leaves(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    due = datetime.now(UTC) + timedelta(seconds=2)
    made = office.await_state(office.start("weekly", due, week_end="2022-07-22"), "COMPLETED", "FAILED", "CRASHED")
    assert (made["state_type"], made["name"]) == ("COMPLETED", "week-ending-2022-07-22")
    direct = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    assert run(capsys, "weekly", "--week-ending", "2022-07-22", "--quiet", "--root", str(direct)).exit_code == 0
    forms = [path.name for path in (direct / "reports/2022-07-22").iterdir()]
    for name in forms:
        assert (office.root / "reports/2022-07-22" / name).read_bytes() == (
            direct / "reports/2022-07-22" / name
        ).read_bytes()
    told = {artifact["key"]: artifact["data"] for artifact in office.ask("artifacts/filter")}
    assert {"section", "figures", "checks", "report-statistics", "report-checks", "report-index"} <= told.keys()
    assert float(told["progress"]) == 100
    for key, name in (("report-statistics", "2022-07-22/statistics.html"), ("report-index", "index.html")):
        place = re.fullmatch(r"\[.*\]\((/reports/.*)\)", told[key])
        assert place
        page = office.address.removesuffix("/api") + place[1]
        with urllib.request.urlopen(urllib.request.Request(page, headers=office.say_headers()), timeout=20) as shown:
            assert shown.read() == (office.root / "reports" / name).read_bytes()
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(page, timeout=20)


def test_a_rerun_asked_for_by_its_dates_appears_on_disk(office: Office) -> None:
    run_id = office.start("rerun", first_day="2022-07-01", last_day="2022-07-08")
    assert office.await_state(run_id, "COMPLETED", "FAILED", "CRASHED")["state_type"] == "COMPLETED"
    text = (office.root / "reports/2022-07-01_2022-07-08/range.txt").read_text(encoding="utf-8")
    assert "2022年7月1日至2022年7月8日，省本级行政许可事项受理1件，办结1件" in text


def test_a_rerun_that_makes_no_sense_says_its_sentence_once_in_the_language_of_the_root(office: Office) -> None:
    (office.root / "bulletin.toml").write_text('language = "zh"\n', encoding="utf-8")
    run_id = office.start("rerun", first_day="2022-07-08", last_day="2022-07-01")
    failed = office.await_state(run_id, "COMPLETED", "FAILED", "CRASHED")
    (office.root / "bulletin.toml").unlink()
    sentence = "区间颠倒了：从 2022-07-08 到 2022-07-01。应为 --from 2022-07-01 --to 2022-07-08"
    assert (failed["state_type"], failed["state"]["message"]) == ("FAILED", sentence)

    def find_end() -> list[str]:
        """What it has logged, once all of it has arrived."""
        logs = office.ask("logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}})
        lines = [str(log["message"]) for log in logs]
        return lines if any("Finished in state" in line for line in lines) else []

    lines = wait_for(find_end)
    assert [line.count("颠倒") for line in lines if "颠倒" in line] == [1]
    assert not any("Traceback" in line for line in lines)
    artifacts = office.ask("artifacts/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
    assert [artifact["data"] for artifact in artifacts if artifact["key"] == "failure"] == [sentence]


def test_a_run_that_has_to_wait_says_for_what_and_one_that_is_killed_meanwhile_leaves_no_lock(office: Office) -> None:
    days: dict[str, Any] = {"first_day": "2022-07-04", "last_day": "2022-07-05", "wait_seconds": 300}
    with hold_lock(Project(office.root), "bulletin weekly of somebody"):
        waiting, killed = (office.start("rerun", **days) for _ in range(2))

        def find_log(run_id: str) -> bool:
            logs = office.ask("logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}})
            return any("waiting for bulletin weekly of somebody (process" in log["message"] for log in logs)

        wait_for(lambda: find_log(waiting) and find_log(killed))
        for process in find_processes(killed):
            os.kill(process, signal.SIGKILL)
        assert office.await_state(killed, "CRASHED", "COMPLETED", "FAILED")["state_type"] == "CRASHED"
    assert office.await_state(waiting, "COMPLETED", "FAILED", "CRASHED")["state_type"] == "COMPLETED"
    again = office.start("rerun", **days)
    assert office.await_state(again, "COMPLETED", "FAILED", "CRASHED")["state_type"] == "COMPLETED"


def test_a_second_service_of_the_same_root_is_refused(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    said = subprocess.run(
        [COMMAND, "up", "--lang", "en", "--root", str(office.root)], check=False, capture_output=True, text=True
    )
    assert (said.returncode, "is already running" in said.stderr) == (5, True)
    told = json.loads(run(capsys, "status", "--json", "--root", str(office.root)).out)
    assert told["next_run"][11:16] == "09:00"


def test_a_server_that_is_shared_keeps_the_schedule_of_a_service_that_stopped_and_lets_no_other_root_take_it_over(
    tmp_path: Path,
) -> None:
    first, second = (
        write_raw(tmp_path / name, {"2022-07-22/许可.csv": write_table(GOOD_ROW)}) for name in ("first", "second")
    )
    home = tmp_path / "prefect"
    home.mkdir()
    with serving_prefect(home) as variables:
        for _ in range(2):  # the same root may come back
            with serving(first, variables["PREFECT_API_URL"]) as (office, process):
                process.terminate()
                assert process.wait(60) == 0
            told = (first / "up.log").read_text(encoding="utf-8")
            assert "… stopped" in told
            assert f"warning: the Prefect server {variables['PREFECT_API_URL']} asks nobody for a secret" in told
            (schedule,) = office.find_deployment("weekly")["schedules"]
            assert (schedule["active"], schedule["schedule"]["cron"]) == (True, "0 9 * * 1")
        command: list[str | Path] = [COMMAND, "up", "--lang", "en", "--root", str(second)]
        said = subprocess.run(command, env=variables, check=False, capture_output=True, text=True)
        assert said.returncode == 3
        assert f"belongs to another root, {first}. Unset PREFECT_API_URL" in said.stderr
        assert "Traceback" not in said.stderr
        assert office.find_deployment("weekly")["parameters"]["root"] == str(first)
    said = subprocess.run(command, env=variables, check=False, capture_output=True, text=True)
    assert (said.returncode, "Start it, or unset PREFECT_API_URL" in said.stderr) == (3, True)


def test_whoever_may_see_the_page_is_shown_it_by_the_address_he_came_by(tmp_path: Path) -> None:
    """127.0.0.2 stands for an address of this machine that others reach: its own page answers there only if it is told to."""
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    with serving(root, host="0.0.0.0") as (office, _):
        page = office.address.removesuffix("/api").replace("127.0.0.1", "127.0.0.2")
        with urllib.request.urlopen(f"{page}/ui-settings", timeout=20) as answer:
            told = json.load(answer)
        assert (told["api_url"], told["default_ui"]) == ("/api", "v1")
        assert "anyone who can reach this machine and has the secret" in (root / "up.log").read_text(encoding="utf-8")
        assert (root / "data/service/ui/v1/index.html").is_file()


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", "file://", "http://127.0.0.1:1"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_page_from_elsewhere_or_a_local_file_may_not_ask_the_server_for_runs(
    office: Office, method: str, origin: str
) -> None:
    """A browser says where a page comes from – of a local file, `null` –, and asks with OPTIONS whether it may do so."""
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    asked = urllib.request.Request(f"{office.address}/health", headers=headers, method=method)
    try:
        answer = urllib.request.urlopen(asked, timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        assert answer.headers["access-control-allow-origin"] is None


def test_it_is_seen_on_this_machine_only_unless_told_otherwise(office: Office) -> None:
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(office.address.replace("127.0.0.1", "127.0.0.2") + "/health", timeout=20)


def test_its_own_server_ends_with_it_and_another_start_goes_on(tmp_path: Path) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    for sign in (signal.SIGKILL, signal.SIGTERM):
        with serving(root) as (office, process):
            assert office.find_deployment("rerun")["schedules"] == []
            process.send_signal(sign)
            process.wait(60)
            wait_for(lambda: not find_servers(office))
