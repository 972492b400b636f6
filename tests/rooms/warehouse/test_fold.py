"""The fold (docs/architecture.md §4), case by case: files that change, come late, repeat or correct; its laws are in tests/laws."""

from datetime import date
from pathlib import Path

import pytest
from drawing import (
    Silent,
    deliver,
    draw,
    fold_in_memory,
    update_warehouse,
)
from histories import describe, describe_at_once

from flows.checks import judge
from flows.domain.text import BadInput
from flows.jobs import rebuild, weekly, withdraw
from flows.root.project import Project
from flows.warehouse.reading import open_read_only

ACCEPTED = draw("case | type | accepted\n1 | 行政许可 | 2022-07-01\n2 | 公共服务 | 2022-07-01")
COMPLETED = draw("case | completed\n1 | 2022-07-20")


def test_a_rebuild_ends_in_the_same_content_hash(tmp_path: Path) -> None:
    project = deliver(tmp_path, {"2022-07-15": ACCEPTED})
    update_warehouse(project)
    deliver(tmp_path, {"2022-07-22": COMPLETED})
    weekly.weekly(project, date(2022, 7, 22), Silent())
    before, after = rebuild.rebuild(project, Silent())
    assert before == after


def test_everything_may_be_withdrawn(tmp_path: Path) -> None:
    project = deliver(tmp_path, {"2022-07-15": ACCEPTED})
    update_warehouse(project)
    withdraw.withdraw(project, "2022-07-15", "误报", Silent())
    with open_read_only(project) as engine:
        assert describe(engine) == describe_at_once(())


def test_a_loaded_file_that_changed_is_refused(tmp_path: Path) -> None:
    project = deliver(tmp_path, {"2022-07-15": ACCEPTED})
    update_warehouse(project)
    deliver(tmp_path, {"2022-07-15": COMPLETED})
    with pytest.raises(
        BadInput, match=r"data/raw/2022-07-15/办件\.csv was loaded and has since changed or disappeared"
    ):
        update_warehouse(project)


def test_a_loaded_file_that_disappeared_is_refused(tmp_path: Path) -> None:
    project = deliver(tmp_path, {"2022-07-15": ACCEPTED, "2022-07-22": COMPLETED})
    update_warehouse(project)
    (project.raw / "2022-07-15" / "办件.csv").rename(tmp_path / "elsewhere.csv")
    (project.raw / "2022-07-15").rmdir()
    with pytest.raises(
        BadInput, match=r"data/raw/2022-07-15/办件\.csv was loaded and has since changed or disappeared"
    ):
        update_warehouse(project)


def test_a_loaded_file_may_be_renamed(tmp_path: Path) -> None:
    project = deliver(tmp_path, {"2022-07-15": ACCEPTED})
    update_warehouse(project)
    with open_read_only(project) as engine:
        before = describe(engine)
    (project.raw / "2022-07-15" / "办件.csv").rename(project.raw / "2022-07-15" / "七月.csv")
    assert update_warehouse(project)
    with open_read_only(project) as engine:
        assert describe(engine) == before
        assert {case["file"] for case in engine.read("cases").dicts()} == {"2022-07-15/七月.csv"}


def test_a_delivery_that_is_later_said_to_correct_does_so(tmp_path: Path) -> None:
    void = draw("case | type | accepted | result\n1 | 行政许可 | 2022-07-01 | 作废")
    valid = draw("case | type | accepted | result\n1 | 行政许可 | 2022-07-01 | 出证")
    project = deliver(tmp_path, {"2022-07-15/a.csv": void, "2022-07-15/更正/b.csv": valid})
    update_warehouse(project)
    (project.raw / "2022-07-15/更正/delivery.toml").write_text("corrects = true\n")
    assert update_warehouse(project)
    with open_read_only(project) as engine:
        assert [case["is_void"] for case in engine.read("cases").dicts()] == [False]


