"""What a user is told: for each kind of bad input one sentence, the exit code, and an untouched warehouse."""

import gzip
import io
from collections.abc import Mapping
from pathlib import Path

import corpus
import pytest
import xlsxwriter
from a_root import GOOD_ROW, HEADER, WEEK, run, write_raw, write_table
from packing import pack

FOLDER = "{root}/data/raw/2022-07-22"
GOOD = write_table(GOOD_ROW).encode()
OWN = "{root}/profiles/sichuan.toml"
LINES = r'name = "sichuan"\nextends = "sichuan"\n'
WHERE = f"change {OWN} (first make it: mkdir -p {{root}}/profiles && printf '{LINES}' > {OWN})"
SWELLS = (
    "too large when unpacked (over 200 times its size, 1000 members, or the memory): not read. Ask the sender about it."
)

BAD_DELIVERIES = {
    "a form that cannot be read": (
        {"2022-07-22/许可.pdf": b"%PDF-1.7"},
        f"{FOLDER}/许可.pdf: .pdf cannot be read. Readable are .csv, .txt, .tsv, .tab, .dat, .xlsx, .xlsm, .xltx, .xltm, .xls, .xlt, .et, "
        ".xlsb, .ods, .html, .htm, .xml, .parquet, .zip, .gz. Save it as one of these, or move it out of data/raw.",
    ),
    "a PDF named .csv": (
        {"2022-07-22/许可.csv": b"%PDF-1.7"},
        f"{FOLDER}/许可.csv: this is PDF, not a case table. Export it as Excel or CSV (zipped if you like), "
        "or move it out of data/raw.",
    ),
    "a text document named .xlsx": (
        {"2022-07-22/许可.xlsx": pack({"[Content_Types].xml": b"", "word/document.xml": b""})},
        f"{FOLDER}/许可.xlsx: this is docx, not a case table. Export it as Excel or CSV (zipped if you like), "
        "or move it out of data/raw.",
    ),
    "a workbook with a password": (
        {"2022-07-22/许可.xlsx": corpus.LOCKED_WORKBOOK},
        f"{FOLDER}/许可.xlsx: the file is protected by a password. Remove the password (Excel: File, Info, Protect Workbook), "
        "then deliver it again.",
    ),
    "a workbook that is cut off": (
        {"2022-07-22/许可.xlsx": corpus.xlsx(corpus.list_rows())[:3000]},
        f"{FOLDER}/许可.xlsx: the archive or workbook is incomplete or damaged. Export or transfer it again.",
    ),
    "an old workbook that is damaged": (
        {"2022-07-22/许可.xls": corpus.DAMAGED_WORKBOOK},
        f"{FOLDER}/许可.xls: this workbook cannot be opened (calamine error: Xls error: Cfb error: Invalid sector shift, "
        "expecting 0x09 or 0x0C found 0). Open it in Excel and save it as .xlsx.",
    ),
    "a workbook without data": (
        {"2022-07-22/许可.xlsx": corpus.xlsx([])},
        f"{FOLDER}/许可.xlsx: no sheet holds any data. Export it again.",
    ),
    "a page without a table": (
        {"2022-07-22/许可.xls": b"<html><body>none</body></html>"},
        f"{FOLDER}/许可.xls: there is no table in this page (HTML or XML). Export it again.",
    ),
    "a Parquet file that is cut off": (
        {"2022-07-22/许可.parquet": corpus.columnar(typed=False)[:900]},
        f"{FOLDER}/许可.parquet: this Parquet file is incomplete or damaged (Parquet magic bytes not found in footer. "
        "Either the file is corrupted or this is not a parquet file.). Export it again.",
    ),
    "an archive that is cut off": (
        {"2022-07-22/许可.zip": pack({"a.csv": GOOD})[:-30]},
        f"{FOLDER}/许可.zip: the archive or workbook is incomplete or damaged. Export or transfer it again.",
    ),
    "an archive without data": (
        {"2022-07-22/许可.zip": pack({"说明.doc": b"x"})},
        f"{FOLDER}/许可.zip: the archive holds no data file. Readable files: .csv, .txt, .tsv, .tab, .dat, .xlsx, .xlsm, .xltx, "
        ".xltm, .xls, .xlt, .et, .xlsb, .ods, .html, .htm, .xml, .parquet. Check the archive.",
    ),
    "an archive with a password": (
        {"2022-07-22/许可.zip": corpus.pack_locked("a.csv", GOOD)},
        f"{FOLDER}/许可.zip［a.csv］: the file is protected by a password. Remove the password (Excel: File, Info, "
        "Protect Workbook), then deliver it again.",
    ),
    "an archive that climbs out of its folder": (
        {"2022-07-22/许可.zip": pack({"../../许可.csv": GOOD})},
        f"{FOLDER}/许可.zip: the member '../../许可.csv' points outside the archive (a path or a link) and is not read. "
        "Ask the sender about it, and to pack it again.",
    ),
    "an archive with an absolute path": (
        {"2022-07-22/许可.zip": pack({"C:\\许可.csv": GOOD})},
        f"{FOLDER}/许可.zip: the member 'C:/许可.csv' points outside the archive (a path or a link) and is not read. "
        "Ask the sender about it, and to pack it again.",
    ),
    "an archive with a link": (
        {"2022-07-22/许可.zip": corpus.pack_link("许可.csv", "/etc/hostname")},
        f"{FOLDER}/许可.zip: the member '许可.csv' points outside the archive (a path or a link) and is not read. "
        "Ask the sender about it, and to pack it again.",
    ),
    "an archive that swells": (
        {"2022-07-22/许可.zip": pack({"a.csv": b"0" * (101 << 20)})},
        f"{FOLDER}/许可.zip: {SWELLS}",
    ),
    "a packed file that swells": (
        {"2022-07-22/许可.csv.gz": gzip.compress(b"0" * (101 << 20))},
        f"{FOLDER}/许可.csv.gz: {SWELLS}",
    ),
    "an archive of a thousand and one files": (
        {"2022-07-22/许可.zip": pack({f"{i}.csv": b"a" for i in range(1001)})},
        f"{FOLDER}/许可.zip: {SWELLS}",
    ),
    "an archive that lies about its sizes": (
        {"2022-07-22/许可.zip": corpus.pack_forged("a.csv", GOOD * 50)},
        f"{FOLDER}/许可.zip［a.csv］: the archive or workbook is incomplete or damaged. Export or transfer it again.",
    ),
    "archives within archives within archives": (
        {"2022-07-22/许可.zip": pack({"b.zip": pack({"c.zip": pack({"a.csv": GOOD})})})},
        f"{FOLDER}/许可.zip［b.zip/c.zip］: archives nested more than two deep are not read. Unpack it first.",
    ),
    "an empty file": (
        {"2022-07-22/许可.csv": ""},
        f"{FOLDER}/许可.csv: the file is empty (0 bytes). Export it again.",
    ),
    "an empty delivery": (
        {"2022-07-22/delivery.toml": ""},
        f"{FOLDER}: the delivery holds no data file. Add the exports, or remove the empty folder.",
    ),
    "a delivery with headers only": (
        {"2022-07-22/许可.csv": write_table()},
        "data/raw/2022-07-22: delivery 2022-07-22 has headers but not one case. Export it again, or move its files away.",
    ),
    "an unknown encoding": (
        {"2022-07-22/许可.csv": HEADER.encode() + b"\n\xff\xff,1\n"},
        f"{FOLDER}/许可.csv: 1 of 2 lines are no text of utf-8, the first is line 2 (byte 1 of it). "
        "The file may be damaged or mix encodings: export it again as UTF-8.",
    ),
    "a NUL byte": (
        {"2022-07-22/许可.csv": b"a,b\n1,\x002\n"},
        f"{FOLDER}/许可.csv: a NUL byte at position 6: this is not an intact text file. Export it again.",
    ),
    "a control character in a text": (
        {"2022-07-22/许可.csv": write_table(GOOD_ROW, GOOD_ROW.replace("行政许可", "行政\x1f许可"))},
        "data/raw/2022-07-22/许可.csv row 3: a text holds the control character U+001F, so its columns cannot be told apart. "
        "Remove it, or export the file again.",
    ),
    "UTF-16 that is cut off": (
        {"2022-07-22/许可.csv": b"\xff\xfe" + GOOD.decode().encode("utf-16-le")[:-1]},
        f"{FOLDER}/许可.csv: the encoding is unknown (utf-16 fails at byte 234). The file may be damaged or mix encodings: "
        "export it again as UTF-8.",
    ),
    "a missing case number column": (
        {"2022-07-22/许可.csv": "事项类型,行政区划,受理时间\n行政许可,510000,2022-07-01\n"},
        f"{FOLDER}/许可.csv row 1: the mandatory column case_no is missing (known headers: 办件编号、办件编码、受理编号、"
        "申办流水号、业务流水号、办件流水号、project_no、affairCode、SBLSH、projid). Found: 事项类型、行政区划、受理时间. "
        "Add the column to the export; if it is there under another name, {where}:\n[columns]\n"
        'case_no = ["办件编号", "办件编码", "受理编号", "申办流水号", "业务流水号", "办件流水号", "project_no", "affairCode", "SBLSH", '
        '"projid", "…"]',
    ),
    "a missing acceptance column": (
        {"2022-07-22/许可.csv": "办件编号,事项类型,行政区划,办结时间\n1,行政许可,510000,2022-07-01\n"},
        f"{FOLDER}/许可.csv row 1: the mandatory column accepted_at is missing (known headers: 受理时间、受理日期、"
        "accept_date、acceptTime、SLSJ). Found: 办件编号、事项类型、行政区划、办结时间. "
        "Add the column to the export; if it is there under another name, {where}:\n[columns]\n"
        'accepted_at = ["受理时间", "受理日期", "accept_date", "acceptTime", "SLSJ", "…"]',
    ),
    "收件时间 does not stand for 受理时间, a name like it may": (
        {
            "2022-07-22/许可.csv": "办件编号,事项类型,行政区划,收件时间,受理的时间,申请人姓名\n1,行政许可,510000,,2022-07-01,甲某\n"
        },
        f"{FOLDER}/许可.csv row 1: the mandatory column accepted_at is missing (known headers: 受理时间、受理日期、"
        "accept_date、acceptTime、SLSJ). Found: 办件编号、事项类型、行政区划、收件时间、受理的时间、申请人姓名. "
        "The nearest is “受理的时间” (like “受理时间”). "
        "Add the column to the export; if it is there under another name, {where}:\n[columns]\n"
        'accepted_at = ["受理时间", "受理日期", "accept_date", "acceptTime", "SLSJ", "受理的时间"]',
    ),
    "a missing area column": (
        {"2022-07-22/许可.csv": "办件编号,事项类型,受理时间\n1,行政许可,2022-07-01\n"},
        f"{FOLDER}/许可.csv row 1: the mandatory column area_code is missing (known headers: 行政区划、区划代码、辖区编码、"
        "areaCode、implAreaCode). Found: 办件编号、事项类型、受理时间. "
        "Add the column to the export; if it is there under another name, {where}:\n[columns]\n"
        'area_code = ["行政区划", "区划代码", "辖区编码", "areaCode", "implAreaCode", "…"]',
    ),
    "two columns of one meaning": (
        {"2022-07-22/许可.csv": "办件编号,受理编号,行政区划,受理时间\n1,2,510000,2022-07-01\n"},
        f"{FOLDER}/许可.csv row 1: the columns “办件编号” and “受理编号” both mean case_no. "
        "To read only “办件编号”, {where}:\n[columns]\n"
        'case_no = ["办件编号", "办件编码", "申办流水号", "业务流水号", "办件流水号", "project_no", "affairCode", "SBLSH", "projid"]',
    ),
    "one column twice": (
        {"2022-07-22/许可.csv": "办件编号,行政区划,受理时间,受理时间\n1,510000,2022-07-01,2022-07-02\n"},
        f"{FOLDER}/许可.csv row 1: the column “受理时间” appears twice. Remove one from the export, or rename it.",
    ),
    "no header at all": (
        {"2022-07-22/许可.csv": "510000-1,甲某,2022-07-01\n"},
        f"{FOLDER}/许可.csv: no header in the first 20 rows. One row must hold names such as "
        "办件编号、事项类型、受理时间、办结时间. The likeliest row holds: …、…、…. If this is a case table with other names, "
        f"make a profile for it: bulletin init --from {FOLDER}/许可.csv --root {{root}}",
    ),
    "a folder that is no date": (
        {"七月/许可.csv": write_table(GOOD_ROW)},
        "{root}/data/raw/七月: data/raw may only hold folders named by a cut-off date, such as 2022-07-22. "
        "Rename it, or hand the file in: bulletin receive {root}/data/raw/七月 --root {root}",
    ),
    "a day that does not exist": (
        {"2022-02-30/许可.csv": write_table(GOOD_ROW)},
        "{root}/data/raw/2022-02-30: data/raw may only hold folders named by a cut-off date, such as 2022-07-22. "
        "Rename it, or hand the file in: bulletin receive {root}/data/raw/2022-02-30 --root {root}",
    ),
    "a stray file": (
        {"许可.csv": write_table(GOOD_ROW)},
        "{root}/data/raw/许可.csv: data/raw may only hold folders named by a cut-off date, such as 2022-07-22. "
        "Rename it, or hand the file in: bulletin receive {root}/data/raw/许可.csv --root {root}",
    ),
    "an unknown setting of a delivery": (
        {"2022-07-22/许可.csv": write_table(GOOD_ROW), "2022-07-22/delivery.toml": "recieved_on = 2022-07-25\n"},
        f"{FOLDER}/delivery.toml: recieved_on = datetime.date(2022, 7, 25) is not allowed. The settings are: profile (str), "
        "received_on (date), corrects (bool), sample (bool), control_totals (dict), accept (dict), no_business (list).",
    ),
    "sample and real deliveries together": (
        {
            "2022-07-15/许可.csv": write_table(GOOD_ROW.replace("-000001", "-000002")),
            "2022-07-15/delivery.toml": "sample = true\n",
            "2022-07-22/许可.csv": write_table(GOOD_ROW),
        },
        "Sample data (2022-07-15/许可.csv) and real data (2022-07-22/许可.csv) cannot share a root. "
        "Make one for the real data: bulletin init --root {neighbour}",
    ),
}


