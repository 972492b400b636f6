"""Waivers 放行 meet the verdicts: what somebody lets through, for a rule and the deliveries of one cut-off."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flows.checks.great_expectations import Judgement
from flows.checks.suites import list_expectations
from flows.domain.calendar import now
from flows.domain.profile import Profile
from flows.domain.text import BadInput, WrongUsage
from flows.domain.verdicts import COMMAND_LINE, Verdict, Waiver, WaiverRequest


def decide(
    judgements: Iterable[Judgement], known: Sequence[Waiver], waive: WaiverRequest
) -> tuple[list[Verdict], list[Waiver]]:
    """The checks with their waivers, and the waivers of today that were needed.

    A waiver holds for a rule and the deliveries of one cut-off; all places where the rule is broken have to be covered.
    """
    checks, fresh = [], []
    for judgement in judgements:
        name = judgement.verdict.name
        if not judgement.verdict.is_waivable:
            checks.append(judgement.verdict)
            continue
        own = {a.cut_off: a for a in known if a.rule == name}
        missing = judgement.cut_offs - set(own)
        if name in waive.reasons:
            reason, today = waive.reasons[name], now().date()
            added = [Waiver(name, day, reason, waive.by, today, COMMAND_LINE) for day in sorted(missing)]
            fresh += added
            own |= {a.cut_off: a for a in added}
        is_covered = judgement.cut_offs and judgement.cut_offs <= set(own)
        decisions = tuple(own[day] for day in sorted(judgement.cut_offs)) if is_covered else ()
        checks.append(replace(judgement.verdict, waivers=decisions))
    return checks, fresh


def refuse_unknown_rules(profile: Profile, named: Iterable[str], waivers: Iterable[Waiver] = ()) -> None:
    """Raises WrongUsage for a rule that no gate has or that cannot be waived, BadInput where a delivery.toml names it."""
    expected = [e for suite in list_expectations(profile.tolerances).values() for e in suite]
    known, fixed = [e.name for e in expected], {e.name for e in expected if not e.is_waivable}
    for rule in named:
        if rule in fixed:
            raise WrongUsage(
                "{rule} cannot be accepted: it holds the program's own sums against each other, and says nothing of the data. "
                "Run again without --accept {rule}; if it is broken, please report it.",
                rule=rule,
            )
        if rule not in known:
            raise WrongUsage("There is no check {rule}. There are: {known}", rule=rule, known=known)
    for waiver in waivers:
        if waiver.rule in fixed and waiver.source != COMMAND_LINE:
            raise BadInput(
                "delivery.toml of data/raw/{cut_off} [accept]: {rule} cannot be accepted: it holds the program's own sums against each "
                "other, and says nothing of the data. Remove the line; if the rule is broken, please report it.",
                cut_off=waiver.cut_off,
                rule=waiver.rule,
            )
        if waiver.rule not in known and waiver.source != COMMAND_LINE:
            raise BadInput(
                "delivery.toml of data/raw/{cut_off} [accept]: there is no check {rule}. There are: {known}",
                cut_off=waiver.cut_off,
                rule=waiver.rule,
                known=known,
            )
