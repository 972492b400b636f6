"""bulletin quarantine: rows that could not be read – where, what, why, and what closes them."""

import json
from pathlib import Path

import pytest
from a_root import GOOD_ROW, SECOND_ROW, WEEK, read_receipts, run, write_raw, write_table
from drawing import draw

HOSTILE_ROWS = ("1,某,行政许可,+1|cmd,2022-07-01,,", "2,某,行政许可,510000,@now,,")


def test_quarantine_lists_where_what_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW, *HOSTILE_ROWS)})
    run(capsys, *WEEK, "--root", str(root))
    said = run(capsys, "quarantine", "--root", str(root))
    lines = [line.split(maxsplit=1) for line in said.out.splitlines()[2:-1]]
    assert said.out.splitlines()[0] == "new with the newest cut-off: 2"
    assert all(len(name) == 10 for name, _ in lines)
    assert [" ".join(rest.split()) for _, rest in lines] == [
        "2022-07-22 2022-07-22/许可.csv 3 area_code +1|cmd "
        "the area is no area code (six or twelve digits), and the item code does not tell it 1",
        "2022-07-22 2022-07-22/许可.csv 4 accepted_at @now the acceptance time is no time such as 2022-07-22 09:30:00 2",
    ]
    assert said.out.splitlines()[-1] == "2 items"


def test_quarantine_of_nothing_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init", "--root", str(tmp_path / "office"))
    assert run(capsys, "quarantine", "--root", str(tmp_path / "office")).out == "0 items\n"


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_written_list_cannot_act_in_a_spreadsheet(
    extension: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import csv

    import openpyxl

    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW, *HOSTILE_ROWS)})
    run(capsys, *WEEK, "--root", str(root))
    path = tmp_path / f"隔离.{extension}"
    assert run(capsys, "quarantine", "--out", str(path), "--root", str(root)).exit_code == 0
    if extension == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [tuple(line) for line in csv.reader(file)]
    else:
        lines = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert [line[5] for line in lines] == ["value", "'+1|cmd", "'@now"]


def test_a_list_of_another_form_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init", "--root", str(tmp_path / "office"))
    said = run(capsys, "quarantine", "--out", str(tmp_path / "a.pdf"), "--root", str(tmp_path / "office"))
    assert (said.exit_code, said.err.strip()) == (
        2,
        f"{tmp_path}/a.pdf: the extension of --out must be one of .csv, .xlsx, .json.",
    )


def test_an_item_is_closed_by_a_later_row_of_its_case_and_by_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unreadable = "510000-20220701-00000{0},甲某,行政许可,510000,someday,,"
    root = write_raw(
        tmp_path, {"2022-07-15/许可.csv": write_table(SECOND_ROW, *(unreadable.format(i) for i in (7, 8)))}
    )
    run(capsys, *WEEK, "--root", str(root))
    assert run(capsys, "quarantine", "--root", str(root)).out.endswith("2 items\n")
    mended = unreadable.format(7).replace("someday", "2022-07-01")
    write_raw(root, {"2022-07-22/更正.csv": write_table(mended)})
    run(capsys, *WEEK, "--root", str(root))
    assert [item["row_no"] for item in json.loads(run(capsys, "quarantine", "--json", "--root", str(root)).out)] == [4]
    everything = json.loads(run(capsys, "quarantine", "--all", "--json", "--root", str(root)).out)
    assert [(item["row_no"], item["closed_by"]) for item in everything] == [(3, "2022-07-22"), (4, "")]
    assert "rows quarantined 2 (open: 1, new: 0)" in run(capsys, "status", "--root", str(root)).out
    run(capsys, "withdraw", "2022-07-22", "--reason", "wrong", "--root", str(root))
    assert run(capsys, "quarantine", "--root", str(root)).out.endswith("2 items\n")


def test_a_mended_file_added_to_the_same_folder_closes_the_item(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = "510000-20220701-000007,甲某,行政许可,510000,someday,,"
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(SECOND_ROW, row)})
    run(capsys, *WEEK, "--root", str(root))
    write_raw(root, {"2022-07-22/更正.csv": write_table(row.replace("someday", "2022-07-01"))})
    run(capsys, *WEEK, "--root", str(root))
    (item,) = json.loads(run(capsys, "quarantine", "--all", "--json", "--root", str(root)).out)
    assert item["closed_by"] == "2022-07-22-2"


UNREADABLE = """case | type | department | accepted
{0}1 | 行政许可 | 示例局 | 待定
{0}2 | 行政许可 | 示例局 | 2022-07-01"""


def list_rows(root: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run(capsys, "quarantine", *words, "--json", "--root", str(root)).out)
    return found


def test_a_row_is_closed_by_a_name_and_a_reason_until_it_is_opened_again_and_what_is_new_comes_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "2022-07-15/办件.csv": draw(UNREADABLE.format("51000020220701000")),
        "2022-07-22/办件.csv": draw(UNREADABLE.format("51000020220702000")),
    }
    root = write_raw(tmp_path, files)
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    rows = list_rows(root, capsys)
    assert [(row["delivery_id"], row["is_new"], row["case_no"], row["department"]) for row in rows] == [
        ("2022-07-22", True, "510000202207020001", "示例局"),
        ("2022-07-15", False, "510000202207010001", "示例局"),
    ]
    home = (root / "reports/index.html").read_text(encoding="utf-8")
    assert "本期新增 1 行，共 2 行" in home
    assert f'<th scope="row">{rows[0]["row_id"]}</th>' in home
    assert "<td>510000…01</td><td>示例局</td>" in home
    old = str(rows[1]["row_id"])
    closing = ("--reason", "原系统已停用", "--by", "林晓", "--quiet", "--root", str(root))
    assert run(capsys, "quarantine", "close", old, *closing).exit_code == 0
    assert [row["delivery_id"] for row in list_rows(root, capsys)] == ["2022-07-22"]
    assert (list_rows(root, capsys, "--all")[1]["closed_by"], list_rows(root, capsys, "--all")[1]["closed_reason"]) == (
        "林晓",
        "原系统已停用",
    )
    assert run(capsys, "quarantine", "close", old, *closing).exit_code == 3
    assert run(capsys, "quarantine", "close", "abc", *closing).exit_code == 3
    assert "rows quarantined 2 (open: 1, new: 1)" in run(capsys, "status", "--root", str(root)).out
    assert run(capsys, "quarantine", "open", old, *closing).exit_code == 0
    assert len(list_rows(root, capsys)) == 2
    assert [line["action"] for line in read_receipts(root)][-2:] == ["closed", "reopened"]


def test_a_row_is_not_closed_by_a_word_out_of_an_example(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init", "--root", str(tmp_path / "office"))
    closing = ("quarantine", "close", "abc", "--reason", "理由", "--by", "林晓", "--root", str(tmp_path / "office"))
    assert run(capsys, *closing).exit_code == 2
