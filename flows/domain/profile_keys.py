"""What may stand in a source profile: its sections and keys, what each may say, and what holds where one is absent."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from flows.domain.asked import ASKED_TABLES, RESULT_KINDS
from flows.domain.cases import OUT_OF_SCOPE, UNCLASSIFIED, Measure
from flows.domain.figures import Wording
from flows.domain.text import Text
from flows.domain.tolerances import NUMBER
from flows.domain.toml_form import NAME, Kind, Sections

COLUMNS = (
    *("case_no", "item_code", "item_name", "item_type", "department", "department_code", "area_code", "applied_at"),
    *("accepted_at", "due_at", "completed_at", "result", "status", "version_at", "case_kind", "channel"),
    *("statutory_limit", "key_part"),
)
# Of an event log → what they are read as: its rows become cases (sql/fold/1_read/events.sql).
EVENT_COLUMNS = {"event_at": "accepted_at", "activity": "status"}
COLUMNS_OF_CASES = ("accepted_at", "completed_at", "status", "version_at")  # which an event log does not tell
# Where keys of other programs' output stand beside the groups.
TAKEN_KEYS = (UNCLASSIFIED, OUT_OF_SCOPE, "end", "failure", *(measure.value for measure in Measure))
TAKEN_LABELS = ("未归类", *(measure.zh for measure in Measure))
# What Python reads in a regular expression and the engine does not.
_FOREIGN_PATTERN = re.compile(r"\(\?(?!:|P<)|\\[1-9gGuUNxZAz]|[*+?}][+]|\{\d{4,}|,\d{4,}\}")


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(map(NAME.fits, value))


def _is_pattern(value: Any) -> bool:
    """A regular expression with one group that both Python and the engine read."""
    try:
        return re.compile(value).groups > 0 and not _FOREIGN_PATTERN.search(value)
    except (TypeError, re.error, OverflowError, RecursionError):
        return False


def _is_zone(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (KeyError, ValueError, OSError):  # no such zone, or a name that is none, such as a path
        return False


TEXT = Kind(NAME.allowed, lambda value: isinstance(value, str))
NAMES = Kind(
    Text('a list of texts, such as ["办件编号", "case number"]'), lambda value: _are_names(value) and bool(value)
)
MAYBE_NAMES = Kind(Text('a list of texts, such as ["510000"], or []'), _are_names)
TRUTH = Kind(Text("true or false"), lambda value: type(value) is bool)
DIGITS = Kind(Text("a whole number from 0 through 8"), lambda value: type(value) is int and 0 <= value <= 8)
UNIT = Kind(Text('"" or "万"'), lambda value: value in ("", "万"))
PATTERN = Kind(
    Text(
        "a regular expression with one part in brackets, without look-around and back references, such as '^([0-9]{{2}})'"
    ),
    _is_pattern,
)
ZONE = Kind(Text('a time zone, such as "Asia/Shanghai" or "America/New_York"'), _is_zone)
DAYS = Kind(
    Text('a list of days, such as ["2099-12-31"]'),
    lambda value: _are_names(value) and all(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day) for day in value),
)
# What a case may be known by.
KEY_PARTS = ("case_no", "department", "department_code", "area_code", "item_code", "key_part", "year", "day")
PARTS = Kind(
    Text(
        'a list out of case_no, department, department_code, area_code, item_code, key_part, and "year" or "day" of acceptance, '
        'such as ["case_no", "department"]'
    ),
    lambda value: _are_names(value) and bool(value) and set(value) <= set(KEY_PARTS),
)
TABLES = Kind(
    Text("a list out of {tables}", tables=", ".join(ASKED_TABLES)),
    lambda value: _are_names(value) and set(value) <= {*ASKED_TABLES},
)
COMPLETIONS = Kind(
    Text('"last", or a list of activities, such as ["Close*"]'),
    lambda value: value == "last" or (_are_names(value) and bool(value)),
)
PREFERENCE = Kind(
    Text('true, or a list of columns, such as ["department"]'),
    lambda value: type(value) is bool or (_are_names(value) and set(value) <= {*COLUMNS}),
)

_OUTCOMES = {"result": MAYBE_NAMES, "status": MAYBE_NAMES}
# Section → key → kind; "" is the beginning of the file, before any section.
SECTIONS: Mapping[str, Mapping[str, Kind]] = {
    "": {"name": NAME, "extends": NAME, "source": NAME, "time_zone": ZONE, "default_type": NAME},
    "scope": {"label": NAME, "areas": MAYBE_NAMES},
    "paragraph": {"has_separators": TRUTH, "unit": UNIT, "decimals": DIGITS, "template": TEXT},
    "item_code": {"type_pattern": PATTERN, "area_pattern": PATTERN},
    "events": {"accepted": NAMES, "completed": COMPLETIONS, "must_be_last": TRUTH},
    "void": _OUTCOMES,
    "not_admitted": _OUTCOMES,
    "times": {
        "is_month_first": TRUTH,
        "is_day_first": TRUTH,
        "has_two_digit_years": TRUTH,
        "none": DAYS,
    },
    "columns": {**dict.fromkeys((*COLUMNS, *EVENT_COLUMNS), NAMES), "prefer": PREFERENCE},
    "ignored": {"headers": MAYBE_NAMES},
    "key": {"parts": PARTS},
    "completed": {"status": MAYBE_NAMES},
    "around": {"totals": MAYBE_NAMES, "notes": MAYBE_NAMES},
    "truncation": {"words": MAYBE_NAMES},
    "personal": {"words": MAYBE_NAMES},
    "coverage": {"departments": MAYBE_NAMES},
    "figures": {"tables": TABLES},
    "results": dict.fromkeys(RESULT_KINDS, MAYBE_NAMES),
}
# [[…]], of which there may be several.
REPEATED: Mapping[str, Mapping[str, Kind]] = {
    "types": {
        "item_type": NAME,
        "label": NAME,
        "group": NAME,
        "codes": MAYBE_NAMES,
        "labels": MAYBE_NAMES,
        "values": NAMES,
    },
    "types_by_file_name": {"words": NAMES, "type": NAME},
    "case_kinds": {"label": NAME, "names": NAMES, "is_immediate": TRUTH},
}
REQUIRED = {"types": ("label",), "types_by_file_name": ("words", "type"), "case_kinds": ("label", "names")}
# Sections whose keys are one's own.
OWN_KEYS: Mapping[str, Kind] = {"groups": NAME, "area_names": NAME, "definitions": NAME, "tolerances": NUMBER}
NAMES_OF_SECTIONS = (*filter(None, SECTIONS), *OWN_KEYS, *REPEATED)

TIME_ZONE = "Asia/Shanghai"
_DEFAULTS: Mapping[str, Sections] = {
    "scope": {"label": "全部", "areas": []},
    "item_code": {"type_pattern": "^()", "area_pattern": "^()"},
    "around": {
        "totals": ["合计", "小计", "总计", "累计", "共计", "Total", "Totals", "Grand Total", "Subtotal"],
        "notes": [
            *("注", "备注", "说明", "制表", "填报", "数据来源", "导出时间", "打印时间", "统计口径"),
            *("Note", "Notes", "Source"),
        ],
    },
    "truncation": {
        "words": [
            "结果已截断",
            "数据已截断",
            "仅显示前",
            "仅导出前",
            "超出导出上限",
            "超过最大导出",
            "results truncated",
        ]
    },
    "personal": {
        "words": [
            *("姓名", "申请人", "证件", "身份证", "电话", "手机", "联系", "地址", "住所", "法定代表人", "法人"),
            *("经办人", "办理人", "受理人", "银行", "账号", "邮箱", "标题", "项目名称"),
            *("applicant", "owner name", "contact", "phone", "mail", "address"),
            *("street", "house number", "latitude", "longitude", "location", "contractor", "requester", "requestor"),
        ]
    },
    "coverage": {"departments": []},
    "paragraph": asdict(Wording()),
    "times": {"is_month_first": False, "is_day_first": False, "has_two_digit_years": False, "none": []},
    "key": {"parts": ["case_no"]},
    "figures": {"tables": []},
    # Results as exports write them, by what they mean; codes of the national hand-over among them.
    "results": {
        "granted": ["准予", "准予许可", "予以许可", "许可", "同意", "批准", "出证", "出证办结", "0"],
        "denied": ["不予", "不予许可", "不予批准", "不同意", "退回", "1"],
        "returned": ["退件", "退件办结", "退回补正", "补正不来", "5"],
        "forwarded": ["转报", "转报办结", "转办", "4"],
        "revoked": ["撤销", "撤销许可", "注销"],
    },
    # What a status says of a completed case.
    "completed": {
        "status": [
            *("办结", "已办结", "办理完成", "已完成", "完成", "完结", "已完结"),
            *("closed", "completed", "complete", "resolved", "finished"),
        ]
    },
}
# Of a profile that tells none of its own.
_DEFINITIONS = {
    "受理": "受理时间在统计区间内、且未作废的办件数。",
    "办结": "办结时间在统计区间内、且未作废的办件数，不论受理于哪一年；因此办结可以多于受理。",
    "统计区间": "首尾两日均含，按来源的当地时间；本年累计自当年1月1日起。",
    "结转": "区间内办结、而受理于往年的办件数。",
    "较上期": "上一周末日的次日至本周末日的受理、办结数；跨年时自1月1日起。",
    "未归类": "类型不在数据源类型表中的办件，不计入任何一组，另列。",
    "隔离": "办件编号、计数所依据的时间或行结构无法读取的行，不计入，逐行可查。",
}


def complete(sections: Sections) -> Sections:
    """The same with a default for each section that is absent or empty, and for each key of one that has to be told.

    Without types everything is of one type, called as the only group is; without groups there is one, called 事项.
    """
    groups = sections.get("groups") or {"all": "事项"}
    only = next(iter(groups)) if len(groups) == 1 else ""
    implied = [{"item_type": only, "label": groups[only], "group": only}] if only else []
    types = sections.get("types") or implied
    whole = {name: {**default, **(sections.get(name) or {})} for name, default in _DEFAULTS.items()}
    return {
        **sections,
        **whole,
        "source": sections.get("source") or sections["name"],
        "time_zone": sections.get("time_zone", TIME_ZONE),
        "groups": groups,
        "types": [{"item_type": entry["label"], "group": only, **entry} for entry in types],
        "default_type": sections.get("default_type") or (types[0]["label"] if types is implied and types else ""),
        "definitions": sections.get("definitions") or _DEFINITIONS,
    }


def list_headers(columns: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each column with its headers, the more specific ones first; its own name is one of them."""
    for column, headers in columns.items():
        if column != "prefer":
            yield column, (*headers, column)


def list_type_names(entry: Sections) -> Iterator[tuple[str, str]]:
    """Every name of a type with the key that it stands under."""
    yield "label", entry["label"]
    for key in ("codes", "labels", "values"):
        yield from ((key, name) for name in entry.get(key, []))
