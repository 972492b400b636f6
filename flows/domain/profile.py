"""Source profiles: what one source calls its columns, types and statuses, and which area is its scope."""

import json
import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flows.domain.asked import Asked
from flows.domain.comparing import comparable, comparable_header, spell_header, strip_brackets
from flows.domain.figures import Wording
from flows.domain.profile_form import ProfileForm, read_form
from flows.domain.profile_keys import EVENT_COLUMNS, TIME_ZONE, complete, list_headers, list_type_names
from flows.domain.text import BadInput, Text
from flows.domain.tolerances import FILE as TOLERANCES
from flows.domain.tolerances import Layer, list_layers, merge_layers, read_own
from flows.domain.toml_form import Sections

FOLDER = Path(__file__).with_name("profiles")
_DATABASE_LINES = (
    "[-=+|_ *.]{3,}"
    "|(n?varchar2?|n?char|n?text|string|n?clob|(big|small|tiny|medium)?int(eger)?[0-9]*|number|numeric|decimal|real|double|float[0-9]*"
    "|bool(ean)?|date|(small)?datetime(2|offset)?|timestamp(tz)?|time|uuid|character varying|double precision"
    "|timestamp with(out)? time zone|文本|字符串?|日期|日期时间|数字|整数)( *[(][0-9, max]*[)])?( *not null| *null)?"
    "|[(（]?[0-9,]+ *(行受影响|行记录?|rows?( affected| selected| in set.*)?|条记录|records?( selected)?)[)）.。]*"
    "|query ok.*|已选择 *[0-9]+ *行.*|completion time.*|完成时间[:：].*"
)
CLASSIFYING = ("scope", "groups", "types", "default_type", "item_code", "void", "not_admitted")
ORDER = "group_order"  # stands in a classification, whose keys are sorted, where the groups are in no usual order
# Classifications of before that name no order mean this one.
_EARLIEST_GROUPS = ("licence", "public_service", "other_power")
_READING = (
    *("columns", "ignored", "key", "times", "types_by_file_name", "case_kinds", "around", "truncation", "personal"),
)
_READING_UNLESS = {"time_zone": TIME_ZONE}  # what always held is not in the digest


@dataclass(frozen=True)
class ItemType:
    """One item type 事项类型: its national code, and every normalised code and label a source writes (docs/method.md §3).

    `wildcards` are names with * and ?, also normalised.
    """

    item_type: str
    label: str
    group: str
    names: frozenset[str]
    wildcards: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseKind:
    """One kind of case 办件类型, and what a source writes for it; an immediate one is completed as it is accepted."""

    label: str
    names: tuple[str, ...]
    is_immediate: bool


@dataclass(frozen=True)
class Events:
    """How the events of a log make cases: the activities, compared and with wildcards, that accept and that complete a case.

    `must_be_last`: a completion that other events follow completes nothing.
    """

    accepted: tuple[str, ...]
    completed: tuple[str, ...]
    must_be_last: bool


