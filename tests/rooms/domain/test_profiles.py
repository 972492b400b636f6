"""Source profiles: where they are found, what may be left out, and the sentence for whatever is wrong in one."""

import random
import re
from pathlib import Path

import pytest
from a_root import GOOD_ROW, WEEK, run, write_raw, write_table
from hypothesis import given
from hypothesis import strategies as st

from flows.domain.profile import FOLDER, Events, load_profile
from flows.domain.profile_form import read_form
from flows.domain.profile_keys import COLUMNS, EVENT_COLUMNS, OWN_KEYS, REPEATED, SECTIONS
from flows.domain.text import BadInput
from flows.domain.toml_form import find_line
from flows.root.project import CHECKOUT

MINIMAL = 'name = "own"\n\n[columns]\ncase_no = ["Permit Number"]\naccepted_at = ["Filed Date"]\n'
TYPES = (
    '[groups]\na = "甲类"\nb = "乙类"\n[[types]]\nlabel = "One"\ngroup = "a"\n[[types]]\nlabel = "Two"\ngroup = "b"\n'
)
WHOLE = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))}


def write_profile(root: Path, text: str, name: str = "own") -> Path:
    path = root / "profiles" / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# ---------------------------------------------------------------- where they are found


def test_a_profile_of_the_root_is_found_before_that_of_the_program(tmp_path: Path) -> None:
    write_profile(tmp_path, WHOLE["sichuan"].replace('"四川一体化政务服务平台"', '"本市平台"'), "sichuan")
    assert load_profile("sichuan", tmp_path).source == "本市平台"
    assert load_profile("sichuan", tmp_path / "elsewhere").source == "四川一体化政务服务平台"
    assert load_profile("sichuan").source == "四川一体化政务服务平台"


def test_two_roots_in_one_process_have_each_its_own_profile_and_its_own_earlier_classification(tmp_path: Path) -> None:
    write_profile(tmp_path / "a", MINIMAL + '[groups]\npermit = "建筑许可"\n')
    write_profile(tmp_path / "b", MINIMAL + '[groups]\nrequest = "服务请求"\n')
    first, second = (load_profile("own", tmp_path / name) for name in "ab")
    assert (first.group_labels, second.group_labels) == ({"permit": "建筑许可"}, {"request": "服务请求"})
    earlier = first.with_classification('{"groups":{"older":"旧组"}}')
    assert (earlier.group_labels, earlier.columns, earlier.file) == ({"older": "旧组"}, first.columns, first.file)


def test_a_profile_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    write_profile(tmp_path, MINIMAL)
    assert load_profile("own", tmp_path).source == "own"
    write_profile(tmp_path, 'source = "x"\n' + MINIMAL)
    assert load_profile("own", tmp_path).source == "x"


def test_a_profile_that_is_missing_is_told_with_those_there_are(tmp_path: Path) -> None:
    write_profile(tmp_path, MINIMAL)
    with pytest.raises(BadInput, match="no source profile sichaun; there are: generic, la311, own, sichuan"):
        load_profile("sichaun", tmp_path)


def test_a_refusal_names_the_profile_that_is_in_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_raw(tmp_path, {"2022-07-22/a.csv": "Permit Number,Filed\n1,2022-07-01\n"})
    own = write_profile(tmp_path, MINIMAL + 'status = ["State"]\n')
    (tmp_path / "bulletin.toml").write_text('profile = "own"\n')
    (tmp_path / "data/raw/2022-07-22/a.csv").write_text("Permit Number,Filed,State\n1,2022-07-01,open\n")
    said = run(capsys, *WEEK, "--root", str(tmp_path))
    assert said.exit_code == 3
    assert f"change {own}:\n[columns]\naccepted_at = " in said.err


def test_a_copied_profile_reads_and_classifies_as_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    assert run(capsys, *WEEK, "--root", str(tmp_path)).exit_code == 0
    receipts = (tmp_path / "data/raw/receipts.jsonl").read_bytes()
    write_profile(tmp_path, WHOLE["sichuan"], "sichuan")
    assert run(capsys, *WEEK, "--root", str(tmp_path)).exit_code == 0
    assert (tmp_path / "data/raw/receipts.jsonl").read_bytes() == receipts


# ---------------------------------------------------------------- what may be left out


