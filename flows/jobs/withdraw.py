"""撤回: take a loaded delivery back."""

from flows.checks.waivers import refuse_unknown_rules
from flows.domain.names import refuse_example
from flows.domain.text import CommandLine, Progress
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
    """Take a loaded delivery back: rebuild the warehouse as if it had never come, and write a receipt with the reason.

    Raises:
        BadInput: no loaded delivery has that name.
        CheckFailed, Locked: see steps; the warehouse stays as it was.
        WrongUsage: a rule to be waived that does not exist.
    """
    refuse_example(reason)
    refuse_unknown_rules(project.profile, waive.reasons)
    with attend(project, f"withdraw {delivery_id}", progress, wait_seconds=wait_seconds) as run:
        plan = plan_withdrawal(project, delivery_id, reason, progress)
        command = CommandLine("withdraw {delivery_id} --reason {reason}", delivery_id=delivery_id, reason=reason)
        rebuild_aside(project, plan, progress, None, waive, run.timing(), command)
        hand_over(project)
