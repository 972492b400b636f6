"""receipts.jsonl beside the raw files: when each file was received, loaded or withdrawn, and what was decided about them.

Lines are only ever appended. With the files they are all that a rebuild needs.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import ClassVar, Self

from flows.domain.calendar import Calendar
from flows.domain.cases import cut_off_of
from flows.domain.figures import Notice
from flows.domain.holidays import FILE as HOLIDAYS
from flows.domain.holidays import Announcement, combine, read_text, write_text
from flows.domain.text import BadInput
from flows.domain.verdicts import COMMAND_LINE, Waiver
from flows.root.files import append_text, split_torn
from flows.root.project import Project


@dataclass(frozen=True)
class _Line:
    """The keys of a line, in their order; each action fills them in its own way, the last three are left out when empty."""

    action: str
    at: str
    sha256: str
    file: str
    delivery_id: str
    reason: str = ""
    by: str = ""
    sheet: str = ""
    row_no: int = 0

    def write(self) -> str:
        values = {name: value for name, value in vars(self).items() if value or name not in ("by", "sheet", "row_no")}
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


@dataclass(frozen=True)
class Receipt(ABC):
    """One event, at the moment it was written down."""

    action: ClassVar[str]
    at: datetime

    @classmethod
    @abstractmethod
    def parse(cls, at: datetime, line: _Line) -> Self: ...

    @abstractmethod
    def to_line(self) -> _Line: ...

    def _line(self, sha256: str, file: str, delivery_id: str, reason: str = "", by: str = "") -> _Line:
        return _Line(self.action, self.at.isoformat(), sha256, file, delivery_id, reason, by)


@dataclass(frozen=True)
class Received(Receipt):
    """A file was copied into data/raw; `file` is its path below it."""

    action: ClassVar[str] = "received"
    sha256: str
    file: str

    @classmethod
    def parse(cls, at: datetime, line: _Line) -> Self:
        return cls(at, line.sha256, line.file)

    def to_line(self) -> _Line:
        return self._line(self.sha256, self.file, "")


@dataclass(frozen=True)
class Returned(Received):
    """A file was taken out of data/raw before it was loaded. On disk the action is `returned`."""

    action: ClassVar[str] = "returned"


@dataclass(frozen=True)
class Loaded(Receipt):
    """A file was loaded into the warehouse, as a part of a delivery."""

    action: ClassVar[str] = "loaded"
    sha256: str
    file: str
    delivery_id: str

    @property
    def cut_off(self) -> date:
        return cut_off_of(self.delivery_id)

    @classmethod
    def parse(cls, at: datetime, line: _Line) -> Self:
        return cls(at, line.sha256, line.file, line.delivery_id)

    def to_line(self) -> _Line:
        return self._line(self.sha256, self.file, self.delivery_id)


@dataclass(frozen=True)
class Withdrawn(Receipt):
    """A loaded file was withdrawn, with its delivery."""

    action: ClassVar[str] = "withdrawn"
    sha256: str
    file: str
    delivery_id: str
    reason: str

    @property
    def cut_off(self) -> date:
        return cut_off_of(self.delivery_id)

    @classmethod
    def parse(cls, at: datetime, line: _Line) -> Self:
        return cls(at, line.sha256, line.file, line.delivery_id, line.reason)

    def to_line(self) -> _Line:
        return self._line(self.sha256, self.file, self.delivery_id, self.reason)


@dataclass(frozen=True)
class Waived(Receipt):
    """A broken rule was waived for the deliveries of one cut-off. On disk the action is `accepted`."""

    action: ClassVar[str] = "accepted"
    rule: str
    cut_off: date
    reason: str
    by: str

    @classmethod
    def parse(cls, at: datetime, line: _Line) -> Self:
        return cls(at, line.file, date.fromisoformat(line.delivery_id), line.reason, line.by)

    def to_line(self) -> _Line:
        return self._line("", self.rule, self.cut_off.isoformat(), self.reason, self.by)


@dataclass(frozen=True)
class ClassificationChange:
    """Profile.classification, in force for the deliveries with a cut-off after `after`."""

    after: date
    classification: str


@dataclass(frozen=True)
class Classified(Receipt):
    """The classification of the profile changed. On disk the action is `rules`."""

    action: ClassVar[str] = "rules"
    profile: str
    change: ClassificationChange

    @classmethod
    def parse(cls, at: datetime, line: _Line) -> Self:
        return cls(at, line.file, ClassificationChange(date.fromisoformat(line.delivery_id), line.reason))

    def to_line(self) -> _Line:
        after, classification = self.change.after, self.change.classification
        return self._line(_digest(classification), self.profile, after.isoformat(), classification)


@dataclass(frozen=True)
class Announced(Receipt):
    """The working calendar changed: all that is announced of days off from then on. On disk the action is `calendar`."""

    action: ClassVar[str] = "calendar"
    announcements: tuple[Announcement, ...]

    @classmethod
    def parse(cls, at: datetime, line: _Line) -> Self:
        return cls(at, read_text(line.reason))

    def to_line(self) -> _Line:
        text = write_text(self.announcements)
        return self._line(_digest(text), HOLIDAYS, "", text)


@dataclass(frozen=True)
class Noticed(Receipt):
    """A notice of correction of a published week was issued; `figures` by group and measure, in cases. On disk the action is `notice`."""

    action: ClassVar[str] = "notice"
    week_end: date
    figures: Mapping[str, Mapping[str, int]]
    by: str

    @classmethod
    def parse(cls, at: datetime, line: _Line) -> Self:
        return cls(at, date.fromisoformat(line.delivery_id), json.loads(line.reason), line.by)

    def to_line(self) -> _Line:
        text = json.dumps(self.figures, sort_keys=True)
        return self._line(_digest(text), "", self.week_end.isoformat(), text, self.by)


@dataclass(frozen=True)
class Closed(Receipt):
    """A quarantined row was closed by hand: nobody will deliver it again. `sha256` is its file's, which names it whatever becomes of the
    file's place.
    """

    action: ClassVar[str] = "closed"
    sha256: str
    file: str
    delivery_id: str
    sheet: str
    row_no: int
    reason: str
    by: str

    @classmethod
    def parse(cls, at: datetime, line: _Line) -> Self:
        return cls(at, line.sha256, line.file, line.delivery_id, line.sheet, line.row_no, line.reason, line.by)

    def to_line(self) -> _Line:
        line = self._line(self.sha256, self.file, self.delivery_id, self.reason, self.by)
        return replace(line, sheet=self.sheet, row_no=self.row_no)


@dataclass(frozen=True)
class Reopened(Closed):
    """A row that was closed by hand is open again."""

    action: ClassVar[str] = "reopened"


_KINDS: dict[str, type[Receipt]] = {
    kind.action: kind
    for kind in (Received, Returned, Loaded, Withdrawn, Waived, Classified, Announced, Noticed, Closed, Reopened)
}


def read_receipts(project: Project, size: int | None = None) -> list[Receipt]:
    """All receipts, oldest first; or those in the first `size` bytes.

    Raises:
        BadInput: a line that is not a receipt.
    """
    if not project.receipts.is_file():
        return []
    return parse_receipts(project.receipts, size)


def parse_receipts(path: Path, size: int | None = None) -> list[Receipt]:
    """The receipts in a file, oldest first; or those in its first `size` bytes.

    Raises:
        BadInput: a line that is not a receipt.
    """
    lines = split_torn(path.read_bytes()[:size])[0].split(b"\n")
    return [_parse(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def write_receipts(receipts: Iterable[Receipt]) -> str:
    return "".join(receipt.to_line().write() for receipt in receipts)


def append_receipts(project: Project, receipts: Iterable[Receipt]) -> None:
    """Append the lines and sync them: no receipt is lost once this returns, and none is there if it raises."""
    if lines := write_receipts(receipts):
        append_text(project.receipts, lines)


def select_known(receipts: Sequence[Receipt], at: datetime) -> list[Receipt]:
    """Those that were on record at a time. The order of the lines counts, not the clock, which may have been set back: a receipt is
    as late as the latest one through it.
    """
    return list(takewhile(lambda receipt: receipt.at <= at, receipts))


def split_by_load(
    receipts: Sequence[Receipt], after: date
) -> tuple[list[Receipt], list[Receipt], list[Receipt]] | None:
    """What stood there before the run that was the first to load a cut-off after that day, what this run wrote, and what came later;
    None if there was no such run.
    """
    place = next((i for i, r in enumerate(receipts) if isinstance(r, Loaded) and r.cut_off > after), None)
    if place is None:
        return None
    at = receipts[place].at  # the one of all lines that a run writes together
    run = list(takewhile(lambda r: r.at == at, receipts[place:]))
    before = list(receipts[:place])
    while before and before[-1].at == at:
        run.insert(0, before.pop())
    return before, run, list(receipts[len(before) + len(run) :])


def find_withdrawn(receipts: Iterable[Receipt]) -> set[str]:
    """The contents (SHA-256) that were withdrawn and not received again since.

    A delivery is withdrawn as a whole, even where a power cut has left the line of one of its files alone.
    """
    deliveries: dict[str, str] = {}
    withdrawn: set[str] = set()
    for receipt in receipts:
        if isinstance(receipt, Received):
            withdrawn.discard(receipt.sha256)
        elif isinstance(receipt, Loaded):
            deliveries[receipt.sha256] = receipt.delivery_id
        elif isinstance(receipt, Withdrawn):
            withdrawn |= {receipt.sha256, *(s for s, name in deliveries.items() if name == receipt.delivery_id)}
    return withdrawn


def list_classifications(receipts: Iterable[Receipt]) -> list[ClassificationChange]:
    """The classifications that were ever in force, oldest first."""
    return [receipt.change for receipt in receipts if isinstance(receipt, Classified)]


def list_announced(receipts: Iterable[Receipt]) -> list[Announced]:
    """Each change of the working calendar, oldest first."""
    return [receipt for receipt in receipts if isinstance(receipt, Announced)]


def find_calendar(project: Project, known: Iterable[Receipt], day: date) -> Calendar:
    """The working calendar that the receipts known then have on record.

    Before the first record that one counts, and today's where there is none, without what was announced after `day`.
    """
    if recorded := list_announced(known):
        return combine(recorded[-1].announcements)
    first = list_announced(read_receipts(project))[:1]
    announcements = first[0].announcements if first else project.announcements
    return combine(each for each in announcements if each.announced <= day)


def receipt_of(waiver: Waiver, at: datetime) -> Waived:
    return Waived(at, waiver.rule, waiver.cut_off, waiver.reason, waiver.by)


def list_waivers(receipts: Iterable[Receipt]) -> list[Waiver]:
    """The waivers given on the command line, oldest first."""
    return [
        Waiver(r.rule, r.cut_off, r.reason, r.by, r.at.date(), COMMAND_LINE) for r in receipts if isinstance(r, Waived)
    ]


def find_notices(receipts: Iterable[Receipt]) -> dict[date, Notice]:
    """The newest notice of each published week that has one."""
    return {r.week_end: Notice(r.at.date(), r.by, r.figures) for r in receipts if isinstance(r, Noticed)}


def find_closed(receipts: Iterable[Receipt]) -> list[Closed]:
    """The rows of the quarantine that were closed by hand and not opened again since, by content, sheet and row."""
    closed: dict[tuple[str, str, int], Closed] = {}
    for receipt in receipts:
        if isinstance(receipt, Closed):
            closed.pop(place := (receipt.sha256, receipt.sheet, receipt.row_no), None)
            if not isinstance(receipt, Reopened):
                closed[place] = receipt
    return list(closed.values())


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _parse(path: Path, number: int, line: bytes) -> Receipt:
    try:
        values = _Line(**json.loads(line))
        return _KINDS[values.action].parse(datetime.fromisoformat(values.at), values)
    except (ValueError, TypeError, KeyError):
        raise BadInput(
            "{receipts} line {number} is not a receipt. Only the program may append to this file: "
            "restore it from a backup.",
            receipts=path,
            number=number,
        ) from None
