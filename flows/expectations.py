"""Great Expectations suites over the delivery profile and the marts: small frames, judged before the swap.

Row rules are written once, in sql/checks; here are only shares, sums and sets, with the profile's tolerances.
"""

import importlib
import logging
import os
import threading
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.engine import Engine, load_query
from flows.engine.queries import list_queries
from flows.profiles import Profile
from flows.vocabulary import Check, CheckFailed, Severity, Text

if TYPE_CHECKING:
    import pandas as pd

_CRITICAL, _WARNING = Severity.CRITICAL, Severity.WARNING


@dataclass(frozen=True)
class Expectation:
    """One rule over one frame: a Great Expectations type with its arguments, and its words."""

    name: str
    severity: Severity
    kind: str
    arguments: dict[str, Any]
    text: Text


def preload() -> threading.Thread:
    """Begin to import Great Expectations (seconds) beside other work.

    The thread is no daemon: an interpreter that ends in the middle of an import may crash.
    """
    thread = threading.Thread(target=_import_library)
    thread.start()
    return thread


def judge(engine: Engine, profile: Profile) -> list[Check]:
    """The verdicts on everything in the working copy, in the order of the suites.

    Raises:
        RuntimeError: an expectation could not be computed; that is a bug, never a failed check.
    """
    frames: dict[str, tuple[pd.DataFrame, list[Expectation]]] = {
        "deliveries": (engine.frame("marts/delivery_profile"), _expect_of_deliveries(profile.tolerances)),
        "files": (engine.frame("marts/file_profile"), _expect_of_files(profile.tolerances)),
        "groups": (engine.frame("marts/cut_off_counts"), _expect_of_groups()),
        "ledger": (engine.frame("marts/recount"), _expect_of_ledger()),
        "findings": (_findings(engine), _expect_of_findings()),
        "columns": (engine.frame("marts/column_drift"), _expect_of_columns()),
    }
    context = _open_context()
    return [check for name, (frame, suite) in frames.items() for check in _validate(context, name, frame, suite)]


def refuse_failures(checks: Iterable[Check]) -> None:
    """Raise CheckFailed with a table of the critical checks that failed, if any did."""
    failed = [check for check in checks if not check.is_passed and check.severity is Severity.CRITICAL]
    if failed:
        zh = "\n".join(f"  ✗ {c.name}：{c.zh}；实际：{c.observed}" for c in failed)
        en = "\n".join(f"  ✗ {c.name}: {c.en}; found: {c.observed}" for c in failed)
        raise CheckFailed(
            zh=f"关键检查未通过，数据仓库保持原样：\n{zh}\n请更正或重新导出有关文件，再运行一次。",
            en=f"Critical checks failed; the warehouse stays as it was:\n{en}\nMend or re-export the files, then run again.",
        )


def _expect_of_deliveries(tolerances: dict[str, float]) -> list[Expectation]:
    """Shares are judged in deliveries of 1,000 rows or more (marts/delivery_profile)."""
    quarantined = Text("每批次隔离行的比例不超过", "share of quarantined rows of a delivery at most")
    unclassified = Text("每批次未归类行的比例不超过", "share of unclassified rows of a delivery at most")
    disagreeing = Text(
        "事项类型与实施编码不一致的比例不超过", "share of rows whose type and item code disagree at most"
    )
    return [
        _only_zero(
            "reconciliation_exact", _CRITICAL, "rows_unaccounted",
            Text("读入的每一行都须载入、重复或隔离", "every row read is loaded, repeated or quarantined"),
        ),
        _only_zero(
            "export_complete", _CRITICAL, "tables_truncated",
            Text("没有表注明“结果已截断”", "no table says at its end that it is not whole"),
        ),
        _only_zero(
            "nothing_quarantined", _WARNING, "rows_quarantined", Text("没有隔离的行", "no row had to be quarantined")
        ),
        _limit("quarantined_share", _CRITICAL, tolerances, quarantined),
        _limit("unclassified_share", _WARNING, tolerances, unclassified),
        _limit("disagreeing_share", _WARNING, tolerances, disagreeing),
    ]  # fmt: skip


def _expect_of_files(tolerances: dict[str, float]) -> list[Expectation]:
    words = Text(
        "每个文件（50 行以上）隔离行的比例不超过", "share of quarantined rows of a file of 50 rows or more at most"
    )
    return [_limit("quarantined_share_file", _CRITICAL, tolerances, words)]


