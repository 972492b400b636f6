"""init 新建: make a root folder."""

import argparse

from flows.cli.common import KEEPING, Arguments, Command, Say
from flows.domain.text import Text, WrongUsage
from flows.root.project import create_project

COMMAND = Command(
    "init",
    KEEPING,
    Text("新建工作目录", "make a root folder for real data"),
    Text(
        "建立 data/raw、data/editorial、data/warehouse、reports 和带注释的 bulletin.toml。",
        "Makes data/raw, data/editorial, data/warehouse, reports and a commented bulletin.toml.",
    ),
    "init --root /srv/bulletin",
)


def add_arguments(_own: argparse._ArgumentGroup, _say: Say) -> None:
    """Only the common options."""


def run(arguments: Arguments, language: str) -> int:
    from flows.cli import terminal
    from flows.cli.terminal import say_command

    if arguments.root is None:
        raise WrongUsage(zh="请用 --root 目录 指明新建在哪里。", en="give the folder to make: --root DIR.")
    project = create_project(arguments.root)
    if not arguments.quiet:
        folder, command = terminal.shorten(project.root), say_command(project, "receive")
        print(
            Text(
                f"已建立 {folder}（设置见 bulletin.toml）。下一步：{command} 文件…",
                f"made {folder} (its settings: bulletin.toml). Next: {command} FILE…",
            ).within(language)
        )
    return 0
