"""chDB: a session on disk with a ReplacingMergeTree, filled from `file(…, CSVWithNames)` and asked with FINAL.

Fair: the table its documentation has for rows that come again in a newer state, only the columns that count; plain String, since
LowCardinality makes the load take twice as long. It is not told to sync what it has written, which its documentation calls slow.
A partition for each cut-off, pruned before FINAL, lets FINAL answer for any of them. It reads no GB18030; the file is decoded first.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from chdb.session import Session
from task import COLUMNS, OTHER_TYPES, SCOPE, START_ON, TIMES, TYPES, VOID, Figures, Task, count_threads, perform


def name_type(column: str) -> str:
    return "Nullable(DateTime('Asia/Shanghai'))" if column in TIMES else "String"


STRUCTURE = ", ".join(f"`{column}` {name_type(column)}" for column in COLUMNS)
CREATE = f"""
    create table cases ({STRUCTURE}, cut_off Date)
    engine = ReplacingMergeTree(cut_off) partition by cut_off order by `办件编号`
"""
INSERT = f"""
    insert into cases select {", ".join(f"`{column}`" for column in COLUMNS)}, toDate('{{cut_off}}')
    from file('{{csv}}', CSVWithNames, '{STRUCTURE.replace("'", "''")}')
"""
NEWEST = f"""
    select transform(`事项类型`, {list(TYPES)}, {list(TYPES.values())}, '{OTHER_TYPES}') as group_key,
        countIf(toDate(`受理时间`) between '{START_ON}' and '{{cut_off}}') as accepted,
        countIf(toDate(`办结时间`) between '{START_ON}' and '{{cut_off}}') as completed
    from cases final
    where cut_off <= '{{cut_off}}' and `行政区划` in {SCOPE} and `办结结果` not in {VOID}
    group by group_key
    settings defer_partition_pruning_after_final = 0
"""


def load_first(task: Task) -> Figures:
    with connect(task) as session:
        session.query(CREATE)
        return load(session, task)


def load_week(task: Task) -> Figures:
    with connect(task) as session:
        return load(session, task)


def load(session: Session, task: Task) -> Figures:
    with task.as_utf8() as csv:
        session.query(INSERT.format(csv=csv, cut_off=task.cut_off))
    return count(session, task)


def ask(task: Task) -> Figures:
    with connect(task) as session:
        return count(session, task)


def count(session: Session, task: Task) -> Figures:
    answer = session.query(NEWEST.format(cut_off=task.cut_off), "JSONCompact")
    rows = json.loads(str(answer))["data"]
    return {group: [int(accepted), int(completed)] for group, accepted, completed in rows}


@contextmanager
def connect(task: Task) -> Iterator[Session]:
    with Session(str(task.store / "session")) as session:
        session.query(f"set max_threads = {count_threads()}")
        yield session


if __name__ == "__main__":
    perform(load_first=load_first, load_week=load_week, year_to_date=ask, as_of=ask)
