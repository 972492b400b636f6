"""Publications: what was signed, by whom, from which files, with digests that reveal any later change.

Each published week has one publication.json beside its forms; its seal includes the seal of the publication before.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flows.domain.text import BadInput, CommandLine
from flows.root.project import Project

FILE = "publication.json"
_UNREADABLE = (ValueError, TypeError, KeyError)


@dataclass(frozen=True)
class FrozenFile:
    """One file that the figures were counted from."""

    delivery_id: str
    file: str
    sha256: str
    received_on: str
    corrects: bool


@dataclass(frozen=True)
class Publication:
    """One signed bulletin week; figures in cases. `sha256` is its seal, `previous` that of the publication before.

    `classification` is the digest of proof/classification.json, `receipts` the number of bytes of receipts.jsonl and their digest,
    `signers` the digest of the last entry of signers.jsonl, '' where nobody signs. `cases` are, for each figure and delivery, the
    number of cases and the root of their digests (flows.jobs.proof). `is_unsigned`: by names alone, without keys.
    `wording` is how its paragraph was written (domain.figures.Wording), `asked` which tables the profile asked for (domain.asked.Asked); None: none.
    """

    week_ending: str
    issue: int
    serial: int
    by: str
    checked_by: str
    published_at: str
    program: str
    program_digest: str
    profile: str
    source: str
    definitions: dict[str, str]
    figures: dict[str, dict[str, int]]
    files: list[FrozenFile]
    tables: dict[str, list[list[Any]]]
    checks: list[dict[str, Any]]
    forms: dict[str, str]
    previous: str
    sha256: str = field(default="")
    # What later versions of the program freeze, too; None of an earlier publication, whose seal does not know it.
    classification: str | None = None
    receipts: str | None = None
    signers: str | None = None
    cases: dict[str, dict[str, list[Any]]] | None = None
    is_unsigned: bool | None = None
    wording: dict[str, Any] | None = None
    asked: dict[str, Any] | None = None

    @property
    def week_end(self) -> date:
        return date.fromisoformat(self.week_ending)

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.published_at)


def seal(publication: Publication) -> str:
    """The SHA-256 of a publication: of all its fields but `sha256`."""
    content = {name: value for name, value in _list_fields(publication).items() if name != "sha256"}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def write_publication(publication: Publication) -> bytes:
    return (json.dumps(_list_fields(publication), ensure_ascii=False, indent=1) + "\n").encode()


def write_statement(publication: Publication) -> str:
    """What is signed: plain lines, sorted, over everything that is published but who checked it, and when (docs/signing.md)."""
    fields = _list_fields(publication)
    record = {name: value for name, value in fields.items() if name not in ("sha256", "checked_by", "published_at")}
    text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    lines = [f"{name}: {fields[name]}" for name in _STATED if name in fields]
    lines.append(f"record: {hashlib.sha256(text.encode()).hexdigest()}")
    for group, counts in publication.figures.items():
        lines += [f"figure {group} {measure}: {cases}" for measure, cases in counts.items()]
    for figure, roots in (publication.cases or {}).items():
        lines += [f"cases {figure} {delivery}: {count} {root}" for delivery, (count, root) in roots.items()]
    lines += [f"form {name}: {digest}" for name, digest in publication.forms.items()]
    lines += [f"source {file.file}: {file.sha256} {file.delivery_id} {file.received_on}" for file in publication.files]
    return "\n".join(["bulletin publication 1", *sorted(lines), ""])


_STATED = (
    *("week_ending", "issue", "serial", "by", "source", "profile", "program", "program_digest", "classification"),
    *("receipts", "signers", "previous", "is_unsigned"),
)


def _list_fields(publication: Publication) -> dict[str, Any]:
    """Its fields, without those that an earlier publication does not know."""
    return {name: value for name, value in asdict(publication).items() if value is not None}


def parse_publication(content: str) -> Publication:
    """Raises ValueError, TypeError or KeyError: it is none."""
    values = json.loads(content)
    return Publication(**{**values, "files": [FrozenFile(**file) for file in values["files"]]})


def read_publications(project: Project) -> list[Publication]:
    """All publications, in the order of publishing.

    Raises:
        BadInput: a publication.json cannot be read.
    """
    return put_in_order([_read(folder / FILE) for folder in _list_folders(project)])


def put_in_order(publications: Iterable[Publication]) -> list[Publication]:
    """Each behind the one whose seal it includes; what the clock said decides only where that one is gone."""
    waiting = sorted(publications, key=lambda publication: publication.at)
    ordered: list[Publication] = []
    while waiting:
        seals = {publication.sha256 for publication in waiting}
        nearest = [p for p in waiting if ordered and p.previous == ordered[-1].sha256]
        first = [p for p in waiting if p.previous not in seals]
        ordered.append((nearest or first or waiting)[0])
        waiting.remove(ordered[-1])
    return ordered


def find_publications(project: Project) -> tuple[list[str], list[str]]:
    """The content of each publication.json that is one, and the weeks whose own is damaged or gone."""
    intact, damaged = [], []
    for folder in _list_folders(project):
        try:
            content = (folder / FILE).read_text(encoding="utf-8")
            parse_publication(content)
            intact.append(content)
        except (OSError, *_UNREADABLE):
            damaged.append(folder.parent.name)
    return intact, damaged


def read_sealed(path: Path) -> str:
    """The content of a publication.json whose seal is whole; '' of any other."""
    try:
        content = path.read_text(encoding="utf-8")
        publication = parse_publication(content)
    except (OSError, *_UNREADABLE):
        return ""
    return content if seal(publication) == publication.sha256 else ""


def read_publication(project: Project, week_end: date) -> Publication | None:
    """The publication of that week; None if it is not published.

    Raises:
        BadInput: its publication.json cannot be read.
    """
    folder = project.published_folder(week_end)
    return _read(folder / FILE) if folder in _list_folders(project) else None


def find_proposal(project: Project) -> Publication | None:
    """The publication that its author has signed and nobody has checked yet; there is at most one.

    Raises:
        BadInput: its publication.json cannot be read.
    """
    waiting = (
        path for path in project.reports.glob(f"*/proposed/{FILE}") if not (path.parents[1] / "published").is_dir()
    )
    return next(map(_read, waiting), None)


def _list_folders(project: Project) -> list[Path]:
    """The folder of each published week; where somebody has deleted one, its duplicate still says that there was one."""
    duplicates = (path.parent.name for path in project.duplicates.glob(f"*/{FILE}"))
    return sorted(
        {*project.reports.glob("*/published"), *(project.reports / week / "published" for week in duplicates)}
    )


@cache
def digest_program() -> str:
    """A digest of all that decides what is written: the program's own files and sql/."""
    folder = Path(__file__).parents[1]
    sql = folder / "sql" if (folder / "sql").is_dir() else folder.parent / "sql"
    own = sorted({*folder.rglob("*.py"), *folder.rglob("*.j2"), *folder.rglob("*.css"), *folder.rglob("zh.toml")})
    digest = hashlib.sha256()
    for file in [*own, *sorted(sql.rglob("*.sql"))]:  # in two groups: when installed, sql/ is inside the folder
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def say_restore(week_ending: str) -> CommandLine:
    """The command that writes a damaged publication again."""
    return CommandLine("verify --week-ending {week_end} --restore", week_end=week_ending)


def name_program() -> str:
    return f"bulletin {version('bulletin')}"


def _read(path: Path) -> Publication:
    try:
        return parse_publication(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, *_UNREADABLE):
        raise BadInput(
            "{path} is not a publication, or is damaged. To write it again from its duplicate: {command}",
            path=path,
            command=say_restore(path.parents[1].name),
        ) from None
