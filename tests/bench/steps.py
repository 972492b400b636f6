"""Where the time of a load goes, step by step, and the least it could take: prints, never judges.

    python tests/bench/steps.py [CASES] [ENCODING]        default 1000000 utf-8; or gb18030

A whole weekly run of a first load and of a weekly delivery on top of it, reports and files for other programs included, in this
process; libraries are imported before. Each moment belongs to one step. Beside it the physical limit: how long the bytes of the
delivery take to be read from the page cache, and to be parsed by the engine into nothing (every column looked at, none kept).
"""

import resource
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from warehouse import THREADS, count_weekly, write_two_deliveries

from flows.checks import great_expectations
from flows.cli.terminal import Silence
from flows.engine.duckdb.connection import Connection
from flows.figures import section
from flows.jobs import handover, steps
from flows.jobs import weekly as weekly_job
from flows.root.project import Project
from flows.root.settings import Settings
from flows.warehouse import fold, plan, staging, swap

STEPS = {
    "read": "digest, encoding, header",
    "stage": "parse, keep allow-listed columns, type times (decoding runs beside it)",
    "classify": "descriptions, once for each combination",
    "check": "row rules, quarantine, warnings",
    "fold": "contest, states written",
    "ledger": "what each delivery changed, day by day",
    "count": "rows of files, departments",
    "gates": "Great Expectations over the frames of sql/rules/frames",
    "copy": "the working copy of the warehouse",
    "publish": "checkpoint, read back, sync, rename",
    "hand over": "Parquet, workbook, dictionary",
    "report": "figures, changes and their causes, eight forms",
    "other": "all the rest",
}
FOLDERS = {
    "fold/1_read": "stage",
    "fold/2_describe": "classify",
    "fold/3_refuse": "check",
    "fold/4_merge": "fold",
    "fold/5_count": "count",
    "figures": "gates",
    "rules/frames": "gates",
}


class Clock:
    """Gives each moment to the innermost step that is at work."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = defaultdict(float)
        self.processor: dict[str, float] = defaultdict(float)
        self._steps = ["other"]
        self._since = (time.perf_counter(), _processor_seconds())

    def enter(self, step: str) -> None:
        self._settle()
        self._steps.append(step)

    def leave(self) -> None:
        self._settle()
        self._steps.pop()

    def _settle(self) -> None:
        now = time.perf_counter(), _processor_seconds()
        self.wall[self._steps[-1]] += now[0] - self._since[0]
        self.processor[self._steps[-1]] += now[1] - self._since[1]
        self._since = now


def _processor_seconds() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def main(cases: int, encoding: str) -> None:
    great_expectations.preload().join()
    clocks: list[Clock] = []
    watch(clocks)
    weekly = count_weekly(cases)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        first, second = write_two_deliveries(place, cases, weekly)
        project = Project(place / "root", Settings(threads=THREADS))
        for cut_off, file in (("2022-07-15", first), ("2022-07-22", second)):
            if encoding != "utf-8":
                file.write_bytes(file.read_text(encoding="utf-8").encode(encoding))
            folder_of_day = project.raw / cut_off
            folder_of_day.mkdir(parents=True)
            shutil.move(file, folder_of_day / "cases.csv")
            clocks.append(Clock())
            weekly_job.weekly(project, date.fromisoformat(cut_off), Silence())
            clocks[-1].enter("other")
            say(
                f"{cut_off}: {cases if file == first else weekly} rows, {encoding}",
                clocks[-1],
                folder_of_day / "cases.csv",
            )


def watch(clocks: list[Clock]) -> None:
    """Have every step tell the newest clock when it begins and ends."""

    def wrap(owner: Any, name: str, choose: Callable[..., str]) -> None:
        whole = getattr(owner, name)

        def measured(*arguments: Any, **options: Any) -> Any:
            clocks[-1].enter(choose(*arguments))
            try:
                return whole(*arguments, **options)
            finally:
                clocks[-1].leave()

        setattr(owner, name, measured)

    wrap(Connection, "run", lambda _engine, step, *_: choose_step(step))
    for owner, name, step in (
        (plan, "find_files", "read"),
        (staging, "read_export", "read"),
        (fold, "stage_files", "stage"),
        (shutil, "copyfile", "copy"),
        (steps, "judge_all", "gates"),
        (swap, "swap_in", "publish"),
        (handover, "hand_over", "hand over"),
        (section, "compute", "report"),
        (weekly_job, "write_report", "report"),
    ):
        wrap(owner, name, lambda *_, step=step: step)


def choose_step(step: str) -> str:
    """The line of STEPS that a step of the recipe, or a frame, belongs to."""
    folder, _, name = step.rpartition("/")
    if name.endswith("ledger_entries"):
        return "ledger"
    return FOLDERS.get(folder, "report")


def say(name: str, clock: Clock, file: Path) -> None:
    total, size = sum(clock.wall.values()), file.stat().st_size
    print(f"{name}, {size / 1e9:.2f} GB: {total:.2f} s")
    for step, meaning in STEPS.items():
        wall, used = clock.wall[step], clock.processor[step]
        print(f"  {step:10}{wall:7.2f} s {wall / total:6.1%}   processors {used:6.2f} s   {meaning}")
    reading, parsing = measure_reading(file), measure_parsing(file)
    print(
        f"  limit: read {reading:.2f} s ({size / reading / 1e9:.1f} GB/s), parse {parsing:.2f} s ({size / parsing / 1e9:.2f} GB/s)"
    )
    staged = clock.wall["read"] + clock.wall["stage"]
    print(f"  read and stage: {staged / max(reading, parsing):.1f} x the slower of the two\n", flush=True)


def measure_reading(file: Path) -> float:
    started = time.perf_counter()
    with file.open("rb", buffering=0) as stream:
        while stream.read(1 << 22):
            pass
    return time.perf_counter() - started


def measure_parsing(file: Path) -> float:
    """Of its UTF-8 form, since the engine alone cannot read another; the bytes of GB18030 are two for three."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"threads": THREADS}) as connection:
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            text = file.read_text(encoding="gb18030")
        plain = Path(folder) / "plain.csv"
        plain.write_text(text, encoding="utf-8")
        del text
        source = f"read_csv('{plain}', all_varchar = true)"
        columns = [row[0] for row in connection.execute(f"describe from {source}").fetchall()]
        asked = ", ".join(f'max(strlen("{column}"))' for column in columns)
        started = time.perf_counter()
        connection.execute(f"select {asked} from {source}").fetchall()
        return time.perf_counter() - started


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000,
        sys.argv[2] if len(sys.argv) > 2 else "utf-8",
    )
