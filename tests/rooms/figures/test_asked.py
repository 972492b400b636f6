"""The tables that a source profile asks for: what each number means, that parts add up, and how they are printed."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from drawing import draw, fold_in_memory
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_figures import STATISTICS

from flows.domain.asked import ASKED_TABLES, Asked, AskedTable
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.domain.profile import load_profile
from flows.figures import section
from flows.figures.asked import read_asked
from flows.report.asked_tables import list_asked_tables, write_ranking
from flows.report.table import Table

WEEK = PROGRAM_CALENDAR.week_ending(date(2022, 7, 22))
PROFILE = load_profile("sichuan")
WORK = """
    case | type     | department | 办件类型 | accepted   | due        | 法定时限 | completed
    1    | 行政许可 | 民政厅      | 承诺件 | 2022-07-01 | 2022-07-08 | 20       | 2022-07-06
    2    | 行政许可 | 民政厅      | 承诺件 | 2022-07-01 | 2022-07-08 | 20       | 2022-07-08
    3    | 行政许可 | 民政厅      | 承诺件 | 2022-07-01 | 2022-07-08 | 20       | 2022-07-11
    4    | 公共服务 | 民政厅      | 即办件 | 2022-07-01 |            |          | 2022-07-01
    5    | 公共服务 | 民政厅      |        | 2022-07-01 | 2022-07-08 |          |
    6    | 公共服务 | 交通厅      | 即办件 | 2021-12-31 |            |          | 2022-01-04
"""


def read(cases: str, *tables: str) -> dict[str, list[dict[str, Any]]]:
    """Table → its lines, of the year through 22 July."""
    asked = Asked(tables, PROFILE.asked.results)
    with fold_in_memory({"2022-07-22": draw(cases)}) as engine:
        found = list(read_asked(engine, asked, WEEK.year_to_date, date.max, 1))
    return {table.name: [dict(line) for line in table.lines] for table in found}


def show(**tables: Sequence[Mapping[str, Any]]) -> dict[str, Table]:
    """Title → what is printed of these lines."""
    asked = tuple(AskedTable(name, tuple(lines)) for name, lines in tables.items())
    return {table.title: table for table in list_asked_tables(replace(STATISTICS, asked=asked))}


# ---------------------------------------------------------------- by department


def test_of_a_department_are_counted_its_cases_their_kinds_days_and_what_was_early_in_time_and_late() -> None:
    """Three promised for Friday 8 July: on Wednesday, on that day, on Monday after it; one at once; one open and past its day."""
    (civil, transport) = read(WORK, "departments")["departments"]
    assert civil == {
        "department": "民政厅", "accepted": 5, "completed": 4, "immediate": 1, "promised": 3,
        "measured": 4, "working_days": 3 + 5 + 6 + 0, "judged": 3, "on_time": 2, "early": 1, "overdue": 1,
        "limited": 3, "limit_days": 60, "used_days": 14,
    }  # fmt: skip
    assert (transport["accepted"], transport["completed"], transport["working_days"]) == (0, 1, 1)


def test_the_rates_of_a_department_have_the_open_late_cases_below_them_and_speed_up_is_what_is_left_of_the_limit() -> (
    None
):
    table = show(departments=read(WORK, "departments")["departments"])["单位办理情况"]
    assert table.rows == (
        ("民政厅", 5, 4, 1, 3, "3.5", "25.0%", "50.0%", "76.7%", 1),
        ("交通厅", 0, 1, 1, 0, "1.0", "–", "–", "–", 0),
        ("合计", 5, 5, 2, 3, "3.0", "25.0%", "50.0%", "76.7%", 1),
    )
    assert "办结量排名前三的单位：民政厅（4 件）、交通厅（1 件）。" in table.note


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        ({"甲厅": 120, "乙局": 95, "丙局": 60, "丁局": 3}, "甲厅（120 件）、乙局（95 件）、丙局（60 件）"),
        ({"甲厅": 120, "乙局": 95, "丙局": 95, "丁局": 3}, "甲厅（120 件）、乙局、丙局（各 95 件）"),
        ({"甲厅": 9, "乙局": 8, "丙局": 7, "丁局": 7}, "甲厅（9 件）、乙局（8 件）、丙局、丁局（各 7 件）"),
        ({"甲厅": 9, "乙局": 9, "丙局": 9, "丁局": 9}, "甲厅、乙局、丙局、丁局（各 9 件）"),
        ({"甲厅": 2, "乙局": 0}, "甲厅（2 件）"),
        ({}, ""),
    ],
)
def test_of_the_first_three_all_that_share_a_place_are_named(cases: dict[str, int], said: str) -> None:
    assert (
        write_ranking([{"department": name, "completed": count} for name, count in cases.items()], "completed") == said
    )


# ---------------------------------------------------------------- what is open

OPEN = """
    case | type     | department | accepted   | due        | completed
    1    | 行政许可 | 民政厅      | 2022-07-22 | 2022-08-05 |
    2    | 行政许可 | 民政厅      | 2022-07-15 | 2022-07-25 |
    3    | 行政许可 | 民政厅      | 2022-07-14 | 2022-07-21 |
    4    | 行政许可 | 民政厅      | 2022-07-08 |            |
    5    | 行政许可 | 民政厅      | 2022-06-24 |            |
    6    | 行政许可 | 民政厅      | 2022-04-26 |            |
    7    | 行政许可 | 交通厅      | 2022-01-04 |            |
    8    | 行政许可 | 交通厅      | 2022-07-04 |            | 2022-07-05
