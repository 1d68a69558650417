"""Counting words: split, strip, lower, dict of counts, sorting by count."""

TEXT = """It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness,
it was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of
Darkness, it was the spring of hope, it was the winter of despair. """


def main():
    counts = {}
    for i in range(3000):
        for word in (TEXT + f"and chapter {i} is over").split():
            word = word.strip(".,").lower()
            counts[word] = counts.get(word, 0) + 1
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    longest = {}
    for word in counts:
        longest.setdefault(len(word), []).append(word)
    return best[:5], len(counts), sorted((n, len(ws)) for n, ws in longest.items())


if __name__ == "__main__":
    print(main())
