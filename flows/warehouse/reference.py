"""What a warehouse is told from outside its deliveries: rules, calendar, notes, tolerances, publications, verdicts."""

from collections.abc import Mapping, Sequence
from datetime import date

from flows.domain.calendar import list_exceptions
from flows.domain.cases import OUT_OF_SCOPE, UNCLASSIFIED, Group
from flows.domain.profile import Profile
from flows.domain.verdicts import Verdict, Waiver
from flows.engine.duckdb.connection import Engine
from flows.root.delivery_notes import Notes
from flows.root.publications import Publication


def store_classification(engine: Engine, profile: Profile) -> None:
    """Write what the source profile classifies by, in place of what stood there."""
    for table in ("figure_groups", "item_types", "type_names", "outcome_rules", "scope_areas"):
        engine.execute(f"delete from {table}")
    labels = {group.value: profile.group_labels[group] for group in Group}
    labels |= {UNCLASSIFIED: "未归类", OUT_OF_SCOPE: f"{profile.scope_label}以外"}
    engine.insert_rows("figure_groups", [(i, key, label) for i, (key, label) in enumerate(labels.items(), 1)])
    engine.insert_rows("item_types", [(t.item_type, t.label, t.group.value) for t in profile.types])
    engine.insert_rows("type_names", sorted((name, t.item_type) for t in profile.types for name in t.names))
    rules = {"void": profile.void, "not_admitted": profile.not_admitted}
    engine.insert_rows(
        "outcome_rules",
        sorted(
            (rule, column, name)
            for rule, columns in rules.items()
            for column, names in columns.items()
            for name in names
        ),
    )
    engine.insert_rows("scope_areas", [(area,) for area in profile.scope_areas])


def store_calendar(engine: Engine) -> None:
    """Write the working calendar as far as it is known today: it grows each November."""
    engine.execute("delete from calendar_exceptions")
    engine.insert_rows("calendar_exceptions", list_exceptions())


def store_notes(engine: Engine, notes: Notes) -> None:
    """Write them in place of what stood there."""
    decisions = [(a.rule, a.cut_off, a.reason, a.by, a.on, a.source) for a in notes.waivers]
    _store(engine, {"control_totals": notes.control_totals, "no_business": notes.no_business, "waivers": decisions})


def store_tolerances(engine: Engine, profile: Profile) -> None:
    """Write the tolerances in force and the departments that the profile expects, in place of what stood there."""
    departments = [(department,) for department in profile.expected_departments]
    _store(engine, {"tolerances": sorted(profile.tolerances.items()), "expected_departments": departments})


def _store(engine: Engine, tables: Mapping[str, Sequence[Sequence[object]]]) -> None:
    for table, rows in tables.items():
        engine.execute(f"delete from {table}")
        engine.insert_rows(table, rows)


def store_verdicts(
    engine: Engine, checks: Mapping[date | None, Sequence[Verdict]], decisions: Sequence[Waiver]
) -> None:
    """Write the verdicts on the deliveries (None) and on the figures of a week, and the decisions of today about them."""
    engine.insert_rows("waivers", [(a.rule, a.cut_off, a.reason, a.by, a.on, a.source) for a in decisions])
    engine.execute("delete from check_results")
    engine.execute("delete from check_places")
    for week_end, each in checks.items():
        rows = [
            (c.name, c.severity.value, c.is_passed, c.observed, c.zh, c.en, c.broken, bool(c.waivers), week_end)
            for c in each
        ]
        engine.insert_rows("check_results", rows)
        engine.insert_rows("check_places", [(c.name, p.cut_off, p.name, p.observed) for c in each for p in c.places])


def store_publications(engine: Engine, publications: Sequence[Publication]) -> None:
    """Write what was signed, in place of what stood there."""
    engine.execute("delete from published_figures")
    rows = [
        (
            p.week_end, p.issue, p.serial, group, counts["accepted"], counts["completed"], counts["carried_over"],
            p.by, p.checked_by, p.at.replace(tzinfo=None), p.sha256,
        )
        for p in publications
        for group, counts in p.figures.items()
    ]  # fmt: skip
    engine.insert_rows("published_figures", rows)
