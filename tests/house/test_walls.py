"""The walls of the house: what a folder may touch, in which order its files stand, and who alone imports a big library."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from flows.cli.main import COMMANDS
from flows.root.project import CHECKOUT

FLOWS = CHECKOUT / "flows"
# The picture of flows/__init__.py: a folder imports only folders that a line leads down to.
MAY_IMPORT = {
    "domain": "",
    "sources": "domain",
    "root": "domain sources",
    "engine": "domain sources",
    "warehouse": "domain sources root engine",
    "figures": "domain engine",
    "checks": "domain engine",
    "report": "domain",
    "jobs": "domain sources root engine warehouse figures checks report",
    "service": "domain root jobs report",
    "weekly": "domain root jobs service",
    "rerun": "domain root jobs service",
    "cli": "domain root jobs service report weekly rerun",
}
ONLY_IMPORTERS = {
    "duckdb": {"engine"},
    "pyspark": {"engine"},
    "great_expectations": {"checks"},
    "prefect": {"service", "weekly", "rerun"},
    "starlette": {"service"},
    "apprise": {"jobs"},
}
# Work that needs no job of its own.
WITHOUT_A_JOB = {"up": "service/server.py", "key": "root/keys.py"}
FILES = {path.relative_to(FLOWS).as_posix(): path.read_text(encoding="utf-8") for path in FLOWS.rglob("*.py")}


def find_breaches(files: Mapping[str, str]) -> list[str]:
    """Every import of the given files (path below flows/ → text) that crosses a wall or runs up within a folder."""
    return [
        f"{path} imports {name}"
        for path, text in files.items()
        for name in list_imports(text)
        if name.split(".")[0] == "flows" and not is_allowed(path, name.split(".")[1:])
    ]


def is_allowed(path: str, imported: list[str]) -> bool:
    folder, *rest = path.removesuffix(".py").split("/")
    if not imported or folder == "__init__":
        return False
    if imported[0] != folder:
        return imported[0] in MAY_IMPORT[folder].split()
    for depth, (own, other) in enumerate(zip(rest, imported[1:], strict=False)):
        if own == "__init__":
            return depth > 0  # a package within a folder may hold what its files make together
        if own != other:
            order = read_order(FLOWS.joinpath(folder, *rest[:depth]))
            return own in order and other in order and order.index(other) < order.index(own)
    return False


def list_imports(text: str) -> Iterator[str]:
    """Each module that is imported, wherever in the file; what comes from a folder is a module of it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = str(node.module)
            is_folder = module.split(".", maxsplit=1)[0] == "flows" and FLOWS.joinpath(*module.split(".")[1:]).is_dir()
            yield from (f"{module}.{alias.name}" for alias in node.names) if is_folder else (module,)


def read_order(folder: Path) -> list[str]:
    """The files of a folder as its __init__ lists them, each line a name and what it is."""
    return re.findall(
        r"^(\w+)  +\S", ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) or "", re.M
    )


def test_a_folder_imports_only_folders_that_a_line_leads_down_to_and_a_file_only_files_above_it() -> None:
    assert find_breaches(FILES) == []


def test_no_line_of_the_picture_leads_back_up() -> None:
    folders = list(MAY_IMPORT)
    wrong = [
        f"{folder} may import {other}"
        for folder, others in MAY_IMPORT.items()
        for other in others.split()
        if folders.index(other) >= folders.index(folder)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("report/paragraph.py", "from flows.warehouse import fold"),
        ("report/paragraph.py", "from flows.root.lock import hold_lock"),
        ("figures/section.py", "from flows.root.project import Project"),
        ("figures/section.py", "from flows.warehouse import fold, guard"),
        ("figures/section.py", "from flows.checks.suites import list_expectations"),
        ("engine/duckdb/connection.py", "from flows.root.project import Project"),
        ("domain/cases.py", "from flows.domain.calendar import now"),
        ("jobs/weekly.py", "import flows.cli.main"),
        ("engine/query.py", "from flows.engine import duckdb"),
        ("engine/duckdb/reading.py", "from flows.engine.duckdb.connection import Connection"),
        ("cli/status.py", "from flows.warehouse.reading import open_read_only"),
    ],
)
def test_an_import_that_crosses_a_wall_is_named(path: str, line: str) -> None:
    assert len(find_breaches({path: f"{FILES[path]}\n{line}\n"})) == line.count(",") + 1


def test_each_folder_lists_its_files_in_the_order_of_their_imports() -> None:
    for init in FLOWS.rglob("__init__.py"):
        if init.parent == FLOWS or not (order := read_order(init.parent)):
            continue
        present = {p.stem if p.is_file() else p.name for p in init.parent.iterdir() if is_module(p)}
        assert set(order) == present - {"__init__"}, init


def is_module(path: Path) -> bool:
    return path.suffix == ".py" or (path / "__init__.py").is_file()


def test_the_picture_names_every_folder() -> None:
    assert set(MAY_IMPORT) == {p.stem for p in FLOWS.iterdir() if is_module(p)} - {"__init__"}
    assert [
        name
        for name in MAY_IMPORT
        if f"{name}/" not in FILES["__init__.py"] and f"{name}.py" not in FILES["__init__.py"]
    ] == []


def test_a_command_is_a_job_and_a_door_of_its_name() -> None:
    names = [command.name for command in COMMANDS]
    assert [name for name in names if f"cli/{name}.py" not in FILES] == []
    assert [n for n in names if not {f"jobs/{n}.py", f"jobs/{n}/__init__.py", WITHOUT_A_JOB.get(n)} & set(FILES)] == []


def test_each_big_library_has_one_importer() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, text in FILES.items()
        for name in list_imports(text)
        if (folder := path.partition("/")[0].removesuffix(".py"))
        not in ONLY_IMPORTERS.get(name.split(".")[0], {folder})
    ]
    assert wrong == []


def test_the_command_line_starts_without_the_slow_libraries() -> None:
    program = "import sys, flows.cli.main; print(*sorted({'prefect', 'great_expectations', 'pandas', 'duckdb'} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.split() == []


def test_what_no_suite_needs_of_the_library_of_the_gates_is_imported_by_whoever_asks_for_it() -> None:
    program = (
        "import sys; from flows.checks import great_expectations; great_expectations.preload().join(); "
        "print('scipy.stats._stats_py' in sys.modules, 'altair.vegalite' in sys.modules); "
        "import altair; from scipy import stats; print(stats.norm.cdf(0), altair.Chart.__name__)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == ["False False", "0.5 Chart"]


def test_only_the_root_and_the_service_read_the_environment() -> None:
    readers = {path for path, text in FILES.items() if re.search(r"os\.(getenv|environ(?!\.setdefault))", text)}
    assert readers == {"root/project.py", "root/settings.py", "service/environment.py"}


def test_nobody_but_the_engine_knows_which_database_it_is() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, text in FILES.items()
        for name in list_imports(text)
        if name.startswith("flows.engine.duckdb") and not path.startswith("engine/")
    ]
    assert wrong == []


def test_no_statement_stands_outside_the_engine_and_sql() -> None:
    """The help of `query` shows one, as its user would write it."""
    statement = re.compile(
        r"\bselect\b.+\bfrom\b|\binsert into\b|\bdelete from\b|\bupdate \w+ set\b|\bcreate (or replace )?(temp )?(table|view)\b",
        re.I | re.S,
    )
    holding = {
        path
        for path, text in FILES.items()
        if not path.startswith("engine/")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and statement.search(node.value)
    }
    assert holding == {"cli/query.py"}
