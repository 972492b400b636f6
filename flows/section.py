"""The figures of one section: those of the week, and what changed since the deliveries of the week before."""

from collections.abc import Sequence

from flows import explanation, statistics
from flows.engine import Engine
from flows.profiles import Profile
from flows.vocabulary import Change, Check, Group, Statistics, Week


def compute(engine: Engine, profile: Profile, week: Week, week_checks: Sequence[Check]) -> Statistics:
    """All that a section says of one bulletin week, from everything the engine holds."""
    causes = explanation.list_causes(engine, week)
    changes = [
        Change(Group(group), measure, cause, cases)
        for (group, measure), told in causes.items()
        for cause, cases in told
    ]
    return statistics.compute(engine, profile, week, week_checks=week_checks, changes=changes)
