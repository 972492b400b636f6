"""The sample deliveries, read back dully: csv and openpyxl, a dict per case number, the newest row wins."""

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

import openpyxl
import pytest

from flows.domain.holidays import PROGRAM_CALENDAR
from flows.domain.text import BadInput
from flows.jobs.sample import write_sample
from flows.jobs.sample.cases import YEAR, Group, invent_completion, reserve_serials, scale_figures, spread

NAMES = {
    "办件编号": "number", "受理编号": "number", "申办流水号": "number", "行政区划": "area", "区划代码": "area", "辖区编码": "area",
    "受理时间": "accepted", "受理日期": "accepted", "办结时间": "completed", "办结日期": "completed",
    "办结结果": "result", "办理结果": "result", "更新时间": "version", "同步时间": "version", "事项类型": "type", "职权类型": "type",
    "服务事项类型": "type",
}  # fmt: skip
ENCODINGS = ("utf-8-sig", "gb18030")
OTHER_TYPES = (
    "行政确认",
    "07",
    "1F",
    "行政给付",
    "5",
    "行政检查",
    "行政奖励",
    "其他行政权力",
    "其它行政权力",
    "其他权利",
    "10-其他类别事项",
)
LICENCE_TYPES = ("行政许可", "01", "1A", "01-行政许可", "行政许可（01）")


@dataclass
class Sample:
    """What a person with a spreadsheet sees in the files."""

    rows: list[dict[str, str]] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    headers: set[str] = field(default_factory=set)


def read(raw: Path) -> Sample:
    sample = Sample()
    for path in sorted(raw.glob("*/*办件明细*")):
        form, lines = read_lines(path)
        start = 2 if form == "xlsx" else 0
        header = lines[start]
        sample.forms.add(form)
        sample.headers |= set(header)
        for line in lines[start + 1 :]:
            row = {NAMES[name]: cell for name, cell in zip(header, line, strict=False) if name in NAMES}
            row |= {
                "file": path.name,
                "delivery": path.parent.name,
                "fields": str(len(line) - len(header)),
                "line": str(line),
            }
            sample.rows.append(row)
    return sample


def read_lines(path: Path) -> tuple[str, list[list[str]]]:
    if path.suffix == ".xlsx":
        with closing(openpyxl.load_workbook(path, read_only=True)) as book:
            cells = book.worksheets[0].iter_rows(values_only=True)
            return "xlsx", [["" if cell is None else str(cell) for cell in row] for row in cells]
    encoding = "utf-8-sig" if path.read_bytes().startswith(b"\xef\xbb\xbf") else "gb18030"
    with path.open(encoding=encoding, newline="") as file:
        return encoding, list(csv.reader(file))


@cache
def parse(text: str) -> datetime | None:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d%H%M%S"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def newest_cases(sample: Sample) -> dict[str, dict[str, str]]:
    """The newest row of each case that can be read at all."""
    cases: dict[str, dict[str, str]] = {}
    for row in sorted(sample.rows, key=lambda row: (parse(row.get("version", "")) or datetime.min, row["delivery"])):
        readable = re.fullmatch(r"\d{6}-\d{8}-\d{6}", row["number"]) and row["fields"] == "0"
        if readable and parse(row["accepted"]) and re.fullmatch(r"\d{6}(000000)?", row["area"]):
            cases[row["number"]] = row
    return cases


def count(sample: Sample) -> dict[str, tuple[int, int]]:
    figures: Counter[tuple[str, str]] = Counter()
    for case in newest_cases(sample).values():
        if not case["area"].startswith("510000") or case["result"] in ("作废", "不予受理"):
            continue
        group = case["file"][:4]
        kind = case.get("type", "").strip()
        if (group == "行政许可" and kind not in LICENCE_TYPES) or (group == "其他权力" and kind not in OTHER_TYPES):
            continue
        for measure in ("accepted", "completed"):
            moment = parse(case[measure])
            if moment and datetime(2022, 1, 1) <= moment < datetime(2022, 7, 23):
                figures[group, measure] += 1
    return {g: (figures[g, "accepted"], figures[g, "completed"]) for g in ("行政许可", "公共服务", "其他权力")}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    write_sample(folder)
    return folder


@pytest.fixture(scope="module")
def sample(raw: Path) -> Sample:
    return read(raw)


def test_the_sample_gives_the_published_figures_at_one_to_a_thousand(sample: Sample) -> None:
    assert count(sample) == {"行政许可": (465, 461), "公共服务": (18703, 6476), "其他权力": (41, 42)}


def test_spread_over_a_delivery_each_week_it_gives_the_same_figures(tmp_path: Path) -> None:
    write_sample(tmp_path, weeks=29)
    assert len(list(tmp_path.iterdir())) == 29
    assert count(read(tmp_path)) == {"行政许可": (465, 461), "公共服务": (18703, 6476), "其他权力": (41, 42)}


def test_another_scale_gives_its_figures_rounded_half_up(tmp_path: Path) -> None:
    write_sample(tmp_path, scale=Fraction(1, 500))
    assert count(read(tmp_path)) == {"行政许可": (930, 923), "公共服务": (37406, 12953), "其他权力": (82, 83)}


def test_the_same_seed_gives_the_same_bytes(raw: Path, tmp_path: Path) -> None:
    write_sample(tmp_path)
    for path in raw.rglob("*.*"):
        assert (tmp_path / path.relative_to(raw)).read_bytes() == path.read_bytes(), path.name


