"""The subcommands: the arguments of each, the one call it makes, what it says.

Slow modules are imported inside, so that help costs nothing.
"""

from flows.commands import asking, every_week, keeping
from flows.commands.common import GROUPS, Command, Say

__all__ = ["COMMANDS", "GROUPS", "Command", "Say"]

COMMANDS = (*every_week.COMMANDS, *asking.COMMANDS, *keeping.COMMANDS)
