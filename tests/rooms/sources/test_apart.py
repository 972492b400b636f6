"""Foreign bytes are read apart: what they ask for beyond the limits, and what they break, is a sentence; the next file is read."""

import gzip
import io
import os
import signal
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from a_root import GOOD_ROW, HEADER, SECOND_ROW, load_one_case, run, write_table
from packing import pack

from flows.domain.profile import load_profile
from flows.domain.text import BadInput
from flows.engine.opening import open_engine
from flows.sources.apart import read_apart
from flows.sources.export import read_export
from flows.sources.table import ArrowSource
from flows.warehouse.staging import prepare, stage_table

PROFILE = load_profile("sichuan")
TABLE = write_table(GOOD_ROW, SECOND_ROW)
ROWS = [line.split(",") for line in (HEADER, GOOD_ROW, SECOND_ROW)]
SHEETS = "urn:schemas-microsoft-com:office:spreadsheet"


def count_rows(path: Path) -> list[int]:
    sources = [table.source for table in read_export(path, PROFILE).tables]
    return [source.rows.num_rows if isinstance(source, ArrowSource) else source.facts.lines - 1 for source in sources]


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        read_export(path, PROFILE)
    return str(refused.value).removeprefix(str(path))


def write_workbook(row: int = 1, column: int = 1, text: str = "办件编号") -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for cells in ROWS:
        book.active.append(cells)
    book.active.cell(row, column, text)
    book.save(content)
    return content.getvalue()


def write_page(*rows: str) -> bytes:
    return f"<html><table>{''.join(rows)}</table></html>".encode()


def write_row(cells: list[str], spans: str = "") -> str:
    return f"<tr>{''.join(f'<td{spans}>{cell}</td>' for cell in cells)}</tr>"


def write_xml(row: str = "", cell: str = "") -> bytes:
    def write(cells: list[str], row: str = "", cell: str = "") -> str:
        inner = "".join(f'<Cell{cell}><Data ss:Type="String">{text}</Data></Cell>' for text in cells)
        return f"<Row{row}>{inner}</Row>"

    rows = write(ROWS[0]) + write(ROWS[1]) + write(ROWS[2][:1] if cell else ROWS[2], row, cell)
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{SHEETS}" xmlns:ss="{SHEETS}">'
        f'<Worksheet ss:Name="明细"><Table>{rows}</Table></Worksheet></Workbook>'
    ).encode()


TOO_LARGE = (
    ": reading it takes more than 1024 MiB of memory, the limit of a file of its size, or breaks the reader. It is damaged, or a cell "
    "stands far from all others (Excel: Ctrl+End goes to the last one). Delete the rows and columns behind the cases, save it as "
    ".xlsx or CSV, and deliver that."
)
STRAY = (
    ": reading it takes more than 1024 MiB of memory, the limit of a file of its size. The cell farthest from its first one is "
    "Sheet!XFD1048576. Delete the rows and columns behind the cases, save it as .xlsx or CSV, and deliver that."
)
SPARSE = "one stands far from all others. Remove it, save the table as .xlsx or CSV, and deliver that."
CLAIMS = {
    "a stray cell at the last place of a sheet": ("a.xlsx", write_workbook(1_048_576, 16_384, "x"), STRAY),
    "a row of XML at place 400,000,000": (
        "a.xls",
        write_xml(' ss:Index="400000000"'),
        f": a table claims 399999999 rows and 7 columns, and 14 of its cells hold anything: {SPARSE}",
    ),
    "a cell of XML at place 400,000,000": (
        "a.xls",
        write_xml(cell=' ss:Index="400000000"'),
        " row 3: 399999999 columns; a table has at most 16384. Export only the columns that are needed.",
    ),
    "spans of HTML that claim billions of cells": (
        "a.xls",
        write_page(write_row(ROWS[0]), write_row(["x"] * 1000, " colspan=1000 rowspan=1000000") * 100),
        " row 2: 16500 columns; a table has at most 16384. Export only the columns that are needed.",
    ),
}


@pytest.mark.parametrize(("name", "content", "sentence"), CLAIMS.values(), ids=CLAIMS.keys())
def test_a_small_file_that_asks_for_more_than_any_machine_has_is_refused_at_once(
    name: str, content: bytes, sentence: str, tmp_path: Path
) -> None:
    assert len(content) < 1 << 22
    began = time.process_time()
    assert refusal(tmp_path / name, content) == sentence
    assert time.process_time() - began < 5


def test_a_cell_some_rows_below_the_cases_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(write_workbook(20_000, 8, "x"))
    (tmp_path / "b.xls").write_bytes(write_xml(' ss:Index="20000"'))
    assert (count_rows(tmp_path / "a.xlsx"), count_rows(tmp_path / "b.xls")) == ([19_999], [19_999])


ENDS: dict[str, tuple[Callable[..., object], tuple[object, ...], str]] = {
    "more memory than its limit": (bytearray, (1 << 34,), TOO_LARGE),
    "a fault of a library": (os.abort, (), TOO_LARGE),
    "more processor time than its limit": (
        signal.raise_signal,
        (signal.SIGXCPU,),
        ": reading it takes more than 60 seconds, the limit of a file of its size. It may be damaged. Open it, save it as .xlsx or "
        "CSV, and deliver that.",
    ),
    "an error of a library": (
        int,
        ("x",),
        ": this file cannot be read (ValueError: invalid literal for int() with base 10: 'x'; apart.py:",
    ),
}


@pytest.mark.parametrize(("read", "given", "sentence"), ENDS.values(), ids=ENDS.keys())
def test_what_ends_the_reading_is_a_sentence_and_the_next_file_is_read(
    read: Callable[..., object], given: tuple[object, ...], sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_workbook())
    with pytest.raises(BadInput) as refused:
        read_apart(path, read, *given)
    assert str(refused.value).startswith(f"{path}{sentence}")
    assert count_rows(path) == [2]


