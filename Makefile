# Parlor: `make run` starts it, `make test` runs every test, `make help` lists the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

TARGET := $(or $(CARGO_TARGET_DIR),target)
NPM := node_modules/.package-lock.json
WEB := web/dist/main.js
SUITES_NPM := tests/conformance/node_modules/.package-lock.json
VENV := $(TARGET)/matrix/venv/installed
WEB_SOURCES := $(shell find web -type f -not -path 'web/dist/*')
# The binary that tests/clients and tests/browser start.
PARLOR_BINARY ?= $(abspath $(TARGET)/debug/parlor)

.PHONY: help run build web test test-rust test-clients test-browser conformance matrix check size bench-search bench-slow-reader clean

help: ## lists the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: build ## builds what is missing and starts the server at https://127.0.0.1:5000
	exec $(TARGET)/release/parlor

build: web ## builds the release binary, which needs nothing beside it
	cargo build --release --locked

web: $(WEB) ## builds the web client into web/dist

$(WEB): $(NPM) $(WEB_SOURCES)
	npm run --silent build
	@touch $@

$(NPM): package.json package-lock.json
	npm ci --no-progress
	@touch $@

test: web ## everything: checks, Rust, real Socket.IO clients, Chromium
	.ci/chromium.sh
	$(MAKE) --no-print-directory check
	$(MAKE) --no-print-directory test-rust
	$(MAKE) --no-print-directory test-clients
	$(MAKE) --no-print-directory test-browser

test-rust: web ## unit and integration tests
	cargo test --locked

test-clients: web $(VENV) ## the official JavaScript client against the binary
	cargo build --locked
	PARLOR_BINARY=$(PARLOR_BINARY) PARLOR_PYTHON=$(abspath $(dir $(VENV))bin/python) node --test --test-reporter=spec tests/clients/*.test.mjs
	$(MAKE) --no-print-directory matrix

test-browser: web ## Chromium against the binary
	cargo build --locked
	PARLOR_BINARY=$(PARLOR_BINARY) node --test --test-reporter=spec tests/browser/*.test.mjs

conformance: web $(SUITES_NPM) ## the Socket.IO project's own suites; SUITES=FOLDER says where they are
	cargo build --locked --example conformance
	node tests/conformance/run.mjs --server $(TARGET)/debug/examples/conformance --work $(TARGET)/conformance $(if $(SUITES),--suites $(SUITES))

matrix: web $(VENV) ## other Socket.IO clients against the binary: old ones, Python, Rust
	cargo build --locked
	cargo build --locked --manifest-path tests/matrix/rust/Cargo.toml --target-dir $(TARGET)/matrix/rust
	PARLOR_BINARY=$(PARLOR_BINARY) node tests/matrix/run.mjs

$(VENV): tests/matrix/requirements.txt
	python3 -m venv --clear $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(SUITES_NPM): tests/conformance/package.json tests/conformance/package-lock.json
	npm ci --no-progress --prefix tests/conformance
	@touch $@

check: web ## formatting, lints, docs, types, dependencies, spelling
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	RUSTDOCFLAGS=-Dwarnings cargo doc --no-deps --locked
	npm run --silent check
	.ci/check-dependencies.sh

size: build ## the size of the release binary, and how long it takes to the first answer
	node tests/tools/cold-start.mjs $(TARGET)/release/parlor

bench-search: web ## what a search on a million messages costs beside the bare FTS5 query
	cargo bench --locked --bench search

bench-slow-reader: build $(NPM) ## what a member who stops reading costs the 49 others
	PARLOR_BINARY=$(abspath $(TARGET)/release/parlor) node tests/bench/slow-reader.mjs

clean: ## removes all that was built
	cargo clean
	rm -rf node_modules tests/conformance/node_modules web/dist
