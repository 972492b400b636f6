"""Several deliveries: which of the things told of a case holds (docs/method.md §2)."""

from datetime import date

from drawing import (
    FRIDAY,
    count_days,
    draw,
    fold_in_memory,
    year_to_date,
)

from flows.domain.cases import Counts, Window


def test_a_later_delivery_replaces_the_earlier_state() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | area   | accepted
                1    | 行政许可 | 510000 | 2022-07-01
                2    | 行政许可 | 510000 | 2022-07-01
                3    | 行政许可 | 510000 | 2022-07-01
                """,
            "2022-07-22": """
                case | type    | area   | accepted
                1    | 公共服务 | 510000 | 2022-07-01
                2    | 行政许可 | 510100 | 2022-07-01
                3    | 行政许可 | 510000 | 2021-12-31
                """,
        }
    ) == {"public_service": Counts(accepted=1), "out_of_scope": Counts(accepted=1)}


def test_a_completion_may_arrive_with_a_later_delivery() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted   | completed
                1    | 行政许可 | 2022-07-01 |
                """,
            "2022-07-22": """
                case | type    | accepted   | completed
                1    | 行政许可 | 2022-07-01 | 2022-07-20
                """,
        }
    ) == {"licence": Counts(accepted=1, completed=1)}


def test_a_case_may_be_voided_and_un_voided() -> None:
    table = """
        case | type    | accepted   | result
        1    | 行政许可 | 2022-07-01 | {}
        """
    deliveries = {"2022-07-08": table.format(""), "2022-07-15": table.format("作废")}
    assert year_to_date(deliveries) == {}
    assert year_to_date(deliveries | {"2022-07-22": table.format("出证")}) == {"licence": Counts(accepted=1)}


def test_the_same_delivery_twice_changes_nothing() -> None:
    table = """
        case | type    | accepted   | completed
        1    | 行政许可 | 2022-07-01 |
        2    | 行政许可 | 2022-07-01 | 2022-07-04
        """
    once = {"licence": Counts(accepted=2, completed=1)}
    assert year_to_date({"2022-07-15": table}) == once
    assert year_to_date({"2022-07-15/a.csv": table, "2022-07-15/b.csv": table, "2022-07-22": table}) == once


def test_the_same_rows_in_another_file_change_nothing() -> None:
    table = """
        case | type    | accepted
        1    | 行政许可 | 2022-07-01
        """
    assert year_to_date(
        {"2022-07-15": table, "2022-07-22/a.csv": table + "1|行政许可|2022-07-01", "2022-07-22/b.csv": table + "\n\n"}
    ) == {"licence": Counts(accepted=1)}


def test_an_empty_cell_means_empty_so_a_completion_can_be_taken_back() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted   | completed
                1    | 行政许可 | 2022-07-01 | 2022-07-04
                2    | 行政许可 | 2022-07-01 | 2022-07-04
                """,
            "2022-07-22": """
                case | type    | accepted   | completed
                1    | 行政许可 | 2022-07-01 |
                2    | 行政许可 |            | 2022-07-04
                """,
        }
    ) == {"licence": Counts(accepted=1, completed=1)}


def test_a_result_file_without_acceptance_time_leaves_acceptance_alone() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted
                1    | 行政许可 | 2022-07-01
                2    | 公共服务 | 2022-07-01
                """,
            "2022-07-22": """
                case | completed  | result
                1    | 2022-07-20 | 出证
                2    |            |
                """,
        }
    ) == {"licence": Counts(accepted=1, completed=1), "public_service": Counts(accepted=1)}


