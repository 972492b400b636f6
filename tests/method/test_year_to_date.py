"""The method of the statistics section (docs/method.md §2): each name a rule, each drawing a case of it."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from drawing import (
    FRIDAY,
    Silent,
    bulletin,
    count_days,
    deliver,
    draw,
    fold_in_memory,
    newest_cases,
    write_csv,
    year_to_date,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.domain.cases import Counts, Window
from flows.domain.figures import GroupFigures
from flows.figures.counts import count_in_window
from flows.jobs import weekly

LABELS = {
    "行政许可": "licence",
    "行政许可事项": "licence",
    "行政处罚": "other_power",
    "行政强制": "other_power",
    "行政征收": "other_power",
    "行政征用": "other_power",
    "行政给付": "other_power",
    "行政检查": "other_power",
    "行政确认": "other_power",
    "行政奖励": "other_power",
    "行政裁决": "other_power",
    "行政备案": "other_power",
    "审核转报": "other_power",
    "内部审批": "other_power",
    "其他行政权力": "other_power",
    "其它行政权力": "other_power",
    "其他行政权利": "other_power",
    "其他权利": "other_power",
    "其他类别事项": "other_power",
    "其他职权": "other_power",
    "其它": "other_power",
    "公共服务": "public_service",
    "公共服务事项": "public_service",
    "便民服务": "public_service",
}
SPELLINGS = {
    "01-行政许可": "licence",
    "01 行政许可": "licence",
    "行政许可(01)": "licence",
    "行政许可（０１）": "licence",
    "０１": "licence",
    "行 政　许 可": "licence",
    "20-公共服务": "public_service",
    "公共服务(20)": "public_service",
    "10-其它行政权力": "other_power",
    "其它行政权力（10）": "other_power",
    "９": "other_power",
}

# ---------------------------------------------------------------- the window


def test_both_end_days_are_inclusive() -> None:
    assert year_to_date(
        """
        case | type    | accepted            | completed
        1    | 行政许可 | 2022-07-22 23:59:59 | 2022-07-22 23:59:59
        2    | 行政许可 | 2022-07-23 00:00:00 | 2022-07-23 00:00:00
        """
    ) == {"licence": Counts(accepted=1, completed=1)}


def test_a_fraction_of_the_last_second_still_belongs_to_the_last_day() -> None:
    assert year_to_date(
        """
        case | type    | accepted
        1    | 行政许可 | 2022-07-22 23:59:59.999
        """
    ) == {"licence": Counts(accepted=1)}


def test_the_year_starts_on_1_january_at_midnight() -> None:
    assert year_to_date(
        """
        case | type    | accepted            | completed
        1    | 行政许可 | 2021-12-31 23:59:59 |
        2    | 行政许可 | 2022-01-01 00:00:00 |
        3    | 公共服务 | 2021-12-30 08:00:00 | 2021-12-31 23:59:59
        4    | 公共服务 | 2021-12-30 08:00:00 | 2022-01-01 00:00:00
        """
    ) == {"licence": Counts(accepted=1), "public_service": Counts(completed=1, carried_over=1)}


def test_a_date_without_time_is_that_day() -> None:
    assert year_to_date(
        """
        case | type    | accepted      | completed
        1    | 行政许可 | 2022年1月1日   | 2022/7/22
        2    | 行政许可 | 20220722      | 2022-07-23
        """
    ) == {"licence": Counts(accepted=2, completed=1)}


# ---------------------------------------------------------------- accepted and completed


def test_a_case_accepted_last_year_and_completed_this_year_is_completed_and_carried_over_only() -> None:
    assert year_to_date(
        """
        case | type    | accepted   | completed
        1    | 行政许可 | 2021-12-20 | 2022-01-10
        2    | 行政许可 | 2022-01-05 | 2022-01-10
        """
    ) == {"licence": Counts(accepted=1, completed=2, carried_over=1)}


def test_more_completed_than_accepted_is_right() -> None:
    assert year_to_date(
        """
        case | type    | accepted   | completed
        1    | 行政确认 | 2021-11-01 | 2022-03-01
        2    | 行政确认 | 2021-12-01 | 2022-03-02
        3    | 行政确认 | 2022-02-01 | 2022-03-03
        """
    ) == {"other_power": Counts(accepted=1, completed=3, carried_over=2)}


def test_completed_does_not_ask_for_the_year_of_acceptance() -> None:
    assert year_to_date(
        """
        case | type    | accepted   | completed
        1    | 行政许可 | 2015-06-01 | 2022-07-01
        2    | 行政许可 |            | 2022-07-01
        3    | 行政许可 | 2022-07-01 | 2022-06-01
        """
    ) == {"licence": Counts(accepted=1, completed=3, carried_over=1)}


def test_a_mark_for_nothing_is_an_empty_cell_also_with_spaces_around_it() -> None:
    assert year_to_date(
        """
        case | type    | accepted   | completed
        1    | 行政许可 | 2022-07-01 | --
        2    | 行政许可 | 2022-07-01 | 　--
        3    | 行政许可 | 2022-07-01 | 1900-01-00
        """
    ) == {"licence": Counts(accepted=3)}


def test_the_time_of_application_counts_nothing() -> None:
    assert year_to_date(
        """
        case | type    | 收件时间    | accepted
        1    | 行政许可 | 2022-07-01 |
        2    | 行政许可 | 2021-12-31 | 2022-01-04
        """
    ) == {"licence": Counts(accepted=1)}


# ---------------------------------------------------------------- results and statuses


def test_void_results_count_nowhere_but_their_cases_stay() -> None:
    table = """
        case | type    | accepted   | completed  | result
        1    | 行政许可 | 2022-07-01 | 2022-07-04 | 作废
        2    | 行政许可 | 2022-07-01 | 2022-07-04 | 删除
        3    | 行政许可 | 2022-07-01 | 2022-07-04 | 已作废
        4    | 行政许可 | 2022-07-01 | 2022-07-04 | 已删除
        5    | 行政许可 | 2022-07-01 | 2022-07-04 | 2
        6    | 行政许可 | 2022-07-01 | 2022-07-04 | ３
        7    | 行政许可 | 2022-07-01 | 2022-07-04 | 作　废
        """
    assert year_to_date(table) == {}
    assert newest_cases(table, "case_no", "is_void") == [(str(number), True) for number in range(1, 8)]


def test_void_statuses_count_nowhere_but_their_cases_stay() -> None:
    table = """
        case | type    | accepted   | completed  | result | status
        1    | 行政许可 | 2022-07-01 | 2022-07-04 | 出证    | 作废
        2    | 行政许可 | 2022-07-01 | 2022-07-04 | 出证    | 删除
        3    | 行政许可 | 2022-07-01 | 2022-07-04 |        | 已作废
        4    | 行政许可 | 2022-07-01 | 2022-07-04 | 不予受理 | 已删除
        """
    assert year_to_date(table) == {}
    assert newest_cases(table, "case_no", "is_void") == [("1", True), ("2", True), ("3", True), ("4", True)]


def test_the_digits_of_a_void_result_mean_nothing_as_a_status() -> None:
    assert year_to_date(
        """
        case | type    | accepted   | status
        1    | 行政许可 | 2022-07-01 | 2
        """
    ) == {"licence": Counts(accepted=1)}


def test_a_case_not_admitted_is_neither_accepted_nor_completed() -> None:
    table = """
        case | type    | accepted   | completed  | result  | status
        1    | 行政许可 | 2022-07-01 | 2022-07-04 | 不予受理 |
        2    | 行政许可 | 2022-07-01 | 2022-07-04 |         | 不予受理
        """
    assert year_to_date(table) == {}
    assert newest_cases(table, "is_void", "is_not_admitted") == [(False, True), (False, True)]


def test_every_other_result_with_a_time_is_a_completion() -> None:
    assert year_to_date(
        """
        case | type    | accepted   | completed  | result
        1    | 行政许可 | 2022-07-01 | 2022-07-04 | 出证
        2    | 行政许可 | 2022-07-01 | 2022-07-04 | 退件
        3    | 行政许可 | 2022-07-01 | 2022-07-04 | 转报
        4    | 行政许可 | 2022-07-01 | 2022-07-04 | 不予许可
        5    | 行政许可 | 2022-07-01 | 2022-07-04 | 补正不来
        6    | 行政许可 | 2022-07-01 | 2022-07-04 | 0
        7    | 行政许可 | 2022-07-01 | 2022-07-04 | 1
        8    | 行政许可 | 2022-07-01 | 2022-07-04 | 4
        9    | 行政许可 | 2022-07-01 | 2022-07-04 | 6
        10   | 行政许可 | 2022-07-01 | 2022-07-04 |
        11   | 行政许可 | 2022-07-01 |            | 出证
        """
    ) == {"licence": Counts(accepted=11, completed=10)}


# ---------------------------------------------------------------- 省本级


def test_the_area_510000_is_the_province_however_it_is_written() -> None:
    assert year_to_date(
        """
        case | type    | area         | accepted
        1    | 行政许可 | 510000       | 2022-07-01
        2    | 行政许可 | 510000000000 | 2022-07-01
        3    | 行政许可 | ５１００００  | 2022-07-01
        4    | 行政许可 | '510000      | 2022-07-01
        5    | 行政许可 | ="510000"    | 2022-07-01
        """
    ) == {"licence": Counts(accepted=5)}


def test_other_areas_are_loaded_and_counted_apart_whatever_their_type() -> None:
    table = """
        case | type    | area         | accepted   | completed
        1    | 行政许可 | 510100       | 2022-07-01 | 2022-07-04
        2    | 公共服务 | 510104000000 | 2022-07-01 |
        3    | 没见过   | 510104001    | 2021-07-01 | 2022-07-04
        4    | 行政许可 | 510000000001 | 2022-07-01 |
        """
    assert year_to_date(table) == {"out_of_scope": Counts(accepted=3, completed=2, carried_over=1)}
    assert newest_cases(table, "area_code", "is_in_scope") == [
        ("510100", False),
        ("510104", False),
        ("510104001", False),
        ("510000000001", False),
    ]


def test_a_blank_area_is_read_from_the_item_code() -> None:
    assert year_to_date(
        """
        case | type    | area   | code                                                   | accepted
        1    | 行政许可 |        | 511A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        2    | 行政许可 |        | 511A0358300011-510100000000-000-11510100MB1690541M-1-00 | 2022-07-01
        3    | 行政许可 | 510000 | 511A0358300011-510100000000-000-11510100MB1690541M-1-00 | 2022-07-01
        """
    ) == {"licence": Counts(accepted=2), "out_of_scope": Counts(accepted=1)}


# ---------------------------------------------------------------- item types


def test_the_type_column_takes_the_codes_of_the_profile() -> None:
    assert group_types("01", "1", "1A", "1a") == {"01": "licence", "1": "licence", "1A": "licence", "1a": "licence"}
    powers = ("02", "3", "4", "05", "6", "7", "8", "09", "10", "1B", "1Z")
    assert group_types(*powers) == dict.fromkeys(powers, "other_power")
    assert group_types("20", "2A", "3Z") == {"20": "public_service", "2A": "public_service", "3Z": "public_service"}


def test_the_type_column_takes_the_labels_of_the_profile() -> None:
    assert group_types(*LABELS) == LABELS


def test_a_type_is_read_as_people_read_it() -> None:
    assert group_types(*SPELLINGS) == SPELLINGS


def test_a_type_that_the_source_does_not_list_is_in_no_group() -> None:
    unlisted = ("11", "19", "21", "30", "31", "32", "99", "001", "行政调解", "99-行政调解", "行政调解(99)", "许可")
    assert group_types(*unlisted) == dict.fromkeys(unlisted, "unclassified")


def test_unclassified_cases_are_listed_by_the_label_as_delivered() -> None:
    figures = bulletin(
        """
        case | type    | area   | accepted   | completed
        1    | 31      | 510000 | 2022-07-01 | 2022-07-04
        2    | 行政调解 | 510000 | 2022-07-01 |
        3    | 行政调解 | 510000 | 2021-07-01 | 2022-07-04
        4    |         | 510000 | 2022-07-01 |
        5    | 行政调解 | 510100 | 2022-07-01 |
        6    | 仲裁     | 510000 | 2021-07-01 |
        """
    )
    assert figures.unclassified == Counts(accepted=3, completed=2, carried_over=1)
    assert figures.unclassified_labels == {
        "31": Counts(accepted=1, completed=1),
        "未注明": Counts(accepted=1),
        "行政调解": Counts(accepted=1, completed=1, carried_over=1),
    }
    assert [group.year_to_date for group in figures.groups] == [Counts(), Counts(), Counts()]


def test_a_blank_type_is_read_from_sichuans_own_letters_in_the_item_code() -> None:
    table = """
        case | type | code                                                   | accepted
        1A   |      | 511A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1B   |      | 511B0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1C   |      | 511C0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1D   |      | 511D0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1E   |      | 511E0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1F   |      | 511F0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1G   |      | 511G0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1H   |      | 511H0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1I   |      | 511I0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1Z   |      | 511Z0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        2A   |      | 512A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        3Z   |      | 513Z0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        4A   |      | 514A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        """
    assert newest_cases(table, "case_no", "item_type_label") == [
        ("1A", "行政许可"),
        ("1B", "行政处罚"),
        ("1C", "行政强制"),
        ("1D", "行政征收"),
        ("1E", "行政裁决"),
        ("1F", "行政确认"),
        ("1G", "行政给付"),
        ("1H", "行政奖励"),
        ("1I", "行政检查"),
        ("1Z", "其他行政权力"),
        ("2A", "公共服务"),
        ("3Z", "公共服务"),
        ("4A", "未注明"),
    ]


def test_a_file_without_a_type_column_takes_the_item_code_too() -> None:
    assert year_to_date(
        """
        case | code                                                   | accepted
        1    | 512A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        """
    ) == {"public_service": Counts(accepted=1)}


def test_the_file_name_tells_the_type_where_row_and_item_code_do_not() -> None:
    rows = """
        case   | type | code                                                   | area   | accepted
        {0}-1  |      |                                                        | 510000 | 2022-07-01
        {0}-2  |      | 511E0358300011-510000000000-000-11510000MB1690541M-1-00 | 510000 | 2022-07-01
        {0}-3  | 31   |                                                        | 510000 | 2022-07-01
        """
    assert year_to_date(
        {
            f"{FRIDAY}/省级行政许可办件.csv": rows.format("A"),
            f"{FRIDAY}/公共服务/七月.csv": rows.format("B"),
            f"{FRIDAY}/七月.csv": rows.format("C"),
        }
    ) == {
        "licence": Counts(accepted=1),
        "public_service": Counts(accepted=1),
        "other_power": Counts(accepted=3),
        "unclassified": Counts(accepted=4),
    }


def test_the_type_column_wins_over_the_item_code() -> None:
    assert year_to_date(
        """
        case | type    | code                                                   | accepted
        1    | 公共服务 | 511A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        2    | 31      | 511A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        """
    ) == {"public_service": Counts(accepted=1), "unclassified": Counts(accepted=1)}


def test_the_column_banjianleixing_is_not_the_item_type() -> None:
    assert year_to_date(
        """
        case | type    | 办件类型 | accepted
        1    | 公共服务 | 1       | 2022-07-01
        """
    ) == {"public_service": Counts(accepted=1)}


def test_a_group_without_cases_prints_zero() -> None:
    figures = bulletin(
        """
        case | type    | accepted
        1    | 行政许可 | 2022-07-01
        """
    )
    assert [(g.label, g.year_to_date) for g in figures.groups] == [
        ("行政许可", Counts(accepted=1)),
        ("公共服务", Counts()),
        ("其它九类行权", Counts()),
    ]
    assert (figures.unclassified, figures.out_of_scope) == (Counts(), Counts())


# ---------------------------------------------------------------- several deliveries


def test_a_later_delivery_replaces_the_earlier_state() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | area   | accepted
                1    | 行政许可 | 510000 | 2022-07-01
                2    | 行政许可 | 510000 | 2022-07-01
                3    | 行政许可 | 510000 | 2022-07-01
                """,
            "2022-07-22": """
                case | type    | area   | accepted
                1    | 公共服务 | 510000 | 2022-07-01
                2    | 行政许可 | 510100 | 2022-07-01
                3    | 行政许可 | 510000 | 2021-12-31
                """,
        }
    ) == {"public_service": Counts(accepted=1), "out_of_scope": Counts(accepted=1)}


