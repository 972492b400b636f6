"""The fold: one cut-off's files → staged rows → checked rows → case states → ledger, inside a working copy.

Every rule is in sql/; here is only their order.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from flows.deliveries import RawFile
from flows.engine import Engine, load_query
from flows.engine.queries import list_queries
from flows.exports import Table, read_export
from flows.profiles import Profile
from flows.vocabulary import BadInput, Group, Progress, Text

UNCLASSIFIED, OUT_OF_SCOPE = "unclassified", "out_of_scope"
_STRUCTURE = Text(zh="字段数与表头不符", en="the row has not as many fields as the header")


def store_profile(engine: Engine, profile: Profile) -> None:
    """Write the source profile's tables into an empty warehouse."""
    labels = {group.value: profile.group_labels[group] for group in Group}
    labels |= {UNCLASSIFIED: "未归类", OUT_OF_SCOPE: f"{profile.scope_label}以外"}
    engine.insert_rows("figure_groups", [(i, key, label) for i, (key, label) in enumerate(labels.items(), 1)])
    engine.insert_rows("item_types", [(t.item_type, t.label, t.group.value) for t in profile.types])
    engine.insert_rows("type_names", sorted((name, t.item_type) for t in profile.types for name in t.names))
    rules = {"void": profile.void, "not_admitted": profile.not_admitted}
    engine.insert_rows(
        "outcome_rules",
        sorted(
            (rule, column, name)
            for rule, columns in rules.items()
            for column, names in columns.items()
            for name in names
        ),
    )
    engine.insert_rows("scope_areas", [(area,) for area in profile.scope_areas])


def fold_cut_off(
    engine: Engine,
    profile: Profile,
    cut_off: date,
    files: Sequence[RawFile],
    delivery_ids: dict[str, str],
    progress: Progress,
) -> None:
    """Take the files of one cut-off into the working copy; no older cut-off may follow.

    Raises:
        BadInput: a file cannot be read, changed meanwhile, or a delivery holds no row.
    """
    numbers = _record_deliveries(engine, cut_off, files, delivery_ids)
    _stage_files(
        engine,
        profile,
        cut_off,
        files,
        {sha256: numbers[name] for sha256, name in delivery_ids.items() if name in numbers},
        progress,
    )
    _classify(engine, profile)
    _quarantine(engine)
    engine.create("repeated_cases", "core/repeated_cases")
    engine.create("repeated_rows", "core/repeated_rows")
    engine.create("readable_rows", "core/readable_rows")
    _note_warnings(engine)
    _change_states(engine)
    engine.insert("daily_count", "core/daily_count", first_delivery=min(numbers.values()))
    _count_rows(engine, list(numbers.values()))
    _refuse_empty(engine)


def _record_deliveries(
    engine: Engine, cut_off: date, files: Sequence[RawFile], delivery_ids: dict[str, str]
) -> dict[str, int]:
    first = engine.execute("select coalesce(max(delivery_no), 0) + 1 as next from deliveries")[0]["next"]
    names = sorted({delivery_ids[file.sha256] for file in files}, key=lambda name: (len(name), name))
    for number, name in enumerate(names, first):
        own = [file for file in files if delivery_ids[file.sha256] == name]
        received_on = max(file.received_on for file in own)
        row = (number, name, cut_off, received_on, own[0].is_sample, len(own), 0, 0, 0, 0)
        engine.insert_rows("deliveries", [row])
    return {name: number for number, name in enumerate(names, first)}


