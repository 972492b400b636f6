"""修订政策: when published figures are revised, what is announced, who decides."""

from flows.domain.cases import Cause
from flows.domain.profile import Profile
from flows.report.templates import fill

POLICY = "revisions.md"


def write_policy(profile: Profile) -> str:
    """In Chinese, as Markdown: a draft for the office, from its source profile and tolerances."""
    causes = [cause for cause in Cause if cause is not Cause.NEW]
    return fill("revisions.md.j2", profile=profile, causes=causes)