def test_a_completion_may_arrive_with_a_later_delivery() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted   | completed
                1    | 行政许可 | 2022-07-01 |
                """,
            "2022-07-22": """
                case | type    | accepted   | completed
                1    | 行政许可 | 2022-07-01 | 2022-07-20
                """,
        }
    ) == {"licence": Counts(accepted=1, completed=1)}


def test_a_case_may_be_voided_and_un_voided() -> None:
    table = """
        case | type    | accepted   | result
        1    | 行政许可 | 2022-07-01 | {}
        """
    deliveries = {"2022-07-08": table.format(""), "2022-07-15": table.format("作废")}
    assert year_to_date(deliveries) == {}
    assert year_to_date(deliveries | {"2022-07-22": table.format("出证")}) == {"licence": Counts(accepted=1)}


def test_the_same_delivery_twice_changes_nothing() -> None:
    table = """
        case | type    | accepted   | completed
        1    | 行政许可 | 2022-07-01 |
        2    | 行政许可 | 2022-07-01 | 2022-07-04
        """
    once = {"licence": Counts(accepted=2, completed=1)}
    assert year_to_date({"2022-07-15": table}) == once
    assert year_to_date({"2022-07-15/a.csv": table, "2022-07-15/b.csv": table, "2022-07-22": table}) == once


def test_the_same_rows_in_another_file_change_nothing() -> None:
    table = """
        case | type    | accepted
        1    | 行政许可 | 2022-07-01
        """
    assert year_to_date(
        {"2022-07-15": table, "2022-07-22/a.csv": table + "1|行政许可|2022-07-01", "2022-07-22/b.csv": table + "\n\n"}
    ) == {"licence": Counts(accepted=1)}


def test_an_empty_cell_means_empty_so_a_completion_can_be_taken_back() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted   | completed
                1    | 行政许可 | 2022-07-01 | 2022-07-04
                2    | 行政许可 | 2022-07-01 | 2022-07-04
                """,
            "2022-07-22": """
                case | type    | accepted   | completed
                1    | 行政许可 | 2022-07-01 |
                2    | 行政许可 |            | 2022-07-04
                """,
        }
    ) == {"licence": Counts(accepted=1, completed=1)}


