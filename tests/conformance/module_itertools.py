"""itertools: every iterator, their errors, and how they end."""
from itertools import (accumulate, batched, chain, combinations, combinations_with_replacement, compress, count, cycle,
                       dropwhile, filterfalse, groupby, islice, pairwise, permutations, product, repeat, starmap,
                       takewhile, tee, zip_longest)


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)


def odd(x):
    return x % 2


print(list(islice(count(3, 4), 4)), count(2), count(2, 5), count(1.5))
print(list(islice(cycle("ab"), 5)), list(cycle("")), list(repeat("x", 3)), repeat(1, 2))
print(list(accumulate([1, 2, 3, 4])), list(accumulate([3, 1, 2], max, initial=2)))
print(list(batched("abcdefg", 3)))
print(list(chain("ab", [1])), list(chain.from_iterable([(1, 2), (3,)])))
print(list(compress("abcd", [1, 0, 1])), list(filterfalse(odd, range(6))), list(filterfalse(None, [0, 1, ""])))
print(list(dropwhile(odd, [1, 3, 4, 5])), list(takewhile(odd, [1, 3, 4, 5])))
print([(k, list(g)) for k, g in groupby("aabbbc")], [(k, list(g)) for k, g in groupby([1, 3, 2, 4], odd)])
groups = groupby([1, 1, 2])
_, first = next(groups)
_, second = next(groups)
print(list(first), list(second))
source = iter(range(10))
print(list(islice(source, 2, 8, 3)), list(source))
source = iter(range(10))
print(list(islice(source, 5, 3)), list(source))
print(list(pairwise("abc")), list(starmap(pow, [(2, 3), (3, 2)])))
print(list(combinations("abcd", 2)), list(combinations("ab", 3)))
print(list(combinations_with_replacement("ab", 2)), list(permutations("abc", 2)), len(list(permutations(range(5)))))
print(list(product("ab", repeat=2)), list(product("ab", [])), list(product()))
print(list(product(repeat=2**62)), list(product([1, 2], "abc", repeat=2))[5:20], len(next(product("a", repeat=9999))))
print(list(zip_longest("abc", [1], fillvalue="-")), list(zip_longest()))
left, right = tee(iter("abc"))
print(next(left), next(left), list(right), list(left))
attempt(count, "x")
attempt(islice, [], -1)
attempt(islice, [], 0, 1, 0)
attempt(islice, [])
attempt(batched, "ab", 0)
attempt(lambda: list(batched("abc", 2, strict=True)))
attempt(combinations, "ab", -1)
attempt(permutations, "ab", 1.5)
attempt(product, "ab", repeat=-1)
attempt(chain, 1, x=2)
attempt(lambda: list(chain(1)))
attempt(accumulate)
attempt(tee, [], -1)
attempt(repeat, 1, 2, 3)
attempt(takewhile, odd)
