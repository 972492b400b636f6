"""Files and folders, each written whole or not at all, and synced before the caller goes on.

A new name lasts only once its folder is synced, too.
"""

import errno
import fcntl
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from flows.domain.calendar import now


def keep_private() -> None:
    """From here on, new files and folders of this process are the user's own, for his group to read, for nobody else."""
    os.umask(os.umask(0o777) | 0o027)


def close_folder(folder: Path) -> None:
    """Make a folder if it is missing, and take what others may do with it, and with what it holds, away."""
    make_folder(folder)
    folder.chmod(stat.S_IRWXU)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o750)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to a new name; who may not read it may not read the copy."""
    with source.open("rb") as read:
        mode = stat.S_IMODE(os.fstat(read.fileno()).st_mode) & 0o666 | stat.S_IRUSR | stat.S_IWUSR
        target.unlink(missing_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as written:
            shutil.copyfileobj(read, written)


def write_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write `contents` (name, or path below the folder → bytes). A reader, even after a power cut, sees the old file or the new one."""
    targets = {folder / name: content for name, content in contents.items()}
    folders = sorted({folder, *(target.parent for target in targets)})
    for each in folders:
        make_folder(each)
    drafts = {target: target.with_name(f".{target.name}.part") for target in targets}
    try:
        for target, content in targets.items():
            with _naming(drafts[target]), drafts[target].open("wb") as file:
                file.write(content)
            sync(drafts[target])
        for target, draft in drafts.items():
            draft.replace(target)
    except BaseException:
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        raise
    for each in folders:
        sync(each)


def holds_files(folder: Path, contents: Mapping[str, bytes]) -> bool:
    """Whether each of `contents` (as of write_files) is there, as it is."""
    return all(
        (folder / name).is_file() and (folder / name).read_bytes() == content for name, content in contents.items()
    )


def put_file(draft: Path, target: Path) -> None:
    """Rename a complete file to its place, replacing what is there."""
    sync(draft)
    draft.replace(target)
    sync(target.parent)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A draft for the block to write, which then takes the place of `path`; if the block fails, all is as it was.

    What is no file, such as /dev/stdout, is written itself.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        yield path
        return
    draft = target.with_name(f".bulletin-{os.getpid()}.part")
    try:
        yield draft
        put_file(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def put_folder(draft: Path, target: Path, *, is_replacing: bool = False) -> None:
    """Rename a complete folder to its place, after syncing everything in it.

    Raises:
        OSError: `target` is a folder that is not empty, and `is_replacing` is false.
    """
    for folder, _, names in os.walk(draft):
        for name in names:
            sync(Path(folder, name))
        sync(Path(folder))
    old = target.with_name(f".{target.name}.old")
    if is_replacing:
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
    try:
        draft.rename(target)
    except OSError:
        if is_replacing and old.exists():
            old.rename(target)
        raise
    sync(target.parent)
    if is_replacing:
        shutil.rmtree(old, ignore_errors=True)


def append_text(path: Path, text: str) -> None:
    """Append whole lines, one command at a time: lines are never mixed, lost or torn.

    What a power cut has torn off is set aside first. If writing fails, none of the lines is there.
    """
    is_new = not path.exists()
    make_folder(path.parent)
    with _naming(path), path.open("ab", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _mend_end(path)
        size = os.fstat(file.fileno()).st_size
        try:
            left = memoryview(text.encode())
            while left:  # a write to a full disk may be partial
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                file.truncate(size)
            raise
    if is_new:
        sync(path.parent)


def split_torn(content: bytes) -> tuple[bytes, bytes]:
    """Lines of JSON, and what a crash left of the last one: its command had not returned, so that line was never written."""
    whole = content[: content.rfind(b"\n") + 1]
    last = content[len(whole) :]
    try:
        json.loads(last)
    except ValueError:
        return whole, last
    return content, b""


def make_folder(folder: Path) -> None:
    """Make a folder and its missing parents, and sync them."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def sync(path: Path) -> None:
    """Sync the content of a file, or the names in a folder, to the disk.

    Some shared folders do not support this for folders; there it does nothing.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with _naming(path):
            os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def _mend_end(path: Path) -> None:
    """A last line without its end gets one; a torn one goes into a file beside. To be called under the lock on the file."""
    content = path.read_bytes()
    whole, torn = split_torn(content)
    if torn.strip():
        aside = path.with_name(f".{path.name}.torn-{now():%Y%m%d%H%M%S%f}")
        write_files(path.parent, {aside.name: torn})
    if torn:
        os.truncate(path, len(whole))
        sync(path)
    if whole and not whole.endswith(b"\n"):
        with path.open("ab", buffering=0) as file:
            file.write(b"\n")


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """The system does not say of which file it could not write a part; the user shall know."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