def test_another_seed_gives_other_cases_and_the_same_figures(tmp_path: Path) -> None:
    samples = []
    for seed in (7, 2022):
        write_sample(tmp_path / str(seed), scale=Fraction(1, 5000), seed=seed)
        samples.append(read(tmp_path / str(seed)))
    assert count(samples[0]) == count(samples[1])
    assert count(samples[0]) == {"行政许可": (93, 92), "公共服务": (3741, 1295), "其他权力": (8, 8)}
    assert newest_cases(samples[0]) != newest_cases(samples[1])


def test_the_busiest_day_of_a_large_sample_has_serials_for_every_kind_of_case() -> None:
    accepted, _ = scale_figures(Group.PUBLIC_SERVICE, Fraction(1, 10))
    days = Counter(day for day, _ in spread(Group.PUBLIC_SERVICE, YEAR, accepted, Random(1)))
    assert 10_000 < max(days.values()) < reserve_serials(accepted)


def test_a_case_accepted_in_the_last_minute_is_completed_in_it() -> None:
    last_minute = datetime(2022, 7, 22, 23, 59)
    assert invent_completion(Group.PUBLIC_SERVICE, last_minute, Random(1)) == last_minute


def test_the_sample_stays_under_three_megabytes(raw: Path) -> None:
    assert sum(path.stat().st_size for path in raw.rglob("*.*")) < 3_000_000


def test_each_delivery_says_that_it_is_a_sample_and_when_it_was_received(raw: Path) -> None:
    said = {path.parent.name: tomllib.loads(path.read_text()) for path in raw.glob("*/delivery.toml")}
    assert {name: str(settings["received_on"]) for name, settings in said.items()} == {
        "2022-07-08": "2022-07-11",
        "2022-07-15": "2022-07-18",
        "2022-07-22": "2022-07-25",
    }
    assert all(settings["sample"] is True and settings["profile"] == "sichuan" for settings in said.values())


def test_the_sample_comes_in_every_form_with_personal_columns(sample: Sample) -> None:
    assert sample.forms == {"xlsx", "utf-8-sig", "gb18030"}
    assert {"申请人姓名", "证件号码", "联系电话", "联系地址", "经办人", "法定代表人"} <= sample.headers


def occurrences(sample: Sample) -> Iterator[tuple[str, int]]:
    cases = newest_cases(sample)
    first = {row["number"]: row["delivery"] for row in reversed(sample.rows)}
    lines = Counter((row["file"], row["line"]) for row in sample.rows)
    times = {number: (parse(case["accepted"]), parse(case["completed"])) for number, case in cases.items()}
    yield "carried over", sum(bool(c and a and a.year < c.year) for a, c in times.values())
    yield (
        "completed later",
        sum(bool(parse(case["completed"])) and first[n] < case["delivery"] for n, case in cases.items()),
    )
    yield "repeats", sum(n - 1 for n in lines.values())
    yield "other areas", sum(not case["area"].startswith("510000") for case in cases.values())
    yield "unclassified", sum(case.get("type") in ("31", "行政指导", "99") for case in cases.values())
    yield "void", sum(case["result"] == "作废" for case in cases.values())
    yield "not admitted", sum(case["result"] == "不予受理" for case in cases.values())
    yield "damaged number", sum("E+" in row["number"] for row in sample.rows)
    yield "no number", sum(row["number"] == "" for row in sample.rows)
    yield "no such day", sum(row.get("accepted", "").startswith("2022-13") for row in sample.rows)
    yield "no such area", sum(row.get("area", "").startswith("省本级") for row in sample.rows)
    yield "other structure", sum(row["fields"] != "0" for row in sample.rows)


def test_every_kind_of_row_that_real_deliveries_hold_occurs_at_least_three_times(sample: Sample) -> None:
    assert {kind: number for kind, number in occurrences(sample) if number < 3} == {}


def test_licences_and_other_powers_are_completed_in_office_hours(sample: Sample) -> None:
    moments = [parse(row["completed"]) for row in sample.rows if row["file"][:4] != "公共服务" and row.get("completed")]
    assert {
        m
        for m in moments
        if m and not (PROGRAM_CALENDAR.is_working_day(m.date()) and 510 <= m.hour * 60 + m.minute <= 1050)
    } == set()


def test_no_two_unreadable_rows_share_a_number(sample: Sample) -> None:
    cases = newest_cases(sample)
    numbers = [n for row in sample.rows if (n := row["number"]) and n not in cases and "E+" not in n]
    assert len(numbers) == len(set(numbers)) > 0


def test_every_group_writes_its_types_in_several_ways_and_one_file_has_no_type_column(sample: Sample) -> None:
    spellings = {(row["file"][:4], row["type"]) for row in sample.rows if "type" in row}
    assert {group: sum(g == group for g, _ in spellings) >= 5 for group, _ in spellings} == dict.fromkeys(
        ("行政许可", "公共服务", "其他权力"), True
    )
    untyped = {row["file"] for row in sample.rows if row["fields"] == "0" and "type" not in row}
    assert untyped == {"公共服务办件明细_20220708.xlsx"}


def test_no_event_lies_after_the_cut_off_of_its_delivery(sample: Sample) -> None:
    late = [
        row
        for row in sample.rows
        for measure in ("accepted", "completed", "version")
        if (moment := parse(row.get(measure, ""))) and f"{moment:%Y-%m-%d}" > row["delivery"]
    ]
    assert late == []


def test_a_real_delivery_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "2022-07-15").mkdir()
    with pytest.raises(BadInput, match="holds a real delivery, and samples do not replace it"):
        write_sample(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["2022-07-15"]
