"""The tables that a source profile asks for, read from the warehouse. What a number means stands in sql/figures/asked."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flows.domain.asked import ASKED_TABLES, Asked, AskedTable, Line
from flows.domain.cases import Window
from flows.engine.protocols import Engine

_LICENCE = "licence"
# Table → the file it is read from, where it is not of its own name.
_READ_FROM = {"licences": "results"}
_RESULT_COLUMNS = "kind varchar, name varchar"


def read_asked(engine: Engine, asked: Asked, window: Window, as_of: date, newest: int) -> Iterator[AskedTable]:
    """The tables asked for, in the order of the reports, of one window; as known by delivery `newest`, whose cut-off is through `as_of`.

    The clearance is made of what other figures hold: it has no lines of its own.
    """
    for name in (table for table in ASKED_TABLES if table in asked.tables):
        if name == "clearance":
            yield AskedTable(name, ())
            continue
        read_from = _READ_FROM.get(name, name)
        if read_from == "results":
            kinds = [(kind, result) for kind, results in (asked.results or {}).items() for result in results]
            engine.put("result_kinds", kinds, columns=_RESULT_COLUMNS)
        yield AskedTable(name, _choose(name, _read(engine, read_from, window, as_of, newest)))


def _read(engine: Engine, name: str, window: Window, as_of: date, newest: int) -> list[dict[str, Any]]:
    known = {"as_of": as_of} if name == "channels" else {"through_delivery": newest}
    start = {} if name == "open_ages" else {"start_on": window.start}
    return engine.read(f"figures/asked/{name}", **start, end_on=window.end, **known).dicts()


def _choose(name: str, lines: list[dict[str, Any]]) -> tuple[Line, ...]:
    """Of the results of each department: those of licences, or the sums of each group."""
    if name == "licences":
        return tuple(
            {k: v for k, v in line.items() if k != "group_key"} for line in lines if line["group_key"] == _LICENCE
        )
    if name == "results":
        sums: dict[str, dict[str, Any]] = {}
        for line in lines:
            total = sums.setdefault(line["group_key"], {"group_key": line["group_key"]})
            for column, value in line.items():
                if column not in ("group_key", "department"):
                    total[column] = total.get(column, 0) + value
        return tuple(sums.values())
    return tuple(lines)
