"""data/duplicates: what a careless hand takes from a published week comes back byte for byte, and nothing that nobody signed comes with it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from a_root import snapshot
from signing_office import WEEKS, Office, ask_stranger, found_office

from flows.root.duplicates import NAMES

RESTORE = f"bulletin verify --week-ending {WEEKS[0]} --restore"
SIGNATURES = "proof/signatures.json"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("published")


@pytest.fixture
def office(
    published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Office:
    """A copy of an office that has published a week, and has let somebody else sign since."""
    if not (published / "keys").exists():
        first = found_office(published, capsys, monkeypatch)
        first.sign(WEEKS[0], "--issue", "24", "--serial", "399")
        assert first.say("key", "new", "--name", "丙")[0] == 0
        add = ("signers", "add", "--name", "丙", "--role", "审核", "--key", first.key("丙"), "--by", "甲")
        assert first.say(*add)[0] == 0
    monkeypatch.setenv("BULLETIN_KEYS", str(published / "keys"))
    return Office(shutil.copytree(published / "office", tmp_path / "office"), published / "keys", capsys)


def empty(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"")


def alter_signature(folder: Path) -> None:
    path = folder / SIGNATURES
    path.chmod(0o644)
    text = path.read_text(encoding="utf-8")
    place = text.index('"signature": "') + 20
    path.write_text(text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :], encoding="utf-8")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "the folder": shutil.rmtree,
    "its proof": lambda folder: shutil.rmtree(folder / "proof"),
    "the signatures": lambda folder: (folder / SIGNATURES).unlink(),
    "the content of the signatures": lambda folder: empty(folder / SIGNATURES),
    "a signature": alter_signature,
    "the record of signers": lambda folder: (folder / "proof/signers.jsonl").unlink(),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_what_is_gone_of_a_published_week_is_named_and_comes_back_byte_for_byte(what: str, office: Office) -> None:
    before = snapshot(office.published())
    DAMAGE[what](office.published())
    code, said = office.verify()
    assert (code in (3, 4), RESTORE in said) == (True, True), said
    code, said = office.verify(WEEKS[0], "--restore")
    assert (code, "审核 by 乙" in said) == (0, True), said
    assert snapshot(office.published()) == before
    code, said = ask_stranger(office.published(), office.key("甲"), office.key("乙"))
    assert (code, said.startswith("proved: 2022-07-22")) == (0, True), said


def test_without_the_warehouse_and_the_folder_the_duplicate_is_enough(office: Office) -> None:
    before = snapshot(office.published())
    shutil.rmtree(office.published())
    shutil.rmtree(office.root / "data/warehouse")
    assert office.say("rebuild", "--quiet")[0] == 0
    assert office.verify(WEEKS[0], "--restore")[0] == 0
    assert snapshot(office.published()) == before


def test_a_signature_that_is_altered_in_both_places_is_refused_and_named_and_left_as_it_is(office: Office) -> None:
    for folder in (office.published(), office.root / "data/duplicates" / WEEKS[0]):
        alter_signature(folder)
    altered = (office.published() / SIGNATURES).read_bytes()
    for words in ((), ("--restore",)):
        code, said = office.verify(WEEKS[0], *words)
        assert (code, "the signature of 甲 does not fit. Restore it from a backup." in said) == (4, True), said
    assert (office.published() / SIGNATURES).read_bytes() == altered


def test_a_duplicate_that_is_damaged_is_named_and_written_again(office: Office) -> None:
    folder = office.root / "data/duplicates" / WEEKS[0]
    before = snapshot(folder)
    assert sorted(before) == sorted(name for name in NAMES if "timestamp" not in name)
    alter_signature(folder)
    code, said = office.verify()
    assert (code, str(folder / SIGNATURES) in said, RESTORE in said) == (4, True, True), said
    assert office.verify(WEEKS[0], "--restore")[0] == 0
    assert snapshot(folder) == before


def test_a_week_whose_folder_is_gone_is_not_published_again(office: Office) -> None:
    shutil.rmtree(office.published())
    code, said = office.say("publish", "--week-ending", WEEKS[0], "--by", "甲", "--issue", "24", "--serial", "399")
    assert (code, RESTORE in said) == (3, True), said
    code, said = office.say("status")
    assert RESTORE in said.replace("\n", " "), said
