"""An office, simulated: a plan of steps drawn from a seed, and what each of them does to the office and to its books.

A step draws what it needs from a seed of its own and takes the office as it finds it, so that a plan stays a history when steps are left
out of it. After each step every figure is that of the books (`judge`).
"""

import json
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from books import GROUPS, MEASURES, Figures
from office_desk import KEYS, PATIENCE, at_syncing, end, make_keys, read_key, refuse
from office_mail import Mail

QUESTIONS = 3  # the weeks that each step is asked for

DEPARTMENTS = ("late_file", "received_file", "correction", "repeated_file", "renamed_departments")
WORLD = ("clock_set_back", "days_pass", "changed_rules")
ACCIDENTS = ("full_disk", "full_disk", "killed_run", "killed_run", "two_runs")
WORK = (  # taken in turn, by week and seed
    *(("publication",), ("earlier_day",), ("rebuilding",), ("explanation",), ("withdrawal",)),
    *(("publication", "verification"), ("rerun",), ("earlier_rerun",), ("verification",)),
)


@dataclass(frozen=True)
class Step:
    """The name of a method of Office, and the seed it draws from."""

    kind: str
    seed: int


def draw_plan(seed: int, weeks: int) -> list[Step]:
    """Each week is delivered, something happens to it, it is loaded (or not before the next one), something is done."""
    chance = random.Random(seed)
    kinds = ["two_keys"] if chance.random() < 0.5 else []
    for week in range(weeks):
        kinds += ["week_begins", *chance.sample(DEPARTMENTS + WORLD, chance.randrange(4))]
        if chance.random() < 0.2:
            kinds.append(chance.choice(ACCIDENTS))
        elif week == weeks - 1 or chance.random() < 0.6:
            kinds.append("weekly")
        if chance.random() < 0.7:
            kinds += WORK[(seed + 4 * week) % len(WORK)]
    return [Step(kind, chance.getrandbits(32)) for kind in kinds]


