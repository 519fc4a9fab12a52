#!/usr/bin/env bash
# Installs the Autobahn WebSocket testsuite, ported to Python 3, into DIR.
# Usage: setup.sh [DIR]            (default: target/autobahn of the repository)
#   PYTHON=python3.12 setup.sh ... picks the interpreter (3.9 or later).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${1:-$here/../../../target/autobahn}
python=${PYTHON:-python3}

if [ -e "$dir" ] && [ ! -e "$dir/pyvenv.cfg" ]; then
  echo "setup.sh: $dir exists and is no virtual environment; not touched" >&2
  exit 2
fi
"$python" -m venv --clear "$dir"
pip=("$dir/bin/python" -m pip --disable-pip-version-check --quiet)

# The two packages under test come as source archives of the setuptools of their
# day; they are built with a setuptools that still has what they ask for.
"${pip[@]}" install setuptools==75.8.2 wheel==0.45.1
"${pip[@]}" install --no-build-isolation --no-deps \
  autobahntestsuite==25.10.1 autobahn==0.10.9 txaio==2.1.0
"${pip[@]}" install --no-deps -r "$here/requirements.txt"
"$dir/bin/python" "$here/port.py"
"$dir/bin/python" - <<'PY'
import collections
import autobahntestsuite
from autobahntestsuite.case import Cases
n = collections.Counter(int(c.__name__[4:].split("_")[0]) for c in Cases)
want = {1: 16, 2: 11, 3: 7, 4: 10, 5: 20, 6: 145, 7: 37, 9: 54, 10: 1, 12: 90, 13: 126}
assert dict(n) == want, n
print("autobahntestsuite %s: %d cases" % (autobahntestsuite.version, len(Cases)))
PY
