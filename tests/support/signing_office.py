"""An office whose two people sign with a key each, and a stranger who proves what they published."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from a_root import run, write_raw
from drawing import draw

ROWS = """case | type | accepted | completed | result
1 | 行政许可 | 2022-07-01 | 2022-07-20 |
2 | 行政许可 | 2022-07-01 | |
3 | 公共服务 | 2022-07-18 | 2022-07-18 | 作废
4 | 公共服务 | 2022-07-18 | |"""
NEXT_ROWS = """case | type | accepted | completed
2 | 行政许可 | 2022-07-01 | 2022-07-25
5 | 行政确认 | 2022-07-26 |"""
WEEKS = ("2022-07-22", "2022-07-29")
SECRET = "一句口令"


@dataclass(frozen=True)
class Office:
    """A root, the folder of its keys, and how to say something in it."""

    root: Path
    keys: Path
    capsys: pytest.CaptureFixture[str]

    def say(self, *words: str) -> tuple[int, str]:
        """The exit code of a command in this root, and what it said."""
        said = run(self.capsys, *words, "--root", str(self.root))
        return said.exit_code, said.err or said.out

    def key(self, name: str) -> str:
        return (self.keys / f"{name}.pub").read_text().strip()

    def published(self, week: str = WEEKS[0]) -> Path:
        return self.root / "reports" / week / "published"

    def sign(self, week: str = WEEKS[0], *numbers: str) -> None:
        for words in (("weekly",), ("publish", "--by", "甲", *numbers), ("approve", "--by", "乙")):
            code, said = self.say(words[0], "--week-ending", week, *words[1:], "--quiet")
            assert code == 0, said

    def verify(self, week: str = WEEKS[0], *words: str) -> tuple[int, str]:
        return self.say("verify", "--week-ending", week, "--quiet", *words)


def found_office(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Office:
    """A root with one delivery, where 甲 writes and 乙 checks."""
    office = Office(folder / "office", folder / "keys", capsys)
    monkeypatch.setenv("BULLETIN_KEYS", str(office.keys))
    monkeypatch.setenv("BULLETIN_PASSPHRASE", SECRET)
    write_raw(
        office.root, {"2022-07-22/办件.csv": draw(ROWS), "2022-07-22/delivery.toml": "received_on = 2022-07-25\n"}
    )
    for name in ("甲", "乙"):
        assert run(capsys, "key", "new", "--name", name).exit_code == 0
    assert office.say("signers", "add", "--name", "甲", "--role", "编发", "--key", office.key("甲"))[0] == 0
    assert (
        office.say("signers", "add", "--name", "乙", "--role", "审核", "--key", office.key("乙"), "--by", "甲")[0] == 0
    )
    return office


def ask_stranger(published: Path, *words: str) -> tuple[int, str]:
    """verify.py of a published folder, run without this program: its exit code, and what it said."""
    program = [sys.executable, "-I", str(published / "proof/verify.py"), *words]
    done = subprocess.run(program, capture_output=True, text=True, check=False, cwd="/")
    return done.returncode, done.stdout + done.stderr


def load_stranger(script: Path) -> Callable[[Path, set[str]], Any]:
    """The proof of verify.py as a function of a published folder and two keys; it ends with SystemExit where nothing is proved."""
    spec = importlib.util.spec_from_file_location("verify_of_a_stranger", script)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    proved: Callable[[Path, set[str]], Any] = module.prove
    return proved
