# Parlor: `make run` starts it, `make test` runs every test, `make help` lists the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

TARGET := $(or $(CARGO_TARGET_DIR),target)
NPM := node_modules/.package-lock.json
WEB := web/dist/main.js
SUITES_NPM := tests/conformance/node_modules/.package-lock.json
VENV := $(TARGET)/matrix/venv/installed
BENCH := $(TARGET)/bench
PEER_NPM := benches/peers/node/node_modules/.package-lock.json
PEER_VENV := $(BENCH)/venv/installed
# A database of ten million messages, for the benches that start on one.
LARGE := $(BENCH)/large/parlor.db
MEASURE := $(TARGET)/release/bench --parlor $(TARGET)/release/parlor --python $(dir $(PEER_VENV))bin/python --work $(BENCH)
WEB_SOURCES := $(shell find web -type f -not -path 'web/dist/*')
# The binary that tests/clients and tests/browser start.
PARLOR_BINARY ?= $(abspath $(TARGET)/debug/parlor)

# A search is timed on one core, where there is taskset: waking another one costs as much, and is no part of it.
ON_ONE_CORE := $(if $(shell command -v taskset),taskset --cpu-list 0)

.PHONY: help run build web test test-rust test-clients test-browser attack conformance matrix check size bench bench-quick bench-build bench-growth bench-micro bench-parts-build bench-photos bench-search bench-slow-reader clean

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

test: web ## everything: checks, Rust, real Socket.IO clients, Chromium, attacks
	.ci/chromium.sh
	$(MAKE) --no-print-directory check
	$(MAKE) --no-print-directory test-rust
	$(MAKE) --no-print-directory test-clients
	$(MAKE) --no-print-directory test-browser
	$(MAKE) --no-print-directory attack

test-rust: web ## unit and integration tests
	cargo test --locked
	cargo test --locked --package load

test-clients: web $(VENV) ## the official JavaScript client against the binary
	.ci/nginx.sh
	cargo build --locked
	PARLOR_BINARY=$(PARLOR_BINARY) PARLOR_PYTHON=$(abspath $(dir $(VENV))bin/python) node --test --test-reporter=spec tests/clients/*.test.mjs
	$(MAKE) --no-print-directory matrix

test-browser: web ## Chromium against the binary
	cargo build --locked
	PARLOR_BINARY=$(PARLOR_BINARY) node --test --test-reporter=spec tests/browser/*.test.mjs

attack: web ## some 700 hostile requests and events against the binary, counted by what came of them
	cargo build --locked
	PARLOR_BINARY=$(PARLOR_BINARY) node tests/attack/run.mjs

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
	cargo fmt --all --check
	cargo clippy --all-targets --locked -- -D warnings
	cargo clippy --package load --all-targets --locked -- -D warnings
	cargo clippy --package parts --all-targets --locked -- -D warnings
	RUSTDOCFLAGS=-Dwarnings cargo doc --no-deps --locked
	npm run --silent check
	.ci/check-dependencies.sh

size: build ## the size of the release binary, and how long it takes to the first answer
	node tests/tools/cold-start.mjs $(TARGET)/release/parlor

bench: bench-build $(LARGE) $(BENCH)/search.txt $(BENCH)/growth.txt $(BENCH)/photos.txt ## measures Parlor beside its peers and writes docs/benchmarks.md; wants a quiet machine
	$(MEASURE) --large $(dir $(LARGE)) --also $(BENCH)/search.txt --also $(BENCH)/growth.txt --also $(BENCH)/photos.txt --misses benches/misses.md --page docs/benchmarks.md

bench-quick: bench-build ## the same in a few minutes, into target/bench/benchmarks.md
	$(MEASURE) --quick --page $(BENCH)/benchmarks.md

bench-build: build $(PEER_NPM) $(PEER_VENV)
	cargo build --release --locked --package load

$(PEER_NPM): benches/peers/node/package.json benches/peers/node/package-lock.json
	npm ci --no-progress --ignore-scripts=false --prefix benches/peers/node
	@touch $@

$(PEER_VENV): benches/peers/flask/requirements.txt
	python3 -m venv --clear $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# The benches of parts, whose databases are made where there is a disk, which a folder for temporary files need not have.
PARTS := env TMPDIR=$(abspath $(BENCH)) $(TARGET)/release

bench-parts-build: build
	mkdir -p $(BENCH)
	cargo build --release --locked --package parts

# The bench of searches makes it under another name, so that half of one is never taken for a whole one.
$(LARGE): | bench-parts-build
	rm -rf $(@D)
	mkdir -p $(@D)
	$(PARTS)/search --messages 10000000 --searches 1 --database $(@D)/made.db
	mv $(@D)/made.db $@

$(BENCH)/search.txt: bench-parts-build
	$(ON_ONE_CORE) $(PARTS)/search > $@.part
	mv $@.part $@

$(BENCH)/growth.txt: bench-parts-build $(LARGE)
	$(PARTS)/growth --large $(LARGE) > $@.part
	mv $@.part $@

$(BENCH)/photos.txt: bench-parts-build
	$(PARTS)/photos > $@.part
	mv $@.part $@

bench-growth: bench-parts-build ## what everyday work costs as messages, rooms and members grow
	$(PARTS)/growth

bench-micro: web ## Criterion: rendering a message, encoding it, reading a page of history
	cargo bench --locked --package parts --bench micro

bench-photos: bench-parts-build ## what a photo's smaller pictures cost beside those made by hand with the crate image
	$(PARTS)/photos

bench-search: bench-parts-build ## what a search on a million messages costs beside the bare FTS5 query
	$(ON_ONE_CORE) $(PARTS)/search

bench-slow-reader: build $(NPM) ## what a member who stops reading costs the 49 others
	PARLOR_BINARY=$(abspath $(TARGET)/release/parlor) node tests/bench/slow-reader.mjs

clean: ## removes all that was built
	cargo clean
	rm -rf node_modules tests/conformance/node_modules benches/peers/node/node_modules web/dist
