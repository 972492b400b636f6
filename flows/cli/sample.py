"""sample 示例: write sample deliveries."""

import argparse
from fractions import Fraction

from flows.cli.common import KEEPING, Arguments, Command, Say, open_root
from flows.domain.text import Text, WrongUsage

COMMAND = Command(
    "sample",
    KEEPING,
    Text("写出示例批次（虚构数据）", "write sample deliveries (invented)"),
    Text(
        "若干每周批次，数字是真实通报的 1/1000；每次内容相同。\n真实数据所在的目录不接受示例数据。",
        "Weekly deliveries at 1/1000 of the real bulletin, the same each time.\nA root with real data cannot take samples.",
    ),
    "sample --scale 1/100",
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
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
        help=say("随机种子（默认 2022）", "seed of the random numbers (default 2022)"),
    )
    own.add_argument(
        "--weeks",
        type=int,
        default=3,
        choices=range(1, 30),
        metavar="N",
        help=say("分成几个每周批次，最多 29（默认 3）", "number of weekly deliveries, up to 29 (default 3)"),
    )


def run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import say_command
    from flows.jobs.sample import renew_samples

    project, language = open_root(arguments, language)
    scale = _parse_scale(arguments.scale)
    files = renew_samples(project, scale=scale, seed=arguments.seed, weeks=arguments.weeks)
    if not arguments.quiet:
        size = sum(file.stat().st_size for file in files) / 1e6
        command = say_command(project, "weekly --week-ending 2022-07-22")
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
