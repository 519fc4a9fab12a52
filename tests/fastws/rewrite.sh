#!/bin/sh
# Writes anew what is kept of the reference peer: its AsyncAPI document (asyncapi.json) and the tables
# in BEHAVIOUR.md. Look at the difference before you commit it: the peer is pinned, so a change here
# means that a scenario or app.py changed.
set -eu
cd "$(dirname -- "$0")"
venv=$(./setup.sh)
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" app.py --asyncapi >asyncapi.json
REWRITE_OBSERVED=1 cargo test --quiet --package tests --test peer fastws_does_what_is_written_down
