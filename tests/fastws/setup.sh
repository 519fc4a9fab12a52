#!/bin/sh
# Makes the Python environment of the reference peer and prints its folder.
#
#   tests/fastws/setup.sh [FOLDER]
#
# FOLDER defaults to fastws-venv in cargo's target folder. Needs Python 3.11 or newer (PYTHON names
# another one than python3) and, the first time, a package index. Running it again costs nothing:
# the environment keeps a copy of the requirements that it was made from, and is made again when
# they differ. Several test programs may call it at once; one builds, the others wait.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
venv=${1:-${CARGO_TARGET_DIR:-$here/../../target}/fastws-venv}
python=${PYTHON:-python3}

made_from_these_requirements() {
    [ -x "$venv/bin/python" ] && cmp -s "$here/requirements.txt" "$venv/requirements.txt"
}

fail() {
    echo "tests/fastws/setup.sh: $1" >&2
    exit 1
}

if ! made_from_these_requirements; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "FastWS needs Python 3.11 or newer; set PYTHON to one ('$python' is not)"
    mkdir -p "$(dirname -- "$venv")"
    # A folder is made by exactly one caller, so it serves as the lock. A builder that was killed
    # leaves it behind: whoever waited five minutes says so.
    waited=0
    until mkdir "$venv.lock" 2>/dev/null; do
        [ "$waited" -lt 300 ] || fail "$venv.lock is five minutes old; remove it and try again"
        waited=$((waited + 1))
        sleep 1
    done
    trap 'rmdir "$venv.lock"' EXIT
    trap 'exit 1' HUP INT TERM
    if ! made_from_these_requirements; then
        rm -rf "$venv"
        "$python" -m venv "$venv" >&2 || fail "cannot make $venv (Debian: install python3-venv)"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
            --requirement "$here/requirements.txt" >&2 || fail "cannot install the requirements"
        "$venv/bin/python" -m pip check >&2 || fail "requirements.txt does not hold the closure"
        cp "$here/requirements.txt" "$venv/requirements.txt"
    fi
fi
CDPATH= cd -- "$venv" && pwd
