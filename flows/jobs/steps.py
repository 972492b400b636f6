"""The steps of runs: survey, load, check, swap in, hand over, read the figures, write the report."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Thread

from flows.checks import great_expectations
from flows.checks.judge import judge_deliveries, judge_week, list_departments, recount
from flows.checks.waivers import decide, refuse_unknown_rules
from flows.domain.calendar import Calendar, now
from flows.domain.cases import Week
from flows.domain.figures import Statistics
from flows.domain.runs import Run, Runner
from flows.domain.text import BadInput, CommandLine, NothingToDo, Progress, Text
from flows.domain.verdicts import NO_WAIVERS, Inspection, Verdict, Waiver, WaiverRequest, refuse_failures
from flows.engine.protocols import Engine
from flows.figures import counts, section
from flows.figures.causes import list_falls
from flows.figures.counts import find_covered_week, find_newest_day
from flows.figures.inspection import inspect
from flows.figures.verdicts import read_verdicts, read_waivers
from flows.jobs import handover
from flows.report.forms import render, render_checks
from flows.root.deliveries import find_unread
from flows.root.files import write_files
from flows.root.project import Project
from flows.root.receipts import append_receipts, list_waivers, read_receipts, receipt_of
from flows.warehouse import swap
from flows.warehouse.copies import Build, build_aside, load_deliveries, rewind_aside
from flows.warehouse.plan import Plan, plan_run
from flows.warehouse.reading import open_read_only
from flows.warehouse.reference import store_verdicts

DRAFT = "草稿"  # marks the report of a published week; what was signed stays as it is


def rebuild_aside(
    project: Project,
    plan: Plan,
    progress: Progress,
    week: Week | None,
    waive: WaiverRequest,
    runner: Runner,
    command: CommandLine,
) -> None:
    """Build a working copy as planned, check it, swap it in; `command` as in refuse_failures.

    Raises:
        BadInput: a file cannot be read.
        CheckFailed: a critical rule is broken; the warehouse stays as it was.
        NothingToDo: there is no case of that year through the end of `week`.
    """
    importing = great_expectations.preload()
    with joined(importing), build_aside(project, plan) as build:
        runner(load)(build, progress)
        importing.join()
        if week:
            refuse_uncovered(build.engine, week)
        waivers = runner(check)(build, progress, week, waive, command)
        runner(swap_in)(build, progress, waivers)


@contextmanager
def joined(thread: Thread) -> Iterator[None]:
    """Join the thread on every exit: an interpreter that ends during an import may crash."""
    try:
        yield
    finally:
        thread.join()


def choose_week(calendar: Calendar, week_end: date | None) -> Week:
    return calendar.week_ending(week_end) if week_end else calendar.last_complete_week(now().date())


def is_made_up(plan: Plan, week: Week) -> bool:
    """Whether a week begins after the newest cut-off: nobody has told anything of it."""
    return max((file.cut_off for file in plan.files), default=date.max) < week.window.start


def refuse_made_up(calendar: Calendar, plan: Plan, week: Week) -> None:
    """Raise NothingToDo for a week that nobody named and nobody has told anything of: the end of its period would be made up."""
    if is_made_up(plan, week):
        newest = max(file.cut_off for file in plan.files)
        raise NothingToDo(
            "The newest delivery is complete through {cut_off}; nobody has told anything of the week ending {week_end}. "
            "For the newest week that is covered, or for the other one all the same:\n  {covered}\n  {this}",
            cut_off=newest,
            week_end=week.end,
            covered=say_weekly(calendar.last_complete_week(newest + timedelta(days=1))),
            this=say_weekly(week),
        )


def say_weekly(week: Week) -> CommandLine:
    """The command of a weekly run."""
    return CommandLine("weekly --week-ending {week_end}", week_end=week.end)


def survey(project: Project, progress: Progress, on_new: Callable[[], None] = lambda: None) -> Plan:
    """Compare data/raw with the warehouse; `on_new` as in find_files.

    Raises:
        BadInput: see find_files, or a delivery without data files.
        NothingToDo: there is no delivery at all.
    """
    plan = plan_run(project, progress, on_new=on_new)
    refuse_no_delivery(project, plan)
    return plan


def refuse_no_delivery(project: Project, plan: Plan) -> None:
    if plan.files or project.warehouse.exists():
        return
    for folder in find_unread(project):
        raise BadInput(
            "{folder}: the delivery holds no data file. Add the exports, or remove the empty folder.", folder=folder
        )
    raise NothingToDo(
        "There is no delivery in {raw}. To receive exported files, or to try it out with invented ones:\n  {receive}\n  {sample}",
        raw=project.raw,
        receive=CommandLine("receive"),
        sample=CommandLine("sample"),
    )


def load(build: Build, progress: Progress) -> None:
    files = build.plan.new if build.plan.is_incremental else build.plan.files
    folders = len({file.cut_off for file in files})
    size = sum(file.size for file in files) / 1e6
    progress.step(
        Text(
            "loading {folders} deliveries, {files} files ({size:,.1f} MB)", folders=folders, files=len(files), size=size
        )
    )
    load_deliveries(build, progress)


def check(
    build: Build, progress: Progress, week: Week | None, waive: WaiverRequest, command: CommandLine
) -> list[Waiver]:
    """Judge the working copy; returns today's waivers, as far as they were needed.

    Raises:
        CheckFailed: a critical rule is broken; the page of the checks of `week` is written nevertheless.
    """
    progress.step(Text("checking"))
    project, engine = build.project, build.engine
    verdicts, week_verdicts, waivers = judge_all(engine, project, week, waive)
    everything = (*verdicts, *week_verdicts)
    if week and any(verdict.stops for verdict in everything):
        refused = inspect(engine, project.profile, week, everything, list_departments(engine), is_swapped_in=False)
        write_files(project.draft_folder(week.end), render_checks(refused))
    refuse_failures(everything, command, waive, list(_list_ways(build.plan, everything)))
    store_verdicts(engine, {None: verdicts, week.end: week_verdicts} if week else {None: verdicts}, waivers)
    return waivers


def _list_ways(plan: Plan, verdicts: Sequence[Verdict]) -> Iterator[Text]:
    """What else may be wrong with new files than what they say: the day they are for."""
    new = {file.cut_off for file in plan.new}
    loaded = {file.cut_off for file in plan.files} - new
    for cut_off in sorted(new & {place.cut_off for v in verdicts if v.stops for place in v.places}):
        yield Text(
            "If what came for {cut_off} is complete through another day: {command}",
            cut_off=cut_off,
            command=CommandLine("receive --move {cut_off}", cut_off=cut_off),
        )
        if before := max((day for day in loaded if day < cut_off), default=None):
            yield Text(
                "If it only corrects or completes what was delivered for {before}: {command}",
                before=before,
                command=CommandLine("receive --move {cut_off} --cut-off {day} --corrects", cut_off=cut_off, day=before),
            )


def judge_all(
    engine: Engine, project: Project, week: Week | None, waive: WaiverRequest
) -> tuple[list[Verdict], list[Verdict], list[Waiver]]:
    """Both gates: verdicts on the deliveries, verdicts on the week's figures, and today's waivers that they needed."""
    profile, known = project.profile, read_waivers(engine)
    refuse_unknown_rules(profile, (), known)
    recount(engine)
    verdicts, waivers = decide(judge_deliveries(engine, profile), known, waive)
    week_verdicts: list[Verdict] = []
    if week:
        week_verdicts, more = decide(judge_week(engine, profile, week, list_falls(engine, week)), known, waive)
        waivers += more
    return verdicts, week_verdicts, waivers


def swap_in(build: Build, progress: Progress, waivers: Sequence[Waiver]) -> None:
    swap.swap_in(build, progress, waivers)


def hand_over(project: Project) -> None:
    """Write the files for other programs, if those on disk are of an older warehouse."""
    handover.hand_over(project)


def read_content_hash(project: Project) -> str:
    with open_read_only(project) as engine:
        return str(engine.read("look/content_hash").dicts()[0]["content_hash"])


def read_figures(project: Project, week: Week, waive: WaiverRequest) -> tuple[Statistics, Inspection]:
    """As `compute_week`, from the warehouse; today's waivers that were needed are written to receipts.jsonl."""
    with open_read_only(project) as engine:
        return compute_week(project, engine, week, project.draft_folder(week.end), waive)


