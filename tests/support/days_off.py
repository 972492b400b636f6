"""What is announced of days off: a library that ends earlier, and a holidays.toml."""

from datetime import date
from pathlib import Path

import chinese_calendar
import pytest

from flows.domain.calendar import now
from flows.domain.holidays import FILE, PROGRAM_CALENDAR, read_library

_SATURDAY = 6

# 国办发明电〔2021〕11号, as far as weekends do not say it.
YEAR_2022 = """
[[announcements]]
year = 2022
announced = 2021-10-25
source = "国办发明电〔2021〕11号"
off = [
  "2022-01-01..2022-01-03", "2022-01-31..2022-02-06", "2022-04-03..2022-04-05", "2022-04-30..2022-05-04",
  "2022-06-03..2022-06-05", "2022-09-10..2022-09-12", "2022-10-01..2022-10-07",
]
working = ["2022-01-29..2022-01-30", "2022-04-02", "2022-04-24", "2022-05-07", "2022-10-08..2022-10-09"]
"""


def end_library(patch: pytest.MonkeyPatch, year: int) -> None:
    """An older version of the package chinesecalendar, which knows nothing after `year`."""
    for days in (chinese_calendar.holidays, chinese_calendar.workdays):
        for day in [day for day in days if day.year > year]:
            patch.delitem(days, day)
    read_library.cache_clear()


def announce_today(root: Path) -> Path:
    """This year is announced with days off at weekends alone: weeks of today are as the library tells them, which may not know it yet."""
    today = now().date()
    saturday = next(day for i in range(7) if (day := date(today.year, 1, 7 - i)).isoweekday() == _SATURDAY)
    entry = (
        f'[[announcements]]\nyear = {today.year}\nannounced = 2025-11-04\nsource = "虚构的通知"\noff = ["{saturday}"]\n'
    )
    announce(root, entry if today.year not in PROGRAM_CALENDAR.years else "")
    return root


def announce(root: Path, text: str) -> Path:
    path = root / FILE
    path.write_text(text, encoding="utf-8")
    return path
