"""重出: the figures of any range of days, and every bulletin week that ends in it, apart from the weekly reports."""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flows.checks.great_expectations import preload
from flows.domain.calendar import now
from flows.domain.cases import EVERYTHING, Counts, Question, Week, Window
from flows.domain.figures import RangeStatistics, RangeWeek
from flows.domain.runs import Run, Runner
from flows.domain.text import CommandLine, NothingToDo, Progress, Text, UserError, WrongUsage
from flows.domain.verdicts import NO_WAIVERS
from flows.engine.calendar import read_calendar
from flows.engine.protocols import Engine
from flows.figures.counts import count_in_window, find_newest_day
from flows.figures.section import compute_range
from flows.jobs import steps
from flows.jobs.as_known import open_known
from flows.jobs.run import attend
from flows.jobs.steps import compute_week, hand_over, judge_aside, note_loaded, open_as_of, rebuild_aside
from flows.report.forms import render, render_checks
from flows.report.range_page import render_range
from flows.root.deliveries import hash_file
from flows.root.files import write_files
from flows.root.project import Project
from flows.root.publications import digest_program
from flows.warehouse.reading import list_publications, open_read_only

DONE = ".done.json"  # the weeks that a stopped run has written, and a digest of their inputs


@dataclass(frozen=True)
class RangeRun:
    """The result of a rerun. `kept` weeks were written by a stopped run before; `waiting` files are not in the figures."""

    statistics: RangeStatistics
    folder: Path
    written: int
    kept: int
    waiting: int
    seconds: float

    @property
    def failed(self) -> list[RangeWeek]:
        return [week for week in self.statistics.weeks if week.failure]


def rerun(
    project: Project,
    window: Window,
    question: Question,
    progress: Progress,
    *,
    wait_seconds: float = 0,
    notify: bool = False,
    runner: Runner | None = None,
) -> RangeRun:
    """Write every bulletin week that ends in the window, oldest first, and the figures of the window itself.

    A stopped run is resumed if the warehouse, the question and the program are still the same. A week that cannot be
    written does not stop the others. If there is no warehouse yet, data/raw is loaded first.

    Raises:
        WrongUsage: the window is reversed or ends in the future.
        NothingToDo: there are no data for any day of it.
    """
    started = time.monotonic()
    _refuse_window(window)
    words = f"rerun --from {window.start} --to {window.end}{_describe(question).en}"
    with attend(project, words, progress, wait_seconds=wait_seconds, notify=notify) as run:
        timed = run.timing(runner)
        plan = timed(steps.survey)(project, progress)
        if not project.warehouse.exists():
            rebuild_aside(project, plan, progress, None, NO_WAIVERS, timed, CommandLine("rebuild"))
            hand_over(project)
            note_loaded(project, plan, run)
            plan = replace(plan, new=())
        figures, kept = timed(write_range)(project, window, question, progress)
        ranged = RangeRun(
            figures, project.range_folder(window), len(figures.weeks) - kept, kept, len(plan.new),
            time.monotonic() - started,
        )  # fmt: skip
        _note(project, run, ranged)
    return ranged


def write_range(
    project: Project, window: Window, question: Question, progress: Progress
) -> tuple[RangeStatistics, int]:
    """Write the files of a window; returns its figures, and how many weeks had already been written."""
    folder = project.range_folder(window)
    done = _Done(folder, project, question)
    published = {each.week_end: each.figures for each in list_publications(project)}
    lines: list[RangeWeek] = []
    kept, started = 0, time.monotonic()
    with _open_answer(project, question, progress) as engine:
        _refuse_unknown(engine, window)
        weeks = read_calendar(engine).list_weeks(window.start, window.end)
        figures = compute_range(engine, project.profile, window, _describe(question).zh)
        for number, week in enumerate(weeks, 1):
            counts = count_in_window(engine, week.year_to_date)
            line = RangeWeek(
                week.end, {group: counts[group] for group in figures.labels}, _read_published(published.get(week.end))
            )
            if done.has(week.end):
                kept += 1
            else:
                progress.step(_estimate(number, len(weeks), kept, week, time.monotonic() - started))
                line = replace(line, failure=_write_week(project, engine, week, folder / str(week.end)))
                done.note(week.end, line.failure)
            lines.append(line)
    figures = replace(figures, weeks=tuple(lines))
    write_files(folder, render_range(figures))
    return figures, kept


