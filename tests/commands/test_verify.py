"""bulletin verify: what was signed can be proved, and an edited section is read number by number."""

import json
import os
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import docx
import pytest
from a_root import WEEK, run, snapshot, write_raw
from drawing import Silent, draw
from signed_weeks import ROWS, prove, publish_first_week, sign

from flows.domain.calendar import SHANGHAI
from flows.root.duplicates import NAMES, keep_duplicate
from flows.root.project import Project
from flows.root.publications import Publication, read_publications, seal
from flows.root.receipts import ClassificationChange, Classified, append_receipts


@pytest.fixture
def signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    return publish_first_week(tmp_path, capsys)


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
    code, said = prove(signed, capsys)
    assert (code, said.splitlines()) == (
        0,
        [
            "2022-07-22 is unchanged; recounted from its 1 frozen files, 8 forms are equal byte for byte",
            "it carries no signature: who published it is what the record says, not what a key proves",
        ],
    )


def test_a_published_week_comes_out_byte_for_byte_after_the_office_changed_its_tolerances_and_the_words_of_its_paragraph(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two of its rows came in one minute: with the tolerance of today that is found to be odd, with that of then it was not."""
    rows = "case | type | accepted\n1 | 行政许可 | 2022-07-01 10:00:05\n2 | 行政许可 | 2022-07-01 10:00:07"
    signed = publish_first_week(tmp_path, capsys, rows)
    (signed / "tolerances.toml").write_text("[default]\nburst_rows = 1\n")
    (signed / "profiles").mkdir()
    words = '[paragraph]\nhas_separators = true\ntemplate = "{{ source }}：{{ count(groups.licence.accepted) }}件"\n'
    (signed / "profiles/sichuan.toml").write_text('name = "sichuan"\nextends = "sichuan"\n' + words)
    code, said = prove(signed, capsys)
    equal = "2022-07-22 is unchanged; recounted from its 1 frozen files, 8 forms are equal byte for byte"
    assert (code, said.splitlines()[0]) == (0, equal)


@pytest.mark.parametrize(
    ("then", "now"), [('tables = ["results", "departments"]', "tables = []"), ("tables = []", 'tables = ["open_ages"]')]
)
def test_a_published_week_comes_out_byte_for_byte_after_the_office_asks_for_other_tables(
    then: str, now: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(tables: str) -> None:
        path = tmp_path / "profiles/sichuan.toml"
        path.parent.mkdir(exist_ok=True)
        words = '[results]\ngranted = ["出证"]\n' if tables == now else ""
        path.write_text(f'name = "sichuan"\nextends = "sichuan"\n[figures]\n{tables}\n{words}')

    ask(then)
    signed = publish_first_week(tmp_path, capsys)
    text = (signed / "reports/2022-07-22/published/statistics.md").read_text()
    assert [title in text for title in ("## 单位办理情况", "## 办结结果")] == ["results" in then] * 2
    ask(now)
    code, said = prove(signed, capsys)
    equal = "2022-07-22 is unchanged; recounted from its 1 frozen files, 8 forms are equal byte for byte"
    assert (code, said.splitlines()[0]) == (0, equal)


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
    assert (code, said.splitlines()[-1]) == (
        0,
        "the program is newer: figures and paragraph are equal, only the form of these differs: statistics.md",
    )


def reseal(root: Path, changed: Publication) -> None:
    """Put another record in place, and into the warehouse, as a program of that time would have done."""
    from flows.root.publications import write_publication, write_statement
    from flows.warehouse.swap import note_publications

    path = root / "reports/2022-07-22/published/publication.json"
    path.chmod(0o644)
    path.write_bytes(write_publication(changed))
    statement = path.parent / "proof/statement.txt"
    statement.chmod(0o644)
    statement.write_text(write_statement(changed), encoding="utf-8")
    keep_duplicate(Project(root), changed.week_end, set(NAMES))
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
    from flows.root.publications import write_publication, write_statement

    path.parent.joinpath("proof/statement.txt").write_text(write_statement(published), encoding="utf-8")
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


def test_a_publication_that_a_power_cut_has_emptied_stops_no_load_and_is_written_again_byte_for_byte(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = signed / "reports/2022-07-22/published"
    before = snapshot(folder)
    for path in list_files(folder):
        path.chmod(0o644)
        path.write_bytes(b"")
    write_raw(signed, {"2022-07-22/迟到.csv": draw("case | type | accepted\n9 | 行政许可 | 2022-07-02")})
    for words in (WEEK, ("rebuild", "--quiet"), ("status",), ("revisions",)):
        said = run(capsys, *words, "--root", str(signed))
        assert said.exit_code == 0, said
    command = f"bulletin verify --week-ending 2022-07-22 --restore --root {signed}"
    assert f"the publication of 2022-07-22 is damaged; to write it again: {command}" in run(
        capsys, "status", "--root", str(signed)
    ).out.replace("\n", " ")
    code, told = prove(signed, capsys)
    assert (code, told.endswith(f"To write it again from its duplicate: {command}\n")) == (3, True), told
    restored = run(capsys, *command.split()[1:], "--quiet")
    assert restored.exit_code == 0, restored
    assert (restored.exit_code, restored.out.splitlines()[1]) == (
        0,
        "2022-07-22 is unchanged; recounted from its 1 frozen files, 8 forms are equal byte for byte",
    )
    assert snapshot(folder) == before
    assert {oct(path.stat().st_mode)[-3:] for path in list_files(folder)} == {"444"}


def list_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_damaged_of_a_publication_is_not_written_again_otherwise_than_it_was(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = signed / "reports/2022-07-22/published/statistics.md"
    path.chmod(0o644)
    path.write_bytes(b"as an older program wrote it\n")
    (published,) = read_publications(Project(signed))
    other = replace(published, forms={**published.forms, "statistics.md": "0" * 64})
    reseal(signed, replace(other, sha256=seal(other)))
    said = run(capsys, "verify", "--week-ending", "2022-07-22", "--restore", "--quiet", "--root", str(signed))
    assert (said.exit_code, "writes statistics.md otherwise than the one that published it" in said.err) == (3, True), (
        said
    )
    assert path.read_bytes() == b"as an older program wrote it\n"


def test_a_publication_that_was_cut_short_before_the_warehouse_knew_it_is_noted_by_the_next_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path / "office", {"2022-07-22/办件.csv": draw(ROWS)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    before = shutil.copytree(root / "data/warehouse", tmp_path / "before")
    assert sign(root, capsys, "--issue", "24", "--serial", "399")[0] == 0
    shutil.rmtree(root / "data/warehouse")
    before.rename(root / "data/warehouse")
    assert prove(root, capsys)[0] == 0
    query = ("query", "select count(*) as n from published_figures", "--json", "--root", str(root))
    assert json.loads(run(capsys, *query).out) == [{"n": 3}]


def test_weeks_that_were_published_while_the_clock_was_fast_are_proved(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (published,) = read_publications(Project(signed))
    fast = replace(published, published_at="2099-01-01T09:00:00.000000+08:00")
    reseal(signed, replace(fast, sha256=seal(fast)))
    write_raw(signed, {"2022-07-29/办件.csv": draw("case | type | accepted\n4 | 行政许可 | 2022-07-26")})
    assert run(capsys, "weekly", "--week-ending", "2022-07-29", "--quiet", "--root", str(signed)).exit_code == 0
    assert sign(signed, capsys, week="2022-07-29")[0] == 0
    for week in ("2022-07-22", "2022-07-29"):
        said = run(capsys, "verify", "--week-ending", week, "--quiet", "--root", str(signed))
        assert said.exit_code == 0, said


def test_a_week_is_proved_under_the_classification_on_record_when_it_was_published_whatever_later_lines_say_of_their_time(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project(signed)
    other = project.profile.classification.replace("行政许可", "别的许可")
    assert other != project.profile.classification
    long_ago = datetime(2001, 1, 1, tzinfo=SHANGHAI)
    append_receipts(project, [Classified(long_ago, "sichuan", ClassificationChange(date.min, other))])
    assert prove(signed, capsys)[0] == 0


def test_a_source_file_whose_content_changed_though_size_and_time_did_not_is_named(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = signed / "data/raw/2022-07-22/办件.csv"
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_text(path.read_text(encoding="utf-8").replace("2022-07-18", "2022-07-19"), encoding="utf-8")
    os.utime(path, ns=times)
    code, said = prove(signed, capsys)
    assert (code, said.split(":")[0]) == (3, "data/raw/2022-07-22/办件.csv")
    said_by = run(capsys, "rebuild", "--quiet", "--root", str(signed))
    assert (said_by.exit_code, "was loaded and has since changed or disappeared" in said_by.err) == (3, True)


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
        [
            "✗ 公共服务受理: written 11, should be 1",
            "7 places checked, 6 right",
            "compared with what was published",
        ],
    )
    other_week = signed / "稿.txt"
    other_week.write_text(text.replace("7月22日", "7月21日"), encoding="utf-8")
    said = run(capsys, "verify", str(other_week), "--root", str(signed))
    assert (said.exit_code, said.out.splitlines()[0]) == (
        4,
        "✗ 统计区间: written 2022-01-01—2022-07-21, should be 一个通报周的年初至周末，如至 2022-07-22",
    )
    assert run(capsys, "verify", str(signed / "没有.docx"), "--root", str(signed)).exit_code == 3


def test_an_edited_section_of_a_published_week_is_held_against_what_was_published(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_raw(signed, {"2022-07-29/补报.csv": draw("case | type | accepted\n9 | 行政许可 | 2022-07-02")})
    assert run(capsys, *WEEK, "--root", str(signed)).exit_code == 0
    path = signed / "稿.txt"
    text = (signed / "reports/2022-07-22/published/statistics.txt").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    said = run(capsys, "verify", str(path), "--root", str(signed))
    assert (said.exit_code, said.out.splitlines()) == (
        0,
        [
            "7 places checked, 7 right",
            "compared with what was published",
            "changed since: 行政许可 受理: published 2, today 3",
        ],
    )
    path.write_text(text.replace("受理2件", "受理3件"), encoding="utf-8")
    assert run(capsys, "verify", str(path), "--root", str(signed)).out.startswith(
        "✗ 行政许可受理: written 3, should be 2\n"
    )


def test_an_edited_section_is_held_against_its_own_numbers_too(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = signed / "稿.txt"
    text = (signed / "reports/2022-07-22/published/statistics.txt").read_text(encoding="utf-8")
    path.write_text(f"{text}\n本周办结5160件，其中按时办结4879件，按时办结率85.25%。\n", encoding="utf-8")
    said = run(capsys, "verify", str(path), "--root", str(signed))
    assert said.exit_code == 4
    assert said.out.splitlines()[-2:] == [
        "✗ paragraph 2, 按时办结率: written 85.25%, the text gives 94.55%（4879件/5160件）",
        "  本周办结5160件,其中按时办结4879件,按时办结率85.25%",
    ]


def test_no_writable_copy_of_the_forms_stays_outside_what_is_published(
    signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = signed / "reports/2022-07-22"
    forms = [path for path in (folder / "published").iterdir() if path.is_file() and path.name != "publication.json"]
    assert len(forms) == 8
    outside = [folder / path.name for path in forms]
    assert {oct(path.stat().st_mode)[-3:] for path in outside} == {"444"}
    assert [path.read_bytes() for path in outside] == [path.read_bytes() for path in forms]
    outside[0].chmod(0o644)
    outside[0].write_bytes(b"changed by hand")
    assert run(capsys, *WEEK, "--root", str(signed)).exit_code == 0
    assert (outside[0].read_bytes(), oct(outside[0].stat().st_mode)[-3:]) == (forms[0].read_bytes(), "444")
