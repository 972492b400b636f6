"""Shared by the flows: steps as tasks, progress as log lines, artifacts of a run."""

import functools
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from prefect import Task, get_run_logger, task
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Failed
from pydantic import Field
from pydantic.fields import FieldInfo

from flows.domain.progress import Share
from flows.domain.text import BadInput, Text, UserError, say, speaking
from flows.report.templates import for_markdown
from flows.root.command_line import type_anywhere
from flows.root.project import Project, open_project
from flows.root.settings import preferred_language
from flows.service.environment import served_root

P = ParamSpec("P")
R = TypeVar("R")
_SECONDS_BETWEEN_BARS = 1
# Network shares fail at times; steps that write only their own result can be retried.
_TRIED_AGAIN = {"survey": 2, "read_figures": 2, "write_report": 2}


class WithoutTraceback(logging.Filter):
    """Say nothing of an error the user can fix: the state of its run has its sentence. Any other keeps its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], UserError))


for _name in ("prefect.flow_runs", "prefect.task_runs"):
    logging.getLogger(_name).addFilter(WithoutTraceback())


class LogProgress:
    """Log lines in the language of the run; how far it has come as an artifact, which the page shows as a bar."""

    def __init__(self) -> None:
        self._bar: UUID | None = None
        self._shown_at = 0.0

    def step(self, text: Text) -> None:
        get_run_logger().info(str(text))

    def detail(self, text: Text) -> None:
        get_run_logger().debug(str(text))
        if isinstance(text, Share):
            self._show(text)

    def _show(self, share: Share) -> None:
        if self._bar and time.monotonic() < self._shown_at + _SECONDS_BETWEEN_BARS and share.per_cent < 100:
            return
        self._shown_at = time.monotonic()
        if self._bar:
            update_progress_artifact(self._bar, share.per_cent, str(share))
        else:
            self._bar = cast(UUID, create_progress_artifact(share.per_cent, key="progress", description=str(share)))


def telling(run: Callable[P, R]) -> Callable[P, R]:
    """A flow that says in the language of its root what it does, and of an error the user can fix its sentence, once."""

    @functools.wraps(run)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        with _speaking_as(Path(str(kwargs["root"]))):
            try:
                return run(*args, **kwargs)
            except UserError as error:
                sentence = str(error.text)
                create_markdown_artifact(for_markdown(sentence), key="failure", description=type(error).__name__)
                failed: Any = Failed(message=sentence, data=error)
                return cast(R, failed)  # Prefect takes it for the end of the run, and raises its error

    return told


@contextmanager
def _speaking_as(root: Path) -> Iterator[None]:
    """A run of the service has nobody in front of it who has chosen a language."""
    if not served_root():
        yield
        return
    try:
        language = preferred_language(open_project(root).settings)
    except UserError:  # the run itself says what is wrong with its root
        language = preferred_language()
    with speaking(language):
        yield


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
    name, errors = step.__name__, list[UserError]()

    def ending(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return step(*args, **kwargs)
        except UserError as error:
            errors.append(error)
            failed: Any = Failed(message=say("it has ended the run, which says why"), data=error)
            return cast(R, failed)  # as in `telling`, but Prefect hands it to whoever has called the task

    as_prefect = task(
        name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=_TRIED_AGAIN.get(name, 0),
        retry_delay_seconds=1,
        retry_condition_fn=_is_worth_retrying,
    )(functools.wraps(step)(ending))

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        result = as_prefect(*args, **kwargs)
        if errors:
            raise errors[-1]
        return result

    return run


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
