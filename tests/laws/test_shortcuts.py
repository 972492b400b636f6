"""DuckDB's quick way of a step gives what its plain SELECT gives."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from drawing import deliver, fold_steps
from histories import History, histories, lay_out
from hypothesis import given, settings

from flows.engine.duckdb.connection import Connection, Shortcut
from flows.engine.duckdb.shortcuts import SHORTCUTS
from flows.engine.query import load_query
from flows.root.project import Project
from flows.warehouse.fold import FOLD, REWIND, rewind
from flows.warehouse.reference import store_classification

# Everything a fold leaves behind.
TABLES = (
    *("case_states", "facets", "outcomes", "daily_count", "quarantine", "row_findings", "finding_examples"),
    *("deliveries", "delivered_tables", "delivered_departments"),
)


@contextmanager
def open_with(shortcuts: Mapping[str, Shortcut]) -> Iterator[Connection]:
    with duckdb.connect(":memory:", config={"threads": 2}) as database:
        engine = Connection(database, shortcuts, {}, lambda _: nullcontext())
        engine.create_schema()
        engine.create_functions()
        yield engine


def fold_with(shortcuts: Mapping[str, Shortcut], project: Project) -> list[dict[str, list[Any]]]:
    """What the tables hold after each delivery, and after the last one is taken back."""
    held = []
    with open_with(shortcuts) as engine:
        store_classification(engine, project.profile)
        cut_offs = []
        for cut_off in fold_steps(engine, project):
            cut_offs.append(cut_off)
            held.append(read_tables(engine))
        rewind(engine, cut_offs[-2] if len(cut_offs) > 1 else cut_offs[0])
        held.append(read_tables(engine))
    return held


def read_tables(engine: Connection) -> dict[str, list[Any]]:
    return {table: sorted(map(repr, engine.read(table).tuples())) for table in TABLES}


@pytest.mark.parametrize("step", SHORTCUTS)
def test_a_shortcut_is_one_of_a_step_whose_header_says_what_becomes_of_it(step: str) -> None:
    assert step in (*FOLD, *REWIND)
    assert load_query(step).fate.target


@settings(max_examples=15)
@given(histories())
def test_all_shortcuts_together_give_what_the_plain_selects_give(history: History) -> None:
    with TemporaryDirectory() as folder:
        project = deliver(Path(folder), lay_out(history))
        assert fold_with(SHORTCUTS, project) == fold_with({}, project)


@settings(max_examples=8)
@given(histories())
def test_each_place_of_a_state_is_found_again_with_or_without_the_others(history: History) -> None:
    """The steps that remember and use a state's place belong together; the quick way of repeated numbers stands alone."""
    merging = {step: way for step, way in SHORTCUTS.items() if step.startswith("fold/4_merge")}
    refusing = {step: way for step, way in SHORTCUTS.items() if step.startswith("fold/3_refuse")}
    with TemporaryDirectory() as folder:
        project = deliver(Path(folder), lay_out(history))
        assert fold_with(merging, project) == fold_with(refusing, project)
