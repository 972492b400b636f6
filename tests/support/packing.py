"""What workbooks are packed from: zip archives, OpenDocument, and the records of binary workbooks ([MS-XLSB] 2.4)."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"


def pack(members: Mapping[str, bytes | str]) -> bytes:
    """A zip archive that is the same each time."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2022, 7, 22, 18, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def pack_ods(tables: str) -> bytes:
    """An OpenDocument spreadsheet of the given elements `table:table`."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    names = " ".join(f'xmlns:{name}="{_OPEN_DOCUMENT}:{name}:1.0"' for name in ("office", "table", "text"))
    names += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}>{body}</office:document-content>'
    manifest = f"""<?xml version="1.0"?><manifest:manifest xmlns:manifest="{_OPEN_DOCUMENT}:manifest:1.0">
        <manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>"""
    return pack({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of a binary workbook: its kind and its size, seven bits a byte, then its data."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(data), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return number + length + data


def wide(text: str) -> bytes:
    """A text in such a record."""
    raw = text.encode("utf-16-le")
    return struct.pack("<I", len(raw) // 2) + raw


def pack_xlsb(sheets: Sequence[tuple[str, bool, bytes]]) -> bytes:
    """A binary workbook of sheets: name, whether it is hidden, records."""
    listed = b"".join(
        record(156, struct.pack("<II", int(is_hidden), n) + wide(f"rId{n}") + wide(name))
        for n, (name, is_hidden, _) in enumerate(sheets, 1)
    )
    places = {f"worksheets/sheet{n}.bin": content for n, (*_, content) in enumerate(sheets, 1)}
    return pack(
        {
            "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types"/>',
            "_rels/.rels": _relate("officeDocument", ["xl/workbook.bin"]),
            "xl/_rels/workbook.bin.rels": _relate("worksheet", [*places]),
            "xl/workbook.bin": record(131) + record(143) + listed + record(144) + record(132),
            **{f"xl/{place}": content for place, content in places.items()},
        }
    )


def _relate(kind: str, targets: Sequence[str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, target in enumerate(targets, 1)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
