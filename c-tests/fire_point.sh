#!/bin/sh
# An inline fire point where nothing is armed is one load, one test and one branch that is not taken, where the host has its
# view in a local variable, as execmon_fire.h says.
# usage: fire_point.sh INCLUDE_DIR
set -eu
include=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case $(uname -m) in x86_64) ;; *) echo "only for x86-64"; exit 77 ;; esac

cat >"$work/host.c" <<'END'
#include <execmon.h>
#define POINT(name, call)                                                                                          \
  execmon_status name(const execmon_view *of, execmon_thread *thread, uint32_t n, const void *value, execmon_error **error) { \
    const execmon_view view = *of;                                                                                 \
    (void)value;                                                                                                   \
    for (uint32_t at = 0; at < n; at++) {                                                                          \
      execmon_status status;                                                                                       \
      __asm__ volatile("# point begins");                                                                          \
      status = call;                                                                                               \
      if (__builtin_expect(status != EXECMON_OK, 0)) return status;                                                \
    }                                                                                                              \
    return EXECMON_OK;                                                                                             \
  }
POINT(line, execmon_fire_line(&view, thread, at, error))
POINT(begin, execmon_fire_begin(&view, thread, at, 1, error))
POINT(start, execmon_fire_start(&view, thread, at, error))
POINT(leave, execmon_fire_return(&view, thread, at, value, error))
POINT(left, execmon_fire_branch_left(&view, thread, at, error))
END
${CC:-cc} -O2 -I"$include" -S "$work/host.c" -o "$work/host.s"

# From the marker to the first conditional jump, which goes to the next point where the byte is 0, or falls through to it.
awk '
  /# point begins/ { inside = 1; loads = 0; count = 0; points++; next }
  inside && /^\t[a-z]/ {
    print
    count++
    if ($0 ~ /\(%r/) loads++
    if ($1 ~ /^j/) {
      inside = 0
      if (loads != 1 || count > 4 || $1 == "jmp") { print "^ " loads " loads in " count " instructions"; bad = 1 }
    }
  }
  END { if (points != 5) { print points " of 5 points were found"; bad = 1 } exit bad }
' "$work/host.s"
