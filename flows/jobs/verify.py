"""核对: prove a published week by counting it again, or proofread an edited section."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flows.checks.judge import list_departments
from flows.domain.cases import Measure, cut_off_of
from flows.domain.text import BadInput, CheckFailed, NothingToDo, Progress, Text
from flows.domain.verdicts import Place, Severity, Verdict, Waiver
from flows.engine.calendar import read_calendar
from flows.engine.protocols import Engine
from flows.figures import section
from flows.figures.inspection import inspect
from flows.jobs.proof import (
    CASES,
    CLASSIFICATION,
    Roots,
    add_roots,
    describe_classification,
    find_changed,
    list_cases,
    list_proof,
    write_cases,
)
from flows.report.forms import UNSIGNED, render, render_checks
from flows.report.proofreader import Fault, Reading, proofread, read_window
from flows.root.deliveries import find_files
from flows.root.duplicates import find_other
from flows.root.keys import read_trusted
from flows.root.lock import hold_lock
from flows.root.project import Project
from flows.root.publications import (
    FILE,
    Publication,
    digest_program,
    read_publication,
    say_restore,
    seal,
)
from flows.root.receipts import Receipt, find_calendar, read_receipts, select_known
from flows.root.signatures import FILE as SIGNATURES
from flows.root.signatures import PROOF, STATEMENT, Signature, read_signatures, refuse_forged
from flows.root.signers import Role, read_record
from flows.root.timestamps import ANSWER, REQUEST, prove_answer
from flows.warehouse.copies import fold_aside
from flows.warehouse.reading import is_readable, list_publications, open_read_only, read_recorded
from flows.warehouse.swap import finish_publishing

_WRITTEN = (STATEMENT, SIGNATURES)  # by rules that stay; the way to prove them may change with the program
_PARAGRAPH = "statistics.txt"  # the same under any program, as are the figures; other forms may change


@dataclass(frozen=True)
class Proof:
    """The result of a replay: forms equal byte for byte, and forms that a newer program writes differently.

    `signatures` are none of an unsigned publication; `timestamped_at` is in UTC, None without a time-stamp.
    """

    publication: Publication
    same: tuple[str, ...]
    other_form: tuple[str, ...]
    signatures: tuple[Signature, ...] = ()
    timestamped_at: datetime | None = None


def verify(project: Project, week_end: date, progress: Progress, *, is_unsigned_allowed: bool = False) -> Proof:
    """Prove a published week: who signed it, that nothing was changed, and that its frozen files give the same section again.

    Raises:
        NothingToDo: the week is not published.
        BadInput: a file it was counted from is missing.
        CheckFailed: something was changed, a signature is missing or forged, or the result differs.
    """
    publication = find_publication(project, week_end)
    if is_readable(project) and publication.week_ending not in read_recorded(project):
        with hold_lock(project, f"bulletin verify --week-ending {week_end}"):
            finish_publishing(project, progress)
    _refuse_changed(project, publication, week_end)
    signatures = refuse_forged(project, publication, project.published_folder(week_end), list(Role))
    if not signatures and not is_unsigned_allowed and (read_trusted() or read_record(project)):
        raise CheckFailed(
            "{week_end} carries no signature, though in this office keys sign. If it was published by names alone: "
            "bulletin verify --week-ending {week_end} --unsigned",
            week_end=week_end,
        )
    timestamped_at = prove_answer(project.published_folder(week_end))
    # After the proof of the week itself: it is the duplicate that is not proved.
    if other := find_other(project, week_end):
        raise _changed(publication, list(map(str, other)), is_restorable=True)
    recount = count_again(project, publication, progress)
    digests = {name: digest_of(content) for name, content in recount.forms.items()}
    other_form = tuple(name for name, digest in publication.forms.items() if digests.get(name) != digest)
    is_same_program = publication.program_digest == digest_program()
    if (
        recount.figures != publication.figures
        or recount.cases != publication.cases
        or _PARAGRAPH in other_form
        or (other_form and is_same_program)
    ):
        names = "、".join(other_form) or str(recount.figures)
        raise CheckFailed(
            "{week_end}: recounted, the section differs from what was published: {names}",
            week_end=week_end,
            names=names,
        )
    same = tuple(name for name in publication.forms if name not in other_form)
    return Proof(publication, same, other_form, tuple(signatures), timestamped_at)


@dataclass(frozen=True)
class Recount:
    """What the frozen files of a publication give: as it says it, or None where it says nothing of it."""

    figures: dict[str, dict[str, int]]
    forms: dict[str, bytes]
    cases: Roots | None
    classification: bytes


def count_again(project: Project, publication: Publication, progress: Progress, proof: Path | None = None) -> Recount:
    """Count the frozen files of a publication; its lists of cases are written again below `proof`, if that is given."""
    with replay(project, publication, progress) as engine:
        week = read_calendar(engine).week_ending(publication.week_end)
        verdicts = tuple(_thaw_verdict(frozen) for frozen in publication.checks)
        figures = section.compute(engine, project.profile, week, ())
        figures = replace(figures, verdicts=verdicts, source=publication.source, definitions=publication.definitions)
        inspection = inspect(engine, project.profile, week, verdicts, list_departments(engine), is_swapped_in=True)
        lists = list_cases(engine, week.year_to_date)
        cases = None
        if publication.cases is not None:
            cases = write_cases(project, proof, lists) if proof else add_roots(lists)
        classification = describe_classification(engine, project.profile)
    counted = {g.group: asdict(g.year_to_date) for g in figures.groups}
    mark = UNSIGNED if publication.is_unsigned else ""
    forms = {**render(figures, mark=mark), **render_checks(inspection)}
    return Recount(counted, forms, cases, classification)


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def is_whole(path: Path, digest: str) -> bool:
    return path.is_file() and digest_of(path.read_bytes()) == digest


@contextmanager
def replay(project: Project, publication: Publication, progress: Progress) -> Iterator[Engine]:
    """A temporary warehouse of the frozen files, with the classification, calendar and notes of the day of publication."""
    receipts = _read_receipts_of(project, publication)
    frozen = {file.sha256: file for file in publication.files}
    present = {file.sha256: file for file in find_files(project, receipts=[]) if file.sha256 in frozen}
    for digest, file in frozen.items():
        if digest not in present:
            raise BadInput(
                "data/raw/{file}: this file, used by the publication of {week_end}, has changed or "
                "disappeared. Restore it from a backup.",
                file=file.file,
                week_end=publication.week_ending,
            )
    files = [
        replace(
            present[digest],
            name=file.file,
            cut_off=cut_off_of(file.delivery_id),
            received_on=date.fromisoformat(file.received_on),
            corrects=file.corrects,
        )
        for digest, file in frozen.items()
    ]
    names = {digest: file.delivery_id for digest, file in frozen.items()}
    ordered = sorted(files, key=lambda file: (file.cut_off, file.name))
    with fold_aside(
        project, ordered, receipts, find_calendar(project, receipts, publication.at.date()), progress, names
    ) as engine:
        for table, rows in publication.tables.items():
            engine.put(table, rows)
        yield engine


def _read_receipts_of(project: Project, publication: Publication) -> list[Receipt]:
    """What stood in receipts.jsonl when a week was published; an earlier publication knows the time alone."""
    if publication.receipts is None:
        return select_known(read_receipts(project), publication.at)
    return read_receipts(project, int(publication.receipts.split()[0]))


def find_publication(project: Project, week_end: date) -> Publication:
    if publication := read_publication(project, week_end):
        return publication
    known = ", ".join(publication.week_ending for publication in list_publications(project)) or "–"
    raise NothingToDo("{week_end} is not published. Published weeks: {known}", week_end=week_end, known=known)


def _refuse_changed(project: Project, publication: Publication, week_end: date) -> None:
    """Compare the publication, its forms and the warehouse with each other."""
    folder = project.published_folder(week_end)
    changed = [str(folder / name) for name, digest in publication.forms.items() if not is_whole(folder / name, digest)]
    if seal(publication) != publication.sha256 or publication.week_end != week_end:
        changed.append(str(folder / FILE))
    if publication.cases is not None:
        changed += _find_changed_proof(project, publication, folder)
    signatures = PROOF + "/" + SIGNATURES  # which nothing but its duplicate gives again
    lost = () if (project.duplicate_folder(week_end) / signatures).is_file() else (str(folder / signatures),)
    is_restorable = not set(changed) <= set(lost)
    published = list_publications(project)
    place = published.index(publication)
    if publication.previous != (published[place - 1].sha256 if place else ""):
        changed.append(f"{folder / FILE} (previous)")
    changed += _find_foreign(project, publication, folder) if publication.cases is not None else []
    changed += _find_changed_rows(project, publication)
    if changed:
        raise _changed(publication, changed, is_restorable=is_restorable)


def _changed(publication: Publication, changed: list[str], *, is_restorable: bool) -> CheckFailed:
    return CheckFailed(
        "{week_end} was changed after it was published: {changed}. {way}",
        week_end=publication.week_ending,
        changed=changed,
        way=Text("To write it again as it was signed: {command}", command=say_restore(publication.week_ending))
        if is_restorable
        else Text("Restore it from a backup."),
    )


def _find_changed_proof(project: Project, publication: Publication, folder: Path) -> list[str]:
    """What of proof/ is not what the publication says, or gone."""
    proof = folder / PROOF
    try:
        signatures = read_signatures(folder)
    except BadInput:  # no file of signatures: then it is another one than is expected
        signatures = []
    expected = list_proof(project, publication, signatures)
    changed = [
        str(proof / name)
        for name, content in expected.items()
        if not (proof / name).is_file() or (name in _WRITTEN and (proof / name).read_bytes() != content)
    ]
    if not is_whole(proof / CLASSIFICATION, publication.classification or ""):
        changed.append(str(proof / CLASSIFICATION))
    return changed + find_changed(folder, publication)


def _find_foreign(project: Project, publication: Publication, folder: Path) -> list[str]:
    """Files that nobody published, and receipts that are not those it was published with."""
    expected = {*list_proof(project, publication, []), REQUEST, ANSWER, CASES, CLASSIFICATION}
    places = [*folder.iterdir(), *((folder / PROOF).iterdir() if (folder / PROOF).is_dir() else ())]
    known = {folder / name for name in (*publication.forms, FILE, PROOF)} | {folder / PROOF / name for name in expected}
    foreign = [str(path) for path in places if path not in known]
    size, _, digest = (publication.receipts or "").partition(" ")
    return foreign + (
        [] if digest_of(project.receipts.read_bytes()[: int(size)]) == digest else [str(project.receipts)]
    )


def _find_changed_rows(project: Project, publication: Publication) -> list[str]:
    with open_read_only(project) as engine:
        rows = [row for row in engine.read("published_figures").dicts() if row["week_ending"] == publication.week_end]
    stored = {
        row["group_key"]: {measure.value: row[measure] for measure in Measure}
        for row in rows
        if row["sha256"] == publication.sha256
    }
    return [] if stored == publication.figures else ["published_figures"]


def _thaw_verdict(frozen: dict[str, Any]) -> Verdict:
    places = tuple(Place(**{**p, "cut_off": date.fromisoformat(p["cut_off"])}) for p in frozen["places"])
    waivers = tuple(
        Waiver(**{**a, "cut_off": date.fromisoformat(a["cut_off"]), "on": date.fromisoformat(a["on"])})
        for a in frozen["acceptances"]
    )
    plain = {name: value for name, value in frozen.items() if name != "acceptances"}
    return Verdict(**{**plain, "severity": Severity(frozen["severity"]), "places": places, "waivers": waivers})


_FORMS = (".docx", ".txt", ".md")


def proofread_file(project: Project, path: Path, week_end: date | None) -> Reading:
    """Compare the numbers of a text with the week that it names, or with `week_end`.

    Raises:
        BadInput: the file is missing, of another form, or cannot be opened.
    """
    text = _read_text(path)
    named = read_window(text)
    end = week_end or (named.end if named else None)
    with open_read_only(project) as engine:
        known = engine.read("figures/known_through", as_of=date.max).dicts()[0]["cut_off"]
        if end is None or end > known or not _is_bulletin_week(project, end):
            written = f"{named.start}—{named.end}" if named else ""
            newest = project.calendar.last_complete_week(known + timedelta(days=1)).end
            return Reading((Fault("统计区间", written, f"一个通报周的年初至周末，如至 {newest}"),), 1, ())
        return proofread(text, section.compute(engine, project.profile, project.calendar.week_ending(end), ()))


def _is_bulletin_week(project: Project, end: date) -> bool:
    """Whether a bulletin week ends on that day, by the calendar or because it has a report."""
    return end == project.calendar.find_week_end(end) or project.report_folder(end).is_dir()


def _read_text(path: Path) -> str:
    if path.suffix.lower() not in _FORMS or not path.is_file():
        raise BadInput("{path}: no such file, or not one of {forms}.", path=path, forms=_FORMS)
    if path.suffix.lower() != ".docx":
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise BadInput(
            "{path}: this Word file cannot be opened ({error}). Save it again as .docx.", path=path, error=error
        ) from None
    return "\n".join(paragraph.text for paragraph in document.paragraphs)
