"""The two gates: what was delivered, before it is swapped in; the figures of a week, before they are written.

Frames come from sql/rules/frames, verdicts from the suites of expectations; here somebody's decisions meet them.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flows.checks.expectations import Expectation
from flows.checks.great_expectations import Judgement, validate
from flows.checks.suites import DELIVERY_SUITES, WEEK_SUITES, list_expectations
from flows.domain.calendar import Calendar
from flows.domain.cases import Week
from flows.domain.profile import Profile
from flows.domain.text import Bilingual
from flows.domain.verdicts import Department, Fall, Rule
from flows.engine.calendar import read_calendar
from flows.engine.protocols import Engine
from flows.engine.query import ROW_RULES, list_queries, load_query

if TYPE_CHECKING:
    import pandas as pd


_UNNAMED = "（未注明）"
_WEEKS_BEFORE = 13
_WEEKS_A_YEAR = 52


def list_rules(profile: Profile) -> list[Rule]:
    """The rules of rows that quarantine, then those of the gates, with the tolerances in force."""
    rows = [load_query(name) for name in list_queries(ROW_RULES)]
    quarantining = [
        Rule(rule.name.rpartition("/")[2], "quarantine", Bilingual(rule.header["zh"], rule.header["en"]))
        for rule in rows
        if rule.header["severity"] == "quarantine"
    ]
    expected = [e for suite in list_expectations(profile.tolerances).values() for e in suite]
    return [*quarantining, *(Rule(e.name, e.severity.value, e.text) for e in expected)]


def recount(engine: Engine) -> None:
    """Count the cases anew, one by one, as both gates hold the ledger against it: the table `counted_days`."""
    engine.run("figures/counted_days")


def judge_deliveries(engine: Engine, profile: Profile) -> list[Judgement]:
    """The delivery gate over everything in the working copy, recounted before."""
    expected = list_expectations(profile.tolerances)
    _learn_business(engine)
    return validate([(name, _read_frame(engine, name, expected[name]), expected[name]) for name in DELIVERY_SUITES])


def judge_week(engine: Engine, profile: Profile, week: Week, falls: Sequence[Fall]) -> list[Judgement]:
    """The publication gate over the figures of one bulletin week, the cases recounted before, and how far its figures fell."""
    import pandas as pd

    expected = list_expectations(profile.tolerances)
    window = week.year_to_date
    list_weeks(engine, week)
    frames = {
        "sums": engine.read("rules/frames/sums", start_on=window.start, end_on=window.end).frame(),
        "falls": pd.DataFrame(falls),
        "weeks": engine.read("rules/frames/weeks").frame(),
    }
    return validate([(name, frames[name].assign(cut_off=week.end), expected[name]) for name in WEEK_SUITES])


def list_departments(engine: Engine) -> list[Department]:
    """What came of each department at the newest cut-off, and what was expected of it."""
    _learn_business(engine)
    return [_describe_department(row) for row in engine.read("rules/frames/coverage").dicts()]


def _learn_business(engine: Engine) -> None:
    """Make the tables `covered_week` and `usual_business`, which the frames coverage and tail read."""
    for name in ("covered_week", "usual_business"):
        engine.run(f"rules/frames/{name}")


def _read_frame(engine: Engine, name: str, suite: Sequence[Expectation]) -> "pd.DataFrame":
    frame = engine.read(f"rules/frames/{name}").frame()
    if name == "findings":
        return _spread(_count(frame, suite), suite, 0.0)
    return _spread(frame, suite, "") if name == "critical_rows" else frame


def _count(findings: "pd.DataFrame", suite: Sequence[Expectation]) -> "pd.DataFrame":
    """What a rule found: rows, or its share of rows where the rule has a tolerance."""
    is_share = findings["rule"].isin([e.name for e in suite if e.is_share])
    return findings.assign(found=findings["row_count"].astype(float).where(~is_share, findings["row_share"]))


def _spread(found: "pd.DataFrame", suite: Sequence[Expectation], nothing: float | str) -> "pd.DataFrame":
    """A row a place and a column a rule: what it found there; `nothing` where that is nothing."""
    wide = found.pivot_table(index=["cut_off", "place"], columns="rule", values="found", aggfunc="first", sort=False)
    return wide.reindex(columns=[e.name for e in suite], fill_value=nothing).fillna(nothing).reset_index()


def list_weeks(engine: Engine, week: Week) -> None:
    """Make the table `judged_weeks`: this bulletin week (age 0), those before it, and the one of last year (age 52)."""
    calendar = read_calendar(engine)
    weeks, each = [], week
    for age in range(_WEEKS_BEFORE + 1):
        weeks.append((age, *_describe_week(calendar, each)))
        each = calendar.week_ending(each.previous_end)
    last_year = calendar.week_ending(week.end - timedelta(weeks=_WEEKS_A_YEAR))
    weeks.append((_WEEKS_A_YEAR, *_describe_week(calendar, last_year)))
    engine.put("judged_weeks", weeks, columns="age integer, start_on date, end_on date, working_days integer")


def _describe_week(calendar: Calendar, week: Week) -> tuple[date, date, int]:
    """From the day after the bulletin week before through its end, and the working days in it; at least one."""
    start = week.previous_end + timedelta(days=1)
    return start, week.end, max(1, calendar.count_working_days(start, week.end))


def _describe_department(row: dict[str, Any]) -> Department:
    newest: datetime | None = row["newest_at"]
    return Department(
        name=row["place"] or _UNNAMED,
        expected=row["expected"],
        cases=row["cases"],
        cases_a_week=float(row["cases_a_week"]),
        rows_delivered=row["rows_delivered"],
        newest_at=newest,
        working_days=row["working_days"],
        days_covered=row["days_covered"],
        is_missing=bool(row["is_missing"]),
        is_cut=bool(row["is_cut"]),
        has_none=bool(row["has_none"]),
    )
