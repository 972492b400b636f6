"""Drawn tables: a text table becomes a delivered file, deliveries become a warehouse, by the production code alone."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.domain.cases import Counts, Window
from flows.domain.figures import Statistics
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.domain.text import Text
from flows.engine.opening import open_engine
from flows.engine.protocols import Engine
from flows.figures import section
from flows.figures.counts import count_in_window
from flows.root.deliveries import find_files, name_deliveries
from flows.root.project import Project
from flows.warehouse.copies import build_aside, load_deliveries
from flows.warehouse.fold import fold_cut_off
from flows.warehouse.plan import Plan, plan_run
from flows.warehouse.reference import store_calendar, store_classification, store_tolerances
from flows.warehouse.swap import swap_in

HEADERS = {
    "case": "办件编号",
    "type": "事项类型",
    "code": "实施编码",
    "department": "实施主体",
    "area": "行政区划",
    "accepted": "受理时间",
    "due": "承诺办结时间",
    "completed": "办结时间",
    "result": "办结结果",
    "status": "办件状态",
    "updated": "更新时间",
}
PROVINCE = "510000"
FRIDAY = "2022-07-22"


class Silent:
    """Tells nobody what is being done."""

    def step(self, text: Text) -> None:
        """Nobody waits."""

    def detail(self, text: Text) -> None:
        """Nobody waits."""


def draw(table: str) -> str:
    """A drawn table as CSV. One that tells acceptance but neither area nor item code is of the province."""
    rows = [[cell.strip(" ") for cell in line.split("|")] for line in table.strip().splitlines()]
    names = rows[0]
    if "accepted" in names and not {"area", "code"} & set(names):
        rows = [[*names, "area"], *([*row, PROVINCE] for row in rows[1:])]
    return write_csv([HEADERS.get(name, name) for name in rows[0]], rows[1:])


def write_csv(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def deliver(root: Path, files: Mapping[str, str]) -> Project:
    """Write text files below data/raw: `2022-07-22` is a file in that folder, `2022-07-22/许可.csv` a file by its name."""
    project = Project(root)
    project.raw.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = project.raw / name if "/" in name else project.raw / name / "办件.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return project


@contextmanager
def fold_in_memory(files: Mapping[str, str]) -> Iterator[Engine]:
    """A warehouse in memory of the given files, all of them known at once."""
    with TemporaryDirectory() as folder, open_engine(has_schema=True) as engine:
        project = deliver(Path(folder), files)
        store_classification(engine, project.profile)
        store_tolerances(engine, project.profile)
        store_calendar(engine, PROGRAM_CALENDAR)
        for _ in fold_steps(engine, project):
            pass
        yield engine


def fold_steps(engine: Engine, project: Project) -> Iterator[date]:
    """Fold what lies below data/raw into an empty warehouse; gives each cut-off when it is done."""
    found = find_files(project)
    names = name_deliveries(found, [], [])
    for cut_off, files in groupby(found, key=lambda file: file.cut_off):
        fold_cut_off(engine, project.profile, cut_off, list(files), names, Silent())
        yield cut_off


def update_warehouse(project: Project, *, from_scratch: bool = False) -> bool:
    """What a run does with the warehouse file, without the checks; whether there was anything to do."""
    plan = plan_run(project, Silent(), from_scratch=from_scratch)
    if plan.has_changes:
        build_warehouse(project, plan)
    return plan.has_changes


def build_warehouse(project: Project, plan: Plan) -> None:
    with build_aside(project, plan) as build:
        load_deliveries(build, Silent())
        swap_in(build, Silent())


def year_to_date(tables: str | Mapping[str, str], end: str = FRIDAY) -> dict[str, Counts]:
    """The year-to-date counts of drawn deliveries; groups without a case are left out. One table is delivered on `end`."""
    with fold_in_memory(_draw_all(tables, end)) as engine:
        return count_days(engine, PROGRAM_CALENDAR.week_ending(date.fromisoformat(end)).year_to_date)


def bulletin(tables: str | Mapping[str, str], end: str = FRIDAY) -> Statistics:
    """All figures of the week ending on `end`."""
    with fold_in_memory(_draw_all(tables, end)) as engine:
        return section.compute_figures(
            engine, Project(Path()).profile, PROGRAM_CALENDAR.week_ending(date.fromisoformat(end))
        )


def newest_cases(tables: str | Mapping[str, str], *columns: str) -> list[tuple[object, ...]]:
    """The chosen columns of the view `cases`, by case number."""
    with fold_in_memory(_draw_all(tables, FRIDAY)) as engine:
        rows = sorted(engine.read("cases").dicts(), key=lambda row: str(row["case_no"]))
        return [tuple(row[column] for column in columns) for row in rows]


def count_days(engine: Engine, window: Window) -> dict[str, Counts]:
    """The counts of a window; groups without a case are left out."""
    return nonzero(count_in_window(engine, window))


def nonzero(counts: Mapping[str, Counts]) -> dict[str, Counts]:
    return {group: count for group, count in counts.items() if count != Counts()}


def _draw_all(tables: str | Mapping[str, str], end: str) -> dict[str, str]:
    drawn = {end: tables} if isinstance(tables, str) else tables
    return {name: draw(table) for name, table in drawn.items()}
