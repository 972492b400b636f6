"""撤回: take a loaded delivery back, on the record."""

from flows.checks.waivers import refuse_unknown_rules
from flows.domain.runs import plainly
from flows.domain.text import Progress
from flows.domain.verdicts import NO_WAIVERS, WaiverRequest
from flows.jobs.run import attend
from flows.jobs.steps import hand_over, rebuild_aside
from flows.root.project import Project
from flows.warehouse.plan import plan_withdrawal


def withdraw(
    project: Project,
    delivery_id: str,
    reason: str,
    progress: Progress,
    *,
    waive: WaiverRequest = NO_WAIVERS,
    wait_seconds: float = 0,
) -> None:
    """Take a loaded delivery back, on the record: the warehouse becomes as if it had never come."""
    refuse_unknown_rules(project.profile, waive.reasons)
    with attend(project, f"withdraw {delivery_id}", progress, wait_seconds=wait_seconds) as entry:
        plan = plan_withdrawal(project, delivery_id, reason, progress)
        rebuild_aside(project, plan, progress, None, waive, entry.timing(plainly))
        hand_over(project)
