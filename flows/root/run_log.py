"""The journal of runs, reports/runs.jsonl: one line a run, for people and for monitoring. It quotes no data."""

import json
from dataclasses import asdict

from flows.domain.runs import Entry
from flows.root.files import append_text
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
    append_text(project.journal, json.dumps(asdict(entry), ensure_ascii=False) + "\n")
