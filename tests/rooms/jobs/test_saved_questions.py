"""The saved questions: what each answers on a drawn week, for all and for one group or department; and those of one's own."""

from datetime import date
from pathlib import Path

import pytest
from a_root import write_raw
from drawing import draw, update_warehouse

from flows.domain.text import BadInput, WrongUsage
from flows.jobs.query import ask
from flows.jobs.questions import bind, list_questions, list_weeks
from flows.root.project import Project, open_project

CASES = """
case | type     | accepted   | due        | completed  | department
1    | 行政许可 | 2022-07-18 | 2022-07-19 | 2022-07-19 | 甲局
2    | 行政许可 | 2022-07-19 | 2022-07-21 |            | 甲局
3    | 公共服务 | 2022-07-13 | 2022-07-20 | 2022-07-21 | 乙局
4    | 公共服务 | 2022-07-20 | 2022-07-29 | 2022-07-21 | 乙局
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = write_raw(tmp_path_factory.mktemp("office"), {"2022-07-22/办件.csv": draw(CASES)})
    update_warehouse(open_project(root))
    return open_project(root)


def answer(project: Project, name: str, **given: str) -> list[tuple[object, ...]]:
    (question,) = (each for each in list_questions(project) if each.name == name)
    with ask(project, question.select, 20, bind(question, {"week": "2022-07-22"} | given)) as found:
        return list(found.rows)


@pytest.mark.parametrize(
    ("name", "given", "rows"),
    [
        ("1_section", {}, [("行政许可", 2, 1, 0), ("公共服务", 2, 2, 0), ("其它九类行权", 0, 0, 0)]),
        ("2_weeks", {}, [(date(2022, 7, 15), 1, 0), (date(2022, 7, 22), 3, 3)]),
        ("2_weeks", {"week": "2022-07-15"}, [(date(2022, 7, 15), 1, 0)]),
        ("2_weeks", {"group": "licence"}, [(date(2022, 7, 22), 2, 1)]),
        ("3_departments", {}, [("乙局", 2, 2), ("甲局", 2, 1)]),
        ("3_departments", {"week": "2022-07-18"}, [("乙局", 1, 0), ("甲局", 1, 0)]),
        ("3_departments", {"department": "甲局"}, [("甲局", 2, 1)]),
        ("3_departments", {"department": "甲局' or '1' = '1"}, []),
        ("4_on_time", {}, [("乙局", 2, 50.0, 3.5), ("甲局", 1, 100.0, 1.0)]),
        ("4_on_time", {"group": "public_service", "department": "甲局"}, []),
        ("5_open_cases", {}, [("甲局", 1, 1, date(2022, 7, 19))]),
        (
            "5_open_cases",
            {"week": "2022-07-19"},
            [("乙局", 1, 0, date(2022, 7, 13)), ("甲局", 1, 0, date(2022, 7, 19))],
        ),
        ("6_days_of_the_week", {"group": "licence"}, [(date(2022, 7, 18), 1, 0), (date(2022, 7, 19), 1, 1)]),
        ("6_days_of_the_week", {"week": "2022-07-18", "department": "乙局"}, [(date(2022, 7, 13), 1, 0)]),
    ],
)
def test_a_saved_question_counts_what_it_says(
    project: Project, name: str, given: dict[str, str], rows: list[tuple[object, ...]]
) -> None:
    assert answer(project, f"questions/{name}", **given)[: len(rows) or 1] == rows


def test_every_saved_question_has_words_in_both_languages(project: Project) -> None:
    assert [each.name for each in list_questions(project) if each.words.zh == each.words.en] == []


def test_a_question_of_one_s_own_is_a_file_of_the_root(project: Project) -> None:
    project.questions.mkdir()
    own = project.questions / "数.sql"
    own.write_text("-- zh: 多少件\n-- en: how many\nselect count(*) from cases where group_key = $group", "utf-8")
    assert answer(project, "own/数", group="licence") == [(2,)]
    assert [(each.words.zh, each.parameters) for each in list_questions(project)][-1] == ("多少件", ("group",))
    own.write_text("select $path", "utf-8")
    with pytest.raises(BadInput, match=r"unknown parameter \$path\. A saved question may have \$week, \$group, \$dep"):
        list_questions(project)
    own.unlink()


@pytest.mark.parametrize("day", ["", "22.07.2022", "2022-02-30", "2022-07-22') --"])
def test_a_week_is_a_day(project: Project, day: str) -> None:
    with pytest.raises(WrongUsage, match=r"is not a day\. Give the last day of the week, such as 2022-07-22\."):
        answer(project, "questions/1_section", week=day)


def test_the_weeks_to_choose_from_are_those_with_a_report_newest_first(tmp_path: Path) -> None:
    for name in ("2022-07-15", "2022-07-22", "2022-07-01_2022-07-08"):
        (tmp_path / "reports" / name).mkdir(parents=True)
    assert list_weeks(Project(tmp_path)) == [date(2022, 7, 22), date(2022, 7, 15)]
