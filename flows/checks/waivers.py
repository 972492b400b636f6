"""Where somebody's decisions meet the verdicts: what stops a run, and what was let through."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flows.checks.great_expectations import Verdict
from flows.checks.suites import list_expectations
from flows.domain.calendar import now
from flows.domain.profile import Profile
from flows.domain.text import BadInput, WrongUsage
from flows.domain.verdicts import COMMAND_LINE, Acceptance, Check, Decisions


def decide(
    verdicts: Iterable[Verdict], acceptances: Sequence[Acceptance], accepting: Decisions
) -> tuple[list[Check], list[Acceptance]]:
    """The checks with what was decided about them, and the decisions of today that were needed.

    A decision holds for a rule and the deliveries of one cut-off; all places where the rule is broken have to be covered.
    """
    checks, fresh = [], []
    for verdict in verdicts:
        name = verdict.check.name
        known = {a.cut_off: a for a in acceptances if a.rule == name}
        missing = verdict.cut_offs - set(known)
        if name in accepting.reasons:
            reason, today = accepting.reasons[name], now().date()
            added = [Acceptance(name, day, reason, accepting.by, today, COMMAND_LINE) for day in sorted(missing)]
            fresh += added
            known |= {a.cut_off: a for a in added}
        is_covered = verdict.cut_offs and verdict.cut_offs <= set(known)
        decisions = tuple(known[day] for day in sorted(verdict.cut_offs)) if is_covered else ()
        checks.append(replace(verdict.check, acceptances=decisions))
    return checks, fresh


def refuse_unknown_rules(profile: Profile, named: Iterable[str], acceptances: Iterable[Acceptance] = ()) -> None:
    """Raises WrongUsage for a rule that no gate has, BadInput where a delivery.toml names it."""
    known = [e.name for suite in list_expectations(profile.tolerances).values() for e in suite]
    for rule in named:
        if rule not in known:
            raise WrongUsage(
                zh=f"没有名为 {rule} 的检查。可用的有：{'、'.join(known)}",
                en=f"There is no check {rule}. There are: {', '.join(known)}",
            )
    for acceptance in acceptances:
        if acceptance.rule not in known and acceptance.source != COMMAND_LINE:
            raise BadInput(
                zh=f"data/raw/{acceptance.cut_off} 的 delivery.toml [accept]：没有名为 {acceptance.rule} 的检查。可用的有：{'、'.join(known)}",
                en=f"delivery.toml of data/raw/{acceptance.cut_off} [accept]: there is no check {acceptance.rule}. There are: {', '.join(known)}",
            )
