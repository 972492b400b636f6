"""What stands in delivery.toml beside the files, for the gates: control totals, departments without business, decisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.domain.text import BadInput
from flows.domain.verdicts import Waiver
from flows.root.deliveries import RawFile, read_settings
from flows.root.project import Project
from flows.root.receipts import list_waivers, read_receipts

DELIVERY_TOML = "delivery.toml"


@dataclass(frozen=True)
class Notes:
    """`control_totals` are cut-off, folder below data/raw, name, rows; `no_business` cut-off and department."""

    control_totals: tuple[tuple[date, str, str, int], ...]
    no_business: tuple[tuple[date, str], ...]
    waivers: tuple[Waiver, ...]


def read_notes(project: Project, files: Iterable[RawFile]) -> Notes:
    """The notes of all deliveries, and the decisions that receipts.jsonl has on record.

    Raises:
        BadInput: a delivery.toml says something that cannot be meant.
    """
    totals: list[tuple[date, str, str, int]] = []
    none: list[tuple[date, str]] = []
    accepted: list[Waiver] = []
    seen: set[Path] = set()
    for file in files:
        path, settings = read_settings(file.path, project)
        if not settings or path in seen:
            continue
        seen.add(path)
        folder = path.parent.relative_to(project.raw).as_posix()
        for name, rows in settings.get("control_totals", {}).items():
            if type(rows) is not int or rows < 0:
                raise _refuse(path, "control_totals", name, rows, "行数，如 12345", "a number of rows, such as 12345")
            totals.append((file.cut_off, folder, name, rows))
        for department in settings.get("no_business", []):
            if type(department) is not str:
                raise _refuse(path, "no_business", "", department, "实施主体的名称", "the name of a department")
            none.append((file.cut_off, department))
        for rule, decision in settings.get("accept", {}).items():
            accepted.append(_read_decision(path, file, rule, decision))
    accepted += list_waivers(read_receipts(project))
    return Notes(tuple(totals), tuple(none), tuple(accepted))


def _read_decision(path: Path, file: RawFile, rule: str, decision: Any) -> Waiver:
    """`rule = "reason"`, or `rule = { reason = …, by = …, on = … }`; without a day it is of the day the delivery came."""
    given = {"reason": decision} if isinstance(decision, str) else decision
    kinds = {"reason": str, "by": str, "on": date}
    if (
        not isinstance(given, dict)
        or not given.get("reason")
        or any(name not in kinds or type(value) is not kinds[name] for name, value in given.items())
    ):
        raise _refuse(
            path, "accept", rule, decision,
            '理由，如 "春节停业"，或 { reason = "…", by = "…", on = 2022-07-25 }',
            'a reason, such as "closed for the holidays", or { reason = "…", by = "…", on = 2022-07-25 }',
        )  # fmt: skip
    return Waiver(
        rule, file.cut_off, given["reason"], given.get("by", ""), given.get("on", file.received_on), DELIVERY_TOML
    )


def _refuse(path: Path, section: str, name: str, value: object, zh: str, en: str) -> BadInput:
    return BadInput(
        zh=f"{path} [{section}] {name} = {value!r} 无效；应为{zh}。",
        en=f"{path} [{section}] {name} = {value!r} is not allowed; it must be {en}.",
    )
