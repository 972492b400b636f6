"""What is accepted, completed and carried over (docs/method.md §2)."""

from drawing import (
    year_to_date,
)

from flows.domain.cases import Counts


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
