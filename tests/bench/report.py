"""What a comparison measured, as results.json, a table of ratios (RESULTS.md) and a chart (results.svg)."""

import json
import math
import os
import platform
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

COMMAND, CORE = "command", "core"
PEERS = {
    "pandas": "pandas",
    "polars": "Polars",
    "duckdb": "DuckDB",
    "chdb": "chDB",
    "ctas": "DuckDB CTAS as text",
}
WORKS = {
    "load_first": "first load",
    "load_week": "weekly increment",
    "year_to_date": "year to date",
    "as_of": "as of a week before",
}
PACKAGES = ("duckdb", "pandas", "pyarrow", "polars", "chdb", "chdb-core")


@dataclass(frozen=True)
class Measured:
    """One work done once: seconds of wall time, by its own clock (if it has one) and of all processors; bytes of its largest process."""

    contestant: str
    work: str
    encoding: str
    wall: float
    seconds: float | None
    cpu: float
    memory: int


@dataclass(frozen=True)
class Run:
    """All rounds over one size of delivery; `measured` in the order of the rounds.

    `killed`: contestant, work and encoding of what the system ended before it was done; its later works were not tried.
    """

    rows: int
    weekly_rows: int
    rounds: int
    is_cold: bool
    machine: dict[str, str]
    killed: list[tuple[str, str, str]]
    measured: list[Measured]

    @property
    def key(self) -> tuple[int, bool]:
        return self.rows, self.is_cold

    def find(self, contestant: str, work: str, encoding: str) -> list[Measured]:
        return [m for m in self.measured if (m.contestant, m.work, m.encoding) == (contestant, work, encoding)]


@dataclass(frozen=True)
class Ratio:
    """Ours over a peer's, round by round."""

    middle: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.middle:.2g} ({self.least:.2g} … {self.most:.2g})"


@dataclass(frozen=True)
class Line:
    """One peer at one work; a ratio is None where it has nothing to be compared with. Memory in bytes, 0: it was killed."""

    work: str
    encoding: str
    peer: str
    command: Ratio | None
    core: Ratio | None
    cpu: Ratio | None
    our_memory: int
    peer_memory: int


