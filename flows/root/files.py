"""Files and folders, each written whole or not at all, and synced before the caller goes on.

A new name lasts only once its folder is synced, too.
"""

import errno
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path


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
    """Write `contents` (name → bytes). A reader, even after a power cut, sees the old file or the new one."""
    make_folder(folder)
    drafts = {name: folder / f".{name}.part" for name in contents}
    for name, content in contents.items():
        with drafts[name].open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    for name, draft in drafts.items():
        draft.replace(folder / name)
    sync(folder)


def put_file(draft: Path, target: Path) -> None:
    """Rename a complete file to its place, replacing what is there."""
    sync(draft)
    draft.replace(target)
    sync(target.parent)


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
    draft.rename(target)
    sync(target.parent)
    if is_replacing:
        shutil.rmtree(old, ignore_errors=True)


def append_text(path: Path, text: str) -> None:
    """Append in one write, so that two commands that end together do not mix their lines."""
    is_new = not path.exists()
    make_folder(path.parent)
    with path.open("ab", buffering=0) as file:
        left = memoryview(text.encode())
        while left:  # a write to a full disk may be partial
            left = left[file.write(left) :]
        os.fsync(file.fileno())
    if is_new:
        sync(path.parent)


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
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)
