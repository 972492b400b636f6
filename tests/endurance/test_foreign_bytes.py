"""Whatever bytes a file is made of, it gives the rows of the undamaged file, or is refused in a sentence that names it, or says what is
odd; within the limits of memory and time.

BULLETIN_BYTES is the range of seeds, 0-400 unless told; `make torture` tries 20,000.
"""

import os
import resource
from collections import Counter

import pytest
from damage_forms import Form
from foreign_bytes import FORMS, draw_file, stage_whole, try_seeds
from tally import tally

FIRST, LAST = map(int, os.environ.get("BULLETIN_BYTES", "0-400").split("-"))
A_TEST = 100
STARTS = range(FIRST, LAST, A_TEST)
MOST_MEBIBYTES = 1024  # that loading small files may take; what reads them has a limit of its own


@pytest.mark.parametrize("start", STARTS, ids=[f"seeds from {start}" for start in STARTS])
def test_damaged_bytes_are_refused_told_or_change_nothing(start: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, faults = try_seeds(range(start, min(start + A_TEST, LAST)))
    tally("files of damaged bytes", min(A_TEST, LAST - start))
    assert not faults, "\n\n".join(faults)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10 < MOST_MEBIBYTES


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_the_undamaged_file_of_each_form_is_read_without_doubt(form: Form) -> None:
    rows, told = stage_whole(form)
    assert (len(rows), told) == (12, False)


def test_the_seeds_reach_every_form_inside_and_outside_of_its_checksums() -> None:
    drawn = Counter((str(form), has_checksum) for form, _, _, has_checksum in map(draw_file, range(400)))
    assert len(drawn) == len(FORMS) + 3  # workbooks that are zips, with checksums made before the damage and after


def test_a_seed_gives_the_same_bytes_each_time() -> None:
    first = [draw_file(seed) for seed in range(20)]
    assert [draw_file(seed) for seed in range(20)] == first
