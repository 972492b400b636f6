"""The plain steps of each run and their order. No Prefect here, and Great Expectations only beside a load."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from typing import ParamSpec, TypeVar

from flows import expectations, gates, handover, section, statistics, warehouse
from flows.bulletin import render, render_checks
from flows.deliveries import find_unread, hash_file
from flows.engine import Engine
from flows.files import write_files
from flows.gates import NOTHING_ACCEPTED, Decisions
from flows.inspection import inspect
from flows.journal import Entry, Runner
from flows.lock import hold_lock
from flows.overview import find_written_weeks
from flows.project import Project, now
from flows.receipts import append_receipts, list_acceptances, read_receipts, record_acceptance
from flows.runs import attend
from flows.schedule import find_missing_weeks
from flows.vocabulary import (
    Acceptance,
    BadInput,
    Check,
    Inspection,
    NothingToDo,
    Progress,
    Statistics,
    Text,
    UserError,
    Week,
)
from flows.warehouse import Build, Plan
from flows.workdays import last_complete_week, next_week_end, week_ending

DRAFT = "草稿"  # of a week that was published: what was signed stays beside it
P = ParamSpec("P")
R = TypeVar("R")


def plainly(step: Callable[P, R], /) -> Callable[P, R]:
    return step


@dataclass(frozen=True)
class CaughtUp:
    """A week that was missed and has its report now, or what kept it from having one."""

    week_end: date
    as_of: date
    failure: Text | None


@dataclass(frozen=True)
class WeeklyRun:
    """What a weekly run gave; `seconds` of wall time."""

    statistics: Statistics
    folder: Path
    seconds: float
    caught_up: tuple[CaughtUp, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What a weekly run would give: its checks and, if there are data of that week, its figures."""

    inspection: Inspection
    statistics: Statistics | None


def weekly(
    project: Project,
    week_end: date | None,
    progress: Progress,
    *,
    accepting: Decisions = NOTHING_ACCEPTED,
    wait_seconds: float = 0,
    notify: bool = False,
    run: Runner = plainly,
) -> WeeklyRun:
    """Take in every delivery not yet loaded, all or nothing, and write the report of one bulletin week.

    `week_end` None is the last complete bulletin week before today; weeks that were missed before it get their report,
    too. With nothing new the report is written again.

    Raises:
        BadInput, CheckFailed, Locked: see steps; the warehouse stays as it was.
        NothingToDo: no delivery, or no case of that year through that day.
        WrongUsage: a rule to be accepted that is none.
    """
    started = time.monotonic()
    gates.refuse_unknown_rules(project.profile, accepting.reasons)
    week = choose_week(week_end)
    with attend(
        project, f"weekly --week-ending {week.end}", progress, wait_seconds=wait_seconds, notify=notify
    ) as entry:
        timed = entry.timing(run)
        plan = timed(survey)(project, progress)
        if plan.has_changes:
            rebuild_aside(project, plan, progress, week, accepting, timed)
            note_loaded(project, plan, entry)
        timed(hand_over)(project)
        missed = () if week_end else list_missed(project, week)
        caught_up = timed(catch_up)(project, missed, progress) if missed else ()
        entry.week_endings = [str(each.week_end) for each in caught_up if not each.failure]
        entry.failed_weeks = [str(each.week_end) for each in caught_up if each.failure]
        figures, inspection = timed(read_figures)(project, week, accepting)
        folder = timed(write_report)(project, figures, inspection)
        _note_written(project, entry, figures, folder)
    return WeeklyRun(figures, folder, time.monotonic() - started, tuple(caught_up))


