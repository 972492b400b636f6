"""The page of questions: saved ones, a SELECT of one's own, and the answer as a table, a chart and files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from markupsafe import Markup

from flows.domain.text import Text
from flows.report.charts import MOST_BARS, draw_bars
from flows.report.templates import fill

Cell = str | int | float | None


@dataclass(frozen=True)
class QuestionPage:
    """What the page shows. `given`: what was asked, by the names of the form; `chart`: the columns asked for, by number.

    `questions`, `groups`: names and words; `longest`: characters of a SELECT. `rows` are the first ones of the answer;
    `has_more`: there are others. `said_limits`: what a question may take.
    """

    action: str
    questions: Sequence[tuple[str, str]]
    weeks: Sequence[str]
    groups: Sequence[tuple[str, str]]
    departments: Sequence[str]
    longest: int
    limits: Text
    given: Mapping[str, str]
    words: str = ""
    problem: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = field(default=())
    has_more: bool = False

    @property
    def chosen(self) -> str:
        return self.given["question"]

    @property
    def sql(self) -> str:
        return self.given["sql"]

    @property
    def lines(self) -> int:
        return min(max(4, self.sql.count("\n") + 1), 20)

    @property
    def said(self) -> Text:
        if self.has_more:
            return Text("only the first {rows} rows; the files have all of them", rows=len(self.rows))
        return Text("rows: {rows}", rows=len(self.rows))

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What asks the same question again."""
        return [(name, value) for name, value in self.given.items() if value and name not in ("x", "y")]

    @property
    def downloads(self) -> list[tuple[str, str]]:
        return [(form.upper(), f"{self.action}.{form}?{urlencode(self.hidden)}") for form in ("csv", "xlsx")]

    @cached_property
    def numbers(self) -> list[int]:
        """The columns that hold numbers; asked for with each cell."""
        cells = {number: [row[number] for row in self.rows] for number in range(len(self.columns))}
        return [number for number, column in cells.items() if _are_numbers(column)]

    @property
    def x(self) -> int:
        """The column of the names in the chart: the one asked for, else the first that holds no numbers."""
        others = [number for number in range(len(self.columns)) if number not in self.numbers]
        return self._choose("x", range(len(self.columns)), [*others, 0])

    @property
    def y(self) -> int:
        """The column of the values: the one asked for, else the first that holds numbers."""
        return self._choose("y", self.numbers, [number for number in self.numbers if number != self.x] or self.numbers)

    @property
    def chart(self) -> Markup | None:
        """Of answers that a chart can show: some rows, not too many, a column of numbers."""
        if not self.numbers or not 0 < len(self.rows) <= MOST_BARS:
            return None
        named = [(str(row[self.x] if row[self.x] is not None else ""), row[self.y]) for row in self.rows]
        values = [(name, value) for name, value in named if isinstance(value, int | float)]
        return Markup(draw_bars(self.columns[self.y], values))

    def _choose(self, name: str, allowed: Sequence[int], usual: Sequence[int]) -> int:
        given = self.given[name]
        return int(given) if given.isdecimal() and int(given) in allowed else usual[0]


def write_questions(page: QuestionPage) -> str:
    return fill("questions.html.j2", page=page)


def _are_numbers(cells: Sequence[Cell]) -> bool:
    found = [cell for cell in cells if cell is not None]
    return bool(found) and all(isinstance(cell, int | float) for cell in found)
