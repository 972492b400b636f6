"""A clean week of invented cases, and the table that tells it: what damages are done to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from damage_forms import Form, Line, Sheet, encode, write_lines

HEADERS = {
    "number": "办件编号",
    "name": "申请人姓名",
    "item": "事项名称",
    "type": "事项类型",
    "department": "实施主体",
    "area": "行政区划",
    "accepted": "受理时间",
    "completed": "办结时间",
    "result": "办结结果",
    "version": "更新时间",
}
TYPES = {"行政许可": "licence", "公共服务": "public_service", "行政确认": "other_power", "行政给付": "other_power"}
GROUPS = ("licence", "public_service", "other_power")
DEPARTMENTS = ("示例厅", "示例局", "样本中心")
ITEMS = ("开办药店", "税务登记", "档案查询", "证照补发")
PEOPLE = ("甲某", "乙某", "丙某", "丁某")
PROVINCE, ELSEWHERE = "510000", "510104"
FIRST_CUT_OFF, CUT_OFF = date(2022, 7, 15), date(2022, 7, 22)
FIRST_EVENING = datetime(2022, 7, 15, 17)


@dataclass(frozen=True)
class Fact:
    """What is true of one case."""

    number: str
    group: str
    department: str
    area: str
    accepted: datetime | None
    completed: datetime | None
    is_void: bool = False


@dataclass(frozen=True)
class Base:
    """The week before: its cases, and how its source writes. `numbers` is sichuan, digits or long."""

    name: str
    numbers: str
    has_versions: bool
    departments: tuple[str, ...]
    cases: tuple[Fact, ...]

    @property
    def has_digits(self) -> bool:
        return self.numbers == "digits"

    @property
    def has_long_numbers(self) -> bool:
        return self.numbers == "long"

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in HEADERS if name != "version" or self.has_versions)

    @property
    def open_until_cut_off(self) -> frozenset[str]:
        """Cases whose version is of the last evening before the cut-off."""
        return frozenset(fact.number for fact in self.cases if fact.completed is None)

    def write(self) -> bytes:
        lines = [Line([HEADERS[name] for name in self.columns], ())]
        for i, fact in enumerate(self.cases):
            version = FIRST_EVENING if fact.completed is None else datetime(2022, 7, 14, 16, i % 60)
            lines.append(write_case(fact, fact.number, self.columns, version, i))
        return "".join(record + "\n" for record in write_lines(lines, Form())).encode()


def make_base(name: str) -> Base:
    """One of the weeks before; the same each time."""
    numbers, versions = {
        "sichuan": ("sichuan", False),
        "digits": ("digits", False),
        "long": ("long", False),
        "versions": ("sichuan", True),
    }[name]
    draw = Random(f"base {name}")
    departments = DEPARTMENTS if name != "digits" else DEPARTMENTS[:2]
    start = datetime(2022, 1, 3)
    cases = tuple(
        invent(draw, numbers, departments, serial, start + timedelta(days=draw.randint(-12, 190)), completes=0.5)
        for serial in range(1, 15)
    )
    return Base(name, numbers, versions, departments, cases)


BASES = ("sichuan", "digits", "long", "versions")


def number_case(numbers: str, day: datetime, serial: int) -> str:
    if numbers == "sichuan":
        return f"510000-{day:%Y%m%d}-{serial:06}"
    if numbers == "digits":
        return f"{day:%Y%m%d}{serial:03}"
    return f"51{day:%Y%m%d}{(serial * 7919 + 12347) % 10**9:09}"


def invent(
    draw: Random, numbers: str, departments: Sequence[str], serial: int, day: datetime, completes: float
) -> Fact:
    """A case accepted on a day; some lie near midnight, where another zone would move them to another day."""
    hour = draw.choice([9, 10, 11, 14, 15, 16, 0, 23, 7])
    accepted = day.replace(hour=hour, minute=draw.randint(0, 59), second=draw.choice([0, 0, 5, 59]))
    completed = None
    if draw.random() < completes:
        latest = datetime(2022, 7, 15, 18) if accepted < datetime(2022, 7, 15, 12) else datetime(2022, 7, 22, 18)
        completed = min(accepted + timedelta(hours=draw.choice([1, 5, 30, 70, 200]), minutes=7), latest)
        completed = completed if completed > accepted else None
    group = draw.choice(GROUPS)
    is_void = completed is not None and draw.random() < 0.05
    area = ELSEWHERE if draw.random() < 0.08 else PROVINCE
    return Fact(number_case(numbers, day, serial), group, draw.choice(departments), area, accepted, completed, is_void)


def label_of(fact: Fact) -> str:
    labels = [label for label, group in TYPES.items() if group == fact.group]
    return labels[len(fact.number) * 7 % len(labels) if fact.completed is None else 0]


def write_case(fact: Fact, key: str, columns: Sequence[str], version: datetime, place: int) -> Line:
    cells = {
        "number": fact.number,
        "name": PEOPLE[place % len(PEOPLE)],
        "item": ITEMS[place % len(ITEMS)],
        "type": label_of(fact),
        "department": fact.department,
        "area": fact.area,
        "accepted": str(fact.accepted or ""),
        "completed": str(fact.completed or ""),
        "result": ("作废" if fact.is_void else "出证") if fact.completed else "",
        "version": str(version),
    }
    marks = {
        i: "time" for i, name in enumerate(columns) if name in ("accepted", "completed", "version") and cells[name]
    }
    return Line([cells[name] for name in columns], tuple(columns), key, marks)


@dataclass(eq=False)
class Scene:
    """One delivery on its way to be damaged: a table of lines, then the records of a text, then bytes.

    `truth` is what a careful person knows of all cases, those of the week before too, once the delivery has come.
    """

    base: Base
    form: Form
    truth: dict[str, Fact]
    lines: list[Line]
    header_rows: list[Line]
    others: list[Sheet] = field(default_factory=list)
    is_first: bool = True
    merges: list[tuple[Line, int, Line, int]] = field(default_factory=list)
    records: list[str] = field(default_factory=list)
    content: bytes = b""
    bad_byte: str = ""
    stem: str = "办件"
    members: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        return self.header_rows[-1].columns

    @property
    def header(self) -> list[str]:
        return self.header_rows[-1].cells

    @property
    def header_height(self) -> int:
        return len(self.header_rows)

    @property
    def case_lines(self) -> list[Line]:
        return [line for line in self.lines if line.case]

    @property
    def first_case_row(self) -> int:
        return self.lines.index(self.header_rows[-1]) + 1

    def has(self, column: str) -> bool:
        return column in self.columns

    def at(self, column: str) -> int:
        return self.columns.index(column)

    def place_among_cases(self, draw: Random) -> int:
        """A place between two cases, the last one excluded, so that at least one case follows."""
        places = [i for i, line in enumerate(self.lines) if line.case]
        return draw.choice(places[1:] or places)

    def other_line(self, cells: list[str]) -> Line:
        return Line(cells, ())

    def add_case(self, key: str, fact: Fact, place: int, version: datetime) -> None:
        first = self.first_case_row
        self.lines.insert(first + place, write_case(fact, key, self.columns, version, place))

    def copy_header(self) -> list[Line]:
        return [Line(list(line.cells), line.columns) for line in self.header_rows]

    def set_header_rows(self, levels: Sequence[list[str]]) -> list[Line]:
        place, columns = self.lines.index(self.header_rows[0]), self.columns
        rows = [Line(cells, columns) for cells in levels]
        self.lines[place : place + len(self.header_rows)] = rows
        self.header_rows = rows
        return rows

    def rename(self, at: int, name: str) -> None:
        self.header[at] = name

    def insert_column(self, at: int, column: str, name: str, value: Callable[[Line], str]) -> None:
        values = {id(line): value(line) for line in self.lines if line.columns}
        columns = (*self.columns[:at], column, *self.columns[at:])
        for line in self.lines:
            if line.columns:
                line.cells.insert(at, name if line in self.header_rows else values[id(line)])
                line.marks = {j + (j >= at): mark for j, mark in line.marks.items()}
                line.columns = columns

    def drop_column(self, column: str) -> None:
        at = self.at(column)
        self.permute([i for i in range(len(self.columns)) if i != at])

    def permute(self, order: Sequence[int]) -> None:
        for line in self.lines:
            if line.columns:
                self.reorder(line, order)

    def reorder(self, line: Line, order: Sequence[int]) -> None:
        line.cells = [line.cells[i] for i in order]
        line.columns = tuple(line.columns[i] for i in order)
        line.marks = {new: line.marks[old] for new, old in enumerate(order) if old in line.marks}

    def segments(self) -> Iterator[tuple[list[Line], list[tuple[Line, int, Line, int]]]]:
        """The lines of each sheet, with the merged blocks of it."""
        yield self.lines, self.merges
        for sheet in self.others:
            yield sheet.lines, sheet.merges

    def sheets(self) -> list[Sheet]:
        own = Sheet("第1页", self.lines, merges=self.merges)
        return [own, *self.others] if self.is_first else [*self.others, own]

    def insert_record(self, place: int, record: str) -> None:
        self.lines.insert(place, Line([], ()))
        self.records.insert(place, record)

    def append_record(self, record: str) -> None:
        self.insert_record(len(self.lines), record)

    def encode_records(self, *, has_end: bool = True) -> bytes:
        text = self.form.end.join(self.records) + (self.form.end if has_end else "")
        return encode(text, self.form.encoding)

    def forget(self, line: Line) -> None:
        """Nothing tells this line's case any more: what is known is what was known a week ago."""
        before = {fact.number: fact for fact in self.base.cases}
        if line.case in before:
            self.truth[line.case] = before[line.case]
        elif line.case:
            self.truth.pop(line.case, None)


