"""bulletin publish: what is signed stays as it is."""

import json
from pathlib import Path

import docx
import pytest
from a_root import WEEK, run, write_raw
from drawing import draw
from signed_weeks import ROWS, publish_first_week, sign

from flows.root.project import Project
from flows.root.publications import read_publications, seal


@pytest.fixture
def signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    return publish_first_week(tmp_path, capsys)


def test_author_and_checker_are_two_people_and_the_first_numbers_are_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-22/办件.csv": draw(ROWS)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    alone = (
        "publish",
        "--week-ending",
        "2022-07-22",
        "--by",
        "甲",
        "--checked-by",
        "甲",
        "--unsigned",
        "--root",
        str(root),
    )
    assert (run(capsys, *alone).exit_code, sign(root, capsys)[0]) == (2, 2)
    assert not (root / "reports/2022-07-22/published").exists()


def read_forms(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_is_published_is_the_draft_that_was_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/办件.csv": draw(ROWS)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    (root / "reports/2022-07-22/statistics.txt").write_text("据……统计，受理9件。\n", encoding="utf-8")
    code, said = sign(root, capsys, "--issue", "1", "--serial", "1")
    assert (code, "the draft differs from the warehouse (statistics.txt)" in said) == (3, True)


def test_a_published_week_is_read_only_and_a_later_run_writes_a_marked_draft_beside_it(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = signed / "reports/2022-07-22"
    before = read_forms(folder / "published")
    assert {oct(path.stat().st_mode)[-3:] for path in (folder / "published").rglob("*") if path.is_file()} == {"444"}
    left = {
        path.name: path for path in folder.iterdir() if path.is_file()
    }  # for whoever looks for the report of the week
    assert {name: path.read_bytes() for name, path in left.items()} == {name: before[name] for name in left}
    assert {oct(path.stat().st_mode)[-3:] for path in left.values()} == {"444"}
    assert "未签名" in before["statistics.html"].decode()
    write_raw(signed, {"2022-07-22/迟到.csv": draw("case | type | accepted\n9 | 行政许可 | 2022-07-02")})
    assert run(capsys, *WEEK, "--root", str(signed)).exit_code == 0
    assert read_forms(folder / "published") == before
    assert "行政许可事项受理2件" in (folder / "statistics.txt").read_text(encoding="utf-8")
    assert "行政许可事项受理3件" in (folder / "draft/statistics.txt").read_text(encoding="utf-8")
    assert "草稿" in (folder / "draft/statistics.html").read_text(encoding="utf-8")
    assert docx.Document(str(folder / "draft/statistics.docx")).paragraphs[0].text == "草稿"
    assert sign(signed, capsys)[0] == 3  # never over what was signed


def test_numbers_go_on_and_each_publication_seals_the_one_before(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for week, day in (("2022-07-29", "2022-07-26"), ("2023-01-06", "2023-01-04")):
        write_raw(signed, {f"{week}/办件.csv": draw(f"case | type | accepted\n{week} | 行政许可 | {day}")})
        assert run(capsys, "weekly", "--week-ending", week, "--quiet", "--root", str(signed)).exit_code == 0
        assert sign(signed, capsys, week=week)[0] == 0
    first, second, third = read_publications(Project(signed))
    assert [(p.issue, p.serial) for p in (first, second, third)] == [(24, 399), (25, 400), (1, 401)]
    assert (first.previous, second.previous, third.previous) == ("", first.sha256, second.sha256)
    assert all(seal(p) == p.sha256 for p in (first, second, third))
    query = (
        "select week_ending, issue, group_key, accepted from published_figures where group_key = 'licence' order by all"
    )
    rows = json.loads(run(capsys, "query", query, "--json", "--root", str(signed)).out)
    assert [tuple(row.values()) for row in rows] == [
        ("2022-07-22", 24, "licence", 2),
        ("2022-07-29", 25, "licence", 3),
        ("2023-01-06", 1, "licence", 1),
    ]
