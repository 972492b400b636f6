"""How long cases took: completed in the window, and what is open at its end."""

from dataclasses import replace

from drawing import draw, fold_in_memory
from printed_figures import STATISTICS

from flows.domain.figures import HandlingTimes
from flows.report.tables import list_tables


def measure(cases: str, end_on: str = "2022-07-15") -> dict[str, dict[str, object]]:
    """Group or department → its line of sql/figures/handling_times."""
    with fold_in_memory({"2022-07-22": draw(cases)}) as engine:
        found = engine.read("figures/handling_times", start_on="2022-01-01", end_on=end_on, through_delivery=1).dicts()
    return {row["name"]: row for row in found}


def choose(line: dict[str, object], *names: str) -> list[object]:
    return [line[name] for name in names]


def test_handling_times_are_of_the_window_and_what_is_open_at_its_end_is_counted_apart() -> None:
    """Completed last year, in time; completed late; completed after the window; open; accepted after it."""
    licence = measure("""
        case | type     | accepted   | due        | completed
        1    | 行政许可 | 2021-12-01 | 2021-12-31 | 2021-12-02
        2    | 行政许可 | 2022-03-01 | 2022-03-02 | 2022-03-03
        3    | 行政许可 | 2022-03-01 | 2022-03-31 | 2022-03-02
        4    | 行政许可 | 2022-07-01 | 2022-07-31 | 2022-07-21
        5    | 行政许可 | 2022-07-01 |            |
        6    | 行政许可 | 2022-07-20 |            |
    """)["licence"]
    assert choose(licence, "completed", "measured", "working_days", "median_days", "judged", "on_time", "still_open", "open_with_deadline") == [
        2, 2, 3, 1.5, 2, 1, 2, 1,
    ]  # fmt: skip


OPEN = """
    case | type     | department | accepted   | due        | 法定时限 | completed
    1    | 行政许可 | 民政厅      | 2022-07-01 | 2022-07-14 |          |
    2    | 行政许可 | 民政厅      | 2022-07-01 | 2022-07-15 |          |
    3    | 行政许可 | 民政厅      | 2022-07-01 | 2022-07-14 |          | 2022-07-18
    4    | 行政许可 | 民政厅      | 2022-07-01 |            | 9        |
    5    | 行政许可 | 民政厅      | 2022-07-01 |            | 10       |
    6    | 行政许可 | 交通厅      | 2021-11-01 | 2021-12-31 |          |
    7    | 行政许可 | 民政厅      | 2022-07-01 | 2022-07-15 |          | 2022-07-15
    8    | 行政许可 | 民政厅      | 2022-07-01 | 2022-07-14 |          | 2022-07-15
"""


def test_an_open_case_past_its_promised_else_its_statutory_day_is_late() -> None:
    """At the end of Friday 15 July: two completed, one of them in time; four of six open ones are late, whatever came later."""
    found = measure(OPEN)
    names = ("judged", "on_time", "still_open", "overdue", "due_soon")
    assert choose(found["licence"], *names) == [2, 1, 6, 4, 2]
    assert choose(found["民政厅"], *names) == [2, 1, 5, 3, 2]
    assert choose(found["交通厅"], *names) == [0, 0, 1, 1, 0]


def test_the_rate_has_the_late_open_cases_below_it_and_is_never_whole_while_one_is_open() -> None:
    groups = (
        HandlingTimes("licence", 461, 461, 0, 3.0, 460, 437, 0, 0, 13, 12, 12),
        HandlingTimes("public_service", 10, 10, 0, 2.0, 10, 10, 0, 0, 3, 3, 0),
        HandlingTimes("other_power", 0, 0, 0, None, 0, 0, 0, 0, 2),
    )
    (table,) = (t for t in list_tables(replace(STATISTICS, handling=groups)) if t.title == "办理时限")
    assert [row[4] for row in table.rows] == ["92.6%", "99.9%", "–"]
    assert [row[6:9] for row in table.rows] == [(13, 12, 0), (3, 0, 0), (2, "–", "–")]


def test_a_case_is_due_soon_when_a_tenth_of_its_working_days_is_left_or_one() -> None:
    """Accepted on Friday 1 July; the end is Friday 15 July, ten working days later. Promised: 10, 11, 12, 20, 21 working days, and 11 more."""
    found = measure("""
        case | type     | department | accepted   | due
        1    | 行政许可 | 十日厅      | 2022-07-01 | 2022-07-15
        2    | 行政许可 | 十一日厅    | 2022-07-01 | 2022-07-18
        3    | 行政许可 | 十二日厅    | 2022-07-01 | 2022-07-19
        4    | 行政许可 | 卅日厅      | 2022-06-07 | 2022-07-19
        5    | 行政许可 | 卅日后厅    | 2022-06-07 | 2022-07-21
    """)
    assert {name: line["due_soon"] for name, line in found.items() if name.endswith("厅")} == {
        "十日厅": 1, "十一日厅": 1, "十二日厅": 0, "卅日厅": 1, "卅日后厅": 0,
    }  # fmt: skip


def test_departments_that_never_sent_a_completion_are_told_apart() -> None:
    found = measure("""
        case | type     | department | accepted   | completed
        1    | 行政许可 | 民政厅      | 2022-07-01 | 2022-07-04
        2    | 行政许可 | 交通厅      | 2022-07-01 |
        3    | 行政许可 | 住建厅      | 2022-07-01 |
        4    | 行政许可 | 住建厅      | 2021-07-01 | 2021-07-02
        5    | 公共服务 | 民政厅      | 2022-07-01 |
    """)
    names = ("still_open", "departments", "silent_departments")
    assert choose(found["licence"], *names) == [2, 3, 1]
    assert choose(found["public_service"], *names) == [1, 1, 1]
