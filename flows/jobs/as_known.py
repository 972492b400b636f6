"""What was known when: the three questions of docs/architecture.md §4, as-of, known-on, and what the week before was counted from."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from flows.domain.cases import Question
from flows.domain.text import BadInput, NothingToDo, Progress, Text
from flows.engine.protocols import Engine
from flows.root.deliveries import RawFile, find_files
from flows.root.project import Project
from flows.root.receipts import Receipt, read_receipts
from flows.warehouse.copies import fold_aside
from flows.warehouse.reading import open_read_only, read_loaded


@contextmanager
def open_known(project: Project, question: Question, progress: Progress) -> Iterator[Engine]:
    """The warehouse as it is, or one built aside of what had been received by the question's day and not withdrawn by then.

    Raises:
        NothingToDo: there is no warehouse, or nothing had been received by that day.
    """
    if not project.warehouse.exists():
        raise NothingToDo(
            zh=f"还没有数据仓库（{project.warehouse}）。先运行：bulletin weekly",
            en=f"There is no warehouse yet ({project.warehouse}). First run: bulletin weekly",
        )
    if question.known_on is None:
        with open_read_only(project) as engine:
            yield engine
        return
    receipts = [r for r in read_receipts(project) if r.at.date() <= question.known_on]
    loaded, _ = read_loaded(project)
    files = [f for f in find_files(project, loaded, receipts=receipts) if f.received_on <= question.known_on]
    if not files:
        raise NothingToDo(
            zh=f"截至 {question.known_on} 没有收到任何文件。收件日期见：bulletin status",
            en=f"No file had been received by {question.known_on}. When files were received: bulletin status",
        )
    with _build_as_known(project, files, receipts, progress) as engine:
        yield engine


@contextmanager
def open_before(
    project: Project, question: Question, previous_end: date, progress: Progress
) -> Iterator[Engine | None]:
    """What the week before was counted from, if the warehouse cannot tell: None where its deliveries can.

    It cannot where files of an older cut-off came late or were withdrawn, or rules changed, since the first delivery
    after `previous_end` was loaded.
    """
    if question != Question():
        yield None
        return
    receipts = read_receipts(project)
    since = _find_next_load(receipts, previous_end)
    rules = [r for r in receipts if r.action == "rules"][1:]  # the first are no change
    missed = since and [
        *(r for r in rules if r.at >= since),
        *(r for r in receipts if r.action in ("loaded", "withdrawn") and _cut_off(r) <= previous_end and r.at > since),
    ]
    if not since or not missed:
        yield None
        return
    then = [r for r in receipts if r.at < since or (r.at == since and r.action == "loaded")]
    loaded_then = {r.sha256 for r in then if r.action == "loaded" and _cut_off(r) <= previous_end}
    loaded, _ = read_loaded(project)
    files = [f for f in find_files(project, loaded, receipts=then) if f.sha256 in loaded_then]
    with _build_as_known(project, files, then, progress) as engine:
        yield engine


def _find_next_load(receipts: list[Receipt], previous_end: date) -> datetime | None:
    """When the first delivery with a later cut-off was loaded."""
    return min((r.at for r in receipts if r.action == "loaded" and _cut_off(r) > previous_end), default=None)


def _cut_off(receipt: Receipt) -> date:
    return date.fromisoformat(receipt.delivery_id[:10])


@contextmanager
def _build_as_known(
    project: Project, files: list[RawFile], receipts: list[Receipt], progress: Progress
) -> Iterator[Engine]:
    size = sum(file.size for file in files) / 1e6
    progress.step(
        Text(
            zh=f"按当时所知重建（{len(files)} 个文件，{size:,.1f} MB）",
            en=f"building what was known then ({len(files)} files, {size:,.1f} MB)",
        )
    )
    try:
        with fold_aside(project, files, receipts, progress) as engine:
            yield engine
    except OSError as error:
        raise BadInput(
            zh=f"无法在 {project.warehouse.parent} 中建立临时数据仓库：{error.strerror}。请检查空间和权限。",
            en=f"No temporary warehouse can be made in {project.warehouse.parent}: {error.strerror}. Check space and permissions.",
        ) from None
