"""The header of a table: found by matching the profile, not by position, and mapped to canonical columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flows.domain.comparing import comparable, comparable_header
from flows.domain.profile import Profile
from flows.domain.text import BadInput
from flows.sources.cells import Cells, bare, first_text, is_clock
from flows.sources.header_faults import refuse_headerless, refuse_rivals, require_columns, require_filled


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
        refuse_headerless(place, rows, HEADER_ROWS, profile)
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
    require_columns(place, row, cells, columns, profile)
    require_filled(place, row, cells, columns, below, profile)
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


def continues(header: Header, rows: Sequence[Cells], profile: Profile) -> bool:
    """Whether rows without a header have the shape of the table before them, so that they go on in it; notes and totals apart."""
    filled = [row for row in rows if (first := first_text(row)) and not re.match(profile.around_pattern, first)]
    return bool(filled) and all(_has_shape(header, row) for row in filled)


def _has_shape(header: Header, row: Cells) -> bool:
    def cell(position: int) -> str:
        return bare(row[position] or "") if position < len(row) else ""

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
            refuse_rivals(place, row, (held, cell), canonical, profile)
        elif profile.rank(cell, canonical) < profile.rank(held, canonical):
            columns[canonical] = position  # the other one is passed over, as any column outside the allow-list
    return columns, clocks


def _part_day_and_clock(pair: tuple[int, int], rows: Sequence[Cells], profile: Profile) -> tuple[int, int] | None:
    """Which of two columns holds the day and which the time of day; None if it is not so in all rows."""

    def holds_clocks(position: int) -> bool:
        cases = (row for row in rows if not re.match(profile.around_pattern, first_text(row)))
        texts = [(row[position] or "").strip() for row in cases if position < len(row)]
        told = [text for text in texts if text]
        return bool(told) and all(map(is_clock, told))

    first, second = (holds_clocks(position) for position in pair)
    if first == second:
        return None
    return (pair[1], pair[0]) if first else pair
