"""Law: withdrawing a delivery is as if it had never come."""

from pathlib import Path
from tempfile import TemporaryDirectory

from drawing import (
    Silent,
    build_warehouse,
    deliver,
    update_warehouse,
)
from histories import History, describe, describe_at_once, histories, lay_out
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.warehouse.plan import plan_withdrawal
from flows.warehouse.reading import open_read_only


@settings(max_examples=5)
@given(st.data(), histories(min_files=2))
def test_withdrawing_a_delivery_is_as_if_it_had_never_come(data: st.DataObject, history: History) -> None:
    with TemporaryDirectory() as folder:
        project = deliver(Path(folder), lay_out(history))
        update_warehouse(project)
        gone = data.draw(st.sampled_from(sorted({file.name[:10] for file in history})))
        build_warehouse(project, plan_withdrawal(project, gone, "误报", Silent()))
        assert not update_warehouse(project)
        with open_read_only(project) as engine:
            left = describe(engine)
    assert left == describe_at_once(file for file in history if not file.name.startswith(gone))
