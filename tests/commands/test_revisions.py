"""bulletin revisions: what would be printed otherwise today, and the notice that says so."""

from pathlib import Path

import docx
import pytest
from a_root import WEEK, run, write_raw
from drawing import draw
from signed_weeks import publish_first_week

MENDED = """case | type | accepted | completed | result
1 | 行政许可 | 2022-07-01 | 2022-07-20 | 作废
3 | 行政许可 | 2022-07-18 | |"""


@pytest.fixture
def signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    return publish_first_week(tmp_path, capsys)


def test_a_revision_says_what_changed_and_why_and_writes_the_notice(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "2022-07-22/迟到.csv": draw("case | type | accepted\n8 | 行政许可 | 2022-07-02\n9 | 行政许可 | 2022-07-03"),
        "2022-07-29/更正.csv": draw(MENDED),
    }  # fmt: skip
    write_raw(signed, files)
    assert run(capsys, *WEEK, "--root", str(signed)).exit_code == 0
    said = run(capsys, "revisions", "--quiet", "--root", str(signed))
    assert [line.split("  ")[0] for line in said.out.splitlines()[:1]] == ["2022-07-22 (issue 24, serial 399):"]
    rows = [line.split() for line in said.out.splitlines()[2:-2]]
    assert [row[:5] for row in rows] == [
        ["行政许可", "受理", "2", "4", "+2"],
        ["行政许可", "办结", "1", "0", "-1"],
        ["公共服务", "受理", "1", "0", "-1"],
    ]
    notice = (signed / "reports/2022-07-22/revision/更正说明.txt").read_text(encoding="utf-8").splitlines()
    assert notice[0] == "关于2022年第24期（总第399期）统计数字的更正说明"
    assert notice[2:] == [
        "行政许可事项受理2件，更正为4件，增加2件：因补报增加2件、改事项类型增加1件（作废1件）。",
        "行政许可事项办结1件，更正为0件，减少1件：因作废减少1件。",
        "公共服务事项受理1件，更正为0件，减少1件：因改事项类型减少1件。",
        "其余数字不变。",
    ]
    document = docx.Document(str(signed / "reports/2022-07-22/revision/更正说明.docx"))
    *said_there, on = [paragraph.text for paragraph in document.paragraphs]
    assert said_there == [notice[0], "", *notice[1:], ""]
    assert f"截至{on}有以下变化" in notice[1]


def test_where_nothing_has_changed_there_is_no_notice(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "revisions", "--quiet", "--root", str(signed))
    assert said.out == "2022-07-22 (issue 24, serial 399): nothing has changed\n"
    assert not (signed / "reports/2022-07-22/revision").exists()


def test_an_office_writes_down_when_it_revises_and_each_notice_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "init", "--root", str(tmp_path)).exit_code == 0
    policy = (tmp_path / "revisions.md").read_text(encoding="utf-8")
    assert [line for line in policy.splitlines() if line.startswith("#")] == [
        "# 数据修订政策",
        "## 何时修订",
        "## 如何公布",
        "## 由谁决定",
    ]
    assert "补报、更正时间、恢复、改事项类型、改行政区划、作废、批次撤回、口径变化" in policy
    assert "一批中有 0.5% 以上的行比已载入的内容更旧" in policy
    publish_first_week(tmp_path, capsys)
    write_raw(tmp_path, {"2022-07-22/迟到.csv": draw("case | type | accepted\n8 | 行政许可 | 2022-07-02")})
    assert run(capsys, *WEEK, "--root", str(tmp_path)).exit_code == 0
    assert run(capsys, "revisions", "--quiet", "--root", str(tmp_path)).exit_code == 0
    notice = (tmp_path / "reports/2022-07-22/revision/更正说明.txt").read_text(encoding="utf-8").splitlines()
    assert notice[-1] == "更正依据：数据修订政策（revisions.md）。"


