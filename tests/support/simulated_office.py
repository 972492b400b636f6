"""An office, simulated: a seed gives a history of deliveries, mistakes, publications and accidents, one step after the other.

What counts is recounted beside it by plain Python (`Books`), which knows nothing of the program.
"""

import contextlib
import errno
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flows.cli.main import main
from flows.domain import calendar

GROUPS = {"行政许可": "licence", "公共服务": "public_service", "行政确认": "other_power"}
MEASURES = ("accepted", "completed")
FIRST_CUT_OFF = date(2022, 1, 7)
HEADER = "办件编号,事项类型,实施主体,行政区划,受理时间,办结时间,办结结果"
Figures = dict[tuple[str, str], int]


@dataclass
class Row:
    """What a file says of one case."""

    case: str
    type: str
    area: str
    accepted: date
    completed: date | None
    result: str
    is_readable: bool = True

    def write(self, department: str) -> str:
        accepted = self.accepted if self.is_readable else "待定"
        return f"{self.case},{self.type},{department},{self.area},{accepted},{self.completed or ''},{self.result}"


@dataclass
class Delivery:
    """One file: when it came and was withdrawn, as steps of the history."""

    cut_off: date
    corrects: bool
    rows: list[Row]
    came: int
    withdrawn: int | None = None
    path: str = ""


@dataclass
class Books:
    """The recount: all that was delivered, counted again each time from nothing."""

    deliveries: list[Delivery] = field(default_factory=list)

    def count(self, end: date, as_of: date, known: int) -> Figures:
        """The year-to-date through `end`, from what had a cut-off through `as_of` and was known at the step `known`."""
        states: dict[str, Row] = {}
        valid = [
            d
            for d in self.deliveries
            if d.came <= known and d.cut_off <= as_of and (d.withdrawn is None or d.withdrawn > known)
        ]
        for delivery in sorted(valid, key=lambda d: (d.cut_off, d.corrects)):
            states |= {row.case: row for row in delivery.rows if row.is_readable}
        figures = {(group, measure): 0 for group in GROUPS.values() for measure in MEASURES}
        for row in states.values():
            if row.area == "510000" and row.result != "作废":
                for measure, day in zip(MEASURES, (row.accepted, row.completed), strict=True):
                    if day and date(end.year, 1, 1) <= day <= end:
                        figures[GROUPS[row.type], measure] += 1
        return figures


