"""A figure taken apart: its parts add up, and each change since the week before has one cause."""

import json
from datetime import date
from pathlib import Path

import pytest
from drawing import Silent, build_warehouse, deliver, draw
from told_figures import BEFORE, NOW, ROWS_BEFORE, ROWS_NOW, WEEK, load, load_with_a_late_file, take_apart

from flows.domain.calendar import now
from flows.domain.cases import Question
from flows.domain.figures import Explanation
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.domain.profile import load_profile
from flows.domain.text import NothingToDo
from flows.jobs import explain
from flows.jobs.explain import read_words
from flows.root.project import Project
from flows.warehouse.plan import plan_withdrawal


def list_changes(project: Project, words: str) -> list[tuple[object, ...]]:
    group, measure = read_words(words.split(), project.profile)
    with explain.explain(project, group, measure, WEEK.end, Question(), Silent()) as explained:
        return [tuple(row.values()) for row in explained.list_changes()]


def causes(explained: Explanation) -> dict[str, int]:
    return {part.name[0]: part.cases for part in explained.causes}


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
    explained = take_apart(project, "licence accepted", week=PROGRAM_CALENDAR.week_ending(date(2022, 1, 7)))
    assert (explained.cases_before, explained.cases, causes(explained)) == (0, 1, {"new": 1})


# ---------------------------------------------------------------- what was known when


@pytest.fixture
def told_late(tmp_path: Path) -> Project:
    return load_with_a_late_file(tmp_path)


def test_a_delivery_that_came_late_changes_the_week_before_and_is_told_as_late(told_late: Project) -> None:
    explained = take_apart(told_late, "行政许可 受理")
    assert (explained.cases_before, explained.cases, causes(explained)) == (1, 3, {"late": 1, "new": 1})


def test_the_week_before_is_what_was_loaded_before_the_next_one_though_the_clock_was_set_back_in_between(
    told_late: Project,
) -> None:
    lines = [json.loads(line) for line in told_late.receipts.read_text(encoding="utf-8").splitlines()]
    _, second, _ = dict.fromkeys(line["at"] for line in lines)
    set_back = [{**line, "at": line["at"].replace("20", "19", 1)} if line["at"] == second else line for line in lines]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in set_back)
    told_late.receipts.write_text(text, encoding="utf-8")
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
    monkeypatch.setattr("flows.root.project.load_profile", lambda *_named: changed)
    load(tmp_path, {NOW: "case | type | accepted\n3 | 行政许可 | 2022-07-20"})
    explained = take_apart(project, "行政许可 受理")
    assert (explained.cases_before, explained.cases, causes(explained)) == (2, 2, {"new": 1, "rules": -1})


def test_as_of_a_cut_off_no_later_delivery_is_known(told_late: Project) -> None:
    question = Question(as_of=date(2022, 7, 15))
    explained = take_apart(told_late, "行政许可 受理", question, week=PROGRAM_CALENDAR.week_ending(date(2022, 7, 15)))
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


def test_a_file_that_waits_to_be_loaded_was_known_on_no_day(tmp_path: Path) -> None:
    project = load(tmp_path, {BEFORE: "case | type | accepted\n1 | 行政许可 | 2022-07-01"})
    deliver(tmp_path, {NOW: draw("case | type | accepted\n2 | 行政许可 | 2022-07-20")})
    assert take_apart(project, "行政许可 受理", Question(known_on=now().date())).cases == 1
