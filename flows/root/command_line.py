"""How a command of this program is typed: by a user in this place, or by whoever reads a page."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.domain.text import quote, type_commands, typing_commands
from flows.root.project import Project, implied_root


def type_here(project: Project | None) -> None:
    """From here on, in this context, commands are shown for the working folder and the variables of this process.

    Paths are short, and --root is left out where BULLETIN_ROOT, or the checkout of the program, says the same.
    """
    root = "" if project is None or project.root == implied_root() else quote(shorten(project.root))
    type_commands(_find_program(shorten), root)


def type_anywhere(project: Project) -> None:
    """From here on, in this context, commands are shown for any folder of this machine."""
    type_commands(_find_program(str), quote(str(project.root)))


@contextmanager
def typing_anywhere(project: Project) -> Iterator[None]:
    """As `type_anywhere`, for a while, as a page needs it."""
    with typing_commands(_find_program(str), quote(str(project.root))):
        yield


def shorten(path: Path) -> str:
    """Relative to the working directory, if that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)


def _find_program(write: Callable[[Path], str]) -> str:
    """`bulletin` where the shell finds this one, else its path; without an installed command, this Python with the module."""
    python = Path(sys.executable)
    installed = python.with_name("bulletin")
    if not installed.is_file():
        return f"{quote(write(python))} -m flows.cli"
    found = shutil.which("bulletin")
    if found and Path(found).resolve() == installed.resolve():
        return "bulletin"
    return quote(write(installed))
