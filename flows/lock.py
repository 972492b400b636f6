"""One writer at a time: the lock on a root."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from flows.project import Project, now
from flows.vocabulary import Locked


@contextmanager
def hold_lock(project: Project, command: str, wait_seconds: float = 0) -> Iterator[None]:
    """The right to write in this root. The lock is the operating system's: a killed run leaves none.

    Raises:
        Locked: another run holds it and did not finish within `wait_seconds`.
    """
    project.lock.parent.mkdir(parents=True, exist_ok=True)
    with project.lock.open("a+", encoding="utf-8") as file:
        _acquire(file.fileno(), project.lock, time.monotonic() + wait_seconds)
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "command": command, "since": now().isoformat(timespec="seconds")}))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _acquire(descriptor: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                _refuse_locked(path)
            time.sleep(0.2)
        else:
            return


def _refuse_locked(path: Path) -> NoReturn:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:  # the holder is just about to say who it is, or to leave
        holder = {"pid": "?", "command": "bulletin", "since": "?"}
    raise Locked(
        zh=f"另一个运行正在进行：{holder['command']}（进程 {holder['pid']}，自 {holder['since']} 起）。"
        "请等它结束，或加 --wait 秒数。",
        en=f"Another run is at work: {holder['command']} (process {holder['pid']}, since {holder['since']}). "
        "Wait for it, or add --wait SECONDS.",
    )
