"""Staging: the tables of one cut-off's files as rows of one text-clean, typed table, each row knowing its place."""

import re
from collections.abc import Sequence
from pathlib import Path

from flows.domain.profile import Profile
from flows.domain.text import BadInput, Progress, Text
from flows.engine.duckdb.connection import Engine
from flows.root.deliveries import RawFile
from flows.sources.delimited import find_blank_lines, sample_rows
from flows.sources.export import read_export
from flows.sources.table import Table, TextSource

SkippedLine = tuple[int, int, int, bool, bool]  # table_no, line, readable_before, is_rejected, is_around


def stage_files(
    engine: Engine, profile: Profile, files: Sequence[RawFile], delivery_nos: dict[str, int], progress: Progress
) -> None:
    """Read every table of every file: `staged_rows`, of which `tables_in_fold` says whose they are.

    `delivery_nos` gives the delivery of each file, by content. Lines that gave no row are in `skipped_lines`.

    Raises:
        BadInput: a file cannot be read, or changed meanwhile.
    """
    table_no = engine.execute("select coalesce(max(table_no), 0) as last from delivered_tables")[0]["last"]
    known: list[tuple[object, ...]] = []
    starts: list[tuple[int, int]] = []
    skipped: list[SkippedLine] = []
    columns: list[tuple[object, ...]] = []
    engine.create_rows("known_spellings", "spelling_key ubigint, spelling varchar", [])
    for file in files:
        progress.detail(Text(zh=f"读取 {file.name}", en=f"reading {file.name}"))
        for table in read_export(file.path, profile).tables:
            table_no += 1
            rules: dict[str, str | bool] = {
                "type_hint": profile.type_by_file_name(Path(file.name, table.sheet)),
                "around_pattern": profile.around_pattern,
                "is_month_first": profile.is_month_first,
            }
            first_row_index = _count_staged(engine) if starts else 0
            starts.append((table_no, first_row_index))
            skipped += _stage_table(engine, table, table_no, rules, first_row_index)
            known.append(_describe(table, file, table_no, delivery_nos[file.sha256]))
            columns += _list_columns(table, table_no)
        _refuse_unfinished(file)
    engine.insert_rows("delivered_tables", known)
    engine.insert_rows("delivered_columns", columns)
    engine.create_rows("table_starts", "table_no integer, first_row_index bigint", starts)
    engine.create("tables_in_fold", "staging/tables_in_fold")
    engine.create_rows(
        "skipped_lines",
        "table_no integer, line bigint, readable_before bigint, is_rejected boolean, is_around boolean",
        skipped,
    )
    engine.number_rows("staged_rows", "indexed_rows", "row_index")
    engine.define("case_rows", "staging/case_rows")


def _count_staged(engine: Engine) -> int:
    return int(engine.execute("select count(*) as rows from staged_rows")[0]["rows"])


def _describe(table: Table, file: RawFile, table_no: int, delivery_no: int) -> tuple[object, ...]:
    """A row of delivered_tables, its counts still open."""
    families = (table.has_acceptance, table.has_completion, table.has_outcome)
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
    engine: Engine, table: Table, table_no: int, rules: dict[str, str | bool], first_row_index: int
) -> list[SkippedLine]:
    """Stage one table; returns its lines that gave no row: blank ones, notes, and those of another structure."""
    write = engine.insert if first_row_index else engine.create
    _know_spellings(engine, table, table_no, rules)
    with engine.source_rows(table):
        write("staged_rows", "staging/staged_rows", table_no=table_no, **rules)
    broken: dict[int, bool] = {}
    for row in engine.rejected_lines(table):
        broken[row["line"]] = _is_around(row["content"], str(rules["around_pattern"]))
        if row["error_type"] not in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
            _refuse_structure(table, row["line"])
    given = _count_staged(engine) - first_row_index
    lines = sorted({*broken, *_find_blank_lines(table, given + len(broken))})
    return [
        (table_no, line, line - table.header_row - 1 - i, line in broken and not broken[line], broken.get(line, False))
        for i, line in enumerate(lines)
    ]


def _know_spellings(engine: Engine, table: Table, table_no: int, rules: dict[str, str | bool]) -> None:
    """Number the spellings that a large table repeats: its rows are staged with the number, not with the text.

    Any other spelling is staged as it is, so a bad guess costs time and nothing else.
    """
    engine.create_functions()
    if sample := sample_rows(table):
        with engine.source_rows(sample):
            engine.create("sampled_rows", "staging/staged_rows", table_no=table_no, **rules)
        engine.create("frequent_spellings", "staging/frequent_spellings")
        engine.number_texts("spelling_number", "frequent_spellings", "known_spellings")


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
            zh=f"{file.path}：读取期间文件有变化（可能仍在复制）。请等复制完成后再运行。",
            en=f"{file.path} changed while it was read (is it still being copied?). Run again when it is complete.",
        )


def _refuse_structure(table: Table, line: int) -> None:
    raise BadInput(
        zh=f"{table.place} 第 {line} 行：引号不成对或一行过长，其后的内容无法确定归属。请改正该行的引号，或重新导出。",
        en=f"{table.place} line {line}: a quotation mark is not closed, or a line has no end; what follows cannot be told apart. "
        "Mend the quotation marks of that line, or export it again.",
    )
