"""The form of a source profile: its sections and keys, what each may say, and the file and line of what is wrong in one."""

import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flows.domain.cases import OUT_OF_SCOPE, UNCLASSIFIED, Measure
from flows.domain.comparing import comparable, comparable_header
from flows.domain.text import BadInput, Text
from flows.domain.toml_form import (
    NAME,
    Kind,
    Sections,
    find_line,
    hint_at,
    read_toml,
    say_missing,
    say_no_section,
    say_place,
    say_unknown,
    say_wrong,
)

TOLERANCES = Path(__file__).with_name("tolerances.toml")
COLUMNS = (
    *("case_no", "item_code", "item_name", "item_type", "department", "department_code", "area_code", "applied_at"),
    *("accepted_at", "due_at", "completed_at", "result", "status", "version_at", "case_kind", "channel"),
    *("statutory_limit", "key_part"),
)
# Of an event log → what they are read as: its rows become cases (sql/fold/1_read/events.sql).
EVENT_COLUMNS = {"event_at": "accepted_at", "activity": "status"}
# Where keys of other programs' output stand beside the groups.
_TAKEN_KEYS = (UNCLASSIFIED, OUT_OF_SCOPE, "end", "failure", *(measure.value for measure in Measure))
_TAKEN_LABELS = ("未归类", *(measure.zh for measure in Measure))
# What Python reads in a regular expression and the engine does not.
_FOREIGN_PATTERN = re.compile(r"\(\?(?!:|P<)|\\[1-9gGuUNxZAz]|[*+?}][+]|\{\d{4,}|,\d{4,}\}")


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(map(NAME.fits, value))


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and value >= 0


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
NUMBER = Kind(Text("a number from 0 on, such as 0.02"), _is_number)
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
    "": {"name": NAME, "source": NAME, "time_zone": ZONE, "default_type": NAME},
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
_REQUIRED = {"types": ("label",), "types_by_file_name": ("words", "type"), "case_kinds": ("label", "names")}
# Sections whose keys are one's own.
OWN_KEYS: Mapping[str, Kind] = {"groups": NAME, "area_names": NAME, "definitions": NAME, "tolerances": NUMBER}
_NAMES_OF_SECTIONS = (*filter(None, SECTIONS), *OWN_KEYS, *REPEATED)


_DEFAULTS: Mapping[str, Sections] = {
    "scope": {"label": "全部", "areas": []},
    "item_code": {"type_pattern": "^()", "area_pattern": "^()"},
    "around": {
        "totals": ["合计", "小计", "总计", "累计", "共计", "Total", "Totals", "Grand Total", "Subtotal"],
        "notes": [
            "注",
            "备注",
            "说明",
            "制表",
            "填报",
            "数据来源",
            "导出时间",
            "打印时间",
            "统计口径",
            "Note",
            "Notes",
            "Source",
        ],
    },
    "truncation": {
        "words": [
            *("结果已截断", "数据已截断", "仅显示前", "仅导出前", "超出导出上限", "超过最大导出", "results truncated"),
        ]
    },
    "personal": {
        "words": [
            *(
                "姓名",
                "申请人",
                "证件",
                "身份证",
                "电话",
                "手机",
                "联系",
                "地址",
                "住所",
                "法定代表人",
                "法人",
                "经办人",
                "办理人",
            ),
            *(
                "受理人",
                "银行",
                "账号",
                "邮箱",
                "标题",
                "项目名称",
                "applicant",
                "owner name",
                "contact",
                "phone",
                "mail",
                "address",
            ),
            *("street", "house number", "latitude", "longitude", "location", "contractor", "requester", "requestor"),
        ]
    },
    "coverage": {"departments": []},
}
# Of a profile that tells none of its own.
_DEFINITIONS = {
    "受理": "受理时间在统计区间内、且未作废的办件数。",
    "办结": "办结时间在统计区间内、且未作废的办件数，不论受理于哪一年；因此办结可以多于受理。",
    "统计区间": "首尾两日均含，按来源的当地时间；累计自当年1月1日起。",
    "结转": "区间内办结、而受理于往年的办件数。",
    "较上期": "上一期截止日次日至本期截止日的受理、办结数；跨年时自1月1日起。",
    "未归类": "类型不在数据源类型表中的办件，不计入任何一组，另列。",
    "隔离": "办件编号、计数所依据的时间或行结构无法读取的行，不计入，逐行可查。",
}


def read_form(path: Path, content: bytes) -> Sections:
    """The sections of a profile as they stand in the content of its file.

    Raises:
        BadInput: it is no TOML, or something in it is unknown, missing, of the wrong kind or said twice.
    """
    form = _Form(path, *read_toml(path, content))
    form.check()
    return form.sections


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
        "groups": groups,
        "types": [{"item_type": entry["label"], "group": only, **entry} for entry in types],
        "default_type": sections.get("default_type") or (types[0]["label"] if types is implied and types else ""),
        "definitions": sections.get("definitions") or _DEFINITIONS,
    }


