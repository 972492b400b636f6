"""The settings of a root: bulletin.toml, and a few environment variables."""

import locale
import os
import re
import shlex
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path

from flows.domain.text import BadInput, CommandLine

SETTINGS = """\
# All settings; each line shows the default. Remove the # and change the value.

# profile = "sichuan"        # names of the source's columns, types and statuses: profiles/<profile>.toml here, or the program's
# language = "zh"            # of messages: zh or en; default: from the locale (reports are always in Chinese)
# threads = 2                # processor threads of the warehouse engine; default: all
# memory_limit = "3GiB"      # of the warehouse engine; above it, the engine spills to disk
# handover = true            # write data/warehouse/export/ for programs that cannot open the warehouse, whenever it changes
# query_seconds = 600        # a query that takes longer is stopped
# notice_cases = 0           # a published number that differs by more cases needs a notice of correction; revisions.md says the same
# issuer = ""                # who issues notices of correction: 落款 of 更正说明
# keep_files = 3             # replaced versions of the warehouse kept in data/warehouse/kept; 0: none

# The service, `bulletin up`:
# schedule = "Mon 09:00"     # time of the weekly run, Asia/Shanghai
# wait_seconds = 3600        # how long a run of the service waits for another run to end
# port = 4200                # of the page, http://127.0.0.1:4200
# host = "127.0.0.1"         # 127.0.0.1: only this machine can open the page; other addresses: anyone who has the secret
# proxy_name = ""            # behind a reverse proxy: the name that browsers ask for, "bulletin.example.org"
# proxy_user = ""            # the header in which that proxy says who has signed in there, "X-Remote-User"

# Messages about runs of the service, and about any run with --notify:
# notify_on = "failure"      # failure; warning: also runs with more warnings than notify_warnings; success: every run
# notify_warnings = 0
# mail_to = ""               # addresses, separated by commas
# mail_from = ""
# smtp = ""                  # mail server: "mail.example.org:25"
# smtp_security = "none"     # none, starttls or tls
# smtp_user = ""             # the password goes into a file of mode 0600 that BULLETIN_SMTP_PASSWORD_FILE names
# mail_section = false       # whether the section, statistics.docx, goes with the mail
# webhook = ""               # address of a group robot of WeCom 企业微信 or DingTalk 钉钉
# notify_file = ""           # a file of mode 0600 with addresses of robots, one a line: "wecombot://KEY", "dingtalk://SECRET@TOKEN"
"""


_ALLOWED: dict[str, tuple[type, str, str]] = {
    "profile": (str, r"\w+", 'the name of a source profile, such as "sichuan"'),
    "language": (str, "zh|en", '"zh" / "en"'),
    "threads": (int, "[1-9][0-9]{0,2}", "1 … 999"),
    "memory_limit": (str, r"[0-9]+([.][0-9]+)? ?[KMGT]i?B", '"4GiB"'),
    "handover": (bool, "True|False", "true / false"),
    "query_seconds": (int, "[1-9][0-9]{0,5}", "1 … 999999"),
    "notice_cases": (int, "[0-9]{1,6}", "0 … 999999"),
    "issuer": (str, r"[^\n]{0,60}", '"示例政务服务中心"'),
    "keep_files": (int, "[0-9]{1,2}", "0 … 99"),
    "schedule": (
        str,
        "(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01][0-9]|2[0-3]):[0-5][0-9]",
        '"Mon 09:00": a day Mon … Sun and a time 00:00 … 23:59',
    ),
    "wait_seconds": (int, "[0-9]{1,6}", "0 … 999999"),
    "port": (int, "[1-9][0-9]{1,4}", "10 … 65535"),
    "host": (
        str,
        r"[0-9]{1,3}([.][0-9]{1,3}){3}",
        '"127.0.0.1", an address of this machine, or "0.0.0.0" for all of them',
    ),
    "proxy_name": (str, r"|[\w.-]+", '"bulletin.example.org"'),
    "proxy_user": (str, r"|[A-Za-z][A-Za-z-]*", '"X-Remote-User"'),
    "notify_on": (str, "failure|warning|success", '"failure" / "warning" / "success"'),
    "notify_warnings": (int, "[0-9]{1,3}", "0 … 999"),
    "mail_to": (str, r"|[^\s@]+@[^\s@,]+(,\s*[^\s@]+@[^\s@,]+)*", '"a@example.org, b@example.org"'),
    "mail_from": (str, r"|[^\s@]+@[^\s@,]+", '"bulletin@example.org"'),
    "smtp": (str, r"|[\w.-]+(:[0-9]{1,5})?", '"mail.example.org:25"'),
    "smtp_security": (str, "none|starttls|tls", '"none" / "starttls" / "tls"'),
    "smtp_user": (str, ".*", '"name"'),
    "mail_section": (bool, "True|False", "true / false"),
    "notify_file": (str, r"|/.+", '"/etc/bulletin/notify"'),
    "webhook": (str, r"|https?://\S+", '"https://…"'),
}