def describe_machine() -> dict[str, str]:
    """Facts that a reader needs to judge the ratios; none that would name the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    facts = {
        "date": str(date.today()),  # noqa: DTZ011  (the day on the wall of who measures)
        "processors": f"{len(os.sched_getaffinity(0))} of {os.cpu_count()}",
        "memory": f"{memory / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
    }
    return facts | {package: found for package in PACKAGES if (found := _find_version(package))}


def _find_version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def read_runs(folder: Path) -> list[Run]:
    path = folder / "results.json"
    if not path.exists():
        return []
    runs = json.loads(path.read_text(encoding="utf-8"))
    return [
        Run(
            **run
            | {
                "killed": [tuple(each) for each in run["killed"]],
                "measured": [Measured(**each) for each in run["measured"]],
            }
        )
        for run in runs
    ]


def write_report(folder: Path, runs: Sequence[Run]) -> None:
    heads = ({**asdict(run), "measured": None} for run in runs)
    bodies = (",\n".join(json.dumps(asdict(each)) for each in run.measured) for run in runs)
    texts = (
        json.dumps(head, ensure_ascii=False).replace('"measured": null', f'"measured": [\n{body}\n]')
        for head, body in zip(heads, bodies, strict=True)
    )
    (folder / "results.json").write_text(f"[{','.join(texts)}]\n", encoding="utf-8")
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name and ".svg" in name),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    tables = [(run, list(list_lines(run))) for run in runs]
    for template, values in (
        ("RESULTS.md.j2", {"tables": tables, "works": WORKS, "peers": PEERS}),
        ("results.svg.j2", draw(tables)),
    ):
        text = templates.get_template(template).render(values)
        (folder / template.removesuffix(".j2")).write_text(text, encoding="utf-8")


def list_lines(run: Run) -> Iterator[Line]:
    encodings = list(dict.fromkeys(each.encoding for each in run.measured))
    for work in WORKS:
        for encoding in encodings:
            ours = {name: run.find(name, work, encoding) for name in (COMMAND, CORE)}
            if not ours[COMMAND]:
                continue
            for peer in PEERS:
                theirs = run.find(peer, work, encoding)
                if any(
                    (peer, earlier, encoding) in run.killed for earlier in list(WORKS)[: list(WORKS).index(work) + 1]
                ):
                    yield Line(work, encoding, peer, None, None, None, 0, 0)
                    continue
                if not theirs:
                    continue
                is_contestant = peer != "ctas"
                yield Line(
                    work,
                    encoding,
                    peer,
                    command=divide([o.wall for o in ours[COMMAND]], [t.wall for t in theirs])
                    if is_contestant
                    else None,
                    core=divide([o.seconds or 0 for o in ours[CORE]], [t.seconds or 0 for t in theirs]),
                    cpu=divide([o.cpu for o in ours[COMMAND]], [t.cpu for t in theirs]) if is_contestant else None,
                    our_memory=max(o.memory for o in ours[COMMAND]),
                    peer_memory=max(t.memory for t in theirs),
                )


def divide(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return Ratio(statistics.median(ratios), min(ratios), max(ratios))


# ---------------------------------------------------------------- the chart: one column a run, one row a peer, a logarithmic axis

ROW, GAP, TOP = 18, 26, 90
LABELS, PANEL, SPACE = 200, 300, 40


@dataclass(frozen=True)
class Mark:
    """A ratio on paper: its middle, and the line from the least to the most."""

    kind: str
    x: float
    left: float
    right: float
    y: float
    text: str


def draw(tables: Sequence[tuple[Run, Sequence[Line]]]) -> dict[str, object]:
    """What the template of the chart needs."""
    every = [ratio for _, lines in tables for line in lines for ratio in (line.command, line.core) if ratio]
    low = math.floor(math.log10(min(0.5, *(ratio.least for ratio in every))))
    high = math.ceil(math.log10(max(2, *(ratio.most for ratio in every))))
    places = dict.fromkeys((line.work, line.encoding, line.peer) for _, lines in tables for line in lines)
    rows: dict[tuple[str, str, str], float] = {}
    titles: list[tuple[str, float]] = []
    y = float(TOP)
    for work, encoding, peer in sorted(places, key=lambda place: list(WORKS).index(place[0])):
        title = WORKS[work] if work in ("year_to_date", "as_of") else f"{WORKS[work]}, {encoding.upper()}"
        if title not in (known for known, _ in titles):
            y += GAP
            titles.append((title, y - 14))
        rows[work, encoding, peer] = y
        y += ROW

    def place(ratio: float, left: float) -> float:
        return round(left + PANEL * (math.log10(ratio) - low) / (high - low), 1)

    panels = []
    for i, (run, lines) in enumerate(tables):
        left = LABELS + i * (PANEL + SPACE)
        marks = [
            Mark(
                kind,
                place(r.middle, left),
                place(r.least, left),
                place(r.most, left),
                rows[key] + shift,
                f"{key[2]} {r}",
            )
            for line in lines
            for key in [(line.work, line.encoding, line.peer)]
            for kind, r, shift in ((COMMAND, line.command, -3), (CORE, line.core, 3))
            if r
        ]
        ticks = [(f"{10.0**power:g}", place(10.0**power, left)) for power in range(low, high + 1)]
        name = f"{run.rows:,} cases{', cold cache' if run.is_cold else ''} · {run.machine['date']}"
        panels.append({"name": name, "left": left, "marks": marks, "ticks": ticks})
    return {
        "panels": panels,
        "titles": titles,
        "labels": [(PEERS[peer], y) for (_, _, peer), y in rows.items()],
        "top": TOP,
        "bottom": y,
        "width": LABELS + len(tables) * (PANEL + SPACE),
        "height": y + 24,
    }
