"""What each gate expects of its frame. A frame is the result of sql/rules/frames/<its name>.sql: `cut_off`, `place` and the columns judged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flows.domain.text import Bilingual, Text
from flows.domain.verdicts import DAYS_OFF_ANNOUNCED, Severity
from flows.engine.query import ROW_RULES, list_row_rules, load_query

_CRITICAL, _WARNING = Severity.CRITICAL, Severity.WARNING
Tolerances = Mapping[str, float]


@dataclass(frozen=True)
class Expectation:
    """One rule over one frame: a Great Expectations type with its arguments, its words, and how what was found is written.

    `is_share`: it judges parts of one, not numbers. `is_waivable`: somebody may let it through, since the data may be right all
    the same; the program's own arithmetic nobody can.
    """

    name: str
    severity: Severity
    column: str
    kind: str
    arguments: dict[str, Any]
    text: Text
    form: str = "{:,.0f}"
    is_share: bool = False
    is_waivable: bool = True


def list_expectations(tolerances: Tolerances) -> dict[str, list[Expectation]]:
    """Frame → its rules: first those of the delivery gate, then those of the publication gate."""
    suites = {**DELIVERY_SUITES, **WEEK_SUITES}
    return {frame: suite(tolerances) for frame, suite in suites.items()}


def _expect_of_deliveries(tolerances: Tolerances) -> list[Expectation]:
    return [
        _only_zero(
            "reconciliation_exact", _CRITICAL, "rows_unaccounted",
            Text("every row read is loaded, repeated or quarantined"), is_waivable=False,
        ),
        _only_zero(
            "nothing_quarantined", _WARNING, "rows_quarantined", Text("no row had to be quarantined")
        ),
        _share_at_most(
            "quarantined_share", _CRITICAL, tolerances,
            Text("share of quarantined rows of a delivery at most"),
        ),
        _share_at_most(
            "unclassified_share", _WARNING, tolerances,
            Text("share of unclassified rows of a delivery at most"),
        ),
        _share_at_most(
            "conflicting_share", _CRITICAL, tolerances,
            Text("share of rows of a delivery that differ from another one of their case at the same moment (is case_no its number?) at most"),
        ),
    ]  # fmt: skip


def _expect_of_newest_rows(tolerances: Tolerances) -> list[Expectation]:
    words = Text(
        "share of rows of the newest cut-off in no group (add their types to [[types]] of the source profile) at most"
    )
    return [_share_at_most("unclassified_share_newest", _CRITICAL, tolerances, words)]


def _expect_of_files(tolerances: Tolerances) -> list[Expectation]:
    rows = f"{tolerances['share_least_rows_file']:,.0f}"
    return [
        _share_at_most(
            "quarantined_share_file", _CRITICAL, tolerances,
            Text("share of quarantined rows of a file of {rows} rows or more at most", rows=rows),
        ),
        _share_at_most(
            "repeated_share_file", _WARNING, tolerances,
            Text("share of repeated rows of a file of {rows} rows or more at most", rows=rows),
        ),
    ]  # fmt: skip


def _expect_of_rules(tolerances: Tolerances) -> list[Expectation]:
    rows = f"{tolerances['share_least_rows_file']:,.0f}"
    words = Text("share of rows of a file of {rows} rows or more that one rule quarantined at most", rows=rows)
    return [_share_at_most("quarantined_share_rule", _CRITICAL, tolerances, words)]


def _expect_of_tables(_tolerances: Tolerances) -> list[Expectation]:
    return [
        _only_zero(
            "export_complete", _CRITICAL, "is_truncated",
            Text("no table says at its end that it is not whole"), form="",
        ),
        _only_zero(
            "sheet_not_full", _CRITICAL, "is_full",
            Text("no table ends at the very last row of a worksheet (65,536 or 1,048,576): what came after it may be lost"),
            form="",
        ),
    ]  # fmt: skip


def _expect_of_doubts(_tolerances: Tolerances) -> list[Expectation]:
    words = Text("no sheet, table or member of an archive that looks like cases is passed over")
    return [_only_zero("nothing_passed_over", _CRITICAL, "parts_passed_over", words)]


def _expect_of_kinds(tolerances: Tolerances) -> list[Expectation]:
    words = Text(
        "the newest cut-off has each kind of table that the {kinds_learnt:.0f} before it had",
        kinds_learnt=tolerances["kinds_learnt"],
    )
    return [_only_zero("kinds_present", _CRITICAL, "is_missing", words, form="")]


def _expect_of_volumes(tolerances: Tolerances) -> list[Expectation]:
    words = Text("rows against the median of the cut-offs before, either way, at most")
    return [
        _at_most("volume_factor", _CRITICAL, tolerances, words, "{:.1f} ×"),
        _at_most("volume_factor_warned", _WARNING, tolerances, words, "{:.1f} ×"),
    ]  # fmt: skip


def _expect_of_control_totals(_tolerances: Tolerances) -> list[Expectation]:
    words = Text("the control totals of delivery.toml equal the rows read")
    return [_only_zero("control_totals_equal", _CRITICAL, "difference", words, form="{:+,.0f}")]


def _expect_of_coverage(_tolerances: Tolerances) -> list[Expectation]:
    return [
        _only_zero(
            "departments_present", _CRITICAL, "is_missing",
            Text("each department that is expected has delivered"), form="",
        ),
        _only_zero(
            "departments_whole", _CRITICAL, "is_cut",
            Text("the rows of each department reach the end of the last working day"), form="",
        ),
        _only_zero(
            "days_covered", _WARNING, "days_missing",
            Text("departments with business every day have some on each working day of the week"),
            form="−{:.0f}",
        ),
    ]  # fmt: skip


def _expect_of_tail(_tolerances: Tolerances) -> list[Expectation]:
    words = Text("the export reaches the office hours of the last working day through its cut-off")
    return [_only_zero("tail_reached", _CRITICAL, "is_cut", words, form="")]


def _expect_of_years(_tolerances: Tolerances) -> list[Expectation]:
    """Waivable: a week's end can be named, and what else depends on it is secondary."""
    words = Text(
        "the days off of each year are announced that the newest week or a handling time reaches into (holidays.toml): where a week "
        "ends and how long cases took depends on them, how many there are does not"
    )
    return [_only_zero(DAYS_OFF_ANNOUNCED, _CRITICAL, "is_used", words, form="")]


