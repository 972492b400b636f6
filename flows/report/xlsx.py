"""The XLSX form: one sheet a table. The same content gives the same bytes."""

import io
from collections.abc import Iterable, Mapping

from flows.domain.figures import Statistics
from flows.report.docx import EPOCH
from flows.report.paragraph import write_paragraph
from flows.report.tables import Table, list_left_out, list_tables
from flows.report.workbook import open_workbook


def write_workbook(statistics: Statistics, mark: str = "") -> bytes:
    """A sheet for the paragraph and one for each table; counts as numbers, everything else as text."""
    tables = [*list_tables(statistics), list_left_out(statistics)]
    return write_tables(write_paragraph(statistics), statistics.definitions, tables, mark)


def write_tables(paragraph: str, definitions: Mapping[str, str], tables: Iterable[Table], mark: str = "") -> bytes:
    """A workbook with the paragraph, a mark such as 草稿 below it, its terms, and the tables."""
    content = io.BytesIO()
    with open_workbook(content, in_memory=True) as book:
        book.set_properties({"created": EPOCH})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        first = book.add_worksheet("段落")
        first.set_column(0, 0, 100)
        first.write_string(0, 0, paragraph, wrapped)
        if mark:
            first.write_string(1, 0, mark, bold)
        for line, (term, meaning) in enumerate(definitions.items(), 2):
            first.write_string(line, 0, f"{term}：{meaning}", wrapped)
        for table in tables:
            sheet = book.add_worksheet(table.title)
            sheet.set_column(0, len(table.header), 14)
            sheet.write_row(0, 0, table.header, bold)
            for number, row in enumerate(table.rows, 1):
                for column, cell in enumerate(row):
                    write = sheet.write_number if isinstance(cell, int) else sheet.write_string
                    write(number, column, cell)
            sheet.write_string(len(table.rows) + 2, 0, table.note)
            sheet.freeze_panes(1, 0)
    return content.getvalue()
