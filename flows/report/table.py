"""A table as every form shows it."""

from dataclasses import dataclass
from datetime import date

Cell = str | int | date


@dataclass(frozen=True)
class Table:
    """Cells by row: counts are integers, days are days, rates and averages are `Rate`; everything else is text."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
