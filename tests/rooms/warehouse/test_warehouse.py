"""The file that analysts read: built beside, swapped in, read-only."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from a_root import GOOD_ROW, SECOND_ROW, WEEK, load_one_case, run, write_raw, write_table

from flows.domain.text import BadInput
from flows.engine.duckdb.storage import open_engine
from flows.root.project import Project
from flows.warehouse.reading import SCHEMA_VERSION, open_read_only


@pytest.fixture
def root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    return load_one_case(tmp_path, capsys)


def warehouse_of(root: Path) -> Path:
    return root / "data/warehouse/warehouse.duckdb"


def count_cases(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as connection:
        row = connection.execute("select count(*) from cases").fetchone()
    return int(row[0]) if row else -1


def test_analysts_find_the_tables_views_and_macros_they_rely_on(root: Path) -> None:
    with duckdb.connect(str(warehouse_of(root)), read_only=True) as connection:
        names = {
            str(name) for (name,) in connection.execute("select table_name from information_schema.tables").fetchall()
        }
        figures = connection.execute("select * from year_to_date('2022-07-22')").fetchall()
        before = connection.execute("select * from year_to_date_as_of('2022-07-22', '2022-07-14')").fetchall()
    assert {
        *("cases", "case_versions", "daily_count", "daily_totals", "deliveries", "delivered_files", "quarantine"),
    } <= names
    assert figures == [
        ("licence", "行政许可", 1, 1, 0),
        ("public_service", "公共服务", 0, 0, 0),
        ("other_power", "其它九类行权", 0, 0, 0),
        ("unclassified", "未归类", 0, 0, 0),
        ("out_of_scope", "省本级以外", 0, 0, 0),
    ]
    assert [row[2] for row in before] == [0, 0, 0, 0, 0]


def test_the_warehouse_file_is_read_only(root: Path) -> None:
    assert warehouse_of(root).stat().st_mode & 0o777 == 0o444


def test_the_file_has_a_form_that_duckdb_1_5_reads(root: Path) -> None:
    """DuckDB 2.0 reads versions 64 through 69 and writes 69, which 1.5 refuses."""
    head = warehouse_of(root).read_bytes()[8:20]
    assert head[:4] == b"DUCK"
    assert 64 <= int.from_bytes(head[4:12], "little") <= 68


def test_an_open_reader_keeps_its_version_and_the_next_one_sees_the_new(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys\n"
            f"connection = duckdb.connect({str(warehouse_of(root))!r}, read_only=True)\n"
            "for line in sys.stdin:\n"
            "    print(connection.execute('select count(*) from cases').fetchone()[0], flush=True)\n",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin and reader.stdout
    print("ask", file=reader.stdin, flush=True)
    assert reader.stdout.readline() == "1\n"
    write_raw(root, {"2022-07-22/许可.csv": write_table(SECOND_ROW)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    print("ask", file=reader.stdin, flush=True)
    assert reader.stdout.readline() == "1\n"
    reader.stdin.close()
    reader.wait()
    reader.stdout.close()
    assert count_cases(warehouse_of(root)) == 2


def test_a_log_left_by_a_careless_writer_is_set_aside_and_changes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = warehouse_of(root).with_name("warehouse.duckdb.wal")
    log.write_bytes(b"not ours")
    write_raw(root, {"2022-07-22/许可.csv": write_table(SECOND_ROW)})
    said = run(capsys, "weekly", "--week-ending", "2022-07-22", "--root", str(root))
    assert said.exit_code == 0
    assert "its log was moved to warehouse.duckdb.wal.foreign-" in said.err
    assert not log.exists()
    assert count_cases(warehouse_of(root)) == 2


def test_what_a_killed_question_left_is_cleared_after_a_day(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, fresh, spilled = (
        root / "data/warehouse" / name for name in (".asking-old", ".asking-fresh", "warehouse.duckdb.1.tmp")
    )
    for folder in (old, fresh, spilled):
        folder.mkdir()
        (folder / "half").write_bytes(b"half")
    for folder in (old, spilled):
        os.utime(folder, (0, 0))
    write_raw(root, {"2022-07-22/许可.csv": write_table(SECOND_ROW)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert (old.exists(), fresh.exists(), spilled.exists()) == (False, True, False)


def test_a_later_delivery_of_a_case_replaces_the_earlier_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_raw(root, {"2022-07-22/许可.csv": write_table(GOOD_ROW.replace("出证", "作废"))})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    with open_read_only(Project(root)) as engine:
        assert [(case["result"], case["is_void"]) for case in engine.table("cases")] == [("作废", True)]
        versions = engine.execute(
            "select result, from_delivery, until_delivery from case_versions order by from_delivery"
        )
    assert [tuple(version.values()) for version in versions] == [
        ("出证", "2022-07-15", "2022-07-22"),
        ("作废", "2022-07-22", None),
    ]


def test_a_warehouse_of_a_newer_program_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = warehouse_of(root)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update warehouse_info set value = '99' where name = 'schema_version'")
    said = run(capsys, *WEEK, "--root", str(root))
    assert (said.exit_code, said.err.strip()) == (
        3,
        f"{path} was written by a newer program (schema 99, this one knows {SCHEMA_VERSION}). Upgrade the program.",
    )


def test_a_result_without_acceptance_is_a_warning_and_not_in_scope(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_raw(root, {"2022-07-22/办结.csv": "办件编号,办结时间,办结结果\n510000-20220701-000009,2022-07-20,出证\n"})
    said = run(capsys, *WEEK, "--root", str(root))
    assert "result_without_acceptance" in said.out
    with open_read_only(Project(root)) as engine:
        rows = engine.execute("select is_in_scope, group_key from cases where case_no = '510000-20220701-000009'")
    assert rows == [{"is_in_scope": False, "group_key": "unclassified"}]


def test_a_full_disk_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with pytest.raises(BadInput, match=r"the disk is full; .* No space left on device\. Make room"), open_engine(path):
        raise duckdb.IOException(f'IO Error: Could not write file "{path}": No space left on device')
