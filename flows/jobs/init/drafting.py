"""What a profile is written from: what was proposed, and what a person said instead."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.domain.comparing import comparable_header
from flows.domain.profile_keys import COLUMNS_OF_CASES, EVENT_COLUMNS
from flows.domain.text import Text, WrongUsage
from flows.jobs.init.headers import PARTS_OF_DAYS
from flows.jobs.init.numbers import tell_apart
from flows.jobs.init.proposing import MOSTLY, Found
from flows.sources.columns import find_zone, read_order

# What each answer is called on the command line → the column of the profile.
ASKED = {
    "number": "case_no",
    "opened": "accepted_at",
    "closed": "completed_at",
    "type": "item_type",
    "department": "department",
    "activity": "activity",
}


@dataclass(frozen=True)
class Draft:
    """What a profile is written from: canonical name → headers; group → the values of the type column that belong to it.

    `order` says how 1/2/2022 is meant; `zone` is that of times with an offset, `is_zone_assumed` where they do not tell it.
    """

    name: str
    columns: Mapping[str, Sequence[str]]
    groups: Mapping[str, Sequence[str]]
    order: str
    source: str
    key_parts: tuple[str, ...] = ()
    zone: str = ""
    is_zone_assumed: bool = False


def draft(found: Sequence[Found], name: str, given: Mapping[str, str], groups: Mapping[str, Sequence[str]]) -> Draft:
    """What was proposed, replaced by what was given: canonical name → header, '' for none.

    Raises:
        WrongUsage: a given header is in no file, or the number or the opening time is neither given nor found.
    """
    columns = _gather(found, given)
    _require(found[0], columns, given)
    if groups and not columns.get("item_type"):
        raise WrongUsage("--group sorts the values of the type column, and there is none. Name it: --type COLUMN.")
    times = [
        c for each in found for c in each.columns if any(c.header in h for n, h in columns.items() if n.endswith("_at"))
    ]
    is_counted = any(column.is_counted for column in times)
    key_parts, beside = _find_key_parts(found[0], columns, given)
    columns |= {"key_part": [beside]} if beside else {}
    return Draft(
        name,
        {c: h for c, h in columns.items() if h},
        groups,
        read_order(value for column in times for value in column.values),
        found[0].table.path.stem,
        key_parts,
        find_zone(times) or ("Asia/Shanghai" if is_counted else ""),
        is_counted,
    )


def _gather(found: Sequence[Found], given: Mapping[str, str]) -> dict[str, list[str]]:
    """Canonical name → the headers that mean it in one file or another, those of its time of day included."""
    columns: dict[str, list[str]] = {}
    for each in found:
        for column, header in _settle(each.proposed, _match(each, given)).items():
            known = columns.setdefault(column, [])
            for alias in [header, each.clock_of(header)] if header and column.endswith("_at") else [header]:
                if alias and comparable_header(alias) not in map(comparable_header, known):
                    known.append(alias)
    return columns


def _require(found: Found, columns: Mapping[str, Sequence[str]], given: Mapping[str, str]) -> None:
    is_log = bool(columns.get("event_at"))
    for column, header in given.items():
        if header and not columns.get(column) and not (column == "accepted_at" and is_log):
            raise WrongUsage(
                "no column is called “{header}”. The columns are: {headers}.",
                header=header,
                headers=[c.header for c in found.columns],
            )
    for asked in ("number", "opened"):
        if not columns.get(ASKED[asked]) and not (asked == "opened" and is_log):
            raise WrongUsage(
                "no column could be told to be the one of --{asked}: none has both the name and the content. Name it: --{asked} COLUMN. "
                "By content there could be: {headers}. {hint}",
                asked=asked,
                headers=_list_possible(found, asked) or "–",
                hint=_say_missing(found, asked),
            )


def _find_key_parts(
    found: Found, columns: Mapping[str, Sequence[str]], given: Mapping[str, str]
) -> tuple[tuple[str, ...], str]:
    """Those proposed; of a number that was given those that it needs, and the header of what stands beside it, if anything does."""
    if not given.get("case_no"):
        return found.key_parts if "accepted_at" in columns else (), ""
    present = [column.header for column in found.columns]
    headers = {name: known[0] for name, known in columns.items() if known and known[0] in present}
    if not headers.get("case_no") or not headers.get("accepted_at"):
        return (), ""
    number = found.column(headers["case_no"])
    if number.is_nearly_key:
        return (), ""
    free = [column for column in found.columns if column.header not in headers.values()]
    parts, other = tell_apart(number, found.column(headers["accepted_at"]), free)
    return parts, other.header if other and "key_part" in parts else ""


def _list_possible(found: Found, asked: str) -> list[str]:
    """What a column could be by content: of a number the most different ones, with how much of them differs."""
    if asked == "opened":
        return [column.header for column in found.columns if column.is_time]
    numbers = [
        column
        for column in found.columns
        if (column.is_number or column.is_nearly_key) and not column.is_time and column.filled >= MOSTLY
    ]
    opened = found.column(found.proposed["accepted_at"]) if "accepted_at" in found.proposed else None
    several = sorted((c for c in numbers if c.distinct >= MOSTLY), key=lambda c: -c.distinct * c.filled)
    alone = [f"{c.header} ({int(100 * c.filled)}%, {int(100 * c.distinct)}%)" for c in several[:3]]
    with_day = [c.header for c in found.columns if not c.is_time and c not in several and tell_apart(c, opened, ())[0]]
    return alone + [f"{header} + {opened.header}" for header in with_day[:3] if opened]


def _say_missing(found: Found, asked: str) -> Text:
    """What a person can do where no column fits at all."""
    if asked == "number":
        return Text(
            "In brackets: how much of it is filled, how much of that differs; +: different with the day of the second one. "
            "Rows of one number count as one case; if the cases have no number, add a column of numbers to the file."
        )
    parts = [c.header for c in found.columns if " ".join(c.words) in PARTS_OF_DAYS or c.header in PARTS_OF_DAYS]
    if parts:
        return Text("Join {parts} into one column of days, such as 2022-07-22.", parts=parts)
    if any(column.is_time for column in found.columns):
        return Text("A case counts as accepted at the time in that column.")
    return Text("No column holds days or times.")


def _settle(proposed: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """What was given in place of what was proposed: an activity makes a log of events, a time of opening without one a table of cases."""
    chosen = {**proposed, **given}
    if given.get("case_no"):
        chosen.pop("key_part", None)
    if given.get("activity"):
        moments = (
            given.get("event_at"),
            given.get("accepted_at"),
            proposed.get("event_at"),
            proposed.get("accepted_at"),
        )
        chosen["event_at"] = next(filter(None, moments), "")
    elif "activity" in given or given.get("accepted_at"):
        chosen = {column: header for column, header in chosen.items() if column not in EVENT_COLUMNS}
    if chosen.get("activity"):
        chosen = {column: header for column, header in chosen.items() if column not in COLUMNS_OF_CASES}
    return chosen


def _match(found: Found, given: Mapping[str, str]) -> dict[str, str]:
    """The headers of one file that were given; another file may have them otherwise."""
    headers = {comparable_header(column.header): column.header for column in found.columns}
    chosen = {column: headers.get(comparable_header(header), "") for column, header in given.items()}
    taken = {header for header in chosen.values() if header}
    freed = {column: "" for column, header in found.proposed.items() if header in taken and column not in given}
    return {**freed, **{c: h for c, h in chosen.items() if h or not given[c]}}


def count_last(found: Found, drafted: Draft) -> Counter[str]:
    """Of a log of events: in how many cases an activity is the last one."""
    number, activity, moment = (found.column(drafted.columns[n][0]) for n in ("case_no", "activity", "event_at"))
    last: dict[str, tuple[datetime, str, int]] = {}
    for row, (case, time) in enumerate(zip(number.values, moment.times, strict=True)):
        if time and case:
            place = (time, moment.values[row], row)
            last[case] = max(last.get(case, place), place)
    return Counter(activity.values[row] for _, _, row in last.values())
