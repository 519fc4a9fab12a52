#!/usr/bin/env bash
# Tests the runtime's own protocol layer with the Autobahn WebSocket testsuite: builds the echo
# example with compression, starts it on a free port, and lets the suite's client at it.
# Usage: run.sh [CASES]          (default: all 517; e.g. '1.*,7.9.*')
#   --quick   leaves out 9, 12 and 13 (large messages and compression): 15 s instead of 3 min
# Exit: 0 all OK, NON-STRICT counts as a failure; otherwise as suite.sh says.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
export AUTOBAHN_DIR=${AUTOBAHN_DIR:-$target/autobahn}

options=(--strict --require-deflate)
if [ "${1:-}" = --quick ]; then
  options+=(--exclude '9.*,12.*,13.*')
  shift
fi

# A finished set-up leaves the mark; half of one is begun again.
if [ ! -e "$AUTOBAHN_DIR/ready" ]; then
  [ ! -e "$AUTOBAHN_DIR" ] || rm -rf "$AUTOBAHN_DIR"
  mkdir -p "$target"
  "$here/setup.sh" "$AUTOBAHN_DIR"
  touch "$AUTOBAHN_DIR/ready"
fi

(cd "$root" && cargo build --release -p asyncapi-ws --features deflate --example echo)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
PORT=$port "$target/release/examples/echo" &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  sleep 0.05
done
"$here/suite.sh" "${options[@]}" --name asyncapi-ws "ws://127.0.0.1:$port" \
  "$target/autobahn-report" ${1:+"$1"}
