"""What is announced of days off: a library that ends earlier, and a holidays.toml."""

from pathlib import Path

import chinese_calendar
import pytest

from flows.domain.holidays import FILE, read_library

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


def announce(root: Path, text: str) -> Path:
    path = root / FILE
    path.write_text(text, encoding="utf-8")
    return path
