"""The weekly run as a Prefect flow: the same steps, in the same order, each a recorded task."""

import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import Task, flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from flows import pipeline
from flows.gates import Decisions
from flows.project import open_project
from flows.vocabulary import CheckFailed, Text, UserError

P = ParamSpec("P")
R = TypeVar("R")

# Files on a network share come and go; a step that writes nothing but its own result may be tried again.
_TRIED_AGAIN = {"survey": 2, "read_figures": 2, "write_report": 2}


class WithoutTraceback(logging.Filter):
    """A user's mistake is logged as its sentence; any other exception keeps its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], UserError):
            record.exc_info = None
        return True


for _name in ("prefect.flow_runs", "prefect.task_runs"):
    logging.getLogger(_name).addFilter(WithoutTraceback())


class LogProgress:
    def step(self, text: Text) -> None:
        get_run_logger().info(text.en)

    def detail(self, text: Text) -> None:
        get_run_logger().debug(text.en)


def as_task(step: Callable[P, R], /) -> Callable[P, R]:
    """A step as a task: never cached, its arguments not stored, retried where that makes sense."""
    name = step.__name__
    record = task(
        name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=_TRIED_AGAIN.get(name, 0),
        retry_delay_seconds=1,
        retry_condition_fn=_is_worth_retrying,
    )
    return record(step)


@flow(name="weekly", flow_run_name="week-ending-{week_end}", persist_result=False, validate_parameters=False)
def weekly(
    root: Path,
    week_end: date | None = None,
    wait_seconds: float = 0,
    accept: dict[str, str] | None = None,
    by: str = "",
) -> pipeline.WeeklyRun:
    """`bulletin weekly` as a recorded run: takes in what waits, writes the week's report. `accept`: rule → reason."""
    project, accepting = open_project(root), Decisions(accept or {}, by)
    try:
        run = pipeline.weekly(
            project, week_end, LogProgress(), accepting=accepting, wait_seconds=wait_seconds, run=as_task
        )
    except CheckFailed:
        _show_checks(project.draft_folder(pipeline.choose_week(week_end).end))
        raise
    _show_checks(run.folder)
    return run


def _show_checks(folder: Path) -> None:
    """The page of the checks as an artifact of the run."""
    create_markdown_artifact((folder / "checks.md").read_text(encoding="utf-8"), key="checks", description=folder.name)


async def _is_worth_retrying(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """What a user has to mend does not mend itself."""
    return not isinstance(await state.aresult(raise_on_failure=False), UserError)
