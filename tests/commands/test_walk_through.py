"""Three days in an office, with nothing but what is printed: each command is one that the last ones have shown, run as it stands."""

import io
import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from a_root import GOOD_ROW, SECOND_ROW, Said, run, write_table
from printed_commands import find_commands

from flows.domain import calendar

LATE_ROW = GOOD_ROW.replace("000001", "000009")
NEXT_WEEK = GOOD_ROW.replace("000001", "000010").replace("2022-07-01", "2022-07-27").replace("2022-07-04", "2022-07-29")


class Terminal(io.StringIO):
    """A keyboard: what is typed, one line for each question."""

    def isatty(self) -> bool:
        return True


class Clerk:
    """Runs what is printed, and answers what is asked; `typed` are the commands so far."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.capsys, self.monkeypatch = folder, capsys, monkeypatch
        self.typed: list[str] = []
        self.shown = ""

    def type(self, words: str, *answers: str, exit_code: int = 0) -> Said:
        """Words of his own, as the first command of all."""
        self.monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{answer}\n" for answer in answers)))
        self.typed.append(words)
        said = run(self.capsys, *shlex.split(words))
        assert said.exit_code == exit_code, said
        self.shown = f"{said.out}\n{said.err}"
        return said

    def follow(self, name: str, *answers: str, exit_code: int = 0) -> Said:
        """The first command of that name that the last one has printed, as it stands."""
        shown = [words for words in find_commands(self.shown) if words[0] == name]
        assert shown, f"no {name} in: {self.shown}"
        return self.type(shlex.join(shown[0]), *answers, exit_code=exit_code)

    def save(self, name: str, *rows: str) -> str:
        path = self.folder / name
        path.write_text(write_table(*rows), encoding="utf-8")
        return str(path)


@pytest.fixture
def clerk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Clerk:
    monkeypatch.setenv("BULLETIN_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("BULLETIN_PASSPHRASE", "合乎规定的口令")
    monkeypatch.chdir(tmp_path)
    return Clerk(tmp_path, capsys, monkeypatch)


def set_clock(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.fromisoformat(f"{day} 09:00").replace(tzinfo=tz)

    monkeypatch.setattr(calendar, "datetime", Clock)


def test_an_office_begins_publishes_corrects_and_goes_on_by_the_commands_that_are_printed(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Monday, 25 July: the office begins.
    set_clock(monkeypatch, "2022-07-25")
    clerk.type("init --root office")
    clerk.follow("receive", clerk.save("许可_20220722.csv", GOOD_ROW))
    said = clerk.follow("weekly")
    assert said.out.splitlines()[0].endswith(
        "省本级行政许可事项受理1件，办结1件；公共服务事项受理0件，办结0件，其它九类行权事项受理0件，办结0件。"
    )
    assert "read office/reports/2022-07-22/checks.html" in said.out
    clerk.follow("publish", "林晓", "周宁", "24", "399")
    clerk.follow("verify")
    assert len(clerk.typed) == 5

    # Wednesday: a forgotten case of a week that is published.
    set_clock(monkeypatch, "2022-07-27")
    clerk.type("receive --root office", clerk.save("补报.csv", LATE_ROW))
    assert "a correction of what is loaded" in clerk.shown
    clerk.follow("weekly")
    said = clerk.follow("revisions")
    assert "1      2          +1  late" in said.out
    assert (clerk.folder / "office/reports/2022-07-22/revision/更正说明.docx").is_file()

    # Monday, 1 August: an ordinary week takes three commands.
    set_clock(monkeypatch, "2022-08-01")
    clerk.typed.clear()
    clerk.type("receive --root office", clerk.save("许可_20220729.csv", NEXT_WEEK))
    clerk.follow("weekly")
    said = clerk.follow("publish", "林晓", "周宁")
    assert "published 2022-07-29 without signatures (issue 25, serial 400)" in said.out
    assert [words.split()[0] for words in clerk.typed] == ["receive", "weekly", "publish"]


def test_two_signers_make_their_keys_and_sign_by_the_commands_that_are_printed(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, "2022-07-25")
    clerk.type("init --root office")
    clerk.follow("receive", clerk.save("许可_20220722.csv", GOOD_ROW, SECOND_ROW))
    clerk.follow("weekly")
    clerk.type("publish --week-ending 2022-07-22 --root office", exit_code=3)
    told = clerk.shown
    clerk.follow("key", "林晓")
    clerk.shown = told
    clerk.follow("signers", "林晓", "编发")
    clerk.type("key new", "周宁")
    clerk.shown = told
    clerk.follow("signers", "周宁", "审核")
    # Both may write, and one of them does so on another computer: here is only what he gave away.
    away = (clerk.folder / "keys/周宁.key").rename(clerk.folder / "周宁.key")
    clerk.type("signers add --name 周宁 --role 编发 --root office")
    clerk.type("publish --week-ending 2022-07-22 --root office", "24", "399")
    away.rename(clerk.folder / "keys/周宁.key")
    clerk.follow("approve")
    said = clerk.follow("verify")
    assert "2022-07-22 is unchanged" in said.out


def test_invented_data_are_shown_and_never_published(clerk: Clerk) -> None:
    clerk.type("init --root office")
    said = clerk.type("weekly --root office", exit_code=6)
    assert "sample" in said.err
    clerk.follow("sample")
    clerk.follow("weekly")
    said = clerk.type("publish --week-ending 2022-07-22 --root office --unsigned", exit_code=3)
    assert said.err.startswith(f"{clerk.folder}/office holds invented sample data, which are never published.")
    clerk.follow("init")


@pytest.mark.parametrize("name", ["编发人", "审核人", "NAME", "姓名", "某某", "‹name›"])
def test_a_word_out_of_an_example_is_no_name(name: str, clerk: Clerk) -> None:
    clerk.type(f"key new --name {name}", exit_code=2)
    assert "is a word out of an example" in clerk.shown
    assert not (clerk.folder / "keys").exists()


def test_without_a_terminal_what_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "init", "--root", str(tmp_path / "office")).exit_code == 0
    said = run(capsys, "receive", "--root", str(tmp_path / "office"))
    assert (said.exit_code, said.err.strip()) == (
        2,
        "Which files? (type their paths, or drag them here) Give it by FILE.",
    )
