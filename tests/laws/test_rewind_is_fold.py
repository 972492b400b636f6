"""Law: a warehouse rewound to a cut-off is the fold of the deliveries through it."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from drawing import deliver, update_warehouse
from histories import History, histories, lay_out
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flows.domain.cases import Window
from flows.engine.protocols import Engine
from flows.figures.counts import count_in_window
from flows.warehouse.copies import rewind_aside
from flows.warehouse.reading import open_read_only


@settings(max_examples=10)
@given(histories(min_files=2), st.sampled_from(["2022-07-01", "2022-07-08", "2022-07-15"]))
def test_a_warehouse_rewound_to_a_cut_off_is_what_the_deliveries_through_it_make(
    history: History, cut_off: str
) -> None:
    files = lay_out(history)
    earlier = {name: content for name, content in files.items() if name[:10] <= cut_off}
    assume(0 < len(earlier) < len(files))
    with TemporaryDirectory() as late, TemporaryDirectory() as early:
        everything, alone = deliver(Path(late), files), deliver(Path(early), earlier)
        for project in (everything, alone):
            update_warehouse(project)
        with (
            rewind_aside(everything, date.fromisoformat(cut_off)) as rewound,
            open_read_only(alone) as folded,
        ):
            assert describe(rewound) == describe(folded)


def describe(engine: Engine) -> dict[str, object]:
    """All that a warehouse holds of its deliveries, row by row, and its figures."""
    tables = (
        "deliveries", "delivered_files", "delivered_columns", "delivered_departments", "case_versions", "cases", "daily_totals",
        "quarantine", "row_findings", "finding_examples",
    )  # fmt: skip
    rows = {
        name: sorted(str({k: v for k, v in row.items() if k != "item_no"}) for row in engine.read(name).dicts())
        for name in tables
    }
    figures = count_in_window(engine, Window(date(2022, 1, 1), date(2022, 7, 22)))
    return {**rows, "figures": figures, "hash": engine.read("look/content_hash").dicts()}
