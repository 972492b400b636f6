"""Whatever an office lives through, each figure is the one that a recount of everything delivered gives.

BULLETIN_OFFICES is the range of seeds, 0-5 unless told, of three weeks each; `make torture` tries more, of BULLETIN_WEEKS weeks. A
failure names its seed and the steps up to it.
"""

import os
from pathlib import Path

import pytest
from simulated_office import Office
from tally import tally

FIRST, LAST = map(int, os.environ.get("BULLETIN_OFFICES", "0-5").split("-"))
WEEKS = int(os.environ.get("BULLETIN_WEEKS", "3"))


@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_every_figure_of_a_simulated_office_is_that_of_its_books(seed: int, tmp_path: Path) -> None:
    office = Office(tmp_path / "office", seed)
    try:
        for _ in office.live(WEEKS):
            office.judge()
    except AssertionError as error:
        pytest.fail("\n".join([f"seed {seed}", *office.told, str(error)]))
    tally("weeks of simulated offices", WEEKS)
