"""Whose number a case number is: one that two cases have taken, and numbers that are unique only within something."""

from dataclasses import replace
from pathlib import Path

import pytest
from drawing import Silent, deliver, draw, fold_in_memory

from flows.domain.profile import FOLDER, Profile, load_profile
from flows.domain.text import BadInput
from flows.engine.opening import open_engine
from flows.root.deliveries import find_files, name_deliveries
from flows.warehouse.fold import fold_cut_off
from flows.warehouse.reference import store_classification

PROFILE = load_profile("sichuan")


def find(*tables: str) -> list[tuple[object, ...]]:
    """What is found of numbers that two cases have taken, a line a table: its number, and how many rows."""
    days = ("2022-07-08", "2022-07-15", "2022-07-22")[-len(tables) :]
    with fold_in_memory({day: draw(table) for day, table in zip(days, tables, strict=True)}) as engine:
        rows = engine.read("row_findings").dicts()
        return [(row["table_no"], row["row_count"]) for row in rows if row["rule"] == "numbers_taken"]


def fold_by(profile: Profile, folder: Path, files: dict[str, str]) -> list[tuple[object, ...]]:
    """Number, department and completion of each case."""
    with open_engine(has_schema=True) as engine:
        store_classification(engine, profile)
        found = find_files(deliver(folder, files))
        names = name_deliveries(found, [], [])
        for cut_off in sorted({file.cut_off for file in found}):
            fold_cut_off(engine, profile, cut_off, [f for f in found if f.cut_off == cut_off], names, Silent())
        cases = engine.read("cases").dicts()
        return sorted((c["case_no"], c["department"], str(c["completed_at"] or "")[:10]) for c in cases)


KNOWN = "case | type | department | code | accepted | area\n203340060 | 行政许可 | {} | {} | {} | 510000"


@pytest.mark.parametrize(
    ("told", "is_taken"),
    [
        (("甲局", "", "2022-07-04 10:00:00"), False),
        (("乙局", "", "2022-07-04 10:00:00"), False),  # the case went to another department
        (("甲局", "", "2022-07-05 10:00:00"), False),  # its time was corrected
        (("乙局", "", "2022-07-05 10:00:00"), True),
        (("乙局", "", "2022-07-04"), False),  # the same day
        (("", "", "2022-07-05 10:00:00"), False),  # nobody says whose it is
        (("乙局", "", ""), False),
        (("甲局", "511A2", "2022-07-05 10:00:00"), True),
    ],
)
def test_a_number_is_taken_by_another_case_that_differs_in_department_or_item_and_in_acceptance(
    told: tuple[str, str, str], is_taken: bool
) -> None:
    known, again = KNOWN.format("甲局", "511A1", "2022-07-04 10:00:00"), KNOWN.format(*told)
    assert find(known, again) == ([(2, 1)] if is_taken else [])
    both = f"{known}\n{again.splitlines()[1]}"
    assert find(both) == ([(1, 2)] if is_taken else [])


def test_a_number_that_two_cases_have_taken_is_found_whatever_its_version_says() -> None:
    table = "case | type | department | accepted | updated | area\n1 | 行政许可 | {} | {} | {} | 510000"
    known = table.format("甲局", "2022-07-04", "2022-07-14 10:00:00")
    assert find(known, table.format("乙局", "2022-07-05", "2022-07-13 10:00:00")) == [(2, 1)]
    assert find(known, table.format("乙局", "2022-07-05", "2022-07-20 10:00:00")) == [(2, 1)]


WEEK = """
    case | type    | department | area   | accepted   | completed
    1    | 行政许可 | 甲局        | 510000 | 2022-07-04 |
    1    | 公共服务 | 乙局        | 510000 | 2022-07-05 | 2022-07-06
    """
RESULTS = """
    case | department | completed
    1    | 甲局        | 2022-07-20
    """


