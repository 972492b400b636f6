"""A look at files without loading them: how they would be read, what would be quarantined, what the checks say."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows import expectations
from flows.deliveries import RawFile, hash_file
from flows.engine import Engine, open_engine
from flows.exports import Export, is_export, read_export
from flows.fold import fold_cut_off, store_rules
from flows.project import Project, now
from flows.vocabulary import BadInput, Check, Progress

_DELIVERY = "check"


@dataclass(frozen=True)
class CheckedFile:
    """One file; `rows` counts what would become of its rows, `types` and `quarantine` as the warehouse would hold them."""

    path: Path
    export: Export
    rows: dict[str, int]
    types: list[dict[str, Any]]
    first_rows: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]


@dataclass(frozen=True)
class Checked:
    """What was looked at together, as one delivery of today."""

    files: tuple[CheckedFile, ...]
    checks: tuple[Check, ...]


def check_files(project: Project, paths: Sequence[Path], progress: Progress) -> Checked:
    """Read files, or all exports below folders, into memory only; no file of the root is touched.

    Raises:
        BadInput: a path is missing, or a file cannot be read.
    """
    found = [file for path in paths for file in _expand(path)]
    raw = [_describe(path) for path in dict.fromkeys(found)]
    contents = {file.sha256: _DELIVERY for file in raw}
    importing = expectations.preload()
    with open_engine() as engine:
        engine.create_schema()
        store_rules(engine, project.profile)
        fold_cut_off(engine, project.profile, now().date(), raw, contents, progress)
        importing.join()
        files = tuple(_read_back(engine, project, file) for file in raw)
        return Checked(files, tuple(expectations.judge(engine, project.profile)))


def _expand(path: Path) -> list[Path]:
    candidates = sorted(path.rglob("*")) if path.is_dir() else [path]
    files = [
        candidate for candidate in candidates if candidate.is_file() and (candidate == path or is_export(candidate))
    ]
    if not files:
        raise BadInput(
            zh=f"{path}：没有这个文件，或文件夹里没有数据文件。请检查路径。",
            en=f"{path}: there is no such file, or the folder holds no data file. Check the path.",
        )
    return files


def _describe(path: Path) -> RawFile:
    facts, today = path.stat(), now().date()
    return RawFile(path, str(path), today, hash_file(path), facts.st_size, facts.st_mtime_ns, today, False, False)


def _read_back(engine: Engine, project: Project, file: RawFile) -> CheckedFile:
    counts = next(row for row in engine.table("delivered_files") if row["file"] == file.name)
    return CheckedFile(
        path=file.path,
        export=read_export(file.path, project.profile),
        rows={name: counts[f"rows_{name}"] for name in ("read", "loaded", "repeated", "quarantined", "around")},
        first_rows=[row for row in engine.rows("core/first_rows") if row["file"] == file.name],
        types=[row for row in engine.rows("core/types_found") if row["file"] == file.name],
        quarantine=[row for row in engine.table("quarantine") if row["file"] == file.name],
    )
