"""检查: how files would be read and judged, without loading them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.checks import great_expectations, judge
from flows.checks.judge import judge_deliveries
from flows.checks.waivers import decide
from flows.domain.calendar import now
from flows.domain.profile import Profile
from flows.domain.taken_for import FileTakenFor
from flows.domain.text import BadInput, Progress, legible
from flows.domain.verdicts import NO_WAIVERS, Rule, Verdict
from flows.engine.protocols import Engine
from flows.figures.verdicts import read_waivers
from flows.jobs.receive import propose
from flows.root.deliveries import RawFile, hash_file
from flows.root.project import Project
from flows.sources.export import Export, is_export, read_export
from flows.warehouse.copies import open_copy
from flows.warehouse.fold import fold_cut_off
from flows.warehouse.reading import find_newest_cut_off


@dataclass(frozen=True)
class CheckedFile:
    """One file as it would be loaded: `rows` counts its rows by fate; `types`, `quarantine` and `doubts` are rows of the warehouse."""

    path: Path
    taken_for: FileTakenFor
    rows: dict[str, int]
    types: list[dict[str, Any]]
    first_rows: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]
    doubts: list[dict[str, Any]]


@dataclass(frozen=True)
class Checked:
    """Files checked together, as one delivery of `cut_off`."""

    files: tuple[CheckedFile, ...]
    cut_off: date
    verdicts: tuple[Verdict, ...]


def list_rules(project: Project) -> list[Rule]:
    """All rules, with the tolerances in force."""
    return judge.list_rules(project.profile)


def check_files(project: Project, paths: Sequence[Path], progress: Progress) -> Checked:
    """Read files, or all exports below folders, into a temporary copy of the warehouse; the root is not changed.

    They are judged as one delivery of the cut-off that their folder, names or contents suggest. If that cut-off is not
    newer than all loaded ones, or nothing is loaded, they are judged by themselves.

    Raises:
        BadInput: a path is missing, or a file cannot be read.
    """
    found = list(dict.fromkeys(file for path in paths for file in _expand(path)))
    exports = {path: read_export(path, project.profile) for path in found}
    cut_off = _find_cut_off(project, exports)
    raw = [_describe(project, path, cut_off, found) for path in found]
    contents = dict.fromkeys((file.sha256 for file in raw), cut_off.isoformat())
    importing = great_expectations.preload()
    try:
        with open_copy(project, is_empty=find_newest_cut_off(project) >= cut_off) as engine:
            fold_cut_off(engine, project.profile, cut_off, raw, contents, progress)
            importing.join()
            files = tuple(_read_back(engine, project.profile, exports, file) for file in raw)
            judge.recount(engine)
            judgements = judge_deliveries(engine, project.profile)
            verdicts, _ = decide(judgements, read_waivers(engine), NO_WAIVERS)
            return Checked(files, cut_off, tuple(verdicts))
    finally:
        importing.join()


def _find_cut_off(project: Project, exports: Mapping[Path, Export]) -> date:
    """The cut-off of the data/raw folder that holds all the files, else what the files suggest, else today."""
    places = {p.resolve().relative_to(project.raw).parts[0] for p in exports if p.resolve().is_relative_to(project.raw)}
    try:
        return date.fromisoformat(places.pop()) if len(places) == 1 else propose(project, exports).cut_off
    except BadInput:
        return now().date()


def _expand(path: Path) -> list[Path]:
    candidates = sorted(path.rglob("*")) if path.is_dir() else [path]
    files = [
        candidate for candidate in candidates if candidate.is_file() and (candidate == path or is_export(candidate))
    ]
    if not files:
        raise BadInput("{path}: no such file, or a folder without data files. Check the path.", path=path)
    return files


def _describe(project: Project, path: Path, cut_off: date, all_paths: Sequence[Path]) -> RawFile:
    """Named as in data/raw, so that it is compared with loaded files of the same name."""
    facts, today, place = path.stat(), now().date(), path.resolve()
    is_alone = [other.name for other in all_paths].count(path.name) == 1
    name = (
        place.relative_to(project.raw).as_posix()
        if place.is_relative_to(project.raw)
        else f"{cut_off}/{path.name}"
        if is_alone
        else str(path)
    )
    return RawFile(path, legible(name), cut_off, hash_file(path), facts.st_size, facts.st_mtime_ns, today, False, False)


def _read_back(engine: Engine, profile: Profile, exports: Mapping[Path, Export], file: RawFile) -> CheckedFile:
    counts = next(row for row in engine.read("delivered_files").dicts() if row["file"] == file.name)
    return CheckedFile(
        path=file.path,
        taken_for=exports[file.path].taken_for(profile),
        rows={name: counts[f"rows_{name}"] for name in ("read", "loaded", "repeated", "quarantined", "around")},
        first_rows=[row for row in engine.read("look/first_rows").dicts() if row["file"] == file.name],
        types=[row for row in engine.read("look/types_found").dicts() if row["file"] == file.name],
        quarantine=[
            row | {"column_name": profile.written(row["column_name"])}
            for row in engine.read("quarantine").dicts()
            if row["file"] == file.name
        ],
        doubts=[row for row in engine.read("reading_doubts").dicts() if row["file"] == file.name],
    )
