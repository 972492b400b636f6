"""The fold: one cut-off's staged rows → checked rows → case states → ledger, inside a working copy.

Every rule is in sql/; here is only their order.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from flows.domain.profile import Profile
from flows.domain.text import BadInput, Progress
from flows.domain.verdicts import STRUCTURE
from flows.engine.duckdb.connection import Engine
from flows.engine.query import list_queries, load_query
from flows.root.deliveries import RawFile
from flows.warehouse.reference import store_classification
from flows.warehouse.staging import stage_files

_NEVER = 2**31 - 1  # of delivery numbers


def reclassify(engine: Engine, profile: Profile) -> None:
    """Classify all that is known by other rules; what that changes becomes ledger entries of their own."""
    store_classification(engine, profile)
    engine.define("tuples_to_classify", "staging/known_tuples")
    engine.define("pairs_to_judge", "staging/known_pairs")
    _judge_descriptions(engine, profile)
    engine.update("facets", "classified_tuples", key="facet_key")
    engine.update("outcomes", "judged_pairs", key="outcome_key")
    engine.create("recounted_days", "core/daily_count", first_delivery=0)
    engine.insert("daily_count", "core/reclassified_count")


def rewind(engine: Engine, as_of: date) -> None:
    """Forget the deliveries with a later cut-off: what they began never was, what they ended goes on."""
    later = [row for row in engine.table("deliveries") if row["cut_off"] > as_of]
    engine.create_rows(
        "later_deliveries",
        "delivery_no integer, delivery_id varchar",
        [(row["delivery_no"], row["delivery_id"]) for row in later],
    )
    first = min((row["delivery_no"] for row in later), default=_NEVER)
    engine.execute("delete from case_states where from_delivery >= $first", first=first)
    engine.execute("update case_states set to_delivery = null where to_delivery >= $first", first=first)
    for table in ("row_findings", "finding_examples", "delivered_departments", "delivered_columns"):
        engine.execute(
            f"delete from {table} where table_no in (select table_no from delivered_tables where delivery_no >= $first)",
            first=first,
        )
    for table in ("delivered_tables", "deliveries"):
        engine.execute(f"delete from {table} where delivery_no >= $first", first=first)
    for table in ("daily_count", "quarantine"):
        engine.execute(f"delete from {table} where delivery_id in (select delivery_id from later_deliveries)")
    engine.execute(
        "update quarantine set closed_by = null where closed_by in (select delivery_id from later_deliveries)"
    )
    for table in ("control_totals", "no_business", "waivers"):
        engine.execute(f"delete from {table} where cut_off > $as_of", as_of=as_of)


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
    delivery_nos = {file.sha256: numbers[delivery_ids[file.sha256]] for file in files}
    stage_files(engine, profile, files, delivery_nos, progress)
    _classify(engine, profile)
    _quarantine(engine)
    engine.create_repeated("repeated_keys", "core/case_keys")
    engine.create("suspected_rows", "core/suspected_rows")
    engine.create("repeated_cases", "core/repeated_cases")
    engine.create("rival_rows", "core/rival_rows")
    engine.create("repeated_rows", "core/repeated_rows")
    engine.define("readable_rows", "core/readable_rows")
    engine.create("closed_items", "core/closed_items")
    engine.update("quarantine", "closed_items", key="item_no")
    _note_warnings(engine)
    _change_states(engine)
    engine.insert("daily_count", "core/daily_count", first_delivery=min(numbers.values()))
    _count_rows(engine)
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


def _classify(engine: Engine, profile: Profile) -> None:
    engine.create("spellings", "staging/spellings", type_pattern=profile.type_pattern)
    engine.define("tuples_to_classify", "staging/new_tuples")
    engine.define("pairs_to_judge", "staging/new_pairs")
    _judge_descriptions(engine, profile)
    engine.insert("facets", "staging/facets")
    engine.insert("outcomes", "staging/outcomes")
    engine.create("spelled_ids", "staging/spelled_ids")
    engine.create("row_shifts", "staging/row_shifts")
    _refuse_separators(engine)
    engine.define("delivered_rows", "staging/delivered_rows")


def _judge_descriptions(engine: Engine, profile: Profile) -> None:
    patterns = {"type_pattern": profile.type_pattern, "area_pattern": profile.area_pattern}
    engine.create("classified_tuples", "staging/classified_tuples", **patterns)
    engine.create("judged_pairs", "staging/judged_pairs")


def _refuse_separators(engine: Engine) -> None:
    for row in engine.rows("staging/broken_spellings"):
        place = f"data/raw/{row['file']}" + (f"［{row['sheet']}］" if row["sheet"] else "")
        raise BadInput(
            zh=f"{place} 第 {row['row_no']} 行：文字中有控制字符 U+001F，列的界限无法确定。请删去该字符，或重新导出。",
            en=f"{place} row {row['row_no']}: a text holds the control character U+001F, so its columns cannot be told apart. "
            "Remove it, or export the file again.",
        )


def _quarantine(engine: Engine) -> None:
    columns = "table_no integer, row_no bigint, rule varchar, column_name varchar, value varchar, reason varchar"
    engine.create_rows("quarantined_rows", columns, [])
    engine.insert("quarantined_rows", "core/rejected_rows", reason=STRUCTURE.zh)
    for query in _rules("quarantine"):
        engine.create("found_rows", query)
        rule, reason = Path(query).name, load_query(query).header["zh"]
        engine.insert("quarantined_rows", "core/found_rows", rule=rule, reason=reason)
    engine.insert("row_findings", "core/quarantine_findings")
    engine.insert("quarantine", "core/quarantine")


def _note_warnings(engine: Engine) -> None:
    for query in _rules("warning"):
        engine.create("found_rows", query)
        engine.insert("row_findings", "core/warning_findings", rule=Path(query).name)
        engine.insert("finding_examples", "core/finding_examples", rule=Path(query).name)


def _rules(severity: str) -> list[str]:
    return [query for query in list_queries("checks") if load_query(query).header["severity"] == severity]


def _change_states(engine: Engine) -> None:
    engine.number_rows("case_states", "indexed_states", "state_row")
    steps = "prior_states", "contested_cases", "succeeded_cases", "disputed_cases", "evidence", "merged_cases"
    for name in (*steps, "confirmed_cases", "ended_states"):
        engine.create(name, f"core/{name}")
    engine.update_rows("case_states", "confirmed_cases", "state_row")
    engine.update_rows("case_states", "ended_states", "state_row")
    with engine.without_dictionaries():  # hardly a case number comes twice
        engine.insert("case_states", "core/new_states")
    engine.insert("case_states", "core/passed_states")


def _count_rows(engine: Engine) -> None:
    engine.create("table_rows", "core/table_rows")
    engine.update("delivered_tables", "table_rows", key="table_no")
    engine.insert("delivered_departments", "core/delivered_departments")
    engine.create("delivery_rows", "core/delivery_rows")
    engine.update("deliveries", "delivery_rows", key="delivery_no")


def _refuse_empty(engine: Engine) -> None:
    empty = engine.execute("select delivery_id from deliveries where rows_read = 0 order by delivery_no")
    if empty:
        name = empty[0]["delivery_id"]
        raise BadInput(
            zh=f"data/raw/{name[:10]}：批次 {name} 只有表头，没有一行办件。请重新导出，或移走这些文件。",
            en=f"data/raw/{name[:10]}: delivery {name} has headers but not one case. Export it again, or move its files away.",
        )
