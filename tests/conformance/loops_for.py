"""for loops: else, break, continue, nesting, targets, one-line suites."""


def search(items, wanted):
    for index, item in enumerate(items):
        if item == wanted:
            result = index
            break
    else:
        result = -1
    return result


def skip(items):
    out = []
    for x in items:
        if x == 1:
            continue
        if x == 2:
            pass
        elif x == 3:
            out.append("three")
            continue
        else:
            break
        out.append(x)
    else:
        out.append("else")
    return out


def nested():
    pairs = []
    for i in range(3):
        for j in range(3):
            if j > i:
                break
            if i == 2:
                continue
            pairs.append((i, j))
        else:
            pairs.append("full")
    return pairs


def find_pair():
    for i in range(3):
        for j in range(3):
            if i * j == 2:
                return i, j


print(search("abc", "c"), search("abc", "z"), search([], 1))
print(skip([1, 2, 3]), skip([2, 4, 5]), skip([]))
print(nested(), find_pair())
for i in (1, 2): pass
for i in (1, 2): print(i); print(-i)
for (a, b), *rest in [((1, 2), 3, 4), ((5, 6),)]:
    print(a, b, rest)
target = {}
for target["key"] in range(2):
    print(target)
for line in (
    "one",
    "two",
):
    print(
        line
    )
for empty in ():
    print("never")
else:
    print("empty")
for ch in "é𝄞": print(ch)
for k in {"x": 1, "y": 2}: print(k)
for k, v in sorted({"b": 1, "a": 2}.items()): print(k, v)
