"""The tables beside the paragraph: the page, the appendix of the document and the workbook show the same cells."""

from collections.abc import Iterator, Sequence
from dataclasses import fields

from flows.domain.cases import PRINTED, Cause, Counts, Group, Measure
from flows.domain.figures import Compared, HandlingTimes, PartCounts, Statistics
from flows.report.asked_tables import list_asked_tables
from flows.report.rates import NONE, Rate, write_average, write_change, write_median, write_share
from flows.report.table import Cell, Table

_MOST_PARTS = 10


def list_tables(statistics: Statistics) -> list[Table]:
    """The tables that have rows, in the order of the reports."""
    together = _say_together(len(statistics.groups))
    all_groups = together.removeprefix("，") or statistics.groups[0].label
    tables = [
        _compare_groups(statistics),
        _list_handling(statistics),
        _list_department_handling(statistics),
        _list_changes(statistics),
        _list_parts("实施主体", statistics.departments, f"{statistics.scope}{together}，本年累计；按受理件数，前 {_MOST_PARTS} 位。"),
        _list_parts("行政区划", statistics.areas, f"{all_groups}，本年累计，{statistics.scope}内外；按受理件数，前 {_MOST_PARTS} 位。"),
        _list_parts("办件类型", statistics.kinds, f"{statistics.scope}{together}，本年累计。"),
        _list_weeks(statistics),
        *list_asked_tables(statistics),
    ]  # fmt: skip
    return [table for table in tables if table.rows]


def _say_together(groups: int) -> str:
    """，三组合计; of a single group nothing."""
    if groups == 1:
        return ""
    return f"，{'两三四五六七八九十'[groups - 2]}组合计" if groups <= 10 else "，各组合计"


def list_left_out(statistics: Statistics) -> Table:
    """Cases of the year-to-date that are in no figure; the page shows them in a section of its own."""
    rows: list[tuple[Cell, ...]] = [("未归类", statistics.unclassified.accepted, statistics.unclassified.completed)]
    rows += [(f"其中：{label}", c.accepted, c.completed) for label, c in statistics.unclassified_labels.items()]
    rows.append((f"{statistics.scope}以外", statistics.out_of_scope.accepted, statistics.out_of_scope.completed))
    note = f"本年累计，不计入任何一组。另有隔离的数据行 {statistics.quarantined_rows} 行，无法读取，未载入。"
    return Table("未纳入统计", ("项目", "受理", "办结"), tuple(rows), note)


def sum_changes(statistics: Statistics, group: Group, measure: Measure) -> list[tuple[Cause, int]]:
    """The net change of one figure since the deliveries of the week before, by cause, in the order of causes."""
    found = [(c.cause, c.cases) for c in statistics.changes if (c.group, c.measure) == (group, measure)]
    return [(cause, net) for cause in Cause if (net := sum(cases for name, cases in found if name == cause))]


def _compare_groups(statistics: Statistics) -> Table:
    rows = []
    for figures in statistics.groups:
        for measure in PRINTED:
            week = _compare(figures.week, figures.week_on_week, measure)
            year = _compare(figures.year_to_date, figures.year_on_year, measure)
            rows.append((figures.label, measure.zh, *week, *year))
    return Table(
        "同比和环比",
        ("组别", "指标", "本周", "上周", "环比", "本年累计", "上年同期", "同比"),
        tuple(rows),
        "环比：本周与上一通报周相比；同比：本年累计与上年同期相比。只比两期数据均完整的单位，有一期不完整的不列。百分比四舍五入到一位小数。"
        + "".join(_say_left_out(statistics)),
    )


def _compare(counts: Counts, compared: Compared | None, measure: Measure) -> tuple[Cell, Cell, Cell]:
    """Now, before, and the change; only now where the two cannot be compared."""
    if compared is None:
        return getattr(counts, measure), NONE, NONE
    now, earlier = getattr(compared.now, measure), getattr(compared.earlier, measure)
    return now, earlier, write_change(now, earlier)


def _say_left_out(statistics: Statistics) -> Iterator[str]:
    """The departments that a comparison leaves out, since they are not complete in both windows."""
    for name, kind in (("week_on_week", "环比"), ("year_on_year", "同比")):
        compared = [getattr(figures, name) for figures in statistics.groups]
        departments = sorted({department or "未注明" for each in compared if each for department in each.left_out})
        if departments:
            more = f"等 {len(departments)} 个单位" if len(departments) > _MOST_PARTS else ""
            yield f"{kind}未列入：{'、'.join(departments[:_MOST_PARTS])}{more}。"


def _list_handling(statistics: Statistics) -> Table:
    labels = {figures.group: figures.label for figures in statistics.groups}
    rows = tuple(
        (
            labels[times.name],
            times.completed,
            write_average(times.working_days, times.measured),
            write_median(times.median_days),
            _write_on_time(times),
            write_average(times.days_ahead, times.limited),
            *_list_open(times),
            write_share(times.silent_departments, times.departments),
        )
        for times in statistics.handling
    )
    return Table(
        "办理时限",
        (
            *("组别", "办结", "平均工作日", "中位工作日", "按时办结率", "较法定时限平均提前（工作日）"),
            *("无办结记录", "其中超期", "其中即将到期", "从未报送办结的单位占比"),
        ),
        rows,
        "受理次日为第一个工作日，节假日不计、补班日计（行政许可法第八十二条）。按时办结率：在承诺日（无承诺日的，在法定时限）内办结的，"
        "占可判断的办结件与超期未办结件之和；尚有无办结记录的，不写 100%。无办结记录：截至周末日已受理而没有办结时间的办件，可能尚未办结，"
        "也可能已办结而未报送。超期：已过承诺日或法定时限；即将到期：剩余工作日不超过承诺时限的一成或一个工作日；均无承诺日和法定时限的，记“–”。",
    )


