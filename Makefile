# Everything a newcomer types. `make setup` is called by the others; it needs Python >= 3.11 and a reachable PyPI.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
ARGS   ?=

.PHONY: setup run test check bench env lock clean

# The reader is trained anew where its data changed since; else this takes a second.
setup: $(STAMP)
	@$(BIN)/python -m dialogs.understand.trainer train

# uv installs the locked set in seconds; pip would take more than a minute resolving nothing new.
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv==0.13.9
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv --system-certs pip sync --quiet --require-hashes requirements.lock
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv --system-certs pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(STAMP)

run: setup
	$(BIN)/outreach demo $(ARGS)

test: setup
	$(BIN)/python -m pytest $(ARGS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.house.duplicates
	$(BIN)/python -m tests.house.links

bench: setup
	$(BIN)/python -m benchmarks $(ARGS)

env: setup
	$(BIN)/python -m outreach.settings > .env.example

lock:
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv --system-certs pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements.lock

clean:
	rm -rf $(VENV) .outreach .pytest_cache .mypy_cache .ruff_cache
