"""省本级: which areas are counted as the province's own (docs/method.md §2)."""

from drawing import (
    newest_cases,
    year_to_date,
)

from flows.domain.cases import Counts


def test_the_area_510000_is_the_province_however_it_is_written() -> None:
    assert year_to_date(
        """
        case | type    | area         | accepted
        1    | 行政许可 | 510000       | 2022-07-01
        2    | 行政许可 | 510000000000 | 2022-07-01
        3    | 行政许可 | ５１００００  | 2022-07-01
        4    | 行政许可 | '510000      | 2022-07-01
        5    | 行政许可 | ="510000"    | 2022-07-01
        """
    ) == {"licence": Counts(accepted=5)}


def test_other_areas_are_loaded_and_counted_apart_whatever_their_type() -> None:
    table = """
        case | type    | area         | accepted   | completed
        1    | 行政许可 | 510100       | 2022-07-01 | 2022-07-04
        2    | 公共服务 | 510104000000 | 2022-07-01 |
        3    | 没见过   | 510104001    | 2021-07-01 | 2022-07-04
        4    | 行政许可 | 510000000001 | 2022-07-01 |
        """
    assert year_to_date(table) == {"out_of_scope": Counts(accepted=3, completed=2, carried_over=1)}
    assert newest_cases(table, "area_code", "is_in_scope") == [
        ("510100", False),
        ("510104", False),
        ("510104001", False),
        ("510000000001", False),
    ]


def test_a_blank_area_is_read_from_the_item_code() -> None:
    assert year_to_date(
        """
        case | type    | area   | code                                                   | accepted
        1    | 行政许可 |        | 511A0358300011-510000000000-000-11510000MB1690541M-1-00 | 2022-07-01
        2    | 行政许可 |        | 511A0358300011-510100000000-000-11510100MB1690541M-1-00 | 2022-07-01
        3    | 行政许可 | 510000 | 511A0358300011-510100000000-000-11510100MB1690541M-1-00 | 2022-07-01
        """
    ) == {"licence": Counts(accepted=2), "out_of_scope": Counts(accepted=1)}