@dataclass(frozen=True)
class Profile:
    """A source profile, read-only. Names in it are normalised (`comparable`), so they compare as people read them.

    `classification` is JSON of all that classifies a row: types, groups, scope, void. `reading` is a digest of all that
    decides how a file is read. `file` is where it stands; `own_file` where the root has its own one, or would have it.
    `key_parts` are the columns that tell a case from another one, with year for that of acceptance. `sections` is what holds of
    `form`, as it is written, and of the profile that it extends; `tolerance_layers` is what the tolerances are made of.
    """

    name: str
    file: Path
    own_file: Path | None
    source: str
    scope_label: str
    scope_areas: tuple[str, ...]
    group_labels: dict[str, str]
    types: tuple[ItemType, ...]
    default_type: ItemType | None
    case_kinds: tuple[CaseKind, ...]
    file_name_types: tuple[tuple[tuple[str, ...], str], ...]
    type_pattern: str
    area_pattern: str
    void: dict[str, frozenset[str]]
    not_admitted: dict[str, frozenset[str]]
    columns: dict[str, tuple[str, ...]]
    ignored_headers: tuple[str, ...]
    events: Events | None
    preferred: frozenset[str]
    personal_words: tuple[str, ...]
    truncation_words: tuple[str, ...]
    around_pattern: str
    is_month_first: bool
    key_parts: tuple[str, ...]
    completed_statuses: frozenset[str]
    is_day_first: bool
    has_two_digit_years: bool
    none_days: tuple[str, ...]
    time_zone: str
    tolerances: dict[str, float]
    expected_departments: tuple[str, ...]
    wording: Wording
    asked: Asked
    area_names: dict[str, str]
    definitions: dict[str, str]
    reading: str
    classification: str
    sections: Sections = field(repr=False, compare=False)
    form: ProfileForm = field(repr=False, compare=False)
    tolerance_layers: tuple[Layer, ...] = field(repr=False, compare=False)

    def with_classification(self, classification: str) -> "Profile":
        """This profile with another classification, such as an earlier one."""
        if classification == self.classification:
            return self
        emptied: Sections = {section: {} for section in CLASSIFYING}
        earlier: Sections = json.loads(classification)
        groups = earlier.get("groups", {})
        earlier["groups"] = {key: groups[key] for key in earlier.pop(ORDER, None) or _order_usually(groups)}
        return _build({**self.sections, **emptied, **earlier}, self.form, self.own_file, self.tolerance_layers)

    def canonical(self, header: str) -> str | None:
        """The canonical column of a header, or None outside the allow-list.

        Numbering and marks around a name mean nothing, as in 7.办结时间*. Brackets may hold a unit or a hint, as in
        受理时间（年月日）; they never turn a personal column into another one.
        """
        whole, plain, bare = spell_header(header)
        found = self._aliases.get(whole) or self._aliases.get(plain)
        return found or (self._aliases.get(bare) if bare != plain and not self.is_personal(header) else None)

    def is_ignored(self, header: str) -> bool:
        """Whether the profile says of a header that it means none of the canonical columns, whatever it resembles."""
        return strip_brackets(comparable_header(header)) in map(comparable_header, self.ignored_headers)

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return {comparable_header(header): name for name, headers in list_headers(self.columns) for header in headers}

    def rank(self, header: str, column: str) -> int:
        """The place of a header among those of its column: of two in one table the profile may prefer the first."""
        names = [comparable_header(alias) for alias in (*self.columns[column], column)]
        return names.index(next(name for name in spell_header(header) if name in names))

    def written(self, column: str) -> str:
        """A canonical column by the name that the profile gives it: one of a log of events has names of its own."""
        own = {name: event for event, name in EVENT_COLUMNS.items()} if self.events else {}
        return own.get(column, column)

    @property
    def time_rules(self) -> dict[str, Any]:
        """What the source says of its times, as parameters of the step that reads them (sql/fold/1_read/read_times.sql)."""
        return {
            "is_month_first": self.is_month_first,
            "is_day_first": self.is_day_first,
            "has_two_digit_years": self.has_two_digit_years,
            "time_zone": self.time_zone,
        }

    def is_personal(self, header: str) -> bool:
        return any(word in comparable(header) for word in self.personal_words)

    def says_truncated(self, text: str) -> bool:
        """Whether a text, such as the last rows of a table, says that the export was cut off."""
        return any(word in comparable(text) for word in self.truncation_words)

    def type_by_file_name(self, path: Path) -> str:
        """The item type named by a file, else by its folders; '' if none is."""
        for part in reversed(path.parts):
            for words, label in self.file_name_types:
                if any(word in comparable(part) for word in words):
                    return label
        return ""

    @property
    def where_to_change(self) -> Text:
        """How the profile in force is changed: in the root's own file; for one of the program that is one that extends it."""
        if self.own_file is None or self.own_file == self.file:
            return Text("change {file}", file=self.file)
        folder, file = (shlex.quote(str(path)) for path in (self.own_file.parent, self.own_file))
        lines = rf'name = "{self.name}"\nextends = "{self.name}"\n'
        making = f"mkdir -p {folder} && printf '{lines}' > {file}"
        return Text("change {file} (first make it: {making})", file=self.own_file, making=making)


