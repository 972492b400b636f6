"""The page of the data dictionary."""

from flows.domain.dictionary import Dictionary
from flows.report.templates import fill


def write_dictionary(dictionary: Dictionary) -> str:
    """One HTML page in Chinese and English that needs no network."""
    return fill("dictionary.html.j2", entries=dictionary.entries, examples=dictionary.examples)