def make_scene(draw: Random, base: Base, form: Form, cases: int | None = None) -> Scene:
    """A clean delivery of 6 to 60 cases: some of the week before, more advanced, and those of this week."""
    number = cases or draw.choice([draw.randint(6, 12), draw.randint(6, 12), draw.randint(13, 60)])
    again = draw.sample(list(base.cases), min(draw.randint(1, 5), number - 3))
    facts = []
    for fact in again:
        ends = fact.completed is None and draw.random() < 0.7
        day = datetime(2022, 7, draw.randint(18, 21), 10, draw.randint(0, 59))
        facts.append(replace(fact, completed=day) if ends else fact)
    for serial in range(101, 101 + number - len(facts)):
        day = datetime(2022, 7, draw.randint(18, 22))
        fact = invent(draw, base.numbers, base.departments, serial, day, completes=0.5)
        late = datetime(2022, 7, 22, 18)
        if fact.completed and fact.completed > late:
            fact = replace(fact, completed=None, is_void=False)
        facts.append(replace(fact, is_void=fact.is_void and fact.completed is not None))
    facts[-1] = replace(facts[-1], accepted=datetime(2022, 7, 22, 16, 30), completed=None, is_void=False)
    draw.shuffle(facts)
    if draw.random() < 0.5:
        facts.sort(key=lambda fact: fact.department)
    truth = {fact.number: fact for fact in base.cases} | {fact.number: fact for fact in facts}
    header = Line([HEADERS[name] for name in base.columns], base.columns)
    lines = [header]
    for i, fact in enumerate(facts):
        version = datetime(2022, 7, draw.randint(18, 22), draw.randint(8, 17), draw.randint(0, 59))
        lines.append(write_case(fact, fact.number, base.columns, version, i))
    return Scene(base, form, truth, lines, [header])


Figures = dict[str, tuple[int, int]]


def count(facts: Mapping[str, Fact] | Sequence[Fact]) -> Figures:
    """The figures of 2022 through 22 July, counted one case after another: accepted, completed by group."""
    figures = dict.fromkeys(GROUPS, (0, 0))
    for fact in facts.values() if isinstance(facts, Mapping) else facts:
        if fact.is_void or fact.area not in (PROVINCE, f"{PROVINCE}000000") or fact.group not in figures:
            continue
        accepted, completed = figures[fact.group]
        accepted += fact.accepted is not None and date(2022, 1, 1) <= fact.accepted.date() <= CUT_OFF
        completed += fact.completed is not None and date(2022, 1, 1) <= fact.completed.date() <= CUT_OFF
        figures[fact.group] = accepted, completed
    return figures
