"""One delivered file: recognise it by content, find its tables, map their columns through the source profile."""

from dataclasses import dataclass
from pathlib import Path

from flows.domain.profile import Profile
from flows.domain.taken_for import Doubt, FileTakenFor, PassedOver, TableTakenFor
from flows.domain.text import BadInput, Text
from flows.sources import delimited, encoding, markup, parquet, workbook
from flows.sources.archive import find_contents
from flows.sources.content import Content
from flows.sources.foreign import read_foreign
from flows.sources.forms import SUFFIXES, is_text
from flows.sources.header_faults import NoHeader
from flows.sources.table import Table, TextSource

_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".downloading", ".tmp")
_IGNORED = ("delivery.toml", "thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Export:
    """One file: its case tables (at least one), and what was passed over: covers, notes, other members."""

    tables: tuple[Table, ...]
    passed_over: tuple[PassedOver, ...]

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What the reader was not sure of, what holds rows and was not read first."""
        words = Text("passed over, though it holds what looks like cases")
        lost = [Doubt("passed_over", words, part.name, is_loss=True) for part in self.passed_over if part.holds_rows]
        return (*lost, *(doubt for table in self.tables for doubt in table.doubts))

    def taken_for(self, profile: Profile) -> FileTakenFor:
        """The same for people, without rows, with columns as the profile calls them."""
        return FileTakenFor(tuple(_describe(table, profile) for table in self.tables), self.passed_over, self.doubts)


def is_export(path: Path) -> bool:
    """Whether a file of data/raw is data: not hidden, half copied, or a side file of the office."""
    name = path.name.lower()
    return not name.startswith((".", "~$")) and not name.endswith((*_UNFINISHED, ".md")) and name not in _IGNORED


def is_unfinished(path: Path) -> bool:
    """Whether a file of data/raw is still being copied, as its name says."""
    return path.name.lower().endswith(_UNFINISHED) and not path.name.startswith(".")


def read_export(path: Path, profile: Profile) -> Export:
    """The case tables of one file, each with its header mapped.

    Raises:
        BadInput: an unreadable form; empty, damaged, encrypted; or without a header of the profile.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise BadInput(
            "{path}: {suffix} cannot be read. Readable are {suffixes}. "
            "Save it as one of these, or move it out of data/raw.",
            path=path,
            suffix=path.suffix or Text("a file without extension"),
            suffixes=SUFFIXES,
        )
    return _read(path, profile) if is_text(path) else read_foreign(path, _read, path, profile)


def _read(path: Path, profile: Profile) -> Export:
    contents, passed_over = find_contents(path)
    tables: list[Table] = []
    for content, form in contents:
        try:
            found, others = _read_tables(content, form, profile)
        except NoHeader as error:
            if error.holds_rows or len(contents) == 1:
                raise
            passed_over.append(PassedOver(content.member, holds_rows=False))  # a cover or a note beside the tables
            continue
        tables += found
        passed_over += others
    if not tables:
        _read_tables(*contents[0], profile)  # says what is missing
    return Export(tuple(tables), tuple(passed_over))


def verify_export(export: Export, profile: Profile) -> None:
    """Decode what `read_export` has not decoded, so that a damaged file is refused when it is received.

    Raises:
        BadInput: so many invalid bytes that the encoding must be another one.
    """
    for table in export.tables:
        if isinstance(table.source, TextSource):
            try:
                encoding.verify(table.source.content, table.source.facts)
            except encoding.DamagedText:
                delimited.read_closely(table, profile)


def _describe(table: Table, profile: Profile) -> TableTakenFor:
    header, has_completion = table.header, table.has_completion or profile.events is not None
    return TableTakenFor(
        table.sheet, table.form, table.is_hidden, table.has_acceptance, has_completion, header.row, header.height,
        {profile.written(name): header.cells[at] for name, at in table.columns.items()}, header.personal_columns, header.other_columns,
    )  # fmt: skip


def _read_tables(content: Content, form: str, profile: Profile) -> tuple[list[Table], list[PassedOver]]:
    if form == "text":
        return delimited.read_tables(content, profile), []
    if form == "parquet":
        return parquet.read_tables(content, profile), []
    if form in ("html", "xml"):
        return markup.read_tables(content, form, profile)
    return workbook.read_tables(content, form, profile)
