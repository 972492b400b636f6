"""The same work by this project and by what else a user would pick, side by side in one run: prints ratios, never judges speed.

    python tests/bench/compare.py [ROWS …] [--rounds N] [--without NAME …] [--cold] [--out FOLDER]

Work: the first load of ROWS cases to published figures; a weekly increment (a seventh as many rows, at most 700,000: half of them
cases told anew, half new); the year to date, and as of a week before, each in a fresh connection. Loads of UTF-8 and of GB18030.

Every contestant is a process of its own, pinned to the same two processors; in each round all of them do one work after another, in
another order, so that each round gives a ratio of its own. `command` is the whole of `bulletin weekly`, checks, reports and handover
included, against the whole process of a peer; `core` is the load alone against a peer's own clock, imports apart on both sides.
Other figures than the deliveries were made with end the run; a peer that runs out of memory is reported as such. What was measured
goes into results.json, RESULTS.md and results.svg.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deliveries import FIRST, SECOND
from report import Measured, Run, describe_machine, read_runs, write_report

BENCH = Path(__file__).parent
OURS = ("command", "core")
YARDSTICK = "ctas"
CONTESTANTS = (*OURS, "pandas", "polars", "duckdb", "chdb", YARDSTICK)
MODULES = {"core": "bulletin_core.py"}
LOADS = ("load_first", "load_week")
QUESTIONS = ("year_to_date", "as_of")
CUT_OFFS = {"load_first": FIRST, "load_week": SECOND, "year_to_date": SECOND, "as_of": FIRST}
PROCESSORS = 2
BLOCK = 1 << 24
DROP_CACHES = Path("/proc/sys/vm/drop_caches")


def main(words: list[str]) -> None:
    chosen = read_words(words)
    chosen.out.mkdir(parents=True, exist_ok=True)
    for rows in chosen.rows:
        run = compare(rows, chosen)
        runs = [known for known in read_runs(chosen.out) if known.key != run.key]
        write_report(chosen.out, sorted([*runs, run], key=lambda known: known.key))
    print((chosen.out / "RESULTS.md").read_text(encoding="utf-8"))


def read_words(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rows", nargs="*", type=int, default=[1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", nargs="+", default=[], choices=CONTESTANTS[len(OURS) :])
    parser.add_argument("--encodings", nargs="+", default=["utf-8", "gb18030"], choices=["utf-8", "gb18030"])
    parser.add_argument("--cold", action="store_true", help="forget the file cache before each work (Linux, as root)")
    parser.add_argument("--out", type=Path, default=BENCH)
    chosen = parser.parse_args(words)
    if chosen.cold and not os.access(DROP_CACHES, os.W_OK):
        parser.error("--cold: only root can make this system forget its file cache; leave --cold away")
    return chosen


def compare(rows: int, chosen: argparse.Namespace) -> Run:
    """Rounds of all contestants over one size of delivery."""
    contestants = [name for name in CONTESTANTS if name not in chosen.without]
    measured: list[Measured] = []
    killed: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Path(folder)
        made = subprocess.run(
            [sys.executable, BENCH / "deliveries.py", place, str(rows), *chosen.encodings],
            stdout=subprocess.PIPE,
            check=True,
        )
        expected = json.loads(made.stdout)
        rounds = chosen.rounds
        for name in contestants:
            warm_up(name)
        for turn in range(rounds):
            order = random.Random(turn).sample(contestants, len(contestants))
            for encoding in chosen.encodings:
                shutil.rmtree(place / "stores", ignore_errors=True)
                standing = list(order)
                for work in (*LOADS, *(QUESTIONS if encoding == chosen.encodings[0] else ())):
                    print(f"{rows:,} rows, {encoding}, round {turn + 1} of {rounds}: {work}", file=sys.stderr)
                    for name in list(standing):
                        if name == YARDSTICK and work not in LOADS:
                            continue
                        asked = Asked(name, work, encoding, place)
                        done = None
                        if (name, work, encoding) not in killed:
                            done = do(asked, expected["figures"][asked.cut_off], is_cold=chosen.cold)
                        if done:
                            measured.append(done)
                        else:  # what it stored is not whole: nothing more can be asked of it until the next round
                            standing.remove(name)
                            killed.append((name, work, encoding))
    return Run(rows, expected["weekly_rows"], rounds, chosen.cold, describe_machine(), sorted(set(killed)), measured)


@dataclass(frozen=True)
class Asked:
    """One work of one contestant, in a folder of its own."""

    contestant: str
    work: str
    encoding: str
    place: Path

    @property
    def cut_off(self) -> str:
        return CUT_OFFS[self.work]

    @property
    def csv(self) -> Path:
        encoding = "utf-8" if self.contestant == YARDSTICK else self.encoding
        return self.place / f"{self.cut_off}.{encoding}.csv"

    @property
    def store(self) -> Path:
        return self.place / "stores" / self.contestant

    @property
    def words(self) -> list[str | Path]:
        """The process that does it."""
        if self.contestant != "command":
            module = BENCH / "peers" / MODULES.get(self.contestant, f"{self.contestant}_peer.py")
            return [sys.executable, module, self.work, self.store, self.csv, self.encoding, self.cut_off]
        bulletin = Path(sys.executable).with_name("bulletin")
        if self.work in LOADS:
            return [bulletin, "weekly", "--week-ending", self.cut_off, "--root", self.store]
        macro = {
            "year_to_date": f"year_to_date('{SECOND}')",
            "as_of": f"year_to_date_as_of('{FIRST}', '{FIRST}')",
        }[self.work]
        return [bulletin, "query", f"select * from {macro}", "--json", "--root", self.store]

    def prepare(self) -> None:
        """What is there before the clock starts: an empty folder; for ours a root in whose data/raw the delivery lies."""
        self.store.mkdir(parents=True, exist_ok=True)
        if self.contestant in OURS and self.work in LOADS:
            (self.store / "bulletin.toml").write_text(f"threads = {len(os.sched_getaffinity(0))}\n")
            delivery = self.store / "data" / "raw" / self.cut_off
            delivery.mkdir(parents=True)
            (delivery / "cases.csv").hardlink_to(self.csv)

    def read_answer(self, said: str) -> tuple[dict[str, list[int]] | None, float | None]:
        """Figures, and seconds by the contestant's own clock if it has one."""
        if self.contestant != "command":
            answer = json.loads(said)
            return answer["figures"], answer["seconds"]
        if self.work in LOADS:
            path = self.store / "reports" / self.cut_off / "statistics.json"
            groups = json.loads(path.read_text(encoding="utf-8"))["groups"]
            return {each["group"]: [each["accepted"], each["completed"]] for each in groups}, None
        rows = json.loads(said)
        kept = [row for row in rows if row["group_key"] not in ("unclassified", "out_of_scope")]
        return {row["group_key"]: [row["accepted"], row["completed"]] for row in kept}, None


