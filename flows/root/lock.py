"""One writer at a time: the lock on a root."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from flows.domain.calendar import now
from flows.domain.text import Locked, Progress, Text
from flows.root.files import make_folder
from flows.root.project import Project


@contextmanager
def hold_lock(
    project: Project, command: str, wait_seconds: float = 0, progress: Progress | None = None
) -> Iterator[None]:
    """Hold the right to write in this root. The operating system frees the lock of a killed run.

    While waiting, reports who holds the lock.

    Raises:
        Locked: another run still holds it after `wait_seconds`.
    """
    with hold_file(project.lock, command, wait_seconds, progress):
        yield


@contextmanager
def hold_file(path: Path, command: str, wait_seconds: float = 0, progress: Progress | None = None) -> Iterator[None]:
    """As `hold_lock`, for any lock file."""
    make_folder(path.parent)
    with path.open("a+", encoding="utf-8") as file:
        _acquire(file.fileno(), path, time.monotonic() + wait_seconds, progress)
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "command": command, "since": now().isoformat(timespec="seconds")}))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def is_held(path: Path) -> bool:
    """Whether a running process holds this lock."""
    if not path.exists():
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _acquire(descriptor: int, path: Path, deadline: float, progress: Progress | None) -> None:
    reported = None
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                _refuse_locked(path)
            holder = _describe_holder(path)
            if progress and holder.en != reported:
                reported = holder.en
                progress.step(Text("waiting for {holder} to end", holder=holder))
            time.sleep(0.2)
        else:
            return


def _refuse_locked(path: Path) -> NoReturn:
    holder = _describe_holder(path)
    raise Locked("Another run is in progress: {holder}. Wait for it to end, or add --wait SECONDS.", holder=holder)


def _describe_holder(path: Path) -> Text:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:  # the holder is about to write it, or to end
        holder = {"pid": "?", "command": "bulletin", "since": "?"}
    return Text(
        "{command} (process {process}, since {since})",
        command=holder["command"],
        process=holder["pid"],
        since=holder["since"],
    )
