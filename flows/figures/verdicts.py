"""The verdicts that a warehouse holds on its deliveries and on a week, and what was let through."""

from collections import defaultdict
from datetime import date

from flows.domain.text import Text
from flows.domain.verdicts import ROW_STRUCTURE, STRUCTURE, Place, Severity, Verdict, Waiver
from flows.engine.duckdb.connection import Engine
from flows.engine.query import load_query


def read_verdicts(engine: Engine, week_end: date | None = None) -> tuple[Verdict, ...]:
    """What was judged before this warehouse was swapped in: the deliveries, or the figures of a week if it was that week."""
    places, decisions = defaultdict(list), defaultdict(list)
    for row in engine.table("check_places"):
        places[row["name"]].append(Place(row["cut_off"], row["place"], row["observed"]))
    for waiver in read_waivers(engine):
        decisions[waiver.rule].append(waiver)
    return tuple(
        Verdict(
            row["name"], Severity(row["severity"]), row["is_passed"], row["observed"], row["zh"], row["en"], row["broken"],
            tuple(places[row["name"]]), tuple(decisions[row["name"]]) if row["is_waived"] else (),
        )
        for row in engine.table("check_results")
        if row["week_end"] == week_end
    )  # fmt: skip


def read_waivers(engine: Engine) -> list[Waiver]:
    """What was decided: rules that may be broken by the deliveries of a cut-off."""
    return [Waiver(*row.values()) for row in engine.table("waivers")]


def describe_rule(rule: str) -> Text:
    """What a rule of rows says is wrong: the sentence of its file in sql/checks."""
    if rule == ROW_STRUCTURE:
        return STRUCTURE
    header = load_query(f"checks/{rule}").header
    return Text(header["zh"], header["en"])