def test_a_result_file_without_acceptance_time_leaves_acceptance_alone() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted
                1    | 行政许可 | 2022-07-01
                2    | 公共服务 | 2022-07-01
                """,
            "2022-07-22": """
                case | completed  | result
                1    | 2022-07-20 | 出证
                2    |            |
                """,
        }
    ) == {"licence": Counts(accepted=1, completed=1), "public_service": Counts(accepted=1)}


def test_an_acceptance_file_without_completion_time_leaves_completion_alone() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | completed  | result
                1    | 2022-07-10 | 出证
                2    | 2022-07-10 | 作废
                """,
            "2022-07-22": """
                case | type    | accepted
                1    | 行政许可 | 2021-12-01
                2    | 行政许可 | 2022-07-01
                """,
        }
    ) == {"licence": Counts(completed=1, carried_over=1)}


def test_acceptance_and_result_tables_of_one_delivery_are_joined_by_case_number() -> None:
    assert year_to_date(
        {
            f"{FRIDAY}/受理.csv": """
                case | type    | accepted
                1    | 行政许可 | 2021-12-01
                2    | 公共服务 | 2022-07-01
                """,
            f"{FRIDAY}/结果.csv": """
                case | completed
                2    | 2022-07-20
                1    | 2022-07-21
                """,
        }
    ) == {"licence": Counts(completed=1, carried_over=1), "public_service": Counts(accepted=1, completed=1)}


