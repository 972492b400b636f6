"""更正: compare what was published with what is known today."""

from datetime import date

from flows.domain.calendar import now
from flows.domain.cases import Counts, Measure
from flows.domain.figures import RevisedFigure, Revision
from flows.domain.text import NothingToDo, Progress
from flows.figures.causes import list_differences
from flows.figures.counts import count_in_window
from flows.jobs.replay import find_publication, replay
from flows.jobs.run import rewrite_home
from flows.report.notice import render_notice
from flows.report.revision_policy import POLICY
from flows.root.files import write_files
from flows.root.project import Project
from flows.root.publications import Publication
from flows.warehouse.reading import list_publications, open_read_only


def revise(project: Project, week_end: date | None, progress: Progress) -> list[Revision]:
    """Compare one published week, or all, with today: each difference by group and measure, split into its causes.

    If a printed number has changed, 更正说明 is written into reports/<week>/revision/.

    Raises:
        NothingToDo: nothing is published, or not that week.
    """
    if not project.warehouse.exists() or not (published := list_publications(project)):
        raise NothingToDo("Nothing has been published yet.")
    chosen = [each for each in published if week_end in (None, each.week_end)]
    if week_end and not chosen:
        chosen = [find_publication(project, week_end)]
    revisions = [_compare(project, publication, progress) for publication in chosen]
    for revision in revisions:
        if revision.is_needed:
            write_files(project.report_folder(revision.week.end) / "revision", render_notice(revision))
    rewrite_home(project)
    return revisions


def _compare(project: Project, publication: Publication, progress: Progress) -> Revision:
    week = project.calendar.week_ending(publication.week_end)
    window = week.year_to_date
    with open_read_only(project) as engine:
        today = count_in_window(engine, window)
        labels, published = project.profile.group_labels, publication.figures
        with replay(project, publication, progress) as earlier:
            causes = list_differences(engine, earlier, window)
    figures = tuple(
        RevisedFigure(
            group, labels.get(group, group), measure, published.get(group, {}).get(measure, 0),
            getattr(today.get(group, Counts()), measure), tuple(causes.get((group, measure), ())),
        )
        for group in dict.fromkeys((*published, *labels))
        for measure in Measure
    )  # fmt: skip
    for figure in figures:
        if sum(cases for _, cases in figure.causes) != figure.today - figure.published:
            raise RuntimeError(f"{figure} does not add up")
    has_policy = (project.root / POLICY).is_file()
    scope = project.profile.scope_label
    return Revision(week, publication.issue, publication.serial, scope, figures, now().date(), has_policy)
