"""示例: sample deliveries of invented cases, whose figures are those of the real bulletin, scaled.

They contain what real ones contain: late completions, cases carried over from last year, repeated rows, other areas,
void cases, unclassified types, unreadable rows, and personal columns that the reader must drop.

cases  the cases, and their figures
files  the files they are written to
"""

import random
import shutil
import tomllib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from fractions import Fraction
from itertools import cycle
from pathlib import Path

from flows.domain.text import BadInput, CommandLine
from flows.jobs.init import create
from flows.jobs.sample.cases import LAST_CUT_OFF, PUBLISHED, Case, Group, invent_cases
from flows.jobs.sample.files import FORMS, Table
from flows.root.deliveries import has_samples
from flows.root.files import make_folder, put_folder
from flows.root.project import Project, implied_root
from flows.warehouse.swap import forget_everything

_SHEET_ROWS = 200_000  # larger tables are written as text


def make_missing_root(folder: Path | None) -> Project | None:
    """A new root in `folder`, else in that of BULLETIN_ROOT, where nothing lies yet; None where something does."""
    root = folder.expanduser().resolve() if folder else implied_root()
    is_missing = not any(root.iterdir()) if root.is_dir() else not root.exists()
    return create(root) if is_missing else None


def renew_samples(project: Project, *, scale: Fraction, seed: int, weeks: int) -> list[Path]:
    """Write samples into a root; replaces earlier samples and their warehouse. Returns the files.

    Raises:
        BadInput: the root holds real data.
    """
    is_renewed = has_samples(project)
    if is_renewed is False:
        raise BadInput(
            "{root} holds real data and cannot take samples. Make another root: {command}",
            root=project.root,
            command=CommandLine("sample --root {folder}", folder=project.root.with_name("bulletin-sample")),
        )
    files = write_sample(project.raw, scale=scale, seed=seed, weeks=weeks)
    if is_renewed:
        forget_everything(project)
    return files


def write_sample(raw: Path, *, scale: Fraction = Fraction(1, 1000), seed: int = 2022, weeks: int = 3) -> list[Path]:
    """Write `weeks` weekly deliveries below `raw`, the last of 2022-07-22; returns the files, the same bytes each time.

    The first one holds all earlier cases. The year-to-date figures of 2022-07-22 are those of the real paragraph times
    `scale`, rounded half up.

    Raises:
        BadInput: one of the folders holds a real delivery.
    """
    cut_offs = [LAST_CUT_OFF - timedelta(weeks=back) for back in reversed(range(weeks))]
    targets = [raw / cut_off.isoformat() for cut_off in cut_offs]
    for target in targets:
        _refuse_real(target)
    drafts = [raw / f".sample-{target.name}" for target in targets]
    for draft, cut_off in zip(drafts, cut_offs, strict=True):
        shutil.rmtree(draft, ignore_errors=True)
        make_folder(draft)
        (draft / "delivery.toml").write_text(_describe_delivery(cut_off), encoding="utf-8")
    for group in Group:
        _write_group(group, dict(zip(cut_offs, drafts, strict=True)), scale, random.Random(f"{seed} {group}"))
    for draft, target in zip(drafts, targets, strict=True):
        put_folder(draft, target, is_replacing=True)
    return sorted(path for target in targets for path in target.iterdir() if path.suffix != ".toml")


def _describe_delivery(cut_off: date) -> str:
    monday = cut_off + timedelta(days=3)
    return f'# 示例数据 / invented data\nprofile = "sichuan"\nreceived_on = {monday}\nsample = true\n'


def _refuse_real(target: Path) -> None:
    settings = target / "delivery.toml"
    is_sample = settings.is_file() and tomllib.loads(settings.read_text(encoding="utf-8")).get("sample")
    if target.exists() and not is_sample:
        raise BadInput(
            "{target} holds a real delivery, and samples do not replace it. Make another root: {command}",
            target=target,
            command=CommandLine("sample --root {folder}", folder=target.parents[2].with_name("bulletin-sample")),
        )


def _write_group(group: Group, drafts: Mapping[date, Path], scale: Fraction, chance: random.Random) -> None:
    with ExitStack() as stack:
        tables = []
        for (cut_off, draft), form in zip(drafts.items(), cycle(FORMS[group]), strict=False):
            is_small = scale * PUBLISHED[group][0] < _SHEET_ROWS
            table = Table(draft, form, cut_off, is_small=is_small)
            stack.callback(table.close)
            tables.append(table)
        for i, case in enumerate(invent_cases(group, scale, chance)):
            _deliver(case, i, list(drafts), tables)
        for i, table in enumerate(tables):
            table.write_unreadable(list(Group).index(group) * len(tables) + i)


def _deliver(case: Case, i: int, cut_offs: Sequence[date], tables: Sequence[Table]) -> None:
    """Write the case into the delivery of its acceptance, and into that of its completion if that comes later."""
    first = bisect_left(cut_offs, case.accepted_at.date())
    last = bisect_left(cut_offs, case.completed_at.date()) if case.completed_at else first
    tables[first].write_case(case, is_completed=last == first and case.completed_at is not None)
    if last > first:
        tables[last].write_case(case, is_completed=True)
    if i % 500 == 7 or i < 2:  # the same row twice in one delivery
        tables[last].write_case(case, is_completed=case.completed_at is not None)
    if i % 500 == 11 and last + 1 < len(tables):  # the same row again in the next delivery
        tables[last + 1].write_case(case, is_completed=case.completed_at is not None)
