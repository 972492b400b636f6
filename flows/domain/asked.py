"""The tables of figures that a source profile asks for beside the section, and what they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Name → what it is called, in the order of the reports.
ASKED_TABLES: Mapping[str, str] = {
    "departments": "单位办理情况",
    "open_ages": "在办件时长",
    "results": "办结结果",
    "licences": "行政许可实施情况",
    "channels": "申请方式",
    "clearance": "结案情况",
}
# Kind of result → its name; what is none of them is 其他.
RESULT_KINDS: Mapping[str, str] = {
    "granted": "准予",
    "denied": "不予",
    "returned": "退件",
    "forwarded": "转报",
    "revoked": "撤销",
}
Line = Mapping[str, str | int | float | None]


@dataclass(frozen=True)
class Asked:
    """Names of `ASKED_TABLES`, and for each of `RESULT_KINDS` the results that mean it, normalised (`comparable`)."""

    tables: tuple[str, ...] = ()
    results: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class AskedTable:
    """The lines of one table, in cases and working days; columns as in the SQL file of its name (sql/figures/asked)."""

    name: str
    lines: Sequence[Line]
