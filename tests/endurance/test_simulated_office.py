"""Whatever an office lives through, each figure is the one that a recount of everything delivered gives.

BULLETIN_OFFICES is the range of seeds, 0-25 unless told, of one or two weeks each; `make torture` tries more, of BULLETIN_WEEKS weeks.
A failure names its seed and the shortest history that still fails.
"""

import os
import shutil
from pathlib import Path

import pytest
from books import Books
from shortest import shorten
from simulated_office import ACCIDENTS, DEPARTMENTS, WORK, WORLD, Office, Step, draw_plan
from tally import tally

FIRST, LAST = map(int, os.environ.get("BULLETIN_OFFICES", "0-25").split("-"))
WEEKS = int(os.environ.get("BULLETIN_WEEKS", "0"))  # 0: one or two


@pytest.fixture(autouse=True)
def _keys_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BULLETIN_KEYS", str(tmp_path / "keys"))


def count_weeks(seed: int) -> int:
    """Of a small history: every third one has two."""
    return 1 + (seed % 3 == 0)


def live(plan: list[Step], root: Path) -> tuple[str, list[str]]:
    """What went wrong, '' if nothing did, and what was done until then."""
    office = Office(root)
    try:
        for step in plan:
            office.live(step)
    except Exception as error:
        return f"{type(error).__name__}: {error}", office.told
    finally:
        shutil.rmtree(root)
    return "", office.told


@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_every_figure_of_a_simulated_office_is_that_of_its_books(seed: int, tmp_path: Path) -> None:
    weeks = WEEKS or count_weeks(seed)
    plan = draw_plan(seed, weeks)
    wrong, told = live(plan, tmp_path / "office")
    if wrong:
        shortest = shorten(plan[: len(told)], lambda steps: bool(live(steps, tmp_path / "office")[0]))
        again, told = live(shortest, tmp_path / "office")
        pytest.fail(
            "\n".join([f"seed {seed}: {wrong}", "the shortest history that fails:", *map(str, shortest), *told, again])
        )
    tally("weeks of simulated offices", weeks)


def test_the_shortest_history_of_a_failure_is_what_it_needs(tmp_path: Path) -> None:
    """The error is planted in a second recount, which believes the older file where a correction came."""

    def fails(steps: list[Step]) -> bool:
        shutil.rmtree(tmp_path / "office", ignore_errors=True)
        office = Office(tmp_path / "office")
        for step in steps:
            office.act(step)
        office.take_in()
        right, wrong = office.books, Books([d for d in office.books.deliveries if not d.corrects], office.books.rules)
        return any(right.count_year(week) != wrong.count_year(week) for week in office.weeks)

    departments = ("week_begins", "late_file", "correction", "repeated_file", "renamed_departments")
    plans = [[step for step in draw_plan(seed, 10) if step.kind in departments] for seed in range(5)]
    shortest = [[step.kind for step in shorten(plan, fails)] for plan in plans if fails(plan)]
    assert shortest == [["week_begins", "correction"]] * 3


def test_the_histories_hold_every_kind_of_step() -> None:
    kinds = {*DEPARTMENTS, *WORLD, *ACCIDENTS, *(kind for work in WORK for kind in work), "weekly", "two_keys"}
    assert {step.kind for seed in range(25) for step in draw_plan(seed, count_weeks(seed))} == kinds | {"week_begins"}
