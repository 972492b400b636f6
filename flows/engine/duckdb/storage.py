"""Opening DuckDB: a warehouse, a working copy of one, or an engine in memory; and what keeps one from being opened or going on."""

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from flows.domain.text import BadInput, Locked, UserError
from flows.engine.duckdb.connection import Engine

_HEADER_BYTES = 3 * 4096  # the file's own header and its two of the database; every checkpoint changes one of them
# Of changed values, which writing costs a look at all cases; what is appended goes into the file at once.
_UNWRITTEN = "128MB"


@contextmanager
def open_engine(
    path: Path | None = None,
    *,
    read_only: bool = False,
    is_working_copy: bool = False,
    threads: int | None = None,
    memory_limit: str | None = None,
) -> Iterator[Engine]:
    """An engine over the warehouse file `path`, or in memory; closed at the end, whatever happens.

    A working copy is thrown away if anything fails, so it keeps no log: what was not checkpointed is lost with the process.

    Raises:
        BadInput: what it was asked for needs more memory than `memory_limit`, or more disk than there is.
    """
    config: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "preserve_insertion_order": "true",  # row numbers come from the order of insertion
    }
    if threads:
        config["threads"] = threads
    if memory_limit:
        config["memory_limit"] = memory_limit
    if is_working_copy:
        config["checkpoint_threshold"] = _UNWRITTEN
    opened = ":memory:" if path is None or is_working_copy else str(path)
    with _choose_spill(path) as spill:
        config["temp_directory"] = spill
        engine = Engine(duckdb.connect(opened, read_only=read_only, config=config))
        try:
            if path and is_working_copy:
                engine.attach_without_log(path)
            yield engine
        except duckdb.Error as error:
            if shortage := _find_shortage(error, memory_limit):
                raise shortage from None
            raise
        finally:
            engine.close()


@contextmanager
def open_warehouse(path: Path, *, is_locked_down: bool = False) -> Iterator[Engine]:
    """An existing warehouse, to be read only; locked down, it reaches no other file, no network and no setting.

    Raises:
        BadInput: the file is no warehouse, or damaged.
        Locked: another program holds it open for writing.
    """
    with ExitStack() as opened:
        try:
            engine = opened.enter_context(open_engine(path, read_only=True))
            engine.table("warehouse_info")
            if is_locked_down:
                engine.lock_down()
        except duckdb.Error as error:
            raise _explain(path, str(error)) from None
        yield engine


def digest_headers(path: Path) -> str:
    """What no program can change in a database file without leaving another digest: its size and its headers.

    The blocks behind them carry checksums, so that reading a gigabyte for this is spared.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size  # of this very file: a swap may put another in its place meanwhile
        return hashlib.sha256(b"%d %b" % (size, file.read(_HEADER_BYTES))).hexdigest()


@contextmanager
def _choose_spill(path: Path | None) -> Iterator[str]:
    """The folder for what does not fit into memory: beside the file, or where the system keeps such things.

    No other process has it, since each names its blocks alike and would overwrite those of another. The engine makes it when needed.
    """
    if path:
        yield f"{path}.{os.getpid()}.tmp"
    else:
        with TemporaryDirectory(prefix="bulletin-") as folder:
            yield folder


def _find_shortage(error: duckdb.Error, memory_limit: str | None) -> BadInput | None:
    """What the user has too little of, if that is what the engine failed for."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return BadInput(
            zh=f"内存不够：引擎的上限是 {memory_limit or '内存的八成'}，或磁盘已满。请调高设置 memory_limit（或 --memory），或腾出磁盘空间。",
            en=f"not enough memory: the engine may use {memory_limit or 'four fifths of the memory'}; or the disk is full. "
            "Raise the setting memory_limit (or --memory), or make room on the disk.",
        )
    if os.strerror(errno.ENOSPC) in str(error):
        return BadInput(
            zh=f"磁盘已满，没写完的不予采用：{error}。请腾出空间，再运行一次。",
            en=f"the disk is full; nothing half-written is used: {error}. Make room, then run again.",
        )
    return None


def _explain(path: Path, error: str) -> UserError:
    if holder := re.search(r"lock is held in (.+) \(PID (\d+)\)", error):
        program, process = holder.groups()
        return Locked(
            zh=f"{path} 正被另一个程序以写方式打开：{program}（进程 {process}）。请关闭它再试；读取时请用只读方式。",
            en=f"{path} is held open for writing by another program: {program} (process {process}). "
            "Close it and try again; to read, open it read-only.",
        )
    return BadInput(
        zh=f"{path} 不是本程序的数据仓库，或已损坏。请把它移走再运行：会从 data/raw 重建。",
        en=f"{path} is no warehouse of this program, or damaged. Move it away and run again: "
        "it is built anew from data/raw.",
    )
