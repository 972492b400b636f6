"""新建: a root for a source that has no profile yet, from some of its files."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path

from flows.domain.comparing import comparable, comparable_header
from flows.domain.profile import Profile, load_profile
from flows.domain.profile_form import EVENT_COLUMNS
from flows.domain.text import BadInput, CommandLine, Text, WrongUsage
from flows.report.revision_policy import POLICY, write_policy
from flows.root.files import make_folder, write_files
from flows.root.project import Project, create_project
from flows.root.settings import Settings
from flows.sources.columns import Column, clean, find_zone, read_order
from flows.sources.preview import Preview, preview

_MOSTLY = 0.5  # of the rows; of the cases of a log: so many have several activities, and several times
_APART = 0.98  # of the rows: so many differ in the number and what stands beside it
_MOST_LINES = 19  # of a profile with a blank line between its sections
_EMPTIER = 0.02  # of the rows: so many more are open than have no time of opening
# Words of a header that tell what it is where no whole name does, the surer ones first; the content has to fit as well.
_WORDS = {
    "case_no": (
        "case number no num nr key reference ref request permit incident id expediente registro protocolo dossier aktenzeichen "
        "编号 文号 单号 流水号 受理号 案号 件号 編號 案號 號"
    ),
    "accepted_at": (
        "received opened open created submitted filed requested reported intake received application applied notice alarm call "
        "start started begin in solicitud entrada alta apertura abertura depot ouverture reception eingang antrag "
        "受理 登记 留言 来信 诉求 立案 申请 提交 反映 登記 申請"
    ),
    "completed_at": (
        "closed close completed resolved finaled final decision disposed issued issue ended end resolucion cierre conclusao "
        "fechamento cloture erledigt abschluss 办结 答复 回复 完成 决定 结案 核准 結案 回覆"
    ),
    "item_type": (
        "type category kind classification class product subject tipo categoria categorie art nature 类型 类别 分类 种类 事项 類型 類別"
    ),
    "department": (
        "department agency office division bureau unidad organo orgao departamento direction amt behorde "
        "部门 单位 机关 机构 單位 機關"
    ),
    "status": "status estado statut etat stand 状态 狀態",
    "activity": "activity event concept task step action status stage 环节 活动 节点 步骤 狀態 状态",
    "event_at": "timestamp complete completed end time date 时间 時間 日期",
}  # fmt: skip
_NO_OPENING = (
    "due expiration expire expiry expected target planned deadline updated update modified birth effective last next "
    "承诺 限 更新 有效 到期 截止"
)
_BARE = ("date", "datetime", "timestamp", "time", "日期", "时间", "時間", "fecha", "datum")
# What stands beside a number that is unique only within it.
_WITHIN = "department agency district area region office branch county city year series 区 县 年度 年份 單位 单位 部门"
_PARTS_OF_DAYS = ("year", "month", "day", "年", "月", "日", "anio", "mes", "dia")
_COUNTERS = ("objectid", "fid", "oid", "index", "rowno", "row", "序号", "序號")
# What each answer is called on the command line → the column of the profile.
ASKED = {
    "number": "case_no",
    "opened": "accepted_at",
    "closed": "completed_at",
    "type": "item_type",
    "department": "department",
    "activity": "activity",
}
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
_OF_CASES = ("accepted_at", "completed_at", "status", "version_at")  # what a log of events does not tell


@dataclass(frozen=True)
class Found:
    """A table of a file with its columns, and which of them is proposed for what: canonical name → header.

    `key_parts` are what makes a case known where its number alone does not; `notes` what a person should know of the proposal.
    """

    table: Preview
    columns: tuple[Column, ...]
    proposed: Mapping[str, str]
    key_parts: tuple[str, ...] = ()
    notes: tuple[Text, ...] = field(default=(), compare=False)

    def column(self, header: str) -> Column:
        return next(column for column in self.columns if column.header == header)

    def clock_of(self, header: str) -> str:
        """The column that tells the time of day of one that tells only the day; '' where there is none."""
        day = self.column(header)
        if not day.is_time or day.has_clock:
            return ""
        clocks = [column for column in self.columns if column.is_clock]
        alike = [column for column in clocks if _name_moment(column.header) == _name_moment(header)]
        days = [column for column in self.columns if column.is_time]
        chosen = alike or (clocks if len(clocks) == len(days) == 1 else [])
        return chosen[0].header if len(chosen) == 1 else ""


def _name_moment(header: str) -> str:
    """A header without the words for days and times of day: what it is the time of."""
    return re.sub("date|time|day|日期|时间|時間|时刻|[^a-z\u4e00-\u9fff]", "", header.lower())


def look(paths: Sequence[Path]) -> list[Found]:
    """The largest table of each file, and what its columns seem to be by name and content.

    Raises:
        BadInput: a file cannot be read, or holds no table with a header.
    """
    known = load_profile("generic")
    return [_look_at(preview(path)[0], known) for path in paths]


def _look_at(table: Preview, known: Profile) -> Found:
    rows = list(
        dict.fromkeys(tuple(map(clean, row)) for row in table.rows)
    )  # a row that is sent twice says nothing new
    is_day_first = read_order(cell for row in rows for cell in row) == "day"
    columns = tuple(
        Column(header, tuple(row[i] for row in rows), is_day_first) for i, header in enumerate(table.header) if header
    )
    chooser = _Chooser(columns, known)
    if not chooser.propose_events():
        chooser.propose_cases()
    for name in ("item_type", "department", "status"):
        if name not in chooser.proposed and not (name == "status" and "activity" in chooser.proposed):
            chooser.propose(name, [c for c in chooser.free() if c.is_kind and (c.is_named or name != "department")])
    if "item_type" not in chooser.proposed and (items := [c for c in chooser.free() if c.is_kind]):
        chooser.propose("item_type", [c for c in items if known.canonical(c.header) == "item_name"], of="item_name")
    return Found(
        table, columns, {n: c.header for n, c in chooser.proposed.items()}, chooser.key_parts, tuple(chooser.notes)
    )


class _Chooser:
    """Chooses columns by name and content, one for each meaning."""

    def __init__(self, columns: Sequence[Column], known: Profile) -> None:
        self.columns, self.known = columns, known
        self.proposed: dict[str, Column] = {}
        self.key_parts: tuple[str, ...] = ()
        self.notes: list[Text] = []

    def free(self) -> list[Column]:
        return [column for column in self.columns if column not in self.proposed.values()]

    @cached_property
    def times(self) -> list[Column]:
        return [column for column in self.columns if column.is_time]

    def find(self, name: str, fitting: Iterable[Column]) -> Column | None:
        """Of the fitting columns the first by whole name, in the order of `generic`; else by a word of it, the surer words first."""
        columns = list(fitting)
        named = [column for column in columns if self.known.canonical(column.header) == name]
        if named:
            return min(named, key=lambda column: self.known.rank(column.header, name))
        worded = [c for c in columns if self.known.canonical(c.header) is None and has_word(c, _WORDS.get(name, ""))]
        of_cases = self.proposed["case_no"].words if "case_no" in self.proposed else ()

        def judge(column: Column) -> tuple[bool, bool, int]:
            is_of_cases = any(word in of_cases for word in column.words)  # Inspection Type beside Inspection ID
            return len(column.counts) == 1, not is_of_cases, place_of_word(column, _WORDS[name])

        return min(worded, key=judge, default=None)

    def propose(self, name: str, fitting: Iterable[Column], *, of: str = "") -> Column | None:
        """What `find` finds, of another meaning where that may stand for this one."""
        if found := self.find(of or name, fitting):
            self.proposed[name] = found
        return found

    # ---------------------------------------------------------------- a row is a case

    def propose_cases(self) -> None:
        opened = self._find_opened()
        if opened:
            self.proposed["accepted_at"] = opened
            if closed := self._find_closed(opened):
                self.proposed["completed_at"] = closed
            else:
                self.notes.append(Text("no time of completion was found: cases count as accepted, never as completed"))
            self.propose("version_at", [c for c in self.free() if c.is_time and c.is_full])
        self._propose_number(opened)

    def _find_opened(self) -> Column | None:
        full = [column for column in self.times if column.filled >= 1 - 5 * _EMPTIER]
        if found := self.find("accepted_at", full):
            return found
        applied = [column for column in full if self.known.canonical(column.header) == "applied_at"]
        unknown = [c for c in full if self.known.canonical(c.header) is None and not has_word(c, _NO_OPENING)]
        begun = [column for column in unknown if not has_word(column, _WORDS["completed_at"])] or unknown
        bare = [column for column in begun if column.header.lower() in _BARE]
        earliest = [c for c in begun if all(c.precedes(other) for other in begun)]
        whole = self.times if len(self.times) == 1 and full else []
        return next(iter(applied or bare or earliest or whole), None)

    def _find_closed(self, opened: Column) -> Column | None:
        """By name; else the only other time behind the opening that some cases lack, since they are still open."""
        later = [column for column in self.free() if column.is_time and opened.precedes(column)]
        unknown = [c for c in later if self.known.canonical(c.header) is None and not has_word(c, _NO_OPENING)]
        emptier = [column for column in unknown if _MOSTLY <= column.filled <= opened.filled - _EMPTIER]
        return self.find("completed_at", later) or (emptier[0] if len(emptier) == 1 else None)

    def _propose_number(self, opened: Column | None) -> None:
        """A key; else a number that nearly is one; else one that is with something beside it."""
        numbers = [column for column in self.free() if not column.is_time and column.is_full]
        keys = [column for column in numbers if column.is_key]
        own = [column for column in keys if not _is_counter(column)]
        if self.propose("case_no", own):
            return
        named = [c for c in numbers if not c.is_key and c.is_number and self._is_named_number(c)]
        number = self.find("case_no", named)
        if number and self._tell_apart(number, opened, least=1 if keys else _APART):
            return
        if number and (number.is_nearly_key or (opened and _agree(number, opened))):
            self.proposed["case_no"] = number
            self.notes.append(
                Text(
                    "{header}: {share} of the rows repeat the number of another row; rows of one number count as one case",
                    header=number.header,
                    share=f"{1 - number.distinct:.1%}",
                )
            )
            return
        only = [
            c
            for c in own
            if c.is_number and self.known.canonical(c.header) is None and not self.known.is_personal(c.header)
        ]
        if len(only) == 1:
            self.proposed["case_no"] = only[0]
        elif len(keys) == 1 and _is_counter(keys[0]):
            self.proposed["case_no"] = keys[0]
            self.notes.append(
                Text(
                    "{header} may count rows: use it only if a case keeps its number from export to export",
                    header=keys[0].header,
                )
            )

    def _is_named_number(self, column: Column) -> bool:
        return self.known.canonical(column.header) == "case_no" or has_word(column, _WORDS["case_no"])

    def _tell_apart(self, number: Column, opened: Column | None, *, least: float) -> bool:
        # a number of cases that comes again on another day may be a case told anew; one of a licensee is not
        is_of_cases = self.known.canonical(number.header) == "case_no"
        parts, other = tell_apart(number, None if is_of_cases else opened, self.free(), least=least)
        if not other:
            return False
        self.key_parts = parts
        self.proposed |= {"case_no": number} | ({"key_part": other} if "key_part" in parts else {})
        self.notes.append(
            Text(
                "{header} comes again: only together with {other} it tells a case",
                header=number.header,
                other=other.header,
            )
        )
        return True

    # ---------------------------------------------------------------- a row is an event of a case

    def propose_events(self) -> bool:
        """Whether it is a log of events: a full number that comes again and again, within which activity and time change."""
        repeated = [
            c for c in self.columns if not c.is_time and c.is_full and 0 < c.distinct < 1 and not _is_counter(c)
        ]
        numbers = [column for column in repeated if self._is_named_number(column) or has_word(column, "case")]
        times = [column for column in self.times if column.is_full]
        kinds = [column for column in self.columns if column.is_kind and has_word(column, _WORDS["activity"])]
        key = self.find("case_no", [c for c in self.columns if c.is_key and not c.is_time and not _is_counter(c)])
        for number in sorted(numbers, key=lambda c: (not has_word(c, "case"), self._rank_number(c), -c.distinct)):
            groups = _group(number)
            changing = [c for c in kinds if c is not number and _changes(c, groups)]
            moving = [column for column in times if _changes(column, groups)]
            activity = min(changing, key=lambda c: place_of_word(c, _WORDS["activity"]), default=None)
            if not activity or not moving or (key and not has_word(activity, "activity event concept 环节 活动 步骤")):
                continue
            latest = [column for column in moving if all(other.precedes(column) for other in moving)] or moving
            moment = min(latest, key=lambda column: place_of_word(column, _WORDS["event_at"]))
            self.proposed |= {"case_no": number, "event_at": moment, "activity": activity}
            return True
        return False

    def _rank_number(self, column: Column) -> int:
        is_known = self.known.canonical(column.header) == "case_no"
        return (
            self.known.rank(column.header, "case_no") if is_known else 1000 + place_of_word(column, _WORDS["case_no"])
        )


def _is_counter(column: Column) -> bool:
    return column.header.lower().replace("_", "") in _COUNTERS or (column.is_counter and not column.words)


def tell_apart(
    number: Column, opened: Column | None, others: Iterable[Column], *, least: float = _APART
) -> tuple[tuple[str, ...], Column | None]:
    """What a case is known by where its number comes again: with a department, an area, a year, or with the day of opening.

    `least` is the share of the rows that have to differ then; of a number that nearly does by itself, all.
    """

    def are_different(others: Sequence[object]) -> bool:
        share = 1 if number.is_nearly_key else least
        return number.is_full and _count_pairs(number.values, others) >= share * len(number.values)

    for other in others:
        if other.is_kind and other.is_full and has_word(other, _WITHIN) and are_different(other.values):
            return ("case_no", "key_part"), other
    if opened and not number.is_nearly_key and are_different(opened.times):
        return ("case_no", "day"), opened
    return (), None


def _count_pairs(numbers: Sequence[str], others: Sequence[object]) -> int:
    return len(set(zip(numbers, others, strict=True)))


def _agree(number: Column, opened: Column) -> bool:
    """Whether the rows of one number tell one time, as the units sent to a call do."""
    pairs = _count_pairs(number.values, opened.values)
    return len(opened.counts) > 1 and pairs - len(number.counts) <= (1 - _APART) * len(number.values)


def _group(number: Column) -> list[list[int]]:
    """The rows of each number that comes again."""
    order = sorted(range(len(number.values)), key=number.values.__getitem__)
    rows = [list(found) for _, found in groupby(order, key=number.values.__getitem__)]
    return [found for found in rows if len(found) > 1]


def _changes(column: Column, groups: Sequence[Sequence[int]]) -> bool:
    changing = sum(len({column.values[row] for row in rows}) > 1 for rows in groups)
    return changing > 0 and changing >= _MOSTLY * len(groups)


def has_word(column: Column, words: str) -> bool:
    return place_of_word(column, words) < len(words.split())


def place_of_word(column: Column, words: str) -> int:
    """Which of the words is the first that the header has; their number if none.

    A Latin one stands between its marks and capitals, or ends or begins what is written together as FILENO and ISSUEDATE are; a
    Chinese one stands anywhere.
    """
    own, listed = column.words, words.split()

    def has(word: str) -> bool:
        if not word.isascii():
            return word in column.header
        return word in own or any(
            (len(word) > 3 and each.startswith(word)) or (len(each) > 4 and each.endswith(word)) for each in own
        )

    return next((place for place, word in enumerate(listed) if has(word)), len(listed))


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
    columns: dict[str, list[str]] = {}
    for each in found:
        for column, header in _settle(each.proposed, _match(each, given)).items():
            known = columns.setdefault(column, [])
            for alias in [header, each.clock_of(header)] if header and column.endswith("_at") else [header]:
                if alias and comparable_header(alias) not in map(comparable_header, known):
                    known.append(alias)
    for column, header in given.items():
        if header and not columns.get(column) and not (column == "accepted_at" and columns.get("event_at")):
            raise WrongUsage(
                "no column is called “{header}”. The columns are: {headers}.",
                header=header,
                headers=[c.header for c in found[0].columns],
            )
    for asked in ("number", "opened"):
        if not columns.get(ASKED[asked]) and not (asked == "opened" and columns.get("event_at")):
            raise WrongUsage(
                "no column could be told to be the one of --{asked}: none has both the name and the content. Name it: --{asked} COLUMN. "
                "By content there could be: {headers}. {hint}",
                asked=asked,
                headers=_list_possible(found[0], asked) or "–",
                hint=_say_missing(found[0], asked),
            )
    if groups and not columns.get("item_type"):
        raise WrongUsage("--group sorts the values of the type column, and there is none. Name it: --type COLUMN.")
    times = [
        c for each in found for c in each.columns if any(c.header in h for n, h in columns.items() if n.endswith("_at"))
    ]
    is_counted = any(column.is_counted for column in times)
    return Draft(
        name,
        {c: h for c, h in columns.items() if h},
        groups,
        read_order(value for column in times for value in column.values),
        found[0].table.path.stem,
        _find_key_parts(found[0], columns, given),
        find_zone(times) or ("Asia/Shanghai" if is_counted else ""),
        is_counted,
    )


def _find_key_parts(found: Found, columns: dict[str, list[str]], given: Mapping[str, str]) -> tuple[str, ...]:
    """Those proposed; of a number that was given those that it needs, and their column with the others."""
    if not given.get("case_no"):
        return found.key_parts if "accepted_at" in columns else ()
    headers = {
        name: known[0] for name, known in columns.items() if known and known[0] in [c.header for c in found.columns]
    }
    if not headers.get("case_no") or not headers.get("accepted_at") or found.column(headers["case_no"]).is_nearly_key:
        return ()
    free = [column for column in found.columns if column.header not in headers.values()]
    parts, other = tell_apart(found.column(headers["case_no"]), found.column(headers["accepted_at"]), free)
    if other and "key_part" in parts:
        columns["key_part"] = [other.header]
    return parts


def _list_possible(found: Found, asked: str) -> list[str]:
    """What a column could be by content: of a number the most different ones, with how much of them differs."""
    if asked == "opened":
        return [column.header for column in found.columns if column.is_time]
    numbers = [
        column
        for column in found.columns
        if (column.is_number or column.is_nearly_key) and not column.is_time and column.filled >= _MOSTLY
    ]
    opened = found.column(found.proposed["accepted_at"]) if "accepted_at" in found.proposed else None
    several = sorted((c for c in numbers if c.distinct >= _MOSTLY), key=lambda c: -c.distinct * c.filled)
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
    parts = [c.header for c in found.columns if " ".join(c.words) in _PARTS_OF_DAYS or c.header in _PARTS_OF_DAYS]
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
        chosen = {column: header for column, header in chosen.items() if column not in _OF_CASES}
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


def write_profile(drafted: Draft) -> str:
    """The text of a profile: under twenty lines where the groups are few, each with a comment."""
    sections = [[(f"name = {_quote(drafted.name)}", "as this file is called")]]
    sections[0].append((f"source = {_quote(drafted.source)}", "opens the paragraph: 据……数据统计"))
    if drafted.zone:
        why = (
            "counts of seconds are read in this zone: put yours"
            if drafted.is_zone_assumed
            else "in which times with an offset are counted"
        )
        sections[0].append((f"time_zone = {_quote(drafted.zone)}", why))
    columns = [("[columns]", "canonical name = headers that mean it; all other columns are dropped unread")]
    for column in (*_COMMENTS, *(c for c in drafted.columns if c not in _COMMENTS)):
        if column in drafted.columns:
            columns.append((f"{column} = {_quote_all(drafted.columns[column])}", _COMMENTS.get(column, "")))
    sections.append(columns)
    if drafted.key_parts:
        sections.append(
            [
                ("[key]", "what tells a case from another one"),
                (f"parts = {_quote_all(drafted.key_parts)}", "put together"),
            ]
        )
    if drafted.order:
        key = "is_month_first" if drafted.order == "month" else "is_day_first"
        meaning = "1/2/2022 is 2 January" if drafted.order == "month" else "1/2/2022 is 1 February"
        sections.append([("[times]", "how days are written"), (f"{key} = true", meaning)])
    if "status" in drafted.columns and "completed_at" not in drafted.columns:
        sections.append(
            [("[completed]", "no time of completion was found"), ("status = []", "so no status means completed")]
        )
    if "event_at" in drafted.columns:
        completed = 'or the activities that complete it, such as ["Close*"]'
        sections.append([("[events]", "the first one accepts a case"), ('completed = "last"', completed)])
    keys = _name_keys(drafted.groups or {"事项": ()})
    groups = [("[groups]", "of the paragraph, in its order; more of them: docs/profiles.md")]
    groups += [
        (f"{key} = {_quote(label)}", "" if drafted.groups else "everything is in this one")
        for label, key in keys.items()
    ]
    for label, values in drafted.groups.items():
        groups += [
            ("[[types]]", ""),
            (f"label = {_quote(label)}", ""),
            *([(f"group = {_quote(keys[label])}", "")] if len(keys) > 1 else []),
            (f"values = {_quote_all(values)}", "of the type column; * and ? stand for any letters"),
        ]
    sections.append(groups)
    gap = [("", "")] if sum(map(len, sections)) + len(sections) <= _MOST_LINES else []
    lines = [line for section in sections for line in [*gap, *section]][len(gap) :]
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


def create(folder: Path) -> Project:
    """An empty root, with a revision policy for the office to change (revisions.md).

    Raises: as `create_project`.
    """
    project = create_project(folder)
    write_files(project.root, {POLICY: write_policy(project.profile).encode()})
    return project


def refuse_taken(project: Project, name: str) -> None:
    """Raise if the root has a profile of that name, or holds deliveries that another profile reads."""
    path = project.profiles / f"{name}.toml"
    if path.exists():
        raise BadInput("{path} exists already; nothing was changed. Change it, or give another --name.", path=path)
    if project.warehouse.exists():
        raise BadInput(
            "{root} holds deliveries that the profile {profile} reads. Make a root of its own for each source: {command}",
            root=project.root,
            command=CommandLine("init --root {folder}", folder=project.neighbour),
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
