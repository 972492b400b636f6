"""维护: making, mending, taking back."""

import argparse
from fractions import Fraction
from typing import TYPE_CHECKING

from flows.commands.common import (
    KEEPING,
    Arguments,
    Command,
    Say,
    add_decisions,
    add_memory,
    add_notify,
    add_question,
    add_wait,
    open_root,
    parse_day,
    read_decisions,
    read_question,
    run_recorded,
)
from flows.project import create_project, server_address
from flows.vocabulary import BadInput, CheckFailed, Text, WrongUsage

if TYPE_CHECKING:
    pass


def _no_arguments(_own: argparse._ArgumentGroup, _say: Say) -> None:
    """Nothing beside the common options."""


def _init(arguments: Arguments, language: str) -> int:
    from flows import console

    if arguments.root is None:
        raise WrongUsage(zh="请用 --root 目录 指明新建在哪里。", en="say where to make it: --root DIR.")
    project = create_project(arguments.root)
    if not arguments.quiet:
        folder, command = console.shorten(project.root), console.say_command(project, "receive")
        print(
            Text(
                f"已建立 {folder}（设置见 bulletin.toml）。下一步：{command} 文件…",
                f"made {folder} (its settings: bulletin.toml). Next: {command} FILE…",
            ).within(language)
        )
    return 0


def _withdraw_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "delivery",
        metavar="DELIVERY",
        help=say("批次名，如 2022-07-15（见 status）", "its name, e.g. 2022-07-15 (see status)"),
    )
    own.add_argument("--reason", required=True, help=say("为什么撤回（记入收件记录）", "why (it goes on the record)"))
    add_decisions(own, say)
    add_wait(own, say)


def _withdraw(arguments: Arguments, language: str) -> int:
    from flows import console, pipeline, summaries

    project, language = open_root(arguments, language)
    with console.show_progress(language, quiet=arguments.quiet) as progress:
        pipeline.withdraw(
            project,
            arguments.delivery,
            arguments.reason,
            progress,
            accepting=read_decisions(arguments),
            wait_seconds=arguments.wait,
        )
    if not arguments.quiet:
        command = console.say_command(project, f"weekly --week-ending {arguments.delivery[:10]}")
        print(
            Text(
                f"批次 {arguments.delivery} 已撤回，文件仍在 data/raw。重出报告，例如：{command}",
                f"delivery {arguments.delivery} is withdrawn; its files stay in data/raw. To write a report anew, e.g.: {command}",
            ).within(language),
            *summaries.list_unread(project, language),
            sep="\n",
        )
    return 0


def _rebuild_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    add_decisions(own, say)
    add_memory(own, say)
    add_wait(own, say)


def _rebuild(arguments: Arguments, language: str) -> int:
    from flows import console, pipeline, summaries

    project, language = open_root(arguments, language)
    with console.show_progress(language, quiet=arguments.quiet) as progress:
        before, after = pipeline.rebuild(
            project, progress, accepting=read_decisions(arguments), wait_seconds=arguments.wait
        )
    same = (
        Text("与重建前一致", "as before")
        if before == after
        else Text(f"重建前为 {before or '—'}", f"before: {before or '–'}")
    )
    told = Text(f"已重建，内容哈希 {after}（{same.zh}）", f"rebuilt, content hash {after} ({same.en})")
    print(told.within(language), *summaries.list_unread(project, language), sep="\n")
    return 0


def _rerun_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    first = say("第一天", "first day")
    own.add_argument("--from", dest="first", type=parse_day, metavar="D", required=True, help=first)
    last = say("最后一天，含", "last day, inclusive")
    own.add_argument("--to", dest="last", type=parse_day, metavar="D", required=True, help=last)
    add_question(own, say)
    own.add_argument("--json", action="store_true", help=say("输出 range.json 的内容", "print what range.json says"))
    add_notify(own, say)
    add_wait(own, say)


def _rerun(arguments: Arguments, language: str) -> int:
    from flows import console, ranges, summaries
    from flows.vocabulary import Window

    project, language = open_root(arguments, language)
    window, question = Window(arguments.first, arguments.last), read_question(arguments)
    if address := server_address():
        ranged = run_recorded(
            "rerun",
            project,
            address,
            arguments.quiet,
            first_day=window.start,
            last_day=window.end,
            as_of=arguments.as_of,
            known_on=arguments.known_on,
            wait_seconds=arguments.wait,
            notify=arguments.notify,
        )
    else:
        with console.show_progress(language, quiet=arguments.quiet) as progress:
            ranged = ranges.rerun(
                project, window, question, progress, wait_seconds=arguments.wait, notify=arguments.notify
            )
    if arguments.json:
        print((ranged.folder / "range.json").read_text(encoding="utf-8"), end="")
    else:
        print(summaries.describe_range(ranged, project, language))
    return CheckFailed.exit_code if ranged.failed else 0


def _up_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    port = say("页面的端口（默认见设置 port）", "port of the page (default: the setting port)")
    own.add_argument("--port", type=int, metavar="N", help=port)
    host = say("页面监听的地址（默认见设置 host）", "address it listens at (default: the setting host)")
    own.add_argument("--host", metavar="ADDRESS", help=host)


def _up(arguments: Arguments, language: str) -> int:
    from flows import console, service

    project, language = open_root(arguments, language)
    progress = console.Silence() if arguments.quiet else console.PlainLines(language)
    host, port = arguments.host or project.settings.host, arguments.port or project.settings.port
    service.serve(project, host, port, progress)
    return 0