def test_a_correction_that_lies_there_twice_still_corrects(tmp_path: Path) -> None:
    void = draw("case | type | accepted | result\n1 | 行政许可 | 2022-07-01 | 作废")
    valid = draw("case | type | accepted | result\n1 | 行政许可 | 2022-07-01 | 出证")
    project = deliver(tmp_path, {"2022-07-15/b.csv": void, "2022-07-15/更正/c.csv": valid, "2022-07-15/a.csv": valid})
    (project.raw / "2022-07-15/更正/delivery.toml").write_text("corrects = true\n")
    update_warehouse(project)
    with open_read_only(project) as engine:
        assert [case["is_void"] for case in engine.read("cases").dicts()] == [False]


def test_content_that_lies_in_two_folders_is_loaded_once_from_the_earlier(tmp_path: Path) -> None:
    project = deliver(tmp_path, {"2022-07-22": ACCEPTED})
    update_warehouse(project)
    deliver(tmp_path, {"2022-07-15": ACCEPTED})
    update_warehouse(project)
    assert loaded_rows(project) == {"2022-07-15/办件.csv": 2}
    assert not update_warehouse(project)


def test_a_file_added_to_an_old_folder_is_a_late_delivery_of_that_cut_off(tmp_path: Path) -> None:
    project = deliver(tmp_path, {"2022-07-15/a.csv": ACCEPTED, "2022-07-22": COMPLETED})
    update_warehouse(project)
    deliver(tmp_path, {"2022-07-15/b.csv": draw("case | type | accepted\n3 | 行政许可 | 2022-07-02")})
    update_warehouse(project)
    with open_read_only(project) as engine:
        assert [(row["delivery_id"], row["rows_read"]) for row in engine.read("deliveries").dicts()] == [
            ("2022-07-15", 2),
            ("2022-07-15-2", 1),
            ("2022-07-22", 1),
        ]


def test_a_file_added_to_the_newest_folder_is_no_newer_than_its_neighbours(tmp_path: Path) -> None:
    void = draw("case | type | accepted | result\n1 | 行政许可 | 2022-07-01 | 作废")
    valid = draw("case | type | accepted | result\n1 | 行政许可 | 2022-07-01 | 出证")
    project = deliver(tmp_path, {"2022-07-15/a.csv": void})
    update_warehouse(project)
    deliver(tmp_path, {"2022-07-15/b.csv": valid})
    update_warehouse(project)
    with open_read_only(project) as engine:
        assert [row["is_void"] for row in engine.read("cases").dicts()] == [True]


def test_a_row_word_for_word_in_two_files_of_a_delivery_is_a_repeat_whatever_the_files_are_called() -> None:
    with fold_in_memory(
        {"2022-07-15/全部.csv": ACCEPTED, "2022-07-15/许可.csv": ACCEPTED.replace("2,", "3,")}
    ) as engine:
        assert engine.read("figures/reconciliation", as_of=date.max).dicts()[0]["rows_repeated"] == 1
        assert engine.read("rules/frames/findings").dicts() == []


def test_a_file_name_that_tells_a_type_decides_nothing_about_rows_that_tell_it_themselves() -> None:
    """Two rows of one moment are ordered by a fixed rule, and the rule must not read the names of their files."""
    licence = draw("case | type | accepted\n1 | 行政许可 | 2022-07-01")
    service = draw("case | type | accepted\n1 | 公共服务 | 2022-07-01")
    plain = {"2022-07-15/a.csv": service, "2022-07-15/b.csv": licence}
    telling = {"2022-07-15/a.csv": service, "2022-07-15/许可.csv": licence}
    with fold_in_memory(plain) as named_plainly, fold_in_memory(telling) as named_by_type:
        assert describe(named_by_type) == describe(named_plainly)


def test_a_rebuild_says_the_same_after_a_loaded_file_got_a_name_that_tells_a_type(tmp_path: Path) -> None:
    project = deliver(tmp_path, {"2022-07-15": draw("case | type | accepted\n1 | | 2022-07-01")})
    update_warehouse(project)
    (project.raw / "2022-07-15" / "办件.csv").rename(project.raw / "2022-07-15" / "许可.csv")
    update_warehouse(project)
    with open_read_only(project) as engine:
        before = describe(engine)
    update_warehouse(project, from_scratch=True)
    with open_read_only(project) as engine:
        assert describe(engine) == before