def compute_week(
    project: Project, engine: Engine, week: Week, folder: Path, waive: WaiverRequest = NO_WAIVERS
) -> tuple[Statistics, Inspection]:
    """The figures of a week, and its page of the checks, from any engine.

    Raises:
        CheckFailed: the publication gate refuses the week; its page of the checks is written to `folder` nevertheless.
        NothingToDo: there is no case of that year through the end of the week.
    """
    refuse_uncovered(engine, week)
    week_verdicts, waivers = _judge_week(engine, project, week, waive)
    figures = section.compute(engine, project.profile, week, week_verdicts)
    inspection = inspect(engine, project.profile, week, figures.verdicts, list_departments(engine), is_swapped_in=True)
    if any(verdict.stops for verdict in figures.verdicts):
        write_files(folder, render_checks(inspection))
    refuse_failures(figures.verdicts, say_weekly(week), waive)
    append_receipts(project, [receipt_of(waiver, now()) for waiver in waivers])
    return figures, inspection


@contextmanager
def open_as_of(project: Project, as_of: date) -> Iterator[Engine]:
    """The warehouse without the deliveries of later cut-offs, with verdicts of its own."""
    with rewind_aside(project, as_of) as engine:
        judge_aside(project, engine)
        yield engine


def judge_aside(project: Project, engine: Engine) -> None:
    """Judge the deliveries of a temporary warehouse."""
    known = [*read_waivers(engine), *list_waivers(read_receipts(project))]
    recount(engine)
    verdicts, _ = decide(judge_deliveries(engine, project.profile), known, NO_WAIVERS)
    store_verdicts(engine, {None: verdicts}, ())