def _sample_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "--scale",
        default="1/1000",
        metavar="S",
        help=say(
            "规模，1 为真实通报的 1920 万件（默认 1/1000）",
            "size; 1 is the 19.2 million cases of the real bulletin (default 1/1000)",
        ),
    )
    own.add_argument(
        "--seed",
        type=int,
        default=2022,
        metavar="N",
        help=say("随机种子（默认 2022）", "of the random numbers (default 2022)"),
    )
    own.add_argument(
        "--weeks",
        type=int,
        default=3,
        choices=range(1, 30),
        metavar="N",
        help=say("分成几个每周批次，最多 29（默认 3）", "weekly deliveries they come in, up to 29 (default 3)"),
    )


def _sample(arguments: Arguments, language: str) -> int:
    from flows import console
    from flows.deliveries import has_samples
    from flows.sample import write_sample
    from flows.warehouse import forget_everything

    project, language = open_root(arguments, language)
    is_renewed = has_samples(project)
    if is_renewed is False:
        raise BadInput(
            zh=f"{project.root} 里有真实数据，不能放入示例数据。请另建目录：bulletin init --root 目录",
            en=f"{project.root} holds real data and takes no samples. Make another root: bulletin init --root DIR",
        )
    files = write_sample(project.raw, scale=_parse_scale(arguments.scale), seed=arguments.seed, weeks=arguments.weeks)
    if is_renewed:
        forget_everything(project)
    if not arguments.quiet:
        size = sum(file.stat().st_size for file in files) / 1e6
        command = console.say_command(project, "weekly --week-ending 2022-07-22")
        print(
            Text(
                f"已写出示例数据 {len(files)} 个文件（{size:.1f} MB，虚构人员）。下一步：{command}",
                f"wrote {len(files)} sample files ({size:.1f} MB, invented persons). Next: {command}",
            ).within(language)
        )
    return 0


def _parse_scale(text: str) -> Fraction:
    try:
        scale = Fraction(text)
        if not 0 < scale <= 1:
            raise ValueError
    except (ValueError, ZeroDivisionError):
        raise WrongUsage(
            zh=f"--scale {text} 无效：应为大于 0、不大于 1 的数，如 1/1000 或 0.01。",
            en=f"--scale {text} is not allowed: a number above 0 and up to 1, such as 1/1000 or 0.01.",
        ) from None
    return scale


COMMANDS = (
    Command(
        "init",
        KEEPING,
        Text("新建工作目录", "make a root folder for real data"),
        Text(
            "建立 data/raw、data/editorial、data/warehouse、reports 和带注释的 bulletin.toml。",
            "Makes data/raw, data/editorial, data/warehouse, reports and a commented bulletin.toml.",
        ),
        "init --root /srv/bulletin",
        _no_arguments,
        _init,
    ),
    Command(
        "rerun",
        KEEPING,
        Text("重出任意区间：各周报告和区间合计", "write any range again: its weeks and its own figures"),
        Text(
            "区间内截止的每个通报周写入 reports/<起>_<止>/<周末日>/，区间自身的数字写入 reports/<起>_<止>/；\n"
            "不改动 reports/<周末日>/。中断后再运行同一命令，从断处继续。",
            "Every bulletin week that ends in the range goes to reports/<from>_<to>/<week ending>/, the range's own figures to\n"
            "reports/<from>_<to>/; reports/<week ending>/ is never touched. Stopped, the same command goes on where it was.",
        ),
        "rerun --from 2022-07-04 --to 2022-07-22",
        _rerun_arguments,
        _rerun,
    ),
    Command(
        "up",
        KEEPING,
        Text("启动服务：每周自动运行，网页表单重出", "run the service: weekly by itself, reruns by a form"),
        Text(
            "启动本机的 Prefect 服务（已设 PREFECT_API_URL 时用该服务），登记 weekly 和 rerun；Ctrl-C 停止。",
            "Starts a local Prefect server (or uses the one of PREFECT_API_URL) and serves weekly and rerun; Ctrl-C stops it.",
        ),
        "up --root /srv/bulletin",
        _up_arguments,
        _up,
    ),
    Command(
        "withdraw",
        KEEPING,
        Text("撤回一个载入错了的批次", "take a wrong delivery back"),
        Text(
            "记录原因，重建数据仓库，如同该批次从未来过。\n文件仍留在 data/raw；要恢复，重新 receive 即可。",
            "Notes the reason and rebuilds the warehouse as if the delivery had never come.\n"
            "Its files stay in data/raw; to bring it back, receive them again.",
        ),
        'withdraw 2022-07-15 --reason "错发了上月数据"',
        _withdraw_arguments,
        _withdraw,
    ),
    Command(
        "rebuild",
        KEEPING,
        Text("从 data/raw 重建数据仓库并比对", "rebuild the warehouse from data/raw and compare"),
        Text(
            "用 data/raw 和收件记录从头重建，检查，换上，并比较内容哈希。",
            "Builds the warehouse anew from data/raw and its receipts, checks it, swaps it in\nand compares the content hashes.",
        ),
        "rebuild",
        _rebuild_arguments,
        _rebuild,
    ),
    Command(
        "sample",
        KEEPING,
        Text("写出示例批次（虚构数据）", "write sample deliveries (invented)"),
        Text(
            "若干每周批次，数字是真实通报的 1/1000；每次内容相同。\n真实数据所在的目录不接受示例数据。",
            "Weekly deliveries at 1/1000 of the real bulletin, the same each time.\nA root with real data takes no samples.",
        ),
        "sample --scale 1/100",
        _sample_arguments,
        _sample,
    ),
)
