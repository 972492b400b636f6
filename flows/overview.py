"""Where a root stands, for the home page and for `status`: each week's report, what waits, what is open, what is amiss."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from flows import statistics
from flows.deliveries import find_files
from flows.engine import Engine
from flows.journal import Entry, read_runs
from flows.project import Project, now
from flows.record import Publication, read_publications
from flows.vocabulary import Group, Overview, Text, UserError, WeekOverview, WeekState
from flows.warehouse import open_read_only, read_loaded
from flows.workdays import last_complete_week, list_weeks, week_ending

FORMS = ("statistics.html", "checks.html", "statistics.docx", "statistics.xlsx", "statistics.txt")
_WEEK = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RANGE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_overview(project: Project, run: Entry | None = None, *, is_strict: bool = False) -> Overview:
    """All but the figures themselves. `run` is the one that is just ending; else the journal tells of the last one.

    What cannot be read is listed among the problems: this is what people look at when something is wrong.

    Raises:
        UserError: strictly, what cannot be read.
    """
    problems: list[Text] = []
    waiting: tuple[str, ...] = ()
    weeks = _list_weeks(project)
    rows_open, cut_off, is_sample = 0, None, False
    try:
        loaded, _ = read_loaded(project)
        known = {file.sha256 for file in loaded}
        files = find_files(project, loaded)
        waiting = tuple(file.name for file in files if file.sha256 not in known)
        is_sample = any(file.is_sample for file in files)
        if project.warehouse.exists():
            with open_read_only(project) as engine:
                rows_open = count_open_rows(engine)
                cut_off = max((file.cut_off for file in loaded), default=None)
                weeks = list(_mark_superseded(engine, weeks, read_publications(project)))
    except UserError as error:
        if is_strict:
            raise
        problems.append(error.text)
    missing = find_missing_weeks([week.end for week in weeks if week.state is not WeekState.REFUSED], now().date())
    problems += _list_problems(run or next(iter(read_runs(project, 1)), None), weeks, missing)
    return Overview(
        scope=project.profile.scope_label,
        is_sample=is_sample,
        cut_off=cut_off,
        weeks=tuple(weeks),
        missing=tuple(missing),
        ranges=tuple(_list_ranges(project)),
        waiting=waiting,
        rows_open=rows_open,
        problems=tuple(problems),
        has_dictionary=(project.reports / "dictionary.html").is_file(),
    )


def find_missing_weeks(written: list[date], today: date) -> list[date]:
    """The ends of the bulletin weeks since the first written one that have no report, oldest first."""
    if not written:
        return []
    newest = last_complete_week(today).end
    return [week.end for week in list_weeks(min(written), newest) if week.end not in written]


def count_open_rows(engine: Engine) -> int:
    """Rows of the quarantine that no later delivery has closed."""
    found = engine.execute(
        "select count(distinct (file, sheet, row_no)) as row_count from quarantine where closed_by is null"
    )
    return int(found[0]["row_count"])


def find_next_run(schedule: str, at: datetime) -> datetime:
    """The next time of a schedule such as `Mon 09:00`, in the zone of `at`."""
    weekday, hour, minute = read_schedule(schedule)
    day = at.date() + timedelta(days=(weekday - at.isoweekday()) % 7)
    found = datetime(day.year, day.month, day.day, hour, minute, tzinfo=at.tzinfo)
    return found if found > at else found + timedelta(days=7)


def read_schedule(schedule: str) -> tuple[int, int, int]:
    """Weekday (Monday = 1), hour and minute."""
    name, _, clock = schedule.partition(" ")
    hour, _, minute = clock.partition(":")
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun").index(name) + 1, int(hour), int(minute)


def _list_weeks(project: Project) -> list[WeekOverview]:
    """Newest first."""
    numbers = {
        publication.week_ending: f"第{publication.issue}期（总第{publication.serial}期）"
        for publication in read_publications(project)
    }
    folders = [path for path in project.reports.glob("*") if path.is_dir() and _WEEK.fullmatch(path.name)]
    return [
        _describe_week(project, folder, numbers.get(folder.name, ""))
        for folder in sorted(folders, reverse=True)
        if any(folder.iterdir())
    ]


def _describe_week(project: Project, folder: Path, number: str) -> WeekOverview:
    places = [folder / "published", folder / "draft", folder / "revision"] if number else [folder]
    forms = [path for place in places for path in sorted(place.glob("*")) if _is_shown(path)]
    told = (folder / "published" if number else folder) / "statistics.json"
    state = WeekState.PUBLISHED if number else WeekState.DRAFT if told.is_file() else WeekState.REFUSED
    files = tuple(path.relative_to(project.reports).as_posix() for path in forms)
    return WeekOverview(date.fromisoformat(folder.name), state, _read_verdict(told), number, files)


def _is_shown(path: Path) -> bool:
    return path.name in FORMS or path.suffix == ".docx"


def _read_verdict(path: Path) -> str:
    """passed, warned or refused, as the report says; refused where there is none."""
    if not path.is_file():
        return "refused"
    checks = json.loads(path.read_text(encoding="utf-8"))["checks"]
    broken = [check for check in checks if not check["passed"] and not check["accepted"]]
    return "warned" if broken else "passed"


def _mark_superseded(
    engine: Engine, weeks: list[WeekOverview], publications: list[Publication]
) -> Iterator[WeekOverview]:
    published = {publication.week_end: publication for publication in publications}
    for week in weeks:
        publication = published.get(week.end)
        if publication and _has_changed(engine, publication):
            yield WeekOverview(week.end, WeekState.SUPERSEDED, week.verdict, week.number, week.files)
        else:
            yield week


def _has_changed(engine: Engine, publication: Publication) -> bool:
    today = statistics.count_in_window(engine, week_ending(publication.week_end).year_to_date)
    return any(
        publication.figures[group.value][measure] != getattr(today[group.value], measure)
        for group in Group
        for measure in ("accepted", "completed")
    )


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
