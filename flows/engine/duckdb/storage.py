"""Opening DuckDB: a warehouse, a working copy of one, or an engine in memory; and what keeps one from being opened or going on."""

import errno
import hashlib
import os
import re
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from flows.domain.dictionary import TookTooLong
from flows.domain.text import BadInput, Locked, Text, UserError
from flows.engine.duckdb.connection import Connection
from flows.engine.duckdb.shortcuts import PREPARATIONS, SHORTCUTS, shared_texts
from flows.engine.protocols import DamagedWarehouse, Engine

_HEADER_BYTES = 3 * 4096  # the file's own header and its two of the database; every checkpoint changes one of them
_LEAST_MEBIBYTES = 128  # a thread
# Of changed values, which writing costs a look at all cases; what is appended goes into the file at once.
_UNWRITTEN = "128MB"
_CHECKSUM = "checksum"  # what the engine says of a block that is not what was written
_REFUSALS = (errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE)
_BESIDE_BYTES = 1 << 30  # of what is no part of the engine's own limit: stacks of threads, rows on their way


class FileStorage:
    """See Storage: one file, replaced by one rename."""

    def __init__(self, path: Path, threads: int | None = None, memory_limit: str | None = None) -> None:
        self._path, self._threads, self._memory_limit = path, threads, memory_limit

    @contextmanager
    def open(self, *, is_locked_down: bool = False) -> Iterator[Connection]:
        memory_limit = self._memory_limit if is_locked_down else None
        with ExitStack() as opened:
            try:
                connection = opened.enter_context(_connect(self._path, read_only=True, memory_limit=memory_limit))
                connection.read("warehouse_info").dicts()
                if is_locked_down:
                    opened.enter_context(_bounding_memory(connection))
                    connection.lock_down()
                else:
                    connection.supply()
            except duckdb.Error as error:
                raise _explain(self._path, str(error)) from None
            with _noticing_damage(self._path):
                yield connection

    @contextmanager
    def copy(self, folder: Path, *, is_empty: bool) -> Iterator[Connection]:
        """The copy keeps no log: it is thrown away if anything fails, and what was not checkpointed is lost with the process."""
        path = folder / self._path.name  # the same name, since views remember it
        if not is_empty:
            shutil.copyfile(self._path, path)
        with (
            nullcontext() if is_empty else _noticing_damage(self._path),
            _connect(path, is_working_copy=True, threads=self._threads, memory_limit=self._memory_limit) as connection,
        ):
            if is_empty:
                connection.create_schema()
            connection.create_functions()
            yield connection

    @contextmanager
    def swap_in(self, copy: Engine, sync: Callable[[Path], None]) -> Iterator[str]:
        assert isinstance(copy, Connection)
        path = copy.path
        expected = copy.read("figures/reconciliation", as_of=date.max).dicts()
        copy.checkpoint()
        copy.close()
        with _reading_back(), _connect(path, read_only=True) as reopened:
            reopened.read_through()
            if reopened.read("figures/reconciliation", as_of=date.max).dicts() != expected:
                raise RuntimeError(f"{path} does not read back as it was written")
        path.chmod(0o444)
        sync(path)
        yield _digest(path)
        path.replace(self._path)
        sync(self._path.parent)

    def digest(self) -> str:
        """Of its size and its headers. The blocks behind them carry checksums, so that reading a gigabyte for this is spared."""
        return _digest(self._path)


@contextmanager
def open_in_memory(threads: int | None = None, *, has_schema: bool = False) -> Iterator[Connection]:
    """See open_engine."""
    with _connect(None, threads=threads) as connection:
        if has_schema:
            connection.create_schema()
        connection.create_functions()
        yield connection


@contextmanager
def _connect(
    path: Path | None,
    *,
    read_only: bool = False,
    is_working_copy: bool = False,
    threads: int | None = None,
    memory_limit: str | None = None,
) -> Iterator[Connection]:
    """A connection to a file, or to memory; closed at the end, whatever happens."""
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
        try:
            database = duckdb.connect(opened, read_only=read_only, config=config)
        except duckdb.OutOfMemoryException as error:
            raise _find_shortage(error, memory_limit, threads, 0) or error from None
        connection = Connection(database, SHORTCUTS, PREPARATIONS, shared_texts)
        try:
            if path and is_working_copy:
                connection.attach(path)
            yield connection
        except duckdb.Error as error:
            if shortage := _find_shortage(error, memory_limit, threads, connection.seconds):
                raise shortage from None
            raise
        finally:
            connection.close()


