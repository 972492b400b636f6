"""Settings of the whole test set."""

import atexit
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tally import TRIED

# A generated case writes files and fills a warehouse: slow by nature, and no slower machine makes it wrong.
settings.register_profile("bulletin", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("bulletin")

# The verdict stays the last thing said: at the very end DuckDB's binding lists on stderr what Hypothesis has kept alive.
atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))


# Keys of whoever runs the tests are none of their business.
os.environ["BULLETIN_KEYS"] = tempfile.mkdtemp(prefix="keys-")
atexit.register(shutil.rmtree, os.environ["BULLETIN_KEYS"], ignore_errors=True)


# The shell of a test finds the command, so that it is shown by its name.
os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"


@pytest.fixture(autouse=True)
def _leaving_things_as_they_were() -> Iterator[None]:
    """A test that leaves a key or another folder behind would bend those after it."""
    place = Path.cwd()
    yield
    assert Path.cwd() == place
    assert list(Path(os.environ["BULLETIN_KEYS"]).iterdir()) == []


@pytest.fixture(scope="session", autouse=True)
def _library_of_checks() -> None:
    """Import it once, here: a run that ends early leaves it importing under the next test's eyes for warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations  # noqa: F401  (imported for its effect)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, tried in TRIED.items():
        terminalreporter.write_line(f"{what}: {tried:,} tried")
