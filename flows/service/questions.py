"""The page of questions, as it is asked for: a saved question or a SELECT in, a table, a chart or a file out."""

import asyncio
import shutil
import tempfile
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from flows.domain.text import Bilingual, Text, UserError, WrongUsage
from flows.jobs.questions import SavedQuestion, bind, departments_select, list_questions, list_weeks
from flows.report.question_page import QuestionPage, write_questions
from flows.root.project import Project, open_project
from flows.root.settings import preferred_language
from flows.service.asking import MOST_ROWS, Asked, Shown, answer
from flows.service.shelf import KINDS

QUERY = "/query"
DOWNLOADS = ("csv", "xlsx")
_FIELDS = ("question", "week", "group", "department", "sql", "x", "y")
_LONGEST = 6000  # characters of a SELECT: it has to fit into an address
_AT_ONCE = 2


class Questions:
    """Of one root. Few questions are answered at a time, each within the settings query_seconds and memory_limit."""

    def __init__(self, project: Project) -> None:
        self._root, self._places = project.root, asyncio.Semaphore(_AT_ONCE)
        self._departments: tuple[object, list[str]] = (None, [])
        for left in project.service.glob("answer-*"):  # by a server that was killed
            shutil.rmtree(left, ignore_errors=True)

    async def show(self, request: Request) -> Response:
        """The page, with an answer if something was asked."""
        project = await run_in_threadpool(open_project, self._root)
        given = {name: request.query_params.get(name, "") for name in _FIELDS}
        shown, words = Shown([], []), ""
        try:
            if asked := self._read(project, given):
                words, shown = asked[0], await self._answer(project, asked[1], request)
        except UserError as error:
            shown = Shown([], [], problem=str(error.text))
        return await self._write(project, given, words, shown)

    async def send(self, request: Request) -> Response:
        """The whole answer as a file; the page where there is none."""
        project = await run_in_threadpool(open_project, self._root)
        given = {name: request.query_params.get(name, "") for name in _FIELDS}
        form = request.url.path.rpartition(".")[2]
        folder = Path(tempfile.mkdtemp(prefix="answer-", dir=project.service))
        file = folder / f"answer.{form}"
        try:
            asked = self._read(project, given, str(file))
            shown = await self._answer(project, asked[1], request) if asked else Shown([], [])
        except UserError as error:
            shown = Shown([], [], problem=str(error.text))
        if file.is_file() and not shown.problem:
            clearing = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
            return FileResponse(file, media_type=KINDS[file.suffix], filename=file.name, background=clearing)
        shutil.rmtree(folder, ignore_errors=True)
        return await self._write(project, given, "", shown)

    def _read(self, project: Project, given: dict[str, str], file: str = "") -> tuple[str, Asked] | None:
        """The words of what is asked, and what a process is asked; None if nothing is."""
        language = preferred_language(project.settings)
        if given["question"]:
            question = _find_question(list_questions(project), given["question"])
            values = bind(question, given)
            return str(question.words), Asked(str(project.root), language, question.select, values, file)
        if not given["sql"].strip():
            return None
        if len(given["sql"]) > _LONGEST:
            raise WrongUsage(
                "The SELECT is longer than {most} characters. Save it as a file in {folder}; it is then a saved question.",
                most=_LONGEST,
                folder=project.questions,
            )
        return "", Asked(str(project.root), language, given["sql"], {}, file)

    async def _answer(self, project: Project, asked: Asked, request: Request) -> Shown:
        async with self._places:
            return await answer(asked, project.settings.query_seconds, _wait_until_left(request))

    async def _write(self, project: Project, given: dict[str, str], words: str, shown: Shown) -> Response:
        problem = shown.problem
        questions: list[SavedQuestion] = []
        try:
            questions = await run_in_threadpool(list_questions, project)
        except UserError as error:
            problem = problem or str(error.text)
        weeks = [day.isoformat() for day in await run_in_threadpool(list_weeks, project)]
        page = QuestionPage(
            QUERY,
            [(each.name, str(_name(each))) for each in questions],
            weeks,
            list(project.profile.group_labels.items()),
            await self._list_departments(project),
            _LONGEST,
            Text(
                "Read-only, and this warehouse alone. An answer may take {seconds} s and {memory} of memory; {rows} rows are "
                "shown, the files have all of them.",
                seconds=project.settings.query_seconds,
                memory=project.settings.memory_limit,
                rows=MOST_ROWS,
            ),
            given | {"week": given["week"] or next(iter(weeks), "")},
            words,
            problem,
            shown.columns,
            shown.rows,
            shown.has_more,
        )
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
        return HTMLResponse(await run_in_threadpool(write_questions, page), status)

    async def _list_departments(self, project: Project) -> list[str]:
        """Names to choose from, read once from each warehouse."""
        with suppress(FileNotFoundError):
            found = project.warehouse.stat()
            state = found.st_mtime_ns, found.st_ino
            if self._departments[0] != state:
                asked = Asked(str(project.root), "en", departments_select(), {})
                shown = await answer(asked, project.settings.query_seconds, asyncio.Event().wait())
                self._departments = state, [str(row[0]) for row in shown.rows]
        return self._departments[1]


def _find_question(saved: list[SavedQuestion], name: str) -> SavedQuestion:
    for question in saved:
        if question.name == name:
            return question
    raise WrongUsage(
        "There is no saved question {name}. The saved questions are: {allowed}.",
        name=name,
        allowed=[q.name for q in saved],
    )


def _name(question: SavedQuestion) -> Text:
    """Its words, and what it asks for."""
    asks = [_PARAMETERS[name] for name in question.parameters]
    return Text("{words} ({parameters})", words=question.words, parameters=asks) if asks else question.words


_PARAMETERS = {
    "week": Bilingual("周", "week"),
    "group": Bilingual("组别", "group"),
    "department": Bilingual("单位", "department"),
}


async def _wait_until_left(request: Request) -> None:
    """Until whoever asked has gone away."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
