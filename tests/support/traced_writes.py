"""What a power cut would take: calls to the system as they were made, and which files and names were in the cache alone."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

_TRACED = (
    "openat,write,pwrite64,writev,sendfile,copy_file_range,ftruncate,fsync,fdatasync,?mkdir,mkdirat,?rename,renameat,renameat2,"
    "?link,linkat"
)
_NAMING = (str, bytes, os.PathLike)
_WRITES = os.O_WRONLY | os.O_RDWR
_FIRST_ARGUMENT = re.compile(r"\d+<([^>]*)>")
_NAMES = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Call:
    """`kind` is written, named (a new name, of whatever it is), renamed (to `target`), synced or said (to the user)."""

    kind: str
    path: str
    target: str = ""


def find_lost(calls: Iterable[Call], before: Iterable[Path] = ()) -> list[str]:
    """What of the calls, up to the first word to the user, a power cut would undo, and what was renamed too early.

    Names in `before` were on the disk already; what is gone by now was not meant to last.
    """
    known = {str(path) for path in before}
    contents: set[str] = set()
    names: set[str] = set()
    early: list[str] = []
    for call in calls:
        path = call.path
        if call.kind == "said":
            break
        if call.kind == "written":
            contents.add(path)
            if path.endswith("/receipts.jsonl"):
                early += [f"{name} after its receipt" for name in sorted(contents | names) if "/data/raw/20" in name]
        elif call.kind == "named" and path not in known:
            names.add(path)
            known.add(path)
        elif call.kind == "synced":
            contents.discard(path)
            names = {name for name in names if str(PurePosixPath(name).parent) != path}
        elif call.kind == "renamed":
            below = {name for name in contents | names if name.startswith(f"{path}/")} | (contents & {path})
            early += [f"{name} after its renaming" for name in sorted(below)]
            contents, names = ({_move(each, call) for each in kept} for kept in (contents, names))
            names.add(call.target)
            known.add(call.target)
    left = [f"content of {each}" for each in sorted(contents)] + [f"name of {each}" for each in sorted(names)]
    return early + [each for each in left if os.path.lexists(each.partition(" of ")[2])]


@contextmanager
def recording(root: Path) -> Iterator[list[Call]]:
    """The calls of this process below a folder, but for what a library in C does; a file counts as written when it is opened."""
    calls: list[Call] = []
    is_over = False  # a hook stays for as long as the process
    sync = os.fsync

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if not is_over and event in ("open", "os.mkdir", "os.rename", "os.link"):
            paths = [str(Path(os.fsdecode(a)).absolute()) for a in arguments[:2] if isinstance(a, _NAMING)]
            if paths:
                calls.extend(_read_event(event, paths, arguments[-1]))

    def sync_and_note(descriptor: int) -> None:
        sync(descriptor)
        calls.append(Call("synced", str(Path(f"/proc/self/fd/{descriptor}").readlink())))

    sys.addaudithook(note)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", sync_and_note)
        yield calls
    is_over = True
    calls[:] = [call for call in calls if _is_below(root, call)]


def trace(root: Path, command: Sequence[str | Path]) -> list[Call]:
    """The calls of a command and all its threads below a folder, as the system saw them, and when it first said something."""
    log = root.with_name(f"{root.name}.trace")
    words = ["strace", "-f", "--seccomp-bpf", "-y", "-qq", "-s", "0", "-e", f"trace={_TRACED}", "-e", "signal=none"]
    subprocess.run([*words, "-o", str(log), *command], check=True, capture_output=True, timeout=300)
    calls = [call for line in _join_lines(log.read_text(encoding="utf-8")) for call in _read_line(line)]
    return [call for call in calls if call.kind == "said" or _is_below(root, call)]


def _is_below(root: Path, call: Call) -> bool:
    return Path(call.path).is_relative_to(root)


def _move(name: str, call: Call) -> str:
    return call.target + name.removeprefix(call.path) if name.startswith(f"{call.path}/") or name == call.path else name


def _read_event(event: str, paths: list[str], last: object) -> Iterator[Call]:
    if event == "os.rename":
        yield Call("renamed", *paths)
    elif event in ("os.mkdir", "os.link"):
        yield Call("named", paths[-1])
    elif isinstance(last, int) and last & _WRITES:
        yield Call("written", paths[0])
        yield Call("named", paths[0])


def _join_lines(log: str) -> Iterator[str]:
    """A call that another thread broke in upon counts when it ended."""
    begun: dict[str, str] = {}
    for line in log.splitlines():
        thread, call = line.split(maxsplit=1)
        if call.endswith("<unfinished ...>"):
            begun[thread] = call.removesuffix("<unfinished ...>")
        elif resumed := re.match(r"<\.\.\. \w+ resumed>", call):
            yield begun.pop(thread) + call[resumed.end() :]
        else:
            yield call


def _read_line(line: str) -> Iterator[Call]:
    name, _, rest = line.partition("(")
    arguments, _, result = rest.rpartition(" = ")
    if result.startswith("-1"):
        return
    files, names = [_unescape(each) for each in _FIRST_ARGUMENT.findall(arguments)], _NAMES.findall(arguments)
    if name in ("fsync", "fdatasync"):
        yield Call("synced", files[0])
    elif name == "openat" and "O_CREAT" in arguments:
        yield Call("named", _unescape(names[0]))
    elif name in ("write", "pwrite64", "writev", "sendfile", "ftruncate", "copy_file_range"):
        is_said = arguments.startswith("1<")
        yield Call("said" if is_said else "written", files[-1] if name == "copy_file_range" else files[0])
    elif name.startswith("rename"):
        yield Call("renamed", *(_unescape(each) for each in names))
    elif name.startswith(("mkdir", "link")):
        yield Call("named", _unescape(names[-1]))


def _unescape(text: str) -> str:
    return text.encode().decode("unicode_escape").encode("latin-1").decode()
