"""init 新建: make a root folder."""

import argparse

from flows.cli.common import KEEPING, Arguments, Command
from flows.domain.text import Text, WrongUsage, say
from flows.root.project import create_project

COMMAND = Command(
    "init",
    KEEPING,
    Text("make a root folder for real data"),
    Text("Makes data/raw, data/editorial, data/warehouse, reports and a commented bulletin.toml."),
    "init --root /srv/bulletin",
)


def add_arguments(_own: argparse._ArgumentGroup) -> None:
    """Only the common options."""


def run(arguments: Arguments) -> int:
    from flows.cli import terminal
    from flows.cli.terminal import say_command

    if arguments.root is None:
        raise WrongUsage("give the folder to make: --root DIR.")
    project = create_project(arguments.root)
    if not arguments.quiet:
        folder, command = terminal.shorten(project.root), say_command(project, "receive")
        print(say("made {folder} (its settings: bulletin.toml). Next: {command} FILE…", folder=folder, command=command))
    return 0
