"""The whole way, and every figure a dull second time: counted by plain Python from the same rows (docs/method.md §2)."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from drawing import (
    Silent,
    deliver,
    draw,
    fold_in_memory,
    write_csv,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.domain.cases import Counts, Window
from flows.figures.counts import count_in_window
from flows.jobs import weekly


def test_a_weekly_run_prints_the_section_of_what_was_delivered(tmp_path: Path) -> None:
    project = deliver(
        tmp_path,
        {
            "2022-07-15": draw(
                """
                case | type    | area   | accepted   | completed
                1    | 行政许可 | 510000 | 2022-07-01 |
                2    | 公共服务 | 510000 | 2022-07-01 |
                3    | 行政确认 | 510000 | 2021-12-01 | 2022-01-05
                4    | 行政许可 | 510100 | 2022-07-01 |
                """
            ),
            "2022-07-22": draw(
                """
                case | completed  | result
                1    | 2022-07-20 | 出证
                2    | 2022-07-20 | 作废
                """
            ),
        },
    )
    run = weekly.weekly(project, date(2022, 7, 22), Silent())
    assert (run.folder / "statistics.txt").read_text(encoding="utf-8") == (
        "据四川一体化政务服务平台数据统计，2022年1月1日至2022年7月22日，省本级行政许可事项受理1件，办结1件；"
        "公共服务事项受理0件，办结0件，其它九类行权事项受理0件，办结1件。\n"
    )
    assert run.statistics.out_of_scope == Counts(accepted=1)


GROUPS = {
    "行政许可": "licence",
    "１Ａ": "licence",
    "公共服务事项": "public_service",
    "其它": "other_power",
    "9": "other_power",
    "31": "unclassified",
}
CODED_GROUPS = {"1A": "licence", "1E": "other_power", "2B": "public_service", "4A": "unclassified", "": "unclassified"}
CUT_OFFS = (date(2022, 1, 7), date(2022, 7, 15), date(2022, 7, 22))
YEAR_TO_DATE = Window(date(2022, 1, 1), date(2022, 7, 22))
WINDOWS = (
    YEAR_TO_DATE,
    Window(date(2022, 7, 18), date(2022, 7, 22)),
    Window(date(2022, 7, 16), date(2022, 7, 22)),
    Window(date(2021, 1, 1), date(2021, 12, 31)),
    Window(date(2022, 1, 1), date(2022, 1, 1)),
)
MOMENTS = [
    datetime.fromisoformat(text)
    for text in (
        "2021-12-31 23:59:59",
        "2022-01-01",
        "2022-07-15 23:59:59",
        "2022-07-16",
        "2022-07-18 09:30",
        "2022-07-22 23:59:59",
        "2022-07-23",
    )
]
WHOLE, ACCEPTANCE, RESULT = "whole", "acceptance", "result"
# 导出日期 is no column of the profile: it makes each file another one, since a content sent twice is loaded once.
HEADERS = {
    WHOLE: ["导出日期", "办件编号", "更新时间", "事项类型", "实施编码", "行政区划", "受理时间", "办结时间", "办结结果"],
    ACCEPTANCE: ["导出日期", "办件编号", "更新时间", "事项类型", "实施编码", "行政区划", "受理时间"],
    RESULT: ["导出日期", "办件编号", "更新时间", "办结时间", "办结结果"],
}


@dataclass(frozen=True)
class Row:
    """One generated row: what it says, and with which table of which delivery it comes."""

    cut_off: date
    table: str
    case: int
    type: str
    letters: str
    area: str
    accepted: datetime | None
    completed: datetime | None
    result: str
    updated: datetime | None

    @property
    def effective(self) -> datetime:
        end = datetime.combine(self.cut_off, datetime.min.time()) + timedelta(days=1)
        return min(self.updated or end, end)

    @property
    def is_readable(self) -> bool:
        """Its area is told by one of two columns; without it a row that tells acceptance is quarantined."""
        return self.table == RESULT or bool(self.area or self.letters)

    def cells(self) -> list[str]:
        code = f"51{self.letters}0358300011-510000000000-000-11510000MB1690541M-1-00" if self.letters else ""
        accepted, completed, updated = (str(time or "") for time in (self.accepted, self.completed, self.updated))
        told = {
            "导出日期": str(self.cut_off),
            "办件编号": f"5100-{self.case}",
            "更新时间": updated,
            "事项类型": self.type,
            "实施编码": code,
            "行政区划": self.area,
            "受理时间": accepted,
            "办结时间": completed,
            "办结结果": self.result,
        }
        return [told[column] for column in HEADERS[self.table]]


# Some tell the day alone, and many are of one day.
updates = st.none() | st.builds(
    lambda days, hours: datetime.fromisoformat("2022-01-01") + timedelta(days, hours=hours),
    st.integers(5, 205) | st.sampled_from([5, 100, 194, 195, 202]),
    st.sampled_from([0, 0, 9, 17]),
)
rows = st.builds(
    Row,
    cut_off=st.sampled_from(CUT_OFFS),
    table=st.sampled_from([WHOLE, WHOLE, ACCEPTANCE, RESULT]),
    case=st.integers(1, 6),
    type=st.sampled_from([*GROUPS, ""]),
    letters=st.sampled_from(list(CODED_GROUPS)),
    area=st.sampled_from(["510000", "510000000000", "510100", ""]),
    accepted=st.none() | st.sampled_from(MOMENTS),
    completed=st.none() | st.sampled_from(MOMENTS),
    result=st.sampled_from(["", "", "出证", "退件", "作废", "不予受理"]),
    updated=updates,
)
sent_again = st.tuples(st.integers(0, 19), st.sampled_from(CUT_OFFS), updates)


@settings(max_examples=20)
@given(st.lists(rows, min_size=1, max_size=30), st.lists(sent_again, max_size=10))
def test_every_figure_is_what_plain_python_counts(
    first_sent: list[Row], again: list[tuple[int, date, datetime | None]]
) -> None:
    repeated = [
        replace(first_sent[i % len(first_sent)], cut_off=cut_off, updated=updated) for i, cut_off, updated in again
    ]
    delivered = without_ties([*first_sent, *repeated])
    files = {
        f"{cut_off}/{table}.csv": write_csv(
            HEADERS[table], [row.cells() for row in delivered if (row.cut_off, row.table) == (cut_off, table)]
        )
        for cut_off, table in {(row.cut_off, row.table) for row in delivered}
    }
    with fold_in_memory(files) as engine:
        for window in WINDOWS:
            for as_of in CUT_OFFS:
                known = [row for row in delivered if row.cut_off <= as_of and row.is_readable]
                assert count_in_window(engine, window, as_of) == recount(known, window)


def without_ties(delivered: list[Row]) -> list[Row]:
    """Rows that no two rules of their own have to order: two of one case, cut-off and moment tell different things."""
    kept: list[Row] = []
    for row in delivered:
        rivals = [r for r in kept if (r.case, r.cut_off, r.effective) == (row.case, row.cut_off, row.effective)]
        if all({row.table, rival.table} == {ACCEPTANCE, RESULT} for rival in rivals):
            kept.append(row)
    return kept


def recount(known: list[Row], window: Window) -> dict[str, Counts]:
    accepted: Counter[str] = Counter()
    completed: Counter[str] = Counter()
    carried_over: Counter[str] = Counter()
    for case in {row.case for row in known}:
        acceptance = find_newest(known, case, (WHOLE, ACCEPTANCE))
        result = find_newest(known, case, (WHOLE, RESULT))
        if result and result.result in ("作废", "不予受理"):
            continue
        line = find_line(acceptance)
        accepted_at = acceptance.accepted if acceptance else None
        completed_at = result.completed if result else None
        if accepted_at and accepted_at.date() in window:
            accepted[line] += 1
        if completed_at and completed_at.date() in window:
            completed[line] += 1
            if accepted_at and accepted_at.year < completed_at.year:
                carried_over[line] += 1
    lines = ("licence", "public_service", "other_power", "unclassified", "out_of_scope")
    return {line: Counts(accepted[line], completed[line], carried_over[line]) for line in lines}


def find_newest(known: list[Row], case: int, tables: tuple[str, ...]) -> Row | None:
    """Cut-off by cut-off: the newest row of each takes the place of what was believed, unless its version is older."""
    believed = None
    for cut_off in CUT_OFFS:
        telling = [row for row in known if (row.case, row.cut_off) == (case, cut_off) and row.table in tables]
        newest = max(telling, key=lambda row: row.effective, default=None)
        if newest and not (believed and is_older(newest, believed)):
            believed = newest
    return believed


def is_older(row: Row, known: Row) -> bool:
    """Whether both tell a version and the row's is older; by days, where one of them tells the day alone."""
    if not (row.updated and known.updated):
        return False
    if datetime.min.time() in (row.effective.time(), known.effective.time()):
        return row.effective.date() < known.effective.date()
    return row.effective < known.effective


def find_line(acceptance: Row | None) -> str:
    if acceptance is None or acceptance.area == "510100":
        return "out_of_scope"
    return GROUPS[acceptance.type] if acceptance.type else CODED_GROUPS[acceptance.letters]
