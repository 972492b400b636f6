"""bulletin init --from: a stranger's file becomes a root with a profile, in the shapes in which public sources come."""

import csv
import io
import re
import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from a_root import GOOD_ROW, WEEK, run, write_raw, write_table

from flows.domain.text import WrongUsage
from flows.jobs.init.drafting import draft
from flows.jobs.init.proposing import look
from flows.jobs.init.writing import write_profile
from flows.sources.columns import read_order

CASES = 40
Rows = Sequence[Sequence[object]]


def write_csv(header: Sequence[str], rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue().encode(encoding)


def write_html(header: Sequence[str], rows: Rows) -> bytes:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [header, *rows])
    return f"<html><body><table>{lines}</table></body></html>".encode()


def write_xlsx(header: Sequence[str], rows: Rows) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Log")
        sheet.write(0, 0, "Request Log")
        for i, row in enumerate([header, *rows], 2):
            sheet.write_row(i, 0, row)
    return content.getvalue()


def days(i: int, form: str) -> tuple[str, str]:
    """A day of opening, of all days of a month, and one a few days later."""
    year, month, day = 2022, 1 + i % 6, 1 + (i * 7) % 20
    return tuple(form.format(y=year, m=month, d=each, h=8 + i % 3) for each in (day, day + 1 + i % 7))  # type: ignore[return-value]


