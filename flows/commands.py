"""The subcommands: the arguments of each, the one call it makes, what it says.

Slow modules are imported inside, so that help costs nothing.
"""

import argparse
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from flows.project import Project, create_project, open_project, server_address
from flows.vocabulary import BadInput, Text, UserError, WrongUsage

if TYPE_CHECKING:
    from flows.pipeline import WeeklyRun

GROUPS = _WEEKLY, _ASKING, _KEEPING = (Text("每周", "every week"), Text("追问", "asking"), Text("维护", "keeping"))
Arguments = argparse.Namespace
Say = Callable[[str, str], str]


@dataclass(frozen=True)
class Command:
    """One subcommand: its help in both languages, one example, its own arguments, and what it does."""

    name: str
    group: Text
    summary: Text
    details: Text
    example: str
    add_arguments: Callable[[argparse._ArgumentGroup, Say], None]
    run: Callable[[Arguments, str], int]


def _open_root(arguments: Arguments, language: str) -> tuple[Project, str]:
    """The root, and the language of messages: --lang, else the root's setting, else the locale."""
    project = open_project(arguments.root)
    return project, arguments.lang or project.settings.language or language


def _weekly_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "--week-ending",
        type=_parse_day,
        metavar="D",
        help=say(
            "周末日，如 2022-07-22（默认：今天之前最近一个完整的通报周）",
            "last day of the week, e.g. 2022-07-22 (default: the last complete bulletin week)",
        ),
    )
    own.add_argument(
        "--json", action="store_true", help=say("输出 statistics.json 的内容", "print what statistics.json says")
    )
    _add_wait(own, say)


def _weekly(arguments: Arguments, language: str) -> int:
    from flows import console, pipeline

    project, language = _open_root(arguments, language)
    if server_address():
        run = _run_recorded(project.root, arguments)
    else:
        with console.show_progress(language, quiet=arguments.quiet) as progress:
            run = pipeline.weekly(project, arguments.week_ending, progress, wait_seconds=arguments.wait)
    if arguments.json:
        print((run.folder / "statistics.json").read_text(encoding="utf-8"), end="")
    else:
        print(console.summarise_week(run, project, language))
    return 0


def _run_recorded(root: Path, arguments: Arguments) -> "WeeklyRun":
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_ENABLED", "false")
    os.environ.setdefault("PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    if arguments.quiet:
        os.environ.setdefault("PREFECT_LOGGING_LEVEL", "ERROR")
    import httpx

    from flows.weekly import weekly

    try:
        return weekly(root, arguments.week_ending, arguments.wait)
    except UserError as error:
        raise error.with_traceback(None) from None  # the recorded state keeps the error, and would keep every frame
    except (httpx.TransportError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "Failed to reach API" not in str(error):
            raise
        address = server_address()
        raise BadInput(
            zh=f"连不上 Prefect 服务 {address}。请启动它，或取消环境变量 PREFECT_API_URL 直接运行。",
            en=f"The Prefect server {address} does not answer. Start it, or unset PREFECT_API_URL to run without it.",
        ) from None


def _receive_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help=say("导出文件（.csv .txt .tsv .xlsx）", "exported files (.csv .txt .tsv .xlsx)"),
    )
    own.add_argument(
        "--cut-off",
        type=_parse_day,
        metavar="D",
        help=say(
            "数据完整到哪一天（默认：按文件名或内容推断）",
            "the day they are complete through (default: told by name or content)",
        ),
    )


def _receive(arguments: Arguments, language: str) -> int:
    from flows import console
    from flows.receiving import receive

    project, language = _open_root(arguments, language)
    received = receive(project, arguments.files, arguments.cut_off)
    if not arguments.quiet:
        print(console.describe_receiving(received, project, language))
    return 0


def _status_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument("--json", action="store_true", help=say("以 JSON 输出", "print as JSON"))


def _status(arguments: Arguments, language: str) -> int:
    from flows import console
    from flows.status import read_status

    project, language = _open_root(arguments, language)
    status = read_status(project)
    print(console.write_json(asdict(status)) if arguments.json else console.describe_status(status, project, language))
    return 0


def _quarantine_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument("--json", action="store_true", help=say("以 JSON 输出", "print as JSON"))
    out = say("写入文件（.csv .xlsx .json）", "write to a file (.csv .xlsx .json)")
    own.add_argument("--out", type=Path, metavar="FILE", help=out)


def _quarantine(arguments: Arguments, language: str) -> int:
    from flows import console
    from flows.listing import write_listing
    from flows.warehouse import open_read_only, read_loaded

    project, language = _open_root(arguments, language)
    rows: list[dict[str, object]] = []
    if read_loaded(project)[0]:
        with open_read_only(project) as engine:
            rows = engine.table("quarantine")
    if arguments.out:
        write_listing(arguments.out, rows, console.QUARANTINE_COLUMNS)
    if arguments.json:
        print(console.write_json(rows))
    elif not arguments.out:
        print(console.describe_quarantine(rows, language))
    elif not arguments.quiet:
        print(
            Text(f"{len(rows)} 条，已写入 {arguments.out}", f"{len(rows)} items written to {arguments.out}").within(
                language
            )
        )
    return 0


def _check_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "paths",
        type=Path,
        nargs="+",
        metavar="PATH",
        help=say("导出文件或文件夹", "exported files, or folders of them"),
    )


