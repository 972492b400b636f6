"""What keeps the warehouse file as it was built: its digest, the versions it replaced, logs that others leave beside it."""

import shutil
from datetime import datetime
from pathlib import Path

from flows.domain.calendar import SHANGHAI, now
from flows.domain.text import Progress, Text
from flows.engine.opening import find_storage
from flows.engine.protocols import Storage
from flows.root.files import append_text, make_folder, put_file, sync
from flows.root.project import Project


def find_warehouse(project: Project) -> Storage:
    """Where the warehouse of a root lies, and what runs it."""
    settings = project.settings
    return find_storage(project.warehouse, threads=settings.threads, memory_limit=settings.memory_limit)


def record_built(project: Project, digest: str) -> None:
    """Note the digest of the warehouse about to be swapped in: whatever else is later found in its place, others changed.

    Only ever appended to, so that a run killed between this and its swap leaves the older file known, too.
    """
    append_text(project.built_digests, f"{digest}\n")


def is_as_built(project: Project) -> bool:
    """Whether the warehouse is what a run swapped in. Without the record of it nothing proves that."""
    if not project.built_digests.exists():
        return False
    return find_warehouse(project).digest() in project.built_digests.read_text(encoding="utf-8")


def has_foreign_log(project: Project) -> bool:
    return _log(project).exists()


def set_foreign_log_aside(project: Project, progress: Progress) -> None:
    """A reader that opened the warehouse for writing may have left a log, which every later reader would stumble over."""
    if not has_foreign_log(project):
        return
    log = _log(project)
    kept = log.with_name(f"{log.name}.foreign-{now():%Y%m%d%H%M%S}")
    log.rename(kept)
    sync(kept.parent)
    progress.step(
        Text(
            "a program had opened the warehouse for writing; its log was moved to {file}, no data is affected",
            file=kept.name,
        )
    )


def keep_replaced(project: Project) -> None:
    """Keep the file about to be replaced as kept/<time it was built>/warehouse.duckdb, its own name, which its views remember.

    A link costs nothing, and killed before the swap it does no harm: the next run finds it in its place.
    """
    source = project.warehouse
    if not project.settings.keep_files or not source.exists() or not is_as_built(project):
        return
    built_at = datetime.fromtimestamp(source.stat().st_mtime, SHANGHAI)
    target = project.kept / f"{built_at:%Y%m%dT%H%M%S.%f}" / source.name
    if target.exists():
        return
    make_folder(target.parent)
    try:
        target.hardlink_to(source)
        sync(target.parent)
    except OSError:  # a file system without links
        copy = target.with_name(f".{target.name}.part")
        shutil.copy2(source, copy)
        put_file(copy, target)


def forget_oldest(project: Project) -> None:
    """Keep no more versions than the setting says. Who reads an older one goes on doing so."""
    folders = sorted(project.kept.glob("*"), reverse=True)
    for folder in folders[project.settings.keep_files :]:
        shutil.rmtree(folder)


def _log(project: Project) -> Path:
    return project.warehouse.with_name(project.warehouse.name + ".wal")
