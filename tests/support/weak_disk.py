"""A disk that refuses the n-th call, or loses power before the n-th syncing: a command is run upon it in a process of its own.

`python tests/support/weak_disk.py SCENE SCRATCH SAMPLE COMMAND …` prints a line of JSON for the undisturbed run of each command, and for
SAMPLE disturbed ones of each kind, spread evenly (0: one for each call): what the command said, and what there is when it and the
weekly run have been run again. The kinds are

refuse  a call is refused
cut     a power cut takes what was not synced, names and contents
names   a power cut takes contents that were not synced, and leaves their names
"""

import builtins
import errno
import io
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from a_root import read_receipts, write_raw
from drawing import draw

FRIDAY, BEFORE = "2022-07-22", "2022-07-15"
WEEKLY = ("weekly", "--week-ending", FRIDAY)
COMMANDS = {
    "receive": ("receive", "{root}/../再报.csv", "{root}/../补报.csv", "--cut-off", FRIDAY),
    "weekly": WEEKLY,
    "publish": (
        *("publish", "--week-ending", BEFORE, "--by", "林晓", "--checked-by", "周宁", "--unsigned"),
        *("--issue", "23", "--serial", "398"),
    ),
    "withdraw": ("withdraw", "2022-07-08", "--reason", "退回"),
    "rebuild": ("rebuild",),
    "rerun": ("rerun", "--from", "2022-07-11", "--to", BEFORE),
}
_REFUSALS = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EMFILE)
_WRITING = os.O_WRONLY | os.O_RDWR


@dataclass(frozen=True)
class Left:
    """What a root tells in the end, but for what the clock decides."""

    content_hash: str
    raw: list[str]
    receipts: list[str]
    published: list[str]


@dataclass(frozen=True)
class Outcome:
    """`call` is the refused or the lost one; `again` the exit codes of the command and of the weekly run that followed it.

    `then` is what there was before those two, `left` what there is behind them.
    """

    kind: str
    command: str
    number: int
    call: str
    exit_code: int
    err: str
    then: Left
    again: list[int]
    left: Left
    lost: list[str]


