"""Messages about how a run ended: e-mail and group robots, in Chinese. They quote no data, only rules, counts and paths."""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import partial
from pathlib import Path

from flows.domain.runs import Run
from flows.domain.text import BadInput
from flows.jobs import robots
from flows.jobs.robots import Refused
from flows.report.message import write_message
from flows.root.command_line import typing_anywhere
from flows.root.project import Project
from flows.root.settings import Settings, read_notify_file, smtp_password

SECTION = "statistics.docx"  # what goes with a mail, if it is wished
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
        section = project.root / run.folder / SECTION if settings.mail_section and run.folder else None
        ways["mail"] = lambda: _mail(settings, subject, text, section)
    message = f"{subject}\n{text}"
    if settings.webhook:
        ways["webhook"] = lambda: robots.post(settings.webhook, {"msgtype": "text", "text": {"content": message}})
    try:
        for number, address in enumerate(read_notify_file(settings), 1):
            ways[f"{robots.name_robot(address)} {number}"] = partial(robots.send, address, message)
    except BadInput as error:
        run.told["notify_file"] = f"failed: {error}"
    for name, send in ways.items():
        try:
            send()
        except _FAILURES as error:
            run.told[name] = f"failed: {error if isinstance(error, BadInput | Refused) else type(error).__name__}"
        else:
            run.told[name] = "sent"


def _is_worth_a_message(settings: Settings, run: Run) -> bool:
    if run.exit_code or settings.notify_on == "success" or run.failed_weeks:
        return True
    return settings.notify_on == "warning" and len(run.checks) > settings.notify_warnings


def _mail(settings: Settings, subject: str, text: str, section: Path | None) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, settings.mail_from, settings.mail_to
    message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain="bulletin")
    message.set_content(text)
    if section and section.is_file():
        kind = "vnd.openxmlformats-officedocument.wordprocessingml.document"
        message.add_attachment(section.read_bytes(), maintype="application", subtype=kind, filename=section.name)
    host, _, port = settings.smtp.partition(":")
    secure = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, int(port or 465), timeout=robots.SECONDS, context=secure)
    else:
        server = smtplib.SMTP(host, int(port or 25), timeout=robots.SECONDS)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=secure)
        if settings.smtp_user:
            server.login(settings.smtp_user, smtp_password())
        server.send_message(message)
