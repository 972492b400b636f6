"""How long reading an export takes against a naive peer in the same run: prints ratios, never judges.

    python tests/bench/staging.py [ROWS]        default 1000000

CSV: from the file to staged rows in memory, against DuckDB's own `create table as select * from read_csv(…, all_varchar)`
of the same text in UTF-8, both with two threads, runs interleaved. Workbook: against bare fastexcel.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb
import fastexcel
import xlsxwriter

from flows.domain.profile import load_profile
from flows.engine.opening import open_engine
from flows.sources.export import read_export
from flows.warehouse.staging import STAGED_ROWS, finish_rows, prepare

RUNS = 5
PROFILE = load_profile("sichuan")
Work = Callable[[], AbstractContextManager[None]]
CASES = """
    select
        concat('510000-2022', lpad(cast(1 + i % 12 as varchar), 2, '0'), lpad(cast(1 + i % 28 as varchar), 2, '0'), '-',
            lpad(cast(i as varchar), 8, '0')) as 办件编号,
        concat('样本', i % 5000) as 申请人姓名, lpad(cast(i % 100000 as varchar), 18, '0') as 证件号码,
        concat('1300000', lpad(cast(i % 10000 as varchar), 4, '0')) as 联系电话,
        ['行政许可', '公共服务', '行政确认', '行政给付', '其他行政权力'][1 + i % 5] as 事项类型,
        concat('51', ['1A', '2A', '1F', '1G', '1Z'][1 + i % 5], lpad(cast(i % 900 as varchar), 10, '0'),
            '-510000000000-000-11510000MB1690541M-1-00') as 实施编码,
        concat('事项名称第', i % 900, '号办理') as 事项名称, concat('四川省第', i % 60, '厅') as 实施主体,
        ['510000', '510000000000', '510104', '511000'][1 + i % 4] as 行政区划,
        strftime(timestamp '2022-01-01 00:00:00' + (i % 17000000) * interval 1 second, '%Y-%m-%d %H:%M:%S') as 申请时间,
        strftime(timestamp '2022-01-01 01:00:00' + (i % 17000000) * interval 1 second, '%Y-%m-%d %H:%M:%S') as 受理时间,
        strftime(timestamp '2022-01-11 01:00:00' + (i % 17000000) * interval 1 second, '%Y-%m-%d %H:%M:%S') as 承诺办结时间,
        case when i % 3 > 0 then
            strftime(timestamp '2022-01-04 01:00:00' + (i % 17000000) * interval 1 second, '%Y-%m-%d %H:%M:%S') end as 办结时间,
        case when i % 3 > 0 then '出证' end as 办结结果,
        ['承诺件', '即办件'][1 + i % 2] as 办件类型
    from range({rows}) numbers(i)
"""


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        csv, gb18030, workbook = place / "utf8.csv", place / "gb18030.csv", place / "book.xlsx"
        duckdb.execute(f"copy ({CASES.format(rows=rows)}) to '{csv}' (header)")
        gb18030.write_bytes(csv.read_text(encoding="utf-8").encode("gb18030"))
        write_workbook(workbook, min(rows, 100_000))
        for name, ours, peer in (
            ("utf-8", lambda: stage(csv), lambda: copy_naively(csv, place / "naive.duckdb")),
            ("gb18030", lambda: stage(gb18030), lambda: copy_naively(csv, place / "naive.duckdb")),
            ("xlsx", lambda: stage(workbook), lambda: read_barely(workbook)),
        ):
            compare(name, ours, peer)


def compare(name: str, ours: Work, peer: Work) -> None:
    pairs = [(measure(ours), measure(peer)) for _ in range(RUNS)]
    mine, others = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"{name}: {mine / others:.2f} x the peer ({mine:.2f} s against {others:.2f} s, median of {RUNS})")


def measure(work: Work) -> float:
    """Seconds until everything is written; closing is not part of it."""
    start = time.perf_counter()
    with work():
        return time.perf_counter() - start


@contextmanager
def stage(path: Path) -> Iterator[None]:
    with open_engine(threads=2) as engine:
        prepare(engine)
        for table in read_export(path, PROFILE).tables:
            engine.deliver(
                table,
                STAGED_ROWS,
                table_no=1,
                type_hint="",
                around_pattern=PROFILE.around_pattern,
            )
            finish_rows(engine, PROFILE)
        yield


@contextmanager
def copy_naively(path: Path, database: Path) -> Iterator[None]:
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database), config={"threads": 2}) as connection:
        connection.execute(f"create table cases as select * from read_csv('{path}', all_varchar = true)").fetchall()
        yield


@contextmanager
def read_barely(path: Path) -> Iterator[None]:
    fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_arrow()
    yield


def write_workbook(path: Path, rows: int) -> None:
    result = duckdb.execute(CASES.format(rows=rows))
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column[0] for column in result.description or []])
        for i, row in enumerate(result.fetchall(), 1):
            sheet.write_row(i, 0, row)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
