"""What people read, in both languages: sentences, progress, and the errors a user can fix."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol


@dataclass(frozen=True)
class Text:
    """One sentence in both languages of the project."""

    zh: str
    en: str

    def within(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class Progress(Protocol):
    """Shows a waiting user what is being done."""

    def step(self, text: Text) -> None:
        """A new part of the work begins."""

    def detail(self, text: Text) -> None:
        """A detail of it, such as the next file."""


class UserError(Exception):
    """An error the user can fix: shown as one sentence, without traceback, with its own exit code."""

    exit_code: ClassVar[int]

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


class WrongUsage(UserError):
    exit_code = 2


class BadInput(UserError):
    exit_code = 3


class CheckFailed(UserError):
    """`rules` are the names of the broken rules."""

    exit_code = 4

    def __init__(self, *, zh: str, en: str, rules: Sequence[str] = ()) -> None:
        super().__init__(zh=zh, en=en)
        self.rules = list(rules)


class Locked(UserError):
    exit_code = 5


class NothingToDo(UserError):
    exit_code = 6
