"""One root folder: its paths and settings. The only reader of the environment."""

import locale
import os
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.files import make_folder, write_files
from flows.profiles import Profile, load_profile
from flows.vocabulary import BadInput, Window, WrongUsage

CHECKOUT = Path(__file__).resolve().parents[1]
SHANGHAI = ZoneInfo("Asia/Shanghai")

SETTINGS = """\
# Every setting there is; each line shows its default. Remove the # and change the value.

# profile = "sichuan"        # what the source calls its columns, types and statuses: flows/profiles/<profile>.toml
# language = "zh"            # of messages: zh or en; default: as the machine's locale says (reports are in Chinese)
# threads = 2                # processor threads of the warehouse engine; default: all
# memory_limit = "3GiB"      # of the warehouse engine; beyond it, it works on disk
# handover = true            # write data/warehouse/export/ for programs that cannot open the warehouse, whenever it changes
# keep_files = 3             # versions of the warehouse kept in data/warehouse/kept when a newer one replaces them; 0: none

# The service, `bulletin up`:
# schedule = "Mon 09:00"     # when the weekly run is made, Asia/Shanghai
# wait_seconds = 3600        # how long a run of the service waits for another one to end
# port = 4200                # of the page at http://127.0.0.1:4200
# host = "127.0.0.1"         # who may see it: only this machine; at any other address, whoever reaches it and has the secret

# Who is told how a run of the service ended (and any other run with --notify):
# notify_on = "failure"      # failure; warning: also of runs with more warnings than notify_warnings; success: of every run
# notify_warnings = 0
# mail_to = ""               # addresses, separated by commas
# mail_from = ""
# smtp = ""                  # mail server: "mail.example.org:25"
# smtp_security = "none"     # none, starttls or tls
# smtp_user = ""             # its password: environment variable BULLETIN_SMTP_PASSWORD
# webhook = ""               # address of a group robot of WeCom 企业微信 or DingTalk 钉钉
"""
_ALLOWED: dict[str, tuple[type, str, str]] = {
    "profile": (str, r"\w+", 'a name of flows/profiles, such as "sichuan"'),
    "language": (str, "zh|en", '"zh" / "en"'),
    "threads": (int, "[1-9][0-9]{0,2}", "1 … 999"),
    "memory_limit": (str, r"[0-9]+([.][0-9]+)? ?([KMGT]i?B|%)", '"4GiB"'),
    "handover": (bool, "True|False", "true / false"),
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
    "notify_on": (str, "failure|warning|success", '"failure" / "warning" / "success"'),
    "notify_warnings": (int, "[0-9]{1,3}", "0 … 999"),
    "mail_to": (str, r"|[^\s@]+@[^\s@,]+(,\s*[^\s@]+@[^\s@,]+)*", '"a@example.org, b@example.org"'),
    "mail_from": (str, r"|[^\s@]+@[^\s@,]+", '"bulletin@example.org"'),
    "smtp": (str, r"|[\w.-]+(:[0-9]{1,5})?", '"mail.example.org:25"'),
    "smtp_security": (str, "none|starttls|tls", '"none" / "starttls" / "tls"'),
    "smtp_user": (str, ".*", '"name"'),
    "webhook": (str, r"|https?://\S+", '"https://…"'),
}


@dataclass(frozen=True)
class Settings:
    profile: str = "sichuan"
    language: str | None = None
    threads: int | None = None
    memory_limit: str = "3GiB"
    handover: bool = True
    keep_files: int = 3
    schedule: str = "Mon 09:00"
    wait_seconds: int = 3600
    port: int = 4200
    host: str = "127.0.0.1"
    notify_on: str = "failure"
    notify_warnings: int = 0
    mail_to: str = ""
    mail_from: str = ""
    smtp: str = ""
    smtp_security: str = "none"
    smtp_user: str = ""
    webhook: str = ""


