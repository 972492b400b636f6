"""Files and folders, each written whole or not at all, and synced before the caller goes on.

A new name lasts only once its folder is synced, too.
"""

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path


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