def preview(
    project: Project,
    week_end: date | None,
    progress: Progress,
    *,
    accepting: Decisions = NOTHING_ACCEPTED,
    wait_seconds: float = 0,
) -> Preview:
    """Do all that `weekly` does, in a copy that is forgotten: nothing is written.

    Raises: as `weekly`, but for CheckFailed and for a week without data.
    """
    gates.refuse_unknown_rules(project.profile, accepting.reasons)
    week = choose_week(week_end)
    importing = expectations.preload()
    with joined(importing), hold_lock(project, "bulletin weekly --dry-run", wait_seconds, progress):
        plan = survey(project, progress)
        with warehouse.try_aside(project, plan) as build:
            load(build, progress)
            importing.join()
            progress.step(Text(zh="检查", en="checking"))
            checks, week_checks, decisions = judge(build.engine, project, week, accepting)
            warehouse.store_checks(build.engine, {None: checks}, decisions)
            inspection = inspect(build.engine, project.profile, week, (*checks, *week_checks), is_swapped_in=False)
            if not statistics.find_newest_day(build.engine, week.year_to_date):
                return Preview(inspection, None)
            figures = section.compute(build.engine, project.profile, week, week_checks)
            return Preview(inspection, figures)


def withdraw(
    project: Project,
    delivery_id: str,
    reason: str,
    progress: Progress,
    *,
    accepting: Decisions = NOTHING_ACCEPTED,
    wait_seconds: float = 0,
) -> None:
    """Take a loaded delivery back, on the record: the warehouse becomes as if it had never come."""
    gates.refuse_unknown_rules(project.profile, accepting.reasons)
    with attend(project, f"withdraw {delivery_id}", progress, wait_seconds=wait_seconds) as entry:
        plan = warehouse.plan_withdrawal(project, delivery_id, reason, progress)
        rebuild_aside(project, plan, progress, None, accepting, entry.timing(plainly))
        hand_over(project)


def rebuild(
    project: Project, progress: Progress, *, accepting: Decisions = NOTHING_ACCEPTED, wait_seconds: float = 0
) -> tuple[str, str]:
    """Build the warehouse anew from data/raw; returns the content hash before ('' where none can be told) and after."""
    gates.refuse_unknown_rules(project.profile, accepting.reasons)
    with attend(project, "rebuild", progress, wait_seconds=wait_seconds) as entry:
        before = _read_old_hash(project)
        plan = warehouse.plan_run(project, progress, from_scratch=True)
        _refuse_nothing(project, plan)
        rebuild_aside(project, plan, progress, None, accepting, entry.timing(plainly))
        hand_over(project)
        after = read_content_hash(project)
        entry.hashes["cases"] = after
        return before, after


def rebuild_aside(
    project: Project, plan: Plan, progress: Progress, week: Week | None, accepting: Decisions, run: Runner
) -> None:
    """Build what the plan says beside the warehouse, check it, swap it in."""
    importing = expectations.preload()
    with joined(importing), warehouse.build_aside(project, plan) as build:
        run(load)(build, progress)
        importing.join()
        if week:
            refuse_uncovered(build.engine, week)
        decisions = run(check)(build, progress, week, accepting)
        run(swap_in)(build, progress, decisions)


@contextmanager
def joined(thread: Thread) -> Iterator[None]:
    """Whatever happens, the thread has ended afterwards: an interpreter that ends in the middle of an import may crash."""
    try:
        yield
    finally:
        thread.join()


def choose_week(week_end: date | None) -> Week:
    return week_ending(week_end) if week_end else last_complete_week(now().date())


def survey(project: Project, progress: Progress) -> Plan:
    plan = warehouse.plan_run(project, progress)
    _refuse_nothing(project, plan)
    return plan


def _refuse_nothing(project: Project, plan: Plan) -> None:
    if plan.files or project.warehouse.exists():
        return
    for folder in find_unread(project):
        raise BadInput(
            zh=f"{folder}：批次里没有数据文件。请放入导出文件，或删除这个空文件夹。",
            en=f"{folder}: the delivery holds no data file. Put the exports in, or remove the empty folder.",
        )
    raise NothingToDo(
        zh=f"{project.raw} 中没有批次。接收文件：bulletin receive 文件…（试用：bulletin sample）",
        en=f"There is no delivery in {project.raw}. To hand files in: bulletin receive FILE… (to try it: bulletin sample)",
    )


def load(build: Build, progress: Progress) -> None:
    files = build.plan.new if build.plan.is_incremental else build.plan.files
    folders = len({file.cut_off for file in files})
    size = sum(file.size for file in files) / 1e6
    progress.step(
        Text(
            zh=f"载入 {folders} 个批次、{len(files)} 个文件（{size:,.1f} MB）",
            en=f"loading {folders} deliveries, {len(files)} files ({size:,.1f} MB)",
        )
    )
    warehouse.load_deliveries(build, progress)


