"""The secret of the service's API: with it one may start runs and read every section. Made once, readable only by its user."""

import os
import re
import secrets
import shlex
import stat
from pathlib import Path

from flows.domain.text import BadInput, Progress, Text
from flows.root.files import put_file
from flows.root.lock import is_held
from flows.root.project import Project

_MODE, _OTHERS = 0o600, stat.S_IRWXG | stat.S_IRWXO


def provide_secret(project: Project, progress: Progress) -> str:
    """`name:password`, as Prefect expects it: the stored one, else a new one. Call it under the service's lock.

    A secret that others could read is replaced, with a warning.

    Raises:
        BadInput: the file does not hold `name:password`.
    """
    path = project.api_secret
    try:
        secret, mode = _read(path)
    except FileNotFoundError:
        return _make(path)
    if mode & _OTHERS:
        progress.step(
            Text(
                "warning: others could read {path} (mode {mode:04o}); a new secret was made, enter it in the page again",
                path=path,
                mode=mode,
            )
        )
        return _make(path)
    return secret


def find_secret(project: Project, address: str) -> str | None:
    """The secret, if the service of this root runs at this very address: it must not be sent to any other server."""
    try:
        is_own = is_held(project.service_lock) and project.api_address.read_text("utf-8") == address.rstrip("/")
        return _read(project.api_secret)[0] if is_own else None
    except (FileNotFoundError, PermissionError):  # the service of another user
        return None


def say_secret(project: Project) -> str:
    """The command that prints the secret."""
    return f"cat {shlex.quote(str(project.api_secret))}"


def _read(path: Path) -> tuple[str, int]:
    """The secret, and the mode of its file."""
    with path.open(encoding="utf-8", errors="replace") as file:
        secret, mode = file.read().strip(), stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    if not re.fullmatch("[!-~]+:[!-~]+", secret):
        remove = f"rm {shlex.quote(str(path))}"
        raise BadInput(
            "{path} must hold one line name:password (ASCII, no spaces). Correct it, or remove it and the next start "
            "makes a new one: {remove}",
            path=path,
            remove=remove,
        )
    return secret, mode


def _make(path: Path) -> str:
    """Make a new secret; its file is never readable by others, and whole or not there."""
    secret = f"bulletin:{secrets.token_urlsafe(32)}"
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)  # of a killed start
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "w", encoding="utf-8") as file:
        file.write(f"{secret}\n")
    put_file(draft, path)
    return secret