def _check(arguments: Arguments, language: str) -> int:
    from flows import console
    from flows.checking import check_files
    from flows.expectations import refuse_failures

    project, language = _open_root(arguments, language)
    with console.show_progress(language, quiet=arguments.quiet) as progress:
        checked = check_files(project, arguments.paths, progress)
    print(console.describe_checked(checked, language))
    refuse_failures(checked.checks)
    return 0


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
    _add_wait(own, say)


def _withdraw(arguments: Arguments, language: str) -> int:
    from flows import console, pipeline

    project, language = _open_root(arguments, language)
    with console.show_progress(language, quiet=arguments.quiet) as progress:
        pipeline.withdraw(project, arguments.delivery, arguments.reason, progress, wait_seconds=arguments.wait)
    if not arguments.quiet:
        command = console.say_command(project, f"weekly --week-ending {arguments.delivery[:10]}")
        print(
            Text(
                f"批次 {arguments.delivery} 已撤回，文件仍在 data/raw。重出报告，例如：{command}",
                f"delivery {arguments.delivery} is withdrawn; its files stay in data/raw. To write a report anew, e.g.: {command}",
            ).within(language)
        )
    return 0


def _rebuild(arguments: Arguments, language: str) -> int:
    from flows import console, pipeline

    project, language = _open_root(arguments, language)
    with console.show_progress(language, quiet=arguments.quiet) as progress:
        before, after = pipeline.rebuild(project, progress, wait_seconds=arguments.wait)
    same = (
        Text("与重建前一致", "as before")
        if before == after
        else Text(f"重建前为 {before or '—'}", f"before: {before or '–'}")
    )
    print(Text(f"已重建，内容哈希 {after}（{same.zh}）", f"rebuilt, content hash {after} ({same.en})").within(language))
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


def _sample(arguments: Arguments, language: str) -> int:
    from flows import console
    from flows.deliveries import has_samples
    from flows.sample import write_sample
    from flows.warehouse import forget_everything

    project, language = _open_root(arguments, language)
    is_renewed = has_samples(project)
    if is_renewed is False:
        raise BadInput(
            zh=f"{project.root} 里有真实数据，不能放入示例数据。请另建目录：bulletin init --root 目录",
            en=f"{project.root} holds real data and takes no samples. Make another root: bulletin init --root DIR",
        )
    files = write_sample(project.raw, scale=_parse_scale(arguments.scale), seed=arguments.seed)
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


def _parse_day(text: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        day = date.fromisoformat(text)
        if not 1990 <= day.year <= 2100:
            raise ValueError
        return day
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}” is no day; write it as 2022-07-22 · 日期应写作 2022-07-22"
        ) from None


