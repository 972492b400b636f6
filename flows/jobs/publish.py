"""刊发: sign the frozen draft of a week as its author, or publish it by two names alone."""

import shutil
from dataclasses import replace
from datetime import date

from flows.domain.calendar import now
from flows.domain.names import refuse_example
from flows.domain.text import BadInput, CommandLine, NothingToDo, Progress, WrongUsage
from flows.jobs.freezing import announce, freeze, put, refuse_unpublishable
from flows.jobs.run import attend
from flows.root.keys import AskPassphrase
from flows.root.project import Project
from flows.root.publications import (
    Publication,
    find_proposal,
    seal,
)
from flows.root.signatures import sign
from flows.root.signers import Role, find_signer, read_signers


def publish(
    project: Project,
    week_end: date,
    by: str,
    progress: Progress,
    *,
    ask: AskPassphrase,
    issue: int | None = None,
    serial: int | None = None,
    wait_seconds: float = 0,
) -> Publication:
    """Freeze the draft of one week and sign it as its author; it is published once its checker has approved it.

    Issue and serial default to the next numbers; the issue restarts at 1 each year. What the author signed before and nobody has
    approved is replaced.

    Raises:
        WrongUsage: the first publication has no numbers.
        BadInput: the author may not sign, the week is published already, another one waits for its checker, or there is no draft
            that is what the warehouse says.
        CheckFailed: a critical rule is broken.
    """
    with attend(project, f"publish --week-ending {week_end}", progress, wait_seconds=wait_seconds) as run:
        refuse_unpublishable(project, week_end)
        _refuse_waiting(project, week_end)
        signers = read_signers(project)
        if not signers:
            raise BadInput(
                "nobody may sign in {root} yet. Each signer makes a key, and is added:\n  {key}\n  {add}\n"
                "By two names alone, without keys: {unsigned}",
                root=project.root,
                key=CommandLine("key new"),
                add=CommandLine("signers add"),
                unsigned=CommandLine("publish --week-ending {week_end} --unsigned", week_end=week_end),
            )
        author = find_signer(signers, by, Role.AUTHOR, now().date())
        at = now()
        publication = freeze(project, week_end, (issue, serial), by=author.name, at=at)
        signature = sign(publication, author, at, ask)
        put(project, publication, [signature], project.proposed_folder(week_end))
        run.week_endings = [str(week_end)]
    return publication


def publish_unsigned(
    project: Project,
    week_end: date,
    by: str,
    checked_by: str,
    progress: Progress,
    *,
    issue: int | None = None,
    serial: int | None = None,
    wait_seconds: float = 0,
) -> Publication:
    """Freeze the draft of one week by the names of author and checker alone: its forms are marked 未签名.

    Raises: as `publish`; WrongUsage: author and checker are the same.
    """
    refuse_example(by, checked_by)
    if not by.strip() or by.strip() == checked_by.strip():
        raise WrongUsage("author and checker must be two people (--by, --checked-by).")
    with attend(project, f"publish --week-ending {week_end}", progress, wait_seconds=wait_seconds) as run:
        refuse_unpublishable(project, week_end)
        _refuse_waiting(project, week_end)
        draft = freeze(project, week_end, (issue, serial), by=by.strip(), at=now(), is_unsigned=True)
        draft = replace(draft, checked_by=checked_by.strip())
        publication = replace(draft, sha256=seal(draft))
        put(project, publication, [], project.published_folder(week_end))
        announce(project, publication, run, progress)
    return publication


def discard(project: Project, week_end: date, progress: Progress) -> None:
    """Take back what the author signed and nobody has approved.

    Raises:
        NothingToDo: there is none.
    """
    with attend(project, f"publish --week-ending {week_end} --discard", progress):
        if not project.proposed_folder(week_end).is_dir():
            raise NothingToDo(
                "{week_end} does not wait for its checker: there is nothing to discard.", week_end=week_end
            )
        shutil.rmtree(project.proposed_folder(week_end))


def _refuse_waiting(project: Project, week_end: date) -> None:
    """Numbers and seals go on from one publication to the next, so only one may wait."""
    waiting = find_proposal(project)
    if waiting and waiting.week_end != week_end:
        raise BadInput(
            "{waiting} waits for its checker (issue {issue}). First approve it, or take it back:\n  {approve}\n  {discard}",
            waiting=waiting.week_end,
            issue=waiting.issue,
            approve=CommandLine("approve --week-ending {week_end}", week_end=waiting.week_end),
            discard=CommandLine("publish --week-ending {week_end} --discard", week_end=waiting.week_end),
        )
