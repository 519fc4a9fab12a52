#!/usr/bin/env bash
# Runs every test of this repository, and installs what they need first: Debian packages where a
# program is missing, npm packages, Python environments (in cargo's target folder).
#
#   tests/run.sh          everything that fits into a few minutes
#   tests/run.sh --long   also the whole Autobahn suite, every slip beside the official AsyncAPI tools, and
#                         ten times the fuzzing
#
# CORPUS_DIR names a folder of foreign documents (tests/README.md); without one the tests that read
# it say that they read nothing.
# Exit: 0 everything passed; otherwise the first step that did not is the last one named.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

case "${1:-}" in
  # The same walk each time: what it finds is in the change, and not in the dice.
  "") export FUZZ_SEED=1; autobahn=(--quick) verdicts=(--quick) fuzz_seconds=10 ;;
  --long) autobahn=() verdicts=() fuzz_seconds=100 ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

bold='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; fi
begun=$SECONDS
step() { printf '%s[%d:%02d] %s%s\n' "$bold" $(((SECONDS - begun) / 60)) $(((SECONDS - begun) % 60)) "$*" "$plain"; }

# The Debian packages of the programs that are not there.
install_programs() {
  local missing=()
  command -v cc >/dev/null || missing+=(build-essential)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    missing+=(python3 python3-venv)
  [ ${#missing[@]} -gt 0 ] || return 0
  step "install ${missing[*]}"
  local as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get update -qq && apt-get install -qq -y --no-install-recommends "$@" >/dev/null' -- "${missing[@]}"
}

install_programs

step "npm packages"
for project in $(git ls-files '*package-lock.json' | xargs -n1 dirname); do
  (cd "$project" && npm ci --silent --no-audit --no-fund)
done

step "the service before ours (FastWS)"
tests/fastws/setup.sh >/dev/null

step "cargo build"
cargo build --locked --workspace --bins

step "cargo test"
REQUIRE_NODE=1 cargo test --locked --workspace --quiet

step "verdicts beside the official tools"
(cd tests/conformance/asyncapi && npm test --silent -- "${verdicts[@]}")

step "the TypeScript runtime"
(cd ts-gen/runtime && npm run --silent lint && npm test --silent && npm run --silent compat && npm run --silent size)

step "Autobahn: the server"
tests/conformance/autobahn/run.sh "${autobahn[@]}"
step "Autobahn: the Rust client"
tests/conformance/autobahn/run.sh --client "${autobahn[@]}"

step "fuzz"
fuzz/run.sh "$fuzz_seconds"

step "everything passed"
