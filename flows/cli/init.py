"""init 新建: make a root folder; from files of a source that has no profile yet, also its profile."""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.common import KEEPING, Arguments, Command
from flows.domain.text import CommandLine, Text, WrongUsage, say
from flows.root.command_line import shorten, type_here
from flows.root.project import Project, open_project

if TYPE_CHECKING:
    from flows.jobs.init.drafting import Draft
    from flows.jobs.init.proposing import Found

COMMAND = Command(
    "init",
    KEEPING,
    Text("make a root folder for real data"),
    Text(
        "Makes data/raw, data/editorial, data/warehouse, reports and a commented bulletin.toml. With --from it looks at files of a\n"
        "source of your own, proposes which column is what, writes profiles/NAME.toml, and checks the files."
    ),
    "init --root /srv/bulletin --from permits.csv",
)
_SHOWN_VALUES = 30
_ASKED_OF_LOGS = ("case_no", "event_at", "item_type", "department")
_ASKED_OF_CASES = ("case_no", "accepted_at", "completed_at", "item_type", "department")
_SHOWN = ("item_type", "department", "status", "activity")  # their values are words of the office, not of persons


def add_arguments(own: argparse._ArgumentGroup) -> None:
    own.add_argument(
        "--from",
        dest="files",
        type=Path,
        nargs="+",
        metavar="FILE",
        default=[],
        help=say("files of a source of your own"),
    )
    own.add_argument(
        "--name", help=say("of the profile, in Latin letters, digits and _ (default: after the first file)")
    )
    own.add_argument(
        "--number", metavar="COLUMN", help=say("the column of the case number; each of these: '' for none")
    )
    own.add_argument(
        "--opened",
        metavar="COLUMN",
        help=say("the column of the time of acceptance 受理时间; of a log of events, of the event"),
    )
    own.add_argument("--closed", metavar="COLUMN", help=say("the column of the time of completion 办结时间"))
    own.add_argument("--type", metavar="COLUMN", help=say("the column whose values are sorted into groups"))
    own.add_argument("--department", metavar="COLUMN", help=say("the column of the department 实施主体"))
    own.add_argument(
        "--activity", metavar="COLUMN", help=say("of a log of events, in which a case has many rows: what happened")
    )
    own.add_argument(
        "--group",
        action="append",
        default=[],
        metavar="VALUE=GROUP",
        help=say("a value of the type column and its group, such as 'Permit*=Permits'"),
    )


def run(arguments: Arguments) -> int:
    if arguments.root is None:
        raise WrongUsage("give the folder to make: --root DIR.")
    if arguments.files:
        return _init_from(arguments)
    from flows.jobs.init import create

    project = create(arguments.root)
    if not arguments.quiet:
        type_here(project)
        folder, command = shorten(project.root), CommandLine("receive")
        print(say("made {folder} (its settings: bulletin.toml). Next: {command}", folder=folder, command=command))
    return 0


def _init_from(arguments: Arguments) -> int:
    from flows.jobs.init import put_profile, refuse_taken, suggest_name
    from flows.jobs.init.proposing import look
    from flows.jobs.init.writing import write_profile

    found = look(arguments.files)
    print(*(line for each in found for line in describe_found(each)), sep="\n")
    name = arguments.name or suggest_name(arguments.files[0])
    if not re.fullmatch("[A-Za-z0-9_]+", name):
        raise WrongUsage("--name {name}: use Latin letters, digits and _ only.", name=name)
    drafted = _draft(found, name, arguments)
    project = _open(arguments.root)
    refuse_taken(project, name)
    project = put_profile(project, name, write_profile(drafted))
    _try_profile(project, project.profiles / f"{name}.toml", arguments)
    return 0


def _draft(found: Sequence["Found"], name: str, arguments: Arguments) -> "Draft":
    """What was proposed, given, and at a terminal answered."""
    from flows.jobs.init.drafting import ASKED, draft

    given = {
        column: getattr(arguments, asked) for asked, column in ASKED.items() if getattr(arguments, asked) is not None
    }
    is_asked = sys.stdin.isatty()
    if is_asked:
        given |= _ask_for_columns(found[0], given)
    groups = read_groups(arguments.group)
    drafted = draft(found, name, given, groups)
    _list_values(found, drafted.columns.get("item_type", ()))
    if drafted.columns.get("activity"):
        _list_activities(found[0], drafted)
    if is_asked and not groups and drafted.columns.get("item_type"):
        drafted = draft(found, name, given, read_groups(_ask_for_groups()))
    return drafted


def _try_profile(project: Project, path: Path, arguments: Arguments) -> None:
    """Show the profile that was written, and check the files by it."""
    from flows.cli.check import describe_checked
    from flows.cli.terminal import show_progress
    from flows.jobs.check import check_files

    print(
        "",
        say("wrote {path}, and chose it in bulletin.toml:", path=shorten(path)),
        path.read_text(encoding="utf-8"),
        sep="\n",
    )
    with show_progress(quiet=arguments.quiet) as progress:
        print(describe_checked(check_files(project, arguments.files, progress)))
    type_here(project)
    receive = CommandLine("receive {files}", files=arguments.files)
    print(
        "",
        say("Correct {path} where it is not right, then: {command}", path=shorten(path), command=receive),
        sep="\n",
    )


