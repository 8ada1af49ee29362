# `make run` and `make test` do all their own set-up, in .venv, with any Python ≥ 3.11.
PYTHON ?= python3
BIN := .venv/bin
unexport PYTHONDONTWRITEBYTECODE  # else each process of the tests compiles again what it imports

run: .venv/ready  ## the window on the example recordings; without a display, their labels in the terminal
	$(BIN)/persian-mir-gui --examples

test: .venv/ready  ## everything, offscreen, on all processors
	QT_QPA_PLATFORM=offscreen OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n auto --dist worksteal

search: .venv/ready  ## what holds for every input, tried on new inputs (some minutes)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m hypothesis --hypothesis-profile=search --timeout=0

check: .venv/ready  ## what CI asks besides: style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready  ## how fast, beside alternatives and floors, into docs/benchmarks.md (some 10 minutes); ONLY=load,…, KEEP=1
	QT_QPA_PLATFORM=offscreen $(BIN)/python benchmarks/bench.py $(if $(ONLY),--only $(ONLY)) $(if $(KEEP),--keep)

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

.PHONY: run test search check bench