def _expect_of_groups() -> list[Expectation]:
    groups = ["licence", "public_service", "other_power", "unclassified", "out_of_scope"]
    not_negative = Text("年初至今的受理、办结、结转均不为负", "no year-to-date figure is negative")
    return [
        Expectation(
            "groups_complete", _CRITICAL, "ExpectColumnDistinctValuesToEqualSet",
            {"column": "group_key", "value_set": groups}, Text("三组、未归类、范围外均有一行", "each group has its line"),
        ),
        Expectation("figures_not_negative", _CRITICAL, "ExpectColumnMinToBeBetween", {"column": "smallest", "min_value": 0}, not_negative),
        Expectation(
            "carried_over_within_completed", _CRITICAL, "ExpectColumnPairValuesAToBeGreaterThanB",
            {"column_A": "completed", "column_B": "carried_over", "or_equal": True},
            Text("结转不多于办结", "carried-over cases are among the completed"),
        ),
    ]  # fmt: skip


def _expect_of_ledger() -> list[Expectation]:
    words = Text(
        "台账之和等于逐件重数（按组、部门、月份）",
        "the ledger's sums equal a recount of the cases (group, department, month)",
    )
    return [Expectation("ledger_equals_recount", _CRITICAL, "ExpectTableRowCountToEqual", {"value": 0}, words)]


def _expect_of_columns() -> list[Expectation]:
    words = Text(
        "最新批次的列与上一批次同名文件相同（新增、缺少、改名的列）",
        "the newest files have the columns of the last ones of the same name (new, missing, renamed)",
    )
    kind, arguments = "ExpectColumnValuesToBeInSet", {"column": "change", "value_set": [""]}
    return [Expectation("columns_as_before", _WARNING, kind, arguments, words)]


def _expect_of_findings() -> list[Expectation]:
    """Each warning rule of sql/checks, and each warning about cases as they stand: nothing found."""
    rules = [load_query(query) for query in list_queries("checks")]
    found = [
        _only_zero(name := rule.name.rpartition("/")[2], _WARNING, name, Text(rule.header["zh"], rule.header["en"]))
        for rule in rules
        if rule.header["severity"] == "warning"
    ]
    orphans = Text(
        "有办结而无受理记录的办件（区划不明，计入范围外）",
        "cases with a result but no acceptance record (their area is unknown: out of scope)",
    )
    return [*found, _only_zero(name := "result_without_acceptance", _WARNING, name, orphans)]


def _findings(engine: Engine) -> "pd.DataFrame":
    """One row: the number of rows that break each warning rule."""
    import pandas as pd

    found = {row["rule"]: row["row_count"] for row in engine.rows("marts/check_findings")}
    return pd.DataFrame([{e.name: found.get(e.name, 0) for e in _expect_of_findings()}])


def _only_zero(name: str, severity: Severity, column: str, text: Text) -> Expectation:
    return Expectation(name, severity, "ExpectColumnValuesToBeInSet", {"column": column, "value_set": [0]}, text)


def _limit(name: str, severity: Severity, tolerances: dict[str, float], words: Text) -> Expectation:
    limit = tolerances[name]
    text = Text(f"{words.zh} {limit:.1%}", f"{words.en} {limit:.1%}")
    return Expectation(name, severity, "ExpectColumnValuesToBeBetween", {"column": name, "max_value": limit}, text)


def _import_library() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own use of deprecated calls says nothing to our users
        return importlib.import_module("great_expectations")


def _open_context() -> Any:
    library = _import_library()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = library.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def _validate(context: Any, name: str, frame: "pd.DataFrame", suite: list[Expectation]) -> list[Check]:
    library = _import_library()
    asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
    batch = asset.add_batch_definition_whole_dataframe(name).get_batch({"dataframe": frame})
    kinds = library.expectations
    expectations = [
        getattr(kinds, e.kind)(**e.arguments, severity=e.severity.value, meta={"name": e.name}) for e in suite
    ]
    results = batch.validate(library.ExpectationSuite(name=name, expectations=expectations)).results
    by_name = {result.expectation_config.meta["name"]: result for result in results}
    return [_read_result(e, by_name[e.name]) for e in suite]


def _read_result(expectation: Expectation, result: Any) -> Check:
    if _has_raised(result.exception_info):
        raise RuntimeError(f"the expectation {expectation.name} could not be computed: {result.exception_info}")
    text = expectation.text
    return Check(
        expectation.name, expectation.severity, bool(result.success), _observe(result.result), text.zh, text.en
    )


def _has_raised(info: dict[str, Any]) -> bool:
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(entry.get("raised_exception") for entry in info.values())


def _observe(result: dict[str, Any]) -> str:
    """What was found, in short: an observed value, or the values that break the rule."""
    if result.get("observed_value") is not None:
        return str(result["observed_value"])
    broken = result.get("partial_unexpected_list") or []
    return ", ".join(f"{value:.2%}" if isinstance(value, float) else str(value) for value in broken[:5]) or "0"
