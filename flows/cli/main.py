"""The console command `bulletin`, with the exit codes of docs/architecture.md §3."""

import argparse
import contextlib
import errno
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from flows.cli import (
    check,
    explain,
    init,
    publish,
    quarantine,
    query,
    rebuild,
    receive,
    rerun,
    revisions,
    sample,
    status,
    up,
    verify,
    weekly,
    withdraw,
)
from flows.cli.common import GROUPS, Door, Say
from flows.domain.text import BadInput, Text, UserError, WrongUsage
from flows.root.settings import preferred_language

# In the order of help.
_DOORS: tuple[Door, ...] = (
    *(receive, weekly, publish, revisions),
    *(status, quarantine, explain, query, verify, check),
    *(init, rerun, up, withdraw, rebuild, sample),
)
COMMANDS = tuple(door.COMMAND for door in _DOORS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 if done, 2 for wrong usage, 3 to 6 for other errors a user can fix. Bugs raise."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = _find_language(words)
    parsed = build_parser(language).parse_args(words)
    try:
        return int(parsed.run(parsed, parsed.lang or language))
    except UserError as error:
        print(error.text.within(parsed.lang or language), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has closed it, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a full disk, a missing permission, a file instead of a folder
        if error.filename is None and error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(_describe_place(error).within(parsed.lang or language), file=sys.stderr)
        return BadInput.exit_code
    except KeyboardInterrupt:
        print(
            Text("已中断；数据仓库保持原样。", "interrupted; the warehouse stays as it was.").within(language),
            file=sys.stderr,
        )
        return 130


def _describe_place(error: OSError) -> Text:
    return Text(
        f"{error.filename or '磁盘'}：{error.strerror}。请检查路径、权限和磁盘空间，再运行一次。",
        f"{error.filename or 'the disk'}: {error.strerror}. Check the path, its permissions and the disk space, then run again.",
    )


def run() -> None:
    """The console command. It exits without an orderly shutdown of Python, which would take half a second."""
    code = 1
    try:
        code = main()
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else WrongUsage.exit_code
    except BaseException:  # a bug: traceback and exit code 1
        traceback.print_exc()
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    sys.stderr.flush()
    if "prefect" in sys.modules:
        sys.exit(code)  # it may still have log lines to send
    os._exit(code)


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(WrongUsage.exit_code, f"{self.prog}: {message}\n{self.prog} --help\n")


def build_parser(language: str) -> Parser:
    def say(zh: str, en: str) -> str:
        return Text(zh, en).within(language)

    parser = Parser(
        prog="bulletin",
        add_help=False,
        allow_abbrev=False,
        usage="bulletin COMMAND [--root DIR] …",
        description=_list_commands(language),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(root=None, lang=None, quiet=False)
    _add_common(parser.add_argument_group(say("每个命令都有的选项", "options of every command")), say)
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", help=argparse.SUPPRESS, prog="bulletin"
    )
    for door in _DOORS:
        _add_command(commands, door, language, say)
    return parser


def _add_command(commands: Any, door: Door, language: str, say: Say) -> None:
    command = door.COMMAND
    parser = commands.add_parser(
        command.name,
        add_help=False,
        allow_abbrev=False,
        description=f"{command.summary.within(language)}\n\n{command.details.within(language)}",
        epilog=f"{say('例如', 'example')}:  bulletin {command.example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    own = parser.add_argument_group(say("参数", "arguments"))
    door.add_arguments(own, say)
    _add_common(parser.add_argument_group(say("通用选项", "common options")), say)
    parser.set_defaults(run=door.run)


def _add_common(group: argparse._ArgumentGroup, say: Say) -> None:
    """Accepted before and after the command, hence no defaults here: they would override options before it."""
    suppressed: dict[str, Any] = {"default": argparse.SUPPRESS}
    root = say(
        "工作目录（默认：环境变量 BULLETIN_ROOT，否则为带示例数据的程序目录）",
        "root folder (default: BULLETIN_ROOT, else the checkout with its sample data)",
    )
    group.add_argument("--root", type=Path, metavar="DIR", help=root, **suppressed)
    language = say("提示信息的语言", "language of messages")
    group.add_argument("--lang", choices=("zh", "en"), help=language, **suppressed)
    quiet = say("不显示进度", "show no progress")
    group.add_argument("--quiet", action="store_true", help=quiet, **suppressed)
    group.add_argument("-h", "--help", action="help", help=say("显示本帮助", "show this help"))


def _list_commands(language: str) -> str:
    title = Text(
        "把政务服务平台的办件导出汇成数据仓库和每周通报的统计段落。",
        "From the case exports of a government-service platform to a warehouse and the statistics section of the bulletin.",
    )
    lines = [title.within(language)]
    for group in GROUPS:
        lines += ["", f"{group.zh} · {group.en}"]
        lines += [f"  {c.name:<10} {c.summary.within(language)}" for c in COMMANDS if c.group == group]
    return "\n".join(lines)


def _find_language(words: list[str]) -> str:
    """The language has to be known before the arguments are parsed: help is written in it."""
    for i, word in enumerate(words):
        value = (
            word.removeprefix("--lang=")
            if word.startswith("--lang=")
            else "".join(words[i + 1 : i + 2])
            if word == "--lang"
            else ""
        )
        if value in ("zh", "en"):
            return value
    return preferred_language()


if __name__ == "__main__":
    run()
