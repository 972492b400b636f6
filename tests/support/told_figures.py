"""Figures taken apart, and two deliveries whose figures change for every cause there is."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from drawing import Silent, deliver, draw, update_warehouse

from flows.domain.cases import Question, Week
from flows.domain.figures import Explanation
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.jobs import explain
from flows.jobs.explain import read_words
from flows.root.project import Project

WEEK = PROGRAM_CALENDAR.week_ending(date(2022, 7, 22))
PRESENT = Question()
BEFORE, NOW = "2022-07-15", "2022-07-22"


def take_apart(project: Project, words: str, question: Question = PRESENT, week: Week = WEEK) -> Explanation:
    group, measure = read_words(words.split(), project.profile)
    with explain.explain(project, group, measure, week.end, question, Silent()) as explained:
        return explained.explanation


def load(root: Path, tables: Mapping[str, str]) -> Project:
    project = deliver(root, {name: draw(table) for name, table in tables.items()})
    update_warehouse(project)
    return project


def load_with_a_late_file(root: Path) -> Project:
    """Two weeks loaded one after the other; then a file of the first week turns up."""
    project = load(root, {BEFORE: "case | type | accepted\n1 | 行政许可 | 2022-07-01"})
    load(root, {NOW: "case | type | accepted\n2 | 行政许可 | 2022-07-20"})
    load(root, {f"{BEFORE}/迟到.csv": "case | type | accepted\n3 | 行政许可 | 2022-07-02"})
    return project


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
