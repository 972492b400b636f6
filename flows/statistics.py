"""Figures of a week, read from the marts. What a number means stands in sql/marts and sql/core/counted_states."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flows.engine import Engine
from flows.engine.queries import list_queries, load_query
from flows.fold import OUT_OF_SCOPE, UNCLASSIFIED
from flows.profiles import Profile
from flows.vocabulary import (
    Acceptance,
    AsOf,
    Check,
    Counts,
    DailyCounts,
    Group,
    GroupFigures,
    Place,
    Reconciliation,
    Severity,
    Statistics,
    Week,
    Window,
)
from flows.workdays import last_complete_week, week_ending

EVER = date.max


def compute(
    engine: Engine, profile: Profile, week: Week, through: date = EVER, *, week_checks: Sequence[Check] = ()
) -> Statistics:
    """All figures of one bulletin week from the deliveries with a cut-off up to `through`, in cases (DOMAIN.md §2).

    `week_checks` are the verdicts of the publication gate on it.
    """
    year_to_date = count_in_window(engine, week.year_to_date, through)
    in_week = count_in_window(engine, week.window, through)
    since_previous = count_in_window(engine, week.since_previous, through)
    known = engine.rows("marts/as_of", as_of=through)[0]
    as_of = AsOf(known["cut_off"], known["received_on"], known["deliveries"])
    reasons = {row["rule"]: row["row_count"] for row in engine.rows("marts/quarantine_reasons", as_of=through)}
    reconciliation = reconcile(engine, through)
    return Statistics(
        source=profile.source,
        scope=profile.scope_label,
        is_sample=known["is_sample"],
        week=week,
        as_of=as_of,
        groups=tuple(
            GroupFigures(g, profile.group_labels[g], year_to_date[g], in_week[g], since_previous[g]) for g in Group
        ),
        unclassified=year_to_date[UNCLASSIFIED],
        unclassified_labels=_count_labels(engine, week.year_to_date, through),
        out_of_scope=year_to_date[OUT_OF_SCOPE],
        quarantined_rows=reconciliation.quarantined,
        quarantine_reasons={label_rule(rule): rows for rule, rows in reasons.items()},
        definitions=profile.definitions,
        daily=_count_days(engine, week.year_to_date, through),
        reconciliation=reconciliation,
        checks=(*read_checks(engine), *week_checks, _judge_coverage(as_of, week)),
    )


def count_in_window(engine: Engine, window: Window, as_of: date = EVER) -> dict[str, Counts]:
    """Counts of the three groups, `unclassified` and `out_of_scope`, each present also when zero."""
    rows = engine.rows("marts/counts_in_window", start_on=window.start, end_on=window.end, as_of=as_of)
    return {row["group_key"]: _counts(row) for row in rows}


def find_newest_day(engine: Engine, window: Window, as_of: date = EVER) -> date | None:
    """The newest day of the window with a counted case, in scope or not."""
    row = engine.rows("marts/newest_day", start_on=window.start, end_on=window.end, as_of=as_of)[0]
    found: date | None = row["day"]
    return found


def find_covered_week(engine: Engine, as_of: date = EVER) -> Week | None:
    """The newest bulletin week that the deliveries cover and that has cases of its year; None without any case."""
    newest_day = find_newest_day(engine, Window(date.min, date.max), as_of)
    if newest_day is None:
        return None
    week = last_complete_week(engine.rows("marts/as_of", as_of=as_of)[0]["cut_off"] + timedelta(days=1))
    if find_newest_day(engine, week.year_to_date, as_of):
        return week
    return week_ending(newest_day)


def reconcile(engine: Engine, as_of: date = EVER) -> Reconciliation:
    row = engine.rows("marts/reconciliation", as_of=as_of)[0]
    return Reconciliation(**{name.removeprefix("rows_"): value for name, value in row.items()})


def read_checks(engine: Engine, week_end: date | None = None) -> tuple[Check, ...]:
    """What was judged before this warehouse was swapped in: the deliveries, or the figures of a week if it was that week."""
    places, decisions = defaultdict(list), defaultdict(list)
    for row in engine.table("check_places"):
        places[row["name"]].append(Place(row["cut_off"], row["place"], row["observed"]))
    for acceptance in read_acceptances(engine):
        decisions[acceptance.rule].append(acceptance)
    return tuple(
        Check(
            row["name"], Severity(row["severity"]), row["is_passed"], row["observed"], row["zh"], row["en"], row["broken"],
            tuple(places[row["name"]]), tuple(decisions[row["name"]]) if row["is_accepted"] else (),
        )
        for row in engine.table("check_results")
        if row["week_end"] == week_end
    )  # fmt: skip


def read_acceptances(engine: Engine) -> list[Acceptance]:
    """What was decided: rules that may be broken by the deliveries of a cut-off."""
    return [Acceptance(*row.values()) for row in engine.table("acceptances")]


def label_rule(rule: str) -> str:
    """What a rule of sql/checks says, in Chinese."""
    known = {query.rpartition("/")[2] for query in list_queries("checks")}
    return load_query(f"checks/{rule}").header["zh"] if rule in known else "字段数与表头不符"


def _count_labels(engine: Engine, window: Window, as_of: date) -> dict[str, Counts]:
    rows = engine.rows("marts/unclassified_labels", start_on=window.start, end_on=window.end, as_of=as_of)
    return {row["label"]: _counts(row) for row in rows}


def _count_days(engine: Engine, window: Window, as_of: date) -> tuple[DailyCounts, ...]:
    rows = engine.rows("marts/group_days", start_on=window.start, end_on=window.end, as_of=as_of)
    return tuple(DailyCounts(row["day"], Group(row["group_key"]), _counts(row)) for row in rows)


def _counts(row: dict[str, Any]) -> Counts:
    return Counts(row["accepted"], row["completed"], row["carried_over"])


def _judge_coverage(as_of: AsOf, week: Week) -> Check:
    return Check(
        name="week_covered",
        severity=Severity.WARNING,
        is_passed=as_of.cut_off >= week.end,
        observed=f"{as_of.cut_off}",
        zh=f"数据应完整至本周末 {week.end}",
        en=f"the data should be complete through the week's end {week.end}",
    )
