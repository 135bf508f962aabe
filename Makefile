# The door of the house. Every target first sees that the machine is ready (deploy/setup).
.DEFAULT_GOAL := help
.PHONY: help setup run demo test test-thorough check fix bench fuzz fuzz-api plugging words lock build build-check clean

PYTHON := .venv/bin/python
BIN := .venv/bin
SCREEN := $(PYTHON) -m deploy.screen

# Programs that tests start load what was compiled before, whatever the environment says.
export PYTHONDONTWRITEBYTECODE =

# Each process is given whole files; tests/conftest.py says which, in which order.
TEST := $(PYTHON) -m deploy.postgres -- $(SCREEN) $(BIN)/pytest --dist loadscope --no-loadscope-reorder
ALL_TESTS = $(TEST) --numprocesses 7 $(WHICH)
WHICH = -m "not thorough"

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

setup: ## system packages, .venv, catalogues
	@deploy/setup

run: setup ## kiosk, devices, centre, console and card station: see README, the first ten minutes
	@$(PYTHON) -m deploy.run $(ARGS)

demo: setup ## a scripted citizen in a real window (SERVICE=loss_report, …, all, fleet): build/demo/
	@$(PYTHON) -m deploy.demo $(if $(SERVICE),--service $(SERVICE)) $(ARGS)

test: setup ## the tests, on a virtual screen when there is no display (ARGS="tests/kiosk -k word")
	@$(if $(ARGS),$(TEST) --numprocesses 2 $(ARGS),$(ALL_TESTS))

test-thorough: WHICH =
test-thorough: setup ## all tests: also those of minutes, and all of the centre's on PostgreSQL
	@$(ALL_TESTS)

check: setup ## lint, format, types, contracts, docs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/pytest tests/docs

fix: setup ## what ruff can mend by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup ## benchmarks, side by side with peers
	@$(SCREEN) $(PYTHON) -m benchmarks $(ARGS)

fuzz: setup ## a million inputs for every decoder (20 minutes): docs/devices/fuzz.md
	@$(PYTHON) -m pip install --quiet --require-hashes --upgrade --target build/fuzz -r requirements/fuzz.txt
	@PYTHONPATH=build/fuzz $(PYTHON) -m tests.fuzz --out docs/devices/fuzz.md $(ARGS)

fuzz-api: setup ## schemathesis, every check, on SQLite and on PostgreSQL (ARGS="--seed N" repeats)
	@$(PYTHON) -m deploy.postgres -- $(PYTHON) -m tests.fuzz_api $(ARGS)

plugging: setup ## unplug and replug every device 1,000 times (20 minutes): docs/devices/plugging.md
	@$(PYTHON) -m tests.plugging --out docs/devices/plugging.md $(ARGS)

words: setup ## take new sentences into the catalogues and compile them
	@$(PYTHON) -m deploy.words --refresh

lock: setup ## lock requirements/*.in again: hashes, no addresses (ARGS=--upgrade)
	$(PYTHON) -m pip install --quiet uv
	for part in kiosk central dev fuzz; do \
	    $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	        --no-annotate --no-header --no-strip-extras --no-emit-index-url --no-emit-find-links \
	        $(ARGS) --output-file requirements/$$part.txt requirements/$$part.in || exit 1; \
	done

build: setup ## the kiosk as a folder that needs no Python: build/dist/kiosk
	@$(SCREEN) $(BIN)/pyinstaller --noconfirm --log-level WARN \
	    --distpath build/dist --workpath build/work kiosk.spec

build-check: build ## the built kiosk starts, paints and ends
	@$(PYTHON) -m deploy.build_check

clean: ## remove what was built; .venv stays
	rm -rf build dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
