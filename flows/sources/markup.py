"""Tables in HTML or spreadsheet XML, which some systems export as .xls."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flows.domain.profile import Profile
from flows.domain.text import BadInput
from flows.sources.archive import Content
from flows.sources.delimited import decode_blocks, examine
from flows.sources.header import HEADER_ROWS, has_header
from flows.sources.table import Table, find_table, read_top

if TYPE_CHECKING:
    import pyarrow as pa


_SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_WIDEST = 500  # columns; a colspan may claim any number


def read_tables(content: Content, form: str, profile: Profile) -> tuple[list[Table], list[str]]:
    """The case tables of an HTML page or XML workbook; tables without a header of the profile are passed over.

    Raises:
        BadInput: there is no case table.
    """
    found = [_to_arrow(rows) for rows in (_read_html(content) if form == "html" else _read_xml(content))]
    filled = [rows for rows in found if rows.num_rows]
    if not filled:
        raise BadInput("{place}: there is no table in this page (HTML or XML). Export it again.", place=content.place)
    is_case = [rows.num_rows > HEADER_ROWS or has_header(read_top(rows), profile) for rows in filled]
    cases = [rows for rows, wanted in zip(filled, is_case, strict=True) if wanted] or filled[:1]
    names = [content.member + (f"表{i}" if len(cases) > 1 else "") for i in range(1, len(cases) + 1)]
    tables = [find_table(content.path, name, form, rows, profile) for name, rows in zip(names, cases, strict=True)]
    passed_over = [f"{content.member}表{i}" for i, wanted in enumerate(is_case, 1) if not wanted]
    return tables, passed_over


def _read_html(content: Content) -> list[list[list[str]]]:
    """Each table of a page as rows of texts; a merged cell appears once, at its first position."""
    from lxml import etree

    parser = etree.HTMLPullParser(events=("end",), tag="tr", encoding="utf-8", huge_tree=True)
    tables: dict[Any, list[list[str]]] = {}
    spans: dict[Any, dict[int, int]] = {}
    for _, element in _pull(parser, decode_blocks(content, examine(content).encoding)):
        table = next(element.iterancestors("table"), None)
        tables.setdefault(table, []).append(_read_cells(element, spans.setdefault(table, {})))
        element.clear()
    return list(tables.values())


def _read_cells(row: Any, spans: dict[int, int]) -> list[str]:
    """The texts of one row. `spans` maps columns filled by a cell above to the number of rows it still fills."""
    cells: list[str] = []

    def skip_filled() -> None:
        while spans.get(len(cells), 0):
            spans[len(cells)] -= 1
            cells.append("")

    for cell in row:
        if cell.tag not in ("td", "th"):
            continue
        skip_filled()
        text = " ".join("".join(cell.itertext()).split())
        below = _read_number(cell.get("rowspan")) - 1
        for i in range(min(_read_number(cell.get("colspan")), _WIDEST)):
            if below:
                spans[len(cells)] = below
            cells.append("" if i else text)
    skip_filled()
    return cells


def _read_number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and int(text) else 1


def _read_xml(content: Content) -> list[list[list[str]]]:
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("end",),
        tag=(f"{_SPREADSHEET}Row", f"{_SPREADSHEET}Worksheet"),
        resolve_entities=False,
        huge_tree=True,
        no_network=True,
    )
    sheets: list[list[list[str]]] = [[]]
    try:
        for _, element in _pull(parser, content.blocks()):
            if element.tag.endswith("Worksheet"):
                sheets.append([])
                continue
            place = _read_number(element.get(f"{_SPREADSHEET}Index"))
            sheets[-1] += [[]] * (place - 1 - len(sheets[-1]))
            cells: list[str] = []
            for cell in element.iterfind(f"{_SPREADSHEET}Cell"):
                at = _read_number(cell.get(f"{_SPREADSHEET}Index")) - 1
                cells += [""] * (min(at, _WIDEST) - len(cells))
                cells.append("".join("".join(cell.itertext()).strip()))
                cells += [""] * min(int(cell.get(f"{_SPREADSHEET}MergeAcross") or 0), _WIDEST)
            sheets[-1].append(cells)
            element.clear()
    except etree.XMLSyntaxError as error:
        raise BadInput(
            "{place}: this XML workbook is incomplete or damaged ({reason}). Export it again.",
            place=content.place,
            reason=error.msg,
        ) from None
    return [rows for rows in sheets if rows]


def _pull(parser: Any, blocks: Iterator[bytes]) -> Iterator[tuple[str, Any]]:
    for block in blocks:
        parser.feed(block)
        yield from parser.read_events()
    parser.close()
    yield from parser.read_events()


def _to_arrow(rows: list[list[str]]) -> "pa.Table":
    import pyarrow as pa

    width = max((len(row) for row in rows), default=0)
    columns = [[row[i] if i < len(row) else None for row in rows] for i in range(width)]
    return pa.table([pa.array(column, pa.string()) for column in columns], [f"c{i}" for i in range(width)])
