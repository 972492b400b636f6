"""隔离: rows that could not be read. Each is open until a later delivery brings its case, or its file is withdrawn."""

from typing import Any

from flows.domain.text import Bilingual, Text
from flows.figures.verdicts import describe_rule
from flows.root.project import Project
from flows.warehouse.reading import open_read_only, read_loaded

COLUMNS = ("delivery_id", "file", "sheet", "row_no", "column_name", "value", "rule", "reason", "closed_by")


def list_items(project: Project, *, with_closed: bool = False) -> list[dict[str, Any]]:
    """The items as COLUMNS, in the order they were found; `closed_by` is '' while an item is open.

    Before them what was passed over though it holds rows, each as one item.
    """
    if not read_loaded(project)[0]:
        return []
    with open_read_only(project) as engine:
        items = engine.read("quarantine").dicts()
        losses = engine.read("look/losses").dicts()
    shown = sorted((i for i in items if with_closed or not i["closed_by"]), key=lambda i: int(i["item_no"]))
    passed_over = [
        dict.fromkeys(COLUMNS, "")
        | {name: loss[name] for name in ("delivery_id", "file", "sheet", "row_no")}
        | {"rule": "nothing_passed_over", "reason": str(Bilingual(loss["taken_for"], loss["taken_for_en"]))}
        for loss in losses
    ]
    return passed_over + [
        {name: item[name] for name in COLUMNS}
        | {"column_name": project.profile.written(item["column_name"])}
        | {"reason": str(explain(item["rule"])), "closed_by": item["closed_by"] or ""}
        for item in shown
    ]


def explain(rule: str) -> Text:
    """What is wrong, and what is expected."""
    return describe_rule(rule)
