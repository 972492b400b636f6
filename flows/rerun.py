"""A rerun of any range of days as a Prefect flow."""

from datetime import date
from pathlib import Path
from typing import Annotated

from prefect import flow

from flows.domain.cases import Question, Window
from flows.domain.figures import RangeStatistics
from flows.domain.text import WrongUsage
from flows.jobs.rerun import RangeRun
from flows.jobs.rerun import rerun as run_rerun
from flows.service.tasks import (
    LogProgress,
    as_task,
    open_own_root,
    show_links,
    show_markdown,
    show_table,
    telling,
    titled,
)


@flow(name="rerun", flow_run_name="{first_day}-to-{last_day}", persist_result=False)
@telling
def rerun(
    first_day: Annotated[date, titled("起始日 · first day")],
    last_day: Annotated[date, titled("终止日 · last day")],
    as_of: Annotated[date | None, titled("只看截止不晚于 · as of")] = None,
    known_on: Annotated[date | None, titled("只看收到不晚于 · known on")] = None,
    *,
    root: Annotated[Path, titled("工作目录 · root")],
    wait_seconds: Annotated[float, titled("等待秒数 · wait")] = 0,
    notify: Annotated[bool, titled("通知 · notify")] = False,
) -> RangeRun:
    """重出区间：区间内的每个通报周，以及区间本身的数字，写入 reports/<起>_<止>/。

    Reruns any range of days: every bulletin week that ends in it, and the range itself, into reports/<from>_<to>/.

    Args:
        first_day: 区间的第一天 · the first day of the range
        last_day: 区间的最后一天，含当天 · the last day of the range, inclusive
        as_of: 只用截止日期不晚于该日的批次；留空：全部 · only deliveries with a cut-off up to that day; empty: all
        known_on: 只用该日及以前收到的文件；留空：全部 · only files received by that day; empty: all
        root: 不必改动 · leave it as it is
        wait_seconds: 有其他运行时最多等多少秒 · how long to wait for another run to end
        notify: 按设置发邮件或群消息 · send messages as the settings say
    """
    if as_of and known_on:
        raise WrongUsage("give as_of or known_on, not both.")
    project = open_own_root(root)
    ranged = run_rerun(
        project,
        Window(first_day, last_day),
        Question(as_of or date.max, known_on),
        LogProgress(),
        wait_seconds=wait_seconds,
        notify=notify,
        runner=as_task,
    )
    show_markdown("range", ranged.folder / "range.md", ranged.folder.name)
    show_table("range-figures", _list_figures(ranged.statistics), ranged.folder.name)
    show_links("range", project, [ranged.folder / "range.html", project.reports / "index.html"])
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
