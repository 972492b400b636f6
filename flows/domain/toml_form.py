"""TOML files that people write: reading one, and saying what is wrong in it, with its line."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from flows.domain.comparing import comparable
from flows.domain.text import BadInput, Text

Sections = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """What a key may say: in words, and whether a value is such."""

    allowed: Text
    fits: Callable[[Any], bool]


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(comparable(value)) and "\x1f" not in value


NAME = Kind(Text('a text in quotation marks, such as "行政许可"'), _is_name)


def read_toml(path: Path, content: bytes) -> tuple[str, Sections]:
    """The text of a file, its lines ending in LF, and what stands in it: as a `Form` has them.

    Raises:
        BadInput: it is not UTF-8, or no TOML.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput("{place}: this is not UTF-8. Save the file as UTF-8.", place=say_place(path, line)) from None
    return text.replace("\r\n", "\n"), _parse(path, text)


def say_place(path: Path, line: int) -> Text:
    return Text("{path} line {line}", path=path, line=line)


@dataclass(frozen=True)
class Form:
    """A file that a person wrote: its text, its lines ending in LF, and what stands in it."""

    path: Path
    text: str
    sections: Sections

    def place(self, section: str, key: str = "", value: str = "", number: int = 0) -> Text:
        """File and line of a value of a key in the `number`th section of that name."""
        return say_place(self.path, find_line(self.text, section, key, value, number))

    def refuse_unfit(
        self, section: str, key: str, value: Any, head: str | Text, kinds: Mapping[str, Kind], number: int = 0
    ) -> None:
        """Raise where the `number`th section of that name, whose head is `head`, has no such key, or the key no such value."""
        if key not in kinds:
            raise say_unknown(self.place(section, key, number=number), key, head, kinds)
        if not kinds[key].fits(value):
            raise say_wrong(self.place(section, key, number=number), key, kinds[key])


def _parse(path: Path, text: str) -> Sections:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, _, where = str(error).rpartition(" (at ")
        found = re.search(r"line (\d+)", where)
        line = int(found[1]) if found else text.rstrip().count("\n") + 1
    except (RecursionError, ValueError):  # brackets without end; a number or a date that none can be
        reason, line = "", 1
    raise BadInput(
        "{place}: this cannot be read as TOML ({reason}). Texts stand in quotation marks, lists in square brackets.",
        place=say_place(path, line),
        reason=reason or "?",
    )


def say_wrong(place: Text, key: str, kind: Kind) -> BadInput:
    return BadInput("{place}: {key} must be {allowed}.", place=place, key=key, allowed=kind.allowed)


def say_missing(place: Text, key: str, head: str, example: str) -> BadInput:
    return BadInput(
        "{place}: {key} is missing in {section}. Add a line such as {example}",
        place=place,
        key=key,
        section=head,
        example=example,
    )


def say_no_section(place: Text, name: str, head: str) -> BadInput:
    return BadInput(
        "{place}: {name} must be a section of its own: write {example} in a line, and its keys below.",
        place=place,
        name=name,
        example=head,
    )


def say_unknown(
    place: Text, key: str, head: str | Text, allowed: Iterable[str], candidates: Iterable[str] = ()
) -> BadInput:
    """`candidates` are what may have been meant; without them, what is allowed."""
    return BadInput(
        "{place}: there is no {key} in {section}. {hint}There can be: {allowed}.",
        place=place,
        key=key,
        section=head,
        hint=hint_at(key, candidates or allowed),
        allowed=allowed,
    )


def hint_at(key: str, candidates: Iterable[str]) -> Text:
    """What may have been meant; empty if nothing is near."""
    near = get_close_matches(key, [*candidates], 1)
    return Text("Did you mean {near}? ", near=near[0]) if near else Text("")


def find_line(text: str, section: str, key: str = "", value: str = "", number: int = 0) -> int:
    """The line, from 1, of a value of a key in the `number`th section of that name; as far as it can be told, else of the section.

    The parser gives no lines, so the text is searched as people do: for the section's head, then the key, then the value.
    """
    lines = text.split("\n")
    heads = [i for i, line in enumerate(lines) if re.match(r"\s*\[\[?[^\[\]]+\]\]?\s*(#.*)?$", line)]
    own = [i for i in heads if re.match(rf"""\s*\[\[?\s*["']?{re.escape(section)}["']?\s*\]""", lines[i])]
    if section and len(own) <= number:  # written otherwise, as in scope.label = "…"
        first, last = 0, len(lines)
    else:
        first = own[number] if section else 0
        last = next((i for i in heads if i > first or not section), len(lines))
    at_key = next(
        (i for i in range(first, last) if key and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", lines[i])), None
    )
    if at_key is None:
        return next((i for i in range(first, last) if section and section in lines[i]), first) + 1
    return next((i for i in range(at_key, last) if value and value in lines[i]), at_key) + 1
