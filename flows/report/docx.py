"""The DOCX forms: the section as the bulletin prints it, and the notice. The same content gives the same bytes."""

import io
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from flows.domain.figures import Statistics
from flows.domain.text import printable
from flows.report.paragraph import write_paragraph
from flows.report.rates import NONE, Rate
from flows.report.table import Cell, Table
from flows.report.tables import list_left_out, list_tables
from flows.report.templates import in_short, in_words

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run


HEADING = "一、省级政务服务事项受理办理情况"
EPOCH = datetime(2000, 1, 1)
_BODY, _HEAD, _SUBHEAD, _TITLE = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
_SIZE_2 = 22.0  # 二号, points
_SIZE_3 = 16.0  # 三号
_SIZE_5 = 10.5  # 五号
_LINE_PITCH = 28.95
_MARGINS_MM = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
_A4_MM = (210, 297)
_CENTRE, _RIGHT = 1, 2  # of WD_ALIGN_PARAGRAPH
_UNIT = "单位：件"
_TEXT = "word/document.xml"


def write_document(statistics: Statistics, *, mark: str = "") -> bytes:
    """The section as the bulletin prints it, on A4 in official typefaces, then the tables as an appendix.

    `mark`, such as 草稿, is printed at the top.
    """
    document = _open_document()
    if mark or statistics.is_sample:
        _add_paragraph(document, "　".join(filter(None, (mark, "示例数据" if statistics.is_sample else ""))), _HEAD)
    _add_paragraph(document, HEADING, _HEAD)
    _add_paragraph(document, write_paragraph(statistics), _BODY, is_indented=True)
    tables = list_tables(statistics)
    if tables:
        tables.append(list_left_out(statistics))
        _add_paragraph(document, "附表", _HEAD).paragraph_format.page_break_before = True
        for number, table in enumerate(tables, 1):
            _add_table(document, number, table)
        known = statistics.known_through
        words = f"（以上数据统计时间为{in_words(known.cut_off)}，共{known.deliveries}批，最近一批{in_short(known.received_on)}收到。）"
        _add_paragraph(document, words, _SUBHEAD, size=_SIZE_5)
    return _pack(_save(document))


def write_notice(title: str, paragraphs: list[str], issuer: str, on: date) -> bytes:
    """A centred title and paragraphs in the same typefaces, then who issues it, if that is known, and the day `on`: 更正说明.

    An office writes one for each of its weeks: all but the text comes from one blank document.
    """
    from docx.document import Document
    from docx.opc.oxml import serialize_part_xml

    blank, members = _blank()
    document = Document(deepcopy(blank.element), blank.part)
    _add_paragraph(document, title, _TITLE, size=_SIZE_2, alignment=_CENTRE)
    _add_paragraph(document, "", _BODY)
    for text in paragraphs:
        _add_paragraph(document, text, _BODY, is_indented=True)
    _add_paragraph(document, "", _BODY)
    for line in filter(None, (issuer, in_words(on))):
        _add_paragraph(document, line, _BODY, alignment=_RIGHT).paragraph_format.right_indent = _points(4 * _SIZE_3)
    return _pack({**members, _TEXT: serialize_part_xml(document.element)})


@cache
def _blank() -> tuple["Document", Mapping[str, bytes]]:
    """An empty document, and what it is saved as; nobody may write into it."""
    document = _open_document()
    return document, _save(document)


def _open_document() -> "Document":
    from docx import Document
    from docx.shared import Mm

    document = Document()
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = EPOCH
    section = document.sections[0]
    section.page_width, section.page_height = Mm(_A4_MM[0]), Mm(_A4_MM[1])
    for name, millimetres in _MARGINS_MM.items():
        setattr(section, name, Mm(millimetres))
    _set_language(document)
    _number_pages(document)
    return document


