"""How published weeks stand against what is known today, by the ledger alone: what has changed, and whether readers were told."""

from collections.abc import Sequence

from flows.domain.calendar import now
from flows.domain.cases import Counts, Measure
from flows.domain.figures import Notice, RevisedFigure, Revision
from flows.domain.text import Text
from flows.engine.protocols import Engine
from flows.figures.counts import count_weeks
from flows.report.revision_policy import POLICY, find_notice_cases
from flows.root.project import Project
from flows.root.publications import Publication
from flows.root.receipts import find_notices, read_receipts


def compare_weeks(project: Project, engine: Engine, publications: Sequence[Publication]) -> list[Revision]:
    """Each published week against today, without causes; all in one question: one a week would be a second in an office's sixth year."""
    counted = count_weeks(engine, [publication.week_end for publication in publications])
    notices = find_notices(read_receipts(project))
    has_policy = (project.root / POLICY).is_file()
    revisions = []
    for publication in publications:
        end = publication.week_end
        notice = notices.get(end)
        revisions.append(
            Revision(
                week=project.calendar.week_ending(end),
                issue=publication.issue,
                serial=publication.serial,
                scope=project.profile.scope_label,
                figures=_list_figures(project, publication, counted[end], notice),
                on=now().date(),
                notice_cases=project.settings.notice_cases,
                is_taken_up=project.calendar.next_week_end(end).year == end.year,
                notice=notice,
                has_policy=has_policy,
            )
        )
    return revisions


def _list_figures(
    project: Project, publication: Publication, today: dict[str, Counts], notice: Notice | None
) -> tuple[RevisedFigure, ...]:
    labels, published = project.profile.group_labels, publication.figures
    figures = []
    for group in dict.fromkeys((*published, *labels)):
        for measure in Measure:
            printed = published.get(group, {}).get(measure, 0)
            told = notice.figures.get(group, {}).get(measure, printed) if notice else printed
            counted = getattr(today.get(group, Counts()), measure)
            figures.append(RevisedFigure(group, labels.get(group, group), measure, printed, told, counted))
    return tuple(figures)


def describe_policy(project: Project) -> Text | None:
    """What is wrong where the office has announced another threshold than it has set; None where both are one, or nothing is announced."""
    path = project.root / POLICY
    announced = find_notice_cases(path.read_text(encoding="utf-8-sig", errors="replace")) if path.is_file() else None
    if announced is None or announced == project.settings.notice_cases:
        return None
    return Text(
        "{policy} announces a notice of correction above {announced} cases, and bulletin.toml says notice_cases = {cases}: "
        "change one of them",
        policy=POLICY,
        announced=announced,
        cases=project.settings.notice_cases,
    )
