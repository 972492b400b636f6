"""Workbooks as this program writes them: text stays text, whatever it begins with."""

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
