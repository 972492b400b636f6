"""What is open in the quarantine, with what was closed by hand."""

from collections.abc import Sequence
from typing import Any

from flows.domain.runs import QuarantinedItem
from flows.engine.protocols import Engine

ClosedRow = tuple[str, str, int, str, str]  # SHA-256 of the file, sheet, row, who closed it, why


def list_items(engine: Engine, closed: Sequence[ClosedRow]) -> list[dict[str, Any]]:
    """All items as sql/look/quarantine_items has them: those of the newest cut-off first, in the order they were found."""
    _lay_out(engine, closed)
    items = engine.read("quarantine_items").dicts()
    return sorted(items, key=lambda item: (not item["is_new"], item["item_no"]))


def count_open(engine: Engine, closed: Sequence[ClosedRow]) -> tuple[int, int]:
    """Open rows, and those of them that came with the newest cut-off."""
    _lay_out(engine, closed)
    row = engine.read("look/open_rows").dicts()[0]
    return row["row_count"], row["new_count"]


def list_newest(engine: Engine, closed: Sequence[ClosedRow]) -> tuple[QuarantinedItem, ...]:
    """Up to ten open items of the newest cut-off, with masked case numbers."""
    _lay_out(engine, closed)
    return tuple(QuarantinedItem(**row) for row in engine.read("look/newest_open_items").dicts())


def _lay_out(engine: Engine, closed: Sequence[ClosedRow]) -> None:
    engine.put(
        "closed_rows",
        closed,
        columns="sha256 varchar, sheet varchar, row_no bigint, closed_by varchar, reason varchar",
    )
    engine.run("look/quarantine_items")
