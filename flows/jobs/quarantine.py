"""隔离: rows that could not be read. Each is open until a later delivery brings its case, its file is withdrawn, or somebody closes it."""

from collections.abc import Sequence
from typing import Any

from flows.domain.calendar import now
from flows.domain.names import refuse_example
from flows.domain.text import BadInput, Bilingual, CommandLine, Progress, Text
from flows.figures import quarantine
from flows.figures.verdicts import describe_rule
from flows.jobs.run import attend
from flows.jobs.status import list_closed
from flows.root.project import Project
from flows.root.receipts import Closed, Reopened, append_receipts
from flows.warehouse.reading import open_read_only, read_loaded

COLUMNS = (
    *("delivery_id", "file", "sheet", "row_no", "column_name", "value", "rule", "reason", "closed_by"),
    *("row_id", "case_no", "department", "is_new", "closed_reason"),
)


def list_items(project: Project, *, with_closed: bool = False) -> list[dict[str, Any]]:
    """The items as COLUMNS: those of the newest cut-off first, in the order they were found; `closed_by` is '' while an item is open.

    Before them what was passed over though it holds rows, each as one item without a `row_id`.
    """
    if not read_loaded(project)[0]:
        return []
    with open_read_only(project) as engine:
        items = quarantine.list_items(engine, list_closed(project))
        losses = engine.read("look/losses").dicts()
    newest = max((loss["cut_off"] for loss in losses), default=None)
    passed_over = [
        dict.fromkeys(COLUMNS, "")
        | {name: loss[name] for name in ("delivery_id", "file", "sheet", "row_no")}
        | {"rule": "nothing_passed_over", "reason": str(Bilingual(loss["taken_for"], loss["taken_for_en"]))}
        | {"is_new": loss["cut_off"] == newest}
        for loss in losses
    ]
    return passed_over + [
        {name: item[name] for name in COLUMNS}
        | {"column_name": project.profile.written(item["column_name"]), "reason": str(explain(item["rule"]))}
        for item in items
        if with_closed or not item["closed_by"]
    ]


def explain(rule: str) -> Text:
    """What is wrong, and what is expected."""
    return describe_rule(rule)


def close(project: Project, row_ids: Sequence[str], reason: str, by: str, progress: Progress) -> None:
    """Close open rows by hand, on the record: they stay quarantined and counted, and wait for nothing any more.

    Raises:
        BadInput: a row that is not there, or closed already; then none is closed.
        WrongUsage: a name or a reason out of an example.
    """
    refuse_example(reason, by)
    with attend(project, f"quarantine close {' '.join(row_ids)}", progress):
        for item in (items := _find(project, row_ids)):
            if item["closed_by"]:
                raise BadInput(
                    "row {row} is closed already (by {closed_by}); nothing was closed.",
                    row=item["row_id"],
                    closed_by=item["closed_by"],
                )
        at = now()
        append_receipts(
            project,
            [Closed(at, i["sha256"], i["file"], i["delivery_id"], i["sheet"], i["row_no"], reason, by) for i in items],
        )


def reopen(project: Project, row_ids: Sequence[str], reason: str, by: str, progress: Progress) -> None:
    """Open rows again that were closed by hand.

    Raises:
        BadInput: a row that is not there, or was not closed by hand; then none is opened.
        WrongUsage: a name or a reason out of an example.
    """
    refuse_example(reason, by)
    with attend(project, f"quarantine open {' '.join(row_ids)}", progress):
        for item in (items := _find(project, row_ids)):
            if not item["closed_reason"]:
                raise BadInput("row {row} was not closed by hand; nothing was opened.", row=item["row_id"])
        at = now()
        append_receipts(
            project,
            [
                Reopened(at, i["sha256"], i["file"], i["delivery_id"], i["sheet"], i["row_no"], reason, by)
                for i in items
            ],
        )


def _find(project: Project, row_ids: Sequence[str]) -> list[dict[str, Any]]:
    """One item of each row."""
    found: dict[str, dict[str, Any]] = {}
    if read_loaded(project)[0]:
        with open_read_only(project) as engine:
            found = {item["row_id"]: item for item in quarantine.list_items(engine, list_closed(project))}
    for row_id in row_ids:
        if row_id not in found:
            raise BadInput(
                "no quarantined row is called {row}. The names stand in the first column: {command}",
                row=row_id,
                command=CommandLine("quarantine --all"),
            )
    return [found[row_id] for row_id in dict.fromkeys(row_ids)]
