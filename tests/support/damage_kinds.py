"""The kinds of damage that deliveries come with, and what each leaves of the truth.

A kind changes a scene at a random place and says what it did, or gives None where the scene has no place for it.
`is_read` kinds are those that any user expects to be read: alone they must give the right figures. Of the others the program may
also refuse the delivery, or name the rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from random import Random

from damage_forms import (
    ERROR_CODES,
    MARKUP,
    WORKBOOKS,
    Form,
    Line,
    Sheet,
    encode,
    quote_cell,
    rar_of,
    write_lines,
)
from damage_scene import HEADERS, Fact, Scene
from packing import pack

ALL = ("text", *WORKBOOKS, *MARKUP, "parquet")
SHEETS = (*WORKBOOKS, *MARKUP)
TEXT = ("text",)
ROWS_ONLY = ("text", *WORKBOOKS, *MARKUP)  # forms in which a row may be anything


@dataclass(frozen=True)
class Kind:
    """`stage` orders the kinds of one example; of those of one `group` an example has one at most."""

    name: str
    stage: int
    families: tuple[str, ...]
    is_read: bool
    groups: frozenset[str]
    apply: Callable[[Scene, Random], str | None]


CELLS, COLUMNS, ROWS, SPLITS, MERGES, RECORDS, BYTES, FILES = range(8)
KINDS: dict[str, Kind] = {}
Change = Callable[[Scene, Random], str | None]


def kind(
    name: str, stage: int, families: tuple[str, ...] = ALL, *, read: bool = False, groups: str = ""
) -> Callable[[Change], Change]:
    def enter(change: Change) -> Change:
        assert name not in KINDS, name
        KINDS[name] = Kind(name, stage, families, read, frozenset([name, *groups.split()]), change)
        return change

    return enter


# ---------------------------------------------------------------- cells: identity


INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u202d\u202e\u2060\u2066\u2069\ufeff\u00ad"
IDENTIFYING = ("number", "department", "area", "type", "result", "accepted", "completed")


def _some(draw: Random, lines: Sequence[Line], most: int | None = None) -> list[Line]:
    return draw.sample(list(lines), draw.randint(1, min(len(lines), most or len(lines)))) if lines else []


def _filled(scene: Scene, column: str) -> list[Line]:
    at = scene.at(column)
    return [line for line in scene.case_lines if line.cells[at]]


def _write(line: Line, at: int, value: str, mark: str = "") -> None:
    line.cells[at] = value
    line.marks.pop(at, None)
    if mark:
        line.marks[at] = mark


def _name(lines: Sequence[Line]) -> str:
    return f"{len(lines)} rows ({', '.join(line.case[-6:] for line in lines[:4])}{' …' if len(lines) > 4 else ''})"


@kind("format characters in a column", CELLS, read=True)
def _invisible(scene: Scene, draw: Random) -> str | None:
    column = draw.choice([name for name in IDENTIFYING if scene.has(name) and _filled(scene, name)])
    at, mark = scene.at(column), draw.choice(INVISIBLE)
    chosen = _some(draw, _filled(scene, column))
    for line in chosen:
        value = line.cells[at]
        place = draw.choice([0, len(value), draw.randint(0, len(value))])
        _write(line, at, value[:place] + mark + value[place:])
    return f"U+{ord(mark):04X} in {column} of {_name(chosen)}"


@kind("blanks around", CELLS, read=True)
def _blanks(scene: Scene, draw: Random) -> str | None:
    column = draw.choice([name for name in IDENTIFYING if scene.has(name) and _filled(scene, name)])
    at, blank = scene.at(column), draw.choice(["\u00a0", "\u3000", " ", "  ", "\t", "\u202f"])
    if blank == "\t" and scene.form.delimiter == "\t":
        blank = "\u3000"
    chosen = _some(draw, _filled(scene, column))
    for line in chosen:
        _write(line, at, draw.choice([blank + line.cells[at], line.cells[at] + blank]))
    return f"{blank!r} beside {column} of {_name(chosen)}"


@kind("all numbers end in .0", CELLS, read=True, groups="numbers")
def _tails(scene: Scene, draw: Random) -> str | None:
    del draw
    if not scene.base.has_digits:
        return None
    for line in scene.case_lines:
        _write(line, scene.at("number"), line.cells[scene.at("number")] + ".0")
    return "number of all rows"


@kind("some numbers end in .0", CELLS, groups="numbers")
def _some_tails(scene: Scene, draw: Random) -> str | None:
    if not scene.base.has_digits or len(scene.case_lines) < 2:
        return None
    chosen = _some(draw, scene.case_lines, len(scene.case_lines) - 1)
    for line in chosen:
        _write(line, scene.at("number"), line.cells[scene.at("number")] + ".0")
    return f"number of {_name(chosen)}"


@kind("all areas end in .0", CELLS, read=True, groups="areas")
def _area_tails(scene: Scene, draw: Random) -> str | None:
    del draw
    for line in scene.case_lines:
        _write(line, scene.at("area"), line.cells[scene.at("area")] + ".0")
    return "area of all rows"


@kind("areas of twelve digits", CELLS, read=True, groups="areas")
def _long_areas(scene: Scene, draw: Random) -> str | None:
    for line in (chosen := _some(draw, scene.case_lines)):
        _write(line, scene.at("area"), line.cells[scene.at("area")] + "000000")
    return f"area of {_name(chosen)}"


CODES = {"行政许可": "1", "公共服务": "20", "行政确认": "7", "行政给付": "5"}


@kind("types as codes", CELLS, read=True, groups="types")
def _codes(scene: Scene, draw: Random) -> str | None:
    form = draw.choice(
        ["{code}", "{code:0>2}", "{code}.0", "{code:0>2}-{label}", "{label}({code})", " {label} ", "{label}事项"]
    )
    at = scene.at("type")
    for line in scene.case_lines:
        label = line.cells[at]
        if label in CODES and not (form.endswith("事项") and label not in ("行政许可", "公共服务")):
            _write(line, at, form.format(code=CODES[label], label=label))
    return f"types written as {form}"


@kind("numbers marked as text", CELLS, read=True, groups="numbers")
def _marked(scene: Scene, draw: Random) -> str | None:
    before, behind = draw.choice([("'", ""), ("\t", ""), ('="', '"'), ("　", " "), ("`", "")])
    if before == "\t" and scene.form.delimiter == "\t":
        before = "'"
    for line in scene.case_lines:
        _write(line, scene.at("number"), before + line.cells[scene.at("number")] + behind)
    return f"numbers between {before!r} and {behind!r}"


@kind("numbers in full width", CELLS, read=True, groups="numbers")
def _full_width(scene: Scene, draw: Random) -> str | None:
    for line in (chosen := _some(draw, scene.case_lines)):
        value = line.cells[scene.at("number")]
        _write(line, scene.at("number"), value.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}))
    return f"number of {_name(chosen)}"


@kind('every cell as ="…"', CELLS, ("text", "xlsx", "xls", "html"), read=True, groups="numbers cells")
def _formulas_of_text(scene: Scene, draw: Random) -> str | None:
    del draw
    for line in scene.lines:
        line.cells[:] = [f'="{value}"' for value in line.cells]
        line.marks.clear()
    return "all cells, the header too"


@kind("numbers rounded by a spreadsheet", CELLS, groups="numbers")
def _rounded(scene: Scene, draw: Random) -> str | None:
    if not scene.base.has_long_numbers:
        return None
    way = draw.choice(["zeros", "zeros but one", "scientific", *(["cells"] if scene.form.family in WORKBOOKS else [])])
    chosen = _some(draw, scene.case_lines)
    if way.startswith("zeros"):
        chosen = scene.case_lines[way == "zeros but one" :]
    for line in chosen:
        at = scene.at("number")
        value = line.cells[at]
        if way.startswith("zeros"):
            _write(line, at, value[:15] + "0" * (len(value) - 15))
        else:
            _write(
                line, at, f"{float(value):.5E}" if way == "scientific" else value, "number" if way == "cells" else ""
            )
    return f"number of {_name(chosen)} by {way}"


@kind("a number taken by another department", CELLS)
def _taken(scene: Scene, draw: Random) -> str | None:
    """A number of the week before, or of this week, for another case of another department."""
    owners = [fact for key, fact in scene.truth.items() if "#" not in key and not fact.is_void]
    owner = draw.choice(sorted(owners, key=lambda fact: fact.number))
    others = [name for name in scene.base.departments if name != owner.department]
    fact = replace(
        owner,
        department=draw.choice(others),
        group="licence" if owner.group != "licence" else "public_service",
        accepted=datetime(2022, 7, 20, draw.randint(9, 11), draw.randint(0, 59)),
        completed=None,
    )
    if fact.accepted == owner.accepted or any(line.case == owner.number for line in scene.lines):
        return None
    scene.truth[f"{owner.number}#2"] = fact
    scene.add_case(f"{owner.number}#2", fact, draw.randint(0, len(scene.case_lines)), datetime(2022, 7, 21, 9))
    return f"number …{owner.number[-6:]} of {owner.department} now of {fact.department}"


@kind("one number of two departments in one file", CELLS)
def _shared(scene: Scene, draw: Random) -> str | None:
    line = draw.choice(scene.case_lines)
    owner = scene.truth[line.case]
    if owner.is_void or f"{owner.number}#2" in scene.truth or line.case != owner.number:
        return None
    others = [name for name in scene.base.departments if name != owner.department]
    accepted = datetime(2022, 7, 20, draw.randint(9, 11), draw.randint(0, 59))
    group = "licence" if owner.group != "licence" else "public_service"
    fact = replace(owner, department=draw.choice(others), group=group, accepted=accepted, completed=None)
    scene.truth[f"{owner.number}#2"] = fact
    scene.add_case(f"{owner.number}#2", fact, draw.randint(0, len(scene.case_lines)), datetime(2022, 7, 21, 9))
    return f"number …{owner.number[-6:]} of {owner.department} and of {fact.department}"


# ---------------------------------------------------------------- cells: nothing, errors


NULL_WORDS = (
    "\\N",
    "NULL",
    "null",
    "(null)",
    "<NULL>",
    "[NULL]",
    "None",
    "NaN",
    "nan",
    "NaT",
    "nil",
    "-",
    "--",
    "N/A",
    "/",
)


@kind("words for nothing", CELLS, read=True, groups="empties")
def _nothing(scene: Scene, draw: Random) -> str | None:
    word, empty = draw.choice(NULL_WORDS), 0
    for line in scene.case_lines:
        for column in ("completed", "result"):
            if scene.has(column) and not line.cells[scene.at(column)]:
                _write(line, scene.at(column), word)
                empty += 1
    return f"{word} in {empty} empty cells" if empty else None


SENTINELS = (
    "0001-01-01",
    "1900-01-01",
    "9999-12-31",
    "2099-12-31",
    "1753-01-01",
    "0000-00-00",
    "1899-12-30",
    "1900-01-00",
)


@kind("days that mean none", CELLS, read=True, groups="empties")
def _sentinels(scene: Scene, draw: Random) -> str | None:
    at = scene.at("completed")
    open_ones = [line for line in scene.case_lines if not line.cells[at]]
    day = draw.choice(SENTINELS)
    clock = draw.choice(["", " 00:00:00", " 23:59:59" if day > "2" else " 00:00:00"])
    slashed = draw.random() < 0.2
    chosen = _some(draw, open_ones)
    for line in chosen:
        _write(line, at, day.replace("-", "/") + clock if slashed else day + clock)
    return f"{day}{clock} as completion of {_name(chosen)}" if chosen else None


def _unreadable(scene: Scene, draw: Random, mark: str, word: str, columns: Sequence[str]) -> str | None:
    column = draw.choice([name for name in columns if scene.has(name)])
    at = scene.at(column)
    chosen = _some(draw, [line for line in scene.case_lines if line.cells[at]], 3)
    for line in chosen:
        _write(line, at, word, mark)
    return f"{word} as {column} of {_name(chosen)}" if chosen else None


COUNTING = ("completed", "completed", "accepted", "department", "type", "number", "area", "result")


@kind("error cells", CELLS, groups="unreadable")
def _errors(scene: Scene, draw: Random) -> str | None:
    return _unreadable(scene, draw, "error", draw.choice(list(ERROR_CODES)), COUNTING)


@kind("formulas without a value", CELLS, ("text", "xlsx", "xlsm", "xls", "ods", "xml", "html"), groups="unreadable")
def _valueless(scene: Scene, draw: Random) -> str | None:
    return _unreadable(scene, draw, "formula", "", COUNTING)


@kind("words as time", CELLS, groups="unreadable")
def _words(scene: Scene, draw: Random) -> str | None:
    word = draw.choice(["待定", "已办结", "2022-02-30", "2022-13-01", "20220", "昨天", "2022年7月"])
    return _unreadable(scene, draw, "", word, ("completed", "accepted"))


# ---------------------------------------------------------------- cells: times


def _chinese_clock(t: datetime) -> str:
    half = "上午" if t.hour < 12 else "下午"
    return f"{t.year}/{t.month}/{t.day} {half} {(t.hour - 1) % 12 + 1}:{t.minute:02}:{t.second:02}"


def _english_clock(t: datetime) -> str:
    return f"{t:%Y-%m-%d} {(t.hour - 1) % 12 + 1:02}:{t.minute:02}:{t.second:02} {'AM' if t.hour < 12 else 'PM'}"


def _utc(t: datetime) -> datetime:
    return t - timedelta(hours=8)


def _epoch(t: datetime) -> int:
    return int((_utc(t) - datetime(1970, 1, 1)).total_seconds())


MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# name → how it writes a time, and to what it is exact: second, minute or day.
TIME_FORMS: dict[str, tuple[Callable[[datetime], str], str]] = {
    "PostgreSQL, in universal time": (lambda t: f"{_utc(t)}+00", "s"),
    "PostgreSQL, local": (lambda t: f"{t}+08", "s"),
    "PostgreSQL, with a fraction": (lambda t: f"{t}.5+08", "s"),
    "PostgreSQL, nine hours east": (lambda t: f"{t + timedelta(hours=1)}+09", "s"),
    "SQL Server, with a blank before the offset": (lambda t: f"{t}.0000000 +08:00", "s"),
    "ISO without seconds": (lambda t: f"{t:%Y-%m-%dT%H:%M}+08:00", "m"),
    "ISO with a long fraction": (lambda t: f"{_utc(t).isoformat()}.123456789Z", "s"),
    "ISO west of Greenwich": (lambda t: f"{(t - timedelta(hours=13)).isoformat()}-05:00", "s"),
    "ISO with a point fraction": (lambda t: f"{t.isoformat()}.007", "s"),
    "morning and afternoon": (_chinese_clock, "s"),
    "AM and PM": (_english_clock, "s"),
    "am and pm with a narrow blank": (lambda t: _english_clock(t).lower().replace(" am", "\u202fam").replace(" pm", "\u202fpm"), "s"),
    "JavaScript": (lambda t: f"{t:%a %b %d %Y %H:%M:%S} GMT+0800 (中国标准时间)", "s"),
    "JavaScript in English": (lambda t: f"{t:%a %b %d %Y %H:%M:%S} GMT+0800 (China Standard Time)", "s"),
    "full-width digits": (lambda t: str(t).translate({c: c + 0xFEE0 for c in range(0x30, 0x3B)}), "s"),
    "a no-break blank": (lambda t: str(t).replace(" ", "\u00a0"), "s"),
    "a narrow no-break blank": (lambda t: str(t).replace(" ", "\u202f"), "s"),
    "two blanks": (lambda t: str(t).replace(" ", "  "), "s"),
    "seconds since 1970": (lambda t: str(_epoch(t)), "s"),
    "milliseconds since 1970": (lambda t: str(_epoch(t) * 1000), "s"),
    "Oracle in Chinese": (lambda t: f"{t.day}-{t.month}月 -{t:%y}", "d"),
    "Oracle in Chinese, with the clock": (
        lambda t: f"{t.day:02}-{t.month}月 -{t:%y} {(t.hour - 1) % 12 + 1:02}.{t.minute:02}.{t.second:02}.000000 {'上午' if t.hour < 12 else '下午'}",
        "s",
    ),
    "Oracle in English": (lambda t: f"{t.day:02}-{MONTHS[t.month - 1]}-{t:%y}", "d"),
    "Oracle in English, four digits": (lambda t: f"{t.day:02}-{MONTHS[t.month - 1]}-{t.year} {t:%H:%M:%S}", "s"),
    "slashes without seconds": (lambda t: f"{t.year}/{t.month}/{t.day} {t.hour}:{t.minute:02}", "m"),
    "in Chinese": (lambda t: f"{t.year}年{t.month}月{t.day}日 {t.hour}时{t.minute}分{t.second}秒", "s"),
    "compact": (lambda t: f"{t:%Y%m%d%H%M%S}", "s"),
    "days alone": (lambda t: f"{t:%Y-%m-%d}", "d"),
}  # fmt: skip


def cut_time(time: datetime | None, exact_to: str) -> datetime | None:
    if time is None or exact_to == "s":
        return time
    return time.replace(second=0) if exact_to == "m" else time.replace(hour=0, minute=0, second=0)


@kind("times in another form", CELLS, read=True, groups="times")
def _times(scene: Scene, draw: Random) -> str | None:
    return write_times(scene, draw.choice(list(TIME_FORMS)))


@kind("times in two forms", CELLS, read=True, groups="times")
def _mixed_times(scene: Scene, draw: Random) -> str | None:
    exact = [name for name in TIME_FORMS if "1970" not in name]
    names = draw.sample(exact, 2)
    return write_times(scene, *names)


def write_times(scene: Scene, *names: str) -> str | None:
    """Both times of all rows, in turn by the named forms."""
    touched = set()
    for i, line in enumerate(scene.case_lines):
        form, exact_to = TIME_FORMS[names[i % len(names)]]
        for column in ("accepted", "completed"):
            at = scene.at(column) if scene.has(column) else -1
            if at < 0 or line.marks.get(at) != "time":
                continue
            _write(line, at, form(datetime.fromisoformat(line.cells[at])))
            fact = scene.truth[line.case]
            touched.add(line.case)
            time = cut_time(getattr(fact, column), exact_to)
            scene.truth[line.case] = (
                replace(fact, accepted=time) if column == "accepted" else replace(fact, completed=time)
            )
    return f"times as {' and '.join(names)}" if touched else None


# ---------------------------------------------------------------- versions


@kind("version times without a clock", CELLS, read=True, groups="versions")
def _day_versions(scene: Scene, draw: Random) -> str | None:
    """This week's export writes only the day of an update, and that of one case is the day of its version a week ago."""
    if not scene.has("version"):
        return None
    known = [line for line in scene.case_lines if line.case in scene.base.open_until_cut_off]
    at = scene.at("version")
    for line in scene.case_lines:
        _write(line, at, line.cells[at][:10])
    if not known:
        return None
    line = draw.choice(known)
    _write(line, at, "2022-07-15")
    return f"version time of all rows; that of …{line.case[-6:]} is the day of the one before"


