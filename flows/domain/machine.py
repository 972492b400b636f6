"""What the machine refuses: a full or failing disk, a missing permission, a file instead of a folder."""

from typing import TypeGuard

from flows.domain.text import BadInput, Text


def is_of_machine(error: BaseException) -> TypeGuard[OSError]:
    """Whether the system refused something; an error without its number is one of the program."""
    return isinstance(error, OSError) and error.errno is not None and not isinstance(error, BrokenPipeError)


def name_place(error: OSError) -> BadInput:
    """What the system refused, and where, as an error that the user can fix."""
    return BadInput(
        "{place}: {reason}. Check the path, its permissions and the disk space, then run again.",
        place=error.filename or Text("the disk"),
        reason=error.strerror,
    )
