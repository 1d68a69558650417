"""A module that the conformance programs import."""

CONSTANT = 17
_calls = 0


def double(x):
    global _calls
    _calls += 1
    return x * 2


def calls():
    return _calls


def apply(function, value):
    return function(value)


def generate(n):
    for i in range(n):
        yield i