@kind("an older version time in a newer delivery", CELLS, groups="versions")
def _older_versions(scene: Scene, draw: Random) -> str | None:
    if not scene.has("version"):
        return None
    known = [line for line in scene.case_lines if line.case in scene.base.open_until_cut_off]
    for line in (chosen := _some(draw, known, 2)):
        _write(line, scene.at("version"), "2022-07-14 12:00:00")
    return f"version time of {_name(chosen)}" if chosen else None


@kind("a version column begins", COLUMNS, read=True, groups="versions")
def _versions_begin(scene: Scene, draw: Random) -> str | None:
    """A source that sent no version times begins to send them, some of them older than the week before."""
    if scene.has("version"):
        return None
    days = ("2022-07-13 09:00:00", "2022-07-14 10:00:00", "2022-07-19 11:00:00", "2022-07-21 17:00:00")
    scene.insert_column(len(scene.columns), "version", "更新时间", lambda _line: draw.choice(days))
    return "更新时间, some before the cut-off of the week before"


# ---------------------------------------------------------------- columns


@kind("decorated names of columns", COLUMNS, read=True, groups="names")
def _decorated(scene: Scene, draw: Random) -> str | None:
    ways = (
        "{}*",
        "*{}",
        "{}：",
        "{}:",
        "{n}.{}",
        "{n}、{}",
        "（{n}）{}",
        "{} ",
        "\u200b{}",
        "{}\ufeff",
        "{}（必填）",
        "{}\u00a0",
        " {}\u3000",
        "【{}】",
        "{}\n",
    )
    way = draw.choice(ways)
    if way == "{}\n" and scene.form.family not in ("text", *WORKBOOKS):
        way = "{}*"
    chosen = draw.choice([["completed"], ["accepted"], ["number"], list(scene.columns)])
    for column in chosen:
        at = scene.at(column)
        scene.rename(at, way.format(scene.header[at], n=at + 1))
    return f"{way!r} in {', '.join(chosen)}"


