"""Law: running again, or sending again what was sent, changes nothing."""

from pathlib import Path
from tempfile import TemporaryDirectory

from drawing import (
    deliver,
    update_warehouse,
)
from histories import History, describe, describe_at_once, histories, lay_out
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.warehouse.reading import open_read_only


@settings(max_examples=3)
@given(histories())
def test_running_again_changes_nothing(history: History) -> None:
    with TemporaryDirectory() as folder:
        project = deliver(Path(folder), lay_out(history))
        assert update_warehouse(project)
        once = project.warehouse.read_bytes()
        assert not update_warehouse(project)
        assert project.warehouse.read_bytes() == once


@settings(max_examples=6)
@given(st.data(), histories())
def test_a_delivery_sent_again_in_another_encoding_changes_no_case(data: st.DataObject, history: History) -> None:
    again = data.draw(st.sampled_from(history))
    encoding = data.draw(st.sampled_from(["gb18030", "utf-16", "utf-8-sig"]))
    with TemporaryDirectory() as folder:
        project = deliver(Path(folder), lay_out(history))
        update_warehouse(project)
        (project.raw / again.folder / "又一份.csv").write_bytes(again.text.encode(encoding))
        update_warehouse(project)
        with open_read_only(project) as engine:
            sent_twice = describe(engine)
    once = describe_at_once(history)
    assert (sent_twice["cases"], sent_twice["figures"]) == (once["cases"], once["figures"])