def _expect_of_durations(tolerances: Tolerances) -> list[Expectation]:
    words = Text("share of a department's cases completed in the very second of acceptance (即办件 apart) at most")
    return [_share_at_most("zero_duration_share", _WARNING, tolerances, words)]


def _expect_of_findings(tolerances: Tolerances) -> list[Expectation]:
    """Each warning about cases as they stand, and each row rule that does not quarantine: nothing found, or no more than is normal."""
    found = []
    for name, severity, limit, text in _list_row_rules():
        if limit:
            words = Text("at most {limit:.1%} of a delivery: {text}", limit=tolerances[limit], text=text)
            found.append(_up_to(name, severity, tolerances[limit], words, "{:.2%}", is_share=True))
        elif severity is _WARNING:
            words = Text("none: {text}", text=text)
            found.append(_only_zero(name, _WARNING, name, words))
    orphans = Text("none: cases with a result but no acceptance record (their area is unknown: out of scope)")
    return [*found, _only_zero(name := "result_without_acceptance", _WARNING, name, orphans)]


def _expect_of_critical_rows(_tolerances: Tolerances) -> list[Expectation]:
    """Each critical row rule without a tolerance: no row, else which ones."""
    return [
        _only_nothing(name, severity, name, Text("none: {text}", text=text))
        for name, severity, limit, text in _list_row_rules()
        if severity is _CRITICAL and not limit
    ]


def _list_row_rules() -> list[tuple[str, Severity, str, Text]]:
    """Of each row rule that does not quarantine: name, severity, tolerance ('': none), words."""
    rules = [load_query(f"{ROW_RULES}/{name}") for name in list_row_rules("critical", "warning")]
    return [
        (
            rule.name.rpartition("/")[2],
            Severity(rule.header["severity"]),
            rule.header.get("tolerance", "").strip(),
            Bilingual(rule.header["zh"], rule.header["en"]),
        )
        for rule in rules
    ]


def _expect_of_counting_columns(_tolerances: Tolerances) -> list[Expectation]:
    words = Text(
        "each department's tables have the columns that count which all of its last ones had (name the new header in [columns] of "
        "the source profile, or export the column again)"
    )
    return [_only_nothing("counting_columns_kept", _CRITICAL, "column_kept", words)]


def _expect_of_columns(_tolerances: Tolerances) -> list[Expectation]:
    words = Text("the newest files have the columns of the last ones of the same name (new, missing, renamed)")
    return [_only_nothing("columns_as_before", _WARNING, "change", words)]


def _expect_of_groups(_tolerances: Tolerances) -> list[Expectation]:
    return [
        Expectation(
            "groups_complete", _CRITICAL, "lines", "ExpectColumnValuesToBeInSet", {"column": "lines", "value_set": [1]},
            Text("each group has its line"), "{}", is_waivable=False,
        ),
        Expectation(
            "figures_not_negative", _CRITICAL, "smallest", "ExpectColumnValuesToBeBetween", {"column": "smallest", "min_value": 0},
            Text("no year-to-date figure is negative"), is_waivable=False,
        ),
        Expectation(
            "carried_over_within_completed", _CRITICAL, "completed", "ExpectColumnPairValuesAToBeGreaterThanB",
            {"column_A": "completed", "column_B": "carried_over", "or_equal": True},
            Text("carried-over cases are among the completed"), is_waivable=False,
        ),
    ]  # fmt: skip