UNKNOWN_NAMES = {
    "completed": ("实际办结时间", "办毕时间", "办理完成时间", "完结日期", "finish_dt", "出证时间"),
    "accepted": ("登记时间", "受理登记日", "start_dt"),
    "department": ("承办处室", "所属机构"),
    "type": ("事项大类", "权力分类"),
    "area": ("所在地区", "地区码"),
    "number": ("流水", "业务号码"),
    "result": ("结论", "办理结论"),
}


@kind("an unknown name for the completion", COLUMNS, groups="names completion")
def _unknown_completion(scene: Scene, draw: Random) -> str | None:
    name = draw.choice(UNKNOWN_NAMES["completed"])
    scene.rename(scene.at("completed"), name)
    return f"办结时间 is {name}"


@kind("an unknown name for a column", COLUMNS, groups="names")
def _unknown_name(scene: Scene, draw: Random) -> str | None:
    column = draw.choice([name for name in UNKNOWN_NAMES if scene.has(name)])
    name = draw.choice(UNKNOWN_NAMES[column])
    before = scene.header[scene.at(column)]
    scene.rename(scene.at(column), name)
    return f"{before} is {name}"


KNOWN_NAMES = {
    "number": ("办件编码", "业务流水号", "SBLSH", "projid", "PROJECT_NO"),
    "type": ("权力类型", "taskType"),
    "department": ("受理部门", "org_name"),
    "area": ("区划代码", "areaCode"),
    "accepted": ("受理日期", "SLSJ", "accept_date"),
    "completed": ("办结日期", "BJSJ", "endDateTime", "RESULT_DATE"),
    "result": ("办理结果", "result_type"),
}


