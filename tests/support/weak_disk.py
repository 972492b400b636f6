"""A disk that refuses the n-th call, or loses power before the n-th syncing: a command is run upon it in a process of its own.

`python tests/support/weak_disk.py SCENES SCRATCH SAMPLE COMMAND …` prints a line of JSON for the undisturbed run of each command, and for
SAMPLE disturbed ones of each kind, spread evenly (0: one for each call): what the command said, and what there is when it has been
run again, and after it the weekly run. The kinds are

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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import pytest
from a_root import read_receipts, write_raw
from drawing import draw
from signing_office import SECRET

if TYPE_CHECKING:
    from flows.root.project import Project

FRIDAY, BEFORE = "2022-07-22", "2022-07-15"
WEEKLY = ("weekly", "--week-ending", FRIDAY)
_NUMBERS = ("--issue", "23", "--serial", "398")
_SIGNERS = (("甲", "编发"), ("乙", "审核"))
_PUBLISH = ("publish", "--week-ending", BEFORE, "--by", "甲", *_NUMBERS)
_APPROVE = ("approve", "--week-ending", BEFORE, "--by", "乙")
COMMANDS = {
    "receive": ("receive", "{disk}/再报.csv", "{disk}/补报.csv", "--cut-off", FRIDAY),
    "weekly": WEEKLY,
    "publish unsigned": (*_PUBLISH, "--checked-by", "乙", "--unsigned"),
    "withdraw": ("withdraw", "2022-07-08", "--reason", "退回"),
    "rebuild": ("rebuild",),
    "rerun": ("rerun", "--from", "2022-07-11", "--to", BEFORE),
    "publish": _PUBLISH,
    "approve": _APPROVE,
    "discard": ("publish", "--week-ending", BEFORE, "--discard"),
    "restore": ("verify", "--week-ending", BEFORE, "--restore"),
    "signers": ("signers", "add", "--name", "丙", "--role", "审核", "--key", "{disk}/keys/丙.pub", "--by", "甲"),
    "first signer": ("signers", "add", "--name", "甲", "--role", "编发", "--key", "{disk}/keys/甲.pub"),
    "key": ("key", "new", "--name", "丁"),
}
# What a command begins with, where it is not an office whose keys sign: see make_scenes.
SCENES = {"approve": "proposed", "discard": "proposed", "restore": "damaged", "first signer": "keyless"}
SIGNING = "signing"
# What leaves deliveries and warehouse alone; of all others the weekly run shows that they can be gone on with.
_BESIDE = ("publish", "discard", "restore", "signers", "first signer", "key")
_REFUSALS = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EMFILE)
_WRITING = os.O_WRONLY | os.O_RDWR


@dataclass(frozen=True)
class Left:
    """What a root tells in the end, but for what the clock decides."""

    content_hash: str
    raw: list[str]
    receipts: list[str]
    published: list[str]
    duplicates: list[str]
    signers: list[str]
    keys: list[str]


@dataclass(frozen=True)
class Outcome:
    """`call` is the refused or the lost one; `again` the exit codes of the command and of the weekly run that followed.

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

    def __init__(self, disk: Path, number: int) -> None:
        self._disk, self._number, self._lock = str(disk), number, Lock()
        self.calls: list[str] = []

    def pass_by(self, name: str, *places: object, is_named: bool = True) -> None:
        """Raise if it is the turn of this call; a call upon an open file does not name it."""
        paths = [os.fsdecode(place) for place in places if isinstance(place, str | bytes | os.PathLike)]
        if not any(Path(path).absolute().is_relative_to(self._disk) for path in paths):
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

    def __init__(self, disk: Path, scratch: Path, number: int) -> None:
        self._disk, self._number = disk, number
        self._kept = scratch / "kept"
        self._kept.mkdir()
        self._contents: dict[int, bytes] = {}
        self._names: dict[int, dict[str, int]] = {}
        self._lock = Lock()
        self.calls: list[str] = []
        self.target = scratch / "cut"
        for folder in (disk, *(path for path in disk.rglob("*") if path.is_dir())):
            self._keep(folder)
            for path in folder.iterdir():
                if path.is_file():
                    self._keep(path)

    def install(self, patched: pytest.MonkeyPatch, *, names_last: bool) -> None:
        sync, make = os.fsync, os.mkdir

        def sync_and_keep(descriptor: int) -> None:
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            if path.is_relative_to(self._disk):
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
            shutil.copytree(self._disk, self.target, copy_function=self._write_synced)
        else:
            self._write_folder(self._disk.stat().st_ino, self.target)

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
        folders = {path.stat().st_ino for path in self._disk.rglob("*") if path.is_dir()} | set(self._names)
        for name, each in self._names.get(number, {}).items():
            if each in folders and each not in self._contents:
                self._write_folder(each, target / name)
            else:
                (target / name).write_bytes(self._contents.get(each, b""))

    def _write_synced(self, source: str, target: str) -> None:
        Path(target).write_bytes(self._contents.get(Path(source).stat().st_ino, b""))


