"""Law: in which order deliveries arrive, and how their rows are spread over files, changes no case."""

from pathlib import Path
from tempfile import TemporaryDirectory

from drawing import (
    deliver,
    update_warehouse,
)
from histories import Delivered, History, describe, describe_at_once, histories, lay_out
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flows.warehouse.reading import open_read_only


@settings(max_examples=8)
@given(histories(min_files=2), st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_any_order_of_arrival_ends_in_the_same_cases_and_figures(history: History, arrivals: list[int]) -> None:
    arriving = list(zip(history, arrivals, strict=False))
    with TemporaryDirectory() as folder:
        for turn in sorted({arrival for _, arrival in arriving}):
            project = deliver(Path(folder), lay_out(file for file, arrival in arriving if arrival == turn))
            assert update_warehouse(project)
        with open_read_only(project) as engine:
            arrived = describe(engine)
    assert arrived == describe_at_once(history)


@settings(max_examples=8)
@given(st.data(), histories())
def test_renaming_splitting_and_reordering_files_changes_no_case(data: st.DataObject, history: History) -> None:
    pieces = [piece for number, file in enumerate(history) for piece in cut(data, file, number)]
    # Two files of one content are one file, whichever cut-offs they lie in: see tests/rooms/warehouse/test_fold.py.
    assume(len({piece.text for piece in pieces}) == len(pieces))
    whole, in_pieces = describe_at_once(history), describe_at_once(pieces)
    assert in_pieces["cases"] == whole["cases"]
    assert in_pieces["figures"] == whole["figures"]


def cut(data: st.DataObject, file: Delivered, number: int) -> list[Delivered]:
    """The rows of a file in another order, as one or two files of other names in the same folder."""
    rows = data.draw(st.permutations(file.rows))
    middle = data.draw(st.integers(0, len(rows) - 1))
    parts = [part for part in (rows[:middle], rows[middle:]) if part]
    return [
        Delivered(f"{file.folder}/{9 - number}-{i}.csv", file.header, tuple(part)) for i, part in enumerate(parts, 1)
    ]
