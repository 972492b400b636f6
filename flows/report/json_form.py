"""statistics.json, for other programs. Keys are only ever added (docs/architecture.md §3)."""

import json

from flows.domain.cases import Counts, Window
from flows.domain.figures import (
    Compared,
    GroupFigures,
    HandlingTimes,
    KnownThrough,
    PartCounts,
    Reconciliation,
    Statistics,
    WeekCounts,
)
from flows.domain.verdicts import FoundDoubt, Verdict
from flows.report.paragraph import write_paragraph

SCHEMA_VERSION = 1


def write_json(statistics: Statistics, mark: str = "") -> str:
    """Counts in cases, days as ISO dates, keys in the order of the contract; `mark`, such as 未签名, comes last."""
    marked = {"mark": mark} if mark else {}
    return json.dumps({**_document(statistics), **marked}, ensure_ascii=False, indent=2) + "\n"


def _document(statistics: Statistics) -> dict[str, object]:
    week = statistics.week
    asked = {table.name: [dict(line) for line in table.lines] for table in statistics.asked if table.lines}
    return {
        "schema_version": SCHEMA_VERSION,
        "week": _window(week.window),
        "year_to_date": _window(week.year_to_date),
        "since_previous": _window(week.since_previous),
        "as_of": _known_through(statistics.known_through),
        "scope": statistics.scope,
        "groups": [_group(figures) for figures in statistics.groups],
        "unclassified": _unclassified(statistics),
        "out_of_scope": _counts(statistics.out_of_scope),
        "quarantined": {"rows": statistics.quarantined_rows, "reasons": dict(statistics.quarantine_reasons)},
        "definitions": dict(statistics.definitions),
        "text": write_paragraph(statistics),
        "source": statistics.source,
        "is_sample": statistics.is_sample,
        "reconciliation": _reconciliation(statistics.reconciliation),
        "checks": [_verdict(verdict) for verdict in statistics.verdicts],
        "departments": [_part(part) for part in statistics.departments],
        "areas": [{**_part(part), "label": part.label} for part in statistics.areas],
        "case_kinds": [_part(part) for part in statistics.kinds],
        "weeks": [_week(week) for week in statistics.weeks],
        "handling_times": [_handling("group", times) for times in statistics.handling],
        "changes": [
            {"group": c.group, "measure": c.measure.value, "cause": c.cause.value, "cases": c.cases}
            for c in statistics.changes
        ],
        "sources": [{"delivery": s.delivery, "file": s.file, "sha256": s.sha256} for s in statistics.sources],
        "doubts": [_doubt(doubt) for doubt in statistics.doubts],
        "department_times": [_handling("department", times) for times in statistics.handling_by_department],
        **({"tables": asked} if asked else {}),
    }


def _window(window: Window) -> dict[str, str]:
    return {"start": window.start.isoformat(), "end": window.end.isoformat()}


def _known_through(known: KnownThrough) -> dict[str, object]:
    return {
        "cut_off": known.cut_off.isoformat(),
        "received_on": known.received_on.isoformat(),
        "deliveries": known.deliveries,
    }


def _group(figures: GroupFigures) -> dict[str, object]:
    return {
        "group": figures.group,
        "label": figures.label,
        "accepted": figures.year_to_date.accepted,
        "completed": figures.year_to_date.completed,
        "week_accepted": figures.week.accepted,
        "week_completed": figures.week.completed,
        "since_previous_accepted": figures.since_previous.accepted,
        "since_previous_completed": figures.since_previous.completed,
        "carried_over": figures.year_to_date.carried_over,
        "previous_week_accepted": figures.previous_week.accepted,
        "previous_week_completed": figures.previous_week.completed,
        "last_year": _counts(figures.year_on_year.earlier) if figures.year_on_year else None,
        "week_on_week": _compared(figures.week_on_week),
        "year_on_year": _compared(figures.year_on_year),
    }


def _compared(compared: Compared | None) -> dict[str, object] | None:
    if compared is None:
        return None
    return {
        "now": _counts(compared.now),
        "earlier": _counts(compared.earlier),
        "left_out": list(compared.left_out),
    }


def _unclassified(statistics: Statistics) -> dict[str, object]:
    labels = {label: _counts(counts) for label, counts in statistics.unclassified_labels.items()}
    return {**_counts(statistics.unclassified), "labels": labels}


def _counts(counts: Counts) -> dict[str, int]:
    return {"accepted": counts.accepted, "completed": counts.completed}


def _reconciliation(rows: Reconciliation) -> dict[str, int]:
    return {
        "files": rows.files,
        "read": rows.read,
        "loaded": rows.loaded,
        "repeated": rows.repeated,
        "quarantined": rows.quarantined,
        "personal_columns_dropped": rows.personal_columns,
        "other_columns_dropped": rows.other_columns,
    }


def _verdict(verdict: Verdict) -> dict[str, object]:
    said = {
        "said_zh": verdict.said.zh,
        "said_en": verdict.said.en,
        "due_zh": verdict.due_zh,
        "due_en": verdict.due_en,
        "broken": verdict.broken,
    }
    return {
        "name": verdict.name,
        "severity": verdict.severity.value,
        "passed": verdict.is_passed,
        "observed": verdict.observed,
        "zh": verdict.zh,
        "en": verdict.en,
        "accepted": [
            {"reason": w.reason, "by": w.by, "on": w.on.isoformat(), "source": w.source} for w in verdict.waivers
        ],
        **(said if verdict.due_en else {}),
    }


def _doubt(doubt: FoundDoubt) -> dict[str, object]:
    return {
        "kind": doubt.kind,
        "file": doubt.file,
        "sheet": doubt.sheet,
        "row": doubt.row,
        "column": doubt.column,
        "taken_for": doubt.taken_for,
        "rows": doubt.rows,
        "is_loss": doubt.is_loss,
    }


def _part(part: PartCounts) -> dict[str, object]:
    return {"name": part.name, **_counts(part.counts), "carried_over": part.counts.carried_over}


def _week(week: WeekCounts) -> dict[str, object]:
    return {"end": week.end.isoformat(), **{group: _counts(counts) for group, counts in week.counts.items()}}


def _handling(part: str, times: HandlingTimes) -> dict[str, object]:
    """The on-time rate is on_time of judged and overdue."""
    values = dict(vars(times))
    return {part: values.pop("name"), **values}
