#!/usr/bin/env bash
# Compares the protocol layers that the runtime could stand on; prints a Markdown table.
# Usage: run.sh [NAME…]     (tungstenite fastwebsockets yawc sockudo ours)
# About 15 min for all, most of it Autobahn; COUNT (10000) connections for the memory figures.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$here/target}
export AUTOBAHN_DIR=${AUTOBAHN_DIR:-$CARGO_TARGET_DIR/autobahn}
count=${COUNT:-10000}
names=("$@")
[ ${#names[@]} -gt 0 ] || names=(tungstenite fastwebsockets yawc sockudo ours)

[ -e "$AUTOBAHN_DIR/bin/python" ] || "$root/tests/conformance/autobahn/setup.sh" "$AUTOBAHN_DIR" >&2
(cd "$here" && cargo build --release --quiet)

server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT
start() { # NAME: sets server and port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  "$CARGO_TARGET_DIR/release/$1" "$port" 2>/dev/null &
  server=$!
  for _ in $(seq 100); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.05
  done
}
stop() { kill "$server"; wait "$server" 2>/dev/null || true; server=; }
failing() { # REPORT: failing cases of a summary, or the verdict
  python3 - "$1" <<'PY'
import json, sys
s = json.load(open(sys.argv[1] + "/summary.json"))
b = s["behavior"]
text = "%d OK" % b.get("OK", 0)
for name in ("NON-STRICT", "UNIMPLEMENTED"):
    if b.get(name):
        text += ", %d %s" % (b[name], name)
if s["failing"]:
    text += ", **%d failing**: %s" % (len(s["failing"]), " ".join(s["failing"][:6]))
    text += " …" if len(s["failing"]) > 6 else ""
if s["missing"]:
    text += ", %d not run" % len(s["missing"])
print(text)
PY
}

echo "| layer | RSS per idle connection, KiB | the same, compression used | Autobahn 1–7, 9, 10 (301) | Autobahn 12, 13 (216) | packages | lines |"
echo "| --- | --- | --- | --- | --- | --- | --- |"
for name in "${names[@]}"; do
  start "$name"; plain=$(python3 "$here/memory.py" "$server" "$port" "$count" || echo "–"); stop
  start "$name"; deflated=$(python3 "$here/memory.py" "$server" "$port" "$count" --deflate || echo "–"); stop
  start "$name"
  for part in base deflate; do
    report=$CARGO_TARGET_DIR/report-$name-$part
    if [ $part = base ]; then cases='1.*,2.*,3.*,4.*,5.*,6.*,7.*,9.*,10.*'; else cases='12.*,13.*'; fi
    "$root/tests/conformance/autobahn/suite.sh" --case-seconds 30 --max-seconds 900 \
      --name "$name" "ws://127.0.0.1:$port" "$report" "$cases" >&2 || true
  done
  stop
  case $name in
    tungstenite) package=tokio-tungstenite folders="tungstenite-0.30.0 tokio-tungstenite-0.30.0" ;;
    fastwebsockets) package=fastwebsockets folders=fastwebsockets-0.10.0 ;;
    yawc) package=yawc folders=yawc-0.5.0 ;;
    sockudo) package=sockudo-ws folders=sockudo-ws-3.1.0 ;;
    ours) package=asyncapi-ws folders= ;;
  esac
  packages=$(cd "$here" && cargo tree -p $package -e normal --prefix none | sort -u | wc -l)
  if [ -n "$folders" ]; then
    paths=$(for folder in $folders; do echo "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/"$folder"/src; done)
  else
    paths="$root/runtime/src/frame $root/runtime/src/deflate"
  fi
  lines=$(find $paths -name '*.rs' -exec cat {} + | grep -cvE '^\s*(//|$)')
  echo "| $name | $plain | $deflated | $(failing "$CARGO_TARGET_DIR/report-$name-base") | $(failing "$CARGO_TARGET_DIR/report-$name-deflate") | $packages | $lines |"
done
