"""This project without its command: from looking at data/raw to the synced, swapped warehouse, and the figures read from it.

The libraries are imported before the clock starts, as every peer's are: that of the gates, and pandas, which DuckDB's binding loads
to look at a date it is given.
"""

import sys
from datetime import date

import pandas  # noqa: F401  (imported for its effect)
from task import START_ON, Figures, Task, perform

from flows.checks import great_expectations
from flows.cli.terminal import Silence
from flows.domain.cases import Window
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.domain.verdicts import NO_WAIVERS
from flows.figures.counts import count_in_window
from flows.jobs.steps import judge_all
from flows.root.project import open_project
from flows.warehouse.copies import build_aside, load_deliveries
from flows.warehouse.plan import plan_run
from flows.warehouse.reading import open_read_only
from flows.warehouse.swap import swap_in


def load(task: Task) -> Figures:
    project = open_project(task.store)
    plan = plan_run(project, Silence())
    with build_aside(project, plan) as build:
        load_deliveries(build, Silence())
        checks, week_checks, _ = judge_all(
            build.engine, project, PROGRAM_CALENDAR.week_ending(date.fromisoformat(task.cut_off)), NO_WAIVERS
        )
        stopping = [verdict for verdict in (*checks, *week_checks) if verdict.stops]
        if stopping:
            sys.exit(f"the checks stop this load: {stopping}")
        swap_in(build, Silence())
    return ask(task)


def ask(task: Task) -> Figures:
    cut_off = date.fromisoformat(task.cut_off)
    with open_read_only(open_project(task.store)) as engine:
        counts = count_in_window(engine, Window(date.fromisoformat(START_ON), cut_off), cut_off)
    return {
        group: [counts[group].accepted, counts[group].completed]
        for group in ("licence", "public_service", "other_power")
    }


if __name__ == "__main__":
    if sys.argv[1].startswith("load"):
        great_expectations.preload().join()
    perform(load_first=load, load_week=load, year_to_date=ask, as_of=ask)
