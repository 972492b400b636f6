"""Questions that analysts write themselves: answered from the warehouse alone, never able to change or reach anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.domain.dictionary import Dictionary
from flows.domain.text import BadInput, NothingToDo
from flows.figures.dictionary import read_dictionary
from flows.report.listing import FORMS, write_listing
from flows.root.project import Project
from flows.warehouse.reading import open_read_only


@dataclass(frozen=True)
class Answer:
    """The columns of an answer, and its rows, which can be read once."""

    columns: list[str]
    rows: Iterator[tuple[Any, ...]]


def read_statement(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            zh=f"无法读取 {path}：{error}。应为 UTF-8 文本的 .sql 文件。",
            en=f"{path} cannot be read: {error}. It must be an .sql file in UTF-8.",
        ) from None


@contextmanager
def ask(project: Project, statement: str) -> Iterator[Answer]:
    """Answer one SELECT.

    Raises:
        NothingToDo: there is no warehouse yet.
        WrongUsage, BadInput: see Engine.ask.
    """
    _refuse_nothing(project)
    with open_read_only(project, is_locked_down=True) as engine:
        rows = engine.ask(statement)
        yield Answer(rows.columns, rows.tuples())


def write_answer(project: Project, statement: str, path: Path) -> None:
    """The whole answer as .csv, .xlsx, .json or .parquet."""
    if path.suffix.lower() != ".parquet":
        with ask(project, statement) as answer:
            rows = (dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
            write_listing(path, rows, answer.columns, forms=(*FORMS, ".parquet"))
        return
    from pyarrow import parquet

    _refuse_nothing(project)
    with open_read_only(project, is_locked_down=True) as engine:
        parquet.write_table(engine.ask(statement).arrow(), path)


def open_dictionary(project: Project) -> Dictionary:
    """What can be asked for."""
    _refuse_nothing(project)
    with open_read_only(project) as engine:
        return read_dictionary(engine)


def _refuse_nothing(project: Project) -> None:
    if not project.warehouse.exists():
        raise NothingToDo(
            zh=f"还没有数据仓库（{project.warehouse}）。先运行：bulletin weekly",
            en=f"There is no warehouse yet ({project.warehouse}). First run: bulletin weekly",
        )
