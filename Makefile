# Every target prepares .venv by itself, without root. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
PYTEST_WORKERS ?= 2
BOARD ?= RPI_PICO
# where it is set, each process of a test compiles our code, and each new database its revisions, once more
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test check bench bench-fast bench-host bench-scale evaluate evaluate-quick fuzz crash hil firmware train numbers test-tflite-runtime lock pictures clean emlearn
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 24

$(STAMP): requirements/all.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Catflap needs Python 3.11 or newer; set PYTHON=/path/to/python3.11'; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo 'No venv module: install the python3-venv package'; exit 1; }
	@# what is never imported need not be compiled: a third of the time
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/all.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

setup: $(STAMP) ## prepare .venv with the catflap command in it

demo: $(STAMP) ## a day with a SIM bank on eight emulated lines (DEMO_SECONDS=60 ends it by itself)
	@$(BIN)/python -m tests.demo $(if $(DEMO_SECONDS),--seconds $(DEMO_SECONDS))

test: $(STAMP) ## the whole test suite, in parallel
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal

check: $(STAMP) ## ruff, mypy, documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.check_docs

bench: $(STAMP) ## every timed figure, written to build/bench.json
	$(BIN)/python -m tests.bench

bench-fast: $(STAMP) ## a subset of bench, at most 90 s
	$(BIN)/python -m tests.bench --fast

bench-host: $(STAMP) ## durable alerts a second on SQLite and PostgreSQL, written to build/host_bench.json
	$(BIN)/python -m tests.bench.host

bench-scale: $(STAMP) ## 5,000 probes at once, memory, pages over 10 million calls, written to build/scale.json; hours, 30 GB of disk
	$(BIN)/python -m tests.scale

evaluate: $(STAMP) ## the released bundle before the court: figures in build/evaluate.json, report in build/evaluate
	$(BIN)/python -m catflap_models.court

evaluate-quick: $(STAMP) ## a small form of every point of evaluate, at most 4 minutes
	$(BIN)/python -m catflap_models.court --quick

fuzz: $(STAMP) ## split, lost and garbage input, written to build/fuzz.json
	$(BIN)/python -m tests.fuzz

crash: $(STAMP) ## worker, broker, database and NATS servers killed under load, written to build/crash.json
	$(BIN)/python -m tests.crash

firmware: $(STAMP) ## image of a board in build/firmware/BOARD, BOARD=RPI_PICO (or RPI_PICO2)
	@$(BIN)/python -m catflap_image $(BOARD)

hil: $(STAMP) ## the real firmware on an emulated board, or on PORT=/dev/ttyACM0, written to build/hil.json
	PORT=$(PORT) $(BIN)/python -m tests.hil

train: $(STAMP) ## simulate and train the released bundle again, byte for byte
	$(BIN)/python -m catflap_models.train --out models/bundle

numbers: $(STAMP) ## compile the table of numbering plans again, byte for byte; and its frozen form for boards into build
	@mkdir -p build
	$(BIN)/python -m catflap_models.numbering --out firmware/catflap_probe/verdict/numbers.bin --frozen build/_numbers_frozen.py

build/tflite-runtime/.ready: requirements/tflite-runtime.txt
	@mkdir -p build
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo 'tflite-runtime has no wheel past Python 3.11; set PYTHON=/path/to/python3.11'; exit 1; }
	$(PYTHON) -m venv build/tflite-runtime
	build/tflite-runtime/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tflite-runtime.txt
	@touch $@

test-tflite-runtime: $(STAMP) build/tflite-runtime/.ready ## the bundle under tflite-runtime, within one step
	build/tflite-runtime/bin/python tests/tflite_runtime/compare.py models/bundle

emlearn: $(STAMP) ## emlearn's models of the calls that ours is made of, and an image with them; make hil does it too
	$(BIN)/python -m tests.hil.emlearn_peer

lock: ## write the locked requirements anew (needs uv on the PATH)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet -o requirements/all.txt
	uv pip compile pyproject.toml requirements/host.in --extra postgres --extra parquet --extra matching --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet -o requirements/host.txt
	uv pip compile requirements/tflite-runtime.in --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet -o requirements/tflite-runtime.txt
	uv pip compile requirements/emlearn.in --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet -o requirements/emlearn.txt

pictures: $(STAMP) ## screenshots of the console for README.md, from a replayed trunk, into docs (needs chromium)
	$(BIN)/python -m tests.pictures

clean: ## remove .venv and build
	rm -rf $(VENV) build
