"""Workbooks (.xlsx): every sheet as text, so that ids keep their digits and dates their meaning."""

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.exports.tables import HEADER_ROWS, SheetSource, Table, find_header, has_header
from flows.profiles import Profile
from flows.vocabulary import BadInput

if TYPE_CHECKING:
    import pyarrow as pa

_LAST_ROWS = 5  # in which a notice of truncation is looked for


def read_tables(path: Path, profile: Profile) -> list[Table]:
    """The case tables of all sheets, hidden ones too; empty sheets, covers and notes are passed over."""
    workbook = _open_workbook(path)
    sheets = {name: rows for name in workbook.sheet_names if (rows := _read_rows(workbook, name)).num_columns}
    # a cover or a note is no table, but a long sheet without header is refused: its cases would be lost
    tabular = {n: rows for n, rows in sheets.items() if rows.num_rows > HEADER_ROWS or has_header(_top(rows), profile)}
    found = [_find_table(path, name, rows, profile) for name, rows in (tabular or sheets).items()]
    if not found:
        raise BadInput(
            zh=f"{path}：工作簿里没有任何数据。请重新导出。", en=f"{path}: no sheet holds any data. Export it again."
        )
    return found


def _open_workbook(path: Path) -> Any:
    import fastexcel

    if not zipfile.is_zipfile(path):
        raise BadInput(
            zh=f"{path}：扩展名是 .xlsx，内容却不是 Excel 工作簿（文件可能不完整、加密，或只是改了扩展名）。请重新导出。",
            en=f"{path}: named .xlsx, but it is no Excel workbook (incomplete, password-protected, or only renamed). "
            "Export it again.",
        )
    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        raise BadInput(
            zh=f"{path}：无法打开这个工作簿（{_first_line(error)}）。请用 Excel 打开后另存为 .xlsx 再试。",
            en=f"{path}: this workbook cannot be opened ({_first_line(error)}). Open it in Excel, save it as .xlsx anew.",
        ) from None


def _read_rows(workbook: Any, name: str) -> "pa.Table":
    # skip_rows=0 keeps empty rows at the top, so that row numbers are those a person sees.
    return workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow()


def _top(rows: "pa.Table") -> list[list[str | None]]:
    return [[column[i].as_py() for column in rows.columns] for i in range(min(HEADER_ROWS, rows.num_rows))]


def _find_table(path: Path, name: str, rows: "pa.Table", profile: Profile) -> Table:
    header = find_header(f"{path}［{name}］", _top(rows), profile)
    kept = rows.select(list(header.columns.values())).rename_columns(list(header.columns)).slice(header.row)
    is_truncated = profile.says_truncated(str(rows.slice(max(header.row, rows.num_rows - _LAST_ROWS)).to_pylist()))
    dropped = (header.personal_columns, header.other_columns)
    return Table(path, name, header.row, header.cells, header.columns, *dropped, is_truncated, SheetSource(kept))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