class Office:
    """The program's side of the history, and the clock on its wall."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.chance, self.books = root, random.Random(seed), Books()
        self.step, self.number, self.issue = 0, 0, 0
        self.slow_clock = timedelta(0)
        self.published: dict[date, Figures] = {}
        self.told: list[str] = []
        self.weeks: list[date] = []
        self.departments = ["示例厅", "示例局"]
        (root / "data/raw").mkdir(parents=True)

    @property
    def now(self) -> datetime:
        """Monday after the newest cut-off; each step takes a minute, and the clock may be slow."""
        monday = datetime.combine(self.weeks[-1], datetime.min.time()) + timedelta(days=3, hours=9)
        return monday + timedelta(minutes=self.step) - self.slow_clock

    def say(self, *words: str) -> tuple[int, str]:
        said = io.StringIO()

        class Clock(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return office.now.replace(tzinfo=tz)

        office = self
        with (
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            patch.object(calendar, "datetime", Clock),
        ):
            code = main(["--lang", "en", "--root", str(self.root), *words])
        return code, said.getvalue()

    # ---------------------------------------------------------------- what departments send

    def deliver(self, cut_off: date, rows: list[Row], *, corrects: bool = False) -> None:
        self.number += 1
        folder = self.root / "data/raw" / str(cut_off) / (f"更正{self.number}" if corrects else "")
        folder.mkdir(parents=True, exist_ok=True)
        if corrects:
            (folder / "delivery.toml").write_text("corrects = true\n")
        path = folder / f"{self.number}.csv"
        lines = [HEADER, *(row.write(self.chance.choice(self.departments)) for row in rows), ""]
        path.write_text("\n".join(lines), encoding="utf-8")
        place = path.relative_to(self.root / "data/raw").as_posix()
        self.books.deliveries.append(Delivery(cut_off, corrects, rows, self.step, path=place))

    def new_row(self, week: date) -> Row:
        self.number += 1
        accepted = week - timedelta(days=self.chance.randrange(5))
        completed = self.chance.choice([None, accepted + timedelta(days=self.chance.randrange(3))])
        return Row(
            f"N{self.number}",
            self.chance.choice(list(GROUPS)),
            self.chance.choice(["510000", "510000", "510100"]),
            accepted,
            min(completed, week) if completed else None,
            self.chance.choice(["", "", "出证", "作废"]) if completed else "",
            self.chance.random() > 0.1,
        )

    def week_begins(self) -> str:
        week = FIRST_CUT_OFF + timedelta(weeks=len(self.weeks))
        self.weeks.append(week)
        rows = [self.new_row(week) for _ in range(self.chance.randint(2, 5))]
        known = {row.case: row for d in self.books.deliveries for row in d.rows if d.withdrawn is None}
        for row in self.chance.sample(sorted(known.values(), key=lambda r: r.case), min(2, len(known))):
            told = Row(**vars(row))
            told.completed, told.result = week, self.chance.choice(["出证", "作废", ""])
            told.is_readable = self.chance.random() > 0.2
            rows.append(told)
        self.deliver(week, rows)
        return f"a delivery of {week}"

    def late_file(self) -> str:
        week = self.chance.choice(self.weeks)
        self.deliver(week, [self.new_row(week)])
        return f"a late file of {week}"

    def correction(self) -> str:
        delivery = self.chance.choice([d for d in self.books.deliveries if not d.corrects])
        row = Row(**vars(self.chance.choice(delivery.rows)))
        row.type, row.result = self.chance.choice(list(GROUPS)), self.chance.choice(["", "作废"])
        if any(d.corrects and d.cut_off == delivery.cut_off for d in self.books.deliveries):
            return "no correction of a correction"
        self.deliver(delivery.cut_off, [row], corrects=True)
        return f"a correction of {delivery.cut_off}"

    def repeated_file(self) -> str:
        delivery = self.chance.choice([d for d in self.books.deliveries if d.withdrawn is None])
        source = self.root / "data/raw" / delivery.path
        (source.parent / "again.csv").write_bytes(source.read_bytes())
        return f"{delivery.path} again under another name"

    def renamed_departments(self) -> str:
        self.departments = [f"{name}（原）" for name in self.departments][:2]
        return "departments have other names"

    # ---------------------------------------------------------------- what the office does

    def withdrawal(self) -> str:
        loaded = sorted({d.cut_off for d in self.books.deliveries if d.withdrawn is None})
        if len(loaded) < 3:
            return "nothing to withdraw"
        cut_off = self.chance.choice(loaded[1:-1])
        code, said = self.say("withdraw", str(cut_off), "--reason", "错发", "--quiet")
        if code == 6:
            return f"{cut_off} is withdrawn already"
        assert code == 0, said
        gone = {r["sha256"] for r in self._receipts() if r["action"] == "withdrawn"}
        names = {r["file"] for r in self._receipts() if r["action"] == "loaded" and r["sha256"] in gone}
        for delivery in self.books.deliveries:
            if delivery.path in names and delivery.withdrawn is None:
                delivery.withdrawn = self.step
        return f"{cut_off} withdrawn"

    def publication(self) -> str:
        week = self.weeks[-1]
        if week in self.published:
            return "published already"
        self.issue += 1
        numbers = ("--issue", str(self.issue), "--serial", str(self.issue))
        words = ("--by", "林晓", "--checked-by", "周宁", "--unsigned", "--quiet")
        code, said = self.say("publish", "--week-ending", str(week), *words, *numbers)
        assert code == 0, said
        self.published[week] = self.books.count(week, date.max, self.step)
        return f"{week} published"

    def clock_set_back(self) -> str:
        self.slow_clock += timedelta(hours=self.chance.randint(1, 50))
        return f"the clock is {self.slow_clock} slow"

    # ---------------------------------------------------------------- accidents

    def weekly(self) -> tuple[int, str]:
        return self.say("weekly", "--week-ending", str(self.weeks[-1]), "--quiet")

    def full_disk(self) -> str:
        left = self.chance.randrange(40)

        def refuse(descriptor: int) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            synced(descriptor)

        synced = os.fsync
        with patch.object(os, "fsync", refuse):
            code, said = self.weekly()
        assert code in (0, 3), said
        return f"the disk was full (exit {code})"

    def killed_run(self) -> str:
        process = self._start()
        time.sleep(0.3 + 1.5 * self.chance.random())
        process.send_signal(signal.SIGKILL)
        process.wait()
        return "a run was killed"

    def two_runs(self) -> str:
        processes = [self._start("--wait", "100") for _ in range(2)]
        said = [process.communicate()[0] for process in processes]
        assert [process.returncode for process in processes] == [0, 0], said
        return "two runs at once"

    def _start(self, *words: str) -> "subprocess.Popen[str]":
        week = ("--week-ending", str(self.weeks[-1]))
        command = [sys.executable, "-m", "flows.cli", "weekly", *week, "--quiet", *words, "--root", str(self.root)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def _receipts(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in (self.root / "data/raw/receipts.jsonl").read_text().splitlines()]

    # ---------------------------------------------------------------- the history

    def live(self, weeks: int) -> Iterator[None]:
        """Each week: it is delivered, something happens to it, it is loaded, something is done; after each step it can be judged."""
        before = [self.late_file, self.correction, self.repeated_file, self.renamed_departments, self.clock_set_back]
        accidents = [self.full_disk, self.full_disk, self.full_disk, self.killed_run, self.two_runs]
        for _ in range(weeks):
            self._tell(self.week_begins())
            for act in self.chance.sample(before, self.chance.randrange(3)):
                self._tell(act())
            if self.chance.random() < 0.3:
                self._tell(self.chance.choice(accidents)())
            code, said = self.weekly()
            assert code == 0, said
            self._tell("the weekly run")
            yield
            if self.chance.random() < 0.5:
                self._tell(self.chance.choice([self.publication, self.withdrawal])())
                yield

    def _tell(self, what: str) -> None:
        self.told.append(f"{self.step}: {what}")
        self.step += 1

    def judge(self) -> None:
        """Every figure as of each cut-off, an explanation, and the publications, against the books."""
        questions = [(end, as_of) for end in self.weeks[-3:] for as_of in (end, self.weeks[-1])]
        for end, as_of in questions:
            sql = f"select group_key, accepted, completed from year_to_date_as_of('{end}', '{as_of}')"
            code, said = self.say("query", sql, "--json")
            assert code == 0, said
            rows = {row["group_key"]: row for row in json.loads(said)}
            found = {(g, m): rows[g][m] if g in rows else 0 for g in GROUPS.values() for m in MEASURES}
            assert found == self.books.count(end, as_of, self.step), f"the year to {end} as of {as_of}"
        group, measure = self.chance.choice(list(self.books.count(self.weeks[-1], date.max, self.step)))
        code, said = self.say("explain", group, measure, "--week-ending", str(self.weeks[-1]), "--json", "--quiet")
        cases = self.books.count(self.weeks[-1], date.max, self.step)[group, measure]
        assert code == 0, said
        explained = json.loads(said)
        assert explained["cases"] == cases == sum(part["cases"] for part in explained["files"]), (
            f"explain {group} {measure}"
        )
        for week, figures in self.published.items():
            record = json.loads((self.root / f"reports/{week}/published/publication.json").read_text())["figures"]
            assert {(g, m): record[g][m] for g, m in figures} == figures, f"the publication of {week}"
        if self.published:
            week = self.chance.choice(list(self.published))
            code, said = self.say("verify", "--week-ending", str(week), "--quiet")
            assert code == 0, said