def test_an_acceptance_file_without_completion_time_leaves_completion_alone() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | completed  | result
                1    | 2022-07-10 | 出证
                2    | 2022-07-10 | 作废
                """,
            "2022-07-22": """
                case | type    | accepted
                1    | 行政许可 | 2021-12-01
                2    | 行政许可 | 2022-07-01
                """,
        }
    ) == {"licence": Counts(completed=1, carried_over=1)}


def test_acceptance_and_result_tables_of_one_delivery_are_joined_by_case_number() -> None:
    assert year_to_date(
        {
            f"{FRIDAY}/受理.csv": """
                case | type    | accepted
                1    | 行政许可 | 2021-12-01
                2    | 公共服务 | 2022-07-01
                """,
            f"{FRIDAY}/结果.csv": """
                case | completed
                2    | 2022-07-20
                1    | 2022-07-21
                """,
        }
    ) == {"licence": Counts(completed=1, carried_over=1), "public_service": Counts(accepted=1, completed=1)}


def test_x_then_y_then_x_again_ends_in_x() -> None:
    x = """
        case | type    | accepted
        1    | 行政许可 | 2022-07-01
        """
    y = """
        case | type    | accepted
        1    | 公共服务 | 2022-07-01
        """
    another = "2    | 行政许可 | 2021-01-01"  # the same file twice would be one file
    assert year_to_date({"2022-07-08": x, "2022-07-15": y, "2022-07-22": x + another}) == {
        "licence": Counts(accepted=1)
    }


def test_a_row_sent_again_in_a_newer_version_holds_in_that_version() -> None:
    assert year_to_date(
        {
            "2022-07-08": """
                case | type    | accepted   | completed  | updated
                1    | 行政许可 | 2022-07-01 | 2022-07-04 | 2022-07-04 10:00:00
                """,
            "2022-07-15": """
                case | type    | accepted   | completed  | updated
                1    | 行政许可 | 2022-07-01 | 2022-07-04 | 2022-07-13 10:00:00
                """,
            "2022-07-22": """
                case | type    | accepted   | completed | updated
                1    | 公共服务 | 2022-07-01 |           | 2022-07-12 10:00:00
                """,
        }
    ) == {"licence": Counts(accepted=1, completed=1)}


def test_the_update_time_of_a_row_decides_inside_a_delivery() -> None:
    assert year_to_date(
        """
        case | type    | accepted   | updated
        1    | 公共服务 | 2022-07-01 | 2022-07-20 10:00:01
        1    | 行政许可 | 2022-07-01 | 2022-07-20 10:00:00
        """
    ) == {"public_service": Counts(accepted=1)}


def test_the_update_time_of_a_row_decides_across_deliveries() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted   | updated
                1    | 公共服务 | 2022-07-01 | 2022-07-12 10:00:00
                2    | 公共服务 | 2022-07-01 | 2022-07-12 10:00:00
                """,
            "2022-07-22": """
                case | type    | accepted   | updated
                1    | 行政许可 | 2022-07-01 | 2022-07-11 10:00:00
                2    | 行政许可 | 2022-07-01 | 2022-07-12 10:00:00
                """,
        }
    ) == {"public_service": Counts(accepted=1), "licence": Counts(accepted=1)}


def test_an_update_time_after_the_cut_off_is_taken_as_the_end_of_the_cut_off() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted   | updated
                1    | 公共服务 | 2022-07-01 | 2022-08-30 10:00:00
                """,
            "2022-07-22": """
                case | type    | accepted   | updated
                1    | 行政许可 | 2022-07-01 | 2022-07-18 10:00:00
                """,
        }
    ) == {"licence": Counts(accepted=1)}


def test_a_version_time_never_loses_against_a_known_row_without_one() -> None:
    """A source that begins to send version times goes on with its own; what came before told none."""
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted
                1    | 公共服务 | 2022-07-01
                """,
            "2022-07-22": """
                case | type    | accepted   | updated
                1    | 行政许可 | 2022-07-01 | 2022-07-02 10:00:00
                """,
        }
    ) == {"licence": Counts(accepted=1)}