def write_pattern(wildcard: str) -> str:
    """A compared name with * and ? as a regular expression."""
    return f"^{''.join({'*': '.*', '?': '.'}.get(letter, re.escape(letter)) for letter in wildcard)}$"


def load_profile(name: str, root: Path | None = None) -> Profile:
    """The profile in profiles/<name>.toml of the root, else the one of the program; with the tolerances of the root.

    Raises:
        BadInput: there is none of that name, or something in it or in tolerances.toml is wrong.
    """
    own = root / "profiles" / f"{name}.toml" if root else None
    path = own if own and own.is_file() else FOLDER / f"{name}.toml"
    known = {p.stem for folder in (FOLDER, *([own.parent] if own else [])) for p in folder.glob("*.toml")}
    if not path.is_file():
        raise BadInput(
            "There is no source profile {name}; there are: {known}. Correct `profile` in bulletin.toml or delivery.toml.",
            name=name,
            known=", ".join(sorted(known)),
        )
    replaced = root / TOLERANCES if root else None
    given = (replaced, replaced.read_bytes()) if replaced and replaced.is_file() else None
    return _load(path, own, path.read_bytes(), given, tuple(sorted(known)))


@lru_cache(maxsize=64)
def _load(
    path: Path, own_file: Path | None, content: bytes, tolerances: tuple[Path, bytes] | None, known: tuple[str, ...]
) -> Profile:
    """`tolerances` are the file of the root and its content; `known` are the profiles that it may name."""
    form = read_form(path, content, FOLDER)
    names = [form.base.path.stem, path.stem] if form.base else [path.stem]
    layers = list_layers(names, read_own(*tolerances, known) if tolerances else None)
    return _build(form.whole, form, own_file, (*layers, Layer(form, "tolerances")))


def _build(raw: Sections, form: ProfileForm, own_file: Path | None, layers: tuple[Layer, ...]) -> Profile:
    whole = complete(raw)
    times = whole["times"]
    types = tuple(_read_type(entry) for entry in whole["types"])
    default_type = _find_type(types, comparable(whole["default_type"]))
    headers = {name: tuple(each) for name, each in raw["columns"].items() if name != "prefer"}
    columns = {EVENT_COLUMNS.get(name, name): each for name, each in headers.items()}
    preferred = raw["columns"].get("prefer", [])
    return Profile(
        name=raw["name"],
        file=form.path,
        own_file=own_file,
        source=whole["source"],
        scope_label=whole["scope"]["label"],
        scope_areas=tuple(whole["scope"]["areas"]),
        group_labels=dict(whole["groups"]),
        types=types,
        default_type=default_type,
        case_kinds=tuple(_read_kind(entry) for entry in raw.get("case_kinds", [])),
        file_name_types=tuple((_compare(e["words"]), e["type"]) for e in raw.get("types_by_file_name", [])),
        type_pattern=whole["item_code"]["type_pattern"],
        area_pattern=whole["item_code"]["area_pattern"],
        void=_read_outcomes(raw.get("void", {})),
        not_admitted=_read_outcomes(raw.get("not_admitted", {})),
        columns=columns,
        key_parts=tuple(whole["key"]["parts"]),
        completed_statuses=frozenset(map(comparable, whole["completed"]["status"])),
        ignored_headers=tuple(raw.get("ignored", {}).get("headers", ())),
        events=_read_events(raw["events"]) if "events" in raw else None,
        preferred=frozenset(columns if preferred is True else preferred or ()),
        personal_words=_compare(whole["personal"]["words"]),
        truncation_words=_compare(whole["truncation"]["words"]),
        around_pattern=_write_around_pattern(whole),
        is_month_first=times["is_month_first"],
        is_day_first=times["is_day_first"],
        has_two_digit_years=times["has_two_digit_years"],
        none_days=tuple(times["none"]),
        time_zone=whole["time_zone"],
        tolerances=merge_layers(layers),
        wording=Wording(**whole["paragraph"]),
        asked=Asked(
            tuple(whole["figures"]["tables"]), {kind: _compare(words) for kind, words in whole["results"].items()}
        ),
        expected_departments=tuple(dict.fromkeys(whole["coverage"]["departments"])),
        area_names=dict(raw.get("area_names", {})),
        definitions=_write_definitions(whole["definitions"], default_type),
        reading=_digest_reading(raw),
        classification=_write_classification(raw),
        sections=raw,
        form=form,
        tolerance_layers=layers,
    )


