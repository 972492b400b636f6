"""Two people sign a publication with two keys, and a stranger proves it from its folder alone."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from a_root import write_raw
from drawing import draw
from signing_office import NEXT_ROWS, WEEKS, Office, ask_stranger, found_office


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Office:
    return found_office(tmp_path, capsys, monkeypatch)


FIRST = ("--issue", "24", "--serial", "399")


def test_a_week_is_published_once_its_checker_has_signed_what_its_author_signed(office: Office) -> None:
    week = ("--week-ending", WEEKS[0])
    assert office.say("weekly", *week, "--quiet")[0] == 0
    code, said = office.say("publish", *week, "--by", "甲", *FIRST, "--quiet")
    assert (code, "approve --week-ending 2022-07-22 --root" in said) == (0, True)
    assert not office.published().exists()
    assert "编发人已签名，待审核" in (office.root / "reports/index.html").read_text(encoding="utf-8")
    assert office.say("approve", *week, "--by", "乙", "--quiet")[0] == 0
    assert not office.published().with_name("proposed").exists()
    code, said = office.verify()
    assert (code, "审核 by 乙" in said, office.key("甲") in said) == (0, True, True)
    assert json.loads((office.published() / "publication.json").read_text())["checked_by"] == "乙"
    assert {oct(p.stat().st_mode)[-3:] for p in office.published().rglob("*") if p.is_file()} == {"444"}


def test_nobody_signs_for_two_and_nobody_without_the_right(office: Office) -> None:
    week = ("--week-ending", WEEKS[0])
    office.say("weekly", *week, "--quiet")
    assert "丙 may not sign 编发" in office.say("publish", *week, "--by", "丙", *FIRST)[1]
    assert "乙 may not sign 编发" in office.say("publish", *week, "--by", "乙", *FIRST)[1]
    office.say("publish", *week, "--by", "甲", *FIRST, "--quiet")
    assert "甲 may not sign 审核" in office.say("approve", *week, "--by", "甲")[1]
    office.say("signers", "add", "--name", "甲", "--role", "审核", "--key", office.key("甲"), "--by", "乙")
    office.say("publish", *week, "--by", "甲", *FIRST, "--quiet")
    code, said = office.say("approve", *week, "--by", "甲")
    assert (code, "two people with two keys: 甲 has signed as the author" in said) == (3, True)
    assert not office.published().exists()


def test_a_key_opens_with_its_passphrase_and_lies_outside_the_root(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert oct((office.keys / "甲.key").stat().st_mode)[-3:] == "600"
    assert b"ENCRYPTED" in (office.keys / "甲.key").read_bytes()
    office.say("weekly", "--week-ending", WEEKS[0], "--quiet")
    monkeypatch.setenv("BULLETIN_PASSPHRASE", "falsch")
    code, said = office.say("publish", "--week-ending", WEEKS[0], "--by", "甲", *FIRST)
    assert (code, "the passphrase is wrong" in said) == (3, True)
    monkeypatch.setenv("BULLETIN_KEYS", str(office.root / "keys"))
    code, said = office.say("key", "new", "--name", "丁")
    assert (code, "lies within the root" in said) == (3, True)


def test_what_changed_since_the_author_signed_is_signed_again(office: Office) -> None:
    week = ("--week-ending", WEEKS[0])
    office.say("weekly", *week, "--quiet")
    office.say("publish", *week, "--by", "甲", *FIRST, "--quiet")
    write_raw(office.root, {"2022-07-22/补报.csv": draw("case | type | accepted\n9 | 行政许可 | 2022-07-02")})
    office.say("weekly", *week, "--quiet")
    code, said = office.say("approve", *week, "--by", "乙")
    assert (code, "has changed since 甲 signed" in said) == (3, True)
    assert office.say("publish", *week, "--by", "甲", *FIRST, "--quiet")[0] == 0
    assert office.say("approve", *week, "--by", "乙", "--quiet")[0] == 0


def test_one_week_waits_at_a_time_and_can_be_taken_back(office: Office) -> None:
    for week in WEEKS:
        write_raw(office.root, {f"{WEEKS[1]}/办件.csv": draw(NEXT_ROWS)})
        assert office.say("weekly", "--week-ending", week, "--quiet")[0] == 0
    assert office.say("publish", "--week-ending", WEEKS[0], "--by", "甲", *FIRST, "--quiet")[0] == 0
    code, said = office.say("publish", "--week-ending", WEEKS[1], "--by", "甲", "--quiet", *FIRST)
    assert (code, "publish --week-ending 2022-07-22 --discard" in said) == (3, True)
    assert office.say("publish", "--week-ending", WEEKS[0], "--discard", "--quiet")[0] == 0
    assert office.say("publish", "--week-ending", WEEKS[1], "--by", "甲", "--quiet", *FIRST)[0] == 0


def test_by_names_alone_every_form_says_so_and_in_an_office_that_signs_it_is_no_proof(office: Office) -> None:
    week = ("--week-ending", WEEKS[0])
    office.say("weekly", *week, "--quiet")
    assert office.say("publish", *week, "--by", "甲", "--checked-by", "乙", *FIRST)[0] == 2
    assert office.say("publish", *week, "--by", "甲", "--unsigned", *FIRST)[0] == 2
    code, said = office.say("publish", *week, "--by", "甲", "--checked-by", "乙", "--unsigned", *FIRST, "--quiet")
    assert (code, "without signatures" in said) == (0, True)
    for name in ("statistics.html", "statistics.md", "statistics.json"):
        assert "未签名" in (office.published() / name).read_text(encoding="utf-8"), name
    assert office.verify()[0] == 4
    assert office.verify(WEEKS[0], "--unsigned")[0] == 0
    assert "未签名" in (office.root / "reports/index.html").read_text(encoding="utf-8")
    assert ask_stranger(office.published(), office.key("甲"), office.key("乙"))[0] == 1


def test_a_stranger_proves_signers_bytes_sums_and_chain_and_counts_anew(office: Office, tmp_path: Path) -> None:
    office.sign(WEEKS[0], *FIRST)
    write_raw(office.root, {f"{WEEKS[1]}/办件.csv": draw(NEXT_ROWS)})
    office.sign(WEEKS[1])
    keys = office.key("甲"), office.key("乙")
    for week in WEEKS:
        code, said = ask_stranger(office.published(week), *keys, str(office.root / "data/raw"))
        assert (code, "proved" in said, "counted anew" in said) == (0, True, True), said
    alone = shutil.copytree(office.published(WEEKS[1]), tmp_path / "handed over")
    assert ask_stranger(alone, *keys)[0] == 0
    assert ask_stranger(alone, keys[0], keys[0])[0] == 1
    figures = json.loads((alone / "publication.json").read_text())["cases"]
    assert {name: [count for count, _ in roots.values()] for name, roots in figures.items()} == {
        "licence accepted": [1, 1],  # case 2 was told anew
        "public_service accepted": [1],
        "other_power accepted": [1],
        "licence completed": [1, 1],
    }
    lists = {p.name: p.stat() for p in (office.published(WEEKS[1]) / "proof/cases").iterdir()}
    assert lists["public_service.accepted.2022-07-22"].st_nlink == 2  # as the week before: it lies on the disk once
    assert (tmp_path / "handed over/proof/verify.py").read_text().count("\n") <= 120


def test_whoever_may_sign_changes_who_may_sign_and_the_record_shows_it(office: Office) -> None:
    office.sign(WEEKS[0], *FIRST)
    assert office.say("signers", "end", "--name", "乙", "--by", "甲", "--until", "2022-07-01")[0] == 0
    assert office.verify()[0] == 0  # signed while he had the right
    toml = office.root / "signers.toml"
    toml.write_text(toml.read_text().replace("乙", "戊"))
    code, said = office.verify()
    assert (code, "signers.toml was changed by somebody who may not sign" in said) == (4, True)


def test_another_program_signs_too(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SM2 with SM3 by openssl; the settings lie beside the keys, where a forger of the root cannot write."""
    monkeypatch.chdir(tmp_path)
    assert os.system("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out sm2.key 2>/dev/null") == 0
    assert os.system("openssl pkey -in sm2.key -pubout -out sm2.pub 2>/dev/null") == 0
    (office.keys / "signing.toml").write_text(
        f'sign_command = "openssl pkeyutl -sign -rawin -digest sm3 -inkey {tmp_path}/sm2.key -in {{text}} -out {{signature}}"\n'
        'verify_command = "openssl pkeyutl -verify -rawin -digest sm3 -pubin -inkey {key} -in {text} -sigfile {signature}"\n'
    )
    assert office.say("signers", "add", "--name", "丙", "--role", "审核", "--key", "sm2.pub", "--by", "甲")[0] == 0
    week = ("--week-ending", WEEKS[0])
    office.say("weekly", *week, "--quiet")
    office.say("publish", *week, "--by", "甲", *FIRST, "--quiet")
    code, said = office.say("approve", *week, "--by", "丙", "--quiet")
    assert code == 0, said
    assert office.verify()[0] == 0
    signatures = office.published() / "proof/signatures.json"
    signatures.chmod(0o644)
    signed = json.loads(signatures.read_text())
    signed[1]["signature"] = signed[0]["signature"]
    signatures.write_text(json.dumps(signed, ensure_ascii=False, indent=1) + "\n")
    assert office.verify()[0] == 4


