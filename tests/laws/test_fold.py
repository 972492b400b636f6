"""Laws of the fold (docs/architecture.md §4), over random scripts of deliveries: late, corrected, voided, re-typed, repeated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from drawing import (
    Silent,
    build_warehouse,
    deliver,
    draw,
    fold_in_memory,
    fold_steps,
    update_warehouse,
    write_csv,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flows.checks import judge
from flows.domain.cases import Window
from flows.domain.text import BadInput
from flows.engine.duckdb.connection import Engine
from flows.engine.duckdb.storage import open_engine
from flows.figures.counts import count_in_window
from flows.jobs import rebuild, weekly, withdraw
from flows.root.project import Project
from flows.warehouse.plan import plan_withdrawal
from flows.warehouse.reading import open_read_only
from flows.warehouse.reference import store_classification

CUT_OFFS = ("2022-07-01", "2022-07-08", "2022-07-15", "2022-07-22")
YEARS = (Window(date(2021, 1, 1), date(2021, 12, 31)), Window(date(2022, 1, 1), date(2022, 7, 22)))
# What tables come with: all of a case, its acceptance, its result; with and without update time.
HEADERS = (
    ("办件编号", "事项类型", "行政区划", "受理时间", "办结时间", "办结结果", "更新时间"),
    ("办件编号", "事项类型", "行政区划", "受理时间", "办结时间", "办结结果"),
    ("办件编号", "事项类型", "行政区划", "受理时间", "更新时间"),
    ("办件编号", "事项类型", "行政区划", "受理时间", "办件状态"),
    ("办件编号", "办结时间", "办结结果", "更新时间"),
    ("办件编号", "办结时间"),
)
CELLS = {
    "办件编号": ("1", "2", "2", "3", "3", ""),
    "事项类型": ("行政许可", "公共服务", "其它", "31", ""),
    "行政区划": ("510000", "510000", "510100", "省本级"),
    "受理时间": ("2021-12-31", "2022-07-01 09:00:00", "2022-07-02", "", "待定"),
    "办结时间": ("2022-01-01", "2022-07-03", "2022-07-20 10:00:00", "", "待定"),
    "办结结果": ("", "出证", "作废", "不予受理"),
    "办件状态": ("", "办结", "删除"),
    "更新时间": ("", "2022-07-01 00:00:00", "2022-07-07 12:00:00", "2022-07-14 12:00:00", "2023-01-01", "昨天"),
}


@dataclass(frozen=True)
class Delivered:
    """One file of a script: where it lies below data/raw and what it says."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        return write_csv(self.header, self.rows)

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]


Script = tuple[Delivered, ...]


@st.composite
def delivered_files(draw_one: st.DrawFn) -> Delivered:
    header = draw_one(st.sampled_from(HEADERS))
    row = st.tuples(*(st.sampled_from(CELLS[column]) for column in header)).filter(lambda cells: any(cells[:2]))
    rows = draw_one(st.lists(row, min_size=1, max_size=5))
    repeated = draw_one(st.lists(st.sampled_from(rows), max_size=2))
    folder = draw_one(st.sampled_from(CUT_OFFS)) + draw_one(st.sampled_from(["", "", "/更正"]))
    name = draw_one(st.sampled_from("abcdefghijklmnop"))
    return Delivered(f"{folder}/{name}.csv", header, (*rows, *repeated))


def scripts(min_files: int = 1) -> st.SearchStrategy[Script]:
    """Up to four files, each of another name and content."""
    files = st.lists(
        delivered_files(),
        min_size=min_files,
        max_size=4,
        unique_by=(lambda file: file.name, lambda file: file.text),
    )
    return files.map(tuple)


# ---------------------------------------------------------------- laws


@settings(max_examples=14)
@given(scripts())
def test_after_every_delivery_the_ledger_is_a_recount_and_every_row_is_accounted_for(script: Script) -> None:
    with TemporaryDirectory() as folder, open_engine() as engine:
        project = deliver(Path(folder), lay_out(script))
        engine.create_schema()
        store_classification(engine, project.profile)
        for _ in fold_steps(engine, project):
            judge.recount(engine)
            assert engine.rows("rules/frames/ledger") == []
            for row in (*engine.table("delivered_files"), *engine.table("deliveries")):
                assert row["rows_read"] == row["rows_loaded"] + row["rows_repeated"] + row["rows_quarantined"]
        read = {row["file"]: row["rows_read"] for row in engine.table("delivered_files")}
    assert read == {file.name: len(file.rows) for file in script}