"""


def test_open_cases_are_counted_by_working_days_since_acceptance_at_the_end_of_the_week() -> None:
    """On Friday 22 July: of today 0, of last Friday 5, of Thursday before 6, of the 8th 10, of 24 June 20, of 26 April 60."""
    (civil, transport) = read(OPEN, "open_ages")["open_ages"]
    ages = ("still_open", "up_to_five", "up_to_ten", "up_to_twenty", "up_to_sixty", "more")
    assert [civil[name] for name in ages] == [6, 2, 2, 1, 1, 0]
    assert (civil["median_age"], civil["due_soon"], civil["overdue"]) == (8.0, 1, 1)
    assert (transport["still_open"], transport["more"], transport["median_age"] > 60) == (1, 1, True)


def test_the_departments_with_overdue_cases_are_named_or_that_there_are_none() -> None:
    table = show(open_ages=read(OPEN, "open_ages")["open_ages"])["在办件时长"]
    assert "超期件：民政厅 1 件。" in table.note
    assert [row[0] for row in table.rows] == ["民政厅", "交通厅", "合计"]
    assert table.rows[-1][1:3] == (7, 2)


# ---------------------------------------------------------------- results

RESULTS = """
    case | type     | department | 申请时间 | accepted   | completed  | result
    1    | 行政许可 | 民政厅      | 2022-07-01 | 2022-07-01 | 2022-07-04 | 准予许可
    2    | 行政许可 | 民政厅      | 2022-07-01 | 2022-07-01 | 2022-07-04 | 不予许可
    3    | 行政许可 | 民政厅      | 2022-07-01 | 2022-07-01 | 2022-07-04 | 退件
    4    | 行政许可 | 交通厅      | 2022-07-01 | 2022-07-01 | 2022-07-04 | 撤销许可
    5    | 行政许可 | 交通厅      | 2021-12-31 | 2022-01-04 | 2022-07-04 | 转报
    6    | 行政许可 | 交通厅      | 2022-07-01 | 2022-07-01 | 2022-07-04 | 其他办结
    7    | 行政许可 | 交通厅      | 2022-07-01 |            |            | 不予受理
    8    | 行政许可 | 交通厅      | 2022-07-01 | 2022-07-01 |            |
    9    | 公共服务 | 交通厅      | 2022-07-01 | 2022-07-01 | 2022-07-04 | 出证
