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
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
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
_CHUNK = 4096  # digests under one node
CASES, CLASSIFICATION = "cases", "classification.json"
Roots = dict[str, dict[str, list[Any]]]


@dataclass(frozen=True)
class CaseList:
    """The digests of the cases of one figure that one delivery brought, sorted and joined."""

    figure: str
    delivery: str
    digests: bytes

    @property
    def name(self) -> str:
        return f"{self.figure.replace(' ', '.')}.{self.delivery}"

    @property
    def root(self) -> str:
        return find_root(self.digests)


def find_root(digests: bytes) -> str:
    """The root of a Merkle tree of 4,096 branches over digests of 16 bytes: the SHA-256 of the SHA-256 of each 4,096, until one is left."""
    width = DIGEST_BYTES
    while True:
        size = width * _CHUNK
        digests = b"".join(sha256(digests[i : i + size]).digest() for i in range(0, max(len(digests), 1), size))
        width = 32
        if len(digests) == width:
            return digests.hex()


def list_cases(engine: Engine, window: Window) -> Iterator[CaseList]:
    """One figure and delivery after the other, in this order."""
    for measure in Measure:
        table = engine.read(
            "figures/counted_cases", measure=measure.value, start_on=window.start, end_on=window.end
        ).arrow()
        yield from _cut(table, measure)


def add_roots(lists: Iterator[CaseList]) -> Roots:
    """Figure → delivery → number of cases and root."""
    roots: Roots = {}
    for each in lists:
        roots.setdefault(each.figure, {})[each.delivery] = [len(each.digests) // DIGEST_BYTES, each.root]
    return roots


def write_cases(project: Project, folder: Path, lists: Iterator[CaseList], known: Publication | None = None) -> Roots:
    """Write the lists into a new folder; one that the publication `known` has is linked, not written again."""
    make_folder(folder / CASES)

    def write(each: CaseList) -> CaseList:
        target = folder / CASES / each.name
        if known and _has(known, each) and _link(project, known, each, target):
            return each
        target.write_bytes(each.digests)
        return each

    return add_roots(map(write, lists))


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
    expected = {
        CaseList(figure, delivery, b"").name: tuple(said)
        for figure, each in roots.items()
        for delivery, said in each.items()
    }
    found = {path.name: path.read_bytes() for path in places.iterdir()} if places.is_dir() else {}
    proved = {name: (len(content) // DIGEST_BYTES, find_root(content)) for name, content in found.items()}
    return [str(places / name) for name in sorted({*expected, *proved}) if expected.get(name) != proved.get(name)]


def _cut(table: "pa.Table", measure: Measure) -> Iterator[CaseList]:
    """One table, sorted, by group and delivery."""
    import pyarrow.compute as pc

    keys = pc.binary_join_element_wise(table["group_key"], table["delivery_id"], "\t").combine_chunks()
    runs = pc.run_end_encode(keys)
    start = 0
    for key, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        group, delivery = key.split("\t")
        digests = b"".join(table["digest"].slice(start, end - start).to_pylist())
        yield CaseList(f"{group} {measure.value}", delivery, digests)
        start = end


def _has(publication: Publication, each: CaseList) -> bool:
    said = (publication.cases or {}).get(each.figure, {}).get(each.delivery)
    return said is not None and said[1] == each.root


def _link(project: Project, known: Publication, each: CaseList, target: Path) -> bool:
    """Not every disk can: then the list is written."""
    source = project.published_folder(known.week_end) / PROOF / CASES / each.name
    try:
        if find_root(source.read_bytes()) != each.root:
            return False
        os.link(source, target)
    except OSError:
        return False
    return True
