"""A question of the page, answered by a process of its own: it can be ended at any moment, and takes no more than it may.

The process reads what is asked from standard input and writes the answer to standard output, both as JSON.
"""

import asyncio
import json
import os
import re
import resource
import sys
from collections.abc import Awaitable
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from flows.domain.dictionary import TookTooLong
from flows.domain.text import BadInput, UserError, speak
from flows.jobs.query import ask, write_answer
from flows.root.command_line import type_anywhere
from flows.root.files import keep_private
from flows.root.project import open_project
from flows.service.environment import environment_of_others

MOST_ROWS = 1000
_MOST_CHARACTERS, _LONGEST_CELL = 2_000_000, 2000
_GRACE_SECONDS = 10  # the engine ends most questions by itself
_UNITS = {"K": 10, "M": 20, "G": 30, "T": 40}
Cell = str | int | float | None


@dataclass(frozen=True)
class Asked:
    """What a process is asked: a SELECT, in a root, in a language; `file`: where to write all of the answer, empty: show it."""

    root: str
    language: str
    statement: str
    parameters: dict[str, str | None]
    file: str = ""


@dataclass(frozen=True)
class Shown:
    """The first rows of an answer, numbers as numbers and all else as text; `has_more`: there are others. Or the problem."""

    columns: list[str]
    rows: list[list[Cell]]
    has_more: bool = False
    problem: str = ""


async def answer(asked: Asked, seconds: float, leaving: Awaitable[object]) -> Shown:
    """Have a process answer within `seconds`; it ends at once when `leaving` is done: nobody waits for the answer."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "flows.service.asking"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment_of_others(),
        start_new_session=True,
    )
    told = asyncio.ensure_future(process.communicate(json.dumps(asdict(asked)).encode()))
    left = asyncio.ensure_future(leaving)
    try:
        limit = seconds + _GRACE_SECONDS
        done, _ = await asyncio.wait({told, left}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        if told not in done:
            return _say(TookTooLong(seconds))
        output = told.result()[0]
    finally:
        if process.returncode is None:
            process.kill()
        left.cancel()
        await asyncio.gather(told, left, return_exceptions=True)
    try:
        return Shown(**json.loads(output))
    except ValueError:  # it was ended from outside, or by the system for want of memory
        return _say(BadInput("This query cannot be answered: {error}", error=f"exit {process.returncode}"))


def main() -> None:
    keep_private()
    asked = Asked(**json.load(sys.stdin))
    speak(asked.language)
    json.dump(asdict(_answer(asked)), sys.stdout)


def _answer(asked: Asked) -> Shown:
    try:
        project = open_project(Path(asked.root))
        type_anywhere(project)
        settings = project.settings
        _take_no_more_than(settings.memory_limit)
        seconds = settings.query_seconds
        if asked.file:
            place = Path(asked.file)
            os.chdir(place.parent)  # a problem then names the file alone
            write_answer(project, asked.statement, Path(place.name), seconds, asked.parameters)
            return Shown([], [])
        with ask(project, asked.statement, seconds, asked.parameters) as found:
            rows: list[list[Cell]] = []
            characters = 0
            for row in found.rows:
                if len(rows) == MOST_ROWS or characters > _MOST_CHARACTERS:
                    return Shown(found.columns, rows, has_more=True)
                rows.append([_write(cell) for cell in row])
                characters += sum(len(cell) for cell in rows[-1] if isinstance(cell, str))
            return Shown(found.columns, rows)
    except UserError as error:
        return _say(error)
    except MemoryError:
        return _say(BadInput("This query cannot be answered: {error}", error="memory"))


def _say(error: UserError) -> Shown:
    return Shown([], [], problem=str(error.text))


def _write(value: Any) -> Cell:
    """A number that JSON has; all else as text, cut where it is longer than anybody reads in a table."""
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float):
        return value if abs(value) < float("inf") else str(value)
    text = str(value)
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"


def _take_no_more_than(memory_limit: str) -> None:
    """Of what this process holds itself: the engine's own memory, once more for the answer, and a little to live on."""
    number, unit = re.findall(r"[0-9.]+|[KMGT]", memory_limit)
    most = int(2 * float(number) * 2 ** _UNITS[unit]) + 2**30
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
