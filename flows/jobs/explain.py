"""追问: take a figure apart, as known now or then."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.domain.cases import LAST_DELIVERY, OUT_OF_SCOPE, UNCLASSIFIED, Measure, Question, Window
from flows.domain.comparing import comparable
from flows.domain.figures import Explanation
from flows.domain.profile import Profile
from flows.domain.text import CommandLine, NothingToDo, Progress, WrongUsage
from flows.engine.calendar import read_calendar
from flows.engine.protocols import Engine
from flows.figures.causes import ask, count_figure, find_delivery, take_apart
from flows.figures.counts import find_covered_week, find_newest_day
from flows.jobs.as_known import open_before, open_known
from flows.root.project import Project

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


@dataclass(frozen=True)
class Explained:
    """An explanation, and the engine that can list its cases."""

    explanation: Explanation
    engine: Engine

    def list_cases(self) -> Iterator[dict[str, Any]]:
        """The cases of the figure, each with the row it was read from."""
        return self.engine.read("explain/figure_list").stream()

    def list_changes(self) -> Iterator[dict[str, Any]]:
        """The cases gained and lost since the week before, each with its cause."""
        return self.engine.read("explain/figure_change_list").stream()


def read_words(words: Sequence[str], profile: Profile) -> tuple[str, Measure]:
    """Group and measure from their names in any order: licence or 行政许可, completed or 办结.

    Raises:
        WrongUsage: a word that is neither, or two groups, or two measures.
    """
    groups = {group: {group, label} for group, label in profile.group_labels.items()}
    groups |= {UNCLASSIFIED: {UNCLASSIFIED, "未归类"}, OUT_OF_SCOPE: {OUT_OF_SCOPE, f"{profile.scope_label}以外"}}
    measures = {measure.value: {measure.value, measure.zh} for measure in Measure}
    found = [_find_word(word, names) for names in (groups, measures) for word in words]
    group, measure = (next(filter(None, part), "") for part in (found[: len(words)], found[len(words) :]))
    if not group or not measure:
        allowed = "、".join("|".join(sorted(names)) for names in (*groups.values(), *measures.values()))
        raise WrongUsage(
            "'{words}': name one group and one measure, such as licence completed. There are: {allowed}",
            words=" ".join(words),
            allowed=allowed,
        )
    return group, Measure(measure)


def _find_word(word: str, names: Mapping[str, set[str]]) -> str:
    return next(
        (key for key, known in names.items() if comparable(word).replace("-", "_") in map(comparable, known)), ""
    )


@contextmanager
def explain(
    project: Project, group: str, measure: Measure, week_end: date | None, question: Question, progress: Progress
) -> Iterator[Explained]:
    """Take the year-to-date of one group and measure apart, from the deliveries that the question selects.

    `week_end` None: the newest week that the deliveries cover.

    Raises:
        NothingToDo: the deliveries hold no data of that year.
    """
    with open_known(project, question, progress) as engine:
        week = read_calendar(engine).week_ending(week_end) if week_end else find_covered_week(engine, question.as_of)
        if week is None or find_newest_day(engine, week.year_to_date, question.as_of) is None:
            end = week.end if week else question.as_of
            raise NothingToDo(
                "The selected deliveries hold no data for {year} through {end}. To see what is loaded: {command}",
                command=CommandLine("status"),
                year=end.year,
                end=end,
            )
        now = find_delivery(engine, question.as_of)
        previous = find_delivery(engine, min(question.as_of, week.previous_end))
        window = Window(week.year_to_date.start, week.previous_end)
        with open_before(project, question, week.previous_end, progress) as earlier:
            if earlier:
                ask(earlier, group, measure, week, LAST_DELIVERY, 0)
                ask(engine, group, measure, week, now, 0, earlier.read("states_now").arrow())
                before = count_figure(earlier, group, measure, window, date.max)
            else:
                ask(engine, group, measure, week, now, previous)
                before = count_figure(engine, group, measure, window, min(question.as_of, week.previous_end))
        cases = count_figure(engine, group, measure, week.year_to_date, question.as_of)
        yield Explained(take_apart(engine, group, measure, week, cases, before), engine)
