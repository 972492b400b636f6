"""What the reader is not sure of, or does not read, is said where the signer looks."""

import json
from pathlib import Path

import corpus
import pytest
from a_root import GOOD_ROW, HEADER, SECOND_ROW, WEEK, run, write_raw, write_table
from packing import pack

from flows.root.project import Project

REASON = 'nothing_passed_over="另行报送"'
CASES = write_table(GOOD_ROW)
BOOK = corpus.xlsx(
    [HEADER.split(","), GOOD_ROW.split(",")],
    [["说明", "办结", "2022-07-01", "x"], ["510000-20220702-000002", "许可", "厅", "x", "", "2022-07-02"]],
)


def read_doubts(root: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((root / "reports/2022-07-22/statistics.json").read_text())["doubts"]
    return found


@pytest.mark.parametrize(
    ("files", "part"),
    [
        ({"2022-07-15/许可.xlsx": BOOK}, "许可.xlsx ［第2页］"),
        ({"2022-07-15/许可.zip": pack({"许可.csv": CASES.encode(), "其它.rar": b"Rar!\x1a\x07"})}, "许可.zip ［其它.rar］"),
        ({"2022-07-15/许可.csv": CASES, "2022-07-15/公共服务.csv.part": CASES}, "许可.csv ［公共服务.csv.part］"),
        ({"2022-07-15/许可.csv": f"{SECOND_ROW}\n{CASES}"}, "许可.csv ［第 1 行］"),
    ],
    ids=["a sheet without a header", "a member that cannot be read", "a half copied file", "rows above the header"],
)  # fmt: skip
def test_what_holds_rows_and_is_not_read_stops_the_delivery_until_somebody_gives_a_reason(
    files: dict[str, str | bytes], part: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, files)
    said = run(capsys, *WEEK, "--root", str(root))
    assert said.exit_code == 4
    assert f"were passed over (should be 0): 2022-07-15/{part}" in said.err
    assert "--accept nothing_passed_over" in said.err
    assert "未读取" in (root / "reports/2022-07-22/checks.md").read_text()
    assert run(capsys, *WEEK, "--root", str(root), "--accept", REASON).exit_code == 0
    assert [doubt["is_loss"] for doubt in read_doubts(root)] == [True]
    assert "nothing_passed_over" in run(capsys, "quarantine", "--root", str(root), "--json").out
    assert "though it holds what looks like cases" in run(capsys, "status", "--root", str(root)).out


def test_a_cover_a_picture_and_a_letter_beside_the_cases_are_no_loss(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    members = {
        "许可.csv": CASES.encode(),
        "说明.txt": "本周数据，请查收。".encode(),
        "a.png": b"\x89PNG",
        "函.docx": b"PK",
    }
    root = write_raw(tmp_path, {"2022-07-15/许可.zip": pack(members)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert read_doubts(root) == []


def test_each_doubt_says_file_sheet_row_what_it_was_taken_for_and_how_many_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quoted = GOOD_ROW.replace("行政许可", '"行政许可"事项').replace("000001", "000003")
    other = "办件编号,申请人姓名,事项类型,行政区划,办结时间,受理时间,办结结果"
    turned = "510000-20220701-000004,丁某,行政许可,510000,2022-07-04 09:00:00,2022-07-01 10:00:00,出证"
    root = write_raw(tmp_path, {"2022-07-15/许可.csv": "\n".join([HEADER, GOOD_ROW, quoted, other, turned, ""])})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert [(d["kind"], d["file"], d["sheet"], d["row"], d["taken_for"], d["rows"]) for d in read_doubts(root)[:2]] == [
        ("stray_quotes", "2022-07-15/许可.csv", "", 3, "引号不成对：按单元格内的文字读取", 1),
        ("second_header", "2022-07-15/许可.csv", "第4行起", 4, "中途另有表头：其下各行按新表头读取", 1),
    ]
    page = (root / "reports/2022-07-22/checks.html").read_text()
    assert page.index("读取时存疑") < page.index("缺少什么")
    assert "<td>受理和办结</td>" in page


@pytest.mark.parametrize("name", ["实际办结时间", "办结完成时间", "办结时问"])
def test_a_header_that_resembles_one_that_counts_is_refused_with_the_lines_that_mend_it(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW).replace("办结时间", name)})
    said = run(capsys, *WEEK, "--root", str(root))
    assert said.exit_code == 3
    assert f"许可.csv row 1: the column “{name}” is unknown, but resembles “办结时间” (completed_at)" in said.err
    profile = root / "profiles/sichuan.toml"
    profile.parent.mkdir()
    packaged = (Path(__file__).parents[3] / "flows/domain/profiles/sichuan.toml").read_text()
    profile.write_text(packaged.replace('completed_at = ["办结时间",', f'completed_at = ["办结时间", "{name}",'))
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0


def test_a_header_that_the_profile_ignores_is_another_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "\n".join(["办件编号,事项类型,行政区划,受理时间,办结时限", "1,行政许可,510000,2022-07-01,20", ""])
    root = write_raw(tmp_path, {"2022-07-15/许可.csv": rows})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0


def test_a_file_whose_name_is_as_long_as_a_name_can_be_is_received(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "init", "--root", str(tmp_path / "office"))
    export = tmp_path / ("办" * 83 + "22.csv")
    assert len(export.name.encode()) == 255
    for rows in ((GOOD_ROW,), (GOOD_ROW, SECOND_ROW)):
        export.write_text(write_table(*rows))
        said = run(capsys, "receive", str(export), "--cut-off", "2022-07-15", "--root", str(tmp_path / "office"))
        assert said.exit_code == 0
    assert len(list((Project(tmp_path / "office").raw / "2022-07-15").iterdir())) == 2
