"""The header of a table: found by matching the profile, not by position, and mapped to canonical columns."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NoReturn

from flows.domain.comparing import comparable, comparable_header, strip_brackets
from flows.domain.profile import Profile
from flows.domain.text import BadInput, CommandLine, Text

Cells = Sequence[str | None]


class NoHeader(BadInput):
    """No row among the first ones is a header. `holds_rows`: some of them look like cases."""

    holds_rows: bool


@dataclass(frozen=True)
class Header:
    """A header: its last row, counted from 1, its height in rows, its cells, and the positions of its columns.

    `clocks` are the positions of columns that hold the time of day of a column of `columns`, which then holds the day.
    """

    row: int
    height: int
    cells: tuple[str, ...]
    columns: dict[str, int]
    personal: frozenset[int]
    clocks: dict[str, int] = field(default_factory=dict)

    @property
    def personal_columns(self) -> int:
        return len(self.personal)

    @property
    def other_columns(self) -> int:
        known = {*self.columns.values(), *self.clocks.values(), *self.personal}
        return sum(1 for i, cell in enumerate(self.cells) if cell and i not in known)

    @property
    def width(self) -> int:
        """Fields of a row; a separator behind the last name is none."""
        return max(i for i, cell in enumerate(self.cells, 1) if cell)


HEADER_ROWS = 20  # rows searched for the header
MOST_COLUMNS = 1 << 14  # of a sheet, and of any table
_TALLEST = 4  # rows of a header, one level below another
_DESCRIBES_ACCEPTANCE = ("item_type", "applied_at", "due_at", "case_kind")
# Columns that decide what is counted: a table that lacks one, and has a column of a similar name, is not guessed at.
_COUNTING = ("accepted_at", "completed_at", "item_type", "area_code", "result", "status")
_ALIKE = 0.5  # likeness from which a name is suggested
_TOO_ALIKE = {"accepted_at": 0.75, "completed_at": 0.75}  # … from which it must be said what it is; of other columns:
_TOO_ALIKE_ELSE = 0.8
_LEAST_LETTERS = 4  # of a name that another one holds
_CLOCK = re.compile(
    r"(1899-12-3[01] )?([上下]午|[AaPp][Mm])? *([01]?\d|2[0-4])[:：时点]\d{1,2}([:：分]\d{0,2}秒?([.,]\d+)?)? *([AaPp][Mm])?|0([.]\d+)?"
)
_DAY = re.compile(r"(19|20)\d\d[-/.年]?\d{1,2}[-/.月]?\d{1,2}|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|\d{1,2}-\S+-\d{2}")
_LEAST_CASE_CELLS, _LEAST_CASE_DIGITS = 3, 5


def find_header(place: str, rows: Sequence[Cells], profile: Profile) -> Header:
    """The first header of a case table among the first twenty rows; where there is none, the likeliest is said to lack what it lacks.

    `rows` may go on below those that are searched: they tell which columns hold a time of day.

    Raises:
        BadInput: no header, two columns of the same meaning, a mandatory column is missing, or one that counts is there
            under a name that nobody knows.
    """
    for row, cells in enumerate(rows[:HEADER_ROWS], 1):
        refuse_width(place, row, max((i for i, cell in enumerate(cells, 1) if cell), default=0))
    found = _choose(list(_list_candidates(rows, profile)))
    if not found:
        _refuse_headerless(place, rows, profile)
    _, row, height, cells = found
    return map_header(place, row, height, cells, rows[row:], profile)


def refuse_width(place: str, row: int, columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise BadInput(
            "{place} row {row}: {columns} columns; a table has at most {most}. Export only the columns that are needed.",
            place=place,
            row=row,
            columns=columns,
            most=MOST_COLUMNS,
        )


def map_header(place: str, row: int, height: int, cells: list[str], below: Sequence[Cells], profile: Profile) -> Header:
    """A header that was found, as `find_header` gives it; `below` are some of the rows that it governs.

    Raises: as `find_header`.
    """
    columns, clocks = _map_columns(place, row, cells, below, profile)
    _require_columns(place, row, cells, columns, profile)
    _require_filled(place, row, cells, columns, below, profile)
    mapped = {*columns.values(), *clocks.values()}
    personal = frozenset(i for i, cell in enumerate(cells) if cell and i not in mapped and profile.is_personal(cell))
    return Header(row, height, tuple(cells), columns, personal, clocks)


def has_header(rows: Sequence[Cells], profile: Profile) -> bool:
    """Whether one of the first rows looks like the header of a case table."""
    return any(len(candidate[0]) >= 2 for candidate in _list_candidates(rows, profile))


def count_matches(cells: Cells, profile: Profile) -> int:
    """How many cells are headers of the profile."""
    return sum(profile.canonical(cell) is not None for cell in cells if cell and comparable(cell))


def is_header(cells: Cells, profile: Profile) -> bool:
    """Whether a row among the cases is a header: it holds at least two names of the profile, and its cells differ."""
    filled = [cell for cell in cells if cell]
    return count_matches(cells, profile) >= 2 and len(filled) == len(set(filled))


def looks_like_case(cells: Cells) -> bool:
    """Whether a row without a header may be a case: some cells, of which one is a day and another a long number."""
    filled = [bare for cell in cells if cell and (bare := _bare(cell))]
    if len(filled) < _LEAST_CASE_CELLS:
        return False
    days = [i for i, cell in enumerate(filled) if _DAY.match(cell)]
    numbers = [
        i for i, cell in enumerate(filled) if i not in days[:1] and sum(map(str.isdigit, cell)) >= _LEAST_CASE_DIGITS
    ]
    return bool(days and numbers)


def _bare(cell: str) -> str:
    """A cell without what keeps a spreadsheet from counting with it: ="…", an apostrophe."""
    return cell.strip().removeprefix("=").strip("\"' \t\ufeff")


def is_clock(text: str) -> bool:
    """Whether a text is a time of day without a day."""
    return bool(_CLOCK.fullmatch(text))


def continues(header: Header, rows: Sequence[Cells], profile: Profile) -> bool:
    """Whether rows without a header have the shape of the table before them, so that they go on in it; notes and totals apart."""
    filled = [row for row in rows if (first := _first_text(row)) and not re.match(profile.around_pattern, first)]
    return bool(filled) and all(_has_shape(header, row) for row in filled)


def _first_text(row: Cells) -> str:
    return next((cell.strip() for cell in row if cell and cell.strip()), "")


def _has_shape(header: Header, row: Cells) -> bool:
    def cell(position: int) -> str:
        return _bare(row[position] or "") if position < len(row) else ""

    times = [cell(at) for name, at in header.columns.items() if name.endswith("_at")]
    return (
        bool(cell(header.columns["case_no"]))
        and any(times)
        and all(not time or any(map(str.isdigit, time)) for time in times)
        and not any(text and text.strip() for text in row[len(header.cells) :])
    )


Candidate = tuple[set[str], int, int, list[str]]  # canonical columns, row (from 1), height, cells


def _choose(candidates: list[Candidate]) -> Candidate | None:
    """The first that can be a case table; one that begins in it and has more names, one level further down, takes its place.

    The first, and not the one with most names: what stands above a header is passed over.
    """
    whole = [c for c in candidates if "case_no" in c[0] and c[0] & {"accepted_at", "completed_at"}]
    if not whole:
        best = max(candidates, key=lambda c: (len(c[0]), -c[1]), default=None)
        return best if best and len(best[0]) >= 2 else None
    first = whole[0]
    for candidate in whole[1:]:
        names, row, height, _ = candidate
        if row - height < first[1] and len(names) > len(first[0]):
            first = candidate
    return first


def _list_candidates(rows: Sequence[Cells], profile: Profile) -> Iterator[Candidate]:
    """By their last row; of those that end in the same row the lower ones first."""
    cleaned = [[(cell or "").strip("\ufeff \t\r\n") for cell in row[:MOST_COLUMNS]] for row in rows[:HEADER_ROWS]]
    for row in range(1, len(cleaned) + 1):
        for height in range(1, min(row, _TALLEST) + 1):
            cells = _join_levels(cleaned[row - height : row], profile) if height > 1 else cleaned[row - 1]
            names = {canonical for cell in cells if cell and (canonical := profile.canonical(cell))}
            yield names, row, height, cells


def _join_levels(levels: Sequence[list[str]], profile: Profile) -> list[str]:
    """Join header rows: 受理 (merged over 时间, 部门) above 时间 is 受理时间; a name that is a header by itself stays."""
    groups = [""] * len(levels)
    cells = []
    for i in range(max(map(len, levels))):
        names = [level[i] if i < len(level) else "" for level in levels]
        for level, name in enumerate(names):
            if name:  # a new group ends those below it
                groups[level:] = [name, *[""] * (len(levels) - level - 1)]
        cells.append(_join_names(names, groups, profile))
    return cells


def _join_names(names: list[str], groups: list[str], profile: Profile) -> str:
    """The lowest name of a column, behind as many of the groups above it as make it a header of the profile."""
    lowest = max((level for level, name in enumerate(names) if name), default=-1)
    if lowest < 0:
        return ""
    above = [group for group in groups[:lowest] if group and group != names[lowest]]
    choices = ["".join([*above[len(above) - taken :], names[lowest]]) for taken in range(len(above) + 1)]
    known = (choice for choice in choices if profile.canonical(choice))
    return next(known, choices[min(1, len(above))])


def _map_columns(
    place: str, row: int, cells: list[str], below: Sequence[Cells], profile: Profile
) -> tuple[dict[str, int], dict[str, int]]:
    columns: dict[str, int] = {}
    clocks: dict[str, int] = {}
    for position, cell in enumerate(cells):
        canonical = profile.canonical(cell) if cell else None
        if canonical is None:
            continue
        if canonical not in columns:
            columns[canonical] = position
            continue
        pair = (columns[canonical], position)
        held = cells[pair[0]]
        if (
            canonical.endswith("_at")
            and canonical not in clocks
            and (parted := _part_day_and_clock(pair, below, profile))
        ):
            columns[canonical], clocks[canonical] = parted
        elif canonical not in profile.preferred or comparable_header(held) == comparable_header(cell):
            _refuse_rivals(place, row, (held, cell), canonical, profile)
        elif profile.rank(cell, canonical) < profile.rank(held, canonical):
            columns[canonical] = position  # the other one is passed over, as any column outside the allow-list
    return columns, clocks


def _part_day_and_clock(pair: tuple[int, int], rows: Sequence[Cells], profile: Profile) -> tuple[int, int] | None:
    """Which of two columns holds the day and which the time of day; None if it is not so in all rows."""

    def holds_clocks(position: int) -> bool:
        cases = (row for row in rows if not re.match(profile.around_pattern, _first_text(row)))
        texts = [(row[position] or "").strip() for row in cases if position < len(row)]
        told = [text for text in texts if text]
        return bool(told) and all(map(is_clock, told))

    first, second = (holds_clocks(position) for position in pair)
    if first == second:
        return None
    return (pair[1], pair[0]) if first else pair


def _require_columns(place: str, row: int, cells: list[str], columns: dict[str, int], profile: Profile) -> None:
    """Require a case number; 受理时间, except in tables of results; and with acceptance an area, or an item code.

    No area is required if the profile's scope is everything. What else counts may be absent, but not unknown.
    """
    missing = []
    if "case_no" not in columns:
        missing.append("case_no")
    if "accepted_at" not in columns and ("completed_at" not in columns or columns.keys() & _DESCRIBES_ACCEPTANCE):
        missing.append("accepted_at")
    if "accepted_at" in columns and profile.scope_areas and not columns.keys() & {"area_code", "item_code"}:
        missing.append("area_code")
    if missing:
        _refuse_missing(place, row, cells, missing[0], profile)
    for name in _COUNTING:
        if name not in columns and name in profile.columns:
            for cell in _list_unknown(cells, profile):
                if alias := _find_resembled(cell, name, profile):
                    _refuse_unknown(place, row, cell, (name, alias), profile)


def _require_filled(
    place: str, row: int, cells: list[str], columns: dict[str, int], below: Sequence[Cells], profile: Profile
) -> None:
    """Require that a column that decides what is counted is not empty where one of a similar name holds the days."""

    def texts(position: int) -> list[str]:
        return [bare for line in below if position < len(line) and (bare := _bare(line[position] or ""))]

    for name in columns.keys() & _TOO_ALIKE.keys():
        if not texts(columns[name]):
            for cell in _list_unknown(cells, profile):
                alias = _find_resembled(cell, name, profile)
                if alias and any(_DAY.match(text) for text in texts(cells.index(cell))):
                    _refuse_unknown(place, row, cell, (name, alias), profile, is_empty=True)


def _list_unknown(cells: Sequence[str], profile: Profile) -> list[str]:
    return [
        cell
        for cell in cells
        if cell and not profile.canonical(cell) and not profile.is_personal(cell) and not profile.is_ignored(cell)
    ]


def _find_resembled(cell: str, name: str, profile: Profile) -> str:
    """The header of a canonical column that a name holds or nearly is; '' if there is none."""
    own = strip_brackets(comparable_header(cell))
    for alias in profile.columns[name]:
        known = comparable_header(alias)
        is_held = known in own and (
            len(known) >= _LEAST_LETTERS if not known.isascii() else len(known) > _LEAST_LETTERS
        )
        if is_held or _likeness(own, known) >= _TOO_ALIKE.get(name, _TOO_ALIKE_ELSE):
            return alias
    return ""


def _refuse_rivals(place: str, row: int, rivals: tuple[str, str], name: str, profile: Profile) -> NoReturn:
    first, second = rivals
    if comparable_header(first) == comparable_header(second):
        raise BadInput(
            "{place} row {row}: the column “{first}” appears twice. Remove one from the export, or rename it.",
            place=place,
            row=row,
            first=first,
        )
    kept = [
        alias
        for alias in profile.columns[name]
        if comparable_header(alias) not in (comparable_header(second), strip_brackets(comparable_header(second)))
    ]
    change = _write_change(profile.written(name), kept)
    raise BadInput(
        "{place} row {row}: the columns “{first}” and “{second}” both mean {name}. To read only “{first}”, "
        "{where}:\n{change}",
        place=place,
        row=row,
        first=first,
        second=second,
        name=profile.written(name),
        where=profile.where_to_change,
        change=change,
    )


def _refuse_missing(place: str, row: int, cells: list[str], name: str, profile: Profile) -> NoReturn:
    aliases = profile.columns[name]
    found = [cell for cell in cells if cell]
    nearest = max(
        ((_likeness(cell, alias), cell, alias) for cell in _list_unknown(cells, profile) for alias in aliases),
        default=(0.0, "", ""),
    )
    is_near = nearest[0] >= _ALIKE
    change = _write_change(profile.written(name), [*aliases, nearest[1] if is_near else "…"])
    hint = Text("The nearest is “{found}” (like “{alias}”). ", found=nearest[1], alias=nearest[2]) if is_near else ""
    raise BadInput(
        "{place} row {row}: the mandatory column {name} is missing (known headers: {aliases}). "
        "Found: {found}. {hint}Add the column to the export; if it is there under another name, "
        "{where}:\n{change}",
        place=place,
        row=row,
        name=profile.written(name),
        aliases="、".join(aliases),
        found="、".join(found),
        hint=hint,
        where=profile.where_to_change,
        change=change,
    )


def _refuse_unknown(
    place: str, row: int, cell: str, resembled: tuple[str, str], profile: Profile, is_empty: bool = False
) -> NoReturn:
    name, alias = resembled
    raise BadInput(
        "{place} row {row}: the column “{cell}” is unknown, but resembles “{alias}” ({name}), {which}: without it "
        "figures would be wrong. If it is that column, {where}:\n{change}\nIf it is another one, add it to those to be "
        "ignored:\n{ignoring}",
        place=place,
        row=row,
        cell=cell,
        alias=alias,
        name=profile.written(name),
        which=Text("which is empty in this table") if is_empty else Text("which this table lacks"),
        where=profile.where_to_change,
        change=_write_change(profile.written(name), [cell] if is_empty else [*profile.columns[name], cell]),
        ignoring="[ignored]\nheaders = " + json.dumps([*profile.ignored_headers, cell], ensure_ascii=False),
    )


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, comparable(one), comparable(other)).ratio()


def _write_change(name: str, aliases: Sequence[str]) -> str:
    """The two lines of the profile that would fix it."""
    return f"[columns]\n{name} = {json.dumps(list(aliases), ensure_ascii=False)}"


def _refuse_headerless(place: str, rows: Sequence[Cells], profile: Profile) -> NoReturn:
    aliases = "、".join(
        profile.columns[name][0]
        for name in ("case_no", "item_type", "accepted_at", "completed_at")
        if name in profile.columns
    )
    likeliest = max(rows[:HEADER_ROWS], key=_count_names, default=())
    names = [_mask(cell.strip(), profile) for cell in likeliest if cell and cell.strip()]
    error = NoHeader(
        "{place}: no header in the first {header_rows} rows. One row must hold names such as {aliases}. "
        "The likeliest row holds: {names}. If this is a case table with other names, make a profile for it: "
        "{command}",
        place=place,
        header_rows=HEADER_ROWS,
        aliases=aliases,
        names="、".join(names) or "–",
        command=CommandLine("init --from {file}", file=place.partition("［")[0]),
    )
    error.holds_rows = any(looks_like_case(row) for row in rows)
    raise error


def _count_names(row: Cells) -> int:
    """Cells that may be names: short and without digits."""
    return sum(1 for cell in row if cell and cell.strip() and not any(map(str.isdigit, cell)) and len(cell) <= 30)


def _mask(cell: str, profile: Profile) -> str:
    """A name may be shown; where there is no header, a cell with digits, or one that may name a person, is a case's."""
    is_person = re.fullmatch(r"[\u4e00-\u9fff·某]{2,3}", cell) and not profile.is_personal(cell)
    return "…" if is_person or any(map(str.isdigit, cell)) or len(cell) > 30 else cell
