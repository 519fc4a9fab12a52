#!/usr/bin/env bash
# Tests the WebSocket echo server at URL with the Autobahn testsuite, or an echo client with its server at URL.
# Usage: suite.sh [options] URL OUTDIR [CASES]
#   --client PROGRAM tests a client: PROGRAM URL NAME runs all cases and asks for the reports
#   CASES            comma list of ids or patterns, default * (e.g. '1.*,7.9.*')
#   --exclude LIST   ids or patterns to leave out (e.g. '9.*,12.*,13.*')
#   --strict         NON-STRICT and FAILED BY CLIENT fail, too
#   --require-deflate  UNIMPLEMENTED (sections 12 and 13) fails
#   --max-seconds N  bound on the whole run, default 3600
#   --case-seconds N bound on a case, default 0: the suite's own (up to 1000 s)
#   --name NAME      name in the reports, default "server"
#   --venv DIR       where setup.sh installed, default $AUTOBAHN_DIR or target/autobahn
# Exit: 0 passed, 1 a case failed, 2 wrong call or no server, 3 run not whole.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${AUTOBAHN_DIR:-$here/../../../target/autobahn}
driver=() summary=() args=() max=3600 client="" name=server

usage() { sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --strict|--require-deflate) summary+=("$1") ;;
    --name) [ $# -gt 1 ] || usage; name=$2; shift ;;
    --client) [ $# -gt 1 ] || usage; client=$2; shift ;;
    --exclude|--case-seconds|--seed) [ $# -gt 1 ] || usage; driver+=("$1" "$2"); shift ;;
    --max-seconds) [ $# -gt 1 ] || usage; max=$2; shift ;;
    --venv) [ $# -gt 1 ] || usage; venv=$2; shift ;;
    -*) usage ;;
    *) args+=("$1") ;;
  esac
  shift
done
[ ${#args[@]} -ge 2 ] && [ ${#args[@]} -le 3 ] || usage
url=${args[0]} out=${args[1]} cases=${args[2]:-*}
python=$venv/bin/python
[ -x "$python" ] || { echo "suite.sh: nothing in $venv; run setup.sh first" >&2; exit 2; }

[ -n "$client" ] || "$python" - "$url" <<'PY' || { echo "suite.sh: no server at $url" >&2; exit 2; }
import socket, sys
from urllib.parse import urlsplit
u = urlsplit(sys.argv[1])
if u.scheme not in ("ws", "wss") or not u.hostname:
    sys.exit("not a WebSocket URL")
try:
    socket.create_connection((u.hostname, u.port or (443 if u.scheme == "wss" else 80)), 5).close()
except OSError as e:
    sys.exit(str(e))
PY

mkdir -p "$out"
rm -f "$out"/*.json "$out"/*.html
start=$(date +%s)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done' EXIT
# the bound of the driver comes first; timeout is for one that hangs
timeout --signal=TERM --kill-after=10 "$((max + 60))" \
  "$python" "$here/driver.py" "$url" "$out" --cases "$cases" --max-seconds "$max" --name "$name" \
  ${client:+--serve} ${driver[@]+"${driver[@]}"} > "$out/driver.log" 2>&1 &
pids=($!)
if [ -n "$client" ]; then
  address=${url#*://} address=${address%%/*}
  for _ in $(seq 600); do
    (exec 3<>"/dev/tcp/${address%:*}/${address##*:}") 2>/dev/null && break
    kill -0 "${pids[0]}" 2>/dev/null || break
    sleep 0.05
  done
  timeout --signal=TERM --kill-after=10 "$max" "$client" "$url" "$name" &
  pids+=($!)
  # nobody else tells the server to end
  wait "${pids[1]}" || { echo "suite.sh: client ended with $?" >&2; exit 3; }
fi
wait "${pids[0]}" || echo "suite.sh: driver ended with $?, see $out/driver.log" >&2
trap - EXIT
echo "$url: $(( $(date +%s) - start )) s, reports in $out"
"$python" "$here/summary.py" "$out" ${summary[@]+"${summary[@]}"}
