"""The questions of sql/examples: each is one statement without a join, and this is what it answers."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from drawing import draw, fold_in_memory

from flows.engine.protocols import Engine
from flows.engine.query import list_queries, load_query

FIRST = """
    case | type     | department | area   | 事项名称 | 申请方式 | accepted   | due        | completed
    1    | 行政许可 | 交通厅      | 510000 | 道路运输 | 网上     | 2022-05-05 | 2022-07-11 | 2022-07-11
    2    | 行政许可 | 交通厅      | 510000 | 道路运输 | 窗口     | 2022-07-02 | 2022-07-14 | 2022-07-15
    3    | 行政许可 | 民政厅      | 510000 | 社团登记 | 网上     | 2022-07-04 | 2022-07-20 | 2022-07-06
    4    | 行政许可 | 民政厅      | 510100 | 社团登记 | 窗口     | 2022-06-01 |            |
    5    | 行政许可 | 民政厅      | 510000 | 社团登记 | 窗口     | 2022-05-09 | 2022-07-14 |
    6    | 行政许可 | 民政厅      | 510000 | 社团登记 | 窗口     | 2022-07-15 | 2022-07-22 |
"""
LATER = """
    case | type     | department | area   | 事项名称 | 申请方式 | accepted   | due        | completed
    7    | 行政许可 | 交通厅      | 510000 | 道路运输 | 网上     | 2022-06-27 |            | 2022-07-04
    8    | 行政许可 | 交通厅      | 510000 | 道路运输 | 网上     | 2022-07-20 |            |
"""
ANSWERS: dict[str, list[tuple[object, ...]]] = {
    "02_figures_as_of": [
        ("licence", "行政许可", 0, 0, 0), ("public_service", "公共服务", 0, 0, 0), ("other_power", "其它九类行权", 0, 0, 0),
        ("unclassified", "未归类", 0, 0, 0), ("out_of_scope", "省本级以外", 0, 0, 0),
    ],
    "03_departments_this_year": [("交通厅", 4, 3), ("民政厅", 3, 1)],
    "06_slow_departments": [("交通厅", 3, 10.0, 20.67), ("民政厅", 1, 2.0, 2.0)],
    "07_items_by_working_days": [("道路运输", 3, 10.0), ("社团登记", 1, 2.0)],
    "08_open_for_30_days": [("5", "民政厅", "社团登记", date(2022, 5, 9), 74, True)],
    "09_year_on_year": [("行政许可", 7, None, None, None), ("公共服务", 0, None, None, None), ("其它九类行权", 0, None, None, None)],
    "10_areas": [("510000", "四川省", 7, 4), ("510100", "成都市", 1, 0)],
    "11_channels": [("网上", 4), ("窗口", 3)],
    "12_items_with_most_cases": [("道路运输", 4, 3), ("社团登记", 3, 1)],
    "13_accepted_on_days_off": [("交通厅", 0.25), ("民政厅", 0.0)],
    "14_late_deliveries": [("2022-07-22", date(2022, 7, 1), 1, 0), ("2022-07-22", date(2022, 7, 8), 0, 1)],
    "15_age_of_open_cases": [("1: 0-5", 2), ("3: 21-60", 1)],
    "16_overdue_and_due_soon": [("民政厅", 1, 1, 2), ("交通厅", 0, 0, 1)],
}  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with fold_in_memory({"2022-07-15": draw(FIRST), "2022-07-22": draw(LATER)}) as filled:
        yield filled


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_question_of_analysts_has_this_answer(engine: Engine, name: str) -> None:
    rows = engine.ask(load_query(f"examples/{name}").select).tuples()
    assert [tuple(round(float(v), 2) if isinstance(v, float | Decimal) else v for v in row) for row in rows] == ANSWERS[
        name
    ]


def test_every_question_is_one_statement_without_a_join_and_can_be_asked(engine: Engine) -> None:
    examples = {name: load_query(name).select for name in list_queries("examples")}
    assert [name for name, select in examples.items() if " join " in select or ";" in select] == []
    assert all(engine.ask(select).columns for select in examples.values())
