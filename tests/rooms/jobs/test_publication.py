"""What is signed stays as it is, can be proved, and is revised in the open; an edited section is read number by number."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import pytest
from a_root import GOOD_ROW, run, write_raw, write_table
from drawing import Silent, deliver, draw, update_warehouse
from hypothesis import given, settings
from hypothesis import strategies as st
from test_bulletin import PUBLISHED, STATISTICS
from test_fold import Script, lay_out, scripts

from flows.domain.cases import Counts, Group
from flows.domain.figures import GroupFigures, Wording
from flows.domain.text import BadInput, CheckFailed, NothingToDo
from flows.jobs import publish, revisions, verify, weekly
from flows.report.paragraph import write_paragraph
from flows.report.proofreader import check_text, parse_paragraph
from flows.root.project import Project
from flows.root.publications import Publication, read_publications, seal

WEEK = ("weekly", "--week-ending", "2022-07-22", "--quiet")
SIGNED = ("--by", "编发人", "--checked-by", "审核人", "--quiet")
ROWS = """case | type | accepted | completed | result
1 | 行政许可 | 2022-07-01 | 2022-07-20 |
2 | 行政许可 | 2022-07-01 | |
3 | 公共服务 | 2022-07-18 | |"""
MENDED = """case | type | accepted | completed | result
1 | 行政许可 | 2022-07-01 | 2022-07-20 | 作废
3 | 行政许可 | 2022-07-18 | |"""
LABELS = {figures.group: figures.label for figures in STATISTICS.groups}


@pytest.fixture
def signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A root with one published week, 2022年第24期（总第399期）."""
    write_raw(tmp_path, {"2022-07-22/办件.csv": draw(ROWS), "2022-07-22/delivery.toml": "received_on = 2022-07-25\n"})
    assert run(capsys, *WEEK, "--root", str(tmp_path)).exit_code == 0
    said = sign(tmp_path, capsys, "--issue", "24", "--serial", "399")
    assert said[0] == 0, said
    return tmp_path


def sign(root: Path, capsys: pytest.CaptureFixture[str], *words: str, week: str = "2022-07-22") -> tuple[int, str]:
    said = run(capsys, "publish", "--week-ending", week, *SIGNED, *words, "--root", str(root))
    return said.exit_code, said.err or said.out


