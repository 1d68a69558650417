#!/usr/bin/env python3
"""Compare two event traces by the rules of the trace format.

    compare.py [--context N] OURS THEIRS

THEIRS is a recording of CPython 3.13.  All events but INSTRUCTION, JUMP and
BRANCH must be equal one by one (the line of EXCEPTION_HANDLED and RERAISE is
not compared); the first difference is printed with the events around it.
JUMP and BRANCH (BRANCH_LEFT and BRANCH_RIGHT count as BRANCH) are a second
measure, reported as the share of them that can be aligned; it does not decide.

Exit status: 0 equal, 1 different, 2 a trace could not be read.
"""

import argparse
import json
import sys

import wording

JUMPS = ("JUMP", "BRANCH", "BRANCH_LEFT", "BRANCH_RIGHT")
WITHOUT_LINE = ("EXCEPTION_HANDLED", "RERAISE")


class BadTrace(Exception):
    """A line of a trace is not an event."""


def read_trace(path):
    """The events of a JSON Lines file, as dicts."""
    events = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                event = json.loads(line)
                events.append({"number": number, **event})
                event["event"], event["code"], event["line"]
            except (ValueError, TypeError, KeyError) as error:
                raise BadTrace(f"{path}:{number}: {error!r}: {line.rstrip()}") from None
    return events


def reworded(event, change):
    """`event` with its texts changed to the wording to compare by."""
    event = dict(event)
    if "exception" in event:
        exception = event["exception"]
        event["exception"] = {**exception, "message": change(exception["message"])}
    for key in ("value", "arg0"):
        if key in event:
            event[key] = change(event[key])
    return event


def comparable(event):
    """What of an event takes part in the comparison."""
    ignored = {"number", "offset"}
    if event["event"] in WITHOUT_LINE:
        ignored.add("line")
    return {key: value for key, value in event.items() if key not in ignored}


def split(events):
    """(plain events, jumps with BRANCH_LEFT and BRANCH_RIGHT as BRANCH)."""
    plain = [event for event in events if event["event"] not in (*JUMPS, "INSTRUCTION")]
    jumps = [
        (
            "JUMP" if event["event"] == "JUMP" else "BRANCH",
            event["code"], event["line"], event.get("to_line"),
        )
        for event in events if event["event"] in JUMPS
    ]
    return plain, jumps


def first_difference(ours, theirs):
    """Index of the first pair of plain events that differ, or None."""
    for index in range(max(len(ours), len(theirs))):
        if index >= len(ours) or index >= len(theirs):
            return index
        if comparable(ours[index]) != comparable(theirs[index]):
            return index
    return None


def edit_distance(left, right):
    """Insertions plus deletions that make `left` into `right` (Myers, O(ND))."""
    furthest = {1: 0}
    for distance in range(len(left) + len(right) + 1):
        for diagonal in range(-distance, distance + 1, 2):
            if diagonal == -distance or (
                diagonal != distance and furthest[diagonal - 1] < furthest[diagonal + 1]
            ):
                x = furthest[diagonal + 1]
            else:
                x = furthest[diagonal - 1] + 1
            y = x - diagonal
            while x < len(left) and y < len(right) and left[x] == right[y]:
                x += 1
                y += 1
            furthest[diagonal] = x
            if x >= len(left) and y >= len(right):
                return distance
    raise AssertionError("the last distance always reaches the end")


def aligned_share(left, right):
    """Percentage of the events of both sides that stand in a common subsequence."""
    total = len(left) + len(right)
    return 100.0 if total == 0 else 100.0 * (total - edit_distance(left, right)) / total


def show(event):
    """One event as a line of text."""
    more = " ".join(
        f"{key}={value}" for key, value in event.items()
        if key not in ("number", "event", "code", "line", "exception")
    )
    if "exception" in event:
        more = f"{event['exception']['type']}: {event['exception']['message']}"
    line = "-" if event["line"] is None else event["line"]
    return f"{event['number']:6} {line:>5} {event['event']:<18} {event['code']} {more}".rstrip()


def report_difference(ours, theirs, index, context, out):
    """Print what comes before, the pair that differs, and what comes after on each side."""
    print(f"first difference at plain event {index + 1}", file=out)
    for event in theirs[max(0, index - context):index]:
        print(f"  = {show(event)}", file=out)
    for mark, side in (("ours  ", ours), ("theirs", theirs)):
        if index >= len(side):
            print(f"{mark}: (end of trace)", file=out)
        for event in side[index:index + 1 + context]:
            print(f"{mark}: {show(event)}", file=out)


def compare(ours, theirs, context=5, out=sys.stdout):
    """Compare two lists of events, print the outcome, return whether they are equal."""
    our_plain, our_jumps = split([reworded(event, wording.of_ours) for event in ours])
    their_plain, their_jumps = split([reworded(event, wording.of_recording) for event in theirs])
    index = first_difference(our_plain, their_plain)
    if index is not None:
        report_difference(our_plain, their_plain, index, context, out)
    else:
        print(f"{len(our_plain)} events equal", file=out)
    share = aligned_share(our_jumps, their_jumps)
    print(f"JUMP/BRANCH: {share:.1f} % aligned ({len(our_jumps)} ours, {len(their_jumps)} theirs)", file=out)
    return index is None


def main():
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Compare two event traces.")
    parser.add_argument("--context", type=int, default=5, help="events to show around the difference")
    parser.add_argument("ours")
    parser.add_argument("theirs")
    options = parser.parse_args()
    try:
        ours, theirs = read_trace(options.ours), read_trace(options.theirs)
    except (OSError, BadTrace) as error:
        print(f"compare.py: {error}", file=sys.stderr)
        return 2
    return 0 if compare(ours, theirs, options.context) else 1


if __name__ == "__main__":
    sys.exit(main())
