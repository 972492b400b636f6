"""The fold: one cut-off's staged rows → described rows → readable rows → case states → ledger, inside a working copy.

Every rule is in sql/; here is only the order of its steps, and what is refused between them.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from flows.domain.profile import Profile
from flows.domain.text import BadInput, Progress, Text
from flows.engine.protocols import Engine
from flows.engine.recipe import Recipe
from flows.root.deliveries import RawFile
from flows.warehouse.reference import store_classification
from flows.warehouse.staging import stage_files

READ = Recipe(
    (
        "fold/1_read/new_delivered_tables",
        "fold/1_read/new_delivered_columns",
        "fold/1_read/new_doubts",
        "fold/1_read/tables_in_fold",
        "fold/1_read/whole_numbers",
    )
)
DESCRIBE = Recipe(
    (
        "fold/2_describe/cleaned_descriptions",
        "fold/2_describe/spellings",
        "fold/2_describe/descriptions",
        "fold/2_describe/facets_to_classify",
        "fold/2_describe/outcomes_to_judge",
        "fold/2_describe/classified_facets",
        "fold/2_describe/judged_outcomes",
        "fold/2_describe/new_facets",
        "fold/2_describe/new_outcomes",
        "fold/2_describe/description_ids",
        "fold/2_describe/row_shifts",
        "fold/2_describe/described_rows",
    )
)
REFUSE = Recipe(
    (
        "fold/3_refuse/advised_orders",
        "fold/3_refuse/quarantined_rows",
        "fold/3_refuse/quarantine_findings",
        "fold/3_refuse/new_quarantine_items",
        "fold/3_refuse/repeated_cases",
        "fold/3_refuse/rival_rows",
        "fold/3_refuse/repeated_rows",
        "fold/3_refuse/readable_rows",
        "fold/3_refuse/closed_items",
    )
)
MERGE = Recipe(
    (
        "fold/4_merge/prior_states",
        "fold/4_merge/contested_cases",
        "fold/4_merge/succeeded_cases",
        "fold/4_merge/disputed_cases",
        "fold/4_merge/evidence",
        "fold/4_merge/decided_cases",
        "fold/4_merge/confirmed_states",
        "fold/4_merge/ended_states",
        "fold/4_merge/new_states",
        "fold/4_merge/losing_rows",
        "fold/4_merge/passed_states",
    )
)
COUNT = Recipe(
    (
        "fold/5_count/ledger_entries",
        "fold/5_count/new_ledger_entries",
        "fold/5_count/table_rows",
        "fold/5_count/department_rows",
        "fold/5_count/delivery_rows",
        "fold/5_count/odd_rows",
        "fold/5_count/odd_findings",
        "fold/5_count/odd_examples",
    )
)
FOLD = Recipe((*READ, *DESCRIBE, *REFUSE, *MERGE, *COUNT))
RECLASSIFY = Recipe(
    (
        "reclassify/facets_to_classify",
        "reclassify/outcomes_to_judge",
        "fold/2_describe/classified_facets",
        "fold/2_describe/judged_outcomes",
        "reclassify/known_facets",
        "reclassify/known_outcomes",
        "fold/5_count/ledger_entries",
        "reclassify/reclassified_count",
    )
)
# The deliveries themselves last: the others ask them what is later.
REWIND = Recipe(
    (
        "rewind/case_states",
        "rewind/row_findings",
        "rewind/finding_examples",
        "rewind/reading_doubts",
        "rewind/delivered_departments",
        "rewind/delivered_columns",
        "rewind/delivered_tables",
        "rewind/daily_count",
        "rewind/quarantine",
        "rewind/control_totals",
        "rewind/no_business",
        "rewind/waivers",
        "rewind/deliveries",
    )
)


def fold_cut_off(
    engine: Engine,
    profile: Profile,
    cut_off: date,
    files: Sequence[RawFile],
    delivery_ids: Mapping[str, str],
    progress: Progress,
) -> None:
    """Take the files of one cut-off into the working copy; no older cut-off may follow.

    Raises:
        BadInput: a file cannot be read, changed while it was read, or a delivery holds no row.
    """
    numbers = _number_deliveries(engine, cut_off, files, delivery_ids)
    stage_files(engine, profile, files, {f.sha256: numbers[delivery_ids[f.sha256]] for f in files}, progress)
    progress.detail(Text("folding {cut_off}", cut_off=cut_off))
    READ.run(engine)
    DESCRIBE.run(engine, type_pattern=profile.type_pattern, area_pattern=profile.area_pattern)
    _refuse_separators(engine)
    REFUSE.run(engine)
    engine.put("completed_statuses", [(name,) for name in sorted(profile.completed_statuses)], columns="name varchar")
    MERGE.run(engine)
    COUNT.run(engine, first_delivery=min(numbers.values()))
    _refuse_empty(engine)


def reclassify(engine: Engine, profile: Profile) -> None:
    """Classify all that is known by other rules; what that changes becomes ledger entries of its own."""
    store_classification(engine, profile)
    RECLASSIFY.run(engine, type_pattern=profile.type_pattern, area_pattern=profile.area_pattern, first_delivery=0)


def rewind(engine: Engine, as_of: date) -> None:
    """Forget the deliveries with a later cut-off: drop states they opened, reopen states they closed."""
    deliveries = engine.read("deliveries").dicts()
    later = [row["delivery_no"] for row in deliveries if row["cut_off"] > as_of]
    REWIND.run(engine, first_delivery=min(later, default=len(deliveries) + 1), as_of=as_of)


def _number_deliveries(
    engine: Engine, cut_off: date, files: Sequence[RawFile], delivery_ids: Mapping[str, str]
) -> dict[str, int]:
    """The numbers of new deliveries, by name; their counts are still open."""
    first = engine.read("look/last_numbers").dicts()[0]["delivery_no"] + 1
    names = sorted({delivery_ids[file.sha256] for file in files}, key=lambda name: (len(name), name))
    numbers = {name: number for number, name in enumerate(names, first)}
    rows = []
    for name, number in numbers.items():
        own = [file for file in files if delivery_ids[file.sha256] == name]
        received_on = max(file.received_on for file in own)
        rows.append((number, name, cut_off, received_on, own[0].is_sample, len(own), 0, 0, 0, 0))
    engine.put("deliveries_in_fold", rows, like="deliveries")
    engine.run("fold/1_read/new_deliveries")
    return numbers


def _refuse_separators(engine: Engine) -> None:
    for row in engine.read("look/broken_descriptions").dicts():
        place = f"data/raw/{row['file']}" + (f"［{row['sheet']}］" if row["sheet"] else "")
        raise BadInput(
            "{place} row {row_no}: a text holds the control character U+001F, so its columns cannot be told apart. "
            "Remove it, or export the file again.",
            place=place,
            row_no=row["row_no"],
        )


def _refuse_empty(engine: Engine) -> None:
    for row in engine.read("look/empty_deliveries").dicts():
        name = row["delivery_id"]
        raise BadInput(
            "data/raw/{cut_off}: delivery {name} has headers but not one case. Export it again, or move its files away.",
            cut_off=name[:10],
            name=name,
        )