def test_a_profile_needs_no_more_than_a_name_and_the_header_of_the_case_number(tmp_path: Path) -> None:
    write_profile(tmp_path, 'name = "own"\n[columns]\ncase_no = ["Permit Number"]\n')
    profile = load_profile("own", tmp_path)
    assert (profile.source, profile.scope_label, profile.scope_areas) == ("own", "全部", ())
    assert profile.group_labels == {"all": "事项"}
    assert [(t.item_type, t.label, t.group) for t in profile.types] == [("all", "事项", "all")]
    assert profile.default_type == profile.types[0]
    assert profile.definitions["默认类型"] == "未注明类型，或类型不在数据源类型表中的办件，按“事项”计入（假定）。"
    assert profile.canonical("permit_number") == profile.canonical("PERMIT-NUMBER（必填）") == "case_no"


def test_tolerances_of_the_program_are_replaced_by_those_of_the_profile(tmp_path: Path) -> None:
    write_profile(tmp_path, MINIMAL + "[tolerances]\nvolume_factor = 9\n")
    profile = load_profile("own", tmp_path)
    assert (profile.tolerances["volume_factor"], profile.tolerances["volume_z"]) == (9.0, 3.5)


def test_the_order_of_groups_outlasts_a_classification_whose_keys_are_sorted(tmp_path: Path) -> None:
    write_profile(tmp_path, MINIMAL + TYPES.replace('a = "甲类"\nb = "乙类"\n', 'b = "乙类"\na = "甲类"\n'))
    profile = load_profile("own", tmp_path)
    other = load_profile("sichuan").with_classification(profile.classification)
    assert list(profile.group_labels) == list(other.group_labels) == ["b", "a"]


def test_a_classification_recorded_before_groups_were_free_has_their_published_order() -> None:
    earlier = load_profile("sichuan").with_classification(
        '{"groups":{"licence":"甲","other_power":"丙","public_service":"乙"}}'
    )
    assert list(earlier.group_labels) == ["licence", "public_service", "other_power"]
    assert "group_order" not in load_profile("sichuan").classification


# ---------------------------------------------------------------- what is wrong

