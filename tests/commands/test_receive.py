"""bulletin receive: a file is read whole, taken for something, and stored under its cut-off."""

import os
import re
import stat
from pathlib import Path

import pytest
from a_root import GOOD_ROW, SECOND_ROW, WEEK, accepted_licences, read_receipts, run, write_raw, write_table
from drawing import write_csv


def make_root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    root = tmp_path / "office"
    assert run(capsys, "init", "--root", str(root)).exit_code == 0
    return root


def test_receive_copies_a_file_under_the_day_in_its_name_and_says_what_it_took_it_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_root(tmp_path, capsys)
    export = tmp_path / "行政许可_20220722.csv"
    export.write_bytes(write_table(GOOD_ROW).encode("gb18030"))
    said = run(capsys, "receive", str(export), "--root", str(root))
    assert said.exit_code == 0
    assert said.out.splitlines()[0].startswith(
        "行政许可_20220722.csv: gb18030, 行政许可, acceptance and completion, header in row 1, 6 columns recognised, "
        "1 personal and 0 other ones left out; stored as "
    )
    assert said.out.splitlines()[1:] == [
        "cut-off 2022-07-22 (the date in the file name).",
        f"If that is wrong: bulletin receive --move 2022-07-22/行政许可_20220722.csv --root {root}",
        f"Next: bulletin weekly --root {root}",
    ]
    assert (root / "data/raw/2022-07-22/行政许可_20220722.csv").read_bytes() == export.read_bytes()
    assert [(r["action"], r["file"]) for r in read_receipts(root)] == [("received", "2022-07-22/行政许可_20220722.csv")]


def test_receive_takes_the_newest_time_where_the_name_tells_no_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_root(tmp_path, capsys)
    (tmp_path / "明细.csv").write_text(write_table(GOOD_ROW))
    said = run(capsys, "receive", str(tmp_path / "明细.csv"), "--root", str(root))
    assert said.out.splitlines()[1].startswith("cut-off 2022-07-04 (the newest time in the file).")


def busy_rows(last: str, per_day: int = 20) -> str:
    """So many licences accepted on each working day from 11 July 2022 (a Monday) on; `last` is the time of the last one."""
    days = ["11", "12", "13", "14", "15", "18", "19", "20", "21", "22"]
    days = days[: days.index(last[8:10])]
    times = [f"2022-07-{day} {9 + i % 8:02}:{i:02}:00" for day in days for i in range(per_day)]
    rows = [[f"510000-{i}", "行政许可", "510000", time, ""] for i, time in enumerate([*times, last])]
    return write_csv(["办件编号", "事项类型", "行政区划", "受理时间", "办结时间"], rows)


@pytest.mark.parametrize(
    ("name", "last", "cut_off"),
    [
        ("明细_20220725.csv", "2022-07-22 16:30:00", "2022-07-22"),  # exported on Monday morning, through Friday
        ("明细_20220801.csv", "2022-07-22 16:30:00", "2022-07-22"),  # exported a week later
        ("明细_20220722.csv", "2022-07-22 10:15:00", "2022-07-21"),  # exported in the middle of the day
        ("明细.csv", "2022-07-22 10:15:00", "2022-07-21"),
        ("明细_20220724.csv", "2022-07-22 16:30:00", "2022-07-24"),  # a Sunday: nothing is missing
    ],
)
def test_receive_proposes_a_day_that_busy_data_cover_and_the_check_of_the_tail_lets_it_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, last: str, cut_off: str
) -> None:
    root = make_root(tmp_path, capsys)
    (tmp_path / name).write_text(busy_rows(last))
    said = run(capsys, "receive", str(tmp_path / name), "--root", str(root))
    assert said.out.splitlines()[1].startswith(f"cut-off {cut_off} ")
    assert ("the data end at" in said.out) == (cut_off not in {"2022-07-24"})
    assert [path.parent.name for path in (root / "data/raw").rglob("*.csv")] == [cut_off]
    said = run(capsys, "weekly", "--week-ending", "2022-07-22", "--root", str(root))
    assert "tail_reached" not in said.err


def test_a_file_of_few_rows_keeps_the_day_in_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_root(tmp_path, capsys)
    (tmp_path / "补报_20220725.csv").write_text(busy_rows("2022-07-22 16:30:00", per_day=2))
    said = run(capsys, "receive", str(tmp_path / "补报_20220725.csv"), "--root", str(root))
    assert said.out.splitlines()[1].startswith("cut-off 2022-07-25 (the date in the file name).")