@kind("other known names", COLUMNS, read=True, groups="names")
def _known_names(scene: Scene, draw: Random) -> str | None:
    chosen = draw.sample(sorted(KNOWN_NAMES), draw.randint(1, len(KNOWN_NAMES)))
    for column in chosen:
        if scene.has(column):
            scene.rename(scene.at(column), draw.choice(KNOWN_NAMES[column]))
    return f"names of {', '.join(chosen)}"


@kind("no column of completion", COLUMNS, groups="completion")
def _no_completion(scene: Scene, draw: Random) -> str | None:
    del draw
    scene.drop_column("completed")
    return "办结时间"


@kind("a column is gone", COLUMNS)
def _no_column(scene: Scene, draw: Random) -> str | None:
    column = draw.choice([name for name in ("department", "type", "result", "area", "accepted") if scene.has(name)])
    scene.drop_column(column)
    return HEADERS[column]


@kind("columns in another order", COLUMNS, read=True)
def _permuted(scene: Scene, draw: Random) -> str | None:
    order = list(range(len(scene.columns)))
    draw.shuffle(order)
    scene.permute(order)
    return ", ".join(scene.header)


def _always(text: str, _line: Line) -> str:
    return text


@kind("foreign and empty columns", COLUMNS, read=True)
def _foreign(scene: Scene, draw: Random) -> str | None:
    for _ in range(draw.randint(1, 4)):
        name, value = draw.choice(
            [("备注", "无"), ("序号", "1"), ("收件时间标识", "已收"), ("办理环节", "办结"), ("法定代表", "某")]
        )
        name = "" if scene.form.family != "parquet" and draw.random() < 0.3 else name
        if name in scene.header and name:
            continue
        scene.insert_column(draw.randint(0, len(scene.columns)), "", name, partial(_always, value if name else ""))
    return f"header {scene.header}"


@kind("day and clock in two columns", COLUMNS, read=True, groups="times names")
def _apart(scene: Scene, draw: Random) -> str | None:
    split = False
    for column, day, clock in (("accepted", "受理日期", "受理时间"), ("completed", "办结日期", "办结时间")):
        if not scene.has(column):
            continue
        at = scene.at(column)
        if any(line.cells[at] and line.marks.get(at) != "time" for line in scene.case_lines):
            continue
        clocks = {id(line): line.cells[at][11:] for line in scene.lines}
        for line in scene.case_lines:
            _write(line, at, line.cells[at][:10])
        scene.rename(at, day)
        scene.insert_column(at + 1, f"{column} clock", clock, partial(_look_up, clocks))
        split = True
    del draw
    return "受理日期 + 受理时间, 办结日期 + 办结时间" if split else None


def _look_up(texts: dict[int, str], line: Line) -> str:
    return texts[id(line)]


@kind("a header of two rows", COLUMNS, ROWS_ONLY, read=True, groups="levels")
def _two_levels(scene: Scene, draw: Random) -> str | None:
    return _level(scene, draw, 2)


