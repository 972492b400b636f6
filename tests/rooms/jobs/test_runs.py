"""What each run leaves: a line in the run log, the home page, messages to people."""

import json
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import lxml.html
import pytest
from a_root import GOOD_ROW, WEEK, run, write_raw, write_table
from drawing import draw
from printed_commands import refuse_untypeable
from signed_weeks import sign

STEPS = {"survey", "load", "check", "swap_in", "hand_over", "read_figures", "write_report", "total"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})


def read_run_log(root: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (root / "reports/runs.jsonl").read_text(encoding="utf-8").splitlines()]


# ---------------------------------------------------------------- the run log


def test_each_run_leaves_one_line_with_what_it_did_and_how_it_ended(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    (line,) = read_run_log(root)
    assert (line["command"], line["week_endings"], line["exit_code"]) == (
        "bulletin weekly --week-ending 2022-07-22",
        ["2022-07-22"],
        0,
    )
    assert (line["deliveries"], line["rows"]) == (
        ["2022-07-22"],
        {"read": 1, "loaded": 1, "repeated": 0, "quarantined": 0},
    )
    assert set(line["seconds"]) == STEPS
    assert {len(digest) for digest in line["hashes"].values()} == {64}


def test_a_refused_run_is_told_by_its_rules_and_a_broken_one_by_its_kind_never_by_a_value(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_raw(root, {"2022-07-22/delivery.toml": "[control_totals]\nrows = 2\n"})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 4
    (root / "data/raw/2022-07-22/delivery.toml").unlink()
    write_raw(root, {"2022-07-22/无表头.csv": "张三丰,511000199001011234\n李四,511000199001011235\n"})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 3
    refused, broken = read_run_log(root)
    assert (refused["verdict"], refused["checks"]) == ("refused", ["control_totals_equal"])
    assert (broken["verdict"], broken["error"], broken["exit_code"]) == ("failed", "BadInput", 3)
    assert "张三丰" not in (root / "reports/runs.jsonl").read_text(encoding="utf-8")


# ---------------------------------------------------------------- the home page


def read_home(root: Path) -> str:
    """Its text; each command on it can be typed in any folder."""
    page = lxml.html.fromstring((root / "reports/index.html").read_bytes())
    for code in page.iter("code"):
        assert str(code.text_content()).endswith(f" --root {root}")
        refuse_untypeable(str(code.text_content()))
    return " ".join(str(page.text_content()).split())


def test_the_home_page_says_the_state_of_each_week_what_waits_and_what_to_do_next(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert "2022-07-22草稿" in read_home(root)
    assert "bulletin publish --week-ending 2022-07-22" in read_home(root)
    assert sign(root, capsys, "--issue", "24", "--serial", "399")[0] == 0
    assert "2022-07-22已刊发第24期（总第399期）" in read_home(root)
    write_raw(root, {"2022-07-22/迟到.csv": draw("case | type | accepted\n9 | 行政许可 | 2022-07-19")})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert "2022-07-22已刊发，数字有变，须出更正说明" in read_home(root)
    assert "bulletin revisions --week-ending 2022-07-22" in read_home(root)
    assert (
        run(capsys, "rerun", "--from", "2022-07-18", "--to", "2022-07-22", "--quiet", "--root", str(root)).exit_code
        == 0
    )
    write_raw(root, {"2022-07-29/空.csv": ""})
    assert run(capsys, "weekly", "--week-ending", "2022-07-29", "--quiet", "--root", str(root)).exit_code == 3
    assert "1 个文件待载入" in read_home(root)
    assert "最近一次运行未完成" in read_home(root)


def test_every_link_of_the_home_page_leads_to_a_file(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (WEEK, ("rerun", "--from", "2022-07-01", "--to", "2022-07-22", "--quiet")):
        assert run(capsys, *words, "--root", str(root)).exit_code == 0
    tree = lxml.html.fromstring((root / "reports/index.html").read_bytes())
    links = [unquote(link) for _, _, link, _ in tree.iterlinks()]
    assert {"2022-07-22/statistics.html", "2022-07-01_2022-07-22/range.html", "dictionary.html"} <= set(links)
    for link in links:
        assert (root / "reports" / link).is_file(), link


# ---------------------------------------------------------------- messages


class MailServer(socketserver.ThreadingTCPServer):
    """Takes one message and keeps it."""

    allow_reuse_address = True
    taken: bytes = b""


class MailSession(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs that has one message to send."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            if line.upper() == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            if line.upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                assert isinstance(self.server, MailServer)
                self.server.taken = b"".join(lines)
            self.wfile.write(b"250 ok\r\n")


class Robot(BaseHTTPRequestHandler):
    """A group robot: keeps what it is told and says that this went well."""

    told: list[dict[str, Any]]

    def do_POST(self) -> None:
        self.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"errcode": 0, "errmsg": "ok"}')

    def log_message(self, *_arguments: object) -> None:
        """A test has nobody to tell."""


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_who_is_asked_to_be_told_gets_a_mail_and_a_message_that_name_the_rule_and_no_value(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    robot = Robot
    robot.told = []
    mail = MailServer(("127.0.0.1", 0), MailSession)
    with serving(mail) as mail_port, serving(HTTPServer(("127.0.0.1", 0), robot)) as robot_port:
        (root / "bulletin.toml").write_text(
            f'smtp = "127.0.0.1:{mail_port}"\nmail_from = "bulletin@example.org"\nmail_to = "a@example.org, b@example.org"\n'
            f'webhook = "http://127.0.0.1:{robot_port}/send?key=1"\n',
            encoding="utf-8",
        )
        assert run(capsys, *WEEK, "--notify", "--root", str(root)).exit_code == 0
        assert (mail.taken, robot.told) == (b"", [])  # on failure only
        row = GOOD_ROW.replace("000001", "000002")
        write_raw(
            root, {"2022-07-29/许可.csv": write_table(row), "2022-07-29/delivery.toml": "[control_totals]\nrows = 9\n"}
        )
        again = ("weekly", "--week-ending", "2022-07-29", "--quiet", "--root", str(root))
        assert run(capsys, *again).exit_code == 4
        assert robot.told == []  # nobody asked for it
        assert run(capsys, *again, "--notify").exit_code == 4
    message = BytesParser(EmailMessage, policy=default).parsebytes(mail.taken)
    assert (message["To"], message["Subject"]) == (
        "a@example.org, b@example.org",
        "政务服务办件统计（省本级）：检查未通过",
    )
    text = str(message.get_content())
    assert "未通过的检查：control_totals_equal" in text
    assert not re.search("510000-2022|甲某", text)
    assert robot.told[0]["msgtype"] == "text"
    assert robot.told[0]["text"]["content"].replace("\n", "") == f"{message['Subject']}{text}".replace(
        "\n", ""
    ).replace("\r", "")
    assert read_run_log(root)[-1]["told"] == {"mail": "sent", "webhook": "sent"}


def test_the_section_goes_with_the_mail_if_that_is_wished(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mail = MailServer(("127.0.0.1", 0), MailSession)
    with serving(mail) as port:
        (root / "bulletin.toml").write_text(
            f'smtp = "127.0.0.1:{port}"\nmail_from = "b@example.org"\nmail_to = "a@example.org"\n'
            'notify_on = "success"\nmail_section = true\n'
        )
        assert run(capsys, *WEEK, "--notify", "--root", str(root)).exit_code == 0
    message = BytesParser(EmailMessage, policy=default).parsebytes(mail.taken)
    (section,) = message.iter_attachments()
    assert section.get_filename() == "statistics.docx"
    assert section.get_content() == (root / "reports/2022-07-22/statistics.docx").read_bytes()


def test_a_message_that_cannot_be_sent_does_not_fail_the_run(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "bulletin.toml").write_text(
        'smtp = "127.0.0.1:9"\nmail_from = "b@example.org"\nmail_to = "a@example.org"\nnotify_on = "success"\n'
        'webhook = "http://127.0.0.1:9/"\n'
    )
    assert run(capsys, *WEEK, "--notify", "--root", str(root)).exit_code == 0
    assert read_run_log(root)[-1]["told"] == {"mail": "failed: ConnectionRefusedError", "webhook": "failed: URLError"}


def test_the_password_of_the_mail_server_stands_in_a_file_of_its_user_alone_and_is_never_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    password = root / "smtp.password"
    password.write_text("invented\n", encoding="utf-8")
    monkeypatch.setenv("BULLETIN_SMTP_PASSWORD_FILE", str(password))
    with serving(MailServer(("127.0.0.1", 0), MailSession)) as port:
        (root / "bulletin.toml").write_text(
            f'smtp = "127.0.0.1:{port}"\nsmtp_user = "office"\nmail_from = "b@example.org"\nmail_to = "a@example.org"\n'
            'notify_on = "success"\n'
        )
        told = []
        for mode in (0o600, 0o644):
            password.chmod(mode)
            assert run(capsys, *WEEK, "--notify", "--root", str(root)).exit_code == 0
            told.append(read_run_log(root)[-1]["told"]["mail"])
    assert told == [
        "failed: SMTPNotSupportedError",  # this server takes no password: the attempt was made
        f"failed: others can read or change {password} (mode 0644), which holds a secret. Change the secret, then: "
        f"chmod 600 {password}",
    ]
    assert "invented" not in (root / "reports/runs.jsonl").read_text(encoding="utf-8")
