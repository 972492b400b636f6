"""Damaged bytes: a valid small file of a form or an archive, some of its bytes flipped, cut, doubled, spliced in or set to the utmost.

`python tests/support/foreign_bytes.py FIRST LAST` tries a range of seeds; `… SEED FILE` writes the file of one.
"""

import atexit
import io
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from damage_forms import Form, Line, Sheet, encode, wrap_up, write_lines, write_sheets
from damage_scene import HEADERS
from packing import pack

from flows.domain.profile import load_profile
from flows.domain.text import Text, UserError
from flows.engine.opening import open_engine
from flows.engine.protocols import Engine
from flows.root.deliveries import RawFile, hash_file
from flows.root.project import Project
from flows.sources.export import read_export, verify_export
from flows.warehouse.copies import open_copy
from flows.warehouse.fold import fold_cut_off
from flows.warehouse.staging import finish_rows, prepare, stage_table

PROFILE = load_profile("sichuan")
CUT_OFF = date(2022, 7, 22)
MOST_SECONDS = 90  # of processor time and all: the limits of the reader, and the load
FORMS = (
    *(Form("text", encoding) for encoding in ("utf-8", "gb18030", "utf-16-le")),
    *(Form("text", end="\r\n", is_quoted=True, wrap=wrap) for wrap in ("zip", "gz", "zip in zip")),
    *(Form(family) for family in ("xlsx", "xls", "xlsb", "ods", "html", "xml", "parquet")),
    *(Form("xlsx", wrap="zip"), Form("xls", wrap="gz"), Form("parquet", wrap="zip")),
)
PACKAGES = ("xlsx", "xlsb", "ods")


@dataclass(frozen=True)
class Tried:
    """How it ended: same, refused, told, other; or a fault, with what is wrong."""

    end: str
    why: str = ""

    @property
    def is_fault(self) -> bool:
        return self.end in ("crash", "silent difference", "too slow")


class Silence:
    def step(self, text: Text) -> None: ...

    def detail(self, text: Text) -> None: ...


@cache
def write_form(form: Form) -> tuple[str, bytes]:
    """Twelve cases in a form: name and bytes."""
    lines = [Line([HEADERS[name] for name in HEADERS], tuple(HEADERS))]
    for i in range(1, 13):
        day = f"2022-07-{i:02} 1{i % 10}:0{i % 6}:00"
        kind = ("行政许可", "公共服务", "行政确认")[i % 3]
        cells = [
            f"510000-202207{i:02}-{i:06}",
            "甲某",
            "开办药店",
            kind,
            "示例厅",
            "510000",
            day,
            "2022-07-20 10:00:00",
        ]
        lines.append(Line([*cells, "出证", "2022-07-21 08:00:00"], tuple(HEADERS)))
    if form.family == "text":
        text = "".join(record + form.end for record in write_lines(lines, form))
        content = encode(text, form.encoding)
    else:
        content = write_sheets([Sheet("明细", lines)], form)
    return wrap_up(f"办件{form.suffix}", content, form, {})


def draw_file(seed: int) -> tuple[Form, str, bytes, bool]:
    """The form of a seed, the name of its file, the damaged bytes; and whether checksums hold it: not if they were made after the damage."""
    draw = Random(f"foreign bytes {seed}")
    form = draw.choice(FORMS)
    name, content = write_form(form)
    is_inside = form.family in PACKAGES and not form.wrap and draw.random() < 0.5
    damaged = _damage_part(draw, content) if is_inside else damage(draw, content)
    return form, name, damaged, not is_inside and bool(form.wrap or form.family in PACKAGES)


