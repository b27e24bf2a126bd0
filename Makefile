# Every target does its own set-up first; from the second run on that costs under 2 s and no network.
#
#   make brief    the main job on the shipped example: a summary here, then out/muscat-2026.html
#   make test     the whole test suite           make test ARGS="tests/case -k caret"   part of it
#   make setup    only .venv, with the zopa command and the development tools
#   make check    format, lint, types, import rules, size and docstring limits
#   make format   rewrites the sources in the house format
#   make docs     the documentation as a searchable site in both languages, into out/docs/index.html
#   make bench    the benchmarks, into docs/reference/benchmarks.md
#   make bench-peers   the same tasks by NegMAS, which is installed beside in .bench-peers/

.DEFAULT_GOAL := help
.PHONY: help setup brief test check format docs bench bench-peers clean
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
export PYTHON

BIN := .venv/bin
READY := .venv/.ready
EXAMPLE := src/zopa/examples/muscat-2026
ARGS := tests
DATA := $(or $(ZOPA_DATA),../shared/data)
WORKERS := 2

help:
	@sed -n 's/^#   //p' Makefile

setup: $(READY)
	@:

# The stamp lives inside .venv, so that deleting the folder is all it takes to start afresh.
$(READY): pyproject.toml requirements.lock scripts/setup
	@scripts/setup .venv
	@touch $@

brief: setup
	@$(BIN)/zopa brief $(EXAMPLE)

test: setup
	@scripts/browser
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_limits.py

format: setup
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

docs: setup
	@$(BIN)/python scripts/site/build.py

# Without the texts that the reader is scored on, the others run and print, but the page stays as it is: a page of some
# benchmarks would pass for the whole.
bench: setup
	@if [ -d "$(DATA)" ]; then $(BIN)/python benchmarks/run.py; \
	else echo "make bench: reader skipped, its texts are not at $(DATA) (ZOPA_DATA=FOLDER says where); page not written"; \
	$(BIN)/python benchmarks/run.py $(filter-out run reader,$(basename $(notdir $(wildcard benchmarks/*.py)))); fi

# NegMAS lives in an environment of its own and is never imported; without a network this says so and succeeds.
bench-peers: setup
	@$(BIN)/python benchmarks/peers/run.py

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache out