@kind("a header of three rows", COLUMNS, ROWS_ONLY, groups="levels")
def _three_levels(scene: Scene, draw: Random) -> str | None:
    return _level(scene, draw, 3)


def _level(scene: Scene, draw: Random, height: int) -> str | None:
    """办理情况 over 受理 and 办结 over 时间 and 时间, 结果; merged where the form can."""
    if not (scene.has("accepted") and scene.has("completed")):
        return None
    accepted, completed = scene.at("accepted"), scene.at("completed")
    result = scene.at("result") if scene.has("result") else -1
    if scene.header[accepted] != "受理时间" or scene.header[completed] != "办结时间" or abs(accepted - completed) != 1:
        return None
    has_result = result == completed + 1 and scene.header[result] == "办结结果"
    width = len(scene.header)
    top, middle, below = list(scene.header), [""] * width, [""] * width
    first, last = min(accepted, completed), result if has_result else max(accepted, completed)
    for at, upper, lower in [(accepted, "受理", "时间"), (completed, "办结", "时间"), (result, "", "结果")]:
        if at == result and not has_result:
            continue
        top[at], middle[at], below[at] = "", upper, lower
    levels = [middle, below] if height == 2 else [top, middle, below]
    if height == 2:
        levels[0] = [upper or name for upper, name in zip(middle, top, strict=True)]
    else:
        levels[0][first] = "办理情况"
    lines = scene.set_header_rows(levels)
    if draw.random() < 0.7 and scene.form.family in SHEETS:
        for at in range(width):
            if not first <= at <= last:
                scene.merges.append((lines[0], at, lines[-1], at))
        if height == 3:
            scene.merges.append((lines[0], first, lines[0], last))
        if has_result:
            scene.merges.append((lines[-2], completed, lines[-2], result))
        return f"{height} rows, merged"
    return f"{height} rows"


# ---------------------------------------------------------------- rows


@kind("titles above", ROWS, ROWS_ONLY, read=True)
def _titles(scene: Scene, draw: Random) -> str | None:
    titles = ["办件明细表", "统计期间：2022年7月16日至2022年7月22日", "单位：件", "", "导出时间：2022-07-22 18:00:00"]
    chosen = draw.choices(titles, k=draw.randint(1, 6))
    scene.lines[:0] = [scene.other_line([title]) for title in chosen]
    return f"{len(chosen)} rows"


@kind("notes and totals below", ROWS, ROWS_ONLY, read=True)
def _notes(scene: Scene, draw: Random) -> str | None:
    notes = [
        ["合计", "", str(len(scene.case_lines))],
        ["小计"],
        ["注：以上数据截至7月22日"],
        ["制表：样本员"],
        ["数据来源：一体化平台"],
        ["备注：无"],
    ]
    chosen = draw.sample(notes, draw.randint(1, 3))
    scene.lines += [scene.other_line(note) for note in chosen]
    return "; ".join(note[0] for note in chosen)


@kind("a total in the middle", ROWS, ROWS_ONLY, read=True)
def _total(scene: Scene, draw: Random) -> str | None:
    place = scene.place_among_cases(draw)
    scene.lines.insert(
        place, scene.other_line([draw.choice(["小计", "合计："]), "", "", "", "", "", str(draw.randint(1, 9))])
    )
    return f"above row {place + 1}"


@kind("blank rows", ROWS, ROWS_ONLY, read=True)
def _blank_rows(scene: Scene, draw: Random) -> str | None:
    places = [scene.place_among_cases(draw) for _ in range(draw.randint(1, 4))]
    for place in places:
        scene.lines.insert(place, scene.other_line([]))
    return f"above rows {places}"


@kind("rows repeated", ROWS, read=True)
def _repeated(scene: Scene, draw: Random) -> str | None:
    for line in (chosen := _some(draw, scene.case_lines, 3)):
        twin = Line(list(line.cells), line.columns, line.case, dict(line.marks))
        scene.lines.insert(scene.place_among_cases(draw), twin)
    return _name(chosen)


@kind("data types below the header", ROWS, ROWS_ONLY, read=True)
def _types_row(scene: Scene, draw: Random) -> str | None:
    words = draw.choice(
        [
            ("varchar(50)", "datetime"),
            ("VARCHAR2(64)", "DATE"),
            ("string", "timestamp"),
            ("文本", "日期"),
            ("nvarchar", "datetime2"),
        ]
    )
    cells = [
        words[1] if column.split(" ")[0] in ("accepted", "completed", "version") else words[0]
        for column in scene.columns
    ]
    scene.lines.insert(scene.first_case_row, scene.other_line(cells))
    return words[0]


@kind("a ruler below the header", ROWS, ROWS_ONLY, read=True)
def _ruler(scene: Scene, draw: Random) -> str | None:
    mark = draw.choice(["-", "-", "="])
    cells = [mark * draw.randint(2, 20) for _ in scene.columns]
    scene.lines.insert(scene.first_case_row, scene.other_line(cells))
    return mark


@kind("a count below", ROWS, ROWS_ONLY, read=True)
def _count(scene: Scene, draw: Random) -> str | None:
    rows = len(scene.case_lines)
    word = draw.choice(
        [
            f"({rows} 行受影响)",
            f"（{rows} 行受影响）",
            f"({rows} rows affected)",
            f"({rows} rows)",
            f"({rows} 行记录)",
            f"已选择{rows}行。",
            f"{rows} rows selected.",
        ]
    )
    blank = draw.random() < 0.5
    scene.lines += [scene.other_line([]), scene.other_line([word])] if blank else [scene.other_line([word])]
    return word


@kind("a notice that it was cut off", ROWS, ROWS_ONLY)
def _notice(scene: Scene, draw: Random) -> str | None:
    kept = max(1, len(scene.case_lines) - draw.randint(1, 3))
    gone = scene.case_lines[kept:]
    for line in gone:
        scene.lines.remove(line)
    word = draw.choice(["结果已截断", f"仅显示前{kept}条", "数据已截断"])
    scene.lines.append(scene.other_line([word]))
    return f"{word}: {len(gone)} rows are gone"


@kind("the header again", ROWS, ROWS_ONLY, read=True, groups="segments")
def _header_again(scene: Scene, draw: Random) -> str | None:
    place = scene.place_among_cases(draw)
    scene.lines[place:place] = scene.copy_header()
    return f"above row {place + 1}"


