# The regional talent hub. `make` alone lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup judges up check generate test unit integration bench match-report soak clean

# Hundreds of processes of tests import the same files; nobody should compile them more than once.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
ELAPSED = python3 ops/elapsed.py
# Where tests marked `integration` stand: a worker that collects all tests has read for ten seconds before its first one.
INTEGRATION = tests/component tests/e2e tests/integration

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: ## uv, the locked dependencies and Kafka's jars; quick when all is there
	@bash ops/setup.sh

judges: ## programs in JavaScript that judge what the hub serves; tests alone need them
	@bash ops/judges.sh

up: setup ## run the whole hub on this machine; Ctrl-C stops it
	@exec $(BIN)/hub up

check: setup ## lint, format, types, layers, generated files
	@$(ELAPSED) "ruff check" $(BIN)/ruff check .
	@$(ELAPSED) "ruff format" $(BIN)/ruff format --check .
	@$(ELAPSED) "mypy" $(BIN)/mypy
	@$(ELAPSED) "layers" $(BIN)/lint-imports
	@$(ELAPSED) "dependencies" $(BIN)/deptry hub
	@$(ELAPSED) "generated files" $(BIN)/python ops/generate.py --check

generate: setup ## write docs/settings.md, topics.md, metrics.md and schemas/ anew
	@$(BIN)/python ops/generate.py

test: setup check unit integration ## everything that CI runs
	@$(BIN)/python ops/require_tests.py tests/required.txt reports/unit.xml reports/integration.xml

unit: setup judges ## tests without a broker, two at a time
	@$(ELAPSED) "tests without a broker" $(BIN)/pytest -q -m "not integration" -n 2 --dist worksteal --junitxml=reports/unit.xml

integration: setup judges ## tests with the embedded broker and real processes, three files at a time: they wait for a third of their time
	@$(ELAPSED) "tests with a broker" $(BIN)/pytest -q $(INTEGRATION) -m integration -n 3 --dist loadfile --no-loadscope-reorder --durations=15 --junitxml=reports/integration.xml

bench: setup ## measure speed and size; figures in reports/bench.json and as a table
	@$(BIN)/python -m ops.bench

match-report: setup ## measure how well postings are matched; docs/matching-quality.md and tables
	@nice $(BIN)/python -m ops.match_report

soak: setup judges ## the long tests: 20,000 random histories of matching, 2,000 of subscribers, 30 cold starts instead of 3, several seeds
	@SOAK=1 $(BIN)/pytest -q tests/unit/matching/test_engine_histories.py --junitxml=reports/soak-matching.xml
	@SOAK=1 $(BIN)/pytest -q tests/component/test_any_subscriber.py --junitxml=reports/soak-subscribers.xml
	@SOAK=1 $(BIN)/pytest -q -m integration --timeout=1800 --junitxml=reports/soak.xml

clean: ## remove what make setup and tests made in this folder; state directories stay
	@rm -rf .venv tests/judges/node_modules build reports .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
