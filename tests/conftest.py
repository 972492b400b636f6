"""Settings of the whole test set."""

import os

from hypothesis import HealthCheck, settings

# A generated case writes files and fills a warehouse: slow by nature, and no slower machine makes it wrong.
settings.register_profile("bulletin", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("bulletin")


def pytest_unconfigure() -> None:
    """The verdict stays the last thing said: after it DuckDB's binding lists what Hypothesis has kept alive."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