def prove(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    said = run(capsys, "verify", "--week-ending", "2022-07-22", "--quiet", "--root", str(root))
    return said.exit_code, said.err or said.out


# ---------------------------------------------------------------- signing


def test_author_and_checker_are_two_people_and_the_first_numbers_are_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-22/办件.csv": draw(ROWS)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    alone = ("publish", "--week-ending", "2022-07-22", "--by", "甲", "--checked-by", "甲", "--root", str(root))
    assert (run(capsys, *alone).exit_code, sign(root, capsys)[0]) == (2, 2)
    assert not (root / "reports/2022-07-22/published").exists()


def test_what_is_published_is_the_draft_that_was_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/办件.csv": draw(ROWS)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    (root / "reports/2022-07-22/statistics.txt").write_text("据……统计，受理9件。\n", encoding="utf-8")
    code, said = sign(root, capsys, "--issue", "1", "--serial", "1")
    assert (code, "the draft is not what the warehouse says now (statistics.txt)" in said) == (3, True)


def test_a_published_week_is_read_only_and_a_later_run_writes_a_marked_draft_beside_it(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = signed / "reports/2022-07-22"
    before = {path.name: path.read_bytes() for path in (folder / "published").iterdir()}
    assert {oct(path.stat().st_mode)[-3:] for path in (folder / "published").iterdir()} == {"444"}
    assert {name: (folder / name).read_bytes() for name in before if name != "publication.json"} == {
        name: content for name, content in before.items() if name != "publication.json"
    }
    write_raw(signed, {"2022-07-22/迟到.csv": draw("case | type | accepted\n9 | 行政许可 | 2022-07-02")})
    assert run(capsys, *WEEK, "--root", str(signed)).exit_code == 0
    assert {path.name: path.read_bytes() for path in (folder / "published").iterdir()} == before
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


# ---------------------------------------------------------------- proof


def test_a_published_week_comes_out_byte_for_byte_after_later_deliveries_changes_of_notes_and_a_rebuild(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = {
        "2022-07-22/迟到.csv": draw("case | type | accepted | result\n9 | 行政许可 | 2022-07-02 |\n1 | 行政许可 | 2022-06-01 | 作废"),
        "2022-07-29/办件.csv": draw("case | type | accepted\n2 | 公共服务 | 2022-07-01"),
        "2022-07-22/delivery.toml": 'received_on = 2022-07-27\nno_business = ["某厅"]\n',
    }  # fmt: skip
    write_raw(signed, later)
    assert run(capsys, *WEEK, "--root", str(signed)).exit_code == 0
    assert run(capsys, "rebuild", "--quiet", "--root", str(signed)).exit_code == 0
    assert prove(signed, capsys) == (
        0,
        "2022-07-22 is unchanged; counted again from its 1 frozen files, 8 forms come out byte for byte\n",
    )


def test_under_a_newer_program_figures_and_paragraph_are_proved_and_other_forms_named(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = signed / "reports/2022-07-22/published"
    (published,) = read_publications(Project(signed))
    path.joinpath("statistics.md").chmod(0o644)
    path.joinpath("statistics.md").write_bytes(b"as an older program wrote it\n")
    import hashlib

    forms = {**published.forms, "statistics.md": hashlib.sha256(b"as an older program wrote it\n").hexdigest()}
    older = replace(published, program_digest="0" * 64, forms=forms)
    reseal(signed, replace(older, sha256=seal(older)))
    code, said = prove(signed, capsys)
    assert (code, said.splitlines()[1]) == (
        0,
        "the program is newer: figures and paragraph are the same, these differ in form only: statistics.md",
    )


def reseal(root: Path, changed: Publication) -> None:
    """Put another record in place, and into the warehouse, as a program of that time would have done."""
    from flows.root.publications import write_publication
    from flows.warehouse.swap import note_publications

    path = root / "reports/2022-07-22/published/publication.json"
    path.chmod(0o644)
    path.write_bytes(write_publication(changed))
    note_publications(Project(root), Silent())


TAMPERED = {
    "a published form": "reports/2022-07-22/published/statistics.txt",
    "the record": "reports/2022-07-22/published/publication.json",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_changed_file_is_found(what: str, signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = signed / TAMPERED[what]
    path.chmod(0o644)
    path.write_text(path.read_text(encoding="utf-8").replace("2", "3", 1), encoding="utf-8")
    code, said = prove(signed, capsys)
    assert (code, str(path) in said) == (4, True), said


def test_a_changed_row_is_found(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (published,) = read_publications(Project(signed))
    figures = {**published.figures, "licence": {**published.figures["licence"], "accepted": 7}}
    other = replace(published, figures=figures)
    reseal(signed, replace(other, sha256=published.sha256))
    path = signed / "reports/2022-07-22/published/publication.json"
    from flows.root.publications import write_publication

    path.write_bytes(write_publication(published))  # the file as it was; the warehouse says otherwise
    assert prove(signed, capsys) == (
        4,
        "2022-07-22 was changed after it was published: published_figures. Restore it from a backup.\n",
    )


def test_a_source_file_that_is_gone_is_named(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    withdraw = ("withdraw", "2022-07-22", "--reason", "误报", "--quiet", "--root", str(signed))
    assert run(capsys, *withdraw).exit_code == 0
    assert prove(signed, capsys)[0] == 0  # withdrawn, but kept
    (signed / "data/raw/2022-07-22/办件.csv").write_text("x", encoding="utf-8")
    code, said = prove(signed, capsys)
    assert (code, said.split(":")[0]) == (3, "data/raw/2022-07-22/办件.csv")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_the_forms_are_the_same_bytes_in_any_time_zone_and_language(
    zone: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"2022-07-22/办件.csv": write_table(GOOD_ROW), "2022-07-22/delivery.toml": "received_on = 2022-07-25\n"}
    here, there = write_raw(tmp_path / "here", files), write_raw(tmp_path / "there", files)
    assert run(capsys, *WEEK, "--root", str(here)).exit_code == 0
    command = Path(sys.executable).with_name("bulletin")
    environment = {**os.environ, "TZ": zone, "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    subprocess.run([command, *WEEK, "--root", there], check=True, env=environment, capture_output=True)
    written = {path.name: path.read_bytes() for path in (here / "reports/2022-07-22").iterdir()}
    assert {path.name: path.read_bytes() for path in (there / "reports/2022-07-22").iterdir()} == written
    assert len(written) == 8


# ---------------------------------------------------------------- revision


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
    rows = [line.split() for line in said.out.splitlines()[2:-1]]
    assert [row[:5] for row in rows] == [
        ["行政许可", "受理", "2", "4", "+2"],
        ["行政许可", "办结", "1", "0", "-1"],
        ["公共服务", "受理", "1", "0", "-1"],
    ]
    notice = (signed / "reports/2022-07-22/revision/更正说明.txt").read_text(encoding="utf-8").splitlines()
    assert notice[0] == "关于2022年第24期（总第399期）统计数字的更正说明"
    assert notice[2:] == [
        "行政许可事项受理2件，更正为4件，增加2件（迟报+2件，改事项类型+1件，作废-1件）。",
        "行政许可事项办结1件，更正为0件，减少1件（作废-1件）。",
        "公共服务事项受理1件，更正为0件，减少1件（改事项类型-1件）。",
        "其余数字不变。",
    ]
    document = docx.Document(str(signed / "reports/2022-07-22/revision/更正说明.docx"))
    assert [paragraph.text for paragraph in document.paragraphs] == notice


def test_where_nothing_has_changed_there_is_no_notice(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "revisions", "--quiet", "--root", str(signed))
    assert said.out == "2022-07-22 (issue 24, serial 399): nothing has changed\n"
    assert not (signed / "reports/2022-07-22/revision").exists()


@settings(max_examples=8)
@given(scripts(min_files=2), st.integers(1, 3))
def test_the_parts_of_a_revision_add_up_and_the_replay_is_exact_whatever_came_later(
    script: Script, signed_files: int
) -> None:
    """`revise` refuses parts that do not add up; here each difference is also told by counting both sides."""
    with TemporaryDirectory() as folder:
        project = deliver(Path(folder), lay_out(script[:signed_files]))
        try:
            weekly.weekly(project, date(2022, 7, 22), Silent())
        except (BadInput, CheckFailed, NothingToDo):  # nothing that could be signed
            return
        names = {"issue": 1, "serial": 1}
        published = publish.publish(project, date(2022, 7, 22), "甲", "乙", Silent(), **names)
        deliver(Path(folder), lay_out(script))
        update_warehouse(project)
        (revision,) = revisions.revise(project, None, Silent())
        for figure in revision.figures:
            assert figure.published == published.figures[figure.group.value][figure.measure]
            assert figure.today - figure.published == sum(cases for _, cases in figure.causes)
        assert verify.verify(project, date(2022, 7, 22), Silent()).other_form == ()


# ---------------------------------------------------------------- the wording oracle


def counts() -> st.SearchStrategy[Counts]:
    return st.builds(Counts, st.integers(0, 10**9), st.integers(0, 10**9))


@given(st.tuples(counts(), counts(), counts()), st.booleans())
def test_a_paragraph_reads_back_as_it_was_written(three: tuple[Counts, ...], has_separators: bool) -> None:
    groups = tuple(GroupFigures(g, LABELS[g], c, Counts(), Counts()) for g, c in zip(Group, three, strict=True))
    written = write_paragraph(replace(STATISTICS, groups=groups, wording=Wording(has_separators=has_separators)))
    assert parse_paragraph(written, LABELS) == {
        figures.group: {"accepted": figures.year_to_date.accepted, "completed": figures.year_to_date.completed}
        for figures in groups
    }


def test_every_single_digit_fault_in_the_paragraph_is_found() -> None:
    """Each digit of it, made each other digit: the dates of the window among them."""
    faults = missed = 0
    for place, character in enumerate(PUBLISHED):
        for digit in "0123456789" if character.isdecimal() else "":
            if digit != character:
                faults += 1
                missed += not check_text(PUBLISHED[:place] + digit + PUBLISHED[place + 1 :], STATISTICS).faults
    assert (faults, missed) == (450, 0)


EDITED = [
    PUBLISHED,
    PUBLISHED.replace("其它", "其他").replace("，", ", ").replace("件", " 件"),
    PUBLISHED.replace("465145", "465,145").replace("18703029", "１８７０３０２９"),
    PUBLISHED.replace("465145件", "46.51万件").replace("6476433件", "647.6万件"),
    f"一、省级政务服务事项受理办理情况\n{PUBLISHED}\n三类事项合计受理19209107件、办结6979453件，行政许可办结率99.2%，行政许可受理同比增长3.4%、"
    "行政许可办结环比下降0.9%。",
]


@pytest.mark.parametrize("text", EDITED)
def test_an_edited_section_that_is_right_raises_no_alarm(text: str) -> None:
    reading = check_text(text, STATISTICS)
    assert (reading.faults, reading.unchecked) == ((), ())


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ("合计受理19209107件", "合计受理19209106件", "合计受理"),
        ("办结率99.2%", "办结率99.1%", "行政许可办结率"),
        ("同比增长3.4%", "同比增长3.5%", "行政许可受理同比"),
        ("环比下降0.9%", "环比增长0.9%", "行政许可办结环比"),
    ],
)
def test_a_sum_or_rate_that_does_not_recompute_is_named(right: str, wrong: str, what: str) -> None:
    assert right in EDITED[-1]
    reading = check_text(EDITED[-1].replace(right, wrong), STATISTICS)
    assert [fault.what for fault in reading.faults] == [what]


def test_a_number_that_nobody_can_check_is_said_to_be_so() -> None:
    reading = check_text(f"{PUBLISHED}大厅接待群众1234件。", STATISTICS)
    assert (reading.faults, reading.unchecked) == ((), ("大厅接待群众1234件",))


def test_verify_reads_a_word_file_against_the_warehouse(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = signed / "通报稿.docx"
    document = docx.Document()
    text = (signed / "reports/2022-07-22/statistics.txt").read_text(encoding="utf-8")
    document.add_paragraph("一、省级政务服务事项受理办理情况")
    document.add_paragraph(text.strip().replace("公共服务事项受理1件", "公共服务事项受理11件"))
    document.save(str(path))
    said = run(capsys, "verify", str(path), "--root", str(signed))
    assert (said.exit_code, said.out.splitlines()) == (
        4,
        ["✗ 公共服务受理: written 11, should be 1", "7 places checked, 6 right"],
    )
    other_week = signed / "稿.txt"
    other_week.write_text(text.replace("7月22日", "7月21日"), encoding="utf-8")
    said = run(capsys, "verify", str(other_week), "--root", str(signed))
    assert (said.exit_code, said.out.splitlines()[0]) == (
        4,
        "✗ 统计区间: written 2022-01-01—2022-07-21, should be 一个通报周的年初至周末，如至 2022-07-22",
    )
    assert run(capsys, "verify", str(signed / "没有.docx"), "--root", str(signed)).exit_code == 3
