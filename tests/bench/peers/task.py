"""What each peer is asked, and how it answers. Standard library alone: nothing here may weigh on a peer's memory."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_ON = "2022-01-01"
TYPES = {"行政许可": "licence", "公共服务": "public_service"}
OTHER_TYPES = "other_power"
SCOPE = ("510000", "510000000000")
VOID = ("作废", "删除", "已作废", "已删除")
TIMES = ("申请时间", "受理时间", "承诺办结时间", "办结时间")
# All columns but the three that hold personal data; "行政区划" and the numbers are texts.
COLUMNS = (
    "办件编号", "事项类型", "实施编码", "事项名称", "实施主体", "行政区划", *TIMES, "办结结果", "办件类型",
)  # fmt: skip
TEXTS = tuple(column for column in COLUMNS if column not in TIMES)

Figures = dict[str, list[int]]
"""Group → cases accepted and completed in the year to date."""


@dataclass(frozen=True)
class Task:
    """`store` is the contestant's own folder; `csv` the delivery with this `cut_off`, which ends the year to date as well."""

    work: str
    store: Path
    csv: Path
    encoding: str
    cut_off: str

    @contextmanager
    def as_utf8(self) -> Iterator[Path]:
        """The delivery in UTF-8: what a user of a library without GB18030 has to make first, with the system's own tool."""
        if self.encoding == "utf-8":
            yield self.csv
            return
        path = self.store / "decoded.csv"
        with path.open("wb") as decoded:
            subprocess.run(["iconv", "-f", self.encoding, "-t", "UTF-8", self.csv], stdout=decoded, check=True)
        yield path
        path.unlink()


def sync(path: Path) -> None:
    """Until the disk has it, as the engines that keep a database do by themselves."""
    with path.open("rb") as written:
        os.fsync(written.fileno())


Work = Callable[[Task], Figures | None]


def perform(**works: Work) -> None:
    """Do the work the command line names, and print its figures and seconds, imports apart, as JSON."""
    work, store, csv, encoding, cut_off = sys.argv[1:]
    task = Task(work, Path(store), Path(csv), encoding, cut_off)
    begun = time.perf_counter()
    figures = works[work](task)
    print(json.dumps({"figures": figures, "seconds": time.perf_counter() - begun}))
    sys.stdout.flush()


def count_threads() -> int:
    return len(os.sched_getaffinity(0))