def _expect_of_ledger(_tolerances: Tolerances) -> list[Expectation]:
    words = Text("the ledger's sums equal a recount of the cases (group, department, day)")
    return [_only_zero("ledger_equals_recount", _CRITICAL, "difference", words, form="", is_waivable=False)]


def _expect_of_sums(_tolerances: Tolerances) -> list[Expectation]:
    return [
        _only_zero(
            "departments_add_up", _CRITICAL, "by_departments",
            Text("the sum of the departments is the group"), form="{:+,.0f}", is_waivable=False,
        ),
        _only_zero(
            "areas_add_up", _CRITICAL, "by_areas",
            Text("the sum of the areas is the group"), form="{:+,.0f}", is_waivable=False,
        ),
    ]  # fmt: skip


def _expect_of_falls(_tolerances: Tolerances) -> list[Expectation]:
    return [
        _only_zero(
            "falls_explained", _CRITICAL, "unexplained",
            Text("what a year-to-date fell by since last week is explained by corrections"), form="{:,.0f}",
        ),
        _only_nothing(
            "year_to_date_rising", _WARNING, "corrections", Text("no year-to-date is below that of last week")
        ),
    ]  # fmt: skip


def _expect_of_weeks(tolerances: Tolerances) -> list[Expectation]:
    usual = Text("robust z-score of the week's cases per working day, against the weeks before, at most")
    year = Text("the week against the same one last year, either way, at most")
    return [
        _at_most("volume_z", _WARNING, tolerances, usual, "z = {:.1f}"),
        _at_most("year_on_year_factor", _WARNING, tolerances, year, "{:.1f} ×"),
    ]  # fmt: skip


def _only_zero(
    name: str, severity: Severity, column: str, text: Text, form: str = "{:,.0f}", *, is_waivable: bool = True
) -> Expectation:
    kind, arguments = "ExpectColumnValuesToBeInSet", {"column": column, "value_set": [0]}
    return Expectation(name, severity, column, kind, arguments, text, form, is_waivable=is_waivable)


def _only_nothing(name: str, severity: Severity, column: str, text: Text) -> Expectation:
    """A column of texts, empty where all is well."""
    kind, arguments = "ExpectColumnValuesToBeInSet", {"column": column, "value_set": [""]}
    return Expectation(name, severity, column, kind, arguments, text, "{}")


def _share_at_most(name: str, severity: Severity, tolerances: Tolerances, words: Text) -> Expectation:
    said = f"{tolerances[name]:.1%}"
    text = Text("{words} {said}", words=words, said=said)
    return _up_to(name, severity, tolerances[name], text, "{:.2%}", is_share=True)


def _at_most(name: str, severity: Severity, tolerances: Tolerances, words: Text, form: str) -> Expectation:
    said = f"{tolerances[name]:.1f}"
    text = Text("{words} {said}", words=words, said=said)
    return _up_to(name, severity, tolerances[name], text, form)


def _up_to(name: str, severity: Severity, most: float, text: Text, form: str, *, is_share: bool = False) -> Expectation:
    kind, arguments = "ExpectColumnValuesToBeBetween", {"column": name, "max_value": most}
    return Expectation(name, severity, name, kind, arguments, text, form, is_share)


Suite = Callable[[Tolerances], list[Expectation]]


DELIVERY_SUITES: dict[str, Suite] = {
    "deliveries": _expect_of_deliveries,
    "newest_rows": _expect_of_newest_rows,
    "files": _expect_of_files,
    "rules": _expect_of_rules,
    "tables": _expect_of_tables,
    "doubts": _expect_of_doubts,
    "control_totals": _expect_of_control_totals,
    "kinds": _expect_of_kinds,
    "volumes": _expect_of_volumes,
    "coverage": _expect_of_coverage,
    "tail": _expect_of_tail,
    "years": _expect_of_years,
    "columns": _expect_of_columns,
    "counting_columns": _expect_of_counting_columns,
    "critical_rows": _expect_of_critical_rows,
    "findings": _expect_of_findings,
    "durations": _expect_of_durations,
    "groups": _expect_of_groups,
    "ledger": _expect_of_ledger,
}


WEEK_SUITES: dict[str, Suite] = {
    "sums": _expect_of_sums,
    "falls": _expect_of_falls,
    "weeks": _expect_of_weeks,
}
