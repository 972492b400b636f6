"""The journal of runs, reports/runs.jsonl: one line a run, for people and for monitoring. It quotes no data."""

import json
import os
from dataclasses import asdict

from flows.domain.runs import Entry
from flows.root.project import Project


def read_runs(project: Project, most: int) -> list[Entry]:
    """The last runs, newest first; lines that a machine's end has torn are passed over."""
    if not project.journal.is_file():
        return []
    runs: list[Entry] = []
    for line in reversed(project.journal.read_text(encoding="utf-8", errors="replace").splitlines()):
        try:
            runs.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            continue
        if len(runs) == most:
            break
    return runs


def append_run(project: Project, entry: Entry) -> None:
    """In one write, so that two runs that end together do not mix their lines."""
    project.journal.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(asdict(entry), ensure_ascii=False) + "\n"
    descriptor = os.open(project.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
