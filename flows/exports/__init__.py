"""Exports: recognise a file, find its header, map its columns through the source profile.

Only allow-listed columns leave this package; nothing here counts, cleans or judges a value.
"""

from collections.abc import Callable
from pathlib import Path

from flows.exports import sheets, text
from flows.exports.tables import Table
from flows.profiles import Profile
from flows.vocabulary import BadInput

__all__ = ["Table", "is_export", "read_export"]

_IGNORED = ("delivery.toml", "thumbs.db", "desktop.ini")
_READERS: dict[str, Callable[[Path, Profile], list[Table]]] = {
    ".csv": text.read_tables,
    ".txt": text.read_tables,
    ".tsv": text.read_tables,
    ".xlsx": sheets.read_tables,
}


def is_export(path: Path) -> bool:
    """Whether a file of data/raw is data: hidden, half-copied and the office's own side files are not."""
    name = path.name.lower()
    return (
        not name.startswith((".", "~$"))
        and not name.endswith((".part", ".tmp", ".crdownload", ".md"))
        and (name not in _IGNORED)
    )


def read_export(path: Path, profile: Profile) -> list[Table]:
    """The case tables of one file, each with its header mapped; at least one.

    Raises:
        BadInput: not a file that can be read, not what its name says, empty, or without a header of the profile.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise BadInput(
            zh=f"{path}：不支持 {path.suffix or '无扩展名'} 文件。可读取 {'、'.join(_READERS)}；请另存为其中一种，或移出 data/raw。",
            en=f"{path}: {path.suffix or 'a file without extension'} cannot be read. What can: {', '.join(_READERS)}. "
            "Save it as one of these, or move it out of data/raw.",
        )
    if path.stat().st_size == 0:
        raise BadInput(
            zh=f"{path}：文件为空（0 字节）。请重新导出。", en=f"{path}: the file is empty (0 bytes). Export it again."
        )
    return reader(path, profile)
