# Two commands do everything on a fresh machine: `make run` and `make test`.
SHELL := /bin/sh
FARO := .venv/bin/faro
PYTEST := .venv/bin/python -m pytest

# The first Python of any kind: bot/bootstrap.py finds the right one.
BOOTSTRAP := p=; for c in "$$FARO_PYTHON" python3.11 python3.10 python3 python $$HOME/.pyenv/versions/3.1[01]*/bin/python; do \
	if [ -n "$$c" ] && "$$c" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then p="$$c"; break; fi; done; \
	[ -n "$$p" ] || { echo "No Python found. Install Python 3.11, then run this again."; exit 1; }; \
	"$$p" bot/bootstrap.py

.PHONY: run setup test check conformance wire tools wire-tools axe train content screenshots bench bench-quick chaos clean

run: .venv/.ready  ## start everything and say where to look
	@$(FARO) run

setup: .venv/.ready  ## install what the lock file says into .venv

.venv/.ready: uv.lock pyproject.toml bot/bootstrap.py
	@echo "Installing (once, about a minute) ..."
	@$(BOOTSTRAP)
	@touch $@

.venv/.ready-test: uv.lock pyproject.toml bot/bootstrap.py
	@$(BOOTSTRAP) test check
	@touch $@ .venv/.ready

test: .venv/.ready-test tools wire-tools axe  ## pass every test
	@$(FARO) train
	@$(PYTEST)

conformance: .venv/.ready-test  ## the channels against the case table, or CONFORMANCE_CASES=/path/file.json
	@.venv/bin/python -m tests.channels.conformance

wire: .venv/.ready-test tools wire-tools  ## every provider call judged by the provider's own specification
	@$(PYTEST) tests/wire

# The browser and Node.js come from the system's packages, where they are not there yet.
tools:
	@sh tests/tools.sh

wire-tools: tests/wire/node_modules/.ready tests/wire/.venv/.ready

axe: tests/axe/node_modules/.ready

tests/%/node_modules/.ready: tests/%/package-lock.json
	@$(MAKE) --no-print-directory tools
	@cd tests/$* && npm ci --silent --no-audit --no-fund
	@touch $@

tests/wire/.venv/.ready: tests/wire/requirements.txt
	@.venv/bin/python bot/bootstrap.py --venv tests/wire/.venv tests/wire/requirements.txt
	@touch $@

screenshots: .venv/.ready-test tools  ## take the pictures of docs/ anew
	@FARO_SCREENSHOTS=docs $(PYTEST) tests/end_to_end/test_browser.py

check: .venv/.ready-test  ## style, types, layers, content
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(FARO) content check

train: .venv/.ready  ## train the model from data/nlu/
	@$(FARO) train

content: .venv/.ready  ## check the content
	@$(FARO) content check

bench: .venv/.ready-test  ## measure against vanilla Rasa, sparse and neural: an hour; writes docs/benchmark.md
	@.venv/bin/python -m bench

bench-quick: .venv/.ready-test  ## the same against sparse only, in under five minutes
	@.venv/bin/python -m bench --quick

chaos: .venv/.ready  ## kill processes of a busy system and count what gets lost
	@$(FARO) chaos --messages 6000 --kills 20

clean:  ## forget everything that was made here
	rm -rf .venv var models .rasa