@pytest.mark.parametrize(("files", "sentence"), BAD_DELIVERIES.values(), ids=BAD_DELIVERIES.keys())
def test_a_bad_delivery_is_refused_with_one_sentence(
    files: Mapping[str, str | bytes], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, *WEEK, "--root", str(write_raw(tmp_path, files)))
    assert said.err.strip() == sentence.replace("{where}", WHERE).replace("{root}", str(tmp_path)).replace(
        "{neighbour}", str(tmp_path.with_name("bulletin-office"))
    )
    assert said.exit_code == 3
    assert not (tmp_path / "data/warehouse/warehouse.duckdb").exists()
    assert not (tmp_path / "reports/2022-07-22").exists()


def test_a_bad_delivery_leaves_the_warehouse_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    warehouse = root / "data/warehouse/warehouse.duckdb"
    before = warehouse.read_bytes()
    write_raw(root, {"2022-07-22/好.csv": write_table(GOOD_ROW), "2022-07-22/坏.csv": b"\xff\xff\xff"})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 3
    assert warehouse.read_bytes() == before


def test_a_missing_root_is_named_with_the_command_that_makes_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, "weekly", "--root", str(tmp_path / "nowhere"))
    assert (said.exit_code, said.err.strip()) == (
        3,
        f"{tmp_path}/nowhere is not a root folder (it has neither bulletin.toml nor data/raw). "
        f"To make one: bulletin init --root {tmp_path}/nowhere",
    )


