"""Rules that change reclassify what is loaded, as ledger entries of their own."""

import json
from pathlib import Path

import pytest
from a_root import SECOND_ROW, WEEK, load_one_case, run, write_raw, write_table

from flows.domain.profile import load_profile
from flows.root.project import Project
from flows.warehouse.reading import open_read_only


@pytest.fixture
def root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    return load_one_case(tmp_path, capsys)


def test_changed_rules_reclassify_on_the_next_run_as_ledger_entries_of_their_own(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = json.loads(load_profile("sichuan").classification)
    rules["void"]["result"].append("出证")
    changed = load_profile("sichuan").with_classification(json.dumps(rules))
    monkeypatch.setattr("flows.root.project.load_profile", lambda *_named: changed)
    write_raw(root, {"2022-07-22/许可.csv": write_table(SECOND_ROW.replace("出证", ""))})
    for command in (*WEEK, "--root", str(root)), ("rebuild", "--quiet", "--root", str(root)):
        assert run(capsys, *command).exit_code == 0
        with open_read_only(Project(root)) as engine:
            voided = {case["case_no"][-1]: case["is_void"] for case in engine.read("cases").dicts()}
            entries = engine.ask(
                "select delivery_id, cause, sum(accepted) as accepted, sum(completed) as completed from daily_count "
                "group by delivery_id, cause order by delivery_id, cause"
            ).dicts()
        assert voided == {"1": True, "2": False}
        assert [tuple(entry.values()) for entry in entries] == [
            ("2022-07-15", "data", 1, 1),
            ("2022-07-15", "rules", -1, -1),
            ("2022-07-22", "data", 1, 1),
        ]


def test_rules_that_change_back_leave_the_figures_as_they_were(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    present = load_profile("sichuan")
    rules = json.loads(present.classification)
    rules["scope"]["areas"] = ["510100"]
    for profile, in_scope in ((present.with_classification(json.dumps(rules)), 0), (present, 1)):
        monkeypatch.setattr("flows.root.project.load_profile", lambda *_named, chosen=profile: chosen)
        assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
        with open_read_only(Project(root)) as engine:
            figures = engine.ask("select accepted from year_to_date('2022-07-22') where group_key = 'licence'").dicts()
        assert figures == [{"accepted": in_scope}]
