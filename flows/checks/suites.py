"""What each gate expects of its frames. A frame is the result of sql/rules/frames/<its name>.sql: `cut_off`, `place` and the columns judged."""

from flows.checks import row_suites, whole_suites
from flows.checks.expectations import Expectation, Suite, Tolerances

DELIVERY_SUITES: dict[str, Suite] = {
    "deliveries": row_suites.expect_of_deliveries,
    "newest_rows": row_suites.expect_of_newest_rows,
    "files": row_suites.expect_of_files,
    "rules": row_suites.expect_of_rules,
    "tables": row_suites.expect_of_tables,
    "doubts": row_suites.expect_of_doubts,
    "control_totals": whole_suites.expect_of_control_totals,
    "kinds": whole_suites.expect_of_kinds,
    "volumes": whole_suites.expect_of_volumes,
    "coverage": whole_suites.expect_of_coverage,
    "tail": whole_suites.expect_of_tail,
    "years": whole_suites.expect_of_years,
    "columns": whole_suites.expect_of_columns,
    "counting_columns": whole_suites.expect_of_counting_columns,
    "critical_rows": row_suites.expect_of_critical_rows,
    "findings": row_suites.expect_of_findings,
    "durations": row_suites.expect_of_durations,
    "groups": whole_suites.expect_of_groups,
    "ledger": whole_suites.expect_of_ledger,
}


WEEK_SUITES: dict[str, Suite] = {
    "sums": whole_suites.expect_of_sums,
    "falls": whole_suites.expect_of_falls,
    "weeks": whole_suites.expect_of_weeks,
}


def list_expectations(tolerances: Tolerances) -> dict[str, list[Expectation]]:
    """Frame → its rules: first those of the delivery gate, then those of the publication gate."""
    suites = {**DELIVERY_SUITES, **WEEK_SUITES}
    return {frame: suite(tolerances) for frame, suite in suites.items()}
