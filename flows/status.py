"""Where a root stands: what is loaded, what waits, what is open, what ran, what comes next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.journal import Entry, read_runs
from flows.lock import is_held
from flows.overview import read_overview
from flows.project import Project, now
from flows.schedule import find_next_run
from flows.statistics import read_checks, reconcile
from flows.vocabulary import Severity, Text
from flows.warehouse import open_read_only

_RUNS = 5


@dataclass(frozen=True)
class Status:
    """`deliveries` in the order of the fold; `waiting` are files below data/raw that the next run takes in.

    `next_run` is None while no service runs; `warehouse_age_days` counts since it was built.
    """

    root: str
    profile: str
    is_sample: bool
    deliveries: list[dict[str, Any]]
    waiting: list[str]
    cases: int
    rows_quarantined: int
    rows_open: int
    checks_failed_or_warned: list[str]
    warehouse_bytes: int
    warehouse_built_at: datetime | None
    warehouse_age_days: int | None
    content_hash: str
    reports: list[str]
    unpublished: list[str]
    runs: list[Entry]
    next_run: datetime | None
    problems: list[Text]


def read_status(project: Project) -> Status:
    """Raises BadInput where data/raw or the warehouse cannot be read."""
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
        checks_failed_or_warned=facts.get("checks", []),
        warehouse_bytes=project.warehouse.stat().st_size if facts else 0,
        warehouse_built_at=built_at,
        warehouse_age_days=(now() - built_at).days if built_at else None,
        content_hash=facts.get("content_hash", ""),
        reports=sorted(path.parent.name for path in project.reports.glob("2*/statistics.json")),
        unpublished=[str(day) for day in overview.unpublished],
        runs=read_runs(project, _RUNS),
        next_run=_find_next_run(project),
        problems=list(overview.problems),
    )


def _find_next_run(project: Project) -> datetime | None:
    return find_next_run(project.settings.schedule, now()) if is_held(project.service_lock) else None


def _read_warehouse(project: Project) -> dict[str, Any]:
    with open_read_only(project) as engine:
        info = {row["name"]: row["value"] for row in engine.table("warehouse_info")}
        digest = engine.rows("marts/content_hash")[0]
        return {
            "deliveries": engine.table("deliveries"),
            "rows_quarantined": reconcile(engine).quarantined,
            "checks": [c.name for c in read_checks(engine) if not c.is_passed and c.severity is Severity.WARNING],
            "built_at": datetime.fromisoformat(info["built_at"]),
            **digest,
        }
