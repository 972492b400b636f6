"""Group robots: what WeCom, DingTalk, Feishu and Lark expect, and any other service by Apprise.

An address is written as Apprise writes it: `wecombot://KEY`, `dingtalk://SECRET@TOKEN`, `feishu://TOKEN`. To the four robots the
message is sent here: of an answer 200 that refuses it Apprise says that it was sent, and it signs for DingTalk what DingTalk
does not accept.
"""

import base64
import hmac
import json
import re
import time
import warnings
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import urlencode
from urllib.request import Request, urlopen

SECONDS = 15
# By the name before `://`: where a robot with this token listens.
ROBOTS = {
    "wecombot": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={token}",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token={token}",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/{token}",
    "lark": "https://open.larksuite.com/open-apis/bot/v2/hook/{token}",
}
_ADDRESS = re.compile(r"(?P<name>\w+)://(?:(?P<secret>[^@/?\s]+)@)?(?P<token>[\w-]+)/?", re.ASCII)


class Refused(ValueError):
    """A message that was not taken. It never quotes an address: whoever has one can write to the group."""


def name_robot(address: str) -> str:
    """What may be told of an address: the name of its service."""
    return address.partition("://")[0][:20]


def send(address: str, text: str) -> None:
    """Send a text to a group.

    Raises:
        OSError: nobody answers.
        Refused: the message was not taken, or this is no address.
    """
    found = _ADDRESS.fullmatch(address)
    if not found or found["name"] not in ROBOTS:
        _send_by_apprise(address, text)
        return
    place = ROBOTS[found["name"]].format(token=found["token"])
    if found["name"] in ("wecombot", "dingtalk"):
        signed = "&" + urlencode(_sign_for_dingtalk(found["secret"])) if found["secret"] else ""
        post(place + signed, {"msgtype": "text", "text": {"content": text}})
        return
    signature = _sign_for_feishu(found["secret"]) if found["secret"] else {}
    post(place, {**signature, "msg_type": "text", "content": {"text": text}})


def post(address: str, message: Mapping[str, object]) -> None:
    """Post JSON to a robot. All of them answer 200 in either case, with a code: errcode or code, 0 for taken.

    Raises: see send.
    """
    body = json.dumps(message, ensure_ascii=False).encode()
    request = Request(address, body, {"Content-Type": "application/json; charset=utf-8"})
    with urlopen(request, timeout=SECONDS) as answer:
        said = json.loads(answer.read() or b"{}")
    if isinstance(said, dict) and (code := said.get("errcode") or said.get("code")):
        raise Refused(f"refused, code {code}")


def _sign_for_dingtalk(secret: str) -> dict[str, str]:
    moment = str(round(time.time() * 1000))
    digest = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), sha256).digest()
    return {"timestamp": moment, "sign": base64.b64encode(digest).decode()}


def _sign_for_feishu(secret: str) -> dict[str, str]:
    moment = str(int(time.time()))
    digest = hmac.new(f"{moment}\n{secret}".encode(), b"", sha256).digest()
    return {"timestamp": moment, "sign": base64.b64encode(digest).decode()}


def _send_by_apprise(address: str, text: str) -> None:
    with warnings.catch_warnings(action="ignore"):  # of what it imports itself, some of it only now
        import apprise

        service = apprise.Apprise.instantiate(address)
    if not service:
        raise Refused("no address")
    if not service.notify(body=text):
        raise Refused("not sent")
