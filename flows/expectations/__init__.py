"""The gates: Great Expectations suites over small frames, judged before anything is swapped in or published.

Row rules are written once, in sql/checks; here are only shares, sums and sets, with the tolerances of flows/tolerances.toml.
"""

from flows.expectations.library import Verdict, preload, validate
from flows.expectations.suites import DELIVERY_SUITES, WEEK_SUITES, Expectation, list_expectations

__all__ = [
    "DELIVERY_SUITES",
    "WEEK_SUITES",
    "Expectation",
    "Verdict",
    "list_expectations",
    "preload",
    "validate",
]
