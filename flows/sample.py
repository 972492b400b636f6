"""Sample deliveries: invented cases whose figures are those of the real bulletin, scaled.

Three weekly deliveries hold what real ones hold: late completions, cases carried over from last year, repeats, other areas,
void cases, unclassified types, rows that cannot be read, and personal columns that must not get past the reader.
"""

import csv
import random
import shutil
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol

from flows.vocabulary import BadInput, Group
from flows.workdays import is_working_day

CUT_OFFS = (date(2022, 7, 8), date(2022, 7, 15), date(2022, 7, 22))
PUBLISHED = {  # accepted, completed: the bulletin of the week ending 2022-07-22 (DOMAIN.md §1)
    Group.LICENCE: (465_145, 461_336),
    Group.PUBLIC_SERVICE: (18_703_029, 6_476_433),
    Group.OTHER_POWER: (40_933, 41_684),
}
_YEAR = (date(2022, 1, 1), CUT_OFFS[-1])
_YEAR_BEFORE = (date(2021, 7, 1), date(2021, 12, 31))
_END = datetime.combine(CUT_OFFS[-1], time(23, 59))
_SHEET_ROWS = 200_000  # larger tables are written as text
_PLAIN_TIME = "%Y-%m-%d %H:%M:%S"
_OTHER_AREAS = ("510100", "510700", "511500", "513400")
_SERIALS = {Group.LICENCE: 0, Group.OTHER_POWER: 100_000, Group.PUBLIC_SERVICE: 200_000}
_PERSONAL = ("申请人姓名", "证件号码", "联系电话", "联系地址", "经办人")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the directory, with the spellings of its type that departments use."""

    type_names: tuple[str, ...]
    code: str
    name: str
    department: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case; it is delivered when it is accepted and again when it is completed."""

    number: str
    item: Item
    type_name: str
    area: str
    accepted_at: datetime
    completed_at: datetime | None
    result: str = "出证"


@dataclass(frozen=True)
class Form:
    """How one department writes one table: its columns, encoding, time format, and whether it is a workbook."""

    name: str
    columns: dict[str, str]
    encoding: str = "utf-8-sig"
    time_format: str = _PLAIN_TIME
    line_end: str = "\r\n"
    is_workbook: bool = False


class Writer(Protocol):
    def write(self, cells: Sequence[Any]) -> None: ...

    def close(self) -> None: ...


def write_sample(raw: Path, *, scale: Fraction = Fraction(1, 1000), seed: int = 2022) -> list[Path]:
    """Write the deliveries 2022-07-08, -15 and -22 below `raw`; returns their files, byte for byte the same each time.

    The year-to-date figures of 2022-07-22 are those of the real paragraph times `scale`, rounded half up.

    Raises:
        BadInput: one of the folders holds a delivery that is no sample.
    """
    targets = [raw / cut_off.isoformat() for cut_off in CUT_OFFS]
    for target in targets:
        _refuse_real(target)
    drafts = [raw / f".sample-{target.name}" for target in targets]
    for draft, cut_off in zip(drafts, CUT_OFFS, strict=True):
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        (draft / "delivery.toml").write_text(_describe_delivery(cut_off), encoding="utf-8")
    for group in Group:
        _write_group(group, drafts, scale, random.Random(f"{seed} {group}"))
    for draft, target in zip(drafts, targets, strict=True):
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    return sorted(path for target in targets for path in target.iterdir() if path.suffix != ".toml")


def scale_figures(group: Group, scale: Fraction) -> tuple[int, int]:
    """Accepted and completed cases of a group at a scale, rounded half up."""
    accepted, completed = (int(figure * scale + Fraction(1, 2)) for figure in PUBLISHED[group])
    return accepted, completed


def _describe_delivery(cut_off: date) -> str:
    monday = cut_off + timedelta(days=3)
    return f'# 示例数据 / invented data\nprofile = "sichuan"\nreceived_on = {monday}\nsample = true\n'


