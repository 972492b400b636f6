"""The bytes of one table file: a file of its own, or a member of an archive, refused where they are damaged, locked or a bomb."""

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, NoReturn

from flows.domain.text import BadInput, legible

BLOCK_BYTES = 1 << 22
MOST_MEMBERS = 1000
MOST_TIMES = 200  # ratio of unpacked to packed size; a case table has about 10, a bomb about 1000
SMALL_BYTES = 100 << 20  # anything smaller is not a bomb
MOST_BYTES_IN_MEMORY = 2 << 30
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, ValueError, OverflowError, RuntimeError),
)


@dataclass(frozen=True)
class Content:
    """The bytes of one table file. `member` is its path in the archive `path`; '' if `path` is the table itself.

    `open` can be pickled. `is_rewritten`: they are no longer those of the file.
    """

    path: Path
    member: str
    open: Callable[[], BinaryIO] = field(compare=False, repr=False)
    is_rewritten: bool = False

    @property
    def place(self) -> str:
        path = legible(str(self.path))
        return f"{path}［{self.member}］" if self.member else path

    @property
    def is_in_memory(self) -> bool:
        """Whether it has to be read to the end to be looked at anywhere: no file on the disk holds just this, under a name that
        libraries can be given.
        """
        return bool(self.member) or self.is_rewritten or legible(str(self.path)) != str(self.path)

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.member or self.path.name).suffix.lower()

    def blocks(self) -> Iterator[bytes]:
        with self.open() as stream:
            while block := stream.read(BLOCK_BYTES):
                yield block

    def start(self, size: int = 4096) -> bytes:
        with self.open() as stream:
            return stream.read(size)

    def read(self) -> bytes:
        """All bytes.

        Raises:
            BadInput: more than 2 GiB.
        """
        buffer = io.BytesIO()
        for block in self.blocks():
            if buffer.tell() + len(block) > MOST_BYTES_IN_MEMORY:
                refuse_bomb(self.place)
            buffer.write(block)
        return buffer.getvalue()


def whole_file(path: Path) -> Content:
    return Content(path, "", partial(_open_file, path))


def _open_file(path: Path) -> BinaryIO:
    return path.open("rb")


def open_zip(content: Content) -> zipfile.ZipFile:
    """An archive or a workbook that is one; what it holds is not read yet.

    Raises:
        BadInput: damaged, or a bomb.
    """
    with refuse_damage(content.place):
        archive = zipfile.ZipFile(io.BytesIO(content.read()) if content.is_in_memory else content.path)
    if sum(entry.file_size for entry in archive.infolist()) > max(
        SMALL_BYTES, MOST_TIMES * sum(entry.compress_size for entry in archive.infolist())
    ):
        refuse_bomb(content.place)
    return archive


def prove(content: Content, entries: Sequence[zipfile.ZipInfo] | None = None) -> None:
    """Read members of an archive, or of a workbook that is one, each against its checksum: all, unless some are given.

    Raises:
        BadInput: one is damaged, or packed by a method that cannot be read.
    """
    with open_zip(content) as archive:
        for entry in archive.infolist() if entries is None else entries:
            with refuse_damage(content.place), archive.open(entry) as member:
                while member.read(BLOCK_BYTES):
                    pass


@contextmanager
def refuse_damage(place: str) -> Iterator[None]:
    """Refuse what the libraries of archives raise on damaged bytes.

    Raises:
        BadInput: that the archive is damaged, or packed by a method that cannot be read.
    """
    try:
        yield
    except NotImplementedError as error:
        raise BadInput(
            "{place}: compressed by a method that cannot be read ({error}). Pack it again as an ordinary zip.",
            place=place,
            error=error,
        ) from None
    except _DAMAGE:
        _refuse_damaged(place)


class Guarded(io.RawIOBase, BinaryIO):
    """A stream from an archive that refuses bombs and damaged data; closing it also closes its `owner`."""

    def __init__(
        self, stream: IO[bytes] | gzip.GzipFile, owner: IO[bytes] | zipfile.ZipFile, place: str, packed: int
    ) -> None:
        self._stream, self._owner, self._place = stream, owner, place
        self._left = max(SMALL_BYTES, MOST_TIMES * packed)

    def read(self, size: int = -1, /) -> bytes:
        with refuse_damage(self._place):
            data = self._stream.read(size if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            refuse_bomb(self._place)
        return data

    def close(self) -> None:
        self._stream.close()
        self._owner.close()
        super().close()


def refuse_locked(place: str) -> NoReturn:
    raise BadInput(
        "{place}: the file is protected by a password. Remove the password (Excel: File, Info, Protect Workbook), "
        "then deliver it again.",
        place=place,
    )


def _refuse_damaged(place: str) -> NoReturn:
    raise BadInput(
        "{place}: the archive or workbook is incomplete or damaged. Export or transfer it again.", place=place
    )


def refuse_bomb(place: str) -> NoReturn:
    raise BadInput(
        "{place}: too large when unpacked (over {most_times} times its size, {most_members} members, or the memory): not "
        "read. Ask the sender about it.",
        place=place,
        most_times=MOST_TIMES,
        most_members=MOST_MEMBERS,
    )
