"""A run that kills itself: `python tests/support/killed_run.py weekly|warehouse ROOT STEP SECONDS` ends by SIGKILL, SECONDS after it began STEP.

STEP is a place in STEPS. Without STEP the run is left alone and prints how long after its start each step began.
"""

import json
import os
import signal
import sys
import threading
import time
from datetime import date
from pathlib import Path
from types import FrameType

from drawing import Silent, update_warehouse

from flows.engine.duckdb.connection import Connection
from flows.jobs import weekly
from flows.root.lock import hold_lock
from flows.root.project import CHECKOUT, Project

# The functions, and the SELECTs that an engine is told to run, that a load comes by, in this order: a step lasts until the next one.
STEPS = {
    "warehouse": (
        *("copyfile", "stage_files", "fold/2_describe/descriptions", "fold/3_refuse/quarantined_rows"),
        *("fold/4_merge/ended_states", "fold/5_count/new_ledger_entries", "fold/5_count/table_rows", "swap_in"),
        *("checkpoint", "sync", "record_built", "keep_replaced", "append_receipts", "set_foreign_log_aside"),
        *("sync", "forget_oldest"),
    ),
    "weekly": ("judge_all", "append_receipts", "write_report"),
}
SWAPPED_IN = {"warehouse": 14, "weekly": 2}  # the first step after the rename
WATCHED = (str(CHECKOUT / "flows"), str(Path(os.__file__).with_name("shutil.py")))


class Watch:
    """Notes when each step begins, and at the wanted one sets off the end."""

    def __init__(self, kind: str, last: int | None, seconds: float) -> None:
        self.started = time.monotonic()
        self.began: list[float] = []
        self._steps, self._last, self._seconds = STEPS[kind], last, seconds

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        place = len(self.began)
        if event != "call" or place == len(self._steps) or not frame.f_code.co_filename.startswith(WATCHED):
            return
        name = frame.f_locals["step"] if frame.f_code is Connection.run.__code__ else frame.f_code.co_name
        if name == self._steps[place]:
            self.began.append(time.monotonic() - self.started)
            if place == self._last:
                self._end()

    def _end(self) -> None:
        if self._seconds:  # a thread ends it in the midst of what the engine does; the interpreter waits for the thread
            threading.Timer(self._seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
        else:
            os.kill(os.getpid(), signal.SIGKILL)


def main(kind: str, root: Path, last: int | None = None, seconds: float = 0) -> None:
    watch = Watch(kind, last, seconds)
    sys.setprofile(watch)
    project = Project(root)
    if kind == "weekly":
        weekly.weekly(project, date(2022, 7, 22), Silent())
    else:
        with hold_lock(project, "dying"):
            update_warehouse(project)
    sys.setprofile(None)
    sys.stdout.write(json.dumps([*watch.began, time.monotonic() - watch.started]))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        main(sys.argv[1], Path(sys.argv[2]))
    else:
        main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
