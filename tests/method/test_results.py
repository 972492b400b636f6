"""What results and statuses do to a case: void, not admitted, completed (docs/method.md §2)."""

from drawing import (
    newest_cases,
    year_to_date,
)

from flows.domain.cases import Counts


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
