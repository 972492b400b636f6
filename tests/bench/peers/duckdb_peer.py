"""Plain DuckDB: each delivery into a table with `create table as` or `insert`, and a query for the newest row of each case.

Fair: all columns read as text (a guess from the first rows is how numbers get damaged), only the columns that count are stored, times
as timestamps. Rows are appended with their cut-off, so both questions can be asked of one table. GB18030 needs an extension that is
not in the package and damages long files; the file is decoded first.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from task import COLUMNS, OTHER_TYPES, SCOPE, START_ON, TIMES, TYPES, VOID, Figures, Task, count_threads, perform

ROWS = f"""
    select {", ".join(f"cast({column} as timestamp) as {column}" if column in TIMES else column for column in COLUMNS)},
        date '{{cut_off}}' as cut_off
    from read_csv('{{csv}}', all_varchar = true)
"""
NEWEST = f"""
    select case 事项类型 {" ".join(f"when '{label}' then '{group}'" for label, group in TYPES.items())} else '{OTHER_TYPES}' end,
        count(*) filter (where 受理时间 >= '{START_ON}' and 受理时间 < date '{{cut_off}}' + 1),
        count(*) filter (where 办结时间 >= '{START_ON}' and 办结时间 < date '{{cut_off}}' + 1)
    from cases
    where rowid in (select max_by(rowid, cut_off) from cases where cut_off <= '{{cut_off}}' group by 办件编号)
        and 行政区划 in {SCOPE} and (办结结果 is null or 办结结果 not in {VOID})
    group by 1
"""


def load_first(task: Task) -> Figures:
    with connect(task) as connection, task.as_utf8() as csv:
        connection.execute(f"create table cases as {ROWS.format(csv=csv, cut_off=task.cut_off)}").fetchall()
        return count(connection, task)


def load_week(task: Task) -> Figures:
    with connect(task) as connection, task.as_utf8() as csv:
        connection.execute(f"insert into cases {ROWS.format(csv=csv, cut_off=task.cut_off)}").fetchall()
        return count(connection, task)


def ask(task: Task) -> Figures:
    with connect(task, read_only=True) as connection:
        return count(connection, task)


def count(connection: duckdb.DuckDBPyConnection, task: Task) -> Figures:
    rows = connection.execute(NEWEST.format(cut_off=task.cut_off)).fetchall()
    return {group: [accepted, completed] for group, accepted, completed in rows}


@contextmanager
def connect(task: Task, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(
        str(task.store / "cases.duckdb"), read_only=read_only, config={"threads": count_threads()}
    ) as connection:
        yield connection


if __name__ == "__main__":
    perform(load_first=load_first, load_week=load_week, year_to_date=ask, as_of=ask)
