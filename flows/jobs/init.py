"""新建: a root for a source that has no profile yet, from some of its files."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from flows.domain.comparing import comparable, comparable_header
from flows.domain.profile import Profile, load_profile
from flows.domain.profile_form import EVENT_COLUMNS
from flows.domain.text import BadInput, WrongUsage
from flows.root.files import make_folder, write_files
from flows.root.project import Project
from flows.root.settings import Settings
from flows.sources.preview import Preview, preview

_FULL = 0.98  # of the rows: a column without a gap, but for a torn row
_ENOUGH = 0.9  # of the values that are there
_MOST_VALUES = 200  # of a column of types or departments
_MOST_SHARE = 0.5  # of the rows: more values than this are texts, not types
_EXAMPLES = 3
_EARLIEST, _LATEST = 1950, 2100
_DAY = (
    r"(?P<y>[0-9]{4})[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})日?",
    r"(?P<first>[0-9]{1,2})[-/.](?P<second>[0-9]{1,2})[-/.](?P<y>[0-9]{4}|[0-9]{2})",
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
    r"(?P<d>[0-9]{1,2})[- ](?P<name>[A-Za-z]{3,9})[-, ]+(?P<y>[0-9]{4}|[0-9]{2})",
    r"(?P<name>[A-Za-z]{3,9}) (?P<d>[0-9]{1,2}),? (?P<y>[0-9]{4})",
)
_CLOCK = (
    r"(?:[T ,]*[0-9]{1,2}[:时][0-9]{1,2}(?:[:分][0-9]{1,2}(?:[.,][0-9]+)?秒?)?(?: ?[AaPp]\.?[Mm]\.?)?"
    r"(?: ?(?:Z|UTC|[+-][0-9]{2}:?(?:[0-9]{2})?))?)?"
)
_TIMES = tuple(re.compile(f"{day}{_CLOCK}") for day in _DAY)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Words of a header that tell what it is where no whole name does; the content has to fit as well.
_WORDS = {
    "case_no": "number no num id key reference ref 编号 文号 单号 流水号 受理号",
    "accepted_at": "opened open created submitted received filed requested reported started start application 受理 登记 留言 来信 诉求 立案",
    "completed_at": "closed close completed resolved issued issue finaled final ended end decision disposed 办结 答复 回复 完成 决定 结案",
    "item_type": "type category kind 类型 类别",
    "department": "department agency office division bureau 部门 单位 机关 机构",
    "activity": "activity event concept task step 环节 活动 节点 步骤",
}
# What each answer is called on the command line → the column of the profile.
ASKED = {
    "number": "case_no",
    "opened": "accepted_at",
    "closed": "completed_at",
    "type": "item_type",
    "department": "department",
}
# The comment of each line that is written.
_COMMENTS = {
    "case_no": "one number per case, the same in every export",
    "accepted_at": "受理: the case counts as accepted at this time",
    "completed_at": "办结: the case counts as completed at this time",
    "event_at": "a row is an event of a case: when it happened",
    "activity": "and what happened",
    "item_type": "what [[types]] sort into groups",
    "department": "实施主体",
    "status": "[void] and [not_admitted] may name states that do not count",
    "version_at": "when the row was last changed",
}


@dataclass(frozen=True)
class Column:
    """One column of a table that was looked at: its values by row, '' where there is none; 1/2/2022 is read as the table has it."""

    header: str
    values: tuple[str, ...]
    is_day_first: bool = False

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(value for value in self.values if value)

    @property
    def filled(self) -> float:
        return self.counts.total() / len(self.values) if self.values else 0.0

    @property
    def is_key(self) -> bool:
        """Full and unique."""
        return self.filled >= _FULL and len(self.counts) == self.counts.total() > 0

    @cached_property
    def times(self) -> tuple[datetime | None, ...]:
        """Its values as far as they are times."""
        return tuple(_read_time(value, is_day_first=self.is_day_first) for value in self.values)

    @property
    def is_time(self) -> bool:
        read = sum(1 for time in self.times if time)
        return read > 0 and read >= _ENOUGH * self.counts.total()

    @property
    def is_kind(self) -> bool:
        """Few values, each of many rows: such as types, departments, states."""
        distinct = len(self.counts)
        few = max(12, _MOST_SHARE * self.counts.total())
        return self.filled >= _MOST_SHARE and not self.is_time and 0 < distinct <= min(_MOST_VALUES, few)

    def list_examples(self, *, is_masked: bool) -> list[str]:
        """Its commonest values; what is no time may be of persons, and is masked."""
        shown = [value for value, _ in self.counts.most_common(_EXAMPLES)]
        return list(dict.fromkeys(map(mask, shown))) if is_masked and not self.is_time else shown


@dataclass(frozen=True)
class Found:
    """A table of a file with its columns, and which of them is proposed for what: canonical name → header."""

    table: Preview
    columns: tuple[Column, ...]
    proposed: Mapping[str, str]

    def column(self, header: str) -> Column:
        return next(column for column in self.columns if column.header == header)


def mask(text: str) -> str:
    """The shape of a text: digits as 9, Latin letters as x, other ones as 某."""
    return "".join(
        "9"
        if letter.isdigit()
        else "x"
        if letter.isascii() and letter.isalpha()
        else "某"
        if letter.isalpha()
        else letter
        for letter in text[:40]
    )


def look(paths: Sequence[Path]) -> list[Found]:
    """The largest table of each file, and what its columns seem to be by name and content.

    Raises:
        BadInput: a file cannot be read, or holds no table with a header.
    """
    known = load_profile("generic")
    return [_look_at(preview(path)[0], known) for path in paths]


def _look_at(table: Preview, known: Profile) -> Found:
    is_day_first = read_order(cell for row in table.rows for cell in row) == "day"
    columns = tuple(
        Column(header, tuple(row[i] for row in table.rows), is_day_first)
        for i, header in enumerate(table.header)
        if header
    )
    proposed: dict[str, str] = {}

    def propose(name: str, fitting: Sequence[Column], *, is_sure: bool = False) -> None:
        """Of the fitting columns the first by whole name, in the order of `generic`; else by a word of it; else the only one."""
        free = [column for column in fitting if column.header not in proposed.values()]
        named = sorted(
            (column for column in free if known.canonical(column.header) == name),
            key=lambda column: known.rank(column.header, name),
        )
        worded = [c for c in free if known.canonical(c.header) is None and _has_word(c.header, _WORDS.get(name, ""))]
        if chosen := named or worded or (free if is_sure and len(free) == 1 else []):
            proposed[name] = chosen[0].header

    times = [column for column in columns if column.is_time]
    propose("case_no", [column for column in columns if column.is_key and not column.is_time])
    full = [column for column in times if column.filled >= _ENOUGH]
    propose("accepted_at", full, is_sure=len(times) == 1)
    if "accepted_at" not in proposed and (applied := [c for c in full if known.canonical(c.header) == "applied_at"]):
        proposed["accepted_at"] = applied[0].header
    if opened := next((column for column in times if column.header == proposed.get("accepted_at")), None):
        propose("completed_at", [column for column in times if _is_later(column, opened)])
    for name in ("item_type", "department", "status"):
        propose(name, [column for column in columns if column.is_kind and not column.is_key])
    propose("version_at", [column for column in times if column.filled >= _ENOUGH])
    return Found(table, columns, proposed if "case_no" in proposed else {**proposed, **_propose_events(columns, known)})


def _propose_events(columns: Sequence[Column], known: Profile) -> dict[str, str]:
    """The columns of an event log: a full number that comes again and again, an activity, a time; nothing if one is missing."""
    numbers = [c for c in columns if known.canonical(c.header) == "case_no" and c.filled >= _FULL and not c.is_time]
    activities = [c for c in columns if c.is_kind and _has_word(c.header, _WORDS["activity"])]
    times = [c for c in columns if c.is_time and c.filled >= _FULL]
    if not (numbers and activities and times):
        return {}
    of_cases = dict.fromkeys(("accepted_at", "completed_at", "status", "version_at"), "")
    chosen = {"case_no": numbers[0].header, "activity": activities[0].header, "event_at": times[-1].header}
    return {**of_cases, **chosen}


def _has_word(header: str, words: str) -> bool:
    """Whether one of the words is one of the header: a Latin one between its marks and capitals, a Chinese one anywhere."""
    own = re.findall("[a-z]+", re.sub("([a-z])([A-Z])", r"\1 \2", header).lower())
    return any(word in own if word.isascii() else word in header for word in words.split())


def _is_later(column: Column, opened: Column) -> bool:
    """Whether its times lie behind those of acceptance, but for a few; days are compared, since one may have no time of day."""
    pairs = [(one, other) for one, other in zip(column.times, opened.times, strict=True) if one and other]
    return bool(pairs) and sum(one.date() >= other.date() for one, other in pairs) >= _ENOUGH * len(pairs)


def _read_time(text: str, *, is_day_first: bool) -> datetime | None:
    """A day as exports write it, to the day."""
    for pattern in _TIMES:
        if not (found := pattern.fullmatch(text.strip())):
            continue
        parts = {"m": None, "d": None, "first": None, "second": None, "name": None, **found.groupdict()}
        year = int(parts["y"] or 0) + (2000 if len(parts["y"] or "") == 2 else 0)
        if parts["name"]:
            month = parts["name"][:3].lower()
            month_no, day = (_MONTHS.index(month) + 1 if month in _MONTHS else 0), int(parts["d"] or 0)
        elif parts["first"]:
            one, other = int(parts["first"]), int(parts["second"] or 0)
            month_no, day = (other, one) if is_day_first else (one, other)
        else:
            month_no, day = int(parts["m"] or 0), int(parts["d"] or 0)
        if _EARLIEST <= year < _LATEST and 1 <= month_no <= 12 and 1 <= day <= 31:
            return datetime(year, month_no, min(day, 28))
    return None


def read_order(texts: Iterable[str]) -> str:
    """How days written as 1/2/2022 are meant: `day` or `month` first, '' where none is written so.

    Those that can be meant in one way only tell it. Where all can be either, month is first, as where most such exports come
    from; the profile says so in a line of its own.
    """
    found = [match for text in texts if (match := _TIMES[1].fullmatch(text.strip()))]
    is_day = any(int(m["first"]) > 12 for m in found) and not any(int(m["second"]) > 12 for m in found)
    return "day" if is_day else "month" if found else ""


@dataclass(frozen=True)
class Draft:
    """What a profile is written from: canonical name → headers; group → the values of the type column that belong to it."""

    name: str
    columns: Mapping[str, Sequence[str]]
    groups: Mapping[str, Sequence[str]]
    order: str
    source: str


def draft(found: Sequence[Found], name: str, given: Mapping[str, str], groups: Mapping[str, Sequence[str]]) -> Draft:
    """What was proposed, replaced by what was given: canonical name → header, '' for none.

    Raises:
        WrongUsage: a given header is in no file, or the number or the opening time is neither given nor found.
    """
    columns: dict[str, list[str]] = {}
    for each in found:
        for column, header in {**each.proposed, **_match(each, given)}.items():
            known = columns.setdefault(column, [])
            if header and comparable_header(header) not in map(comparable_header, known):
                known.append(header)
    for column, header in given.items():
        if header and not columns.get(column):
            raise WrongUsage(
                "no column is called “{header}”. The columns are: {headers}.",
                header=header,
                headers=[c.header for c in found[0].columns],
            )
    if given.get("accepted_at"):  # so it is no event log
        columns = {column: headers for column, headers in columns.items() if column not in EVENT_COLUMNS}
    for asked in ("number", "opened"):
        if not columns.get(ASKED[asked]) and not (asked == "opened" and columns.get("event_at")):
            raise WrongUsage(
                "no column could be told to be the one of --{asked}: none has both the name and the content. Name it: --{asked} COLUMN. "
                "By content there could be: {headers}.",
                asked=asked,
                headers=[
                    c.header for c in found[0].columns if c.is_time is (asked == "opened") and (c.is_time or c.is_key)
                ]
                or "–",
            )
    if groups and not columns.get("item_type"):
        raise WrongUsage("--group sorts the values of the type column, and there is none. Name it: --type COLUMN.")
    times = [header for column in columns if column.endswith("_at") for header in columns[column]]
    order = read_order(value for each in found for c in each.columns if c.header in times for value in c.values)
    return Draft(name, {c: h for c, h in columns.items() if h}, groups, order, found[0].table.path.stem)


def _match(found: Found, given: Mapping[str, str]) -> dict[str, str]:
    """The headers of one file that were given; another file may have them otherwise."""
    headers = {comparable_header(column.header): column.header for column in found.columns}
    chosen = {column: headers.get(comparable_header(header), "") for column, header in given.items()}
    taken = {header for header in chosen.values() if header}
    freed = {column: "" for column, header in found.proposed.items() if header in taken and column not in given}
    return {**freed, **{c: h for c, h in chosen.items() if h or not given[c]}}


def write_profile(drafted: Draft) -> str:
    """The text of a profile: under twenty lines where the groups are few, each with a comment."""
    lines = [
        (f"name = {_quote(drafted.name)}", "as this file is called"),
        (f"source = {_quote(drafted.source)}", "opens the paragraph: 据……数据统计"),
        ("", ""),
        ("[columns]", "canonical name = headers that mean it; all other columns are dropped unread"),
    ]
    for column in (*_COMMENTS, *(c for c in drafted.columns if c not in _COMMENTS)):
        if column in drafted.columns:
            lines.append((f"{column} = {_quote_all(drafted.columns[column])}", _COMMENTS.get(column, "")))
    if drafted.order:
        key = "is_month_first" if drafted.order == "month" else "is_day_first"
        lines += [
            ("", ""),
            ("[times]", ""),
            (f"{key} = true", "1/2/2022 is 2 January" if drafted.order == "month" else "1/2/2022 is 1 February"),
        ]
    if "event_at" in drafted.columns:
        lines += [("", ""), ("[events]", "the first one accepts a case")]
        lines += [('completed = "last"', 'or the activities that complete it, such as ["Close*"]')]
    lines += [("", ""), ("[groups]", "of the paragraph, in its order; more of them: docs/profiles.md")]
    keys = _name_keys(drafted.groups or {"事项": ()})
    lines += [
        (f"{key} = {_quote(label)}", "" if drafted.groups else "everything is in this one")
        for label, key in keys.items()
    ]
    for label, values in drafted.groups.items():
        lines += [
            ("[[types]]", ""),
            (f"label = {_quote(label)}", ""),
            *([(f"group = {_quote(keys[label])}", "")] if len(keys) > 1 else []),
            (f"values = {_quote_all(values)}", "of the type column; * and ? stand for any letters"),
        ]
    width = max(len(line) for line, comment in lines if comment and len(line) < 60)
    return "".join(f"{line:<{width}}  # {comment}\n" if comment else f"{line}\n" for line, comment in lines)


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


def refuse_taken(project: Project, name: str) -> None:
    """Raise if the root has a profile of that name, or holds deliveries that another profile reads."""
    path = project.profiles / f"{name}.toml"
    if path.exists():
        raise BadInput("{path} exists already; nothing was changed. Change it, or give another --name.", path=path)
    if project.warehouse.exists():
        raise BadInput(
            "{root} holds deliveries that the profile {profile} reads. Make a root of its own for each source: bulletin init --root DIR",
            root=project.root,
            profile=project.settings.profile,
        )


def put_profile(project: Project, name: str, text: str) -> Project:
    """Write the profile and choose it in bulletin.toml; returns the root as it is then.

    Raises:
        BadInput: what was written is no profile; it then lies there to be corrected.
    """
    make_folder(project.profiles)
    write_files(project.profiles, {f"{name}.toml": text.encode()})
    path = project.root / "bulletin.toml"
    settings = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    line = f'profile = "{name}"'
    changed, found = re.subn(r"^(# )?profile *= *\"[^\"]*\"", line, settings, count=1, flags=re.M)
    write_files(project.root, {"bulletin.toml": (changed if found else f"{line}\n{settings}").encode()})
    chosen = Project(project.root, Settings(**{**vars(project.settings), "profile": name}))
    load_profile(name, project.root)
    return chosen


def suggest_name(path: Path) -> str:
    """A name for a profile, after the file: small Latin letters, digits and _."""
    return re.sub(r"[^a-z0-9]+", "_", comparable(path.stem).replace("-", "_")).strip("_") or "own"
