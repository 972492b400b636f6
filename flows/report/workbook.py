"""Workbooks as this program writes them: text stays text, whatever it begins with; sheets are ready for reading and printing."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any


def open_workbook(target: Path | IO[bytes], **options: Any) -> Any:
    """A new workbook, to be closed; `options` as XlsxWriter names them.

    No text becomes a formula, a link or a number, since it may come from a source or a user.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    class Book(xlsxwriter.Workbook):  # type: ignore[misc]  # the library has no types
        def close(self) -> None:
            try:
                super().close()
            except FileCreateError as error:  # it hides what the system said
                raise error.args[0] from None

    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return Book(str(target) if isinstance(target, Path) else target, {**options, **as_text})


DAY_FORMAT, COUNT_FORMAT = "yyyy-mm-dd", "#,##0"
_NARROWEST, _WIDEST = 8, 60
_LAST_NARROW = 0x2E7F
_STYLE = "Table Style Light 1"
_LONGEST_NAME = 255  # of a column of a table object


def measure_width(cells: Iterable[object]) -> int:
    """The width of a column: that of its widest cell, where a Chinese character takes two places, within reason."""
    widest = max(sum(2 if ord(sign) > _LAST_NARROW else 1 for sign in str(cell)) for cell in cells)
    return min(max(widest + 2, _NARROWEST), _WIDEST)


def add_filters(sheet: Any, number: int, header: Sequence[str], rows: int, head: Any) -> None:
    """Write the header, with filters: that of table object `number` of the workbook, where a table may be called by these names."""
    last = len(header) - 1
    if rows and _makes_table(header):
        columns = [{"header": name, "header_format": head} for name in header]
        sheet.add_table(0, 0, rows, last, {"name": f"Table{number}", "style": _STYLE, "columns": columns})
    else:
        sheet.write_row(0, 0, header, head)
        sheet.autofilter(0, 0, rows, last)


def _makes_table(header: Sequence[str]) -> bool:
    """Each column of a table object has a name of its own, in one line."""
    is_named = all(0 < len(name) <= _LONGEST_NAME and name.isprintable() for name in header)
    return is_named and len({name.lower() for name in header}) == len(header)


def set_for_paper(sheet: Any, *, header_rows: int = 1) -> None:
    """The header stays in sight and stands on each page; A4 across, as wide as the paper, pages numbered."""
    sheet.freeze_panes(header_rows, 0)
    sheet.repeat_rows(0, header_rows - 1)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&A　&P / &N")
