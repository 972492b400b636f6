"""A rerun of any range of days as a Prefect flow."""

from datetime import date
from pathlib import Path

from prefect import flow

from flows import ranges
from flows.knowledge import Question
from flows.project import open_project
from flows.recording import LogProgress, as_task, show_links, show_markdown, show_table
from flows.vocabulary import RangeStatistics, Window, WrongUsage


@flow(name="rerun", flow_run_name="{first_day}-to-{last_day}", persist_result=False)
def rerun(
    root: Path,
    first_day: date,
    last_day: date,
    as_of: date | None = None,
    known_on: date | None = None,
    wait_seconds: float = 0,
    notify: bool = False,
) -> ranges.RangeRun:
    """`bulletin rerun` 重出区间 as a recorded run: every bulletin week that ends in the range, and the range's own figures.

    Args:
        root: the root folder 工作目录
        first_day: first day of the range 起
        last_day: last day of the range, inclusive 止
        as_of: from deliveries with a cut-off up to that day 只看截止不晚于该日的批次
        known_on: from files received by that day 只看该日以前收到的文件
        wait_seconds: how long to wait for another run to end 等待其他运行的秒数
        notify: send messages as the settings say 按设置通知
    """
    if as_of and known_on:
        raise WrongUsage(zh="as_of 和 known_on 只能给一个。", en="give as_of or known_on, not both.")
    project = open_project(root)
    ranged = ranges.rerun(
        project,
        Window(first_day, last_day),
        Question(as_of or date.max, known_on),
        LogProgress(),
        wait_seconds=wait_seconds,
        notify=notify,
        run=as_task,
    )
    show_markdown("range", ranged.folder / "range.md", ranged.folder.name)
    show_table("range-figures", _list_figures(ranged.statistics), ranged.folder.name)
    show_links("range", [ranged.folder / "range.html", project.reports / "index.html"])
    return ranged


def _list_figures(statistics: RangeStatistics) -> list[dict[str, object]]:
    return [
        {
            "组别": statistics.labels[group],
            "受理": counts.accepted,
            "办结": counts.completed,
            "结转": counts.carried_over,
        }
        for group, counts in statistics.counts.items()
    ]
