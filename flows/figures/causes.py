"""What a figure is made of, and what changed it since the week before, case by case."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from flows.domain.cases import CORRECTIONS, LAST_DELIVERY, PRINTED, Cause, Measure, Week, Window, say_causes
from flows.domain.figures import Explanation, Part
from flows.domain.verdicts import Fall
from flows.engine.protocols import Engine
from flows.engine.recipe import Recipe
from flows.figures.counts import count_in_window, read_groups

if TYPE_CHECKING:
    import pyarrow as pa

Causes = dict[tuple[str, Measure], list[tuple[Cause, int]]]  # group and measure → cause, cases gained or lost
_ASKED = (
    "group_key varchar, measure varchar, start_on date, end_on date, through_delivery integer, "
    "previous_end date, previous_delivery integer"
)
_KNOWN_STATES = "explain/known_states"
_TOLD = Recipe(("explain/measured_states", "explain/belated_states", "explain/arrived_states", "explain/told_pairs"))
_PARTS = {
    "file": ("delivery_id", "file", "sheet"),
    "department": ("department",),
    "month": ("month",),
    "acceptance_year": ("accepted_in",),
}


def list_causes(engine: Engine, week: Week) -> Causes:
    """What changed each year-to-date since the deliveries through the end of the week before; each sums up to its change."""
    figures = [(group, measure) for group in read_groups(engine) for measure in PRINTED]
    previous = find_delivery(engine, week.previous_end)
    _ask(engine, figures, week, find_delivery(engine, date.max), previous)
    return read_causes(engine)


def list_changes(engine: Engine, told: Mapping[date, Collection[int]]) -> dict[date, Causes]:
    """What changed each year-to-date since it was told, for many weeks at once: last day → the deliveries that the week was told by.

    Deliveries arrive in the order in which weeks were first told by them, which is not always that of their cut-offs. A week that was
    told without some of what an earlier one knew is left out. What a belated row and a later one made of a case together may not be
    known apart: then the changes do not add up.
    """
    arrivals: list[int] = []
    known: dict[date, int] = {}
    for end, deliveries in sorted(told.items(), key=lambda week: (len(week[1]), week[0])):
        if set(arrivals) <= set(deliveries):
            arrivals += sorted(set(deliveries) - set(arrivals))
            known[end] = len(arrivals)
    arrivals += sorted({row["delivery_no"] for row in engine.read("deliveries").dicts()} - set(arrivals))
    belated = {number for place, number in enumerate(arrivals) if number < max(arrivals[:place], default=0)}
    engine.put(
        "arrivals",
        [(number, place, number in belated) for place, number in enumerate(arrivals, 1)],
        columns="delivery_no integer, arrival_no integer, is_belated boolean",
    )
    _ask_weeks(engine, known, read_groups(engine), Measure)
    _TOLD.run(engine)
    return _read_changes(engine, known)


def list_differences(engine: Engine, earlier: Engine, told: Mapping[date, int]) -> dict[date, Causes]:
    """What changed each year-to-date between two warehouses, for many weeks at once: last day → the delivery of the earlier one, by number,
    through which it told the week; each sums up to its difference.
    """
    differences: dict[date, Causes] = {end: defaultdict(list) for end in told}
    groups = list(dict.fromkeys((*read_groups(earlier), *read_groups(engine))))
    for measure in Measure:  # one by one: the states of all cases are held meanwhile
        for each in (earlier, engine):
            _ask_weeks(each, told, groups, [measure])
            each.run("explain/measured_states")
        engine.put("past_states", earlier.read("explain/past_states").arrow())
        engine.run("explain/differing_pairs", into="told_pairs", last_delivery=LAST_DELIVERY)
        for end, found in _read_changes(engine, told).items():
            differences[end].update(found)
    return differences


def _ask_weeks(engine: Engine, told: Mapping[date, int], groups: Iterable[str], measures: Iterable[Measure]) -> None:
    """Figures of each week, as known by a place in the order of deliveries."""
    figures = [(group, measure.value) for group in groups for measure in measures]
    engine.put(
        "asked_figures",
        [
            (*figure, date(end.year, 1, 1), end, LAST_DELIVERY, end, place)
            for end, place in told.items()
            for figure in figures
        ],
        columns=_ASKED,
    )


def _read_changes(engine: Engine, told: Iterable[date]) -> dict[date, Causes]:
    changes: dict[date, Causes] = {end: defaultdict(list) for end in told}
    for row in engine.read("explain/told_changes").dicts():
        changes[row["end_on"]][row["group_key"], Measure(row["measure"])].append((Cause(row["cause"]), row["cases"]))
    return changes


def read_causes(engine: Engine) -> Causes:
    """The causes of change of all figures that were asked."""
    causes: Causes = defaultdict(list)
    for row in engine.read("explain/figure_causes").dicts():
        causes[row["group_key"], Measure(row["measure"])].append((Cause(row["cause"]), row["cases"]))
    return causes


def find_delivery(engine: Engine, cut_off: date) -> int:
    """The newest delivery through that cut-off; 0 before the first."""
    return max(
        (row["delivery_no"] for row in engine.read("deliveries").dicts() if row["cut_off"] <= cut_off), default=0
    )


def ask(
    engine: Engine,
    group: str,
    measure: Measure,
    week: Week,
    through_delivery: int,
    previous_delivery: int,
    states_before: "pa.Table | None" = None,
) -> None:
    """Lay one figure out in the engine, as temporary relations: its cases, and what changed since the week before."""
    _ask(engine, [(group, measure)], week, through_delivery, previous_delivery, states_before)
    engine.run("explain/figure_cases")


def _ask(
    engine: Engine,
    figures: Sequence[tuple[str, Measure]],
    week: Week,
    through_delivery: int,
    previous_delivery: int,
    states_before: "pa.Table | None" = None,
) -> None:
    """Lay out what changed of figures, by group and measure, since the week before.

    Both sides are counted from deliveries, by number; `states_before` are what the earlier one was counted from where
    the engine's own deliveries cannot tell.
    """
    window = week.year_to_date
    engine.put(
        "asked_figures",
        [
            (group, measure.value, window.start, window.end, through_delivery, week.previous_end, previous_delivery)
            for group, measure in figures
        ],
        columns=_ASKED,
    )
    engine.run("explain/measured_states")
    engine.run(
        "explain/coming_states",
        previous_end=week.previous_end,
        through_delivery=through_delivery,
        previous_delivery=previous_delivery,
    )
    engine.run(_KNOWN_STATES, into="states_now", known_delivery=through_delivery, other_delivery=previous_delivery)
    if states_before is None:
        engine.run(
            _KNOWN_STATES, into="states_before", known_delivery=previous_delivery, other_delivery=through_delivery
        )
    else:
        engine.put("states_before", states_before)
    engine.run("explain/figure_changes")


def count_figure(engine: Engine, group: str, measure: Measure, window: Window, as_of: date) -> int:
    """The figure from the ledger; its parts are counted from the cases."""
    return int(getattr(count_in_window(engine, window, as_of)[group], measure))


def take_apart(engine: Engine, group: str, measure: Measure, week: Week, cases: int, cases_before: int) -> Explanation:
    parts: dict[str, list[Part]] = defaultdict(list)
    for row in engine.read("explain/figure_parts").dicts():
        parts[row["part"]].append(Part(tuple(str(row[name]) for name in _PARTS[row["part"]]), row["cases"]))
    explanation = Explanation(
        group=group,
        measure=measure,
        window=week.year_to_date,
        cases=cases,
        before=week.previous_end,
        cases_before=cases_before,
        files=tuple(parts["file"]),
        departments=tuple(parts["department"]),
        months=tuple(parts["month"]),
        acceptance_years=tuple(parts["acceptance_year"]),
        causes=tuple(Part((row["cause"],), row["cases"]) for row in engine.read("explain/figure_causes").dicts()),
    )
    _verify(explanation)
    return explanation


def _verify(explanation: Explanation) -> None:
    """Parts that do not add up are a bug, never an answer."""
    difference = explanation.cases - explanation.cases_before
    parted = (explanation.files, explanation.departments, explanation.months, explanation.acceptance_years)
    sums = [(explanation.cases, parts) for parts in parted] + [(difference, explanation.causes)]
    for expected, parts in sums:
        if sum(part.cases for part in parts) != expected:
            raise RuntimeError(f"{explanation.group} {explanation.measure}: {parts[:3]}… do not add up to {expected}")


def list_falls(engine: Engine, week: Week) -> list[Fall]:
    """Of each group and measure: the corrections that a fall since last week is made of, and what they do not explain.

    Last week's figure is that of the deliveries through its end; a new year has none.
    """
    before_window = replace(week.year_to_date, end=max(week.previous_end, week.year_to_date.start))
    has_before = week.previous_end >= week.year_to_date.start
    before = count_in_window(engine, before_window, week.previous_end)
    now = count_in_window(engine, week.year_to_date)
    figures = [(group, measure) for group in read_groups(engine) for measure in PRINTED]
    falls = {(g, m): getattr(before[g], m) - getattr(now[g], m) if has_before else 0 for g, m in figures}
    causes = list_causes(engine, week) if max(falls.values()) > 0 else {}
    rows = []
    for (group, measure), fell_by in falls.items():
        told = causes.get((group, measure), []) if fell_by > 0 else []
        lost = {cause: -cases for cause, cases in told if cases < 0 and cause in CORRECTIONS}
        said = say_causes(told, measure) if lost else ""
        rows.append(Fall(f"{group} {measure.zh} {-fell_by:+}", max(0, fell_by - sum(lost.values())), said))
    return rows