def test_numbers_that_are_unique_only_within_a_department_are_known_by_both(tmp_path: Path) -> None:
    profile = replace(PROFILE, key_parts=("case_no", "department"))
    assert fold_by(profile, tmp_path, {"2022-07-15": draw(WEEK), "2022-07-22": draw(RESULTS)}) == [
        ("1·乙局", "乙局", "2022-07-06"),
        ("1·甲局", "甲局", "2022-07-20"),
    ]


def test_numbers_that_begin_anew_each_year_are_known_with_the_year_of_acceptance(tmp_path: Path) -> None:
    profile = replace(PROFILE, key_parts=("case_no", "year"))
    table = "case | type | accepted | area\n1 | 行政许可 | {} | 510000"
    files = {"2022-07-15": draw(table.format("2021-12-31")), "2022-07-22": draw(table.format("2022-01-01"))}
    assert [case for case, *_ in fold_by(profile, tmp_path, files)] == ["1·2021", "1·2022"]


def test_a_licensee_who_is_inspected_again_is_another_case_where_the_key_holds_the_day(tmp_path: Path) -> None:
    profile = replace(PROFILE, key_parts=("case_no", "day"))
    table = (
        "case | type | accepted | area\n1 | 行政检查 | 2022-07-04 09:00:00 | 510000\n1 | 行政检查 | 2022-07-20 | 510000"
    )
    cases = fold_by(profile, tmp_path, {"2022-07-22": draw(table)})
    assert [case for case, *_ in cases] == ["1·2022-07-04", "1·2022-07-20"]


def test_numbers_may_be_unique_within_a_column_of_the_source_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (FOLDER / "sichuan.toml").read_text(encoding="utf-8")
    own = text.replace('name = "sichuan"', 'name = "windows"').replace("[columns]", '[columns]\nkey_part = ["窗口"]')
    (tmp_path / "windows.toml").write_text(f'{own}\n[key]\nparts = ["case_no", "key_part"]\n', encoding="utf-8")
    monkeypatch.setattr("flows.domain.profile.FOLDER", tmp_path)
    files = {
        "2022-07-22": "办件编号,窗口,事项类型,行政区划,受理时间\n1,A,行政许可,510000,2022-07-04\n1,B,行政许可,510000,2022-07-05\n"
    }
    cases = fold_by(load_profile("windows"), tmp_path / "root", files)
    assert [case for case, *_ in cases] == ["1·A", "1·B"]


def test_a_damaged_number_stays_damaged_with_something_behind_it(tmp_path: Path) -> None:
    profile = replace(PROFILE, key_parts=("case_no", "department"))
    others = [f"41574812345678{i:05}" for i in range(10_001, 10_041)]
    numbers = ["", "4.15748E+18", *others, *(f"415748123456{i:03}0000" for i in range(100, 110))]
    rows = [f"{number} | 行政许可 | 甲局 | 510000 | 2022-07-04" for number in numbers]
    table = "\n".join(["case | type | department | area | accepted", *rows])
    assert [case for case, *_ in fold_by(profile, tmp_path, {"2022-07-22": draw(table)})] == [
        f"{no}·甲局" for no in others
    ]


@pytest.mark.parametrize(
    "parts", [("case_no", "year"), ("case_no", "day"), ("case_no", "department"), ("case_no", "item_code")]
)
def test_a_table_that_lacks_a_part_of_the_key_is_refused_with_what_to_do(
    tmp_path: Path, parts: tuple[str, ...]
) -> None:
    column = {"year": "accepted_at", "day": "accepted_at"}.get(parts[1], parts[1])
    with pytest.raises(BadInput) as refused:
        fold_by(replace(PROFILE, key_parts=parts), tmp_path, {"2022-07-22": draw("case | completed\n1 | 2022-07-04")})
    assert str(refused.value).partition("办件.csv: ")[2] == (
        f"by [key] of the source profile sichuan a case is known by case_no, {parts[1]}, but the table has no column for {column}. "
        f"Add the column to the export, or add its header to {column} in [columns] of the profile."
    )