class Office(Mail):
    """What happens, a method a step: it returns what it did, in words."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.published: dict[date, Figures] = {}
        self.waiting: tuple[date, int] | None = None  # for its checker, and the state of the warehouse then
        self.has_keys = False
        self.state = self.issue = 0
        self.told: list[str] = []

    def live(self, step: Step) -> None:
        """One step, then the judgement.

        Raises:
            AssertionError: the program does or says something else than the books.
        """
        self.told.append(step.kind)
        self.told[-1] += f": {self.act(step)}"
        self.judge()

    def act(self, step: Step) -> str:
        """One step without a judgement; returns what was done."""
        self.chance, self.seed = random.Random(step.seed), step.seed
        self.step += 1
        return str(getattr(self, step.kind)())

    def judge(self) -> None:
        """Every year-to-date of the newest weeks as of each cut-off since, and what was published."""
        if not self.books.rules:
            return
        ends = self.weeks[-QUESTIONS:]
        asked = [(last, as_of) for last in ends for as_of in ends if as_of >= last]
        found = {question: dict.fromkeys(self.books.count_year(date.max), 0) for question in asked}
        for row in json.loads(self.do("query", " union all ".join(map(_ask, asked)), "--json")):
            figures = found[date.fromisoformat(row["last"]), date.fromisoformat(row["as_of"])]
            figures |= {(row["group_key"], m): row[m] for m in MEASURES if row["group_key"] in GROUPS}
        for last, as_of in asked:
            _compare(f"the year to {last} as of {as_of}", found[last, as_of], self.books.count_year(last, as_of))
        for week, figures in self.published.items():
            record = json.loads((self.root / f"reports/{week}/published/publication.json").read_text())["figures"]
            _compare(f"the publication of {week}", _read(record), figures)

    # ---------------------------------------------------------------- the weekly run and its accidents

    def weekly(self) -> str:
        if not self.weeks:
            return "no week yet"
        week = self.weeks[-1]
        told = json.loads(self.do("weekly", "--week-ending", str(week), "--json"))
        self.take_in()
        self.is_drafted = True
        _compare(
            f"the week {week}", _read({g["group"]: g for g in told["groups"]}), _in_scope(self.books.count_year(week))
        )
        return f"the week {week}"

    def full_disk(self) -> str:
        if not self.weeks:
            return "no week yet"
        with at_syncing(left := self.chance.randrange(40), refuse):
            code, said = self.say("weekly", "--week-ending", str(self.weeks[-1]))
        assert code in (0, 3), said
        return f"at syncing {left} (exit {code}), then {self.weekly()}"

    def killed_run(self) -> str:
        if not self.weeks:
            return "no week yet"
        last = self.chance.randrange(40)
        code = end(self.start("weekly", "--week-ending", str(self.weeks[-1]), last_syncing=last))
        assert code in (0, -9), code
        return f"at syncing {last} (exit {code}), then {self.weekly()}"

    def two_runs(self) -> str:
        if not self.weeks:
            return "no week yet"
        children = [self.start("weekly", "--week-ending", str(self.weeks[-1]), *PATIENCE) for _ in range(2)]
        assert [end(child) for child in children] == [0, 0]
        return f"at once, then {self.weekly()}"

    def rebuilding(self) -> str:
        if not self.books.rules:
            return "nothing to rebuild"
        said = self.do("rebuild")
        self.take_in()
        return said.strip()

    def withdrawal(self) -> str:
        if not self.books.rules:
            return "nothing to withdraw"
        files = json.loads(self.do("query", "select delivery_id, file from delivered_files order by all", "--json"))
        name: str = self.chance.choice(sorted({file["delivery_id"] for file in files}))
        paths = {file["file"] for file in files if file["delivery_id"] == name}
        gone = [d for d in self.books.deliveries if d.path in paths]
        left = [d for d in self.books.deliveries if d.is_known(date.max) and d not in gone]
        if not any(row.is_readable and row.area == "510000" and not row.result for d in left for row in d.rows):
            return f"{name} is all there is"
        self.do("withdraw", name, "--reason", "错发")
        for delivery in gone:
            delivery.events.append((self.today, False))
        self._rules_in_force()
        return name

    def take_in(self) -> None:
        """All that waits is in the warehouse, under the rules of the profile."""
        for delivery in self.books.deliveries:
            if not delivery.events:
                delivery.events.append((self.today, True))
            delivery.is_loaded = True
        self._rules_in_force()

    def _rules_in_force(self) -> None:
        if not self.books.rules or self.books.rules[-1][1] != self.rules:
            self.books.rules.append((self.today, self.rules))
        self.is_drafted = False
        self.state += 1

    # ---------------------------------------------------------------- what the office is asked

    def explanation(self, known: date = date.max) -> str:
        if not self.books.rules:
            return "nothing to explain"
        week = self.weeks[-1]
        counted = self.books.count_year(week, known=known)
        ((group, measure),) = self.chance.choices(list(counted), [1 + 9 * cases for cases in counted.values()])
        words = (group, measure, "--week-ending", str(week), *_known_on(known))
        if not any(counted.values()):
            code, said = self.say("explain", *words)
            assert code in (0, 6), said
            return "there was nothing"
        told = json.loads(self.do("explain", *words, "--json"))
        sums = {name: sum(part["cases"] for part in told[name]) for name in ("files", "departments", "causes")}
        expected = counted[group, measure]
        assert told["cases"] == sums["files"] == sums["departments"] == expected, (
            f"{words}: {expected} in the books, {told}"
        )
        assert told["cases_before"] + sums["causes"] == expected, f"{words}: {told}"
        return " ".join(words)

    def earlier_day(self) -> str:
        days = {day for delivery in self.books.deliveries for day, _ in delivery.events}
        return self.explanation(self.chance.choice(sorted(days))) if days else "no day yet"

    def rerun(self, known: date = date.max) -> str:
        if not self.books.rules:
            return "nothing to rerun"
        last, first = self.weeks[-1], self.weeks[-QUESTIONS:][0] - timedelta(days=self.chance.randrange(5))
        as_of = self.chance.choice([date.max, *self.weeks[-QUESTIONS:]]) if known == date.max else date.max
        counted = self.books.count(first, last, as_of, known)
        words = ("--from", str(first), "--to", str(last), *_known_on(known), *_as_of(as_of))
        code, said = self.say("rerun", *words, "--json")
        if code == 6 and not any(counted.values()):
            return "there was nothing"
        assert code in (0, 4), f"exit {code}\n{said}"  # 4: a week of the range had nothing
        told = json.loads(said)
        _compare(f"the range {words}", _read({g["group"]: g for g in told["groups"]}), _in_scope(counted))
        for week in told["weeks"]:
            figures = self.books.count_year(date.fromisoformat(week["end"]), as_of, known)
            assert bool(week["failure"]) <= (not any(figures.values())), week
            _compare(f"the week {week['end']} of the range {words}", _read(week), _in_scope(figures))
        return " ".join(words)

    def earlier_rerun(self) -> str:
        days = {day for delivery in self.books.deliveries for day, _ in delivery.events}
        return self.rerun(self.chance.choice(sorted(days))) if days else "no day yet"

    # ---------------------------------------------------------------- what the office signs

    def two_keys(self) -> str:
        if self.weeks or self.has_keys:
            return "it has signed already"
        make_keys()
        for name, role, by in zip(KEYS, ("编发", "审核"), ((), ("--by", KEYS[0])), strict=True):
            words = ("--name", name, "--role", role, "--key", read_key(name), "--from", "2021-12-01")
            self.do("signers", "add", *words, *by)
        self.has_keys = True
        return "、".join(KEYS)

    def publication(self) -> str:
        if self.waiting:
            return self._approval(*self.waiting)
        if not self.weeks or self.weeks[-1] in self.published:
            return "nothing to publish"
        week = self.weeks[-1]
        if not self.is_drafted:
            self.weekly()
        numbers = ("--issue", str(self.issue + 1), "--serial", str(self.issue + 1))
        by = ("--by", KEYS[0]) if self.has_keys else ("--by", KEYS[0], "--checked-by", KEYS[1], "--unsigned")
        self.do("publish", "--week-ending", str(week), *by, *numbers)
        if self.has_keys:
            self.waiting = (week, self.state)
            if self.chance.random() < 0.3:
                return f"{week} waits for its checker"
            return self._approval(*self.waiting)
        return self._published(week)

    def _approval(self, week: date, state: int) -> str:
        """Of what has changed since its author signed, nothing can be approved: it is taken back."""
        code, said = self.say("approve", "--week-ending", str(week), "--by", KEYS[1])
        self.waiting = None
        if code == 0:
            return self._published(week)
        assert code == 3 and state != self.state, said
        self.do("publish", "--week-ending", str(week), "--discard")
        return f"{week} taken back"

    def _published(self, week: date) -> str:
        self.issue += 1
        self.published[week] = _in_scope(self.books.count_year(week))
        return f"{week} published"

    def verification(self) -> str:
        if not self.published:
            return "nothing to verify"
        week = self.chance.choice(list(self.published))
        self.do("verify", "--week-ending", str(week), *(() if self.has_keys else ("--unsigned",)))
        return str(week)


def _ask(question: tuple[date, date]) -> str:
    last, as_of = question
    return f"select '{last}' as last, '{as_of}' as as_of, * from year_to_date_as_of('{last}', '{as_of}')"


def _known_on(day: date) -> tuple[str, ...]:
    return ("--known-on", str(day)) if day != date.max else ()


def _as_of(cut_off: date) -> tuple[str, ...]:
    return ("--as-of", str(cut_off)) if cut_off != date.max else ()


def _read(groups: dict[str, dict[str, int]]) -> Figures:
    """The figures of groups in scope, as documents have them; statistics.json calls a group's own year by other keys than a range."""
    return {(group, measure): groups[group][measure] for group in GROUPS[:3] for measure in MEASURES}


def _in_scope(figures: Figures) -> Figures:
    return {key: cases for key, cases in figures.items() if key[0] != "out_of_scope"}


def _compare(what: str, found: Figures, expected: Figures) -> None:
    other = {" ".join(key): (found[key], expected[key]) for key in expected if found[key] != expected[key]}
    assert not other, f"{what}: the program and the books say {other}"