WRONG_SETTINGS = {
    'threads = "two"': "threads = 'two' is not allowed; it must be 1 … 999.",
    "threads = 0": "threads = 0 is not allowed; it must be 1 … 999.",
    'memory_limit = "lots"': "memory_limit = 'lots' is not allowed; it must be \"4GiB\".",
    'language = "fr"': 'language = \'fr\' is not allowed; it must be "zh" / "en".',
    'webhook = "robot?key=invented"': 'webhook = … is not allowed; it must be "https://…".',
    "colour = 1": "unknown setting colour. The settings are: profile, language, threads, memory_limit, handover, "
    "query_seconds, notice_cases, issuer, keep_files, schedule, wait_seconds, port, host, proxy_name, proxy_user, notify_on, "
    "notify_warnings, mail_to, mail_from, smtp, smtp_security, smtp_user, mail_section, notify_file, webhook.",
}


@pytest.mark.parametrize(("line", "sentence"), WRONG_SETTINGS.items())
def test_a_wrong_setting_is_refused(
    line: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bulletin.toml").write_text(line + "\n")
    said = run(capsys, "status", "--root", str(tmp_path))
    assert (said.exit_code, said.err.strip()) == (3, f"{tmp_path}/bulletin.toml: {sentence}")


@pytest.mark.parametrize("content", [b"", b"not a database"])
def test_a_file_that_is_no_warehouse_is_named_with_what_to_do(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    path = root / "data/warehouse/warehouse.duckdb"
    path.parent.mkdir()
    path.write_bytes(content)
    said = run(capsys, *WEEK, "--root", str(root))
    assert (said.exit_code, said.err.strip()) == (
        3,
        f"{path} is damaged, or no warehouse of this program. Build it anew from data/raw: bulletin rebuild --root {root}",
    )


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    (root / "reports").write_text("a file where a folder belongs")
    said = run(capsys, *WEEK, "--root", str(root))
    assert (said.exit_code, said.err.strip()) == (
        3,
        f"{root}/reports: File exists. Check the path, its permissions and the disk space, then run again.",
    )


def test_a_full_disk_is_told_without_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    run(capsys, *WEEK, "--root", str(root))
    (tmp_path / "full.csv").symlink_to("/dev/full")
    said = run(capsys, "query", "select 1 as a", "--out", str(tmp_path / "full.csv"), "--root", str(root))
    assert (said.exit_code, said.err.strip()) == (
        3,
        "the disk: No space left on device. Check the path, its permissions and the disk space, then run again.",
    )


def test_a_sheet_that_is_no_table_is_passed_over_beside_one_that_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("封面").write(0, 0, "本表由示例厅报送")
        sheet = book.add_worksheet("明细")
        for i, row in enumerate((HEADER, GOOD_ROW)):
            sheet.write_row(i, 0, row.split(","))
    root = write_raw(tmp_path, {"2022-07-22/许可.xlsx": content.getvalue()})
    said = run(capsys, *WEEK, "--root", str(root))
    assert "read 1 = loaded 1 + repeated 0 + quarantined 0 ✓" in said.out


def test_rows_that_are_all_in_quarantine_are_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW.replace("510000,", "成都,"))})
    said = run(capsys, *WEEK, "--root", str(root))
    assert said.exit_code == 6
    assert said.err.startswith("The warehouse would hold no countable case (rows quarantined: 1)")


