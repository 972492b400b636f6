# bulletin – the short of it: `make bulletin` prints the section, `make test` proves it. Everything lies in .venv.
PYTHON ?= python3
BIN := .venv/bin
# The lock is complete, so nothing is resolved; what pip says goes to a log and is shown only if it fails.
INSTALL = $(BIN)/python -m pip install --disable-pip-version-check --no-deps
QUIETLY = >>.venv/setup.log 2>&1 || { tail -n 5 .venv/setup.log >&2; echo "setup failed: the whole log is .venv/setup.log" >&2; exit 1; }
.DEFAULT_GOAL := help
.PHONY: help setup bulletin test torture bench bench-full full-scale programs check bundle format lock clean

help:            ## what can be made
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' Makefile

# One stamp a set of packages: a changed lock installs again, an unchanged one costs nothing.
.venv/.run: requirements.lock pyproject.toml
	@echo "setting up .venv (one to three minutes, once) …" >&2
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is %d.%d: make PYTHON=python3.11 …" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(INSTALL) --require-hashes -r requirements.lock $(QUIETLY)
	@$(INSTALL) --no-build-isolation -e . $(QUIETLY)
	@$(BIN)/python -m compileall -q flows $(QUIETLY)
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	@$(INSTALL) --require-hashes -r requirements-dev.lock $(QUIETLY)
	@touch $@

.venv/.bench: requirements-bench.lock .venv/.run
	@$(INSTALL) --require-hashes -r requirements-bench.lock $(QUIETLY)
	@touch $@

# The engine that analysts may still have: files go both ways (make check).
.venv/.1.5: requirements-1.5.lock .venv/.run
	@$(INSTALL) --require-hashes --target .venv/duckdb-1.5 --upgrade -r requirements-1.5.lock $(QUIETLY)
	@touch $@

setup: .venv/.run  ## create the environment from the hashed lock

bulletin: .venv/.run  ## the main job on the sample exports: prints the statistics section
	@$(BIN)/bulletin weekly --week-ending 2022-07-22

test: .venv/.dev  ## set up and pass the tests, a worker for each processor
	@$(BIN)/python -m pytest -n auto --dist loadfile

DAMAGES ?= 0-20000
torture: .venv/.dev  ## kill 200 loads (BULLETIN_TRIALS=n: that many), refuse each call and cut the power at each syncing, 2,000 simulated offices of twelve weeks (a minute of one processor each; BULLETIN_OFFICES=0-50 BULLETIN_WEEKS=60: fifty of sixty weeks), 1,000 forgeries, 20,000 files of damaged bytes, 20,000 damaged deliveries (DAMAGES=7000-20000: these seeds); days
	@BULLETIN_TRIALS=$${BULLETIN_TRIALS:-200} $(BIN)/python -m pytest tests/endurance/test_torture.py
	@BULLETIN_CALLS=$${BULLETIN_CALLS:-0} $(BIN)/python -m pytest tests/endurance/test_weak_disk.py
	@BULLETIN_OFFICES=$${BULLETIN_OFFICES:-0-2000} BULLETIN_WEEKS=$${BULLETIN_WEEKS:-12} $(BIN)/python -m pytest tests/endurance/test_simulated_office.py
	@BULLETIN_FORGERIES=$${BULLETIN_FORGERIES:-0-1000} $(BIN)/python -m pytest tests/endurance/test_forgeries.py
	@BULLETIN_BYTES=$(DAMAGES) $(BIN)/python -m pytest tests/endurance/test_foreign_bytes.py
	@BULLETIN_DAMAGES=$(DAMAGES) $(BIN)/python -m pytest -vv tests/endurance/test_damage_torture.py

ROUNDS ?= 3
bench: .venv/.bench  ## the same work by pandas, Polars, DuckDB and chDB: ratios into tests/bench (ROUNDS=3; about five minutes on a quiet machine)
	@$(BIN)/python tests/bench/compare.py --rounds $(ROUNDS)

ROWS ?= 1000000 5000000 20000000
bench-full: .venv/.bench  ## the same with 1, 5 and 20 million cases (ROWS=5000000: only that many; some 40 GB of disk in TMPDIR)
	@for rows in $(ROWS); do $(BIN)/python tests/bench/compare.py $$rows --rounds $(ROUNDS) || exit; done

full-scale: .venv/.run  ## the 19.2 million cases of the real bulletin, week by week and at once (FOLDER=…, outside the checkout; some 12 GB)
	@$(BIN)/python tests/bench/full_scale.py $(FOLDER)

# What looks at pages and documents as a reader does, and what an office may run the service with. They are no part of the
# environment: a Debian machine gets them, others must have them.
PROGRAMS = chromium chromium-driver libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils fontconfig fonts-noto-cjk postgresql systemd strace iproute2
programs: .venv/.dev .venv/.1.5
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null && command -v soffice >/dev/null && command -v pdftotext >/dev/null \
		&& command -v systemd-analyze >/dev/null && ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 \
		&& command -v strace >/dev/null && command -v ip >/dev/null \
		&& fc-list 2>/dev/null | grep -q "Noto Sans CJK" || { \
		echo "installing $(PROGRAMS) (once) …" >&2; \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $(PROGRAMS); } >.venv/programs.log 2>&1 \
		|| { tail -n 5 .venv/programs.log >&2; echo "to look at pages, documents and connections, install $(PROGRAMS)" >&2; exit 1; }; }

check: .venv/.dev programs  ## format, lint, strict types, tests, pages in a real browser: what .ci/run runs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(MAKE) --no-print-directory test
	@$(BIN)/python -m pytest -m programs

format: .venv/.dev  ## put the code into its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# For machines without a network: x86-64 and 64-bit Arm, with each Python named here.
PYTHONS ?= 3.11
bundle: .venv/.run  ## build dist/bulletin-…-offline.tar, which installs without a network (PYTHONS="3.11 3.12": for each of them)
	@$(BIN)/python offline/bundle.py dist $(PYTHONS)

lock:            ## resolve the versions anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build --extra bench -c requirements.lock pyproject.toml -o requirements-bench.lock
	echo 'duckdb>=1.5.6,<1.6' | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header - -o requirements-1.5.lock

clean:           ## remove the environment, the warehouse and the reports of the sample (never data/raw)
	rm -rf .venv data/warehouse/warehouse.duckdb data/warehouse/kept data/warehouse/export reports/20* reports/dictionary.html reports/index.html reports/runs.jsonl data/service
