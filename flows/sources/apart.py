"""Foreign bytes are read in a process of their own, with limits of memory and of processor time: whatever they ask for, the caller
goes on.

One process serves all calls, one after another. A call that it does not survive is refused in a sentence; the next one has a new process.
"""

import atexit
import math
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NoReturn, ParamSpec, TypeVar

from flows.domain.text import BadInput, UserError

# A workbook takes some twenty times its size on the disk, and a second a megabyte; a slow machine five times that.
_LEAST_BYTES, _BYTES_A_BYTE = 1 << 30, 64
_LEAST_SECONDS, _BYTES_A_SECOND = 60, 1 << 16
_LARGE_BYTES = 1 << 26
# What nearly every call needs is imported before the first one comes. Arrow's usual allocator takes a gigabyte of addresses at once.
_PROGRAM = (
    "import os, sys; os.putenv('ARROW_DEFAULT_MEMORY_POOL', 'system'); sys.path[:] = {paths!r}; "
    "import fastexcel, pyarrow.compute, flows.sources.export; from flows.sources.apart import serve; serve()"
)
Given = ParamSpec("Given")
Result = TypeVar("Result")


class TooLarge(BadInput):
    """The bytes ask for more memory than a file of its size may take, or broke the reader."""


def read_apart(path: Path, read: Callable[Given, Result], /, *given: Given.args, **named: Given.kwargs) -> Result:
    """What `read` gives, a function of a module that reads `path`; it, what it is given and its result can be pickled.

    Raises:
        UserError: that of `read`.
        BadInput: the bytes ask for more than a file of this size may, or broke the program that reads them.
    """
    with _lock:
        reader = _find_reader()
        try:
            is_done, outcome = reader.ask((Path.cwd(), path, find_limits(path), read, given, named))
        except (EOFError, pickle.UnpicklingError, BrokenPipeError):
            _readers.clear()
            _refuse_end(path, *reader.close())
        except BaseException:  # an interrupt: the answer may still come
            _close_readers()
            raise
        if path.stat().st_size > _LARGE_BYTES:  # it keeps much of the memory that it took
            _close_readers()
    if not is_done:
        raise outcome
    return outcome  # type: ignore[no-any-return]  # what comes out of a pickle is Any


def prepare_reader() -> None:
    """Start the process, so that it is ready when the first call comes."""
    with _lock:
        _find_reader()


def find_limits(path: Path) -> tuple[int, int]:
    """Bytes and seconds that reading a file may take."""
    size = path.stat().st_size
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(_LEAST_BYTES + _BYTES_A_BYTE * size, installed), _LEAST_SECONDS + size // _BYTES_A_SECOND


def _refuse_end(path: Path, code: int, said: str) -> NoReturn:
    """Say what ended the process: a limit, or a fault in a library, which such bytes bring about, too."""
    if code >= 0:
        raise RuntimeError(f"the process that reads {path} ended with {code}: {said}")
    if code == -signal.SIGXCPU:
        raise BadInput(
            "{path}: reading it takes more than {seconds} seconds, the limit of a file of its size. It may be damaged. "
            "Open it, save it as .xlsx or CSV, and deliver that.",
            path=path,
            seconds=find_limits(path)[1],
        )
    raise _too_large(path)


def _too_large(path: Path) -> TooLarge:
    return TooLarge(
        "{path}: reading it takes more than {mebibytes} MiB of memory, the limit of a file of its size, or breaks the reader. It is "
        "damaged, or a cell stands far from all others (Excel: Ctrl+End goes to the last one). Delete the rows and columns "
        "behind the cases, save it as .xlsx or CSV, and deliver that.",
        path=path,
        mebibytes=find_limits(path)[0] >> 20,
    )


# ---------------------------------------------------------------- the caller


class _Reader:
    """The process, as its caller sees it."""

    def __init__(self) -> None:
        paths = [*sys.path, str(Path(__file__).parents[2])]
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (by libraries, when they break)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _PROGRAM.format(paths=paths)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
        )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, call: object) -> tuple[bool, Any]:
        """Whether it was done, then the result; or what was raised."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests
        assert answers
        requests.write(pickle.dumps(call))
        requests.flush()
        import pyarrow  # noqa: F401  (most answers need it: imported while waiting for one)

        data, sizes = pickle.load(answers)
        return pickle.loads(data, buffers=[_receive(answers, size) for size in sizes])  # type: ignore[no-any-return]

    def close(self) -> tuple[int, str]:
        """End it; its exit code, and what it said at last."""
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            with suppress(BrokenPipeError):
                stream.close()
        try:
            code = self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        with self._said:
            self._said.seek(0)
            return code, self._said.read().decode(errors="replace")[-2000:]


def _receive(stream: IO[bytes], size: int) -> bytearray:
    buffer = bytearray(size)
    if stream.readinto(buffer) != size:  # type: ignore[attr-defined]
        raise EOFError
    return buffer


_lock = threading.Lock()
_readers: list[_Reader] = []  # none or one


def _find_reader() -> _Reader:
    if not (_readers and _readers[-1].is_alive):
        _close_readers()
        _readers.append(_Reader())
    return _readers[-1]


@atexit.register
def _close_readers() -> None:
    while _readers:
        _readers.pop().close()


# ---------------------------------------------------------------- the process


def serve() -> None:
    """Answer calls from standard input on standard output until there are no more."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while requests.peek(1):
        _answer(requests, answers)
    os._exit(0)  # an orderly shutdown would take a while


def _answer(requests: IO[bytes], answers: IO[bytes]) -> None:
    folder, path, limits, read, given, named = pickle.load(requests)
    os.chdir(folder)
    _set_limits(*limits)
    buffers: list[pickle.PickleBuffer] = []
    try:
        data = pickle.dumps((True, read(*given, **named)), 5, buffer_callback=buffers.append)
    except SystemError:  # of Python itself, which has no memory left to say so
        os.abort()
    except BaseException as error:
        resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        buffers.clear()
        data = pickle.dumps((False, _explain(path, error)))
    pickle.dump((data, [buffer.raw().nbytes for buffer in buffers]), answers)
    for buffer in buffers:
        answers.write(buffer.raw())
    answers.flush()


def _set_limits(most_bytes: int, seconds: int) -> None:
    """Beyond what the process has and has used already."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    done = math.ceil(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (done + seconds, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_DATA, (_count_held_bytes() + most_bytes, resource.RLIM_INFINITY))


def _count_held_bytes() -> int:
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[5]
    except OSError:  # another system than Linux
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _explain(path: Path, error: BaseException) -> BaseException:
    """What is raised at the caller's: whatever libraries raise that were given bytes they do not understand, it is a sentence."""
    if isinstance(error, UserError) or (isinstance(error, OSError) and error.filename):
        return error
    if isinstance(error, MemoryError):
        return _too_large(path)
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return BadInput(
        "{path}: this file cannot be read ({kind}: {reason}; {place}). It may be damaged. Open it, save it as .xlsx or CSV, and "
        "deliver that.",
        path=path,
        kind=type(error).__name__,
        reason=(str(error).splitlines() or [""])[0][:200],
        place=place,
    )