def read_tolerances() -> dict[str, dict[str, float]]:
    """[default], and what replaces single values for a profile of the program."""
    return tomllib.loads(TOLERANCES.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class _Form:
    """A profile's file, its text, and its sections as parsed."""

    path: Path
    text: str
    sections: Sections

    def check(self) -> None:
        for name, section in self.sections.items():
            self._check_section(name, section)
        self._check_values()
        self._check_name()
        self._check_times()
        self._check_columns()
        self._check_events()
        self._check_groups()
        self._check_types()
        self._check_kinds()

    # ---------------------------------------------------------------- sections, keys, kinds

    def _check_section(self, name: str, section: Any) -> None:
        if name in SECTIONS[""]:
            return
        if name not in _NAMES_OF_SECTIONS:
            is_section = isinstance(section, dict) or (
                section and isinstance(section, list) and isinstance(section[0], dict)
            )
            self._refuse_unknown(name if is_section else "", name)
        is_repeated = name in REPEATED
        parts = section if is_repeated else [section]
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            raise say_no_section(self._place(name), name, _write_head(name))

    def _check_values(self) -> None:
        top = {name: value for name, value in self.sections.items() if name in SECTIONS[""]}
        parts = [("", 0, top)]
        for name, section in self.sections.items():
            if name in REPEATED:
                parts += [(name, number, part) for number, part in enumerate(section)]
            elif name not in SECTIONS[""]:
                parts.append((name, 0, section))
        for name, number, part in parts:
            for key, value in part.items():
                self._check_value(name, number, key, value)
            for key in _REQUIRED.get(name, ()):
                if key not in part:
                    self._refuse_missing(name, number, key)

    def _check_value(self, section: str, number: int, key: str, value: Any) -> None:
        if section in OWN_KEYS:
            kind = OWN_KEYS[section]
            if section == "tolerances" and key not in (known := read_tolerances()["default"]):
                self._refuse_unknown(section, key, known)
        else:
            kinds = {**SECTIONS, **REPEATED}[section]
            if key not in kinds:
                self._refuse_unknown(section, key, kinds, number)
            kind = kinds[key]
        if not kind.fits(value):
            raise say_wrong(self._place(section, key, number=number), key, kind)

    def _refuse_unknown(self, section: str, key: str, known: Mapping[str, Any] | None = None, number: int = 0) -> None:
        if known is None and section:
            raise BadInput(
                "{place}: there is no section [{section}]. {hint}The sections are: {allowed}.",
                place=self._place(section),
                section=section,
                hint=hint_at(key, (*_NAMES_OF_SECTIONS, *SECTIONS[""])),
                allowed=_NAMES_OF_SECTIONS,
            )
        head = _write_head(section) if section else Text("the beginning of a profile")
        candidates = known or (*_NAMES_OF_SECTIONS, *SECTIONS[""])
        raise say_unknown(self._place(section, key, number=number), key, head, known or SECTIONS[""], candidates)

    def _refuse_missing(self, section: str, number: int, key: str) -> None:
        example = f'{key} = "…"' if key in ("label", "type", "group") else f'{key} = ["…"]'
        raise say_missing(self._place(section, number=number), key, _write_head(section), example)

    # ---------------------------------------------------------------- what belongs together

    def _check_name(self) -> None:
        if "name" not in self.sections:
            raise BadInput(
                '{place}: the name of the profile is missing. Write name = "{name}" in the first line.',
                place=say_place(self.path, 1),
                name=self.path.stem,
            )
        if self.sections["name"] != self.path.stem:
            raise BadInput(
                '{place}: the name is {given}, but the file is called {name}.toml. Write name = "{name}".',
                place=self._place("", "name"),
                given=self.sections["name"],
                name=self.path.stem,
            )

    def _check_columns(self) -> None:
        columns = self.sections.get("columns", {})
        if "case_no" not in columns:
            self._refuse_missing("columns", 0, "case_no")
        meanings: dict[str, str] = {}
        for column, headers in list_headers(columns):
            for header in headers:
                name = comparable_header(header)
                if not name:
                    raise BadInput(
                        "{place}: “{header}” is no header: it holds neither a letter nor a digit.",
                        place=self._place("columns", column, header),
                        header=header,
                    )
                if meanings.setdefault(name, column) != column:
                    raise BadInput(
                        "{place}: the header “{header}” stands under {first} and under {second}. Leave it under one of them.",
                        place=self._place("columns", column, header),
                        header=header,
                        first=meanings[name],
                        second=column,
                    )

    def _check_events(self) -> None:
        """An event log tells the time and the activity of each event, and no times of a case; other profiles have none of these."""
        columns, events = self.sections["columns"], self.sections.get("events")
        wrong = [
            c
            for c in columns
            if c in (("accepted_at", "completed_at", "status", "version_at") if events else EVENT_COLUMNS)
        ]
        if events is not None and "completed" not in events:
            self._refuse_missing("events", 0, "completed")
        if wrong and not events:
            raise BadInput(
                "{place}: {key} is a column of event logs. Add [events] with completed = …, or name the column otherwise.",
                place=self._place("columns", wrong[0]),
                key=wrong[0],
            )
        if wrong:
            raise BadInput(
                "{place}: an event log has no {key}: that comes from its events. Remove the line, or [events].",
                place=self._place("columns", wrong[0]),
                key=wrong[0],
            )
        for key in EVENT_COLUMNS if events else ():
            if key not in columns:
                self._refuse_missing("columns", 0, key)

    def _check_groups(self) -> None:
        groups = self.sections.get("groups", {})
        labels: set[str] = set()
        for key, label in groups.items():
            place = self._place("groups", key)
            if not re.fullmatch("[a-z][a-z0-9_]*", key) or key in _TAKEN_KEYS:
                raise BadInput(
                    "{place}: {key} cannot be the key of a group. Use small letters, digits and _, "
                    "such as building_permit, and none of: {taken}.",
                    place=place,
                    key=key,
                    taken=_TAKEN_KEYS,
                )
            if comparable(label) in labels or label in _TAKEN_LABELS:
                raise BadInput(
                    "{place}: the label “{label}” is taken, so nobody could tell the two apart. Write another.",
                    place=place,
                    label=label,
                )
            labels.add(comparable(label))

    def _check_types(self) -> None:
        groups, types = self.sections.get("groups", {}), self.sections.get("types", [])
        for number, entry in enumerate(types):
            if "group" not in entry and len(groups) > 1:
                self._refuse_missing("types", number, "group")
            if "group" in entry and entry["group"] not in groups:
                raise BadInput(
                    "{place}: there is no group {group} in [groups]. There are: {allowed}.",
                    place=self._place("types", "group", number=number),
                    group=entry["group"],
                    allowed=groups or "–",
                )
        used = {entry.get("group") for entry in types} if types or len(groups) > 1 else {*groups}
        for key in groups if len(groups) > 1 else ():
            if key not in used:
                raise BadInput(
                    '{place}: no type belongs to the group {key}. Add a [[types]] with group = "{key}", or remove the group.',
                    place=self._place("groups", key),
                    key=key,
                )
        names = self._check_type_names(types)
        wanted = [("", 0, "default_type", self.sections["default_type"])] if "default_type" in self.sections else []
        wanted += [
            ("types_by_file_name", number, "type", entry["type"])
            for number, entry in enumerate(self.sections.get("types_by_file_name", []))
        ]
        for section, number, key, value in wanted:
            if comparable(value) not in names:
                raise BadInput(
                    "{place}: no type is called “{value}”. The types are: {allowed}.",
                    place=self._place(section, key, number=number),
                    value=value,
                    allowed=[entry["label"] for entry in types] or "–",
                )

    def _check_type_names(self, types: Sequence[Sections]) -> dict[str, int]:
        """Every code and label → the number of its type; a wildcard is such a name, too."""
        known: dict[str, int] = {}
        identities: dict[str, int] = {}
        for number, entry in enumerate(types):
            own = str(entry.get("item_type", entry["label"]))
            if identities.setdefault(own, number) != number:
                self._refuse_rivals(
                    number, "item_type" if "item_type" in entry else "label", own, types[identities[own]]
                )
            for key, name in list_type_names(entry):
                if known.setdefault(comparable(name), number) != number:
                    self._refuse_rivals(number, key, name, types[known[comparable(name)]])
        return known

    def _refuse_rivals(self, number: int, key: str, name: str, other: Sections) -> None:
        raise BadInput(
            "{place}: “{name}” already belongs to the type “{other}”. Leave it under one of the two.",
            place=self._place("types", key, name, number),
            name=name,
            other=other["label"],
        )

    def _check_times(self) -> None:
        times = self.sections.get("times", {})
        if times.get("is_month_first") and times.get("is_day_first"):
            raise BadInput(
                "{place}: a date cannot be both month first and day first. Leave one of is_month_first and is_day_first.",
                place=self._place("times", "is_day_first"),
            )

    def _check_kinds(self) -> None:
        known: dict[str, int] = {}
        kinds = self.sections.get("case_kinds", [])
        for number, entry in enumerate(kinds):
            for name in entry["names"]:
                if known.setdefault(name, number) != number:
                    raise BadInput(
                        "{place}: “{name}” already belongs to the kind of case “{other}”. Leave it under one of the two.",
                        place=self._place("case_kinds", "names", name, number),
                        name=name,
                        other=kinds[known[name]]["label"],
                    )

    def _place(self, section: str, key: str = "", value: str = "", number: int = 0) -> Text:
        return say_place(self.path, find_line(self.text, section, key, value, number))


def _write_head(section: str) -> str:
    return f"[[{section}]]" if section in REPEATED else f"[{section}]"


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
