"""A large dict of str keys: built, counted up, looked up with hits and misses, thinned out, merged."""


def main():
    names = [f"{chr(97 + i % 26)}{i * 7919 % 100_003}" for i in range(60_000)]
    counts = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    for name in names[::2]:
        counts[name] += 2
    hits = misses = 0
    for i in range(0, 120_000, 2):
        if f"k{i}" in counts:
            hits += 1
        else:
            misses += 1
    by_first = {}
    for name, n in counts.items():
        by_first.setdefault(name[0], []).append(n)
    for name in names[:30_000]:
        counts.pop(name, None)
    merged = {**counts, **{name.upper(): len(name) for name in names[:10_000]}}
    keys = sorted(merged)
    return len(counts), hits, misses, sum(map(sum, by_first.values())), len(merged), keys[0], keys[-1]


if __name__ == "__main__":
    print(main())
