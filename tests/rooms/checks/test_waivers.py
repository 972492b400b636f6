"""What the person who signs sees: a broken delivery is refused with a page, and a decision to let it through is on the record."""

import io
import json
import re
from datetime import date
from pathlib import Path

import lxml.html
import pytest
import xlwt
from a_root import WEEK, run, write_raw
from business import COLUMNS, USUAL, WEEK_A, WEEK_B, Row, do_business, number, until, write

from flows.checks.great_expectations import Judgement
from flows.checks.suites import list_expectations
from flows.checks.waivers import decide
from flows.domain.profile import load_profile
from flows.domain.text import CheckFailed, CommandLine
from flows.domain.verdicts import COMMAND_LINE, NO_WAIVERS, Severity, Verdict, Waiver, refuse_failures

EXPECTED = list_expectations(load_profile("sichuan").tolerances)
PAGE = "reports/2022-07-22/checks.html"
MISSING = "departments_present"


def page(root: Path) -> str:
    return str(lxml.html.fromstring((root / PAGE).read_bytes()).text_content())


def deliver_week(root: Path, files: dict[str, str | bytes]) -> Path:
    """A root that has loaded three months of two departments, and is handed in a week."""
    write_raw(root, {"2022-07-15/办件.csv": USUAL})
    return write_raw(root, {f"2022-07-22/{name}": content for name, content in files.items()})


def without_b() -> dict[str, str | bytes]:
    return {"甲厅.csv": write(WEEK_A)}


# ---------------------------------------------------------------- three incidents


def test_an_xls_that_lost_all_rows_after_65535_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, sheet_file = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("办件明细")
    columns = ("办件编号", "事项类型", "行政区划", "受理时间")
    for i, row in enumerate([dict(zip(columns, columns, strict=True)), *number(70_000)][:65_536]):
        for j, column in enumerate(columns):
            sheet.write(i, j, row[column])
    book.save(sheet_file)
    root = write_raw(tmp_path, {"2022-07-22/办件.xls": sheet_file.getvalue()})
    said = run(capsys, *WEEK, "--root", str(root))
    assert (said.exit_code, said.err.splitlines()[1]) == (
        4,
        "  ✗ sheet_not_full: these tables end at the very last row of a worksheet (65,536 or 1,048,576), so what came after it "
        "may be lost: 2022-07-22/办件.xls ［办件明细］",
    )
    assert not (root / "data/warehouse/warehouse.duckdb").exists()


def test_an_export_that_stopped_at_three_in_the_morning_of_its_last_day_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = deliver_week(tmp_path, {"办件.csv": write(until([*WEEK_A, *WEEK_B], "2022-07-22 03:00:00"))})
    said = run(capsys, *WEEK, "--root", str(root))
    assert said.exit_code == 4
    assert re.findall(r"✗ (\w+)", said.err) == ["departments_whole", "tail_reached"]
    assert "the rows of these departments do not reach the last working day: 乙厅, 甲厅" in said.err
    assert not (root / "data/warehouse/warehouse.duckdb").exists()


def test_a_delivery_with_one_department_twice_and_another_not_at_all_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = write(WEEK_A, [*reversed(COLUMNS)])  # not the same bytes, but the same cases
    root = deliver_week(tmp_path, {"甲厅.csv": write(WEEK_A), "乙厅.csv": again})
    said = run(capsys, *WEEK, "--root", str(root))
    assert said.exit_code == 4
    assert re.findall(r"✗ (\w+): .*: (.*)", said.err) == [(MISSING, "乙厅")]
    told = page(root)
    assert "数据检查：未通过，不得刊用" in told
    assert "本次未载入：数据仓库和已出的报告保持原样" in told
    assert "repeated_share_file" in told  # one of the two files says nothing new


# ---------------------------------------------------------------- decisions


