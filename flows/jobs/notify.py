"""Messages about how a run ended: e-mail and a webhook, in Chinese. They quote no data, only rules, counts and paths."""

import json
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.request import Request, urlopen

from flows.domain.runs import Run
from flows.domain.text import BadInput
from flows.report.message import write_message
from flows.root.command_line import typing_anywhere
from flows.root.project import Project
from flows.root.settings import Settings, smtp_password

_SECONDS = 15
# no network, a server that refuses, a password that others could read
_FAILURES = (OSError, smtplib.SMTPException, ValueError, BadInput)


def send_messages(project: Project, run: Run) -> None:
    """Send the messages that the settings ask for, and note in the run whether they were sent. Never fails the run."""
    settings = project.settings
    if not _is_worth_a_message(settings, run):
        return
    with typing_anywhere(project):
        subject, text = write_message(run, str(project.root), project.profile.scope_label)
    ways: dict[str, Callable[[], None]] = {}
    if settings.mail_to and settings.smtp:
        ways["mail"] = lambda: _mail(settings, subject, text)
    if settings.webhook:
        ways["webhook"] = lambda: _post(settings.webhook, f"{subject}\n{text}")
    for name, send in ways.items():
        try:
            send()
        except _FAILURES as error:
            run.told[name] = f"failed: {error if isinstance(error, BadInput) else type(error).__name__}"
        else:
            run.told[name] = "sent"


def _is_worth_a_message(settings: Settings, run: Run) -> bool:
    if run.exit_code or settings.notify_on == "success" or run.failed_weeks:
        return True
    return settings.notify_on == "warning" and len(run.checks) > settings.notify_warnings


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
    """Send a text message as the robots of WeCom and DingTalk expect it; both answer 200 with an errcode."""
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
    request = Request(address, body, {"Content-Type": "application/json; charset=utf-8"})
    with urlopen(request, timeout=_SECONDS) as answer:
        said = json.loads(answer.read() or b"{}")
    if isinstance(said, dict) and said.get("errcode"):
        raise ValueError(f"errcode {said['errcode']}")