def set_method(content: bytes, method: int) -> bytes:
    """The number of the packing method in both headers of the only member."""
    data, listed = bytearray(content), content.index(b"PK\1\2")
    data[8], data[listed + 10] = method, method
    return bytes(data)


def damage_checksum(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        checksum = archive.getinfo(name).CRC.to_bytes(4, "little")
    return content.replace(checksum, bytes(4))


ZIP = pack({"办件.csv": TABLE.encode()})
DAMAGED = ": the archive or workbook is incomplete or damaged. Export or transfer it again."
CONTAINERS = {
    "another mark at the member": ("a.zip", ZIP.replace(b"PK\3\4", b"PK\7\7"), f"［办件.csv］{DAMAGED}"),
    "a checksum that fails": ("a.zip", damage_checksum(ZIP, "办件.csv"), f"［办件.csv］{DAMAGED}"),
    "a checksum of a part of a workbook that fails": (
        "a.xlsx",
        damage_checksum(write_workbook(), "xl/worksheets/sheet1.xml"),
        DAMAGED,
    ),
    "a checksum of a part that nobody reads": (
        "a.xlsx",
        damage_checksum(write_workbook(), "xl/theme/theme1.xml"),
        DAMAGED,
    ),
} | {
    name: (
        "a.zip",
        set_method(ZIP, method),
        "［办件.csv］: compressed by a method that cannot be read (That compression method is not supported). "
        "Pack it again as an ordinary zip.",
    )
    for name, method in {"Deflate64": 9, "zstd": 93}.items()
}


@pytest.mark.parametrize(("name", "content", "sentence"), CONTAINERS.values(), ids=CONTAINERS.keys())
def test_a_damaged_container_is_refused_in_a_sentence(name: str, content: bytes, sentence: str, tmp_path: Path) -> None:
    assert refusal(tmp_path / name, content) == sentence


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", pack({"办件.csv.gz": gzip.compress(TABLE.encode())})),
        ("a.csv.gz", gzip.compress(gzip.compress(TABLE.encode()))),
    ],
)
def test_a_gzip_in_an_archive_is_read(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert count_rows(tmp_path / name) == [2]


@pytest.mark.parametrize("name", ["办件20220722.csv", "办件20220722.xlsx"])
def test_a_file_whose_name_is_in_gb18030_is_received_read_and_told_under_that_name(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, raw = tmp_path / os.fsdecode(name.encode("gb18030")), tmp_path / "root/data/raw"
    raw.mkdir(parents=True)
    path.write_bytes(TABLE.encode() if name.endswith("csv") else write_workbook())
    checked = run(capsys, "check", str(path), "--root", str(tmp_path / "root"))
    assert checked.out.startswith(name)
    received = run(capsys, "receive", str(path), "--root", str(tmp_path / "root"))
    assert (received.exit_code, [p.name for p in (raw / "2022-07-22").iterdir()]) == (0, [name])
    path.rename(raw / "2022-07-22" / path.name)  # as a person would put it there
    assert run(capsys, "check", str(raw / "2022-07-22"), "--root", str(tmp_path / "root")).out.startswith(name)


def test_characters_that_no_document_may_hold_are_no_part_of_a_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load_one_case(tmp_path, capsys)
    folder = tmp_path / "data/raw/2022-07-22"
    folder.mkdir()
    header, row = f"{HEADER},实施主体", f"{SECOND_ROW},示\x01例\x0b厅\ufffe\uffff"
    (folder / "a.csv").write_text(f"{header}\n{row}\n")
    said = run(capsys, "weekly", "--week-ending", "2022-07-22", "--quiet", "--root", str(tmp_path))
    assert said.exit_code == 0, said.err
    asked = run(
        capsys, "query", "select department from cases where department <> ''", "--json", "--root", str(tmp_path)
    )
    assert '"示例厅"' in asked.out or '"示例 厅"' in asked.out


def test_a_case_on_a_line_of_nine_megabytes_is_a_row_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\n{GOOD_ROW}\n{SECOND_ROW}{',' * 9_000_000}\n")
    (table,) = read_export(path, PROFILE).tables
    with open_engine() as engine:
        prepare(engine)
        ((_, skipped),) = stage_table(engine, PROFILE, table, 1)
        numbers = [row["case_no"] for row in engine.read("staged_rows").dicts()]
    assert (numbers, skipped) == (["510000-20220701-000001", "510000-20220701-000002"], [])


LONG = {
    "a header of a megabyte": (
        f"{HEADER},{'备注' * 170_000}\n{GOOD_ROW}\n",
        ": line 1, where the header should be, is longer than 256 KiB: this is no table with a line for each case. Export it again.",
    ),
    "very many columns": (
        f"{HEADER}{''.join(f',备{i}' for i in range(16_400))}\n{GOOD_ROW}\n",
        " row 1: 16407 columns; a table has at most 16384. Export only the columns that are needed.",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), LONG.values(), ids=LONG.keys())
def test_a_text_that_is_no_table_is_refused_with_the_line(text: str, sentence: str, tmp_path: Path) -> None:
    assert refusal(tmp_path / "a.csv", text.encode()) == sentence


def test_too_little_memory_is_said_with_the_least_that_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data/raw/2022-07-22"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text(TABLE)
    said = run(capsys, "weekly", "--week-ending", "2022-07-22", "--memory", "1MiB", "--quiet", "--root", str(tmp_path))
    assert said.exit_code == 3
    assert said.err.startswith("not enough memory: the engine may use 1MiB and needs ")
