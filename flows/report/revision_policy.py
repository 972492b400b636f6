"""修订政策: when published figures are revised, what is announced, who decides."""

import re

from flows.domain.cases import Cause
from flows.domain.profile import Profile
from flows.report.templates import fill

POLICY = "revisions.md"


def write_policy(profile: Profile, notice_cases: int) -> str:
    """In Chinese, as Markdown: a draft for the office, from its source profile, its tolerances and the setting notice_cases."""
    causes = [cause for cause in Cause if cause is not Cause.NEW]
    return fill("revisions.md.j2", profile=profile, causes=causes, notice_cases=notice_cases)


def find_notice_cases(policy: str) -> int | None:
    """How many cases a policy says a printed number may differ by before a notice is due; None where it says nothing of it."""
    found = re.search(r"差额超过 ?([0-9]+) ?件", policy)
    return int(found[1]) if found else None
