# Everything happens in .venv; `make review` and `make test` need Python >= 3.11 and make alone.
.DEFAULT_GOAL := help
.PHONY: help review test lint bench cards corpus shots messages clean

# The first interpreter that is new enough; name another with `make PYTHON=… review`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

help: ## what there is to make
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

review: .venv/installed ## install, then open the application
	@$(BIN)/quiz

test: .venv/installed-dev ## install, then run all tests
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

lint: .venv/installed-dev ## style, types and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/installed-dev ## speed and memory, as ratios against something run beside it
	$(BIN)/python -m tests.bench

cards: .venv/installed ## every question of the bundled decks, run: solutions, starters, mutants
	$(BIN)/quiz check cards --all --strict --seeds 5 --mutants 100

corpus: .venv/installed-dev ## hostile, faulty and honest answers: wrong verdicts and escapes
	$(BIN)/python -m tests.corpus
	@test "$$(id -u)" -ne 0 || $(BIN)/python -m tests.corpus --user nobody

shots: .venv/installed-dev ## the pictures of the README
	$(BIN)/python -m tests.shots

messages: .venv/installed-dev ## the catalogues of the interface's text, brought up to date
	$(BIN)/python -m tests.messages

clean: ## remove what the other targets made
	rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/installed: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing quiz into .venv (torch is large; this happens once) …"
	@$(PIP) --editable .
	@$(BIN)/python -m compileall -q quiz  # also where Python is told to keep none
	@touch $@

.venv/installed-dev: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing quiz and what its tests need into .venv (this happens once) …"
	@$(PIP) --editable '.[dev]'
	@$(BIN)/python -m compileall -q quiz
	@touch $@ .venv/installed

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "quiz needs Python 3.11 or newer; none was found." >&2; exit 1; }
	@$(PYTHON) -m venv .venv
