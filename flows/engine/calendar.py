"""The working calendar that a warehouse holds: what was announced when its figures were known."""

from flows.domain.calendar import Calendar
from flows.engine.protocols import Engine


def read_calendar(engine: Engine) -> Calendar:
    exceptions = {row["day"]: row["is_working_day"] for row in engine.read("calendar_exceptions").dicts()}
    return Calendar(exceptions, frozenset(row["year"] for row in engine.read("calendar_years").dicts()))
