"""What an office says in its root: a profile that extends one of the program, and tolerances of its own."""

from pathlib import Path

import pytest
from a_root import GOOD_ROW, WEEK, run, write_raw, write_table

from flows.domain.profile import load_profile

SICHUAN = 'name = "sichuan"\nextends = "sichuan"\n'


def write_own(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# ---------------------------------------------------------------- a profile that extends another


def test_of_the_extended_profile_lists_are_replaced_and_tables_merged_key_by_key(tmp_path: Path) -> None:
    own = (
        '[groups]\nother_power = "其他九类行权"\n'
        '[columns]\ncase_no = ["本市编号"]\n'
        '[coverage]\ndepartments = ["市民政局"]\n'
        '[[case_kinds]]\nlabel = "急件"\nnames = ["急"]\nis_immediate = true\n'
    )
    write_own(tmp_path, "profiles/sichuan.toml", SICHUAN + own)
    program, profile = load_profile("sichuan"), load_profile("sichuan", tmp_path)
    assert profile.group_labels == {**program.group_labels, "other_power": "其他九类行权"}
    assert list(profile.group_labels) == ["licence", "public_service", "other_power"]
    assert (profile.columns["case_no"], profile.columns["accepted_at"]) == (
        ("本市编号",),
        program.columns["accepted_at"],
    )
    assert profile.expected_departments == ("市民政局",)
    assert [kind.label for kind in profile.case_kinds] == ["急件"]
    assert (profile.source, profile.types) == (program.source, program.types)


def test_a_profile_of_another_name_may_extend_one_of_the_program_with_its_tolerances(tmp_path: Path) -> None:
    write_own(tmp_path, "profiles/city.toml", 'name = "city"\nextends = "la311"\nsource = "City"\n')
    profile = load_profile("city", tmp_path)
    assert (profile.name, profile.source, profile.is_month_first) == ("city", "City", True)
    assert (profile.tolerances["volume_factor"], profile.tolerances["volume_z"]) == (20.0, 3.5)


def test_a_profile_that_only_names_departments_reads_and_classifies_as_the_one_it_extends(tmp_path: Path) -> None:
    write_own(tmp_path, "profiles/sichuan.toml", SICHUAN + '[coverage]\ndepartments = ["省民政厅"]\n')
    program, profile = load_profile("sichuan"), load_profile("sichuan", tmp_path)
    assert (profile.reading, profile.classification) == (program.reading, program.classification)


WRONG_PROFILES = {
    "a profile that the program has not": (
        'name = "sichuan"\nextends = "../x"\n', 2,
        "the program has no profile ../x to extend. It has: generic, la311, sichuan.",
    ),
    "an unknown key": (
        SICHUAN + "[coverage]\ndepartment = []\n", 4,
        "there is no department in [coverage]. Did you mean departments? There can be: departments.",
    ),
    "a header that the extended profile has under another column": (
        SICHUAN + '[columns]\naccepted_at = ["申请时间"]\n', 4,
        "the header “申请时间” stands under applied_at and under accepted_at. Leave it under one of them.",
    ),
    "an own header that stands before that of the extended profile": (
        SICHUAN + '[columns]\ncase_no = ["办结时间"]\n', 3,
        "the header “办结时间” stands under case_no and under completed_at. Leave it under one of them.",
    ),
    "types without one of a group of the extended profile": (
        SICHUAN + '[[types]]\nlabel = "许可"\ngroup = "licence"\n', 2,
        'no type belongs to the group public_service. Add a [[types]] with group = "public_service", or remove the group.',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "sentence"), WRONG_PROFILES.values(), ids=WRONG_PROFILES.keys())
def test_what_is_wrong_in_a_profile_that_extends_another_is_told_with_a_line_of_its_own_file(
    text: str, line: int, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_own(tmp_path, "profiles/sichuan.toml", text)
    (tmp_path / "bulletin.toml").write_text("")
    said = run(capsys, "profile", "--root", str(tmp_path))
    assert (said.exit_code, said.err) == (3, f"{path} line {line}: {sentence}\n")


# ---------------------------------------------------------------- tolerances.toml


def test_what_the_root_says_wins_over_the_program_a_profiles_section_over_default_and_the_profile_itself_over_both(
    tmp_path: Path,
) -> None:
    own = "[default]\nvolume_factor = 4\nvolume_z = 5\ntail_hour = 9\n[la311]\nvolume_z = 6\ntail_hour = 10\n"
    write_own(tmp_path, "tolerances.toml", own)
    write_own(tmp_path, "profiles/la311.toml", 'name = "la311"\nextends = "la311"\n[tolerances]\ntail_hour = 11\n')
    asked = ("volume_factor", "volume_z", "tail_hour", "kinds_learnt")
    assert [load_profile("la311", tmp_path).tolerances[name] for name in asked] == [4, 6, 11, 4]
    assert [load_profile("sichuan", tmp_path).tolerances[name] for name in asked] == [4, 5, 9, 4]
    assert [load_profile("la311").tolerances[name] for name in asked] == [20, 3.5, 12, 4]


def test_a_changed_tolerance_is_what_the_rules_ask_from_then_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_raw(tmp_path, {})
    write_own(tmp_path, "bulletin.toml", "")
    asked = []
    for tolerance in ("0.2", "0.5"):
        write_own(tmp_path, "tolerances.toml", f"[default]\nquarantined_share_file = {tolerance}\n")
        lines = run(capsys, "check", "--rules", "--root", str(tmp_path)).out.splitlines()
        asked += [line for line in lines if line.startswith("quarantined_share_file ")]
    assert ["20.0%" in asked[0], "50.0%" in asked[1]] == [True, True]


WRONG_TOLERANCES = {
    "an unknown tolerance": (
        "[default]\nvolume_facto = 3\n", 2, "there is no volume_facto in [default]. Did you mean volume_factor? There can be: share_least_rows, ",
    ),
    "an unknown section": (
        "[sichaun]\nvolume_factor = 3\n", 1,
        "there is no section [sichaun]. Did you mean sichuan? The sections are: default, generic, la311, sichuan.",
    ),
    "a text": ('[default]\n# 5 %\nvolume_z = "5"\n', 3, "volume_z must be a number from 0 on, such as 0.02."),
    "less than nothing": ("[default]\nvolume_z = -1\n", 2, "volume_z must be a number from 0 on, such as 0.02."),
    "a line before every section": ("volume_z = 5\n", 1, "volume_z stands in no section. Write [default] in a line above it."),
    "no TOML": ("[default]\nvolume_z =\n", 2, "this cannot be read as TOML (Invalid value). "),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "sentence"), WRONG_TOLERANCES.values(), ids=WRONG_TOLERANCES.keys())
def test_what_is_wrong_in_tolerances_is_told_with_file_and_line(
    text: str, line: int, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_own(tmp_path, "tolerances.toml", text)
    write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    said = run(capsys, *WEEK, "--root", str(tmp_path))
    assert (said.exit_code, said.out, said.err.count("\n")) == (3, "", 1)
    assert said.err.startswith(f"{path} line {line}: {sentence}")
