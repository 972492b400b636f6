"""The text of a profile, each line with a comment."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from flows.jobs.init.drafting import Draft

_MOST_LINES = 19  # of a profile with a blank line between its sections
# The comment of each line that is written.
_COMMENTS = {
    "case_no": "one number per case, the same in every export",
    "key_part": "and what tells apart cases of one number: see [key]",
    "accepted_at": "受理: the case counts as accepted at this time",
    "completed_at": "办结: the case counts as completed at this time",
    "event_at": "a row is an event of a case: when it happened",
    "activity": "and what happened",
    "item_type": "what [[types]] sort into groups",
    "department": "实施主体",
    "status": "[void] and [not_admitted] may name states that do not count",
    "version_at": "when the row was last changed",
}


Line = tuple[str, str]  # and its comment


def write_profile(drafted: Draft) -> str:
    """The text of a profile: under twenty lines where the groups are few, each with a comment."""
    sections = list(_list_sections(drafted))
    gap = [("", "")] if sum(map(len, sections)) + len(sections) <= _MOST_LINES else []
    lines = [line for section in sections for line in [*gap, *section]][len(gap) :]
    width = max(len(line) for line, comment in lines if comment and len(line) < 60)
    return "".join(f"{line:<{width}}  # {comment}\n" if comment else f"{line}\n" for line, comment in lines)


def _list_sections(drafted: Draft) -> Iterator[list[Line]]:
    """In their order, each under its head."""
    yield _write_beginning(drafted)
    yield _write_columns(drafted.columns)
    if drafted.key_parts:
        yield [
            ("[key]", "what tells a case from another one"),
            (f"parts = {_quote_all(drafted.key_parts)}", "put together"),
        ]
    if drafted.order:
        key = "is_month_first" if drafted.order == "month" else "is_day_first"
        meaning = "1/2/2022 is 2 January" if drafted.order == "month" else "1/2/2022 is 1 February"
        yield [("[times]", "how days are written"), (f"{key} = true", meaning)]
    if "status" in drafted.columns and "completed_at" not in drafted.columns:
        yield [("[completed]", "no time of completion was found"), ("status = []", "so no status means completed")]
    if "event_at" in drafted.columns:
        completed = 'or the activities that complete it, such as ["Close*"]'
        yield [("[events]", "the first one accepts a case"), ('completed = "last"', completed)]
    yield _write_groups(drafted.groups)


def _write_beginning(drafted: Draft) -> list[Line]:
    lines = [
        (f"name = {_quote(drafted.name)}", "as this file is called"),
        (f"source = {_quote(drafted.source)}", "opens the paragraph: 据……数据统计"),
    ]
    if drafted.zone:
        why = (
            "counts of seconds are read in this zone: put yours"
            if drafted.is_zone_assumed
            else "in which times with an offset are counted"
        )
        lines.append((f"time_zone = {_quote(drafted.zone)}", why))
    return lines


def _write_columns(columns: Mapping[str, Sequence[str]]) -> list[Line]:
    known = [column for column in _COMMENTS if column in columns]
    return [
        ("[columns]", "canonical name = headers that mean it; all other columns are dropped unread"),
        *(
            (f"{column} = {_quote_all(columns[column])}", _COMMENTS.get(column, ""))
            for column in dict.fromkeys((*known, *columns))
        ),
    ]


def _write_groups(groups: Mapping[str, Sequence[str]]) -> list[Line]:
    """And the types that belong to them."""
    keys = _name_keys(groups or {"事项": ()})
    comment = "" if groups else "everything is in this one"
    lines = [("[groups]", "of the paragraph, in its order; more of them: docs/profiles.md")]
    lines += [(f"{key} = {_quote(label)}", comment) for label, key in keys.items()]
    for label, values in groups.items():
        lines += [
            ("[[types]]", ""),
            (f"label = {_quote(label)}", ""),
            *([(f"group = {_quote(keys[label])}", "")] if len(keys) > 1 else []),
            (f"values = {_quote_all(values)}", "of the type column; * and ? stand for any letters"),
        ]
    return lines


def _name_keys(labels: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Label → key: the label in small letters where it is Latin, else group_1, group_2, …"""
    keys: dict[str, str] = {}
    for number, label in enumerate(labels, 1):
        slug = re.sub("[^a-z0-9]+", "_", label.lower()).strip("_")
        is_free = bool(re.fullmatch("[a-z][a-z0-9_]*", slug)) and slug not in keys.values() and label.isascii()
        keys[label] = slug if is_free else "all" if len(labels) == 1 else f"group_{number}"
    return keys


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _quote_all(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quote, texts))}]"
