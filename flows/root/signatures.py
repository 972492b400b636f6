"""The two signatures under a publication: of its author 编发 and its checker 审核, in proof/signatures.json."""

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from flows.domain.text import BadInput, CheckFailed, Text
from flows.root import keys
from flows.root.project import Project
from flows.root.publications import Publication, say_restore, write_statement
from flows.root.signers import Role, Signer, parse_signers, read_record

PROOF, FILE, STATEMENT = "proof", "signatures.json", "statement.txt"


@dataclass(frozen=True)
class Signature:
    """Who signed as what, with which public key, and when; `signature` in base64."""

    role: str
    name: str
    key: str
    at: str
    signature: str = ""

    def covers(self, statement: str) -> bytes:
        """The signed bytes: the statement, then who signs it."""
        return f"{statement}signed as {self.role} by {self.name} at {self.at}\n".encode()


def sign(publication: Publication, signer: Signer, at: datetime, ask: keys.AskPassphrase) -> Signature:
    """Raises BadInput if the key of the signer is not here, or does not open."""
    given = Signature(signer.role, signer.name, signer.key, at.isoformat(timespec="microseconds"))
    signed = keys.sign(signer.key, signer.name, given.covers(write_statement(publication)), ask)
    return Signature(**{**asdict(given), "signature": base64.b64encode(signed).decode()})


def write_signatures(signatures: Sequence[Signature]) -> bytes:
    return (json.dumps([asdict(each) for each in signatures], ensure_ascii=False, indent=1) + "\n").encode()


def read_signatures(folder: Path) -> list[Signature]:
    """Of a published folder; none of an unsigned or earlier publication.

    Raises:
        BadInput: they cannot be read.
    """
    path = folder / PROOF / FILE
    try:
        return [Signature(**each) for each in json.loads(path.read_text(encoding="utf-8"))] if path.is_file() else []
    except (ValueError, TypeError):
        raise BadInput("{path} is damaged. Restore it from a backup.", path=path) from None


def refuse_forged(project: Project, publication: Publication, folder: Path, roles: Sequence[Role]) -> list[Signature]:
    """Prove the signatures of a publication; returns them. An unsigned one has none, and they are none to anybody who trusts keys.

    Raises:
        CheckFailed: one is missing or forged, or its signer was not allowed to sign.
    """
    signatures = read_signatures(folder)
    if publication.is_unsigned or publication.signers is None:
        return []
    if fault := _find_fault(project, publication, signatures, roles):
        duplicate = project.duplicate_folder(publication.week_end)
        is_restorable = folder != duplicate and _is_proved(project, publication, duplicate, roles)
        raise CheckFailed(
            "{week_end}: the publication is not what was signed: {what}. {way}",
            week_end=publication.week_ending,
            what=fault,
            way=Text("To write it again as it was signed: {command}", command=say_restore(publication.week_ending))
            if is_restorable
            else Text("Restore it from a backup."),
        )
    return signatures


def _is_proved(project: Project, publication: Publication, folder: Path, roles: Sequence[Role]) -> bool:
    try:
        return _find_fault(project, publication, read_signatures(folder), roles) is None
    except BadInput:
        return False


def _find_fault(
    project: Project, publication: Publication, signatures: Sequence[Signature], roles: Sequence[Role]
) -> Text | None:
    """What is wrong with the signatures of a publication.

    Raises:
        CheckFailed: the record of signers is not to be trusted.
    """
    entries = {entry.digest: entry for entry in read_record(project)}
    signed_under = entries.get(publication.signers or "")
    allowed = parse_signers(signed_under.signers) if signed_under else []
    if not allowed:
        return Text("the record of signers (signers.jsonl) does not hold what it was signed under")
    if [each.role for each in signatures] != list(roles):
        return Text("a signature is missing")
    statement = write_statement(publication)
    faults = [fault for given in signatures if (fault := _find_fault_of(given, allowed, statement))]
    first, last = signatures[0], signatures[-1]
    names = (publication.by, publication.checked_by or publication.by)
    if names != (first.name, last.name) or publication.published_at != last.at:
        faults.append(Text("the names or the time are not those of the signatures"))
    if len(signatures) > 1 and (last.name == first.name or last.key == first.key):
        faults.append(Text("author and checker are one person, or one key"))
    return faults[0] if faults else None


def _find_fault_of(given: Signature, allowed: Sequence[Signer], statement: str) -> Text | None:
    day = datetime.fromisoformat(given.at).date()
    if not any((s.name, s.role, s.key) == (given.name, given.role, given.key) and s.may_sign(day) for s in allowed):
        return Text("{name} may not sign as {role}", name=given.name, role=given.role)
    if not keys.is_signed(given.key, given.covers(statement), _read_base64(given.signature)):
        return Text("the signature of {name} does not fit", name=given.name)
    return None


def _read_base64(text: str) -> bytes:
    """Nothing where it is none: that fits no key."""
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""
