"""verify --restore: write again what is damaged of a published week."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.domain.text import BadInput, Progress, UserError
from flows.jobs.proof import CASES, CLASSIFICATION, find_changed, list_proof
from flows.jobs.replay import count_again, find_publication
from flows.jobs.run import attend
from flows.jobs.verify import digest_of, is_whole
from flows.root.duplicates import NAMES, keep_duplicate
from flows.root.files import sync, write_files
from flows.root.project import Project
from flows.root.publications import FILE, Publication, parse_publication, read_sealed
from flows.root.signatures import FILE as SIGNATURES
from flows.root.signatures import PROOF, refuse_forged
from flows.root.signers import RECORD, Role, cut_record
from flows.root.timestamps import ANSWER, REQUEST, prove_answer
from flows.warehouse.reading import read_recorded


def restore(project: Project, week_end: date, progress: Progress) -> tuple[str, ...]:
    """Write again what is damaged of a published week, byte for byte, and nothing else; returns the names of these files.

    Its forms and lists of cases come from the files that it was counted from; its publication.json, signatures and time-stamp from
    data/duplicates, which is mended, too. Signatures that are proved nowhere stay as they are, for `verify` to name.

    Raises:
        NothingToDo: the week is not published.
        BadInput: no whole publication.json is left, a file it was counted from is missing, or this program writes a form otherwise.
    """
    folder = project.published_folder(week_end)
    with attend(project, f"verify --week-ending {week_end} --restore", progress):
        whole = _find_whole(project, week_end)
        publication = whole.publication
        written = {FILE: whole.content, **whole.originals}
        wanted = {**{name: digest_of(content) for name, content in written.items()}, **publication.forms}
        if publication.cases is not None:
            wanted[f"{PROOF}/{CLASSIFICATION}"] = publication.classification or ""
        damaged = [name for name, digest in wanted.items() if not is_whole(folder / name, digest)]
        lists = find_changed(folder, publication)
        if lists or not set(damaged) <= set(written):
            if lists:
                shutil.rmtree(folder / PROOF / CASES, ignore_errors=True)
            recount = count_again(project, publication, progress, folder / PROOF if lists else None)
            written |= {**recount.forms, f"{PROOF}/{CLASSIFICATION}": recount.classification}
        if other := [name for name in damaged if digest_of(written.get(name, b"")) != wanted[name]]:
            raise BadInput(
                "{folder}: this program writes {names} otherwise than the one that published it. Restore them from a backup.",
                folder=folder,
                names=other,
            )
        write_files(folder, {name: written[name] for name in damaged})
        damaged += [Path(place).relative_to(folder).as_posix() for place in lists]
        for place in (folder / name for name in damaged):
            place.chmod(0o444)
            sync(place)
        if lists:
            sync(folder / PROOF / CASES)
            sync(folder / PROOF)
        mended = keep_duplicate(project, week_end, set(NAMES)) if whole.is_proved else []
    return (*damaged, *(path.relative_to(project.root).as_posix() for path in mended))


@dataclass(frozen=True)
class _Whole:
    """What is left whole of a publication: its record, and by name below its folder the rest that no recount gives.

    `is_proved`: its signatures are among that, or it is an unsigned one.
    """

    content: bytes
    publication: Publication
    originals: dict[str, bytes]
    is_proved: bool


def _find_whole(project: Project, week_end: date) -> _Whole:
    """The record of a week whose seal is whole, with the signatures that prove it: in its folder, its duplicate or the warehouse."""
    folder, duplicate = project.published_folder(week_end), project.duplicate_folder(week_end)
    contents = [read_sealed(place / FILE) for place in (duplicate, folder)]
    if project.warehouse.exists():
        contents.insert(1, read_recorded(project).get(str(week_end), ""))
    records = [(content, parse_publication(content)) for content in dict.fromkeys(contents) if content]
    records = [(content, record) for content, record in records if record.week_end == week_end]
    if not records:
        find_publication(project, week_end)
        raise BadInput(
            "{path} is damaged, and neither its duplicate nor the warehouse knows it. Restore it from a backup.",
            path=folder / FILE,
        )
    proved = [
        (content, record, place)
        for content, record in records
        for place in (duplicate, folder)
        if _is_signed(project, record, place)
    ]
    content, publication = proved[0][:2] if proved else records[0]
    place = proved[0][2] if proved else None
    originals = _list_originals(project, publication, place)
    return _Whole(content.encode(), publication, originals, place is not None or bool(publication.is_unsigned))


def _is_signed(project: Project, publication: Publication, place: Path) -> bool:
    try:
        return bool(refuse_forged(project, publication, place, list(Role)))
    except UserError:
        return False


def _list_originals(project: Project, publication: Publication, place: Path | None) -> dict[str, bytes]:
    """proof/ of a publication but for what is counted; `place` holds the signatures that prove it."""
    folder, duplicate = project.published_folder(publication.week_end), project.duplicate_folder(publication.week_end)
    proof = list_proof(project, publication, []) if publication.cases is not None else {}
    if place:
        proof[SIGNATURES] = (place / PROOF / SIGNATURES).read_bytes()
    elif not publication.is_unsigned:
        proof.pop(SIGNATURES, None)
    for other in (duplicate, folder):
        record = other / PROOF / RECORD
        if RECORD in proof and not proof[RECORD] and record.is_file():
            proof[RECORD] = cut_record(record.read_bytes(), publication.signers or "")
        if place and REQUEST not in proof and _is_timestamped(other, proof[SIGNATURES]):
            proof |= {name: (other / PROOF / name).read_bytes() for name in (REQUEST, ANSWER)}
    return {f"{PROOF}/{name}": content for name, content in proof.items()}


def _is_timestamped(place: Path, signatures: bytes) -> bool:
    try:
        return (place / PROOF / SIGNATURES).read_bytes() == signatures and prove_answer(place) is not None
    except (UserError, OSError):
        return False