def check(build: Build, progress: Progress, week: Week | None, accepting: Decisions) -> list[Acceptance]:
    """Judge the working copy; returns the decisions of today that were needed. What is refused has its page all the same."""
    progress.step(Text(zh="检查", en="checking"))
    project, engine = build.project, build.engine
    checks, week_checks, decisions = judge(engine, project, week, accepting)
    everything = (*checks, *week_checks)
    if week and any(verdict.stops for verdict in everything):
        refused = inspect(engine, project.profile, week, everything, is_swapped_in=False)
        write_files(project.draft_folder(week.end), render_checks(refused))
    gates.refuse_failures(everything)
    warehouse.store_checks(engine, {None: checks, week.end: week_checks} if week else {None: checks}, decisions)
    return decisions


def judge(
    engine: Engine, project: Project, week: Week | None, accepting: Decisions
) -> tuple[list[Check], list[Check], list[Acceptance]]:
    """Both gates: the checks of the deliveries, those of the week's figures, and the decisions of today that they needed."""
    profile, known = project.profile, statistics.read_acceptances(engine)
    gates.refuse_unknown_rules(profile, (), known)
    gates.recount(engine)
    checks, decisions = gates.decide(gates.judge_deliveries(engine, profile), known, accepting)
    week_checks: list[Check] = []
    if week:
        week_checks, more = gates.decide(gates.judge_week(engine, profile, week), known, accepting)
        decisions += more
    return checks, week_checks, decisions


def swap_in(build: Build, progress: Progress, decisions: Sequence[Acceptance]) -> None:
    warehouse.swap_in(build, progress, decisions)


def hand_over(project: Project) -> None:
    """Files for other programs; those of a run that was stopped before this are written by the next."""
    handover.hand_over(project)


def read_content_hash(project: Project) -> str:
    with warehouse.open_read_only(project) as engine:
        return str(engine.rows("marts/content_hash")[0]["content_hash"])


def _read_old_hash(project: Project) -> str:
    try:
        return read_content_hash(project) if project.warehouse.exists() else ""
    except warehouse.StaleWarehouse:  # what the rebuild is for
        return ""


def read_figures(project: Project, week: Week, accepting: Decisions) -> tuple[Statistics, Inspection]:
    """The figures of a week that the publication gate lets through, and what the page of the checks says."""
    with warehouse.open_read_only(project) as engine:
        return compute_week(project, engine, week, project.draft_folder(week.end), accepting)


def compute_week(
    project: Project, engine: Engine, week: Week, folder: Path, accepting: Decisions = NOTHING_ACCEPTED
) -> tuple[Statistics, Inspection]:
    """As `read_figures`, from what any engine holds. What is refused has its page of the checks in `folder` all the same."""
    refuse_uncovered(engine, week)
    week_checks, decisions = _judge_week(engine, project, week, accepting)
    figures = section.compute(engine, project.profile, week, week_checks)
    inspection = inspect(engine, project.profile, week, figures.checks, is_swapped_in=True)
    if any(verdict.stops for verdict in figures.checks):
        write_files(folder, render_checks(inspection))
    gates.refuse_failures(figures.checks)
    append_receipts(project, [record_acceptance(decision, now()) for decision in decisions])
    return figures, inspection


@contextmanager
def open_as_of(project: Project, as_of: date) -> Iterator[Engine]:
    """The warehouse as if no delivery with a later cut-off had come, judged as it is then."""
    with warehouse.rewind_aside(project, as_of) as engine:
        judge_aside(project, engine)
        yield engine


def judge_aside(project: Project, engine: Engine) -> None:
    """Give a warehouse that was made aside its own verdicts on the deliveries it holds."""
    known = [*statistics.read_acceptances(engine), *list_acceptances(read_receipts(project))]
    gates.recount(engine)
    checks, _ = gates.decide(gates.judge_deliveries(engine, project.profile), known, NOTHING_ACCEPTED)
    warehouse.store_checks(engine, {None: checks}, ())


