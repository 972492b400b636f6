"""Draft → published → revised: signing a week, proving later what was signed, and telling readers what has changed since."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from flows import explanation, pipeline, section, statistics, warehouse
from flows.bulletin import render, render_checks, render_notice
from flows.deliveries import find_files
from flows.engine import Engine
from flows.files import put_folder, write_files
from flows.gates import NOTHING_ACCEPTED
from flows.inspection import inspect
from flows.project import Project, now
from flows.receipts import read_receipts
from flows.record import (
    FILE,
    FrozenFile,
    Publication,
    digest_program,
    name_program,
    read_publication,
    read_publications,
    seal,
    write_publication,
)
from flows.runs import attend, rewrite_home
from flows.vocabulary import (
    Acceptance,
    BadInput,
    Check,
    CheckFailed,
    Group,
    NothingToDo,
    Place,
    Progress,
    RevisedFigure,
    Revision,
    Severity,
    Text,
    WrongUsage,
)
from flows.workdays import week_ending

_FROZEN_TABLES = ("tolerances", "expected_departments", "no_business")  # what the page of the checks depends on
_IN_FORM_ONLY = "statistics.txt"  # under another program this and the figures have to be the same


@dataclass(frozen=True)
class Proof:
    """What a replay found: the forms that came out byte for byte, and those that differ under a newer program."""

    publication: Publication
    same: tuple[str, ...]
    other_form: tuple[str, ...]


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
    """Freeze the draft of one week, as the warehouse says it now; its files become read-only.

    Issue and serial go on from the last publication; the issue begins anew each year.

    Raises:
        WrongUsage: author and checker are the same, or no number can go on from anything.
        BadInput: the week is published already, has no draft, or one that is not what the warehouse says.
        CheckFailed: the gates do not let it through.
    """
    if not by.strip() or by.strip() == checked_by.strip():
        raise WrongUsage(
            zh="编发人和审核人须是两个人（--by、--checked-by）。",
            en="author and checker must be two people (--by, --checked-by).",
        )
    with attend(project, f"publish --week-ending {week_end}", progress, wait_seconds=wait_seconds) as entry:
        _refuse_published(project, week_end)
        before = read_publications(project)
        issue, serial = _number(week_end, before, issue, serial)
        week = week_ending(week_end)
        figures, inspection = pipeline.read_figures(project, week, NOTHING_ACCEPTED)
        forms = {**render(figures), **render_checks(inspection)}
        _refuse_other_draft(project, week_end, forms)
        files, tables = _freeze_sources(project)
        draft = Publication(
            week_ending=week_end.isoformat(), issue=issue, serial=serial, by=by.strip(), checked_by=checked_by.strip(),
            published_at=now().isoformat(timespec="microseconds"), program=name_program(), program_digest=digest_program(),
            profile=project.profile.name, source=figures.source, definitions=dict(figures.definitions),
            figures={g.group.value: asdict(g.year_to_date) for g in figures.groups},
            files=files, tables=tables, checks=[_freeze_check(check) for check in figures.checks],
            forms={name: hashlib.sha256(content).hexdigest() for name, content in forms.items()},
            previous=before[-1].sha256 if before else "",
        )  # fmt: skip
        publication = replace(draft, sha256=seal(draft))
        _write_published(project, publication, forms)
        progress.step(Text(zh="记入数据仓库", en="noting it in the warehouse"))
        warehouse.note_publications(project, progress)
        pipeline.hand_over(project)
        entry.week_endings, entry.hashes["publication"] = [str(week_end)], publication.sha256
    return publication


def verify(project: Project, week_end: date, progress: Progress) -> Proof:
    """Prove a published week: nothing was changed, and its frozen files give the same section again.

    Raises:
        NothingToDo: the week is not published.
        BadInput: a file it was counted from is gone.
        CheckFailed: something was changed, or the section comes out otherwise.
    """
    publication = _find(project, week_end)
    _refuse_changed(project, publication, week_end)
    with _replay(project, publication, progress) as engine:
        week = week_ending(week_end)
        checks = tuple(_thaw_check(check) for check in publication.checks)
        figures = section.compute(engine, project.profile, week, ())
        figures = replace(figures, checks=checks, source=publication.source, definitions=publication.definitions)
        inspection = inspect(engine, project.profile, week, checks, is_swapped_in=True)
    counted = {g.group.value: asdict(g.year_to_date) for g in figures.groups}
    forms = {**render(figures), **render_checks(inspection)}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in forms.items()}
    other = tuple(name for name, digest in publication.forms.items() if digests.get(name) != digest)
    is_same_program = publication.program_digest == digest_program()
    if counted != publication.figures or _IN_FORM_ONLY in other or (other and is_same_program):
        names = "、".join(other) or str(counted)
        raise CheckFailed(
            zh=f"{week_end} 重算的结果与已刊发的不一致：{names}",
            en=f"{week_end}: counted again, the section differs from what was published: {names}",
        )
    return Proof(publication, tuple(name for name in publication.forms if name not in other), other)


def revise(project: Project, week_end: date | None, progress: Progress) -> list[Revision]:
    """Published against today, per group and measure, as parts that add up to the difference; of one week or of all.

    Where something differs, 更正说明 is written into reports/<week>/revision/.

    Raises:
        NothingToDo: nothing is published, or not that week.
    """
    if not project.warehouse.exists() or not (published := read_publications(project)):
        raise NothingToDo(zh="还没有已刊发的一期。", en="Nothing has been published yet.")
    chosen = [_find(project, week_end)] if week_end else published
    revisions = [_compare(project, publication, progress) for publication in chosen]
    for revision in revisions:
        if revision.is_needed:
            write_files(project.report_folder(revision.week.end) / "revision", render_notice(revision))
    rewrite_home(project)
    return revisions


def _compare(project: Project, publication: Publication, progress: Progress) -> Revision:
    week = week_ending(publication.week_end)
    window = week.year_to_date
    with warehouse.open_read_only(project) as engine:
        today = statistics.count_in_window(engine, window)
        labels = project.profile.group_labels
        with _replay(project, publication, progress) as earlier:
            causes = explanation.list_differences(engine, earlier, window)
    figures = tuple(
        RevisedFigure(
            group, labels[group], measure, publication.figures[group.value][measure],
            getattr(today[group.value], measure), tuple(causes.get((group.value, measure), ())),
        )
        for group in Group
        for measure in explanation.MEASURES
    )  # fmt: skip
    for figure in figures:
        if sum(cases for _, cases in figure.causes) != figure.today - figure.published:
            raise RuntimeError(f"{figure} does not add up")
    return Revision(week, publication.issue, publication.serial, project.profile.scope_label, figures, now().date())


@contextmanager
def _replay(project: Project, publication: Publication, progress: Progress) -> Iterator[Engine]:
    """A warehouse of the frozen files, under the rules and notes of the day they were signed."""
    receipts = [receipt for receipt in read_receipts(project) if receipt.at <= publication.at]
    loaded, _ = warehouse.read_loaded(project)
    frozen = {file.sha256: file for file in publication.files}
    present = {file.sha256: file for file in find_files(project, loaded, receipts=[]) if file.sha256 in frozen}
    for digest, file in frozen.items():
        if digest not in present:
            raise BadInput(
                zh=f"data/raw/{file.file}：{publication.week_ending} 刊发时所用的文件被改动或不见了。请从备份恢复。",
                en=f"data/raw/{file.file}: a file that {publication.week_ending} was published from has changed or disappeared. "
                "Restore it from a backup.",
            )
    files = [
        replace(
            present[digest],
            name=file.file,
            cut_off=date.fromisoformat(file.delivery_id[:10]),
            received_on=date.fromisoformat(file.received_on),
            corrects=file.corrects,
        )
        for digest, file in frozen.items()
    ]
    names = {digest: file.delivery_id for digest, file in frozen.items()}
    ordered = sorted(files, key=lambda file: (file.cut_off, file.name))
    with warehouse.fold_aside(project, ordered, receipts, progress, names) as engine:
        for table, rows in publication.tables.items():
            engine.execute(f"delete from {table}")
            engine.insert_rows(table, rows)
        yield engine


def _freeze_sources(project: Project) -> tuple[list[FrozenFile], dict[str, list[list[Any]]]]:
    loaded, _ = warehouse.read_loaded(project)
    files = sorted(loaded, key=lambda file: (file.cut_off, file.name))
    with warehouse.open_read_only(project) as engine:
        tables = {name: [list(row.values()) for row in engine.table(name)] for name in _FROZEN_TABLES}
    plain = json.loads(json.dumps(tables, default=str))
    return [
        FrozenFile(f.delivery_id, f.name, f.sha256, f.received_on.isoformat(), f.corrects) for f in files
    ], plain  # fmt: skip


def _write_published(project: Project, publication: Publication, forms: dict[str, bytes]) -> None:
    """Whole or not at all: written under another name, made read-only, renamed."""
    folder = project.published_folder(publication.week_end)
    draft = folder.with_name(".published.part")
    shutil.rmtree(draft, ignore_errors=True)
    write_files(draft, {**forms, FILE: write_publication(publication)})
    for path in draft.iterdir():
        path.chmod(0o444)
    put_folder(draft, folder)


def _refuse_published(project: Project, week_end: date) -> None:
    folder = project.published_folder(week_end)
    if folder.exists():
        raise BadInput(
            zh=f"{week_end} 已刊发（{folder}），不会被改写。数字有变化时，请出更正说明：bulletin revisions",
            en=f"{week_end} is published ({folder}) and is never written over. Where figures have changed: bulletin revisions",
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
            zh=f"{folder}：草稿与数据仓库现在的内容不一致（{'、'.join(other)}）。请重出并再看一遍：bulletin weekly --week-ending {week_end}",
            en=f"{folder}: the draft is not what the warehouse says now ({', '.join(other)}). Write it again and look at it: "
            f"bulletin weekly --week-ending {week_end}",
        )


def _number(week_end: date, before: list[Publication], issue: int | None, serial: int | None) -> tuple[int, int]:
    last = before[-1] if before else None
    if last is None and (issue is None or serial is None):
        raise WrongUsage(
            zh="第一次刊发须给出期号：--issue 24 --serial 399",
            en="the first publication needs its numbers: --issue 24 --serial 399",
        )
    if issue is None and last:
        issue = last.issue + 1 if last.week_end.year == week_end.year else 1
    if serial is None and last:
        serial = last.serial + 1
    return issue or 1, serial or 1


def _find(project: Project, week_end: date) -> Publication:
    if publication := read_publication(project, week_end):
        return publication
    known = ", ".join(publication.week_ending for publication in read_publications(project)) or "–"
    raise NothingToDo(
        zh=f"{week_end} 没有刊发过；已刊发的有：{known}", en=f"{week_end} is not published; published are: {known}"
    )


def _refuse_changed(project: Project, publication: Publication, week_end: date) -> None:
    """Compare record, files and warehouse with each other."""
    folder = project.published_folder(week_end)
    changed = [
        str(folder / name)
        for name, digest in publication.forms.items()
        if not (folder / name).is_file() or hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest
    ]
    if seal(publication) != publication.sha256 or publication.week_end != week_end:
        changed.append(str(folder / FILE))
    published = read_publications(project)
    place = published.index(publication)
    if publication.previous != (published[place - 1].sha256 if place else ""):
        changed.append(f"{folder / FILE} (previous)")
    changed += _find_changed_rows(project, publication)
    if changed:
        raise CheckFailed(
            zh=f"{week_end} 刊发后被改动：{'、'.join(changed)}。请从备份恢复。",
            en=f"{week_end} was changed after it was published: {', '.join(changed)}. Restore it from a backup.",
        )


def _find_changed_rows(project: Project, publication: Publication) -> list[str]:
    with warehouse.open_read_only(project) as engine:
        rows = [row for row in engine.table("published_figures") if row["week_ending"] == publication.week_end]
    told = {
        row["group_key"]: {name: row[name] for name in ("accepted", "completed", "carried_over")}
        for row in rows
        if row["sha256"] == publication.sha256
    }
    return [] if told == publication.figures else ["published_figures"]


def _freeze_check(check: Check) -> dict[str, Any]:
    frozen: dict[str, Any] = json.loads(json.dumps(asdict(check), default=str))
    return frozen


def _thaw_check(frozen: dict[str, Any]) -> Check:
    places = tuple(Place(**{**p, "cut_off": date.fromisoformat(p["cut_off"])}) for p in frozen["places"])
    decisions = tuple(
        Acceptance(**{**a, "cut_off": date.fromisoformat(a["cut_off"]), "on": date.fromisoformat(a["on"])})
        for a in frozen["acceptances"]
    )
    severity = Severity(frozen["severity"])
    return Check(**{**frozen, "severity": severity, "places": places, "acceptances": decisions})
