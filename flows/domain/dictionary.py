"""The data dictionary: what a warehouse holds, each column in words, and examples of questions; a question that goes on too long."""

from dataclasses import dataclass

from flows.domain.text import BadInput, Text


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


class TookTooLong(BadInput):
    """A query, stopped after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            "stopped after {seconds:g} s. Ask for less, or allow more: --timeout SECONDS, or the setting "
            "query_seconds.",
            seconds=seconds,
        )
