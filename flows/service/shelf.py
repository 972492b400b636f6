"""The files of reports/ as the pages show them: those that this program writes, as they are named, read through no link."""

import os
import re
import stat
from pathlib import Path

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
# Folders of weeks and ranges, and what lies in them; a name begins with a letter or a digit, so none is hidden and none is `..`.
_FILE = re.compile(rf"(?:(?:{_DAY}(?:_{_DAY})?|published|proposed|draft)/)*\w[\w.+-]*", re.ASCII)
_NOTICE = "更正说明"  # the one name that is not ASCII
_NO_LINK = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe in its place is not waited for


def read_report(reports: Path, name: str) -> tuple[bytes, str]:
    """The content of a file below reports/, and its media type; the empty name is the home page.

    Raises:
        FileNotFoundError: there is none, it is of a kind or in a place that this program does not write, or on the way to it
            is a link.
    """
    name = name or "index.html"
    kind = KINDS.get(Path(name).suffix)
    if not kind or not _FILE.fullmatch(name.replace(_NOTICE, "notice")):
        raise FileNotFoundError(name)
    *folders, file = name.split("/")
    place = os.open(reports, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        for folder in folders:
            place, above = os.open(folder, _NO_LINK | os.O_DIRECTORY, dir_fd=place), place
            os.close(above)
        with os.fdopen(os.open(file, _NO_LINK, dir_fd=place), "rb") as opened:
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                raise FileNotFoundError(name)
            return opened.read(), kind
    except OSError as error:  # a link, a file in place of a folder, a name that is too long
        raise FileNotFoundError(name) from error
    finally:
        os.close(place)
