"""The forms of any range of days: its figures, its days, and its weeks against what was published."""

import json
from collections.abc import Iterator
from datetime import timedelta

from markupsafe import Markup

from flows.domain.cases import PRINTED, Counts
from flows.domain.figures import RangeStatistics, RangeWeek
from flows.report.charts import draw_trend, is_by_week
from flows.report.paragraph import write_range_paragraph
from flows.report.rates import Rate
from flows.report.table import Cell, Table
from flows.report.templates import fill
from flows.report.xlsx import write_tables

_NONE = "—"


def render_range(statistics: RangeStatistics) -> dict[str, bytes]:
    """File name → content: the paragraph, pages, tables and the figures for other programs."""
    paragraph = write_range_paragraph(statistics)
    tables = list_range_tables(statistics)
    shown = {"statistics": statistics, "paragraph": paragraph, "tables": tables}
    trends = [
        Markup(draw_trend(group, label, statistics.window, statistics.daily))
        for group, label in statistics.labels.items()
    ]
    forms = {
        "range.txt": paragraph + "\n",
        "range.md": fill("range.md.j2", **shown),
        "range.html": fill("range.html.j2", trends=trends, by_week=is_by_week(statistics.window), **shown),
        "range.json": write_range_json(statistics),
    }
    return {
        **{name: text.encode() for name, text in forms.items()},
        "range.xlsx": write_tables(paragraph, {}, tables),
    }


def list_range_tables(statistics: RangeStatistics) -> list[Table]:
    """Groups, weeks against what was published, and days; each adds up."""
    return [
        Table("区间合计", ("组别", "受理", "办结", "其中结转"), tuple(_list_groups(statistics)), "区间内受理、办结的件数，含首尾两日。"),
        Table(
            "各期与已刊发的比较",
            ("截至", "组别", "指标", "本次", "已刊发", "增减"),
            tuple(row for week in statistics.weeks for row in _compare(statistics, week)),
            "区间内截止的各通报周，本年累计；未刊发的不比较。",
        ),
        Table("每日", ("日期", *_name_columns(statistics)), tuple(_list_days(statistics)), "按日，与区间合计相加相等。"),
    ]  # fmt: skip


def write_range_json(statistics: RangeStatistics) -> str:
    """Counts in cases, days as ISO dates; groups as in statistics.json."""
    window, known = statistics.window, statistics.known_through
    document = {
        "schema_version": 1,
        "range": {"start": str(window.start), "end": str(window.end)},
        "as_of": {
            "cut_off": str(known.cut_off),
            "received_on": str(known.received_on),
            "deliveries": known.deliveries,
        },
        "known": statistics.known,
        "scope": statistics.scope,
        "groups": [
            {"group": group, "label": label, **_counts(statistics.counts[group])}
            for group, label in statistics.labels.items()
        ],
        "unclassified": _counts(statistics.unclassified),
        "out_of_scope": _counts(statistics.out_of_scope),
        "days": [
            {"day": str(row.day), "group": row.group, **_counts(row.counts)} for row in statistics.daily
        ],
        "weeks": [_describe_week(week) for week in statistics.weeks],
        "text": write_range_paragraph(statistics),
        "is_sample": statistics.is_sample,
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _describe_week(week: RangeWeek) -> dict[str, object]:
    def describe(counts: Counts, published: Counts | None) -> dict[str, object]:
        difference = {
            measure.value: getattr(counts, measure) - getattr(published, measure) if published else None
            for measure in PRINTED
        }
        return {
            **_counts(counts),
            "published": _counts(published) if published else None,
            "difference": difference if published else None,
        }

    groups = {group: describe(counts, _find_published(week, group)) for group, counts in week.counts.items()}
    return {"end": str(week.end), "failure": week.failure or None, **groups}


def _list_groups(statistics: RangeStatistics) -> Iterator[tuple[Cell, ...]]:
    for group, label in statistics.labels.items():
        counts = statistics.counts[group]
        yield label, counts.accepted, counts.completed, counts.carried_over


def _compare(statistics: RangeStatistics, week: RangeWeek) -> Iterator[tuple[Cell, ...]]:
    for group, label in statistics.labels.items():
        published = _find_published(week, group)
        for measure in PRINTED:
            now = getattr(week.counts[group], measure)
            before = getattr(published, measure) if published else None
            compared = (_NONE, _NONE) if before is None else (before, Rate(f"{now - before:+}"))
            yield week.end, label, measure.zh, now, *compared


def _name_columns(statistics: RangeStatistics) -> tuple[str, ...]:
    return tuple(f"{label}{measure.zh}" for label in statistics.labels.values() for measure in PRINTED)


def _list_days(statistics: RangeStatistics) -> Iterator[tuple[Cell, ...]]:
    known = {(row.day, row.group): row.counts for row in statistics.daily}
    for number in range((statistics.window.end - statistics.window.start).days + 1):
        day = statistics.window.start + timedelta(days=number)
        cells = [
            getattr(known.get((day, group), Counts()), measure) for group in statistics.labels for measure in PRINTED
        ]
        yield day, *cells


def _find_published(week: RangeWeek, group: str) -> Counts | None:
    """What was published of a group; nothing of one that the profile has got since."""
    return week.published.get(group) if week.published else None


def _counts(counts: Counts) -> dict[str, int]:
    return {"accepted": counts.accepted, "completed": counts.completed, "carried_over": counts.carried_over}
