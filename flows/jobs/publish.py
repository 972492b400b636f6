"""刊发: freeze the draft of a week with its figures, files and definitions; its author signs it, then its checker."""

import hashlib
import json
import shutil
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flows.domain.calendar import now, week_ending
from flows.domain.runs import Run
from flows.domain.text import BadInput, NothingToDo, Progress, Text, WrongUsage
from flows.domain.verdicts import NO_WAIVERS, Verdict
from flows.jobs.proof import CLASSIFICATION, describe_classification, list_cases, list_proof, write_cases
from flows.jobs.run import attend
from flows.jobs.steps import hand_over, read_figures
from flows.report.forms import UNSIGNED, render, render_checks
from flows.root.files import put_folder, write_files
from flows.root.keys import AskPassphrase, keys_folder
from flows.root.project import Project
from flows.root.publications import (
    FILE,
    FrozenFile,
    Publication,
    digest_program,
    find_proposal,
    name_program,
    read_publications,
    seal,
    write_publication,
    write_statement,
)
from flows.root.signatures import PROOF, Signature, refuse_forged, sign
from flows.root.signers import Role, find_signer, read_record, read_signers
from flows.warehouse.reading import open_read_only, read_loaded
from flows.warehouse.swap import note_publications

_FROZEN_TABLES = ("tolerances", "expected_departments", "no_business")  # the page of the checks depends on them


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
        _refuse_published(project, week_end)
        _refuse_waiting(project, week_end)
        signers = read_signers(project)
        if not signers:
            raise BadInput(
                "nobody may sign in {root} yet. Make a key and name who may sign: bulletin key new --name {by}, then "
                "bulletin signers add --name {by} --role 编发 --key {key}. To publish by names alone: --checked-by NAME --unsigned",
                root=project.root,
                by=by,
                key=keys_folder() / f"{by}.pub",
            )
        author = find_signer(signers, by, Role.AUTHOR, now().date())
        at = now()
        publication = _freeze(project, week_end, (issue, serial), by=author.name, at=at)
        signature = sign(publication, author, at, ask)
        _put(project, publication, [signature], project.proposed_folder(week_end))
        run.week_endings = [str(week_end)]
    return publication


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
                "{week_end} does not wait for its checker. Its author signs first: bulletin publish --week-ending {week_end} --by NAME",
                week_end=week_end,
            )
        _refuse_published(project, week_end)
        (first,) = refuse_forged(project, proposal, folder, [Role.AUTHOR])
        checker = find_signer(read_signers(project), by, Role.CHECKER, now().date())
        if checker.name == first.name or checker.key == first.key:
            raise BadInput(
                "author and checker must be two people with two keys: {name} has signed as the author.", name=first.name
            )
        at = now()
        again = _freeze(project, week_end, (proposal.issue, proposal.serial), by=proposal.by, at=proposal.at)
        if write_statement(replace(again, receipts=proposal.receipts)) != write_statement(proposal):
            raise BadInput(
                "{week_end}: the warehouse, the program or the record of signers has changed since {name} signed. "
                "Review the draft, then sign again: bulletin publish --week-ending {week_end} --by {name}",
                week_end=week_end,
                name=first.name,
            )
        draft = replace(proposal, checked_by=checker.name, published_at=at.isoformat(timespec="microseconds"))
        publication = replace(draft, sha256=seal(draft))
        second = sign(publication, checker, at, ask)
        _put(project, publication, [first, second], project.published_folder(week_end))
        shutil.rmtree(folder)
        _announce(project, publication, run, progress)
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
    if not by.strip() or by.strip() == checked_by.strip():
        raise WrongUsage("author and checker must be two people (--by, --checked-by).")
    with attend(project, f"publish --week-ending {week_end}", progress, wait_seconds=wait_seconds) as run:
        _refuse_published(project, week_end)
        _refuse_waiting(project, week_end)
        draft = _freeze(project, week_end, (issue, serial), by=by.strip(), at=now(), is_unsigned=True)
        draft = replace(draft, checked_by=checked_by.strip())
        publication = replace(draft, sha256=seal(draft))
        _put(project, publication, [], project.published_folder(week_end))
        _announce(project, publication, run, progress)
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


