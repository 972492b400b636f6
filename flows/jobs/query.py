"""查询: SELECTs that analysts write. They read the warehouse only and cannot change or reach anything else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.domain.dictionary import Dictionary
from flows.domain.text import BadInput
from flows.engine.protocols import Rows
from flows.figures.dictionary import read_dictionary
from flows.report.listing import FORMS, write_listing
from flows.root.files import replacing
from flows.root.project import Project, require_warehouse
from flows.warehouse.reading import open_read_only


@dataclass(frozen=True)
class Answer:
    """The columns of an answer, and its rows; the iterator can be read once."""

    columns: list[str]
    rows: Iterator[tuple[Any, ...]]


def read_statement(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            "{path} cannot be read: {error}. It must be an .sql file in UTF-8.", path=path, error=error
        ) from None


@contextmanager
def ask(
    project: Project, statement: str, seconds: float, parameters: Mapping[str, Any] | None = None
) -> Iterator[Answer]:
    """Answer one SELECT within some seconds; `parameters`: a value for each `$name` in it.

    Raises:
        NothingToDo: there is no warehouse yet.
        WrongUsage, BadInput: see Engine.ask; it takes too long, or too much memory.
    """
    with _asking(project, statement, seconds, parameters) as rows:
        yield Answer(rows.columns, rows.tuples())


def write_answer(
    project: Project, statement: str, path: Path, seconds: float, parameters: Mapping[str, Any] | None = None
) -> None:
    """The whole answer as .csv, .xlsx, .json or .parquet."""
    if path.suffix.lower() != ".parquet":
        with ask(project, statement, seconds, parameters) as answer:
            rows = (dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
            write_listing(path, rows, answer.columns, replacing, forms=(*FORMS, ".parquet"))
        return
    from pyarrow import parquet

    with _asking(project, statement, seconds, parameters) as answered:
        table = answered.arrow()
    with replacing(path) as draft:
        parquet.write_table(table, draft)


@contextmanager
def _asking(project: Project, statement: str, seconds: float, parameters: Mapping[str, Any] | None) -> Iterator[Rows]:
    require_warehouse(project)
    with open_read_only(project, is_locked_down=True) as engine:
        yield engine.ask(statement, seconds=seconds, parameters=parameters)


def open_dictionary(project: Project) -> Dictionary:
    """The tables, views and macros that can be queried.

    Raises:
        NothingToDo: there is no warehouse yet.
    """
    require_warehouse(project)
    with open_read_only(project) as engine:
        return read_dictionary(engine)
