"""Which days count: the year to date, the days since the previous bulletin, the week (docs/method.md §2)."""

from drawing import (
    FRIDAY,
    bulletin,
    year_to_date,
)

from flows.domain.cases import Counts
from flows.domain.figures import GroupFigures


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


def licence_figures(table: str, end: str = FRIDAY) -> GroupFigures:
    return bulletin(table, end).groups[0]
