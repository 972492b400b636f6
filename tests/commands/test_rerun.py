"""bulletin rerun: any range of days is written again – every bulletin week that ends in it, its own figures, and what differs from print."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import lxml.html
import openpyxl
import pytest
from a_root import run, write_raw
from drawing import draw
from signed_weeks import sign

from flows.jobs.rerun import DONE

DELIVERIES = {
    "2022-07-08/办件.csv": draw(
        """case | type | accepted | completed
        0 | 行政许可 | 2021-12-30 | 2022-01-04
        1 | 行政许可 | 2022-07-01 | 2022-07-05
        2 | 行政许可 | 2022-07-06 |"""
    ),
    "2022-07-15/办件.csv": draw(
        """case | type | accepted | completed
        2 | 行政许可 | 2022-07-06 | 2022-07-14
        3 | 公共服务 | 2022-07-11 | 2022-07-11"""
    ),
    "2022-07-22/办件.csv": draw(
        """case | type | accepted | completed
        1 | 公共服务 | 2022-07-01 | 2022-07-05
        4 | 行政许可 | 2022-07-20 |"""
    ),
}
RECEIVED = {
    f"2022-07-{cut_off}/delivery.toml": f"received_on = 2022-07-{received}\n"
    for cut_off, received in (("08", 11), ("15", 18), ("22", 25))
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_raw(tmp_path, {**DELIVERIES, **RECEIVED})


def rerun(root: Path, capsys: pytest.CaptureFixture[str], start: str, end: str, *words: str) -> dict[str, Any]:
    """What range.json says, after a run that went well."""
    said = run(capsys, "rerun", "--from", start, "--to", end, *words, "--quiet", "--json", "--root", str(root))
    assert said.exit_code == 0, said.err
    told: dict[str, Any] = json.loads(said.out)
    return told


def counts(told: dict[str, Any]) -> list[tuple[int, int, int]]:
    """Accepted, completed, carried over of the three groups."""
    return [(group["accepted"], group["completed"], group["carried_over"]) for group in told["groups"]]


# ---------------------------------------------------------------- what is written


def test_a_range_counts_what_was_accepted_and_completed_in_it_both_end_days_inclusive(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = rerun(root, capsys, "2022-07-06", "2022-07-14")
    assert counts(told) == [(1, 1, 0), (1, 1, 0), (0, 0, 0)]
    assert told["text"] == (
        "据四川一体化政务服务平台数据统计，2022年7月6日至2022年7月14日，省本级行政许可事项受理1件，办结1件；"
        "公共服务事项受理1件，办结1件，其它九类行权事项受理0件，办结0件。"
    )
    days = {(row["day"], row["group"]): (row["accepted"], row["completed"]) for row in told["days"]}
    assert days == {
        ("2022-07-06", "licence"): (1, 0),
        ("2022-07-14", "licence"): (0, 1),
        ("2022-07-11", "public_service"): (1, 1),
    }
    for number, group in enumerate(("licence", "public_service")):
        own = [each for (_, name), each in days.items() if name == group]
        assert (sum(a for a, _ in own), sum(c for _, c in own)) == counts(told)[number][:2]


def test_every_bulletin_week_that_ends_in_the_range_is_written_beside_the_weekly_reports(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "weekly", "--week-ending", "2022-07-22", "--quiet", "--root", str(root)).exit_code == 0
    before = {path.name: path.read_bytes() for path in (root / "reports/2022-07-22").iterdir()}
    told = rerun(root, capsys, "2022-07-04", "2022-07-22")
    folder = root / "reports/2022-07-04_2022-07-22"
    assert [week["end"] for week in told["weeks"]] == ["2022-07-08", "2022-07-15", "2022-07-22"]
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == [week["end"] for week in told["weeks"]]
    assert {path.name: path.read_bytes() for path in (folder / "2022-07-22").iterdir()} == before
    assert {path.name: path.read_bytes() for path in (root / "reports/2022-07-22").iterdir()} == before
    assert sorted(path.name for path in folder.glob("range.*")) == [
        f"range.{form}" for form in ("html", "json", "md", "txt", "xlsx")
    ]


def test_as_of_a_cut_off_later_deliveries_are_not_in_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    everything = rerun(root, capsys, "2022-07-01", "2022-07-22")
    as_of = rerun(root, capsys, "2022-07-01", "2022-07-22", "--as-of", "2022-07-15")
    assert (counts(everything), counts(as_of)) == (
        [(2, 1, 0), (2, 2, 0), (0, 0, 0)],
        [(2, 2, 0), (1, 1, 0), (0, 0, 0)],
    )
    assert (as_of["as_of"]["cut_off"], as_of["known"]) == ("2022-07-15", "按截止不晚于 2022-07-15 的批次")


def test_known_on_a_day_files_received_later_are_not_in_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = rerun(root, capsys, "2022-07-01", "2022-07-22", "--known-on", "2022-07-18")
    assert counts(known) == [(2, 2, 0), (1, 1, 0), (0, 0, 0)]
    assert known["known"] == "按 2022-07-18 当时所知"


def test_across_a_year_end_days_are_counted_whatever_year_they_are_of(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = rerun(root, capsys, "2021-12-27", "2022-01-07")
    assert counts(told)[0] == (1, 1, 1)
    assert [week["end"] for week in told["weeks"]] == ["2021-12-31", "2022-01-07"]
    assert [week["licence"]["accepted"] for week in told["weeks"]] == [1, 0]


def test_a_range_of_one_day_has_its_figures_and_no_week(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = rerun(root, capsys, "2022-07-20", "2022-07-20")
    assert (counts(told)[0], told["weeks"]) == ((1, 0, 0), [])
    page = lxml.html.fromstring((root / "reports/2022-07-20_2022-07-20/range.html").read_bytes())
    assert "2022年7月20日至2022年7月20日" in page.text_content()


@pytest.mark.parametrize(
    ("start", "end", "code", "sentence"),
    [
        ("2022-07-22", "2022-07-01", 2, "the range is reversed"),
        ("2022-07-01", "2099-01-01", 2, "lies in the future"),
        (
            "2020-01-01",
            "2020-12-31",
            6,
            "There are no data for 2020-01-01 through 2020-12-31; the newest day is 2022-07-20",
        ),
    ],
)
def test_a_range_that_makes_no_sense_is_refused_with_a_sentence(
    start: str, end: str, code: int, sentence: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, "rerun", "--from", start, "--to", end, "--quiet", "--root", str(root))
    assert (said.exit_code, sentence in said.err) == (code, True), said.err
    assert not list((root / "reports").glob("*_*"))


# ---------------------------------------------------------------- backfill


def test_the_difference_to_what_was_published_is_told_week_by_week(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "weekly", "--week-ending", "2022-07-22", "--quiet", "--root", str(root)).exit_code == 0
    assert sign(root, capsys, "--issue", "24", "--serial", "399")[0] == 0
    write_raw(root, {"2022-07-22/迟到.csv": draw("case | type | accepted\n9 | 行政许可 | 2022-07-19")})
    assert run(capsys, "weekly", "--week-ending", "2022-07-22", "--quiet", "--root", str(root)).exit_code == 0
    said = run(capsys, "rerun", "--from", "2022-07-11", "--to", "2022-07-22", "--quiet", "--root", str(root))
    assert (
        "! 2022-07-22 differs from what was published: bulletin revisions --week-ending 2022-07-22 --root" in said.out
    )
    weeks = rerun(root, capsys, "2022-07-11", "2022-07-22")["weeks"]
    assert [week["licence"]["difference"] for week in weeks] == [None, {"accepted": 1, "completed": 0}]
    book = openpyxl.load_workbook(root / "reports/2022-07-11_2022-07-22/range.xlsx")
    rows = [tuple(cell.value for cell in row) for row in book["各期与已刊发的比较"].iter_rows(min_row=8, max_row=8)]
    assert rows == [(datetime(2022, 7, 22), "行政许可", "受理", 3, 2, 1)]


def test_a_stopped_backfill_goes_on_where_it_was_and_begins_anew_when_the_data_have_changed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("rerun", "--from", "2022-07-04", "--to", "2022-07-22", "--root", str(root))
    whole = run(capsys, *words)
    assert "3 bulletin weeks: 3 written, 0 already written, 0 failed" in whole.out
    assert next(line for line in whole.err.splitlines() if "week" in line) == "… week 1 of 3: 2022-07-08"
    folder = root / "reports/2022-07-04_2022-07-22"
    pages = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = json.loads((folder / DONE).read_text(encoding="utf-8"))
    (folder / DONE).write_text(json.dumps({**done, "weeks": done["weeks"][:1]}), encoding="utf-8")
    (folder / "2022-07-15/statistics.txt").unlink()
    resumed = run(capsys, *words)
    assert "3 bulletin weeks: 2 written, 1 already written, 0 failed" in resumed.out
    assert next(line for line in resumed.err.splitlines() if "week" in line) == "… week 2 of 3: 2022-07-15"
    assert {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()} == pages
    write_raw(root, {"2022-07-22/迟到.csv": draw("case | type | accepted\n9 | 行政许可 | 2022-07-19")})
    waiting = run(capsys, *words)
    assert "! 1 new files are not in these figures" in waiting.out
    assert run(capsys, "weekly", "--week-ending", "2022-07-22", "--quiet", "--root", str(root)).exit_code == 0
    assert "3 bulletin weeks: 3 written, 0 already written, 0 failed" in run(capsys, *words).out


def test_a_week_that_fails_does_not_stop_the_others_and_is_listed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, "rerun", "--from", "2020-12-28", "--to", "2022-07-08", "--quiet", "--root", str(root))
    assert said.exit_code == 4
    failed = [line[2:12] for line in said.out.splitlines() if line.startswith("✗")]
    assert (failed[0], failed[-1], len(failed)) == ("2020-12-31", "2021-12-24", 52)
    folder = root / "reports/2020-12-28_2022-07-08"
    assert (folder / "2021-12-31/statistics.txt").is_file()
    assert not (folder / "2021-12-24/statistics.txt").exists()
    assert "截至 2021-12-24 的一周未能出报告" in (folder / "range.md").read_text(encoding="utf-8")
    line = json.loads((root / "reports/runs.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (len(line["failed_weeks"]), line["week_endings"][0]) == (52, "2021-12-31")
