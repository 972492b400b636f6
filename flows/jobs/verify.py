"""核对: prove a published week by counting it again, or write again what is damaged of it."""

import hashlib
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flows.domain.cases import Measure
from flows.domain.text import BadInput, CheckFailed, CommandLine, Progress, Text
from flows.jobs.proof import CASES, CLASSIFICATION, find_changed, list_proof
from flows.jobs.replay import count_again, find_publication
from flows.jobs.run import attend
from flows.root.files import sync, write_files
from flows.root.keys import read_trusted
from flows.root.lock import hold_lock
from flows.root.project import Project
from flows.root.publications import FILE, Publication, digest_program, parse_publication, say_restore, seal
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
    recount = count_again(project, publication, progress)
    digests = {name: _digest(content) for name, content in recount.forms.items()}
    other = tuple(name for name, digest in publication.forms.items() if digests.get(name) != digest)
    is_same_program = publication.program_digest == digest_program()
    if (
        recount.figures != publication.figures
        or recount.cases != publication.cases
        or _PARAGRAPH in other
        or (other and is_same_program)
    ):
        names = "、".join(other) or str(recount.figures)
        raise CheckFailed(
            "{week_end}: recounted, the section differs from what was published: {names}",
            week_end=week_end,
            names=names,
        )
    same = tuple(name for name in publication.forms if name not in other)
    timestamped_at = prove_answer(project.published_folder(week_end))
    return Proof(publication, same, other, tuple(signatures), timestamped_at)


def restore(project: Project, week_end: date, progress: Progress) -> tuple[str, ...]:
    """Write again what is damaged of a published week, byte for byte, and nothing else; returns the names of these files.

    Its publication.json is in the warehouse; its forms and its proof come from the files that it was counted from. Signatures come
    from nowhere but a backup.

    Raises:
        NothingToDo: the week is not published.
        BadInput: the warehouse does not know it, a file it was counted from is missing, or this program writes a form otherwise.
    """
    folder = project.published_folder(week_end)
    with attend(project, f"verify --week-ending {week_end} --restore", progress):
        content = _find_record(project, week_end)
        publication = parse_publication(content)
        wanted = {FILE: _digest(content.encode()), **publication.forms}
        written = {FILE: content.encode()}
        if publication.cases is not None:
            proof = list_proof(project, publication, _read_whole_signatures(folder))
            written |= {f"{PROOF}/{name}": content for name, content in proof.items()}
            wanted |= {f"{PROOF}/{name}": _digest(content) for name, content in proof.items()}
            wanted[f"{PROOF}/{CLASSIFICATION}"] = publication.classification or ""
        damaged = [name for name, digest in wanted.items() if not _is_whole(folder / name, digest)]
        lists = find_changed(folder, publication)
        if lists or not set(damaged) <= set(written):
            if lists:
                shutil.rmtree(folder / PROOF / CASES, ignore_errors=True)
            recount = count_again(project, publication, progress, folder / PROOF if lists else None)
            written |= {**recount.forms, f"{PROOF}/{CLASSIFICATION}": recount.classification}
        if other := [name for name in damaged if _digest(written.get(name, b"")) != wanted[name]]:
            raise BadInput(
                "{folder}: this program writes {names} otherwise than the one that published it. Restore them from a backup.",
                folder=folder,
                names=other,
            )
        write_files(folder, {name: written[name] for name in damaged})
        for place in [*(folder / name for name in damaged), *map(Path, lists)]:
            place.chmod(0o444)
            sync(place)
        damaged += [Path(place).relative_to(folder).as_posix() for place in lists]
    return tuple(damaged)


def _read_whole_signatures(folder: Path) -> list[Signature]:
    """Nothing but a backup can give a damaged signature again; it is left as it is, and `verify` says so."""
    try:
        return read_signatures(folder)
    except BadInput:
        return []


def _find_record(project: Project, week_end: date) -> str:
    """publication.json of a week, whose seal is whole: as the warehouse knows it, else as it lies on the disk."""
    path = project.published_folder(week_end) / FILE
    found = [read_recorded(project).get(str(week_end), "")] if project.warehouse.exists() else []
    found += [path.read_text(encoding="utf-8", errors="replace")] if path.is_file() else []
    for content in found:
        with suppress(ValueError, TypeError, KeyError):
            publication = parse_publication(content)
            if seal(publication) == publication.sha256 and publication.week_end == week_end:
                return content
    if not path.parent.is_dir():
        find_publication(project, week_end)
    raise BadInput("{path} is damaged, and the warehouse does not know it. Restore it from a backup.", path=path)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _is_whole(path: Path, digest: str) -> bool:
    return path.is_file() and _digest(path.read_bytes()) == digest


def _refuse_changed(project: Project, publication: Publication, week_end: date) -> None:
    """Compare the publication, its forms and the warehouse with each other."""
    folder = project.published_folder(week_end)
    changed = [str(folder / name) for name, digest in publication.forms.items() if not _is_whole(folder / name, digest)]
    is_restorable = bool(changed)
    if seal(publication) != publication.sha256 or publication.week_end != week_end:
        changed.append(str(folder / FILE))
        is_restorable = True
    published = list_publications(project)
    place = published.index(publication)
    if publication.previous != (published[place - 1].sha256 if place else ""):
        changed.append(f"{folder / FILE} (previous)")
    if publication.cases is not None:
        changed += _find_changed_proof(project, publication, folder)
    changed += _find_changed_rows(project, publication)
    if changed:
        raise CheckFailed(
            "{week_end} was changed after it was published: {changed}. {way}",
            week_end=week_end,
            changed=changed,
            way=Text("To write it again as it was signed: {command}", command=say_restore(str(week_end)))
            if is_restorable
            else Text("Restore it from a backup."),
        )


def _find_changed_proof(project: Project, publication: Publication, folder: Path) -> list[str]:
    """What of proof/ or of the receipts is not what the publication says, and files that nobody published."""
    expected = list_proof(project, publication, read_signatures(folder))
    present = {path.name for path in (folder / PROOF).iterdir()} if (folder / PROOF).is_dir() else set()
    changed = [
        str(folder / PROOF / name)
        for name, content in expected.items()
        if name in _WRITTEN and (name not in present or (folder / PROOF / name).read_bytes() != content)
    ]
    changed += [
        str(folder / PROOF / name) for name in (present - {REQUEST, ANSWER}) ^ {*expected, CASES, CLASSIFICATION}
    ]
    changed += [str(path) for path in folder.iterdir() if path.name not in {*publication.forms, FILE, PROOF}]
    classification = folder / PROOF / CLASSIFICATION
    if classification.is_file() and _digest(classification.read_bytes()) != publication.classification:
        changed.append(str(classification))
    size, _, digest = (publication.receipts or "").partition(" ")
    if _digest(project.receipts.read_bytes()[: int(size)]) != digest:
        changed.append(str(project.receipts))
    return changed + find_changed(folder, publication)


def _find_changed_rows(project: Project, publication: Publication) -> list[str]:
    with open_read_only(project) as engine:
        rows = [row for row in engine.read("published_figures").dicts() if row["week_ending"] == publication.week_end]
    stored = {
        row["group_key"]: {measure.value: row[measure] for measure in Measure}
        for row in rows
        if row["sha256"] == publication.sha256
    }
    return [] if stored == publication.figures else ["published_figures"]
