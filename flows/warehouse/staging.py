"""Staging: the tables of one cut-off's files as rows of one text-clean, typed table, each row knowing its place."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from flows.domain.profile import Events, Profile, write_pattern
from flows.domain.text import BadInput, Progress, Text
from flows.engine.protocols import Engine
from flows.root.deliveries import RawFile
from flows.sources.delimited import find_blank_lines
from flows.sources.export import read_export
from flows.sources.table import Table, TextSource

STAGED_ROWS = "fold/1_read/staged_rows"
_STAGED_COLUMNS = (
    "table_no integer, case_no varchar, description varchar, description_key bigint, applied_at timestamp, accepted_at timestamp, "
    "due_at timestamp, completed_at timestamp, version_at timestamp, accepted_unread varchar, completed_unread varchar, "
    "other_unread varchar, is_around boolean, is_case boolean"
)
_KNOWN_COLUMNS = "description_key bigint, description varchar"
_ACTIVITY_COLUMNS = "role varchar, pattern varchar"
_START_COLUMNS = "table_no integer, first_row_index bigint"
_LINE_COLUMNS = "table_no integer, line bigint, readable_before bigint, is_rejected boolean, is_around boolean"
SkippedLine = tuple[int, int, int, bool, bool]  # as _LINE_COLUMNS


def prepare(engine: Engine) -> None:
    """An engine in which rows can be staged; none are yet."""
    engine.put("staged_rows", [], columns=_STAGED_COLUMNS, number="row_index")
    engine.put("known_descriptions", [], columns=_KNOWN_COLUMNS)
    engine.put("event_activities", [], columns=_ACTIVITY_COLUMNS)


def stage_files(
    engine: Engine, profile: Profile, files: Sequence[RawFile], delivery_nos: Mapping[str, int], progress: Progress
) -> None:
    """Read every table of every file: `staged_rows`, and of `tables_in_fold` those that Python knows.

    `delivery_nos` gives the delivery of each file, by content. Lines that gave no row are in `skipped_lines`.

    Raises:
        BadInput: a file cannot be read, or changed while it was read.
    """
    table_no = engine.read("look/last_numbers").dicts()[0]["table_no"]
    tables: list[tuple[object, ...]] = []
    starts: list[tuple[int, int]] = []
    skipped: list[SkippedLine] = []
    columns: list[tuple[object, ...]] = []
    first_row_index = 0
    prepare(engine)
    for file in files:
        progress.detail(Text("reading {file}", file=file.name))
        for table in read_export(file.path, profile).tables:
            table_no += 1
            starts.append((table_no, first_row_index))
            first_row_index, lines = _stage_table(engine, profile, file, table, table_no, first_row_index)
            skipped += lines
            tables.append(_describe(profile, table, file, table_no, delivery_nos[file.sha256]))
            columns += _list_columns(table, table_no)
        _refuse_unfinished(file)
    if profile.events:
        _make_cases(engine, profile.events)
    engine.put("delivered_tables_in_fold", tables, like="delivered_tables")
    engine.put("delivered_columns_in_fold", columns, like="delivered_columns")
    engine.put("table_starts", starts, columns=_START_COLUMNS)
    engine.put("skipped_lines", skipped, columns=_LINE_COLUMNS)


def _make_cases(engine: Engine, events: Events) -> None:
    """Of the staged events of each case and table the last becomes the case; the others stand around it."""
    roles = {"accepted": events.accepted, "completed": events.completed}
    patterns = [(role, write_pattern(activity)) for role, activities in roles.items() for activity in activities]
    engine.put("event_activities", patterns, columns=_ACTIVITY_COLUMNS)
    engine.run("fold/1_read/events", must_be_last=events.must_be_last)


def _describe(profile: Profile, table: Table, file: RawFile, table_no: int, delivery_no: int) -> tuple[object, ...]:
    """A row of delivered_tables, its counts still open."""
    families = (table.has_acceptance, table.has_completion or profile.events is not None, table.has_outcome)
    return (
        table_no, delivery_no, file.name, table.sheet, file.sha256, file.size, file.modified_ns, file.received_on,
        file.corrects, table.form, table.header_row, *families,
        table.header.personal_columns, table.header.other_columns,
        table.is_hidden, table.is_truncated, 0, 0, 0, 0, 0,
    )  # fmt: skip


def _list_columns(table: Table, table_no: int) -> list[tuple[object, ...]]:
    meanings = {position: name for name, position in table.columns.items()}
    return [
        (table_no, i + 1, header, meanings.get(i, ""), i in table.header.personal)
        for i, header in enumerate(table.header.cells)
        if header
    ]


def _stage_table(
    engine: Engine, profile: Profile, file: RawFile, table: Table, table_no: int, first_row_index: int
) -> tuple[int, list[SkippedLine]]:
    """Stage one table; returns how far the staged rows reach, and its lines that gave no row: blank, around, or broken."""
    broken: dict[int, bool] = {}
    for row in engine.deliver(
        table,
        STAGED_ROWS,
        table_no=table_no,
        type_hint=profile.type_by_file_name(Path(file.name, table.sheet)),
        around_pattern=profile.around_pattern,
        is_month_first=profile.is_month_first,
    ):
        broken[row["line"]] = _is_around(row["content"], profile.around_pattern)
        if row["error_type"] not in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
            _refuse_structure(table, row["line"])
    reach = int(engine.read("look/staged_count").dicts()[0]["row_count"])
    lines = sorted({*broken, *_find_blank_lines(table, reach - first_row_index + len(broken))})
    return reach, [
        (table_no, line, line - table.header_row - 1 - i, line in broken and not broken[line], broken.get(line, False))
        for i, line in enumerate(lines)
    ]


def _find_blank_lines(table: Table, accounted: int) -> list[int]:
    """Blank lines below the header, which the engine passes over; looked for only where lines are not accounted for."""
    if not isinstance(table.source, TextSource) or table.source.facts.lines == table.header_row + accounted:
        return []
    return [line for line in find_blank_lines(table.source) if line > table.header_row]


def _is_around(content: str, pattern: str) -> bool:
    """Whether a line with other fields than the header is a total or a note: its first text says so."""
    cells = [cell.strip('" \t\r') for cell in re.split("[,;\t|]", content)]
    return bool(re.match(pattern, next(filter(None, cells), "")))


def _refuse_unfinished(file: RawFile) -> None:
    facts = file.path.stat()
    if (facts.st_size, facts.st_mtime_ns) != (file.size, file.modified_ns):
        raise BadInput(
            "{path} changed while it was read (is it still being copied?). Run again when it is complete.",
            path=file.path,
        )


def _refuse_structure(table: Table, line: int) -> None:
    raise BadInput(
        "{place} line {line}: a quotation mark is not closed, or a line has no end; what follows cannot be told apart. "
        "Mend the quotation marks of that line, or export it again.",
        place=table.place,
        line=line,
    )
