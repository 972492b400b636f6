"""The data dictionary, read from the warehouse itself and from the examples of sql/examples."""

from itertools import groupby

from flows.domain.dictionary import Dictionary, Entry
from flows.domain.text import Bilingual
from flows.engine.protocols import Engine
from flows.engine.query import list_queries, load_query

_FIRST = (
    *("cases", "办件", "case_versions", "daily_totals"),
    *("weekly_counts", "department_counts", "item_counts", "durations", "open_cases", "late_deliveries"),
    *("coverage", "bulletin_weeks", "calendar_week_counts", "daily_count"),
)


def read_dictionary(engine: Engine) -> Dictionary:
    """What the warehouse holds, and how to ask for it."""
    found = engine.read("dictionary").dicts()
    entries = [
        Entry(
            name,
            kind,
            words,
            tuple((r["column_name"], r["column_type"], r["column_words"]) for r in rows if r["column_name"]),
        )
        for (name, kind, words), rows in groupby(found, key=lambda row: (row["name"], row["kind"], row["words"]))
    ]
    entries.sort(key=lambda entry: _FIRST.index(entry.name) if entry.name in _FIRST else len(_FIRST))
    examples = [load_query(name) for name in list_queries("examples")]
    return Dictionary(
        tuple(entries), tuple((Bilingual(each.header["zh"], each.header["en"]), each.select) for each in examples)
    )
