"""A disk that refuses a call, or loses power: no row, no receipt and no published byte is lost, and the next run ends as if nothing had been.

BULLETIN_CALLS is the number of calls tried of each command and kind, spread evenly over all of them; 0 tries all, as `make torture` does.
Without it one call is tried, of some commands.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
import weak_disk
from tally import tally
from weak_disk import COMMANDS, SCENES, SIGNING, describe, holding_keys, make_scenes

CALLS = os.environ.get("BULLETIN_CALLS", "1")
TRIED = (
    list(COMMANDS) if "BULLETIN_CALLS" in os.environ else ["receive", "weekly", "withdraw", "approve", "signers", "key"]
)
Outcome = dict[str, Any]


@dataclass(frozen=True)
class Trials:
    """`before` is what there is at first, `undisturbed` what then happens, by command; `disturbed` by kind and command."""

    before: dict[str, Outcome]
    undisturbed: dict[str, Outcome]
    disturbed: dict[tuple[str, str], list[Outcome]]


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    """All of them, on two processors."""
    folder = tmp_path_factory.mktemp("scenes")
    make_scenes(folder)
    names, processes = TRIED, []
    for half in (names[::2], names[1::2]):
        words = [sys.executable, weak_disk.__file__, folder, tmp_path_factory.mktemp("scratch"), CALLS, *half]
        processes.append(subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, text=True))
    said = "".join([process.communicate()[0] for process in processes])
    assert [process.returncode for process in processes] == [0, 0]
    outcomes = [json.loads(line) for line in said.splitlines()]
    assert [outcome["failure"] for outcome in outcomes if "failure" in outcome] == []
    disturbed: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome["number"]:
            disturbed.setdefault((outcome["kind"], outcome["command"]), []).append(outcome)
    undisturbed = {outcome["command"]: outcome for outcome in outcomes if not outcome["number"]}
    scenes = {scene: describe_scene(folder / scene) for scene in {SIGNING, *SCENES.values()}}
    before = {command: scenes[SCENES.get(command, SIGNING)] for command in names}
    return Trials(before, undisturbed, disturbed)


def describe_scene(disk: Path) -> Outcome:
    with holding_keys(disk):
        return asdict(describe(disk))


def require_whole(outcome: Outcome, undisturbed: Outcome, before: Outcome) -> None:
    """The old state or the new one at once, and in the end what there would have been."""
    place = outcome["number"], outcome["call"]
    for what in ("content_hash", "published", "signers"):
        assert outcome["then"][what] in (before[what], undisturbed["then"][what]), place
    keys = [
        key for key in outcome["then"]["keys"] if key.endswith(" whole")
    ]  # the next `key new` makes the rest of another
    assert keys in (before["keys"], undisturbed["then"]["keys"]), place
    assert (*place, outcome["left"]) == (*place, undisturbed["left"])


@pytest.mark.parametrize("command", TRIED)
def test_undisturbed_a_command_ends_well(command: str, trials: Trials) -> None:
    assert (trials.undisturbed[command]["exit_code"], trials.undisturbed[command]["err"]) == (0, "")


@pytest.mark.parametrize("command", TRIED)
def test_a_refused_call_is_told_in_a_sentence_and_leaves_the_old_state_or_the_new_one(
    command: str, trials: Trials
) -> None:
    tally("refused calls of the system", len(trials.disturbed["refuse", command]))
    for outcome in trials.disturbed["refuse", command]:
        place = outcome["number"], outcome["call"]
        # 0: some calls have another way, such as a copy by blocks
        assert (*place, outcome["exit_code"] in (0, 3), "Traceback" in outcome["err"]) == (*place, True, False), outcome
        require_whole(outcome, trials.undisturbed[command], trials.before[command])


@pytest.mark.parametrize("kind", ["cut", "names"])
@pytest.mark.parametrize("command", TRIED)
def test_a_power_cut_leaves_the_old_state_or_the_new_one(command: str, kind: str, trials: Trials) -> None:
    tally("power cuts", len(trials.disturbed[kind, command]))
    for outcome in trials.disturbed[kind, command]:
        require_whole(outcome, trials.undisturbed[command], trials.before[command])


@pytest.mark.parametrize("command", TRIED)
def test_a_power_cut_takes_nothing_that_a_command_has_said_is_done(command: str, trials: Trials) -> None:
    last = trials.disturbed["cut", command][-1]
    assert (last["exit_code"], last["lost"], last["then"]) == (0, [], trials.undisturbed[command]["then"])
