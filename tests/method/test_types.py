"""The item types of the three groups, and what is in none (docs/method.md §2)."""

from drawing import (
    FRIDAY,
    bulletin,
    newest_cases,
    year_to_date,
)

from flows.domain.cases import Counts

LABELS = {
    "行政许可": "licence",
    "行政许可事项": "licence",
    "行政处罚": "other_power",
    "行政强制": "other_power",
    "行政征收": "other_power",
    "行政征用": "other_power",
    "行政给付": "other_power",
    "行政检查": "other_power",
    "行政确认": "other_power",
    "行政奖励": "other_power",
    "行政裁决": "other_power",
    "行政备案": "other_power",
    "审核转报": "other_power",
    "内部审批": "other_power",
    "其他行政权力": "other_power",
    "其它行政权力": "other_power",
    "其他行政权利": "other_power",
    "其他权利": "other_power",
    "其他类别事项": "other_power",
    "其他职权": "other_power",
    "其它": "other_power",
    "公共服务": "public_service",
    "公共服务事项": "public_service",
    "便民服务": "public_service",
}
SPELLINGS = {
    "01-行政许可": "licence",
    "01 行政许可": "licence",
    "行政许可(01)": "licence",
    "行政许可（０１）": "licence",
    "０１": "licence",
    "行 政　许 可": "licence",
    "20-公共服务": "public_service",
    "公共服务(20)": "public_service",
    "10-其它行政权力": "other_power",
    "其它行政权力（10）": "other_power",
    "９": "other_power",
}


def test_the_type_column_takes_the_codes_of_the_profile() -> None:
    assert group_types("01", "1", "1A", "1a") == {"01": "licence", "1": "licence", "1A": "licence", "1a": "licence"}
    powers = ("02", "3", "4", "05", "6", "7", "8", "09", "10", "1B", "1Z")
    assert group_types(*powers) == dict.fromkeys(powers, "other_power")
    assert group_types("20", "2A", "3Z") == {"20": "public_service", "2A": "public_service", "3Z": "public_service"}


def test_the_type_column_takes_the_labels_of_the_profile() -> None:
    assert group_types(*LABELS) == LABELS


def test_a_type_is_read_as_people_read_it() -> None:
    assert group_types(*SPELLINGS) == SPELLINGS


def test_a_type_that_the_source_does_not_list_is_in_no_group() -> None:
    unlisted = ("11", "19", "21", "30", "31", "32", "99", "001", "行政调解", "99-行政调解", "行政调解(99)", "许可")
    assert group_types(*unlisted) == dict.fromkeys(unlisted, "unclassified")


def test_unclassified_cases_are_listed_by_the_label_as_delivered() -> None:
    figures = bulletin(
        """
        case | type    | area   | accepted   | completed
        1    | 31      | 510000 | 2022-07-01 | 2022-07-04
        2    | 行政调解 | 510000 | 2022-07-01 |
        3    | 行政调解 | 510000 | 2021-07-01 | 2022-07-04
        4    |         | 510000 | 2022-07-01 |
        5    | 行政调解 | 510100 | 2022-07-01 |
        6    | 仲裁     | 510000 | 2021-07-01 |
        """
    )
    assert figures.unclassified == Counts(accepted=3, completed=2, carried_over=1)
    assert figures.unclassified_labels == {
        "31": Counts(accepted=1, completed=1),
        "未注明": Counts(accepted=1),
        "行政调解": Counts(accepted=1, completed=1, carried_over=1),
    }
    assert [group.year_to_date for group in figures.groups] == [Counts(), Counts(), Counts()]


def test_a_blank_type_is_read_from_sichuans_own_letters_in_the_item_code() -> None:
    table = """
        case | type | code                                                   | accepted
        1A   |      | 511A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1B   |      | 511B0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1C   |      | 511C0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1D   |      | 511D0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1E   |      | 511E0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1F   |      | 511F0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1G   |      | 511G0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1H   |      | 511H0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1I   |      | 511I0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        1Z   |      | 511Z0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        2A   |      | 512A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        3Z   |      | 513Z0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        4A   |      | 514A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        """
    assert newest_cases(table, "case_no", "item_type_label") == [
        ("1A", "行政许可"),
        ("1B", "行政处罚"),
        ("1C", "行政强制"),
        ("1D", "行政征收"),
        ("1E", "行政裁决"),
        ("1F", "行政确认"),
        ("1G", "行政给付"),
        ("1H", "行政奖励"),
        ("1I", "行政检查"),
        ("1Z", "其他行政权力"),
        ("2A", "公共服务"),
        ("3Z", "公共服务"),
        ("4A", "未注明"),
    ]


def test_a_file_without_a_type_column_takes_the_item_code_too() -> None:
    assert year_to_date(
        """
        case | code                                                   | accepted
        1    | 512A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        """
    ) == {"public_service": Counts(accepted=1)}


def test_the_file_name_tells_the_type_where_row_and_item_code_do_not() -> None:
    rows = """
        case   | type | code                                                   | area   | accepted
        {0}-1  |      |                                                        | 510000 | 2022-07-01
        {0}-2  |      | 511E0358300011-510000000000-000-11510000MB1690541M-1-00 | 510000 | 2022-07-01
        {0}-3  | 31   |                                                        | 510000 | 2022-07-01
        """
    assert year_to_date(
        {
            f"{FRIDAY}/省级行政许可办件.csv": rows.format("A"),
            f"{FRIDAY}/公共服务/七月.csv": rows.format("B"),
            f"{FRIDAY}/七月.csv": rows.format("C"),
        }
    ) == {
        "licence": Counts(accepted=1),
        "public_service": Counts(accepted=1),
        "other_power": Counts(accepted=3),
        "unclassified": Counts(accepted=4),
    }


def test_the_type_column_wins_over_the_item_code() -> None:
    assert year_to_date(
        """
        case | type    | code                                                   | accepted
        1    | 公共服务 | 511A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        2    | 31      | 511A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        """
    ) == {"public_service": Counts(accepted=1), "unclassified": Counts(accepted=1)}


def test_the_column_banjianleixing_is_not_the_item_type() -> None:
    assert year_to_date(
        """
        case | type    | 办件类型 | accepted
        1    | 公共服务 | 1       | 2022-07-01
        """
    ) == {"public_service": Counts(accepted=1)}


def test_a_group_without_cases_prints_zero() -> None:
    figures = bulletin(
        """
        case | type    | accepted
        1    | 行政许可 | 2022-07-01
        """
    )
    assert [(g.label, g.year_to_date) for g in figures.groups] == [
        ("行政许可", Counts(accepted=1)),
        ("公共服务", Counts()),
        ("其它九类行权", Counts()),
    ]
    assert (figures.unclassified, figures.out_of_scope) == (Counts(), Counts())


def group_types(*types: str) -> dict[str, str]:
    """The group of a case of each of these types."""
    table = "case | type | accepted\n" + "\n".join(f"{i:03} | {type_} | 2022-07-01" for i, type_ in enumerate(types))
    return {type_: str(group) for type_, (group,) in zip(types, newest_cases(table, "group_key"), strict=True)}
