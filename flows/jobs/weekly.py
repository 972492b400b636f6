"""每周运行: load new deliveries, check, swap in, write the report of the week and of missed weeks."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from flows.checks import great_expectations
from flows.checks.judge import list_departments
from flows.checks.waivers import refuse_unknown_rules
from flows.domain.cases import Week
from flows.domain.figures import Statistics
from flows.domain.runs import Run, Runner
from flows.domain.text import Progress, Text, UserError
from flows.domain.verdicts import NO_WAIVERS, Inspection, WaiverRequest
from flows.figures import section
from flows.figures.counts import find_newest_day
from flows.figures.inspection import inspect
from flows.jobs.run import attend
from flows.jobs.steps import (
    choose_week,
    compute_week,
    hand_over,
    is_made_up,
    joined,
    judge_all,
    load,
    note_loaded,
    open_as_of,
    read_figures,
    rebuild_aside,
    refuse_made_up,
    say_weekly,
    survey,
    write_report,
)
from flows.root.deliveries import hash_file
from flows.root.lock import hold_lock
from flows.root.project import Project
from flows.root.reports import find_reports
from flows.warehouse.copies import try_aside
from flows.warehouse.reading import read_loaded
from flows.warehouse.reference import store_verdicts


@dataclass(frozen=True)
class CaughtUp:
    """A missed week that now has its report, or why it could not be written."""

    week_end: date
    as_of: date
    failure: Text | None


@dataclass(frozen=True)
class WeeklyRun:
    """The result of a weekly run; `seconds` of wall time."""

    statistics: Statistics
    folder: Path
    seconds: float
    caught_up: tuple[CaughtUp, ...] = ()


@dataclass(frozen=True)
class Preview:
    """The result that a weekly run would have; `statistics` is None if there are no data of that week."""

    inspection: Inspection
    statistics: Statistics | None


def weekly(
    project: Project,
    week_end: date | None,
    progress: Progress,
    *,
    waive: WaiverRequest = NO_WAIVERS,
    wait_seconds: float = 0,
    notify: bool = False,
    runner: Runner | None = None,
) -> WeeklyRun:
    """Load all new deliveries, or none, and write the report of one bulletin week.

    `week_end` None: the last complete bulletin week before today, and the weeks missed before it. Without new deliveries
    the report is only written again.

    Raises:
        BadInput, CheckFailed, Locked: see steps; the warehouse stays as it was.
        NothingToDo: no delivery, or no case of that year through that day; or, without `week_end`, no delivery that tells of it.
        WrongUsage: a rule to be waived that does not exist.
    """
    started = time.monotonic()
    refuse_unknown_rules(project.profile, waive.reasons)
    week = choose_week(project.calendar, week_end)
    with (
        attend(project, f"weekly --week-ending {week.end}", progress, wait_seconds=wait_seconds, notify=notify) as run,
        great_expectations.preloading() as begin,
    ):
        timed = run.timing(runner)
        plan = timed(survey)(project, progress, begin)  # digests leave a processor idle
        if week_end is None:
            refuse_made_up(project.calendar, plan, week)
        if plan.has_changes:
            rebuild_aside(project, plan, progress, week, waive, timed, say_weekly(week))
            note_loaded(project, plan, run)
        with ThreadPoolExecutor(
            1
        ) as other_thread:  # files for other programs are the engine's work, a report is Python's
            handing_over = other_thread.submit(copy_context().run, timed(hand_over), project)
            missed = () if week_end else list_missed(project, week)
            caught_up = timed(catch_up)(project, missed, progress) if missed else []
            run.week_endings = [str(each.week_end) for each in caught_up if not each.failure]
            run.failed_weeks = [str(each.week_end) for each in caught_up if each.failure]
            progress.step(Text("computing the figures of the week ending {week_end}", week_end=week.end))
            figures, inspection = timed(read_figures)(project, week, waive)
            progress.step(Text("writing the report"))
            folder = timed(write_report)(project, figures, inspection)
            handing_over.result()
        _note_written(project, run, figures, folder)
    return WeeklyRun(figures, folder, time.monotonic() - started, tuple(caught_up))


def preview(
    project: Project,
    week_end: date | None,
    progress: Progress,
    *,
    waive: WaiverRequest = NO_WAIVERS,
    wait_seconds: float = 0,
) -> Preview:
    """What `weekly` would do, in a temporary copy: nothing is written.

    Raises: as `weekly`, except CheckFailed, and NothingToDo for a week without data.
    """
    refuse_unknown_rules(project.profile, waive.reasons)
    week = choose_week(project.calendar, week_end)
    importing = great_expectations.preload()
    with joined(importing), hold_lock(project, "bulletin weekly --dry-run", wait_seconds, progress):
        plan = survey(project, progress)
        with try_aside(project, plan) as build:
            load(build, progress)
            importing.join()
            progress.step(Text("checking"))
            verdicts, week_verdicts, waivers = judge_all(build.engine, project, week, waive)
            store_verdicts(build.engine, {None: verdicts}, waivers)
            inspection = inspect(
                build.engine,
                project.profile,
                week,
                (*verdicts, *week_verdicts),
                list_departments(build.engine),
                is_swapped_in=False,
            )
            if not find_newest_day(build.engine, week.year_to_date) or (week_end is None and is_made_up(plan, week)):
                return Preview(inspection, None)
            figures = section.compute(build.engine, project.profile, week, week_verdicts)
            return Preview(inspection, figures)


def list_missed(project: Project, newest: Week) -> list[tuple[Week, date]]:
    """Weeks before `newest` without a report, after the first that has one; oldest first, with the cut-off to use.

    That is the newest cut-off before the next bulletin week ends. A week without any delivery of its own is left out.
    """
    cut_offs = {file.cut_off for file in read_loaded(project)[0]}
    calendar, missed = project.calendar, []
    for end in calendar.find_missing_weeks(find_reports(project), newest.end + timedelta(days=1)):
        week = calendar.week_ending(end)
        own = [day for day in cut_offs if week.previous_end < day < calendar.next_week_end(end)]
        if end < newest.end and own:
            missed.append((week, max(own)))
    return missed


def catch_up(project: Project, missed: Sequence[tuple[Week, date]], progress: Progress) -> list[CaughtUp]:
    """Write the reports of missed weeks as of their cut-offs; one that fails is reported, and tried again by the next run."""
    caught_up = []
    for week, as_of in missed:
        progress.step(Text("catching up {week_end} (as of {as_of})", week_end=week.end, as_of=as_of))
        failure = None
        try:
            with open_as_of(project, as_of) as engine:
                folder = project.draft_folder(week.end)
                figures, inspection = compute_week(project, engine, week, folder)
            write_report(project, figures, inspection)
        except UserError as error:
            failure = error.text
        caught_up.append(CaughtUp(week.end, as_of, failure))
    return caught_up


def _note_written(project: Project, run: Run, figures: Statistics, folder: Path) -> None:
    run.folder = folder.relative_to(project.root).as_posix()
    run.week_endings.append(str(figures.week.end))
    run.hashes["statistics.json"] = hash_file(folder / "statistics.json")
    run.note_broken([v.name for v in figures.verdicts if not v.is_passed and not v.waivers])
