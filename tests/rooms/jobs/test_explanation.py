"""A figure taken apart: its parts always add up, and each change since the week before has one cause."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from a_root import run
from drawing import Silent, build_warehouse, deliver, draw, update_warehouse
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fold import Script, lay_out, scripts

from flows.domain.calendar import week_ending
from flows.domain.cases import MEASURES, Group, Question, Week
from flows.domain.figures import Explanation
from flows.domain.profile import load_profile
from flows.domain.text import NothingToDo, WrongUsage
from flows.figures.counts import count_in_window, find_newest_day
from flows.jobs import explain
from flows.jobs.explain import read_words
from flows.root.project import Project
from flows.warehouse.plan import plan_withdrawal
from flows.warehouse.reading import open_read_only

WEEK = week_ending(date(2022, 7, 22))
PRESENT = Question()
BEFORE, NOW = "2022-07-15", "2022-07-22"


def take_apart(project: Project, words: str, question: Question = PRESENT, week: Week = WEEK) -> Explanation:
    group, measure = read_words(words.split(), project.profile)
    with explain.explain(project, group, measure, week.end, question, Silent()) as explained:
        return explained.explanation


def list_changes(project: Project, words: str) -> list[tuple[object, ...]]:
    group, measure = read_words(words.split(), project.profile)
    with explain.explain(project, group, measure, WEEK.end, Question(), Silent()) as explained:
        return [tuple(row.values()) for row in explained.list_changes()]


def load(root: Path, tables: Mapping[str, str]) -> Project:
    project = deliver(root, {name: draw(table) for name, table in tables.items()})
    update_warehouse(project)
    return project


def causes(explained: Explanation) -> dict[str, int]:
    return {part.name[0]: part.cases for part in explained.causes}


ROWS_BEFORE = """
    case | type    | area   | accepted   | result
    1    | 行政许可 | 510000 | 2022-07-01 |
    2    | 行政许可 | 510000 | 2022-07-01 |
    3    | 公共服务 | 510000 | 2022-07-01 |
    4    | 行政许可 | 510100 | 2022-07-01 |
    5    | 行政许可 | 510000 | 2021-07-01 |
    6    | 行政许可 | 510000 | 2022-07-01 | 作废
    7    | 行政许可 | 510000 | 2022-07-01 |
    """
ROWS_NOW = """
    case | type    | area   | accepted   | result
    2    | 行政许可 | 510000 | 2022-07-01 | 作废
    3    | 行政许可 | 510000 | 2022-07-01 |
    4    | 行政许可 | 510000 | 2022-07-01 |
    5    | 行政许可 | 510000 | 2022-07-02 |
    6    | 行政许可 | 510000 | 2022-07-01 |
    7    | 行政许可 | 510000 | 2021-07-01 |
    8    | 行政许可 | 510000 | 2022-07-20 |
    9    | 行政许可 | 510000 | 2022-07-08 |
    """


def test_each_case_gained_or_lost_since_the_week_before_has_one_cause(tmp_path: Path) -> None:
    project = load(tmp_path, {BEFORE: ROWS_BEFORE, NOW: ROWS_NOW})
    assert list_changes(project, "行政许可 受理") == [
        ("5", "corrected", 1),
        ("7", "corrected", -1),
        ("9", "late", 1),
        ("4", "moved", 1),
        ("8", "new", 1),
        ("6", "restored", 1),
        ("3", "retyped", 1),
        ("2", "voided", -1),
    ]
    explained = take_apart(project, "licence accepted")
    assert (explained.cases_before, explained.cases) == (3, 7)


def test_a_completion_told_for_the_first_time_is_new_or_late_by_its_day(tmp_path: Path) -> None:
    accepted = "case | type | accepted\n1 | 行政许可 | 2022-07-01\n2 | 行政许可 | 2022-07-01"
    project = load(tmp_path, {BEFORE: accepted, NOW: "case | completed\n1 | 2022-07-19\n2 | 2022-07-14"})
    assert list_changes(project, "行政许可 办结") == [("2", "late", 1), ("1", "new", 1)]


def test_a_figure_is_the_sum_of_its_files_departments_months_and_years(tmp_path: Path) -> None:
    first = """
        case | type    | department | accepted   | completed
        1    | 行政许可 | 交通厅      | 2021-12-01 | 2022-01-05
        2    | 行政许可 | 民政厅      | 2022-02-01 | 2022-02-05
        3    | 行政许可 | 民政厅      | 2022-02-01 |
        """
    project = load(tmp_path, {BEFORE: first, NOW: "case | completed\n3 | 2022-07-20"})
    explained = take_apart(project, "办结 行政许可")
    assert explained.cases == 3
    assert [(*part.name, part.cases) for part in explained.files] == [
        ("2022-07-15", "2022-07-15/办件.csv", "", 2),
        ("2022-07-22", "2022-07-22/办件.csv", "", 1),
    ]
    assert [(*part.name, part.cases) for part in explained.departments] == [("交通厅", 1), ("民政厅", 2)]
    assert [(*part.name, part.cases) for part in explained.months] == [
        ("2022-01-01", 1),
        ("2022-02-01", 1),
        ("2022-07-01", 1),
    ]
    assert [(*part.name, part.cases) for part in explained.acceptance_years] == [("2021", 1), ("2022", 2)]


def test_at_the_turn_of_the_year_the_figure_before_is_nothing(tmp_path: Path) -> None:
    project = load(
        tmp_path, {"2022-01-07": "case | type | accepted\n1 | 行政许可 | 2021-12-30\n2 | 行政许可 | 2022-01-04"}
    )
    explained = take_apart(project, "licence accepted", week=week_ending(date(2022, 1, 7)))
    assert (explained.cases_before, explained.cases, causes(explained)) == (0, 1, {"new": 1})


# ---------------------------------------------------------------- what was known when


@pytest.fixture
def told_late(tmp_path: Path) -> Project:
    """Two weeks loaded one after the other; then a file of the first week turns up."""
    project = load(tmp_path, {BEFORE: "case | type | accepted\n1 | 行政许可 | 2022-07-01"})
    load(tmp_path, {NOW: "case | type | accepted\n2 | 行政许可 | 2022-07-20"})
    load(tmp_path, {f"{BEFORE}/迟到.csv": "case | type | accepted\n3 | 行政许可 | 2022-07-02"})
    return project


def test_a_delivery_that_came_late_changes_the_week_before_and_is_told_as_late(told_late: Project) -> None:
    explained = take_apart(told_late, "行政许可 受理")
    assert (explained.cases_before, explained.cases, causes(explained)) == (1, 3, {"late": 1, "new": 1})


def test_a_delivery_that_was_withdrawn_since_is_told_as_withdrawn(told_late: Project) -> None:
    build_warehouse(told_late, plan_withdrawal(told_late, BEFORE, "误报", Silent()))
    explained = take_apart(told_late, "行政许可 受理")
    assert (explained.cases_before, explained.cases) == (1, 2)
    assert causes(explained) == {"late": 1, "new": 1, "withdrawn": -1}


def test_rules_that_changed_since_are_told_apart_from_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "case | type | accepted | result\n1 | 行政许可 | 2022-07-01 | 出证\n2 | 行政许可 | 2022-07-01 | 办结"
    project = load(tmp_path, {BEFORE: rows})
    present = load_profile("sichuan")
    changed = present.with_classification(present.classification.replace('"作废"', '"作废","出证"'))
    monkeypatch.setattr("flows.project.load_profile", lambda _name: changed)
    load(tmp_path, {NOW: "case | type | accepted\n3 | 行政许可 | 2022-07-20"})
    explained = take_apart(project, "行政许可 受理")
    assert (explained.cases_before, explained.cases, causes(explained)) == (2, 2, {"new": 1, "rules": -1})


def test_as_of_a_cut_off_no_later_delivery_is_known(told_late: Project) -> None:
    question = Question(as_of=date(2022, 7, 15))
    explained = take_apart(told_late, "行政许可 受理", question, week=week_ending(date(2022, 7, 15)))
    assert (explained.cases, explained.window.end) == (2, date(2022, 7, 15))
    assert take_apart(told_late, "行政许可 受理").cases == 3


def test_known_on_a_day_only_what_had_been_received_counts(tmp_path: Path) -> None:
    project = load(
        tmp_path,
        {
            f"{BEFORE}/a/办件.csv": "case | type | accepted\n1 | 行政许可 | 2022-07-01",
            f"{NOW}/b/办件.csv": "case | type | accepted\n2 | 行政许可 | 2022-07-20",
        },
    )
    late = project.raw / BEFORE / "c"
    late.mkdir()
    for folder, day in ((project.raw / BEFORE / "a", 18), (project.raw / NOW / "b", 25), (late, 29)):
        (folder / "delivery.toml").write_text(f"received_on = 2022-07-{day}\n", encoding="utf-8")
    load(tmp_path, {f"{BEFORE}/c/迟到.csv": "case | type | accepted\n3 | 行政许可 | 2022-07-02"})
    known = {
        day: take_apart(project, "行政许可 受理", Question(known_on=date(2022, 7, day))).cases
        for day in (18, 25, 28, 29)
    }
    assert known == {18: 1, 25: 2, 28: 2, 29: 3}
    with pytest.raises(NothingToDo, match="No file had been received by 2022-07-17"):
        take_apart(project, "行政许可 受理", Question(known_on=date(2022, 7, 17)))


# ---------------------------------------------------------------- laws


@settings(max_examples=6)
@given(scripts())
def test_the_parts_of_every_figure_add_up_and_the_figure_before_is_the_ledgers(script: Script) -> None:
    with TemporaryDirectory() as folder:
        project = deliver(Path(folder), lay_out(script))
        update_warehouse(project)
        with open_read_only(project) as engine:
            before = count_in_window(engine, week_ending(WEEK.previous_end).year_to_date, WEEK.previous_end)
            if find_newest_day(engine, WEEK.year_to_date) is None:
                return
        for group in (*(group.value for group in Group), "unclassified", "out_of_scope"):
            for measure in MEASURES:
                explained = take_apart(project, f"{group} {measure}")
                assert explained.cases_before == getattr(before[group], measure)
                assert sum(part.cases for part in explained.causes) <= explained.cases


@settings(max_examples=5)
@given(scripts(min_files=2), st.lists(st.integers(0, 2), min_size=4, max_size=4), st.booleans())
def test_the_parts_add_up_however_late_deliveries_came_and_whatever_was_withdrawn(
    script: Script, arrivals: list[int], is_one_withdrawn: bool
) -> None:
    arriving = list(zip(script, arrivals, strict=False))
    with TemporaryDirectory() as folder:
        for turn in sorted({arrival for _, arrival in arriving}):
            project = deliver(Path(folder), lay_out(file for file, arrival in arriving if arrival == turn))
            update_warehouse(project)
        if is_one_withdrawn:
            gone = script[0].name[:10]
            build_warehouse(project, plan_withdrawal(project, gone, "误报", Silent()))
        with open_read_only(project) as engine:
            if find_newest_day(engine, WEEK.year_to_date) is None:
                return
        for words in ("licence accepted", "licence completed", "out_of_scope accepted"):
            explained = take_apart(project, words)
            assert explained.cases - explained.cases_before == sum(part.cases for part in explained.causes)


# ---------------------------------------------------------------- the command


def test_the_command_prints_the_parts_and_writes_the_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(tmp_path, {BEFORE: ROWS_BEFORE, NOW: ROWS_NOW})
    listing = tmp_path / "办件.csv"
    words = (
        "explain",
        "行政许可",
        "受理",
        "--week-ending",
        "2022-07-22",
        "--root",
        str(tmp_path),
        "--out",
        str(listing),
    )
    said = run(capsys, *words)
    assert (said.exit_code, said.out.splitlines()[0]) == (
        0,
        "行政许可 受理 (accepted), 2022-01-01 through 2022-07-22: 7",
    )
    assert "= since the week before (through 2022-07-15): 3 → 7" in said.out
    said = run(capsys, *words[:-2], "--changes")
    assert said.out.splitlines()[-8:][0].split() == ["+1", "5", "times", "corrected"]
    lines = listing.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 7
    assert lines[1] == "1,2022-07-01,行政许可,,,510000,2022-07-15,2022-07-15/办件.csv,,2"


def test_an_unknown_group_is_answered_with_the_known_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Project(tmp_path).raw.mkdir(parents=True)
    said = run(capsys, "explain", "许可证", "办结", "--root", str(tmp_path))
    assert (said.exit_code, said.err.split(":")[0]) == (2, "'许可证 办结'")
    with pytest.raises(WrongUsage, match="公共服务"):
        read_words(["办结", "受理"], load_profile("sichuan"))


def test_asked_as_of_a_cut_off_without_a_week_it_is_the_newest_week_covered_then(
    told_late: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    root = ("--root", str(told_late.root))
    said = run(capsys, "explain", "licence", "accepted", "--as-of", "2022-07-15", *root)
    assert said.out.splitlines()[0] == "行政许可 受理 (accepted), 2022-01-01 through 2022-07-15: 2"
    said = run(capsys, "explain", "licence", "accepted", "--as-of", "2022-07-01", *root)
    assert (said.exit_code, said.err[:51]) == (6, "The deliveries asked for hold no data of 2022 throu")
