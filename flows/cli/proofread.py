"""proofread 校对: the numbers of any bulletin against one another."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.common import ASKING, Arguments, Command, add_json
from flows.domain.text import CheckFailed, Text, say

if TYPE_CHECKING:
    from flows.report.contradictions import Contradiction

COMMAND = Command(
    "proofread",
    ASKING,
    Text("find numbers of a bulletin that contradict one another"),
    Text(
        "Needs no warehouse: recomputes sums, rates, rises and falls, and ranks from the numbers of the text itself,\n"
        "and names what contradicts with both sides. Tables are not read."
    ),
    "proofread 通报稿.docx",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    own.add_argument("file", type=Path, metavar="FILE", help=say("any bulletin (.docx .html .txt .md)"))
    add_json(own)


def run(arguments: Arguments) -> int:
    from flows.jobs.proofread import find_own_contradictions

    found = find_own_contradictions(arguments.file)
    print(_write_json(found) if arguments.json else describe(found) or say("no number contradicts another one"))
    return CheckFailed.exit_code if found else 0


def describe(found: "Sequence[Contradiction]") -> str:
    lines = [
        say(
            "✗ paragraph {paragraph}, {what}: written {written}, the text gives {right}\n  {sentence}",
            paragraph=each.paragraph,
            what=each.what,
            written=each.written,
            right=each.right,
            sentence=each.sentence,
        )
        for each in found
    ]
    return "\n".join(lines)


def _write_json(found: "Sequence[Contradiction]") -> str:
    rows = [
        {
            "paragraph": each.paragraph,
            "what_zh": each.what.zh,
            "what_en": each.what.en,
            "written": each.written,
            "right": each.right,
            "sentence": each.sentence,
        }
        for each in found
    ]
    return json.dumps({"contradictions": rows}, ensure_ascii=False, indent=2)