def _write_classification(raw: Sections) -> str:
    classification = {section: raw[section] for section in CLASSIFYING if raw.get(section)}
    if (order := list(raw.get("groups") or ())) != _order_usually(order):
        classification[ORDER] = order
    return _write_json(classification)


def _digest_reading(raw: Sections) -> str:
    """Wording, tolerances and definitions affect neither reading nor classification."""
    reading = {key: raw.get(key) for key in _READING}
    reading |= {"events": raw["events"]} if "events" in raw else {}
    reading |= {key: raw[key] for key, usual in _READING_UNLESS.items() if raw.get(key, usual) != usual}
    return sha256(_write_json(reading).encode()).hexdigest()


def _order_usually(groups: Iterable[str]) -> list[str]:
    return sorted(
        groups,
        key=lambda key: (
            key not in _EARLIEST_GROUPS,
            _EARLIEST_GROUPS.index(key) if key in _EARLIEST_GROUPS else 0,
            key,
        ),
    )


def _write_json(value: Sections) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _compare(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(comparable, words))


def _read_type(entry: Sections) -> ItemType:
    names = dict.fromkeys(comparable(name) for _, name in list_type_names(entry))
    wildcards = dict.fromkeys(_compare(value for value in entry.get("values", []) if set(value) & set("*?＊？")))
    exact = frozenset(name for name in names if name not in wildcards)
    return ItemType(entry["item_type"], entry["label"], entry["group"], exact, tuple(wildcards))


def _find_type(types: Iterable[ItemType], name: str) -> ItemType | None:
    return next((t for t in types if name and name in (t.item_type, *t.names, *t.wildcards)), None)


def _read_kind(entry: Sections) -> CaseKind:
    return CaseKind(entry["label"], tuple(entry["names"]), entry.get("is_immediate", False))


def _read_events(section: Sections) -> Events:
    completed = ["*"] if section["completed"] == "last" else section["completed"]
    must_be_last = section.get("must_be_last", section["completed"] == "last")
    return Events(_compare(section.get("accepted", ["*"])), _compare(completed), must_be_last)


def _read_outcomes(section: Sections) -> dict[str, frozenset[str]]:
    return {column: frozenset(_compare(words)) for column, words in section.items()}


def _write_definitions(definitions: dict[str, str], default_type: ItemType | None) -> dict[str, str]:
    """With the assumption that a default type is, unless the profile words it itself."""
    if default_type is None or "默认类型" in definitions:
        return dict(definitions)
    said = f"未注明类型，或类型不在数据源类型表中的办件，按“{default_type.label}”计入（假定）。"
    return {**{name: text for name, text in definitions.items() if name != "未归类"}, "默认类型": said}


def _write_around_pattern(whole: Sections) -> str:
    """A pattern for the first text of rows that are no cases: totals, notes, notices of truncation, a repeated header, and
    what databases write around their rows: rulers, types of columns, counts of rows.
    """

    def either(words: Sequence[str]) -> str:
        return "|".join(map(re.escape, words))

    totals, notes, notices = whole["around"]["totals"], whole["around"]["notes"], whole["truncation"]["words"]
    parts = [f"({either(totals)})[:： ]*"] if totals else []
    parts += [f"({either(notes)})[^0-9]*[:：].*"] if notes else []
    parts += [f".*({either(notices)}).*"] if notices else []
    return f"^({'|'.join([f'(?i:{_DATABASE_LINES})', *parts, either(whole['columns']['case_no'])])})$"
