"""A check that is broken says what is the case: what was found, where, and what should have been."""

from datetime import date

import pytest

from flows.checks.expectations import Expectation, Found
from flows.checks.suites import list_expectations
from flows.domain.cases import Cause, Measure, say_causes
from flows.domain.profile import load_profile
from flows.domain.verdicts import Place

CHECKS = {e.name: e for suite in list_expectations(load_profile("sichuan").tolerances).values() for e in suite}
WEEK, LAST_WEEK = date(2022, 7, 22), date(2022, 7, 15)


def find(rule: str, *found: tuple[str, float | str]) -> Found:
    """The places where a rule is broken, each with what was found."""
    expectation: Expectation = CHECKS[rule]
    places = [Place(WEEK, name, expectation.write(value)) for name, value in found]
    numbers = [value for _, value in found if not isinstance(value, str)]
    most = expectation.write(max(numbers)) if numbers else "–"
    return Found(f"{sum(numbers):,.0f}", most, places[:10], len(places))


@pytest.mark.parametrize(
    ("rule", "found", "zh"),
    [
        ("nothing_quarantined", [("2022-07-22", 60)], "有 60 行被隔离（应为 0）：2022-07-22"),
        (
            "nothing_quarantined",
            [("2022-07-15", 20), ("2022-07-22", 40)],
            "有 60 行被隔离（应为 0）：2022-07-15 20、2022-07-22 40",
        ),
        ("departments_whole", [("交通厅", 1)], "以下单位没有报到最后一个工作日：交通厅"),
        ("departments_present", [("甲厅", 1), ("乙厅", 1)], "以下单位应有数据而没有：甲厅、乙厅"),
        ("kinds_present", [("公共服务 办结", 1)], "本批缺少以往每批都有的表：公共服务 办结"),
        (
            "quarantined_share_file",
            [("许可.csv", 0.98361)],
            "文件中有 98.4% 的行被隔离（应不超过 20.0%）：许可.csv",
        ),
        (
            "quarantined_share",
            [("2022-07-22", 0.02004)],
            "批次中有 2.004% 的行被隔离（应不超过 2.0%）：2022-07-22",
        ),
        ("volume_factor", [("100 / 600", 6.0)], "本批行数与以往各截止日期的中位数相差 6.0 倍（应不超过 5.0）：100 / 600"),
        (
            "accepted_at_missing",
            [("甲.csv", 2), ("乙.csv", 1)],
            "没有受理时间，不计入受理（有 3 行，应为 0）：甲.csv 2、乙.csv 1",
        ),
        (
            "export_complete",
            [(f"{number}.csv", 1) for number in range(1, 6)],
            "以下表在末尾注明结果不完整（如“结果已截断”）：1.csv、2.csv、3.csv等 5 处",
        ),
        (
            "year_to_date_rising",
            [("licence 办结 -1", "因更正办结时间减少 1 件（补报 3 件）")],
            "以下本年累计低于上期：licence 办结 -1 因更正办结时间减少 1 件（补报 3 件）",
        ),
    ],
)  # fmt: skip
def test_a_broken_check_says_what_is_the_case(rule: str, found: list[tuple[str, float | str]], zh: str) -> None:
    assert CHECKS[rule].say(find(rule, *found)).zh == zh


def test_every_check_has_its_sentence_in_both_languages() -> None:
    for name, check in CHECKS.items():
        said = check.say(find(name, ("甲厅", "1 行" if check.is_text else 2.0)))
        assert "甲厅" in said.en, name
        assert "甲厅" in said.zh, name


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        ("nothing_quarantined", ("0", "0")),
        ("quarantined_share", ("不超过 2.0%", "at most 2.0%")),
        ("volume_factor", ("不超过 5.0", "at most 5.0")),
        ("departments_whole", ("无", "none")),
        ("groups_complete", ("1", "1")),
    ],
)
def test_a_check_says_in_short_what_should_be_found(rule: str, due: tuple[str, str]) -> None:
    assert (CHECKS[rule].due.zh, CHECKS[rule].due.en) == due


@pytest.mark.parametrize(
    ("causes", "said"),
    [
        ([(Cause.CORRECTED, -4), (Cause.LATE, 3)], "因更正办结时间减少 4 件（补报 3 件）"),
        ([(Cause.VOIDED, -2), (Cause.CORRECTED, 1)], "因作废减少 2 件（更正办结时间增加 1 件）"),
        ([(Cause.LATE, 2), (Cause.RETYPED, 1), (Cause.VOIDED, -1)], "因补报增加 2 件、改事项类型增加 1 件（作废 1 件）"),
        ([(Cause.NEW, 0)], ""),
    ],
)  # fmt: skip
def test_causes_are_said_by_the_way_that_a_figure_went(causes: list[tuple[Cause, int]], said: str) -> None:
    assert say_causes(causes, Measure.COMPLETED) == said
