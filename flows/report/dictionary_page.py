"""The page of the data dictionary."""

from flows.engine.duckdb.connection import Engine
from flows.figures.dictionary import EXAMPLES, read_entries
from flows.report.templates import fill


def write_page(engine: Engine) -> str:
    """One HTML page in Chinese and English that needs no network."""
    return fill("dictionary.html.j2", entries=read_entries(engine), examples=EXAMPLES)
