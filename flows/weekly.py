"""The weekly run as a Prefect flow: the same steps, in the same order, each a recorded task."""

from datetime import date
from pathlib import Path

from prefect import flow
from prefect.runtime import flow_run

from flows import pipeline
from flows.gates import Decisions
from flows.project import open_project
from flows.recording import LogProgress, as_task, show_links, show_markdown, show_table
from flows.vocabulary import CheckFailed, Statistics


def _name_run() -> str:
    """A scheduled run is given no week: its name says which one it is for."""
    given = flow_run.parameters["week_end"]
    return f"week-ending-{pipeline.choose_week(date.fromisoformat(str(given)) if given else None).end}"


@flow(name="weekly", flow_run_name=_name_run, persist_result=False)
def weekly(
    root: Path,
    week_end: date | None = None,
    wait_seconds: float = 0,
    accept: dict[str, str] | None = None,
    by: str = "",
    notify: bool = False,
) -> pipeline.WeeklyRun:
    """`bulletin weekly` 每周运行 as a recorded run: takes in what waits, writes the week's report.

    Args:
        root: the root folder 工作目录
        week_end: last day of the week 周末日; none: the last complete bulletin week, and those that were missed
        wait_seconds: how long to wait for another run to end 等待其他运行的秒数
        accept: rule → reason 放行的检查和理由
        by: who lets them through 放行人
        notify: send messages as the settings say 按设置通知
    """
    project, accepting = open_project(root), Decisions(accept or {}, by)
    try:
        run = pipeline.weekly(
            project,
            week_end,
            LogProgress(),
            accepting=accepting,
            wait_seconds=wait_seconds,
            notify=notify,
            run=as_task,
        )
    except CheckFailed:
        folder = project.draft_folder(pipeline.choose_week(week_end).end)
        show_markdown("checks", folder / "checks.md", folder.name)
        raise
    show_markdown("section", run.folder / "statistics.md", run.folder.name)
    show_table("figures", _list_figures(run.statistics), run.folder.name)
    show_markdown("checks", run.folder / "checks.md", run.folder.name)
    show_links("report", [run.folder / "statistics.html", run.folder / "checks.html", project.reports / "index.html"])
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
