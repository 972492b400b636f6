"""What is really posted to the robots of a group, how it is signed, and what is told of a message that was not taken."""

import base64
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from a_root import GOOD_ROW, run, write_raw, write_table
from listeners import listening

from flows.jobs import robots
from flows.jobs.robots import Refused, send

TAKEN, NOT_TAKEN = '{"errcode": 0, "code": 0}', '{"errcode": 310000, "code": 310000, "errmsg": "sign not match"}'
TOKENS = {"wecombot": "693a91f6-7b0c", "dingtalk": "0123abcd", "feishu": "f00-ba4", "lark": "1a2b-3c"}


@contextmanager
def standing_in(patch: pytest.MonkeyPatch, said: str) -> Iterator[list[bytes]]:
    """A listener in place of all robots, which answers 200 as they do in either case; what it has heard."""
    answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(said)}\r\nConnection: close\r\n\r\n{said}".encode()
    with listening(answer) as (address, heard):
        for name, place in robots.ROBOTS.items():
            patch.setitem(robots.ROBOTS, name, address + place[place.index("/", len("https://")) :])
        yield heard


def read(heard: bytes) -> tuple[str, dict[str, list[str]], dict[str, object]]:
    """The path, its parameters, and the message."""
    head, _, body = heard.partition(b"\r\n\r\n")
    address = urlsplit(head.split()[1].decode())
    message: dict[str, object] = json.loads(body)
    return address.path, parse_qs(address.query), message


def test_each_robot_is_told_in_its_own_form(monkeypatch: pytest.MonkeyPatch) -> None:
    with standing_in(monkeypatch, TAKEN) as heard:
        for name, token in TOKENS.items():
            send(f"{name}://{token}", "完成\n第 2 行")
    of_text = {"msgtype": "text", "text": {"content": "完成\n第 2 行"}}
    of_content = {"msg_type": "text", "content": {"text": "完成\n第 2 行"}}
    assert [read(each) for each in heard] == [
        ("/cgi-bin/webhook/send", {"key": ["693a91f6-7b0c"]}, of_text),
        ("/robot/send", {"access_token": ["0123abcd"]}, of_text),
        ("/open-apis/bot/v2/hook/f00-ba4", {}, of_content),
        ("/open-apis/bot/v2/hook/1a2b-3c", {}, of_content),
    ]


def test_the_robots_that_are_told_stand_where_their_makers_say() -> None:
    assert [urlsplit(place).netloc for place in robots.ROBOTS.values()] == [
        *("qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn", "open.larksuite.com")
    ]


def test_dingtalk_gets_the_signature_of_its_secret_once_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As its documents have it: HMAC-SHA256 of "timestamp, line feed, secret" under the secret, in base64."""
    with standing_in(monkeypatch, TAKEN) as heard:
        send("dingtalk://SEC0invented@0123abcd", "完成")
    _, said, _ = read(heard[0])
    moment = said["timestamp"][0]
    expected = hmac.new(b"SEC0invented", f"{moment}\nSEC0invented".encode(), sha256).digest()
    assert (base64.b64decode(said["sign"][0], validate=True), len(moment)) == (expected, 13)


@pytest.mark.parametrize("name", ["feishu", "lark"])
def test_feishu_and_lark_get_the_signature_in_the_message(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """As their documents have it: HMAC-SHA256 of nothing under "timestamp, line feed, secret", in base64."""
    with standing_in(monkeypatch, TAKEN) as heard:
        send(f"{name}://invented@f00", "完成")
    _, _, message = read(heard[0])
    moment = str(message["timestamp"])
    expected = hmac.new(f"{moment}\ninvented".encode(), b"", sha256).digest()
    assert (base64.b64decode(str(message["sign"]), validate=True), len(moment)) == (expected, 10)


@pytest.mark.parametrize("name", TOKENS)
def test_a_message_that_a_robot_answers_and_does_not_take_was_not_sent(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with standing_in(monkeypatch, NOT_TAKEN), pytest.raises(Refused, match=r"^refused, code 310000$"):
        send(f"{name}://{TOKENS[name]}", "完成")


def test_any_other_service_is_told_by_apprise(monkeypatch: pytest.MonkeyPatch) -> None:
    with standing_in(monkeypatch, TAKEN) as heard:
        place = urlsplit(robots.ROBOTS["lark"]).netloc
        send(f"json://{place}/hook", "完成")
        with pytest.raises(Refused, match=r"^no address$"):
            send("nothing://invented", "完成")
    assert b"POST /hook" in heard[0]


def test_addresses_stand_in_a_file_of_its_user_alone_and_are_never_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path / "root", {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    addresses = tmp_path / "notify"
    addresses.write_text("# 群\nwecombot://693a91f6-7b0c\n\ndingtalk://SEC0invented@0123abcd\n", encoding="utf-8")
    (root / "bulletin.toml").write_text(f'notify_on = "success"\nnotify_file = "{addresses}"\n', encoding="utf-8")
    told = []
    with standing_in(monkeypatch, TAKEN) as heard:
        for mode in (0o600, 0o640):
            addresses.chmod(mode)
            words = ("weekly", "--week-ending", "2022-07-22", "--notify", "--lang", "en", "--root", str(root))
            assert run(capsys, *words).exit_code == 0
            log = (root / "reports/runs.jsonl").read_text(encoding="utf-8")
            told.append(json.loads(log.splitlines()[-1])["told"])
    assert told == [
        {"wecombot 1": "sent", "dingtalk 2": "sent"},
        {
            "notify_file": f"failed: others can read or change {addresses} (mode 0640), which holds a secret. Change the secret, "
            f"then: chmod 600 {addresses}"
        },
    ]
    assert len(heard) == 2
    assert not any(secret in log for secret in ("693a91f6", "SEC0invented", "0123abcd"))
