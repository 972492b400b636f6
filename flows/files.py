"""Files and folders, each written whole or not at all, and on the disk before anything is said of them.

A name that is new or changed is on the disk only once its folder is synced, too.
"""

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def write_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Name → content. A reader sees the old file or the new one; so does whoever comes after a power cut."""
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
    """Rename a file that is complete, in place of what stood there."""
    sync(draft)
    draft.replace(target)
    sync(target.parent)


def put_folder(draft: Path, target: Path, *, is_replacing: bool = False) -> None:
    """Rename a folder that is complete; everything in it is synced before.

    Raises:
        OSError: not replacing, and there is a folder with something in it.
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
    """Add to the end of a file, in one write, so that two commands that end together do not mix their lines."""
    is_new = not path.exists()
    make_folder(path.parent)
    with path.open("ab", buffering=0) as file:
        left = memoryview(text.encode())
        while left:  # a disk that fills up takes a part of it
            left = left[file.write(left) :]
        os.fsync(file.fileno())
    if is_new:
        sync(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, where they are missing."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def sync(path: Path) -> None:
    """Return when the content of a file, or the names in a folder, would outlast a power cut.

    Some shared folders know no such call: there nothing can be waited for.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)
