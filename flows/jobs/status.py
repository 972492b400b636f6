"""现状: the state of a root, for the home page and for `status`: reports, files to load, open rows, problems."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flows.domain.calendar import find_next_run, now
from flows.domain.figures import RevisionState
from flows.domain.runs import Overview, QuarantinedItem, Run, WeekOverview, WeekState
from flows.domain.text import CommandLine, Text, UserError
from flows.domain.verdicts import Severity
from flows.engine.protocols import Engine
from flows.figures.counts import reconcile
from flows.figures.quarantine import ClosedRow, count_open, list_newest
from flows.figures.verdicts import read_verdicts
from flows.jobs.standing import compare_weeks, describe_policy
from flows.report.forms import UNSIGNED
from flows.root.deliveries import describe_unread, find_files, find_unread
from flows.root.lock import is_held
from flows.root.project import Project
from flows.root.publications import Publication, find_publications, say_restore
from flows.root.receipts import find_closed, read_receipts
from flows.root.reports import REPORT, find_reports, find_weeks
from flows.root.run_log import read_runs
from flows.root.signers import has_signers
from flows.warehouse.reading import list_publications, open_read_only, read_loaded

_RANGE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_overview(project: Project, run: Run | None = None, *, is_strict: bool = False) -> Overview:
    """Everything but the figures. `run` is the run that is ending; None: the last one of the run log.

    What cannot be read becomes a problem of the overview, since people look here when something is wrong.

    Raises:
        UserError: `is_strict`, and something cannot be read.
    """
    problems: list[Text] = []
    waiting: tuple[str, ...] = ()
    weeks: list[WeekOverview] = []
    missing: list[date] = []
    (rows_open, rows_new), cut_off, is_sample = (0, 0), None, False
    newest_items: tuple[QuarantinedItem, ...] = ()
    try:
        missing = project.calendar.find_missing_weeks(find_reports(project), now().date())
        published = list_publications(project)
        weeks = _list_weeks(project, published)
        loaded, _ = read_loaded(project)
        known = {file.sha256 for file in loaded}
        files = find_files(project, loaded)
        waiting = tuple(file.name for file in files if file.sha256 not in known)
        is_sample = any(file.is_sample for file in files)
        if project.warehouse.exists():
            with open_read_only(project) as engine:
                closed = list_closed(project)
                rows_open, rows_new = count_open(engine, closed)
                newest_items = list_newest(engine, closed)
                cut_off = max((file.cut_off for file in loaded), default=None)
                weeks = _mark_revised(project, engine, weeks, published)
                problems += [
                    _describe_loss(row) for row in engine.read("look/losses").dicts() if row["cut_off"] == cut_off
                ]
    except UserError as error:
        if is_strict:
            raise
        problems.append(error.text)
    problems += [_describe_damage(week) for week in find_publications(project)[1]]
    problems += [describe_unread(folder) for folder in find_unread(project)]
    problems += filter(None, [describe_policy(project)])
    problems += _list_problems(run or next(iter(read_runs(project, 1)), None), weeks, missing)
    return Overview(
        scope=project.profile.scope_label,
        is_sample=is_sample,
        cut_off=cut_off,
        weeks=tuple(weeks),
        ranges=tuple(_list_ranges(project)),
        waiting=waiting,
        rows_open=rows_open,
        rows_new=rows_new,
        newest_items=newest_items,
        problems=tuple(problems),
        is_signed=has_signers(project),
        has_dictionary=(project.reports / "dictionary.html").is_file(),
    )


def list_closed(project: Project) -> list[ClosedRow]:
    """The rows of the quarantine that were closed by hand."""
    return [(r.sha256, r.sheet, r.row_no, r.by, r.reason) for r in find_closed(read_receipts(project))]


def _describe_damage(week: str) -> Text:
    return Text(
        "the publication of {week_end} is damaged; to write it again: {command}",
        week_end=week,
        command=say_restore(week),
    )


def _describe_loss(row: dict[str, Any]) -> Text:
    return Text(
        "{file} ［{part}］ was passed over, though it holds what looks like cases", file=row["file"], part=row["sheet"]
    )


def _list_weeks(project: Project, publications: list[Publication]) -> list[WeekOverview]:
    """Newest first."""
    numbers = {
        each.week_end: f"第{each.issue}期（总第{each.serial}期）{UNSIGNED if each.is_unsigned else ''}"
        for each in publications
    }
    return [_describe_week(project, end, folder, numbers.get(end, "")) for end, folder in find_weeks(project)][::-1]


def _describe_week(project: Project, end: date, folder: Path, number: str) -> WeekOverview:
    revision = folder / "revision"
    noticed = sorted(path for path in revision.glob("*") if path.is_dir())
    places = [folder / "published", folder / "draft", *noticed, revision] if number else [folder]
    files = [path for place in places for path in sorted(place.glob("*")) if path.is_file()]
    report = (folder / "published" if number else folder) / REPORT
    unpublished = WeekState.PROPOSED if (folder / "proposed").is_dir() else WeekState.DRAFT
    state = WeekState.PUBLISHED if number else unpublished if report.is_file() else WeekState.REFUSED
    names = tuple(path.relative_to(project.reports).as_posix() for path in files)
    return WeekOverview(end, state, _read_verdict(report), number, names)


def _read_verdict(path: Path) -> str:
    """passed or warned, as the report says; refused if there is no readable report."""
    try:
        verdicts = json.loads(path.read_text(encoding="utf-8"))["checks"]
        is_whole = all(verdict["passed"] or verdict["accepted"] for verdict in verdicts)
    except (OSError, ValueError, KeyError, TypeError):
        return "refused"
    return "passed" if is_whole else "warned"


def _mark_revised(
    project: Project, engine: Engine, weeks: list[WeekOverview], published: list[Publication]
) -> list[WeekOverview]:
    revisions = {revision.week.end: revision for revision in compare_weeks(project, engine, published)}
    return [
        replace(week, revision=found.state, noticed_on=found.notice.on if found.notice else None)
        if (found := revisions.get(week.end))
        else week
        for week in weeks
    ]


def _list_ranges(project: Project) -> list[str]:
    """Newest first."""
    found = [path.name for path in project.reports.glob("*_*") if _RANGE.fullmatch(path.name)]
    return sorted((name for name in found if (project.reports / name / "range.html").is_file()), reverse=True)


def _list_problems(last: Run | None, weeks: list[WeekOverview], missing: list[date]) -> Iterator[Text]:
    if last and last.exit_code:
        yield Text(
            "the last run failed ({at}, {command}, exit code {exit_code}{checks})",
            at=last.at[:16].replace("T", " "),
            command=last.command,
            exit_code=last.exit_code,
            checks=Text(": {checks}", checks=last.checks) if last.checks else "",
        )
    for week in weeks:
        if week.revision is RevisionState.DUE:
            yield Text(
                "figures of {week_end} have changed since publication; for the notice: {command}",
                command=CommandLine("revisions --week-ending {week_end}", week_end=week.end),
                week_end=week.end,
            )
    if missing:
        shown = missing[-3:]
        rest = len(missing) - len(shown)
        more = Text(" and {rest} more", rest=rest, total=len(missing)) if rest else ""
        yield Text("weeks without a report: {days}{more}", days=shown, more=more)


_RUNS = 5


@dataclass(frozen=True)
class Status:
    """`deliveries` by cut-off; `waiting` are the files below data/raw that the next run loads.

    `next_run` is None while no service runs; `years_unannounced` are those whose days off should be known by now and are not;
    `warehouse_age_days` counts since the warehouse was built.
    """

    root: str
    profile: str
    is_sample: bool
    deliveries: list[dict[str, Any]]
    waiting: list[str]
    cases: int
    rows_quarantined: int
    rows_open: int
    rows_new: int
    checks_failed_or_warned: list[str]
    warehouse_bytes: int
    warehouse_built_at: datetime | None
    warehouse_age_days: int | None
    content_hash: str
    reports: list[str]
    unpublished: list[str]
    runs: list[Run]
    next_run: datetime | None
    years_unannounced: list[int]
    problems: list[Text]


def read_status(project: Project) -> Status:
    """Raises BadInput if data/raw or the warehouse cannot be read."""
    overview = read_overview(project, is_strict=True)
    facts = _read_warehouse(project) if overview.cut_off else {}
    built_at = facts.get("built_at")
    return Status(
        root=str(project.root),
        profile=project.profile.name,
        is_sample=overview.is_sample,
        deliveries=facts.get("deliveries", []),
        waiting=list(overview.waiting),
        cases=facts.get("cases", 0),
        rows_quarantined=facts.get("rows_quarantined", 0),
        rows_open=overview.rows_open,
        rows_new=overview.rows_new,
        checks_failed_or_warned=facts.get("warned", []),
        warehouse_bytes=project.warehouse.stat().st_size if facts else 0,
        warehouse_built_at=built_at,
        warehouse_age_days=(now() - built_at).days if built_at else None,
        content_hash=facts.get("content_hash", ""),
        reports=[str(week_end) for week_end in find_reports(project)],
        unpublished=[str(day) for day in overview.unpublished],
        runs=read_runs(project, _RUNS),
        next_run=_find_next_run(project),
        years_unannounced=project.calendar.list_unannounced(now().date()),
        problems=list(overview.problems),
    )


def _find_next_run(project: Project) -> datetime | None:
    return find_next_run(project.settings.schedule, now()) if is_held(project.service_lock) else None


def _read_warehouse(project: Project) -> dict[str, Any]:
    with open_read_only(project) as engine:
        info = {row["name"]: row["value"] for row in engine.read("warehouse_info").dicts()}
        digest = engine.read("look/content_hash").dicts()[0]
        return {
            "deliveries": engine.read("deliveries").dicts(),
            "rows_quarantined": reconcile(engine).quarantined,
            "warned": [v.name for v in read_verdicts(engine) if not v.is_passed and v.severity is Severity.WARNING],
            "built_at": datetime.fromisoformat(info["built_at"]),
            **digest,
        }
