"""The gates: for each rule a delivery that breaks it and nothing else, one that passes narrowly, and the tolerance that tells them apart."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from business import COLUMNS, USUAL_B, WEEK_A, WEEK_B, Row, describe, do_business, number, until, write
from drawing import deliver, draw, fold_steps

from flows.checks.great_expectations import validate
from flows.checks.judge import judge_deliveries, judge_week, recount
from flows.checks.suites import list_expectations
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.domain.profile import Profile, load_profile
from flows.domain.verdicts import Verdict
from flows.engine.duckdb.connection import Connection
from flows.engine.duckdb.storage import open_in_memory
from flows.engine.protocols import Engine
from flows.engine.query import list_queries, load_query
from flows.figures.causes import list_falls
from flows.root.deliveries import find_files
from flows.root.delivery_notes import read_notes
from flows.warehouse.reference import store_calendar, store_classification, store_notes, store_tolerances

PROFILE = load_profile("sichuan")
WEEK = PROGRAM_CALENDAR.week_ending(date(2022, 7, 22))
Files = Mapping[str, str]


def change(rows: Sequence[Row], count: int, **changes: str) -> list[Row]:
    return [{**row, **(changes if i < count else {})} for i, row in enumerate(rows)]


@contextmanager
def fold(files: Files, tolerances: Mapping[str, float]) -> Iterator[tuple[Connection, Profile]]:
    """A warehouse in memory; `2022-07-22/delivery.toml` and the like are notes."""
    profile = replace(PROFILE, tolerances={**PROFILE.tolerances, **tolerances})
    with TemporaryDirectory() as folder, open_in_memory(has_schema=True) as engine:
        project = deliver(Path(folder), files)
        store_classification(engine, profile)
        store_calendar(engine, PROGRAM_CALENDAR)
        store_tolerances(engine, profile)
        for _ in fold_steps(engine, project):
            pass
        store_notes(engine, read_notes(project, find_files(project)))
        yield engine, profile


def judge(engine: Engine, profile: Profile) -> dict[str, Verdict]:
    store_tolerances(engine, profile)
    recount(engine)
    verdicts = [*judge_deliveries(engine, profile), *judge_week(engine, profile, WEEK, list_falls(engine, WEEK))]
    return {verdict.verdict.name: verdict.verdict for verdict in verdicts}


def fail(checks: Mapping[str, Verdict]) -> set[str]:
    return {name for name, check in checks.items() if not check.is_passed}


# ---------------------------------------------------------------- rules of rows


ROW = {"办件编号": "1", "事项类型": "行政许可", "行政区划": "510000", "受理时间": "2022-07-04 10:00:00"}
GOOD_CODE = "511A0358300011-510000000000-000-11510000MB1690541M-1-00"
BAD_CODE = "511A0358300011-510000000000-000-11510000MB1690542M-1-00"
OTHERS = [{**ROW, "办件编号": f"41574812345678{i:05}"} for i in range(10_001, 10_041)]
# rule → rows that break it, rows that narrowly do not
ROW_RULES: dict[str, tuple[list[Row], list[Row]]] = {
    "case_no_missing": ([{**ROW, "办件编号": " "}], [{**ROW, "办件编号": "0"}]),
    "case_no_damaged": (
        [{**ROW, "办件编号": "4.15748E+18"}, {**ROW, "办件编号": "4e18"}],
        [{**ROW, "办件编号": "4.15748E+18-1"}, {**ROW, "办件编号": "51000090E135783365498361"}],
    ),
    "case_no_rounded": (
        [*OTHERS, *({**ROW, "办件编号": f"415748123456{i:03}0000"} for i in range(100, 110))],
        [*OTHERS, *({**ROW, "办件编号": f"415748123456{i:03}0001"} for i in range(100, 110))],
    ),
    "case_no_unreadable": ([{**ROW, "办件编号": "#N/A"}], [{**ROW, "办件编号": "#1"}]),
    "case_no_decimal": (
        [{**ROW, "办件编号": "20220718101.0"}, {**ROW, "办件编号": "20220718102"}],
        [{**ROW, "办件编号": "20220718101.0"}, {**ROW, "办件编号": "20220718102.0"}],
    ),
    "cell_unreadable": ([{**ROW, "实施主体": "#REF!"}], [{**ROW, "实施主体": "#1"}]),
    "other_day_by_offset": (
        [{**ROW, "受理时间": "2022-07-04T16:00:00Z"}],
        [{**ROW, "受理时间": "2022-07-04T15:59:59Z"}],
    ),
    "times_month_first": (
        [{**ROW, "办件编号": str(i), "受理时间": f"7/{i}/2022"} for i in range(1, 21)],
        [{**ROW, "办件编号": str(i), "受理时间": f"2022/7/{i}"} for i in range(1, 21)],
    ),
    "times_day_first": (
        [{**ROW, "办件编号": str(i), "受理时间": f"{i}/7/2022"} for i in range(1, 21)],
        [{**ROW, "办件编号": str(i), "受理时间": f"2022/7/{i}"} for i in range(1, 21)],
    ),
    "times_short_year": (
        [{**ROW, "办件编号": str(i), "受理时间": f"22年7月{i}日"} for i in range(1, 21)],
        [{**ROW, "办件编号": str(i), "受理时间": f"2022年7月{i}日"} for i in range(1, 21)],
    ),
    "accepted_at_unreadable": ([{**ROW, "受理时间": "2022-02-29"}], [{**ROW, "受理时间": "2020-02-29"}]),
    "completed_at_unreadable": ([{**ROW, "办结时间": "2022-13-01"}], [{**ROW, "办结时间": "2022-07-05"}]),
    "area_unreadable": ([{**ROW, "行政区划": "51000"}], [{**ROW, "行政区划": "510000000"}]),
    "accepted_at_missing": ([{**ROW, "受理时间": ""}], [{**ROW, "受理时间": "", "办结结果": "不予受理"}]),
    "completed_before_accepted": (
        [{**ROW, "办结时间": "2022-07-04 09:59:59"}],
        [{**ROW, "办结时间": "2022-07-04 10:00:00"}],
    ),
    "time_after_cut_off": (
        [{**ROW, "受理时间": "2022-07-23 00:00:00"}],
        [{**ROW, "受理时间": "2022-07-22 23:59:59"}],
    ),
    "time_in_future": ([{**ROW, "办结时间": "2099-01-01"}], [{**ROW, "办结时间": "2022-07-22"}]),
    "time_before_2000": ([{**ROW, "受理时间": "1999-12-31"}], [{**ROW, "受理时间": "2000-01-01"}]),
    "type_unknown": ([{**ROW, "事项类型": "99"}, {**ROW, "办件编号": "2"}], [{**ROW, "事项类型": "行政备案"}]),
    "item_code_disagrees": ([{**ROW, "实施编码": "511B0358300011"}], [{**ROW, "实施编码": GOOD_CODE}]),
    "body_code_wrong": ([{**ROW, "实施编码": BAD_CODE}], [{**ROW, "实施编码": GOOD_CODE}]),
    "other_time_unreadable": ([{**ROW, "更新时间": "昨天"}], [{**ROW, "更新时间": "--"}]),
    "rows_in_conflict": (
        [{**ROW, "更新时间": "2022-07-05"}, {**ROW, "更新时间": "2022-07-05", "办结时间": "2022-07-05"}],
        [{**ROW, "更新时间": "2022-07-05"}, {**ROW, "更新时间": "2022-07-06", "办结时间": "2022-07-05"}],
    ),
    "numbers_taken": (
        [{**ROW, "实施主体": "甲厅", "更新时间": "2022-07-05"}, {**ROW, "实施主体": "乙厅", "受理时间": "2022-07-05", "更新时间": "2022-07-06"}],
        [{**ROW, "实施主体": "甲厅", "更新时间": "2022-07-05"}, {**ROW, "实施主体": "乙厅", "受理时间": "2022-07-04", "更新时间": "2022-07-06"}],
    ),
    "key_not_unique": (
        [{**ROW, "受理时间": f"2022-07-{i:02}", "更新时间": f"2022-07-{i:02}"} for i in range(1, 6)],
        [{**ROW, "受理时间": f"2022-07-{i:02}", "更新时间": f"2022-07-{i:02}"} for i in range(1, 5)],
    ),
    "burst": (
        [{**ROW, "办件编号": str(i), "受理时间": f"2022-07-04 10:00:{i % 60:02}"} for i in range(201)],
        [{**ROW, "办件编号": str(i), "受理时间": f"2022-07-04 10:00:{i % 60:02}"} for i in range(200)],
    ),
}  # fmt: skip
ROW_COLUMNS = (*COLUMNS, "办结结果")


def find_rules(rows: Sequence[Row]) -> set[str]:
    with fold({"2022-07-22": write(rows, ROW_COLUMNS)}, {}) as (engine, _):
        return {row["rule"] for row in engine.read("row_findings").dicts()}


@pytest.mark.parametrize("rule", ROW_RULES)
def test_a_row_rule_finds_what_breaks_it_and_nothing_else(rule: str) -> None:
    broken, narrow = ROW_RULES[rule]
    assert find_rules(broken) == {rule}
    assert find_rules(narrow) == set()


@pytest.mark.parametrize("line", ["2,行政许可,510000", "2" + ",x" * 40])
def test_a_line_with_fewer_or_more_fields_than_the_header_is_refused_whole(line: str) -> None:
    with fold({"2022-07-22": f"{write([ROW], ROW_COLUMNS)}{line}\n"}, {}) as (engine, _):
        (item,) = engine.read("quarantine").dicts()
        assert (item["rule"], item["row_no"], item["value"]) == ("row_structure", 3, "")


def test_a_damaged_byte_costs_its_line_and_a_quotation_mark_that_spans_lines_costs_them() -> None:
    rows = [{**ROW, "办件编号": f"510000-20220704-00012{i}"} for i in range(4)]
    lines = write(rows, ROW_COLUMNS).splitlines()
    lines[2] = lines[2].replace("行政许可", '"行政许可')
    lines[3] = lines[3].replace("行政许可", '行政许可"')
    with fold({"2022-07-22": "\n".join([*lines, ""])}, {}) as (engine, _):
        items = engine.read("quarantine").dicts()
        assert [(item["rule"], item["row_no"], item["value"], item["case_no"][-2:]) for item in items] == [
            ("row_swallowed", 3, "3–4", "21"),
            ("row_swallowed", 4, "3–4", "22"),
        ]


def test_a_burst_is_of_one_department_and_item_whatever_else_its_rows_tell_and_each_of_its_rows_is_named() -> None:
    """A busy minute of the office is none, and what its rows say of area or kind does not part them."""

    def draw_minute(key: str, values: tuple[str, str], minute: str) -> list[Row]:
        return [
            {**ROW, "办件编号": f"{minute}-{i}", key: values[i % 2], "受理时间": f"2022-07-04 {minute}:00"}
            for i in range(202)
        ]

    one = draw_minute("行政区划", ("510000", "510100"), "10:00")
    two = draw_minute("实施主体", ("四川省甲厅", "四川省乙厅"), "10:01")
    beside = {**ROW, "办件编号": "丙", "实施主体": "四川省丙厅"}  # in the minute of the burst, and none of its rows
    with fold({"2022-07-22": write([*one, *two, beside])}, {}) as (engine, _):
        findings = [(row["rule"], row["row_count"]) for row in engine.read("row_findings").dicts()]
    assert findings == [("burst", 202)]


def test_each_row_rule_has_its_rows_its_sentences_and_its_reason() -> None:
    rules = [load_query(name) for name in list_queries("rules/rows")]
    others = {
        *("row_structure", "row_damaged", "row_swallowed"),
        "older_version_ignored",
        "completion_time_missing",
    }  # of a line, of two deliveries, of a table
    assert {rule.name.rpartition("/")[2] for rule in rules} == {*ROW_RULES, *others}
    for rule in rules:
        assert rule.header["severity"] in ("quarantine", "critical", "warning")
        assert all(rule.header[name] for name in ("zh", "en", "reason"))


def test_a_cell_that_breaks_a_rule_is_shown_without_the_whole_case_number() -> None:
    rows = [{**ROW, "办件编号": "510000-20220704-000123", "更新时间": value} for value in ("2022-07-05", "2022-07-05 ")]
    rows[1]["办结时间"] = "2022-07-06"
    with fold({"2022-07-22": write(rows)}, {}) as (engine, _):
        (first, second) = engine.read("look/finding_places").dicts()
        assert (first["value"], first["row_no"], second["row_no"]) == ("510000…23", 2, 3)


# ---------------------------------------------------------------- the gates


@dataclass(frozen=True)
class Case:
    """What breaks a check and what narrowly does not; what breaking it brings along; how far its tolerance has to be moved."""

    broken: Files
    narrow: Files
    brings: frozenset[str] = frozenset()
    tolerance: str = ""
    wider: float = 0
    closer: float = 0
    tamper: str = ""


def one(rows: Sequence[Row]) -> Files:
    return {"2022-07-22": write(rows)}


def two_weeks(rows: Sequence[Row], last_week: Sequence[Row]) -> Files:
    """Three months of one department that works every day, and others; then the last week."""
    usual = do_business("2022-04-18", "2022-07-15")
    return {"2022-07-15": write([*usual, *rows]), "2022-07-22": write(last_week)}


def five_weeks(counts: Sequence[int]) -> Files:
    ends = ("2022-06-24", "2022-07-01", "2022-07-08", "2022-07-15", "2022-07-22")
    return {end: write(number(count, end)) for end, count in zip(ends, counts, strict=True)}


def five_kinds(public_services: Sequence[int]) -> Files:
    ends = ("2022-06-24", "2022-07-01", "2022-07-08", "2022-07-15", "2022-07-22")
    return {
        end: write([*number(10, end), *number(count, "2022-06-01", 办件编号=f"公-{end}", 事项类型="公共服务")][: 10 + count])
        if count == 0
        else write([*number(10, end), *({**row, "办件编号": f"公-{end}-{i}", "事项类型": "公共服务"} for i, row in enumerate(number(count, end)))])
        for end, count in zip(ends, public_services, strict=True)
    }  # fmt: skip


NOON_B = describe("乙厅-午", datetime(2022, 7, 22, 12), "乙厅")
FORTNIGHT = do_business("2022-07-11", "2022-07-22")
QUARANTINED = frozenset({"nothing_quarantined"})
LAST_YEAR = do_business("2021-07-19", "2021-07-23")


def thursdays(a_day: int) -> list[Row]:
    return do_business("2022-04-18", "2022-07-15", "丙厅", a_day, weekday=4)


def spoil(count: int) -> list[Row]:
    """1,000 rows, of which so many are spoilt in four ways."""
    ways: list[Row] = [{"办件编号": ""}, {"受理时间": "待定"}, {"行政区划": "省"}, {"办结时间": "待定"}]
    return [{**row, **(ways[i % 4] if i < count else {})} for i, row in enumerate(number(1000))]


def spoil_file(count: int) -> list[Row]:
    return spoil(count)[:50]


def repeat(count: int) -> Files:
    rows = number(60 - count)
    return one([*rows, *(rows[0] for _ in range(count))])


def at_once(count: int) -> Files:
    rows = [
        {**row, "办结时间": row["受理时间"] if i < count else "2022-07-22 17:00:00"} for i, row in enumerate(WEEK_A)
    ]
    return one([*rows, *number(1)])


def vary(cases: Sequence[int]) -> Files:
    """Weeks of so many cases each, the last one ending on 2022-07-22, delivered at once; the first one begins on a Wednesday and is not whole."""
    rows = []
    for age, count in enumerate(reversed(cases)):
        rows += number(count, (date(2022, 7, 20) - timedelta(weeks=age)).isoformat())
    return one(rows)


def conflict(count: int) -> Files:
    """Of so many rows the first six are three cases in two states each, at the same moment."""
    pairs = [{**row, "办结时间": day} for row in number(3) for day in ("2022-07-05", "2022-07-06")]
    return one([*pairs, *number(count - 6, "2022-07-05")])


def repeat_numbers(count: int) -> Files:
    """Of so many rows the first six are three numbers with two acceptances each, told one after the other."""
    pairs = [{**row, "受理时间": day, "更新时间": day} for row in number(3) for day in ("2022-07-05", "2022-07-06")]
    return one([*pairs, *number(count - 6, "2022-07-05")])


def tell_older(count: int, rows: int) -> Files:
    """A second delivery of so many rows, of which the first ones tell an older version than is known."""
    known = number(rows, 更新时间="2022-07-15 10:00:00")
    told = [
        {**row, "办结时间": "2022-07-14", "更新时间": "2022-07-14 10:00:00" if i < count else "2022-07-20 10:00:00"}
        for i, row in enumerate(known)
    ]
    return {"2022-07-15": write(known), "2022-07-22": write(told)}


def take_number(**changes: str) -> Files:
    row = describe("203340060", datetime(2022, 7, 4, 10), "甲厅")
    return {"2022-07-15": write([row]), "2022-07-22": write([{**row, **changes}])}


OUTCOMES = "case | type | department | accepted | result"
WITHOUT_COMPLETION = tuple(column for column in COLUMNS if column != "办结时间")
GATES: dict[str, Case] = {
    "unclassified_share_newest": Case(
        one(change(number(10), 6, 事项类型="99")), one(change(number(10), 5, 事项类型="99")), frozenset({"type_unknown"}),
        "unclassified_share_newest", wider=0.61, closer=0.49,
    ),
    "conflicting_share": Case(
        conflict(119), conflict(120), frozenset({"rows_in_conflict"}), "conflicting_share", wider=0.051, closer=0.049
    ),
    "key_not_unique": Case(
        repeat_numbers(119), repeat_numbers(120), frozenset(), "key_not_unique_share", wider=0.051, closer=0.049
    ),
    "older_version_ignored": Case(
        tell_older(2, 399), tell_older(2, 400), frozenset(), "older_version_share", wider=0.0051, closer=0.0049
    ),
    "numbers_taken": Case(
        take_number(实施主体="乙厅", 受理时间="2022-07-05 10:00:00"), take_number(实施主体="乙厅", 受理时间="2022-07-04")
    ),
    "completion_time_missing": Case(
        {"2022-07-22": draw(f"{OUTCOMES}\n1 | 行政许可 | 甲厅 | 2022-07-01 | 出证")},
        {"2022-07-22": draw(f"{OUTCOMES}\n1 | 行政许可 | 甲厅 | 2022-07-01 | 作废\n2 | 行政许可 | 甲厅 | 2022-07-01 |")},
    ),
    "counting_columns_kept": Case(
        {"2022-07-15": write(number(1)), "2022-07-22": write(number(1, "2022-07-20"), WITHOUT_COMPLETION)},
        {"2022-07-15/a.csv": write(number(1)), "2022-07-15/b.csv": write(number(1, "2022-07-05"), WITHOUT_COMPLETION),
         "2022-07-22": write(number(1, "2022-07-20"), WITHOUT_COMPLETION)},
        frozenset({"columns_as_before"}),
    ),
    "nothing_quarantined": Case(one(spoil_file(1)), one(spoil_file(0))),
    "quarantined_share": Case(
        one(spoil(21)), one(spoil(20)), QUARANTINED, "quarantined_share", wider=0.021, closer=0.0199
    ),
    "quarantined_share_file": Case(
        one(spoil_file(11)), one(spoil_file(10)), QUARANTINED, "quarantined_share_file", wider=0.22, closer=0.199
    ),
    "quarantined_share_rule": Case(
        one(change(number(50), 6, 受理时间="待定")), one(change(number(50), 5, 受理时间="待定")), QUARANTINED,
        "quarantined_share_rule", wider=0.12, closer=0.099,
    ),
    "unclassified_share": Case(
        one(change(number(1000), 11, 事项类型="99")), one(change(number(1000), 10, 事项类型="99")), frozenset({"type_unknown"}),
        "unclassified_share", wider=0.011, closer=0.0099,
    ),
    "repeated_share_file": Case(repeat(31), repeat(30), frozenset(), "repeated_share_file", wider=0.52, closer=0.49),
    "export_complete": Case(
        {"2022-07-22": write(number(3)) + "结果已截断，仅显示前 3 条,,,,,,,,\n"}, {"2022-07-22": write(number(3)) + "注：导出完毕,,,,,,,,\n"}
    ),
    "nothing_passed_over": Case(
        {"2022-07-22": write(number(4)).splitlines()[-1] + "\n" + write(number(3))},
        {"2022-07-22": "办件明细,,,,,,,,\n" + write(number(3))},
    ),
    "sheet_not_full": Case(one(number(65_535)), one(number(65_534))),
    "control_totals_equal": Case(
        {**one(number(3)), "2022-07-22/delivery.toml": "[control_totals]\nrows = 4\n"},
        {**one(number(3)), "2022-07-22/delivery.toml": '[control_totals]\n"行数" = 3\n"办件.csv" = 3\n"行政许可" = 3\npublic_service = 0\n'},
    ),
    "kinds_present": Case(
        five_kinds([10, 10, 10, 10, 0]), five_kinds([10, 10, 9, 10, 0]), frozenset(), "weekly_least_cases", wider=10.1, closer=9
    ),
    "volume_factor": Case(
        five_weeks([1000, 1000, 1000, 1000, 199]), five_weeks([1000, 1000, 1000, 1000, 200]), frozenset({"volume_factor_warned"}),
        "volume_factor", wider=5.1, closer=4.9,
    ),
    "volume_factor_warned": Case(
        five_weeks([1000, 1000, 1000, 1000, 499]), five_weeks([1000, 1000, 1000, 1000, 500]), frozenset(),
        "volume_factor_warned", wider=2.1, closer=1.9,
    ),
    "departments_present": Case(
        two_weeks(thursdays(10), WEEK_A), two_weeks(thursdays(9), WEEK_A), frozenset(), "weekly_least_cases", wider=10.1, closer=9
    ),
    "departments_whole": Case(
        two_weeks(USUAL_B, [*WEEK_A, *until(WEEK_B, "2022-07-22 11:59:59")]),
        two_weeks(USUAL_B, [*WEEK_A, *until(WEEK_B, "2022-07-22 11:59:59"), NOON_B]),
        frozenset(), "tail_hour", wider=11, closer=13,
    ),
    "days_covered": Case(
        two_weeks([], [row for row in WEEK_A if row["受理时间"][:10] != "2022-07-20"]),
        two_weeks([], [row for row in WEEK_A if row["受理时间"][:10] != "2022-07-20" or row["办件编号"].endswith("0")]),
        frozenset(), "daily_least_cases", wider=21, closer=0,
    ),
    "tail_reached": Case(
        one(until(FORTNIGHT, "2022-07-22 03:00:00")), one([*until(FORTNIGHT, "2022-07-22 03:00:00"), {**NOON_B, "实施主体": "甲厅"}]),
        frozenset(), "daily_least_cases", wider=21, closer=0,
    ),
    "columns_as_before": Case(
        {"2022-07-15": write(number(1)), "2022-07-22": write(number(1), [*COLUMNS, "备用"])},
        {"2022-07-15": write(number(1)), "2022-07-22": write(number(1), [*reversed(COLUMNS)])},
    ),
    "zero_duration_share": Case(at_once(51), at_once(50), frozenset(), "zero_duration_share", wider=0.52, closer=0.49),
    "item_code_disagrees": Case(
        one(change(number(1000), 3, 实施编码="511B0358300011")), one(change(number(1000), 2, 实施编码="511B0358300011")), frozenset(),
        "disagreeing_share", wider=0.003, closer=0.0019,
    ),
    "result_without_acceptance": Case(
        {"2022-07-22": draw("case | completed\n1 | 2022-07-04")},
        {"2022-07-22/a.csv": draw("case | type | accepted\n1 | 行政许可 | 2022-07-01"), "2022-07-22/b.csv": draw("case | completed\n1 | 2022-07-04")},
    ),
    "year_to_date_rising": Case(
        {"2022-07-15": draw("case | type | accepted | result\n1 | 行政许可 | 2022-07-01 |\n2 | 行政许可 | 2022-07-01 |"),
         "2022-07-22": draw("case | type | accepted | result\n1 | 行政许可 | 2022-07-01 | 作废")},
        {"2022-07-15": draw("case | type | accepted | result\n1 | 行政许可 | 2022-07-01 |\n2 | 行政许可 | 2022-07-01 |"),
         "2022-07-22": draw("case | type | accepted | result\n1 | 行政许可 | 2022-07-01 | 作废\n3 | 行政许可 | 2022-07-20 |")},
    ),
    "volume_z": Case(
        vary([100] * 9 + [217]), vary([100] * 9 + [215]), frozenset(), "volume_z", wider=3.6, closer=3.4
    ),
    "year_on_year_factor": Case(
        {"2021-07-23": write(LAST_YEAR), **one(number(201, "2022-07-18"))}, {"2021-07-23": write(LAST_YEAR), **one(number(200, "2022-07-18"))},
        frozenset(), "year_on_year_factor", wider=2.1, closer=1.9,
    ),
    "days_off_announced": Case(
        one(change(number(1), 1, 受理时间="2021-12-30", 办结时间="2022-01-04")), one(number(1)),
        tamper="delete from calendar_years where year = 2021",
    ),
    # What no delivery can bring about: the program's own mistakes, put into the working copy.
    "reconciliation_exact": Case(one(number(3)), one(number(3)), tamper="update deliveries set rows_loaded = rows_loaded - 1"),
    "ledger_equals_recount": Case(
        one(number(3)), one(number(3)), frozenset({"departments_add_up", "areas_add_up"}),
        tamper="update daily_count set accepted = accepted + 1",
    ),
    "departments_add_up": Case(
        one(number(3)), one(number(3)), frozenset({"ledger_equals_recount", "areas_add_up"}),
        tamper="update daily_count set accepted = accepted - 1",
    ),
    "areas_add_up": Case(
        one(number(3)), one(number(3)), frozenset({"ledger_equals_recount", "departments_add_up"}),
        tamper="update daily_count set completed = completed + 1",
    ),
    "groups_complete": Case(one(number(3)), one(number(3)), tamper="delete from figure_groups where group_key = 'unclassified'"),
    "figures_not_negative": Case(
        one(number(3)), one(number(3)), frozenset({"ledger_equals_recount", "departments_add_up", "areas_add_up", "falls_explained"}),
        tamper="update daily_count set accepted = -3",
    ),
    "carried_over_within_completed": Case(
        one(number(3)), one(number(3)), frozenset({"ledger_equals_recount"}), tamper="update daily_count set carried_over = 1",
    ),
    "falls_explained": Case(
        {"2022-07-15": write(number(3)), **one(number(1, "2022-07-20"))}, {"2022-07-15": write(number(3)), **one(number(1, "2022-07-20"))},
        frozenset({"ledger_equals_recount", "departments_add_up", "areas_add_up", "figures_not_negative"}),
        tamper="update daily_count set accepted = -2 where delivery_id = '2022-07-22'",
    ),
}  # fmt: skip
ROW_WARNINGS = {
    name.rpartition("/")[2] for name in list_queries("rules/rows") if load_query(name).header["severity"] == "warning"
}
CHECKS = {e.name: e for suite in list_expectations(PROFILE.tolerances).values() for e in suite}


def test_every_check_has_a_case_that_breaks_it() -> None:
    assert set(GATES) | ROW_WARNINGS == set(CHECKS)


@pytest.mark.parametrize("name", GATES)
def test_a_check_fails_where_it_is_broken_and_nothing_else_does(name: str) -> None:
    case = GATES[name]
    with fold(case.broken, {}) as (engine, profile):
        if case.tamper:
            assert name not in fail(judge(engine, profile))
            engine.execute(case.tamper)
        checks = judge(engine, profile)
        assert fail(checks) == {name} | case.brings
        assert checks[name].observed not in ("", "0")
        if case.tolerance:
            assert name not in fail(judge(engine, moved(profile, case.tolerance, case.wider)))


@pytest.mark.parametrize("name", [name for name, case in GATES.items() if not case.tamper])
def test_a_check_passes_narrowly(name: str) -> None:
    case = GATES[name]
    with fold(case.narrow, {}) as (engine, profile):
        assert name not in fail(judge(engine, profile))
        if case.closer:
            assert name in fail(judge(engine, moved(profile, case.tolerance, case.closer)))


@pytest.mark.parametrize(("kind", "is_odd"), [("即办", False), ("1", False), ("承诺件", True), ("", True)])
def test_only_a_case_of_an_immediate_kind_may_be_completed_as_it_is_accepted(kind: str, is_odd: bool) -> None:
    rows = [{**row, "办结时间": row["受理时间"], "办件类型": kind} for row in WEEK_A]
    with fold(one(rows), {}) as (engine, profile):
        assert ("zero_duration_share" in fail(judge(engine, profile))) == is_odd


@pytest.mark.parametrize("rule", sorted(ROW_WARNINGS - set(GATES)))
def test_a_warning_about_rows_names_the_file_and_how_many(rule: str) -> None:
    with fold({"2022-07-22": write(ROW_RULES[rule][0], ROW_COLUMNS)}, {}) as (engine, profile):
        checks = judge(engine, profile)
        assert fail(checks) == {rule}
        assert checks[rule].observed.startswith("2022-07-22/办件.csv ")


def moved(profile: Profile, tolerance: str, value: float) -> Profile:
    return replace(profile, tolerances={**profile.tolerances, tolerance: value})


def test_more_completed_than_accepted_is_no_fault() -> None:
    rows = [{**row, "受理时间": "2021-12-20", "办结时间": "2022-07-04"} for row in number(41)]
    with fold(one([*rows, *number(1, "2022-07-05")]), {}) as (engine, profile):
        assert fail(judge(engine, profile)) == set()


def test_the_ledger_is_held_against_the_cases_day_by_day() -> None:
    with fold(one(number(3)), {}) as (engine, profile):
        engine.execute("update daily_count set day = date '2022-07-05'")
        check = judge(engine, profile)["ledger_equals_recount"]
    assert [place.name for place in check.places] == ["licence 甲厅 2022-07-04", "licence 甲厅 2022-07-05"]


@pytest.mark.parametrize(
    ("name", "tolerance", "rows"),
    [
        ("quarantined_share", "share_least_rows", 1000),
        ("unclassified_share", "share_least_rows", 1000),
        ("item_code_disagrees", "share_least_rows", 1000),
        ("quarantined_share_file", "share_least_rows_file", 50),
        ("quarantined_share_rule", "share_least_rows_file", 50),
        ("zero_duration_share", "zero_duration_least_cases", 100),
        ("conflicting_share", "conflicting_least_rows", 6),
    ],
)
def test_a_share_of_fewer_rows_than_its_tolerance_asks_for_is_not_judged(name: str, tolerance: str, rows: int) -> None:
    with fold(GATES[name].broken, {}) as (engine, profile):
        assert name in fail(judge(engine, moved(profile, tolerance, rows)))
        assert name not in fail(judge(engine, moved(profile, tolerance, rows + 1)))


def test_every_tolerance_is_one_that_something_reads() -> None:
    read = {name for suite in list_expectations(PROFILE.tolerances).values() for e in suite for name in [e.name]}
    texts = "".join(
        load_query(name).select for folder in ("figures", "rules/frames", "rules/rows") for name in list_queries(folder)
    )
    headers = {load_query(name).header.get("tolerance", "") for name in list_queries("rules/rows")}
    unread = {n for n in PROFILE.tolerances if n not in read and f"'{n}'" not in texts and n not in headers}
    assert unread == set()


def test_an_expectation_that_cannot_be_computed_is_a_bug_and_no_failed_check() -> None:
    import pandas as pd

    suite = list_expectations(PROFILE.tolerances)["volumes"]
    with pytest.raises(RuntimeError, match="the expectation volume_factor could not be computed"):
        validate([("volumes", pd.DataFrame({"cut_off": [date(2022, 7, 22)], "place": [""]}), suite)])