def _digest(path: Path) -> str:
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


@contextmanager
def _bounding_memory(connection: Connection) -> Iterator[None]:
    """Bound the memory of this process for a while: a single long text is none of what the engine counts."""
    (limit,) = connection.fetch("select parse_formatted_bytes(current_setting('memory_limit')) as bytes")
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = used + limit["bytes"] + _BESIDE_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (bound if soft == resource.RLIM_INFINITY else min(bound, soft), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _find_shortage(
    error: duckdb.Error, memory_limit: str | None, threads: int | None, seconds: float
) -> BadInput | None:
    """What the user has too little of, if that is what the engine failed for."""
    if isinstance(error, duckdb.InterruptException):
        return TookTooLong(seconds)
    if isinstance(error, duckdb.OutOfMemoryException):
        return _name_shortage(memory_limit, threads or os.cpu_count() or 1)
    if os.strerror(errno.ENOSPC) in str(error):
        return BadInput(
            "the disk is full; nothing half-written is used: {error}. Make room, then run again.", error=error
        )
    if isinstance(error, duckdb.IOException) and _CHECKSUM not in str(error):
        return _name_refusal(error)
    return None


def _name_shortage(memory_limit: str | None, threads: int) -> BadInput:
    """With what the engine needs to begin, where the limit is below that: what a question needs nobody knows."""
    least = _LEAST_MEBIBYTES * threads
    if memory_limit and _count_bytes(memory_limit) < least << 20:
        return BadInput(
            "not enough memory: the engine may use {memory_limit} and needs {least} MiB at least. Raise the setting memory_limit "
            "(or --memory).",
            memory_limit=memory_limit,
            least=least,
        )
    return BadInput(
        "not enough memory: the engine may use {memory_limit}, and this needs more; or the disk is full. Raise the setting "
        "memory_limit (or --memory), or make room on the disk.",
        memory_limit=memory_limit or Text("four fifths of the memory"),
    )


def _count_bytes(size: str) -> float:
    """Of a size as the engine reads it: 300MiB, 1.5 GB."""
    number, unit = re.fullmatch(r"([0-9.]+) ?([KMGT]i?)B", size, re.IGNORECASE).groups()  # type: ignore[union-attr]
    base = 1024 if unit[1:] else 1000
    return float(number) * float(base) ** ("KMGT".index(unit[0].upper()) + 1)


def _name_refusal(error: duckdb.Error | str) -> BadInput:
    return BadInput(
        "the system refused what the engine asked for: {error}. Check the permissions and the disk, then run again.",
        error=error,
    )


def _explain(path: Path, error: str) -> UserError:
    if holder := re.search(r"lock is held in (.+) \(PID (\d+)\)", error):
        program, process = holder.groups()
        return Locked(
            "{path} is held open for writing by another program: {program} (process {process}). "
            "Close it and try again; to read, open it read-only.",
            path=path,
            program=program,
            process=process,
        )
    if any(os.strerror(number) in error for number in _REFUSALS):
        return _name_refusal(error)
    return DamagedWarehouse(path)


@contextmanager
def _reading_back() -> Iterator[None]:
    """What was written is read once before it counts: a disk, or an engine's own checkpoint, may have spoiled it."""
    try:
        yield
    except duckdb.Error as error:
        raise BadInput(
            "the new warehouse does not read back as it was written: {error}. The one before stays. Check the disk, then run again.",
            error=error,
        ) from None


@contextmanager
def _noticing_damage(path: Path) -> Iterator[None]:
    """A block is only looked at when it is read; its checksum then tells that it is not what was written."""
    try:
        yield
    except duckdb.Error as error:
        is_damage = isinstance(error, (duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException))
        if not is_damage and _CHECKSUM not in str(error):
            raise
        raise DamagedWarehouse(path) from None
