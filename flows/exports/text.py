"""Delimited text: its encoding is found by strict decoding of the whole file, its delimiter by its header."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from flows.exports.tables import HEADER_ROWS, Table, TextFacts, TextSource, count_matches, find_header
from flows.profiles import Profile
from flows.vocabulary import BadInput

BLOCK_BYTES = 1 << 22
_BEGINNING = 1 << 18  # characters in which the header is looked for
_ENDING = 1000  # characters in which a notice of truncation is looked for
_DELIMITERS = (",", "\t", ";", "|")
_ENCODINGS = ("utf-8", "gb18030")
_FOREIGN = {
    b"PK\x03\x04": ("Excel 工作簿（.xlsx）或压缩包", "an Excel workbook (.xlsx) or an archive"),
    b"\xd0\xcf\x11\xe0": ("旧版 Excel 工作簿（.xls）", "an old Excel workbook (.xls)"),
    b"%PDF": ("PDF 文件", "a PDF"),
    b"\x1f\x8b": ("gzip 压缩文件", "a gzip archive"),
    b"PAR1": ("Parquet 文件", "a Parquet file"),
}


def read_tables(path: Path, profile: Profile) -> list[Table]:
    _refuse_foreign(path)
    found = examine(path)
    sample = next(decode_blocks(path, found.encoding), "")[:_BEGINNING]
    delimiter, rows = max(
        ((mark, _split(sample, mark)) for mark in _DELIMITERS),
        key=lambda found: max((count_matches(row, profile) for row in found[1]), default=0),
    )
    header = find_header(str(path), rows, profile)
    width = max(i for i, cell in enumerate(header.cells, 1) if cell)  # a comma at the end of the header adds no field
    source = TextSource(found, delimiter, width)
    is_truncated = profile.says_truncated(found.ending)
    dropped = (header.personal_columns, header.other_columns)
    return [Table(path, "", header.row, header.cells, header.columns, *dropped, is_truncated, source)]


def examine(path: Path) -> TextFacts:
    """Read the whole file once: the first of utf-8 and gb18030 (utf-16 by its mark) that decodes every byte.

    Raises:
        BadInput: none does, or the file holds NUL bytes.
    """
    with path.open("rb") as file:
        marked = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    failures = {}
    for encoding in ("utf-16",) if marked else _ENCODINGS:
        try:
            return _examine_lines(path, encoding)
        except UnicodeDecodeError as error:
            failures[encoding] = error.start
    zh = "；".join(f"按 {name} 读到第 {start} 字节不符" for name, start in failures.items())
    en = ", ".join(f"{name} fails at byte {start}" for name, start in failures.items())
    raise BadInput(
        zh=f"{path}：编码无法识别（{zh}）。文件可能损坏或混用编码，请重新导出为 UTF-8。",
        en=f"{path}: the encoding is unknown ({en}). The file may be damaged or mix encodings: export it again as UTF-8.",
    )


def _examine_lines(path: Path, encoding: str) -> TextFacts:
    ends = io.IncrementalNewlineDecoder(None, translate=True)
    blank_lines: list[int] = []
    lines_done, unfinished, ending = 0, "", ""
    for block in decode_blocks(path, encoding):
        text = unfinished + ends.decode(block)
        ending = (ending + text)[-_ENDING:]
        if "\n\n" in text or text.startswith("\n"):
            blank_lines += [lines_done + i for i, line in enumerate(text.split("\n")[:-1], 1) if not line]
        lines_done += text.count("\n")
        unfinished = text[text.rfind("\n") + 1 :]
    return TextFacts(encoding, isinstance(ends.newlines, tuple), tuple(blank_lines), ending)


def decode_blocks(path: Path, encoding: str) -> Iterator[str]:
    """The text of a file, block by block, strictly decoded.

    Raises:
        UnicodeDecodeError: `start` is the position in the file, counted in bytes from 0.
        BadInput: the text holds a NUL character.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)("strict")
    done = 0
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK_BYTES)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                error.start += done - pending
                raise
            if "\0" in text:
                _refuse_nul(path, done + block.find(b"\0"))
            yield text
            if not block:
                return
            done += len(block)


def _split(sample: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == HEADER_ROWS:
                break
    except csv.Error:  # a field beyond the csv module's limit: what was read so far decides
        pass
    return rows


def _refuse_foreign(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(4)
    for magic, (zh, en) in _FOREIGN.items():
        if start.startswith(magic):
            raise BadInput(
                zh=f"{path}：扩展名是 {path.suffix}，内容却是{zh}。请按内容改正扩展名，或重新导出为 CSV。",
                en=f"{path}: named {path.suffix}, but it is {en}. Name it for what it is, or export it again as CSV.",
            )


def _refuse_nul(path: Path, position: int) -> None:
    raise BadInput(
        zh=f"{path}：第 {position} 字节处有 NUL（空字节），不是完好的文本文件。请重新导出。",
        en=f"{path}: a NUL byte at position {position}: this is no intact text file. Export it again.",
    )
