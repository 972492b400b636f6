"""A disk that refuses a call, or loses power: no row, no receipt and no published byte is lost, and the next run ends as if nothing had been.

BULLETIN_CALLS is the number of calls tried of each command, spread evenly over all of them; 0 tries all, as `make torture` does.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import weak_disk
from weak_disk import COMMANDS, make_scene

CALLS = os.environ.get("BULLETIN_CALLS", "2")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scene")
    make_scene(folder)
    return folder


def try_all(kind: str, command: str, scene: Path, scratch: Path) -> list[dict[str, Any]]:
    """The undisturbed run, and each that was disturbed."""
    words = [sys.executable, weak_disk.__file__, kind, command, str(scene), str(scratch), CALLS]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    outcomes = [json.loads(line) for line in said.splitlines()]
    assert [outcome["failure"] for outcome in outcomes if "failure" in outcome] == []
    assert len(outcomes) > 1
    return outcomes


@pytest.mark.parametrize("command", COMMANDS)
def test_a_refused_call_is_told_in_a_sentence_and_leaves_the_old_state_or_the_new_one(
    command: str, scene: Path, tmp_path: Path
) -> None:
    undisturbed, *outcomes = try_all("refuse", command, scene, tmp_path)
    before = weak_disk.describe(scene / "root").content_hash
    for outcome in outcomes:
        place = outcome["number"], outcome["call"]
        # some calls have another way, such as a copy by blocks
        assert (*place, outcome["exit_code"] in (0, 3), "Traceback" in outcome["err"]) == (*place, True, False), outcome
        assert outcome["then"]["content_hash"] in (before, undisturbed["then"]["content_hash"]), place
        assert (*place, outcome["left"]) == (*place, undisturbed["left"])


@pytest.mark.parametrize("kind", ["cut", "names"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_power_cut_leaves_the_old_state_or_the_new_one_and_takes_nothing_that_was_said_to_be_done(
    command: str, kind: str, scene: Path, tmp_path: Path
) -> None:
    undisturbed, *outcomes = try_all(kind, command, scene, tmp_path)
    before = weak_disk.describe(scene / "root").content_hash
    assert outcomes[-1 if CALLS == "0" else 0]["exit_code"] == 0
    for outcome in outcomes:
        place = outcome["number"], outcome["call"]
        assert (*place, outcome["lost"]) == (*place, [])
        assert outcome["then"]["content_hash"] in (before, undisturbed["then"]["content_hash"]), place
        assert (*place, outcome["left"]) == (*place, undisturbed["left"])