@pytest.mark.parametrize("day", ["2022-7-22", "2022-02-30", "20220722", "yesterday", "0001-01-01", "9999-12-31"])
def test_a_wrong_day_on_the_command_line_is_wrong_usage(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "weekly", "--week-ending", day)
    assert said.exit_code == 2
    assert f"“{day}” is not a date; write it as 2022-07-22" in said.err


@pytest.mark.parametrize("size", ["lots", "1", "-1GiB", "1GB of memory"])
def test_a_wrong_size_on_the_command_line_is_wrong_usage(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "weekly", f"--memory={size}")
    assert said.exit_code == 2
    assert f"“{size}” is not a size; write it as 1GiB" in said.err


def test_too_little_memory_is_said_and_nothing_is_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/a.csv": write_table(GOOD_ROW)})
    said = run(capsys, "weekly", "--week-ending", "2022-07-22", "--memory", "1MiB", "--root", str(root))
    assert (said.exit_code, "the engine may use 1MiB" in said.err) == (3, True)
    assert not (root / "data/warehouse/warehouse.duckdb").exists()


def test_memory_is_refused_where_a_server_opens_the_root(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    said = run(capsys, "weekly", "--memory", "1GiB", "--root", str(write_raw(tmp_path, {"2022-07-22/a.csv": ""})))
    assert (said.exit_code, "--memory cannot be used while PREFECT_API_URL is set" in said.err) == (2, True)


def test_a_root_without_deliveries_has_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init", "--root", str(tmp_path / "office"))
    said = run(capsys, *WEEK, "--root", str(tmp_path / "office"))
    assert said.exit_code == 6
    assert said.err.startswith(f"There is no delivery in {tmp_path}/office/data/raw.")


def test_a_week_without_data_names_the_newest_covered_week_and_loads_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    said = run(capsys, "weekly", "--week-ending", "2023-03-03", "--quiet", "--root", str(root))
    assert (said.exit_code, said.err.strip()) == (
        6,
        "There are no data for 2023 through 2023-03-03; the newest week with data ends on 2022-07-22: "
        f"bulletin weekly --week-ending 2022-07-22 --root {root}",
    )
    assert not (root / "data/warehouse/warehouse.duckdb").exists()


def test_a_delivery_of_unreadable_rows_fails_the_check_and_says_which(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [GOOD_ROW.replace("000001", f"{i:06}").replace("2022-07-01 10:00:00", "07/2022") for i in range(60)]
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW, *rows)})
    said = run(capsys, *WEEK, "--root", str(root))
    assert (said.exit_code, said.err.strip().splitlines()) == (
        4,
        [
            "Critical checks failed; the warehouse stays as it was:",
            "  ✗ quarantined_share_file: 98.4% of the rows of a file are quarantined (at most 20.0%): 2022-07-22/许可.csv",
            "  ✗ quarantined_share_rule: 98.4% of the rows of a file are quarantined for one reason (at most 10.0%): "
            "2022-07-22/许可.csv accepted_at_unreadable",
            "Correct or re-export the files and run again.",
            f"If what came for 2022-07-22 is complete through another day: bulletin receive --move 2022-07-22 --root {root}",
            "If the data are right, let them through, each with its reason, which the command asks for: bulletin weekly --week-ending "
            f"2022-07-22 --accept quarantined_share_file --accept quarantined_share_rule --root {root}",
        ],
    )
    assert not (root / "data/warehouse/warehouse.duckdb").exists()


