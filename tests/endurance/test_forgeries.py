"""Somebody who may write everything in the root, but holds no key, changes what was published: nobody who trusts the keys believes it.

BULLETIN_FORGERIES=0-1000 tries these seeds (make torture); a seed is one forgery with what it rewrites to look whole.
"""

import base64
import json
import os
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from a_root import write_raw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from drawing import Silent, draw
from signing_office import NEXT_ROWS, WEEKS, Office, found_office, load_stranger
from tally import tally

from flows.domain.text import UserError
from flows.jobs.proof.verify import find_root
from flows.jobs.rebuild import rebuild
from flows.jobs.verify import verify
from flows.root.duplicates import NAMES, keep_duplicate
from flows.root.project import Project
from flows.root.publications import FrozenFile, Publication, seal, write_publication, write_statement
from flows.root.signatures import Signature, write_signatures
from flows.root.signers import Entry, Role, Signer, write_signers
from flows.warehouse.swap import note_publications

FIRST, LAST = map(int, os.environ.get("BULLETIN_FORGERIES", "0-60").split("-"))


class Scene:
    """A copy of the office's root in the hands of the forger."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.chance = root, random.Random(seed)
        self.week = self.chance.choice(WEEKS)
        self.own = {"甲": Ed25519PrivateKey.generate(), "乙": Ed25519PrivateKey.generate()}
        for path in root.rglob("*"):  # whoever may write the folder may do this, too
            path.chmod(0o755 if path.is_dir() else 0o644)

    @property
    def folder(self) -> Path:
        return self.root / "reports" / self.week / "published"

    def read(self) -> Publication:
        values = json.loads((self.folder / "publication.json").read_text())
        return Publication(**{**values, "files": [FrozenFile(**file) for file in values["files"]]})

    def write(self, publication: Publication, *, is_stated: bool = True) -> None:
        """Sealed anew, and with a statement that fits."""
        sealed = replace(publication, sha256=seal(publication))
        (self.folder / "publication.json").write_bytes(write_publication(sealed))
        if is_stated:
            (self.folder / "proof/statement.txt").write_text(write_statement(sealed))

    def change(self, **fields: Any) -> None:
        self.write(replace(self.read(), **fields), is_stated=self.chance.random() < 0.7)

    def settle(self) -> None:
        """Make all else fit: the chain of seals, and what the warehouse knows of the publications. Only a signature stays wrong."""
        before, week = "", self.week
        for self.week in WEEKS:
            publication = self.read()
            if publication.previous != before:
                self.write(replace(publication, previous=before))
            before = self.read().sha256
        self.week = week
        self.forge_duplicates()
        note_publications(Project(self.root), Silent())

    def forge_duplicates(self) -> None:
        """Write the second place, too, so that both say the same."""
        for week in WEEKS:
            keep_duplicate(Project(self.root), date.fromisoformat(week), set(NAMES))

    def public(self, name: str) -> str:
        return "ed25519:" + base64.b64encode(self.own[name].public_key().public_bytes_raw()).decode()

    def sign_anew(self) -> None:
        """Both signatures, by the forger's own keys."""
        publication = self.read()
        given = []
        for name, role in (("甲", Role.AUTHOR), ("乙", Role.CHECKER)):
            unsigned = Signature(role, name, self.public(name), publication.published_at)
            signed = self.own[name].sign(unsigned.covers(write_statement(publication)))
            given.append(replace(unsigned, signature=base64.b64encode(signed).decode()))
        (self.folder / "proof/signatures.json").write_bytes(write_signatures(given))


Forgery = Callable[[Scene], None]


def forge_a_field(scene: Scene) -> None:
    other = {
        "issue": 99, "serial": 1, "by": "丙", "program": "bulletin 9", "program_digest": "0" * 64, "profile": "generic",
        "source": "某平台", "classification": "0" * 64, "receipts": f"0 {sha256(b'').hexdigest()}",
        "checks": [], "definitions": {}, "tables": {},
    }  # fmt: skip
    name = scene.chance.choice(list(other))
    scene.change(**{name: other[name]})


def forge_the_checker_or_the_time(scene: Scene) -> None:
    if scene.chance.random() < 0.5:
        scene.change(checked_by="丙")
    else:
        scene.change(published_at="2022-07-25T09:00:00.000000+08:00")


def forge_a_figure(scene: Scene) -> None:
    """The number, its paragraph, the other digests: all that a reader sees."""
    figures = scene.read().figures
    figures["licence"]["accepted"] += scene.chance.choice([-1, 1, 100])
    path = scene.folder / "statistics.txt"
    path.write_text(path.read_text().replace("受理2件", f"受理{figures['licence']['accepted']}件"))
    forms = {**scene.read().forms, "statistics.txt": sha256(path.read_bytes()).hexdigest()}
    scene.change(figures=figures, forms=forms)


