"""Where a root stands: what is loaded, what waits, what is open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.deliveries import find_files
from flows.project import Project, now
from flows.statistics import read_checks, reconcile
from flows.vocabulary import Severity
from flows.warehouse import open_read_only, read_loaded


@dataclass(frozen=True)
class Status:
    """`deliveries` in the order of the fold; `waiting` are files below data/raw that the next run takes in."""

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
    content_hash: str
    reports: list[str]


def read_status(project: Project) -> Status:
    """Raises BadInput where data/raw is not in order."""
    loaded, _ = read_loaded(project)
    known = {file.sha256 for file in loaded}
    files = find_files(project, loaded)
    facts = _read_warehouse(project) if project.warehouse.exists() else {}
    return Status(
        root=str(project.root),
        profile=project.profile.name,
        is_sample=any(file.is_sample for file in files),
        deliveries=facts.get("deliveries", []),
        waiting=[file.name for file in files if file.sha256 not in known],
        cases=facts.get("cases", 0),
        rows_quarantined=facts.get("rows_quarantined", 0),
        rows_open=facts.get("rows_open", 0),
        checks_failed_or_warned=facts.get("checks", []),
        warehouse_bytes=project.warehouse.stat().st_size if facts else 0,
        warehouse_built_at=facts.get("built_at"),
        content_hash=facts.get("content_hash", ""),
        reports=sorted(path.parent.name for path in project.reports.glob("*/statistics.json")),
    )


def _read_warehouse(project: Project) -> dict[str, Any]:
    with open_read_only(project) as engine:
        info = {row["name"]: row["value"] for row in engine.table("warehouse_info")}
        digest = engine.rows("marts/content_hash")[0]
        return {
            "deliveries": engine.table("deliveries"),
            "rows_quarantined": reconcile(engine).quarantined,
            "rows_open": len(
                {(i["file"], i["sheet"], i["row_no"]) for i in engine.table("quarantine") if not i["closed_by"]}
            ),
            "checks": [c.name for c in read_checks(engine) if not c.is_passed and c.severity is Severity.WARNING],
            "built_at": datetime.fromisoformat(info["built_at"]),
            **digest,
        }


def age_in_days(built_at: datetime) -> int:
    return (now() - built_at).days
