"""sample 示例: write sample deliveries."""

import argparse
from fractions import Fraction

from flows.cli.common import KEEPING, Arguments, Command, open_root
from flows.domain.text import CommandLine, Text, WrongUsage, say
from flows.root.command_line import shorten

COMMAND = Command(
    "sample",
    KEEPING,
    Text("write sample deliveries (invented)"),
    Text(
        "Weekly deliveries at 1/1000 of the real bulletin, the same each time.\n"
        "A folder that is missing or empty becomes a root; one with real data cannot take samples."
    ),
    "sample --scale 1/100",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    own.add_argument(
        "--scale",
        default="1/1000",
        metavar="S",
        help=say("size; 1 is the 19.2 million cases of the real bulletin (default 1/1000)"),
    )
    own.add_argument(
        "--seed",
        type=int,
        default=2022,
        metavar="N",
        help=say("seed of the random numbers (default 2022)"),
    )
    own.add_argument(
        "--weeks",
        type=int,
        default=3,
        choices=range(1, 30),
        metavar="N",
        help=say("number of weekly deliveries, up to 29 (default 3)"),
    )


def run(arguments: Arguments) -> int:
    from flows.jobs.sample import make_missing_root, renew_samples

    scale = _parse_scale(arguments.scale)
    made = make_missing_root(arguments.root)
    project = open_root(arguments)
    files = renew_samples(project, scale=scale, seed=arguments.seed, weeks=arguments.weeks)
    if not arguments.quiet:
        if made:
            print(say("made {folder} (its settings: bulletin.toml).", folder=shorten(made.root)))
        size = sum(file.stat().st_size for file in files) / 1e6
        command = CommandLine("weekly --week-ending 2022-07-22")
        print(
            say(
                "wrote {files} sample files ({size:.1f} MB, invented persons). Next: {command}",
                files=len(files),
                size=size,
                command=command,
            )
        )
    return 0


def _parse_scale(text: str) -> Fraction:
    try:
        scale = Fraction(text)
        if not 0 < scale <= 1:
            raise ValueError
    except (ValueError, ZeroDivisionError):
        raise WrongUsage(
            "--scale {text} is not allowed: a number above 0 and up to 1, such as 1/1000 or 0.01.", text=text
        ) from None
    return scale
