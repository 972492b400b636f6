"""The record beside the raw files, receipts.jsonl: when each file was received, loaded, withdrawn; rules, decisions.

Only ever appended to. With the files it is all that a rebuild needs.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from flows.domain.text import BadInput
from flows.domain.verdicts import COMMAND_LINE, Waiver
from flows.root.files import append_text
from flows.root.project import Project


@dataclass(frozen=True)
class Receipt:
    """One line of receipts.jsonl: a file was received, loaded or withdrawn, the profile's rules changed, a check was accepted."""

    action: str
    at: datetime
    sha256: str
    file: str
    delivery_id: str
    reason: str = ""
    by: str = ""


@dataclass(frozen=True)
class ClassificationChange:
    """Rules of the source profile (Profile.classification), in force for the deliveries with a cut-off after `after`."""

    after: date
    classification: str


def read_receipts(project: Project) -> list[Receipt]:
    if not project.receipts.is_file():
        return []
    lines = _drop_torn_line(project.receipts.read_bytes()).decode().splitlines()
    return [_parse_receipt(project, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def append_receipts(project: Project, receipts: Iterable[Receipt]) -> None:
    """Write the lines at once and to the disk: a receipt that was given is never lost."""
    lines = [json.dumps(_write(r), ensure_ascii=False, separators=(",", ":")) + "\n" for r in receipts]
    if not lines:
        return
    found = project.receipts.read_bytes() if project.receipts.exists() else b""
    before = _drop_torn_line(found)
    if before != found:
        os.truncate(project.receipts, len(before))
    append_text(project.receipts, "".join(lines if before.endswith(b"\n") or not before else ["\n", *lines]))


def find_withdrawn(receipts: Iterable[Receipt]) -> set[str]:
    """Contents that were taken back and not received again since."""
    last = {r.sha256: r.action for r in receipts if r.action in ("received", "withdrawn")}
    return {sha256 for sha256, action in last.items() if action == "withdrawn"}


def record_classification(change: ClassificationChange, profile: str, at: datetime) -> Receipt:
    digest = sha256(change.classification.encode()).hexdigest()
    return Receipt("rules", at, digest, profile, change.after.isoformat(), change.classification)


def list_classifications(receipts: Iterable[Receipt]) -> list[ClassificationChange]:
    """The classifications that were ever in force, oldest first."""
    return [ClassificationChange(date.fromisoformat(r.delivery_id), r.reason) for r in receipts if r.action == "rules"]


def record_waiver(waiver: Waiver, at: datetime) -> Receipt:
    """The rule stands where other receipts have the file, the cut-off where they have the delivery."""
    return Receipt("accepted", at, "", waiver.rule, waiver.cut_off.isoformat(), waiver.reason, waiver.by)


def list_waivers(receipts: Iterable[Receipt]) -> list[Waiver]:
    return [
        Waiver(r.file, date.fromisoformat(r.delivery_id), r.reason, r.by, r.at.date(), COMMAND_LINE)
        for r in receipts
        if r.action == "accepted"
    ]


def _write(receipt: Receipt) -> dict[str, str]:
    values = {**vars(receipt), "at": receipt.at.isoformat()}
    return values if receipt.by else {name: value for name, value in values.items() if name != "by"}


def _drop_torn_line(content: bytes) -> bytes:
    """Without a last line that was being written when the machine went down: that receipt was never given."""
    return content if content.endswith((b"\n", b"}")) else content[: content.rfind(b"\n") + 1]


def _parse_receipt(project: Project, number: int, line: str) -> Receipt:
    try:
        values = json.loads(line)
        return Receipt(**{**values, "at": datetime.fromisoformat(values["at"])})
    except (ValueError, TypeError, KeyError):
        raise BadInput(
            zh=f"{project.receipts} 第 {number} 行不是收件记录。这个文件只能由程序追加；请从备份恢复。",
            en=f"{project.receipts} line {number} is no receipt. Only the program adds to this file: restore it from a backup.",
        ) from None
