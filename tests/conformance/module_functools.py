"""_functools: partial, reduce, cmp_to_key, the wrapper of lru_cache."""
from _functools import _lru_cache_wrapper, cmp_to_key, partial, reduce


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)


class Show:
    def __repr__(self):
        return "show"

    def __call__(self, *args, **kwargs):
        return args, kwargs


show = Show()
p = partial(show, 1, key=2)
print(p, p(), p(3, key=4, other=5), p.func, p.args, p.keywords)
q = partial(p, 6, key=7)
print(q, q(8))
attempt(partial)
attempt(partial, 1)
print(reduce(lambda a, b: a * 10 + b, [1, 2, 3]), reduce(max, [], 5))
attempt(reduce, max, [])
attempt(reduce, max, 1)
key = cmp_to_key(lambda a, b: b - a)
print(sorted([2, 3, 1], key=key), key(1) < key(2), key(1) == key(1))
attempt(lambda: key(1) < 2)

calls = []


def square(x, scale=1):
    calls.append(x)
    return x * x * scale


def info(*args):
    return args


cached = _lru_cache_wrapper(square, 2, False, info)
print([cached(x) for x in (1, 2, 1, 3, 2)], calls, cached.cache_info())
print(cached(2, scale=3), cached(2, scale=3), cached.cache_info())
cached.cache_clear()
print(cached.cache_info())
typed = _lru_cache_wrapper(square, None, True, info)
print(typed(1), typed(1.0), typed(True), typed.cache_info())
attempt(cached, [])


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


fib = _lru_cache_wrapper(fib, None, False, info)
print(fib(15), fib.cache_info())
