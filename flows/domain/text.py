"""What people read, in both languages: sentences, progress, and the errors a user can fix.

A sentence is written in English where it is said, as a template with named places; its Chinese stands in zh.toml.
"""

import os
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from numbers import Number
from pathlib import Path
from typing import Any, ClassVar, Protocol

ZH = Path(__file__).with_name("zh.toml")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PLAIN_WORD = re.compile(r"[\w@%+=:,./-]+")
_language = ContextVar("language", default="en")
_typed = ContextVar("typed", default=("bulletin", ""))


def speak(language: str) -> None:
    """From here on, in this context, texts are written in `language`: zh or en. Until somebody says so, it is en."""
    _language.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """As `speak`, for a while."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def type_commands(program: str, root: str) -> None:
    """From here on, in this context, commands are shown as they are typed there: `program` and `root` are words of a shell, and
    without `root` none has to be given. Until somebody says so, it is `bulletin` alone.
    """
    _typed.set((program, root))


@contextmanager
def typing_commands(program: str, root: str) -> Iterator[None]:
    """As `type_commands`, for a while."""
    token = _typed.set((program, root))
    try:
        yield
    finally:
        _typed.reset(token)


def legible(name: str) -> str:
    """A name of a file as text: its bytes, where they are no UTF-8, are read as GB18030, as Chinese Windows writes them."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return "/".join(_decode(os.fsencode(part)) for part in name.split("/"))
    return name


def _decode(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("gb18030", "replace")


def printable(text: str) -> str:
    """A text without the characters that XML 1.0 forbids, and with it every document that is made of it."""
    return _UNPRINTABLE.sub("", text)


class Text:
    """A sentence: the English template, and what fills its places. As a string it is in the language of the context.

    A value is written as it would be in an f-string; a list, or what else can be gone through, as its parts with commas
    between; a text in the language of the sentence it stands in. What is neither text, number nor day is made a string at
    once, so a text can be kept and pickled.
    A sentence without Chinese is said in English: a test sees to it that there is none, and a user is helped by either.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        self._template = template
        self._values = {name: _keep(value) for name, value in values.items()}

    @property
    def en(self) -> str:
        return self._template.format(**{name: _write(value, "en") for name, value in self._values.items()})

    @property
    def zh(self) -> str:
        template = read_chinese().get(self._template, self._template)
        return template.format(**{name: _write(value, "zh") for name, value in self._values.items()})

    def __str__(self) -> str:
        return self.zh if _language.get() == "zh" else self.en

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.en!r})"


class Bilingual(Text):
    """What comes with both its languages, such as the words of a rule in the header of its SQL."""

    def __init__(self, zh: str, en: str) -> None:
        self._zh, self._en = zh, en

    @property
    def en(self) -> str:
        return self._en

    @property
    def zh(self) -> str:
        return self._zh


class CommandLine(Text):
    """A command of this program that the reader can run as it is shown.

    Values are quoted for a shell, each of a list by itself: CommandLine("explain {group} accepted", group="行政许可"). What names a root itself
    gets no other. It is written as it is read, in the words of the context that shows it.
    """

    def __init__(self, words: str, /, **values: object) -> None:
        self._words = words.format(**{name: _quote(value) for name, value in values.items()})

    def and_words(self, words: str, /, **values: object) -> "CommandLine":
        """The same command with more words behind it."""
        longer = CommandLine(words, **values)
        longer._words = f"{self._words} {longer._words}"
        return longer

    @property
    def placeless(self) -> str:
        """As it is typed within a root: for what is frozen, which names no place on a machine."""
        return f"bulletin {self._words}"

    @property
    def en(self) -> str:
        program, root = _typed.get()
        own = root if root and "--root " not in self._words else ""
        return f"{program} {self._words}{' --root ' if own else ''}{own}"

    @property
    def zh(self) -> str:
        return self.en


class Lines(Text):
    """Texts, one a line."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self._texts = tuple(texts)

    @property
    def en(self) -> str:
        return "\n".join(text.en for text in self._texts)

    @property
    def zh(self) -> str:
        return "\n".join(text.zh for text in self._texts)


def say(template: str, /, **values: object) -> str:
    """A sentence in the language of the context."""
    return str(Text(template, **values))


@cache
def read_chinese() -> dict[str, str]:
    """English template → Chinese template. Read when the first Chinese sentence is said."""
    import tomllib

    return tomllib.loads(ZH.read_text(encoding="utf-8"))


def _quote(value: object) -> str:
    parts = value if isinstance(value, list | tuple) else [value]
    return " ".join(quote(legible(str(part))) for part in parts)


def quote(word: str) -> str:
    """A word as a shell takes it; letters of any script need no quotation marks."""
    return word if _PLAIN_WORD.fullmatch(word) else shlex.quote(word)


def _keep(value: object) -> object:
    if isinstance(value, Text | Number | date):
        return value
    if isinstance(value, str):
        return legible(value)
    return tuple(map(_keep, value)) if isinstance(value, Iterable) else legible(str(value))


def _write(value: object, language: str) -> object:
    if isinstance(value, tuple):
        return ("、" if language == "zh" else ", ").join(str(_write(part, language)) for part in value)
    if isinstance(value, Text):
        return value.zh if language == "zh" else value.en
    return value


class Progress(Protocol):
    """Shows a waiting user what is being done."""

    def step(self, text: Text) -> None:
        """A new part of the work begins."""

    def detail(self, text: Text) -> None:
        """A detail of it, such as the next file."""


class UserError(Exception):
    """An error the user can fix: shown as one sentence, without traceback, with its own exit code.

    As a string it is English, as everything in a log; `text` has both languages.
    """

    exit_code: ClassVar[int]

    def __init__(self, template: str, /, **values: object) -> None:
        self.text = Text(template, **values)
        super().__init__(self.text.en)

    def __reduce__(self) -> tuple[Any, ...]:
        """An exception is made anew from its arguments, which are the sentence already written."""
        return _revive, (type(self), self.args), self.__dict__


class WrongUsage(UserError):
    exit_code = 2


class BadInput(UserError):
    exit_code = 3


class CheckFailed(UserError):
    """`rules` are the names of the broken rules."""

    exit_code = 4

    def __init__(self, template: str, /, *, rules: Sequence[str] = (), **values: object) -> None:
        super().__init__(template, **values)
        self.rules = list(rules)


class Locked(UserError):
    exit_code = 5


class NothingToDo(UserError):
    exit_code = 6


def _revive(kind: type[UserError], arguments: tuple[object, ...]) -> UserError:
    return kind.__new__(kind, *arguments)
