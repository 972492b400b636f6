"""The header of a table: found by matching the profile, not by position, and mapped to canonical columns."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NoReturn

from flows.domain.comparing import comparable, comparable_header, strip_brackets
from flows.domain.profile import Profile
from flows.domain.text import BadInput, Text


@dataclass(frozen=True)
class Header:
    """A header: its last row, counted from 1, its height of 1 or 2 rows, its cells, and the positions of its columns."""

    row: int
    height: int
    cells: tuple[str, ...]
    columns: dict[str, int]
    personal: frozenset[int]

    @property
    def personal_columns(self) -> int:
        return len(self.personal)

    @property
    def other_columns(self) -> int:
        known = {*self.columns.values(), *self.personal}
        return sum(1 for i, cell in enumerate(self.cells) if cell and i not in known)


HEADER_ROWS = 20  # rows searched for the header
_DESCRIBES_ACCEPTANCE = ("item_type", "applied_at", "due_at", "case_kind")
_ALIKE = 0.5  # likeness from which a name is suggested


def find_header(place: str, rows: Sequence[Sequence[str | None]], profile: Profile) -> Header:
    """The row, or pair of rows, among the first twenty with the most headers of the profile; at least two.

    Raises:
        BadInput: no header, two columns of the same meaning, or a mandatory column is missing.
    """
    candidates = list(_list_candidates(rows, profile))
    best = max(candidates, key=lambda candidate: candidate[0], default=(0, 0, 0, []))
    matches, row, height, cells = best
    if matches < 2:
        _refuse_headerless(place, profile)
    columns = _map_columns(place, row, cells, profile)
    _require_columns(place, row, cells, columns, profile)
    mapped = set(columns.values())
    personal = frozenset(i for i, cell in enumerate(cells) if cell and i not in mapped and profile.is_personal(cell))
    return Header(row, height, tuple(cells), columns, personal)


def has_header(rows: Sequence[Sequence[str | None]], profile: Profile) -> bool:
    """Whether one of the first rows looks like the header of a case table."""
    return any(candidate[0] >= 2 for candidate in _list_candidates(rows, profile))


def count_matches(cells: Sequence[str], profile: Profile) -> int:
    """How many cells are headers of the profile."""
    return sum(profile.canonical(cell) is not None for cell in cells if comparable(cell))


def _list_candidates(
    rows: Sequence[Sequence[str | None]], profile: Profile
) -> Iterator[tuple[int, int, int, list[str]]]:
    """Matches, row (from 1), height and cells. Single rows come first: two rows need more matches to be a header."""
    cleaned = [[(cell or "").strip("\ufeff \t\r\n") for cell in row] for row in rows[:HEADER_ROWS]]
    for i, row in enumerate(cleaned, 1):
        yield count_matches(row, profile), i, 1, row
    for i, (upper, lower) in enumerate(pairwise(cleaned), 2):
        cells = _join_levels(upper, lower, profile)
        yield count_matches(cells, profile), i, 2, cells


def _join_levels(upper: list[str], lower: list[str], profile: Profile) -> list[str]:
    """Join two header rows: 受理 (merged over 时间, 部门) above 时间 is 受理时间; a name that is a header by itself stays."""
    cells, group = [], ""
    for i in range(max(len(upper), len(lower))):
        above, below = (row[i] if i < len(row) else "" for row in (upper, lower))
        group = above or group
        if not below:
            cells.append(above)
        elif profile.canonical(below) or not group:
            cells.append(below)
        else:
            cells.append(group + below)
    return cells


def _map_columns(place: str, row: int, cells: list[str], profile: Profile) -> dict[str, int]:
    columns: dict[str, int] = {}
    for position, cell in enumerate(cells):
        canonical = profile.canonical(cell) if cell else None
        if not canonical:
            continue
        held = cells[columns[canonical]] if canonical in columns else ""
        if held and (canonical not in profile.preferred or comparable_header(held) == comparable_header(cell)):
            _refuse_rivals(place, row, (held, cell), canonical, profile)
        if not held or profile.rank(cell, canonical) < profile.rank(held, canonical):
            columns[canonical] = position  # the other one is passed over, as any column outside the allow-list
    return columns


def _require_columns(place: str, row: int, cells: list[str], columns: dict[str, int], profile: Profile) -> None:
    """Require a case number; 受理时间, except in tables of results; and with acceptance an area, or an item code.

    No area is required if the profile's scope is everything.
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
    change = _write_change(name, kept)
    raise BadInput(
        "{place} row {row}: the columns “{first}” and “{second}” both mean {name}. To read only “{first}”, "
        "{where}:\n{change}",
        place=place,
        row=row,
        first=first,
        second=second,
        name=name,
        where=profile.where_to_change,
        change=change,
    )


def _refuse_missing(place: str, row: int, cells: list[str], name: str, profile: Profile) -> NoReturn:
    aliases = profile.columns[name]
    found = [cell for cell in cells if cell]
    unknown = [cell for cell in found if profile.canonical(cell) is None and not profile.is_personal(cell)]
    nearest = max(
        ((_likeness(cell, alias), cell, alias) for cell in unknown for alias in aliases), default=(0.0, "", "")
    )
    is_near = nearest[0] >= _ALIKE
    change = _write_change(name, [*aliases, nearest[1] if is_near else "…"])
    hint = Text("The nearest is “{found}” (like “{alias}”). ", found=nearest[1], alias=nearest[2]) if is_near else ""
    raise BadInput(
        "{place} row {row}: the mandatory column {name} is missing (known headers: {aliases}). "
        "Found: {found}. {hint}Add the column to the export; if it is there under another name, "
        "{where}:\n{change}",
        place=place,
        row=row,
        name=name,
        aliases="、".join(aliases),
        found="、".join(found),
        hint=hint,
        where=profile.where_to_change,
        change=change,
    )


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, comparable(one), comparable(other)).ratio()


def _write_change(name: str, aliases: Sequence[str]) -> str:
    """The two lines of the profile that would fix it."""
    return f"[columns]\n{name} = {json.dumps(list(aliases), ensure_ascii=False)}"


def _refuse_headerless(place: str, profile: Profile) -> NoReturn:
    # Without a header the first rows are cases, so their cells are not printed.
    aliases = "、".join(
        profile.columns[name][0]
        for name in ("case_no", "item_type", "accepted_at", "completed_at")
        if name in profile.columns
    )
    raise BadInput(
        "{place}: no header in the first {header_rows} rows. One row must hold names such as {aliases}: "
        "check that this is a case table, or {where}: add its column names under [columns].",
        place=place,
        header_rows=HEADER_ROWS,
        aliases=aliases,
        where=profile.where_to_change,
    )
