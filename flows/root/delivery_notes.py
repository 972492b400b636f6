"""delivery.toml beside the files, as far as the gates need it: control totals, departments without business, waivers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.domain.names import is_example
from flows.domain.text import BadInput, Text
from flows.domain.verdicts import Waiver
from flows.root.deliveries import RawFile, read_delivery_toml
from flows.root.project import Project
from flows.root.receipts import list_waivers, read_receipts

DELIVERY_TOML = "delivery.toml"


@dataclass(frozen=True)
class Notes:
    """`control_totals` are (cut-off, folder below data/raw, name, rows); `no_business` are (cut-off, department)."""

    control_totals: tuple[tuple[date, str, str, int], ...]
    no_business: tuple[tuple[date, str], ...]
    waivers: tuple[Waiver, ...]


def read_notes(project: Project, files: Iterable[RawFile]) -> Notes:
    """The notes of all deliveries, and the waivers in receipts.jsonl.

    Raises:
        BadInput: a delivery.toml holds an invalid value.
    """
    totals: list[tuple[date, str, str, int]] = []
    none: list[tuple[date, str]] = []
    waivers: list[Waiver] = []
    seen: set[Path] = set()
    for file in files:
        path, settings = read_delivery_toml(file.path, project)
        if not settings or path in seen:
            continue
        seen.add(path)
        folder = path.parent.relative_to(project.raw).as_posix()
        for name, rows in settings.get("control_totals", {}).items():
            if type(rows) is not int or rows < 0:
                raise _refuse(path, "control_totals", name, rows, Text("a number of rows, such as 12345"))
            totals.append((file.cut_off, folder, name, rows))
        for department in settings.get("no_business", []):
            if type(department) is not str:
                raise _refuse(path, "no_business", "", department, Text("the name of a department"))
            none.append((file.cut_off, department))
        for rule, value in settings.get("accept", {}).items():
            waivers.append(_read_waiver(path, file, rule, value))
    waivers += list_waivers(read_receipts(project))
    return Notes(tuple(totals), tuple(none), tuple(waivers))


def _read_waiver(path: Path, file: RawFile, rule: str, value: Any) -> Waiver:
    """`rule = "reason"`, or `rule = { reason = …, by = …, on = … }`; `on` defaults to the day of receipt."""
    given = {"reason": value} if isinstance(value, str) else value
    kinds = {"reason": str, "by": str, "on": date}
    if (
        not isinstance(given, dict)
        or not given.get("reason")
        or any(name not in kinds or type(each) is not kinds[name] for name, each in given.items())
    ):
        raise _refuse(
            path, "accept", rule, value,
            Text('a reason, such as "closed for the holidays", or {{ reason = "…", by = "…", on = 2022-07-25 }}'),
        )  # fmt: skip
    for text in (given["reason"], given.get("by", "")):
        if is_example(text):
            raise BadInput(
                "{path} [accept] {rule}: “{text}” is a word out of an example. Write why the data are right although the check is "
                "broken, such as “closed for the holidays”.",
                path=path,
                rule=rule,
                text=text,
            )
    return Waiver(
        rule, file.cut_off, given["reason"], given.get("by", ""), given.get("on", file.received_on), DELIVERY_TOML
    )


def _refuse(path: Path, section: str, name: str, value: object, allowed: Text) -> BadInput:
    return BadInput(
        "{path} [{section}] {name} = {value} is not allowed; it must be {allowed}.",
        path=path,
        section=section,
        name=name,
        value=repr(value),
        allowed=allowed,
    )
