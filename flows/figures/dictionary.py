"""The data dictionary: every table, view and macro of the warehouse, each column in words, and how to ask."""

from dataclasses import dataclass
from itertools import groupby

from flows.domain.text import Text
from flows.engine.duckdb.connection import Engine

EXAMPLES = (
    (Text("本周段落中的数", "the figures of the paragraph"), "select * from year_to_date('2022-07-22')"),
    (
        Text("某周截止时已知的数", "what the deliveries through a cut-off tell"),
        "select * from year_to_date_as_of('2022-07-22', '2022-07-15')",
    ),
    (
        Text("各部门今年的受理和办结", "departments, this year"),
        "select department, sum(accepted) as accepted, sum(completed) as completed from department_counts "
        "where is_in_scope and year = 2022 group by department order by accepted desc",
    ),
    (
        Text("按时办结率和平均工作日", "on-time rate and mean working days"),
        "select group_key, avg(case when is_on_time then 1.0 else 0 end) as on_time, avg(working_days) as working_days "
        "from durations where is_in_scope and is_on_time is not null group by group_key",
    ),
    (
        Text("一件办件的全部版本", "every version of one case"),
        "select * from case_versions where case_no = '510000-20220708-200002'",
    ),
)


_FIRST = (
    "cases",
    "办件",
    "case_versions",
    "daily_totals",
    "weekly_counts",
    "department_counts",
    "durations",
    "daily_count",
)


@dataclass(frozen=True)
class Entry:
    """A table, view or macro; `columns` are name, type and words of each."""

    name: str
    kind: str
    words: str
    columns: tuple[tuple[str, str, str], ...]


def read_entries(engine: Engine) -> list[Entry]:
    """What the warehouse holds, what analysts ask for first at the top."""
    found = engine.rows("marts/dictionary")
    entries = [
        Entry(
            name,
            kind,
            words,
            tuple((r["column_name"], r["column_type"], r["column_words"]) for r in rows if r["column_name"]),
        )
        for (name, kind, words), rows in groupby(found, key=lambda row: (row["name"], row["kind"], row["words"]))
    ]
    return sorted(entries, key=lambda entry: _FIRST.index(entry.name) if entry.name in _FIRST else len(_FIRST))