def _set_language(document: "Document") -> None:
    """Chinese for Chinese characters: spelling, line ends and fonts are then those of Chinese."""
    from docx.oxml.ns import qn

    properties: Any = document.styles["Normal"].element.get_or_add_rPr()
    language = properties.makeelement(qn("w:lang"), {qn("w:val"): "en-US", qn("w:eastAsia"): "zh-CN"})
    properties.append(language)
    for defaults in document.styles.element.iter(qn("w:lang")):
        defaults.set(qn("w:eastAsia"), "zh-CN")


def _number_pages(document: "Document") -> None:
    """— 1 — in the middle of the foot, as a field."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = _CENTRE
    for text, field in (("— ", ""), ("", "PAGE"), (" —", "")):
        run = _write(paragraph, text, "宋体", _SIZE_5 + 3.5)
        if field:
            for kind in ("begin", "separate", "end"):
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
                run._element.append(mark)
                if kind == "begin":
                    code = OxmlElement("w:instrText")
                    code.text = field
                    run._element.append(code)


def _points(points: float) -> Any:
    from docx.shared import Pt

    return Pt(points)


def _add_paragraph(
    document: "Document",
    text: str,
    font: str,
    *,
    is_indented: bool = False,
    size: float = _SIZE_3,
    alignment: int | None = None,
) -> "Paragraph":
    from docx.enum.text import WD_LINE_SPACING

    paragraph = document.add_paragraph()
    if alignment is not None:
        paragraph.alignment = alignment  # type: ignore[assignment]  # its number
    style = paragraph.paragraph_format
    style.space_before = style.space_after = _points(0)
    style.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.line_spacing = _points(_LINE_PITCH)
    if is_indented:
        style.first_line_indent = _points(2 * size)  # two characters
    _write(paragraph, text, font, size)
    return paragraph


def _add_table(document: "Document", number: int, table: Table) -> None:
    """Title, unit, and a grid whose header stands again on each page; no row goes over the end of one."""
    title = _add_paragraph(document, f"表{number}　{table.title}", _SUBHEAD, size=_SIZE_5 + 1.5, alignment=_CENTRE)
    words = f"{_UNIT}、工作日" if any("工作日" in name for name in table.header) else _UNIT
    unit = _add_paragraph(document, words, _BODY, size=9.0, alignment=_RIGHT)
    for above in (title, unit):
        above.paragraph_format.keep_with_next = True
    grid = document.add_table(rows=0, cols=len(table.header), style="Table Grid")
    for row in (table.header, *table.rows):
        line = grid.add_row()
        _mark_row(line, is_header=row is table.header)
        for cell, value in zip(line.cells, row, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = _CENTRE if row is table.header else _align(value)
            _write(paragraph, f"{value:,}" if isinstance(value, int) else str(value), _BODY, 9.0)
    if table.note:
        _add_paragraph(document, table.note, _BODY, size=9.0)


def _align(value: Cell) -> Any:
    return _RIGHT if isinstance(value, int | Rate) or value == NONE else 0


def _mark_row(row: Any, *, is_header: bool) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", *(["w:tblHeader"] if is_header else [])):
        properties.append(OxmlElement(name))


def _write(paragraph: "Paragraph", text: str, font: str, size: float) -> "Run":
    """Set the font for Chinese characters, too: it is separate from the Latin one."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run: Any = paragraph.add_run(printable(text))
    run.font.name, run.font.size = font, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    return run  # type: ignore[no-any-return]


def _save(document: "Document") -> dict[str, bytes]:
    """Member → content."""
    draft = io.BytesIO()
    document.save(draft)
    with zipfile.ZipFile(draft) as source:
        return {name: source.read(name) for name in source.namelist()}


def _pack(members: Mapping[str, bytes]) -> bytes:
    """With a fixed time: otherwise the archive would hold the time of the run."""
    final = io.BytesIO()
    with zipfile.ZipFile(final, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            target.writestr(member, content)
    return final.getvalue()
