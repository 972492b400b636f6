"""The form of a file, recognised by content and never by name: an .xls that is HTML or CSV is read as such."""

import zipfile
from pathlib import Path

from flows.domain.text import BadInput
from flows.sources.content import Content, open_zip, refuse_damage, refuse_locked, whole_file

ARCHIVES = (".zip", ".gz")
TABLES = (
    *(".csv", ".txt", ".tsv", ".tab", ".dat"),
    *(".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".et", ".xlsb", ".ods"),
    *(".html", ".htm", ".xml", ".parquet"),
)
SUFFIXES = TABLES + ARCHIVES
_OPEN_XML = {"sheet.main+xml": "xlsx", "sheet.macroenabled.main+xml": "xlsx", "sheet.binary": "xlsb"}
_NAMED_BY_START = {
    b"\xd0\xcf\x11\xe0": "xls",
    b"\x1f\x8b": "gzip",
    b"PAR1": "parquet",
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"MIME-Version:": "MHTML",
}
_PAGE_TAGS = ("<html", "<!doctype html", "<table", "<meta", "<head", "<body", "<style", "<tr")
_UNREADABLE = ("PDF", "RAR", "7z", "PNG", "JPEG", "MHTML", "docx", "pptx", "odt")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_text(path: Path) -> bool:
    """Whether a file is a text, as its first bytes say; everything else is a container or markup that a library has to make out."""
    return _recognise_start(whole_file(path).start()) == "text"


def recognise(content: Content) -> str:
    """The form of a content: zip, gzip, xlsx, xlsb, xls, ods, parquet, html, xml; otherwise `text`.

    Raises:
        BadInput: empty, damaged, password-protected, or a form that cannot be read.
    """
    start = content.start()
    if not start:
        raise BadInput("{place}: the file is empty (0 bytes). Export it again.", place=content.place)
    form = _recognise_start(start)
    if form == "package":
        form = _recognise_package(content)
    if form == "xls" and any(_ENCRYPTED in block for block in content.blocks()):
        refuse_locked(content.place)
    if form in _UNREADABLE:
        raise BadInput(
            "{place}: this is {form}, not a case table. Export it as Excel or CSV (zipped if you like), or move it out of data/raw.",
            place=content.place,
            form=form,
        )
    return form


def _recognise_start(start: bytes) -> str:
    if start.startswith(b"PK") and start[2:3] < b" ":  # and no text that begins with a column called PK
        return "package"
    return next((name for magic, name in _NAMED_BY_START.items() if start.startswith(magic)), _recognise_markup(start))


def _recognise_package(content: Content) -> str:
    with open_zip(content) as archive, refuse_damage(content.place):
        names = set(archive.namelist())
        if "mimetype" in names:
            kind = archive.read("mimetype")[:100]
            return "ods" if b"spreadsheet" in kind else "odt"
        if "[Content_Types].xml" in names:
            return _recognise_open_xml(archive, names)
    return "zip"


def _recognise_open_xml(archive: zipfile.ZipFile, names: set[str]) -> str:
    """By the type of its main part, since writers name that part as they like; else by the usual name."""
    types = archive.read("[Content_Types].xml").lower()
    found = next((form for kind, form in _OPEN_XML.items() if kind.encode() in types), "")
    if found:
        return found
    folders = {name.replace("\\", "/").lower() for name in names}
    return "xlsx" if "xl/workbook.xml" in folders else "xlsb" if "xl/workbook.bin" in folders else "docx"


def _recognise_markup(start: bytes) -> str:
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    text = start.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n").lower()
    if text.startswith("<?xml") and "urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "xml"
    return "html" if text.startswith("<") and any(tag in text for tag in _PAGE_TAGS) else "text"
