# `make` alone lists what there is. Everything is installed into .venv and node_modules.

PYTHON ?= python3
BIND ?= 127.0.0.1:5000
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# Where the suite looks for servers, if nobody says otherwise.
export QA_TEST_POSTGRES_URL ?= postgresql:///postgres
export QA_TEST_RABBITMQ_URL ?= amqp://guest:guest@127.0.0.1:5672//
export QA_TEST_REDIS_URL ?= redis://127.0.0.1:6379/9
ON_POSTGRES := QA_TEST_DATABASE_URL=$$QA_TEST_POSTGRES_URL

.DEFAULT_GOAL := help
.PHONY: help run test check audit worker bench set-up set-up-tests

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: set-up ## set up if need be, then start the web app and a worker
	@exec $(PYTHON) -m tools.serve --bind $(BIND)

test: set-up-tests ## the whole test suite, the rooms on PostgreSQL with RabbitMQ and Redis too
	$(PYTEST) -n auto --dist loadfile -m "not slow and not browser and not services"
	$(ON_POSTGRES) QA_TEST_BROKER_URL=$$QA_TEST_RABBITMQ_URL \
		$(PYTEST) -n auto --dist loadfile -m "not slow" tests/qa_app tests/journeys
	$(ON_POSTGRES) QA_TEST_BROKER_URL=$$QA_TEST_REDIS_URL \
		$(PYTEST) -m "not slow" tests/qa_app/jobs tests/journeys/test_trouble.py
	$(PYTEST) -m "slow or browser or services"

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
