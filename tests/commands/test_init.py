"""bulletin init: an empty root with every setting explained."""

import re
from pathlib import Path

import pytest
from a_root import GOOD_ROW, WEEK, run, write_raw, write_table


def test_init_makes_an_empty_root_with_every_setting_commented(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "office"
    assert run(capsys, "init", "--root", str(root)).exit_code == 0
    settings = (root / "bulletin.toml").read_text()
    assert [line for line in settings.splitlines() if line and not line.startswith("#")] == []
    assert re.findall(r"^# (\w+) = ", settings, re.M) == [
        "profile",
        "language",
        "threads",
        "memory_limit",
        "handover",
        "query_seconds",
        "notice_cases",
        "issuer",
        "keep_files",
        "schedule",
        "wait_seconds",
        "port",
        "host",
        "proxy_name",
        "proxy_user",
        "notify_on",
        "notify_warnings",
        "mail_to",
        "mail_from",
        "smtp",
        "smtp_security",
        "smtp_user",
        "mail_section",
        "webhook",
        "notify_file",
    ]
    folders = sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_dir())
    assert folders == ["data", "data/editorial", "data/raw", "data/warehouse", "reports"]
    assert run(capsys, "init", "--root", str(root)).exit_code == 3


def test_the_settings_that_init_writes_are_valid_once_uncommented(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "init", "--root", str(tmp_path / "office"))
    path = tmp_path / "office/bulletin.toml"
    path.write_text(re.sub(r"^# (\w+ = )", r"\1", path.read_text(), flags=re.M))
    write_raw(tmp_path / "office", {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    assert run(capsys, *WEEK, "--root", str(tmp_path / "office")).exit_code == 0