@dataclass(frozen=True)
class Project:
    """The root folder a command works in (DESIGN.md §3)."""

    root: Path
    settings: Settings = field(default_factory=Settings)

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def receipts(self) -> Path:
        return self.raw / "receipts.jsonl"

    @property
    def warehouse(self) -> Path:
        return self.root / "data" / "warehouse" / "warehouse.duckdb"

    @property
    def kept(self) -> Path:
        return self.root / "data" / "warehouse" / "kept"

    @property
    def built_digests(self) -> Path:
        return self.root / "data" / "warehouse" / ".built"

    @property
    def handover(self) -> Path:
        return self.root / "data" / "warehouse" / "export"

    @property
    def lock(self) -> Path:
        return self.root / "data" / "warehouse" / ".lock"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def journal(self) -> Path:
        return self.reports / "runs.jsonl"

    @property
    def service(self) -> Path:
        """Where the service keeps its state; its lock says whether it runs."""
        return self.root / "data" / "service"

    @property
    def service_lock(self) -> Path:
        return self.service / ".lock"

    @property
    def api_secret(self) -> Path:
        return self.service / "api.secret"

    @property
    def api_address(self) -> Path:
        """Of the server that the service has started, while it runs."""
        return self.service / "api.url"

    @property
    def profile(self) -> Profile:
        return load_profile(self.settings.profile)

    def report_folder(self, week_end: date) -> Path:
        return self.reports / week_end.isoformat()

    def range_folder(self, window: Window) -> Path:
        return self.reports / f"{window.start}_{window.end}"

    def published_folder(self, week_end: date) -> Path:
        return self.report_folder(week_end) / "published"

    def draft_folder(self, week_end: date) -> Path:
        """Where a week is written: its folder, or, once it is published, a place beside what was signed."""
        folder = self.report_folder(week_end)
        return folder / "draft" if self.published_folder(week_end).exists() else folder


def now() -> datetime:
    """Wall time in Asia/Shanghai, whatever the machine's zone."""
    return datetime.now(SHANGHAI)


def open_project(root: Path | None) -> Project:
    """The project of `root`, else of BULLETIN_ROOT, else of the checkout.

    Raises:
        WrongUsage: none is named, and the program was installed without a checkout.
        BadInput: the folder is missing, is no root, or its bulletin.toml cannot be read.
    """
    named = os.environ.get("BULLETIN_ROOT")
    chosen = root or Path(named or CHECKOUT)
    folder = chosen.expanduser().resolve()
    if not (folder / "bulletin.toml").is_file() and not (folder / "data" / "raw").is_dir():
        if not (root or named):
            raise WrongUsage(
                zh="请用 --root 目录（或环境变量 BULLETIN_ROOT）指明工作目录。新建请运行：bulletin init --root 目录",
                en="say which root folder: --root DIR, or BULLETIN_ROOT. To make one: bulletin init --root DIR",
            )
        raise BadInput(
            zh=f"{chosen} 不是工作目录（既没有 bulletin.toml，也没有 data/raw）。新建请运行：bulletin init --root {chosen}",
            en=f"{chosen} is no root folder (neither bulletin.toml nor data/raw in it). "
            f"To make one: bulletin init --root {chosen}",
        )
    return Project(folder, _read_settings(folder / "bulletin.toml"))


def create_project(folder: Path) -> Project:
    """Make an empty production root with a commented bulletin.toml; what exists is left as it is."""
    root = folder.expanduser().resolve()
    if root.exists() and not root.is_dir():
        raise BadInput(
            zh=f"{folder} 是一个文件，不是目录。请另选一个目录。", en=f"{folder} is a file. Choose a folder."
        )
    if (root / "bulletin.toml").exists():
        raise BadInput(
            zh=f"{folder} 已经是工作目录（有 bulletin.toml），未作改动。",
            en=f"{folder} is a root folder already (it has a bulletin.toml); nothing was changed.",
        )
    for part in ("data/raw", "data/editorial", "data/warehouse", "reports"):
        make_folder(root / part)
    write_files(root, {"bulletin.toml": SETTINGS.encode()})
    return Project(root)


