"""The weekly run as a Prefect flow: the same steps in the same order, each a task."""

from datetime import date
from pathlib import Path
from typing import Annotated

from prefect import flow
from prefect.runtime import flow_run

from flows.domain.figures import Statistics
from flows.domain.text import CheckFailed
from flows.domain.verdicts import WaiverRequest
from flows.jobs.steps import choose_week
from flows.jobs.weekly import WeeklyRun
from flows.jobs.weekly import weekly as run_weekly
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


def _name_run() -> str:
    """The name of a run; a scheduled run has no parameter that says its week."""
    given, root = (flow_run.parameters[name] for name in ("week_end", "root"))
    calendar = open_own_root(Path(str(root))).calendar
    return f"week-ending-{choose_week(calendar, date.fromisoformat(str(given)) if given else None).end}"


@flow(name="weekly", flow_run_name=_name_run, persist_result=False)
@telling
def weekly(
    week_end: Annotated[date | None, titled("周末日 · week ending")] = None,
    accept: Annotated[dict[str, str] | None, titled("放行 · accept")] = None,
    by: Annotated[str, titled("放行人 · by")] = "",
    *,
    root: Annotated[Path, titled("工作目录 · root")],
    wait_seconds: Annotated[float, titled("等待秒数 · wait")] = 0,
    notify: Annotated[bool, titled("通知 · notify")] = False,
) -> WeeklyRun:
    """每周运行：载入新批次，检查，写出 reports/<周末日>/。

    The weekly run: loads new deliveries, checks them, writes reports/<week ending>/.

    Args:
        week_end: 一周的最后一天；留空：最近一个完整的通报周和漏出的各周 · last day of the week; empty: the last complete
            bulletin week, and missed weeks
        accept: 放行的检查和理由 · rules to waive, with the reason: {"days_covered": "7月20日系统停机"}
        by: 谁放行 · who waives them
        root: 不必改动 · leave it as it is
        wait_seconds: 有其他运行时最多等多少秒 · how long to wait for another run to end
        notify: 按设置发邮件或群消息 · send messages as the settings say
    """
    project, waive = open_own_root(root), WaiverRequest(accept or {}, by)
    try:
        run = run_weekly(
            project,
            week_end,
            LogProgress(),
            waive=waive,
            wait_seconds=wait_seconds,
            notify=notify,
            runner=as_task,
        )
    except CheckFailed:
        folder = project.draft_folder(choose_week(project.calendar, week_end).end)
        show_markdown("checks", folder / "checks.md", folder.name)
        raise
    show_markdown("section", run.folder / "statistics.md", run.folder.name)
    show_table("figures", _list_figures(run.statistics), run.folder.name)
    show_markdown("checks", run.folder / "checks.md", run.folder.name)
    pages = [run.folder / "statistics.html", run.folder / "checks.html", project.reports / "index.html"]
    show_links("report", project, pages)
    return run


def _list_figures(statistics: Statistics) -> list[dict[str, object]]:
    return [
        {
            "组别": figures.label,
            "受理": figures.year_to_date.accepted,
            "办结": figures.year_to_date.completed,
            "本周受理": figures.week.accepted,
            "本周办结": figures.week.completed,
            "结转": figures.year_to_date.carried_over,
        }
        for figures in statistics.groups
    ]
