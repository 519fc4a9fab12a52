#!/usr/bin/env bash
# Tests the runtime's own protocol layer with the Autobahn WebSocket testsuite: builds the echo
# example with compression, starts it on a free port, and lets the suite's client at it. With
# --client it is the client's echo example, and the suite's server.
# Usage: run.sh [--client] [--quick] [CASES]      (default: all 517; e.g. '1.*,7.9.*')
#   --quick   leaves out 9, 12 and 13 (large messages and compression): 15 s instead of some min
# Exit: 0 all OK, NON-STRICT counts as a failure; otherwise as suite.sh says.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
export AUTOBAHN_DIR=${AUTOBAHN_DIR:-$target/autobahn}

options=(--strict --require-deflate) tested=server
while [[ ${1:-} == --* ]]; do
  case $1 in
    --client) tested=client ;;
    --quick) options+=(--exclude '9.*,12.*,13.*') ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
  shift
done

# A finished set-up leaves the mark; half of one is begun again.
if [ ! -e "$AUTOBAHN_DIR/ready" ]; then
  [ ! -e "$AUTOBAHN_DIR" ] || rm -rf "$AUTOBAHN_DIR"
  mkdir -p "$target"
  "$here/setup.sh" "$AUTOBAHN_DIR"
  touch "$AUTOBAHN_DIR/ready"
fi

# Both at once: the second of two builds with other features would build the crate again.
(cd "$root" && cargo build --release -p asyncapi-ws --features client,deflate --example echo --example echo_client)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
if [ "$tested" = client ]; then
  options+=(--client "$target/release/examples/echo_client" --name asyncapi-ws-client)
  report=$target/autobahn-report-client
else
  PORT=$port "$target/release/examples/echo" &
  server=$!
  trap 'kill "$server" 2>/dev/null || true' EXIT
  for _ in $(seq 100); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.05
  done
  options+=(--name asyncapi-ws)
  report=$target/autobahn-report
fi
"$here/suite.sh" "${options[@]}" "ws://127.0.0.1:$port" "$report" ${1:+"$1"}