def test_x_then_y_then_x_again_ends_in_x() -> None:
    x = """
        case | type    | accepted
        1    | 行政许可 | 2022-07-01
        """
    y = """
        case | type    | accepted
        1    | 公共服务 | 2022-07-01
        """
    another = "2    | 行政许可 | 2021-01-01"  # the same file twice would be one file
    assert year_to_date({"2022-07-08": x, "2022-07-15": y, "2022-07-22": x + another}) == {
        "licence": Counts(accepted=1)
    }


def test_a_row_sent_again_holds_since_then() -> None:
    assert year_to_date(
        {
            "2022-07-08": """
                case | type    | accepted   | completed
                1    | 行政许可 | 2022-07-01 | 2022-07-04
                """,
            "2022-07-15": """
                case | type    | accepted   | completed
                1    | 行政许可 | 2022-07-01 | 2022-07-04
                2    | 行政许可 | 2021-07-01 |
                """,
            "2022-07-22": """
                case | type    | accepted   | completed | updated
                1    | 公共服务 | 2022-07-01 |           | 2022-07-12 10:00:00
                """,
        }
    ) == {"licence": Counts(accepted=1, completed=1)}


def test_the_update_time_of_a_row_decides_inside_a_delivery() -> None:
    assert year_to_date(
        """
        case | type    | accepted   | updated
        1    | 公共服务 | 2022-07-01 | 2022-07-20 10:00:01
        1    | 行政许可 | 2022-07-01 | 2022-07-20 10:00:00
        """
    ) == {"public_service": Counts(accepted=1)}


