"""The data dictionary: what a warehouse holds, each column in words, and examples of questions."""

from dataclasses import dataclass

from flows.domain.text import Text


@dataclass(frozen=True)
class Entry:
    """A table, view or macro; `columns` are name, type and words of each."""

    name: str
    kind: str
    words: str
    columns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Dictionary:
    """All entries, what analysts ask for first at the top; `examples` are questions in words and in SQL."""

    entries: tuple[Entry, ...]
    examples: tuple[tuple[Text, str], ...]
