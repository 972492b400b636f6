"""Cells of an export, as texts, and what the rows that they form look like."""

import re
from collections.abc import Sequence

Cells = Sequence[str | None]

_CLOCK = re.compile(
    r"(1899-12-3[01] )?([上下]午|[AaPp][Mm])? *([01]?\d|2[0-4])[:：时点]\d{1,2}([:：分]\d{0,2}秒?([.,]\d+)?)? *([AaPp][Mm])?|0([.]\d+)?"
)
_DAY = re.compile(r"(19|20)\d\d[-/.年]?\d{1,2}[-/.月]?\d{1,2}|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|\d{1,2}-\S+-\d{2}")
_LEAST_CASE_CELLS, _LEAST_CASE_DIGITS = 3, 5


def looks_like_case(cells: Cells) -> bool:
    """Whether a row without a header may be a case: some cells, of which one is a day and another a long number."""
    filled = [text for cell in cells if cell and (text := bare(cell))]
    if len(filled) < _LEAST_CASE_CELLS:
        return False
    days = [i for i, cell in enumerate(filled) if is_day(cell)]
    numbers = [
        i for i, cell in enumerate(filled) if i not in days[:1] and sum(map(str.isdigit, cell)) >= _LEAST_CASE_DIGITS
    ]
    return bool(days and numbers)


def bare(cell: str) -> str:
    """A cell without what keeps a spreadsheet from counting with it: ="…", an apostrophe."""
    return cell.strip().removeprefix("=").strip("\"' \t\ufeff")


def is_clock(text: str) -> bool:
    """Whether a text is a time of day without a day."""
    return bool(_CLOCK.fullmatch(text))


def first_text(row: Cells) -> str:
    return next((cell.strip() for cell in row if cell and cell.strip()), "")


def is_day(text: str) -> bool:
    """Whether a text begins with a day."""
    return bool(_DAY.match(text))
