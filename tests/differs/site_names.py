"""The module `site` is not run, which adds `help` and the texts about CPython's history; `exit` and `quit` are built in.

CPython 3.13 prints:
    ['copyright', 'credits', 'exit', 'help', 'license', 'quit']

execmon prints:
    ['exit', 'quit']
"""

import builtins

print([name for name in ('copyright', 'credits', 'exit', 'help', 'license', 'quit') if hasattr(builtins, name)])
