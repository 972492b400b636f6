"""A result as a .csv, .xlsx or .json file, by its extension; safe to open in a spreadsheet."""

import csv
import itertools
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flows.domain.text import WrongUsage
from flows.report.workbook import DAY_FORMAT, add_filters, measure_width, open_workbook, set_for_paper

FORMS = (".csv", ".xlsx", ".json")
_MOST_LINES = 1_048_576
_MEASURED_LINES = 200
_MOST_HELD_CELLS = 200_000  # some 100 MB
_FIRST_YEAR = 1900  # a worksheet knows no day before
_ROUNDED = 10**15  # a worksheet keeps fifteen digits
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_listing(
    path: Path,
    rows: Iterable[dict[str, Any]],
    columns: Sequence[str],
    replacing: Callable[[Path], AbstractContextManager[Path]],
    forms: Sequence[str] = FORMS,
) -> None:
    """Write rows under their column names; case numbers stay text, and no cell can act as a formula.

    `replacing` gives the draft that takes the place of a file once it is complete.

    Raises:
        WrongUsage: an extension that is not written here (the message lists `forms`), or too many rows for a worksheet.
    """
    if path.suffix.lower() not in FORMS:
        raise WrongUsage("{path}: the extension of --out must be one of {forms}.", path=path, forms=forms)
    if path.suffix.lower() == ".json":
        text = json.dumps(list(rows), ensure_ascii=False, indent=2, default=str) + "\n"
        with replacing(path) as draft:
            draft.write_text(text, encoding="utf-8")
        return
    lines = itertools.chain([columns], ([row[name] for name in columns] for row in rows))
    with replacing(path) as draft:
        if path.suffix.lower() == ".csv":
            _write_csv(draft, lines)
        else:
            _write_workbook(draft, lines, path)


def _neutralise(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would take for a formula; numbers stay numbers."""
    if isinstance(value, int | float | Decimal):
        return value
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _type(value: Any) -> Any:
    """As a worksheet holds it: what it would round stays text, and so does what is neither number nor time."""
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    if (isinstance(value, date) and value.year >= _FIRST_YEAR) or isinstance(value, bool):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else ""
    if isinstance(value, int):
        return value if abs(value) < _ROUNDED else str(value)
    return _neutralise(value)


def _is_share(column: str) -> bool:
    """Whether a column says of itself that it holds parts of one."""
    return column.lower().endswith(("_share", "_rate", "率", "占比"))


def _write_csv(path: Path, lines: Iterator[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([_neutralise(cell) for cell in line] for line in lines)


def _write_workbook(draft: Path, lines: Iterator[Sequence[Any]], path: Path) -> None:
    """Days as days, numbers as numbers, shares in per cent; the header stays in sight and filters, columns are as wide as their beginning.

    A table object is written before its rows: one of more than _MOST_HELD_CELLS has filters alone, and is written as it comes.
    """
    header = [_neutralise(name) for name in next(lines)]
    first = list(itertools.islice(lines, _MOST_HELD_CELLS // len(header) + 1))
    is_held = len(first) * len(header) <= _MOST_HELD_CELLS
    with open_workbook(draft, constant_memory=not is_held) as book:
        bold = book.add_format({"bold": True})
        per_cent = book.add_format({"num_format": "0.0%"})
        moments = {
            date: book.add_format({"num_format": DAY_FORMAT}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        sheet = book.add_worksheet("清单")
        set_for_paper(sheet)
        for column, name in enumerate(header):
            widest = measure_width([f"{name}  ", *(line[column] for line in first[:_MEASURED_LINES])])
            sheet.set_column(column, column, widest)
        if is_held:
            add_filters(sheet, 1, header, len(first), bold)
        else:
            sheet.write_row(0, 0, header, bold)
        shares = [_is_share(name) for name in header]
        number = 0
        for number, line in enumerate(itertools.chain(first, lines), 1):
            if number == _MOST_LINES:
                raise WrongUsage(
                    "{path}: more than {most} rows do not fit into a worksheet. Use .csv instead.",
                    path=path,
                    most=_MOST_LINES - 1,
                )
            for column, cell in enumerate(map(_type, line)):
                sheet.write(number, column, cell, per_cent if shares[column] else moments.get(type(cell)))
        if not is_held:
            sheet.autofilter(0, 0, number, len(header) - 1)
