"""The two gates: what was delivered, before it is swapped in; the figures of a week, before they are written.

Frames come from sql/gates, verdicts from the suites of expectations; here somebody's decisions meet them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from flows import explanation, statistics
from flows.engine import Engine, list_queries, load_query
from flows.expectations import (
    DELIVERY_SUITES,
    WEEK_SUITES,
    Expectation,
    Verdict,
    list_expectations,
    validate,
)
from flows.profiles import Profile
from flows.project import now
from flows.receipts import COMMAND_LINE
from flows.vocabulary import Acceptance, BadInput, Check, CheckFailed, Group, Text, Week, WrongUsage
from flows.workdays import count_working_days, week_ending

if TYPE_CHECKING:
    import pandas as pd

_WEEKS_BEFORE = 13
_WEEKS_A_YEAR = 52
_CORRECTIONS = {
    "withdrawn": "批次撤回",
    "voided": "作废",
    "retyped": "改事项类型",
    "moved": "改行政区划",
    "corrected": "更正时间",
    "rules": "口径变化",
}


@dataclass(frozen=True)
class Decisions:
    """What a person lets through: rule → reason, and who that is, where it is told."""

    reasons: Mapping[str, str] = field(default_factory=dict)
    by: str = ""


NOTHING_ACCEPTED = Decisions()


@dataclass(frozen=True)
class Rule:
    """One rule as a person reads it: `effect` is quarantine, warning or critical."""

    name: str
    effect: str
    text: Text


def list_rules(profile: Profile) -> list[Rule]:
    """The rules of rows that quarantine, then those of the gates, with the tolerances in force."""
    rows = [load_query(name) for name in list_queries("checks")]
    quarantining = [
        Rule(rule.name.rpartition("/")[2], "quarantine", Text(rule.header["zh"], rule.header["en"]))
        for rule in rows
        if rule.header["severity"] == "quarantine"
    ]
    expected = [e for suite in list_expectations(profile.tolerances).values() for e in suite]
    return [*quarantining, *(Rule(e.name, e.severity.value, e.text) for e in expected)]


def recount(engine: Engine) -> None:
    """Count the cases anew, one by one, as both gates hold the ledger against it: the table `counted_days`."""
    engine.create("counted_days", "core/counted_days")


def judge_deliveries(engine: Engine, profile: Profile) -> list[Verdict]:
    """The delivery gate over everything in the working copy, recounted before."""
    expected = list_expectations(profile.tolerances)
    return validate([(name, _read_frame(engine, name, expected[name]), expected[name]) for name in DELIVERY_SUITES])


def judge_week(engine: Engine, profile: Profile, week: Week) -> list[Verdict]:
    """The publication gate over the marts of one bulletin week, the cases recounted before."""
    expected = list_expectations(profile.tolerances)
    window = week.year_to_date
    list_weeks(engine, week)
    frames = {
        "sums": engine.frame("gates/sums", start_on=window.start, end_on=window.end),
        "falls": _find_falls(engine, week),
        "weeks": engine.frame("gates/weeks"),
    }
    return validate([(name, frames[name].assign(cut_off=week.end), expected[name]) for name in WEEK_SUITES])


def decide(
    verdicts: Iterable[Verdict], acceptances: Sequence[Acceptance], accepting: Decisions
) -> tuple[list[Check], list[Acceptance]]:
    """The checks with what was decided about them, and the decisions of today that were needed.

    A decision holds for a rule and the deliveries of one cut-off; all places where the rule is broken have to be covered.
    """
    checks, fresh = [], []
    for verdict in verdicts:
        name = verdict.check.name
        known = {a.cut_off: a for a in acceptances if a.rule == name}
        missing = verdict.cut_offs - set(known)
        if name in accepting.reasons:
            reason, today = accepting.reasons[name], now().date()
            added = [Acceptance(name, day, reason, accepting.by, today, COMMAND_LINE) for day in sorted(missing)]
            fresh += added
            known |= {a.cut_off: a for a in added}
        is_covered = verdict.cut_offs and verdict.cut_offs <= set(known)
        decisions = tuple(known[day] for day in sorted(verdict.cut_offs)) if is_covered else ()
        checks.append(replace(verdict.check, acceptances=decisions))
    return checks, fresh


def refuse_failures(checks: Iterable[Check]) -> None:
    """Raise CheckFailed with a table of the critical checks that failed and that nobody has accepted, if any did."""
    failed = [check for check in checks if check.stops]
    if failed:
        zh = "\n".join(f"  ✗ {c.name}：{c.zh}；实际：{c.observed}" for c in failed)
        en = "\n".join(f"  ✗ {c.name}: {c.en}; found: {c.observed}" for c in failed)
        rule = failed[0].name
        raise CheckFailed(
            zh=f"关键检查未通过，数据仓库保持原样：\n{zh}\n请更正或重新导出有关文件，再运行一次；"
            f'确认无误的，说明理由放行：bulletin weekly --accept {rule}="理由"',
            en=f"Critical checks failed; the warehouse stays as it was:\n{en}\nMend or re-export the files, then run again; "
            f'what is right all the same is let through with a reason: bulletin weekly --accept {rule}="reason"',
            rules=[check.name for check in failed],
        )


def refuse_unknown_rules(profile: Profile, named: Iterable[str], acceptances: Iterable[Acceptance] = ()) -> None:
    """Raises WrongUsage for a rule that no gate has, BadInput where a delivery.toml names it."""
    known = [e.name for suite in list_expectations(profile.tolerances).values() for e in suite]
    for rule in named:
        if rule not in known:
            raise WrongUsage(
                zh=f"没有名为 {rule} 的检查。可用的有：{'、'.join(known)}",
                en=f"There is no check {rule}. There are: {', '.join(known)}",
            )
    for acceptance in acceptances:
        if acceptance.rule not in known and acceptance.source != COMMAND_LINE:
            raise BadInput(
                zh=f"data/raw/{acceptance.cut_off} 的 delivery.toml [accept]：没有名为 {acceptance.rule} 的检查。可用的有：{'、'.join(known)}",
                en=f"delivery.toml of data/raw/{acceptance.cut_off} [accept]: there is no check {acceptance.rule}. There are: {', '.join(known)}",
            )


def _read_frame(engine: Engine, name: str, suite: Sequence[Expectation]) -> "pd.DataFrame":
    frame = engine.frame(f"gates/{name}")
    return _spread(frame, suite) if name == "findings" else frame


def _spread(findings: "pd.DataFrame", suite: Sequence[Expectation]) -> "pd.DataFrame":
    """A row a file and a column a rule: its rows, or its share of rows where the rule has a tolerance; 0 where it found none."""
    is_share = findings["rule"].isin([e.name for e in suite if e.form.endswith("%}")])
    judged = findings.assign(value=findings["row_count"].astype(float).where(~is_share, findings["row_share"]))
    wide = judged.pivot_table(index=["cut_off", "place"], columns="rule", values="value", sort=False)
    return wide.reindex(columns=[e.name for e in suite]).fillna(0.0).reset_index()


def _find_falls(engine: Engine, week: Week) -> "pd.DataFrame":
    """A row for each group and measure: the corrections that a fall since last week is made of, and what they do not explain.

    Last week's figure is that of the deliveries through its end; a new year has none.
    """
    import pandas as pd

    before_window = replace(week.year_to_date, end=max(week.previous_end, week.year_to_date.start))
    has_before = week.previous_end >= week.year_to_date.start
    before = statistics.count_in_window(engine, before_window, week.previous_end)
    now = statistics.count_in_window(engine, week.year_to_date)
    figures = [(group, measure) for group in Group for measure in ("accepted", "completed")]
    falls = {(g.value, m): getattr(before[g], m) - getattr(now[g], m) if has_before else 0 for g, m in figures}
    causes = explanation.list_causes(engine, week) if max(falls.values()) > 0 else {}
    rows = []
    for (group, measure), fell_by in falls.items():
        told = causes.get((group, measure), []) if fell_by > 0 else []
        lost = {cause: -cases for cause, cases in told if cases < 0 and cause in _CORRECTIONS}
        said = "、".join(f"{_CORRECTIONS[cause]} {cases}" for cause, cases in lost.items())
        label = explanation.MEASURES[measure]
        rows.append((f"{group} {label} {-fell_by:+}", max(0, fell_by - sum(lost.values())), said))
    return pd.DataFrame(rows, columns=["place", "unexplained", "corrections"])


def list_weeks(engine: Engine, week: Week) -> None:
    """Make the table `judged_weeks`: this bulletin week (age 0), those before it, and the one of last year (age 52)."""
    weeks, each = [], week
    for age in range(_WEEKS_BEFORE + 1):
        weeks.append((age, *_describe_week(each)))
        each = week_ending(each.previous_end)
    weeks.append((_WEEKS_A_YEAR, *_describe_week(week_ending(week.end - timedelta(weeks=_WEEKS_A_YEAR)))))
    engine.create_rows("judged_weeks", "age integer, start_on date, end_on date, working_days integer", weeks)


def _describe_week(week: Week) -> tuple[date, date, int]:
    """From the day after the bulletin week before through its end, and the working days in it; at least one."""
    start = week.previous_end + timedelta(days=1)
    return start, week.end, max(1, count_working_days(start, week.end))