def _damage_part(draw: Random, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = draw.choice(sorted(parts))
    return pack({**parts, name: damage(draw, parts[name])})


def damage(draw: Random, content: bytes) -> bytes:
    """One to four changes."""
    data = bytearray(content)
    for _ in range(draw.choice([1, 1, 1, 1, 2, 4])):
        at = draw.randrange(max(1, len(data)))
        length = draw.choice([1, 2, 4, 16, 300, max(1, len(data) // 3)])
        kind = draw.choice(["flip", "flip", "flip", "digit", "set", "cut", "end", "double", "splice", "digit"])
        if kind == "flip":
            for place in range(at, min(at + draw.choice([1, 1, 3]), len(data))):
                data[place] ^= 1 << draw.randrange(8)
        elif kind == "set":
            data[at : at + 4] = draw.choice([b"\xff" * 4, b"\0" * 4, b"\xff\xff\xff\x7f", b"\0\0\0\x80"])
        elif kind == "cut":
            del data[at : at + length]
        elif kind == "end":
            del data[at:]
        elif kind == "double":
            data[at:at] = data[at : at + length] * draw.choice([1, 2, 50])
        elif kind == "splice":
            other = write_form(draw.choice(FORMS))[1]
            start = draw.randrange(len(other))
            data[at:at] = other[start : start + length]
        else:
            data[at:at] = b"9" * draw.choice([1, 5, 9])
    return bytes(data)


def stage(path: Path) -> tuple[list[object], bool]:
    """The rows that a file gives, and whether lines of it, cells or the reading itself are told as odd.

    Raises:
        UserError: it is refused.
    """
    export = read_export(path, PROFILE)
    verify_export(export, PROFILE)
    engine = _open()
    prepare(engine)
    lines, number = [], 1
    for table in export.tables:
        for _, skipped in stage_table(engine, PROFILE, table, number, path.name):
            lines += skipped
            number += 1
    finish_rows(engine, PROFILE)
    rows = engine.read("staged_rows").dicts()
    odd = [row for row in rows if not row["case_no"] or any(row[name] for name in row if name.endswith("_unread"))]
    cases: list[object] = [
        tuple(row[name] for name in ("case_no", "description", "accepted_at", "completed_at")) for row in rows
    ]
    return cases, bool(odd or export.doubts or any(flaw for _, _, flaw, *_ in lines))


@cache
def _open() -> Engine:
    """One for all files."""
    return _opened.enter_context(open_engine())


_opened = ExitStack()
atexit.register(_opened.close)


def fold(root: Path, path: Path) -> None:
    """The file as a delivery in an empty warehouse.

    Raises:
        UserError: it is refused.
    """
    project, facts, digest = Project(root), path.stat(), hash_file(path)
    file = RawFile(path, path.name, CUT_OFF, digest, facts.st_size, facts.st_mtime_ns, CUT_OFF, False, False)
    with open_copy(project, is_empty=True) as engine:
        fold_cut_off(engine, project.profile, CUT_OFF, [file], {digest: CUT_OFF.isoformat()}, Silence())
        (row,) = engine.read("delivered_files").dicts()
        assert row["rows_read"] == row["rows_loaded"] + row["rows_repeated"] + row["rows_quarantined"]


def try_seed(seed: int, root: Path) -> Tried:
    """The law for one file; each tenth is folded, too."""
    form, name, content, has_checksum = draw_file(seed)
    whole, _ = stage_whole(form)
    path = root / name
    path.write_bytes(content)
    started = time.process_time()
    try:
        rows, told = stage(path)
        if seed % 10 == 0:
            fold(root, path)
    except UserError as error:
        return Tried("refused" if name in str(error) and error.exit_code == 3 else "crash", str(error))
    except Exception:
        return Tried("crash", traceback.format_exc()[-1500:])
    if time.process_time() - started > MOST_SECONDS:
        return Tried("too slow")
    if rows == whole:
        return Tried("same")
    if told:
        return Tried("told")
    return Tried("silent difference", f"{rows}") if has_checksum else Tried("other")


@cache
def stage_whole(form: Form) -> tuple[list[object], bool]:
    with TemporaryDirectory() as folder:
        name, content = write_form(form)
        path = Path(folder, name)
        path.write_bytes(content)
        return stage(path)


def try_seeds(seeds: Iterable[int]) -> tuple[Counter[str], list[str]]:
    """How they ended, and what is wrong with those that break the law."""
    ends: Counter[str] = Counter()
    faults = []
    for seed in seeds:
        with TemporaryDirectory() as folder:
            tried = try_seed(seed, Path(folder))
        ends[f"{draw_file(seed)[0].family} {tried.end}"] += 1
        if tried.is_fault:
            faults.append(f"seed {seed}: {tried.end}, {draw_file(seed)[0]}\n{tried.why}")
    return ends, faults


if __name__ == "__main__":
    if sys.argv[2].isdecimal():
        for first in range(int(sys.argv[1]), int(sys.argv[2]), 50):
            began = time.monotonic()
            ends, faults = try_seeds(range(first, min(first + 50, int(sys.argv[2]))))
            sys.stdout.write("\n".join([f"{first} {time.monotonic() - began:.0f} s {dict(ends)}", *faults, ""]))
            sys.stdout.flush()
    else:
        Path(sys.argv[2]).write_bytes(draw_file(int(sys.argv[1]))[2])