class Refusals:
    """Counts calls that write below a folder, and refuses one of them."""

    def __init__(self, root: Path, number: int) -> None:
        self._root, self._number, self._lock = str(root), number, Lock()
        self.calls: list[str] = []

    def pass_by(self, name: str, *places: object, is_named: bool = True) -> None:
        """Raise if it is the turn of this call; a call upon an open file does not name it."""
        paths = [os.fsdecode(place) for place in places if isinstance(place, str | bytes | os.PathLike)]
        if not any(Path(path).absolute().is_relative_to(self._root) for path in paths):
            return
        with self._lock:
            self.calls.append(f"{name} {Path(paths[-1]).name}")
            if len(self.calls) != self._number:
                return
        refusal = _REFUSALS[self._number % (2 if name in ("write", "fsync", "sendfile") else 4)]
        raise OSError(refusal, os.strerror(refusal), *(paths[:1] if is_named else ()))

    def install(self, patched: pytest.MonkeyPatch) -> None:
        for name in ("rename", "replace", "link", "mkdir", "truncate", "chmod"):
            patched.setattr(os, name, self._guard(name, getattr(os, name)))
        for name in ("fsync", "sendfile", "write"):
            patched.setattr(os, name, self._guard_descriptor(name, getattr(os, name)))
        open_file, open_descriptor = io.open, os.open
        refusals = self

        class Raw(io.FileIO):
            def write(self, content: Any, /) -> int:
                refusals.pass_by("write", self.name, is_named=False)
                return super().write(content) or 0

        def open_guarded(
            file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, errors: Any = None,
            newline: Any = None, closefd: bool = True, opener: Any = None,
        ) -> Any:  # fmt: skip
            if isinstance(file, int) or not set("wax+") & set(mode):
                return open_file(file, mode, buffering, encoding, errors, newline, closefd, opener)
            self.pass_by("open", file)
            raw = Raw(os.fsdecode(file), mode.translate({ord("b"): None, ord("t"): None}), opener=opener)
            if buffering == 0:
                return raw
            buffer: Any = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
            return buffer if "b" in mode else io.TextIOWrapper(buffer, encoding, errors, newline)

        def open_descriptor_guarded(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            self.pass_by("open", path)
            return open_descriptor(path, flags, mode, dir_fd=dir_fd)

        patched.setattr(io, "open", open_guarded)
        patched.setattr(builtins, "open", open_guarded)
        patched.setattr(os, "open", open_descriptor_guarded)

    def _guard(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*arguments: Any, **named: Any) -> Any:
            self.pass_by(name, *arguments)
            return call(*arguments, **named)

        return guarded

    def _guard_descriptor(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(descriptor: int, *arguments: Any) -> Any:
            self.pass_by(name, Path(f"/proc/self/fd/{descriptor}").readlink(), is_named=False)
            return call(descriptor, *arguments)

        return guarded


class Cuts:
    """Keeps what is on the disk, by the number of each file (inode): contents as they were synced, names as their folder was."""

    def __init__(self, root: Path, scratch: Path, number: int) -> None:
        self._root, self._number = root, number
        self._kept = scratch / "kept"
        self._kept.mkdir()
        self._contents: dict[int, bytes] = {}
        self._names: dict[int, dict[str, int]] = {}
        self._lock = Lock()
        self.calls: list[str] = []
        self.target = scratch / "cut"
        for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
            self._keep(folder)
            for path in folder.iterdir():
                if path.is_file():
                    self._keep(path)

    def install(self, patched: pytest.MonkeyPatch, *, names_last: bool) -> None:
        sync, make = os.fsync, os.mkdir

        def sync_and_keep(descriptor: int) -> None:
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            if path.is_relative_to(self._root):
                with self._lock:
                    self.calls.append(f"fsync {path.name}")
                    if len(self.calls) == self._number:
                        self.cut(names_last=names_last)
                    self._keep(path)
            sync(descriptor)

        def make_and_forget(path: Any, *arguments: Any, **named: Any) -> None:
            make(path, *arguments, **named)
            self._names.pop(Path(path).stat().st_ino, None)  # the number of a folder that is gone may come again

        patched.setattr(os, "fsync", sync_and_keep)
        patched.setattr(os, "mkdir", make_and_forget)

    def cut(self, *, names_last: bool) -> None:
        """Write what a power cut now would leave."""
        if names_last:
            shutil.copytree(self._root, self.target, copy_function=self._write_synced)
        else:
            self._write_folder(self._root.stat().st_ino, self.target)

    def _keep(self, path: Path) -> None:
        number = path.stat().st_ino
        if path.is_dir():
            self._names[number] = {each.name: each.stat().st_ino for each in path.iterdir()}
            return
        self._contents[number] = path.read_bytes()
        if not (self._kept / str(number)).exists():
            os.link(path, self._kept / str(number))  # so that no other file gets its number

    def _write_folder(self, number: int, target: Path) -> None:
        target.mkdir()
        folders = {path.stat().st_ino for path in self._root.rglob("*") if path.is_dir()} | set(self._names)
        for name, each in self._names.get(number, {}).items():
            if each in folders and each not in self._contents:
                self._write_folder(each, target / name)
            else:
                (target / name).write_bytes(self._contents.get(each, b""))

    def _write_synced(self, source: str, target: str) -> None:
        Path(target).write_bytes(self._contents.get(Path(source).stat().st_ino, b""))


def run(root: Path, words: tuple[str, ...]) -> tuple[int, str]:
    """The exit code of a command, and what it said of errors; 1 with a traceback."""
    from flows.cli.main import main

    err = io.StringIO()
    with redirect_stdout(io.StringIO()), redirect_stderr(err):
        try:
            code = main(["--lang", "en", *(word.format(root=root) for word in words), "--quiet", "--root", str(root)])
        except BaseException:
            traceback.print_exc()
            code = 1
    return code, err.getvalue()


def make_scene(folder: Path) -> None:
    """A root with two loaded weeks and one that waits, and two files to be received."""
    root = folder / "root"
    assert run(root, ("init",)) == (0, "")
    write_raw(root, {"2022-07-08/一.csv": _draw_rows(1), f"{BEFORE}/二.csv": _draw_rows(2)})
    assert run(root, ("weekly", "--week-ending", BEFORE)) == (0, "")
    write_raw(root, {f"{FRIDAY}/三.csv": _draw_rows(3)})
    (folder / "再报.csv").write_text(_draw_rows(4), encoding="utf-8")
    (folder / "补报.csv").write_text(_draw_rows(5), encoding="utf-8")


def _draw_rows(number: int) -> str:
    return draw(
        f"""case | type | accepted | completed | department
        {number}1 | 行政许可 | 2022-07-0{number} | 2022-07-{5 + 3 * number:02} | 甲厅
        {number}2 | 公共服务 | 2022-07-0{number} | | 乙厅"""
    )


def describe(root: Path) -> Left:
    import hashlib

    from flows.jobs.steps import read_content_hash
    from flows.root.project import Project
    from flows.warehouse.reading import list_publications

    project = Project(root)
    whole = []
    for each in list_publications(project):
        folder = project.published_folder(each.week_end)
        digests = {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for name in each.forms
            if (folder / name).is_file()
        }
        whole.append(f"{each.week_ending} {'whole' if digests == each.forms else 'damaged'}")
    raw = [path.relative_to(project.raw).as_posix() for path in project.raw.rglob("*") if path.is_file()]
    return Left(
        content_hash=read_content_hash(project),
        raw=sorted(name for name in raw if not name.startswith(".")),
        receipts=sorted(
            {f"{r['action']} {r['file']}" for r in read_receipts(root) if r["action"] not in ("rules", "calendar")}
        ),
        published=whole,
    )


def try_one(kind: str, command: str, scene: Path, scratch: Path, number: int) -> Outcome:
    """Number 0: undisturbed, `call` is then how many calls and syncings there are; of a power cut a number behind the last syncing:
    when the command has said that it is done.
    """
    root = scratch / "root"
    shutil.copytree(scene, scratch, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patched:
        disk: Refusals | Cuts
        if kind == "refuse":
            disk = Refusals(root, number)
            disk.install(patched)
        else:
            disk = Cuts(root, scratch, number)
            disk.install(patched, names_last=kind == "names")
        code, err = run(root, COMMANDS[command])
    lost: list[str] = []
    if isinstance(disk, Cuts) and number:
        if number > len(disk.calls):
            disk.cut(names_last=kind == "names")
            lost = find_lost(root, disk.target)
        shutil.rmtree(root)
        disk.target.rename(root)
        (root / "data/warehouse/warehouse.duckdb").chmod(0o444)
    then = describe(root)
    again = [run(root, COMMANDS[command]), run(root, WEEKLY)]
    syncings = sum(call.startswith("fsync ") for call in disk.calls)
    call = disk.calls[number - 1] if 0 < number <= len(disk.calls) else f"{len(disk.calls)} {syncings}"
    errs = [f"{code}: {said}" for code, said in again if code not in (0, 3)]
    return Outcome(
        kind, command, number, call, code, err + "".join(errs), then, [each for each, _ in again], describe(root), lost
    )


def find_lost(root: Path, cut: Path) -> list[str]:
    """Files that were there when the command had ended, and are not, or not so, after the cut."""
    files = [path for path in root.rglob("*") if path.is_file() and not path.name.endswith("lock")]
    return sorted(
        str(path.relative_to(root))
        for path in files
        if not (cut / path.relative_to(root)).is_file()
        or (cut / path.relative_to(root)).read_bytes() != path.read_bytes()
    )


def fork(kind: str, command: str, scene: Path, scratch: Path, number: int) -> dict[str, Any]:
    """In a process of its own: each begins with what this one has imported, and ends with its threads."""
    folder = scratch / f"{kind}-{command}-{number}"
    folder.mkdir(parents=True)
    child = os.fork()
    if child == 0:
        try:
            told = asdict(try_one(kind, command, scene, folder, number))
        except BaseException:
            told = {"kind": kind, "command": command, "number": number, "failure": traceback.format_exc()}
        (folder / "outcome.json").write_text(json.dumps(told), encoding="utf-8")
        os._exit(0)
    os.waitpid(child, 0)
    outcome: dict[str, Any] = json.loads((folder / "outcome.json").read_text(encoding="utf-8"))
    shutil.rmtree(folder)
    return outcome


def say(outcome: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(outcome) + "\n")
    sys.stdout.flush()


def spread(last: int, sample: int) -> list[int]:
    """As many numbers from 1 through `last`, spread evenly; all of them where `sample` is `last`."""
    return [(place * 2 + 1) * last // (sample * 2) + 1 for place in range(sample)]


def main(scene: Path, scratch: Path, sample: int, commands: list[str]) -> None:
    import great_expectations  # noqa: F401  (once, for all that follow)

    for command in commands:
        undisturbed = fork("refuse", command, scene, scratch, 0)
        say(undisturbed)
        calls, syncings = map(int, undisturbed["call"].split())
        for number in spread(calls, sample or calls):
            say(fork("refuse", command, scene, scratch, number))
        for number in [*spread(syncings, (sample or syncings + 1) - 1), syncings + 1]:
            say(fork("cut", command, scene, scratch, number))
        for number in spread(syncings, sample or syncings):
            say(fork("names", command, scene, scratch, number))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
