"""Sorting: the built-in sort with keys, and a quicksort in Python."""


def numbers(n, seed):
    result = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        result.append(seed >> 8)
    return result


def quicksort(items):
    if len(items) < 2:
        return items
    pivot = items[len(items) // 2]
    less = [x for x in items if x < pivot]
    same = [x for x in items if x == pivot]
    more = [x for x in items if x > pivot]
    return quicksort(less) + same + quicksort(more)


def main():
    items = numbers(60_000, 7)
    by_digits = sorted(items, key=lambda x: (x % 1000, x))
    texts = sorted(map(str, items), reverse=True)
    own = quicksort(items)
    items.sort()
    return own == items, by_digits[0], texts[0], sum(x * i for i, x in enumerate(own[:1000]))


if __name__ == "__main__":
    print(main())
