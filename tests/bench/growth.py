"""What a warehouse costs as it grows: prints figures and the lines fitted through them, never judges.

    python tests/bench/growth.py [MILLIONS …]       default 1 5 10 20; 50 is the largest that matters

A warehouse of each size is made directly, from the states of a small first load, many times over under other numbers. Then, each
in a process of its own: the core of a weekly delivery of 700,000 rows (half of them updates), against DuckDB's own
`create table as select * from read_csv(…, all_varchar)` of the same file in the same minute; the year-to-date figures; and, at the
first size, the most memory held against the size of the delivery.
"""

import multiprocessing
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from staging import CASES
from warehouse import YEAR, add, copy_naively, load

from flows.checks import great_expectations
from flows.engine.query import load_query
from flows.figures.counts import count_in_window
from flows.root.project import Project
from flows.warehouse.guard import find_warehouse, record_built
from flows.warehouse.reading import open_read_only

RUNS = 3
BASE_ROWS = 10_000
WEEKLY_ROWS = 700_000
DELIVERY_ROWS = (100_000, 700_000, 2_000_000)
# A base case under another number, the same in the warehouse and in the files.
NUMBER = "concat('510000', upper(substr(md5(concat(i, '-', {number})), 1, 18)))"


def main(sizes: Sequence[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        base, first = place / "base", place / "first.csv"
        duckdb.execute("set enable_progress_bar = false")
        duckdb.execute(f"copy ({CASES.format(rows=BASE_ROWS)}) to '{first}' (header)")
        apart(load, place, {"2022-07-15": first}, base)
        points = []
        for millions in sizes:
            grown = grow(base, place / "grown", millions * 1_000_000 // BASE_ROWS)
            weekly = write_delivery(first, place / "weekly.csv", millions * 1_000_000, WEEKLY_ROWS)
            points.append(measure(place, grown, weekly, millions))
            if millions == sizes[0]:
                measure_memory(place, grown, first, millions)
        say_line(
            "weekly load", "s", "million cases", [(m, point["ours"]) for m, point in zip(sizes, points, strict=True)]
        )
        say_line(
            "year to date",
            "ms",
            "million cases",
            [(m, point["question"]) for m, point in zip(sizes, points, strict=True)],
        )


def grow(base: Path, grown: Path, times: int) -> Path:
    """A copy of the base whose cases stand in it so many times, ledger and row counts along with them."""
    shutil.rmtree(grown, ignore_errors=True)
    shutil.copytree(base, grown, copy_function=shutil.copy2)
    project = Project(grown)
    project.warehouse.chmod(0o644)
    with duckdb.connect(str(project.warehouse), config={"threads": 2}) as connection:
        described = connection.execute("describe case_states").fetchall()
        columns = [name for name, *_ in described if name != "case_no"]
        ledger = load_query("fold/5_count/ledger_entries").select
        for statement in (
            "create temp table base as from case_states",
            "delete from case_states",
            f"insert into case_states select {NUMBER.format(number='b.case_no')}, {', '.join(columns)} "
            f"from range({times}) numbers(i) cross join base b",
            "delete from daily_count",
            *(
                f"update {table} set rows_read = rows_read * {times}, rows_loaded = rows_loaded * {times}"
                for table in ("deliveries", "delivered_tables")
            ),
        ):
            connection.execute(statement).fetchall()
        connection.execute(f"insert into daily_count {ledger}", {"first_delivery": 1}).fetchall()
        connection.execute("checkpoint").fetchall()
    project.warehouse.chmod(0o444)
    record_built(project, find_warehouse(project).digest())
    return grown


def write_delivery(first: Path, path: Path, cases: int, rows: int) -> Path:
    """Half of the rows are cases of the warehouse with another result, the other half new ones."""
    known = cases // BASE_ROWS
    half = rows // 2 // BASE_ROWS
    duckdb.execute(
        f"copy (select * replace ({NUMBER.format(number='办件编号')} as 办件编号, '办结' as 办结结果) "
        f"from (select unnest(range({known - half}, {known + half})) as i) numbers "
        f"cross join read_csv('{first}', all_varchar = true)) to '{path}' (header)"
    )
    return path


def measure(place: Path, grown: Path, weekly: Path, millions: int) -> dict[str, float]:
    rounds = [(apart(load_next, place, grown, weekly), copy_naively(place, weekly)) for _ in range(RUNS)]
    ours = statistics.median(mine["seconds"] for mine, _ in rounds)
    ratios = [mine["seconds"] / peer for mine, peer in rounds]
    memory = max(mine["memory"] for mine, _ in rounds)
    question = apart(ask, grown)["milliseconds"]
    size = Project(grown).warehouse.stat().st_size
    print(
        f"{millions:3} million cases ({size / 1e6:.0f} MB): weekly load {ours:.2f} s, {statistics.median(ratios):.2f} x the peer "
        f"({min(ratios):.2f} … {max(ratios):.2f}), {memory:.2f} GB held; year to date {question:.1f} ms",
        flush=True,
    )
    return {"ours": ours, "question": question}


def measure_memory(place: Path, grown: Path, first: Path, millions: int) -> None:
    points = []
    for rows in DELIVERY_ROWS:
        delivery = write_delivery(first, place / "other.csv", millions * 1_000_000, rows)
        points.append((delivery.stat().st_size / 1e9, float(apart(load_next, place, grown, delivery)["memory"])))
    say_line(f"memory held beside {millions} million cases", "GB", "GB of the delivery", points)


def load_next(place: Path, grown: Path, file: Path) -> dict[str, float]:
    root = place / "ours"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(grown, root, copy_function=shutil.copy2)
    great_expectations.preload().join()
    seconds, _ = add(root, {"2022-07-22": file})
    return {"seconds": seconds, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}


def ask(root: Path) -> dict[str, float]:
    times = []
    with open_read_only(Project(root)) as engine:
        for _ in range(RUNS):
            start = time.perf_counter()
            count_in_window(engine, YEAR, date.max)
            times.append((time.perf_counter() - start) * 1000)
    return {"milliseconds": statistics.median(times)}


def apart(work: Callable[..., Any], *arguments: object) -> Any:
    """Done in a fresh process, so that the memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def say_line(name: str, unit: str, size: str, points: Sequence[tuple[float, float]]) -> None:
    if len(points) > 1:
        slope, start = statistics.linear_regression(*zip(*points, strict=True))
        print(f"{name}, {unit}: {start:.2f} + {slope:.3f} x {size}", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1, 5, 10, 20])