def _stage_files(
    engine: Engine,
    profile: Profile,
    cut_off: date,
    files: Sequence[RawFile],
    numbers: dict[str, int],
    progress: Progress,
) -> None:
    """Read every table of every file into `staged_rows`, and say in `tables_in_fold` where each begins."""
    cut_off_end = datetime.combine(cut_off, time()) + timedelta(days=1)
    table_no = engine.execute("select coalesce(max(table_no), 0) as last from delivered_tables")[0]["last"]
    known, in_fold, skipped = [], [], []
    staged = 0
    for file in files:
        progress.detail(Text(zh=f"读取 {file.name}", en=f"reading {file.name}"))
        for table in read_export(file.path, profile):
            table_no += 1
            in_fold.append(_place(table, file, table_no, numbers[file.sha256], cut_off_end, staged))
            known.append(_describe(table, file, table_no, numbers[file.sha256]))
            skipped += _stage_table(
                engine, table, table_no, profile.type_by_file_name(Path(file.name)), is_first=table_no == in_fold[0][0]
            )
            staged = engine.execute("select count(*) as rows from staged_rows")[0]["rows"]
        _refuse_unfinished(file)
    engine.insert_rows("delivered_tables", known)
    engine.create_rows(
        "tables_in_fold",
        "table_no integer, delivery_no integer, header_row integer, first_row_index bigint, cut_off_end timestamp, "
        "corrects boolean, has_acceptance boolean, has_completion boolean, has_outcome boolean",
        in_fold,
    )
    engine.create_rows(
        "skipped_lines", "table_no integer, line bigint, readable_before bigint, is_rejected boolean", skipped
    )
    engine.execute("create or replace temp view indexed_rows as select rowid as row_index, * from staged_rows")


def _place(
    table: Table, file: RawFile, table_no: int, delivery_no: int, cut_off_end: datetime, staged: int
) -> tuple[object, ...]:
    families = (table.has_acceptance, table.has_completion, table.has_outcome)
    return (table_no, delivery_no, table.header_row, staged, cut_off_end, file.corrects, *families)


def _describe(table: Table, file: RawFile, table_no: int, delivery_no: int) -> tuple[object, ...]:
    """A row of delivered_tables, its counts still open."""
    families = (table.has_acceptance, table.has_completion, table.has_outcome)
    return (
        table_no, delivery_no, file.name, table.sheet, file.sha256, file.size, file.modified_ns, file.received_on,
        file.corrects, table.form, table.header_row, *families, table.personal_columns, table.other_columns, 0, 0, 0, 0,
    )  # fmt: skip


def _stage_table(
    engine: Engine, table: Table, table_no: int, type_hint: str, *, is_first: bool
) -> list[tuple[int, int, int, bool]]:
    """Stage one table; returns its lines that gave no row: blank ones, and those of another structure."""
    write = engine.create if is_first else engine.insert
    with engine.source_rows(table):
        write("staged_rows", "staging/staged_rows", table_no=table_no, type_hint=type_hint)
    rejected = {row["line"]: row["error_type"] for row in engine.rejected_lines()}
    for line, error in rejected.items():
        if error not in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
            _refuse_structure(table, line)
    lines = sorted({*rejected, *(line for line in table.blank_lines if line > table.header_row)})
    return [(table_no, line, line - table.header_row - 1 - i, line in rejected) for i, line in enumerate(lines)]


def _classify(engine: Engine, profile: Profile) -> None:
    patterns = {"type_pattern": profile.type_pattern, "area_pattern": profile.area_pattern}
    engine.insert("facets", "staging/facets", **patterns)
    engine.insert("outcomes", "staging/outcomes")
    engine.create("delivered_rows", "staging/delivered_rows")


def _quarantine(engine: Engine) -> None:
    engine.create_rows(
        "quarantined_rows",
        "table_no integer, row_no bigint, rule varchar, column_name varchar, value varchar, reason varchar",
        [],
    )
    engine.execute(
        "insert into quarantined_rows select table_no, line, 'row_structure', '', '', $reason from skipped_lines where is_rejected",
        reason=_STRUCTURE.zh,
    )
    for query in _rules("quarantine"):
        engine.create("found", query)
        engine.execute(
            "insert into quarantined_rows select table_no, row_no, $rule, column_name, substr(value, 1, 200), $reason from found",
            rule=Path(query).name,
            reason=load_query(query).header["zh"],
        )
    engine.execute(
        "insert into row_findings select table_no, rule, 'quarantine', count(distinct row_no) from quarantined_rows group by table_no, rule"
    )
    engine.execute(
        "insert into quarantine select d.delivery_id, t.file, t.sheet, q.row_no, q.rule, q.column_name, q.value, q.reason "
        "from quarantined_rows q join delivered_tables t on t.table_no = q.table_no "
        "join deliveries d on d.delivery_no = t.delivery_no order by q.table_no, q.row_no, q.rule"
    )


