"""How long a load takes against a naive peer in the same run: prints ratios, never judges.

    python tests/bench/warehouse.py [CASES]         default 1000000; 5000000 and 20000000 are the sizes that matter

The core – from looking at data/raw to the synced, swapped warehouse – of a first load, and of a weekly delivery of 700,000 rows
(or a seventh of the cases), half of them new, half updates; each against DuckDB's own
`create table as select * from read_csv(…, all_varchar)` of the same file into a file that is closed. Two threads on both sides,
runs interleaved. The gates are part of the core, but for the import of their library, which runs beside a load; their share is
printed. Then the figures' time, the bytes a case, and the most memory a load ever held.
"""

import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
from staging import CASES

from flows.checks import great_expectations
from flows.cli.terminal import Silence
from flows.domain.cases import Window
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.domain.verdicts import NO_WAIVERS
from flows.figures.counts import count_in_window
from flows.jobs.steps import judge_all
from flows.root.project import Project
from flows.root.settings import Settings
from flows.warehouse.copies import build_aside, load_deliveries
from flows.warehouse.plan import plan_run
from flows.warehouse.reading import open_read_only
from flows.warehouse.swap import swap_in

RUNS = 5
THREADS = 2
WEEK = PROGRAM_CALENDAR.week_ending(date(2022, 7, 22))
YEAR = Window(date(2022, 1, 1), date(2022, 7, 22))
# Numbers as platforms give them: a digest of a counter, so that no order helps.
NUMBERED = "select * replace (concat('510000', upper(substr(md5(办件编号), 1, 18))) as 办件编号) from ({cases})"


def main(cases: int) -> None:
    great_expectations.preload().join()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        first, second = write_two_deliveries(place, cases, count_weekly(cases))
        compare("first load", lambda: load(place, {"2022-07-15": first}), lambda: copy_naively(place, first))
        base = place / "base"
        load(place, {"2022-07-15": first}, base)
        compare("weekly load", lambda: load_next(place, base, second), lambda: copy_naively(place, second))
        measure_questions(base, cases)
    print(f"most memory held: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def count_weekly(cases: int) -> int:
    """Rows of a weekly delivery on top of so many cases."""
    return min(700_000, max(cases // 7, 1))


def write_two_deliveries(place: Path, cases: int, weekly: int) -> tuple[Path, Path]:
    """A first one, and a weekly one: half of its rows are known cases with another result, the other half new ones."""
    first, second = place / "first.csv", place / "second.csv"
    write_cases(first, "true", cases, "出证")
    write_cases(second, f"i >= {cases - weekly // 2}", cases + weekly // 2, "办结")
    return first, second


def write_cases(path: Path, condition: str, rows: int, result: str) -> None:
    shape = (
        CASES.format(rows=rows)
        .replace("'出证'", f"'{result}'")
        .replace("from range(", f"from (select i from range({rows}) numbers(i) where {condition}) numbers --")
    )
    duckdb.execute(f"copy ({NUMBERED.format(cases=shape)}) to '{path}' (header)")


def compare(name: str, ours: Callable[[], tuple[float, float]], peer: Callable[[], float]) -> None:
    triples = [(*ours(), peer()) for _ in range(RUNS)]
    mine, gates, others = (statistics.median(side) for side in zip(*triples, strict=True))
    print(f"{name}: {mine / others:.2f} x the peer ({mine:.2f} s against {others:.2f} s, median of {RUNS})", flush=True)
    print(f"  of which the gates: {gates / (mine - gates):.1%} of the rest ({gates:.2f} s)", flush=True)


def load(place: Path, files: dict[str, Path], root: Path | None = None) -> tuple[float, float]:
    """Seconds of the core of a load of linked files into an empty root, and of the gates within."""
    root = root or place / "ours"
    shutil.rmtree(root, ignore_errors=True)
    return add(root, files)


def load_next(place: Path, base: Path, file: Path) -> tuple[float, float]:
    root = place / "ours"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(base, root, copy_function=shutil.copy2)
    return add(root, {"2022-07-22": file})


def add(root: Path, files: dict[str, Path]) -> tuple[float, float]:
    for cut_off, file in files.items():
        folder = root / "data" / "raw" / cut_off
        folder.mkdir(parents=True)
        (folder / "cases.csv").hardlink_to(file)
    project = Project(root, Settings(threads=THREADS))
    start = time.perf_counter()
    plan = plan_run(project, Silence())
    with build_aside(project, plan) as build:
        load_deliveries(build, Silence())
        begun = time.perf_counter()
        checks, week_checks, _ = judge_all(build.engine, project, WEEK, NO_WAIVERS)
        gates = time.perf_counter() - begun
        assert not any(verdict.stops for verdict in (*checks, *week_checks))
        swap_in(build, Silence())
    return time.perf_counter() - start, gates


def copy_naively(place: Path, file: Path) -> float:
    database = place / "naive.duckdb"
    database.unlink(missing_ok=True)
    start = time.perf_counter()
    with duckdb.connect(str(database), config={"threads": THREADS}) as connection:
        connection.execute(f"create table cases as select * from read_csv('{file}', all_varchar = true)").fetchall()
    return time.perf_counter() - start


def measure_questions(root: Path, cases: int) -> None:
    project = Project(root)
    print(f"bytes a case: {project.warehouse.stat().st_size / cases:.1f}")
    with open_read_only(project) as engine:
        for name, as_of in (("year to date", date.max), ("as of a cut-off", date(2022, 7, 15))):
            times = []
            for _ in range(RUNS):
                start = time.perf_counter()
                count_in_window(engine, YEAR, as_of)
                times.append(time.perf_counter() - start)
            print(f"{name}: {statistics.median(times) * 1000:.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
