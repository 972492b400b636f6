"""What lies in proof/ beside a publication, so that a stranger needs no part of this program to prove it (docs/signing.md).

statement.txt        what was signed
signatures.json      by whom
signers.jsonl        who may sign, and who said so
classification.json  how texts of the source were read: columns, types, areas, results
cases/               for each figure and delivery, the digests of its cases: 16 bytes each, sorted
verify.py, VERIFY.md the proof itself, and how to run it
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.domain.cases import Measure, Window
from flows.domain.profile import Profile
from flows.engine.protocols import Engine
from flows.root.files import make_folder
from flows.root.project import Project
from flows.root.publications import Publication, write_statement
from flows.root.signatures import FILE, PROOF, STATEMENT, Signature, write_signatures
from flows.root.signers import RECORD, cut_record

if TYPE_CHECKING:
    import pyarrow as pa

DIGEST_BYTES = 16
_CHUNK = 4096  # digests, or nodes, under one node
_BLOCK_BYTES = _CHUNK * DIGEST_BYTES
CASES, CLASSIFICATION = "cases", "classification.json"
Roots = dict[str, dict[str, list[Any]]]


@dataclass(frozen=True)
class CaseList:
    """The digests of the cases of one figure that one delivery brought: sorted, piece by piece, to be taken once."""

    figure: str
    delivery: str
    digests: Iterable[bytes]

    @property
    def name(self) -> str:
        return _name(self.figure, self.delivery)


def _name(figure: str, delivery: str) -> str:
    return f"{figure.replace(' ', '.')}.{delivery}"


def prove(digests: Iterable[bytes]) -> list[Any]:
    """The number of digests in pieces of any size, and the root of a Merkle tree of 4,096 branches over them.

    That is the SHA-256 of the SHA-256 of each 4,096, until one is left.
    """
    size, nodes = 0, []
    for block in _fill(digests):
        size += len(block)
        nodes.append(sha256(block).digest())
    nodes = nodes or [sha256().digest()]
    while len(nodes) > 1:
        nodes = [sha256(b"".join(nodes[i : i + _CHUNK])).digest() for i in range(0, len(nodes), _CHUNK)]
    return [size // DIGEST_BYTES, nodes[0].hex()]


def list_cases(engine: Engine, window: Window) -> Iterator[CaseList]:
    """One figure and delivery after the other, in this order; each has to be taken before the next one."""
    groups = {row["position"]: row["group_key"] for row in engine.read("figure_groups").dicts()}
    deliveries = {row["delivery_no"]: row["delivery_id"] for row in engine.read("deliveries").dicts()}
    for measure in Measure:
        rows = engine.read("figures/counted_cases", measure=measure.value, start_on=window.start, end_on=window.end)
        for (position, number), pieces in groupby(_cut(rows.batches()), key=itemgetter(0)):
            figure = f"{groups[position]} {measure.value}"
            yield CaseList(figure, deliveries[number], (piece for _, piece in pieces))


def add_roots(lists: Iterator[CaseList]) -> Roots:
    """Figure → delivery → number of cases and root."""
    roots: Roots = {}
    for each in lists:
        roots.setdefault(each.figure, {})[each.delivery] = prove(each.digests)
    return roots


def write_cases(project: Project, folder: Path, lists: Iterator[CaseList], known: Publication | None = None) -> Roots:
    """Write the lists into a new folder; one that the publication `known` has is then a link to it."""
    make_folder(folder / CASES)

    def write(each: CaseList) -> CaseList:
        return replace(each, digests=_write(folder / CASES / each.name, each.digests))

    roots = add_roots(map(write, lists))
    if known:
        for figure, said in (known.cases or {}).items():
            for delivery, proved in said.items():
                if roots.get(figure, {}).get(delivery) == proved:
                    _link(project, known, folder / CASES / _name(figure, delivery), proved)
    return roots


def describe_classification(engine: Engine, profile: Profile) -> bytes:
    """How the texts of the source were read, for whoever counts again."""
    content = {
        "columns": {name: list(headers) for name, headers in profile.columns.items()},
        "descriptions": [
            [row[name] for name in ("item_type_text", "item_code", "area_text", "group_key", "is_in_scope")]
            for row in engine.read("figures/read_descriptions").dicts()
        ],
        "outcomes": [
            [row[name] for name in ("result", "status", "is_counted")]
            for row in engine.read("figures/read_outcomes").dicts()
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=0) + "\n").encode()


def list_proof(project: Project, publication: Publication, signatures: list[Signature]) -> dict[str, bytes]:
    """The files of proof/ but the lists of cases and the classification."""
    here = Path(__file__).parent
    record = project.root / RECORD
    return {
        STATEMENT: write_statement(publication).encode(),
        FILE: write_signatures(signatures),
        "verify.py": (here / "verify.py").read_bytes(),
        "VERIFY.md": (here / "VERIFY.md").read_bytes(),
        **(
            {RECORD: cut_record(record.read_bytes(), publication.signers)}
            if publication.signers and record.is_file()
            else {}
        ),
    }


def find_changed(folder: Path, publication: Publication) -> list[str]:
    """The lists of cases in a published folder that are not what the publication says."""
    roots = publication.cases or {}
    places = folder / PROOF / CASES
    expected = {_name(figure, delivery): said for figure, each in roots.items() for delivery, said in each.items()}
    proved = {path.name: prove(_read(path)) for path in places.iterdir()} if places.is_dir() else {}
    return [str(places / name) for name in sorted({*expected, *proved}) if expected.get(name) != proved.get(name)]


def _cut(batches: "Iterable[pa.RecordBatch]") -> Iterator[tuple[tuple[int, int], bytes]]:
    """Rows sorted by group and delivery → the two, and as many of their digests as one batch holds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = ["position", "delivery_no"]
    for batch in batches:
        start = 0
        runs = pa.Table.from_batches([batch]).group_by(keys, use_threads=False).aggregate([([], "count_all")])
        for run in runs.to_pylist():
            digests = batch["digest"].slice(start, run["count_all"])
            start += len(digests)
            yield (
                (run["position"], run["delivery_no"]),
                pc.binary_join(pa.ListArray.from_arrays([0, len(digests)], digests), b"")[0].as_py(),
            )


def _fill(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same in blocks of 4,096 digests, the last one as it is."""
    held = b""
    for piece in pieces:
        held += piece
        whole = len(held) // _BLOCK_BYTES * _BLOCK_BYTES
        yield from (held[i : i + _BLOCK_BYTES] for i in range(0, whole, _BLOCK_BYTES))
        held = held[whole:]
    if held:
        yield held


def _write(target: Path, digests: Iterable[bytes]) -> Iterator[bytes]:
    """The same, as they are written."""
    with target.open("wb") as file:
        for piece in digests:
            file.write(piece)
            yield piece


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            yield block


def _link(project: Project, known: Publication, target: Path, proved: list[Any]) -> None:
    """Not every disk can: then the list stays as it was written."""
    source = project.published_folder(known.week_end) / PROOF / CASES / target.name
    with suppress(OSError):
        if prove(_read(source)) == proved:
            draft = target.with_name(f".{target.name}")
            os.link(source, draft)
            draft.replace(target)
