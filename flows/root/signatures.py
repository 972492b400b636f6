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
from flows.root.publications import Publication, write_statement
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
    entries = {entry.digest: entry for entry in read_record(project)}
    allowed = parse_signers(entries[publication.signers].signers) if publication.signers in entries else []
    if not allowed:
        raise _forged(publication, Text("the record of signers (signers.jsonl) does not hold what it was signed under"))
    if [each.role for each in signatures] != list(roles):
        raise _forged(publication, Text("a signature is missing"))
    statement = write_statement(publication)
    for given in signatures:
        day = datetime.fromisoformat(given.at).date()
        if not any((s.name, s.role, s.key) == (given.name, given.role, given.key) and s.may_sign(day) for s in allowed):
            raise _forged(publication, Text("{name} may not sign as {role}", name=given.name, role=given.role))
        if not keys.is_signed(given.key, given.covers(statement), base64.b64decode(given.signature)):
            raise _forged(publication, Text("the signature of {name} does not fit", name=given.name))
    last = signatures[-1]
    names = (publication.by, publication.checked_by or publication.by)
    if names != (signatures[0].name, last.name) or publication.published_at != last.at:
        raise _forged(publication, Text("the names or the time are not those of the signatures"))
    if len(signatures) > 1 and (last.name == signatures[0].name or last.key == signatures[0].key):
        raise _forged(publication, Text("author and checker are one person, or one key"))
    return signatures


def _forged(publication: Publication, what: Text) -> CheckFailed:
    return CheckFailed(
        "{week_end}: the publication is not what was signed: {what}. Restore it from a backup.",
        week_end=publication.week_ending,
        what=what,
    )
