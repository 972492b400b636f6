"""The verdicts that a warehouse holds on its deliveries and on a week, and what was let through."""

from collections import defaultdict
from datetime import date

from flows.domain.text import Bilingual, Text
from flows.domain.verdicts import FoundDoubt, Place, Severity, Verdict, Waiver
from flows.engine.protocols import Engine
from flows.engine.query import ROW_RULES, load_query


def read_verdicts(engine: Engine, week_end: date | None = None) -> tuple[Verdict, ...]:
    """What was judged before this warehouse was swapped in: the deliveries, or the figures of a week if it was that week."""
    places, decisions = defaultdict(list), defaultdict(list)
    for row in engine.read("check_places").dicts():
        places[row["name"]].append(Place(row["cut_off"], row["place"], row["observed"]))
    for waiver in read_waivers(engine):
        decisions[waiver.rule].append(waiver)
    return tuple(
        Verdict(
            row["name"], Severity(row["severity"]), row["is_passed"], row["observed"], row["zh"], row["en"], row["broken"],
            tuple(places[row["name"]]), tuple(decisions[row["name"]]) if row["is_waived"] else (),
            said_zh=row["said_zh"], said_en=row["said_en"], due_zh=row["due_zh"], due_en=row["due_en"],
        )
        for row in engine.read("check_results").dicts()
        if row["week_end"] == week_end
    )  # fmt: skip


def read_waivers(engine: Engine) -> list[Waiver]:
    """What was decided: rules that may be broken by the deliveries of a cut-off."""
    return [Waiver(*row.values()) for row in engine.read("waivers").dicts()]


def describe_rule(rule: str) -> Text:
    """What a row rule says is wrong, and what is expected."""
    header = load_query(f"{ROW_RULES}/{rule}").header
    return Bilingual(header["zh"], header["en"])


def list_doubts(engine: Engine) -> tuple[FoundDoubt, ...]:
    """What is not sure of the files of the newest cut-off, losses first."""
    return tuple(
        FoundDoubt(
            row["delivery_id"], row["file"], row["sheet"], row["row_no"], row["column_name"], row["doubt"],
            describe_rule(row["doubt"]).zh if row["is_rule"] else row["taken_for"],
            row["row_count"], row["is_loss"], row["is_rule"],
        )
        for row in engine.read("look/doubts").dicts()
    )  # fmt: skip
