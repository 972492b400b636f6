"""What a warehouse is told from outside its deliveries: rules, calendar, notes, tolerances, publications, verdicts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from flows.domain.calendar import Calendar
from flows.domain.cases import OUT_OF_SCOPE, UNCLASSIFIED
from flows.domain.profile import Profile, write_pattern
from flows.domain.verdicts import Verdict, Waiver
from flows.engine.protocols import Engine
from flows.root.delivery_notes import Notes
from flows.root.publications import parse_publication


def store_classification(engine: Engine, profile: Profile) -> None:
    """Write what the source profile classifies by, in place of what stood there."""
    others = {UNCLASSIFIED: "未归类", OUT_OF_SCOPE: f"{profile.scope_label}以外"}
    labels = {**profile.group_labels, **others}
    engine.put("figure_groups", [(i, key, label) for i, (key, label) in enumerate(labels.items(), 1)])
    # An earlier classification may say a name twice: the first type has it, so that a case never becomes two.
    types = {t.item_type: t for t in reversed(profile.types)}
    names = {name: t.item_type for t in reversed(profile.types) for name in t.names}
    engine.put("item_types", sorted((t.item_type, t.label, t.group) for t in types.values()))
    engine.put("type_names", sorted(names.items()))
    engine.put("type_wildcards", list(_list_wildcards(profile)))
    rules = {"void": profile.void, "not_admitted": profile.not_admitted}
    engine.put(
        "outcome_rules",
        sorted(
            (rule, column, name)
            for rule, columns in rules.items()
            for column, names in columns.items()
            for name in names
        ),
    )
    engine.put("scope_areas", [(area,) for area in profile.scope_areas])
    kinds = enumerate(profile.case_kinds, 1)
    engine.put(
        "case_kinds",
        [(i, name, kind.label, kind.is_immediate) for i, kind in kinds for name in dict.fromkeys(kind.names)],
    )


def _list_wildcards(profile: Profile) -> Iterator[tuple[int, str, str]]:
    """Place, pattern and type of each wildcard, in the profile's order; the default type takes what is left."""
    found = [(wildcard, t.item_type) for t in profile.types for wildcard in t.wildcards]
    if profile.default_type:
        found.append(("*", profile.default_type.item_type))
    for place, (wildcard, item_type) in enumerate(found, 1):
        yield place, write_pattern(wildcard), item_type


def store_calendar(engine: Engine, calendar: Calendar) -> None:
    """Write it in place of what stood there."""
    engine.put("calendar_exceptions", sorted(calendar.exceptions.items()))
    engine.put("calendar_years", [(year,) for year in sorted(calendar.years)])


def store_notes(engine: Engine, notes: Notes) -> None:
    """Write them in place of what stood there."""
    engine.put("control_totals", notes.control_totals)
    engine.put("no_business", notes.no_business)
    engine.put("waivers", [(a.rule, a.cut_off, a.reason, a.by, a.on, a.source) for a in notes.waivers])


def store_tolerances(engine: Engine, profile: Profile) -> None:
    """Write what the profile says beside its classification, in place of what stood there: tolerances, names of areas, expected departments."""
    engine.put("tolerances", sorted(profile.tolerances.items()))
    engine.put("area_names", sorted(profile.area_names.items()))
    engine.put("expected_departments", [(department,) for department in profile.expected_departments])


def store_verdicts(
    engine: Engine, checks: Mapping[date | None, Sequence[Verdict]], decisions: Sequence[Waiver]
) -> None:
    """Write the verdicts on the deliveries (None) and on the figures of a week, and the decisions of today about them."""
    known = [tuple(row.values()) for row in engine.read("waivers").dicts()]
    engine.put("waivers", [*known, *((a.rule, a.cut_off, a.reason, a.by, a.on, a.source) for a in decisions)])
    results = [
        (
            c.name, c.severity.value, c.is_passed, c.observed, c.zh, c.en, c.broken, bool(c.waivers), week_end,
            c.said_zh, c.said_en, c.due_zh, c.due_en,
        )
        for week_end, each in checks.items()
        for c in each
    ]  # fmt: skip
    engine.put("check_results", results)
    places = [(c.name, p.cut_off, p.name, p.observed) for each in checks.values() for c in each for p in c.places]
    engine.put("check_places", places)


def store_publications(engine: Engine, contents: Sequence[str]) -> None:
    """Write what was signed, each publication.json whole and its figures, in place of what stood there."""
    publications = [parse_publication(content) for content in contents]
    signed = [(p.week_ending, content) for p, content in zip(publications, contents, strict=True)]
    engine.put("publications", signed)
    rows = [
        (
            p.week_end, p.issue, p.serial, group, counts["accepted"], counts["completed"], counts["carried_over"],
            p.by, p.checked_by, p.at.replace(tzinfo=None), p.sha256,
        )
        for p in publications
        for group, counts in p.figures.items()
    ]  # fmt: skip
    engine.put("published_figures", rows)
