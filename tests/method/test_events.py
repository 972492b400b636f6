"""Event logs: a row is an event, and the events of a case become one case."""

import json
from pathlib import Path

import pytest
from a_root import WEEK, run, write_raw

PROFILE = 'name = "own"\n[columns]\ncase_no = ["Case ID"]\nevent_at = ["Complete Timestamp"]\nactivity = ["Activity"]\n'
HEADER = "Case ID,Activity,Complete Timestamp"
LOG = """
A1,Create Fine,2022-07-04 09:00:00
B2,Create Fine,2022-07-05 09:00:00
A1,Send Fine,2022-07-06 09:00:00
C3,Insert Notice,2022-07-07 09:00:00
A1,Payment,2022-07-08 10:00:00
B2,Payment,2022-07-11 11:00:00
B2,Appeal to Judge,2022-07-18 12:00:00
"""


def load(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], events: str, log: str = LOG
) -> dict[str, tuple[object, ...]]:
    """Case → row, acceptance, completion, activity of its last event."""
    (tmp_path / "profiles").mkdir(exist_ok=True)
    (tmp_path / "profiles/own.toml").write_text(PROFILE + f"[events]\n{events}\n", encoding="utf-8")
    (tmp_path / "bulletin.toml").write_text('profile = "own"\n')
    write_raw(tmp_path, {"2022-07-22/log.csv": HEADER + log})
    said = run(capsys, *WEEK, "--root", str(tmp_path))
    assert said.exit_code == 0, said.err
    asked = (
        "select case_no, row_no, cast(accepted_at as date), cast(completed_at as date), status from cases order by 1"
    )
    rows = json.loads(run(capsys, "query", asked, "--json", "--root", str(tmp_path)).out)
    return {str(case): tuple(rest) for case, *rest in (row.values() for row in rows)}


def test_the_first_event_accepts_and_the_last_completes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load(tmp_path, capsys, 'completed = "last"') == {
        "A1": (6, "2022-07-04", "2022-07-08", "Payment"),
        "B2": (8, "2022-07-05", "2022-07-18", "Appeal to Judge"),
        "C3": (5, "2022-07-07", "2022-07-07", "Insert Notice"),
    }


def test_named_activities_complete_wherever_they_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load(tmp_path, capsys, 'completed = ["Pay*"]') == {
        "A1": (6, "2022-07-04", "2022-07-08", "Payment"),
        "B2": (8, "2022-07-05", "2022-07-11", "Appeal to Judge"),
        "C3": (5, "2022-07-07", None, "Insert Notice"),
    }


def test_a_completion_may_have_to_be_the_last_event(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = load(tmp_path, capsys, 'completed = ["payment"]\nmust_be_last = true')
    assert {case: completed for case, (_, _, completed, _) in cases.items()} == {
        "A1": "2022-07-08",
        "B2": None,
        "C3": None,
    }


def test_named_activities_accept_and_a_case_without_one_is_not_yet_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = load(tmp_path, capsys, 'accepted = ["Create*", "Send*"]\ncompleted = ["Payment"]')
    assert {case: accepted for case, (_, accepted, _, _) in cases.items()} == {
        "A1": "2022-07-04",
        "B2": "2022-07-05",
        "C3": None,
    }
    week = json.loads((tmp_path / "reports/2022-07-22/statistics.json").read_text("utf-8"))
    assert [(group["accepted"], group["completed"]) for group in week["groups"]] == [(2, 2)]


def test_every_row_is_accounted_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A case is a row; its other events stand with the rows around. An event whose time cannot be read is quarantined."""
    load(tmp_path, capsys, 'completed = "last"', LOG + "A1,Payment,soon\n,Payment,2022-07-08\n")
    asked = "select rows_around, rows_read, rows_loaded, rows_repeated, rows_quarantined from delivered_files"
    (counts,) = json.loads(run(capsys, "query", asked, "--json", "--root", str(tmp_path)).out)
    assert list(counts.values()) == [4, 5, 3, 0, 2]


def test_what_is_wrong_with_an_event_is_said_in_the_words_of_the_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path, capsys, 'completed = "last"', LOG + "A1,Payment,soon\n")
    (row,) = json.loads(run(capsys, "quarantine", "--json", "--root", str(tmp_path)).out)
    assert (row["row_no"], row["column_name"], row["value"]) == (9, "event_at", "soon")
    said = run(capsys, "check", str(tmp_path / "data/raw/2022-07-22/log.csv"), "--root", str(tmp_path)).out
    assert "Complete Timestamp → event_at" in said
    assert "quarantined: 9 event_at 'soon'" in said


def test_a_later_log_of_the_same_case_is_the_newer_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(tmp_path, capsys, 'completed = ["Payment"]')
    write_raw(tmp_path, {"2022-07-29/log.csv": HEADER + LOG + "C3,Payment,2022-07-25 08:00:00\n"})
    said = run(capsys, "weekly", "--week-ending", "2022-07-29", "--root", str(tmp_path))
    assert said.exit_code == 0, said.err
    asked = "select count(*) as accepted, count(completed_at) as completed from cases"
    assert json.loads(run(capsys, "query", asked, "--json", "--root", str(tmp_path)).out) == [
        {"accepted": 3, "completed": 3}
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (PROFILE, "line 4: event_at is a column of event logs. Add [events] with completed = …"),
        (PROFILE + "[events]\n", "line 6: completed is missing in [events]. Add a line such as completed = "),
        (PROFILE + '[events]\ncompleted = "first"\n', 'line 7: completed must be "last", or a list of activities, such as ["Close*"].'),
        (
            PROFILE + 'accepted_at = ["x"]\n[events]\ncompleted = "last"\n',
            "line 6: an event log has no accepted_at: that comes from its events. Remove the line, or [events].",
        ),
        (
            PROFILE.replace('activity = ["Activity"]\n', "") + '[events]\ncompleted = "last"\n',
            'line 2: activity is missing in [columns]. Add a line such as activity = ["…"]',
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_events_is_told_with_its_line(
    text: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles/own.toml").write_text(text, encoding="utf-8")
    (tmp_path / "bulletin.toml").write_text('profile = "own"\n')
    said = run(capsys, "check", "--rules", "--root", str(tmp_path))
    assert (said.exit_code, sentence in said.err) == (3, True), said.err
