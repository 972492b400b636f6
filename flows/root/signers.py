"""Who may sign: signers.toml, and signers.jsonl, the signed record of each change to it.

The first entry is signed by one of those it names; each later one by somebody whom the entry before allows to sign on that day.
Nothing in a root says whom to trust: the first signer's key must be among the reader's own trusted ones (flows.root.keys).
"""

import base64
import json
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from flows.domain.text import BadInput, CheckFailed, CommandLine
from flows.root import keys
from flows.root.files import append_text, split_torn, write_files
from flows.root.project import Project

TOML, RECORD = "signers.toml", "signers.jsonl"
_HEAD = "# 可以签名的人。只由 bulletin signers 更改，每次更改都经签名（signers.jsonl）。\n# Who may sign. Changed by `bulletin signers` only.\n"


class Role(StrEnum):
    AUTHOR = "编发"
    CHECKER = "审核"


@dataclass(frozen=True)
class Signer:
    """One person who may sign in one role, from one day until another; `key` is a public key."""

    name: str
    role: Role
    key: str
    start: date
    until: date | None = None

    def may_sign(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Entry:
    """One change: signers.toml as it is from then on, and who signed that. `previous` is the digest of the entry before."""

    at: str
    by: str
    key: str
    previous: str
    signers: str
    signature: str = ""

    @property
    def statement(self) -> bytes:
        """What is signed."""
        facts = (("at", self.at), ("by", self.by), ("key", self.key), ("previous", self.previous))
        return "\n".join(
            ["bulletin signers 1", *(f"{name}: {value}" for name, value in facts), "", self.signers]
        ).encode()

    @property
    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @property
    def digest(self) -> str:
        return sha256(self.line.encode()).hexdigest()


def write_signers(signers: Sequence[Signer]) -> str:
    """As signers.toml."""
    parts = []
    for each in signers:
        lines = [
            f"{name} = {json.dumps(str(value), ensure_ascii=False)}"
            for name, value in (("name", each.name), ("role", each.role), ("key", each.key))
        ]
        lines.append(f"from = {each.start}")
        lines += [f"until = {each.until}"] if each.until else []
        parts.append("\n[[signers]]\n" + "\n".join(lines) + "\n")
    return _HEAD + "".join(parts)


def parse_signers(text: str) -> list[Signer]:
    """Raises ValueError for a text that `write_signers` did not write."""
    try:
        entries: list[dict[str, Any]] = tomllib.loads(text).get("signers", [])
        return [Signer(e["name"], Role(e["role"]), e["key"], e["from"], e.get("until")) for e in entries]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(error) from error


def read_record(project: Project) -> list[Entry]:
    """All entries, oldest first, each proved; none where nobody signs.

    Raises:
        CheckFailed: an entry is not signed by whom it says, or signers.toml is not what the last entry says.
    """
    record, current = project.root / RECORD, project.root / TOML
    written, _ = split_torn(record.read_bytes() if record.is_file() else b"")  # a torn entry was never made
    if not written and not current.is_file():
        return []
    try:
        entries = [Entry(**json.loads(line)) for line in written.decode().splitlines()]
        is_proved = bool(entries) and all(map(_is_proved, entries, [None, *entries]))
        is_current = bool(entries) and _write_current(project, entries)
    except (OSError, ValueError, TypeError):
        is_proved = is_current = False
    if not is_proved or not is_current:
        raise CheckFailed(
            "{place} was changed by somebody who may not sign. Restore {toml} and {record} from a backup.",
            place=project.root / (TOML if is_proved else RECORD),
            toml=TOML,
            record=RECORD,
        )
    trusted = keys.read_trusted()
    if trusted and entries[0].key not in trusted:
        raise CheckFailed(
            "{place}: the record of signers begins with a key that you do not trust: {key} ({name}). "
            "Compare it with what {name} gave you; if it is the same: {command}",
            command=CommandLine("key trust {key} --name {name}", key=entries[0].key, name=entries[0].by),
            place=project.root / RECORD,
            key=entries[0].key,
            name=entries[0].by,
        )
    return entries


def cut_record(content: bytes, digest: str) -> bytes:
    """signers.jsonl as it was when the entry of that digest was the last one; empty if it holds no such entry."""
    lines = content.splitlines(keepends=True)
    place = next((i for i, line in enumerate(lines, 1) if sha256(line.rstrip(b"\n")).hexdigest() == digest), 0)
    return b"".join(lines[:place])


def read_signers(project: Project) -> list[Signer]:
    """Those of the last entry. Raises: as `read_record`."""
    entries = read_record(project)
    return parse_signers(entries[-1].signers) if entries else []


def find_signer(signers: Sequence[Signer], name: str, role: Role | None, day: date) -> Signer:
    """Who may sign as `role` (None: as any) on that day.

    Raises:
        BadInput: nobody of that name.
    """
    for signer in signers:
        if signer.name == name and role in (None, signer.role) and signer.may_sign(day):
            return signer
    may = [f"{each.name}（{each.role}）" for each in signers if each.may_sign(day)]
    raise BadInput(
        "{name} may not sign{role} on {day}. Those who may: {may}. To let somebody: {command}",
        command=CommandLine("signers add --name {name} --role {role}", name=name, role=role or Role.CHECKER),
        name=name,
        role=f" {role}" if role else "",
        day=day,
        may=may or "–",
    )


def has_signers(project: Project) -> bool:
    """Whether in this office keys sign."""
    return (project.root / RECORD).is_file()


def change_signers(
    project: Project, signers: Sequence[Signer], by: Signer, at: datetime, ask: keys.AskPassphrase
) -> None:
    """Write signers.toml anew, as a signed entry of the record.

    Raises:
        BadInput: the change cannot be signed.
    """
    entries = read_record(project)
    text = write_signers(signers)
    entry = Entry(at.isoformat(timespec="microseconds"), by.name, by.key, entries[-1].digest if entries else "", text)
    signature = keys.sign(by.key, by.name, entry.statement, ask)
    signed = Entry(**{**asdict(entry), "signature": base64.b64encode(signature).decode()})
    append_text(project.root / RECORD, signed.line + "\n")
    write_files(project.root, {TOML: text.encode()})


def _write_current(project: Project, entries: Sequence[Entry]) -> bool:
    """Whether signers.toml is what the last entry says; a change that was cut short after its entry is finished."""
    path, last = project.root / TOML, entries[-1].signers
    text = path.read_text(encoding="utf-8") if path.is_file() else None
    if text != last and text in (None, *(entry.signers for entry in entries[-2:-1])):
        write_files(project.root, {TOML: last.encode()})
        return True
    return text == last


def _is_proved(entry: Entry, before: Entry | None) -> bool:
    """Whether somebody has signed an entry whom the entry before, or the first one itself, allows to."""
    day = datetime.fromisoformat(entry.at).date()
    allowed = parse_signers((before or entry).signers)
    return (
        entry.previous == (before.digest if before else "")
        and (before is None or before.at <= entry.at)
        and any((each.name, each.key) == (entry.by, entry.key) and each.may_sign(day) for each in allowed)
        and keys.is_signed(entry.key, entry.statement, base64.b64decode(entry.signature))
    )
