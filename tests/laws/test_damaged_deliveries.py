"""Whatever damage a delivery comes with, its figures are right, or it is refused, or the difference is explained to the case.

BULLETIN_SEEDS is the range of seeds, 0-300 unless told: `make torture` tries 20,000.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest
from damage import Ended, Example, Roots, build, draw_example, judge, run_example, try_seeds
from damage_forms import Form
from damage_kinds import KINDS
from damage_scene import BASES, count, make_base, make_scene

FIRST, LAST = map(int, os.environ.get("BULLETIN_SEEDS", "0-300").split("-"))
A_TEST = 10
PROCESSES = os.cpu_count() or 1
STARTS = range(FIRST, LAST, A_TEST)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damage")


@pytest.fixture(scope="module")
def roots(folder: Path) -> Roots:
    """Made here, before any process needs them."""
    made = Roots(folder)
    for name in BASES:
        made.make(make_base(name))
    return made


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as workers:
        yield workers


@pytest.mark.parametrize("start", STARTS, ids=[f"seeds {start} to {start + A_TEST - 1}" for start in STARTS])
def test_no_difference_is_silent(start: int, roots: Roots, folder: Path, pool: ProcessPoolExecutor) -> None:
    seeds = range(start, min(start + A_TEST, LAST))
    parts = [seeds[i::PROCESSES] for i in range(PROCESSES)]
    faults = [fault for part in pool.map(try_seeds, parts, [roots] * PROCESSES, [folder] * PROCESSES) for fault in part]
    assert not faults, "\n\n".join(faults)


# ---------------------------------------------------------------- the generator itself


def clean(form: Form, base: str = "sichuan") -> Example:
    draw = Random("clean")
    return build("clean", make_scene(draw, make_base(base), form), [], draw)


@pytest.mark.parametrize("base", BASES)
def test_a_clean_delivery_gives_the_figures_that_were_counted_by_hand(base: str, roots: Roots, tmp_path: Path) -> None:
    example = clean(Form(), base)
    ended = run_example(example, roots.copy(example.base, tmp_path / "root"))
    assert ended.figures == example.figures == count(example.truth)
    assert judge(example, ended).end == "right"


def test_a_wrong_figure_is_a_silent_difference(roots: Roots, tmp_path: Path) -> None:
    example = clean(Form())
    ended = run_example(example, roots.copy(example.base, tmp_path / "root"))
    wrong = replace(ended, figures={**ended.figures, "licence": (999, 1)})
    assert judge(example, wrong).end == "silent difference"


def test_a_case_that_is_missing_or_bent_is_a_silent_difference_unless_its_row_is_named(
    roots: Roots, tmp_path: Path
) -> None:
    example = clean(Form())
    ended = run_example(example, roots.copy(example.base, tmp_path / "root"))
    number = next(number for number, fact in example.truth.items() if fact.accepted and number in ended.told_at)
    gone = {key: fact for key, fact in ended.cases.items() if key != number}
    lost = replace(ended, cases=gone, figures=count(gone))
    assert judge(example, lost).end == "silent difference"
    named = replace(lost, named_places=frozenset([("2022-07-22/办件.csv", *ended.told_at[number])]))
    assert judge(replace(example, damages=((KINDS["error cells"], "one"),)), named).end == "explained"
    other = replace(lost, named_places=frozenset([("2022-07-22/办件.csv", "", 9999)]))
    assert judge(example, other).end == "silent difference"


def test_a_refusal_names_the_file_and_a_traceback_is_none() -> None:
    example = replace(clean(Form()), damages=((KINDS["error cells"], "one"),))
    assert judge(example, Ended(3, "data/raw/2022-07-22/办件.csv: why")).end == "refused"
    assert judge(example, Ended(3, "something is wrong")).end == "unnamed refusal"
    assert judge(example, Ended(1, "Traceback")).end == "crash"


def test_a_clean_delivery_must_be_read() -> None:
    assert judge(clean(Form()), Ended(3, "办件.csv: why")).end == "not read"


@pytest.mark.parametrize("seed", range(30))
def test_a_seed_gives_the_same_delivery_each_time(seed: int) -> None:
    one, other = draw_example(seed), draw_example(seed)
    assert (one.files, one.truth, str(one)) == (other.files, other.truth, str(other))
