"""新建: a root; for a source that has no profile yet, also one that some of its files propose.

headers    what the words of a header tell
numbers    what tells one case from another
proposing  which column of a file means what
drafting   what a profile is written from
writing    its text
"""

import re
from pathlib import Path

from flows.domain.comparing import comparable
from flows.domain.profile import load_profile
from flows.domain.text import BadInput, CommandLine
from flows.report.revision_policy import POLICY, write_policy
from flows.root.files import make_folder, write_files
from flows.root.project import Project, create_project
from flows.root.settings import Settings


def create(folder: Path) -> Project:
    """An empty root, with a revision policy for the office to change (revisions.md).

    Raises: as `create_project`.
    """
    project = create_project(folder)
    write_files(project.root, {POLICY: write_policy(project.profile, project.settings.notice_cases).encode()})
    return project


def refuse_taken(project: Project, name: str) -> None:
    """Raise if the root has a profile of that name, or holds deliveries that another profile reads."""
    path = project.profiles / f"{name}.toml"
    if path.exists():
        raise BadInput("{path} exists already; nothing was changed. Change it, or give another --name.", path=path)
    if project.warehouse.exists():
        raise BadInput(
            "{root} holds deliveries that the profile {profile} reads. Make a root of its own for each source: {command}",
            root=project.root,
            command=CommandLine("init --root {folder}", folder=project.neighbour),
            profile=project.settings.profile,
        )


def put_profile(project: Project, name: str, text: str) -> Project:
    """Write the profile and choose it in bulletin.toml; returns the root as it is then.

    Raises:
        BadInput: what was written is no profile; it then lies there to be corrected.
    """
    make_folder(project.profiles)
    write_files(project.profiles, {f"{name}.toml": text.encode()})
    path = project.root / "bulletin.toml"
    settings = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    line = f'profile = "{name}"'
    changed, found = re.subn(r"^(# )?profile *= *\"[^\"]*\"", line, settings, count=1, flags=re.M)
    write_files(project.root, {"bulletin.toml": (changed if found else f"{line}\n{settings}").encode()})
    chosen = Project(project.root, Settings(**{**vars(project.settings), "profile": name}))
    load_profile(name, project.root)
    return chosen


def suggest_name(path: Path) -> str:
    """A name for a profile, after the file: small Latin letters, digits and _."""
    return re.sub(r"[^a-z0-9]+", "_", comparable(path.stem).replace("-", "_")).strip("_") or "own"