LATE = "case | type | accepted\n8 | 行政许可 | 2022-07-02\n9 | 行政许可 | 2022-07-03"
LATER = "case | type | accepted\n7 | 行政许可 | 2022-07-04"


def deliver_later(root: Path, capsys: pytest.CaptureFixture[str], day: str, table: str) -> None:
    write_raw(root, {f"{day}/补报.csv": draw(table)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0


def is_due(root: Path, capsys: pytest.CaptureFixture[str]) -> bool:
    """Whether a notice is among the problems; weeks without a report are, too."""
    return "have changed since publication" in run(capsys, "status", "--health", "--root", str(root)).out


def read_home(root: Path) -> str:
    return (root / "reports/index.html").read_text(encoding="utf-8")


def test_what_changed_by_no_more_than_is_announced_is_taken_up_by_the_next_issue(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (signed / "bulletin.toml").write_text("notice_cases = 2\n", encoding="utf-8")
    deliver_later(signed, capsys, "2022-07-29", LATE)
    assert not is_due(signed, capsys)
    said = run(capsys, "revisions", "--quiet", "--root", str(signed))
    assert said.out.splitlines()[-1] == "  no more than 2 cases: taken up by the next issue"
    assert not (signed / "reports/2022-07-22/revision").exists()
    assert "已刊发，数字有变，下期累计已含" in read_home(signed)
    deliver_later(signed, capsys, "2022-08-05", LATER)
    assert is_due(signed, capsys)
    assert "已刊发，数字有变，须出更正说明" in read_home(signed)


def test_a_notice_that_was_issued_is_on_record_and_what_changes_beyond_it_is_due_again(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    issued = ("revisions", "--week-ending", "2022-07-22", "--issued", "--by", "周宁", "--quiet", "--root", str(signed))
    assert run(capsys, *issued).exit_code == 6
    deliver_later(signed, capsys, "2022-07-29", LATE)
    assert is_due(signed, capsys)
    assert run(capsys, *issued).exit_code == 0
    assert not is_due(signed, capsys)
    assert "已刊发，数字有变，已说明（" in read_home(signed)
    (kept,) = (signed / "reports/2022-07-22/revision").glob("*/更正说明.txt")
    assert (oct(kept.stat().st_mode)[-3:], "受理2件，更正为4件" in kept.read_text(encoding="utf-8")) == ("444", True)
    assert run(capsys, *issued).exit_code == 6
    deliver_later(signed, capsys, "2022-08-05", LATER)
    assert is_due(signed, capsys)
    assert run(capsys, "revisions", "--quiet", "--root", str(signed)).exit_code == 0
    notice = (signed / "reports/2022-07-22/revision/更正说明.txt").read_text(encoding="utf-8")
    assert "日已更正为4件），更正为5件，增加3件：因补报增加3件。" in notice


@pytest.mark.parametrize("cut_off", ["2022-07-29", "2022-07-22", "2022-07-15"])
def test_no_source_is_read_again_for_what_came_late_whatever_cut_off_it_came_for(
    signed: Path, capsys: pytest.CaptureFixture[str], cut_off: str
) -> None:
    deliver_later(signed, capsys, cut_off, LATE)
    (signed / "data/raw/2022-07-22/办件.csv").write_text("", encoding="utf-8")
    said = run(capsys, "revisions", "--quiet", "--root", str(signed))
    assert (said.exit_code, "late: of earlier weeks, reported only now +2" in said.out) == (0, True), said


def test_an_office_that_announces_another_threshold_than_it_has_set_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "init", "--root", str(tmp_path)).exit_code == 0
    (tmp_path / "bulletin.toml").write_text("notice_cases = 20\n", encoding="utf-8")
    said = run(capsys, "status", "--health", "--root", str(tmp_path))
    assert (said.exit_code, said.out) == (
        4,
        "revisions.md announces a notice of correction above 0 cases, and bulletin.toml says notice_cases = 20: "
        "change one of them\n",
    )
