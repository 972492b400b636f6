"""The books of a simulated office: all that departments sent, counted again each time from nothing, without the program.

The recount has the rules of docs/method.md in the shortest form that its rows need: states by cut-off, a correction after what it
corrects, void cases nowhere, each measure by its own day.
"""

from dataclasses import dataclass, field
from datetime import date

MEASURES = ("accepted", "completed", "carried_over")
GROUPS = ("licence", "public_service", "other_power", "out_of_scope")
Figures = dict[tuple[str, str], int]  # cases, by group and measure


@dataclass(frozen=True)
class Row:
    """What a file says of one case; `is_readable`: whether its time of acceptance is."""

    case: str
    type: str
    area: str
    accepted: date
    completed: date | None
    result: str
    is_readable: bool = True


@dataclass
class Delivery:
    """One file, and the days on which it was received (True) or withdrawn (False), in the order of the events."""

    cut_off: date
    corrects: bool
    rows: list[Row]
    path: str
    events: list[tuple[date, bool]] = field(default_factory=list)
    is_loaded: bool = False

    def is_known(self, day: date) -> bool:
        """On a day: whatever had been received by then; by now (date.max): what is loaded, too."""
        return [there for at, there in self.events if at <= day][-1:] == [True] and (self.is_loaded or day < date.max)


@dataclass(frozen=True)
class Rules:
    """The group of each type, and the results that make a case void."""

    groups: dict[str, str]
    voids: tuple[str, ...]


@dataclass
class Books:
    """Deliveries, and the rules with the day on which each came into force."""

    deliveries: list[Delivery] = field(default_factory=list)
    rules: list[tuple[date, Rules]] = field(default_factory=list)

    def count(self, start: date, end: date, as_of: date = date.max, known: date = date.max) -> Figures:
        """The cases of a window, from the cut-offs through `as_of` of what was known on a day, under the rules of that day."""
        states: dict[str, Row] = {}
        for delivery in sorted(self.deliveries, key=lambda d: (d.cut_off, d.corrects)):
            if delivery.cut_off <= as_of and delivery.is_known(known):
                states |= {row.case: row for row in delivery.rows if row.is_readable}
        figures = {(group, measure): 0 for group in GROUPS for measure in MEASURES}
        if states:
            rules = [rules for day, rules in self.rules if day <= known][-1:] or [self.rules[-1][1]]
            for row in states.values():
                if row.result not in rules[0].voids:
                    group = rules[0].groups[row.type] if row.area == "510000" else "out_of_scope"
                    done = row.completed if row.completed and start <= row.completed <= end else None
                    figures[group, "accepted"] += start <= row.accepted <= end
                    figures[group, "completed"] += done is not None
                    figures[group, "carried_over"] += done is not None and row.accepted.year < done.year
        return figures

    def count_year(self, end: date, as_of: date = date.max, known: date = date.max) -> Figures:
        """The year to date."""
        return self.count(date(end.year, 1, 1), end, as_of, known)