@pytest.mark.parametrize(
    ("mode", "umask", "kept"), [(0o600, 0o022, 0o600), (0o644, 0o027, 0o640), (0o444, 0o022, 0o644)]
)
def test_who_may_not_read_a_file_may_not_read_its_copy(
    mode: int, umask: int, kept: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_root(tmp_path, capsys)
    file = tmp_path / "许可20220722.csv"
    file.write_text(write_table(GOOD_ROW), encoding="utf-8")
    file.chmod(mode)
    before = os.umask(umask)
    try:
        assert run(capsys, "receive", str(file), "--root", str(root)).exit_code == 0
    finally:
        os.umask(before)
    (copy,) = (root / "data/raw/2022-07-22").iterdir()
    assert stat.S_IMODE(copy.stat().st_mode) == kept


def test_receive_takes_the_given_day_before_any_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_root(tmp_path, capsys)
    (tmp_path / "明细_20220722.csv").write_text(write_table(GOOD_ROW))
    run(capsys, "receive", str(tmp_path / "明细_20220722.csv"), "--cut-off", "2022-07-15", "--root", str(root))
    assert (root / "data/raw/2022-07-15/明细_20220722.csv").exists()


def test_a_content_received_twice_is_stored_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_root(tmp_path, capsys)
    for name in ("一_20220722.csv", "二_20220715.csv"):
        (tmp_path / name).write_text(write_table(GOOD_ROW))
        said = run(capsys, "receive", str(tmp_path / name), "--root", str(root))
    assert said.out.splitlines() == [
        f"二_20220715.csv: utf-8, acceptance and completion, header in row 1, 6 columns recognised, 1 personal and 0 other ones left out; "
        f"received before, not stored again: {root}/data/raw/2022-07-22/一_20220722.csv",
        f"To put it under 2022-07-15: bulletin receive --move 2022-07-22/一_20220722.csv --cut-off 2022-07-15 --root {root}",
    ]
    assert [p.name for p in (root / "data/raw").rglob("*.csv")] == ["一_20220722.csv"]


def test_receive_refuses_what_it_cannot_read_and_stores_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_root(tmp_path, capsys)
    (tmp_path / "好_20220722.csv").write_text(write_table(GOOD_ROW))
    (tmp_path / "坏_20220722.csv").write_text("")
    said = run(
        capsys, "receive", str(tmp_path / "好_20220722.csv"), str(tmp_path / "坏_20220722.csv"), "--root", str(root)
    )
    assert said.exit_code == 3
    assert list((root / "data/raw").iterdir()) == []


def test_real_files_are_not_received_among_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(
        tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW), "2022-07-15/delivery.toml": "sample = true\n"}
    )
    (tmp_path / "明细_20220722.csv").write_text(write_table(SECOND_ROW))
    said = run(capsys, "receive", str(tmp_path / "明细_20220722.csv"), "--root", str(root))
    assert (said.exit_code, said.err.strip()) == (
        3,
        f"{root} holds sample data and cannot receive real files. Make a root for them: "
        f"bulletin init --root {root.parent / 'bulletin-office'}",
    )


def test_receiving_reads_every_byte_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init", "--root", str(tmp_path / "office"))
    export = tmp_path / "许可_20220722.csv"
    export.write_bytes(write_table(GOOD_ROW).encode("gb18030") + b"\xff\xff\n" * 3)
    said = run(capsys, "receive", str(export), "--root", str(tmp_path / "office"))
    assert said.exit_code == 3
    assert "3 of 5 lines are no text of gb18030, the first is line 3 (byte 1 of it)" in said.err


def test_help_names_every_suffix_that_is_read_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "receive", "--help")
    assert re.findall(r"\.[a-z]+(?=[ )\n])", said.out.partition("exported files")[2].partition("--cut-off")[0]) == [
        ".csv", ".txt", ".tsv", ".tab", ".dat",
        ".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".et", ".xlsb", ".ods", ".html", ".htm", ".xml", ".parquet", ".zip", ".gz",
    ]  # fmt: skip


# ---------------------------------------------------------------- corrections, and what was handed in wrongly


