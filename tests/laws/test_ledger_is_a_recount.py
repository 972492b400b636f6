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
from flows.engine.duckdb.storage import open_engine
from flows.warehouse.reference import store_classification


@settings(max_examples=14)
@given(histories())
def test_after_every_delivery_the_ledger_is_a_recount_and_every_row_is_accounted_for(history: History) -> None:
    with TemporaryDirectory() as folder, open_engine() as engine:
        project = deliver(Path(folder), lay_out(history))
        engine.create_schema()
        store_classification(engine, project.profile)
        for _ in fold_steps(engine, project):
            judge.recount(engine)
            assert engine.rows("gates/ledger") == []
            for row in (*engine.table("delivered_files"), *engine.table("deliveries")):
                assert row["rows_read"] == row["rows_loaded"] + row["rows_repeated"] + row["rows_quarantined"]
        read = {row["file"]: row["rows_read"] for row in engine.table("delivered_files")}
    assert read == {file.name: len(file.rows) for file in history}
