"""The one way of writing: aside, synced, then renamed."""

from pathlib import Path

import pytest
from traced_writes import find_lost, recording

from flows.root.files import append_text, make_folder, put_folder, sync, write_files


def test_each_way_of_writing_leaves_everything_on_the_disk(tmp_path: Path) -> None:
    with recording(tmp_path) as calls:
        write_files(tmp_path / "a/b", {"x": b"1", "y": b"2"})
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
        "a/b/y": "2",
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