@kind("another order from a second header on", ROWS, ROWS_ONLY, read=True, groups="segments")
def _other_order(scene: Scene, draw: Random) -> str | None:
    place = scene.place_among_cases(draw)
    order = list(range(len(scene.columns)))
    draw.shuffle(order)
    if draw.random() < 0.5 and scene.has("accepted") and scene.has("completed"):
        order = list(range(len(scene.columns)))
        one, other = scene.at("accepted"), scene.at("completed")
        order[one], order[other] = order[other], order[one]
    below = scene.copy_header() + scene.lines[place:]
    for line in below:
        if line.columns:
            scene.reorder(line, order)
    scene.lines[place:] = below
    return f"from row {place + 1}: {[scene.header[i] for i in order]}"


@kind("other columns from a second header on", ROWS, ROWS_ONLY, read=True, groups="segments")
def _other_columns(scene: Scene, draw: Random) -> str | None:
    """A second table below, of one column less."""
    place = scene.place_among_cases(draw)
    below = scene.copy_header() + scene.lines[place:]
    gone = draw.choice(["name", "item"])
    for line in below:
        if gone in line.columns:
            at = line.columns.index(gone)
            scene.reorder(line, [i for i in range(len(line.columns)) if i != at])
    scene.lines[place:] = below
    return f"from row {place + 1} without {gone}"


# ---------------------------------------------------------------- sheets


def _cut_sheet(scene: Scene, draw: Random) -> list[Line]:
    place = scene.place_among_cases(draw)
    rest = scene.lines[place:]
    del scene.lines[place:]
    return rest


@kind("a second sheet without a header", SPLITS, SHEETS, read=True, groups="sheets")
def _headerless_sheet(scene: Scene, draw: Random) -> str | None:
    if len(scene.case_lines) < 2:
        return None
    scene.others.append(Sheet("第2页", _cut_sheet(scene, draw)))
    return f"{len(scene.others[-1].lines)} rows"


@kind("a second sheet with the header", SPLITS, SHEETS, read=True, groups="sheets")
def _sheet_with_header(scene: Scene, draw: Random) -> str | None:
    if len(scene.case_lines) < 2:
        return None
    header = scene.copy_header()
    hidden = scene.form.family in ("xlsx", "xlsm", "xls", "xlsb", "xml") and draw.random() < 0.4
    scene.others.append(Sheet("第2页", header + _cut_sheet(scene, draw), is_hidden=hidden))
    return f"{len(scene.others[-1].lines) - len(header)} rows" + (", hidden" if hidden else "")


@kind("a cover", SPLITS, SHEETS, read=True, groups="sheets")
def _cover(scene: Scene, draw: Random) -> str | None:
    lines = [scene.other_line([word]) for word in ("办件明细", "填报单位：样本厅", "2022年7月22日")]
    scene.others.insert(0, Sheet("封面", lines[: draw.randint(1, 3)]))
    scene.is_first = False
    return f"{len(scene.others[0].lines)} rows"


@kind("an empty sheet", SPLITS, WORKBOOKS, read=True, groups="sheets")
def _empty_sheet(scene: Scene, draw: Random) -> str | None:
    scene.others.insert(0, Sheet("Sheet2", []))
    scene.is_first = draw.random() < 0.5
    return "first" if not scene.is_first else "last"


@kind("a sheet of a form that nobody knows", SPLITS, SHEETS, groups="sheets")
def _unknown_sheet(scene: Scene, draw: Random) -> str | None:
    """Some cases under a header of a foreign system, which the profile has no name of."""
    if len(scene.case_lines) < 3:
        return None
    rest = list(_cut_sheet(scene, draw))
    header = scene.other_line([f"F{i}" for i in range(1, len(scene.columns) + 1)])
    scene.others.append(Sheet("补充", [header, *rest]))
    return f"{len(rest)} rows under F1, F2 …"


def _read_department(line: Line) -> str:
    return line.cells[line.columns.index("department")] if line.case and "department" in line.columns else ""


@kind("departments merged over rows", MERGES, SHEETS, read=True)
def _merged(scene: Scene, draw: Random) -> str | None:
    merged = 0
    for lines, merges in scene.segments():
        for department, group in groupby(lines, key=_read_department):
            run = list(group)
            if len(run) > 1 and department:
                at = run[0].columns.index("department")
                if any(line.columns != run[0].columns or at in line.marks for line in run):
                    continue
                merges.append((run[0], at, run[-1], at))
                for line in run[1:]:
                    line.cells[at] = ""
                merged += 1
    del draw
    return f"{merged} blocks" if merged else None


@kind("tables within cells", MERGES, ("html",), read=True)
def _nested(scene: Scene, draw: Random) -> str | None:
    column = draw.choice([name for name in ("department", "completed", "number", "type") if scene.has(name)])
    for line in (chosen := _some(draw, [line for line in scene.case_lines if column in line.columns])):
        at = line.columns.index(column)
        if (line.cells[at] and at not in line.marks) or line.marks.get(at) == "time":
            line.marks[at] = "nested"
    return f"{column} of {_name(chosen)}"


# ---------------------------------------------------------------- records of a text


@kind("separators at the end gone", RECORDS, TEXT, read=True, groups="separators")
def _gone(scene: Scene, draw: Random) -> str | None:
    mark, changed = scene.form.delimiter, 0
    for i, line in enumerate(scene.lines):
        if line.case and scene.records[i].endswith(mark):
            scene.records[i] = scene.records[i].rstrip(mark)
            changed += 1
    del draw
    return f"{changed} rows" if changed else None


@kind("separators too many at the end", RECORDS, TEXT, read=True, groups="separators")
def _extra(scene: Scene, draw: Random) -> str | None:
    """On all rows, or on all but the header."""
    number, skips_header = draw.randint(1, 4), draw.random() < 0.5
    for i, line in enumerate(scene.lines):
        if line.case or not skips_header:
            scene.records[i] += scene.form.delimiter * number
    return f"{number} at each {'case' if skips_header else 'row'}"


QUOTED_NAMES = ('"双减"备案', '开办"一件事"登记', '"一件事"', '税务"登记')


def _rewrite(scene: Scene, i: int, at: int, raw: str) -> None:
    """One cell of a record as it must not be written."""
    line = scene.lines[i]
    cells = [quote_cell(value, scene.form) for value in line.cells]
    cells[at] = raw
    scene.records[i] = scene.form.delimiter.join(cells)


def _with_item(scene: Scene) -> list[int]:
    return [i for i, line in enumerate(scene.lines) if line.case and "item" in line.columns]


