"""What a header lacks, has twice, or has under a name that nobody knows; each said with what to change in the profile."""

import json
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NoReturn

from flows.domain.comparing import comparable, comparable_header, strip_brackets
from flows.domain.profile import Profile
from flows.domain.text import BadInput, CommandLine, Text
from flows.sources.cells import Cells, bare, is_day, looks_like_case

_DESCRIBES_ACCEPTANCE = ("item_type", "applied_at", "due_at", "case_kind")
# Columns that decide what is counted: a table that lacks one, and has a column of a similar name, is not guessed at.
_COUNTING = ("accepted_at", "completed_at", "item_type", "area_code", "result", "status")
_ALIKE = 0.5  # likeness from which a name is suggested
_TOO_ALIKE = {"accepted_at": 0.75, "completed_at": 0.75}  # … from which it must be said what it is; of other columns:
_TOO_ALIKE_ELSE = 0.8
_LEAST_LETTERS = 4  # of a name that another one holds


class NoHeader(BadInput):
    """No row among the first ones is a header. `holds_rows`: some of them look like cases."""

    holds_rows: bool


def require_columns(place: str, row: int, cells: list[str], columns: dict[str, int], profile: Profile) -> None:
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


def require_filled(
    place: str, row: int, cells: list[str], columns: dict[str, int], below: Sequence[Cells], profile: Profile
) -> None:
    """Require that a column that decides what is counted is not empty where one of a similar name holds the days."""

    def texts(position: int) -> list[str]:
        return [text for line in below if position < len(line) and (text := bare(line[position] or ""))]

    for name in columns.keys() & _TOO_ALIKE.keys():
        if not texts(columns[name]):
            for cell in _list_unknown(cells, profile):
                alias = _find_resembled(cell, name, profile)
                if alias and any(is_day(text) for text in texts(cells.index(cell))):
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


def refuse_rivals(place: str, row: int, rivals: tuple[str, str], name: str, profile: Profile) -> NoReturn:
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


def refuse_headerless(place: str, rows: Sequence[Cells], searched: int, profile: Profile) -> NoReturn:
    """`searched`: so many of the rows were."""
    aliases = "、".join(
        profile.columns[name][0]
        for name in ("case_no", "item_type", "accepted_at", "completed_at")
        if name in profile.columns
    )
    likeliest = max(rows[:searched], key=_count_names, default=())
    names = [_mask(cell.strip(), profile) for cell in likeliest if cell and cell.strip()]
    error = NoHeader(
        "{place}: no header in the first {header_rows} rows. One row must hold names such as {aliases}. "
        "The likeliest row holds: {names}. If this is a case table with other names, make a profile for it: "
        "{command}",
        place=place,
        header_rows=searched,
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
