"""What a command lacks is asked for on the terminal, so that it can be run as it is printed."""

import shlex
import sys
from pathlib import Path

from flows.domain.calendar import now
from flows.domain.names import refuse_example
from flows.domain.text import Text, WrongUsage
from flows.root.keys import owns_key
from flows.root.project import Project
from flows.root.signers import Role, read_signers


def ask_for(question: Text, option: str) -> str:
    """What somebody types.

    Raises:
        WrongUsage: there is no terminal, nothing was typed, or a word out of an example.
    """
    typed = input(f"{question} ").strip() if sys.stdin.isatty() else ""
    if not typed:
        raise WrongUsage("{question} Give it by {option}.", question=question, option=option)
    refuse_example(typed)
    return typed


def ask_for_number(question: Text, option: str) -> int:
    """Raises: as `ask_for`; WrongUsage: it is no whole number."""
    typed = ask_for(question, option)
    if not typed.isdecimal():
        raise WrongUsage("{typed} is not a whole number. Give it by {option}.", typed=typed, option=option)
    return int(typed)


def ask_for_files(question: Text, option: str) -> list[Path]:
    """Paths, as they are typed, or dragged into a terminal."""
    return [Path(word).expanduser() for word in shlex.split(ask_for(question, option))]


def choose_signer(project: Project, role: Role | None, question: Text) -> str:
    """The one person who may sign as `role` (None: as any) and whose key is here, else whom somebody names; '' where nobody may."""
    signers = read_signers(project)
    today = now().date()
    may = [s for s in signers if role in (None, s.role) and s.may_sign(today)]
    names = list(dict.fromkeys(s.name for s in may))
    own = list(dict.fromkeys(s.name for s in may if owns_key(s.name, s.key)))
    if len(own) == 1:
        return own[0]
    if not signers:
        return ""
    return ask_for(Text("{question} ({names})", question=question, names=own or names), "--by")
