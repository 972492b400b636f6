"""One root folder and its paths."""

import os
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from flows.domain.calendar import Calendar
from flows.domain.cases import Window
from flows.domain.holidays import FILE as HOLIDAYS
from flows.domain.holidays import Announcement, combine, read_announcements, write_text
from flows.domain.profile import Profile, load_profile
from flows.domain.text import BadInput, CommandLine, NothingToDo, WrongUsage
from flows.root.files import make_folder, write_files
from flows.root.settings import SETTINGS, Settings, read_settings

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Project:
    """The root folder a command works in (docs/architecture.md §3)."""

    root: Path
    settings: Settings = field(default_factory=Settings)

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def receipts(self) -> Path:
        return self.raw / "receipts.jsonl"

    @property
    def receiving(self) -> Path:
        """Files on their way into data/raw."""
        return self.raw / ".receiving"

    @property
    def raw_lock(self) -> Path:
        """Held while files are placed in data/raw, or looked for there."""
        return self.root / "data" / "warehouse" / ".raw.lock"

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
    def run_log(self) -> Path:
        return self.reports / "runs.jsonl"

    @property
    def service(self) -> Path:
        """The state of the service."""
        return self.root / "data" / "service"

    @property
    def service_lock(self) -> Path:
        """Held while the service runs."""
        return self.service / ".lock"

    @property
    def api_secret(self) -> Path:
        return self.service / "api.secret"

    @property
    def api_address(self) -> Path:
        """Holds the address of the server that the service has started, while it runs."""
        return self.service / "api.url"

    @property
    def profiles(self) -> Path:
        """Source profiles of one's own, found before those of the program."""
        return self.root / "profiles"

    @property
    def questions(self) -> Path:
        """Saved questions of one's own, shown after those of the program."""
        return self.root / "questions"

    @cached_property
    def profile(self) -> Profile:
        """Read once: a command sees one profile from its beginning to its end."""
        return load_profile(self.settings.profile, self.root)

    @cached_property
    def announcements(self) -> tuple[Announcement, ...]:
        """What is announced of days off, as known today; read once, as the profile."""
        return read_announcements(self.root / HOLIDAYS)

    @cached_property
    def calendar(self) -> Calendar:
        return combine(self.announcements)

    @property
    def calendar_digest(self) -> str:
        return sha256(write_text(self.announcements).encode()).hexdigest()

    def report_folder(self, week_end: date) -> Path:
        return self.reports / week_end.isoformat()

    @property
    def neighbour(self) -> Path:
        """Where another root may be made."""
        return self.root.with_name("bulletin-office")

    def range_folder(self, window: Window) -> Path:
        return self.reports / f"{window.start}_{window.end}"

    def published_folder(self, week_end: date) -> Path:
        return self.report_folder(week_end) / "published"

    def proposed_folder(self, week_end: date) -> Path:
        """What the author has signed and the checker has not."""
        return self.report_folder(week_end) / "proposed"

    @property
    def duplicates(self) -> Path:
        return self.root / "data" / "duplicates"

    def duplicate_folder(self, week_end: date) -> Path:
        """Where what no recount gives again of a published week lies a second time."""
        return self.duplicates / week_end.isoformat()

    def draft_folder(self, week_end: date) -> Path:
        """Where a report is written: the week's folder, or a subfolder of it once the week is published."""
        folder = self.report_folder(week_end)
        return folder / "draft" if self.published_folder(week_end).exists() else folder


def implied_root() -> Path:
    """The root of a command that names none: that of BULLETIN_ROOT, else the checkout."""
    named = os.environ.get("BULLETIN_ROOT")
    return Path(named).expanduser().resolve() if named else CHECKOUT


def open_project(root: Path | None) -> Project:
    """The project of `root`, else of BULLETIN_ROOT, else of the checkout.

    Raises:
        WrongUsage: none is given, and the program was installed without a checkout.
        BadInput: the folder is missing or not a root, or its bulletin.toml cannot be read.
    """
    folder = root.expanduser().resolve() if root else implied_root()
    if not (folder / "bulletin.toml").is_file() and not (folder / "data" / "raw").is_dir():
        if folder == CHECKOUT and not root:
            raise WrongUsage(
                "give the root folder: --root DIR, or BULLETIN_ROOT. To make one: {command}",
                command=CommandLine("init --root {folder}", folder=Path.home() / "bulletin"),
            )
        raise BadInput(
            "{chosen} is not a root folder (it has neither bulletin.toml nor data/raw). To make one: {command}",
            chosen=root or folder,
            command=CommandLine("init --root {folder}", folder=root or folder),
        )
    return Project(folder, read_settings(folder / "bulletin.toml"))


def require_warehouse(project: Project) -> None:
    """Raise NothingToDo if nothing has been loaded yet."""
    if not project.warehouse.exists():
        raise NothingToDo(
            "There is no warehouse yet ({warehouse}). First run: {command}",
            warehouse=project.warehouse,
            command=CommandLine("weekly"),
        )


def create_project(folder: Path) -> Project:
    """Make an empty root with a commented bulletin.toml; existing files are not touched.

    Raises:
        BadInput: the folder is a file, or a root already.
    """
    root = folder.expanduser().resolve()
    if root.exists() and not root.is_dir():
        raise BadInput("{folder} is a file. Choose a folder.", folder=folder)
    if (root / "bulletin.toml").exists():
        raise BadInput(
            "{folder} is already a root folder (it has a bulletin.toml); nothing was changed.", folder=folder
        )
    for part in ("data/raw", "data/editorial", "data/warehouse", "reports"):
        make_folder(root / part)
    write_files(root, {"bulletin.toml": SETTINGS.encode()})
    return Project(root)