TSA = """[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ordering = yes
"""


def test_a_third_party_says_when_it_was_signed(office: Office, tmp_path: Path) -> None:
    """The request travels to openssl and its answer back; another week's answer is refused, a changed one does not prove."""
    office.sign(WEEKS[0], *FIRST)
    (tmp_path / "tsa.cnf").write_text(TSA.format(folder=tmp_path))
    certificate = "openssl req -x509 -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.pem -subj /CN=tsa"
    certificate += " -addext extendedKeyUsage=critical,timeStamping"
    reply = "openssl ts -reply -config tsa.cnf -queryfile q.tsq -out a.tsr"
    (office.keys / "signing.toml").write_text(
        f'timestamp_verify_command = "openssl ts -verify -queryfile {{request}} -in {{answer}} -CAfile {tmp_path}/tsa.pem"\n'
    )
    week = ("--week-ending", WEEKS[0])
    assert office.say("publish", *week, "--tsq", str(tmp_path / "q.tsq"))[0] == 0
    for command in (certificate, reply):
        subprocess.run(shlex.split(command), check=True, capture_output=True, cwd=tmp_path)
    (tmp_path / "x.tsr").write_bytes((tmp_path / "q.tsq").read_bytes())
    assert office.say("publish", *week, "--tsr", str(tmp_path / "x.tsr"))[0] == 3
    code, said = office.say("publish", *week, "--tsr", str(tmp_path / "a.tsr"))
    assert (code, "2022-07-22 is time-stamped at 20" in said) == (0, True), said
    code, said = office.verify()
    assert (code, "time-stamped at" in said) == (0, True)
    answer = office.published() / "proof/timestamp.tsr"
    answer.chmod(0o644)
    given = answer.read_bytes()
    answer.write_bytes(given[:-1] + b"x")
    assert office.verify()[0] == 3
    answer.unlink()
    code, said = office.verify()
    assert (code, str(answer) in said) == (4, True), said
    code, said = office.verify(WEEKS[0], "--restore")
    assert (code, "time-stamped at" in said, answer.read_bytes()) == (0, True, given), said
