"""Staging: the tables of one cut-off's files as rows of one text-clean, typed table, each row knowing its place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.domain.profile import Events, Profile, write_pattern
from flows.domain.progress import Reading
from flows.domain.taken_for import Doubt
from flows.domain.text import BadInput, Progress, Text
from flows.engine.protocols import Engine
from flows.root.deliveries import RawFile
from flows.sources.delimited import count_records, has_suspicious_quotes, read_closely
from flows.sources.encoding import DamagedText
from flows.sources.export import is_unfinished, read_export
from flows.sources.table import ArrowSource, SkippedLine, Table, TextSource

STAGED_ROWS = "fold/1_read/staged_rows"
_STAGED_COLUMNS = (
    "table_no integer, case_no varchar, description varchar, description_key bigint, applied_at timestamp, accepted_at timestamp, "
    "due_at timestamp, completed_at timestamp, version_at timestamp, applied_unread varchar, accepted_unread varchar, "
    "due_unread varchar, completed_unread varchar, version_unread varchar, moved varchar, is_around boolean, is_case boolean, key_part varchar"
)
_KNOWN_COLUMNS = "description_key bigint, description varchar"
_UNFINISHED = Text("still being copied, as its name says: not read")
_LINE_COLUMNS = "table_no integer, line bigint, readable_before bigint, flaw varchar, evidence varchar, case_no varchar"
_WIDTH_ERRORS = ("MISSING COLUMNS", "TOO MANY COLUMNS")
# Kinds of headers that a row would hold in place of its number and times, if it were a second header of the same order.
_SAME_ORDER = ("case_no", "accepted_at", "completed_at")
_TIMES_IN_KEYS = ("year", "day")
_TOLD_BY = {"year": "accepted_at", "day": "accepted_at"}  # part of a key → the column that tells it
_ACTIVITY_COLUMNS = "role varchar, pattern varchar"


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
    skipped: list[tuple[object, ...]] = []
    columns: list[tuple[object, ...]] = []
    doubts: list[tuple[object, ...]] = []
    prepare(engine)
    for file in files:
        progress.detail(Reading(file.name, file.size))
        export = read_export(file.path, profile)
        delivery_no = delivery_nos[file.sha256]
        doubts += [_describe_doubt(doubt, file, delivery_no) for doubt in export.doubts]
        for table in export.tables:
            for staged, lines in stage_table(engine, profile, table, table_no + 1, file.name):
                table_no += 1
                skipped += [(table_no, *line) for line in lines]
                tables.append(_describe(profile, staged, file, table_no, delivery_no))
                columns += _list_columns(staged, table_no)
                known = {
                    (doubt.kind, doubt.row) for doubt in table.doubts
                }  # of the first look; a close one finds them again
                more = [doubt for doubt in staged.doubts if (doubt.kind, doubt.row) not in known]
                doubts += [_describe_doubt(doubt, file, delivery_no) for doubt in more]
        _refuse_unfinished(file)
    doubts += [
        _describe_doubt(Doubt("unfinished", _UNFINISHED, path.name, is_loss=True), file, delivery_nos[file.sha256])
        for file, path in _list_unfinished(files)
    ]
    finish_rows(engine, profile)
    if profile.events:
        _make_cases(engine, profile.events)
    engine.put("delivered_tables_in_fold", tables, like="delivered_tables")
    engine.put("delivered_columns_in_fold", columns, like="delivered_columns")
    engine.put("doubts_in_fold", doubts, like="reading_doubts")
    engine.put("skipped_lines", skipped, columns=_LINE_COLUMNS)


def finish_rows(engine: Engine, profile: Profile) -> None:
    """Read the times of the staged rows that are in no usual form, and complete numbers that are unique within something only; where
    there are none, nothing is planned for them.
    """
    if profile.none_days or engine.read("look/unusual_count").dicts()[0]["row_count"]:
        engine.run("fold/1_read/read_times", **profile.time_rules)
        engine.run("fold/1_read/unusual_times", none_days=", ".join(profile.none_days))
    if set(profile.key_parts) - {"case_no", *_TIMES_IN_KEYS}:
        engine.run("fold/1_read/keys_with_parts", key_parts=f",{','.join(profile.key_parts)},")
    for part in _TIMES_IN_KEYS:
        if part in profile.key_parts:
            engine.run("fold/1_read/keys_with_time", part=part)


def _list_unfinished(files: Sequence[RawFile]) -> Iterator[tuple[RawFile, Path]]:
    """What lies half copied beside the files of a delivery, each with one of these."""
    for folder, file in {file.path.parent: file for file in files}.items():
        yield from ((file, path) for path in sorted(folder.iterdir()) if path.is_file() and is_unfinished(path))


def _describe_doubt(doubt: Doubt, file: RawFile, delivery_no: int) -> tuple[object, ...]:
    """A row of reading_doubts."""
    words = doubt.taken_for
    return (
        delivery_no, file.name, doubt.sheet, doubt.row, doubt.column, doubt.kind, words.zh, words.en, doubt.rows, doubt.is_loss,
    )  # fmt: skip


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


_Line = tuple[int, int, str, str, str]  # as _LINE_COLUMNS, without the table


def stage_table(
    engine: Engine, profile: Profile, table: Table, table_no: int, file: str = ""
) -> Iterator[tuple[Table, list[_Line]]]:
    """Stage a table, or the tables that it turns out to be when it is read line by line: each with its lines that gave no row.

    The first has the number `table_no`, the others those that follow. `file` is its name, which may tell the type of its cases.
    """
    if isinstance(table.source, TextSource):
        _refuse_half_key(profile, table)
        lines = _stage_text(engine, profile, table, table_no, file)
        if lines is not None:
            yield table, lines
            return
        engine.run("fold/1_read/unstaged_rows", table_no=table_no)
        found = read_closely(table, profile)
    else:
        found = [table]
    for number, each in enumerate(found, table_no):
        _refuse_half_key(profile, each)
        _deliver(engine, profile, each, number, file)
        source = each.source
        assert isinstance(source, ArrowSource)
        yield each, _place_lines(each, source.skipped)


def _stage_text(engine: Engine, profile: Profile, table: Table, table_no: int, file: str) -> list[_Line] | None:
    """The lines of a text that gave no row; None if it has to be read line by line."""
    try:
        rows = _deliver(engine, profile, table, table_no, file)
    except DamagedText:
        return None
    broken: dict[int, str] = {}
    for row in rows:
        if row["error_type"] not in _WIDTH_ERRORS or not _is_around(row["content"], profile.around_pattern):
            return None
        broken[row["line"]] = "around"
    staged = int(engine.read("look/staged_count", table_no=table_no).dicts()[0]["row_count"])
    blank: list[int] = []
    source = table.source
    assert isinstance(source, TextSource)
    accounted = table.header_row + staged + len(broken)
    if source.facts.lines != accounted:
        records, empty = count_records(source)
        blank = [line for line in empty if line > table.header_row]
        if records != accounted + len(blank):  # the engine passes over a line that is too long for it
            return None
        if source.facts.lines != records and has_suspicious_quotes(source):
            return None
    if any(_is_other_header(row, profile) for row in engine.read("look/stray_headers", table_no=table_no).dicts()):
        return None
    return _place_lines(table, [SkippedLine(line, broken.get(line, "")) for line in sorted({*broken, *blank})])


def _deliver(engine: Engine, profile: Profile, table: Table, table_no: int, file: str) -> list[dict[str, Any]]:
    return engine.deliver(
        table,
        STAGED_ROWS,
        table_no=table_no,
        type_hint=profile.type_by_file_name(Path(file, table.sheet)),
        around_pattern=profile.around_pattern,
    )


def _place_lines(table: Table, lines: Sequence[SkippedLine]) -> list[_Line]:
    """Each line with the number of rows before it."""
    return [
        (skipped.line, skipped.line - table.header_row - 1 - i, skipped.flaw, skipped.evidence, skipped.case_no)
        for i, skipped in enumerate(lines)
    ]


def _is_other_header(row: Mapping[str, str], profile: Profile) -> bool:
    """Whether texts that stand where a number and times should be are names of columns, but not those that the pattern of rows around
    the cases knows, in their order.
    """
    meanings = [profile.canonical(text) if text else None for text in row.values()]
    if not any(meanings):
        return False
    if not re.match(profile.around_pattern, row["number"]):
        return True
    return any(meaning != own for meaning, own, text in zip(meanings, _SAME_ORDER, row.values(), strict=True) if text)


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


def _refuse_half_key(profile: Profile, table: Table) -> None:
    for part in profile.key_parts:
        if (column := _TOLD_BY.get(part, part)) not in table.columns:
            raise BadInput(
                "{place}: by [key] of the source profile {profile} a case is known by {parts}, but the table has no column for "
                "{column}. Add the column to the export, or add its header to {column} in [columns] of the profile.",
                place=table.place,
                profile=profile.name,
                parts=profile.key_parts,
                column=profile.written(column),
            )
