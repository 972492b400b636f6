"""What is published: the forms, figures, sources and definitions of a week, frozen as the warehouse has them."""

import hashlib
import json
import shutil
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flows.domain.runs import Run
from flows.domain.text import BadInput, CommandLine, Progress, Text, WrongUsage
from flows.domain.verdicts import NO_WAIVERS, Verdict
from flows.jobs.proof import CLASSIFICATION, describe_classification, list_cases, list_proof, write_cases
from flows.jobs.steps import hand_over, read_figures
from flows.report.forms import UNSIGNED, render, render_checks
from flows.root.deliveries import has_samples
from flows.root.duplicates import keep_duplicate
from flows.root.files import put_folder, write_files
from flows.root.project import Project
from flows.root.publications import (
    FILE,
    FrozenFile,
    Publication,
    digest_program,
    name_program,
    read_publications,
    write_publication,
)
from flows.root.reports import seal_forms
from flows.root.signatures import PROOF, Signature
from flows.root.signers import read_record
from flows.warehouse.reading import open_read_only, read_loaded
from flows.warehouse.swap import note_publications

_FROZEN_TABLES = ("tolerances", "expected_departments", "no_business")  # the page of the checks depends on them


def freeze(
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
    week = project.calendar.week_ending(week_end)
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
        known = before[-1] if before else None
        cases = write_cases(project, draft / PROOF, list_cases(engine, week.year_to_date), known)
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
        wording=asdict(figures.wording),
        asked=asdict(project.profile.asked) if project.profile.asked.tables else None,
    )  # fmt: skip


def announce(project: Project, publication: Publication, run: Run, progress: Progress) -> None:
    progress.step(Text("adding it to the warehouse"))
    try:
        note_publications(project, progress)
    except Exception:  # what was not published in full was not published; of a killed run, the next one notes it
        project.published_folder(publication.week_end).rename(_draft_folder(project, publication.week_end))
        raise
    keep_duplicate(project, publication.week_end)
    seal_forms(project)
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


def put(project: Project, publication: Publication, signatures: list[Signature], folder: Path) -> None:
    """Complete what `freeze` wrote aside with record and proof, make it read-only, rename: whole or not at all."""
    draft = _draft_folder(project, publication.week_end)
    write_files(draft / PROOF, list_proof(project, publication, signatures))
    write_files(draft, {FILE: write_publication(publication)})
    for path in draft.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    put_folder(draft, folder, is_replacing=folder == project.proposed_folder(publication.week_end))


def _draft_folder(project: Project, week_end: date) -> Path:
    return project.report_folder(week_end) / ".published.part"


def refuse_unpublishable(project: Project, week_end: date) -> None:
    """Raise BadInput for a week that is published already, and for invented data."""
    if has_samples(project):
        raise BadInput(
            "{root} holds invented sample data, which are never published. Make a root for real ones: {command}",
            root=project.root,
            command=CommandLine("init --root {folder}", folder=project.neighbour),
        )
    folder = project.published_folder(week_end)
    if folder.exists():
        raise BadInput(
            "{week_end} is published ({folder}) and never overwritten. If figures have changed: {command}",
            week_end=week_end,
            folder=folder,
            command=CommandLine("revisions --week-ending {week_end}", week_end=week_end),
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
            "{folder}: the draft differs from the warehouse ({other}). Write it again and review it: {command}",
            command=CommandLine("weekly --week-ending {week_end}", week_end=week_end),
            folder=folder,
            other=other,
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
