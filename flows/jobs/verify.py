"""核对: prove a published week by counting it again."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flows.domain.cases import Measure
from flows.domain.text import BadInput, CheckFailed, CommandLine, Progress, Text
from flows.jobs.proof import CASES, CLASSIFICATION, find_changed, list_proof
from flows.jobs.replay import count_again, find_publication
from flows.root.duplicates import find_other
from flows.root.keys import read_trusted
from flows.root.lock import hold_lock
from flows.root.project import Project
from flows.root.publications import FILE, Publication, digest_program, say_restore, seal
from flows.root.signatures import FILE as SIGNATURES
from flows.root.signatures import PROOF, STATEMENT, Signature, read_signatures, refuse_forged
from flows.root.signers import Role, read_record
from flows.root.timestamps import ANSWER, REQUEST, prove_answer
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
            "{command}",
            week_end=week_end,
            command=CommandLine("verify --week-ending {week_end} --unsigned", week_end=week_end),
        )
    timestamped_at = prove_answer(project.published_folder(week_end))
    # After the proof of the week itself: it is the duplicate that is not proved.
    if other := find_other(project, week_end):
        raise _changed(week_end, list(map(str, other)), is_restorable=True)
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


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def is_whole(path: Path, digest: str) -> bool:
    return path.is_file() and digest_of(path.read_bytes()) == digest


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
        raise _changed(week_end, changed, is_restorable=is_restorable)


def _changed(week_end: date, changed: list[str], *, is_restorable: bool) -> CheckFailed:
    return CheckFailed(
        "{week_end} was changed after it was published: {changed}. {way}",
        week_end=week_end,
        changed=changed,
        way=Text("To write it again as it was signed: {command}", command=say_restore(str(week_end)))
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
