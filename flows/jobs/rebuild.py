"""重建: build the warehouse again from data/raw."""

from flows.checks.waivers import refuse_unknown_rules
from flows.domain.text import CommandLine, Progress
from flows.domain.verdicts import NO_WAIVERS, WaiverRequest
from flows.engine.protocols import DamagedWarehouse
from flows.jobs.run import attend
from flows.jobs.steps import hand_over, read_content_hash, rebuild_aside, refuse_no_delivery
from flows.root.project import Project
from flows.warehouse import reading
from flows.warehouse.plan import plan_run


def rebuild(
    project: Project, progress: Progress, *, waive: WaiverRequest = NO_WAIVERS, wait_seconds: float = 0
) -> tuple[str, str]:
    """Build the warehouse again from data/raw; returns the content hash before ('' if unknown) and after."""
    refuse_unknown_rules(project.profile, waive.reasons)
    with attend(project, "rebuild", progress, wait_seconds=wait_seconds) as run:
        before = _read_old_hash(project)
        plan = plan_run(project, progress, from_scratch=True)
        refuse_no_delivery(project, plan)
        rebuild_aside(project, plan, progress, None, waive, run.timing(), CommandLine("rebuild"))
        hand_over(project)
        after = read_content_hash(project)
        run.hashes["cases"] = after
        return before, after


def _read_old_hash(project: Project) -> str:
    try:
        return read_content_hash(project) if project.warehouse.exists() else ""
    except (reading.StaleWarehouse, DamagedWarehouse):  # what the rebuild is for
        return ""
