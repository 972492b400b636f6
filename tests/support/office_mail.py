"""What a simulated office gets from outside: files of departments, rules of its superiors, time."""

import random
import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from books import GROUPS, Books, Delivery, Row, Rules
from office_desk import FIRST_CUT_OFF, Desk

from flows.root.project import CHECKOUT

HEADER = "办件编号,事项类型,实施主体,行政区划,受理时间,办结时间,办结结果,备注"
PROFILE = (CHECKOUT / "flows/domain/profiles/sichuan.toml").read_text(encoding="utf-8")
TYPES = ("行政许可", "公共服务", "行政确认")
T = TypeVar("T")
FIRST_RULES = Rules(dict(zip(TYPES, GROUPS, strict=False)), ("作废",))


class Mail(Desk):
    """Each step draws from `chance`, and calls what it makes by `seed`; `is_drafted`: the newest week has its report."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.books, self.rules = Books(), FIRST_RULES
        self.departments = ["示例厅", "示例局"]
        self.chance, self.seed = random.Random(0), 0
        self.is_drafted = False

    def week_begins(self) -> str:
        self.weeks.append(week := FIRST_CUT_OFF + timedelta(weeks=len(self.weeks)))
        self.days, self.is_drafted = 0, False
        rows = [replace(self._row(week), is_readable=True, area="510000", result="")]
        rows += [self._row(week) for _ in range(self.chance.randint(1, 4))]
        known = {row.case: row for d in self.books.deliveries for row in d.rows}
        for row in self.chance.sample(list(known.values()), min(2, len(known))):
            result, is_readable = self.chance.choice(["出证", "作废", "退件", ""]), self.chance.random() > 0.2
            rows.append(replace(row, completed=week, result=result, is_readable=is_readable))
        return self._deliver(week, rows)

    def late_file(self) -> str:
        if not self.weeks:
            return "no week yet"
        return self._deliver(week := self._one_of(self.weeks), [self._row(week)])

    def received_file(self) -> str:
        """By the command, on a day that may lie before the one it is loaded on."""
        if not self.weeks:
            return "no week yet"
        told = self._deliver(week := self._one_of(self.weeks), [self._row(week)])
        delivery = self.books.deliveries[-1]
        path = (self.root / "data/raw" / delivery.path).rename(self.root / f"{self.seed}.csv")
        self.do("receive", str(path), "--cut-off", str(week))
        path.unlink()
        delivery.events.append((self.today, True))
        return told

    def correction(self) -> str:
        corrected = {d.cut_off for d in self.books.deliveries if d.corrects}
        deliveries = [d for d in self.books.deliveries if d.cut_off not in corrected]
        if not deliveries:
            return "nothing to correct"
        delivery = self._one_of(deliveries)
        row = self.chance.choice(delivery.rows)
        row = replace(row, type=self.chance.choice(TYPES), result=self.chance.choice(["", "作废"]), is_readable=True)
        return self._deliver(delivery.cut_off, [row], corrects=True)

    def repeated_file(self) -> str:
        if not self.books.deliveries:
            return "nothing to repeat"
        delivery = self._one_of(self.books.deliveries)
        week = self.chance.choice([week for week in self.weeks if week >= delivery.cut_off])
        copy = self.root / "data/raw" / str(week) / f"repeated-{self.seed}.csv"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.root / "data/raw" / delivery.path, copy)
        return f"{delivery.path} again in {week}"

    def renamed_departments(self) -> str:
        self.departments = [f"{name}{self.seed % 100}（原）" for name in ("示例厅", "示例局")]
        return "、".join(self.departments)

    def _one_of(self, items: list[T]) -> T:
        """A newer one rather than an older one: the same one, whatever of the older history is left out."""
        for item in reversed(items):
            if self.chance.random() < 0.3:
                return item
        return items[0]

    def _row(self, week: date) -> Row:
        accepted = week - timedelta(days=self.chance.randrange(5))
        completed = self.chance.choice([None, min(week, accepted + timedelta(days=self.chance.randrange(3)))])
        area = self.chance.choice(["510000", "510000", "510100"])
        result = self.chance.choice(["", "", "出证", "作废", "退件"]) if completed else ""
        is_readable = self.chance.random() > 0.1
        case = f"N{self.seed}-{self.chance.getrandbits(32)}"
        return Row(case, self.chance.choice(TYPES), area, accepted, completed, result, is_readable)

    def _deliver(self, cut_off: date, rows: list[Row], *, corrects: bool = False) -> str:
        folder = self.root / "data/raw" / str(cut_off) / (f"更正{self.seed}" if corrects else "")
        folder.mkdir(parents=True, exist_ok=True)
        if corrects:
            (folder / "delivery.toml").write_text("corrects = true\n")
        path = folder / f"{self.seed}.csv"
        lines = [HEADER, *(_write(row, self.chance.choice(self.departments), path.stem) for row in rows), ""]
        path.write_text("\n".join(lines), encoding="utf-8")
        place = path.relative_to(self.root / "data/raw").as_posix()
        self.books.deliveries.append(Delivery(cut_off, corrects, rows, place))
        return f"{place}, {len(rows)} rows"

    # ---------------------------------------------------------------- the world around it

    def clock_set_back(self) -> str:
        self.slow_clock = timedelta(hours=self.chance.randint(1, 50))
        return f"it is {self.slow_clock} slow"

    def days_pass(self) -> str:
        self.days = min(self.days + self.chance.randint(1, 2), 4)
        return f"{self.days} since Monday"

    def changed_rules(self) -> str:
        groups = dict(zip(TYPES, self.chance.sample(GROUPS[:3], 3), strict=True))  # a group without a type is refused
        self.rules, text = Rules(groups, self.chance.choice([("作废",), ("作废", "退件")])), PROFILE
        for type_, group in groups.items():
            text = re.sub(rf'(label = "{type_}"\ngroup = )"\w+"', rf'\1"{group}"', text)
        if "退件" in self.rules.voids:
            text = text.replace('result = ["作废", ', 'result = ["退件", "作废", ')
        (self.root / "profiles").mkdir(exist_ok=True)
        (self.root / "profiles/sichuan.toml").write_text(text, encoding="utf-8")
        self.is_drafted = False
        return str(self.rules)


def _write(row: Row, department: str, note: str) -> str:
    accepted = row.accepted if row.is_readable else "待定"
    return f"{row.case},{row.type},{department},{row.area},{accepted},{row.completed or ''},{row.result},{note}"
