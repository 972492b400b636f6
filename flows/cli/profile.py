"""profile 配置: what is in force of the source profile and the tolerances, and from where."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flows.cli.common import KEEPING, Arguments, Command, add_json, add_week, open_root
from flows.cli.terminal import draw_table
from flows.domain.profile import Profile
from flows.domain.profile_keys import REPEATED
from flows.domain.text import Text, say
from flows.root.command_line import shorten
from flows.root.project import Project

if TYPE_CHECKING:
    from flows.jobs.profile import InForce, WasInForce
    from flows.root.publications import Publication

COMMAND = Command(
    "profile",
    KEEPING,
    Text("what is in force of profile and tolerances, and from where"),
    Text(
        "show lists each value of the source profile and each tolerance, with the line of the file that says it: first what\n"
        "differs from the program's. With --week-ending it lists what a published week was counted and judged by: first what\n"
        "differs from today. Long values are cut; --json has them whole."
    ),
    "profile show",
)
_WIDEST = 40


def add_arguments(own: argparse._ArgumentGroup) -> None:
    own.add_argument("act", nargs="?", metavar="ACT", choices=("show",), default="show", help="show")
    add_week(own, say("what was in force for that published week"))
    add_json(own)


def run(arguments: Arguments) -> int:
    from flows.cli.terminal import write_json
    from flows.jobs.profile import list_in_force, list_published

    project = open_root(arguments)
    if arguments.week_ending:
        publication, kept = list_published(project, arguments.week_ending)
        if arguments.json:
            facts = {
                "profile": publication.profile,
                "week_ending": publication.week_ending,
                "published_at": publication.published_at,
            }
            print(write_json({**facts, "values": [{**asdict(each), "differs": each.differs} for each in kept]}))
        else:
            print(describe_published(publication, kept))
        return 0
    values = list_in_force(project)
    if arguments.json:
        said = {
            "profile": project.profile.name,
            "file": project.profile.file,
            "extends": project.profile.sections.get("extends"),
        }
        print(write_json({**said, "values": [_list_fields(each) for each in values]}))
    else:
        print(describe_in_force(values, project))
    return 0


def describe_in_force(values: Sequence["InForce"], project: Project) -> str:
    """What differs from the program's, with the program's beside it; then the rest."""
    own = [each for each in values if each.differs]
    rest = [each for each in values if not each.differs]
    lines = [_say_profile(project.profile), say("{count} values differ from the program's:", count=len(own))]
    if own:
        header = say("key,value,of the program,from").split(",")
        rows = [(_write_key(e), _write(e.value), _write(e.usual), str(_say_origin(e))) for e in own]
        lines += [f"  {line}" for line in draw_table(header, rows, left=4)]
    header = say("key,value,from").split(",")
    rows_of_program = [(_write_key(e), _write(e.value), str(_say_origin(e))) for e in rest]
    lines.append(say("{count} values are as in the program:", count=len(rest)))
    return "\n".join([*lines, *(f"  {line}" for line in draw_table(header, rows_of_program, left=3))])


def describe_published(publication: "Publication", values: Sequence["WasInForce"]) -> str:
    """What differs from today, with today's beside it; then the rest."""
    lines = [
        say(
            "{week_end}, published on {day}: source profile {name}",
            week_end=publication.week_end,
            day=publication.at.date(),
            name=publication.profile,
        )
    ]
    own = [each for each in values if each.differs]
    lines.append(say("{count} values differ from today's:", count=len(own)))
    if own:
        rows = [(_write_key(e), _write(e.value), _write(e.today)) for e in own]
        lines += [f"  {line}" for line in draw_table(say("key,value,today").split(","), rows, left=3)]
    rest = [(_write_key(e), _write(e.value)) for e in values if not e.differs]
    lines.append(say("{count} values are as today:", count=len(rest)))
    lines += [f"  {line}" for line in draw_table(say("key,value").split(","), rest, left=2)]
    return "\n".join([*lines, say("How cells are read, such as times, is not kept with a publication.")])


def _say_profile(profile: Profile) -> str:
    file, base = shorten(profile.file), profile.sections.get("extends")
    if base:
        return say(
            "source profile {name}: {file}, which extends {base} of the program",
            name=profile.name,
            file=file,
            base=base,
        )
    return say("source profile {name}: {file}", name=profile.name, file=file)


def _list_fields(each: "InForce") -> dict[str, Any]:
    return {
        **{"section": each.section, "key": each.key, "value": each.value, "program": each.usual},
        **{"differs": each.differs, "from": "root" if each.is_own else "program"},
        **{"file": each.file, "line": each.line or None},
    }


def _write_key(each: "InForce | WasInForce") -> str:
    if each.section in REPEATED:
        return f"[[{each.section}]] {each.key}"
    return f"[{each.section}] {each.key}" if each.section else each.key


def _write(value: Any) -> str:
    if value is None:
        return "–"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"


def _say_origin(each: "InForce") -> Text:
    if each.file is None:
        return Text("the program")
    if each.is_own:
        return Text("{path} line {line}", path=shorten(each.file), line=each.line)
    return Text("the program: {path} line {line}", path=each.file.name, line=each.line)