NAMES_ALLOWED = 'a list of texts, such as ["办件编号", "case number"]'
WRONG = {
    "no TOML": (MINIMAL + 'x = "a\n', 6, "this cannot be read as TOML (Illegal character '\\n')"),
    "a bracket that is not closed": (MINIMAL + 'status = ["a"', 6, "this cannot be read as TOML (Unclosed array)"),
    "a section twice": (MINIMAL + "[columns]\n", 6, "this cannot be read as TOML (Cannot declare ('columns',) twice)"),
    "an unknown section": (
        MINIMAL + '[group]\na = "x"\n', 6,
        "there is no section [group]. Did you mean groups? The sections are: scope, ",
    ),
    "an unknown column": (
        MINIMAL + 'acepted_at = ["x"]\n', 6,
        "there is no acepted_at in [columns]. Did you mean accepted_at? There can be: case_no, ",
    ),
    "an unknown key at the beginning": (
        'sorce = "x"\n' + MINIMAL, 1, "there is no sorce in the beginning of a profile. Did you mean source? There can be: name, ",
    ),
    "an unknown key of a type": (
        MINIMAL + TYPES + 'lables = ["x"]\n', 15, "there is no lables in [[types]]. Did you mean labels? There can be: item_type, ",
    ),
    "an unknown tolerance": (
        MINIMAL + "[tolerances]\nvolume_facto = 3\n", 7, "there is no volume_facto in [tolerances]. Did you mean volume_factor? ",
    ),
    "text where a list belongs": (MINIMAL + 'status = "State"\n', 6, f"status must be {NAMES_ALLOWED}."),
    "a list without anything": (MINIMAL + "status = []\n", 6, f"status must be {NAMES_ALLOWED}."),
    "a number in a list": (MINIMAL + 'status = ["State",\n  3]\n', 6, f"status must be {NAMES_ALLOWED}."),
    "a section that is a text": ('columns = "x"\nname = "own"\n', 1, "columns must be a section of its own: write [columns] in a line"),
    "types that are one section": (MINIMAL + "[types]\n", 6, "types must be a section of its own: write [[types]] in a line"),
    "text for true": (MINIMAL + '[times]\nis_month_first = "yes"\n', 7, "is_month_first must be true or false."),
    "a zone that does not exist": ('time_zone = "Asia/Chengdu"\n' + MINIMAL, 1, "time_zone must be a time zone, such as"),
    "a unit that is none": (MINIMAL + '[paragraph]\nunit = "千"\n', 7, 'unit must be "" or "万".'),
    "a bad regular expression": (MINIMAL + "[item_code]\ntype_pattern = '^([0-9'\n", 7, "type_pattern must be a regular expression"),
    "one without a part in brackets": (MINIMAL + "[item_code]\ntype_pattern = '^51'\n", 7, "type_pattern must be a regular expression"),
    "one that the engine does not know": (MINIMAL + "[item_code]\narea_pattern = '(?=a)(b)'\n", 7, "area_pattern must be a regular"),
    "no case number": ('name = "own"\n[columns]\nstatus = ["State"]\n', 2, 'case_no is missing in [columns]. Add a line such as case_no = ["…"]'),
    "no columns": ('name = "own"\n', 1, "case_no is missing in [columns]."),
    "no name": ('[columns]\ncase_no = ["x"]\n', 1, 'the name of the profile is missing. Write name = "own" in the first line.'),
    "another name": (
        MINIMAL.replace('"own"', '"mine"'), 1, 'the name is mine, but the file is called own.toml. Write name = "own".',
    ),
    "one header under two columns": (
        MINIMAL + 'status = ["State",\n  "FILED_DATE"]\n', 7,
        "the header “FILED_DATE” stands under accepted_at and under status. Leave it under one of them.",
    ),
    "a header that is the name of another column": (
        MINIMAL + 'status = ["case no"]\n', 6, "the header “case no” stands under case_no and under status.",
    ),
    "a header of marks": (MINIMAL + 'status = ["_-"]\n', 6, "“_-” is no header: it holds neither a letter nor a digit."),
    "a type of an unknown group": (
        MINIMAL + TYPES.replace('group = "b"', 'group = "c"'), 14, "there is no group c in [groups]. There are: a, b.",
    ),
    "a type without a group": (MINIMAL + TYPES.replace('group = "b"\n', ""), 12, "group is missing in [[types]]."),
    "a group without a type": (
        MINIMAL + TYPES.replace('"b"\n', '"a"\n'), 8, 'no type belongs to the group b. Add a [[types]] with group = "b", or remove',
    ),
    "a type without a label": (MINIMAL + TYPES.replace('label = "Two"\n', ""), 12, "label is missing in [[types]]."),
    "a label in two types": (
        MINIMAL + TYPES + 'labels = ["x",\n "ＯＮＥ"]\n', 16, "“ＯＮＥ” already belongs to the type “One”. Leave it under one of the two.",
    ),
    "a code in two types": (
        MINIMAL + TYPES.replace('group = "a"', 'group = "a"\ncodes = ["1"]') + 'codes = ["1"]\n', 16, "“1” already belongs to the type “One”.",
    ),
    "a wildcard in two types": (
        MINIMAL + TYPES.replace('group = "a"', 'group = "a"\nvalues = ["P*"]') + 'values = ["p*"]\n', 16, "“p*” already belongs to",
    ),
    "a default type that is none": ('default_type = "Three"\n' + MINIMAL + TYPES, 1, "no type is called “Three”. The types are: One, Two."),
    "a file name's type that is none": (
        MINIMAL + TYPES + '[[types_by_file_name]]\nwords = ["x"]\ntype = "Three"\n', 17, "no type is called “Three”.",
    ),
    "a kind of case said twice": (
        MINIMAL + '[[case_kinds]]\nlabel = "即办件"\nnames = ["1"]\n[[case_kinds]]\nlabel = "承诺件"\nnames = ["1"]\n', 11,
        "“1” already belongs to the kind of case “即办件”.",
    ),
    "a group's key of other letters": (MINIMAL + '[groups]\nPermit = "许可"\n', 7, "Permit cannot be the key of a group. Use small"),
    "a group's key that is taken": (MINIMAL + '[groups]\nunclassified = "许可"\n', 7, "unclassified cannot be the key of a group."),
    "two groups of one label": (MINIMAL + '[groups]\na = "许可"\nb = "许 可"\n', 8, "the label “许 可” is taken, so nobody could tell"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_in_a_profile_is_told_in_one_sentence_with_its_line(
    text: str, line: int, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_profile(tmp_path, text)
    write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    (tmp_path / "bulletin.toml").write_text('profile = "own"\n')
    said = run(capsys, *WEEK, "--root", str(tmp_path))
    assert (said.exit_code, said.out) == (3, "")
    assert said.err.startswith(f"{path} line {line}: {sentence}")
    assert said.err.count("\n") == 1


def test_a_profile_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = write_profile(tmp_path, "")
    path.write_bytes(MINIMAL.encode() + '[groups]\na = "许可"\n'.encode("gb18030"))
    with pytest.raises(BadInput, match=r"own\.toml line 7: this is not UTF-8\. Save the file as UTF-8\."):
        load_profile("own", tmp_path)


def test_a_line_is_found_in_the_section_of_its_number_and_told_of_the_section_where_it_cannot_be() -> None:
    text = 'a = 1\n[[t]]\nx = "1"\n[[t]]\nx = ["1",\n "2"]\n[u]\nx.y = 3\n'
    found = [find_line(text, "t", "x", "2", 1), find_line(text, "t", "x", "", 0), find_line(text, "t", "z", "", 1)]
    assert [*found, find_line(text, "u", "z"), find_line(text, "", "a"), find_line(text, "v", "a")] == [
        6,
        3,
        4,
        7,
        1,
        1,
    ]


def damage(text: str, chance: random.Random) -> str:
    """A profile as a hurried hand leaves it: a line lost, doubled, moved, cut, or with other words in it."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 3)):
        place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        line = lines[place]
        cut = chance.randrange(len(line) + 1)
        words = [
            "[columns]",
            "[[types]]",
            "[types]",
            "x = 1",
            "case_no = []",
            'group = "x"',
            "9999-99-99",
            "inf",
            "''",
            "{}",
            "[[",
            '"',
        ]
        word = chance.choice(words)
        lines[place] = chance.choice(
            ["", f"{line}\n{line}", lines[other], line[:cut], line[:cut] + word + line[cut:], word, line.replace('"', "", 1),
             line.replace("=", "=" + word, 1), line[::-1], line.replace("_", ".", 1)]
        )  # fmt: skip
    return "\n".join(lines)


@given(st.sampled_from([*WHOLE.values(), MINIMAL + TYPES]), st.integers())
def test_whatever_happens_to_a_profile_it_is_read_or_refused_with_its_line(text: str, seed: int) -> None:
    damaged = damage(text, random.Random(seed))
    for path in (Path("own.toml"), Path("sichuan.toml")):
        try:
            sections = read_form(path, damaged.encode(), FOLDER).whole
        except BadInput as error:
            assert str(error).startswith(f"{path} line ")
        else:
            assert sections["columns"]["case_no"]


# ---------------------------------------------------------------- the document


def test_the_profile_that_is_shown_is_read_whole(tmp_path: Path) -> None:
    text = (CHECKOUT / "docs/profiles.md").read_text("utf-8")
    whole, events, extending, tolerances = re.findall(r"^```toml\n(.*?)^```", text, re.S | re.M)
    write_profile(tmp_path, whole, "permits")
    assert load_profile("permits", tmp_path).group_labels == {"building": "建筑许可", "other": "其他许可"}
    log = 'name = "log"\n[columns]\ncase_no = ["a"]\nevent_at = ["b"]\nactivity = ["c"]\n'
    write_profile(tmp_path, log + events, "log")
    assert load_profile("log", tmp_path).events == Events(("create*",), ("payment",), False)
    write_profile(tmp_path, extending, "sichuan")
    (tmp_path / "tolerances.toml").write_text(tolerances, encoding="utf-8")
    office = load_profile("sichuan", tmp_path)
    assert (office.expected_departments, office.group_labels["other_power"]) == (
        ("省民政厅", "省公安厅"),
        "其他九类行权",
    )
    assert (office.tolerances["volume_factor"], office.tolerances["year_on_year_factor"]) == (9, 3)


def test_the_table_of_sections_names_every_section_and_key() -> None:
    text = (CHECKOUT / "docs/profiles.md").read_text("utf-8")
    rows = re.findall(r"^\| (.*?) \| (.*?) \|", text.split("| section | keys | default |")[1], re.M)
    named = {name for sections, _ in rows for name in re.findall(r"\[(\w+)\]", sections)}
    assert named == {*filter(None, SECTIONS), *REPEATED, *OWN_KEYS}
    told = {key for _, keys in rows for key in re.findall(r"`(\w+)`", keys)}
    known = {key for kinds in (*SECTIONS.values(), *REPEATED.values()) for key in kinds}
    assert known - told - {*COLUMNS, *EVENT_COLUMNS} == set()