@settings(max_examples=8)
@given(scripts(min_files=2), st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_any_order_of_arrival_ends_in_the_same_cases_and_figures(script: Script, arrivals: list[int]) -> None:
    arriving = list(zip(script, arrivals, strict=False))
    with TemporaryDirectory() as folder:
        for turn in sorted({arrival for _, arrival in arriving}):
            project = deliver(Path(folder), lay_out(file for file, arrival in arriving if arrival == turn))
            assert update_warehouse(project)
        with open_read_only(project) as engine:
            arrived = describe(engine)
    assert arrived == describe_at_once(script)


@settings(max_examples=3)
@given(scripts())
def test_running_again_changes_nothing(script: Script) -> None:
    with TemporaryDirectory() as folder:
        project = deliver(Path(folder), lay_out(script))
        assert update_warehouse(project)
        once = project.warehouse.read_bytes()
        assert not update_warehouse(project)
        assert project.warehouse.read_bytes() == once


@settings(max_examples=8)
@given(st.data(), scripts())
def test_renaming_splitting_and_reordering_files_changes_no_case(data: st.DataObject, script: Script) -> None:
    pieces = [piece for number, file in enumerate(script) for piece in cut(data, file, number)]
    # Two files of one content are one file, whichever cut-offs they lie in: see the test below.
    assume(len({piece.text for piece in pieces}) == len(pieces))
    whole, in_pieces = describe_at_once(script), describe_at_once(pieces)
    assert in_pieces["cases"] == whole["cases"]
    assert in_pieces["figures"] == whole["figures"]


@settings(max_examples=8)
@given(scripts(min_files=2), st.sampled_from(CUT_OFFS))
def test_as_of_a_cut_off_is_what_the_deliveries_through_it_tell_alone(script: Script, cut_off: str) -> None:
    with fold_in_memory(lay_out(script)) as engine:
        figures = [count_in_window(engine, year, date.fromisoformat(cut_off)) for year in YEARS]
        cases = list_cases(engine, "cases_as_of", cut_off)
    with fold_in_memory(lay_out(file for file in script if file.name[:10] <= cut_off)) as alone:
        assert figures == [count_in_window(alone, year) for year in YEARS]
        assert cases == list_cases(alone, "cases_as_of", "9999-12-31")


@settings(max_examples=6)
@given(st.data(), scripts())
def test_a_delivery_sent_again_in_another_encoding_changes_no_case(data: st.DataObject, script: Script) -> None:
    again = data.draw(st.sampled_from(script))
    encoding = data.draw(st.sampled_from(["gb18030", "utf-16", "utf-8-sig"]))
    with TemporaryDirectory() as folder:
        project = deliver(Path(folder), lay_out(script))
        update_warehouse(project)
        (project.raw / again.folder / "又一份.csv").write_bytes(again.text.encode(encoding))
        update_warehouse(project)
        with open_read_only(project) as engine:
            sent_twice = describe(engine)
    once = describe_at_once(script)
    assert (sent_twice["cases"], sent_twice["figures"]) == (once["cases"], once["figures"])


@settings(max_examples=5)
@given(st.data(), scripts(min_files=2))
def test_withdrawing_a_delivery_is_as_if_it_had_never_come(data: st.DataObject, script: Script) -> None:
    with TemporaryDirectory() as folder:
        project = deliver(Path(folder), lay_out(script))
        update_warehouse(project)
        gone = data.draw(st.sampled_from(sorted({file.name[:10] for file in script})))
        build_warehouse(project, plan_withdrawal(project, gone, "误报", Silent()))
        assert not update_warehouse(project)
        with open_read_only(project) as engine:
            left = describe(engine)
    assert left == describe_at_once(file for file in script if not file.name.startswith(gone))


# ---------------------------------------------------------------- single cases


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
        assert {case["file"] for case in engine.table("cases")} == {"2022-07-15/七月.csv"}


def test_a_delivery_that_is_later_said_to_correct_does_so(tmp_path: Path) -> None:
    void = draw("case | type | accepted | result\n1 | 行政许可 | 2022-07-01 | 作废")
    valid = draw("case | type | accepted | result\n1 | 行政许可 | 2022-07-01 | 出证")
    project = deliver(tmp_path, {"2022-07-15/a.csv": void, "2022-07-15/更正/b.csv": valid})
    update_warehouse(project)
    (project.raw / "2022-07-15/更正/delivery.toml").write_text("corrects = true\n")
    assert update_warehouse(project)
    with open_read_only(project) as engine:
        assert [case["is_void"] for case in engine.table("cases")] == [False]


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
        assert [(row["delivery_id"], row["rows_read"]) for row in engine.table("deliveries")] == [
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
        assert [row["is_void"] for row in engine.table("cases")] == [True]


def test_a_row_word_for_word_in_two_files_of_a_delivery_is_a_repeat_whatever_the_files_are_called() -> None:
    with fold_in_memory(
        {"2022-07-15/全部.csv": ACCEPTED, "2022-07-15/许可.csv": ACCEPTED.replace("2,", "3,")}
    ) as engine:
        assert engine.rows("figures/reconciliation", as_of=date.max)[0]["rows_repeated"] == 1
        assert engine.rows("rules/frames/findings") == []


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
        rows = engine.rows("figures/reconciliation", as_of=date.max)[0]
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
        versions = engine.execute(
            "select result, from_delivery, until_delivery from case_versions order by from_delivery, result"
        )
        judge.recount(engine)
        assert engine.rows("rules/frames/ledger") == []
    assert [tuple(version.values()) for version in versions] == [
        ("", "2022-07-15", "2022-07-15"),
        ("出证", "2022-07-15", None),
        ("补正", "2022-07-22", "2022-07-22"),
    ]


def test_a_case_knows_where_its_acceptance_and_where_its_completion_was_read() -> None:
    with fold_in_memory({"2022-07-15": ACCEPTED, "2022-07-22": COMPLETED}) as engine:
        cases = engine.execute(
            "select case_no, file, row_no, completion_file, completion_row_no from cases order by case_no"
        )
    assert [tuple(case.values()) for case in cases] == [
        ("1", "2022-07-15/办件.csv", 2, "2022-07-22/办件.csv", 2),
        ("2", "2022-07-15/办件.csv", 3, None, None),
    ]


def lay_out(script: Iterable[Delivered]) -> dict[str, str]:
    """A script as files; 更正 is a folder of corrections."""
    files = {}
    for file in script:
        files[file.name] = file.text
        if file.folder.endswith("/更正"):
            files[f"{file.folder}/delivery.toml"] = "corrects = true\n"
    return files


def list_cases(engine: Engine, macro: str, as_of: str) -> list[tuple[object, ...]]:
    rows = engine.execute(f"select * from {macro}('{as_of}') order by case_no")
    return [tuple(value for name, value in row.items() if name != "delivery_id") for row in rows]


def describe_at_once(script: Iterable[Delivered]) -> dict[str, object]:
    with fold_in_memory(lay_out(script)) as engine:
        return describe(engine)


def describe(engine: Engine) -> dict[str, object]:
    """What must not depend on how the deliveries came: cases, figures as of each cut-off, rows."""
    return {
        "cases": engine.rows("look/content_hash"),
        "figures": [count_in_window(engine, year, date.fromisoformat(as_of)) for as_of in CUT_OFFS for year in YEARS],
        "rows": engine.rows("figures/reconciliation", as_of=date.max),
    }


def cut(data: st.DataObject, file: Delivered, number: int) -> list[Delivered]:
    """The rows of a file in another order, as one or two files of other names in the same folder."""
    rows = data.draw(st.permutations(file.rows))
    middle = data.draw(st.integers(0, len(rows) - 1))
    parts = [part for part in (rows[:middle], rows[middle:]) if part]
    return [
        Delivered(f"{file.folder}/{9 - number}-{i}.csv", file.header, tuple(part)) for i, part in enumerate(parts, 1)
    ]


def loaded_rows(project: Project) -> dict[str, int]:
    with open_read_only(project) as engine:
        return {row["file"]: row["rows_loaded"] for row in engine.table("delivered_files")}


def test_what_newer_rows_repeat_holds_since_then_so_that_what_is_older_no_longer_changes_it() -> None:
    told = "case | type | accepted | result | updated\n1 | 行政许可 | 2022-07-01 | {} | {}"
    deliveries = {
        "2022-07-08": draw(told.format("出证", "2022-07-01 10:00:00")),
        "2022-07-15": draw(told.format("出证", "2022-07-10 10:00:00")),
        "2022-07-22": draw(told.format("作废", "2022-07-05 10:00:00")),
    }
    with fold_in_memory(deliveries) as engine:
        assert [case["result"] for case in engine.table("cases")] == ["出证"]


def test_another_time_limit_alone_makes_another_version() -> None:
    told = "case | type | accepted | due\n1 | 行政许可 | 2022-07-01 | {}"
    with fold_in_memory(
        {"2022-07-15": draw(told.format("2022-07-29")), "2022-07-22": draw(told.format("2022-08-05"))}
    ) as engine:
        versions = engine.execute("select cast(due_at as varchar) as due_at from case_states order by from_delivery")
    assert [version["due_at"][:10] for version in versions] == ["2022-07-29", "2022-08-05"]


def test_handling_times_are_of_the_window_and_what_is_open_at_its_end_is_counted_apart() -> None:
    """Completed last year, in time; completed late; completed after the window; open; accepted after it."""
    cases = draw("""
        case | type     | accepted   | due        | completed
        1    | 行政许可 | 2021-12-01 | 2021-12-31 | 2021-12-02
        2    | 行政许可 | 2022-03-01 | 2022-03-02 | 2022-03-03
        3    | 行政许可 | 2022-03-01 | 2022-03-31 | 2022-03-02
        4    | 行政许可 | 2022-07-01 | 2022-07-31 | 2022-07-21
        5    | 行政许可 | 2022-07-01 |            |
        6    | 行政许可 | 2022-07-20 |            |
    """)
    with fold_in_memory({"2022-07-22": cases}) as engine:
        found = engine.rows("figures/handling_times", start_on="2022-01-01", end_on="2022-07-15", through_delivery=1)
    licence = found[0]
    assert {name: licence[name] for name in ("completed", "measured", "working_days", "median_days", "judged", "on_time", "still_open")} == {
        "completed": 2, "measured": 2, "working_days": 3, "median_days": 1.5, "judged": 2, "on_time": 1, "still_open": 2,
    }  # fmt: skip
