"""The folders of weeks in reports/, and which of them have a report."""

import contextlib
from datetime import date
from pathlib import Path

from flows.root.files import write_files
from flows.root.project import Project

_WRITABLE = 0o222
REPORT = "statistics.json"  # present in every report


def find_weeks(project: Project) -> list[tuple[date, Path]]:
    """The folders of weeks, oldest first; anything else in reports/ is ignored."""
    found = []
    for path in sorted(project.reports.glob("????-??-??")):
        with contextlib.suppress(ValueError):
            found.append((date.fromisoformat(path.name), path))
    return found


def seal_forms(project: Project) -> None:
    """Of each published week, make what lies outside published/ and draft/ the published forms, read-only: programs go on to find
    reports/<week>/statistics.json, and nobody sends a copy that was changed by hand. To be called under the lock.
    """
    for folder in project.reports.glob("*/published"):
        copies = [path for path in folder.glob("*") if path.is_file() and (folder.parent / path.name).is_file()]
        open_forms = [
            path for path in copies if path.stat().st_size and (folder.parent / path.name).stat().st_mode & _WRITABLE
        ]
        if open_forms:
            write_files(folder.parent, {path.name: path.read_bytes() for path in open_forms})
        for path in open_forms:
            (folder.parent / path.name).chmod(0o444)


def find_reports(project: Project) -> dict[date, Path]:
    """Week end → statistics.json of the weeks that have a report, oldest first."""
    return {end: folder / REPORT for end, folder in find_weeks(project) if (folder / REPORT).is_file()}
