"""Law: after every delivery the ledger is a recount of the cases, and every row is accounted for."""

from pathlib import Path
from tempfile import TemporaryDirectory

from drawing import (
    deliver,
    fold_steps,
)
from histories import History, histories, lay_out
from hypothesis import given, settings

from flows.checks import judge
from flows.engine.opening import open_engine
from flows.warehouse.reference import store_classification


@settings(max_examples=14)
@given(histories())
def test_after_every_delivery_the_ledger_is_a_recount_and_every_row_is_accounted_for(history: History) -> None:
    with TemporaryDirectory() as folder, open_engine(has_schema=True) as engine:
        project = deliver(Path(folder), lay_out(history))
        store_classification(engine, project.profile)
        for _ in fold_steps(engine, project):
            judge.recount(engine)
            assert engine.read("rules/frames/ledger").dicts() == []
            for row in (*engine.read("delivered_files").dicts(), *engine.read("deliveries").dicts()):
                assert row["rows_read"] == row["rows_loaded"] + row["rows_repeated"] + row["rows_quarantined"]
        read = {row["file"]: row["rows_read"] for row in engine.read("delivered_files").dicts()}
    assert read == {file.name: len(file.rows) for file in history}
