"""Counts in a window, from the ledger. What a number means stands in sql/."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flows.domain.cases import OUT_OF_SCOPE, UNCLASSIFIED, Counts, Week, Window
from flows.domain.figures import Compared, Reconciliation
from flows.engine.calendar import read_calendar
from flows.engine.protocols import Engine

EVER = date.max


def count_in_window(engine: Engine, window: Window, as_of: date = EVER) -> dict[str, Counts]:
    """Counts of each group, `unclassified` and `out_of_scope`, each present also when zero."""
    rows = engine.read("public/counts_in_window", start_on=window.start, end_on=window.end, as_of=as_of).dicts()
    return {row["group_key"]: read_counts(row) for row in rows}


def compare_windows(engine: Engine, window: Window, earlier: Window, as_of: date = EVER) -> dict[str, Compared]:
    """Each group against an earlier window; nothing where the deliveries are not complete in both."""
    rows = engine.read(
        "figures/compared_counts",
        start_on=window.start,
        end_on=window.end,
        earlier_start_on=earlier.start,
        earlier_end_on=earlier.end,
        as_of=as_of,
    ).dicts()
    return {
        row["group_key"]: Compared(
            Counts(row["accepted"], row["completed"]),
            Counts(row["earlier_accepted"], row["earlier_completed"]),
            tuple((row["left_out"] or "").split("、")) if row["left_out"] is not None else (),
        )
        for row in rows
        if row["earlier_accepted"] is not None
    }


def count_weeks(engine: Engine, week_ends: Iterable[date]) -> dict[date, dict[str, Counts]]:
    """Year-to-date of many weeks at once, each as `count_in_window`, and without the order of the groups."""
    engine.put("asked_weeks", [(end,) for end in week_ends], columns="week_ending date")
    counted: dict[date, dict[str, Counts]] = defaultdict(dict)
    for row in engine.read("look/weeks_today").dicts():
        counted[row["week_ending"]][row["group_key"]] = read_counts(row)
    return counted


def read_groups(engine: Engine) -> dict[str, str]:
    """The groups in force, in their order, with their labels."""
    rows = sorted(engine.read("figure_groups").dicts(), key=lambda row: int(row["position"]))
    return {row["group_key"]: row["label"] for row in rows if row["group_key"] not in (UNCLASSIFIED, OUT_OF_SCOPE)}


def find_newest_day(engine: Engine, window: Window, as_of: date = EVER) -> date | None:
    """The newest day of the window with a counted case, in scope or not."""
    row = engine.read("figures/newest_day", start_on=window.start, end_on=window.end, as_of=as_of).dicts()[0]
    found: date | None = row["day"]
    return found


def find_covered_week(engine: Engine, as_of: date = EVER) -> Week | None:
    """The newest bulletin week that the deliveries cover and that has cases of its year; None without any case."""
    newest_day = find_newest_day(engine, Window(date.min, date.max), as_of)
    if newest_day is None:
        return None
    calendar = read_calendar(engine)
    week = calendar.last_complete_week(
        engine.read("figures/known_through", as_of=as_of).dicts()[0]["cut_off"] + timedelta(days=1)
    )
    if find_newest_day(engine, week.year_to_date, as_of):
        return week
    return calendar.week_ending(newest_day)


def reconcile(engine: Engine, as_of: date = EVER) -> Reconciliation:
    row = engine.read("figures/reconciliation", as_of=as_of).dicts()[0]
    return Reconciliation(**{name.removeprefix("rows_"): value for name, value in row.items()})


def read_counts(row: dict[str, Any]) -> Counts:
    return Counts(row["accepted"], row["completed"], row["carried_over"])