def _note_warnings(engine: Engine) -> None:
    for query in _rules("warning"):
        engine.create("found", query)
        engine.execute(
            "insert into row_findings select table_no, $rule, 'warning', count(*) from found group by table_no",
            rule=Path(query).name,
        )


def _rules(severity: str) -> list[str]:
    return [query for query in list_queries("checks") if load_query(query).header["severity"] == severity]


def _change_states(engine: Engine) -> None:
    engine.create("folded_cases", "core/folded_cases")
    engine.create("changed_cases", "core/changed_cases")
    engine.create("confirmed_cases", "core/confirmed_cases")
    engine.execute(
        "update case_states set acceptance_as_of = c.acceptance_as_of, completion_as_of = c.completion_as_of, "
        "outcome_as_of = c.outcome_as_of from confirmed_cases c where case_states.case_no = c.case_no and to_delivery is null"
    )
    engine.execute(
        "update case_states set to_delivery = c.delivery_no from changed_cases c "
        "where case_states.case_no = c.case_no and to_delivery is null"
    )
    engine.execute(
        "insert into case_states select case_no, facet_id, outcome_id, applied_at, accepted_at, due_at, completed_at, "
        "acceptance_as_of, completion_as_of, outcome_as_of, table_no, row_no, delivery_no, null from changed_cases"
    )


def _count_rows(engine: Engine, numbers: list[int]) -> None:
    """Count, each on its own, the rows read, loaded, repeated and quarantined: their sum is checked, not assumed."""
    engine.execute(
        "update delivered_tables set rows_read = n.read, rows_loaded = n.loaded, rows_repeated = n.repeated, "
        "rows_quarantined = n.quarantined from ("
        "select t.table_no, "
        "(select count(*) from delivered_rows r where r.table_no = t.table_no) "
        "+ (select count(*) from skipped_lines r where r.table_no = t.table_no and r.is_rejected) as read, "
        "(select count(*) from readable_rows r where r.table_no = t.table_no) as loaded, "
        "(select count(*) from repeated_rows r where r.table_no = t.table_no) as repeated, "
        "(select count(distinct row_no) from quarantined_rows r where r.table_no = t.table_no) as quarantined "
        "from tables_in_fold t) n where delivered_tables.table_no = n.table_no"
    )
    engine.execute(
        "update deliveries set rows_read = n.read, rows_loaded = n.loaded, rows_repeated = n.repeated, "
        "rows_quarantined = n.quarantined from (select delivery_no, sum(rows_read) as read, sum(rows_loaded) as loaded, "
        "sum(rows_repeated) as repeated, sum(rows_quarantined) as quarantined from delivered_tables group by delivery_no) n "
        "where deliveries.delivery_no = n.delivery_no and n.delivery_no in (select unnest($numbers))",
        numbers=numbers,
    )


def _refuse_empty(engine: Engine) -> None:
    empty = engine.execute("select delivery_id from deliveries where rows_read = 0 order by delivery_no")
    if empty:
        name = empty[0]["delivery_id"]
        raise BadInput(
            zh=f"data/raw/{name[:10]}：批次 {name} 只有表头，没有一行办件。请重新导出，或移走这些文件。",
            en=f"data/raw/{name[:10]}: delivery {name} has headers but not one case. Export it again, or move its files away.",
        )


def _refuse_unfinished(file: RawFile) -> None:
    facts = file.path.stat()
    if (facts.st_size, facts.st_mtime_ns) != (file.size, file.modified_ns):
        raise BadInput(
            zh=f"{file.path}：读取期间文件有变化（可能仍在复制）。请等复制完成后再运行。",
            en=f"{file.path} changed while it was read (is it still being copied?). Run again when it is complete.",
        )


def _refuse_structure(table: Table, line: int) -> None:
    raise BadInput(
        zh=f"{table.path} 第 {line} 行：引号不成对或一行过长，其后的内容无法确定归属。请改正该行的引号，或重新导出。",
        en=f"{table.path} line {line}: a quotation mark is not closed, or a line has no end; what follows cannot be told apart. "
        "Mend the quotation marks of that line, or export it again.",
    )
