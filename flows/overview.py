"""Where a root stands, for the home page and for `status`: each week's report, what waits, what is open, what is amiss."""

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from flows.deliveries import describe_unread, find_files, find_unread
from flows.engine import Engine
from flows.journal import Entry, read_runs
from flows.project import Project, now
from flows.record import Publication, read_publications
from flows.schedule import find_missing_weeks
from flows.vocabulary import Overview, Text, UserError, WeekOverview, WeekState
from flows.warehouse import open_read_only, read_loaded

_REPORT = "statistics.json"
_RANGE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_overview(project: Project, run: Entry | None = None, *, is_strict: bool = False) -> Overview:
    """All but the figures themselves. `run` is the one that is just ending; else the journal tells of the last one.

    What cannot be read is listed among the problems: this is what people look at when something is wrong.

    Raises:
        UserError: strictly, what cannot be read.
    """
    problems: list[Text] = []
    waiting: tuple[str, ...] = ()
    weeks: list[WeekOverview] = []
    rows_open, cut_off, is_sample = 0, None, False
    try:
        weeks = _list_weeks(project, read_publications(project))
        loaded, _ = read_loaded(project)
        known = {file.sha256 for file in loaded}
        files = find_files(project, loaded)
        waiting = tuple(file.name for file in files if file.sha256 not in known)
        is_sample = any(file.is_sample for file in files)
        if project.warehouse.exists():
            with open_read_only(project) as engine:
                rows_open = engine.rows("marts/open_rows")[0]["row_count"]
                cut_off = max((file.cut_off for file in loaded), default=None)
                weeks = _mark_superseded(engine, weeks)
    except UserError as error:
        if is_strict:
            raise
        problems.append(error.text)
    problems += [describe_unread(folder) for folder in find_unread(project)]
    missing = find_missing_weeks(find_written_weeks(project), now().date())
    problems += _list_problems(run or next(iter(read_runs(project, 1)), None), weeks, missing)
    return Overview(
        scope=project.profile.scope_label,
        is_sample=is_sample,
        cut_off=cut_off,
        weeks=tuple(weeks),
        ranges=tuple(_list_ranges(project)),
        waiting=waiting,
        rows_open=rows_open,
        problems=tuple(problems),
        has_dictionary=(project.reports / "dictionary.html").is_file(),
    )


def find_written_weeks(project: Project) -> list[date]:
    """The ends of the weeks that have a report, oldest first."""
    return [end for end, folder in _find_weeks(project) if (folder / _REPORT).is_file()]


def _find_weeks(project: Project) -> list[tuple[date, Path]]:
    """The folders of weeks, oldest first; what else lies in reports/ is none of ours."""
    found = []
    for path in sorted(project.reports.glob("????-??-??")):
        with contextlib.suppress(ValueError):
            found.append((date.fromisoformat(path.name), path))
    return found


def _list_weeks(project: Project, publications: list[Publication]) -> list[WeekOverview]:
    """Newest first."""
    numbers = {each.week_end: f"第{each.issue}期（总第{each.serial}期）" for each in publications}
    return [_describe_week(project, end, folder, numbers.get(end, "")) for end, folder in _find_weeks(project)][::-1]


def _describe_week(project: Project, end: date, folder: Path, number: str) -> WeekOverview:
    places = [folder / "published", folder / "draft", folder / "revision"] if number else [folder]
    files = [path for place in places for path in sorted(place.glob("*")) if path.is_file()]
    told = (folder / "published" if number else folder) / _REPORT
    state = WeekState.PUBLISHED if number else WeekState.DRAFT if told.is_file() else WeekState.REFUSED
    names = tuple(path.relative_to(project.reports).as_posix() for path in files)
    return WeekOverview(end, state, _read_verdict(told), number, names)


def _read_verdict(path: Path) -> str:
    """passed, warned or refused, as the report says; refused where there is none that can be read."""
    try:
        checks = json.loads(path.read_text(encoding="utf-8"))["checks"]
        is_whole = all(check["passed"] or check["accepted"] for check in checks)
    except (OSError, ValueError, KeyError, TypeError):
        return "refused"
    return "passed" if is_whole else "warned"


def _mark_superseded(engine: Engine, weeks: list[WeekOverview]) -> list[WeekOverview]:
    """All in one question: one for each week would be a second in an office's sixth year."""
    changed = {row["week_ending"] for row in engine.rows("marts/changed_publications")}
    return [replace(week, state=WeekState.SUPERSEDED) if week.end in changed else week for week in weeks]


def _list_ranges(project: Project) -> list[str]:
    """Newest first."""
    found = [path.name for path in project.reports.glob("*_*") if _RANGE.fullmatch(path.name)]
    return sorted((name for name in found if (project.reports / name / "range.html").is_file()), reverse=True)


def _list_problems(last: Entry | None, weeks: list[WeekOverview], missing: list[date]) -> Iterator[Text]:
    if last and last.exit_code:
        rules = "、".join(last.checks)
        told = f"：{rules}" if rules else ""
        yield Text(
            f"最近一次运行未完成（{last.at[:16].replace('T', ' ')}，{last.command}，退出码 {last.exit_code}{told}）",
            f"the last run did not end well ({last.at[:16].replace('T', ' ')}, {last.command}, exit code {last.exit_code}"
            + (f": {', '.join(last.checks)})" if rules else ")"),
        )
    for week in weeks:
        if week.state is WeekState.SUPERSEDED:
            yield Text(
                f"{week.end} 刊发后数字有变化，须出更正说明：bulletin revisions --week-ending {week.end}",
                f"figures of {week.end} have changed since publication; the notice: bulletin revisions --week-ending {week.end}",
            )
    if missing:
        days = "、".join(map(str, missing[-3:]))
        more = len(missing) - 3
        yield Text(
            f"没有报告的通报周：{days}" + (f" 等 {len(missing)} 周" if more > 0 else ""),
            f"weeks without a report: {', '.join(map(str, missing[-3:]))}" + (f" and {more} more" if more > 0 else ""),
        )
