"""The steps that runs are made of: survey, load, check, swap in, hand over, read the figures, write the report."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Thread

from flows.checks import great_expectations
from flows.checks.judge import judge_deliveries, judge_week, list_departments, recount
from flows.checks.waivers import decide, refuse_unknown_rules
from flows.domain.calendar import last_complete_week, now, week_ending
from flows.domain.cases import Week
from flows.domain.figures import Statistics
from flows.domain.runs import Entry, Runner
from flows.domain.text import BadInput, NothingToDo, Progress, Text
from flows.domain.verdicts import NO_WAIVERS, Inspection, Verdict, Waiver, WaiverRequest, refuse_failures
from flows.engine.duckdb.connection import Engine
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
from flows.root.receipts import append_receipts, list_waivers, read_receipts, record_waiver
from flows.warehouse import swap
from flows.warehouse.copies import Build, build_aside, load_deliveries, rewind_aside
from flows.warehouse.plan import Plan, plan_run
from flows.warehouse.reading import open_read_only
from flows.warehouse.reference import store_verdicts

DRAFT = "草稿"  # of a week that was published: what was signed stays beside it


def rebuild_aside(
    project: Project, plan: Plan, progress: Progress, week: Week | None, waive: WaiverRequest, run: Runner
) -> None:
    """Build what the plan says beside the warehouse, check it, swap it in."""
    importing = great_expectations.preload()
    with joined(importing), build_aside(project, plan) as build:
        run(load)(build, progress)
        importing.join()
        if week:
            refuse_uncovered(build.engine, week)
        decisions = run(check)(build, progress, week, waive)
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
    plan = plan_run(project, progress)
    refuse_no_delivery(project, plan)
    return plan


def refuse_no_delivery(project: Project, plan: Plan) -> None:
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
    load_deliveries(build, progress)


def check(build: Build, progress: Progress, week: Week | None, waive: WaiverRequest) -> list[Waiver]:
    """Judge the working copy; returns the decisions of today that were needed. What is refused has its page all the same."""
    progress.step(Text(zh="检查", en="checking"))
    project, engine = build.project, build.engine
    checks, week_checks, decisions = judge_all(engine, project, week, waive)
    everything = (*checks, *week_checks)
    if week and any(verdict.stops for verdict in everything):
        refused = inspect(engine, project.profile, week, everything, list_departments(engine), is_swapped_in=False)
        write_files(project.draft_folder(week.end), render_checks(refused))
    refuse_failures(everything)
    store_verdicts(engine, {None: checks, week.end: week_checks} if week else {None: checks}, decisions)
    return decisions


def judge_all(
    engine: Engine, project: Project, week: Week | None, waive: WaiverRequest
) -> tuple[list[Verdict], list[Verdict], list[Waiver]]:
    """Both gates: the checks of the deliveries, those of the week's figures, and the decisions of today that they needed."""
    profile, known = project.profile, read_waivers(engine)
    refuse_unknown_rules(profile, (), known)
    recount(engine)
    checks, decisions = decide(judge_deliveries(engine, profile), known, waive)
    week_checks: list[Verdict] = []
    if week:
        week_checks, more = decide(judge_week(engine, profile, week, list_falls(engine, week)), known, waive)
        decisions += more
    return checks, week_checks, decisions


def swap_in(build: Build, progress: Progress, decisions: Sequence[Waiver]) -> None:
    swap.swap_in(build, progress, decisions)


def hand_over(project: Project) -> None:
    """Files for other programs; those of a run that was stopped before this are written by the next."""
    handover.hand_over(project)


def read_content_hash(project: Project) -> str:
    with open_read_only(project) as engine:
        return str(engine.rows("look/content_hash")[0]["content_hash"])


def read_figures(project: Project, week: Week, waive: WaiverRequest) -> tuple[Statistics, Inspection]:
    """The figures of a week that the publication gate lets through, and what the page of the checks says."""
    with open_read_only(project) as engine:
        return compute_week(project, engine, week, project.draft_folder(week.end), waive)


def compute_week(
    project: Project, engine: Engine, week: Week, folder: Path, waive: WaiverRequest = NO_WAIVERS
) -> tuple[Statistics, Inspection]:
    """As `read_figures`, from what any engine holds. What is refused has its page of the checks in `folder` all the same."""
    refuse_uncovered(engine, week)
    week_checks, decisions = _judge_week(engine, project, week, waive)
    figures = section.compute(engine, project.profile, week, week_checks)
    inspection = inspect(engine, project.profile, week, figures.checks, list_departments(engine), is_swapped_in=True)
    if any(verdict.stops for verdict in figures.checks):
        write_files(folder, render_checks(inspection))
    refuse_failures(figures.checks)
    append_receipts(project, [record_waiver(decision, now()) for decision in decisions])
    return figures, inspection


@contextmanager
def open_as_of(project: Project, as_of: date) -> Iterator[Engine]:
    """The warehouse as if no delivery with a later cut-off had come, judged as it is then."""
    with rewind_aside(project, as_of) as engine:
        judge_aside(project, engine)
        yield engine


def judge_aside(project: Project, engine: Engine) -> None:
    """Give a warehouse that was made aside its own verdicts on the deliveries it holds."""
    known = [*read_waivers(engine), *list_waivers(read_receipts(project))]
    recount(engine)
    checks, _ = decide(judge_deliveries(engine, project.profile), known, NO_WAIVERS)
    store_verdicts(engine, {None: checks}, ())


def note_loaded(project: Project, plan: Plan, entry: Entry) -> None:
    entry.hashes |= {f"data/raw/{file.name}": file.sha256 for file in plan.new}
    entry.deliveries = sorted({plan.delivery_ids[file.sha256] for file in plan.new})
    with open_read_only(project) as engine:
        rows = [row for row in engine.table("deliveries") if row["delivery_id"] in entry.deliveries]
    names = "read", "loaded", "repeated", "quarantined"
    entry.rows = {name: sum(row[f"rows_{name}"] for row in rows) for name in names}


def _judge_week(
    engine: Engine, project: Project, week: Week, waive: WaiverRequest
) -> tuple[Sequence[Verdict], Sequence[Waiver]]:
    """The verdicts of the publication gate: as told when the warehouse was built for this week, else told now."""
    if told := read_verdicts(engine, week.end):
        return told, ()
    known = [*read_waivers(engine), *list_waivers(read_receipts(project))]
    recount(engine)
    return decide(judge_week(engine, project.profile, week, list_falls(engine, week)), known, waive)


def refuse_uncovered(engine: Engine, week: Week) -> None:
    """Zeros are for groups, not for weeks nobody has delivered (docs/architecture.md §3)."""
    if find_newest_day(engine, week.year_to_date):
        return
    covered = find_covered_week(engine)
    if covered is None:
        rows = counts.reconcile(engine).quarantined
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
