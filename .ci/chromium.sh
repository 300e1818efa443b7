#!/usr/bin/env bash
# Makes sure that there is a Chromium for the browser tests, with fonts for its screenshots.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
as_root=()
if [ "$(id -u)" != 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    echo "test: Chromium is missing and cannot be installed without root. Install it (Debian: apt-get install chromium), then run make test again."
    exit 1
  fi
  as_root=(sudo -n)
fi
if ! command -v apt-get >/dev/null; then
  echo "test: Chromium is missing. Install it with this system's package manager, then run make test again."
  exit 1
fi
echo "test: Chromium is missing; installing it with apt-get."
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends \
  chromium fonts-liberation fonts-noto-color-emoji >/dev/null
