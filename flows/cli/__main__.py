"""`python -m flows.cli` is the command `bulletin`."""

from flows.cli.main import run

run()
