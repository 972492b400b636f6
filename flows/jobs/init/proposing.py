"""What is proposed of a file: which of its columns means what, by name and content."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import Path

from flows.domain.profile import Profile, load_profile
from flows.domain.text import Text
from flows.jobs.init.headers import BARE, NO_OPENING, WORDS, has_word, is_counter, place_of_word
from flows.jobs.init.numbers import APART, agree, tell_apart
from flows.sources.columns import Column, clean, read_order
from flows.sources.preview import Preview, preview

MOSTLY = 0.5  # of the rows; of the cases of a log: so many have several activities, and several times
_EMPTIER = 0.02  # of the rows: so many more are open than have no time of opening


@dataclass(frozen=True)
class Found:
    """A table of a file with its columns, and which of them is proposed for what: canonical name → header.

    `key_parts` are what makes a case known where its number alone does not; `notes` what a person should know of the proposal.
    """

    table: Preview
    columns: tuple[Column, ...]
    proposed: Mapping[str, str]
    key_parts: tuple[str, ...] = ()
    notes: tuple[Text, ...] = field(default=(), compare=False)

    def column(self, header: str) -> Column:
        return next(column for column in self.columns if column.header == header)

    def clock_of(self, header: str) -> str:
        """The column that tells the time of day of one that tells only the day; '' where there is none."""
        day = self.column(header)
        if not day.is_time or day.has_clock:
            return ""
        clocks = [column for column in self.columns if column.is_clock]
        alike = [column for column in clocks if _name_moment(column.header) == _name_moment(header)]
        days = [column for column in self.columns if column.is_time]
        chosen = alike or (clocks if len(clocks) == len(days) == 1 else [])
        return chosen[0].header if len(chosen) == 1 else ""


def _name_moment(header: str) -> str:
    """A header without the words for days and times of day: what it is the time of."""
    return re.sub("date|time|day|日期|时间|時間|时刻|[^a-z\u4e00-\u9fff]", "", header.lower())


def look(paths: Sequence[Path]) -> list[Found]:
    """The largest table of each file, and what its columns seem to be by name and content.

    Raises:
        BadInput: a file cannot be read, or holds no table with a header.
    """
    known = load_profile("generic")
    return [_look_at(preview(path)[0], known) for path in paths]


def _look_at(table: Preview, known: Profile) -> Found:
    rows = list(
        dict.fromkeys(tuple(map(clean, row)) for row in table.rows)
    )  # a row that is sent twice says nothing new
    is_day_first = read_order(cell for row in rows for cell in row) == "day"
    columns = tuple(
        Column(header, tuple(row[i] for row in rows), is_day_first) for i, header in enumerate(table.header) if header
    )
    chooser = _Chooser(columns, known)
    if not chooser.propose_events():
        chooser.propose_cases()
    for name in ("item_type", "department", "status"):
        if name not in chooser.proposed and not (name == "status" and "activity" in chooser.proposed):
            chooser.propose(name, [c for c in chooser.free() if c.is_kind and (c.is_named or name != "department")])
    if "item_type" not in chooser.proposed and (items := [c for c in chooser.free() if c.is_kind]):
        chooser.propose("item_type", [c for c in items if known.canonical(c.header) == "item_name"], of="item_name")
    return Found(
        table, columns, {n: c.header for n, c in chooser.proposed.items()}, chooser.key_parts, tuple(chooser.notes)
    )


class _Chooser:
    """Chooses columns by name and content, one for each meaning."""

    def __init__(self, columns: Sequence[Column], known: Profile) -> None:
        self.columns, self.known = columns, known
        self.proposed: dict[str, Column] = {}
        self.key_parts: tuple[str, ...] = ()
        self.notes: list[Text] = []

    def free(self) -> list[Column]:
        return [column for column in self.columns if column not in self.proposed.values()]

    @cached_property
    def times(self) -> list[Column]:
        return [column for column in self.columns if column.is_time]

    def find(self, name: str, fitting: Iterable[Column]) -> Column | None:
        """Of the fitting columns the first by whole name, in the order of `generic`; else by a word of it, the surer words first."""
        columns = list(fitting)
        named = [column for column in columns if self.known.canonical(column.header) == name]
        if named:
            return min(named, key=lambda column: self.known.rank(column.header, name))
        worded = [c for c in columns if self.known.canonical(c.header) is None and has_word(c, WORDS.get(name, ""))]
        of_cases = self.proposed["case_no"].words if "case_no" in self.proposed else ()

        def judge(column: Column) -> tuple[bool, bool, int]:
            is_of_cases = any(word in of_cases for word in column.words)  # Inspection Type beside Inspection ID
            return len(column.counts) == 1, not is_of_cases, place_of_word(column, WORDS[name])

        return min(worded, key=judge, default=None)

    def propose(self, name: str, fitting: Iterable[Column], *, of: str = "") -> Column | None:
        """What `find` finds, of another meaning where that may stand for this one."""
        if found := self.find(of or name, fitting):
            self.proposed[name] = found
        return found

    # ---------------------------------------------------------------- a row is a case

    def propose_cases(self) -> None:
        opened = self._find_opened()
        if opened:
            self.proposed["accepted_at"] = opened
            if closed := self._find_closed(opened):
                self.proposed["completed_at"] = closed
            else:
                self.notes.append(Text("no time of completion was found: cases count as accepted, never as completed"))
            self.propose("version_at", [c for c in self.free() if c.is_time and c.is_full])
        self._propose_number(opened)

    def _find_opened(self) -> Column | None:
        full = [column for column in self.times if column.filled >= 1 - 5 * _EMPTIER]
        if found := self.find("accepted_at", full):
            return found
        applied = [column for column in full if self.known.canonical(column.header) == "applied_at"]
        unknown = [c for c in full if self.known.canonical(c.header) is None and not has_word(c, NO_OPENING)]
        begun = [column for column in unknown if not has_word(column, WORDS["completed_at"])] or unknown
        bare = [column for column in begun if column.header.lower() in BARE]
        earliest = [c for c in begun if all(c.precedes(other) for other in begun)]
        whole = self.times if len(self.times) == 1 and full else []
        return next(iter(applied or bare or earliest or whole), None)

    def _find_closed(self, opened: Column) -> Column | None:
        """By name; else the only other time behind the opening that some cases lack, since they are still open."""
        later = [column for column in self.free() if column.is_time and opened.precedes(column)]
        unknown = [c for c in later if self.known.canonical(c.header) is None and not has_word(c, NO_OPENING)]
        emptier = [column for column in unknown if MOSTLY <= column.filled <= opened.filled - _EMPTIER]
        return self.find("completed_at", later) or (emptier[0] if len(emptier) == 1 else None)

    def _propose_number(self, opened: Column | None) -> None:
        """A key; else a number that nearly is one; else one that is with something beside it."""
        numbers = [column for column in self.free() if not column.is_time and column.is_full]
        keys = [column for column in numbers if column.is_key]
        own = [column for column in keys if not is_counter(column)]
        if self.propose("case_no", own):
            return
        named = [c for c in numbers if not c.is_key and c.is_number and self._is_named_number(c)]
        number = self.find("case_no", named)
        if number and self._tell_apart(number, opened, least=1 if keys else APART):
            return
        if number and (number.is_nearly_key or (opened and agree(number, opened))):
            self.proposed["case_no"] = number
            self.notes.append(
                Text(
                    "{header}: {share} of the rows repeat the number of another row; rows of one number count as one case",
                    header=number.header,
                    share=f"{1 - number.distinct:.1%}",
                )
            )
            return
        only = [
            c
            for c in own
            if c.is_number and self.known.canonical(c.header) is None and not self.known.is_personal(c.header)
        ]
        if len(only) == 1:
            self.proposed["case_no"] = only[0]
        elif len(keys) == 1 and is_counter(keys[0]):
            self.proposed["case_no"] = keys[0]
            self.notes.append(
                Text(
                    "{header} may count rows: use it only if a case keeps its number from export to export",
                    header=keys[0].header,
                )
            )

    def _is_named_number(self, column: Column) -> bool:
        return self.known.canonical(column.header) == "case_no" or has_word(column, WORDS["case_no"])

    def _tell_apart(self, number: Column, opened: Column | None, *, least: float) -> bool:
        # a number of cases that comes again on another day may be a case told anew; one of a licensee is not
        is_of_cases = self.known.canonical(number.header) == "case_no"
        parts, other = tell_apart(number, None if is_of_cases else opened, self.free(), least=least)
        if not other:
            return False
        self.key_parts = parts
        self.proposed |= {"case_no": number} | ({"key_part": other} if "key_part" in parts else {})
        self.notes.append(
            Text(
                "{header} comes again: only together with {other} it tells a case",
                header=number.header,
                other=other.header,
            )
        )
        return True

    # ---------------------------------------------------------------- a row is an event of a case

    def propose_events(self) -> bool:
        """Whether it is a log of events: a full number that comes again and again, within which activity and time change."""
        repeated = [c for c in self.columns if not c.is_time and c.is_full and 0 < c.distinct < 1 and not is_counter(c)]
        numbers = [column for column in repeated if self._is_named_number(column) or has_word(column, "case")]
        times = [column for column in self.times if column.is_full]
        kinds = [column for column in self.columns if column.is_kind and has_word(column, WORDS["activity"])]
        key = self.find("case_no", [c for c in self.columns if c.is_key and not c.is_time and not is_counter(c)])
        for number in sorted(numbers, key=lambda c: (not has_word(c, "case"), self._rank_number(c), -c.distinct)):
            groups = _group(number)
            changing = [c for c in kinds if c is not number and _changes(c, groups)]
            moving = [column for column in times if _changes(column, groups)]
            activity = min(changing, key=lambda c: place_of_word(c, WORDS["activity"]), default=None)
            if not activity or not moving or (key and not has_word(activity, "activity event concept 环节 活动 步骤")):
                continue
            latest = [column for column in moving if all(other.precedes(column) for other in moving)] or moving
            moment = min(latest, key=lambda column: place_of_word(column, WORDS["event_at"]))
            self.proposed |= {"case_no": number, "event_at": moment, "activity": activity}
            return True
        return False

    def _rank_number(self, column: Column) -> int:
        is_known = self.known.canonical(column.header) == "case_no"
        return self.known.rank(column.header, "case_no") if is_known else 1000 + place_of_word(column, WORDS["case_no"])


def _group(number: Column) -> list[list[int]]:
    """The rows of each number that comes again."""
    order = sorted(range(len(number.values)), key=number.values.__getitem__)
    rows = [list(found) for _, found in groupby(order, key=number.values.__getitem__)]
    return [found for found in rows if len(found) > 1]


def _changes(column: Column, groups: Sequence[Sequence[int]]) -> bool:
    changing = sum(len({column.values[row] for row in rows}) > 1 for rows in groups)
    return changing > 0 and changing >= MOSTLY * len(groups)
