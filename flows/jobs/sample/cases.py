"""Invented cases: those that make the published figures, and some that must not count."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from itertools import accumulate

from flows.domain.holidays import PROGRAM_CALENDAR


class Group(StrEnum):
    """The groups of the profile sichuan, which the samples are made for."""

    LICENCE = "licence"
    PUBLIC_SERVICE = "public_service"
    OTHER_POWER = "other_power"


LAST_CUT_OFF = date(2022, 7, 22)
PUBLISHED = {  # accepted, completed: the bulletin of the week ending 2022-07-22 (docs/method.md §1)
    Group.LICENCE: (465_145, 461_336),
    Group.PUBLIC_SERVICE: (18_703_029, 6_476_433),
    Group.OTHER_POWER: (40_933, 41_684),
}


YEAR = (date(2022, 1, 1), LAST_CUT_OFF)
_YEAR_BEFORE = (date(2021, 7, 1), date(2021, 12, 31))
_END = datetime.combine(LAST_CUT_OFF, time(23, 59))
_OTHER_AREAS = ("510100", "510700", "511500", "513400")
_SERIALS = {Group.LICENCE: 0, Group.OTHER_POWER: 100_000, Group.PUBLIC_SERVICE: 200_000}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the directory, with the names that departments use for its type."""

    type_names: tuple[str, ...]
    code: str
    name: str
    department: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case: delivered once when accepted, and again when completed."""

    number: str
    item: Item
    type_name: str
    area: str
    accepted_at: datetime
    completed_at: datetime | None
    result: str = "出证"


def scale_figures(group: Group, scale: Fraction) -> tuple[int, int]:
    """Accepted and completed cases of a group at a scale, rounded half up."""
    accepted, completed = (int(figure * scale + Fraction(1, 2)) for figure in PUBLISHED[group])
    return accepted, completed


def invent_cases(group: Group, scale: Fraction, chance: random.Random) -> Iterator[Case]:
    """All cases of a group: those that make its figures, then those that must not count."""
    accepted, completed = scale_figures(group, scale)
    carried = min(completed, max(3, completed // 50, completed - accepted + completed // 50))
    items, area = _ITEMS[group], "510000"
    yield from _invent(group, _YEAR_BEFORE, carried, carried, items, chance, area=area, serial=0)
    yield from _invent(group, YEAR, accepted, completed - carried, items, chance, area=area, serial=0)
    few = max(3, accepted // 1000)
    room = reserve_serials(accepted)
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
        # the first table of public service has no type column, so its cases cannot have an unknown type
        if own_items is items or group is not Group.PUBLIC_SERVICE:
            yield from _invent(
                group, YEAR, count, done, own_items, chance, area=own_area, serial=serial * room, result=result
            )


def reserve_serials(accepted: int) -> int:
    """How many serials a day each kind of case gets: more than the busiest day needs, so that kinds share no number."""
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
    for i, (day, number) in enumerate(spread(group, days, accepted, chance)):
        item = items[chance.randrange(len(items))]
        accepted_at = _invent_time(group, day, chance)
        # completed cases are spread evenly, `completed` in total
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
            invent_completion(group, accepted_at, chance) if is_completed else None,
            result,
        )


def spread(group: Group, days: tuple[date, date], count: int, chance: random.Random) -> Iterator[tuple[date, int]]:
    """Day and serial of each of `count` cases: busy Mondays, quiet Fridays, weekends only for public service (online)."""
    weekend = 0.3 if group is Group.PUBLIC_SERVICE else 0.0
    calendar = [days[0] + timedelta(days=i) for i in range((days[1] - days[0]).days + 1)]
    busy = [(1.5 - day.isoweekday() / 10 if PROGRAM_CALENDAR.is_working_day(day) else weekend) for day in calendar]
    weights = list(accumulate(weight * chance.uniform(0.75, 1.25) for weight in busy))
    before = 0
    for day, weight in zip(calendar, weights, strict=True):
        through = round(count * weight / weights[-1])
        for number in range(1, through - before + 1):
            yield day, number
        before = through


def _invent_time(group: Group, day: date, chance: random.Random) -> datetime:
    """A time of whole minutes, since some departments write no seconds."""
    is_night = group is Group.PUBLIC_SERVICE and chance.random() < 0.1
    minute = chance.randrange(24 * 60) if is_night else 510 + chance.randrange(540)
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def invent_completion(group: Group, accepted_at: datetime, chance: random.Random) -> datetime:
    """A time some days later, this year and by the last cut-off; in office hours, except a tenth of public service."""
    earliest = max(accepted_at, datetime(2022, 1, 4, 9, 0)) if accepted_at.year < 2022 else accepted_at
    left = int((_END - earliest).total_seconds()) // 60
    if left < 1:
        return earliest
    delay = int(chance.expovariate(1 / (6 * 24 * 60)))
    completed_at = earliest + timedelta(minutes=delay if 0 < delay <= left else chance.randint(1, left))
    if group is Group.PUBLIC_SERVICE and chance.random() < 0.1:
        return completed_at
    return max(earliest, _move_to_office_hours(completed_at))


def _move_to_office_hours(moment: datetime) -> datetime:
    """Scale the time of day to 08:30–17:30 of the next working day, which is never after the last cut-off, a working day."""
    minute = 510 + (moment.hour * 60 + moment.minute) * 540 // 1440
    return datetime.combine(_next_working_day(moment.date()), time()) + timedelta(minutes=minute)


@cache
def _next_working_day(day: date) -> date:
    return day if PROGRAM_CALENDAR.is_working_day(day) else _next_working_day(day + timedelta(days=1))


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
        ("公共服务", "公共服务事项", "20", "20-公共服务", "便民服务", "公共服务 "),
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
