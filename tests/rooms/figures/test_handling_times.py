"""How long cases took: completed in the window, and what is open at its end."""

from drawing import (
    draw,
    fold_in_memory,
)


def test_handling_times_are_of_the_window_and_what_is_open_at_its_end_is_counted_apart() -> None:
    """Completed last year, in time; completed late; completed after the window; open; accepted after it."""
    cases = draw("""
        case | type     | accepted   | due        | completed
        1    | 行政许可 | 2021-12-01 | 2021-12-31 | 2021-12-02
        2    | 行政许可 | 2022-03-01 | 2022-03-02 | 2022-03-03
        3    | 行政许可 | 2022-03-01 | 2022-03-31 | 2022-03-02
        4    | 行政许可 | 2022-07-01 | 2022-07-31 | 2022-07-21
        5    | 行政许可 | 2022-07-01 |            |
        6    | 行政许可 | 2022-07-20 |            |
    """)
    with fold_in_memory({"2022-07-22": cases}) as engine:
        found = engine.read(
            "figures/handling_times", start_on="2022-01-01", end_on="2022-07-15", through_delivery=1
        ).dicts()
    licence = found[0]
    assert {name: licence[name] for name in ("completed", "measured", "working_days", "median_days", "judged", "on_time", "still_open")} == {
        "completed": 2, "measured": 2, "working_days": 3, "median_days": 1.5, "judged": 2, "on_time": 1, "still_open": 2,
    }  # fmt: skip
