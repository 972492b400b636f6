"""Duplicates 副本: what no recount gives again of a published week, a second time, byte for byte, in data/duplicates/<week ending>/.

Forms, lists of cases and classification have none: they are counted again from the frozen files. Nothing is believed for lying here:
a duplicate is proved as its original is.
"""

from collections.abc import Set
from datetime import date
from pathlib import Path

from flows.root.files import write_files
from flows.root.project import Project
from flows.root.publications import FILE
from flows.root.signatures import FILE as SIGNATURES
from flows.root.signatures import PROOF
from flows.root.signers import RECORD
from flows.root.timestamps import ANSWER, REQUEST

TIMESTAMP = (f"{PROOF}/{REQUEST}", f"{PROOF}/{ANSWER}")
NAMES = (FILE, f"{PROOF}/{SIGNATURES}", f"{PROOF}/{RECORD}", *TIMESTAMP)


def keep_duplicates(project: Project) -> None:
    """Write what is missing among the duplicates of all published weeks. To be called under the lock."""
    for folder in project.reports.glob("*/published"):
        _keep(folder, project.duplicates / folder.parent.name)


def keep_duplicate(project: Project, week_end: date, replacing: Set[str] = frozenset()) -> list[Path]:
    """Write what is missing of the duplicate of a week, and of `replacing` what is other there; returns what was written."""
    return _keep(project.published_folder(week_end), project.duplicate_folder(week_end), replacing)


def find_other(project: Project, week_end: date) -> list[Path]:
    """What of a week is not twice the same: the duplicate, or where only that is left, what it is one of."""
    folder, duplicate = project.published_folder(week_end), project.duplicate_folder(week_end)
    other = [name for name in NAMES if (duplicate / name).is_file() and not _is_same(folder, duplicate, name)]
    return [(duplicate if _is_file(folder / name) else folder) / name for name in other]


def _keep(folder: Path, duplicate: Path, replacing: Set[str] = frozenset()) -> list[Path]:
    wanted = [
        name for name in NAMES if _is_file(folder / name) and (name in replacing or not _is_file(duplicate / name))
    ]
    contents = {name: (folder / name).read_bytes() for name in wanted if not _is_same(folder, duplicate, name)}
    if contents:
        write_files(duplicate, contents)
    for name in contents:
        (duplicate / name).chmod(0o444)
    return [duplicate / name for name in contents]


def _is_file(path: Path) -> bool:
    """What a power cut or a hand has emptied is none."""
    return path.is_file() and path.stat().st_size > 0


def _is_same(folder: Path, duplicate: Path, name: str) -> bool:
    first, second = folder / name, duplicate / name
    return _is_file(first) and _is_file(second) and first.read_bytes() == second.read_bytes()
