"""status 现状: deliveries, files to load, open rows, problems."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from flows.cli.common import ASKING, Arguments, Command, Say, add_json, open_root
from flows.cli.terminal import draw_table, shorten
from flows.domain.runs import Overview
from flows.domain.text import CheckFailed, Text
from flows.root.project import Project

if TYPE_CHECKING:
    from flows.jobs.status import Status

COMMAND = Command(
    "status",
    ASKING,
    Text("看现状：已载入、待载入、隔离、检查", "deliveries, new files, open rows, verdicts"),
    Text(
        "列出批次、待载入的文件、隔离行数、警告，以及数据仓库的大小和内容哈希。",
        "Lists deliveries, files to load, quarantined rows, warnings, the size and content hash of the warehouse.",
    ),
    "status --json",
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    add_json(own, say)
    own.add_argument(
        "--health",
        action="store_true",
        help=say(
            "只说是否正常：退出码 0 或 4，供监控使用",
            "only print whether there are problems: exit code 0 or 4, for monitoring",
        ),
    )


def run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import write_json
    from flows.jobs.status import read_overview, read_status

    project, language = open_root(arguments, language)
    if arguments.health:
        overview = read_overview(project)
        print(describe_health(overview, language))
        return CheckFailed.exit_code if overview.problems else 0
    status = read_status(project)
    print(write_json(asdict(status)) if arguments.json else describe_status(status, project, language))
    return 0


def describe_status(status: "Status", project: Project, language: str) -> str:
    """Deliveries as a table, then one line each: waiting, quarantine, warnings, warehouse, reports."""
    header = Text(
        "批次,截止,收到,文件,读入,载入,重复,隔离", "delivery,cut-off,received,files,read,loaded,repeated,quarantined"
    )
    keys = (
        "delivery_id",
        "cut_off",
        "received_on",
        "file_count",
        "rows_read",
        "rows_loaded",
        "rows_repeated",
        "rows_quarantined",
    )
    rows = [[str(delivery[key]) for key in keys] for delivery in status.deliveries]
    age = Text(f"（{status.warehouse_age_days} 天前）", f" ({status.warehouse_age_days} days ago)").within(language)
    built = f"{status.warehouse_built_at:%Y-%m-%d %H:%M}{age}" if status.warehouse_built_at else "–"
    warned = ", ".join(status.checks_failed_or_warned) or "–"
    facts = Text(
        f"待载入文件 {len(status.waiting)} 个：{'、'.join(status.waiting[:5]) or '–'}\n"
        f"办件 {status.cases} 件，隔离 {status.rows_quarantined} 行（未处理 {status.rows_open}），警告：{warned}\n"
        f"数据仓库 {status.warehouse_bytes / 1e6:.1f} MB，建于 {built}，内容哈希 {status.content_hash or '–'}\n"
        f"已出报告：{'、'.join(status.reports[-5:]) or '–'}；尚未刊发 {len(status.unpublished)} 期\n"
        f"下次运行：{_say_next(status, '服务未运行（bulletin up）')}",
        f"files to load {len(status.waiting)}: {', '.join(status.waiting[:5]) or '–'}\n"
        f"cases {status.cases}, rows quarantined {status.rows_quarantined} (open: {status.rows_open}), warnings: {warned}\n"
        f"warehouse {status.warehouse_bytes / 1e6:.1f} MB, built {built}, content hash {status.content_hash or '–'}\n"
        f"reports: {', '.join(status.reports[-5:]) or '–'}; not yet published: {len(status.unpublished)}\n"
        f"next run: {_say_next(status, 'no service runs (bulletin up)')}",
    )
    runs = [
        (
            run.at[:16].replace("T", " "),
            run.command,
            run.verdict,
            f"{run.seconds.get('total', 0):.1f}",
            str(run.exit_code),
        )
        for run in status.runs
    ]
    titles = Text("运行,命令,结果,秒,退出码", "run,command,outcome,seconds,exit code").within(language).split(",")
    problems = [f"✗ {problem.within(language)}" for problem in status.problems]
    place = f"{shorten(project.root)} · {status.profile}" + (" · 示例数据 / invented data" if status.is_sample else "")
    deliveries = draw_table(header.within(language).split(","), rows, left=3)
    last = draw_table(titles, runs, left=3) if runs else []
    return "\n".join([place, *deliveries, facts.within(language), *last, *problems])


def describe_health(overview: Overview, language: str) -> str:
    """One line: ok, or the problems."""
    if not overview.problems:
        return Text("正常", "ok").within(language)
    return Text("；", "; ").within(language).join(problem.within(language) for problem in overview.problems)


def _say_next(status: "Status", none: str) -> str:
    return f"{status.next_run:%Y-%m-%d %H:%M}" if status.next_run else none
