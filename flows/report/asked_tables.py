"""The tables that a source profile asks for, as every form shows them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from flows.domain.asked import ASKED_TABLES, RESULT_KINDS, Line
from flows.domain.figures import Statistics
from flows.report.rates import NONE, Rate, write_average, write_median, write_share
from flows.report.table import Cell, Table

_PLACES = 3  # that the sentence on the ranking names
_NO_NAME = "未注明"


def list_asked_tables(statistics: Statistics) -> Iterator[Table]:
    """The tables asked for that have rows, in the order of the reports."""
    for table in statistics.asked:
        header, rows, note = _WRITERS[table.name](table.lines, statistics)
        if rows:
            yield Table(ASKED_TABLES[table.name], header, tuple(rows), note)


def write_ranking(lines: Iterable[Line], column: str, places: int = _PLACES) -> str:
    """甲厅（120 件）、乙局和丙局（各 95 件）: departments by cases, the largest first; ties share a place, and all of one are named.

    Places are counted as in a contest: two that share the first leave the third to the next.
    """
    ranked = sorted((line for line in lines if line[column]), key=lambda line: -_count(line, column))
    said, named = [], 0
    for cases, tied in groupby(ranked, key=lambda line: _count(line, column)):
        if named >= places:
            break
        names = [str(line["department"] or _NO_NAME) for line in tied]
        said.append(f"{'、'.join(names)}（{'各 ' if len(names) > 1 else ''}{cases} 件）")
        named += len(names)
    return "、".join(said)


def _count(line: Line, column: str) -> int:
    value = line[column]
    assert isinstance(value, int)
    return value


_Written = tuple[tuple[str, ...], list[tuple[Cell, ...]], str]


def _write_departments(lines: Sequence[Line], statistics: Statistics) -> _Written:
    header = (
        *("单位", "受理", "办结", "即办件", "承诺件", "平均办结用时（工作日）", "提前办结率", "按时办结率", "提速"),
        "超期未办结",
    )
    rows = [(str(line["department"] or _NO_NAME), *_write_work(line)) for line in lines]
    if len(lines) > 1:
        rows.append(("合计", *_write_work(_add_up(lines))))
    ranking = write_ranking(lines, "completed")
    note = (
        f"{statistics.scope}，本年累计。即办件、承诺件为办结件中的件数；用时自受理次日起按工作日计；提前、按时办结率：在承诺日（无承诺日的，"
        "法定期限末日）之前、之内办结的，占可判断的办结件与超期未办结件之和；提速：1 减去实际用时与法定时限之比。"
    )
    return header, rows, note + (f"办结量排名前{'一二三'[_PLACES - 1]}的单位：{ranking}。" if ranking else "")


def _write_work(line: Mapping[str, Any]) -> tuple[Cell, ...]:
    judged = line["judged"] + line["overdue"]
    return (
        line["accepted"], line["completed"], line["immediate"], line["promised"],
        write_average(line["working_days"], line["measured"]),
        write_share(line["early"], judged), write_share(line["on_time"], judged),
        _write_speed_up(line["used_days"], line["limit_days"]), line["overdue"],
    )  # fmt: skip


def _write_speed_up(used_days: int, limit_days: int) -> str:
    """1 − used ÷ limit; negative where the limit was exceeded; – where no case has one."""
    if limit_days <= 0:
        return NONE
    if used_days > limit_days:
        return Rate(f"-{write_share(used_days - limit_days, limit_days)}")
    return write_share(limit_days - used_days, limit_days)


def _write_open(lines: Sequence[Line], statistics: Statistics) -> _Written:
    header = (
        *("单位", "在办", "5 日以内", "6—10 日", "11—20 日", "21—60 日", "60 日以上", "中位时长（工作日）"),
        *("即将到期", "超期"),
    )
    counts = ("still_open", "up_to_five", "up_to_ten", "up_to_twenty", "up_to_sixty", "more")
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        median = line["median_age"]
        assert isinstance(median, float)
        rows.append(
            (
                str(line["department"] or _NO_NAME),
                *(_count(line, name) for name in counts),
                write_median(median),
                _count(line, "due_soon"),
                _count(line, "overdue"),
            )
        )
    if len(lines) > 1:
        sums = _add_up(lines)
        rows.append(("合计", *(sums[name] for name in counts), NONE, sums["due_soon"], sums["overdue"]))
    late = "、".join(f"{line['department'] or _NO_NAME} {line['overdue']} 件" for line in lines if line["overdue"])
    note = (
        f"{statistics.scope}，截至周末日已受理而无办结记录的办件，时长为受理以来的工作日；即将到期：剩余不超过承诺时限的一成或一个工作日；"
        f"超期：已过承诺日或法定期限。" + (f"超期件：{late}。" if late else "没有超期件。" if lines else "")
    )
    return header, rows, note


def _write_results(lines: Sequence[Line], statistics: Statistics) -> _Written:
    labels = {figures.group: figures.label for figures in statistics.groups}
    rows = [(labels[str(line["group_key"])], *_list_results(line)) for line in lines]
    note = (
        f"{statistics.scope}，本年累计。申请：申请时间在区间内的办件，含不予受理的；没有报送申请时间的，记“–”。"
        f"{'、'.join(RESULT_KINDS.values())}和其他之和为办结。"
    )
    return ("组别", "申请", "受理", "办结", *RESULT_KINDS.values(), "其他"), rows, note


def _list_results(line: Line) -> Iterator[Cell]:
    yield _say_applied(line)
    yield from (_count(line, name) for name in ("accepted", "completed", *RESULT_KINDS, "others"))


def _say_applied(line: Line) -> Cell:
    """Of cases that were accepted without any application, nobody has told the time of it."""
    return NONE if line["accepted"] and not line["applied"] else _count(line, "applied")


def _write_licences(lines: Sequence[Line], statistics: Statistics) -> _Written:
    columns = ("accepted", "granted", "denied", "revoked")
    named = [(str(line["department"] or _NO_NAME), line) for line in lines]
    if len(lines) > 1:
        named.append(("合计", _add_up(lines)))
    rows: list[tuple[Cell, ...]] = [
        (name, _say_applied(line), *(_count(line, column) for column in columns)) for name, line in named
    ]
    header = ("单位", "申请数量", "受理数量", "予以许可数量", "不予许可数量", "撤销许可数量")
    return header, rows, f"{statistics.scope}行政许可，本年累计，行政执法统计年报的口径。"


def _write_channels(lines: Sequence[Line], statistics: Statistics) -> _Written:
    accepted, completed = (sum(_count(line, name) for line in lines) for name in ("accepted", "completed"))
    rows: list[tuple[Cell, ...]] = [
        (
            str(line["channel"] or _NO_NAME),
            _count(line, "accepted"),
            write_share(_count(line, "accepted"), accepted),
            _count(line, "completed"),
            write_share(_count(line, "completed"), completed),
        )
        for line in lines
    ]
    return (
        ("申请方式", "受理", "占比", "办结", "占比"),
        rows,
        f"{statistics.scope}，本年累计；占比以全部申请方式之和为 100%。",
    )


def _write_clearance(_: Sequence[Line], statistics: Statistics) -> _Written:
    still_open = {times.name: times.still_open for times in statistics.handling}
    days = (statistics.week.year_to_date.end - statistics.week.year_to_date.start).days + 1
    rows: list[tuple[Cell, ...]] = []
    for figures in statistics.groups:
        counts, waiting = figures.year_to_date, still_open.get(figures.group, 0)
        rows.append(
            (
                figures.label, counts.accepted, counts.completed, write_share_above(counts.completed, counts.accepted),
                waiting, write_average(days * waiting, counts.completed),
            )
        )  # fmt: skip
    note = f"{statistics.scope}，本年累计。结案率：办结与受理之比，可超过 100%；周转天数：按本年 {days} 日的办结速度，办完现有在办件所需的日历天数。"
    return ("组别", "受理", "办结", "结案率", "在办", "周转天数"), rows, note


def write_share_above(part: int, whole: int) -> str:
    """As write_share, also above 100 %: completed cases may have been accepted in an earlier year."""
    if part <= whole:
        return write_share(part, whole)
    return Rate(f"{write_average(100 * part, whole)}%") if whole else NONE


def _add_up(lines: Iterable[Line]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in lines:
        for column, value in line.items():
            if isinstance(value, int):
                sums[column] = sums.get(column, 0) + value
    return sums


_WRITERS: Mapping[str, Callable[[Sequence[Line], Statistics], _Written]] = {
    "departments": _write_departments,
    "open_ages": _write_open,
    "results": _write_results,
    "licences": _write_licences,
    "channels": _write_channels,
    "clearance": _write_clearance,
}
