"""A text read line by line, for what the quick way cannot tell apart: stray quotation marks, damaged bytes, rows of other widths,
a second header.

Slower than the engine, and used only for texts in which something is odd. Every line becomes a row, or a `SkippedLine` that says why.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

from flows.domain.profile import Profile
from flows.domain.taken_for import Doubt
from flows.domain.text import BadInput, Text
from flows.sources.content import Content
from flows.sources.encoding import decode_blocks
from flows.sources.header import Header, find_header, is_header, map_header
from flows.sources.records import Dialect, Layout, Line, Record, read_records, split_top
from flows.sources.sheets import doubt_rows_above, join_clocks
from flows.sources.table import ArrowSource, SkippedLine, Table, TextFacts

if TYPE_CHECKING:
    import pyarrow as pa

_TOP_ROWS = 200  # looked at for the header, and for columns that hold a time of day
_BATCH_ROWS = 50_000
_LONGEST_LINE_BYTES = 1 << 26
_WORST_SHARE = 1 / 3  # of lines with bytes that are no characters: with more of them the encoding is another one
_END_OF_FILE = "\x1a"  # of DOS


def read_lines(content: Content, facts: TextFacts, dialect: Dialect, profile: Profile) -> list[Table]:
    """The tables of a text, one for each header.

    Raises:
        BadInput: see find_header; or more than a third of the lines are no text of its encoding.
    """
    lines = _decode_lines(content, facts)
    first = list(islice(lines, _TOP_ROWS))
    top = split_top([dialect.unwrap(line) for line in first], dialect)
    header = find_header(content.place, top, profile)
    records = read_records(chain(first, lines), dialect, Layout(header.width, header.columns["case_no"]))
    segments = [_Segment(header, [], doubts=doubt_rows_above(content.member, top, header))]
    damaged: list[Record] = []
    total = 0
    for record in records:
        total += 1
        if record.flaw == "bytes":
            damaged.append(record)
        if record.number <= header.row:
            continue
        segment = segments[-1]
        if _may_be_header(record, segment.header) and is_header(record.cells, profile):
            other = map_header(content.place, record.number, 1, record.cells, top, profile)
            if other.columns == segment.header.columns:
                segment.skip(SkippedLine(record.number, "around"))
            else:
                segments.append(_Segment(other, []))
            continue
        segment.add(record, profile)
    _refuse_damaged(content, facts, damaged, total)
    return [
        segment.close(
            content, facts, dialect, profile, is_first=segment is segments[0], is_last=segment is segments[-1]
        )
        for segment in segments
    ]


def _refuse_damaged(content: Content, facts: TextFacts, damaged: Sequence[Record], total: int) -> None:
    if len(damaged) > _WORST_SHARE * total:
        raise BadInput(
            "{place}: {damaged} of {total} lines are no text of {encoding}, the first is line {line} (byte {byte} of it). "
            "The file may be damaged or mix encodings: export it again as UTF-8.",
            place=content.place,
            damaged=len(damaged),
            total=total,
            encoding=facts.encoding,
            line=damaged[0].number,
            byte=damaged[0].evidence,
        )


def _may_be_header(record: Record, header: Header) -> bool:
    place = header.columns["case_no"]
    cells = record.cells or record.literal
    number = cells[place] if place < len(cells) else ""
    return bool(record.cells) and not any(map(str.isdigit, number)) and sum(map(bool, cells)) > 1


def _decode_lines(content: Content, facts: TextFacts) -> Iterator[Line]:
    """The lines of a text; of one that holds a byte that belongs to no character, its place."""
    if facts.encoding.startswith("utf-16"):
        raw, encoding = _cut_lines(content, decode_blocks(content, facts.encoding), facts), "utf-8"
    else:
        raw, encoding = _cut_lines(content, content.blocks(), facts), facts.encoding
    for number, line in enumerate(raw):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError as error:
            yield error.start + 1
        else:
            yield text.removeprefix("\ufeff") if not number else text


def _cut_lines(content: Content, blocks: Iterable[bytes], facts: TextFacts) -> Iterator[bytes]:
    """Lines without their ends. A line end is never part of a character, in UTF-8 and in GB18030.

    Raises:
        BadInput: a line is longer than 64 MiB.
    """
    mark = re.compile(rb"\r\n|\n|\r" if facts.has_mixed_line_ends else rb"\r?\n")
    held: list[bytes] = []
    size, line = 0, 1
    for block in blocks:
        data, half = block, b""
        if held and held[-1].endswith(b"\r"):
            data = held.pop() + data
        if data.endswith(b"\r"):  # perhaps of a line end
            data, half = data[:-1], b"\r"
        first, *rest = mark.split(data)
        held.append(first)
        size += len(block)
        if rest:
            yield b"".join(held)
            yield from rest[:-1]
            line += len(rest)
            held, size = [rest[-1]], len(rest[-1])
        if half:
            held.append(half)
        if size > _LONGEST_LINE_BYTES:
            raise BadInput(
                "{place}: line {line} is longer than {mebibytes} MiB: a line end is missing, or this is no table with a line for each "
                "case. Export it again.",
                place=content.place,
                line=line,
                mebibytes=_LONGEST_LINE_BYTES >> 20,
            )
    if last := b"".join(held).rstrip(b"\r" + _END_OF_FILE.encode()):
        yield last


@dataclass
class _Segment:
    """The rows below one header as they are read."""

    header: Header
    skipped: list[SkippedLine]
    doubts: list[Doubt] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of the rows
    short: dict[int, int] = field(default_factory=dict)  # row → its fields, fewer than the header's
    mended: list[int] = field(default_factory=list)
    ends_empty: bool = False  # some whole row ends in an empty field
    rows: list[list[str]] = field(default_factory=list)
    batches: list["pa.Table"] = field(default_factory=list)

    def skip(self, line: SkippedLine) -> None:
        self.skipped.append(line)

    def add(self, record: Record, profile: Profile) -> None:
        width = self.header.width
        cells = [cell.strip(_END_OF_FILE) for cell in record.cells] if record.cells else []
        if record.flaw:
            self.skip(SkippedLine(record.number, record.flaw, record.evidence, self._cell(record.literal, "case_no")))
            return
        if not any(cell.strip() for cell in cells):
            self.skip(SkippedLine(record.number, ""))
            return
        if len(cells) != width:
            if self._is_around(cells, profile):
                self.skip(SkippedLine(record.number, "around"))
                return
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                self.skip(SkippedLine(record.number, "structure", "", self._cell(cells, "case_no")))
                return
            if len(cells) < width:
                if not self._may_be_short(cells):
                    self.skip(SkippedLine(record.number, "structure", "", self._cell(cells, "case_no")))
                    return
                self.short[record.number] = len(cells)
        elif not cells[-1]:
            self.ends_empty = True
        if record.is_mended:
            self.mended.append(record.number)
        self.numbers.append(record.number)
        self.rows.append([*cells, *[""] * (width - len(cells))])
        if len(self.rows) == _BATCH_ROWS:
            self._flush()

    def _cell(self, cells: Sequence[str], name: str) -> str:
        place = self.header.columns.get(name, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    def _is_around(self, cells: Sequence[str], profile: Profile) -> bool:
        return bool(re.match(profile.around_pattern, next(cell.strip() for cell in cells if cell.strip())))

    def _may_be_short(self, cells: Sequence[str]) -> bool:
        """Whether nothing but empty fields can be missing at the end: its number and its first time that counts are there."""
        time = self._cell(cells, "accepted_at" if "accepted_at" in self.header.columns else "completed_at")
        return (
            bool(cells[-1].strip())
            and any(map(str.isdigit, self._cell(cells, "case_no")))
            and any(map(str.isdigit, time))
        )

    def _flush(self) -> None:
        import pyarrow as pa

        columns = {*self.header.columns.values(), *self.header.clocks.values()}
        width = self.header.width
        empty = pa.nulls(len(self.rows), pa.string())
        arrays = [pa.array([row[i] for row in self.rows], pa.string()) if i in columns else empty for i in range(width)]
        whole = pa.table(arrays, [f"c{i}" for i in range(width)])
        self.batches.append(join_clocks(whole, self.header))
        self.rows = []

    def close(
        self, content: Content, facts: TextFacts, dialect: Dialect, profile: Profile, *, is_first: bool, is_last: bool
    ) -> Table:
        import pyarrow as pa

        if self.rows or not self.batches:
            self._flush()
        rows = pa.concat_tables(self.batches).combine_chunks()
        name = content.member if is_first else f"{content.member} 第{self.header.row}行起".strip()
        rejected = self._reject_short(is_whole=facts.ends_with_line or not is_last)
        if rejected:
            rows = rows.filter(pa.array([number not in rejected for number in self.numbers]))
            self.skipped += [SkippedLine(number, "structure", "", case_no) for number, case_no in rejected.items()]
        padded = sorted(set(self.short) - rejected.keys())
        doubts = self.doubts
        if not is_first:
            words = Text("a second header, which governs the rows below it")
            doubts.append(Doubt("second_header", words, name, self.header.row, rows=rows.num_rows))
        if padded:
            words = Text("rows that end before the last columns: what is missing was taken as empty")
            doubts.append(Doubt("short_rows", words, name, padded[0], rows=len(padded)))
        if self.mended:
            words = Text("a stray quotation mark, taken as part of its cell")
            doubts.append(Doubt("stray_quotes", words, name, self.mended[0], rows=len(self.mended)))
        if dialect.is_wrapped:
            doubts.append(Doubt("wrapped_lines", Text("each line is one quoted field that holds the fields"), name))
        if dialect.ruler:
            doubts.append(Doubt("ruler", Text("columns told apart by the ruler under the header"), name))
        source = ArrowSource(rows, tuple(sorted(self.skipped, key=lambda line: line.line)))
        is_truncated = is_last and profile.says_truncated(facts.ending)
        return Table(content.path, name, facts.encoding, self.header, False, is_truncated, source, tuple(doubts))

    def _reject_short(self, *, is_whole: bool) -> dict[int, str]:
        """Rows that are too short to be sure of, with their case numbers: whole rows keep their empty ends, so these lost something;
        or a broken line follows; or the text ends in the middle of one.
        """
        broken = {line.line for line in self.skipped if line.flaw == "structure"}
        last = self.numbers[-1] if self.numbers else 0
        doubted = {
            number
            for number in self.short
            if self.ends_empty or number + 1 in broken or (not is_whole and number == last)
        }
        if not doubted:
            return {}
        numbers = [number for batch in self.batches for number in batch["case_no"].to_pylist()]
        return {number: numbers[i] or "" for i, number in enumerate(self.numbers) if number in doubted}