def test_a_row_without_a_version_time_replaces_what_is_known() -> None:
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted   | updated
                1    | 公共服务 | 2022-07-01 | 2022-08-30 10:00:00
                """,
            "2022-07-22": """
                case | type    | accepted
                1    | 行政许可 | 2022-07-01
                """,
        }
    ) == {"licence": Counts(accepted=1)}


def test_of_the_versions_since_the_last_row_without_one_the_newest_is_believed() -> None:
    table = "case | type | accepted | updated\n1 | {} | 2022-07-01 | {}"
    assert year_to_date(
        {
            "2022-07-01": table.format("公共服务", "2022-06-30 10:00:00"),
            "2022-07-08": table.format("公共服务", ""),
            "2022-07-15": table.format("行政许可", "2022-06-20 10:00:00"),
            "2022-07-22": table.format("公共服务", "2022-06-10 10:00:00"),
        }
    ) == {"licence": Counts(accepted=1)}


def test_a_version_that_tells_the_day_alone_is_not_older_than_another_one_of_that_day() -> None:
    table = """
        case | type    | accepted   | updated
        1    | 公共服务 | 2022-07-01 | {}
        """
    day = {"2022-07-22": "case | type | accepted | updated\n1 | 行政许可 | 2022-07-01 | 2022-07-15"}
    assert year_to_date({"2022-07-15": table.format("2022-07-15 17:00:00"), **day}) == {"licence": Counts(accepted=1)}
    assert year_to_date({"2022-07-15": table.format("2022-07-15"), **day}) == {"licence": Counts(accepted=1)}
    assert year_to_date(
        {"2022-07-15": table.format("2022-07-15 17:00:00"), "2022-07-22": day["2022-07-22"].replace("07-15", "07-14")}
    ) == {"public_service": Counts(accepted=1)}


def test_within_a_cut_off_a_version_of_a_day_alone_is_its_first_moment() -> None:
    assert year_to_date(
        """
        case | type    | accepted   | updated
        1    | 公共服务 | 2022-07-01 | 2022-07-20 10:00:00
        1    | 行政许可 | 2022-07-01 | 2022-07-20
        """
    ) == {"public_service": Counts(accepted=1)}


def test_each_part_of_a_case_is_told_by_the_newest_version_that_speaks_of_it() -> None:
    """The second week tells an older acceptance in an older version, and a completion that nobody had told."""
    assert year_to_date(
        {
            "2022-07-15": """
                case | type    | accepted   | updated
                1    | 公共服务 | 2022-07-01 | 2022-07-14 10:00:00
                """,
            "2022-07-22": """
                case | type    | accepted   | completed  | updated
                1    | 行政许可 | 2021-12-01 | 2022-07-13 | 2022-07-13 10:00:00
                """,
        }
    ) == {"public_service": Counts(accepted=1, completed=1)}


def test_a_row_that_is_not_followed_since_its_version_is_older_is_counted_and_listed() -> None:
    """Case 1 tells something else in an older version; case 2 tells the same; of case 3 another row of the week is newer, too."""
    known = """
        case | type    | accepted   | completed  | updated
        1    | 行政许可 | 2022-07-01 | 2022-07-14 | 2022-07-14 10:00:00
        2    | 行政许可 | 2022-07-01 | 2022-07-14 | 2022-07-14 10:00:00
        3    | 行政许可 | 2022-07-01 |            | 2022-07-14 10:00:00
        """
    older = """
        case | type    | accepted   | completed  | updated
        1    | 行政许可 | 2022-07-01 |            | 2022-07-13 10:00:00
        2    | 行政许可 | 2022-07-01 | 2022-07-14 | 2022-07-13 10:00:00
        3    | 行政许可 | 2022-07-01 |            | 2022-07-13 10:00:00
        3    | 行政许可 | 2022-07-01 | 2022-07-20 | 2022-07-20 10:00:00
        """
    with fold_in_memory({"2022-07-15": draw(known), "2022-07-22": draw(older)}) as engine:
        assert [tuple(row.values()) for row in engine.read("row_findings").dicts()] == [
            (2, "older_version_ignored", "warning", 1)
        ]
        assert [tuple(row.values()) for row in engine.read("finding_examples").dicts()] == [
            (2, "older_version_ignored", 2, "case_no", "1")
        ]
        assert count_days(engine, YEAR_TO_DATE) == {"licence": Counts(accepted=3, completed=3)}


def test_of_rows_of_one_moment_the_more_advanced_state_wins() -> None:
    assert year_to_date(
        """
        case | type    | accepted   | completed  | result
        1    | 行政许可 | 2022-07-01 | 2022-07-04 |
        1    | 行政许可 | 2022-07-01 |            |
        2    | 行政许可 | 2022-07-01 |            | 作废
        2    | 行政许可 | 2022-07-01 | 2022-07-04 | 出证
        """
    ) == {"licence": Counts(accepted=1, completed=1)}


def test_a_correction_outranks_the_others_of_its_cut_off_in_everything_it_says() -> None:
    files = {
        f"{FRIDAY}/办件.csv": """
            case | type    | accepted   | completed  | result
            1    | 行政许可 | 2022-07-01 | 2022-07-04 | 出证
            2    | 行政许可 | 2022-07-01 | 2022-07-04 | 作废
            """,
        f"{FRIDAY}/更正/办件.csv": """
            case | type    | accepted   | completed  | result
            1    | 公共服务 | 2022-07-01 |            |
            2    | 公共服务 | 2021-12-31 | 2022-07-04 | 出证
            """,
    }
    assert year_to_date(files) == {"licence": Counts(accepted=1, completed=1)}
    correction = {f"{FRIDAY}/更正/delivery.toml": "corrects = true"}
    with fold_in_memory({name: draw(table) for name, table in files.items()} | correction) as engine:
        assert count_days(engine, YEAR_TO_DATE) == {"public_service": Counts(accepted=1, completed=1, carried_over=1)}


def test_a_correction_holds_only_until_newer_data() -> None:
    files = {
        "2022-07-15/更正/办件.csv": "case | type | accepted\n1 | 公共服务 | 2022-07-01",
        "2022-07-22/办件.csv": "case | type | accepted\n1 | 行政许可 | 2022-07-01",
    }
    correction = {"2022-07-15/更正/delivery.toml": "corrects = true"}
    with fold_in_memory({name: draw(table) for name, table in files.items()} | correction) as engine:
        assert count_days(engine, YEAR_TO_DATE) == {"licence": Counts(accepted=1)}


YEAR_TO_DATE = Window(date(2022, 1, 1), date(2022, 7, 22))