def test_a_decision_lets_a_check_through_is_printed_and_holds_for_its_delivery_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = deliver_week(tmp_path, without_b())
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 4
    said = run(capsys, *WEEK, "--accept", f"{MISSING}=乙厅搬迁停业", "--by", "周宁", "--root", str(root))
    assert (said.exit_code, said.err) == (0, "")
    assert f"waived {MISSING}: 乙厅搬迁停业" in said.out
    assert "乙厅搬迁停业（周宁，" in page(root)
    (check,) = (
        check
        for check in json.loads((root / "reports/2022-07-22/statistics.json").read_bytes())["checks"]
        if check["name"] == MISSING
    )
    assert (check["passed"], [(a["reason"], a["by"], a["source"]) for a in check["accepted"]]) == (
        False,
        [("乙厅搬迁停业", "周宁", "command line")],
    )
    last = json.loads((root / "data/raw/receipts.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["action"], last["file"], last["delivery_id"], last["by"]) == (
        "accepted",
        MISSING,
        "2022-07-22",
        "周宁",
    )
    assert run(capsys, "rebuild", "--quiet", "--root", str(root)).exit_code == 0  # it is on the record
    write_raw(root, {"2022-07-29/办件.csv": write(do_business("2022-07-25", "2022-07-29"))})
    said = run(capsys, "weekly", "--week-ending", "2022-07-29", "--quiet", "--root", str(root))
    assert said.exit_code == 0  # a week without it, and nobody expects it each week any more
    write_raw(root, {"2022-08-05/办件.csv": write(do_business("2022-08-01", "2022-08-05")[:-1])})
    assert run(capsys, "weekly", "--week-ending", "2022-08-05", "--quiet", "--root", str(root)).exit_code == 0


def test_a_decision_in_delivery_toml_is_as_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decision = f'[accept]\n{MISSING} = {{ reason = "停业", by = "周宁", on = 2022-07-25 }}\n'
    root = deliver_week(tmp_path, {**without_b(), "delivery.toml": decision})
    said = run(capsys, *WEEK, "--root", str(root))
    assert (said.exit_code, said.err) == (0, "")
    assert "停业（周宁，2022-07-25，delivery.toml，截止日期 2022-07-22 的批次）" in page(root)


@pytest.mark.parametrize("said_as_reason", ["理由", "<原因>", "reason", "…", "xxx", "___"])
def test_a_word_out_of_an_example_is_no_reason_in_delivery_toml(
    said_as_reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decision = f'[accept]\n{MISSING} = "{said_as_reason}"\n'
    root = deliver_week(tmp_path, {**without_b(), "delivery.toml": decision})
    said = run(capsys, *WEEK, "--root", str(root))
    assert said.exit_code == 3
    assert said.err.strip() == (
        f"{root}/data/raw/2022-07-22/delivery.toml [accept] {MISSING}: “{said_as_reason}” is a word out of an example. "
        "Write why the data are right although the check is broken, such as “closed for the holidays”."
    )


def test_a_department_that_had_no_business_is_not_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = deliver_week(tmp_path, {**without_b(), "delivery.toml": 'no_business = ["乙厅"]\n'})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert re.search(r"本周无业务单位\s*乙厅", page(root))


def test_a_decision_that_is_not_needed_is_not_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = deliver_week(tmp_path, {"办件.csv": write([*WEEK_A, *WEEK_B])})
    said = run(capsys, *WEEK, "--accept", f"{MISSING}=以防万一", "--root", str(root))
    assert (said.exit_code, "以防万一" in said.out) == (0, False)
    assert "accepted" not in (root / "data/raw/receipts.jsonl").read_text(encoding="utf-8")


def test_a_rule_that_does_not_exist_is_answered_with_those_that_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = deliver_week(tmp_path, without_b())
    said = run(capsys, *WEEK, "--accept", "department=停业", "--root", str(root))
    assert (said.exit_code, said.err.startswith("There is no check department. There are: reconciliation_exact, ")) == (
        2,
        True,
    )
    write_raw(root, {"2022-07-22/delivery.toml": '[accept]\ndepartment = "停业"\n'})
    said = run(capsys, *WEEK, "--root", str(root))
    assert (said.exit_code, said.err[:76]) == (
        3,
        "delivery.toml of data/raw/2022-07-22 [accept]: there is no check department.",
    )
    said = run(capsys, *WEEK, "--accept", MISSING, "--root", str(root))
    assert (said.exit_code, said.err.strip()) == (
        2,
        f'Why may {MISSING} be waived? Give it by --accept {MISSING}="…".',
    )


def test_a_refusal_names_all_that_it_takes_in_one_command_with_what_was_given_already(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = deliver_week(tmp_path, {"办件.csv": write(until([*WEEK_A, *WEEK_B], "2022-07-22 03:00:00"))})
    asked = "bulletin weekly --week-ending 2022-07-22"
    said = run(capsys, *WEEK, "--root", str(root))
    assert said.err.splitlines()[-1].endswith(f"{asked} --accept departments_whole --accept tail_reached --root {root}")
    said = run(capsys, *WEEK, "--accept", "tail_reached=停电 一天", "--by", "周宁", "--root", str(root))
    assert said.err.splitlines()[-1].endswith(
        f"{asked} --accept 'tail_reached=停电 一天' --accept departments_whole --by 周宁 --root {root}"
    )
    both = ("--accept", "tail_reached=停电", "--accept", "departments_whole=停电")
    assert run(capsys, *WEEK, *both, "--root", str(root)).exit_code == 0


def test_a_refusal_names_the_command_that_was_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = deliver_week(tmp_path, without_b())
    said = run(capsys, "rebuild", "--quiet", "--root", str(root))
    assert said.err.splitlines()[-1].endswith(f"bulletin rebuild --accept {MISSING} --root {root}")


@pytest.mark.parametrize("rule", [e.name for suite in EXPECTED.values() for e in suite if not e.is_waivable])
def test_what_the_program_adds_up_itself_cannot_be_accepted(
    rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-22/办件.csv": write(number(1))})
    said = run(capsys, *WEEK, "--accept", f"{rule}=没关系", "--root", str(root))
    assert (said.exit_code, said.err.partition(":")[0]) == (2, f"{rule} cannot be accepted")
    write_raw(root, {"2022-07-22/delivery.toml": f'[accept]\n{rule} = "没关系"\n'})
    said = run(capsys, *WEEK, "--root", str(root))
    assert (said.exit_code, said.err.startswith(f"delivery.toml of data/raw/2022-07-22 [accept]: {rule} cannot")) == (
        3,
        True,
    )


def test_a_verdict_that_cannot_be_waived_stops_whatever_was_decided_before() -> None:
    broken = Verdict("reconciliation_exact", Severity.CRITICAL, False, "1", "平", "even", is_waivable=False)
    day = date(2022, 7, 22)
    known = [Waiver("reconciliation_exact", day, "没关系", "", day, COMMAND_LINE)]
    (verdict,), fresh = decide([Judgement(broken, frozenset({day}))], known, NO_WAIVERS)
    assert (verdict.waivers, fresh) == ((), [])
    with pytest.raises(CheckFailed, match="Nobody can let reconciliation_exact through: the program's own sums differ"):
        refuse_failures([verdict], CommandLine("rebuild"))


@pytest.mark.parametrize(
    ("types", "exit_code"),
    [(["99"] * 9 + ["行政许可"], 4), (["99"] * 5 + ["行政许可"] * 5, 0), (["99"], 4), (["99", "行政许可"], 0)],
)
def test_a_first_delivery_that_is_mostly_in_no_group_is_no_paragraph_of_zeros(
    types: list[str], exit_code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{**row, "事项类型": kind} for row, kind in zip(number(len(types)), types, strict=True)]
    root = write_raw(tmp_path, {"2022-07-22/办件.csv": write(rows)})
    said = run(capsys, *WEEK, "--root", str(root))
    assert (said.exit_code, "unclassified_share_newest" in said.err) == (exit_code, exit_code == 4)
    if exit_code:
        assert run(capsys, *WEEK, "--accept", "unclassified_share_newest=新类型", "--root", str(root)).exit_code == 0


def test_a_small_late_delivery_of_an_unknown_type_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "2022-07-15/办件.csv": write(number(3)),
        "2022-07-22/办件.csv": write(number(4, "2022-07-20", 事项类型="99")),
    }
    said = run(capsys, *WEEK, "--root", str(write_raw(tmp_path, files)))
    assert (said.exit_code, "type_unknown" in said.out) == (0, True)


@pytest.mark.parametrize(
    ("settings", "said_of_it"),
    [
        ('[control_totals]\nrows = "three"\n', "[control_totals] rows = 'three' is not allowed; it must be a number of rows"),
        ("no_business = [1]\n", "[no_business]  = 1 is not allowed; it must be the name of a department."),
        ('[accept]\nvolume_factor = ""\n', "[accept] volume_factor = '' is not allowed; it must be a reason, such as"),
        ('[accept]\nvolume_factor = { why = "x" }\n', "is not allowed; it must be a reason, such as"),
    ],
)  # fmt: skip
def test_what_delivery_toml_cannot_mean_is_refused(
    settings: str, said_of_it: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-22/办件.csv": write(number(1)), "2022-07-22/delivery.toml": settings})
    said = run(capsys, *WEEK, "--root", str(root))
    assert (said.exit_code, said_of_it in said.err) == (3, True), said.err


def test_a_control_total_tells_the_file_and_the_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    totals = '[control_totals]\nrows = 5\n"甲/办件.csv" = 3\n"乙.csv" = 1\n"行政许可" = 4\n'
    files = {"甲/办件.csv": write(number(3)), "乙.csv": write(number(1, "2022-07-05")), "delivery.toml": totals}
    root = write_raw(tmp_path, {f"2022-07-22/{name}": content for name, content in files.items()})
    said = run(capsys, *WEEK, "--root", str(root))
    assert said.exit_code == 4
    assert "control_totals_equal" in said.err
    assert said.err.splitlines()[1].endswith("differ from the rows read: 2022-07-22 rows +1")
    assert run(capsys, *WEEK, "--accept", "control_totals_equal=少一行注释", "--root", str(root)).exit_code == 0


# ---------------------------------------------------------------- the page


def test_the_page_says_the_verdict_first_and_each_finding_with_masked_examples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd: list[Row] = [{**row, "办结时间": "2022-07-01"} for row in number(12)]
    root = write_raw(tmp_path, {"2022-07-22/办件.csv": write([*odd, {**odd[0], "受理时间": "昨天"}])})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    told = page(root)
    markdown = (root / "reports/2022-07-22/checks.md").read_text(encoding="utf-8")
    for text in (told, markdown):
        assert text.index("通过，有警告") < text.index("缺少什么") < text.index("收到什么") < text.index("有何可疑")
        assert "completed_before_accepted" in text
        assert text.count("2022-07-01 00:00:00") == 10  # of twelve
        assert "第 14 行" in text  # the row in quarantine
    assert markdown.splitlines()[0] == "# 数据检查：通过，有警告"