def _list_department_handling(statistics: Statistics) -> Table:
    """As each department: who has the most overdue cases first, then what is due soon."""
    found = statistics.handling_by_department
    shown = [*found[:_MOST_PARTS], *([_add_up(found[_MOST_PARTS:])] if found[_MOST_PARTS:] else [])]
    rows = tuple(
        (
            times.name or "未注明",
            times.completed,
            write_average(times.working_days, times.measured),
            _write_on_time(times),
            *_list_open(times),
        )
        for times in shown
    )
    return Table(
        "单位时限",
        ("实施主体", "办结", "平均工作日", "按时办结率", "无办结记录", "其中超期", "其中即将到期"),
        rows,
        f"{statistics.scope}{_say_together(len(statistics.groups))}，本年累计，截至周末日；按超期、即将到期、办结件数，前 {_MOST_PARTS} 位。",
    )


def _add_up(rest: Sequence[HandlingTimes]) -> HandlingTimes:
    """The rest in one line, so that the table adds up; a median cannot be added."""
    sums = {
        field.name: sum(getattr(times, field.name) for times in rest)
        for field in fields(HandlingTimes)
        if field.name not in ("name", "median_days")
    }
    return HandlingTimes(name=f"其余 {len(rest)} 个", median_days=None, **sums)


def _list_open(times: HandlingTimes) -> tuple[Cell, Cell, Cell]:
    """Open, overdue, due soon; where none of the open cases says its day, nobody knows how many are late."""
    if times.still_open and not times.open_with_deadline:
        return times.still_open, NONE, NONE
    return times.still_open, times.overdue, times.due_soon


def _write_on_time(times: HandlingTimes) -> str:
    """Of the completed cases that can be judged and the open ones whose day is past; not 100 % while any case is open."""
    judged = times.judged + times.overdue
    if judged and times.still_open and times.on_time == judged:
        return Rate("99.9%")
    return write_share(times.on_time, judged)


def _list_changes(statistics: Statistics) -> Table:
    present = {change.cause for change in statistics.changes}
    causes = [cause for cause in Cause if cause in present]
    ignored = _say_ignored(statistics)
    rows = []
    for figures in statistics.groups:
        for measure in PRINTED:
            changes = dict(sum_changes(statistics, figures.group, measure))
            now = getattr(figures.year_to_date, measure)
            parts = tuple(changes.get(cause, 0) for cause in causes)
            rows.append((figures.label, measure.zh, now - sum(changes.values()), *parts, now))
    return Table(
        "较上期的增减",
        ("组别", "指标", "上期", *(cause.zh for cause in causes), "本期"),
        tuple(rows) if causes or ignored else (),
        "上期：截至上一周末日的各批次所载的本年累计；补报：上一周末日及以前的办件，本期才报送的。" + ignored,
    )


def _say_ignored(statistics: Statistics) -> str:
    """Rows of the newest deliveries that changed nothing because they are older than what is known; '' without any."""
    found = [d for d in statistics.doubts if d.is_rule and d.kind == "older_version_ignored"]
    if not found:
        return ""
    files = "、".join(" ".join(filter(None, (d.file, d.sheet, f"{d.rows} 行"))) for d in found)
    return f"另有 {sum(d.rows for d in found)} 行的更新时间早于已载入的内容，未采用：{files}。"


def _list_parts(name: str, parts: Sequence[PartCounts], note: str) -> Table:
    return Table(name, (name, "受理", "办结", "其中结转"), tuple(_cut(parts)), note)


def _cut(parts: Sequence[PartCounts]) -> Iterator[tuple[Cell, ...]]:
    """The first ten, and the sum of the rest, so that each table adds up."""
    for part in parts[:_MOST_PARTS]:
        yield f"{part.label}（{part.name}）" if part.label else part.name or "未注明", *_cells(part.counts)
    if rest := parts[_MOST_PARTS:]:
        sums = (sum(getattr(part.counts, measure) for part in rest) for measure in Measure)
        yield f"其余 {len(rest)} 个", *sums


def _cells(counts: Counts) -> tuple[int, int, int]:
    return counts.accepted, counts.completed, counts.carried_over


def _list_weeks(statistics: Statistics) -> Table:
    groups = [figures.group for figures in statistics.groups]
    header = tuple(f"{figures.label}{measure.zh}" for figures in statistics.groups for measure in PRINTED)
    rows = tuple(
        (
            week.end,
            *(getattr(week.counts.get(group, Counts()), measure) for group in groups for measure in PRINTED),
        )
        for week in statistics.weeks
    )
    return Table("每周走势", ("截至", *header), rows, "各通报周：上一周末日的次日至本周末日。")
