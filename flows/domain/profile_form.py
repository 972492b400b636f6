"""A source profile as it is written: read from its file, with the line of what is wrong in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from flows.domain.comparing import comparable, comparable_header
from flows.domain.profile_keys import (
    COLUMNS_OF_CASES,
    EVENT_COLUMNS,
    NAMES_OF_SECTIONS,
    OWN_KEYS,
    REPEATED,
    REQUIRED,
    SECTIONS,
    TAKEN_KEYS,
    TAKEN_LABELS,
    list_headers,
    list_type_names,
)
from flows.domain.text import BadInput, Text
from flows.domain.tolerances import list_kinds
from flows.domain.toml_form import (
    Form,
    Kind,
    Sections,
    hint_at,
    read_toml,
    say_missing,
    say_no_section,
    say_place,
    say_unknown,
)


def read_form(path: Path, content: bytes, library: Path) -> "ProfileForm":
    """A profile as it stands in the content of its file; what it may extend lies in the folder `library`.

    Raises:
        BadInput: it is no TOML, or something in it is unknown, missing, of the wrong kind or said twice.
    """
    form = ProfileForm(path, *read_toml(path, content))
    form.check_parts()
    if "extends" in form.sections:
        form = replace(form, base=_read_base(form, library))
    form.check_whole()
    return form


def _read_base(form: Form, library: Path) -> Form:
    name, known = form.sections["extends"], sorted(path.stem for path in library.glob("*.toml"))
    if name not in known:
        raise BadInput(
            "{place}: the program has no profile {name} to extend. It has: {known}.",
            place=form.place("", "extends"),
            name=name,
            known=known,
        )
    path = library / f"{name}.toml"
    return Form(path, *read_toml(path, path.read_bytes()))


@dataclass(frozen=True)
class ProfileForm(Form):
    """The file of a profile; `base` is the profile of the program that it extends, if it does."""

    base: Form | None = None

    @cached_property
    def whole(self) -> Sections:
        """What holds: what stands in the file, and of the base all else. Of a section each key is replaced by itself."""
        whole = dict(self.base.sections) if self.base else {}
        for name, value in self.sections.items():
            is_merged = isinstance(value, dict) and name in whole
            whole[name] = {**whole[name], **value} if is_merged else value
        return whole

    def place(self, section: str, key: str = "", value: str = "", number: int = 0) -> Text:
        """In this file, which alone can be changed: what the base says is told at the section, else at `extends`."""
        if self.base and section and section not in self.sections:
            return super().place("", "extends")
        return super().place(section, key, value, number)

    def check_parts(self) -> None:
        """Raise where something that stands in the file is unknown or of the wrong kind."""
        for name, section in self.sections.items():
            self._check_section(name, section)
        self._check_values()
        self._check_name()

    def check_whole(self) -> None:
        """Raise where what holds does not go together."""
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
        if name not in NAMES_OF_SECTIONS:
            self._refuse_unknown(name, section)
        is_repeated = name in REPEATED
        parts = section if is_repeated else [section]
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            raise say_no_section(self.place(name), name, _write_head(name))

    def _refuse_unknown(self, name: str, section: Any) -> None:
        candidates = (*NAMES_OF_SECTIONS, *SECTIONS[""])
        is_section = isinstance(section, dict) or (
            section and isinstance(section, list) and isinstance(section[0], dict)
        )
        if not is_section:
            head = Text("the beginning of a profile")
            raise say_unknown(self.place("", name), name, head, SECTIONS[""], candidates)
        raise BadInput(
            "{place}: there is no section [{section}]. {hint}The sections are: {allowed}.",
            place=self.place(name),
            section=name,
            hint=hint_at(name, candidates),
            allowed=NAMES_OF_SECTIONS,
        )

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
            for key in REQUIRED.get(name, ()):
                if key not in part:
                    self._refuse_missing(name, number, key)

    def _check_value(self, section: str, number: int, key: str, value: Any) -> None:
        head = _write_head(section) if section else Text("the beginning of a profile")
        self.refuse_unfit(section, key, value, head, _list_kinds(section, key), number)

    def _refuse_missing(self, section: str, number: int, key: str) -> None:
        example = f'{key} = "…"' if key in ("label", "type", "group") else f'{key} = ["…"]'
        raise say_missing(self.place(section, number=number), key, _write_head(section), example)

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
                place=self.place("", "name"),
                given=self.sections["name"],
                name=self.path.stem,
            )

    def _check_columns(self) -> None:
        columns = self.whole.get("columns", {})
        if "case_no" not in columns:
            self._refuse_missing("columns", 0, "case_no")
        meanings: dict[str, str] = {}
        for column, headers in list_headers(columns):
            for header in headers:
                name = comparable_header(header)
                if not name:
                    raise BadInput(
                        "{place}: “{header}” is no header: it holds neither a letter nor a digit.",
                        place=self.place("columns", column, header),
                        header=header,
                    )
                if meanings.setdefault(name, column) != column:
                    raise BadInput(
                        "{place}: the header “{header}” stands under {first} and under {second}. Leave it under one of them.",
                        place=self.place("columns", column, header),
                        header=header,
                        first=meanings[name],
                        second=column,
                    )

    def _check_events(self) -> None:
        """An event log tells the time and the activity of each event, and no times of a case; other profiles have none of these."""
        columns, events = self.whole["columns"], self.whole.get("events")
        foreign = COLUMNS_OF_CASES if events else EVENT_COLUMNS
        wrong = [column for column in columns if column in foreign]
        if events is not None and "completed" not in events:
            self._refuse_missing("events", 0, "completed")
        if wrong and not events:
            raise BadInput(
                "{place}: {key} is a column of event logs. Add [events] with completed = …, or name the column otherwise.",
                place=self.place("columns", wrong[0]),
                key=wrong[0],
            )
        if wrong:
            raise BadInput(
                "{place}: an event log has no {key}: that comes from its events. Remove the line, or [events].",
                place=self.place("columns", wrong[0]),
                key=wrong[0],
            )
        for key in EVENT_COLUMNS if events else ():
            if key not in columns:
                self._refuse_missing("columns", 0, key)

    def _check_groups(self) -> None:
        groups = self.whole.get("groups", {})
        labels: set[str] = set()
        for key, label in groups.items():
            place = self.place("groups", key)
            if not re.fullmatch("[a-z][a-z0-9_]*", key) or key in TAKEN_KEYS:
                raise BadInput(
                    "{place}: {key} cannot be the key of a group. Use small letters, digits and _, "
                    "such as building_permit, and none of: {taken}.",
                    place=place,
                    key=key,
                    taken=TAKEN_KEYS,
                )
            if comparable(label) in labels or label in TAKEN_LABELS:
                raise BadInput(
                    "{place}: the label “{label}” is taken, so nobody could tell the two apart. Write another.",
                    place=place,
                    label=label,
                )
            labels.add(comparable(label))

    def _check_types(self) -> None:
        groups, types = self.whole.get("groups", {}), self.whole.get("types", [])
        for number, entry in enumerate(types):
            if "group" not in entry and len(groups) > 1:
                self._refuse_missing("types", number, "group")
            if "group" in entry and entry["group"] not in groups:
                raise BadInput(
                    "{place}: there is no group {group} in [groups]. There are: {allowed}.",
                    place=self.place("types", "group", number=number),
                    group=entry["group"],
                    allowed=groups or "–",
                )
        used = {entry.get("group") for entry in types} if types or len(groups) > 1 else {*groups}
        for key in groups if len(groups) > 1 else ():
            if key not in used:
                raise BadInput(
                    '{place}: no type belongs to the group {key}. Add a [[types]] with group = "{key}", or remove the group.',
                    place=self.place("groups", key),
                    key=key,
                )
        names = self._check_type_names(types)
        wanted = [("", 0, "default_type", self.whole["default_type"])] if "default_type" in self.whole else []
        wanted += [
            ("types_by_file_name", number, "type", entry["type"])
            for number, entry in enumerate(self.whole.get("types_by_file_name", []))
        ]
        for section, number, key, value in wanted:
            if comparable(value) not in names:
                raise BadInput(
                    "{place}: no type is called “{value}”. The types are: {allowed}.",
                    place=self.place(section, key, number=number),
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
            place=self.place("types", key, name, number),
            name=name,
            other=other["label"],
        )

    def _check_times(self) -> None:
        times = self.whole.get("times", {})
        if times.get("is_month_first") and times.get("is_day_first"):
            raise BadInput(
                "{place}: a date cannot be both month first and day first. Leave one of is_month_first and is_day_first.",
                place=self.place("times", "is_day_first"),
            )

    def _check_kinds(self) -> None:
        known: dict[str, int] = {}
        kinds = self.whole.get("case_kinds", [])
        for number, entry in enumerate(kinds):
            for name in entry["names"]:
                if known.setdefault(name, number) != number:
                    raise BadInput(
                        "{place}: “{name}” already belongs to the kind of case “{other}”. Leave it under one of the two.",
                        place=self.place("case_kinds", "names", name, number),
                        name=name,
                        other=kinds[known[name]]["label"],
                    )


def _list_kinds(section: str, key: str) -> Mapping[str, Kind]:
    """The keys that a section may have; in one whose keys are one's own, `key` is one of them."""
    if section == "tolerances":
        return list_kinds()
    if section in OWN_KEYS:
        return {key: OWN_KEYS[section]}
    return {**SECTIONS, **REPEATED}[section]


def _write_head(section: str) -> str:
    return f"[[{section}]]" if section in REPEATED else f"[{section}]"
