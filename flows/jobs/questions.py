"""常用查询: questions that are saved as files, for people who write no SQL: those of sql/questions, and those of the root."""

from dataclasses import dataclass
from datetime import date

from flows.domain.text import BadInput, Bilingual, Text, WrongUsage
from flows.engine.query import Query, list_queries, load_query, parse_query
from flows.jobs.query import read_statement
from flows.root.project import Project
from flows.root.reports import find_weeks

PARAMETERS = ("week", "group", "department")


@dataclass(frozen=True)
class SavedQuestion:
    """One file; `parameters` are those of PARAMETERS that its SELECT has: $week, a day; $group and $department, NULL for all."""

    name: str
    words: Text
    select: str
    parameters: tuple[str, ...]


def list_questions(project: Project) -> list[SavedQuestion]:
    """Those of the program, then those of the root's folder `questions`, each in the order of its names.

    Raises:
        BadInput: a file of the root cannot be read, or has another parameter.
    """
    saved = [_read(load_query(name)) for name in list_queries("questions")]
    for path in sorted(project.questions.glob("*.sql")):
        query = parse_query(f"own/{path.stem}", read_statement(path))
        if unknown := sorted(query.parameters - {*PARAMETERS}):
            raise BadInput(
                "{path}: unknown parameter ${name}. A saved question may have {allowed}.",
                path=path,
                name=unknown[0],
                allowed=[f"${name}" for name in PARAMETERS],
            )
        saved.append(_read(query))
    return saved


def departments_select() -> str:
    """What asks for the departments to choose from."""
    return load_query("look/department_names").select


def list_weeks(project: Project) -> list[date]:
    """The weeks that have a folder in reports/, newest first."""
    return [end for end, _ in reversed(find_weeks(project))]


def bind(question: SavedQuestion, given: dict[str, str]) -> dict[str, str | None]:
    """The value of each parameter of a question; what is empty is NULL.

    Raises:
        WrongUsage: the week is no day.
    """
    values = {name: given.get(name, "").strip() or None for name in question.parameters}
    if "week" in values:
        try:
            values["week"] = date.fromisoformat(values["week"] or "").isoformat()
        except ValueError:
            raise WrongUsage(
                "“{day}” is not a day. Give the last day of the week, such as 2022-07-22.", day=values["week"] or ""
            ) from None
    return values


def _read(query: Query) -> SavedQuestion:
    zh = query.header.get("zh", query.name.removeprefix("own/"))
    words = Bilingual(zh, query.header.get("en", zh))
    parameters = tuple(name for name in PARAMETERS if name in query.parameters)
    return SavedQuestion(query.name, words, query.select, parameters)
