"""Readers and the writer never meet: who reads gets one version whole, and nobody who reads can damage it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from a_root import run
from drawing import Silent, deliver, draw, update_warehouse

from flows.domain.text import BadInput
from flows.jobs.steps import read_content_hash
from flows.root.project import Project
from flows.root.settings import Settings
from flows.warehouse import reading
from flows.warehouse.copies import build_aside, load_deliveries
from flows.warehouse.guard import find_warehouse, has_foreign_log, is_as_built, keep_replaced, record_built
from flows.warehouse.plan import plan_run
from flows.warehouse.swap import swap_in

# Four answers that only one version gives together; the second and third sum the ledger and the deliveries.
FIGURES = """
import duckdb, json, sys
from pathlib import Path
QUESTIONS = (
    "select count(*) from cases",
    "select sum(accepted) from daily_count",
    "select sum(rows_loaded) from deliveries",
    "select sum(accepted) from year_to_date('2022-12-31')",
)
def ask(connection):
    return [int(connection.execute(question).fetchone()[0]) for question in QUESTIONS]
"""
# Asks until `stop` appears, and once more; prints `ready` after the first answer and each other answer at the end.
READER = """
import os, time
os.nice(10)  # twenty of them would leave the writer no processor
path, stop, stays_open = sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "stays open"
held = duckdb.connect(path, read_only=True) if stays_open else None
answers, is_last = [], False
while True:
    if held:
        answer = ask(held)
    else:
        with duckdb.connect(path, read_only=True) as connection:
            answer = ask(connection)
    if not answers:
        print("ready", flush=True)
    if answer not in answers[-1:]:
        answers.append(answer)
    if is_last:
        break
    is_last = stop.exists()
    time.sleep(0.1)
