"""Foreign bytes read apart; where a workbook takes too much memory, with the cell that makes it so large."""

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from flows.domain.text import BadInput
from flows.sources.apart import TooLarge, find_limits, read_apart
from flows.sources.marks import find_farthest_cell

Given = ParamSpec("Given")
Result = TypeVar("Result")


def read_foreign(path: Path, read: Callable[Given, Result], /, *given: Given.args, **named: Given.kwargs) -> Result:
    """As `read_apart`.

    Raises: as `read_apart`.
    """
    try:
        return read_apart(path, read, *given, **named)
    except TooLarge:
        cell = read_apart(path, find_farthest_cell, path)
        if not cell:
            raise
    raise BadInput(
        "{path}: reading it takes more than {mebibytes} MiB of memory, the limit of a file of its size. The cell farthest from its "
        "first one is {cell}. Delete the rows and columns behind the cases, save it as .xlsx or CSV, and deliver that.",
        path=path,
        mebibytes=find_limits(path)[0] >> 20,
        cell=cell,
    )
