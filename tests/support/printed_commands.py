"""Commands as a reader finds them in what is printed: each is typed as it stands."""

import re
import shlex

from flows.cli.main import COMMANDS, build_parser
from flows.domain.names import refuse_example

_NAMES = "|".join(command.name for command in COMMANDS)
_COMMAND = re.compile(
    rf"(?:^|(?<=\s)|(?<=[：（(“`>]))(?P<program>\S*bulletin|\S*python\S* -m flows\.cli) (?P<words>(?:{_NAMES})(?: .*)?)$",
    re.M,
)
# What was run, and by whom, is named in the same words.
_REPORTED = re.compile(
    r"\(process |the last run failed|最近一次运行未完成|^[0-9-]{10} [0-9:]{5} |is in progress|waiting for |\"command\": "
)
_PLACES = {
    "NAME",
    "FILE",
    "FILE…",
    "DIR",
    "WHY",
    "D",
    "KEY",
    "SECONDS",
    "COMMAND",
    "姓名",
    "文件",
    "文件…",
    "目录",
    "原因",
}


def find_commands(text: str) -> list[list[str]]:
    """The words of each command, without the program: a command goes on to the end of its line."""
    lines = "\n".join(line for line in text.splitlines() if not _REPORTED.search(line))
    return [shlex.split(found["words"]) for found in _COMMAND.finditer(lines)]


def refuse_untypeable(text: str) -> None:
    """Fails for a command that could not be run as it is printed."""
    for words in find_commands(text):
        assert not _PLACES & set(words), f"a place to be filled in: {words}"
        for word in words:
            refuse_example(word)
        try:
            build_parser().parse_args(words)
        except SystemExit as ending:
            if ending.code:  # but --help
                raise AssertionError(f"no command: {words}") from None
