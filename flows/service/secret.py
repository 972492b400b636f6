"""The secret of the service's API: with it one may start runs and read every section. Made once, readable only by its user."""

import os
import re
import secrets
import shlex
import stat
from pathlib import Path
from urllib.parse import urlsplit

from flows.domain.text import BadInput, Progress, Text
from flows.root.files import put_file
from flows.root.lock import is_held
from flows.root.project import Project
from flows.service.gate import LOOPBACK

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


def find_service(project: Project, address: str) -> tuple[str, str] | None:
    """The address and the secret of the service of this root, if it runs and `address` is a spelling of its own.

    The secret must not be sent to any other server: who listens at another spelling, such as `localhost`, may be another.
    """
    try:
        own = project.api_address.read_text("utf-8") if is_held(project.service_lock) else ""
        return (own, _read(project.api_secret)[0]) if own and _spell(own) == _spell(address) else None
    except (FileNotFoundError, PermissionError):  # the service of another user
        return None


def _spell(address: str) -> tuple[str, str, int | None, str]:
    """What all spellings of an address have in common."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        return parts.scheme, "127.0.0.1" if host in LOOPBACK else host, parts.port, parts.path.rstrip("/")
    except ValueError:  # no port at all
        return "", address, None, ""


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
