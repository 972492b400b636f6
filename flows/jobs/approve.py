"""审核: sign as its checker what the author has signed; the week is published."""

import shutil
from dataclasses import replace
from datetime import date

from flows.domain.calendar import now
from flows.domain.text import BadInput, CommandLine, NothingToDo, Progress
from flows.jobs import timestamp
from flows.jobs.freezing import announce, freeze, put, refuse_unpublishable
from flows.jobs.run import attend
from flows.root.keys import AskPassphrase
from flows.root.project import Project
from flows.root.publications import (
    Publication,
    find_proposal,
    seal,
    write_statement,
)
from flows.root.signatures import refuse_forged, sign
from flows.root.signers import Role, find_signer, read_signers


def approve(
    project: Project, week_end: date, by: str, progress: Progress, *, ask: AskPassphrase, wait_seconds: float = 0
) -> Publication:
    """Sign as its checker what the author has signed: the week is published, its files become read-only.

    Raises:
        NothingToDo: nobody has signed that week as its author.
        BadInput: the checker may not sign, or is the author, or the warehouse says something else by now.
        CheckFailed: the author's signature does not fit, or a critical rule is broken.
    """
    with attend(project, f"approve --week-ending {week_end}", progress, wait_seconds=wait_seconds) as run:
        proposal, folder = find_proposal(project), project.proposed_folder(week_end)
        if proposal is None or proposal.week_end != week_end:
            raise NothingToDo(
                "{week_end} does not wait for its checker. Its author signs first: {command}",
                command=CommandLine("publish --week-ending {week_end}", week_end=week_end),
                week_end=week_end,
            )
        refuse_unpublishable(project, week_end)
        (first,) = refuse_forged(project, proposal, folder, [Role.AUTHOR])
        checker = find_signer(read_signers(project), by, Role.CHECKER, now().date())
        if checker.name == first.name or checker.key == first.key:
            raise BadInput(
                "author and checker must be two people with two keys: {name} has signed as the author.", name=first.name
            )
        at = now()
        again = freeze(project, week_end, (proposal.issue, proposal.serial), by=proposal.by, at=proposal.at)
        if write_statement(replace(again, receipts=proposal.receipts)) != write_statement(proposal):
            raise BadInput(
                "{week_end}: the warehouse, the program or the record of signers has changed since {name} signed. "
                "Review the draft, then sign again: {command}",
                command=CommandLine("publish --week-ending {week_end} --by {name}", week_end=week_end, name=first.name),
                week_end=week_end,
                name=first.name,
            )
        draft = replace(proposal, checked_by=checker.name, published_at=at.isoformat(timespec="microseconds"))
        publication = replace(draft, sha256=seal(draft))
        second = sign(publication, checker, at, ask)
        put(project, publication, [first, second], project.published_folder(week_end))
        announce(project, publication, run, progress)
        shutil.rmtree(folder)
        timestamp.ask(project, week_end)
    return publication
