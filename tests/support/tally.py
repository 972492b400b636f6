"""What the endurance tests have tried, said at their end: `tally("forgeries", 1000)`. Of what was tried, what failed stands above."""

from collections import Counter

TRIED: Counter[str] = Counter()


def tally(what: str, tried: int = 1) -> None:
    TRIED[what] += tried
