"""Polars: a lazy query over the file, run by the streaming engine, its result kept as one Parquet file a week.

Fair: `scan_csv` and `sink_parquet` as its documentation has them, only the columns that count; a lazy scan reads no GB18030, so the
file is decoded first. Each week's file is the newest row of every case, so both questions are answered from one file; a file a
delivery instead would be quicker to load and slower to ask.
"""

from datetime import datetime, timedelta

import polars as pl
from task import COLUMNS, OTHER_TYPES, SCOPE, START_ON, TIMES, TYPES, VOID, Figures, Task, perform, sync


def load_first(task: Task) -> Figures:
    with task.as_utf8() as csv:
        return keep(task, pl.scan_csv(csv, infer_schema=False))


def load_week(task: Task) -> Figures:
    newest = max(task.store.glob("*.parquet"))
    with task.as_utf8() as csv:
        return keep(task, pl.scan_csv(csv, infer_schema=False), pl.scan_parquet(newest))


def keep(task: Task, delivered: pl.LazyFrame, *before: pl.LazyFrame) -> Figures:
    rows = delivered.select(pl.col(COLUMNS)).with_columns(pl.col(TIMES).str.to_datetime("%Y-%m-%d %H:%M:%S"))
    newest = pl.concat([*before, rows]).unique("办件编号", keep="last")
    kept = task.store / f"{task.cut_off}.parquet"
    newest.sink_parquet(kept)
    sync(kept)
    return ask(task)


def ask(task: Task) -> Figures:
    start, end = datetime.fromisoformat(START_ON), datetime.fromisoformat(task.cut_off) + timedelta(days=1)
    in_year = [pl.col(column).is_between(start, end, closed="left").sum() for column in ("受理时间", "办结时间")]
    counted = (
        pl.scan_parquet(task.store / f"{task.cut_off}.parquet")
        .filter(pl.col("行政区划").is_in(SCOPE), pl.col("办结结果").is_in(VOID).fill_null(False).not_())
        .group_by(pl.col("事项类型").replace_strict(TYPES, default=OTHER_TYPES))
        .agg(*in_year)
        .collect(engine="streaming")
    )
    return {group: [accepted, completed] for group, accepted, completed in counted.rows()}


if __name__ == "__main__":
    perform(load_first=load_first, load_week=load_week, year_to_date=ask, as_of=ask)
