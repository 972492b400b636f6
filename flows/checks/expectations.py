"""One rule over one frame: what it requires, the sentence that says what is the case where it is broken, and the usual forms of rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.domain.text import Text
from flows.domain.verdicts import Place, Severity

SAID_PLACES = 3

Tolerances = Mapping[str, float]


@dataclass(frozen=True)
class Found:
    """What a rule found where it is broken: the sum and the largest of the values, as they are written, and the places."""

    total: str
    most: str
    places: Sequence[Place]
    broken: int

    @property
    def names(self) -> Text:
        """The first places."""
        return self._list([place.name or str(place.cut_off) for place in self.places])

    @property
    def each(self) -> Text:
        """The first places, each with what was found there."""
        return self._list([f"{place.name} {place.observed}".strip() for place in self.places])

    @property
    def where(self) -> Text:
        """Beside the sum or the largest value: that of a single place need not be said again."""
        return self.names if self.broken == 1 else self.each

    def _list(self, said: Sequence[str]) -> Text:
        if self.broken <= SAID_PLACES:
            return Text("{places}", places=said)
        return Text("{places} … ({broken} in all)", places=said[:SAID_PLACES], broken=self.broken)


@dataclass(frozen=True)
class Expectation:
    """One rule over one frame: a Great Expectations type with its arguments, and its words.

    `text` is what the rule requires, `say` makes the sentence that says what is the case where it is broken, `due` is what has to be
    found, in short; `form` writes what was found. `most`: what is judged is a number up to this one. `is_share`: it judges parts of
    one, not numbers. `is_waivable`: somebody may let it through, since the data may be right all the same; the program's own
    arithmetic nobody can.
    """

    name: str
    severity: Severity
    column: str
    kind: str
    arguments: dict[str, Any]
    text: Text
    say: Callable[[Found], Text]
    due: Text
    form: str = "{:,.0f}"
    most: float | None = None
    is_share: bool = False
    is_waivable: bool = True

    @property
    def is_text(self) -> bool:
        """Whether words are judged, and no numbers."""
        return self.form == "{}"

    def write(self, value: Any) -> str:
        """What was found, as it is read."""
        if self.is_share and self.most is not None:
            return _write_share(float(value), self.most)
        return self.form.format(value)


Say = Callable[[Found], Text]
Suite = Callable[[Tolerances], list[Expectation]]


def only_zero(
    name: str, severity: Severity, column: str, text: Text, say: Say, form: str = "{:,.0f}", *, is_waivable: bool = True
) -> Expectation:
    kind, arguments = "ExpectColumnValuesToBeInSet", {"column": column, "value_set": [0]}
    due = Text("{due}", due=0) if form else Text("none")
    return Expectation(name, severity, column, kind, arguments, text, say, due, form, is_waivable=is_waivable)


def only_nothing(name: str, severity: Severity, column: str, text: Text, say: Say) -> Expectation:
    """A column of texts, empty where all is well."""
    kind, arguments = "ExpectColumnValuesToBeInSet", {"column": column, "value_set": [""]}
    return Expectation(name, severity, column, kind, arguments, text, say, Text("none"), "{}")


def share_at_most(name: str, severity: Severity, tolerances: Tolerances, words: Text, say: Say) -> Expectation:
    said = f"{tolerances[name]:.1%}"
    text = Text("{words} {said}", words=words, said=said)
    return up_to(name, severity, tolerances[name], text, say, is_share=True)


def at_most(name: str, severity: Severity, tolerances: Tolerances, words: Text, say: Say, form: str) -> Expectation:
    said = f"{tolerances[name]:.1f}"
    text = Text("{words} {said}", words=words, said=said)
    return up_to(name, severity, tolerances[name], text, say, form)


def up_to(
    name: str, severity: Severity, most: float, text: Text, sentence: Say, form: str = "", *, is_share: bool = False
) -> Expectation:
    kind, arguments = "ExpectColumnValuesToBeBetween", {"column": name, "max_value": most}
    limit = f"{most:.1%}" if is_share else form.format(most)
    due = Text("at most {limit}", limit=limit)

    def say_with_limit(found: Found) -> Text:
        return Text("{said} (at most {limit}): {where}", said=sentence(found), limit=limit, where=found.where)

    return Expectation(name, severity, name, kind, arguments, text, say_with_limit, due, form, most, is_share)


def _write_share(share: float, most: float) -> str:
    """In per cent with one decimal, or as many as tell it from the most there may be."""
    for decimals in range(1, 5):
        written = f"{share:.{decimals}%}"
        if share <= most or float(written.rstrip("%")) > 100 * most:
            break
    return written
