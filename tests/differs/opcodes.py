"""The instructions are those of a register machine of our own.  No number is an opcode in the sense of CPython's module.

CPython 3.13 prints:
    True
    True True

execmon prints:
    False
    True True
"""

import _opcode


def f(a, b):
    return a + b


print(_opcode.is_valid(f.__code__.co_code[2]))
print(len(f.__code__.co_code) > 0, f.__code__.co_stacksize > 0)
