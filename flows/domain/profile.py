"""Source profiles: what one source calls its columns, types and statuses, and which area is its scope."""

import json
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flows.domain.cases import Group
from flows.domain.figures import Wording
from flows.domain.text import BadInput

FOLDER = Path(__file__).with_name("profiles")
TOLERANCES = FOLDER.parent / "tolerances.toml"
# As in sql/functions/visible.sql: characters that only format or control.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_CLASSIFYING = ("scope", "groups", "types", "item_code", "void", "not_admitted")


@dataclass(frozen=True)
class ItemType:
    """One item type 事项类型: its national code, and every normalised code and label a source writes (docs/method.md §3)."""

    item_type: str
    label: str
    group: Group
    names: frozenset[str]


@dataclass(frozen=True)
class CaseKind:
    """One kind of case 办件类型, and what a source writes for it; an immediate one is completed as it is accepted."""

    label: str
    names: tuple[str, ...]
    is_immediate: bool


@dataclass(frozen=True)
class Profile:
    """A source profile, read-only. Names in it are normalised (`comparable`), so they compare as people read them.

    `classification` is JSON of all that classifies a row: types, groups, scope, void. `reading` is a digest of all that
    decides how a file is read.
    """

    name: str
    source: str
    scope_label: str
    scope_areas: tuple[str, ...]
    group_labels: dict[Group, str]
    types: tuple[ItemType, ...]
    case_kinds: tuple[CaseKind, ...]
    file_name_types: tuple[tuple[tuple[str, ...], str], ...]
    type_pattern: str
    area_pattern: str
    void: dict[str, frozenset[str]]
    not_admitted: dict[str, frozenset[str]]
    columns: dict[str, tuple[str, ...]]
    personal_words: tuple[str, ...]
    truncation_words: tuple[str, ...]
    around_pattern: str
    is_month_first: bool
    is_day_first: bool
    has_two_digit_years: bool
    none_days: tuple[str, ...]
    time_zone: str
    tolerances: dict[str, float]
    expected_departments: tuple[str, ...]
    wording: Wording
    definitions: dict[str, str]
    reading: str
    classification: str

    def with_classification(self, classification: str) -> "Profile":
        """This profile with another classification, such as an earlier one."""
        if classification == self.classification:
            return self
        return _parse({**_read(self.name), **{section: {} for section in _CLASSIFYING}, **json.loads(classification)})

    def canonical(self, header: str) -> str | None:
        """The canonical column of a header, or None outside the allow-list.

        Brackets may hold a unit or a hint, as in 受理时间（年月日）; they never turn a personal column into another one.
        """
        aliases = _aliases(self.name)
        whole = comparable(header)
        bare = strip_brackets(whole)
        return aliases.get(whole) or (aliases.get(bare) if bare != whole and not self.is_personal(whole) else None)

    @property
    def time_rules(self) -> dict[str, Any]:
        """What the source says of its times, as parameters of the step that reads rows (sql/fold/1_read/staged_rows.sql)."""
        return {
            "is_month_first": self.is_month_first,
            "is_day_first": self.is_day_first,
            "has_two_digit_years": self.has_two_digit_years,
            "none_days": ", ".join(self.none_days),
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


def comparable(text: str) -> str:
    """Normalise a name for comparison: half width, no white space or character that only formats, lower case, 其他 for 其它."""
    halved = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return "".join(halved.split()).lower().replace("其它", "其他")


def strip_brackets(name: str) -> str:
    """A normalised header without its bracketed parts; if it is all bracketed, without the brackets."""
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕", "", name) or name.strip("()[]【】〔〕")


@cache
def load_profile(name: str) -> Profile:
    return _parse(_read(name))


@cache
def _read(name: str) -> dict[str, Any]:
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.toml")))
        raise BadInput(
            "There is no source profile {name}; there are: {known}. Correct `profile` in bulletin.toml or delivery.toml.",
            name=name,
            known=known,
        )
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _read_tolerances(profile: str) -> dict[str, float]:
    sections = tomllib.loads(TOLERANCES.read_text(encoding="utf-8"))
    return {name: float(value) for name, value in {**sections["default"], **sections.get(profile, {})}.items()}


def _parse(raw: dict[str, Any]) -> Profile:
    classification = {section: raw[section] for section in _CLASSIFYING if raw.get(section)}
    # Wording, tolerances and definitions affect neither reading nor classification.
    reading = {
        key: raw.get(key)
        for key in (
            "columns",
            "times",
            "time_zone",
            "types_by_file_name",
            "case_kinds",
            "around",
            "truncation",
            "personal",
        )
    }
    return Profile(
        name=raw["name"],
        source=raw["source"],
        scope_label=raw["scope"]["label"],
        scope_areas=tuple(raw["scope"]["areas"]),
        group_labels={Group(key): label for key, label in raw["groups"].items()},
        types=tuple(_parse_type(entry) for entry in raw["types"]),
        case_kinds=tuple(
            CaseKind(entry["label"], tuple(entry["names"]), entry["is_immediate"])
            for entry in raw.get("case_kinds", [])
        ),
        file_name_types=tuple(
            (tuple(comparable(word) for word in entry["words"]), entry["type"])
            for entry in raw.get("types_by_file_name", [])
        ),
        type_pattern=raw.get("item_code", {}).get("type_pattern", "^()"),
        area_pattern=raw.get("item_code", {}).get("area_pattern", "^()"),
        void={column: frozenset(map(comparable, words)) for column, words in raw.get("void", {}).items()},
        not_admitted={
            column: frozenset(map(comparable, words)) for column, words in raw.get("not_admitted", {}).items()
        },
        columns={canonical: tuple(headers) for canonical, headers in raw["columns"].items()},
        personal_words=tuple(map(comparable, raw["personal"]["words"])),
        truncation_words=tuple(map(comparable, raw["truncation"]["words"])),
        around_pattern=_write_around_pattern(raw),
        is_month_first=raw.get("times", {}).get("is_month_first", False),
        is_day_first=raw.get("times", {}).get("is_day_first", False),
        has_two_digit_years=raw.get("times", {}).get("has_two_digit_years", False),
        none_days=tuple(raw.get("times", {}).get("none", ())),
        time_zone=raw.get("time_zone", "Asia/Shanghai"),
        tolerances=_read_tolerances(raw["name"]),
        wording=Wording(**raw.get("paragraph", {})),
        expected_departments=tuple(raw.get("coverage", {}).get("departments", ())),
        definitions=dict(raw["definitions"]),
        reading=sha256(_write_json(reading).encode()).hexdigest(),
        classification=_write_json(classification),
    )


def _write_json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _parse_type(entry: dict[str, Any]) -> ItemType:
    names = frozenset(map(comparable, [*entry["codes"], *entry["labels"], entry["label"]]))
    return ItemType(entry["item_type"], entry["label"], Group(entry["group"]), names)


def _write_around_pattern(raw: dict[str, Any]) -> str:
    """A pattern for the first text of rows that are no cases: totals, notes, notices of truncation, a repeated header."""
    totals, notes = ("|".join(map(re.escape, raw["around"][kind])) for kind in ("totals", "notes"))
    headers = "|".join(map(re.escape, raw["columns"]["case_no"]))
    notices = "|".join(map(re.escape, raw["truncation"]["words"]))
    return f"^(({totals})[:： ]*|({notes})[^0-9]*[:：].*|.*({notices}).*|{headers})$"


@cache
def _aliases(name: str) -> dict[str, str]:
    columns = load_profile(name).columns
    return {comparable(header): canonical for canonical, headers in columns.items() for header in (*headers, canonical)}
