"""A publication counted again from its frozen files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from flows.checks.judge import list_departments
from flows.domain.asked import Asked
from flows.domain.cases import cut_off_of
from flows.domain.figures import Wording
from flows.domain.text import BadInput, NothingToDo, Progress
from flows.domain.verdicts import Place, Severity, Verdict, Waiver
from flows.engine.calendar import read_calendar
from flows.engine.protocols import Engine
from flows.figures import section
from flows.figures.inspection import inspect
from flows.jobs.proof import Roots, add_roots, describe_classification, list_cases, write_cases
from flows.report.forms import UNSIGNED, render, render_checks
from flows.root.deliveries import find_files
from flows.root.project import Project
from flows.root.publications import Publication, read_publication
from flows.root.receipts import Receipt, find_calendar, read_receipts, select_known
from flows.warehouse.copies import fold_aside
from flows.warehouse.reading import list_publications


def find_publication(project: Project, week_end: date) -> Publication:
    if publication := read_publication(project, week_end):
        return publication
    known = ", ".join(publication.week_ending for publication in list_publications(project)) or "–"
    raise NothingToDo("{week_end} is not published. Published weeks: {known}", week_end=week_end, known=known)


@dataclass(frozen=True)
class Recount:
    """What the frozen files of a publication give: as it says it, or None where it says nothing of it."""

    figures: dict[str, dict[str, int]]
    forms: dict[str, bytes]
    cases: Roots | None
    classification: bytes


def count_again(project: Project, publication: Publication, progress: Progress, proof: Path | None = None) -> Recount:
    """Count the frozen files of a publication; its lists of cases are written again below `proof`, if that is given."""
    with replay(project, publication, progress) as engine:
        week = read_calendar(engine).week_ending(publication.week_end)
        verdicts = tuple(_thaw_verdict(frozen) for frozen in publication.checks)
        figures = section.compute(engine, replace(project.profile, asked=_thaw_asked(publication)), week, ())
        figures = replace(figures, verdicts=verdicts, source=publication.source, definitions=publication.definitions)
        if publication.wording is not None:
            figures = replace(figures, wording=Wording(**publication.wording))
        inspection = inspect(engine, project.profile, week, verdicts, list_departments(engine), is_swapped_in=True)
        lists = list_cases(engine, week.year_to_date)
        cases = None
        if publication.cases is not None:
            cases = write_cases(project, proof, lists) if proof else add_roots(lists)
        classification = describe_classification(engine, project.profile)
    counted = {g.group: asdict(g.year_to_date) for g in figures.groups}
    mark = UNSIGNED if publication.is_unsigned else ""
    forms = {**render(figures, mark=mark), **render_checks(inspection)}
    return Recount(counted, forms, cases, classification)


@contextmanager
def replay(project: Project, publication: Publication, progress: Progress) -> Iterator[Engine]:
    """A temporary warehouse of the frozen files, with the classification, calendar, tolerances and notes of the day of publication."""
    receipts = read_receipts_of(project, publication)
    frozen = {file.sha256: file for file in publication.files}
    present = {file.sha256: file for file in find_files(project, receipts=[]) if file.sha256 in frozen}
    for digest, file in frozen.items():
        if digest not in present:
            raise BadInput(
                "data/raw/{file}: this file, used by the publication of {week_end}, has changed or "
                "disappeared. Restore it from a backup.",
                file=file.file,
                week_end=publication.week_ending,
            )
    files = [
        replace(
            present[digest],
            name=file.file,
            cut_off=cut_off_of(file.delivery_id),
            received_on=date.fromisoformat(file.received_on),
            corrects=file.corrects,
        )
        for digest, file in frozen.items()
    ]
    names = {digest: file.delivery_id for digest, file in frozen.items()}
    ordered = sorted(files, key=lambda file: (file.cut_off, file.name))
    calendar = find_calendar(project, receipts, publication.at.date())
    # Tolerances before anything is folded: rules of rows ask them, too.
    with fold_aside(project, ordered, receipts, calendar, progress, names, publication.tables) as engine:
        yield engine


def read_receipts_of(project: Project, publication: Publication) -> list[Receipt]:
    """What stood in receipts.jsonl when a week was published; an earlier publication knows the time alone."""
    if publication.receipts is None:
        return select_known(read_receipts(project), publication.at)
    return read_receipts(project, int(publication.receipts.split()[0]))


def _thaw_asked(publication: Publication) -> Asked:
    """The tables that the profile asked for then."""
    if publication.asked is None:
        return Asked()
    results = {kind: tuple(words) for kind, words in publication.asked["results"].items()}
    return Asked(tuple(publication.asked["tables"]), results)


def _thaw_verdict(frozen: dict[str, Any]) -> Verdict:
    places = tuple(Place(**{**p, "cut_off": date.fromisoformat(p["cut_off"])}) for p in frozen["places"])
    waivers = tuple(
        Waiver(**{**a, "cut_off": date.fromisoformat(a["cut_off"]), "on": date.fromisoformat(a["on"])})
        for a in frozen["acceptances"]
    )
    plain = {name: value for name, value in frozen.items() if name != "acceptances"}
    return Verdict(**{**plain, "severity": Severity(frozen["severity"]), "places": places, "waivers": waivers})
