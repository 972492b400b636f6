"""The real bulletin at full size: 29 weekly deliveries of 19.2 million cases, taken in week by week and all at once.

    python tests/bench/full_scale.py [FOLDER] [SCALE]       default ../bulletin-full-scale, outside the checkout, and 1

The deliveries (at scale 1 some 5 GB) are made once. Each run is a `bulletin weekly` of its own process; for each it prints wall
time, processor time and the most memory held (children included), the size of the warehouse, and the seconds of each step.
It ends with the published paragraph, which has to come out of both ways, character by character, with the same content hash.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from flows.engine.duckdb.storage import FileStorage
from flows.jobs.sample import write_sample
from flows.jobs.sample.cases import PUBLISHED, scale_figures
from flows.root.project import CHECKOUT, Project

WEEKS = 29
LAST = date(2022, 7, 22)
STEPS = ("survey", "load", "check", "swap_in", "hand_over", "read_figures", "write_report")
PARAGRAPH = (
    "据四川一体化政务服务平台数据统计，2022年1月1日至2022年7月22日，省本级行政许可事项受理{}件，办结{}件；"
    "公共服务事项受理{}件，办结{}件，其它九类行权事项受理{}件，办结{}件。"
)


@dataclass(frozen=True)
class Run:
    """One command: seconds of wall and processor time, gigabytes held at most, bytes of the warehouse, seconds by step."""

    wall: float
    processor: float
    memory: float
    size: int
    steps: dict[str, float]


def main(folder: Path, scale: Fraction) -> None:
    deliveries = make_deliveries(folder / f"deliveries-{str(scale).replace('/', '-')}", scale)
    print(f"{'':12}{'wall s':>8}{'cpu s':>8}{'GB held':>9}{'MB file':>9}  " + "".join(f"{s:>13}" for s in STEPS))
    weekly = make_root(folder / "weekly")
    for delivery in deliveries:
        hand_in(weekly, delivery)
        say(delivery.name, run_weekly(weekly, date.fromisoformat(delivery.name)))
    first = make_root(folder / "first")
    for delivery in deliveries:
        hand_in(first, delivery)
    said = run_weekly(first, LAST)
    say("first load", said)
    cases = count_cases(first)
    print(f"cases: {cases}, {said.size / cases:.1f} bytes each on disk")
    expected = PARAGRAPH.format(*(figure for group in PUBLISHED for figure in scale_figures(group, scale)))
    for project in (weekly, first):
        paragraph = (project.report_folder(LAST) / "statistics.txt").read_text(encoding="utf-8").rstrip("\n")
        if paragraph != expected:
            sys.exit(f"{project.root.name} says otherwise:\n{paragraph}\n{expected}")
    hashes = {project.root.name: read_content_hash(project) for project in (weekly, first)}
    if len(set(hashes.values())) > 1:
        sys.exit(f"the two ways end in different cases: {hashes}")
    print(f"content hash, both ways: {hashes['first']}\n{expected}")


def make_deliveries(folder: Path, scale: Fraction) -> list[Path]:
    """Written beside their place and moved there when they are whole."""
    if not folder.exists():
        started = time.monotonic()
        draft = folder.with_name(f".{folder.name}")
        shutil.rmtree(draft, ignore_errors=True)
        files = write_sample(draft, scale=scale, weeks=WEEKS)
        size = sum(file.stat().st_size for file in files) / 1e9
        draft.rename(folder)
        print(f"{len(files)} files, {size:.2f} GB, written in {time.monotonic() - started:.0f} s", flush=True)
    return sorted(folder.iterdir())


def make_root(folder: Path) -> Project:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "bulletin.toml").write_text("threads = 2\nkeep_files = 0\n", encoding="utf-8")
    return Project(folder)


def hand_in(project: Project, delivery: Path) -> None:
    shutil.copytree(delivery, project.raw / delivery.name, copy_function=os.link)


def run_weekly(project: Project, week_end: date) -> Run:
    command = [sys.executable, "-m", "flows.cli", "weekly", "--week-ending", str(week_end), "--quiet"]
    started = time.monotonic()
    process = subprocess.Popen([*command, "--root", str(project.root)], cwd=CHECKOUT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"bulletin weekly --week-ending {week_end} ended with exit code {process.returncode}")
    entry = json.loads(project.run_log.read_text(encoding="utf-8").splitlines()[-1])
    size = project.warehouse.stat().st_size
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6, size, entry["seconds"])


def say(name: str, run: Run) -> None:
    steps = "".join(f"{run.steps.get(step, 0):13.2f}" for step in STEPS)
    print(f"{name:12}{run.wall:8.1f}{run.processor:8.1f}{run.memory:9.2f}{run.size / 1e6:9.0f}  {steps}", flush=True)


def count_cases(project: Project) -> int:
    with FileStorage(project.warehouse).open() as engine:
        return int(engine.ask("select count(*) as cases from cases").dicts()[0]["cases"])


def read_content_hash(project: Project) -> str:
    with FileStorage(project.warehouse).open() as engine:
        return str(engine.read("look/content_hash").dicts()[0]["content_hash"])


if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT.parent / "bulletin-full-scale",
        Fraction(sys.argv[2]) if len(sys.argv) > 2 else Fraction(1),
    )
