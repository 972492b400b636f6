"""The files of sql/: one SELECT each, opened by a header that says what becomes of it, its grain and its columns."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_BESIDE = Path(__file__).resolve().parents[1] / "sql"  # in an installed package
FOLDER = _BESIDE if _BESIDE.is_dir() else Path(__file__).resolve().parents[2] / "sql"
ROW_RULES = "rules/rows"
# Steps that are no files of their own: all row rules that quarantine; all others, which judge what has been merged, too.
RULES_AS_A_STEP = {"fold/3_refuse/quarantined_rows": ("quarantine",), "fold/5_count/odd_rows": ("critical", "warning")}
_FATES = (
    r"(?P<kind>a table|a view)",
    r"(?P<kind>rows) of (?P<target>\w+)(, numbered by (?P<number>\w+))?",
    r"(?P<kind>newer values) of (?P<target>\w+), by (?P<key>\w+)( where (?P<condition>[\w ]+))?",
    r"(?P<kind>the table) (?P<target>\w+)",
    r"(?P<kind>fewer rows) of (?P<target>\w+), by (?P<key>\w+)",
)


@dataclass(frozen=True)
class Fate:
    """What becomes of a SELECT: `kind` is a table, a view, rows, newer values, the table, fewer rows; `target` the relation it becomes or changes.

    Rows may be numbered, from 0, in their order: the relation then has the column `number`. Newer values replace those of
    the row with the same `key`, among the rows of which `condition` is true; fewer rows are those with other keys.
    """

    kind: str
    target: str
    number: str = ""
    key: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Query:
    """One file: `header` maps grain, columns (and, of row rules, severity, zh, en) to their words."""

    name: str
    select: str
    header: dict[str, str]

    @property
    def fate(self) -> Fate:
        """Raises ValueError for a SELECT that does not say what becomes of it: one that is only asked."""
        said = self.header.get("becomes", "")
        for pattern in _FATES:
            if found := re.fullmatch(pattern, said):
                parts = {"target": Path(self.name).name, **found.groupdict(default="")}
                return Fate(**parts)
        raise ValueError(f"sql/{self.name}.sql does not say what becomes of it: {said!r}")

    @property
    def parameters(self) -> set[str]:
        return set(re.findall(r"\$(\w+)", self.select))


@cache
def load_query(name: str) -> Query:
    """The query of sql/<name>.sql, for example public/cases."""
    if name in RULES_AS_A_STEP:
        return _unite_rules(name, RULES_AS_A_STEP[name])
    return parse_query(name, (FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


def parse_query(name: str, text: str) -> Query:
    comments: list[str] = []
    body: list[str] = []
    for line in text.splitlines():
        (comments if line.startswith("--") and not body else body).append(line)
    return Query(name, "\n".join(body).strip(), parse_header(comments))


def list_queries(folder: str) -> list[str]:
    return sorted(f"{folder}/{path.stem}" for path in (FOLDER / folder).glob("*.sql"))


def list_row_rules(*severities: str) -> list[str]:
    """The names of the row rules that quarantine, that warn, or that are critical."""
    return [Path(name).name for name in list_queries(ROW_RULES) if load_query(name).header["severity"] in severities]


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


def quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _unite_rules(name: str, severities: tuple[str, ...]) -> Query:
    # Only what is quarantined keeps its reason: of the others there may be millions, each known by its rule.
    said = {"reason": "what is wrong, in Chinese"} if severities == ("quarantine",) else {}
    selects = []
    for rule in list_row_rules(*severities):
        found = load_query(f"{ROW_RULES}/{rule}")
        reason = f", {quote(found.header['zh'])} as reason" if "reason" in said else ""
        selects.append(
            f"select table_no, row_no, {quote(rule)} as rule, {quote(found.header['severity'])} as severity, "
            f"column_name, value{reason}\n"
            f"from (\n{found.select}\n) {rule}"
        )
    header = {
        "becomes": "a table",
        "grain": f"one cell, or one whole row, that breaks a row rule: {' or '.join(severities)}.",
        "table_no": "where it stands",
        "row_no": "where it stands",
        "rule": "the rule (sql/rules/rows)",
        "severity": "of the rule",
        "column_name": "the column; empty: the row's structure",
        "value": "what stands there",
        **said,
    }
    return Query(name, "\nunion all\n".join(selects), header)
