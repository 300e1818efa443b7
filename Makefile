# Parlor: `make run` starts it, `make test` runs every test, `make help` lists the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

TARGET := $(or $(CARGO_TARGET_DIR),target)
NPM := node_modules/.package-lock.json
WEB := web/dist/main.js
WEB_SOURCES := $(shell find web -type f -not -path 'web/dist/*')
# The binary that tests/clients and tests/browser start.
PARLOR_BINARY ?= $(abspath $(TARGET)/debug/parlor)

.PHONY: help run build web test test-rust test-clients test-browser check size clean

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

test-clients: web ## the official JavaScript client against the binary
	cargo build --locked
	PARLOR_BINARY=$(PARLOR_BINARY) node --test --test-reporter=spec tests/clients/*.test.mjs

test-browser: web ## Chromium against the binary
	cargo build --locked
	PARLOR_BINARY=$(PARLOR_BINARY) node --test --test-reporter=spec tests/browser/*.test.mjs

check: web ## formatting, lints, docs, types, dependencies, spelling
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	RUSTDOCFLAGS=-Dwarnings cargo doc --no-deps --locked
	npm run --silent check
	.ci/check-dependencies.sh

size: build ## the size of the release binary, and how long it takes to the first answer
	node tests/tools/cold-start.mjs $(TARGET)/release/parlor

clean: ## removes all that was built
	cargo clean
	rm -rf node_modules web/dist
