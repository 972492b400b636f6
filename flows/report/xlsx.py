"""The XLSX form: one sheet a table, the days for a pivot table, a chart of the weeks. The same content gives the same bytes."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flows.domain.cases import PRINTED
from flows.domain.figures import DailyCounts, Statistics
from flows.domain.text import printable
from flows.report.docx import EPOCH
from flows.report.paragraph import write_paragraph
from flows.report.rates import NONE, Rate
from flows.report.table import Cell, Table
from flows.report.tables import list_left_out, list_tables
from flows.report.workbook import COUNT_FORMAT, DAY_FORMAT, add_filters, measure_width, open_workbook, set_for_paper

WEEKS = "每周走势"
_CHART, _DAYS = "走势图", "每日明细"
_NOTE_LINE = 16  # points
_HEADER_SIGNS = 8
_COLOURS = ("#A3321F", "#2B5A78", "#D08A7C", "#7FA6C0", "#8A5A00", "#2F6B3C")  # 受理, 办结 of each group


def write_workbook(statistics: Statistics, mark: str = "") -> bytes:
    """A sheet for the paragraph and one for each table, one a row a day, group and measure, and the chart of the weeks."""
    tables = [*list_tables(statistics), list_left_out(statistics)]
    labels = {figures.group: figures.label for figures in statistics.groups}
    if statistics.daily:
        tables.append(_list_days(labels, statistics.daily))
    return write_tables(write_paragraph(statistics), statistics.definitions, tables, mark)


def write_tables(paragraph: str, definitions: Mapping[str, str], tables: Iterable[Table], mark: str = "") -> bytes:
    """A workbook with the paragraph, a mark such as 草稿 below it, its terms, and the tables.

    Counts, rates and days are such, with their formats; ids and names are text.
    """
    content = io.BytesIO()
    with open_workbook(content, in_memory=True) as book:
        book.set_properties({"created": EPOCH})
        formats = {name: book.add_format({"num_format": name}) for name in (COUNT_FORMAT, DAY_FORMAT)}
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        first = book.add_worksheet("段落")
        set_for_paper(first)
        first.set_column(0, 0, 100)
        first.write_string(0, 0, paragraph, wrapped)
        if mark:
            first.write_string(1, 0, mark, bold)
        for line, (term, meaning) in enumerate(definitions.items(), 2):
            first.write_string(line, 0, f"{term}：{meaning}", wrapped)
        for number, table in enumerate(tables, 1):
            _write_table(book, number, table, formats, head, wrapped)
            if table.title == WEEKS and table.rows:
                _draw_weeks(book, table)
    return content.getvalue()


def _list_days(labels: Mapping[str, str], daily: Iterable[DailyCounts]) -> Table:
    """The days that have cases, one row a measure: what a pivot table asks for."""
    places = {group: place for place, group in enumerate(labels)}
    counted = [
        (row, measure, count) for row in daily for measure in PRINTED if (count := getattr(row.counts, measure))
    ]  # what has moved to another group leaves days of noughts in its former one
    rows = tuple(
        (row.day, labels[row.group], measure.zh, count)
        for row, measure, count in sorted(counted, key=lambda each: (each[0].day, places[each[0].group]))
    )
    return Table(_DAYS, ("日期", "组别", "指标", "件数"), rows, "单位：件。可直接插入数据透视表；没有办件的日期不列。")


def _write_table(book: Any, number: int, table: Table, formats: dict[str, Any], head: Any, wrapped: Any) -> None:
    """A table object, filters in its header; below it the note, as wide as the table."""
    sheet = book.add_worksheet(table.title)
    set_for_paper(sheet)
    heads = [f"{name[:_HEADER_SIGNS]}  " for name in table.header]  # a longer one goes over several lines
    widths = [measure_width([head, *(_say(row[place]) for row in table.rows)]) for place, head in enumerate(heads)]
    sheet.set_row(0, _NOTE_LINE * max(-(-len(name) // _HEADER_SIGNS) for name in table.header))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    add_filters(sheet, number, table.header, len(table.rows), head)
    for line, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            _write_cell(book, sheet, (line, place), cell, formats)
    if table.note:
        line = len(table.rows) + 2
        sheet.merge_range(line, 0, line, max(len(table.header) - 1, 1), "")
        sheet.write_string(line, 0, table.note, wrapped)
        sheet.set_row(line, _NOTE_LINE * (2 * len(table.note) // sum(widths) + 1))


def _say(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _write_cell(book: Any, sheet: Any, place: tuple[int, int], cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell, int):
        sheet.write_number(*place, cell, formats[COUNT_FORMAT])
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, formats[DAY_FORMAT])
    elif isinstance(cell, Rate):
        if cell.pattern not in formats:
            formats[cell.pattern] = book.add_format({"num_format": cell.pattern})
        sheet.write_number(*place, cell.number, formats[cell.pattern])
    elif cell == NONE:
        if "none" not in formats:
            formats["none"] = book.add_format({"align": "right"})
        sheet.write_string(*place, cell, formats["none"])
    else:
        sheet.write_string(*place, printable(cell))


def _draw_weeks(book: Any, table: Table) -> None:
    """A chart sheet of the weeks: a line a column of the table, from zero."""
    chart = book.add_chart({"type": "line"})
    lines: Sequence[str] = table.header[1:]
    for column, name in enumerate(lines, 1):
        chart.add_series(
            {
                "name": name,
                "categories": [table.title, 1, 0, len(table.rows), 0],
                "values": [table.title, 1, column, len(table.rows), column],
                "line": {"color": _COLOURS[(column - 1) % len(_COLOURS)], "width": 2},
            }
        )
    chart.set_title({"name": f"{table.title}（单位：件）", "name_font": {"size": 14}})
    chart.set_x_axis({"num_format": "m-d", "text_axis": True})
    chart.set_y_axis({"min": 0, "num_format": COUNT_FORMAT, "major_gridlines": {"visible": True}})
    chart.set_legend({"position": "bottom"})
    sheet = book.add_chartsheet(_CHART)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_chart(chart)
