#!/usr/bin/env python3
"""Tests of record.py and compare.py.  Needs CPython 3.12 or later; run by `cargo test --test conformance` too."""

import io
import json
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

import compare
import wording

RECORDER = Path(__file__).resolve().with_name("record.py")


class RecordTest(unittest.TestCase):
    """Runs record.py on a small script."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()

    def record(self, source, *options, arguments=()):
        script = self.folder / "script.py"
        script.write_text(textwrap.dedent(source))
        output = self.folder / "trace.jsonl"
        done = subprocess.run(
            [sys.executable, RECORDER, *options, "--output", output, script, *arguments],
            capture_output=True, text=True, timeout=60,
        )
        events = [json.loads(line) for line in output.read_text().splitlines()]
        return done, events

    def plain(self):
        return subprocess.run([sys.executable, self.folder / "script.py"], capture_output=True, text=True)

    def test_keys_stand_in_the_order_of_the_format(self):
        self.record("len([])\n")
        lines = (self.folder / "trace.jsonl").read_text().splitlines()
        self.assertEqual(lines[0], '{"event": "PY_START", "code": "<module>", "line": 1}')
        self.assertEqual(
            lines[2],
            '{"event": "CALL", "code": "<module>", "line": 1, "callable": "len", "arg0": "<list>"}',
        )

    def test_values_are_shown_by_exact_type_and_cut(self):
        _, events = self.record("""
            class Number(int): pass
            class Kind(type): pass
            def f(x): pass
            for x in (None, True, 1, 1.5, "a", b"b", Number(1), [], "y" * 78, "y" * 79, 10**5000):
                f(x)
        """, "--events", "CALL")
        shown = [e["arg0"] for e in events if e["callable"] == "f"]
        self.assertEqual(shown[:9], ["None", "True", "1", "1.5", "'a'", "b'b'", "<Number>", "<list>", repr("y" * 78)])
        self.assertEqual(shown[9], "'" + "y" * 76 + "...")
        self.assertEqual(shown[10], "1" + "0" * 76 + "...")

    def test_names_of_callables_run_no_code_of_the_script(self):
        done, events = self.record("""
            class Loud:
                def __getattribute__(self, name):
                    print("asked for", name)
                    return object.__getattribute__(self, name)
                def __call__(self): pass
            Loud()()
        """, "--events", "CALL")
        self.assertEqual(done.stdout, "")
        self.assertEqual([e["callable"] for e in events], ["__build_class__", "Loud", "<Loud>"])

    def test_objects_die_as_without_a_recorder(self):
        done, events = self.record("""
            def g(box):
                try:
                    yield box
                finally:
                    print("dies")
            x = g([1])
            next(x)
            del x
            print("after")
        """)
        self.assertEqual(done.stdout, "dies\nafter\n")
        names = [e["event"] for e in events if e["code"] == "g"]
        self.assertIn("PY_THROW", names)

    def test_exit_status_and_arguments_are_the_scripts(self):
        done, _ = self.record("import sys; print(sys.argv[1:], __name__); sys.exit(7)", arguments=["a", "--events"])
        self.assertEqual((done.returncode, done.stdout), (7, "['a', '--events'] __main__\n"))
        done, _ = self.record("import sys; sys.exit('text')")
        self.assertEqual((done.returncode, done.stderr), (1, "text\n"))

    def test_a_traceback_is_as_without_a_recorder(self):
        for source in ("def f():\n    1 / 0\nf()\n", "try:\n    [][0]\nfinally:\n    {}['k']\n", "x = (\n", "raise 5"):
            done, events = self.record(source)
            plain = self.plain()
            self.assertEqual((done.returncode, done.stderr), (plain.returncode, plain.stderr))
            if "x" not in source:
                self.assertEqual(events[-1]["event"], "PY_UNWIND")

    def test_only_the_asked_events_of_the_script_are_written(self):
        (self.folder / "other.py").write_text("def f():\n    return 1\n")
        _, events = self.record("import other\nother.f()\n", "--events", "LINE,PY_RETURN")
        self.assertEqual({e["event"] for e in events}, {"LINE", "PY_RETURN"})
        self.assertEqual({e["code"] for e in events}, {"<module>"})

    def test_an_unknown_option_or_event_is_refused(self):
        for options in (["--events", "LINES", "x.py"], ["--what", "x.py"], []):
            done = subprocess.run([sys.executable, RECORDER, *options], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2)
            self.assertIn("record.py:", done.stderr)


def event(name, line=1, **more):
    return {"number": 1, "event": name, "code": "f", "line": line, **more}


def raised(name, message, line=1):
    return event(name, line, exception={"type": "E", "message": message})


class CompareTest(unittest.TestCase):
    """The rules of the comparison; tests/trace_compare.rs has the same cases for the Rust side."""

    def outcome(self, ours, theirs):
        out = io.StringIO()
        return compare.compare(ours, theirs, out=out), out.getvalue()

    def test_equal_and_different(self):
        self.assertTrue(self.outcome([event("LINE")], [event("LINE")])[0])
        equal, text = self.outcome([event("LINE", 1), event("LINE", 2)], [event("LINE", 1), event("LINE", 3)])
        self.assertFalse(equal)
        self.assertIn("first difference at plain event 2", text)
        self.assertFalse(self.outcome([event("LINE")], [])[0])

    def test_line_of_handled_and_reraise_is_not_compared(self):
        for name in ("EXCEPTION_HANDLED", "RERAISE"):
            self.assertTrue(self.outcome([raised(name, "m", 1)], [raised(name, "m", None)])[0])
        self.assertFalse(self.outcome([raised("RAISE", "m", 1)], [raised("RAISE", "m", None)])[0])

    def test_jumps_do_not_decide_and_are_measured(self):
        equal, text = self.outcome([event("BRANCH_LEFT", to_line=2)], [event("BRANCH", to_line=2)])
        self.assertTrue(equal)
        self.assertIn("100.0 %", text)
        left, right = list("12934"), list("1234")
        self.assertAlmostEqual(compare.aligned_share(left, right), 800 / 9)
        self.assertEqual(compare.aligned_share([1, 2], [2, 1]), 50.0)
        self.assertEqual(compare.aligned_share([], []), 100.0)

    def test_wording(self):
        self.assertTrue(self.outcome([raised("RAISE", "division by zero")],
                                     [raised("RAISE", "integer modulo by zero")])[0])
        self.assertFalse(self.outcome([raised("RAISE", "integer modulo by zero")],
                                      [raised("RAISE", "division by zero")])[0])
        self.assertEqual(wording.of_ours("too many values to unpack (expected 2, got 13)!"),
                         "too many values to unpack (expected 2)!")
        self.assertEqual(wording.of_ours("cannot use 'a' as a set element (unhashable type: 'b') x"),
                         "unhashable type: 'b' x")
        kept = "not enough values to unpack (expected 2, got 1)"
        self.assertEqual(wording.of_ours(kept), kept)


if __name__ == "__main__":
    unittest.main()
