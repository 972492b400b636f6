"""DuckDB 2.0 writes the warehouse, and 1.5, which analysts may have, reads it; a run of either goes on where the other one stopped.

The other engine lies in .venv/duckdb-1.5 (make programs).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from a_root import write_raw
from analysts import CASES
from drawing import draw

from flows.root.project import CHECKOUT

OTHER = CHECKOUT / ".venv/duckdb-1.5"
SECOND = """case | type | accepted | completed | department
    76   | 行政许可 | 2022-07-18 | 2022-07-28 | 甲局
    77   | 公共服务 | 2022-07-25 | 2022-07-26 | 乙局"""
READ_ALL = """
import duckdb, json, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
relations = connection.execute(
    "select view_name from duckdb_views() where not internal union all select table_name from duckdb_tables()"
).fetchall()
rows = {name: connection.execute(f'select count(*), bit_xor(hash(r)) is null from "{name}" r').fetchone()[0] for (name,) in relations}
macros = connection.execute(
    "select function_name, parameters from duckdb_functions() where function_type = 'table_macro' and not internal"
).fetchall()
for name, parameters in macros:
    values = ", ".join(f"{each} := date '2022-07-22'" for each in parameters)
    rows[name] = len(connection.execute(f"from {name}({values})").fetchall())
print(json.dumps([duckdb.__version__, rows]))
"""


def run_with(engine: str, code: str, *words: str) -> str:
    """What a program of its own prints, with DuckDB of that version."""
    path = [str(OTHER)] if engine == "1.5" else []
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([*path, str(CHECKOUT)])}
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_weekly(engine: str, root: Path, week: str) -> str:
    """The hash of all cases after a weekly run."""
    code = "import sys; from flows.cli.main import main; sys.exit(main(sys.argv[1:]))"
    run_with(engine, code, "weekly", "--week-ending", week, "--quiet", "--root", str(root))
    return str(json.loads(run_with(engine, code, "status", "--json", "--root", str(root)))["content_hash"])


@pytest.fixture
def roots(tmp_path: Path) -> dict[str, Path]:
    return {
        engines: write_raw(tmp_path / engines, {"2022-07-22/办件.csv": draw(CASES)})
        for engines in ("2.0 2.0", "1.5 1.5", "2.0 1.5", "1.5 2.0")
    }


@pytest.mark.programs
def test_a_run_of_either_engine_goes_on_where_the_other_stopped_and_all_come_to_the_same(
    roots: dict[str, Path],
) -> None:
    told = {}
    for engines, root in roots.items():
        first, second = engines.split()
        before = run_weekly(first, root, "2022-07-22")
        write_raw(root, {"2022-07-29/办件.csv": draw(SECOND)})
        after = run_weekly(second, root, "2022-07-29")
        section = (root / "reports/2022-07-29/statistics.md").read_bytes()
        told[engines] = (before, after, section)
    assert set(told.values()) == {told["2.0 2.0"]}
    assert told["2.0 2.0"][0] != told["2.0 2.0"][1]


@pytest.mark.programs
def test_every_table_view_and_macro_that_2_0_wrote_is_read_by_1_5(roots: dict[str, Path]) -> None:
    root = roots["2.0 2.0"]
    run_weekly("2.0", root, "2022-07-22")
    warehouse = str(root / "data/warehouse/warehouse.duckdb")
    version, rows = json.loads(run_with("1.5", READ_ALL, warehouse))
    own, rows_of_own = json.loads(run_with("2.0", READ_ALL, warehouse))
    assert (version[:3], own[:3], rows) == ("1.5", "2.0", rows_of_own)
    assert len(rows) > 40
    assert rows["cases"] > 0