def test_the_update_time_of_a_row_decides_across_deliveries() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted   | updated
                1    | 公共服务 | 2022-07-01 | 2022-07-12 10:00:00
                2    | 公共服务 | 2022-07-01 | 2022-07-12 10:00:00
                """,
            "2022-07-22": """
                case | type    | accepted   | updated
                1    | 行政许可 | 2022-07-01 | 2022-07-11 10:00:00
                2    | 行政许可 | 2022-07-01 | 2022-07-12 10:00:00
                """,
        }
    ) == {"public_service": Counts(accepted=1), "licence": Counts(accepted=1)}


def test_an_update_time_after_the_cut_off_is_taken_as_the_end_of_the_cut_off() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted   | updated
                1    | 公共服务 | 2022-07-01 | 2022-08-30 10:00:00
                """,
            "2022-07-22": """
                case | type    | accepted   | updated
                1    | 行政许可 | 2022-07-01 | 2022-07-18 10:00:00
                """,
        }
    ) == {"licence": Counts(accepted=1)}


def test_of_rows_of_one_moment_the_more_advanced_state_wins() -> None:
    assert year_to_date(
        """
        case | type    | accepted   | completed  | result
        1    | 行政许可 | 2022-07-01 | 2022-07-04 |
        1    | 行政许可 | 2022-07-01 |            |
        2    | 行政许可 | 2022-07-01 |            | 作废
        2    | 行政许可 | 2022-07-01 | 2022-07-04 | 出证
        """
    ) == {"licence": Counts(accepted=1, completed=1)}