def forge_a_form(scene: Scene) -> None:
    name = scene.chance.choice(sorted(scene.read().forms))
    (scene.folder / name).write_bytes((scene.folder / name).read_bytes() + b" ")
    if scene.chance.random() < 0.5:
        scene.change(forms={**scene.read().forms, name: sha256((scene.folder / name).read_bytes()).hexdigest()})


def forge_a_list_of_cases(scene: Scene) -> None:
    path = scene.chance.choice(sorted((scene.folder / "proof/cases").iterdir()))
    content = path.read_bytes()[:-16] + scene.chance.randbytes(16)
    path.unlink()
    path.write_bytes(content)
    if scene.chance.random() < 0.7:
        figure, measure, delivery = path.name.split(".")
        cases = scene.read().cases or {}
        cases[f"{figure} {measure}"][delivery][1] = find_root(content)
        scene.change(cases=cases)


def forge_the_classification(scene: Scene) -> None:
    path = scene.folder / "proof/classification.json"
    path.write_text(path.read_text().replace("licence", "other_power"))
    if scene.chance.random() < 0.5:
        scene.change(classification=sha256(path.read_bytes()).hexdigest())


def add_or_remove_a_file(scene: Scene) -> None:
    if scene.chance.random() < 0.5:
        (scene.folder / scene.chance.choice(["更正.docx", "statistics.pdf"])).write_bytes(b"x")
    else:
        scene.chance.choice([p for p in scene.folder.iterdir() if p.name.startswith(("statistics", "checks"))]).unlink()


def take_the_signatures_away(scene: Scene) -> None:
    (scene.folder / "proof/signatures.json").write_text("[]\n")
    if scene.chance.random() < 0.7:
        scene.change(is_unsigned=True, signers="")
    if scene.chance.random() < 0.5:
        for name in ("signers.toml", "signers.jsonl"):
            (scene.root / name).unlink()


def take_a_signature_of_another_week(scene: Scene) -> None:
    (other,) = [week for week in WEEKS if week != scene.week]
    source = scene.root / "reports" / other / "published/proof/signatures.json"
    shutil.copy(source, scene.folder / "proof/signatures.json")
    last = json.loads(source.read_text())[-1]
    scene.change(published_at=last["at"])


def sign_with_keys_of_ones_own(scene: Scene) -> None:
    scene.change(source="某平台")
    scene.sign_anew()


def let_oneself_sign(scene: Scene) -> None:
    """A record of signers from its first entry on, and everything signed anew: it holds together, but nobody knows its keys."""
    at = "2026-01-01T00:00:00.000000+08:00"
    named = [
        Signer(name, role, scene.public(name), date(2020, 1, 1))
        for name, role in (("甲", Role.AUTHOR), ("乙", Role.CHECKER))
    ]
    entry = Entry(at, "甲", scene.public("甲"), "", write_signers(named))
    signed = replace(entry, signature=base64.b64encode(scene.own["甲"].sign(entry.statement)).decode())
    (scene.root / "signers.toml").write_text(entry.signers)
    (scene.root / "signers.jsonl").write_text(signed.line + "\n")
    before = ""
    for scene.week in WEEKS:
        scene.change(signers=signed.digest, previous=before)
        scene.sign_anew()
        shutil.copy(scene.root / "signers.jsonl", scene.folder / "proof/signers.jsonl")
        before = scene.read().sha256


def append_oneself_to_the_signers(scene: Scene) -> None:
    path = scene.root / "signers.jsonl"
    last = Entry(**json.loads(path.read_text().splitlines()[-1]))
    added = Signer("戊", Role.CHECKER, scene.public("乙"), date(2020, 1, 1))
    text = last.signers + write_signers([added]).split("\n\n", 1)[1]
    entry = Entry(datetime.now().astimezone().isoformat(), last.by, last.key, last.digest, text)
    signed = replace(entry, signature=base64.b64encode(scene.own["甲"].sign(entry.statement)).decode())
    path.write_text(path.read_text() + signed.line + "\n")
    (scene.root / "signers.toml").write_text(text)


def write_into_the_list_of_signers(scene: Scene) -> None:
    path = scene.root / "signers.toml"
    path.write_text(
        path.read_text().replace("审核", "编发") if scene.chance.random() < 0.5 else path.read_text() + "\n"
    )


