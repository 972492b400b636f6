"""Damaged deliveries: a seed gives a clean week, one to three kinds of damage in one form, and the right figures.

`python tests/support/damage.py SEED [FOLDER]` writes the delivery to a folder, runs the program over it and says how that ended;
`python tests/support/damage.py FIRST LAST` runs a range of seeds and counts how each kind of damage ended.
"""

import io
import json
import shutil
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from damage_forms import ENCODINGS, Form, wrap_up, write_lines, write_sheets
from damage_kinds import BYTES, FILES, KINDS, RECORDS, Kind, list_kinds, put_bad_byte
from damage_scene import BASES, Base, Fact, Figures, Scene, count, make_base, make_scene

from flows.cli.main import main
from flows.root.project import Project
from flows.warehouse.reading import open_read_only

FAMILIES = ("text",) * 5 + ("xlsx",) * 3 + ("xlsm", "xls", "xls", "xlsb", "ods", "html", "html", "xml", "parquet")
STYLES = {
    "xlsx": ("", "", "other part names", "backslashes"),
    "html": ("", "", "fragment", "header in a table of its own", "unclosed cells"),
}
Place = tuple[str, int]  # sheet ('' where the file has one table), row


@dataclass(frozen=True)
class Example:
    """A damaged delivery: files below data/raw/2022-07-22, the truth, and where each case is told."""

    name: str
    base: Base
    form: Form
    damages: tuple[tuple[Kind, str], ...]
    files: Mapping[str, bytes]
    truth: Mapping[str, Fact]
    places: Mapping[str, tuple[Place, ...]]

    @property
    def figures(self) -> Figures:
        return count(self.truth)

    @property
    def is_read(self) -> bool:
        return all(kind.is_read for kind, _ in self.damages)

    def __str__(self) -> str:
        damages = [f"  {kind.name}: {what}" for kind, what in self.damages] or ["  no damage"]
        figures = ", ".join(f"{group} {a}/{c}" for group, (a, c) in self.figures.items())
        return "\n".join([f"{self.name}: base {self.base.name}, {self.form}", *damages, f"  right: {figures}"])


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code, what it said, and what the warehouse holds if it was done."""

    exit_code: int
    said: str
    figures: Figures = field(default_factory=dict)
    cases: Mapping[str, Fact] = field(default_factory=dict)
    told_at: Mapping[str, Place] = field(default_factory=dict)
    named_places: frozenset[tuple[str, str, int]] = frozenset()  # file, sheet, row
    named_cases: frozenset[str] = frozenset()
    quarantined: frozenset[tuple[str, str, int]] = frozenset()
    unnamed: int = 0  # rows that rules and doubts count beyond the ones they name


@dataclass(frozen=True)
class Judged:
    """`end` is right, refused, explained; or one of FAULTS, with what is wrong."""

    end: str
    why: str = ""

    @property
    def is_fault(self) -> bool:
        return self.end in FAULTS


FAULTS = ("silent difference", "crash", "unnamed refusal", "not read")


# ---------------------------------------------------------------- examples


def draw_form(draw: Random) -> Form:
    family = draw.choice(FAMILIES)
    wrap = draw.choice(["", "", "", "", "", "zip", "gz", "zip in zip"])
    if family == "text":
        end = draw.choice(["\n", "\r\n", "\r\n", "\r"])
        return Form("text", draw.choice(ENCODINGS), draw.choice(",,,\t;|"), end, draw.random() < 0.25, wrap=wrap)
    encoding = draw.choice(["utf-8", "utf-8", "gb18030"]) if family == "html" else "utf-8"
    style = draw.choice(STYLES.get(family, ("",)))
    return Form(family, encoding, times=draw.choice(["text", "date", "number"]), style=style, wrap=wrap)


def draw_example(seed: int) -> Example:
    """The example of a seed; every tenth or so is clean."""
    draw = Random(f"damage {seed}")
    base, form = make_base(draw.choice(BASES)), draw_form(draw)
    scene = make_scene(draw, base, form)
    number = draw.choice([0, 1, 1, 1, 1, 2, 2, 2, 3, 3])
    chosen: list[Kind] = []
    kinds = list_kinds(form)
    while len(chosen) < number:
        kind = draw.choice(kinds)
        if not any(kind.groups & other.groups for other in chosen):
            chosen.append(kind)
    return build(f"seed {seed}", scene, chosen, draw)


def draw_single(kind: Kind, form: Form, number: int) -> Example:
    """One kind alone in one form, in the first scene that has a place for it."""
    for attempt in range(30):
        draw = Random(f"{kind.name} {form} {number} {attempt}")
        bases = BASES[number % len(BASES) :] + BASES[: number % len(BASES)]
        scene = make_scene(draw, make_base(bases[attempt % len(bases)]), form, cases=draw.randint(8, 12))
        example = build(f"{kind.name}, {form}, {number}", scene, [kind], draw)
        if example.damages:
            break
    return example


def build(name: str, scene: Scene, kinds: Iterable[Kind], draw: Random) -> Example:
    """Apply the kinds in the order of their stages; one without a place in the scene is left out."""
    done: list[tuple[Kind, str]] = []
    ordered = sorted(kinds, key=lambda kind: (kind.stage, kind.name))

    def apply(stages: Iterable[int]) -> None:
        for kind in ordered:
            if kind.stage in stages and (what := kind.apply(scene, draw)):
                done.append((kind, what))

    form = scene.form
    apply(range(RECORDS))
    if form.family == "text":
        scene.records = write_lines(scene.lines, form)
        apply([RECORDS])
        scene.content = scene.encode_records()
        apply([BYTES])
        if scene.bad_byte:
            scene.content = put_bad_byte(scene.content, form.encoding, scene.bad_byte)
    else:
        scene.content = write_sheets(scene.sheets(), form)
    apply([FILES])
    file, content = wrap_up(scene.stem + form.suffix, scene.content, form, scene.members)
    files = {file: content, **scene.files}
    return Example(name, scene.base, form, tuple(done), files, dict(scene.truth), find_places(scene))


def find_places(scene: Scene) -> dict[str, tuple[Place, ...]]:
    """Where each case is told: by the record of a text, and by its line where records hold line ends."""
    places: dict[str, list[Place]] = {}
    if scene.form.family == "text":
        line_no, swallowed = 1, any("药店" in record and record.count('"') % 2 for record in scene.records)
        for i, (line, record) in enumerate(zip(scene.lines, scene.records, strict=True), 1):
            rows = {i, line_no, i - 1, line_no - 1} if swallowed else {i, line_no}
            places.setdefault(line.case, []).extend(("", row) for row in sorted(rows))
            line_no += 1 + record.count("\n")
    else:
        first = 0 if scene.form.family == "parquet" else 1
        sheets = scene.sheets()
        for sheet in sheets:
            for i, line in enumerate(sheet.lines, first):
                places.setdefault(line.case, []).append((sheet.name if len(sheets) > 1 else "", i))
                if scene.form.style == "header in a table of its own":
                    places[line.case].append(("", i - 1))
    places.pop("", None)
    return {case: tuple(found) for case, found in places.items()}


# ---------------------------------------------------------------- the run


class Roots:
    """Roots that hold the week before already, each made once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, base: Base) -> Path:
        made = self._folder / base.name
        if not made.exists():
            begun = Path(mkdtemp(prefix="begun-", dir=self._folder))
            write_files(begun, "2022-07-15", {"基础.csv": base.write()})
            code, said = run_week(begun, "2022-07-15")
            assert code == 0, said
            shutil.rmtree(begun / "reports")
            begun.rename(made)
        return made

    def copy(self, base: Base, target: Path) -> Path:
        return Path(shutil.copytree(self.make(base), target))


