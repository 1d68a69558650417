#!/usr/bin/env bash
# Runs C tests with the whole library under a sanitizer of LLVM: `tools/sanitize.sh thread|address [NOUN [ARGUMENTS]]`.
#
# NOUN is a test of c-tests/, such as `fire`; without one, those that make sense under the sanitizer run.  The library is
# built into target/sanitize-*: half a minute after a change, some minutes the first time.  The sanitizers of a stable
# compiler are asked for by RUSTC_BOOTSTRAP; their runtime is the compiler's own, so that C programs may be compiled by any
# compiler.  (std is not instrumented: locks are parking_lot's, which are.)
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD kind=${1:?thread or address} target=$(rustc -vV | sed -n "s/^host: //p")
shift
case $kind in
  thread) flags=(-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer) runtime=tsan nouns=(stress fire callback thread interp) ;;
  address) flags=(-Zsanitizer=address) runtime=asan
    nouns=(error tool callback code thread hook fire order patching calculator interp value function frame reenter stress fuzz) ;;
  *) echo "usage: tools/sanitize.sh thread|address [NOUN [ARGUMENTS]]" >&2; exit 2 ;;
esac
export CARGO_TARGET_DIR=$root/target/sanitize-$kind
RUSTC_BOOTSTRAP=1 RUSTFLAGS="${flags[*]}" cargo build --locked --lib --target $target
library=$CARGO_TARGET_DIR/$target/debug/libexecmon.a
runtime=$(rustc --print sysroot)/lib/rustlib/$target/lib/librustc-stable_rt.$runtime.a

# A report is a failure; what the process keeps until it ends is no leak.
export TSAN_OPTIONS="halt_on_error=1:exitcode=66:suppressions=$root/tools/tsan.supp ${TSAN_OPTIONS:-}"
export ASAN_OPTIONS="detect_leaks=1:exitcode=66 ${ASAN_OPTIONS:-}"
export LSAN_OPTIONS="suppressions=$root/tools/lsan.supp:print_suppressions=0 ${LSAN_OPTIONS:-}"

run() {
  local noun=$1 program=$CARGO_TARGET_DIR/$1
  shift
  ${CC:-cc} -std=c99 -g -fsanitize="$kind" -Iinclude -Ic-tests -c "c-tests/$noun.c" -o "$program.o"
  ${CC:-cc} "$program.o" -Wl,--export-dynamic -Wl,--whole-archive "$runtime" -Wl,--no-whole-archive "$library" \
    -lpthread -lm -ldl -lrt -lgcc_s -o "$program"
  echo "== $noun under the $kind sanitizer"
  (cd c-tests && "$program" "$@")
}

if [ $# -gt 0 ]; then
  run "$@"
else
  for noun in "${nouns[@]}"; do run "$noun"; done
fi