def _add_wait(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "--wait",
        type=float,
        default=0,
        metavar="SECONDS",
        help=say("有其他运行时最多等多少秒", "wait that long for another run to end"),
    )


COMMANDS = (
    Command(
        "receive",
        _WEEKLY,
        Text("接收导出文件", "hand exported files in"),
        Text(
            "识别文件，推断截止日期，整份复制到 data/raw/<截止日期>/。\n复制中断不会留下半个文件；内容相同的文件只收一次。",
            "Recognises the files, proposes their cut-off and copies them whole into data/raw/<cut-off>/.\n"
            "A copy that breaks off leaves nothing; a content received before is not stored again.",
        ),
        "receive 行政许可_20220722.csv --cut-off 2022-07-22",
        _receive_arguments,
        _receive,
    ),
    Command(
        "weekly",
        _WEEKLY,
        Text("载入新批次，出一周的统计段落", "load what is new, write the week's section"),
        Text(
            "载入 data/raw 中尚未载入的批次（全部成功或全部不动），检查，换上新的数据仓库，\n"
            "写出 reports/<周末日>/。没有新数据时只重新写出报告。",
            "Takes in every delivery not yet loaded (all or nothing), checks, swaps the new warehouse in\n"
            "and writes reports/<week ending>/. With nothing new it only writes the report again.",
        ),
        "weekly --week-ending 2022-07-22",
        _weekly_arguments,
        _weekly,
    ),
    Command(
        "status",
        _ASKING,
        Text("看现状：已载入、待载入、隔离、检查", "what is loaded, what waits, what is open"),
        Text(
            "列出批次、待载入的文件、隔离行数、警告，以及数据仓库的大小和内容哈希。",
            "Lists deliveries, waiting files, quarantined rows, warnings, the warehouse's size and content hash.",
        ),
        "status --json",
        _status_arguments,
        _status,
    ),
    Command(
        "quarantine",
        _ASKING,
        Text("列出隔离的行：在哪里、是什么、为什么", "list the quarantined rows: where, what, why"),
        Text(
            "逐项列出批次、文件、工作表、行、列、值和原因；--out 写成文件。不含个人信息列的值。",
            "Lists delivery, file, sheet, row, column, value and reason of each; --out writes a file.\n"
            "Never a value of a personal column.",
        ),
        "quarantine --out 隔离.xlsx",
        _quarantine_arguments,
        _quarantine,
    ),
    Command(
        "check",
        _ASKING,
        Text("看文件会怎样被读入，不载入", "how files would be read, without loading them"),
        Text(
            "显示编码、表头、列的含义、事项类型、会被隔离的行，并运行检查。不写任何文件。",
            "Shows encoding, header, what each column means, the types found and the rows that would be quarantined,\n"
            "and runs the checks. Writes nothing.",
        ),
        "check 行政许可_20220722.csv",
        _check_arguments,
        _check,
    ),
    Command(
        "init",
        _KEEPING,
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
        "withdraw",
        _KEEPING,
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
        _KEEPING,
        Text("从 data/raw 重建数据仓库并比对", "rebuild the warehouse from data/raw and compare"),
        Text(
            "用 data/raw 和收件记录从头重建，检查，换上，并比较内容哈希。",
            "Builds the warehouse anew from data/raw and its receipts, checks it, swaps it in\nand compares the content hashes.",
        ),
        "rebuild",
        _add_wait,
        _rebuild,
    ),
    Command(
        "sample",
        _KEEPING,
        Text("写出示例批次（虚构数据）", "write sample deliveries (invented)"),
        Text(
            "三个每周批次，数字是真实通报的 1/1000；每次内容相同。\n真实数据所在的目录不接受示例数据。",
            "Three weekly deliveries at 1/1000 of the real bulletin, the same each time.\nA root with real data takes no samples.",
        ),
        "sample --scale 1/100",
        _sample_arguments,
        _sample,
    ),
)
