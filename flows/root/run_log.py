"""The run log, reports/runs.jsonl: one line a run, for people and for monitoring. It quotes no data."""

import json
from dataclasses import asdict

from flows.domain.runs import Run
from flows.root.files import append_text
from flows.root.project import Project


def read_runs(project: Project, most: int) -> list[Run]:
    """The last `most` runs, newest first; lines cut off by a crash are skipped."""
    if not project.run_log.is_file():
        return []
    runs: list[Run] = []
    for line in reversed(project.run_log.read_text(encoding="utf-8", errors="replace").splitlines()):
        try:
            runs.append(Run(**json.loads(line)))
        except (ValueError, TypeError):
            continue
        if len(runs) == most:
            break
    return runs


def append_run(project: Project, run: Run) -> None:
    append_text(project.run_log, json.dumps(asdict(run), ensure_ascii=False) + "\n")
