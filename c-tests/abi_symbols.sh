#!/bin/sh
# The symbols of both libraries equal those of the header, and the shared one has its SONAME.
# usage: abi_symbols.sh LIBRARY_DIR INCLUDE_DIR
set -eu
libraries=$1 include=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Declarations, not mentions in comments and not inline functions.
${CC:-cc} -E -P -I"$include" "$include/execmon.h" | tr '\n' ' ' | tr ';{}' '\n' | grep -v 'static inline' |
  sed -n 's/.*[ *]\(execmon_[a-z0-9_]*\)(.*/\1/p; s/.*extern const int \(EXECMON_[A-Z]*\) *$/\1/p' |
  grep -v '^execmon_fire_' | sort -u >"$work/header"

nm -D --defined-only "$libraries/libexecmon.so" | awk '{print $3}' | sort -u >"$work/shared"
# Not by nm: where LLVM's plugin for it is installed, it reads the bitcode that a release has beside the machine code.
readelf -sW "$libraries/libexecmon.a" 2>/dev/null | awk '$5 == "GLOBAL" && $7 != "UND" {print $8}' |
  grep -E '^(execmon_|EXECMON_)' | sort -u >"$work/static"

test "$(wc -l <"$work/header")" -gt 40 || { echo "too few declarations found in the header"; exit 1; }
status=0
for kind in shared static; do
  if ! diff -u "$work/header" "$work/$kind"; then
    echo "the header and the $kind library differ"
    status=1
  fi
done
readelf -d "$libraries/libexecmon.so" | grep -q 'SONAME.*\[libexecmon\.so\.0\]' || { echo "wrong SONAME"; status=1; }
exit $status