def _refuse_real(target: Path) -> None:
    settings = target / "delivery.toml"
    is_sample = settings.is_file() and tomllib.loads(settings.read_text(encoding="utf-8")).get("sample")
    if target.exists() and not is_sample:
        raise BadInput(
            zh=f"{target} 里是真实批次，示例数据不会覆盖它。请另建目录：bulletin init --root 目录",
            en=f"{target} holds a real delivery, and samples do not replace it. Make another root: bulletin init --root DIR",
        )


# ---------------------------------------------------------------- cases


def _invent_cases(group: Group, scale: Fraction, chance: random.Random) -> Iterator[Case]:
    """All cases of a group: those that make its figures, then those that must not count."""
    accepted, completed = scale_figures(group, scale)
    carried = min(completed, max(3, completed // 50, completed - accepted + completed // 50))
    items, area = _ITEMS[group], "510000"
    yield from _invent(group, _YEAR_BEFORE, carried, carried, items, chance, area=area, serial=0)
    yield from _invent(group, _YEAR, accepted, completed - carried, items, chance, area=area, serial=0)
    few = max(3, accepted // 1000)
    room = _reserve_serials(accepted)
    unclassified = [
        Item(("31", "行政指导", "99"), f"51ZZ{i:010d}{_TAIL}", "示例事项", "四川省示例厅") for i in range(3)
    ]
    for serial, (count, done, own_items, own_area, result) in enumerate(
        [
            (max(3, accepted * 3 // 100), accepted // 100, items, None, "出证"),
            (few, few // 2, unclassified, area, "出证"),
            (few, few, items, area, "作废"),
            (few, few, items, area, "不予受理"),
        ],
        1,
    ):
        if own_items is items or _FORMS[group][0].columns.get("item_type"):
            yield from _invent(
                group, _YEAR, count, done, own_items, chance, area=own_area, serial=serial * room, result=result
            )


def _reserve_serials(accepted: int) -> int:
    """Serials that each kind of case has on each day: more than the busiest day needs, or kinds would share numbers."""
    return max(10_000, accepted // 50)


def _invent(
    group: Group,
    days: tuple[date, date],
    accepted: int,
    completed: int,
    items: Sequence[Item],
    chance: random.Random,
    *,
    area: str | None,
    serial: int,
    result: str = "出证",
) -> Iterator[Case]:
    """`accepted` cases spread over the days, of which `completed` are completed by the last cut-off."""
    done = 0
    for i, (day, number) in enumerate(_spread(group, days, accepted, chance)):
        item = items[chance.randrange(len(items))]
        accepted_at = _invent_time(group, day, chance)
        # an even share of all cases is completed, exactly `completed` in the end
        is_completed = (i + 1) * completed // accepted > done
        done += is_completed
        own_area = area or _OTHER_AREAS[i % len(_OTHER_AREAS)]
        where = own_area if i % 50 else "510100"  # a provincial item may be accepted in a city
        yield Case(
            f"{where}-{day.isoformat().replace('-', '')}-{_SERIALS[group] + serial + number:06d}",
            item,
            item.type_names[i % len(item.type_names)],
            own_area if i % 7 else f"{own_area}000000",
            accepted_at,
            _invent_completion(accepted_at, chance) if is_completed else None,
            result,
        )


def _spread(group: Group, days: tuple[date, date], count: int, chance: random.Random) -> Iterator[tuple[date, int]]:
    """The day and the serial of each of `count` cases: busy Mondays, quiet Fridays, weekends only at the portals."""
    weekend = 0.3 if group is Group.PUBLIC_SERVICE else 0.0
    calendar = [days[0] + timedelta(days=i) for i in range((days[1] - days[0]).days + 1)]
    busy = [(1.5 - day.isoweekday() / 10 if is_working_day(day) else weekend) for day in calendar]
    weights = list(accumulate(weight * chance.uniform(0.75, 1.25) for weight in busy))
    before = 0
    for day, weight in zip(calendar, weights, strict=True):
        through = round(count * weight / weights[-1])
        for number in range(1, through - before + 1):
            yield day, number
        before = through


def _invent_time(group: Group, day: date, chance: random.Random) -> datetime:
    """A whole minute, since some departments write no seconds."""
    is_night = group is Group.PUBLIC_SERVICE and chance.random() < 0.1
    minute = chance.randrange(24 * 60) if is_night else 510 + chance.randrange(540)
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def _invent_completion(accepted_at: datetime, chance: random.Random) -> datetime:
    """Some days later; this year at the earliest, by the last cut-off at the latest."""
    earliest = max(accepted_at, datetime(2022, 1, 4, 9, 0)) if accepted_at.year < 2022 else accepted_at
    left = int((_END - earliest).total_seconds()) // 60
    if left < 1:
        return earliest
    delay = int(chance.expovariate(1 / (6 * 24 * 60)))
    return earliest + timedelta(minutes=delay if 0 < delay <= left else chance.randint(1, left))


# ---------------------------------------------------------------- rows and files


def _write_group(group: Group, drafts: Sequence[Path], scale: Fraction, chance: random.Random) -> None:
    with ExitStack() as stack:
        tables = []
        for i, (draft, form) in enumerate(zip(drafts, _FORMS[group], strict=True)):
            is_small = scale * PUBLISHED[group][0] < _SHEET_ROWS
            table = Table(draft, form, CUT_OFFS[i], is_small=is_small)
            stack.callback(table.close)
            tables.append(table)
        for i, case in enumerate(_invent_cases(group, scale, chance)):
            _deliver(case, i, tables)
        for i, table in enumerate(tables):
            table.write_unreadable(list(Group).index(group) * 3 + i)


def _deliver(case: Case, i: int, tables: Sequence["Table"]) -> None:
    """Write the case into the delivery of its acceptance, and into that of its completion if that comes later."""
    first = bisect_left(CUT_OFFS, case.accepted_at.date())
    last = bisect_left(CUT_OFFS, case.completed_at.date()) if case.completed_at else first
    tables[first].write_case(case, is_completed=last == first and case.completed_at is not None)
    if last > first:
        tables[last].write_case(case, is_completed=True)
    if i % 500 == 7 or i < 2:  # the same row twice in one delivery
        tables[last].write_case(case, is_completed=case.completed_at is not None)
    if i % 500 == 11 and last < 2:  # the same row again in the next delivery
        tables[last + 1].write_case(case, is_completed=case.completed_at is not None)


class Table:
    """One file of one delivery, in the form of its department."""

    def __init__(self, folder: Path, form: Form, cut_off: date, *, is_small: bool) -> None:
        self._form = form
        self._is_workbook = form.is_workbook and is_small
        suffix = "xlsx" if self._is_workbook else "csv"
        path = folder / f"{form.name}_{cut_off:%Y%m%d}.{suffix}"
        header = list(form.columns.values())
        self._writer: Writer = (
            Workbook(path, header, f"{form.name}（截至{cut_off}）") if self._is_workbook else Text(path, form, header)
        )

    def write_case(self, case: Case, *, is_completed: bool) -> None:
        completed_at = case.completed_at if is_completed else None
        values = {
            "case_no": case.number,
            "item_type": case.type_name,
            "item_code": case.item.code,
            "item_name": case.item.name,
            "department": case.item.department,
            "area_code": case.area,
            "applied_at": self._say(case.accepted_at - timedelta(minutes=20)),
            "accepted_at": self._say(case.accepted_at),
            "due_at": self._say(case.accepted_at + timedelta(days=20)),
            "completed_at": self._say(completed_at),
            "result": case.result if completed_at else "",
            "version_at": self._say(completed_at or case.accepted_at),
            "channel": "网上" if int(case.number[-1]) % 3 else "窗口",
            "case_kind": "承诺件" if int(case.number[-1]) % 4 else "即办件",
        }
        self._write(values)

    def write_unreadable(self, number: int) -> None:
        """Rows as they come damaged: two kinds of cells a file, and in text rows of another structure."""
        good = {
            "case_no": f"510000-20220706-9{number:05d}",
            "item_type": "行政许可",
            "area_code": "510000",
            "accepted_at": self._say(datetime(2022, 7, 6, 10, 0)),
            "version_at": self._say(datetime(2022, 7, 6, 10, 0)),
        }
        damages = (
            {"case_no": "4.15748E+18"},
            {"case_no": ""},
            {"accepted_at": "2022-13-45 10:00"},
            {"area_code": "省本级？？", "item_code": ""},
        )
        for kind in (number, number + 1):
            self._write({**good, **damages[kind % len(damages)]})
        if not self._is_workbook:
            width = len(self._form.columns)
            self._writer.write(["510000-20220706-800000"] + [""] * (width - 3))
            self._writer.write(["510000-20220706-800001"] + ["多"] * (width + 2))

    def close(self) -> None:
        self._writer.close()

    def _write(self, values: dict[str, Any]) -> None:
        serial = int(values["case_no"][-6:]) if values["case_no"][-6:].isdigit() else 0
        invented = dict(zip(_PERSONAL, _invent_person(serial), strict=True))
        self._writer.write([values.get(name, invented.get(name, "")) for name in self._form.columns])

    def _say(self, moment: datetime | None) -> Any:
        if moment is None:
            return ""
        if self._is_workbook:
            return moment
        if self._form.time_format == _PLAIN_TIME:
            return str(moment)  # the same text, several times faster: millions of rows
        written = moment.strftime(self._form.time_format)
        return written.replace("/0", "/") if "/" in written else written


def _invent_person(number: int) -> tuple[str, ...]:
    """Nobody: an ID number of no region and day, a telephone of no network, a street of no town."""
    name = "赵钱孙李"[number % 4] + "示例"
    return (name, f"0000001900{number % 10**8:08d}", f"000{number % 10**8:08d}", f"示例路{number % 999}号", "样本员")


class Text:
    """Delimited text."""

    def __init__(self, path: Path, form: Form, header: Sequence[str]) -> None:
        self._file = path.open("w", encoding=form.encoding, newline="")
        self._rows = csv.writer(self._file, lineterminator=form.line_end)
        self.write(header)

    def write(self, cells: Sequence[Any]) -> None:
        self._rows.writerow(cells)

    def close(self) -> None:
        self._file.close()


class Workbook:
    """A workbook with a merged title and a period row above its header."""

    def __init__(self, path: Path, header: Sequence[str], title: str) -> None:
        import xlsxwriter

        self._book = xlsxwriter.Workbook(str(path))
        self._book.set_properties({"created": datetime(2022, 7, 22)})  # the same bytes each time
        self._sheet = self._book.add_worksheet("办件明细")
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._sheet.merge_range(0, 0, 0, len(header) - 1, title)
        self._sheet.write_string(1, 0, "单位：件")
        self._next = 2
        self.write(header)

    def write(self, cells: Sequence[Any]) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime):
                self._sheet.write_datetime(self._next, column, cell, self._time)
            elif cell:
                self._sheet.write_string(self._next, column, cell)
        self._next += 1

    def close(self) -> None:
        self._book.close()


# ---------------------------------------------------------------- what the invented departments look like


def _add_check_digit(first_17: str) -> str:
    """A 统一社会信用代码 with its mod-31 check character (GB 32100-2015)."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(character) * pow(3, i, 31) for i, character in enumerate(first_17))
    return first_17 + alphabet[-total % 31]


def _make_items(letter: str, type_names: tuple[str, ...], names: Iterable[str]) -> list[Item]:
    return [
        Item(type_names, f"51{letter}{i:010d}{_TAIL}", name, _DEPARTMENTS[i % len(_DEPARTMENTS)])
        for i, name in enumerate(names, 1)
    ]


_DEPARTMENTS = ("四川省示例市场监督局", "四川省示例住建厅", "四川省示例人社厅", "四川省示例交通厅", "四川省示例民政厅")
_TAIL = f"-510000000000-000-{_add_check_digit('11510000MB1690541')}-1-00"
_ITEMS = {
    Group.LICENCE: _make_items(
        "1A",
        ("行政许可", "01", "1A", "01-行政许可", "行政许可　", "行政许可（01）"),
        ("药品经营许可", "建筑施工企业资质认定", "道路运输经营许可", "人力资源服务许可", "慈善组织公开募捐资格认定"),
    ),
    Group.PUBLIC_SERVICE: _make_items(
        "2A",
        ("公共服务", "公共服务事项", "20"),
        ("社保参保证明查询", "公积金余额查询", "企业信息查询", "养老待遇资格认证"),
    ),
    Group.OTHER_POWER: [
        *_make_items("1F", ("行政确认", "07", "1F"), ("建设工程消防验收", "社会团体章程核准")),
        *_make_items("1G", ("行政给付", "5"), ("困难残疾人生活补贴",)),
        *_make_items("1I", ("行政检查",), ("特种设备检查",)),
        *_make_items("1H", ("行政奖励",), ("科技进步奖励",)),
        *_make_items(
            "1Z", ("其他行政权力", "其它行政权力", "其他权利", "10-其他类别事项"), ("施工合同备案", "章程修改备案")
        ),
    ],
}
_LICENCE_COLUMNS = {
    "case_no": "办件编号", "申请人姓名": "申请人姓名", "证件号码": "证件号码", "联系电话": "联系电话", "item_type": "事项类型",
    "item_code": "实施编码", "item_name": "事项名称", "department": "实施主体", "area_code": "行政区划", "case_kind": "办件类型",
    "applied_at": "申请时间", "accepted_at": "受理时间", "due_at": "承诺办结时间", "completed_at": "办结时间", "result": "办结结果",
    "version_at": "更新时间",
}  # fmt: skip
_PUBLIC_COLUMNS = {
    "item_code": "事项编码", "case_no": "受理编号", "department": "受理部门", "area_code": "区划代码", "申请人姓名": "申请人",
    "联系电话": "手机号码", "联系地址": "联系地址", "accepted_at": "受理日期", "completed_at": "办结日期", "result": "办理结果",
    "version_at": "同步时间",
}  # fmt: skip
_OTHER_COLUMNS = {
    "case_no": "申办流水号", "item_type": "职权类型", "item_code": "实施编码", "item_name": "实施清单名称",
    "department": "办件所属部门", "area_code": "辖区编码", "申请人姓名": "法定代表人", "联系地址": "联系地址", "经办人": "经办人",
    "applied_at": "收件时间", "accepted_at": "受理时间", "completed_at": "办结时间", "result": "办结结果", "version_at": "更新时间",
    "channel": "申请方式",
}  # fmt: skip
_FORMS = {
    Group.LICENCE: (
        Form("行政许可办件明细", _LICENCE_COLUMNS, encoding="gb18030"),
        Form("行政许可办件明细", _LICENCE_COLUMNS, is_workbook=True),
        Form("行政许可办件明细", _LICENCE_COLUMNS, time_format="%Y/%m/%d %H:%M"),
    ),
    Group.PUBLIC_SERVICE: (
        Form("公共服务办件明细", _PUBLIC_COLUMNS, encoding="utf-8", line_end="\n", is_workbook=True),
        Form("公共服务办件明细", _PUBLIC_COLUMNS, encoding="gb18030", time_format="%Y/%m/%d %H:%M"),
        Form("公共服务办件明细", _PUBLIC_COLUMNS),
    ),
    Group.OTHER_POWER: (
        Form("其他权力办件明细", _OTHER_COLUMNS),
        Form("其他权力办件明细", _OTHER_COLUMNS, encoding="gb18030", time_format="%Y%m%d%H%M%S", line_end="\n"),
        Form("其他权力办件明细", _OTHER_COLUMNS, is_workbook=True),
    ),
}