def test_a_correction_outranks_the_others_of_its_cut_off_in_everything_it_says() -> None:
    files = {
        f"{FRIDAY}/办件.csv": """
            case | type    | accepted   | completed  | result
            1    | 行政许可 | 2022-07-01 | 2022-07-04 | 出证
            2    | 行政许可 | 2022-07-01 | 2022-07-04 | 作废
            """,
        f"{FRIDAY}/更正/办件.csv": """
            case | type    | accepted   | completed  | result
            1    | 公共服务 | 2022-07-01 |            |
            2    | 公共服务 | 2021-12-31 | 2022-07-04 | 出证
            """,
    }
    assert year_to_date(files) == {"licence": Counts(accepted=1, completed=1)}
    correction = {f"{FRIDAY}/更正/delivery.toml": "corrects = true"}
    with fold_in_memory({name: draw(table) for name, table in files.items()} | correction) as engine:
        assert count_days(engine, YEAR_TO_DATE) == {"public_service": Counts(accepted=1, completed=1, carried_over=1)}


def test_a_correction_holds_only_until_newer_data() -> None:
    files = {
        "2022-07-15/更正/办件.csv": "case | type | accepted\n1 | 公共服务 | 2022-07-01",
        "2022-07-22/办件.csv": "case | type | accepted\n1 | 行政许可 | 2022-07-01",
    }
    correction = {"2022-07-15/更正/delivery.toml": "corrects = true"}
    with fold_in_memory({name: draw(table) for name, table in files.items()} | correction) as engine:
        assert count_days(engine, YEAR_TO_DATE) == {"licence": Counts(accepted=1)}


