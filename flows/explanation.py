"""A figure taken apart: into files, departments and months, and into what changed since the week before, case by case."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flows import knowledge, statistics
from flows.engine import Engine
from flows.fold import OUT_OF_SCOPE, UNCLASSIFIED
from flows.knowledge import Question
from flows.profiles import Profile, fold
from flows.project import Project
from flows.vocabulary import Group, NothingToDo, Progress, Week, Window, WrongUsage
from flows.workdays import week_ending

if TYPE_CHECKING:
    import pyarrow as pa

MEASURES = {"accepted": "受理", "completed": "办结", "carried_over": "结转"}
CASE_COLUMNS = (
    "case_no",
    "day",
    "item_type_label",
    "item_name",
    "department",
    "area_code",
    "delivery_id",
    "file",
    "sheet",
    "row_no",
)
CHANGE_COLUMNS = ("case_no", "cause", "cases")
Causes = dict[tuple[str, str], list[tuple[str, int]]]  # group and measure → cause, cases gained or lost
_LAST = 2**31 - 1  # of delivery numbers


@dataclass(frozen=True)
class Part:
    """A part of a figure: what names it, and its cases (signed, where it is a change)."""

    name: tuple[str, ...]
    cases: int


@dataclass(frozen=True)
class Explanation:
    """One figure, in cases, and the parts that add up to it.

    `files` (delivery, file, sheet), `departments`, `months` and `acceptance_years` each add up to `cases`;
    `causes` add up to `cases` minus `cases_before`, the year-to-date through `before`.
    """

    group: str
    measure: str
    window: Window
    cases: int
    before: date
    cases_before: int
    files: tuple[Part, ...]
    departments: tuple[Part, ...]
    months: tuple[Part, ...]
    acceptance_years: tuple[Part, ...]
    causes: tuple[Part, ...]


@dataclass(frozen=True)
class Explained:
    """An explanation and the engine in which its cases can be listed, one by one."""

    explanation: Explanation
    engine: Engine

    def list_cases(self) -> Iterator[dict[str, Any]]:
        """The cases of the figure, each with the row it was read from."""
        return self.engine.stream("marts/figure_list")

    def list_changes(self) -> Iterator[dict[str, Any]]:
        """The cases gained and lost since the week before, each with its cause."""
        return self.engine.stream("marts/figure_change_list")


def read_words(words: Sequence[str], profile: Profile) -> tuple[str, str]:
    """Group and measure as a person names them, in any order: licence, 行政许可; completed, 办结.

    Raises:
        WrongUsage: a word that is neither, or two of a kind.
    """
    groups = {group.value: {group.value, profile.group_labels[group]} for group in Group}
    groups |= {UNCLASSIFIED: {UNCLASSIFIED, "未归类"}, OUT_OF_SCOPE: {OUT_OF_SCOPE, f"{profile.scope_label}以外"}}
    measures = {key: {key, label} for key, label in MEASURES.items()}
    found = [_find_word(word, names) for names in (groups, measures) for word in words]
    group, measure = (next(filter(None, part), "") for part in (found[: len(words)], found[len(words) :]))
    if not group or not measure:
        allowed = "、".join("|".join(sorted(names)) for names in (*groups.values(), *measures.values()))
        raise WrongUsage(
            zh=f"“{' '.join(words)}”：应为一类和一项，例如 行政许可 办结。可用：{allowed}",
            en=f"'{' '.join(words)}': name one group and one measure, such as licence completed. There are: {allowed}",
        )
    return group, measure


def _find_word(word: str, names: Mapping[str, set[str]]) -> str:
    return next((key for key, known in names.items() if fold(word).replace("-", "_") in map(fold, known)), "")


@contextmanager
def explain(
    project: Project, group: str, measure: str, week_end: date | None, question: Question, progress: Progress
) -> Iterator[Explained]:
    """Take the year-to-date of one group and measure apart, as known by the question's answer.

    `week_end` None is the newest week that the deliveries cover.

    Raises:
        NothingToDo: nothing is known of that year.
    """
    with knowledge.open_known(project, question, progress) as engine:
        week = week_ending(week_end) if week_end else statistics.find_covered_week(engine, question.as_of)
        if week is None or statistics.find_newest_day(engine, week.year_to_date, question.as_of) is None:
            end = week.end if week else question.as_of
            raise NothingToDo(
                zh=f"所问的批次中没有 {end.year} 年截至 {end} 的数据。看已载入的批次：bulletin status",
                en=f"The deliveries asked for hold no data of {end.year} through {end}. To see what is loaded: bulletin status",
            )
        now = _find_delivery(engine, question.as_of)
        previous = _find_delivery(engine, min(question.as_of, week.previous_end))
        window = Window(week.year_to_date.start, week.previous_end)
        with knowledge.open_before(project, question, week.previous_end, progress) as earlier:
            if earlier:
                ask(earlier, group, measure, week, _LAST, 0)
                ask(engine, group, measure, week, now, 0, earlier.arrow("states_now"))
                before = _count(earlier, group, measure, window, date.max)
            else:
                ask(engine, group, measure, week, now, previous)
                before = _count(engine, group, measure, window, min(question.as_of, week.previous_end))
        cases = _count(engine, group, measure, week.year_to_date, question.as_of)
        yield Explained(_take_apart(engine, group, measure, week, cases, before), engine)


def list_causes(engine: Engine, week: Week) -> Causes:
    """What changed each year-to-date since the deliveries through the end of the week before; each sums up to its change."""
    figures = [(group.value, measure) for group in Group for measure in ("accepted", "completed")]
    previous = _find_delivery(engine, week.previous_end)
    _ask(engine, figures, week, _find_delivery(engine, date.max), previous)
    return read_causes(engine)


def list_differences(engine: Engine, earlier: Engine, window: Window) -> Causes:
    """What changed each figure of one window between two warehouses; each sums up to its difference."""
    causes: Causes = {}
    week = Week(window, window.end)
    for measure in MEASURES:  # one by one: the states of all cases are held meanwhile
        figures = [(group.value, measure) for group in Group]
        _ask(earlier, figures, week, _LAST, 0)
        _ask(engine, figures, week, _LAST, 0, earlier.arrow("states_now"))
        causes |= read_causes(engine)
    return causes


def read_causes(engine: Engine) -> Causes:
    """The causes of change of all figures that were asked."""
    causes: Causes = defaultdict(list)
    for row in engine.rows("marts/figure_causes"):
        causes[row["group_key"], row["measure"]].append((row["cause"], row["cases"]))
    return causes


def _find_delivery(engine: Engine, cut_off: date) -> int:
    """The newest delivery through that cut-off; 0 before the first."""
    return max((row["delivery_no"] for row in engine.table("deliveries") if row["cut_off"] <= cut_off), default=0)


def ask(
    engine: Engine,
    group: str,
    measure: str,
    week: Week,
    through_delivery: int,
    previous_delivery: int,
    states_before: "pa.Table | None" = None,
) -> None:
    """Lay one figure out in the engine, as temporary relations: its cases, its parts, and what changed since the week before."""
    _ask(engine, [(group, measure)], week, through_delivery, previous_delivery, states_before)
    engine.define("figure_cases", "marts/figure_cases")
    engine.create("figure_parts", "marts/figure_parts")


def _ask(
    engine: Engine,
    figures: Sequence[tuple[str, str]],
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
    engine.create_rows(
        "asked_figures",
        "group_key varchar, measure varchar, start_on date, end_on date, through_delivery integer, "
        "previous_end date, previous_delivery integer",
        [
            (*figure, window.start, window.end, through_delivery, week.previous_end, previous_delivery)
            for figure in figures
        ],
    )
    engine.define("measured_states", "marts/measured_states")
    deliveries = {"through_delivery": through_delivery, "previous_delivery": previous_delivery}
    engine.create("coming_states", "marts/coming_states", previous_end=week.previous_end, **deliveries)
    engine.define("states_now", "marts/states_now", **deliveries)
    if states_before is None:
        engine.create("states_before", "marts/states_before", **deliveries)
    else:
        engine.register("states_before", states_before)
    engine.define("figure_changes", "marts/figure_changes")


def _count(engine: Engine, group: str, measure: str, window: Window, as_of: date) -> int:
    """The figure from the ledger; its parts are counted from the cases."""
    return int(getattr(statistics.count_in_window(engine, window, as_of)[group], measure))


def _take_apart(engine: Engine, group: str, measure: str, week: Week, cases: int, cases_before: int) -> Explanation:
    explanation = Explanation(
        group=group,
        measure=measure,
        window=week.year_to_date,
        cases=cases,
        before=week.previous_end,
        cases_before=cases_before,
        files=_list_parts(engine, "by_file", ("delivery_id", "file", "sheet")),
        departments=_list_parts(engine, "by_department", ("department",)),
        months=_list_parts(engine, "by_month", ("month",)),
        acceptance_years=_list_parts(engine, "by_acceptance_year", ("accepted_in",)),
        causes=_list_parts(engine, "causes", ("cause",)),
    )
    _verify(explanation)
    return explanation


def _list_parts(engine: Engine, name: str, columns: tuple[str, ...]) -> tuple[Part, ...]:
    def describe(row: Mapping[str, Any]) -> Part:
        return Part(tuple(str(row[column]) for column in columns), row["cases"])

    return tuple(describe(row) for row in engine.rows(f"marts/figure_{name}"))


def _verify(explanation: Explanation) -> None:
    """Parts that do not add up are a bug, never an answer."""
    difference = explanation.cases - explanation.cases_before
    parted = (explanation.files, explanation.departments, explanation.months, explanation.acceptance_years)
    sums = [(explanation.cases, parts) for parts in parted] + [(difference, explanation.causes)]
    for expected, parts in sums:
        if sum(part.cases for part in parts) != expected:
            raise RuntimeError(f"{explanation.group} {explanation.measure}: {parts[:3]}… do not add up to {expected}")
