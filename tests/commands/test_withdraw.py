"""bulletin withdraw: a delivery is taken back, and may come again."""

import json
from datetime import date
from pathlib import Path

import pytest
from a_root import GOOD_ROW, SECOND_ROW, WEEK, accepted_licences, read_receipts, run, write_raw, write_table

from flows.domain.cases import Window

YEAR = Window(date(2022, 1, 1), date(2022, 7, 22))


def test_a_withdrawn_delivery_is_as_if_it_had_never_come_and_stays_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    alone = run(capsys, "status", "--json", "--root", str(root)).out
    write_raw(root, {"2022-07-22/许可.csv": write_table(GOOD_ROW.replace("出证", "作废"), SECOND_ROW)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert run(capsys, "withdraw", "2022-07-22", "--reason", "错发", "--root", str(root), "--quiet").exit_code == 0
    after = run(capsys, "status", "--json", "--root", str(root)).out
    assert json.loads(after)["content_hash"] == json.loads(alone)["content_hash"]
    assert [d["delivery_id"] for d in json.loads(after)["deliveries"]] == ["2022-07-15"]
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert run(capsys, "rebuild", "--root", str(root), "--quiet").exit_code == 0
    assert accepted_licences(root) == 1
    assert [(r["action"], r["reason"]) for r in read_receipts(root)][-1] == ("withdrawn", "错发")


def test_a_withdrawn_file_comes_back_when_it_is_received_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(
        tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW), "2022-07-22/许可.csv": write_table(SECOND_ROW)}
    )
    run(capsys, *WEEK, "--root", str(root))
    run(capsys, "withdraw", "2022-07-22", "--reason", "错发", "--root", str(root), "--quiet")
    assert accepted_licences(root) == 1
    again = root / "data/raw/2022-07-22/许可.csv"
    said = run(capsys, "receive", str(again), "--cut-off", "2022-07-22", "--root", str(root))
    assert said.exit_code == 0
    assert [p.name for p in again.parent.iterdir()] == ["许可.csv"]
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert accepted_licences(root) == 2


def test_withdrawing_an_unknown_delivery_lists_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    run(capsys, *WEEK, "--root", str(root))
    said = run(capsys, "withdraw", "2022-07-22", "--reason", "错发", "--root", str(root), "--quiet")
    assert (said.exit_code, said.err.strip()) == (
        3,
        "No loaded delivery is called 2022-07-22; loaded are: 2022-07-15. "
        "A file that is not loaded yet is simply moved out of data/raw.",
    )


def test_everything_withdrawn_leaves_nothing_to_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    run(capsys, *WEEK, "--root", str(root))
    assert run(capsys, "withdraw", "2022-07-15", "--reason", "错发", "--root", str(root), "--quiet").exit_code == 0
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 6
