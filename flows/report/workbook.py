"""Workbooks as this program writes them: text stays text, whatever it begins with."""

from pathlib import Path
from typing import IO, Any


def open_workbook(target: Path | IO[bytes], **options: Any) -> Any:
    """A new workbook, to be closed; `options` as XlsxWriter names them.

    No text becomes a formula, a link or a number, since it may come from a source or a user.
    """
    import xlsxwriter

    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, {**options, **as_text})
