# The project's commands. `make help` lists them.
PYTHON_BIN := .venv/bin
SHELL := /bin/bash
# Workers wait for terminals more than they work; what was compiled is kept, as each reads all tests.
TEST := env -u PYTHONDONTWRITEBYTECODE $(PYTHON_BIN)/pytest --numprocesses=3 --dist=loadfile \
	--no-loadscope-reorder
.DEFAULT_GOAL := help

.PHONY: help setup run run-landscape fleet test test-command lint campaign campaign-kill campaign-crash campaign-storage campaign-network campaign-load campaign-model soak bench fuzz frames lock screens deb package-test clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup:  ## install what is missing, into .venv
	@setup/install.sh

run: setup  ## open the terminal with simulated devices and the reference intake
	@exec $(PYTHON_BIN)/kiosk run

run-landscape: setup  ## the same on a 1920x1080 screen
	@exec $(PYTHON_BIN)/kiosk run --landscape

fleet: setup  ## the console with broker, releases and ten simulated terminals
	@exec $(PYTHON_BIN)/python -m fleet.demo.run $(ARGS)

test: setup  ## all tests; works without a display
	@$(TEST) $(ARGS)

test-command:
	@echo $(TEST)

campaign: setup  ## the long tests that make test leaves out, then all campaigns (docs/reliability.md); hours; SEED=n
	@$(TEST) -m campaign $(ARGS)
	@$(PYTHON_BIN)/python -m tests.campaign $(if $(SEED),--seed $(SEED))

campaign-kill campaign-crash campaign-storage campaign-network campaign-load campaign-model: campaign-%: setup  ## one campaign in full, goes on where it stopped; SEED=n
	@$(PYTHON_BIN)/python -m tests.campaign $* $(if $(SEED),--seed $(SEED)) $(ARGS)

soak: setup  ## whole visits with faults on the real screen, hours; VISITS=5000 SECONDS=n SEED=n, a SEED again goes on
	@$(PYTHON_BIN)/python -m tests.soak $(if $(VISITS),--visits $(VISITS)) $(if $(SECONDS),--seconds $(SECONDS)) \
		$(if $(SEED),--seed $(SEED)) $(ARGS)

lint: setup  ## style, types, floors, translations
	$(PYTHON_BIN)/ruff format --check .
	$(PYTHON_BIN)/ruff check .
	$(PYTHON_BIN)/mypy
	$(PYTHON_BIN)/lint-imports

bench: setup  ## the figures beside their limits, each as a ratio in one run
	@$(PYTHON_BIN)/python -m tests.bench $(ARGS)

fuzz: setup  ## let random bytes loose on the codecs; SECONDS=60
	@$(PYTHON_BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60) $(ARGS)

frames: setup  ## a million random and mutated frames for the ID reader; minutes
	@$(PYTHON_BIN)/python -m tests.fuzz.frames_id_reader $(ARGS)

screens: setup  ## paint every page into docs/screens/
	@$(PYTHON_BIN)/python -m kiosk.desk.display $(PYTHON_BIN)/python -m screens.gallery docs/screens --docs

lock: setup  ## renew requirements/lock.txt from pyproject.toml
	$(PYTHON_BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-header --allow-unsafe --extra dev \
		-o requirements/lock.txt pyproject.toml

deb: setup  ## build the Debian package into build/deb/; minutes
	@$(PYTHON_BIN)/python setup/deb/build.py

package-test: deb  ## install it on a fresh Debian, use it, purge it; needs root; minutes
	@$(PYTHON_BIN)/python setup/deb/check.py build/deb/yiduan_*_amd64.deb

clean:  ## remove what can be made again
	rm -rf .venv build var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
