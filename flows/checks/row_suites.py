"""What is expected of what was read: rows of deliveries, files and tables, and what the row rules found in them."""

from flows.checks.expectations import Expectation, Say, Tolerances, only_nothing, only_zero, share_at_most, up_to
from flows.domain.text import Bilingual, Text
from flows.domain.verdicts import Severity
from flows.engine.query import ROW_RULES, list_row_rules, load_query

_CRITICAL, _WARNING = Severity.CRITICAL, Severity.WARNING


def expect_of_deliveries(tolerances: Tolerances) -> list[Expectation]:
    return [
        only_zero(
            "reconciliation_exact", _CRITICAL, "rows_unaccounted",
            Text("every row read is loaded, repeated or quarantined"),
            lambda found: Text("rows read are neither loaded nor repeated nor quarantined: {each}", each=found.each),
            is_waivable=False,
        ),
        only_zero(
            "nothing_quarantined", _WARNING, "rows_quarantined",
            Text("no row had to be quarantined"),
            lambda found: Text("{total} rows were quarantined (should be 0): {where}", total=found.total, where=found.where),
        ),
        share_at_most(
            "quarantined_share", _CRITICAL, tolerances,
            Text("share of quarantined rows of a delivery at most"),
            lambda found: Text("{most} of the rows of a delivery are quarantined", most=found.most),
        ),
        share_at_most(
            "unclassified_share", _WARNING, tolerances,
            Text("share of unclassified rows of a delivery at most"),
            lambda found: Text("{most} of the rows of a delivery are in no group", most=found.most),
        ),
        share_at_most(
            "conflicting_share", _CRITICAL, tolerances,
            Text("share of rows of a delivery that differ from another one of their case at the same moment (is case_no its number?) at most"),
            lambda found: Text(
                "{most} of the rows of a delivery differ from another one of their case at the same moment (is case_no its number?)",
                most=found.most,
            ),
        ),
    ]  # fmt: skip


def expect_of_newest_rows(tolerances: Tolerances) -> list[Expectation]:
    words = Text(
        "share of rows of the newest cut-off in no group (add their types to [[types]] of the source profile) at most"
    )
    return [
        share_at_most(
            "unclassified_share_newest", _CRITICAL, tolerances, words,
            lambda found: Text(
                "{most} of the rows of the newest cut-off are in no group (add their types to [[types]] of the source profile)",
                most=found.most,
            ),
        )
    ]  # fmt: skip


def expect_of_files(tolerances: Tolerances) -> list[Expectation]:
    rows = f"{tolerances['share_least_rows_file']:,.0f}"
    return [
        share_at_most(
            "quarantined_share_file", _CRITICAL, tolerances,
            Text("share of quarantined rows of a file of {rows} rows or more at most", rows=rows),
            lambda found: Text("{most} of the rows of a file are quarantined", most=found.most),
        ),
        share_at_most(
            "repeated_share_file", _WARNING, tolerances,
            Text("share of repeated rows of a file of {rows} rows or more at most", rows=rows),
            lambda found: Text("{most} of the rows of a file are repeated", most=found.most),
        ),
    ]  # fmt: skip


def expect_of_rules(tolerances: Tolerances) -> list[Expectation]:
    rows = f"{tolerances['share_least_rows_file']:,.0f}"
    words = Text("share of rows of a file of {rows} rows or more that one rule quarantined at most", rows=rows)
    return [
        share_at_most(
            "quarantined_share_rule", _CRITICAL, tolerances, words,
            lambda found: Text("{most} of the rows of a file are quarantined for one reason", most=found.most),
        )
    ]  # fmt: skip


def expect_of_tables(_tolerances: Tolerances) -> list[Expectation]:
    return [
        only_zero(
            "export_complete", _CRITICAL, "is_truncated",
            Text("no table says at its end that it is not whole"),
            lambda found: Text("these tables say at their end that they are not whole: {names}", names=found.names),
            form="",
        ),
        only_zero(
            "sheet_not_full", _CRITICAL, "is_full",
            Text("no table ends at the very last row of a worksheet (65,536 or 1,048,576): what came after it may be lost"),
            lambda found: Text(
                "these tables end at the very last row of a worksheet (65,536 or 1,048,576), so what came after it may be lost: {names}",
                names=found.names,
            ),
            form="",
        ),
    ]  # fmt: skip


def expect_of_doubts(_tolerances: Tolerances) -> list[Expectation]:
    words = Text("no sheet, table or member of an archive that looks like cases is passed over")
    return [
        only_zero(
            "nothing_passed_over", _CRITICAL, "parts_passed_over", words,
            lambda found: Text(
                "{total} sheets, tables or members of an archive that look like cases were passed over (should be 0): {names}",
                total=found.total, names=found.names,
            ),
        )
    ]  # fmt: skip


def expect_of_durations(tolerances: Tolerances) -> list[Expectation]:
    words = Text("share of a department's cases completed in the very second of acceptance (即办件 apart) at most")
    return [
        share_at_most(
            "zero_duration_share", _WARNING, tolerances, words,
            lambda found: Text(
                "{most} of a department's cases are completed in the very second of acceptance (即办件 apart)", most=found.most
            ),
        )
    ]  # fmt: skip


def expect_of_findings(tolerances: Tolerances) -> list[Expectation]:
    """Each warning about cases as they stand, and each row rule that does not quarantine: nothing found, or no more than is normal."""
    found = []
    for name, severity, limit, text in _list_row_rules():
        if limit:
            words = Text("at most {limit:.1%} of a delivery: {text}", limit=tolerances[limit], text=text)
            found.append(up_to(name, severity, tolerances[limit], words, _say_share_of_rows(text), is_share=True))
        elif severity is _WARNING:
            words = Text("none: {text}", text=text)
            found.append(only_zero(name, _WARNING, name, words, _say_rows(text)))
    orphans = only_zero(
        "result_without_acceptance", _WARNING, "result_without_acceptance",
        Text("none: cases with a result but no acceptance record (their area is unknown: out of scope)"),
        lambda found: Text(
            "{total} cases have a result but no acceptance record (should be 0; their area is unknown: out of scope): {where}",
            total=found.total, where=found.where,
        ),
    )  # fmt: skip
    return [*found, orphans]


def _say_rows(text: Text) -> Say:
    return lambda found: Text(
        "{text} ({total} rows, should be 0): {where}", text=text, total=found.total, where=found.where
    )


def _say_share_of_rows(text: Text) -> Say:
    return lambda found: Text("{text}: {most} of a delivery", text=text, most=found.most)


def expect_of_critical_rows(_tolerances: Tolerances) -> list[Expectation]:
    """Each critical row rule without a tolerance: no row, else which ones."""
    return [
        only_nothing(name, severity, name, Text("none: {text}", text=text), _say_which(text))
        for name, severity, limit, text in _list_row_rules()
        if severity is _CRITICAL and not limit
    ]


def _say_which(text: Text) -> Say:
    return lambda found: Text("{text} (should be none): {each}", text=text, each=found.each)


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
