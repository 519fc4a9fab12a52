#!/bin/sh
# Makes the environment of the uWebSockets peer and prints its folder: Python with `socketify`, which
# bundles uWebSockets, and the library that this needs, from Debian and not installed.
#
#   benches/peers/uws/setup.sh [FOLDER]
#
# FOLDER defaults to uws-venv in cargo's target folder. Running it again costs nothing.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
venv=${1:-${CARGO_TARGET_DIR:-$here/../../target}/uws-venv}

fail() {
    echo "benches/peers/uws/setup.sh: $1" >&2
    exit 1
}

if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
    rm -rf "$venv"
    "${PYTHON:-python3}" -m venv "$venv" >&2 || fail "cannot make $venv (Debian: install python3-venv)"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --requirement "$here/requirements.txt" >&2 || fail "cannot install the requirements"
    (cd "$venv" && apt-get download -qq libuv1 >&2 2>/dev/null && dpkg -x libuv1_*.deb libuv &&
        cp -P libuv/usr/lib/*/libuv.so.1* lib/) ||
        fail "cannot get Debian's libuv1 (apt-get update first)"
    cp "$here/requirements.txt" "$venv/requirements.txt"
fi
CDPATH= cd -- "$venv" && pwd
