"""A result as a .csv, .xlsx or .json file, by its extension; safe to open in a spreadsheet."""

import csv
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from flows.domain.text import WrongUsage
from flows.report.workbook import open_workbook

FORMS = (".csv", ".xlsx", ".json")
_MOST_LINES = 1_048_576
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
    lines = (
        [_neutralise(cell) for cell in line]
        for line in itertools.chain([columns], ([row[name] for name in columns] for row in rows))
    )
    with replacing(path) as draft:
        if path.suffix.lower() == ".csv":
            _write_csv(draft, lines)
        else:
            _write_workbook(draft, lines, path)


def _neutralise(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would take for a formula; numbers stay numbers."""
    if isinstance(value, int | float):
        return value
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _write_csv(path: Path, lines: Iterator[list[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)


def _write_workbook(draft: Path, lines: Iterator[list[Any]], path: Path) -> None:
    with open_workbook(draft, constant_memory=True) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, line in enumerate(lines):
            if number == _MOST_LINES:
                raise WrongUsage(
                    "{path}: more than {most} rows do not fit into a worksheet. Use .csv instead.",
                    path=path,
                    most=_MOST_LINES - 1,
                )
            sheet.write_row(number, 0, line)
        sheet.autofilter(0, 0, number, len(line) - 1)