def _freeze(
    project: Project,
    week_end: date,
    numbers: tuple[int | None, int | None],
    *,
    by: str,
    at: datetime,
    is_unsigned: bool | None = None,
) -> Publication:
    """The publication of a week as the warehouse has it now, without its checker and its seal; its forms and cases are written aside."""
    before = read_publications(project)
    issue, serial = _number(week_end, before, *numbers)
    week = week_ending(week_end)
    figures, inspection = read_figures(project, week, NO_WAIVERS)
    _refuse_other_draft(project, week_end, {**render(figures), **render_checks(inspection)})
    forms = {**render(figures, mark=UNSIGNED if is_unsigned else ""), **render_checks(inspection)}
    files, tables = _freeze_sources(project)
    entries = read_record(project)
    receipts = project.receipts.read_bytes()
    draft = _draft_folder(project, week_end)
    shutil.rmtree(draft, ignore_errors=True)
    with open_read_only(project) as engine:
        classification = describe_classification(engine, project.profile)
        cases = write_cases(project, draft / PROOF, list_cases(engine, week.year_to_date))
    write_files(draft / PROOF, {CLASSIFICATION: classification})
    write_files(draft, forms)
    return Publication(
        week_ending=week_end.isoformat(), issue=issue, serial=serial, by=by, checked_by="",
        published_at=at.isoformat(timespec="microseconds"), program=name_program(), program_digest=digest_program(),
        profile=project.profile.name, source=figures.source, definitions=dict(figures.definitions),
        figures={g.group: asdict(g.year_to_date) for g in figures.groups},
        files=files, tables=tables, checks=[_freeze_verdict(verdict) for verdict in figures.verdicts],
        forms={name: hashlib.sha256(content).hexdigest() for name, content in forms.items()},
        previous=before[-1].sha256 if before else "",
        classification=hashlib.sha256(classification).hexdigest(),
        receipts=f"{len(receipts)} {hashlib.sha256(receipts).hexdigest()}",
        signers=entries[-1].digest if entries else "", cases=cases, is_unsigned=is_unsigned,
    )  # fmt: skip


def _announce(project: Project, publication: Publication, run: Run, progress: Progress) -> None:
    progress.step(Text("adding it to the warehouse"))
    note_publications(project, progress)
    hand_over(project)
    run.week_endings, run.hashes["publication"] = [publication.week_ending], publication.sha256


def _freeze_sources(project: Project) -> tuple[list[FrozenFile], dict[str, list[list[Any]]]]:
    loaded, _ = read_loaded(project)
    files = sorted(loaded, key=lambda file: (file.cut_off, file.name))
    with open_read_only(project) as engine:
        tables = {name: [list(row.values()) for row in engine.read(name).dicts()] for name in _FROZEN_TABLES}
    plain = json.loads(json.dumps(tables, default=str))
    return [
        FrozenFile(f.delivery_id, f.name, f.sha256, f.received_on.isoformat(), f.corrects) for f in files
    ], plain  # fmt: skip


def _put(project: Project, publication: Publication, signatures: list[Signature], folder: Path) -> None:
    """Complete what `_freeze` wrote aside with record and proof, make it read-only, rename: whole or not at all."""
    draft = _draft_folder(project, publication.week_end)
    write_files(draft / PROOF, list_proof(project, publication, signatures))
    write_files(draft, {FILE: write_publication(publication)})
    for path in draft.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    put_folder(draft, folder, is_replacing=folder == project.proposed_folder(publication.week_end))


def _draft_folder(project: Project, week_end: date) -> Path:
    return project.report_folder(week_end) / ".published.part"


def _refuse_published(project: Project, week_end: date) -> None:
    folder = project.published_folder(week_end)
    if folder.exists():
        raise BadInput(
            "{week_end} is published ({folder}) and never overwritten. If figures have changed: bulletin revisions",
            week_end=week_end,
            folder=folder,
        )


def _refuse_waiting(project: Project, week_end: date) -> None:
    """Numbers and seals go on from one publication to the next, so only one may wait."""
    waiting = find_proposal(project)
    if waiting and waiting.week_end != week_end:
        raise BadInput(
            "{waiting} waits for its checker (issue {issue}). First approve it: bulletin approve --week-ending {waiting} --by NAME; "
            "or take it back: bulletin publish --week-ending {waiting} --discard",
            waiting=waiting.week_end,
            issue=waiting.issue,
        )


def _refuse_other_draft(project: Project, week_end: date, forms: dict[str, bytes]) -> None:
    folder = project.report_folder(week_end)
    other = [
        name
        for name, content in forms.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != content
    ]
    if other:
        raise BadInput(
            "{folder}: the draft differs from the warehouse ({other}). Write it again and review it: "
            "bulletin weekly --week-ending {week_end}",
            folder=folder,
            other=other,
            week_end=week_end,
        )


def _number(week_end: date, before: list[Publication], issue: int | None, serial: int | None) -> tuple[int, int]:
    last = before[-1] if before else None
    if last is None and (issue is None or serial is None):
        raise WrongUsage("the first publication needs its numbers: --issue 24 --serial 399")
    if issue is None and last:
        issue = last.issue + 1 if last.week_end.year == week_end.year else 1
    if serial is None and last:
        serial = last.serial + 1
    return issue or 1, serial or 1


def _freeze_verdict(verdict: Verdict) -> dict[str, Any]:
    """In the form of publication.json, where waivers are called acceptances; that one could be given matters no more."""
    frozen: dict[str, Any] = json.loads(json.dumps(asdict(verdict), default=str))
    return {
        ("acceptances" if name == "waivers" else name): value for name, value in frozen.items() if name != "is_waivable"
    }