def test_a_row_that_holds_anything_is_read() -> None:
    table = """
        case | type    | area   | accepted   | 更新时间
        1    | 行政许可 | 510000 | 2022-07-01 | 2022-07-02
             |         |        |            | 2022-07-02
        """
    with fold_in_memory({"2022-07-15": draw(table)}) as engine:
        rows = engine.read("figures/reconciliation", as_of=date.max).dicts()[0]
    assert (rows["rows_read"], rows["rows_loaded"], rows["rows_quarantined"]) == (2, 1, 1)


def test_every_version_that_was_delivered_is_kept_also_one_that_was_never_the_truth() -> None:
    table = """
        case | type    | accepted   | completed  | result | updated
        1    | 行政许可 | 2022-07-01 |            |        | 2022-07-01 10:00:00
        1    | 行政许可 | 2022-07-01 | 2022-07-08 | 出证    | 2022-07-08 10:00:00
        1    | 行政许可 | 2022-07-01 |            |        | 2022-07-01 10:00:00
        """
    late = "case | type | accepted | completed | result | updated\n1 | 行政许可 | 2022-07-01 | | 补正 | 2022-07-05 10:00:00"
    with fold_in_memory({"2022-07-15": draw(table), "2022-07-22": draw(late)}) as engine:
        versions = engine.ask(
            "select result, from_delivery, until_delivery from case_versions order by from_delivery, result"
        ).dicts()
        judge.recount(engine)
        assert engine.read("rules/frames/ledger").dicts() == []
    assert [tuple(version.values()) for version in versions] == [
        ("", "2022-07-15", "2022-07-15"),
        ("出证", "2022-07-15", None),
        ("补正", "2022-07-22", "2022-07-22"),
    ]


def test_a_case_knows_where_its_acceptance_and_where_its_completion_was_read() -> None:
    with fold_in_memory({"2022-07-15": ACCEPTED, "2022-07-22": COMPLETED}) as engine:
        cases = engine.ask(
            "select case_no, file, row_no, completion_file, completion_row_no from cases order by case_no"
        ).dicts()
    assert [tuple(case.values()) for case in cases] == [
        ("1", "2022-07-15/办件.csv", 2, "2022-07-22/办件.csv", 2),
        ("2", "2022-07-15/办件.csv", 3, None, None),
    ]


def loaded_rows(project: Project) -> dict[str, int]:
    with open_read_only(project) as engine:
        return {row["file"]: row["rows_loaded"] for row in engine.read("delivered_files").dicts()}


def test_what_newer_rows_repeat_holds_since_then_so_that_what_is_older_no_longer_changes_it() -> None:
    told = "case | type | accepted | result | updated\n1 | 行政许可 | 2022-07-01 | {} | {}"
    deliveries = {
        "2022-07-08": draw(told.format("出证", "2022-07-01 10:00:00")),
        "2022-07-15": draw(told.format("出证", "2022-07-10 10:00:00")),
        "2022-07-22": draw(told.format("作废", "2022-07-05 10:00:00")),
    }
    with fold_in_memory(deliveries) as engine:
        assert [case["result"] for case in engine.read("cases").dicts()] == ["出证"]


def test_another_time_limit_alone_makes_another_version() -> None:
    told = "case | type | accepted | due\n1 | 行政许可 | 2022-07-01 | {}"
    with fold_in_memory(
        {"2022-07-15": draw(told.format("2022-07-29")), "2022-07-22": draw(told.format("2022-08-05"))}
    ) as engine:
        versions = engine.ask(
            "select cast(due_at as varchar) as due_at from case_states order by from_delivery"
        ).dicts()
    assert [version["due_at"][:10] for version in versions] == ["2022-07-29", "2022-08-05"]