def do(asked: Asked, expected: dict[str, list[int]], *, is_cold: bool) -> Measured | None:
    """What it took; None if the system killed a peer, as it does where memory runs out."""
    asked.prepare()
    os.sync()  # what the one before has written is no burden of this one
    if is_cold:
        DROP_CACHES.write_text("3")
    else:
        for path in [asked.csv] if asked.work in LOADS else asked.store.rglob("*"):
            read_once(path)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PREFECT", "BULLETIN", "POLARS", "OMP", "CHDB"))
        }
        begun = time.perf_counter()
        process = subprocess.Popen(asked.words, stdout=out, stderr=err, env=environment)
        with suppress(OSError):  # where memory runs out, it is this process that ends
            Path(f"/proc/{process.pid}/oom_score_adj").write_text("1000")
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        said, complained = (read_all(stream) for stream in (out, err))
    name = f"{asked.contestant}, {asked.work}, {asked.encoding}"
    if process.returncode == -signal.SIGKILL and asked.contestant not in OURS:
        print(f"{name}: it was killed, as if memory had run out; the rest goes on without it.", file=sys.stderr)
        return None
    if process.returncode:
        last = "\n".join(complained.splitlines()[-5:])
        sys.exit(f"{name}: it ended with exit code {process.returncode}.\n{last}")
    figures, seconds = asked.read_answer(said)
    if asked.contestant != YARDSTICK:
        refuse_other_figures(asked, figures, expected)
    return Measured(
        asked.contestant,
        asked.work,
        asked.encoding,
        wall=wall,
        seconds=seconds,
        cpu=usage.ru_utime + usage.ru_stime,
        memory=usage.ru_maxrss * 1024,
    )


def refuse_other_figures(asked: Asked, figures: object, expected: object) -> None:
    if figures != expected:
        sys.exit(
            f"{asked.contestant} gives other figures than the deliveries were made with, so nothing can be compared "
            f"({asked.work}, {asked.encoding}): {figures} instead of {expected}."
        )


def warm_up(name: str) -> None:
    """Have the system read a contestant's libraries once: the first round would pay for it alone."""
    modules = "bulletin_core, great_expectations" if name in OURS else f"{name}_peer"
    subprocess.run([sys.executable, "-W", "ignore", "-c", f"import {modules}"], cwd=BENCH / "peers", check=True)


def read_once(path: Path) -> None:
    if path.is_file():
        with path.open("rb") as file:
            while file.read(BLOCK):
                pass


def read_all(stream: Any) -> str:
    stream.seek(0)
    return str(stream.read().decode())


if __name__ == "__main__":
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:PROCESSORS])  # of all that is started from here
    main(sys.argv[1:])
