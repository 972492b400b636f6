"""A run may be killed at any moment: readers find the old version or the new one, and the next run ends as if nothing had been.

BULLETIN_TRIALS is the number of kills, 20 unless told; `make torture` tries 200.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import killed_run
import pytest
from drawing import Silent, deliver, draw, update_warehouse, write_csv
from killed_run import STEPS, SWAPPED_IN
from tally import tally

from flows.domain.cases import Window
from flows.figures.counts import count_in_window
from flows.jobs import weekly
from flows.root.lock import hold_lock
from flows.root.project import CHECKOUT, Project
from flows.root.receipts import Loaded, append_receipts, read_receipts
from flows.warehouse.plan import plan_run, plan_withdrawal
from flows.warehouse.reading import open_read_only

TRIALS = int(os.environ.get("BULLETIN_TRIALS", "20"))
FULL_RUNS = range(len(STEPS["weekly"]))
YEAR = Window(date(2022, 1, 1), date(2022, 7, 22))
FRIDAY = date(2022, 7, 22)
HEADER = ("办件编号", "事项类型", "行政区划", "受理时间", "办结时间", "实施主体")
TYPES = ("行政许可", "公共服务", "公共服务", "行政确认")


@dataclass(frozen=True)
class Scene:
    """A root with a loaded warehouse and a delivery that waits: what it says before and after the run, and how long, in
    seconds, each step of an undisturbed run takes."""

    root: Path
    before: dict[str, object]
    after: dict[str, object]
    seconds: dict[str, list[float]]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    root = tmp_path_factory.mktemp("scene") / "root"
    project = deliver(root, {"2022-07-15": write_csv(HEADER, invent_rows(range(40_000), completed_every=3))})
    update_warehouse(project)
    before = describe(project)
    deliver(root, {"2022-07-22": write_csv(HEADER, invent_rows(range(25_000, 60_000), completed_every=2))})
    seconds = {}
    for kind in STEPS:
        undisturbed = shutil.copytree(root, root.with_name(kind))
        began = json.loads(subprocess.run(command(kind, undisturbed), capture_output=True, check=True).stdout)
        seconds[kind] = [end - start for start, end in pairwise(began)]
        assert len(seconds[kind]) == len(STEPS[kind])
        after = describe(Project(undisturbed))
    return Scene(root, before, after, seconds)


def invent_rows(numbers: Iterable[int], completed_every: int) -> Iterable[tuple[str, ...]]:
    for number in numbers:
        month, day = number % 7 + 1, number % 15 + 1
        completed = f"2022-07-{day:02} 16:00:00" if number % completed_every == 0 else ""
        yield str(number), TYPES[number % 4], "510000", f"2022-{month:02}-01 10:00:00", completed, f"第{number % 40}处"


def command(kind: str, root: Path, *words: object) -> list[str]:
    return [sys.executable, killed_run.__file__, kind, str(root), *map(str, words)]


def describe(project: Project) -> dict[str, object]:
    """What must be the old version's or the new one's, each of it."""
    with open_read_only(project) as engine:
        return {
            "cases": engine.read("look/content_hash").dicts(),
            "figures": count_in_window(engine, YEAR),
            "rows": engine.read("figures/reconciliation", as_of=date.max).dicts(),
        }


def kill(kind: str, root: Path, step: int, seconds: float) -> None:
    killed = subprocess.run(command(kind, root, step, seconds), capture_output=True, text=True, check=False)
    assert (killed.returncode, killed.stderr) == (-signal.SIGKILL, "")


def test_the_next_delivery_changes_what_the_warehouse_says(scene: Scene) -> None:
    assert [key for key in scene.before if scene.before[key] == scene.after[key]] == []


@pytest.mark.parametrize("trial", range(TRIALS))
def test_a_load_killed_at_any_moment_leaves_a_whole_version_and_the_next_run_ends_the_same(
    scene: Scene, trial: int, tmp_path: Path
) -> None:
    """Each step in turn: first somewhere within, then as it begins."""
    tally("killed loads")
    turn, step = divmod(trial, len(STEPS["warehouse"]))
    seconds = random.Random(trial).random() * scene.seconds["warehouse"][step] if turn % 2 == 0 else 0
    project = Project(shutil.copytree(scene.root, tmp_path / "root"))
    kill("warehouse", project.root, step, seconds)
    left = describe(project)
    assert left in (scene.before, scene.after)
    if not seconds:
        assert left == (scene.after if step >= SWAPPED_IN["warehouse"] else scene.before)
    with hold_lock(project, "the next run"):
        assert update_warehouse(project) == (left == scene.before)
    assert describe(project) == scene.after
    assert not update_warehouse(project)
    assert {r.file: r.delivery_id for r in read_receipts(project) if isinstance(r, Loaded)} == {
        "2022-07-15/办件.csv": "2022-07-15",
        "2022-07-22/办件.csv": "2022-07-22",
    }


@pytest.mark.parametrize("step", FULL_RUNS, ids=STEPS["weekly"])
def test_a_weekly_run_killed_at_any_step_leaves_whole_reports_and_the_next_one_writes_the_same(
    scene: Scene, step: int, tmp_path: Path
) -> None:
    project = Project(shutil.copytree(scene.root, tmp_path / "root"))
    kill("weekly", project.root, step, 0)
    assert describe(project) == (scene.after if step >= SWAPPED_IN["weekly"] else scene.before)
    assert not list(project.reports.glob("*/statistics.*"))
    run = weekly.weekly(project, FRIDAY, Silent())
    undisturbed = Project(scene.root.with_name("weekly"))
    for path in undisturbed.report_folder(FRIDAY).iterdir():
        assert (run.folder / path.name).read_bytes() == path.read_bytes()
    assert describe(project) == scene.after


def test_what_was_killed_between_receipt_and_swap_is_as_received_that_day_in_a_rebuild_too(
    scene: Scene, tmp_path: Path
) -> None:
    project = Project(shutil.copytree(scene.root, tmp_path / "root"))
    kill("warehouse", project.root, STEPS["warehouse"].index("set_foreign_log_aside"), 0)
    assert "2022-07-22/办件.csv" in {r.file for r in read_receipts(project) if isinstance(r, Loaded)}
    update_warehouse(project)
    update_warehouse(project, from_scratch=True)
    assert describe(project) == scene.after


def test_a_withdrawal_killed_between_its_receipt_and_the_swap_is_ended_by_the_next_run(
    scene: Scene, tmp_path: Path
) -> None:
    project = Project(shutil.copytree(scene.root.with_name("warehouse"), tmp_path / "root"))
    append_receipts(project, plan_withdrawal(project, "2022-07-22", "误报", Silent()).receipts)
    assert describe(project) == scene.after
    assert update_warehouse(project)
    assert describe(project) == scene.before


def test_rules_whose_run_was_killed_before_its_swap_come_into_force_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = deliver(tmp_path, {"2022-07-15": draw("case | type | accepted\n1 | 行政许可 | 2022-07-01")})
    update_warehouse(project)
    rules = json.loads(project.profile.classification)
    rules["scope"]["areas"] = ["510100"]
    changed = project.profile.with_classification(json.dumps(rules))
    monkeypatch.setattr("flows.root.project.load_profile", lambda *_named: changed)
    project = Project(tmp_path)
    append_receipts(project, plan_run(project, Silent()).receipts)
    assert update_warehouse(project)
    with open_read_only(project) as engine:
        assert [case["is_in_scope"] for case in engine.read("cases").dicts()] == [False]
    assert not update_warehouse(project)


@pytest.mark.parametrize("torn_bytes", [1, 40, 120])
def test_a_receipt_that_was_being_written_when_the_power_failed_was_never_given(
    tmp_path: Path, torn_bytes: int
) -> None:
    project = deliver(tmp_path, {"2022-07-15": draw("case | type | accepted\n1 | 行政许可 | 2022-07-01")})
    update_warehouse(project)
    whole = project.receipts.read_bytes()
    project.receipts.write_bytes(whole + whole[:torn_bytes])
    assert not update_warehouse(project)
    deliver(tmp_path, {"2022-07-22": draw("case | type | accepted\n2 | 行政许可 | 2022-07-01")})
    assert update_warehouse(project)
    loaded = [receipt.file for receipt in read_receipts(project) if isinstance(receipt, Loaded)]
    assert loaded == ["2022-07-15/办件.csv", "2022-07-22/办件.csv"]
    assert project.receipts.read_bytes().startswith(whole)


def test_a_killed_run_leaves_no_process_that_decodes_for_it(tmp_path: Path) -> None:
    """They wait for a reader that would never come; whoever holds the run's output hears when all of them have ended."""
    path = tmp_path / "许可.csv"
    row = "510000-1,行政许可,510000,2022-07-01,2022-07-02,某处" + "。" * 100
    path.write_bytes("\n".join([",".join(HEADER), *[row] * 80_000]).encode("gb18030"))
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom flows.domain.profile import load_profile\n"
        "from flows.engine.duckdb.reading import open_parts\n"
        "from flows.sources.export import read_export\n"
        "(table,) = read_export(Path(sys.argv[1]), load_profile('sichuan')).tables\n"
        "with open_parts(table.source, table.header_row) as parts:\n    print(len(parts), flush=True)\n    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.Popen([sys.executable, "-c", program, str(path)], cwd=CHECKOUT, stdout=subprocess.PIPE)
    assert killed.communicate(timeout=120)[0] == b"2\n"
    assert killed.returncode == -signal.SIGKILL
