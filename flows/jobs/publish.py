"""刊发: freeze the draft of a week with its figures, files and definitions."""

import hashlib
import json
import shutil
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from flows.domain.calendar import now
from flows.domain.text import BadInput, Progress, Text, WrongUsage
from flows.domain.verdicts import NO_WAIVERS, Verdict
from flows.jobs.run import attend
from flows.jobs.steps import hand_over, read_figures
from flows.report.forms import render, render_checks
from flows.root.files import put_folder, write_files
from flows.root.project import Project
from flows.root.publications import (
    FILE,
    FrozenFile,
    Publication,
    digest_program,
    name_program,
    read_publications,
    seal,
    write_publication,
)
from flows.warehouse.reading import open_read_only, read_loaded
from flows.warehouse.swap import note_publications

_FROZEN_TABLES = ("tolerances", "expected_departments", "no_business")  # the page of the checks depends on them


def publish(
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
    """Freeze the draft of one week; its files become read-only.

    Issue and serial default to the next numbers; the issue restarts at 1 each year.

    Raises:
        WrongUsage: author and checker are the same, or the first publication has no numbers.
        BadInput: the week is published already, has no draft, or its draft differs from the warehouse.
        CheckFailed: a critical rule is broken.
    """
    if not by.strip() or by.strip() == checked_by.strip():
        raise WrongUsage("author and checker must be two people (--by, --checked-by).")
    with attend(project, f"publish --week-ending {week_end}", progress, wait_seconds=wait_seconds) as run:
        _refuse_published(project, week_end)
        before = read_publications(project)
        issue, serial = _number(week_end, before, issue, serial)
        week = project.calendar.week_ending(week_end)
        figures, inspection = read_figures(project, week, NO_WAIVERS)
        forms = {**render(figures), **render_checks(inspection)}
        _refuse_other_draft(project, week_end, forms)
        files, tables = _freeze_sources(project)
        draft = Publication(
            week_ending=week_end.isoformat(), issue=issue, serial=serial, by=by.strip(), checked_by=checked_by.strip(),
            published_at=now().isoformat(timespec="microseconds"), program=name_program(), program_digest=digest_program(),
            profile=project.profile.name, source=figures.source, definitions=dict(figures.definitions),
            figures={g.group: asdict(g.year_to_date) for g in figures.groups},
            files=files, tables=tables, checks=[_freeze_verdict(verdict) for verdict in figures.verdicts],
            forms={name: hashlib.sha256(content).hexdigest() for name, content in forms.items()},
            previous=before[-1].sha256 if before else "",
        )  # fmt: skip
        publication = replace(draft, sha256=seal(draft))
        _write_published(project, publication, forms)
        progress.step(Text("adding it to the warehouse"))
        try:
            note_publications(project, progress)
        except Exception:  # what was not published in full was not published; of a killed run, the next one notes it
            project.published_folder(week_end).rename(_draft_folder(project, week_end))
            raise
        hand_over(project)
        run.week_endings, run.hashes["publication"] = [str(week_end)], publication.sha256
    return publication


def _freeze_sources(project: Project) -> tuple[list[FrozenFile], dict[str, list[list[Any]]]]:
    loaded, _ = read_loaded(project)
    files = sorted(loaded, key=lambda file: (file.cut_off, file.name))
    with open_read_only(project) as engine:
        tables = {name: [list(row.values()) for row in engine.read(name).dicts()] for name in _FROZEN_TABLES}
    plain = json.loads(json.dumps(tables, default=str))
    return [
        FrozenFile(f.delivery_id, f.name, f.sha256, f.received_on.isoformat(), f.corrects) for f in files
    ], plain  # fmt: skip


def _write_published(project: Project, publication: Publication, forms: dict[str, bytes]) -> None:
    """Write under another name, make read-only, rename: whole or not at all."""
    folder = project.published_folder(publication.week_end)
    draft = _draft_folder(project, publication.week_end)
    shutil.rmtree(draft, ignore_errors=True)
    write_files(draft, {**forms, FILE: write_publication(publication)})
    for path in draft.iterdir():
        path.chmod(0o444)
    put_folder(draft, folder)


def _draft_folder(project: Project, week_end: date) -> Path:
    return project.published_folder(week_end).with_name(".published.part")


def _refuse_published(project: Project, week_end: date) -> None:
    folder = project.published_folder(week_end)
    if folder.exists():
        raise BadInput(
            "{week_end} is published ({folder}) and never overwritten. If figures have changed: bulletin revisions",
            week_end=week_end,
            folder=folder,
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