@kind("quotes not doubled", RECORDS, TEXT, read=True, groups="quotes")
def _unescaped(scene: Scene, draw: Random) -> str | None:
    places = _with_item(scene)
    chosen = draw.sample(places, draw.randint(1, min(3, len(places)))) if places else []
    for i in chosen:
        name = draw.choice(QUOTED_NAMES)
        _rewrite(scene, i, scene.lines[i].columns.index("item"), f'"{name}"' if scene.form.is_quoted else name)
    return f"rows {[i + 1 for i in chosen]}" if chosen else None


@kind("quotes after backslashes", RECORDS, TEXT, read=True, groups="quotes")
def _backslashed(scene: Scene, draw: Random) -> str | None:
    places = _with_item(scene)
    chosen = draw.sample(places, draw.randint(1, min(3, len(places)))) if places else []
    for i in chosen:
        name = draw.choice(['\\"双减\\"备案', '开办\\"一件事\\"登记', '登记\\"'])
        _rewrite(scene, i, scene.lines[i].columns.index("item"), f'"{name}"')
    return f"rows {[i + 1 for i in chosen]}" if chosen else None


@kind("a quotation mark swallows a row", RECORDS, TEXT, groups="quotes")
def _swallowed(scene: Scene, draw: Random) -> str | None:
    """A mark opens in one row and closes in the next: two rows read as one of the right width."""
    places = [i for i in _with_item(scene) if i + 1 in _with_item(scene)]
    if not places:
        return None
    i = draw.choice(places)
    for place, raw in ((i, '"药店'), (i + 1, '药店"')):
        _rewrite(scene, place, scene.lines[place].columns.index("item"), raw)
    return f"rows {i + 1} and {i + 2}"


@kind("a quotation mark is never closed", RECORDS, TEXT, groups="quotes")
def _unclosed(scene: Scene, draw: Random) -> str | None:
    places = _with_item(scene)
    if not places:
        return None
    i = draw.choice(places)
    _rewrite(scene, i, scene.lines[i].columns.index("item"), '"药店')
    return f"row {i + 1}"


@kind("line ends within cells", CELLS, ("text", "xlsx", "xls", "parquet"), read=True)
def _line_ends(scene: Scene, draw: Random) -> str | None:
    for line in (chosen := _some(draw, scene.case_lines)):
        at = scene.at("item")
        _write(line, at, f"{line.cells[at]}\n（{draw.choice(['新办', '续办'])}）")
    return f"item of {_name(chosen)}"


@kind("separators within cells", CELLS, read=True)
def _separators(scene: Scene, draw: Random) -> str | None:
    mark = draw.choice([scene.form.delimiter, ",", ";"])
    for line in (chosen := _some(draw, scene.case_lines)):
        _write(line, scene.at("item"), f"{line.cells[scene.at('item')]}{mark}新办{mark}{mark}")
    return f"item of {_name(chosen)}"


@kind("a row with a field too many", RECORDS, TEXT, groups="quotes")
def _too_many(scene: Scene, draw: Random) -> str | None:
    """A separator in a cell without quotes."""
    places = _with_item(scene)
    chosen = draw.sample(places, draw.randint(1, min(2, len(places)))) if places else []
    for i in chosen:
        at = scene.lines[i].columns.index("item")
        _rewrite(scene, i, at, f"开办{scene.form.delimiter}药店")
    return f"rows {[i + 1 for i in chosen]}" if chosen else None


@kind("each line one quoted field", RECORDS, TEXT, read=True, groups="quotes layout separators")
def _one_field(scene: Scene, draw: Random) -> str | None:
    del draw
    plain = write_lines(scene.lines, replace(scene.form, is_quoted=False))
    scene.records[:] = ['"' + record.replace('"', '""') + '"' for record in plain]
    return "all lines"


@kind(
    'every cell as ="…" without quotes around',
    RECORDS,
    TEXT,
    read=True,
    groups="quotes layout separators numbers cells",
)
def _raw_formulas(scene: Scene, draw: Random) -> str | None:
    del draw
    if any(mark in cell for line in scene.lines for cell in line.cells for mark in ('"', "\n", scene.form.delimiter)):
        return None
    for i, line in enumerate(scene.lines):
        scene.records[i] = scene.form.delimiter.join(f'="{value}"' for value in line.cells)
    return "all cells, the header too"


@kind("the layout of psql", RECORDS, TEXT, read=True, groups="quotes layout separators")
def _psql(scene: Scene, draw: Random) -> str | None:
    """Columns set out with blanks between bars, a ruler below the header, a count at the end."""
    if scene.form.delimiter != "|" or scene.header_height != 1:
        return None
    widths = [
        max(len(line.cells[j]) if j < len(line.cells) else 0 for line in scene.lines) for j in range(len(scene.header))
    ]
    if any("\n" in cell or "|" in cell for line in scene.lines for cell in line.cells):
        return None
    records = []
    for line in scene.lines:
        cells = [*line.cells, *[""] * (len(widths) - len(line.cells))]
        records.append("|".join(f" {cell:<{width}} " for cell, width in zip(cells, widths, strict=False)))
    ruler = "+".join("-" * (width + 2) for width in widths)
    top = scene.first_case_row
    scene.insert_record(top, ruler)
    scene.records[:top] = records[:top]
    scene.records[top + 1 :] = records[top:]
    scene.append_record(draw.choice([f"({len(scene.case_lines)} rows)", f"({len(scene.case_lines)} 行记录)"]))
    return "psql"


@kind("the layout of sqlcmd", RECORDS, TEXT, read=True, groups="layout")
def _sqlcmd(scene: Scene, draw: Random) -> str | None:
    if scene.header_height != 1 or scene.form.is_quoted:
        return None
    scene.insert_record(
        scene.first_case_row, scene.form.delimiter.join("-" * draw.randint(2, 19) for _ in scene.header)
    )
    scene.append_record("")
    scene.append_record(f"({len(scene.case_lines)} 行受影响)")
    return "sqlcmd"


@kind("Ctrl-Z at the end", BYTES, TEXT, read=True)
def _ctrl_z(scene: Scene, draw: Random) -> str | None:
    end = "\x1a" * draw.choice([1, 1, 3])
    scene.content += encode(end, scene.form.encoding.partition(" ")[0].removesuffix("-sig") + " bare")
    return repr(end)


@kind("line ends of two kinds", BYTES, TEXT, read=True)
def _two_ends(scene: Scene, draw: Random) -> str | None:
    form = scene.form
    if form.end != "\r\n" or "16" in form.encoding:
        return None
    number = draw.randint(1, 3)
    scene.content = scene.content.replace(b"\r\n", b"\n", number)
    return f"the first {number}"


