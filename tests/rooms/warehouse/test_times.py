"""How a cell that tells a time is read: one table of spellings, each with the moment it means, and what is no time or none at all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.domain.profile import Profile, load_profile
from flows.engine.duckdb.connection import Connection
from flows.engine.duckdb.storage import open_in_memory
from flows.engine.query import load_query
from flows.sources.export import read_export
from flows.warehouse.staging import STAGED_ROWS, finish_rows, prepare

SICHUAN = load_profile("sichuan")


@pytest.fixture(scope="module")
def engine() -> Iterator[Connection]:
    with open_in_memory() as opened:
        yield opened


def read(
    engine: Connection, folder: Path, written: list[str], profile: Profile = SICHUAN
) -> list[tuple[object, object]]:
    """Each text as the acceptance of a row: the time, and the text that is none, as staged from a file."""
    path = folder / "办件.csv"
    lines = (f'{i},"{text.replace(chr(34), chr(34) * 2)}"' for i, text in enumerate(written))
    path.write_text(
        "\n".join(["办件编号,受理时间,行政区划", *(f"{line},510000" for line in lines), ""]), encoding="utf-8"
    )
    (table,) = read_export(path, profile).tables
    prepare(engine)
    engine.deliver(table, STAGED_ROWS, table_no=1, type_hint="", around_pattern="^x$")
    finish_rows(engine, profile)
    rows = engine.ask("select accepted_at, accepted_unread from staged_rows order by row_index").tuples()
    return list(rows)


# Each of these is 2022-07-22 09:30:00 in Chengdu.
HALF_PAST_NINE = [
    *("2022-07-22 09:30:00", "2022-07-22 9:30", "2022/7/22 9:30", "2022/07/22 09:30:00", "2022.7.22 9:30:00", "2022-7-22 9:30:00"),
    *("2022-07-22 09:30:00.0", "2022-07-22 09:30:00.0000000", "2022-07-22 09:30:00,000", "2022-07-22T09:30", "2022-07-22T09:30:00"),
    *("2022-07-22 01:30:00+00", "2022-07-22 09:30:00+08", "2022-07-22 09:30:00+0800", "2022-07-22 09:30:00+08:00"),
    *("2022-07-22 09:30:00 +08:00", "2022-07-22 09:30:00.0000000 +08:00", "2022-07-22T09:30+08:00", "2022-07-22T01:30Z"),
    *("2022-07-22T01:30:00.000Z", "2022-07-22T01:30:00z", "2022-07-22 01:30 UTC", "2022-07-22 01:30:00 GMT", "2022-07-22 01:30:00 UTC+0"),
    *("2022-07-21T18:30:00-07:00", "2022-07-22T07:15:00+05:45", "2022-07-22T09:30+08:00[Asia/Shanghai]", "2022-07-22 09:30:00 Asia/Shanghai"),
    *("2022年7月22日9时30分", "2022年7月22日 9时30分0秒", "2022年07月22日 09:30", "2022 年 7 月 22 日 9:30", "2022年7月22日 星期五 9:30"),
    *("2022/7/22 上午 9:30:00", "2022/7/22 上午9时30分", "2022/7/22 9:30 AM", "2022/7/22 AM 9:30", "2022-07-22 9:30 a.m.", "2022-07-22 09:30am"),
    *("Fri Jul 22 2022 09:30:00 GMT+0800 (中国标准时间)", "Fri Jul 22 09:30:00 CST 2022", "Fri, 22 Jul 2022 01:30:00 GMT"),
    *("Fri Jul 22 09:30:00 GMT+08:00 2022", "July 22, 2022 9:30 AM", "Jul 22 2022  9:30AM", "22-Jul-2022 09:30", "22JUL2022:09:30:00"),
    *("22-7月 -22 09.30.00.000000 上午", "22-7月 -22 09.30.00.000000000 上午 +08:00", "22-JUL-22 09.30.00 AM", "2022-07-22-09.30.00.000000"),
    *("20220722093000", "20220722 093000", "20220722T093000", "20220722 09:30:00", "202207220930", "20220722T0930+0800", "20220722093000000"),
    *("1658453400", "1658453400000", "1658453400000000", "1658453400000000000", "1658453400.0", "44764.395833333336"),
    *("２０２２－０７－２２　０９：３０：００", "2022-07-22\u00a009:30:00", "2022-07-22\u202f9:30\u202fAM", "2022-07-22\t09:30:00"),
    *("2022-07-22   9:30",),
    *("\ufeff2022-07-22 09:30:00", "2022-07-22 09:30:00\u200b", "\u202d2022-07-22 09:30:00\u202c", '="2022-07-22 09:30:00"', "'2022-07-22 09:30:00"),
    *("2022-07-22 09:30:5Z".replace("5Z", "00+08"), "2022\u201107\u201122 09:30", "2022-07-22 09:30:00\x1a"),
]  # fmt: skip
# Each of these is the first moment of 2022-07-22.
MIDNIGHT = [
    "2022-07-22",
    "2022/7/22",
    "2022年7月22日",
    "20220722",
    "20220722.0",
    "二〇二二年七月二十二日",
    "二○二二年七月二十二日",
    "二零二二年七月二十二号",
    "22-7月 -22",
    "22-JUL-22",
    "July 22, 2022",
    "44764",
    "44764.0",
]
OTHER_MOMENTS = {
    "二〇二二年十月十日": datetime(2022, 10, 10),
    "二〇二一年十二月三十一日 9:30": datetime(2021, 12, 31, 9, 30),
    "二〇二二年一月二十日": datetime(2022, 1, 20),
    "二〇二二年十一月十五日": datetime(2022, 11, 15),
    "二〇二二年十三月一日": None,
    "二十二年七月一日": None,
    "2022/7/20 下午 2:00:00": datetime(2022, 7, 20, 14),
    "下午": None,
    "2022-07-20 下午 12:30": datetime(2022, 7, 20, 12, 30),
    "2022-07-20 上午 12:30": datetime(2022, 7, 20, 0, 30),
    "2022-07-20 下午 0:30": datetime(2022, 7, 20, 12, 30),
    "2022-07-20 下午 14:30": datetime(2022, 7, 20, 14, 30),
    "2022/7/20 PM 2:00": datetime(2022, 7, 20, 14),
    "2022-07-22 09:30:00.5+08": datetime(2022, 7, 22, 9, 30, 0, 500_000),
    "2022-07-22 09:30:00.123456789": datetime(2022, 7, 22, 9, 30, 0, 123_456),
    "20220722093000123": datetime(2022, 7, 22, 9, 30, 0, 123_000),
    "2022-07-22 24:00:00": datetime(2022, 7, 23),
    "2022-07-21 17:30:5Z": datetime(2022, 7, 22, 1, 30, 5),
    "1753056000000": datetime(2025, 7, 21, 8),
    "1900-05-05": datetime(1900, 5, 5),
}
NO_TIMES = [
    *("下午", "09:30", "2022-07", "2022-07-22 9", "2022-02-29", "2022-13-01", "2022-07-22 25:00", "2022-07-22 09:60", "2022-07-22 09:30:60"),
    *("2022-07-22 上午 14:00", "2022-07-22-05:00", "2022-07-22 09:30:00+99", "2022-07-22 09:30:00+08:75", "2022-07-22 09:30 PST", "星期五"),
    *("0", "1", "0.5", "447", "5000000000", "-1658453400", "2022072209", "即办", "待定", "#N/A", "#REF!", "#DIV/0!", "#NAME?"),
    *("22/07/2022", "07/22/2022", "01/02/2022", "22-07-22", "22/7/20 9:30", "22年7月22日"),
]  # fmt: skip
NOTHING = [
    *(" ", "--", "-", "—", "——", "/", "无", "NULL", "null", "(null)", "<null>", "[NULL]", "None", "nan", "NaN", "NaT", "N/A", "\\N", "－", "\u200b"),
    *("0000-00-00", "0000-00-00 00:00:00", "0001-01-01", "0001-01-01 00:00:00", "0001-01-01T00:00:00Z", "0001/1/1 0:00:00", "00010101"),
    *("1753-1-1", "1753-01-01 00:00:00", "1899-12-30", "1899-12-31 12:00:00", "1900-01-00", "1900-01-01", "1900/1/1", "1900年1月1日"),
    *("9999-12-31", "9999-12-31 23:59:59", "9999-12-31T15:59:59Z", "9999-12-30T16:00:00Z", "99991231", "99991231235959", "9999/12/31 下午 11:59:59"),
    *("2099-12-31", "2099-12-31 23:59:59", "2099/12/31", "31-DEC-2099", "2099年12月31日", "2958465", "73050"),
    *("-62135596800", "-62135596800000", "-62135625600000", "253402271999", "253402300799999", "-2209161600", "-6847804800", "4102329600"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((text, datetime(2022, 7, 22, 9, 30)) for text in HALF_PAST_NINE),
        *((text, datetime(2022, 7, 22)) for text in MIDNIGHT),
    ],
)
def test_every_spelling_of_a_moment_is_read_to_that_moment(
    written: str, meant: datetime, engine: Connection, tmp_path: Path
) -> None:
    assert read(engine, tmp_path, [written]) == [(meant, None)]


def test_halves_of_the_day_fractions_and_offsets_are_honoured(engine: Connection, tmp_path: Path) -> None:
    found = read(engine, tmp_path, list(OTHER_MOMENTS))
    assert [time for time, _ in found] == list(OTHER_MOMENTS.values())


def test_what_is_no_time_or_could_be_two_is_left_unread_and_told(engine: Connection, tmp_path: Path) -> None:
    assert read(engine, tmp_path, NO_TIMES) == [(None, text) for text in NO_TIMES]


def test_what_systems_write_for_no_time_is_empty(engine: Connection, tmp_path: Path) -> None:
    assert dict(zip(NOTHING, read(engine, tmp_path, NOTHING), strict=True)) == dict.fromkeys(NOTHING, (None, None))


def test_a_profile_adds_days_that_mean_no_time(engine: Connection, tmp_path: Path) -> None:
    days = ["2049-12-31", "2049-12-31 00:00:00", "2049/12/31", "2049-12-30T16:00:00Z", "2049-12-30"]
    held = read(engine, tmp_path, days, replace(SICHUAN, none_days=("2049-12-31",)))
    assert held == [(None, None)] * 4 + [(datetime(2049, 12, 30), None)]


@pytest.mark.parametrize(
    ("switch", "written", "meant"),
    [
        ("is_month_first", "07/05/2022 2:00:00 PM", datetime(2022, 7, 5, 14)),
        ("is_month_first", "7/5/22", datetime(2022, 7, 5)),
        ("is_day_first", "05/07/2022 14:00", datetime(2022, 7, 5, 14)),
        ("is_day_first", "5.7.22", datetime(2022, 7, 5)),
        ("has_two_digit_years", "22-07-05 14:00:00", datetime(2022, 7, 5, 14)),
        ("has_two_digit_years", "22年7月5日", datetime(2022, 7, 5)),
    ],
)
def test_an_order_of_dates_is_read_only_where_the_profile_says_so(
    switch: str, written: str, meant: datetime, engine: Connection, tmp_path: Path
) -> None:
    told = replace(
        SICHUAN,
        is_month_first=switch == "is_month_first",
        is_day_first=switch == "is_day_first",
        has_two_digit_years=switch == "has_two_digit_years",
    )
    assert read(engine, tmp_path, [written], told) == [(meant, None)]
    assert read(engine, tmp_path, [written]) == [(None, written)]


def test_times_with_an_offset_become_wall_time_of_the_profiles_zone_and_others_stay(
    engine: Connection, tmp_path: Path
) -> None:
    written = ["2022-07-22T16:30:00Z", "2022-01-22T17:30:00Z", "2022-07-22 09:30:00", "Fri Jul 22 09:30:00 CST 2022"]
    held = read(engine, tmp_path, written, replace(SICHUAN, time_zone="America/Los_Angeles"))
    morning = datetime(2022, 7, 22, 9, 30)
    assert held == [(morning, None), (datetime(2022, 1, 22, 9, 30), None), (morning, None), (None, written[3])]


MOMENTS = st.datetimes(datetime(2001, 9, 10), datetime(2033, 5, 18)).map(lambda time: time.replace(microsecond=0))
FORMS = (
    "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒", "%Y%m%d%H%M%S", "%Y%m%d %H%M%S", "%Y-%m-%d-%H.%M.%S.000000",
    "%a %b %d %Y %H:%M:%S GMT+0800", "%a %b %d %H:%M:%S CST %Y", "%d-%b-%Y %I:%M:%S %p", "%B %d, %Y %I:%M:%S %p", "%Y-%m-%d %p %I:%M:%S",
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(MOMENTS, st.integers(-12 * 60, 14 * 60))
def test_what_python_writes_is_read_back(
    engine: Connection, tmp_path_factory: pytest.TempPathFactory, time: datetime, offset: int
) -> None:
    """The dull second way: the moment is known before it is written."""
    there = (time - timedelta(hours=8, minutes=-offset)).isoformat()
    sign, (hours, minutes) = "+" if offset >= 0 else "-", divmod(abs(offset), 60)
    seconds = int((time - timedelta(hours=8)).replace(tzinfo=UTC).timestamp())
    written = [
        *(time.strftime(form) for form in FORMS),
        *(f"{there}{sign}{hours:02}{mark}{minutes:02}" for mark in ("", ":")),
        *(str(seconds * 10**power) for power in (0, 3, 6, 9)),
    ]
    held = read(engine, tmp_path_factory.mktemp("moment"), written)
    assert dict(zip(written, held, strict=True)) == dict.fromkeys(written, (time, None))


def test_a_step_that_renews_values_of_numbered_rows_finds_them_by_their_number(engine: Connection) -> None:
    assert load_query("fold/1_read/unusual_times").fate.key == "row_index"
    engine.put("staged_rows", [("a",), ("b",)], columns="case_no varchar", number="row_index")
    query = replace(load_query("fold/1_read/unusual_times"), select="select 1 as row_index, 'c' as case_no")
    engine.perform(query, {})
    assert engine.ask("select row_index, case_no from staged_rows").dicts() == [
        {"row_index": 0, "case_no": "a"},
        {"row_index": 1, "case_no": "c"},
    ]