def load_week(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A root in which the delivery of 2022-07-22 is loaded."""
    root = make_root(tmp_path, capsys)
    (tmp_path / "许可_20220722.csv").write_text(write_table(GOOD_ROW))
    assert run(capsys, "receive", str(tmp_path / "许可_20220722.csv"), "--root", str(root)).exit_code == 0
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    return root


@pytest.mark.parametrize(
    "name", ["补报.csv", "补报_20220725.csv"]
)  # without a day, or that of the Monday on which it came
def test_a_small_file_of_cases_before_the_newest_cut_off_corrects_it_and_no_gate_minds(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = load_week(tmp_path, capsys)
    (tmp_path / name).write_text(write_table(SECOND_ROW, GOOD_ROW.replace("出证", "作废")))
    said = run(capsys, "receive", str(tmp_path / name), "--root", str(root))
    assert "a correction of what is loaded: none of its cases is later than 2022-07-04 09:00" in said.out
    assert (root / "data/raw/2022-07-22/更正-1" / name).is_file()
    assert (root / "data/raw/2022-07-22/更正-1/delivery.toml").read_text() == "corrects = true\n"
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert accepted_licences(root) == 1  # one came, one is void


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("许可_20220715.csv", "2022-07-15"),  # its name says an older day: a late delivery
        (
            "许可_20220729.csv",
            "2022-07-29",
        ),  # a later week is complete by then: the next delivery, of a week without cases
    ],
)
def test_a_small_file_whose_name_says_the_day_of_another_week_is_no_correction(
    name: str, folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = load_week(tmp_path, capsys)
    (tmp_path / name).write_text(write_table(SECOND_ROW))
    run(capsys, "receive", str(tmp_path / name), "--root", str(root))
    assert (root / "data/raw" / folder / name).is_file()


def test_a_busy_file_of_an_older_week_is_a_late_delivery_and_no_correction(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = load_week(tmp_path, capsys)
    (tmp_path / "明细.csv").write_text(busy_rows("2022-07-21 16:30:00"))
    run(capsys, "receive", str(tmp_path / "明细.csv"), "--root", str(root))
    assert (root / "data/raw/2022-07-21/明细.csv").is_file()


def test_what_waits_is_moved_to_another_day_or_taken_back_on_the_record_and_leaves_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_root(tmp_path, capsys)
    (tmp_path / "许可_20220720.csv").write_text(write_table(GOOD_ROW))
    run(capsys, "receive", str(tmp_path / "许可_20220720.csv"), "--root", str(root))
    said = run(capsys, "receive", "--move", "2022-07-20", "--cut-off", "2022-07-22", "--corrects", "--root", str(root))
    assert said.exit_code == 0
    assert said.out.strip() == f"stored as {root}/data/raw/2022-07-22/更正-1/许可_20220720.csv"
    assert sorted(path.name for path in (root / "data/raw").iterdir()) == ["2022-07-22", "receipts.jsonl"]
    said = run(capsys, "receive", "--undo", "2022-07-22/更正-1/许可_20220720.csv", "--root", str(root))
    assert (
        said.out.strip()
        == f"not received any more; kept as {root}/data/raw/.returned/2022-07-22/更正-1/许可_20220720.csv"
    )
    assert sorted(path.name for path in (root / "data/raw").iterdir()) == [".returned", "receipts.jsonl"]
    assert [(r["action"], r["file"]) for r in read_receipts(root)] == [
        ("received", "2022-07-20/许可_20220720.csv"),
        ("received", "2022-07-22/更正-1/许可_20220720.csv"),
        ("returned", "2022-07-22/更正-1/许可_20220720.csv"),
    ]
    run(
        capsys, "receive", str(tmp_path / "许可_20220720.csv"), "--root", str(root)
    )  # received again, as if for the first time
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert accepted_licences(root) == 1


def test_what_is_loaded_is_neither_moved_nor_taken_back_but_withdrawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = load_week(tmp_path, capsys)
    for words in (
        ["--undo", "2022-07-22"],
        ["--move", "data/raw/2022-07-22/许可_20220722.csv", "--cut-off", "2022-07-21"],
    ):
        said = run(capsys, "receive", *words, "--root", str(root))
        assert said.exit_code == 3
        assert said.err.strip().endswith(
            "is loaded, as delivery 2022-07-22. Take that back first, then receive the files again: "
            f"bulletin withdraw 2022-07-22 --root {root}"
        )
    said = run(capsys, "receive", "--undo", "2022-07-15", "--root", str(root))
    assert (said.exit_code, said.err[:45]) == (3, "nothing of the name 2022-07-15 lies in " + str(root)[:6])


def test_a_gate_that_refuses_a_small_late_file_says_how_to_make_a_correction_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = load_week(tmp_path, capsys)
    rows = [GOOD_ROW.replace("000001", f"{i:06}").replace("2022-07-01 10:00:00", "待定") for i in range(60)]
    write_raw(root, {"2022-07-25/补报.csv": write_table(*rows)})
    said = run(capsys, "weekly", "--week-ending", "2022-07-22", "--quiet", "--root", str(root))
    assert said.exit_code == 4
    assert said.err.splitlines()[-3:-1] == [
        f"If what came for 2022-07-25 is complete through another day: bulletin receive --move 2022-07-25 --root {root}",
        "If it only corrects or completes what was delivered for 2022-07-22: "
        f"bulletin receive --move 2022-07-25 --cut-off 2022-07-22 --corrects --root {root}",
    ]
