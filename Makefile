# Everything a person runs. `make` alone lists the targets. What is made stays in .venv/ and .local/.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
RUN := .venv/bin/python
MANAGE := $(RUN) manage.py
# Runs a command with a database, a secret key and a port: see wsoa/embedded_postgres.py.
LOCALLY := $(RUN) -m wsoa.embedded_postgres

# Stamps: each is newer than what it was made from, so a second run has nothing to do.
INSTALLED := .local/stamps/installed
COLLECTED := .local/stamps/collected
SITE_INPUTS := $(shell find wsoa/static -type f 2>/dev/null) wsoa/settings.py

# A process for each core, each with databases and a served site of its own.
ALL_TESTS := -n logical --dist worksteal --durations 25 $(if $(CI),,-m "not slow")

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(INSTALLED) $(COLLECTED) ## Set up, load the plans and a sample, and serve them on this machine (PORT=8000)
	@$(LOCALLY) $(SHELL) -ec '$(SERVE)'

define SERVE
$(MANAGE) prepare_demo; \
printf "\nServing on http://127.0.0.1:$$PORT/ – stop with Ctrl-C.\n\n"; \
unset DATABASE_OWNER_URL; \
$(MANAGE) run_jobs --beside-parent & \
exec $(RUN) -m gunicorn wsoa.wsgi --bind "127.0.0.1:$$PORT" --threads 4 --no-control-socket --log-level warning
endef

.PHONY: demo-reset
demo-reset: $(INSTALLED) ## Throw the demo's database away and start afresh
	@if [ -n "$$DATABASE_URL" ]; then echo "DATABASE_URL is set: empty that database yourself."; exit 1; fi
	@$(RUN) -m wsoa.embedded_postgres --remove
	@rm -rf .local/evidence
	@$(MAKE) demo

.PHONY: test
test: $(INSTALLED) $(COLLECTED) ## Set up, then run the tests; CI=1 takes the slow ones too (ARGS="-k words")
	$(RUN) -m pytest $(or $(ARGS),$(ALL_TESTS))

.PHONY: lint
lint: $(INSTALLED) ## Style, imports, types, migrations and deployment settings
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	.venv/bin/lint-imports
	$(LOCALLY) $(RUN) -m mypy
	$(MANAGE) makemigrations --check --dry-run
	PLAIN_HTTP=off SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	    ALLOWED_HOSTS=plans.example.org $(MANAGE) check --deploy --fail-level WARNING

.PHONY: shots
shots: $(INSTALLED) $(COLLECTED) ## Take pictures of the main pages into .local/shots
	$(RUN) -m pytest tests/browser/shots.py $(ARGS)

.PHONY: bench
bench: $(INSTALLED) $(COLLECTED) ## Run the benchmarks
	$(RUN) -m pytest tests/benchmarks -o "norecursedirs=.*" $(ARGS)

.PHONY: mutants
mutants: $(INSTALLED) ## Break the pure rules one line at a time, and count what no test notices
	$(RUN) -m tests.mutants $(ARGS)

.PHONY: static
static: $(INSTALLED) $(COLLECTED) ## Collect the static files, if they changed

.PHONY: requirements
requirements: $(INSTALLED) ## Pin the newest packages that pyproject.toml allows (run it on Python 3.11)
	$(call compile,requirements.txt)
	$(call compile,requirements-dev.txt,--extra demo --extra dev --constraint requirements.txt)

# No addresses and no paths: the files must hold wherever packages are installed from.
define compile
CUSTOM_COMPILE_COMMAND="make requirements" $(RUN) -m piptools compile --quiet --upgrade --generate-hashes \
    --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
    $(2) --output-file $(1) pyproject.toml
endef

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1 || true)."; \
	    echo "Name a newer one, such as: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv

$(INSTALLED): requirements-dev.txt .venv/bin/python
	@echo "Installing the packages into .venv; the first time takes a minute or two:"
	@set -o pipefail; $(RUN) -m pip install --disable-pip-version-check --require-hashes \
	    -r requirements-dev.txt | awk '/^Collecting/ { printf "%s ", $$2; fflush() } END { print "" }'
	@mkdir -p $(@D) && touch $@

$(COLLECTED): $(INSTALLED) $(SITE_INPUTS)
	@echo "Collecting and compressing the static files …"
	@DATABASE_URL=postgresql:///unused SECRET_KEY=unused ALLOWED_HOSTS=unused $(MANAGE) collectstatic --noinput --clear --verbosity 0
	@mkdir -p $(@D) && touch $@
