"""Columns that a department's tables lack: what would be lost is refused, what another table tells is not."""

from collections.abc import Mapping

import pytest
from drawing import PROVINCE, draw
from test_gates import fail, fold, judge

RULES = {"completion_time_missing", "counting_columns_kept"}
WHOLE = f"""
    case | type    | department | area       | accepted   | completed  | result
    1    | 行政许可 | 甲厅        | {PROVINCE} | 2022-07-01 | 2022-07-04 | 出证
    2    | 行政许可 | 乙厅        | {PROVINCE} | 2022-07-01 |            |
    """
ACCEPTED = f"""
    case | type    | department | area       | accepted
    3    | 行政许可 | 甲厅        | {PROVINCE} | 2022-07-18
    4    | 行政许可 | 乙厅        | {PROVINCE} | 2022-07-18
    """
# A table whose column of the completion time has a name that nobody knows.
UNTIMED = f"""
    case | type    | department | area       | accepted   | 完毕于      | result
    3    | 行政许可 | 甲厅        | {PROVINCE} | 2022-07-18 | 2022-07-19 | 出证
    4    | 行政许可 | 乙厅        | {PROVINCE} | 2022-07-18 |            |
    """
RESULTS = """
    case | completed  | result
    2    | 2022-07-19 | 出证
    3    | 2022-07-19 | 出证
    """
LAST, NOW = "2022-07-15", "2022-07-22"


def find(files: Mapping[str, str]) -> dict[str, str]:
    """The rules about columns that a history breaks, with what was found."""
    with fold({name: draw(table) for name, table in files.items()}, {}) as (engine, profile):
        verdicts = judge(engine, profile)
        return {name: verdicts[name].observed for name in fail(verdicts) & RULES}


def test_completions_told_without_any_time_are_refused_with_the_file_and_its_rows() -> None:
    assert find({NOW: UNTIMED}) == {"completion_time_missing": "2022-07-22/办件.csv 1 行：第 2 行"}
    assert find({LAST: WHOLE, NOW: UNTIMED}) == {
        "completion_time_missing": "2022-07-22/办件.csv 1 行：第 2 行",
        "counting_columns_kept": "乙厅 2022-07-22/办件.csv 办结时间 (completed_at)；甲厅 2022-07-22/办件.csv 办结时间 (completed_at)",
    }


@pytest.mark.parametrize(
    ("status", "is_refused"), [("已办结", True), ("Closed", True), ("在办", False), ("作废", False)]
)
def test_a_status_tells_of_completions_where_the_profile_says_so(status: str, is_refused: bool) -> None:
    table = (
        f"case | type | department | area | accepted | status\n1 | 行政许可 | 甲厅 | {PROVINCE} | 2022-07-18 | {status}"
    )
    assert ("completion_time_missing" in find({NOW: table})) == is_refused


def test_a_table_of_the_same_department_that_is_whole_does_not_excuse_one_that_is_not() -> None:
    files = {f"{NOW}/许可.csv": WHOLE, f"{NOW}/服务.csv": UNTIMED}
    assert find(files) == {"completion_time_missing": "2022-07-22/服务.csv 1 行：第 2 行"}


def test_results_in_a_table_of_their_own_are_enough() -> None:
    for history in ({}, {LAST: WHOLE}):
        assert find({**history, f"{NOW}/受理.csv": UNTIMED, f"{NOW}/结果.csv": RESULTS}) == {}
        assert find({**history, f"{NOW}/受理.csv": ACCEPTED, f"{NOW}/结果.csv": RESULTS}) == {}


def test_a_department_that_sends_acceptances_and_results_apart_may_send_acceptances_alone() -> None:
    later = ACCEPTED.replace("3  ", "5  ").replace("4  ", "6  ")
    assert find({f"{LAST}/受理.csv": ACCEPTED, f"{LAST}/结果.csv": RESULTS, NOW: later}) == {}
    own_results = "case | department | completed | result\n3 | 甲厅 | 2022-07-19 | 出证"
    assert find({"2022-07-08": ACCEPTED, LAST: own_results, NOW: later}) == {}
    assert find({LAST: ACCEPTED, NOW: own_results}) == {}


def test_results_alone_of_a_department_that_sent_both_in_one_table_are_whole_if_their_cases_are_known() -> None:
    own_results = "case | department | completed | result\n{} | 乙厅 | 2022-07-19 | 出证"
    assert find({LAST: WHOLE, NOW: own_results.format(2)}) == {}
    found = find({LAST: WHOLE, NOW: own_results.format(9)})
    assert found["counting_columns_kept"].startswith("乙厅 2022-07-22/办件.csv 事项类型 (item_type)")


def test_a_case_whose_completion_time_is_known_may_be_told_completed_again() -> None:
    again = f"case | type | department | area | accepted | status\n1 | 行政许可 | 甲厅 | {PROVINCE} | 2022-07-01 | 办结"
    assert "completion_time_missing" not in find({LAST: WHOLE, NOW: again})


@pytest.mark.parametrize(
    ("column", "other"), [("type", "名目"), ("area", "code"), ("department", "处室"), ("result", "意见")]
)
def test_a_column_that_counts_and_is_there_no_more_is_refused_with_its_department_and_file(
    column: str, other: str
) -> None:
    now = WHOLE.replace(column, other).replace("07-0", "07-1")
    assert "2022-07-22/办件.csv" in find({LAST: WHOLE, NOW: now})["counting_columns_kept"]


def test_a_column_that_not_all_tables_of_a_department_had_may_stay_away() -> None:
    assert find({f"{LAST}/a.csv": WHOLE, f"{LAST}/b.csv": ACCEPTED, NOW: ACCEPTED.replace("07-18", "07-19")}) == {}


def test_columns_are_compared_with_the_last_cut_off_for_which_a_department_delivered() -> None:
    """乙厅 sent nothing in the week between; what 甲厅 sent then has no bearing on it."""
    between = f"case | type | department | area | accepted\n9 | 行政许可 | 甲厅 | {PROVINCE} | 2022-07-12"
    found = find({"2022-07-08": WHOLE, LAST: between, NOW: ACCEPTED})
    assert found["counting_columns_kept"].startswith("乙厅 2022-07-22/办件.csv 办结时间 (completed_at)")
    assert "甲厅" not in found["counting_columns_kept"]


def test_a_department_that_never_delivered_before_may_have_any_columns() -> None:
    new = f"case | type | department | area | accepted\n9 | 行政许可 | 丙厅 | {PROVINCE} | 2022-07-12"
    assert find({LAST: WHOLE, f"{NOW}/a.csv": new, f"{NOW}/b.csv": WHOLE.replace("出证", "")}) == {}