def write_files(root: Path, cut_off: str, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = root / "data" / "raw" / cut_off / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def run_week(root: Path, week_end: str) -> tuple[int, str]:
    """`bulletin weekly` in English, in this process: its exit code (1: a traceback) and what it said."""
    out, err = io.StringIO(), io.StringIO()
    words = ["--lang", "en", "weekly", "--week-ending", week_end, "--json", "--quiet", "--root", str(root)]
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(words)
        except SystemExit as ending:
            code = int(ending.code or 0)
        except Exception:
            traceback.print_exc()
            code = 1
    return code, out.getvalue() if code == 0 else err.getvalue()


def run_example(example: Example, root: Path) -> Ended:
    """The delivery loaded in a root that holds its base."""
    write_files(root, "2022-07-22", example.files)
    code, said = run_week(root, "2022-07-22")
    return read_end(root, said) if code == 0 else Ended(code, said)


def read_end(root: Path, said: str) -> Ended:
    """What was counted, which cases the warehouse holds, and which rows are named by quarantine, findings and doubts."""
    told = json.loads(said)
    figures = {group["group"]: (group["accepted"], group["completed"]) for group in told["groups"]}
    with open_read_only(Project(root)) as engine:
        rows = engine.read("cases").dicts()
        quarantine = [row for row in engine.read("quarantine").dicts() if row["file"].startswith("2022-07-22/")]
        tables = {row["table_no"]: row for row in engine.read("delivered_tables").dicts()}
        examples = engine.read("finding_examples").dicts()
        findings = engine.read("row_findings").dicts()
    cases = {str(row["case_no"]): _fact(row) for row in rows}
    told_at = {
        str(row["case_no"]): (str(row["sheet"]), int(row["row_no"]))
        for row in rows
        if row["file"].startswith("2022-07-22/")
    }
    named = {(str(row["file"]), str(row["sheet"]), int(row["row_no"])) for row in quarantine}
    listed: Counter[tuple[int, str]] = Counter()
    for row in examples:
        if tables[row["table_no"]]["file"].startswith("2022-07-22/"):
            named.add((str(tables[row["table_no"]]["file"]), str(tables[row["table_no"]]["sheet"]), int(row["row_no"])))
        listed[row["table_no"], row["rule"]] += 1
    unnamed = sum(
        max(0, row["row_count"] - listed[row["table_no"], row["rule"]])
        for row in findings
        if row["severity"] == "warning" and tables[row["table_no"]]["file"].startswith("2022-07-22/")
    )
    for doubt in told.get("doubts", []):
        if str(doubt["file"]).startswith("2022-07-22/") and doubt["row"]:  # one of a whole table explains no case
            named.add((str(doubt["file"]), str(doubt["sheet"]), int(doubt["row"])))
            unnamed += max(0, doubt["rows"] - 1)
    return Ended(
        0, said, figures, cases, told_at, frozenset(named), frozenset(str(row["case_no"]) for row in quarantine if row["case_no"]),
        frozenset((str(row["file"]), str(row["sheet"]), int(row["row_no"])) for row in quarantine), unnamed,
    )  # fmt: skip


def _fact(row: Mapping[str, object]) -> Fact:
    def whole_second(value: object) -> datetime | None:
        return value.replace(microsecond=0) if isinstance(value, datetime) else None

    return Fact(
        str(row["case_no"]), str(row["group_key"]), str(row["department"]), str(row["area_code"]),
        whole_second(row["accepted_at"]), whole_second(row["completed_at"]), bool(row["is_void"]),
    )  # fmt: skip


# ---------------------------------------------------------------- the law


def judge(example: Example, ended: Ended) -> Judged:
    """Right figures, a refusal that names the file, or each difference explained to its case. Nothing else.

    A refusal is none of a delivery whose damages are all such that any user expects them to be read; nor may it leave rows open.
    """
    if ended.exit_code in (3, 4):
        return _judge_refusal(example, ended)
    if ended.exit_code:
        return Judged("crash", ended.said)
    counted = count(ended.cases)
    if counted != ended.figures:
        return Judged("silent difference", f"statistics.json says {ended.figures}, its cases are {counted}")
    differences = compare(example.truth, ended.cases)
    silent = [why for number, why in differences.items() if not is_explained(example, ended, number)]
    if len(silent) > ended.unnamed:
        return Judged("silent difference", "\n".join(silent))
    needless = [*differences.values(), *(f"in the quarantine: {place}" for place in sorted(ended.quarantined))]
    if example.is_read and needless:
        return Judged("not read", "\n".join(needless))
    return Judged("explained", "\n".join(differences.values())) if differences else Judged("right")


def _judge_refusal(example: Example, ended: Ended) -> Judged:
    names_file = any(name in ended.said for name in example.files)
    if not names_file and not (ended.exit_code == 4 and "2022-07-22" in ended.said):
        return Judged("unnamed refusal", ended.said)
    return Judged("not read" if example.is_read else "refused", ended.said)


def compare(truth: Mapping[str, Fact], cases: Mapping[str, Fact]) -> dict[str, str]:
    """Case number → how the warehouse differs from the truth; two truths of one number differ always."""
    differences: dict[str, str] = {}
    for key, fact in truth.items():
        held = cases.get(fact.number)
        if held is None:
            differences[fact.number] = f"{key} is missing"
        elif changed := [name for name, value in vars(fact).items() if vars(held)[name] != value]:
            parts = [f"{name} {vars(held)[name]} instead of {vars(fact)[name]}" for name in changed]
            differences[fact.number] = f"{key}: {', '.join(parts)}"
    known = {fact.number for fact in truth.values()}
    return differences | {number: f"{number} is none of the cases" for number in cases if number not in known}


def is_explained(example: Example, ended: Ended, number: str) -> bool:
    """Whether quarantine, a finding or a doubt names a row of this case."""
    if number in ended.named_cases:
        return True
    own = [
        place for key, fact in example.truth.items() if fact.number == number for place in example.places.get(key, ())
    ]
    own += (
        [ended.told_at[number]]
        if number not in {f.number for f in example.truth.values()} and number in ended.told_at
        else []
    )
    return any(
        row == named_row and (not sheet or sheet in named_sheet)
        for sheet, row in own
        for _, named_sheet, named_row in ended.named_places
    )


# ---------------------------------------------------------------- at the command line and in tests


def try_seed(seed: int, roots: Roots, folder: Path) -> tuple[Example, Judged]:
    """One seed; its root is kept in `folder` where the law is broken."""
    example = draw_example(seed)
    root = roots.copy(example.base, folder / f"seed-{seed}")
    judged = judge(example, run_example(example, root))
    if not judged.is_fault:
        shutil.rmtree(root)
    return example, judged


def try_seeds(seeds: Iterable[int], roots: Roots, folder: Path) -> list[str]:
    """What is wrong with each seed that breaks the law."""
    tried = [try_seed(seed, roots, folder) for seed in seeds]
    return [describe_fault(example, judged, folder) for example, judged in tried if judged.is_fault]


def describe_fault(example: Example, judged: Judged, folder: Path) -> str:
    return f"{judged.end}\n{example}\n  {judged.why.strip()[-1500:]}\n  its files: {folder}/{example.name.replace(' ', '-')}"


def _tell_singles(families: Sequence[str]) -> None:
    """Each kind in the plain form of each family: how it ends, and why where the law is broken."""
    folder = Path(mkdtemp(prefix="damage-"))
    roots = Roots(folder)
    for kind in KINDS.values():
        for family in families:
            forms = (
                [Form(family)]
                if family != "text"
                else [Form(), Form(encoding="gb18030", delimiter="\t", end="\r\n", is_quoted=True), Form(delimiter="|")]
            )
            for number, form in enumerate(forms):
                if family not in kind.families:
                    continue
                example = draw_single(kind, form, number)
                if not example.damages:
                    continue
                root = roots.copy(example.base, Path(mkdtemp(dir=folder)) / "root")
                judged = judge(example, run_example(example, root))
                why = " ".join(judged.why.split("\n"))[:300] if judged.is_fault else ""
                what = f" [{example.damages[0][1]}]" if judged.is_fault else ""
                sys.stdout.write(f"{kind.name} | {form} | {judged.end}{what} {why} {root if judged.is_fault else ''}\n")
                sys.stdout.flush()
                if not judged.is_fault:
                    shutil.rmtree(root)


def _tell(words: Sequence[str]) -> None:
    if words[0] == "singles":
        _tell_singles(words[1:])
        return
    numbers = [int(word) for word in words if word.isdecimal()]
    folder = Path(next((word for word in words if not word.isdecimal()), "") or mkdtemp(prefix="damage-"))
    bases = folder / "bases"
    bases.mkdir(parents=True, exist_ok=True)
    roots = Roots(bases)
    if len(numbers) == 1:
        example = draw_example(numbers[0])
        root = roots.copy(example.base, folder / f"seed-{numbers[0]}")
        judged = judge(example, run_example(example, root))
        sys.stdout.write(f"{example}\n  {judged.end}\n  {judged.why}\n  its files: {root}\n")
        return
    ends: dict[str, Counter[str]] = {}
    seeds: dict[tuple[str, str], list[int]] = {}
    for seed in range(*numbers[:2]):
        example, judged = try_seed(seed, roots, folder)
        for name in [kind.name for kind, _ in example.damages] or ["clean"]:
            ends.setdefault(name, Counter())[judged.end] += 1
            seeds.setdefault((name, judged.end), []).append(seed)
        if judged.is_fault:
            sys.stdout.write(describe_fault(example, judged, folder) + "\n")
            sys.stdout.flush()
    for name in ["clean", *KINDS]:
        counted = ends.get(name, Counter())
        parts = [
            f"{end} {n}" + (f" {seeds[name, end][:8]}" if end in FAULTS else "") for end, n in sorted(counted.items())
        ]
        sys.stdout.write(f"{name}: {', '.join(parts)}\n")


if __name__ == "__main__":
    _tell(sys.argv[1:])
