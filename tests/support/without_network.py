"""The tests of the service, passed where there is no network."""

import os
import subprocess
import sys
from pathlib import Path

from flows.root.project import CHECKOUT


def pass_service_tests(command: Path) -> None:
    """Also of a program installed elsewhere: what its service writes is compared with what this one writes."""
    tests = "tests/rooms/service/test_service.py"
    names = (
        "test_a_run_that_is_due_is_made_and_leaves_what_a_direct_one_leaves",
        "test_a_rerun_asked_for_by_its_dates_appears_on_disk",
    )
    pytest_words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *(f"{tests}::{name}" for name in names)]
    passed = subprocess.run(
        ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *pytest_words],
        cwd=CHECKOUT,
        env=os.environ | {"BULLETIN_COMMAND": str(command)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert "2 passed" in passed.stdout, passed.stdout
