"""Tables in HTML or spreadsheet XML, which some systems export as .xls."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flows.domain.profile import Profile
from flows.domain.taken_for import PassedOver
from flows.domain.text import BadInput
from flows.sources.content import Content
from flows.sources.encoding import decode_blocks, examine
from flows.sources.header import has_header, refuse_width
from flows.sources.marks import NO_VALUE
from flows.sources.sheets import Range, Sheet, find_tables, read_top
from flows.sources.table import Table

if TYPE_CHECKING:
    import pyarrow as pa


_SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_WIDEST, _TALLEST = 500, 1 << 20  # columns and rows of a span, which may claim any number
_MOST_EMPTY_CELLS, _EMPTY_CELLS_A_FILLED = 20_000_000, 50


@dataclass
class Grid:
    """Rows of texts as they are read; a merged cell has its text at its first place only, and its range in `merged`.

    A row ends with its last text. `filled` counts the cells that hold one.
    """

    place: str
    name: str = ""
    rows: list[list[str]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    spans: dict[int, int] = field(default_factory=dict)  # columns filled by a cell above → rows it still fills
    width: int = 0
    filled: int = 0

    def add_cell(self, row: list[str], text: str, across: int, down: int) -> None:
        first = len(row)
        for i in range(across):
            if down > 1:
                self.spans[len(row)] = down - 1
            row.append("" if i else text)
        if across > 1 or down > 1:
            self.merged.append((len(self.rows), first, len(self.rows) + down - 1, first + across - 1))
        refuse_width(self.place, len(self.rows) + 1, len(row))

    def skip_filled(self, row: list[str]) -> None:
        while self.spans.get(len(row), 0):
            self.spans[len(row)] -= 1
            row.append("")

    def skip_to(self, row: list[str], column: int) -> None:
        """Leave cells empty up to a column, from 0."""
        refuse_width(self.place, len(self.rows) + 1, column)
        row += [""] * (column - len(row))

    def skip_rows(self, number: int) -> None:
        self._refuse_emptiness(len(self.rows) + number)
        self.rows += [[]] * number

    def add_row(self, row: list[str]) -> None:
        while row and not row[-1]:
            row.pop()
        self.rows.append(row)
        self.width = max(self.width, len(row))
        self.filled += sum(map(bool, row))
        self._refuse_emptiness(len(self.rows))

    def _refuse_emptiness(self, rows: int) -> None:
        if rows * max(1, self.width) > _MOST_EMPTY_CELLS + _EMPTY_CELLS_A_FILLED * self.filled:
            raise BadInput(
                "{place}: a table claims {rows} rows and {columns} columns, and {filled} of its cells hold anything: one stands far "
                "from all others. Remove it, save the table as .xlsx or CSV, and deliver that.",
                place=self.place,
                rows=rows,
                columns=self.width,
                filled=self.filled,
            )


def read_tables(content: Content, form: str, profile: Profile) -> tuple[list[Table], list[PassedOver]]:
    """The case tables of an HTML page or XML workbook; tables without a header of the profile are passed over.

    Raises:
        BadInput: there is no case table.
    """
    grids = read_grids(content, form)
    if not grids:
        raise BadInput("{place}: there is no table in this page (HTML or XML). Export it again.", place=content.place)
    tables = [_to_arrow(grid.rows) for grid in grids]
    headed = [i for i, rows in enumerate(tables, 1) if has_header(read_top(rows), profile)]
    sheets = [
        Sheet(_name(content, grid, 0 if headed == [i] else i), rows, grid.merged)
        for i, (grid, rows) in enumerate(zip(grids, tables, strict=True), 1)
    ]
    return find_tables(content.path, form, sheets, profile)


def read_grids(content: Content, form: str) -> list[Grid]:
    """The tables of a page, or the sheets of an XML workbook, that hold any text.

    Raises:
        BadInput: a damaged XML workbook.
    """
    grids = _read_html(content) if form == "html" else _read_xml(content)
    return [grid for grid in grids if any(map(any, grid.rows))]


def _name(content: Content, grid: Grid, number: int) -> str:
    """Of a worksheet its own name; of a table of a page its number, unless it is the only one with a header."""
    own = grid.name or (f"表{number}" if number else "")
    return f"{content.member}［{own}］" if content.member and grid.name else f"{content.member}{own}"


def _read_html(content: Content) -> list[Grid]:
    """Each table of a page, in the order in which they begin. A table in a cell gives its text to that cell, too."""
    from lxml import etree

    parser = etree.HTMLPullParser(events=("start", "end"), tag=("table", "tr"), encoding="utf-8", huge_tree=True)
    grids: dict[Any, Grid] = {}
    for event, element in _pull(parser, decode_blocks(content, examine(content).encoding)):
        if event == "start":
            if element.tag == "table":
                grids[element] = Grid(content.place)
            continue
        if element.tag == "tr":
            table = next(element.iterancestors("table"), None)
            _read_row(element, grids.setdefault(table, Grid(content.place)))
            is_nested = table is not None and next(table.iterancestors("td", "th"), None) is not None
            text = " ".join(_read_text(element).split()) if is_nested else None
            element.clear()
            element.text = text  # all that a cell around it needs
    return list(grids.values())


def _read_row(row: Any, grid: Grid) -> None:
    cells: list[str] = []
    for cell in row:
        if cell.tag not in ("td", "th"):
            continue
        grid.skip_filled(cells)
        across, down = min(_read_number(cell.get("colspan")), _WIDEST), min(_read_number(cell.get("rowspan")), _TALLEST)
        grid.add_cell(cells, " ".join(_read_text(cell).split()), across, down)
    grid.skip_filled(cells)
    grid.add_row(cells)


def _read_text(element: Any) -> str:
    """All texts of an element; those of cells, rows and lines apart, and nothing that a page does not show."""
    if not len(element):
        return element.text or ""
    for hidden in element.iter("script", "style"):
        hidden.text = ""
    for end in element.iter("td", "th", "tr", "br", "p", "div", "li"):
        end.tail = f" {end.tail or ''}"
    return "".join(element.itertext())


def _read_number(text: str | None, least: int = 1) -> int:
    """A number, from `least` on; more than nine digits say no more than nine."""
    return max(least, int(text[:9])) if text and text.isdecimal() else least


def _read_xml(content: Content) -> list[Grid]:
    from lxml import etree

    tags = tuple(f"{_SPREADSHEET}{name}" for name in ("Row", "Worksheet"))
    parser = etree.XMLPullParser(
        events=("start", "end"), tag=tags, resolve_entities=False, huge_tree=True, no_network=True
    )
    grids: list[Grid] = []
    try:
        for event, element in _pull(parser, content.blocks()):
            if event == "start":
                if element.tag.endswith("Worksheet"):
                    grids.append(Grid(content.place, element.get(f"{_SPREADSHEET}Name") or ""))
            elif element.tag.endswith("Row"):
                _read_xml_row(element, grids[-1] if grids else Grid(content.place))
                element.clear()
    except etree.XMLSyntaxError as error:
        raise BadInput(
            "{place}: this XML workbook is incomplete or damaged ({reason}). Export it again.",
            place=content.place,
            reason=error.msg,
        ) from None
    return grids


def _read_xml_row(row: Any, grid: Grid) -> None:
    place = _read_number(row.get(f"{_SPREADSHEET}Index"))
    grid.skip_rows(place - 1 - len(grid.rows))
    cells: list[str] = []
    for cell in row.iterfind(f"{_SPREADSHEET}Cell"):
        at = _read_number(cell.get(f"{_SPREADSHEET}Index")) - 1
        grid.skip_to(cells, at)
        data = cell.find(f"{_SPREADSHEET}Data")
        text = "".join(data.itertext()).strip() if data is not None else ""
        if not text and cell.get(f"{_SPREADSHEET}Formula") and data is None:
            text = NO_VALUE
        across = min(_read_number(cell.get(f"{_SPREADSHEET}MergeAcross"), least=0), _WIDEST)
        down = min(_read_number(cell.get(f"{_SPREADSHEET}MergeDown"), least=0), _TALLEST)
        if across or down:
            grid.merged.append((len(grid.rows), len(cells), len(grid.rows) + down, len(cells) + across))
        cells += [text, *[""] * across]
    grid.add_row(cells)


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