def _write_week(project: Project, engine: Engine, week: Week, folder: Path) -> str:
    """Returns why the week could not be written, in Chinese; then the report of an earlier run is removed, too."""
    try:
        figures, inspection = compute_week(project, engine, week, folder)
    except UserError as error:
        for path in folder.glob("statistics.*"):
            path.unlink()
        return error.text.zh
    write_files(folder, {**render(figures), **render_checks(inspection)})
    return ""


@contextmanager
def _open_answer(project: Project, question: Question, progress: Progress) -> Iterator[Engine]:
    """The warehouse, or a temporary one as of a cut-off or as known on a day, with verdicts of its own."""
    importing = preload()
    with steps.joined(importing):
        if question == EVERYTHING:
            with open_read_only(project) as engine:
                yield engine
        elif question.known_on is None:
            with open_as_of(project, question.as_of) as engine:
                yield engine
        else:
            with open_known(project, question, progress) as engine:
                judge_aside(project, engine)
                yield engine


class _Done:
    """The weeks already written into a folder, as long as nothing they depend on has changed."""

    def __init__(self, folder: Path, project: Project, question: Question) -> None:
        profile = project.profile
        words = profile.group_labels, profile.definitions, profile.wording, sorted(profile.tolerances.items())
        state = question, digest_program(), project.warehouse.stat().st_mtime_ns, words
        self._key = hashlib.sha256(repr(state).encode()).hexdigest()
        self._folder = folder
        self._weeks: list[str] = []
        try:
            done = json.loads((folder / DONE).read_text(encoding="utf-8"))
            self._weeks = done["weeks"] if done["key"] == self._key else []
        except (OSError, ValueError, KeyError):
            pass  # nothing was written yet, or a crash tore the file: write everything again

    def has(self, week_end: date) -> bool:
        return str(week_end) in self._weeks and (self._folder / str(week_end) / "statistics.json").is_file()

    def note(self, week_end: date, failure: str) -> None:
        if not failure:
            self._weeks.append(str(week_end))
            content = json.dumps({"key": self._key, "weeks": self._weeks})
            write_files(self._folder, {DONE: content.encode()})


def _estimate(number: int, total: int, kept: int, week: Week, seconds: float) -> Text:
    done = number - 1 - kept
    left = f"{seconds / done * (total - number + 1):,.0f}" if done else ""
    return Text(
        "week {number} of {total}: {week_end}{left}",
        number=number,
        total=total,
        week_end=week.end,
        left=Text(", about {seconds} s left", seconds=left) if left else "",
    )


def _read_published(figures: dict[str, dict[str, int]] | None) -> dict[str, Counts] | None:
    return {group: Counts(**counts) for group, counts in figures.items()} if figures else None


def _describe(question: Question) -> Text:
    """A question in Chinese, and as an option; empty for everything."""
    if question.known_on:
        return Text(" --known-on {known_on}", known_on=question.known_on)
    if question != EVERYTHING:
        return Text(" --as-of {as_of}", as_of=question.as_of)
    return Text("")


def _refuse_window(window: Window) -> None:
    today = now().date()
    if window.start > window.end:
        raise WrongUsage(
            "the range is reversed: from {window_start} to {window_end}. Use --from {window_end} --to {window_start}",
            window_start=window.start,
            window_end=window.end,
        )
    if window.end > today:
        raise WrongUsage(
            "the range ends on {window_end}, which lies in the future (today is {today}).",
            window_end=window.end,
            today=today,
        )


def _refuse_unknown(engine: Engine, window: Window) -> None:
    if find_newest_day(engine, window):
        return
    known = find_newest_day(engine, Window(date.min, date.max))
    raise NothingToDo(
        "There are no data for {window_start} through {window_end}; the newest day is {known}. "
        "To see what is loaded: {command}",
        command=CommandLine("status"),
        window_start=window.start,
        window_end=window.end,
        known=known or Text("–"),
    )


def _note(project: Project, run: Run, ranged: RangeRun) -> None:
    run.folder = ranged.folder.relative_to(project.root).as_posix()
    run.week_endings = [str(week.end) for week in ranged.statistics.weeks if not week.failure]
    run.failed_weeks = [str(week.end) for week in ranged.failed]
    if ranged.failed:
        run.verdict = "warned"
    run.hashes["range.json"] = hash_file(ranged.folder / "range.json")
