"""更正: compare what was published with what is known today."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from flows.domain.calendar import now
from flows.domain.cases import LAST_DELIVERY
from flows.domain.figures import Revision, RevisionState
from flows.domain.names import refuse_example
from flows.domain.text import NothingToDo, Progress
from flows.engine.protocols import Engine
from flows.figures.causes import Causes, list_changes, list_differences
from flows.jobs.replay import find_publication, read_receipts_of, replay
from flows.jobs.run import attend, rewrite_home
from flows.jobs.standing import compare_weeks
from flows.report.notice import render_notice
from flows.root.files import holds_files, write_files
from flows.root.project import Project
from flows.root.publications import Publication
from flows.root.receipts import Noticed, Receipt, append_receipts, list_classifications, read_receipts
from flows.warehouse.reading import list_publications, open_read_only


def revise(project: Project, week_end: date | None, progress: Progress) -> list[Revision]:
    """Compare one published week, or all, with today: each difference by group and measure, split into its causes.

    更正说明 is written into reports/<week>/revision/ where it is due; of a week that is asked for, also where it is not and a printed
    number has changed.

    Raises:
        NothingToDo: nothing is published, or not that week.
    """
    if not project.warehouse.exists() or not (published := list_publications(project)):
        raise NothingToDo("Nothing has been published yet.")
    chosen = [each for each in published if week_end in (None, each.week_end)]
    if week_end and not chosen:
        chosen = [find_publication(project, week_end)]
    revisions = _compare(project, chosen, progress)
    for revision in revisions:
        if revision.state is RevisionState.DUE or (week_end and revision.state is RevisionState.TAKEN_UP):
            forms = render_notice(revision, project.settings.issuer)
            folder = project.report_folder(revision.week.end) / "revision"
            if not holds_files(folder, forms):  # to sync the notices of a year takes a second
                write_files(folder, forms)
    rewrite_home(project)
    return revisions


def issue(project: Project, week_end: date, by: str, progress: Progress) -> Revision:
    """Put on record that the notice of a published week was issued, with the figures that it tells; it is kept, read-only, in
    reports/<week>/revision/<day>/.

    Raises:
        NothingToDo: that week is not published, or readers know all of it.
    """
    refuse_example(by)
    with attend(project, f"revisions --week-ending {week_end} --issued", progress) as run:
        (revision,) = _compare(project, [find_publication(project, week_end)], progress)
        if all(figure.told == figure.today for figure in revision.printed):
            raise NothingToDo(
                "{week_end}: readers know every printed figure as it is today; there is no notice to issue.",
                week_end=week_end,
            )
        at = now()
        folder = project.report_folder(week_end) / "revision"
        forms = render_notice(revision, project.settings.issuer)
        write_files(folder / str(at.date()), forms)
        for name in forms:
            (folder / str(at.date()) / name).chmod(0o444)
        figures: dict[str, dict[str, int]] = {}
        for figure in revision.printed:
            figures.setdefault(figure.group, {})[figure.measure.value] = figure.today
        append_receipts(project, [Noticed(at, week_end, figures, by)])
        for name in forms:
            (folder / name).unlink(missing_ok=True)
        run.week_endings = [str(week_end)]
    return revision


def _compare(project: Project, chosen: Sequence[Publication], progress: Progress) -> list[Revision]:
    with open_read_only(project) as engine:
        revisions = compare_weeks(project, engine, chosen)
        changed = {r.week.end for r in revisions if any(f.today != f.published for f in r.figures)}
        causes = _explain(project, engine, [each for each in chosen if each.week_end in changed], revisions, progress)
    return [_add_causes(revision, causes.get(revision.week.end, {})) for revision in revisions]


def _add_causes(revision: Revision, causes: Causes) -> Revision:
    figures = tuple(replace(f, causes=tuple(causes.get((f.group, f.measure), ()))) for f in revision.figures)
    return replace(revision, figures=figures)


def _adds_up(revision: Revision, causes: Causes) -> bool:
    return all(
        sum(cases for _, cases in causes.get((figure.group, figure.measure), ())) == figure.today - figure.published
        for figure in revision.figures
    )


def _explain(
    project: Project,
    engine: Engine,
    changed: Sequence[Publication],
    revisions: Sequence[Revision],
    progress: Progress,
) -> dict[date, Causes]:
    """What changed each week. The ledger knows it by the deliveries that the week was told by; what it does not, since rules have
    changed or files are gone, is folded again: once for all weeks that one publication's files tell.
    """
    by_week = {revision.week.end: revision for revision in revisions}
    told = _find_told(project, engine, changed, read_receipts(project))
    changes = list_changes(engine, told) if told else {}
    causes = {end: found for end, found in changes.items() if _adds_up(by_week[end], found)}
    left = [publication for publication in changed if publication.week_end not in causes]
    while left:
        newest = left[-1]
        with replay(project, newest, progress) as earlier:
            first = _find_first(earlier, _find_told(project, earlier, left, read_receipts_of(project, newest)))
            changes = list_differences(engine, earlier, {**first, newest.week_end: LAST_DELIVERY})
            causes |= {end: found for end, found in changes.items() if _adds_up(by_week[end], found)}
        if newest.week_end not in causes:
            raise RuntimeError(f"the causes of {newest.week_end} do not add up")
        left = [publication for publication in left if publication.week_end not in causes]
    return causes


def _find_told(
    project: Project, engine: Engine, publications: Sequence[Publication], receipts: Sequence[Receipt]
) -> dict[date, frozenset[int]]:
    """Of the weeks that were told by whole deliveries of a warehouse, under its rules: these deliveries, by number."""
    numbers = {row["delivery_id"]: row["delivery_no"] for row in engine.read("deliveries").dicts()}
    files = {(row["sha256"], row["delivery_id"], row["corrects"]) for row in engine.read("look/loaded_files").dicts()}
    rules = list_classifications(receipts)
    told = {}
    for publication in publications:
        frozen = {(file.sha256, file.delivery_id, file.corrects) for file in publication.files}
        deliveries = {file.delivery_id for file in publication.files}
        whole = {file for file in files if file[1] in deliveries}
        if frozen == whole and list_classifications(read_receipts_of(project, publication)) == rules:
            told[publication.week_end] = frozenset(numbers[delivery] for delivery in deliveries)
    return told


def _find_first(engine: Engine, told: Mapping[date, frozenset[int]]) -> dict[date, int]:
    """Of the weeks that were told by the first deliveries of a warehouse: the last of these.

    Where a later delivery has the same cut-off, both were folded in one step, and what a row of both was in between may be lost: then
    the causes do not add up.
    """
    numbers = {row["delivery_no"] for row in engine.read("deliveries").dicts()}
    last = {end: max(deliveries, default=0) for end, deliveries in told.items()}
    return {end: last[end] for end, known in told.items() if known == {each for each in numbers if each <= last[end]}}
