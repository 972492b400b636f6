"""Working copies: rewound to a cut-off, without a log, with room of their own."""

import os
from datetime import date
from pathlib import Path

from drawing import deliver, draw, update_warehouse

from flows.engine.duckdb.storage import open_engine
from flows.warehouse.copies import rewind_aside
from flows.warehouse.reading import open_read_only


def test_a_row_that_a_later_delivery_closed_is_open_again_as_of_the_day_before(tmp_path: Path) -> None:
    project = deliver(
        tmp_path,
        {
            "2022-07-15": draw("case | type | accepted\n1 | 行政许可 | 待定\n2 | 行政许可 | 2022-07-14"),
            "2022-07-22": draw("case | type | accepted\n1 | 行政许可 | 2022-07-13"),
        },
    )
    update_warehouse(project)
    with open_read_only(project) as now, rewind_aside(project, date(2022, 7, 15)) as rewound:
        assert [engine.rows("marts/open_rows")[0]["row_count"] for engine in (now, rewound)] == [0, 1]


def test_a_working_copy_keeps_no_log(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_engine(path, is_working_copy=True) as engine:
        engine.create_schema()
        engine.insert_rows("warehouse_info", [("schema_version", "1")])
        kept = [file.name for file in tmp_path.iterdir()]
        engine.checkpoint()
    assert kept == ["warehouse.duckdb"]
    with open_engine(path, read_only=True) as engine:
        assert engine.table("warehouse_info") == [{"name": "schema_version", "value": "1"}]


def test_what_does_not_fit_into_memory_lies_beside_the_file_where_no_other_process_puts_its_own(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_engine(path) as engine:
        engine.execute(
            "create table numbers as select i, repeat('x', 40) || i as text from range(1500000) as numbers(i)"
        )
    with open_engine(path, read_only=True, threads=1, memory_limit="60MB") as engine:
        place = engine.execute("select current_setting('temp_directory') as place")[0]["place"]
        engine.execute("create temp table sorted as select * from numbers order by hash(i)")
        lies_there = [file.name for file in tmp_path.iterdir()]
        assert engine.execute("select count(distinct text) as n from sorted") == [{"n": 1_500_000}]
    assert place == f"{path}.{os.getpid()}.tmp"
    assert sorted(lies_there) == ["warehouse.duckdb", Path(place).name]
    assert [file.name for file in tmp_path.iterdir()] == ["warehouse.duckdb"]
