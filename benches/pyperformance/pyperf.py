"""What the programs of pyperformance use of `pyperf`, without its processes: runs each benchmark in this process.

Prints, for each, its name with what it returned (nothing for those that measure themselves), and to standard error the
nanoseconds of processor time of the runs behind one that warms up.
"""

import sys
import time
from time import perf_counter

RUNS = 3


class Arguments:
    """The defaults of the command line."""


class Parser:
    def __init__(self):
        self.defaults = {}

    def add_argument(self, *names, default=None, action=None, dest=None, nargs=None, **_):
        name = dest or max(names, key=len).lstrip("-").replace("-", "_")
        if action in ("store_true", "store_false"):
            default = action == "store_false"
        self.defaults[name] = default

    def add_argument_group(self, *_):
        return self

    add_mutually_exclusive_group = add_argument_group

    def set_defaults(self, **defaults):
        self.defaults.update(defaults)


class Runner:
    def __init__(self, **_):
        self.metadata = {}
        self.argparser = Parser()
        self.args = None

    def parse_args(self, *_):
        if self.args is None:
            self.args = Arguments()
            self.args.__dict__.update(self.argparser.defaults)
        return self.args

    def bench_func(self, name, function, *arguments, inner_loops=None, metadata=None):
        self._measure(name, lambda: function(*arguments))

    def bench_time_func(self, name, function, *arguments, inner_loops=None, metadata=None):
        def run():
            function(1, *arguments)

        self._measure(name, run)

    def bench_async_func(self, name, function, *arguments, **_):
        import asyncio

        self._measure(name, lambda: asyncio.run(function(*arguments)))

    def _measure(self, name, run):
        result = run()
        start = time.process_time_ns()
        for _ in range(RUNS):
            run()
        taken = time.process_time_ns() - start
        print(name, shown(result))
        print("nanoseconds", taken, file=sys.stderr)


def shown(value):
    """A value that reads the same under every interpreter; of others the type."""
    if value is None or isinstance(value, (bool, int, float, str, bytes)):
        text = repr(value)
        return text if len(text) < 200 else f"{text[:200]}... of {len(text)}"
    if isinstance(value, (tuple, list)):
        return f"{type(value).__name__} of {len(value)}: " + ", ".join(map(shown, value[:20]))
    return type(value).__name__