@dataclass(frozen=True)
class Settings:
    profile: str = "sichuan"
    language: str | None = None
    threads: int | None = None
    memory_limit: str = "3GiB"
    handover: bool = True
    query_seconds: int = 600
    notice_cases: int = 0
    issuer: str = ""
    keep_files: int = 3
    schedule: str = "Mon 09:00"
    wait_seconds: int = 3600
    port: int = 4200
    host: str = "127.0.0.1"
    proxy_name: str = ""
    proxy_user: str = ""
    notify_on: str = "failure"
    notify_warnings: int = 0
    mail_to: str = ""
    mail_from: str = ""
    smtp: str = ""
    smtp_security: str = "none"
    smtp_user: str = ""
    mail_section: bool = False
    webhook: str = ""
    notify_file: str = ""


def preferred_language(settings: Settings | None = None) -> str:
    """`zh` or `en`: the setting, else the locale, else English."""
    if settings and settings.language:
        return settings.language
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if (spoken or locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def smtp_password() -> str:
    """From BULLETIN_SMTP_PASSWORD, or from the file that BULLETIN_SMTP_PASSWORD_FILE names; empty if there is none.

    Raises:
        BadInput: the file cannot be read, or others can read it.
    """
    if not (name := os.environ.get("BULLETIN_SMTP_PASSWORD_FILE")):
        return os.environ.get("BULLETIN_SMTP_PASSWORD", "")
    return _read_password(Path(name))


def read_notify_file(settings: Settings) -> list[str]:
    """The addresses in the file that BULLETIN_NOTIFY_FILE names, else the setting notify_file; without lines that begin with #.

    Raises:
        BadInput: the file cannot be read, or others can read it.
    """
    if not (name := os.environ.get("BULLETIN_NOTIFY_FILE") or settings.notify_file):
        return []
    lines = [line.strip() for line in _read_password(Path(name)).splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _read_password(path: Path) -> str:
    """What stands in a file that only its owner may read.

    Raises:
        BadInput: it cannot be read, or others can read or change it.
    """
    try:
        with path.open(encoding="utf-8") as file:
            password, mode = file.read().strip(), stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            "{path} cannot be read: {error}. It must be a file of text, UTF-8, that holds nothing but the password or the addresses.",
            path=path,
            error=error,
        ) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadInput(
            "others can read or change {path} (mode {mode}), which holds a secret. Change the secret, then: chmod 600 {quoted}",
            path=path,
            mode=f"{mode:04o}",
            quoted=shlex.quote(str(path)),
        )
    return password


def keys_folder() -> Path:
    """Where the keys of whoever runs this lie: BULLETIN_KEYS, else ~/.config/bulletin."""
    named = os.environ.get("BULLETIN_KEYS")
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return Path(named).expanduser() if named else config / "bulletin"


def given_passphrase() -> str | None:
    return os.environ.get("BULLETIN_PASSPHRASE")


def read_settings(path: Path) -> Settings:
    """bulletin.toml, or all defaults if there is none.

    Raises:
        BadInput: it cannot be read, or has an unknown setting or a wrong value.
    """
    if not path.is_file():
        return Settings()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            "{path} cannot be read: {error}. Correct that line, or start again from the file that a new root has: {command}",
            command=CommandLine("init --root {folder}", folder=path.parent.with_name("bulletin-office")),
            path=path,
            error=error,
        ) from None
    for key, value in values.items():
        _refuse_wrong(path, key, value)
    return Settings(**values)


def allows(key: str, value: object) -> bool:
    """Whether a setting may have this value."""
    kind, pattern, _ = _ALLOWED[key]
    return type(value) is kind and bool(re.fullmatch(pattern, str(value)))


def _refuse_wrong(path: Path, key: str, value: object) -> None:
    if key not in _ALLOWED:
        raise BadInput(
            "{path}: unknown setting {key}. The settings are: {allowed}.", path=path, key=key, allowed=_ALLOWED
        )
    if not allows(key, value):
        allowed = _ALLOWED[key][2]
        raise BadInput(
            "{path}: {key} = {value} is not allowed; it must be {allowed}.",
            path=path,
            key=key,
            value="…" if key == "webhook" else repr(value),  # whoever has it can write to the group
            allowed=allowed,
        )
