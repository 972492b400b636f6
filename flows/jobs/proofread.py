"""An edited text compared with the figures of a week."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flows.domain.cases import Counts
from flows.domain.figures import Compared, GroupFigures, Statistics
from flows.figures import section
from flows.jobs.manuscript import read_text
from flows.jobs.standing import compare_weeks
from flows.report.contradictions import Contradiction, find_contradictions
from flows.report.proofreader import Fault, Reading, proofread, read_window
from flows.root.project import Project
from flows.root.publications import Publication, read_publication
from flows.root.reports import REPORT
from flows.warehouse.reading import open_read_only


def proofread_file(project: Project, path: Path, week_end: date | None) -> Reading:
    """Compare the numbers of a text with the week that it names, or with `week_end`: as it was published, if it was.

    Raises:
        BadInput: the file is missing, of another form, or cannot be opened.
    """
    text = read_text(path)
    named = read_window(text)
    end = week_end or (named.end if named else None)
    with open_read_only(project) as engine:
        known = engine.read("figures/known_through", as_of=date.max).dicts()[0]["cut_off"]
        if end is None or end > known or not _is_bulletin_week(project, end):
            written = f"{named.start}—{named.end}" if named else ""
            newest = project.calendar.last_complete_week(known + timedelta(days=1)).end
            return Reading((Fault("统计区间", written, f"一个通报周的年初至周末，如至 {newest}"),), 1, ())
        today = section.compute(engine, project.profile, project.calendar.week_ending(end), ())
        if not (publication := read_publication(project, end)):
            return proofread(text, today)
        (revision,) = compare_weeks(project, engine, [publication])
    read = proofread(text, replace(today, groups=_list_published(project, publication, today)))
    return replace(read, is_published=True, changed=tuple(f for f in revision.printed if f.today != f.published))


def _list_published(project: Project, publication: Publication, today: Statistics) -> tuple[GroupFigures, ...]:
    """The groups of a week with the figures that were published. What else its text may hold (同比, 环比) is as in the published
    statistics.json, and where that is gone, as today.
    """
    path = project.published_folder(publication.week_end) / REPORT
    try:
        said = {group["group"]: group for group in json.loads(path.read_text(encoding="utf-8"))["groups"]}
    except (OSError, ValueError, KeyError, TypeError):
        said = {}
    return tuple(
        _thaw(figures, Counts(**publication.figures.get(figures.group, {})), said.get(figures.group))
        for figures in today.groups
    )


def _thaw(figures: GroupFigures, published: Counts, said: dict[str, Any] | None) -> GroupFigures:
    """An earlier program compared whole counts, and wrote the two earlier ones alone."""
    if said is None:
        return replace(figures, year_to_date=published)
    week = Counts(said["week_accepted"], said["week_completed"])
    before = Counts(said["previous_week_accepted"], said["previous_week_completed"])
    last_year = Compared(published, Counts(**said["last_year"])) if said["last_year"] else None
    return replace(
        figures,
        year_to_date=published,
        week_on_week=_thaw_compared(said["week_on_week"]) if "week_on_week" in said else Compared(week, before),
        year_on_year=_thaw_compared(said["year_on_year"]) if "year_on_year" in said else last_year,
    )


def _thaw_compared(said: dict[str, Any] | None) -> Compared | None:
    return Compared(Counts(**said["now"]), Counts(**said["earlier"])) if said else None


def _is_bulletin_week(project: Project, end: date) -> bool:
    """Whether a bulletin week ends on that day, by the calendar or because it has a report."""
    return end == project.calendar.find_week_end(end) or project.report_folder(end).is_dir()


def find_own_contradictions(path: Path) -> list[Contradiction]:
    """What contradicts within a text; no warehouse is asked.

    Raises:
        BadInput: the file is missing, of another form, or cannot be opened.
    """
    return find_contradictions(read_text(path))
