"""Files for programs that cannot open the warehouse: cases as Parquet, daily totals as a workbook, the dictionary."""

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.engine.protocols import Engine
from flows.engine.query import load_query
from flows.figures.dictionary import read_dictionary
from flows.report.dictionary_page import write_dictionary
from flows.report.workbook import DAY_FORMAT, measure_width, open_workbook, set_for_paper
from flows.root.files import make_folder, put_folder, write_files
from flows.root.project import Project
from flows.warehouse.reading import open_read_only

if TYPE_CHECKING:
    import pyarrow as pa

_MARK = ".built"  # the state of the warehouse that these files are of
_SAME = ("folded_at", "classifications", "queries")
_CASES, _UNDATED = "handover/handover_cases", "handover/handover_undated"
_CASES_FOLDER = "cases.parquet"
_PAGE = "dictionary.html"
_SHEET_LINES = 1_048_575
_BATCH_ROWS = 10_000
_ROOM = 4  # a column is as wide as its first cell and this: later ones are not known yet


def hand_over(project: Project) -> None:
    """Write the dictionary page and, if the setting `handover` is on, data/warehouse/export/; each whole or not at all.

    data/warehouse/export/ is not written again if it is of the present warehouse; else its months that are as they were are kept.
    """
    with open_read_only(project) as engine:
        write_files(project.reports, {_PAGE: write_dictionary(read_dictionary(engine)).encode()})
        state = _read_state(engine)
        if project.settings.handover and (known := _read_mark(project.handover)) != state:
            _write_folder(engine, project.handover, state, known)


def _read_state(engine: Engine) -> dict[str, str | int]:
    """What tells one warehouse from another, and which of them are one, only longer: all but `built_at` and `delivery_no` are then the
    same.
    """
    facts = {row["name"]: row["value"] for row in engine.read("warehouse_info").dicts()}
    queries = "".join(load_query(name).select for name in (_CASES, _UNDATED, "public/cases", "public/described_states"))
    return {
        **{name: facts.get(name, "") for name in ("built_at", "folded_at", "classifications")},
        "delivery_no": engine.read("look/last_numbers").dicts()[0]["delivery_no"],
        "queries": hashlib.sha256(queries.encode()).hexdigest(),
    }


def _read_mark(folder: Path) -> dict[str, str | int]:
    """The state that a folder is of; empty where it is of none that is known."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        mark = json.loads((folder / _MARK).read_text(encoding="utf-8"))
        return mark if isinstance(mark, dict) else {}
    return {}


def _write_folder(engine: Engine, folder: Path, state: dict[str, str | int], known: dict[str, str | int]) -> None:
    draft = folder.with_name(".export.part")
    shutil.rmtree(draft, ignore_errors=True)
    make_folder(draft)
    totals = engine.read("handover/handover_totals").arrow()
    same = all(known.get(name) == state[name] for name in _SAME)
    with ThreadPoolExecutor(1) as other_thread:
        # the workbook is Python's work, the cases are the engine's: each leaves room for the other
        book = other_thread.submit(_write_workbook, draft / "daily_totals.xlsx", _list_rows(totals))
        _write_cases(engine, draft / _CASES_FOLDER, folder / _CASES_FOLDER, int(known["delivery_no"]) if same else 0)
        book.result()
    dictionary = write_dictionary(read_dictionary(engine)).encode()
    write_files(draft, {_PAGE: dictionary, _MARK: json.dumps(state).encode()})
    put_folder(draft, folder, is_replacing=True)


def _write_cases(engine: Engine, draft: Path, before: Path, known_delivery: int) -> None:
    """A file for each month of acceptance; one that no delivery since `known_delivery` has changed is taken over from `before`."""
    dated: dict[Path, dict[str, Any]] = {}
    undated: dict[Path, dict[str, Any]] = {}
    draft.mkdir()
    for row in engine.read("handover/handover_months", known_delivery=known_delivery).dicts():
        start = row["month_start"]
        place = Path(f"year={start.year if start else 0}", f"month={start.month if start else 0}", "data_0.parquet")
        (draft / place).parent.mkdir(parents=True)
        if not row["is_changed"] and (before / place).is_file():
            _take_over(before / place, draft / place)
        elif start:
            end = (start + timedelta(days=31)).replace(day=1)
            dated[draft / place] = {
                "start_at": datetime.combine(start, time()),
                "end_at": datetime.combine(end, time()),
            }
        else:
            undated[draft / place] = {}
    if dated:
        engine.export(_CASES, dated)
    if undated:
        engine.export(_UNDATED, undated)


def _take_over(before: Path, path: Path) -> None:
    try:
        path.hardlink_to(before)
    except OSError:  # a file system without links, such as a Windows share
        shutil.copyfile(before, path)


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
