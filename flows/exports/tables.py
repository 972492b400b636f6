"""A table found in an export: where its header is and what its columns mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from flows.profiles import Profile, fold
from flows.vocabulary import BadInput

if TYPE_CHECKING:
    import pyarrow as pa

HEADER_ROWS = 20  # a header is looked for in this many rows
_DESCRIBES_ACCEPTANCE = ("item_type", "applied_at", "due_at", "case_kind")


@dataclass(frozen=True)
class TextFacts:
    """What reading the whole text once has told; `blank_lines` count from 1, `ending` is its last thousand characters."""

    encoding: str
    has_mixed_line_ends: bool
    blank_lines: tuple[int, ...]
    ending: str


@dataclass(frozen=True)
class TextSource:
    """Delimited text, read by the engine. `width` is the number of fields of the header."""

    facts: TextFacts
    delimiter: str
    width: int


@dataclass(frozen=True)
class SheetSource:
    """A worksheet as all-text Arrow: allow-listed columns under canonical names; row i is row header_row + 1 + i."""

    rows: "pa.Table"


@dataclass(frozen=True)
class Table:
    """One case table. `columns` maps canonical names to 0-based positions; rows are counted from 1 as people do."""

    path: Path
    sheet: str
    header_row: int
    headers: tuple[str, ...]
    columns: dict[str, int]
    personal_columns: int
    other_columns: int
    is_truncated: bool
    source: TextSource | SheetSource

    @property
    def has_acceptance(self) -> bool:
        """Whether its rows speak of acceptance; one that does not leaves acceptance as it was (DESIGN.md §4)."""
        return "accepted_at" in self.columns

    @property
    def has_completion(self) -> bool:
        return "completed_at" in self.columns

    @property
    def has_outcome(self) -> bool:
        return bool(self.columns.keys() & {"result", "status"})

    @property
    def blank_lines(self) -> tuple[int, ...]:
        """Lines of a text that are wholly empty, counted from 1: its reader passes over them."""
        return self.source.facts.blank_lines if isinstance(self.source, TextSource) else ()

    @property
    def form(self) -> str:
        """How it was read: the encoding of text, `xlsx` of a worksheet."""
        return self.source.facts.encoding if isinstance(self.source, TextSource) else "xlsx"


@dataclass(frozen=True)
class Header:
    """A header row, found by matching the profile. `row` counts from 1."""

    row: int
    cells: tuple[str, ...]
    columns: dict[str, int]
    personal_columns: int
    other_columns: int


def find_header(place: str, rows: Sequence[Sequence[str | None]], profile: Profile) -> Header:
    """The row with the most headers of the profile, among the first twenty; at least two must match.

    Raises:
        BadInput: no header, two columns of one meaning, or a mandatory column missing.
    """
    candidates = [[(cell or "").strip("\ufeff \t\r\n") for cell in row] for row in rows[:HEADER_ROWS]]
    matches = [count_matches(row, profile) for row in candidates]
    best = max(range(len(matches)), key=lambda i: (matches[i], -i), default=-1)
    if best < 0 or matches[best] < 2:
        _refuse_headerless(place, profile)
    cells = candidates[best]
    columns = _map_columns(place, best + 1, cells, profile)
    _require_columns(place, best + 1, cells, columns, profile)
    dropped = [cell for cell in cells if cell and profile.canonical(cell) is None]
    personal = sum(profile.is_personal(cell) for cell in dropped)
    return Header(best + 1, tuple(cells), columns, personal, len(dropped) - personal)


def has_header(rows: Sequence[Sequence[str | None]], profile: Profile) -> bool:
    """Whether one of the first rows looks like the header of a case table."""
    return any(count_matches([cell or "" for cell in row], profile) >= 2 for row in rows[:HEADER_ROWS])


def _map_columns(place: str, row: int, cells: list[str], profile: Profile) -> dict[str, int]:
    columns: dict[str, int] = {}
    for position, cell in enumerate(cells):
        canonical = profile.canonical(cell) if cell else None
        if canonical in columns:
            first, name = cells[columns[canonical]], canonical
            raise BadInput(
                zh=f"{place} 第 {row} 行：“{first}”和“{cell}”两列含义相同（{name}）。"
                f"请在 flows/profiles/{profile.name}.toml 的 [columns] 中去掉其中一个。",
                en=f"{place} row {row}: the columns “{first}” and “{cell}” both mean {name}. "
                f"Take one of them out of [columns] in flows/profiles/{profile.name}.toml.",
            )
        if canonical:
            columns[canonical] = position
    return columns


def _require_columns(place: str, row: int, cells: list[str], columns: dict[str, int], profile: Profile) -> None:
    """A case number always; 受理时间, unless only results are told; with acceptance an area, or an item code with it."""
    missing = []
    if "case_no" not in columns:
        missing.append("case_no")
    if "accepted_at" not in columns and ("completed_at" not in columns or columns.keys() & _DESCRIBES_ACCEPTANCE):
        missing.append("accepted_at")
    if "accepted_at" in columns and not columns.keys() & {"area_code", "item_code"}:
        missing.append("area_code")
    if missing:
        _refuse_missing(place, row, cells, missing[0], profile)


def _refuse_missing(place: str, row: int, cells: list[str], name: str, profile: Profile) -> NoReturn:
    aliases = "、".join(profile.columns[name])
    found = "、".join(cell for cell in cells if cell)
    raise BadInput(
        zh=f"{place} 第 {row} 行：缺少必需的列 {name}（可写作：{aliases}）。找到的表头：{found}。"
        f"请补上该列，或把它的表头加到 flows/profiles/{profile.name}.toml 的 [columns] {name} 中。",
        en=f"{place} row {row}: the mandatory column {name} is missing (known headers: {aliases}). Found: {found}. "
        f"Add the column, or add its header to [columns] {name} in flows/profiles/{profile.name}.toml.",
    )


def _refuse_headerless(place: str, profile: Profile) -> NoReturn:
    # Without a header the first rows are cases, so no cell of them is printed.
    aliases = "、".join(profile.columns[name][0] for name in ("case_no", "item_type", "accepted_at", "completed_at"))
    raise BadInput(
        zh=f"{place}：前 {HEADER_ROWS} 行中没有找到表头。应有一行包含如 {aliases} 的列名；"
        f"请检查是否为办件明细表，或把其列名加到 flows/profiles/{profile.name}.toml。",
        en=f"{place}: no header row within the first {HEADER_ROWS} rows. One row must hold names such as {aliases}: "
        f"check that this is a case table, or add its names to flows/profiles/{profile.name}.toml.",
    )


def count_matches(cells: Sequence[str], profile: Profile) -> int:
    """How many cells are headers of the profile."""
    return sum(profile.canonical(cell) is not None for cell in cells if fold(cell))
