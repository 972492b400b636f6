"""What is expected of the whole: tables, columns and departments that come each time, how much there is, and the figures."""

from flows.checks.expectations import Expectation, Found, Tolerances, at_most, only_nothing, only_zero
from flows.domain.text import Text
from flows.domain.verdicts import DAYS_OFF_ANNOUNCED, Severity

_CRITICAL, _WARNING = Severity.CRITICAL, Severity.WARNING


def expect_of_kinds(tolerances: Tolerances) -> list[Expectation]:
    words = Text(
        "the newest cut-off has each kind of table that the {kinds_learnt:.0f} before it had",
        kinds_learnt=tolerances["kinds_learnt"],
    )
    return [
        only_zero(
            "kinds_present", _CRITICAL, "is_missing", words,
            lambda found: Text("the newest cut-off lacks tables that each one before it had: {names}", names=found.names),
            form="",
        )
    ]  # fmt: skip


def expect_of_volumes(tolerances: Tolerances) -> list[Expectation]:
    words = Text("rows against the median of the cut-offs before, either way, at most")

    def say(found: Found) -> Text:
        return Text("the rows differ from the median of the cut-offs before by a factor of {most}", most=found.most)

    return [
        at_most("volume_factor", _CRITICAL, tolerances, words, say, "{:.1f}"),
        at_most("volume_factor_warned", _WARNING, tolerances, words, say, "{:.1f}"),
    ]


def expect_of_control_totals(_tolerances: Tolerances) -> list[Expectation]:
    words = Text("the control totals of delivery.toml equal the rows read")
    return [
        only_zero(
            "control_totals_equal", _CRITICAL, "difference", words,
            lambda found: Text("control totals of delivery.toml differ from the rows read: {each}", each=found.each),
            form="{:+,.0f}",
        )
    ]  # fmt: skip


def expect_of_coverage(_tolerances: Tolerances) -> list[Expectation]:
    return [
        only_zero(
            "departments_present", _CRITICAL, "is_missing",
            Text("each department that is expected has delivered"),
            lambda found: Text("these departments are expected and have not delivered: {names}", names=found.names),
            form="",
        ),
        only_zero(
            "departments_whole", _CRITICAL, "is_cut",
            Text("the rows of each department reach the end of the last working day"),
            lambda found: Text("the rows of these departments do not reach the last working day: {names}", names=found.names),
            form="",
        ),
        only_zero(
            "days_covered", _WARNING, "days_missing",
            Text("departments with business every day have some on each working day of the week"),
            lambda found: Text(
                "departments with business every day have none on {total} working days (should be 0): {where}",
                total=found.total, where=found.where,
            ),
        ),
    ]  # fmt: skip


def expect_of_tail(_tolerances: Tolerances) -> list[Expectation]:
    words = Text("the export reaches the office hours of the last working day through its cut-off")
    return [
        only_zero(
            "tail_reached", _CRITICAL, "is_cut", words,
            lambda found: Text(
                "the export does not reach the office hours of the last working day through its cut-off; it ends at {names}",
                names=found.names,
            ),
            form="",
        )
    ]  # fmt: skip


def expect_of_years(_tolerances: Tolerances) -> list[Expectation]:
    """Waivable: a week's end can be named, and what else depends on it is secondary."""
    words = Text(
        "the days off of each year are announced that the newest week or a handling time reaches into (holidays.toml): where a week "
        "ends and how long cases took depends on them, how many there are does not"
    )
    return [
        only_zero(
            DAYS_OFF_ANNOUNCED, _CRITICAL, "is_used", words,
            lambda found: Text(
                "the days off of these years are not announced, on which the end of the week and handling times depend (holidays.toml): "
                "{names}",
                names=found.names,
            ),
            form="",
        )
    ]  # fmt: skip


def expect_of_counting_columns(_tolerances: Tolerances) -> list[Expectation]:
    words = Text(
        "each department's tables have the columns that count which all of its last ones had (name the new header in [columns] of "
        "the source profile, or export the column again)"
    )
    return [
        only_nothing(
            "counting_columns_kept", _CRITICAL, "column_kept", words,
            lambda found: Text(
                "a department's tables lack a column that counts which all of its last ones had (name the new header in [columns] of "
                "the source profile, or export the column again): {each}",
                each=found.each,
            ),
        )
    ]  # fmt: skip


