"""Telling people how a run ended: e-mail and a webhook, in Chinese. A message quotes no data: rules, counts, places."""

import json
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.request import Request, urlopen

from flows.domain.runs import Entry
from flows.report.message import write_message
from flows.root.project import Project
from flows.root.settings import Settings, smtp_password

_SECONDS = 15
_FAILURES = (OSError, smtplib.SMTPException, ValueError)  # of a network that is not there, a server that refuses


def tell(project: Project, entry: Entry) -> None:
    """Send what the settings ask for; how that went is noted in the entry. A message that cannot be sent ends nothing."""
    settings = project.settings
    if not _is_worth_telling(settings, entry):
        return
    subject, text = write_message(entry, str(project.root), project.profile.scope_label)
    ways: dict[str, Callable[[], None]] = {}
    if settings.mail_to and settings.smtp:
        ways["mail"] = lambda: _mail(settings, subject, text)
    if settings.webhook:
        ways["webhook"] = lambda: _post(settings.webhook, f"{subject}\n{text}")
    for name, send in ways.items():
        try:
            send()
        except _FAILURES as error:
            entry.told[name] = f"failed: {type(error).__name__}"
        else:
            entry.told[name] = "sent"


def _is_worth_telling(settings: Settings, entry: Entry) -> bool:
    if entry.exit_code or settings.notify_on == "success" or entry.failed_weeks:
        return True
    return settings.notify_on == "warning" and len(entry.checks) > settings.notify_warnings


def _mail(settings: Settings, subject: str, text: str) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, settings.mail_from, settings.mail_to
    message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain="bulletin")
    message.set_content(text)
    host, _, port = settings.smtp.partition(":")
    secure = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, int(port or 465), timeout=_SECONDS, context=secure)
    else:
        server = smtplib.SMTP(host, int(port or 25), timeout=_SECONDS)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=secure)
        if settings.smtp_user:
            server.login(settings.smtp_user, smtp_password())
        server.send_message(message)


def _post(address: str, text: str) -> None:
    """The text message that robots of WeCom and DingTalk understand; both answer 200 with an errcode."""
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
    request = Request(address, body, {"Content-Type": "application/json; charset=utf-8"})
    with urlopen(request, timeout=_SECONDS) as answer:
        said = json.loads(answer.read() or b"{}")
    if isinstance(said, dict) and said.get("errcode"):
        raise ValueError(f"errcode {said['errcode']}")
