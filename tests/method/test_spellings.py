"""Names, codes and numbers that differ only in how they are spelled are the same."""

from drawing import newest_cases


def test_a_department_spelled_in_other_widths_or_with_invisible_characters_is_the_one_first_delivered() -> None:
    first = """
        case | type | department | accepted
        1 | 行政许可 | 示例厅（一处） | 2022-07-01
        """
    then = f"""
        case | type | department | accepted
        2 | 行政许可 | 示例厅(一处) | 2022-07-18
        3 | 行政许可 | 示例{chr(0x200B)}厅（一处） | 2022-07-18
        4 | 行政许可 | 示例厅（二处） | 2022-07-18
        """
    assert newest_cases({"2022-07-15": first, "2022-07-22": then}, "case_no", "department") == [
        ("1", "示例厅（一处）"),
        ("2", "示例厅（一处）"),
        ("3", "示例厅（一处）"),
        ("4", "示例厅（二处）"),
    ]


def test_a_department_in_gb18030_of_2000_is_the_one_in_utf_8() -> None:
    """FE59 of GB 18030-2000 lay in the private area, U+E81E; since 2022 it is U+9FB4, which UTF-8 has."""
    held = newest_cases(
        f"""
        case | type | department | 事项名称 | accepted
        1 | 行政许可 | 示例{chr(0xE81E)}厅 | {chr(0xE816)}事项{chr(0xE78D)} | 2022-07-01
        2 | 行政许可 | 示例{chr(0x9FB4)}厅 | {chr(0x20087)}事项{chr(0xFE10)} | 2022-07-18
        """,
        "department",
        "item_name",
    )
    assert held == [(f"示例{chr(0x9FB4)}厅", f"{chr(0x20087)}事项{chr(0xFE10)}")] * 2


def test_a_code_that_became_a_decimal_number_is_the_code() -> None:
    table = """
        case | type | area | accepted | completed | result
        1 | 1.0 | 510000.0 | 2022-07-18 | 2022-07-18 | 2.0
        2 | ０１ | ５１００００ | 2022-07-18 | | NULL
        """
    assert newest_cases(table, "case_no", "item_type", "area_code", "is_void") == [
        ("1", "01", "510000", True),
        ("2", "01", "510000", False),
    ]


def test_a_number_with_a_decimal_tail_is_the_case_that_was_known_without_it() -> None:
    first = """
        case | type | accepted
        20220718101 | 行政许可 | 2022-07-01
        """
    then = """
        case | type | accepted | completed
        20220718101.0 | 行政许可 | 2022-07-01 | 2022-07-18
        20220718102.0 | 行政许可 | 2022-07-18 |
        A-3 | 行政许可 | 2022-07-18 |
        """
    held = newest_cases({"2022-07-15": first, "2022-07-22": then}, "case_no", "completed_at")
    assert [case for case, _ in held] == ["20220718101", "A-3"]
    assert held[0][1] is not None