@pytest.mark.parametrize("notice", ["结果已截断，请缩小查询范围", "，，，仅显示前 65535 条"])
def test_an_export_that_says_it_is_not_whole_never_reaches_the_warehouse(
    notice: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = io.BytesIO()
    with xlsxwriter.Workbook(sheet) as book:
        for i, row in enumerate((HEADER, GOOD_ROW, notice)):
            (book.get_worksheet_by_name("明细") or book.add_worksheet("明细")).write_row(i, 0, row.split(","))
    forms = {"许可.csv": (write_table(GOOD_ROW) + notice).encode("gb18030"), "许可.xlsx": sheet.getvalue()}
    for name, content in forms.items():
        root = write_raw(tmp_path / name, {f"2022-07-22/{name}": content})
        said = run(capsys, *WEEK, "--root", str(root))
        assert said.exit_code == 4
        assert "✗ export_complete: these tables say at their end that they are not whole: 2022-07-22/许可." in said.err


AROUND = {
    "a total": "合计,,,,465,461,",
    "a total of other structure": "合计：,465",
    "a total in another column": ",,小计,,12,11,",
    "the header again": HEADER,
    "a note": "注：本表由示例厅导出，仅供内部使用,,,,,,",
    "a note of other structure": "制表人：样本员",
    "a quoted note": '"说明：按受理时间排序"',
}


@pytest.mark.parametrize("line", AROUND.values(), ids=AROUND.keys())
def test_what_stands_around_the_cases_is_neither_a_case_nor_in_quarantine(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from flows.root.project import Project
    from flows.warehouse.reading import open_read_only

    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(line, GOOD_ROW, line)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    with open_read_only(Project(root)) as engine:
        (file,) = engine.read("delivered_files").dicts()
        assert [case["row_no"] for case in engine.read("cases").dicts()] == [3]
    assert (file["rows_around"], file["rows_read"], file["rows_loaded"], file["rows_quarantined"]) == (2, 1, 1, 0)


UNREADABLE_ROWS = {
    "no case number": (",甲某,行政许可,510000,2022-07-01,,", "case_no", "", "办件编号为空"),
    "a case number a spreadsheet damaged": (
        "4.15748E+18,甲某,行政许可,510000,2022-07-01,,",
        "case_no",
        "4.15748E+18",
        "办件编号被电子表格改成了科学计数法，原号已丢失",
    ),
    "no acceptance time": (
        "1,甲某,行政许可,510000,2022-13-45 10:00,,",
        "accepted_at",
        "2022-13-45 10:00",
        "受理时间无法识别，应如 2022-07-22 09:30:00",
    ),
    "no completion time": (
        "1,甲某,行政许可,510000,2022-07-01,明天,",
        "completed_at",
        "明天",
        "办结时间无法识别，应如 2022-07-22 09:30:00",
    ),
    "no area": (
        "1,甲某,行政许可,成都,2022-07-01,,",
        "area_code",
        "成都",
        "行政区划无法识别，应为区划代码（六位或十二位数字），实施编码也没有说明",
    ),
    "too few fields": ("1,甲某,行政许可", "", "", "字段数与表头的列数不符"),
    "too many fields": ("1,甲某,行政许可,510000,2022-07-01,,,多,余", "", "", "字段数与表头的列数不符"),
}


@pytest.mark.parametrize(("row", "column", "value", "reason"), UNREADABLE_ROWS.values(), ids=UNREADABLE_ROWS.keys())
def test_an_unreadable_row_goes_to_quarantine_with_file_row_column_value_and_reason(
    row: str, column: str, value: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from flows.root.project import Project
    from flows.warehouse.reading import open_read_only

    root = write_raw(tmp_path, {"2022-07-22/许可.csv": "一个标题行\n" + write_table(GOOD_ROW, row)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    with open_read_only(Project(root)) as engine:
        found = [
            (q["delivery_id"], q["file"], q["sheet"], q["row_no"], q["column_name"], q["value"], q["reason"])
            for q in engine.read("quarantine").dicts()
        ]
        cases = [case["case_no"] for case in engine.read("cases").dicts()]
    assert found == [("2022-07-22", "2022-07-22/许可.csv", "", 4, column, value, reason)]
    assert cases == ["510000-20220701-000001"]
