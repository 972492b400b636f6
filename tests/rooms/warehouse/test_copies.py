"""Working copies: rewound to a cut-off, without a log, with room of their own."""

import os
from datetime import date
from pathlib import Path

from drawing import deliver, draw, update_warehouse

from flows.engine.duckdb.storage import FileStorage
from flows.figures.quarantine import count_open
from flows.root.files import sync
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
        assert [count_open(engine, []) for engine in (now, rewound)] == [(0, 0), (1, 1)]


def test_a_working_copy_keeps_no_log(tmp_path: Path) -> None:
    place, folder = tmp_path / "warehouse", tmp_path / "aside"
    for each in (place, folder):
        each.mkdir()
    storage = FileStorage(place / "warehouse.duckdb")
    with storage.copy(folder, is_empty=True) as engine:
        engine.put("warehouse_info", [("schema_version", "1")])
        kept = [file.name for file in folder.iterdir()]
        with storage.swap_in(engine, sync) as digest:
            assert not (place / "warehouse.duckdb").exists()
    assert (kept, digest) == (["warehouse.duckdb"], storage.digest())
    with storage.open() as engine:
        assert engine.read("warehouse_info").dicts() == [{"name": "schema_version", "value": "1"}]


def test_what_does_not_fit_into_memory_lies_beside_the_file_where_no_other_process_puts_its_own(tmp_path: Path) -> None:
    with FileStorage(Path("warehouse.duckdb"), threads=1, memory_limit="60MB").copy(tmp_path, is_empty=True) as engine:
        place = engine.fetch("select current_setting('temp_directory') as place")[0]["place"]
        engine.execute(
            "create table numbers as select i, repeat('x', 40) || i as text from range(1500000) as numbers(i)"
        )
        engine.execute("create temp table sorted as select * from numbers order by hash(i)")
        lies_there = [file.name for file in tmp_path.iterdir()]
        assert engine.fetch("select count(distinct text) as n from sorted") == [{"n": 1_500_000}]
    assert place == f"{tmp_path / 'warehouse.duckdb'}.{os.getpid()}.tmp"
    assert sorted(lies_there) == ["warehouse.duckdb", Path(place).name]
    assert [file.name for file in tmp_path.iterdir()] == ["warehouse.duckdb"]
