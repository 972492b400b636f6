"""The page of the data dictionary: what analysts use, with its Chinese words, then what is internal."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from flows.domain.dictionary import Dictionary, Entry
from flows.report.templates import fill


def write_dictionary(dictionary: Dictionary) -> str:
    """One HTML page in Chinese and English that needs no network; its script only narrows down what is shown."""
    known = read_chinese()["relations"]
    return fill(
        "dictionary.html.j2",
        public=[entry for entry in dictionary.entries if name_of(entry) in known],
        internal=[entry for entry in dictionary.entries if name_of(entry) not in known],
        examples=dictionary.examples,
        name_of=name_of,
        chinese=read_chinese(),
    )


def name_of(entry: Entry) -> str:
    """Without the parameters of a macro."""
    return entry.name.partition("(")[0]


@cache
def read_chinese() -> Mapping[str, Mapping[str, str]]:
    """The Chinese words: `relations` and `columns`, by name."""
    return tomllib.loads(files("flows.report").joinpath("dictionary.toml").read_text(encoding="utf-8"))
