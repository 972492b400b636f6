"""Exports: recognise a file, find its tables and their headers, map their columns through the source profile.

Only allow-listed columns leave this package; nothing here counts, cleans or judges a value.
"""

from dataclasses import dataclass
from pathlib import Path

from flows.exports import columnar, markup, sheets, text
from flows.exports.contents import ARCHIVES, TABLES, Content, find_contents
from flows.exports.tables import Table, TextSource
from flows.exports.text import look_ahead, sample_rows
from flows.profiles import Profile
from flows.vocabulary import BadInput

__all__ = ["Export", "Table", "is_export", "look_ahead", "read_export", "sample_rows", "verify_export"]

_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".downloading", ".tmp")
_IGNORED = ("delivery.toml", "thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Export:
    """What one file holds: its case tables, at least one, and what in it is none: covers, notes, other members."""

    tables: tuple[Table, ...]
    passed_over: tuple[str, ...]


def is_export(path: Path) -> bool:
    """Whether a file of data/raw is data: hidden, half-copied and the office's own side files are not."""
    name = path.name.lower()
    return not name.startswith((".", "~$")) and not name.endswith((*_UNFINISHED, ".md")) and name not in _IGNORED


def read_export(path: Path, profile: Profile) -> Export:
    """The case tables of one file, each with its header mapped.

    Raises:
        BadInput: not a file that can be read, empty, damaged, locked, or without a header of the profile.
    """
    allowed = TABLES + ARCHIVES
    if path.suffix.lower() not in allowed:
        raise BadInput(
            zh=f"{path}：不支持 {path.suffix or '无扩展名'} 文件。可读取 {'、'.join(allowed)}；请另存为其中一种，或移出 data/raw。",
            en=f"{path}: {path.suffix or 'a file without extension'} cannot be read. What can: {', '.join(allowed)}. "
            "Save it as one of these, or move it out of data/raw.",
        )
    contents, passed_over = find_contents(path)
    tables: list[Table] = []
    for content, form in contents:
        found, others = _read_tables(content, form, profile)
        tables += found
        passed_over += others
    return Export(tuple(tables), tuple(passed_over))


def verify_export(export: Export) -> None:
    """Read what `read_export` has left for later, so that a damaged file is refused when it is handed in.

    Raises:
        BadInput: a byte that does not belong to the encoding.
    """
    for table in export.tables:
        if isinstance(table.source, TextSource):
            text.verify(table.source.content, table.source.facts)


def _read_tables(content: Content, form: str, profile: Profile) -> tuple[list[Table], list[str]]:
    if form == "text":
        return text.read_tables(content, profile), []
    if form == "parquet":
        return columnar.read_tables(content, profile), []
    if form in ("html", "xml"):
        return markup.read_tables(content, form, profile)
    return sheets.read_tables(content, form, profile)