def run(disk: Path, words: tuple[str, ...]) -> tuple[int, str]:
    """The exit code of a command, and what it said of errors; 1 with a traceback."""
    from flows.cli.main import main

    err = io.StringIO()
    with redirect_stdout(io.StringIO()), redirect_stderr(err):
        try:
            spoken = [word.format(disk=disk) for word in words]
            code = main(["--lang", "en", *spoken, "--quiet", "--root", str(disk / "root")])
        except SystemExit as ending:
            code = int(ending.code or 0)
        except BaseException:
            traceback.print_exc()
            code = 1
    return code, err.getvalue()


@contextmanager
def holding_keys(disk: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("BULLETIN_KEYS", str(disk / "keys"))
        patched.setenv("BULLETIN_PASSPHRASE", SECRET)
        yield


def make_scenes(folder: Path) -> None:
    """Disks with a root of two loaded weeks and one that waits, two files to be received, and the keys of an office.

    keyless   nobody may sign yet
    signing   甲 writes and 乙 checks
    proposed  甲 has signed the week before
    damaged   乙 has signed it, too, and what lies in its folder is damaged
    """
    disk = folder / "keyless"
    make_root(disk)
    with holding_keys(disk):
        for name in ("甲", "乙", "丙"):
            require_done(disk, ("key", "new", "--name", name))
    scenes: dict[str, list[tuple[str, ...]]] = {
        SIGNING: [
            ("signers", "add", "--name", name, "--role", role, "--key", f"{{disk}}/keys/{name}.pub", "--by", "甲")
            for name, role in _SIGNERS
        ],
        "proposed": [_PUBLISH],
        "damaged": [_APPROVE],
    }
    for scene, commands in scenes.items():
        disk = shutil.copytree(disk, folder / scene)
        with holding_keys(disk):
            for words in commands:
                require_done(disk, words)
    damage(disk / f"root/reports/{BEFORE}/published")


def require_done(disk: Path, words: tuple[str, ...]) -> None:
    assert run(disk, words) == (0, ""), words


def make_root(disk: Path) -> None:
    require_done(disk, ("init",))
    root = write_raw(disk / "root", {"2022-07-08/一.csv": _draw_rows(1), f"{BEFORE}/二.csv": _draw_rows(2)})
    require_done(disk, ("weekly", "--week-ending", BEFORE))
    write_raw(root, {f"{FRIDAY}/三.csv": _draw_rows(3)})
    (disk / "再报.csv").write_text(_draw_rows(4), encoding="utf-8")
    (disk / "补报.csv").write_text(_draw_rows(5), encoding="utf-8")


def damage(published: Path) -> None:
    """As a careless hand does, or a disk."""
    for name in ("publication.json", "statistics.md", "proof/signatures.json"):
        (published / name).chmod(0o644)
        (published / name).write_bytes(b"")
    (published / "statistics.txt").unlink()
    shutil.rmtree(published / "proof/cases")


def _draw_rows(number: int) -> str:
    return draw(
        f"""case | type | accepted | completed | department
        {number}1 | 行政许可 | 2022-07-0{number} | 2022-07-{5 + 3 * number:02} | 甲厅
        {number}2 | 公共服务 | 2022-07-0{number} | | 乙厅"""
    )


def describe(disk: Path) -> Left:
    """To be called where the keys of the disk are in use."""
    from flows.jobs.steps import read_content_hash
    from flows.root.project import Project

    root = disk / "root"
    project = Project(root)
    raw = [path.relative_to(project.raw).as_posix() for path in project.raw.rglob("*") if path.is_file()]
    return Left(
        content_hash=read_content_hash(project),
        raw=sorted(name for name in raw if not name.startswith(".")),
        receipts=sorted(
            {f"{r['action']} {r['file']}" for r in read_receipts(root) if r["action"] not in ("rules", "calendar")}
        ),
        published=list(_describe_published(project)),
        duplicates=sorted(
            path.relative_to(project.duplicates).as_posix() for path in project.duplicates.rglob("*.json*")
        ),
        signers=_describe_signers(project),
        keys=_describe_keys(disk / "keys"),
    )


def _describe_published(project: "Project") -> Iterator[str]:
    """Each week that is published, or waits for its checker: whether its folder is whole, and who has signed it."""
    from flows.domain.text import UserError
    from flows.root.publications import find_proposal
    from flows.root.signatures import refuse_forged
    from flows.root.signers import Role
    from flows.warehouse.reading import list_publications

    found = [(each, project.published_folder(each.week_end), list(Role)) for each in list_publications(project)]
    if waiting := find_proposal(project):
        found.append((waiting, project.proposed_folder(waiting.week_end), [Role.AUTHOR]))
    for publication, folder, roles in found:
        digests = {
            name: sha256((folder / name).read_bytes()).hexdigest()
            for name in publication.forms
            if (folder / name).is_file()
        }
        try:
            names = [each.name for each in refuse_forged(project, publication, folder, roles)]
        except UserError as error:
            names = [str(error)]
        whole = "whole" if digests == publication.forms else "damaged"
        yield f"{publication.week_ending} {folder.name} {whole} {' '.join(names)}"


def _describe_signers(project: "Project") -> list[str]:
    from flows.domain.text import UserError
    from flows.root.signers import read_signers

    try:
        return [f"{each.name} {each.role}" for each in read_signers(project)]
    except UserError as error:
        return [str(error)]


def _describe_keys(folder: Path) -> list[str]:
    """Each key, and what else of it there is."""
    trusted = (folder / "trusted").read_text(encoding="utf-8")
    keys = []
    for path in sorted(folder.glob("*.key")):
        public = path.with_suffix(".pub")
        is_whole = public.is_file() and f"{public.read_text(encoding='utf-8').strip()} {path.stem}\n" in trusted
        keys.append(f"{path.stem} {'whole' if is_whole else 'without its public half'}")
    return keys


def try_one(kind: str, command: str, scenes: Path, scratch: Path, number: int) -> Outcome:
    """Number 0: undisturbed, `call` is then how many calls and syncings there are; of a power cut a number behind the last syncing:
    when the command has said that it is done.
    """
    disk = scratch / "disk"
    shutil.copytree(scenes / SCENES.get(command, SIGNING), disk)
    with holding_keys(disk):
        return _try_on(disk, kind, command, scratch, number)


def _try_on(disk: Path, kind: str, command: str, scratch: Path, number: int) -> Outcome:
    with pytest.MonkeyPatch.context() as patched:
        weakness: Refusals | Cuts
        if kind == "refuse":
            weakness = Refusals(disk, number)
            weakness.install(patched)
        else:
            weakness = Cuts(disk, scratch, number)
            weakness.install(patched, names_last=kind == "names")
        code, err = run(disk, COMMANDS[command])
    lost: list[str] = []
    if isinstance(weakness, Cuts) and number:
        if number > len(weakness.calls):
            weakness.cut(names_last=kind == "names")
            lost = find_lost(disk, weakness.target)
        shutil.rmtree(disk)
        weakness.target.rename(disk)
        (disk / "root/data/warehouse/warehouse.duckdb").chmod(0o444)
    then = describe(disk)
    again = [run(disk, COMMANDS[command]), *([] if command in _BESIDE else [run(disk, WEEKLY)])]
    syncings = sum(call.startswith("fsync ") for call in weakness.calls)
    calls = weakness.calls
    call = calls[number - 1] if 0 < number <= len(calls) else f"{len(calls)} {syncings}"
    errs = [f"{code}: {said}" for code, said in again if code not in (0, 3, 6)]  # 6: done already
    return Outcome(
        kind, command, number, call, code, err + "".join(errs), then, [each for each, _ in again], describe(disk), lost
    )


def find_lost(disk: Path, cut: Path) -> list[str]:
    """Files that were there when the command had ended, and are not, or not so, after the cut."""
    files = [path for path in disk.rglob("*") if path.is_file() and not path.name.endswith("lock")]
    return sorted(
        str(path.relative_to(disk))
        for path in files
        if not (cut / path.relative_to(disk)).is_file()
        or (cut / path.relative_to(disk)).read_bytes() != path.read_bytes()
    )


def fork(kind: str, command: str, scenes: Path, scratch: Path, number: int) -> dict[str, Any]:
    """In a process of its own: each begins with what this one has imported, and ends with its threads."""
    folder = scratch / f"{kind}-{command}-{number}"
    folder.mkdir(parents=True)
    child = os.fork()
    if child == 0:
        try:
            told = asdict(try_one(kind, command, scenes, folder, number))
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


def main(scenes: Path, scratch: Path, sample: int, commands: list[str]) -> None:
    import great_expectations  # noqa: F401  (once, for all that follow)

    for command in commands:
        undisturbed = fork("refuse", command, scenes, scratch, 0)
        say(undisturbed)
        calls, syncings = map(int, undisturbed["call"].split())
        for number in spread(calls, sample or calls):
            say(fork("refuse", command, scenes, scratch, number))
        for number in [*spread(syncings, (sample or syncings + 1) - 1), syncings + 1]:
            say(fork("cut", command, scenes, scratch, number))
        for number in spread(syncings, sample or syncings):
            say(fork("names", command, scenes, scratch, number))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
