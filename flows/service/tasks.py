"""Shared by the flows: steps as tasks, progress as log lines, artifacts of a run."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import Task, get_run_logger, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from pydantic import Field
from pydantic.fields import FieldInfo

from flows.domain.text import BadInput, Text, UserError
from flows.root.command_line import type_anywhere
from flows.root.project import Project, open_project
from flows.service.environment import served_root

P = ParamSpec("P")
R = TypeVar("R")
# Network shares fail at times; steps that write only their own result can be retried.
_TRIED_AGAIN = {"survey": 2, "read_figures": 2, "write_report": 2}


class WithoutTraceback(logging.Filter):
    """Log an error the user can fix as its sentence; any other exception keeps its traceback."""

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


def open_own_root(root: Path) -> Project:
    """The root of a run: of the service's runs, its own and no other.

    Raises:
        BadInput: it is another, or no root.
    """
    project, served = open_project(root), served_root()
    if served and project.root != served:
        raise BadInput("this service runs in {served} alone, not in {root}.", served=served, root=project.root)
    type_anywhere(project)
    return project


def as_task(step: Callable[P, R], /) -> Callable[P, R]:
    """A step as a task: never cached, its arguments not stored, retried if that makes sense."""
    name = step.__name__
    as_prefect = task(
        name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=_TRIED_AGAIN.get(name, 0),
        retry_delay_seconds=1,
        retry_condition_fn=_is_worth_retrying,
    )
    return as_prefect(step)


def titled(title: str) -> FieldInfo:
    """The label of a parameter in the form of the page; Prefect would use the parameter's name."""
    field: FieldInfo = Field(json_schema_extra={"title": title})
    return field


def show_markdown(key: str, path: Path, description: str) -> None:
    """Show a file as an artifact of the run."""
    create_markdown_artifact(path.read_text(encoding="utf-8"), key=key, description=description)


def show_table(key: str, rows: Sequence[Mapping[str, Any]], description: str) -> None:
    create_table_artifact([dict(row) for row in rows], key=key, description=description)


def show_links(key: str, project: Project, pages: Sequence[Path]) -> None:
    """One link for each page: of a run of the service to its own pages, whatever name it is asked by; else to the file."""
    for page in pages:
        link = f"/reports/{page.relative_to(project.reports)}" if served_root() else page.as_uri()
        create_link_artifact(link, link_text=f"{page.parent.name}/{page.name}", key=f"{key}-{page.stem}")


async def _is_worth_retrying(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """An error the user has to fix does not go away by itself."""
    return not isinstance(await state.aresult(raise_on_failure=False), UserError)
