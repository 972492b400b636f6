"""A result as a file: .csv, .xlsx or .json, decided by the extension; safe to open in a spreadsheet."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flows.vocabulary import WrongUsage

FORMS = (".csv", ".xlsx", ".json")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_listing(path: Path, rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    """Write rows under their column names; numbers of cases stay text, and no cell can act as a formula.

    Raises:
        WrongUsage: an extension that is none of the three.
    """
    if path.suffix.lower() not in FORMS:
        raise WrongUsage(
            zh=f"{path}：--out 的扩展名应为 {'、'.join(FORMS)} 之一。",
            en=f"{path}: the extension of --out must be one of {', '.join(FORMS)}.",
        )
    if path.suffix.lower() == ".json":
        path.write_text(json.dumps(list(rows), ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
        return
    lines = [list(columns), *([_neutralise(row[name]) for name in columns] for row in rows)]
    write = _write_csv if path.suffix.lower() == ".csv" else _write_workbook
    write(path, lines)


def _neutralise(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it; whole numbers stay numbers."""
    if isinstance(value, int):
        return value
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _write_csv(path: Path, lines: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)


def _write_workbook(path: Path, lines: list[list[Any]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(lines) - 1, len(lines[0]) - 1)