def _open(root: Path) -> Project:
    from flows.jobs.init import create

    is_root = (root / "bulletin.toml").is_file() or (root / "data" / "raw").is_dir()
    return open_project(root) if is_root else create(root)


def describe_found(found: "Found") -> list[str]:
    """The header row of a table, and a line for each column: what it is proposed for, how full, examples."""
    from flows.cli.terminal import draw_table

    place = f"{found.table.path.name}{f'［{found.table.sheet}］' if found.table.sheet else ''}"
    rows = len(found.table.rows)
    title = say(
        "{place}: header in row {row}, the first {rows} rows looked at",
        place=place,
        row=found.table.header_row,
        rows=rows,
    )
    meanings = {header: column for column, header in found.proposed.items()}
    clocks = {found.clock_of(header): column for header, column in meanings.items() if column.endswith("_at")}
    meanings |= {header: column for header, column in clocks.items() if header}
    lines = [
        (
            meanings.get(column.header, ""), column.header, f"{column.filled:.0%}", f"{len(column.counts)}",
            " · ".join(e[:24] for e in column.list_examples(is_masked=meanings.get(column.header) not in _SHOWN)),
        )
        for column in found.columns
    ]  # fmt: skip
    header = say("proposed,column,filled,values,examples").split(",")
    notes = [f"! {note}" for note in found.notes]
    return [title, *(f"  {line}" for line in draw_table(header, lines, left=5)), *notes]


def read_groups(words: Sequence[str]) -> dict[str, list[str]]:
    """VALUE=GROUP … → group → its values; the last = divides the two.

    Raises:
        WrongUsage: a word without =.
    """
    groups: dict[str, list[str]] = {}
    for word in words:
        value, mark, group = word.rpartition("=")
        if not (mark and value.strip() and group.strip()):
            raise WrongUsage("--group {word}: write VALUE=GROUP, such as 'Permit*=Permits'.", word=word)
        groups.setdefault(group.strip(), []).append(value.strip())
    return groups


def _list_values(found: Sequence["Found"], headers: Sequence[str]) -> None:
    """The values of the type column, with how many rows have each."""
    counts = sum(
        (c.counts for each in found for c in each.columns if c.header in headers),
        start=type(found[0].columns[0].counts)(),
    )
    if not counts:
        return
    print(
        "",
        say("values of {header} (sort them by --group VALUE=GROUP, or in the profile):", header=headers[0]),
        sep="\n",
    )
    print(*(f"  {count:>6}  {value}" for value, count in counts.most_common(_SHOWN_VALUES)), sep="\n")
    if len(counts) > _SHOWN_VALUES:
        print("  …", say("{rest} more", rest=len(counts) - _SHOWN_VALUES))


def _list_activities(found: "Found", drafted: "Draft") -> None:
    """The activities of a log of events, each with its events and the cases that it ends."""
    from flows.jobs.init.drafting import count_last

    last, counts = count_last(found, drafted), found.column(drafted.columns["activity"][0]).counts
    header = drafted.columns["activity"][0]
    print(
        "",
        say("activities of {header}: events, cases of which it is the last (completed in [events]):", header=header),
        sep="\n",
    )
    print(*(f"  {count:>6}  {last[value]:>6}  {value}" for value, count in counts.most_common(_SHOWN_VALUES)), sep="\n")


def _ask_for_columns(found: "Found", given: Mapping[str, str]) -> Mapping[str, str]:
    """What was not given; whether it is a log of events first, since that decides what else is asked."""
    answers: dict[str, str] = {}
    if "activity" in found.proposed and "activity" not in given:
        answers |= _ask(found, ["activity"])
    is_log = bool({**found.proposed, **given, **answers}.get("activity"))
    asked = _ASKED_OF_LOGS if is_log else _ASKED_OF_CASES
    return {**answers, **_ask(found, [column for column in asked if column not in given])}


def _ask(found: "Found", columns: Sequence[str]) -> Mapping[str, str]:
    """Each column that was not given: Enter takes the proposal, - means none."""
    answers: dict[str, str] = {}
    for column in columns:
        proposed = found.proposed.get(column, "")
        answer = input(
            say("{column}: which column? Enter: {proposed}; -: none. ", column=column, proposed=proposed or "-")
        ).strip()
        if answer:
            answers[column] = "" if answer == "-" else answer
    return answers


def _ask_for_groups() -> list[str]:
    """VALUE=GROUP, one a line, until an empty one."""
    print(
        say(
            "groups of the paragraph: VALUE=GROUP, one a line, * for any letters; an empty line ends. None: everything is one group."
        )
    )
    words: list[str] = []
    while word := input("> ").strip():
        words.append(word)
    return words
