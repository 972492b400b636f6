"""The files of sql/: one SELECT each, opened by a header that gives grain and columns."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_BESIDE = Path(__file__).resolve().parents[1] / "sql"  # in an installed package
FOLDER = _BESIDE if _BESIDE.is_dir() else Path(__file__).resolve().parents[2] / "sql"


@dataclass(frozen=True)
class Query:
    """One file: `header` maps grain, columns (and, of checks, severity, zh, en) to their words."""

    name: str
    select: str
    header: dict[str, str]


@cache
def load_query(name: str) -> Query:
    """The query of sql/<name>.sql, for example public/cases."""
    text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    comments: list[str] = []
    body: list[str] = []
    for line in text.splitlines():
        (comments if line.startswith("--") and not body else body).append(line)
    return Query(name, "\n".join(body).strip(), parse_header(comments))


def list_queries(folder: str) -> list[str]:
    return sorted(f"{folder}/{path.stem}" for path in (FOLDER / folder).glob("*.sql"))


def parse_header(comments: list[str]) -> dict[str, str]:
    """`-- a, b: words` gives both names the words; a line without names goes on with the line above it."""
    header: dict[str, str] = {}
    names: list[str] = []
    for comment in comments:
        line = comment.removeprefix("--").strip()
        found = re.match(r"([A-Za-z_\u4e00-\u9fff]+[0-9]*(?:, [a-z_]+)*): (.*)", line)
        if found and not comment.startswith("--  "):
            names = found[1].lower().split(", ")
            header.update(dict.fromkeys(names, found[2]))
        else:
            header.update({name: f"{header[name]} {line}" for name in names})
    return header