# ---------------------------------------------------------------- the week


def test_weekend_cases_fall_into_the_next_bulletin() -> None:
    licence = licence_figures(
        """
        case | type    | accepted            | completed
        1    | 行政许可 | 2022-07-15 23:59:59 | 2022-07-15 23:59:59
        2    | 行政许可 | 2022-07-16 00:00:00 | 2022-07-17 23:59:59
        3    | 行政许可 | 2022-07-18 00:00:00 | 2022-07-22 23:59:59
        4    | 行政许可 | 2022-07-23 00:00:00 | 2022-07-23 00:00:00
        """
    )
    assert licence.year_to_date == Counts(accepted=3, completed=3)
    assert licence.since_previous == Counts(accepted=2, completed=2)
    assert licence.week == Counts(accepted=1, completed=1)


def test_the_year_to_date_grows_by_since_previous() -> None:
    table = """
        case | type    | accepted   | completed
        1    | 行政许可 | 2022-07-14 | 2022-07-18
        2    | 行政许可 | 2022-07-16 | 2022-07-16
        3    | 行政许可 | 2022-07-22 |
        """
    before, after = licence_figures(table, "2022-07-15"), licence_figures(table, "2022-07-22")
    assert before.year_to_date == Counts(accepted=1, completed=0)
    assert after.since_previous == Counts(accepted=2, completed=2)
    assert after.year_to_date == Counts(accepted=3, completed=2)


def test_since_previous_starts_anew_on_1_january() -> None:
    licence = licence_figures(
        """
        case | type    | accepted   | completed
        1    | 行政许可 | 2021-12-31 | 2022-01-01
        2    | 行政许可 | 2022-01-01 | 2022-01-04
        3    | 行政许可 | 2022-01-07 |
        """,
        "2022-01-07",
    )
    assert licence.since_previous == Counts(accepted=2, completed=2, carried_over=1)
    assert licence.year_to_date == licence.since_previous


def test_a_week_that_crosses_the_new_year_counts_its_days_of_both_years() -> None:
    licence = licence_figures(
        """
        case | type    | accepted   | completed
        1    | 行政许可 | 2020-12-28 | 2020-12-29
        2    | 行政许可 | 2020-12-31 | 2021-01-01
        3    | 行政许可 | 2021-01-01 |
        """,
        "2021-01-01",
    )
    assert licence.week == Counts(accepted=3, completed=2, carried_over=1)
    assert licence.year_to_date == Counts(accepted=1, completed=1, carried_over=1)


# ---------------------------------------------------------------- the whole way


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


# ---------------------------------------------------------------- every figure, a dull second time

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


updates = st.none() | st.integers(5, 205).map(lambda days: datetime.fromisoformat("2022-01-01") + timedelta(days, 1))
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
    telling = [row for row in known if row.case == case and row.table in tables]
    return max(telling, key=lambda row: (row.effective, row.cut_off), default=None)


def find_line(acceptance: Row | None) -> str:
    if acceptance is None or acceptance.area == "510100":
        return "out_of_scope"
    return GROUPS[acceptance.type] if acceptance.type else CODED_GROUPS[acceptance.letters]


def group_types(*types: str) -> dict[str, str]:
    """The group of a case of each of these types."""
    table = "case | type | accepted\n" + "\n".join(f"{i:03} | {type_} | 2022-07-01" for i, type_ in enumerate(types))
    return {type_: str(group) for type_, (group,) in zip(types, newest_cases(table, "group_key"), strict=True)}


def licence_figures(table: str, end: str = FRIDAY) -> GroupFigures:
    return bulletin(table, end).groups[0]
