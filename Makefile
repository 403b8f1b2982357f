# The two commands: `make run` and `make test`. `make help` lists the others.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

RELEASE := .build/release
PYTHON_HOME := .build-venv
PYTHON := $(PYTHON_HOME)/bin/python
END_TO_END := Tests/EndToEnd
WEB := Services/api/Web

BUILD_PACKAGES := pkg-config libcurl4-openssl-dev libldap-dev libpq-dev libsqlite3-dev libzmq3-dev zlib1g-dev libzstd-dev
WEB_PACKAGES := esbuild nodejs node-react node-react-dom node-typescript
TEST_PACKAGES := postgresql-15 chromium fonts-liberation python3-venv slapd ldap-utils

# Build folders are kept apart from what others have in theirs.
SWIFT_SOURCES := Package.swift Services Shared Tests Benchmarks Fuzz/Package.swift Fuzz/Sources/Fuzz

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

.PHONY: run
run: build ## Install what is missing, build, and start Bennu with SQLite in ~/.phoenix
	exec $(RELEASE)/bennu serve

.PHONY: build
build: build-packages ## Build the executables and the browser application, for release
	swift build -c release
	$(MAKE) --no-print-directory web

.PHONY: web
web: $(RELEASE)/web/index.html ## Build the browser application into the release build

$(RELEASE)/web/index.html: $(shell find $(WEB) -type f -not -path '*/dist/*' 2>/dev/null)
	$(WEB)/build.sh $(RELEASE)/web

.PHONY: test
test: test-packages check test-unit test-end-to-end ## Run all tests on SQLite and Postgres

.PHONY: check
check: build-packages ## Check formatting, and type-check and test the browser application
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	$(WEB)/test.sh

.PHONY: test-unit
test-unit: test-packages ## Run the unit tests
	swift build --build-tests
	scripts/run-unit-tests.sh

.PHONY: test-end-to-end
test-end-to-end: test-packages build python ## Run real clients and a browser against real processes
	$(PYTHON) -m pytest $(END_TO_END) $(PYTEST)

.PHONY: test-long
test-long: test-packages build python ## Run the end-to-end tests with a thousand kills on each database
	KILLS=1000 $(PYTHON) -m pytest $(END_TO_END) $(PYTEST)

.PHONY: reliability
reliability: test-packages build python ## Break things a thousand times under load on each database (ROUNDS, SEED)
	$(PYTHON) Tests/Reliability/run.py --rounds $(or $(ROUNDS),1000) $(if $(SEED),--seed $(SEED))

.PHONY: bench
bench: test-packages build python ## Measure ingest, memory and start beside the databases' own limits
	$(PYTHON) Benchmarks/ingest/run.py $(if $(RECORD),--record)

.PHONY: bench-index
bench-index: test-packages build python ## Measure what the index of search costs ingest
	$(PYTHON) Benchmarks/ingest/run.py --index --rounds 4 $(if $(RECORD),--record)

.PHONY: bench-growth
bench-growth: test-packages build python ## Measure ingest while a database grows to SPANS (1,500,000)
	$(PYTHON) Benchmarks/ingest/growth.py --spans $(or $(SPANS),1500000) $(if $(RECORD),--record)

.PHONY: overload
overload: test-packages build python ## Offer a collector ten times what it takes, for SECONDS_EACH (600) on each database
	$(PYTHON) Benchmarks/overload/run.py --seconds $(or $(SECONDS_EACH),600) $(if $(CLIENTS),--clients $(CLIENTS))

.PHONY: fuzz
fuzz: build-packages ## Feed every parser with made-up bytes for SECONDS_EACH (60) seconds, sanitizers on
	Fuzz/run.sh

.PHONY: screenshots
screenshots: test-packages build python ## Make the pictures in docs/images anew
	$(PYTHON) $(END_TO_END)/screenshots.py docs/images

.PHONY: build-packages
build-packages:
	@scripts/install-packages.sh $(BUILD_PACKAGES) $(WEB_PACKAGES)

.PHONY: test-packages
test-packages: build-packages
	@scripts/install-packages.sh $(TEST_PACKAGES)

.PHONY: python
python: test-packages
	@scripts/make-python.sh $(PYTHON_HOME) $(END_TO_END)/requirements.txt

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf .build .build-venv .build-bench .build-end-to-end Fuzz/.build Fuzz/.corpus