print(json.dumps(answers))
"""
# A program of another user, with the rights of none: what comes after this line has them.
NOBODY = """
import os
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
"""
# A careless program of the warehouse's owner.
OWNER = """
import duckdb, os, sys
os.chmod(sys.argv[1], 0o644)
connection = duckdb.connect(sys.argv[1])
connection.execute("delete from case_states")
connection.execute("update deliveries set rows_read = 0")
"""
KILLS_ITSELF = "os.kill(os.getpid(), 9)\n"
CHANGED = " was changed by another program after it was built and is not to be trusted"


def add_delivery(root: Path, number: int) -> Project:
    """One more case, in a delivery of the year's day `number`."""
    return deliver(
        root, {f"2022-{number // 28 + 1:02}-{number % 28 + 1:02}": draw(f"case | type | accepted\n{number} | 行政许可 | 2022-01-01")}
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A root with one delivery of one case loaded."""
    project = add_delivery(tmp_path, 1)
    assert update_warehouse(project)
    return project


@pytest.fixture
def shared() -> Iterator[Project]:
    """The same where everybody may read and write folders, as on a careless share: pytest's own folders are closed."""
    with tempfile.TemporaryDirectory() as folder:
        project = add_delivery(Path(folder), 1)
        assert update_warehouse(project)
        for path in (Path(folder), Path(folder) / "data", project.warehouse.parent):
            path.chmod(0o777)
        yield project


def start(program: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    """What it printed; it must have ended well."""
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    return out


def kill_itself(program: str, *words: object) -> None:
    process = start(program + KILLS_ITSELF, *words)
    _, err = process.communicate()
    assert (process.returncode, err) == (-signal.SIGKILL, "")


@contextmanager
def held_open(program: str, *words: object) -> Iterator[subprocess.Popen[str]]:
    """A program that has printed a line and waits for lines; killed at the end."""
    process = start(program, *words)
    try:
        assert process.stdout
        assert process.stdout.readline(), process.communicate()[1]
        yield process
    finally:
        process.kill()
        process.communicate()


def ask_anew(project: Project) -> list[int]:
    """The four figures, as a new process of an analyst gets them."""
    answer: list[int] = json.loads(
        finish(
            start(
                f"{FIGURES}\nwith duckdb.connect(sys.argv[1], read_only=True) as c: print(json.dumps(ask(c)))",
                project.warehouse,
            )
        )
    )
    return answer


def look(project: Project) -> tuple[bytes, list[Path]]:
    """The warehouse byte for byte, and what lies beside it."""
    return project.warehouse.read_bytes(), sorted(project.warehouse.parent.iterdir())


def list_kept(project: Project) -> list[Path]:
    return sorted(project.kept.glob("*/warehouse.duckdb"))


# ---------------------------------------------------------------- readers and the writer


def test_twenty_readers_get_no_error_and_no_mixed_answer_while_fifty_versions_are_swapped_in(project: Project) -> None:
    stop = project.root / "stop"
    kinds = ["asks anew"] * 15 + ["stays open"] * 5
    readers = [start(FIGURES + READER, project.warehouse, stop, kind) for kind in kinds]
    for reader in readers:
        assert reader.stdout and reader.stdout.readline() == "ready\n"
    for number in range(2, 52):
        assert update_warehouse(add_delivery(project.root, number))
    stop.touch()
    answers = [json.loads(finish(reader)) for reader in readers]
    versions = [[number] * 4 for number in range(1, 52)]
    for kind, answered in zip(kinds, answers, strict=True):
        assert [answer for answer in answered if answer not in versions] == []
        if kind == "stays open":
            assert answered == [versions[0]]
        else:
            assert (answered[0], answered[-1]) == (versions[0], versions[-1])
            assert answered == sorted(answered)


def test_a_reader_of_another_user_keeps_its_version_across_ten_swaps(shared: Project) -> None:
    program = (
        FIGURES
        + NOBODY
        + "connection = duckdb.connect(sys.argv[1], read_only=True)\nprint('ready', flush=True)\n"
        + "for _ in sys.stdin: print(json.dumps(ask(connection)), flush=True)\n"
    )
    with held_open(program, shared.warehouse) as reader:
        assert reader.stdin and reader.stdout
        for number in range(2, 12):
            assert update_warehouse(add_delivery(shared.root, number))
            print("ask", file=reader.stdin, flush=True)
            assert reader.stdout.readline() == "[1, 1, 1, 1]\n"
    assert ask_anew(shared) == [11] * 4


# ---------------------------------------------------------------- careless readers


@pytest.mark.parametrize(
    "attempt",
    [
        "duckdb.connect(path)",
        "duckdb.connect().execute(f\"attach '{path}' as w\")",
        "duckdb.connect(path, read_only=True).execute('delete from case_states')",
        "open(path, 'r+b')",
        "os.truncate(path, 0)",
        "os.chmod(path, 0o644)",
    ],
)
def test_another_user_cannot_write_into_the_file_whatever_the_folder_allows(shared: Project, attempt: str) -> None:
    before = look(shared)
    program = f"{FIGURES}{NOBODY}path = sys.argv[1]\ntry:\n    {attempt}\nexcept (OSError, duckdb.Error):\n    print('refused')\n"
    if os.getuid() != 0 and "chmod" in attempt:
        program = "print('refused')"  # the tests are run by the owner, who may
    assert finish(start(program, shared.warehouse)) == "refused\n"
    assert look(shared) == before


def test_a_reader_of_another_user_that_is_killed_leaves_nothing_behind(shared: Project) -> None:
    before = look(shared)
    kill_itself(f"{FIGURES}{NOBODY}c = duckdb.connect(sys.argv[1], read_only=True)\nask(c)\n", shared.warehouse)
    assert look(shared) == before
    assert ask_anew(shared) == [1] * 4


def test_a_log_left_by_the_owner_is_refused_by_readers_and_set_aside_by_the_next_run(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    built = read_content_hash(project)
    kill_itself(OWNER, project.warehouse)
    assert has_foreign_log(project)
    for command in ("status", "quarantine"):
        said = run(capsys, command, "--root", str(project.root))
        assert (said.exit_code, said.err.strip()) == (
            3,
            f"{project.warehouse}{CHANGED}. Build it anew from data/raw: bulletin rebuild --root {project.root}",
        )
    assert not update_warehouse(project)
    assert read_content_hash(project) == built
    assert ask_anew(project) == [1] * 4


def test_a_log_that_appears_during_a_run_never_meets_the_new_file(project: Project) -> None:
    plan = plan_run(add_delivery(project.root, 2), Silent())
    with build_aside(project, plan) as build:
        load_deliveries(build, Silent())
        kill_itself(OWNER, project.warehouse)
        swap_in(build, Silent())
    assert not has_foreign_log(project)
    assert ask_anew(project) == [2] * 4


@pytest.mark.parametrize("new_deliveries", [0, 1])
def test_a_warehouse_that_its_owner_changed_is_noticed_and_built_anew(
    project: Project, new_deliveries: int, capsys: pytest.CaptureFixture[str]
) -> None:
    finish(start(OWNER, project.warehouse))
    assert ask_anew(project) != [1] * 4
    said = run(capsys, "status", "--root", str(project.root))
    assert (said.exit_code, CHANGED in said.err) == (3, True)
    for number in range(new_deliveries):
        add_delivery(project.root, 2 + number)
    said = run(capsys, "weekly", "--week-ending", "2022-07-22", "--root", str(project.root))
    assert (said.exit_code, f"{CHANGED}: it is built anew from data/raw" in said.err) == (0, True)
    assert ask_anew(project) == [1 + new_deliveries] * 4


def test_opening_for_writing_without_writing_changes_nothing(project: Project) -> None:
    finish(start("import duckdb, os, sys\nos.chmod(sys.argv[1], 0o644)\nduckdb.connect(sys.argv[1]).close()", project.warehouse))  # fmt: skip
    assert is_as_built(project)
    assert not update_warehouse(project)


def test_a_root_that_was_copied_is_as_built(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    moved = Project(tmp_path_factory.mktemp("elsewhere") / "root")
    shutil.copytree(project.root, moved.root, copy_function=shutil.copyfile)
    assert read_content_hash(moved) == read_content_hash(project)


def test_a_raw_file_that_disappeared_is_noticed_where_the_warehouse_cannot_be_asked(project: Project) -> None:
    finish(start(OWNER, project.warehouse))
    shutil.rmtree(project.raw / "2022-01-02")
    with pytest.raises(BadInput, match="was loaded and has since changed or disappeared"):
        update_warehouse(project)


def test_who_holds_the_warehouse_open_for_writing_is_named(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    program = "import duckdb, os, sys\nos.chmod(sys.argv[1], 0o644)\nc = duckdb.connect(sys.argv[1])\nprint('open', flush=True)\nsys.stdin.read()"
    with held_open(program, project.warehouse) as holder:
        for command in (["status"], ["weekly", "--week-ending", "2022-07-22", "--quiet"]):
            said = run(capsys, *command, "--root", str(project.root))
            assert said.exit_code == 5
            assert said.err.startswith(f"{project.warehouse} is held open for writing by another program: ")
            assert f"(process {holder.pid}). Close it and try again" in said.err
    assert run(capsys, "status", "--root", str(project.root)).exit_code == 0


# ---------------------------------------------------------------- kept versions


def test_the_newest_three_replaced_versions_are_kept_read_only_and_can_be_asked(project: Project) -> None:
    for number in range(2, 7):
        update_warehouse(add_delivery(project.root, number))
    assert [path.stat().st_mode & 0o777 for path in list_kept(project)] == [0o444] * 3
    answers = []
    for path in list_kept(project):
        with duckdb.connect(str(path), read_only=True) as connection:
            answers.append(connection.execute("select count(*) from cases").fetchone())
    assert answers == [(3,), (4,), (5,)]


@pytest.mark.parametrize("keep_files", [0, 1])
def test_a_root_may_keep_fewer_versions(tmp_path: Path, keep_files: int) -> None:
    root = Project(tmp_path, Settings(keep_files=keep_files))
    for number in range(1, 5):
        add_delivery(tmp_path, number)
        update_warehouse(root)
    assert len(list_kept(root)) == keep_files
    assert ask_anew(root) == [4] * 4


def test_where_files_cannot_be_linked_they_are_copied(project: Project) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        project.kept.symlink_to(elsewhere)
        update_warehouse(add_delivery(project.root, 2))
        (kept,) = list_kept(project)
        assert (kept.stat().st_mode & 0o777, kept.stat().st_nlink) == (0o444, 1)


def test_a_run_killed_between_link_and_swap_costs_no_version(project: Project) -> None:
    keep_replaced(project)
    update_warehouse(add_delivery(project.root, 2))
    assert len(list_kept(project)) == 1


def test_a_version_that_others_changed_is_not_kept(project: Project) -> None:
    finish(start(OWNER, project.warehouse))
    update_warehouse(project)
    assert list_kept(project) == []


# ---------------------------------------------------------------- other schemas

REBUILT = ". Build it anew from data/raw: bulletin rebuild --root "


def set_schema(project: Project, version: int, *statements: str) -> None:
    """Make the warehouse one of another program, with a record that it is as built."""
    project.warehouse.chmod(0o644)
    with duckdb.connect(str(project.warehouse)) as connection:
        for statement in ("update warehouse_info set value = $1 where name = 'schema_version'", *statements):
            connection.execute(statement, [str(version)] if "$1" in statement else None)
    project.warehouse.chmod(0o444)
    record_built(project, find_warehouse(project).digest())


OLDER = ("drop view cases", "drop view case_versions", "alter table deliveries drop column received_on")
OLDER_VERSION = int(reading.SCHEMA_VERSION) - 1


@pytest.mark.parametrize("command", ["status", "quarantine"])
def test_a_warehouse_of_an_older_program_is_not_read_but_said_to_be_rebuilt(
    project: Project, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_schema(project, OLDER_VERSION, *OLDER)
    said = run(capsys, command, "--root", str(project.root))
    assert (said.exit_code, said.err.strip()) == (
        3,
        f"{project.warehouse} was written by an older program "
        f"(schema {OLDER_VERSION}, this one uses {reading.SCHEMA_VERSION}){REBUILT}{project.root}",
    )


@pytest.mark.parametrize("command", [("rebuild",), ("weekly", "--week-ending", "2022-07-22")])
def test_a_warehouse_of_an_older_program_is_upgraded_by_a_run(
    project: Project, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    built = read_content_hash(project)
    set_schema(project, OLDER_VERSION, *OLDER)
    said = run(capsys, *command, "--root", str(project.root))
    assert (said.exit_code, "was written by an older program" in said.err) == (0, True)
    assert read_content_hash(project) == built
    assert ask_anew(project) == [1] * 4
    assert len(list_kept(project)) == 1


def test_a_delivery_may_be_withdrawn_from_a_warehouse_of_an_older_program(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    update_warehouse(add_delivery(project.root, 2))
    set_schema(project, OLDER_VERSION, *OLDER)
    said = run(capsys, "withdraw", "2022-01-03", "--reason", "误报", "--root", str(project.root))
    assert said.exit_code == 0, said.err
    assert ask_anew(project) == [1] * 4


@pytest.mark.parametrize(
    "command",
    [("status",), ("quarantine",), ("weekly", "--quiet"), ("rebuild",), ("withdraw", "2022-01-02", "--reason", "误报")],
)
def test_a_warehouse_of_a_newer_program_is_refused_by_every_command(
    project: Project, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    set_schema(project, 99)
    before = project.warehouse.read_bytes()
    said = run(capsys, *command, "--root", str(project.root))
    assert (said.exit_code, said.err.strip()) == (
        3,
        f"{project.warehouse} was written by a newer program (schema 99, this one knows {reading.SCHEMA_VERSION}). "
        "Upgrade the program.",
    )
    assert project.warehouse.read_bytes() == before
