"""What the page of the checks shows, read from a warehouse, or from one under construction that was refused."""

from collections import defaultdict
from collections.abc import Sequence

from flows.domain.cases import Week
from flows.domain.profile import Profile
from flows.domain.verdicts import DeliveredFile, Delivery, Department, Finding, Inspection, Verdict
from flows.engine.protocols import Engine
from flows.figures.verdicts import describe_rule, list_doubts

# What a table tells: (acceptances, results).
_CONTENTS = {(True, True): "受理和办结", (True, False): "仅受理", (False, True): "仅办结", (False, False): "–"}


def inspect(
    engine: Engine,
    profile: Profile,
    week: Week,
    checks: Sequence[Verdict],
    departments: Sequence[Department],
    *,
    is_swapped_in: bool,
) -> Inspection:
    """All loaded deliveries with their findings, beside the verdicts and the coverage of each department; counts in rows."""
    deliveries = _list_deliveries(engine)
    return Inspection(
        scope=profile.scope_label,
        is_sample=any(row["is_sample"] for row in engine.read("deliveries").dicts()),
        week=week,
        cut_off=max(delivery.cut_off for delivery in deliveries),
        is_swapped_in=is_swapped_in,
        verdicts=tuple(checks),
        deliveries=deliveries,
        departments=tuple(departments),
        doubts=list_doubts(engine),
    )


def _list_deliveries(engine: Engine) -> tuple[Delivery, ...]:
    cells: dict[tuple[str, str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for row in engine.read("look/finding_places").dicts():
        where = f"［{row['sheet']}］第 {row['row_no']} 行" if row["sheet"] else f"第 {row['row_no']} 行"
        cells[row["delivery_id"], row["file"], row["rule"]].append((where, row["column_name"], row["value"] or ""))
    findings: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for row in engine.read("look/file_findings").dicts():
        key = row["delivery_id"], row["file"]
        found = Finding(
            row["rule"], describe_rule(row["rule"]).zh, row["severity"] == "quarantine", row["row_count"],
            tuple(cells[(*key, row["rule"])]),
        )  # fmt: skip
        findings[key].append(found)
    contents: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in engine.read("look/file_contents").dicts():
        contents[row["delivery_id"], row["file"]].append(_CONTENTS[row["has_acceptance"], row["has_completion"]])
    files: dict[str, list[DeliveredFile]] = defaultdict(list)
    for row in sorted(engine.read("delivered_files").dicts(), key=lambda row: str(row["file"])):
        file = DeliveredFile(
            row["file"], "、".join(dict.fromkeys(contents[row["delivery_id"], row["file"]])),
            row["rows_read"], row["rows_loaded"], row["rows_repeated"], row["rows_quarantined"],
            tuple(findings[row["delivery_id"], row["file"]]),
        )  # fmt: skip
        files[row["delivery_id"]].append(file)
    return tuple(
        Delivery(row["delivery_id"], row["cut_off"], row["received_on"], tuple(files[row["delivery_id"]]))
        for row in engine.read("deliveries").dicts()
    )
