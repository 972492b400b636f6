"""Tolerances 界限: those of the program, and what an office's root says in place of them."""

import math
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flows.domain.text import BadInput, Text
from flows.domain.toml_form import Form, Kind, hint_at, read_toml

FILE = "tolerances.toml"  # of the program, and of a root
_PROGRAM = Path(__file__).with_name(FILE)
_EVERY = "default"


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and value >= 0


NUMBER = Kind(Text("a number from 0 on, such as 0.02"), _is_number)


@dataclass(frozen=True)
class Layer:
    """What one section of one file says of tolerances. A later layer replaces single values of those before it."""

    form: Form
    section: str

    @property
    def values(self) -> Mapping[str, float]:
        values: Mapping[str, float] = self.form.sections.get(self.section, {})
        return values


@cache
def list_kinds() -> Mapping[str, Kind]:
    """Every tolerance there is, and what it may be."""
    return dict.fromkeys(_read_program().sections[_EVERY], NUMBER)


def list_layers(profiles: Sequence[str], own: Form | None) -> list[Layer]:
    """What holds for profiles that extend one another, the first one first: of the program, then of the root; in each [default], then theirs."""
    forms = [_read_program(), *([own] if own else [])]
    return [Layer(form, section) for form in forms for section in (_EVERY, *dict.fromkeys(profiles))]


def merge_layers(layers: Sequence[Layer]) -> dict[str, float]:
    return {name: float(value) for layer in layers for name, value in layer.values.items()}


def read_own(path: Path, content: bytes, profiles: Collection[str]) -> Form:
    """The tolerances.toml of a root, which may say something for every profile and for each of `profiles`.

    Raises:
        BadInput: it is no TOML, or something in it is unknown or of the wrong kind.
    """
    form = Form(path, *read_toml(path, content))
    for section, values in form.sections.items():
        if not isinstance(values, dict):
            raise BadInput(
                "{place}: {key} stands in no section. Write [default] in a line above it.",
                place=form.place("", section),
                key=section,
            )
        if section not in (_EVERY, *profiles):
            raise BadInput(
                "{place}: there is no section [{section}]. {hint}The sections are: {allowed}.",
                place=form.place(section),
                section=section,
                hint=hint_at(section, (_EVERY, *profiles)),
                allowed=(_EVERY, *profiles),
            )
        for key, value in values.items():
            form.refuse_unfit(section, key, value, f"[{section}]", list_kinds())
    return form


@cache
def _read_program() -> Form:
    text = _PROGRAM.read_text(encoding="utf-8")
    return Form(_PROGRAM, text, tomllib.loads(text))