"""


def test_results_are_told_by_the_words_of_the_profile_and_their_parts_add_up() -> None:
    """What was not admitted was applied for all the same."""
    found = read(RESULTS, "results", "licences")
    assert found["results"] == [
        {"group_key": "licence", "applied": 7, "accepted": 7, "completed": 6, "granted": 1, "denied": 1,
            "returned": 1, "forwarded": 1, "revoked": 1, "others": 1},
        {"group_key": "public_service", "applied": 1, "accepted": 1, "completed": 1, "granted": 1, "denied": 0,
            "returned": 0, "forwarded": 0, "revoked": 0, "others": 0},
    ]  # fmt: skip
    table = show(licences=found["licences"])["行政许可实施情况"]
    assert table.rows == (("交通厅", 4, 4, 0, 0, 1), ("民政厅", 3, 3, 1, 1, 0), ("合计", 7, 7, 1, 1, 1))


def test_where_no_application_is_told_there_is_no_number_of_them() -> None:
    found = read("case | type | accepted | completed\n1 | 行政许可 | 2022-07-01 | 2022-07-04", "results", "licences")
    tables = show(results=found["results"], licences=found["licences"])
    assert tables["办结结果"].rows == (("行政许可", "–", 1, 1, 0, 0, 0, 0, 0, 1),)
    assert tables["行政许可实施情况"].rows == (("未注明", "–", 1, 0, 0, 0),)


def test_a_profile_that_calls_a_result_otherwise_counts_it_there() -> None:
    asked = Asked(("results",), {**(PROFILE.asked.results or {}), "granted": ("其他办结",)})
    with fold_in_memory({"2022-07-22": draw(RESULTS)}) as engine:
        (table,) = read_asked(engine, asked, WEEK.year_to_date, date.max, 1)
    assert [(line["granted"], line["others"]) for line in table.lines] == [(1, 1), (0, 1)]


# ---------------------------------------------------------------- channels, clearance


def test_shares_of_channels_are_of_all_that_were_accepted_and_completed() -> None:
    found = read(
        """
        case | type     | 申请方式 | accepted   | completed
        1    | 行政许可 | 网上    | 2022-07-01 | 2022-07-04
        2    | 行政许可 | 网上    | 2022-07-01 |
        3    | 行政许可 | 窗口    | 2022-07-01 | 2022-07-04
        4    | 行政许可 |         | 2021-12-31 | 2022-07-04
        """,
        "channels",
    )
    assert show(channels=found["channels"])["申请方式"].rows == (
        ("网上", 2, "66.7%", 1, "33.3%"), ("窗口", 1, "33.3%", 1, "33.3%"), ("未注明", 0, "0.0%", 1, "33.3%"),
    )  # fmt: skip


def test_clearance_may_be_above_the_whole_and_the_open_cases_are_turned_into_days() -> None:
    """The figures of the printed section: 461336 of 465145; 6476433 of 18703029; 41684 of 40933."""
    table = show(clearance=[])["结案情况"]
    assert [row[3] for row in table.rows] == ["99.2%", "34.6%", "101.8%"]
    licence = next(times for times in STATISTICS.handling if times.name == "licence")
    days = (STATISTICS.week.year_to_date.end - STATISTICS.week.year_to_date.start).days + 1
    assert table.rows[0][4:] == (licence.still_open, f"{days * licence.still_open / 461336:.1f}")


# ---------------------------------------------------------------- together

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["行政许可", "公共服务"]), st.sampled_from(["甲厅", "乙局"]), st.sampled_from(["即办件", "承诺件", ""]),
        st.sampled_from(["2021-12-30", "2022-03-01", "2022-07-20"]), st.sampled_from(["", "2022-07-01", "2022-07-21"]),
        st.sampled_from(["", "2022-07-21"]), st.sampled_from(["准予", "不予许可", "", "别的"]), st.sampled_from(["网上", "窗口", ""]),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(rows=ROWS)
def test_the_tables_add_up_to_the_figures_of_the_section(rows: list[tuple[str, ...]]) -> None:
    header = "case | type | department | 办件类型 | accepted | due | completed | result | 申请方式"
    lines = [" | ".join([str(number), *row]) for number, row in enumerate(rows, 1)]
    with fold_in_memory({"2022-07-22": draw("\n".join([header, *lines]))}) as engine:
        profile = replace(PROFILE, asked=replace(PROFILE.asked, tables=tuple(ASKED_TABLES)))
        figures = section.compute_figures(engine, profile, WEEK)
    tables = {table.name: table.lines for table in figures.asked}
    accepted = sum(group.year_to_date.accepted for group in figures.groups)
    completed = sum(group.year_to_date.completed for group in figures.groups)
    for name in ("departments", "results", "channels"):
        sums: Counter[str] = Counter()
        for line in tables[name]:
            sums.update({column: value for column, value in line.items() if isinstance(value, int)})
        assert (sums["accepted"], sums["completed"]) == (accepted, completed), name
    for line in tables["results"]:
        kinds = ("granted", "denied", "returned", "forwarded", "revoked", "others")
        assert sum(int(line[kind] or 0) for kind in kinds) == line["completed"]
    ages: defaultdict[str, int] = defaultdict(int)
    for line in tables["open_ages"]:
        for part in ("up_to_five", "up_to_ten", "up_to_twenty", "up_to_sixty", "more"):
            ages["parts"] += int(line[part] or 0)
        ages["whole"] += int(line["still_open"] or 0)
    assert ages["parts"] == ages["whole"] == sum(times.still_open for times in figures.handling)


def test_a_profile_that_asks_for_nothing_has_no_further_table() -> None:
    assert PROFILE.asked.tables == ()
    assert list(list_asked_tables(STATISTICS)) == []