BAD = "\ue123"  # stands for the bad byte until the text is encoded


@kind("one bad byte", RECORDS, TEXT, groups="bytes quotes layout")
def _bad_byte(scene: Scene, draw: Random) -> str | None:
    """In one cell of Chinese text: its last byte is gone, or another stands there."""
    if "16" in scene.form.encoding:
        return None
    columns = [name for name in ("item", "name", "department", "type", "result") if scene.has(name)]
    places = [
        (i, name)
        for i, line in enumerate(scene.lines)
        if line.case
        for name in columns
        if name in line.columns and line.cells[line.columns.index(name)]
    ]
    i, column = draw.choice(places)
    at = scene.lines[i].columns.index(column)
    value = scene.lines[i].cells[at]
    chinese = [j for j, sign in enumerate(value) if ord(sign) > 0x2FFF]
    if not chinese or scene.records[i] != write_lines([scene.lines[i]], scene.form)[0]:
        return None
    j = draw.choice(chinese)
    _rewrite(scene, i, at, quote_cell(value[:j] + BAD + value[j:], scene.form))
    scene.bad_byte = draw.choice(["gone", "replaced"])
    return f"{column} of row {i + 1}: a byte is {scene.bad_byte}"


def put_bad_byte(content: bytes, encoding: str, how: str) -> bytes:
    name = encoding.removesuffix("-sig")
    before, _, behind = content.partition(BAD.encode(name))
    length = next(n for n in range(1, 5) if _decodes(behind[:n], name))
    return before + behind[: length - 1] + (b"\xff" if how == "replaced" else b"") + behind[length:]


def _decodes(raw: bytes, name: str) -> bool:
    try:
        return len(raw.decode(name)) == 1
    except UnicodeDecodeError:
        return False


@kind("the end is cut off", BYTES, TEXT, groups="separators layout quotes segments")
def _cut_off(scene: Scene, draw: Random) -> str | None:
    """A copy that broke off within a row: what comes after it is gone, and of the row itself some columns."""
    form = scene.form
    rows = [i for i, line in enumerate(scene.lines) if line.case]
    if len(rows) < 2 or scene.lines[rows[-1]] is not scene.lines[-1]:
        return None
    i = draw.choice(rows[1:])
    line, record = scene.lines[i], scene.records[i]
    if scene.lines[i + 1 :] and any(line.case == other.case for other in scene.lines[i + 1 :]):
        return None
    counting = [
        line.columns.index(name)
        for name in ("accepted", "completed", "type", "department")
        if name in line.columns and line.cells[line.columns.index(name)]
    ]
    if not counting or "\n" in record or record != write_lines([line], form)[0]:
        return None
    fields = [quote_cell(value, form) for value in line.cells]
    last = min(max(counting), len(fields) - 2)  # one separator at least is gone, so that the row shows it
    if last < 1:
        return None
    kept = draw.randint(1, last)
    text = form.delimiter.join(fields[:kept])
    text += (
        form.delimiter + fields[kept][: draw.randint(0, max(len(fields[kept]) - 1, 0))] if draw.random() < 0.7 else ""
    )
    for gone in scene.lines[i + 1 :]:
        scene.forget(gone)
    scene.records[i:] = [text]
    del scene.lines[i + 1 :]
    scene.content = scene.encode_records(has_end=False)
    return f"after {kept} fields of row {i + 1}"


# ---------------------------------------------------------------- files


@kind("a name of 255 bytes", FILES, read=True, groups="file")
def _long_name(scene: Scene, draw: Random) -> str | None:
    del draw
    suffix = scene.form.suffix + (".gz" if scene.form.wrap == "gz" else "")
    if scene.form.wrap.startswith("zip"):
        return None
    scene.stem = "办" * ((255 - len(suffix)) // 3) + "a" * ((255 - len(suffix)) % 3)
    return "its name"


@kind("an unreadable file beside", FILES, groups="file")
def _unreadable_file(scene: Scene, draw: Random) -> str | None:
    name, content = draw.choice(
        [
            ("其它.rar", rar_of(b"x" * 500)),
            ("明细.pdf", b"%PDF-1.4\n" + b"1 0 obj\n" * 30),
            ("明细.docx", _docx()),
            ("说明.txt", "本周数据说明\n".encode()),
            ("数据.7z", b"7z\xbc\xaf\x27\x1c" + b"\1" * 200),
        ]
    )
    if scene.form.wrap.startswith("zip") and draw.random() < 0.7:
        scene.members[name] = content
    else:
        scene.files[name] = content
    return name


@kind("cases in a file that cannot be read", FILES, groups="file")
def _lost_file(scene: Scene, draw: Random) -> str | None:
    """Some of the cases came in a RAR archive, beside the file or within it."""
    fact = draw.choice([fact for key, fact in sorted(scene.truth.items()) if "#" not in key])
    number = fact.number[:-3] + "999"
    if number in scene.truth:
        return None
    scene.truth[number] = replace(
        fact, number=number, accepted=datetime(2022, 7, 20, 10), completed=None, is_void=False
    )
    where = scene.members if scene.form.wrap.startswith("zip") else scene.files
    name = draw.choice(["其它.rar", "其它.7z", "其它.et", "其它.dbf"])
    where[name] = rar_of(number.encode() * 20) if name.endswith("rar") else b"7z\xbc\xaf\x27\x1c" + number.encode() * 20
    return f"{name} with …{number[-6:]}"


@kind("side files of other systems", FILES, read=True, groups="file")
def _side_files(scene: Scene, draw: Random) -> str | None:
    if scene.form.wrap.startswith("zip"):
        name = draw.choice(["__MACOSX/._办件.csv", ".DS_Store", "~$办件.xlsx"])
        scene.members[name] = b"\0\5\x16\7" + b"\0" * 60
    else:
        name = draw.choice(["Thumbs.db", ".DS_Store", "~$办件.xlsx", "desktop.ini"])
        scene.files[name] = b"\0" * 60
    return name


def _docx() -> bytes:
    return pack({"[Content_Types].xml": b'<?xml version="1.0"?><Types/>', "word/document.xml": b"<w/>"})


def list_kinds(form: Form) -> list[Kind]:
    return [each for each in KINDS.values() if form.family in each.families]


__all__ = ["KINDS", "TIME_FORMS", "Fact", "Kind", "list_kinds", "put_bad_byte", "write_times"]
