"""The one way of writing: aside, synced, then renamed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from traced_writes import find_lost, recording

from flows.root.files import append_text, make_folder, put_folder, replacing, sync, write_files


def test_each_way_of_writing_leaves_everything_on_the_disk(tmp_path: Path) -> None:
    with recording(tmp_path) as calls:
        write_files(tmp_path / "a/b", {"x": b"1", "y/z": b"2"})
        with replacing(tmp_path / "a/x.csv") as draft:
            draft.write_bytes(b"5")
        append_text(tmp_path / "c/lines", "1\n")
        append_text(tmp_path / "c/lines", "2\n")
        make_folder(tmp_path / ".d.part/e")
        (tmp_path / ".d.part/e/z").write_bytes(b"3")
        put_folder(tmp_path / ".d.part", tmp_path / "d")
        write_files(tmp_path / ".d.part", {"z": b"4"})
        put_folder(tmp_path / ".d.part", tmp_path / "d", is_replacing=True)
    assert find_lost(calls) == []
    assert {p.relative_to(tmp_path).as_posix(): p.read_text() for p in tmp_path.rglob("*") if p.is_file()} == {
        "a/b/x": "1",
        "a/b/y/z": "2",
        "a/x.csv": "5",
        "c/lines": "1\n2\n",
        "d/z": "4",
    }


def test_a_folder_is_put_in_the_place_of_another_only_where_that_is_meant(tmp_path: Path) -> None:
    write_files(tmp_path / "draft", {"a": b"new"})
    write_files(tmp_path / "signed", {"a": b"old"})
    with pytest.raises(OSError, match="not empty"):
        put_folder(tmp_path / "draft", tmp_path / "signed")
    assert (tmp_path / "signed/a").read_text() == "old"


def test_a_folder_that_knows_no_syncing_is_left_as_it_is() -> None:
    sync(Path("/proc"))


def test_a_file_that_is_replaced_stays_as_it_was_until_the_new_one_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(path) as draft:
        draft.write_text("half")
        raise ZeroDivisionError
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"x.csv": "old"}
    with replacing(Path("/dev/null")) as draft:  # no file is put in its place
        assert draft == Path("/dev/null")


@pytest.mark.parametrize(
    ("found", "then", "torn"),
    [
        ('{"a":1}\n', '{"a":1}\n', ""),
        ('{"a":1}', '{"a":1}\n', ""),
        ('{"a":1}\n{"b":"{}', '{"a":1}\n', '{"b":"{}'),
        ('{"a":1}\n\0\0\0', '{"a":1}\n', "\0\0\0"),
        ("\0\0\0", "", "\0\0\0"),
    ],
)
def test_a_torn_last_line_is_ended_or_set_aside_before_another_one_is_added(
    found: str, then: str, torn: str, tmp_path: Path
) -> None:
    path = tmp_path / "lines"
    path.write_text(found)
    append_text(path, '{"c":3}\n')
    assert path.read_text() == then + '{"c":3}\n'
    assert "".join(each.read_text() for each in tmp_path.glob(".lines.torn-*")) == torn


def test_lines_that_eight_processes_add_at_once_are_all_there_and_whole(tmp_path: Path) -> None:
    path, program = tmp_path / "lines", (
        "import sys\nfrom pathlib import Path\nfrom flows.root.files import append_text\n"
        "for i in range(50):\n    append_text(Path(sys.argv[1]), f'[\"{sys.argv[2]}\", {i}]\\n' * 3)\n"
    )  # fmt: skip
    processes = [subprocess.Popen([sys.executable, "-c", program, str(path), str(i)]) for i in range(8)]
    assert [process.wait(60) for process in processes] == [0] * 8
    lines = [tuple(json.loads(line)) for line in path.read_text().splitlines()]
    assert sorted(lines) == sorted([(str(p), i) for p in range(8) for i in range(50)] * 3)
    assert all(lines[i] == lines[i + 1] == lines[i + 2] for i in range(0, len(lines), 3))
