"""The figures of a bulletin week and of a range, read from the warehouse. What a number means stands in sql/."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flows.domain.calendar import Calendar
from flows.domain.cases import OUT_OF_SCOPE, PRINTED, UNCLASSIFIED, Counts, Week, Window
from flows.domain.figures import (
    Change,
    DailyCounts,
    FigureParts,
    GroupFigures,
    HandlingTimes,
    KnownThrough,
    Part,
    PartCounts,
    RangeStatistics,
    Source,
    Statistics,
    WeekCounts,
)
from flows.domain.profile import Profile
from flows.domain.text import Text
from flows.domain.verdicts import Severity, Verdict
from flows.engine.calendar import read_calendar
from flows.engine.protocols import Engine
from flows.figures.asked import read_asked
from flows.figures.causes import list_causes
from flows.figures.counts import EVER, compare_windows, count_in_window, read_counts, read_groups, reconcile
from flows.figures.verdicts import describe_rule, list_doubts, read_verdicts

_TREND_WEEKS = 13


def compute(engine: Engine, profile: Profile, week: Week, week_checks: Sequence[Verdict]) -> Statistics:
    """All that a section says of one bulletin week, from everything the engine holds."""
    causes = list_causes(engine, week)
    changes = [
        Change(group, measure, cause, cases) for (group, measure), told in causes.items() for cause, cases in told
    ]
    return compute_figures(engine, profile, week, week_checks=week_checks, changes=changes)


def compute_figures(
    engine: Engine,
    profile: Profile,
    week: Week,
    through: date = EVER,
    *,
    week_checks: Sequence[Verdict] = (),
    changes: Iterable[Change] = (),
) -> Statistics:
    """All figures of one bulletin week from the deliveries with a cut-off up to `through`, in cases (docs/method.md §2).

    `week_checks` are the verdicts of the publication gate on it, `changes` what its year-to-date gained and lost.
    """
    labels, calendar = read_groups(engine), read_calendar(engine)
    year_to_date = count_in_window(engine, week.year_to_date, through)
    known_through, is_sample = _read_known_through(engine, through)
    reconciliation = reconcile(engine, through)
    parts = _count_parts(engine, week.year_to_date, through)
    newest = _find_newest(engine, through)
    handling = _measure_handling(engine, week.year_to_date, newest)
    return Statistics(
        source=profile.source,
        scope=profile.scope_label,
        is_sample=is_sample,
        week=week,
        known_through=known_through,
        groups=tuple(_compare_groups(engine, calendar, labels, week, year_to_date, through)),
        unclassified=year_to_date[UNCLASSIFIED],
        unclassified_labels={row["name"]: read_counts(row) for row in parts["label"]},
        out_of_scope=year_to_date[OUT_OF_SCOPE],
        quarantined_rows=reconciliation.quarantined,
        quarantine_reasons=_count_reasons(engine, through),
        definitions=profile.definitions,
        daily=_read_days(parts["day"]),
        reconciliation=reconciliation,
        verdicts=(*read_verdicts(engine), *week_checks, _judge_coverage(known_through, week)),
        departments=_read_parts(parts["department"]),
        areas=_read_parts(parts["area"]),
        kinds=_read_parts(parts["kind"]),
        weeks=tuple(_count_weeks(engine, calendar, labels, week, through)),
        handling=handling["group"],
        handling_by_department=handling["department"],
        changes=tuple(changes),
        sources=_list_sources(engine, through),
        doubts=list_doubts(engine),
        wording=profile.wording,
        figure_parts=tuple(_take_figures_apart(engine, labels, week.year_to_date, newest)),
        asked=tuple(read_asked(engine, profile.asked, week.year_to_date, through, newest)),
    )


def compute_range(engine: Engine, profile: Profile, window: Window, known: str) -> RangeStatistics:
    """The figures of any window, in cases, without its weeks; `known` says what was asked, in Chinese."""
    counts, labels = count_in_window(engine, window), read_groups(engine)
    known_through, is_sample = _read_known_through(engine, EVER)
    return RangeStatistics(
        source=profile.source,
        scope=profile.scope_label,
        is_sample=is_sample,
        window=window,
        known_through=known_through,
        known=known,
        labels=labels,
        counts={group: counts[group] for group in labels},
        unclassified=counts[UNCLASSIFIED],
        out_of_scope=counts[OUT_OF_SCOPE],
        daily=_read_days(_count_parts(engine, window, EVER)["day"]),
        weeks=(),
        wording=profile.wording,
    )


def _read_known_through(engine: Engine, as_of: date) -> tuple[KnownThrough, bool]:
    """And whether samples are among what is known."""
    known = engine.read("figures/known_through", as_of=as_of).dicts()[0]
    return KnownThrough(known["cut_off"], known["received_on"], known["deliveries"]), known["is_sample"]


def _compare_groups(
    engine: Engine,
    calendar: Calendar,
    labels: Mapping[str, str],
    week: Week,
    year_to_date: Mapping[str, Counts],
    as_of: date,
) -> Iterator[GroupFigures]:
    """Each group in the year to date, and in the windows that it is compared with."""
    in_week = count_in_window(engine, week.window, as_of)
    since_previous = count_in_window(engine, week.since_previous, as_of)
    previous_week = calendar.week_ending(week.previous_end).window
    previous = count_in_window(engine, previous_week, as_of)
    week_on_week = compare_windows(engine, week.window, previous_week, as_of)
    year_on_year = compare_windows(engine, week.year_to_date, _year_before(week.year_to_date), as_of)
    for g, label in labels.items():
        yield GroupFigures(
            g,
            label,
            year_to_date[g],
            in_week[g],
            since_previous[g],
            previous[g],
            week_on_week.get(g),
            year_on_year.get(g),
        )


def _count_reasons(engine: Engine, as_of: date) -> dict[str, int]:
    rows = engine.read("figures/quarantine_reasons", as_of=as_of).dicts()
    return {describe_rule(row["rule"]).zh: row["row_count"] for row in rows}


def _count_parts(engine: Engine, window: Window, as_of: date) -> dict[str, list[dict[str, Any]]]:
    """The lines of sql/figures/counts_by: area, department, kind, label, day → its rows."""
    parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in engine.read("figures/counts_by", start_on=window.start, end_on=window.end, as_of=as_of).dicts():
        parts[row["part"]].append(row)
    return parts


def _read_days(rows: Iterable[dict[str, Any]]) -> tuple[DailyCounts, ...]:
    return tuple(DailyCounts(row["day"], row["group_key"], read_counts(row)) for row in rows)


def _read_parts(rows: Iterable[dict[str, Any]]) -> tuple[PartCounts, ...]:
    return tuple(PartCounts(row["name"], read_counts(row), row["area_name"]) for row in rows)


def _year_before(window: Window) -> Window:
    start, end = (
        day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
        for day in (window.start, window.end)
    )
    return Window(start, end)


def _count_weeks(
    engine: Engine, calendar: Calendar, groups: Iterable[str], week: Week, as_of: date
) -> Iterator[WeekCounts]:
    """The bulletin week and those of the twelve before it that the source is complete in, oldest first."""
    spells = [row for row in engine.read("covered_spells").dicts() if row["part"] == "source"]
    weeks = [week]
    while len(weeks) < _TREND_WEEKS:
        weeks.append(calendar.week_ending(weeks[-1].previous_end))
    for each in reversed(weeks):
        window = Window(each.previous_end + timedelta(days=1), each.end)
        is_complete = any(s["complete_from"] <= window.start and s["complete_through"] >= window.end for s in spells)
        if each is not week and not is_complete:
            continue
        counts = count_in_window(engine, window, as_of)
        yield WeekCounts(each.end, {group: counts[group] for group in groups})


def _find_newest(engine: Engine, as_of: date) -> int:
    """The newest delivery through that cut-off, by number; 0 before the first."""
    return max((row["delivery_no"] for row in engine.read("deliveries").dicts() if row["cut_off"] <= as_of), default=0)


def _measure_handling(engine: Engine, window: Window, newest: int) -> dict[str, tuple[HandlingTimes, ...]]:
    """group, department → their handling times, as known by delivery `newest`."""
    rows = engine.read(
        "figures/handling_times", start_on=window.start, end_on=window.end, through_delivery=newest
    ).dicts()
    parts = [(row.pop("part"), HandlingTimes(**row)) for row in rows]
    return {part: tuple(times for name, times in parts if name == part) for part in ("group", "department")}


def _take_figures_apart(engine: Engine, groups: Iterable[str], window: Window, newest: int) -> Iterator[FigureParts]:
    """The parts of each printed figure, as known by delivery `newest`; parts of what has no cases are none."""
    parts: dict[tuple[str, str, str], list[Part]] = defaultdict(list)
    for row in engine.read(
        "figures/figure_parts", start_on=window.start, end_on=window.end, through_delivery=newest
    ).dicts():
        is_file = row["part"] == "file"
        name = (row["delivery_id"], row["file"], row["sheet"]) if is_file else (row["department"],)
        parts[row["part"], row["group_key"], row["measure"]].append(Part(name, row["cases"]))
    for group in groups:
        for measure in PRINTED:
            departments, files = (tuple(parts[part, group, measure]) for part in ("department", "file"))
            yield FigureParts(group, measure, departments, files)


def _list_sources(engine: Engine, as_of: date) -> tuple[Source, ...]:
    cut_offs = {row["delivery_id"]: row["cut_off"] for row in engine.read("deliveries").dicts()}
    rows = sorted(
        engine.read("delivered_files").dicts(), key=lambda row: (cut_offs[row["delivery_id"]], str(row["file"]))
    )
    return tuple(
        Source(row["delivery_id"], row["file"], row["sha256"]) for row in rows if cut_offs[row["delivery_id"]] <= as_of
    )


def _judge_coverage(as_of: KnownThrough, week: Week) -> Verdict:
    asked = Text("the data should be complete through the week's end {week_end}", week_end=week.end)
    said = Text(
        "the data are complete through {cut_off}, not through the week's end {week_end}",
        cut_off=as_of.cut_off,
        week_end=week.end,
    )
    is_passed = as_of.cut_off >= week.end
    return Verdict(
        name="week_covered",
        severity=Severity.WARNING,
        is_passed=is_passed,
        observed=f"{as_of.cut_off}",
        zh=asked.zh,
        en=asked.en,
        broken=0 if is_passed else 1,
        said_zh="" if is_passed else said.zh,
        said_en="" if is_passed else said.en,
        due_zh=f"{week.end}",
        due_en=f"{week.end}",
    )