US, US_CLOCK, ISO, CN = (
    "{m:02}/{d:02}/{y}",
    "{m:02}/{d:02}/{y} {h:02}:15:00 AM",
    "{y}-{m:02}-{d:02}T{h:02}:00:00.000",
    "{y}-{m:02}-{d:02} {h:02}:30",
)
SHAPES = {
    "building permits": (
        "permits.csv",
        write_csv(
            ["ID", "PERMIT#", "PERMIT_TYPE", "APPLICATION_START_DATE", "ISSUE_DATE", "CONTACT_1_NAME", "REPORTED_COST"],
            [[7 * i, f"B{i}", ["SIGNS", "EASY"][i % 2], *days(i, US), f"A. Smith {i}", i] for i in range(CASES)],
        ),
        {"case_no": "PERMIT#", "item_type": "PERMIT_TYPE", "accepted_at": "APPLICATION_START_DATE", "completed_at": "ISSUE_DATE"},
    ),
    "service requests with two names of the agency": (
        "requests.csv",
        write_csv(
            ["Unique Key", "Created Date", "Closed Date", "Agency", "Agency Name", "Complaint Type", "Incident Address", "Status"],
            [[i, *days(i, US_CLOCK), "HPD", "Housing", "Heat", "1 MAIN ST", "Closed"] for i in range(CASES)],
        ),
        {
            "case_no": "Unique Key", "accepted_at": "Created Date", "completed_at": "Closed Date", "department": "Agency Name",
            "item_type": "Complaint Type", "status": "Status",
        },
    ),
    "service requests in ISO, with numbers of other things": (
        "cases.txt",
        write_csv(
            ["CaseID", "Opened", "Closed", "Updated", "Responsible Agency", "Category", "Supervisor District"],
            [[900 + i, *days(i, ISO), days(i, ISO)[1], "Streets", "Graffiti", i % 9] for i in range(CASES)],
            delimiter="\t",
        ),
        {
            "case_no": "CaseID", "accepted_at": "Opened", "completed_at": "Closed", "version_at": "Updated",
            "department": "Responsible Agency", "item_type": "Category",
        },
    ),
    "an event log": (
        "events.csv",
        write_csv(
            ["Case ID", "Activity", "Resource", "Complete Timestamp"],
            [[f"A{i // 4}", f"Step {i % 4}", "R1", f"2022-0{1 + i % 4}-03 10:00:00.000"] for i in range(4 * CASES)],
        ),
        {"case_no": "Case ID", "event_at": "Complete Timestamp", "activity": "Activity"},
    ),
    "fire calls, of which a unit is a row": (
        "calls.csv",
        write_csv(
            ["Call Number", "Unit ID", "Call Type", "Received DtTm", "RowID"],
            [[i // 2, f"E{i % 2}", "Alarms", days(i, US_CLOCK)[0], f"{i // 2}-E{i % 2}"] for i in range(CASES)],
        ),
        {"case_no": "RowID", "accepted_at": "Received DtTm", "item_type": "Call Type"},
    ),
    "a log of requests with a title above it": (
        "log.xlsx",
        write_xlsx(
            ["Request ID", "Requester Name", "Received Date", "Closed Date", "Final Disposition"],
            [[f"2022-{i:05}", f"Person {i}", *days(i, US), "Granted"] for i in range(CASES)],
        ),
        {"case_no": "Request ID", "accepted_at": "Received Date", "completed_at": "Closed Date"},
    ),
    "messages to officials in GB18030": (
        "留言.csv",
        write_csv(
            ["留言编号", "留言标题", "留言类型", "留言时间", "答复单位", "答复时间", "留言状态"],
            [[8800 + i, f"某问题{i}", "咨询", days(i, CN)[0], "市交通局", days(i, CN)[1], "已答复"] for i in range(CASES)],
            encoding="gb18030",
        ),
        {
            "case_no": "留言编号", "item_type": "留言类型", "accepted_at": "留言时间", "department": "答复单位",
            "completed_at": "答复时间", "status": "留言状态",
        },
    ),
    "permits as HTML named .xls": (
        "许可.xls",
        write_html(
            ["序号", "行政许可决定文书号", "许可类别", "行政相对人名称", "受理日期", "许可决定日期", "许可机关"],
            [[i, f"许〔2022〕{i}号", "普通", f"某公司{i}", *days(i, "{y}/{m:02}/{d:02}"), "市应急局"] for i in range(CASES)],
        ),
        {
            "case_no": "行政许可决定文书号", "item_type": "许可类别", "accepted_at": "受理日期", "completed_at": "许可决定日期",
            "department": "许可机关",
        },
    ),
}  # fmt: skip


DAYS = [(date(2022, 1, 3) + timedelta(days=4 * i), date(2022, 1, 5) + timedelta(days=4 * i)) for i in range(CASES)]
# Header, rows, and what of them stands in the profile.
PROPOSALS: dict[str, tuple[list[str], Rows, dict[str, object]]] = {
    "headers written together, and a counter of rows": (
        ["OBJECTID", "FOLDERTYPE", "FILENO", "INDATE", "ISSUEDATE"],
        [
            [i + 1, ["PL", "CP"][i % 2], f"24-{i // 3}", f"{a} 00:00:00+00", f"{b} 00:00:00+00"]
            for i, (a, b) in enumerate([DAYS[0], *DAYS[:-1]])
        ],
        {
            "time_zone": "UTC",
            "columns": {
                "case_no": ["OBJECTID"], "accepted_at": ["INDATE"], "completed_at": ["ISSUEDATE"], "item_type": ["FOLDERTYPE"],
            },
        },
    ),
    "headers in Spanish, and a time that open cases lack": (
        ["Nº Registro", "Tipo", "Estado", "F.Solicitud", "Unidad", "F.Resolucion"],
        [[f"22-{i}", "Queja", "Contestado", a, "SANIDAD", b if i % 4 else ""] for i, (a, b) in enumerate(DAYS)],
        {
            "columns": {
                "case_no": ["Nº Registro"], "accepted_at": ["F.Solicitud"], "completed_at": ["F.Resolucion"],
                "item_type": ["Tipo"], "department": ["Unidad"], "status": ["Estado"],
            }
        },
    ),
    "a log of events with times of cases beside those of events": (
        [
            *("case:concept:name", "case:department", "case:startdate", "concept:instance", "concept:name"),
            *("lifecycle:transition", "time:timestamp"),
        ],
        [
            [
                *(f"case-{i // 4}", "General", f"{DAYS[i // 4][0]} 08:00:00+01:00", f"task-{i}", f"T{i % 4}"),
                *("complete", f"{DAYS[i // 4][1]} 1{i % 4}:00:00.5+01:00"),
            ]
            for i in range(CASES)
        ],
        {
            "time_zone": "Europe/Paris",
            "columns": {
                "case_no": ["case:concept:name"], "event_at": ["time:timestamp"], "activity": ["concept:name"], "department": ["case:department"],
            },
            "events": {"completed": "last"},
        },
    ),
    "a log whose events have numbers of their own": (
        ["事件ID", "办件编号", "环节", "操作时间"],
        [[5000 + i, f"A{i // 4}", "收件受理审查办结"[i % 4 * 2 :][:2], f"{DAYS[i][0]} 09:00:00"] for i in range(CASES)],
        {
            "columns": {"case_no": ["办件编号"], "event_at": ["操作时间"], "activity": ["环节"]},
            "events": {"completed": "last"},
        },
    ),
    "a moment in two columns": (
        ["Incident Number", "Call Date", "Call Time", "Nature"],
        [[f"F{i}", f"{a:%d/%m/%Y}", f"{i % 24}:15", ["Fire", "Smoke"][i % 2]] for i, (a, _) in enumerate(DAYS)],
        {
            "times": {"is_day_first": True},
            "columns": {"case_no": ["Incident Number"], "accepted_at": ["Call Date", "Call Time"], "item_type": ["Nature"]},
        },
    ),
    "seconds since 1970": (
        ["id", "created_at", "closed_at", "service_name"],
        [[7 * i, 1650000000 + 90000 * i, 1650600000 + 90000 * i, ["Pothole", "Graffiti"][i % 2]] for i in range(CASES)],
        {
            "time_zone": "Asia/Shanghai",
            "columns": {
                "case_no": ["id"], "accepted_at": ["created_at"], "completed_at": ["closed_at"], "item_type": ["service_name"],
            },
        },
    ),
    "days in Chinese numerals": (
        ["序号", "许可证编号", "发证日期", "发证机关"],
        [[i + 1, f"SC{i}", f"二〇二二年{'七十'[i % 2]}月二十{'一二三四'[i % 4]}日", "市监局"] for i in range(CASES)],
        {"columns": {"case_no": ["许可证编号"], "accepted_at": ["发证日期"], "department": ["发证机关"]}},
    ),
    "units sent to a call": (
        ["Call Number", "Unit ID", "Call Type", "Received DtTm", "Available DtTm"],
        [[22000 + i // 2, f"E{i % 2}", "Alarms", f"{DAYS[i // 2][0]} 10:00:00", f"{DAYS[i // 2][0]} 11:{i}:00"] for i in range(CASES)],
        {"columns": {"case_no": ["Call Number"], "accepted_at": ["Received DtTm"], "item_type": ["Call Type"]}},
    ),
    "a licensee who is inspected again": (
        ["business_id", "score", "date", "type"],
        [[i // 4, 90 + i % 9, f"{a:%Y%m%d}", ["routine", "complaint"][i % 2]] for i, (a, _) in enumerate(DAYS)],
        {
            "columns": {"case_no": ["business_id"], "accepted_at": ["date"], "item_type": ["type"]},
            "key": {"parts": ["case_no", "day"]},
        },
    ),
    "numbers that begin anew in each office": (
        ["Case No", "Office", "Opened"],
        [[i // 2, f"Office {i % 2}", a] for i, (a, _) in enumerate(DAYS)],
        {
            "columns": {"case_no": ["Case No"], "key_part": ["Office"], "accepted_at": ["Opened"]},
            "key": {"parts": ["case_no", "key_part"]},
        },
    ),
    "hundreds of columns": (
        ["id", "opened", *(f"q{i}" for i in range(300))],
        [[i, a, *["x"] * 300] for i, (a, _) in enumerate(DAYS)],
        {"columns": {"case_no": ["id"], "accepted_at": ["opened"]}},
    ),
    "complaints with the state of an address": (
        ["Date received", "Product", "State", "Complaint ID"],
        [[a, ["Loan", "Card"][i % 2], ["TX", "CA"][i % 2], 210000 + i] for i, (a, _) in enumerate(DAYS)],
        {"columns": {"case_no": ["Complaint ID"], "accepted_at": ["Date received"], "item_type": ["Product"]}},
    ),
    "a type beside the type of another thing": (
        ["Inspection ID", "Facility Type", "Inspection Date", "Inspection Type", "Results"],
        [[2000 + i, "Restaurant", a, ["Canvass", "Complaint"][i % 2], "Pass"] for i, (a, _) in enumerate(DAYS)],
        {"columns": {"case_no": ["Inspection ID"], "accepted_at": ["Inspection Date"], "item_type": ["Inspection Type"]}},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("header", "rows", "proposed"), PROPOSALS.values(), ids=PROPOSALS.keys())
def test_a_profile_says_what_the_columns_are_by_name_and_content(
    header: list[str], rows: Rows, proposed: dict[str, object], tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(write_csv(header, rows, delimiter=";"))
    text = write_profile(draft(look([tmp_path / "a.csv"]), "a", {}, {}))
    written = tomllib.loads(text)
    assert {key: value for key, value in written.items() if key not in ("name", "source", "groups")} == proposed
    assert len(text.splitlines()) < 20


def test_a_number_that_was_given_is_told_apart_as_one_that_was_found(tmp_path: Path) -> None:
    header, rows, _ = PROPOSALS["numbers that begin anew in each office"]
    (tmp_path / "a.csv").write_bytes(write_csv(header, rows))
    found = look([tmp_path / "a.csv"])
    assert draft(found, "a", {"case_no": "Case No"}, {}) == draft(found, "a", {}, {})


@pytest.mark.parametrize(
    ("header", "row", "asked", "hint"),
    [
        (["Number", "Day", "Month", "Year"], [3, "July", 2022], "opened", "–. Join Day, Month, Year into one column of days, such as 2022-07-22."),
        (["Number", "Cost", "Kind", "Ward"], [3, "x", "y"], "opened", "–. No column holds days or times."),
        (["Company", "Notice Date", "Effective Date", "Employees"], ["2022-07-04", "2022-09-01", 9], "number", "Company (100%, 100%). In brackets: "),
    ],
)  # fmt: skip
def test_what_no_profile_can_mend_is_said(
    header: list[str], row: list[object], asked: str, hint: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(write_csv(header, [[f"Acme {chr(97 + i)}", *row] for i in range(20)]))
    with pytest.raises(WrongUsage) as refused:
        draft(look([tmp_path / "a.csv"]), "a", {}, {})
    assert f"--{asked} COLUMN. By content there could be: {hint}" in str(refused.value)


def test_a_log_of_events_is_told_by_its_activity_and_counted_by_its_cases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = ["Request", "What", "When"]
    rows = [[f"A{i // 4}", ["Create", "Check", "Check", "Pay"][i % 4], f"2022-07-{1 + i // 4:02} 1{i % 4}:00:00"] for i in range(16)]  # fmt: skip
    (tmp_path / "log.csv").write_bytes(write_csv(header, rows))
    office = str(tmp_path / "office")
    given = ["--number", "Request", "--opened", "When", "--activity", "What"]
    said = run(capsys, "init", "--root", office, "--from", str(tmp_path / "log.csv"), *given, "--quiet")
    assert (said.exit_code, said.err) == (0, "")
    assert "       8       0  Check\n       4       0  Create\n       4       4  Pay\n" in said.out
    assert "acceptance and completion" in said.out
    assert "Request → case_no · What → activity · When → event_at" in said.out
    assert "4 = 4 + 0 + 0; totals, notes and similar rows: 12" in said.out
    (tmp_path / "bad.csv").write_bytes(write_csv(header[:2], [row[:2] for row in rows]))
    refused = run(capsys, "check", str(tmp_path / "bad.csv"), "--root", office)
    assert refused.exit_code == 3
    assert "the mandatory column event_at is missing" in refused.err
    assert "accepted_at" not in refused.err


@pytest.mark.parametrize(("name", "content", "columns"), SHAPES.values(), ids=SHAPES.keys())
def test_a_file_of_a_stranger_becomes_a_root_with_a_profile_and_is_checked(
    name: str, content: bytes, columns: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    said = run(capsys, "init", "--root", str(tmp_path / "office"), "--from", str(file), "--name", "own", "--quiet")
    assert (said.exit_code, said.err) == (0, "")
    (path,) = (tmp_path / "office/profiles").iterdir()
    text = path.read_text("utf-8")
    written = tomllib.loads(text)["columns"]
    assert written == {c: [header] for c, header in columns.items()}
    assert len(text.splitlines()) < 20
    assert re.search('^profile = "own"', (tmp_path / "office/bulletin.toml").read_text("utf-8"), re.M)
    assert f"read = loaded + repeated + quarantined: {CASES} = {CASES} + 0 + 0" in said.out
    assert list((tmp_path / "office/data/raw").iterdir()) == []


def test_days_that_stand_before_their_month_are_told_by_those_above_twelve(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [[f"P/{i:06}", "Building", *days(i, "{d:02}/{m:02}/{y}"), "North"] for i in range(CASES)]
    header = ["Application Reference", "Application Type", "Date Received", "Decision Date", "Ward"]
    (tmp_path / "planning.csv").write_bytes(write_csv(header, rows, delimiter="|"))
    run(capsys, "init", "--root", str(tmp_path / "o"), "--from", str(tmp_path / "planning.csv"), "--quiet")
    written = tomllib.loads((tmp_path / "o/profiles/planning.toml").read_text("utf-8"))
    assert written["times"] == {"is_day_first": True}
    assert written["columns"] == {
        "case_no": ["Application Reference"], "accepted_at": ["Date Received"], "completed_at": ["Decision Date"],
        "item_type": ["Application Type"],
    }  # fmt: skip


def test_days_that_can_be_meant_in_two_ways_are_of_few_months() -> None:
    assert read_order(["01-12-2010 8.26", "02-12-2010 9.15"]) == "day"
    assert read_order(["12/01/2010", "12/02/2010"]) == "month"
    assert read_order(["12/12/2010"]) == "month"


def test_a_status_without_a_time_of_completion_completes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [[i, a, ["Open", "Closed"][i % 2]] for i, (a, _) in enumerate(DAYS)]
    (tmp_path / "a.csv").write_bytes(write_csv(["Request ID", "Date Submitted", "Status"], rows))
    said = run(capsys, "init", "--root", str(tmp_path / "o"), "--from", str(tmp_path / "a.csv"), "--quiet")
    assert "! no time of completion was found: cases count as accepted, never as completed" in said.out
    assert "checks: 46 passed" in said.out
    assert tomllib.loads((tmp_path / "o/profiles/a.toml").read_text("utf-8"))["completed"] == {"status": []}


def test_persons_are_not_shown_and_times_and_kinds_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, content, _ = SHAPES["building permits"]
    (tmp_path / name).write_bytes(content)
    said = run(capsys, "init", "--root", str(tmp_path / "o"), "--from", str(tmp_path / name), "--quiet")
    assert "Smith" not in said.out
    assert re.search(r"^ +CONTACT_1_NAME +100% +40 +x\. xxxxx 9", said.out, re.M)
    assert re.search(r"^  item_type +PERMIT_TYPE +100% +2 +SIGNS · EASY", said.out, re.M)


def test_groups_are_given_by_values_and_the_week_counts_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        [i, kind, *days(i, US)] for i, kind in enumerate(["Permit - Sign"] * 3 + ["Permit"] * 2 + ["Licence", "Noise"])
    ]
    (tmp_path / "a.csv").write_bytes(write_csv(["Case No", "Kind", "Begun", "Over"], rows))
    office = str(tmp_path / "office")
    given = [
        "--opened",
        "Begun",
        "--closed",
        "over",
        "--type",
        "Kind",
        "--group",
        "Permit*=Permits",
        "--group",
        "Licence=Licences",
    ]
    said = run(capsys, "init", "--root", office, "--from", str(tmp_path / "a.csv"), *given, "--quiet")
    assert (said.exit_code, said.err) == (0, "")
    assert "       3  Permit - Sign\n" in said.out
    write_raw(tmp_path / "office", {"2022-07-22/a.csv": (tmp_path / "a.csv").read_bytes()})
    # the rows are few, so nothing is judged by shares
    assert run(capsys, *WEEK, "--root", office, "--accept", "tail_complete=x").exit_code in (0, 2)
    assert run(capsys, *WEEK, "--root", office).exit_code == 0
    paragraph = (tmp_path / "office/reports/2022-07-22/statistics.txt").read_text("utf-8")
    assert paragraph == (
        "据a数据统计，2022年1月1日至2022年7月22日，全部Permits事项受理5件，办结5件；Licences事项受理1件，办结1件。\n"
    )


def test_nothing_that_does_not_fit_by_content_is_proposed(tmp_path: Path) -> None:
    rows = [[i // 2, "soon", days(i, US)[1], days(i, US)[0], f"only {i}"] for i in range(CASES)]
    (tmp_path / "a.csv").write_bytes(write_csv(["Case Number", "Opened", "Created Date", "Closed Date", "Type"], rows))
    (found,) = look([tmp_path / "a.csv"])
    assert found.proposed == {"accepted_at": "Created Date"}


@pytest.mark.parametrize(
    ("words", "exit_code", "sentence"),
    [
        ([], 2, "no column could be told to be the one of --number: none has both the name and the content. Name it: --number COLUMN. "
                "By content there could be: Case Number (100%, 50%). In brackets: "),
        (["--number", "Numbr"], 2, "no column is called “Numbr”. The columns are: Case Number, When."),
        (["--number", "Case Number", "--group", "a=b"], 2, "--group sorts the values of the type column, and there is none."),
        (["--group", "a"], 2, "--group a: write VALUE=GROUP, such as 'Permit*=Permits'."),
        (["--name", "a b"], 2, "--name a b: use Latin letters, digits and _ only."),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_asked_for(
    words: list[str], exit_code: int, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_bytes(write_csv(["Case Number", "When"], [[1, "2022-01-01"], [1, "2022-01-02"]]))
    said = run(capsys, "init", "--root", str(tmp_path / "office"), "--from", str(tmp_path / "a.csv"), *words)
    assert (said.exit_code, said.err[: len(sentence)]) == (exit_code, sentence)
    assert not (tmp_path / "office").exists()


def test_a_root_that_holds_deliveries_or_that_profile_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, content, _ = SHAPES["building permits"]
    (tmp_path / name).write_bytes(content)
    init = ("init", "--root", str(tmp_path / "o"), "--from", str(tmp_path / name))
    assert run(capsys, *init).exit_code == 0
    again = run(capsys, *init)
    assert (again.exit_code, "permits.toml exists already; nothing was changed." in again.err) == (3, True)
    write_raw(tmp_path / "real", {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    assert run(capsys, *WEEK, "--root", str(tmp_path / "real")).exit_code == 0
    taken = run(capsys, "init", "--root", str(tmp_path / "real"), "--from", str(tmp_path / name))
    assert (taken.exit_code, "holds deliveries that the profile sichuan reads." in taken.err) == (3, True)


def test_a_file_without_a_header_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_bytes(b"1,2\n3,4\n")
    said = run(capsys, "init", "--root", str(tmp_path / "office"), "--from", str(tmp_path / "a.csv"))
    assert (said.exit_code, "none looks like a header with rows below it" in said.err) == (3, True)


def test_a_person_at_a_terminal_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, content, _ = SHAPES["building permits"]
    (tmp_path / name).write_bytes(content)
    answers = iter(["ID", "", "-", "", "", "SIGNS=Signs", "*=Others", ""])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _asked: next(answers))
    said = run(capsys, "init", "--root", str(tmp_path / "o"), "--from", str(tmp_path / name), "--quiet")
    assert said.exit_code == 0
    written = tomllib.loads((tmp_path / "o/profiles/permits.toml").read_text("utf-8"))
    assert written["columns"] == {
        "case_no": ["ID"], "accepted_at": ["APPLICATION_START_DATE"], "item_type": ["PERMIT_TYPE"]
    }  # fmt: skip
    assert written["groups"] == {"signs": "Signs", "others": "Others"}
    assert list(answers) == []


@pytest.mark.parametrize(
    ("answers", "columns"),
    [
        (["", "", "", "", ""], {"case_no": ["Case ID"], "event_at": ["Complete Timestamp"], "activity": ["Activity"]}),
        (["-", "Row", "Complete Timestamp", "", "", ""], {"case_no": ["Row"], "accepted_at": ["Complete Timestamp"]}),
    ],
)  # fmt: skip
def test_a_person_at_a_terminal_may_say_that_it_is_no_log_of_events(
    answers: list[str],
    columns: dict[str, list[str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [[f"R-{i}", f"A{i // 4}", f"Step {i % 4}", f"2022-0{1 + i // 9}-03 1{i % 4}:00:00"] for i in range(CASES)]
    (tmp_path / "a.csv").write_bytes(write_csv(["Row", "Case ID", "Activity", "Complete Timestamp"], rows))
    left = iter(answers)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _asked: next(left))
    said = run(capsys, "init", "--root", str(tmp_path / "o"), "--from", str(tmp_path / "a.csv"), "--quiet")
    assert (said.exit_code, said.err, list(left)) == (0, "", [])
    assert tomllib.loads((tmp_path / "o/profiles/a.toml").read_text("utf-8"))["columns"] == columns