def list_missed(project: Project, newest: Week) -> list[tuple[Week, date]]:
    """The bulletin weeks without a report since the first that has one, oldest first, each with its newest cut-off.

    That is the newest one before the next bulletin week's end. A week for which nothing was delivered cannot be told.
    """
    cut_offs = {file.cut_off for file in warehouse.read_loaded(project)[0]}
    missed = []
    for end in find_missing_weeks(find_written_weeks(project), newest.end + timedelta(days=1)):
        week = week_ending(end)
        own = [day for day in cut_offs if week.previous_end < day < next_week_end(end)]
        if end < newest.end and own:
            missed.append((week, max(own)))
    return missed


def catch_up(project: Project, missed: Sequence[tuple[Week, date]], progress: Progress) -> list[CaughtUp]:
    """Write the reports of missed weeks as they would have been then; one that cannot be written is told, and tried again."""
    caught_up = []
    for week, as_of in missed:
        progress.step(Text(f"补出 {week.end}（截至 {as_of} 的批次）", f"catching up {week.end} (as of {as_of})"))
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


def note_loaded(project: Project, plan: Plan, entry: Entry) -> None:
    entry.hashes |= {f"data/raw/{file.name}": file.sha256 for file in plan.new}
    entry.deliveries = sorted({plan.delivery_ids[file.sha256] for file in plan.new})
    with warehouse.open_read_only(project) as engine:
        rows = [row for row in engine.table("deliveries") if row["delivery_id"] in entry.deliveries]
    names = "read", "loaded", "repeated", "quarantined"
    entry.rows = {name: sum(row[f"rows_{name}"] for row in rows) for name in names}


def _note_written(project: Project, entry: Entry, figures: Statistics, folder: Path) -> None:
    entry.folder = folder.relative_to(project.root).as_posix()
    entry.week_endings.append(str(figures.week.end))
    entry.hashes["statistics.json"] = hash_file(folder / "statistics.json")
    entry.note_checks([check.name for check in figures.checks if not check.is_passed and not check.acceptances])


def _judge_week(
    engine: Engine, project: Project, week: Week, accepting: Decisions
) -> tuple[Sequence[Check], Sequence[Acceptance]]:
    """The verdicts of the publication gate: as told when the warehouse was built for this week, else told now."""
    if told := statistics.read_checks(engine, week.end):
        return told, ()
    known = [*statistics.read_acceptances(engine), *list_acceptances(read_receipts(project))]
    gates.recount(engine)
    return gates.decide(gates.judge_week(engine, project.profile, week), known, accepting)


def refuse_uncovered(engine: Engine, week: Week) -> None:
    """Zeros are for groups, not for weeks nobody has delivered (DESIGN.md §3)."""
    if statistics.find_newest_day(engine, week.year_to_date):
        return
    covered = statistics.find_covered_week(engine)
    if covered is None:
        rows = statistics.reconcile(engine).quarantined
        raise NothingToDo(
            zh=f"数据仓库中没有可统计的办件（隔离 {rows} 行），无法出 {week.end} 的统计。请检查各批次：bulletin status",
            en=f"The warehouse would hold no countable case (rows quarantined: {rows}), so there is nothing to say of the week "
            f"ending {week.end}. Look at the deliveries: bulletin status",
        )
    raise NothingToDo(
        zh=f"没有 {week.end.year} 年截至 {week.end} 的数据；最近有数据的一周截至 {covered.end}：bulletin weekly --week-ending {covered.end}",
        en=f"There are no data of {week.end.year} through {week.end}; the newest covered week ends on {covered.end}: "
        f"bulletin weekly --week-ending {covered.end}",
    )


def write_report(project: Project, figures: Statistics, inspection: Inspection) -> Path:
    """Write the files of one week, each whole or not at all; returns their folder. What was signed is left as it is."""
    folder = project.draft_folder(figures.week.end)
    mark = DRAFT if folder != project.report_folder(figures.week.end) else ""
    write_files(folder, {**render(figures, mark=mark), **render_checks(inspection)})
    return folder
