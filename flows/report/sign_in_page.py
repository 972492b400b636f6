"""The page that asks for the secret of the service."""

from flows.domain.text import Text
from flows.report.templates import fill


def write_sign_in(action: str, after: str, where: Text, problem: Text | None) -> str:
    """A form that posts `secret` and `next` to `action`; `where`: how to find the secret; `problem`: why it is asked again."""
    return fill("sign_in.html.j2", action=action, next=after, where=where, problem=problem)
