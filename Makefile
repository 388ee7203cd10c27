# Everything that people and CI run. `make` alone lists it.
# Needed on the machine: Python 3.11 to 3.14 and make; for the tests also Go, which builds the Helms and the Kubernetes that they run,
# Node.js, whose npm installs the validator of SARIF reports and what client/ is built and tested with, and nginx, Chromium,
# bubblewrap, strace and Redis, which `make tools` installs on Debian.

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
# The Python that makes environments and builds tools, found when a recipe needs it; PYTHON=... names another.
WITH_PYTHON = python=$$(PYTHON="$(PYTHON)" scripts/find-python) && "$$python"
TEST_ARGS ?=
# Three keep two cores busy: many tests wait for what they started.
TEST_WORKERS ?= 3
BENCH_ARGS ?=
APP := examples/ideaforge
READER := client --output examples/ideaforge/src/lib/job-config.ts
MANIFESTS := manifests --env dev --output examples/ideaforge/k8s/eks
CLUSTER_PROGRAMS := etcd kube-apiserver kube-controller-manager kube-scheduler kwok kubectl
# The lock files are made by this version, so that two people's locks differ by what they asked for alone.
UV := uv==0.13.9

.PHONY: help app demo frontend test lint format unit test-pythons golden prove bench cluster render client reader manifests reference tools lock dist clean venv venv-bench venv-test

help: ## list the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

app: venv-test $(APP)/dist/index.html ## run the reference application until Ctrl-C: Redis, backend, worker, page; it says where (PORT=... chooses)
	@$(WITH_PYTHON) tests/tools/system.py nginx redis-server >/dev/null
	@$(BIN)/python scripts/app.py $(if $(PORT),--port $(PORT))

demo: venv ## render the reference chart, judge a good and a broken values file, lint with Helm
	@$(BIN)/python scripts/demo.py

test: tools ## install what the tests need and run every check and test
	@$(MAKE) --no-print-directory -j 2 venv-test client
	@$(MAKE) --no-print-directory frontend lint
	@$(BIN)/python scripts/pythons.py --others
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal $(TEST_ARGS)

lint: venv-test ## style, types, layers, and whether the committed chart and ConfigMap are fresh
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	@PYTHONIOENCODING=utf-8 $(BIN)/lint-imports
	$(BIN)/chartgen render --check
	$(BIN)/chartgen $(MANIFESTS) --config-map-only --check
	$(BIN)/chartgen $(READER) --check

format: venv-test ## let ruff format the code and mend what it can
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

unit: venv-test ## the fast tests alone
	$(BIN)/python -m pytest -q -n $(TEST_WORKERS) tests/unit $(TEST_ARGS)

test-pythons: venv-test ## the fast unit tests on each Python 3.11 to 3.14 that is found
	@$(BIN)/python scripts/pythons.py

golden: venv-test tools ## write the golden files anew; read the difference before you commit it
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --update-golden $(TEST_ARGS)

prove: venv-test tools client ## the property tests with their full counts (long)
	cd client && CHARTGEN_RUNS=2000 CHARTGEN_PROVE=1 npm test -- test/properties.test.ts test/watch-settings.test.ts test/proof
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --hypothesis-profile=prove --timeout=3600 $(TEST_ARGS)

bench: venv-bench tools ## measure chartgen beside its peers, and write the table of ratios (ten minutes)
	$(VENV)-bench/bin/python -m benchmarks --output benchmarks/RESULTS.md $(BENCH_ARGS)

cluster: ## run a Kubernetes control plane, the tests' own, until Ctrl-C; it says how to reach it
	@$(WITH_PYTHON) tests/tools/build.py $(CLUSTER_PROGRAMS) >/dev/null
	@$(WITH_PYTHON) scripts/cluster.py

render: venv ## write the reference chart anew, and what the reference image takes from it
	$(BIN)/chartgen render
	cp charts/ideaforge-frontend/files/entrypoint.py examples/ideaforge/scripts/docker-entrypoint.py
	cp charts/ideaforge-frontend/files/settings.py examples/ideaforge/scripts/settings.py

client: client/node_modules/.package-lock.json ## build the npm package of the page's part, and run its tests
	cd client && npm run --silent check && npm run --silent build && npm test

# npm takes what the lock says, or fails; no script of a package is run.
client/node_modules/.package-lock.json: client/package.json client/package-lock.json
	cd client && npm ci --ignore-scripts && touch node_modules/.package-lock.json

client/dist/index.js: client/node_modules/.package-lock.json client/tsconfig.json client/tsconfig.build.json $(wildcard client/src/*.ts)
	cd client && npm run --silent build

frontend: $(APP)/dist/index.html ## check and build the reference application's page
	cd $(APP) && npm run --silent check

$(APP)/dist/index.html: $(APP)/node_modules/.package-lock.json client/dist/index.js $(APP)/index.html $(APP)/vite.config.ts $(wildcard $(APP)/public/* $(APP)/src/*.* $(APP)/src/*/*.*)
	cd $(APP) && npm run --silent build -- --logLevel warn

$(APP)/node_modules/.package-lock.json: $(APP)/package.json $(APP)/package-lock.json
	cd $(APP) && npm ci --ignore-scripts && touch node_modules/.package-lock.json

reader: venv client/node_modules/.package-lock.json ## write the reference app's reader of its settings anew, and the script of the plan's page
	$(BIN)/python -m scripts.reader_script
	$(BIN)/chartgen $(READER)

manifests: venv tools ## write the reference app's plain manifests anew
	@helm=$$($(BIN)/python tests/tools/build.py --where helm4 | sed 's/^helm4 *//') && $(BIN)/chartgen $(MANIFESTS) --helm "$$helm"

reference: venv ## write the generated pages and pictures of the documentation anew
	$(BIN)/python -m scripts.reference_pages
	$(BIN)/python -m scripts.flow_picture
	$(BIN)/python -m scripts.plan_picture
	$(BIN)/python -m scripts.load_picture

tools: ## build the pinned Helms, their oracles, kubeconform, Kubernetes; install the SARIF validator, on Debian nginx and Chromium; once, into the user's cache
	@$(WITH_PYTHON) tests/tools/build.py
	@$(WITH_PYTHON) -m tests.tools.npm
	@$(WITH_PYTHON) tests/tools/system.py

lock: ## resolve the requirements anew and write the lock files
	@$(WITH_PYTHON) scripts/lock.py $(UV)

dist: venv-test ## build the sdist and the wheel into dist/
	$(BIN)/python -m build --no-isolation

clean: ## remove environments and caches from the tree; built tools stay
	rm -rf client/dist client/node_modules $(APP)/dist $(APP)/node_modules .venv .venv-3.* .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv:
	@$(WITH_PYTHON) scripts/environment.py $(VENV) requirements/run.txt

venv-bench:
	@$(WITH_PYTHON) scripts/environment.py $(VENV)-bench requirements/bench.txt

venv-test:
	@$(WITH_PYTHON) scripts/environment.py $(VENV) requirements/test.txt
