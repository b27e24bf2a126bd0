# Every target does its own set-up first; from the second run on that costs under 2 s and no network.
#
#   make brief    the main job on the shipped example: a summary here, then out/muscat-2026.html
#   make test     the whole test suite           make test ARGS="tests/case -k caret"   part of it
#   make setup    only .venv, with the zopa command and the development tools
#   make check    format, lint, types, import rules, size and docstring limits
#   make format   rewrites the sources in the house format
#   make bench    the benchmarks

.DEFAULT_GOAL := help
.PHONY: help setup brief test check format bench clean
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
export PYTHON

BIN := .venv/bin
READY := .venv/.ready
EXAMPLE := src/zopa/examples/muscat-2026
ARGS := tests
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

bench: setup
	@if [ -f benchmarks/run.py ]; then $(BIN)/python benchmarks/run.py; \
	else echo 'make bench: benchmarks/run.py does not exist yet' >&2; exit 1; fi

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache out
