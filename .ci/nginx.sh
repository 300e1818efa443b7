#!/usr/bin/env bash
# Makes sure that there is an nginx for the test of a proxy in front: the system's own, or Debian's package unpacked into
# the target folder, where it starts no service.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/usr/local/sbin
command -v nginx >/dev/null && exit 0
folder=$(mkdir -p "${CARGO_TARGET_DIR:-target}/nginx" && cd "${CARGO_TARGET_DIR:-target}/nginx" && pwd)
[ -x "$folder/usr/sbin/nginx" ] && exit 0

download() {
  (cd "$folder" && apt-get download -qq nginx 2>/dev/null && dpkg-deb -x nginx_*.deb . && rm nginx_*.deb)
}

if ! command -v apt-get >/dev/null; then
  echo "test: nginx is missing. Install it with this system's package manager, then run make test again."
  exit 1
fi
echo "test: nginx is missing; unpacking Debian's package."
if ! download; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  "${as_root[@]}" apt-get update -qq || true
  if ! download; then
    echo "test: nginx cannot be downloaded. Install it (Debian: apt-get install nginx), then run make test again."
    exit 1
  fi
fi
"$folder/usr/sbin/nginx" -v
