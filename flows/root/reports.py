"""The folders of weeks in reports/, and which of them have a report."""

import contextlib
from datetime import date
from pathlib import Path

from flows.root.project import Project

REPORT = "statistics.json"  # present in every report


def find_weeks(project: Project) -> list[tuple[date, Path]]:
    """The folders of weeks, oldest first; anything else in reports/ is ignored."""
    found = []
    for path in sorted(project.reports.glob("????-??-??")):
        with contextlib.suppress(ValueError):
            found.append((date.fromisoformat(path.name), path))
    return found


def find_reports(project: Project) -> dict[date, Path]:
    """Week end → statistics.json of the weeks that have a report, oldest first."""
    return {end: folder / REPORT for end, folder in find_weeks(project) if (folder / REPORT).is_file()}