def preferred_language(settings: Settings | None = None) -> str:
    """`zh` or `en`: the setting, else the locale, else English."""
    if settings and settings.language:
        return settings.language
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if (spoken or locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def server_address() -> str | None:
    """The address of the Prefect server that records runs, if one is configured."""
    return os.environ.get("PREFECT_API_URL") or None


def given_secret() -> str | None:
    """What the user would have said to the server that is configured."""
    return os.environ.get("PREFECT_API_AUTH_STRING") or None


def given_server_secret() -> str | None:
    """What the user would have a server ask for that is started here."""
    return os.environ.get("PREFECT_SERVER_API_AUTH_STRING") or None


# What the environment says of these does not count: nothing is told to anybody outside this machine.
_PREFECT = {
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",  # a missing server is an error at once, not twelve seconds later
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # the newer page makes the browser ask servers elsewhere
    "PREFECT_SERVER_UI_API_URL": "/api",  # of the page: by whatever address it was opened
    # no other page, open in the same browser, may ask for anything: the origin of a page is an address, or `null` of a local file
    "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": "none",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_CLI_COLORS": "false",
    "DO_NOT_TRACK": "1",
}
_LOOPBACK = "127.0.0.1,localhost"


def configure_prefect(
    home: Path | None = None, address: str | None = None, level: str | None = None, secret: str | None = None
) -> None:
    """Before Prefect is imported: it tells nobody outside anything, asks its server without a proxy, and writes only below `home`.

    Where its state lies, which server it asks and how much it logs stay as the environment says; `secret` is said to the server.
    """
    os.environ.update(_PREFECT)
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if direct != "*" and not direct.endswith(_LOOPBACK):
        os.environ["no_proxy"] = f"{direct},{_LOOPBACK}".lstrip(",")
    chosen = {
        "PREFECT_HOME": home,
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": home and home / "ui",  # else among the program's files, not ours to write
        "PREFECT_API_URL": address,
        "PREFECT_LOGGING_LEVEL": level,
    }
    for name, value in chosen.items():
        if value and not os.environ.get(name):
            os.environ[name] = str(value)
    if secret:
        os.environ["PREFECT_API_AUTH_STRING"] = secret
    if home:
        home.mkdir(parents=True, exist_ok=True)


def enclosed_environment(secret: str) -> dict[str, str]:
    """Of the Prefect server, which needs nothing from outside and asks everybody for the secret.

    What it would fetch for a page all the same (catalogues of blocks and flows that others have written) ends at a port of
    this machine that nobody listens on, before a name is looked up.
    """
    proxies = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https", "all")}
    return os.environ | proxies | {"PREFECT_SERVER_API_AUTH_STRING": secret}


def smtp_password() -> str:
    return os.environ.get("BULLETIN_SMTP_PASSWORD", "")


def _read_settings(path: Path) -> Settings:
    if not path.is_file():
        return Settings()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            zh=f"无法读取 {path}：{error}。请改正该行，或用 bulletin init 生成的文件重新开始。",
            en=f"{path} cannot be read: {error}. Mend that line, or start again from the file `bulletin init` writes.",
        ) from None
    for key, value in values.items():
        _check_setting(path, key, value)
    return Settings(**values)


def allows(key: str, value: object) -> bool:
    """Whether a setting may have this value."""
    kind, pattern, _ = _ALLOWED[key]
    return type(value) is kind and bool(re.fullmatch(pattern, str(value)))


def _check_setting(path: Path, key: str, value: object) -> None:
    if key not in _ALLOWED:
        raise BadInput(
            zh=f"{path}：没有名为 {key} 的设置。可用的设置：{'、'.join(_ALLOWED)}。",
            en=f"{path}: there is no setting {key}. The settings are: {', '.join(_ALLOWED)}.",
        )
    if not allows(key, value):
        allowed = _ALLOWED[key][2]
        raise BadInput(
            zh=f"{path}：设置 {key} = {value!r} 无效；应为 {allowed}。",
            en=f"{path}: {key} = {value!r} is not allowed; it must be {allowed}.",
        )
