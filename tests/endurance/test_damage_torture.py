"""Many damaged deliveries: the law of tests/laws/test_damaged_deliveries.py over further seeds, a process for each core.

BULLETIN_DAMAGES is their range, 300-320 unless told; `make torture` tries 0-20000, and goes on behind a stop by DAMAGES=7000-20000.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from damage import Roots, try_seeds
from damage_scene import BASES, make_base
from tally import tally

FIRST, LAST = map(int, os.environ.get("BULLETIN_DAMAGES", "300-320").split("-"))
A_TEST, A_PART = 500, 5
STARTS = range(FIRST, LAST, A_TEST)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damage")


@pytest.fixture(scope="module")
def roots(folder: Path) -> Roots:
    made = Roots(folder)
    for name in BASES:
        made.make(make_base(name))
    return made


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as workers:
        yield workers


@pytest.mark.parametrize("start", STARTS, ids=[f"seeds from {start}" for start in STARTS])
def test_no_difference_is_silent_in_many_deliveries(
    start: int, roots: Roots, folder: Path, pool: ProcessPoolExecutor
) -> None:
    seeds = range(start, min(start + A_TEST, LAST))
    parts = [seeds[i : i + A_PART] for i in range(0, len(seeds), A_PART)]
    tried = pool.map(try_seeds, parts, [roots] * len(parts), [folder] * len(parts))
    faults = [fault for part in tried for fault in part]
    tally("damaged deliveries", len(seeds))
    assert not faults, "\n\n".join(faults)
