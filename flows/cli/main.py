"""`bulletin …`: arguments in, one call, readable output, the exit code of the contract (docs/architecture.md §3)."""

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
from flows.cli.common import GROUPS, Command, Say
from flows.domain.text import BadInput, Text, UserError, WrongUsage
from flows.root.settings import preferred_language

# In the order in which help lists them.
COMMANDS: tuple[Command, ...] = tuple(
    each.COMMAND
    for each in (
        *(receive, weekly, publish, revisions),
        *(status, quarantine, explain, query, verify, check),
        *(init, rerun, up, withdraw, rebuild, sample),
    )
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 wrong usage, 3 to 6 the user's to mend; a bug raises."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = _find_language(words)
    parsed = build_parser(language).parse_args(words)
    try:
        return int(parsed.run(parsed, parsed.lang or language))
    except UserError as error:
        print(error.text.within(parsed.lang or language), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a full disk, a missing permission, a file where a folder belongs: not ours to mend
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
        f"{error.filename or 'the disk'}: {error.strerror}. Mend the path or its permissions, or make room, then run again.",
    )


def run() -> None:
    """The console command. What it has loaded is not taken down in order: nobody waits half a second for that."""
    code = 1
    try:
        code = main()
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else WrongUsage.exit_code
    except BaseException:  # a bug: it keeps its traceback and has the exit code of bugs
        traceback.print_exc()
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    sys.stderr.flush()
    if "prefect" in sys.modules:
        sys.exit(code)  # it still has log lines to send
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
    for command in COMMANDS:
        _add_command(commands, command, language, say)
    return parser


def _add_command(commands: Any, command: Command, language: str, say: Say) -> None:
    parser = commands.add_parser(
        command.name,
        add_help=False,
        allow_abbrev=False,
        description=f"{command.summary.within(language)}\n\n{command.details.within(language)}",
        epilog=f"{say('例如', 'example')}:  bulletin {command.example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    own = parser.add_argument_group(say("参数", "arguments"))
    command.add_arguments(own, say)
    _add_common(parser.add_argument_group(say("通用选项", "common options")), say)
    parser.set_defaults(run=command.run)


def _add_common(group: argparse._ArgumentGroup, say: Say) -> None:
    """Accepted before and after the command, hence no defaults here: they would undo what was said before it."""
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
    """The language is needed before the arguments are parsed, since help is written in it."""
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
