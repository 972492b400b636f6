"""Files for programs that cannot open the warehouse: cases as Parquet, daily totals as a workbook, the dictionary."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.engine.protocols import Engine
from flows.figures.dictionary import read_dictionary
from flows.report.dictionary_page import write_dictionary
from flows.report.workbook import DAY_FORMAT, measure_width, open_workbook, set_for_paper
from flows.root.files import make_folder, put_folder, write_files
from flows.root.project import Project
from flows.warehouse.reading import open_read_only

if TYPE_CHECKING:
    import pyarrow as pa

_MARK = ".built_at"  # when the warehouse of these files was built
_PAGE = "dictionary.html"
_SHEET_LINES = 1_048_575
_BATCH_ROWS = 10_000
_ROOM = 4  # a column is as wide as its first cell and this: later ones are not known yet


def hand_over(project: Project) -> None:
    """Write the dictionary page and, if the setting `handover` is on, data/warehouse/export/; each whole or not at all.

    data/warehouse/export/ is not written again if it is of the present warehouse.
    """
    with open_read_only(project) as engine:
        built_at = next(row["value"] for row in engine.read("warehouse_info").dicts() if row["name"] == "built_at")
        write_files(project.reports, {_PAGE: write_dictionary(read_dictionary(engine)).encode()})
        mark = project.handover / _MARK
        if project.settings.handover and not (mark.exists() and mark.read_text(encoding="utf-8") == built_at):
            _write_folder(engine, project.handover, built_at)


def _write_folder(engine: Engine, folder: Path, built_at: str) -> None:
    draft = folder.with_name(".export.part")
    shutil.rmtree(draft, ignore_errors=True)
    make_folder(draft)
    totals = engine.read("handover/handover_totals").arrow()
    with ThreadPoolExecutor(1) as other_thread:
        # the workbook is Python's work, the cases are the engine's: each leaves room for the other
        book = other_thread.submit(_write_workbook, draft / "daily_totals.xlsx", _list_rows(totals))
        engine.export("handover/handover_cases", draft / "cases.parquet", by="year")
        book.result()
    write_files(draft, {_PAGE: write_dictionary(read_dictionary(engine)).encode(), _MARK: built_at.encode()})
    put_folder(draft, folder, is_replacing=True)


def _list_rows(table: "pa.Table") -> Iterator[dict[str, Any]]:
    return (row for batch in table.to_batches(max_chunksize=_BATCH_ROWS) for row in batch.to_pylist())


def _write_workbook(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    """Rows for a pivot table: one a day and combination, dates as dates, codes as text; full sheets, then the next sheet."""
    with open_workbook(path, constant_memory=True, default_date_format=DAY_FORMAT) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        bold = book.add_format({"bold": True})
        first = next(rows, {})
        for page in count(1):
            sheet = book.add_worksheet(f"daily_totals_{page}" if page > 1 else "daily_totals")
            set_for_paper(sheet)
            for column, pair in enumerate(first.items()):
                sheet.set_column(column, column, measure_width(pair) + _ROOM)
            sheet.write_row(0, 0, list(first), bold)
            sheet.write_row(1, 0, list(first.values()))
            number = 1
            for number, row in enumerate(islice(rows, _SHEET_LINES - 1), 2):
                sheet.write_row(number, 0, row.values())
            if first:
                sheet.autofilter(0, 0, number, len(first) - 1)
            if not (first := next(rows, {})):
                break
