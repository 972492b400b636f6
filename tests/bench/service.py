"""What a run of the service costs over the direct command, and that over its core: prints differences, never judges.

    python tests/bench/service.py [RUNS]        default 3

The weekly run of the sample, each time in a fresh root: a first load, and again with nothing new. Three ways, interleaved:
the core – the plain steps in this process, everything imported –, the command `bulletin weekly`, and a run of one running
service, from the moment it is due (as the schedule has it, known half a minute before; and asked for at once, as by the form)
until its state is final. Of that, the time until the flow begins is printed as well: noticing it, a process, its imports.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "support"))
from an_office import COMMAND, Office, serving

from flows.checks import great_expectations
from flows.cli.terminal import Silence
from flows.jobs import weekly
from flows.jobs.sample import write_sample
from flows.root.project import open_project

WEEK_END = date(2022, 7, 22)
LEAD = timedelta(seconds=30)
ENDED = ("COMPLETED", "FAILED", "CRASHED")


def main(runs: int) -> None:
    great_expectations.preload().join()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base"
        write_sample(base / "data" / "raw")
        with serving(base) as (office, _):
            taken = [measure_all(Path(folder) / f"run-{number}", base, office) for number in range(runs + 1)]
    for name in ("first load", "nothing new"):
        tell(name, [each[name] for each in taken[1:]])  # the first of all warms the machine up


def measure_all(place: Path, base: Path, office: Office) -> dict[str, dict[str, float]]:
    """Seconds by way, of a first load and of a run with nothing new."""
    ways = ("core", "direct", "due", "asked for")
    for way in ways:
        shutil.copytree(base / "data" / "raw", place / way / "data" / "raw")
    measured = {}
    for name in ("first load", "nothing new"):
        due, due_start = run_due(office, place / "due", LEAD)
        asked, asked_start = run_due(office, place / "asked for", None)
        measured[name] = {
            "core": run_core(place / "core"),
            "direct": run_direct(place / "direct"),
            "due": due,
            "due, until it begins": due_start,
            "asked for": asked,
            "asked for, until it begins": asked_start,
        }
    return measured


def run_core(root: Path) -> float:
    start = time.perf_counter()
    weekly.weekly(open_project(root), WEEK_END, Silence())
    return time.perf_counter() - start


def run_direct(root: Path) -> float:
    start = time.perf_counter()
    command: list[str | Path] = [COMMAND, "weekly", "--week-ending", str(WEEK_END), "--quiet", "--root", root]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def run_due(office: Office, root: Path, lead: timedelta | None) -> tuple[float, float]:
    """Seconds until a run has ended, and until its flow has begun, as the server noted them."""
    due = datetime.now(UTC) + (lead or timedelta())
    run_id = office.start("weekly", due if lead else None, root=str(root), week_end=str(WEEK_END), notify=False)
    ended = office.await_state(run_id, *ENDED)
    assert ended["state_type"] == "COMPLETED", ended["state"]["message"]
    begun, done = (datetime.fromisoformat(ended[moment]) for moment in ("start_time", "end_time"))
    return (done - due).total_seconds(), (begun - due).total_seconds()


def tell(name: str, taken: Sequence[dict[str, float]]) -> None:
    print(f"{name}, seconds, median (least … most) of {len(taken)}:")
    for way in taken[0]:
        print(f"  {way}: {describe([each[way] for each in taken])}")
    for way, peer in (("direct", "core"), ("due", "direct"), ("asked for", "direct")):
        print(f"  {way} over {peer}: {describe([each[way] - each[peer] for each in taken])}", flush=True)


def describe(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.1f} ({min(seconds):.1f} … {max(seconds):.1f})"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
