"""The weekly run recorded by a real Prefect server: the same steps, the same bytes, the same exit codes."""

import json
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from a_root import GOOD_ROW, run, write_raw, write_table
from a_server import QUIET, WEEKLY, run_recorded, serving_prefect
from an_office import free_port


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with serving_prefect(tmp_path_factory.mktemp("prefect")) as variables:
        yield variables


def ask(environment: dict[str, str], kind: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(
        f"{environment['PREFECT_API_URL']}/{kind}/filter",
        data=json.dumps({"sort": "START_TIME_ASC"} if kind == "flow_runs" else {}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


def test_a_recorded_run_gives_the_bytes_of_a_direct_one_and_its_steps_are_tasks(
    environment: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"2022-07-22/许可.csv": write_table(GOOD_ROW), "2022-07-22/delivery.toml": "received_on = 2022-07-25\n"}
    direct, recorded = write_raw(tmp_path / "direct", files), write_raw(tmp_path / "recorded", files)
    assert run(capsys, *WEEKLY, "--quiet", "--root", str(direct)).exit_code == 0
    said = run_recorded(environment, *WEEKLY, "--root", str(recorded))
    assert said.returncode == 0, said.stderr
    for name in ("statistics.txt", "statistics.md", "statistics.json", "statistics.html"):
        assert (recorded / "reports/2022-07-22" / name).read_bytes() == (
            direct / "reports/2022-07-22" / name
        ).read_bytes()
    assert [(f["name"], f["state_type"]) for f in ask(environment, "flow_runs")] == [
        ("week-ending-2022-07-22", "COMPLETED")
    ]
    tasks = {t["name"].rpartition("-")[0]: t["state_type"] for t in ask(environment, "task_runs")}
    assert tasks == dict.fromkeys(
        ["survey", "load", "check", "swap_in", "hand_over", "read_figures", "write_report"], "COMPLETED"
    )


def test_the_verdict_of_the_checks_is_an_artifact_whether_the_run_was_refused_or_not(
    environment: dict[str, str], tmp_path: Path
) -> None:
    files = {"2022-07-22/许可.csv": write_table(GOOD_ROW), "2022-07-22/delivery.toml": "[control_totals]\nrows = 2\n"}
    root = write_raw(tmp_path, files)
    said = run_recorded(environment, *WEEKLY, "--root", str(root))
    assert said.returncode == 4
    decision = ("--accept", "control_totals_equal=一行为空")
    assert run_recorded(environment, *WEEKLY, *decision, "--root", str(root)).returncode == 0
    told = [a["data"].splitlines()[0] for a in ask(environment, "artifacts") if a["key"] == "checks"]
    assert {"# 数据检查：未通过，不得刊用", "# 数据检查：通过"} <= set(told)


def test_a_user_mistake_in_a_recorded_run_is_one_sentence_with_its_exit_code_and_a_failed_run(
    environment: dict[str, str], tmp_path: Path
) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": ""})
    said = run_recorded(environment, *WEEKLY, "--root", str(root))
    assert said.returncode == 3
    assert said.stderr.strip().splitlines()[-1].endswith("许可.csv: the file is empty (0 bytes). Export it again.")
    assert "Traceback" not in said.stderr
    assert ask(environment, "flow_runs")[-1]["state_type"] == "FAILED"


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    address = f"http://127.0.0.1:{free_port()}/api"
    environment = os.environ | QUIET | {"PREFECT_API_URL": address, "PREFECT_HOME": str(tmp_path / "prefect")}
    said = run_recorded(environment, *WEEKLY, "--root", str(root))
    assert said.returncode == 3
    assert said.stderr.strip().splitlines()[-1] == (
        f"The Prefect server {address} does not answer. Start it, or unset PREFECT_API_URL to run without it."
    )
