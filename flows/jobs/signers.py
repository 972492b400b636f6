"""签名人: add somebody who may sign, or end somebody's right, on the record."""

from dataclasses import astuple, replace
from datetime import date, timedelta

from flows.domain.calendar import now
from flows.domain.text import BadInput, CommandLine
from flows.root import keys
from flows.root.lock import hold_lock
from flows.root.project import Project
from flows.root.signers import Role, Signer, change_signers, find_signer, read_signers


def add(
    project: Project,
    name: str,
    role: str,
    key: str,
    by: str,
    ask: keys.AskPassphrase,
    *,
    start: date | None = None,
    until: date | None = None,
) -> None:
    """Let somebody sign from `start` (today) until `until`; `key` is a public key or a file that holds one.

    Raises:
        BadInput: the key cannot be read, or `by` may not sign.
    """
    at = now()
    signer = Signer(name, Role(role), keys.read_public(key), start or at.date(), until)
    with hold_lock(project, "signers add"):
        known = read_signers(project)
        if any((s.name, s.role) == (name, role) and s.may_sign(signer.start) for s in known):
            raise BadInput(
                "{name} may sign as {role} already. To give another key, first end the old one: {command}",
                command=CommandLine("signers end --name {name}", name=name),
                name=name,
                role=role,
            )
        if any(s.key == signer.key and s.name != name for s in known):
            raise BadInput("this key belongs to somebody else already. Each person has a key of their own.")
        change_signers(project, [*known, signer], find_signer(known or [signer], by, None, at.date()), at, ask)


def end(
    project: Project, name: str, by: str, ask: keys.AskPassphrase, *, until: date | None = None, role: str | None = None
) -> None:
    """End somebody's right with the day `until` (yesterday); what was signed until then stays valid.

    Raises:
        BadInput: nobody of that name may sign, or `by` may not.
    """
    at = now()
    last = until or at.date() - timedelta(days=1)
    with hold_lock(project, "signers end"):
        known = read_signers(project)
        ending = find_signer(known, name, Role(role) if role else None, at.date())
        changed = [
            replace(s, until=last) if s.name == ending.name and role in (None, s.role) and s.may_sign(at.date()) else s
            for s in known
        ]
        change_signers(project, changed, find_signer(known, by, None, at.date()), at, ask)


def list_all(project: Project) -> list[tuple[str, str, str, date, date | None]]:
    """Name, role, public key, first and last day of all who may or might sign."""
    return [astuple(signer) for signer in read_signers(project)]
