# `make` alone lists what there is. Everything is installed into .venv and node_modules.

PYTHON ?= python3
BIND ?= 127.0.0.1:5000
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test check audit worker bench set-up set-up-tests

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: set-up ## set up if need be, then start the web app and a worker
	@exec $(PYTHON) -m tools.serve --bind $(BIND)

test: set-up-tests ## the whole test suite
	$(BIN)/python -m pytest

check: set-up-tests ## format, lint, types, import contracts, docstring examples
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q asr pronunciation

audit: set-up-tests ## ask the vulnerability database about every pinned package
	$(BIN)/python -m pip install --quiet pip-audit
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip

worker: set-up ## a worker alone, for a second machine or a terminal of its own
	@exec $(PYTHON) -m tools.serve --worker

bench: set-up-tests ## the benchmarks of docs/benchmarks.md
	PYTHONPATH=. $(BIN)/python benchmarks/run.py $(CALLS)

set-up:
	@$(PYTHON) -m tools.setup

set-up-tests:
	@$(PYTHON) -m tools.setup --tests
