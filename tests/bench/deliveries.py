"""Two deliveries of invented cases, and the figures they must give: told from the numbers they are made of, not from the files.

    python tests/bench/deliveries.py FOLDER CASES [gb18030]

writes FOLDER/<cut-off>.utf-8.csv (and, asked for, .gb18030.csv), and prints what is expected as JSON. The first delivery holds all
cases; the second a seventh as many rows, at most 700,000: half tell cases of the first anew, half are new. Both say some rows twice,
and some cases are void.
"""

import json
import subprocess
import sys
from pathlib import Path

import duckdb

FIRST, SECOND = "2022-07-22", "2022-07-29"  # cut-offs, and ends of bulletin weeks
MOST_WEEKLY_ROWS = 700_000

# Accepted over the 212 days before the first delivery and the 7 days before the second; 600 of them, ten a department, on the last
# afternoon: an export that stops before it does not pass.
CASES = """
    select i, telling, ['行政许可', '公共服务', '行政确认', '行政给付', '其他行政权力'][1 + i % 5] as item_type,
        ['1A', '2A', '1F', '1G', '1Z'][1 + i % 5] as type_code, i % 900 as item,
        ['510000', '510000000000', '510104', '511000'][1 + i % 4] as area,
        newest_at - case when i - shift < 600 then (i - shift) * 29 else (i - shift) * 7919 % span end * interval 1 second
            as accepted_at,
        case when accepted_at + interval 3 day <= told_at and (telling = 1 and i % 3 > 0 or telling = 2 and i % 9 > 0)
            then accepted_at + interval 3 day end as completed_at,
        telling = 1 and i % 101 = 5 or telling = 2 and i % 37 = 17 as is_void
    from (
        select i, {telling} as telling, case when i < {new} then 0 else {new} end as shift,
            case when i < {new} then timestamp '{first} 17:00:00' else timestamp '{second} 17:00:00' end as newest_at,
            case when i < {new} then 212 else 7 end * 86400 as span, timestamp '{cut_off} 17:00:00' as told_at
        from range({start}, {end}) numbers(i)
    )
"""
# Numbers as platforms give them: a digest of a counter, so that no order helps. Without E: digits around an E are what a spreadsheet
# makes of a long number, and this project alone would refuse the one in three thousand that looks so.
ROWS = """
    select concat('510000', translate(upper(substr(md5(cast(i as varchar)), 1, 18)), 'E', 'G')) as 办件编号, concat('样本', i % 5000) as 申请人姓名,
        lpad(cast(i % 100000 as varchar), 18, '0') as 证件号码, concat('1300000', lpad(cast(i % 10000 as varchar), 4, '0')) as 联系电话,
        item_type as 事项类型,
        concat('51', type_code, lpad(cast(item as varchar), 10, '0'), '-510000000000-000-11510000MB1690541M-1-00') as 实施编码,
        concat('事项名称第', item, '号办理') as 事项名称, concat('四川省第', i % 60, '厅') as 实施主体, area as 行政区划,
        strftime(accepted_at - interval 1 hour, '%Y-%m-%d %H:%M:%S') as 申请时间,
        strftime(accepted_at, '%Y-%m-%d %H:%M:%S') as 受理时间,
        strftime(accepted_at + interval 10 day, '%Y-%m-%d %H:%M:%S') as 承诺办结时间,
        strftime(completed_at, '%Y-%m-%d %H:%M:%S') as 办结时间,
        case when is_void then '作废' when completed_at is not null then ['出证', '办结'][telling] end as 办结结果,
        ['承诺件', '即办件'][1 + i % 2] as 办件类型
    from cases
"""
FIGURES = """
    select case item_type when '行政许可' then 'licence' when '公共服务' then 'public_service' else 'other_power' end as group_key,
        count(*) filter (where accepted_at >= '2022-01-01' and accepted_at < date '{end_on}' + 1),
        count(*) filter (where completed_at >= '2022-01-01' and completed_at < date '{end_on}' + 1)
    from cases
    where area like '510000%' and not is_void
    group by group_key
"""


def main(folder: Path, count: int, encodings: list[str]) -> None:
    weekly = min(MOST_WEEKLY_ROWS, max(count // 7, 2))
    told_anew, end = count - weekly // 2, count + weekly - weekly // 2

    def tell(telling: int, start: int, end: int) -> str:
        cut_off = (FIRST, SECOND)[telling - 1]
        return CASES.format(
            telling=telling, start=start, end=end, new=count, first=FIRST, second=SECOND, cut_off=cut_off
        )

    shapes = {FIRST: tell(1, 0, count), SECOND: tell(2, told_anew, end)}
    for delivery, shape in shapes.items():
        write(folder, delivery, shape, encodings)
    newest = f"{tell(1, 0, told_anew)} union all {shapes[SECOND]}"
    expected = {FIRST: count_figures(shapes[FIRST], FIRST), SECOND: count_figures(newest, SECOND)}
    print(json.dumps({"figures": expected, "weekly_rows": weekly}))


def write(folder: Path, delivery: str, shape: str, encodings: list[str]) -> None:
    path = folder / f"{delivery}.utf-8.csv"
    said_again = f"{ROWS} where i % 211 = 0"
    duckdb.execute(f"copy (with cases as ({shape}) {ROWS} union all {said_again}) to '{path}' (header)").fetchall()
    if "gb18030" in encodings:
        with (folder / f"{delivery}.gb18030.csv").open("wb") as encoded:
            subprocess.run(["iconv", "-f", "UTF-8", "-t", "GB18030", path], stdout=encoded, check=True)


def count_figures(shape: str, end_on: str) -> dict[str, list[int]]:
    rows = duckdb.execute(f"with cases as ({shape}) {FIGURES.format(end_on=end_on)}").fetchall()
    return {group: [accepted, completed] for group, accepted, completed in rows}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