def expect_of_columns(_tolerances: Tolerances) -> list[Expectation]:
    words = Text("the newest files have the columns of the last ones of the same name (new, missing, renamed)")
    return [
        only_nothing(
            "columns_as_before", _WARNING, "change", words,
            lambda found: Text(
                "the newest files have other columns than the last ones of the same name (+ new, − missing, → renamed): {each}",
                each=found.each,
            ),
        )
    ]  # fmt: skip


def expect_of_groups(_tolerances: Tolerances) -> list[Expectation]:
    return [
        Expectation(
            "groups_complete", _CRITICAL, "lines", "ExpectColumnValuesToBeInSet", {"column": "lines", "value_set": [1]},
            Text("each group has its line"),
            lambda found: Text("groups have another number of lines than one: {each}", each=found.each),
            Text("{due}", due=1), is_waivable=False,
        ),
        Expectation(
            "figures_not_negative", _CRITICAL, "smallest", "ExpectColumnValuesToBeBetween", {"column": "smallest", "min_value": 0},
            Text("no year-to-date figure is negative"),
            lambda found: Text("year-to-date figures are negative: {each}", each=found.each),
            Text("0 or more"), is_waivable=False,
        ),
        Expectation(
            "carried_over_within_completed", _CRITICAL, "completed", "ExpectColumnPairValuesAToBeGreaterThanB",
            {"column_A": "completed", "column_B": "carried_over", "or_equal": True},
            Text("carried-over cases are among the completed"),
            lambda found: Text("more cases are carried over than completed: {names}", names=found.names),
            Text("no fewer than carried over"), is_waivable=False,
        ),
    ]  # fmt: skip


def expect_of_ledger(_tolerances: Tolerances) -> list[Expectation]:
    words = Text("the ledger's sums equal a recount of the cases (group, department, day)")
    return [
        only_zero(
            "ledger_equals_recount", _CRITICAL, "difference", words,
            lambda found: Text("the ledger differs from a recount of the cases (group, department, day): {names}", names=found.names),
            form="", is_waivable=False,
        )
    ]  # fmt: skip


def expect_of_sums(_tolerances: Tolerances) -> list[Expectation]:
    return [
        only_zero(
            "departments_add_up", _CRITICAL, "by_departments",
            Text("the sum of the departments is the group"),
            lambda found: Text("the group differs from the sum of its departments: {each}", each=found.each),
            form="{:+,.0f}", is_waivable=False,
        ),
        only_zero(
            "areas_add_up", _CRITICAL, "by_areas",
            Text("the sum of the areas is the group"),
            lambda found: Text("the group differs from the sum of its areas: {each}", each=found.each),
            form="{:+,.0f}", is_waivable=False,
        ),
    ]  # fmt: skip


def expect_of_falls(_tolerances: Tolerances) -> list[Expectation]:
    return [
        only_zero(
            "falls_explained", _CRITICAL, "unexplained",
            Text("what a year-to-date fell by since last week is explained by corrections"),
            lambda found: Text(
                "year-to-date figures fell since last week, and no correction explains {total} cases of it (should be 0): {where}",
                total=found.total, where=found.where,
            ),
        ),
        only_nothing(
            "year_to_date_rising", _WARNING, "corrections",
            Text("no year-to-date is below that of last week"),
            lambda found: Text("year-to-date figures are below those of last week: {each}", each=found.each),
        ),
    ]  # fmt: skip


def expect_of_weeks(tolerances: Tolerances) -> list[Expectation]:
    return [
        at_most(
            "volume_z", _WARNING, tolerances,
            Text("robust z-score of the week's cases per working day, against the weeks before, at most"),
            lambda found: Text("the week's cases per working day are unusual against the weeks before, robust z-score {most}", most=found.most),
            "{:.1f}",
        ),
        at_most(
            "year_on_year_factor", _WARNING, tolerances,
            Text("the week against the same one last year, either way, at most"),
            lambda found: Text("the week differs from the same one last year by a factor of {most}", most=found.most),
            "{:.1f}",
        ),
    ]  # fmt: skip
