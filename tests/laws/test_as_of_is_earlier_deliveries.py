"""Law: as of a cut-off is what the deliveries through it tell alone."""

from datetime import date

from drawing import (
    fold_in_memory,
)
from histories import CUT_OFFS, YEARS, History, histories, lay_out
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine.duckdb.connection import Engine
from flows.figures.counts import count_in_window


@settings(max_examples=8)
@given(histories(min_files=2), st.sampled_from(CUT_OFFS))
def test_as_of_a_cut_off_is_what_the_deliveries_through_it_tell_alone(history: History, cut_off: str) -> None:
    with fold_in_memory(lay_out(history)) as engine:
        figures = [count_in_window(engine, year, date.fromisoformat(cut_off)) for year in YEARS]
        cases = list_cases(engine, "cases_as_of", cut_off)
    with fold_in_memory(lay_out(file for file in history if file.name[:10] <= cut_off)) as alone:
        assert figures == [count_in_window(alone, year) for year in YEARS]
        assert cases == list_cases(alone, "cases_as_of", "9999-12-31")


def list_cases(engine: Engine, macro: str, as_of: str) -> list[tuple[object, ...]]:
    rows = engine.execute(f"select * from {macro}('{as_of}') order by case_no")
    return [tuple(value for name, value in row.items() if name != "delivery_id") for row in rows]