def forge_the_receipts(scene: Scene) -> None:
    path = scene.root / "data/raw/receipts.jsonl"
    path.write_text(
        re.sub(r'"at":"\d{4}', '"at":"2001', path.read_text(), count=1) if scene.chance.random() < 0.5 else ""
    )


def change_a_row_and_rebuild(scene: Scene) -> None:
    path = scene.root / "data/raw/2022-07-22/办件.csv"
    path.write_text(path.read_text().replace("2022-07-01", "2021-07-01", 1))
    if scene.chance.random() < 0.5:
        (scene.root / "data/raw/receipts.jsonl").unlink()
        shutil.rmtree(scene.root / "data/warehouse")
        rebuild(Project(scene.root), Silent())
    digest = sha256(path.read_bytes()).hexdigest()
    files = [replace(f, sha256=digest) if f.file.endswith("2022-07-22/办件.csv") else f for f in scene.read().files]
    scene.change(files=files)


def change_the_warehouse(scene: Scene) -> None:
    with duckdb.connect(str(scene.root / "data/warehouse/warehouse.duckdb")) as connection:
        connection.execute("update published_figures set accepted = accepted + 1")


def swap_the_weeks(scene: Scene) -> None:
    first, second = (scene.root / "reports" / week / "published" for week in WEEKS)
    first.rename(first.with_name("x"))
    second.rename(first)
    first.with_name("x").rename(second)


def break_the_chain(scene: Scene) -> None:
    scene.week = WEEKS[1]
    scene.change(previous="")


EVERYWHERE: list[Forgery] = [
    forge_a_field, forge_the_checker_or_the_time, forge_a_figure, forge_a_form, forge_a_list_of_cases, forge_the_classification,
    add_or_remove_a_file, take_the_signatures_away, take_a_signature_of_another_week, sign_with_keys_of_ones_own, let_oneself_sign,
    change_a_row_and_rebuild, break_the_chain,
]  # fmt: skip
# What a forger makes fit with all else.
SETTLED = (forge_a_field, forge_the_checker_or_the_time, forge_a_figure, sign_with_keys_of_ones_own)
# What is no part of the published folder: the program sees it, a stranger with the folder alone need not.
AT_HOME: list[Forgery] = [
    append_oneself_to_the_signers, write_into_the_list_of_signers, forge_the_receipts, change_the_warehouse, swap_the_weeks,
]  # fmt: skip


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Office:
    office = found_office(tmp_path, capsys, monkeypatch)
    office.sign(WEEKS[0], "--issue", "24", "--serial", "399")
    write_raw(office.root, {f"{WEEKS[1]}/办件.csv": draw(NEXT_ROWS)})
    office.sign(WEEKS[1])
    return office


def test_no_forgery_is_believed(office: Office, tmp_path: Path) -> None:
    keys = {office.key("甲"), office.key("乙")}
    prove = load_stranger(office.published() / "proof/verify.py")
    believed = []
    for seed in range(FIRST, LAST):
        forge = [*EVERYWHERE, *AT_HOME][seed % (len(EVERYWHERE) + len(AT_HOME))]
        root = shutil.copytree(office.root, tmp_path / "forged")
        scene = Scene(root, seed)
        forge(scene)
        if scene.chance.random() < 0.7:
            scene.forge_duplicates()
        if forge in SETTLED and scene.chance.random() < 0.7:
            scene.settle()
        if is_verified(scene):
            believed.append(f"{seed} {forge.__name__}: verify")
        if forge in EVERYWHERE and is_proved(prove, scene.folder, keys):
            believed.append(f"{seed} {forge.__name__}: verify.py")
        shutil.rmtree(root)
    tally("forgeries of publications", LAST - FIRST)
    assert believed == []


def test_what_nobody_forged_is_believed(office: Office) -> None:
    prove = load_stranger(office.published() / "proof/verify.py")
    for week in WEEKS:
        proof = verify(Project(office.root), date.fromisoformat(week), Silent())
        assert [asdict(each)["name"] for each in proof.signatures] == ["甲", "乙"]
        assert prove(office.published(week), {office.key("甲"), office.key("乙")})["week_ending"] == week


def is_verified(scene: Scene) -> bool:
    try:
        verify(Project(scene.root), date.fromisoformat(scene.week), Silent())
    except UserError:
        return False
    return True


def is_proved(prove: Callable[[Path, set[str]], object], folder: Path, keys: set[str]) -> bool:
    try:
        prove(folder, keys)
    except (Exception, SystemExit):  # run as a program it ends with NOT PROVED whatever fails
        return False
    return True