def note_loaded(project: Project, plan: Plan, run: Run) -> None:
    """Note in the run which deliveries, files and rows were loaded."""
    run.hashes |= {f"data/raw/{file.name}": file.sha256 for file in plan.new}
    run.deliveries = sorted({plan.delivery_ids[file.sha256] for file in plan.new})
    with open_read_only(project) as engine:
        rows = [row for row in engine.read("deliveries").dicts() if row["delivery_id"] in run.deliveries]
    names = "read", "loaded", "repeated", "quarantined"
    run.rows = {name: sum(row[f"rows_{name}"] for row in rows) for name in names}


def _judge_week(
    engine: Engine, project: Project, week: Week, waive: WaiverRequest
) -> tuple[Sequence[Verdict], Sequence[Waiver]]:
    """The verdicts of the publication gate: those stored when the warehouse was built for this week, else new ones."""
    if stored := read_verdicts(engine, week.end):
        return stored, ()
    known = [*read_waivers(engine), *list_waivers(read_receipts(project))]
    recount(engine)
    return decide(judge_week(engine, project.profile, week, list_falls(engine, week)), known, waive)


def refuse_uncovered(engine: Engine, week: Week) -> None:
    """Raise NothingToDo for a week without any case: zeros are for groups, not for missing deliveries (docs/architecture.md §3)."""
    if find_newest_day(engine, week.year_to_date):
        return
    covered = find_covered_week(engine)
    if covered is None:
        rows = counts.reconcile(engine).quarantined
        raise NothingToDo(
            "The warehouse would hold no countable case (rows quarantined: {rows}), so there are no figures for the week "
            "ending {week_end}. Check the deliveries: {command}",
            command=CommandLine("status"),
            rows=rows,
            week_end=week.end,
        )
    raise NothingToDo(
        "There are no data for {year} through {week_end}; the newest week with data ends on {covered_end}: {command}",
        command=CommandLine("weekly --week-ending {week_end}", week_end=covered.end),
        year=week.end.year,
        week_end=week.end,
        covered_end=covered.end,
    )


def write_report(project: Project, figures: Statistics, inspection: Inspection) -> Path:
    """Write the forms of one week, each whole or not at all; returns their folder. A published week gets a draft beside it."""
    folder = project.draft_folder(figures.week.end)
    mark = DRAFT if folder != project.report_folder(figures.week.end) else ""
    write_files(folder, {**render(figures, mark=mark), **render_checks(inspection)})
    return folder
