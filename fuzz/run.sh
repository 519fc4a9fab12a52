#!/usr/bin/env bash
# Fuzzes for a bounded time, on the stable toolchain, without cargo-fuzz.
# Usage: run.sh [SECONDS] [TARGET…]      (default: 60 s each, all targets)
# FUZZ_SEED=N repeats a walk; without it each run takes one of its own.
# Exit: 0 nothing found; otherwise the input that failed lies in fuzz/artifacts/TARGET.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=($(cd "$here/fuzz_targets" && ls -- *.rs | sed 's/\.rs$//'))
target=${CARGO_TARGET_DIR:-$here/target}

# What `cargo fuzz` passes, less the sanitizers: those need nightly, and there is no unsafe code here.
export RUSTFLAGS="${RUSTFLAGS:-} -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing"
triple=$(rustc -vV | sed -n 's/^host: //p')
(cd "$here" && CARGO_TARGET_DIR="$target" cargo build --release --quiet --target "$triple" $(printf -- '--bin %s ' "${targets[@]}"))
for name in "${targets[@]}"; do
  mkdir -p "$here/corpus/$name" "$here/artifacts/$name" "$target/corpus/$name"
  echo "fuzz $name for $seconds s"
  # Documents that are in the repository anyway are where the fuzzer starts from.
  seeds=("$here/corpus/$name") dictionary=()
  case $name in
    document)
      seeds+=("$here/../tests/foreign" "$here/../tests/conformance/asyncapi/documents" "$here/../examples/chat")
      dictionary=("-dict=$here/dictionaries/document.txt")
      ;;
    rust)
      seeds+=("$here/../tests/foreign" "$here/../tests/golden" "$here/../examples/chat")
      dictionary=("-dict=$here/dictionaries/document.txt")
      ;;
    typescript)
      seeds+=("$here/../ts-gen/tests/contracts" "$here/../tests/foreign" "$here/../tests/golden")
      dictionary=("-dict=$here/dictionaries/document.txt")
      ;;
  esac
  "$target/$triple/release/$name" "$target/corpus/$name" "${seeds[@]}" "${dictionary[@]}" \
    -seed="${FUZZ_SEED:-0}" -max_total_time="$seconds" -rss_limit_mb=1024 -timeout=5 -print_final_stats=1 \
    -artifact_prefix="$here/artifacts/$name/" 2>&1 | tail -12
done
