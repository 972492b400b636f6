"""A warehouse whose blocks a disk has changed is told in a sentence, and built anew from data/raw."""

import random
from pathlib import Path

import pytest
from a_root import GOOD_ROW, SECOND_ROW, WEEK, load_one_case, run, write_raw, write_table

from flows.domain.text import BadInput
from flows.engine.duckdb.storage import FileStorage
from flows.root.files import sync
from flows.root.project import Project


@pytest.fixture
def root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    return load_one_case(tmp_path, capsys)


def flip(path: Path, first: int, last: int) -> None:
    """Change each 997th byte of a part of a file, at places drawn from a seed."""
    content = bytearray(path.read_bytes())
    chance = random.Random(7)
    for place in range(first, min(last, len(content)), 997):
        content[place] ^= chance.randrange(1, 256)
    path.chmod(0o644)
    path.write_bytes(content)
    path.chmod(0o444)


@pytest.mark.parametrize("part", [(12_288, 1 << 40), (0, 12_288)], ids=["blocks", "headers"])
def test_a_damaged_warehouse_is_told_with_the_command_that_builds_it_anew(
    part: tuple[int, int], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_raw(root, {"2022-07-22/许可.csv": write_table(SECOND_ROW)})
    flip(Project(root).warehouse, *part)
    for words in (("status",), WEEK, ("query", "from cases")):
        said = run(capsys, *words, "--root", str(root))
        assert (said.exit_code, "bulletin rebuild" in said.err, "Traceback" in said.err) == (3, True, False), said
    assert run(capsys, "rebuild", "--quiet", "--root", str(root)).exit_code == 0
    assert run(capsys, "status", "--root", str(root)).exit_code == 0
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0


@pytest.mark.parametrize("block", range(6))  # the file has as many
def test_what_a_disk_spoils_while_it_is_written_never_becomes_the_warehouse(block: int, tmp_path: Path) -> None:
    """Also where neither opening the file nor its figures ask for that block."""
    storage = FileStorage(tmp_path / "warehouse.duckdb")
    (tmp_path / "aside").mkdir()
    with storage.copy(tmp_path / "aside", is_empty=True) as copy:
        copy.put("warehouse_info", [(f"fact {i}", f"{i * 7919 % 104729}") for i in range(100_000)])
        copy.checkpoint()
        assert copy.path.stat().st_size >= 12_288 + (6 << 18)
        place = 12_288 + (block << 18) + 5_000
        flip(copy.path, place, place + 1)
        with pytest.raises(BadInput, match="does not read back"), storage.swap_in(copy, sync):
            pass
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_a_warehouse_without_the_record_of_its_digest_is_not_trusted(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Project(root).built_digests.unlink()
    said = run(capsys, "status", "--root", str(root))
    assert (said.exit_code, "is not to be trusted" in said.err) == (3, True)
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert run(capsys, "status", "--root", str(root)).exit_code == 0


def test_receipts_that_are_gone_are_missed_before_anything_is_built_without_them(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Project(root).receipts.unlink()
    for words in (("rebuild", "--quiet"), WEEK, ("withdraw", "2022-07-15", "--reason", "退回")):
        said = run(capsys, *words, "--root", str(root))
        assert (
            said.exit_code,
            "receipts.jsonl has lost lines: the warehouse holds 2022-07-15/许可.csv" in said.err,
        ) == (
            3,
            True,
        ), said
    Project(root).warehouse.unlink()  # as the message says
    assert run(capsys, "rebuild", "--quiet", "--root", str(root)).exit_code == 0


def test_the_rows_are_those_of_the_raw_files_after_a_rebuild(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flip(Project(root).warehouse, 12_288, 1 << 40)
    assert run(capsys, "rebuild", "--quiet", "--root", str(root)).exit_code == 0
    said = run(capsys, "query", "select case_no from cases", "--json", "--root", str(root))
    assert GOOD_ROW.split(",")[0] in said.out
