"""Groups of one's own: one to as many as a profile names, in every form of the section; wildcards, and a default type."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from a_root import WEEK, run, write_raw
from drawing import deliver, fold_steps
from printed_figures import PUBLISHED, STATISTICS
from signed_weeks import sign

from flows.domain.cases import Counts
from flows.domain.figures import GroupFigures, Wording
from flows.domain.profile import load_profile
from flows.engine.opening import open_engine
from flows.report.paragraph import write_paragraph
from flows.report.tables import list_tables
from flows.warehouse.reference import store_classification

COLUMNS = '[columns]\ncase_no = ["No"]\nitem_type = ["Type"]\naccepted_at = ["Opened"]\ncompleted_at = ["Closed"]\n'
OPENING = "据四川一体化政务服务平台数据统计，2022年1月1日至2022年7月22日，省本级"


def count(
    profile: str, types: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], *more: str
) -> Mapping[str, Any]:
    """statistics.json of a week in which one case of each type was opened and closed."""
    rows = [f"{i},{name},2022-07-18,2022-07-19" for i, name in enumerate(types.split("|"))]
    write_raw(tmp_path, {"2022-07-22/a.csv": "\n".join(["No,Type,Opened,Closed", *rows, ""])})
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles/own.toml").write_text(profile, encoding="utf-8")
    (tmp_path / "bulletin.toml").write_text('profile = "own"\n')
    said = run(capsys, *WEEK, "--root", str(tmp_path), *more)
    assert said.exit_code == 0, said.err
    found: Mapping[str, Any] = json.loads((tmp_path / "reports/2022-07-22/statistics.json").read_text("utf-8"))
    return found


def accepted(statistics: Mapping[str, Any]) -> dict[str, int]:
    groups = {group["group"]: group["accepted"] for group in statistics["groups"]}
    return {**groups, "unclassified": statistics["unclassified"]["accepted"]}


# ---------------------------------------------------------------- the paragraph


def of_groups(*labels: str) -> str:
    groups = tuple(
        GroupFigures(f"g{i}", label, Counts(i, 10 + i), Counts(), Counts()) for i, label in enumerate(labels, 1)
    )
    return write_paragraph(replace(STATISTICS, groups=groups)).removeprefix(OPENING)


def test_three_groups_are_punctuated_as_published() -> None:
    assert write_paragraph(STATISTICS) == PUBLISHED
    assert of_groups("甲", "乙", "丙") == "甲事项受理1件，办结11件；乙事项受理2件，办结12件，丙事项受理3件，办结13件。"


def test_other_numbers_of_groups_are_a_plain_list() -> None:
    assert of_groups("甲") == "甲事项受理1件，办结11件。"
    assert of_groups("甲", "乙") == "甲事项受理1件，办结11件；乙事项受理2件，办结12件。"
    assert of_groups("甲", "乙", "丙", "丁") == (
        "甲事项受理1件，办结11件；乙事项受理2件，办结12件；丙事项受理3件，办结13件；丁事项受理4件，办结14件。"
    )


def test_a_label_that_says_item_does_not_say_it_twice() -> None:
    assert of_groups("许可事项", "事项") == "许可事项受理1件，办结11件；事项受理2件，办结12件。"


def test_a_template_of_the_profile_names_its_own_groups() -> None:
    wording = Wording(
        template="{{ source }}：{% for g in groups.values() %}{{ g.label }}{{ count(g.accepted) }}件。{% endfor %}"
    )
    assert write_paragraph(replace(STATISTICS, wording=wording)).endswith(
        "平台：行政许可465145件。公共服务18703029件。其它九类行权40933件。"
    )


def test_the_tables_say_how_many_groups_they_sum_up() -> None:
    def note(groups: int) -> str:
        of_few = replace(
            STATISTICS, groups=(*STATISTICS.groups, STATISTICS.groups[0])[:groups], handling=(), changes=()
        )
        return next(table.note for table in list_tables(of_few) if table.title == "实施主体")

    assert note(3).startswith("省本级，三组合计，本年累计；")
    assert note(4).startswith("省本级，四组合计，本年累计；")
    assert note(2).startswith("省本级，两组合计，本年累计；")
    assert note(1).startswith("省本级，本年累计；")


# ---------------------------------------------------------------- what a profile says


def test_a_minimal_profile_counts_every_case_in_one_group(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    statistics = count('name = "own"\n' + COLUMNS, "a|b|", tmp_path, capsys)
    assert statistics["text"] == "据own数据统计，2022年1月1日至2022年7月22日，全部事项受理3件，办结3件。"
    assert accepted(statistics) == {"all": 3, "unclassified": 0}
    assert statistics["definitions"]["默认类型"] == "未注明类型，或类型不在数据源类型表中的办件，按“事项”计入（假定）。"


FOUR = "".join(
    f'[[types]]\nlabel = "{label}"\ngroup = "{key}"\nvalues = {values}\n'
    for label, key, values in (
        ("Permits", "permit", '["Permit*", "Sign?"]'),
        ("Sign 9", "sign", '["Sign9"]'),
        ("Noise", "noise", '["*noise*"]'),
        ("Rest", "rest", '["Permit noise only"]'),
    )
)
GROUPS = '[groups]\npermit = "许可"\nsign = "招牌"\nnoise = "噪声"\nrest = "其余"\n'


def test_exact_values_win_over_wildcards_and_of_two_wildcards_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    types = "Permit A|PERMIT-B|permit noise|Permit noise only|Sign1|Sign9|loud NOISE|Tree"
    profile = 'name = "own"\n' + COLUMNS + GROUPS + FOUR
    statistics = count(profile, types, tmp_path, capsys)
    assert accepted(statistics) == {"permit": 4, "sign": 1, "noise": 1, "rest": 1, "unclassified": 1}
    assert statistics["unclassified"]["labels"] == {"Tree": {"accepted": 1, "completed": 1}}
    assert "默认类型" not in statistics["definitions"]
    for form in ("statistics.html", "statistics.md", "checks.html"):
        assert (tmp_path / "reports/2022-07-22" / form).read_text("utf-8")


def test_a_default_type_takes_what_is_blank_or_unknown_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = 'name = "own"\ndefault_type = "Rest"\n' + COLUMNS + GROUPS + FOUR
    statistics = count(profile, "Permit A|Tree|", tmp_path, capsys)
    assert accepted(statistics) == {"permit": 1, "sign": 0, "noise": 0, "rest": 2, "unclassified": 0}
    assert statistics["definitions"]["默认类型"].startswith("未注明类型，或类型不在数据源类型表中的办件，按“Rest”计入")


def test_the_commands_know_the_groups_of_the_profile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count('name = "own"\n' + COLUMNS + GROUPS + FOUR, "Permit A|Sign1|Sign9", tmp_path, capsys)
    root = ("--root", str(tmp_path))
    assert run(capsys, "explain", "许可", "受理", *root).out.startswith(
        "许可 受理 (accepted), 2022-01-01 through 2022-07-22: 2"
    )
    assert run(capsys, "explain", "sign", "completed", *root).exit_code == 0
    assert "licence" not in run(capsys, "explain", "licence", "completed", *root).err.split("There are")[1]
    asked = run(capsys, "query", "select 类别, count(*) as n from 办件 group by 1 order by 1", "--json", *root)
    assert json.loads(asked.out) == [{"类别": "招牌", "n": 1}, {"类别": "许可", "n": 2}]
    ranged = run(capsys, "rerun", "--from", "2022-07-18", "--to", "2022-07-22", "--json", *root)
    assert [group["group"] for group in json.loads(ranged.out)["groups"]] == ["permit", "sign", "noise", "rest"]
    assert run(capsys, "status", *root).exit_code == 0


def test_a_published_week_is_compared_and_verified_after_the_groups_have_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count('name = "own"\n' + COLUMNS + GROUPS + FOUR, "Permit A|Sign1|Sign9", tmp_path, capsys)
    root = ("--root", str(tmp_path))
    week = ("--week-ending", "2022-07-22")
    assert sign(tmp_path, capsys, "--issue", "1", "--serial", "1")[0] == 0
    (tmp_path / "profiles/own.toml").write_text(
        'name = "own"\n' + COLUMNS + '[groups]\nsign = "招牌"\n', encoding="utf-8"
    )
    assert run(capsys, *WEEK, *root).exit_code == 0
    said = run(capsys, "revisions", "--json", *root)
    assert said.exit_code == 0, said.err
    (revision,) = json.loads(said.out)
    changed = {(f["group"], f["measure"]): (f["published"], f["today"]) for f in revision["figures"]}
    assert changed["permit", "accepted"] == (2, 0)
    assert changed["sign", "accepted"] == (1, 3)
    assert run(capsys, "verify", *week, *root).exit_code == 0


def test_a_name_in_two_types_never_doubles_a_case(tmp_path: Path) -> None:
    """A profile that says so is refused, but one of an earlier day may stand in the receipts, and a table can be written to."""
    doubled = load_profile("sichuan").with_classification(
        '{"groups":{"a":"甲","b":"乙"},"types":[{"label":"行政许可","group":"a"},{"label":"许可","labels":["行政许可"],"group":"b"}]}'
    )
    project = deliver(tmp_path, {"2022-07-22": "办件编号,事项类型,行政区划,受理时间\n1,行政许可,510000,2022-07-01\n"})
    with open_engine(has_schema=True) as engine:
        store_classification(engine, doubled)
        assert engine.read("type_names").dicts() == [
            {"name": "行政许可", "item_type": "行政许可"}, {"name": "许可", "item_type": "许可"}
        ]  # fmt: skip
        engine.put("type_names", [("行政许可", "01"), ("行政许可", "20")])
        engine.put("item_types", [("01", "甲", "a"), ("01", "乙", "a"), ("20", "丙", "b")])
        for _ in fold_steps(engine, project):
            assert [row["group_key"] for row in engine.read("cases").dicts()] == ["a"]
            assert [row["rows_loaded"] for row in engine.read("deliveries").dicts()] == [1]
