"""Sorting instances by their own `__lt__`, by keys, and with errors."""


class Card:
    def __init__(self, rank, suit):
        self.rank = rank
        self.suit = suit

    def __lt__(self, other):
        return (self.rank, self.suit) < (other.rank, other.suit)

    def __repr__(self):
        return f"{self.rank}{self.suit}"


def hand(*names):
    return [Card(int(name[:-1]), name[-1]) for name in names]


print(sorted(hand("3a", "1b", "2c")))
print(sorted(hand("1a", "2b", "3c", "2a")))
print(sorted(hand("2a", "2a", "1a", "1b", "0c"), reverse=True))
print(sorted(hand("5a", "4a", "3a", "9a", "1a", "7b", "7a", "2c")))
print(min(hand("5a", "4a", "3b")), max(hand("5a", "4a", "3b")))

cards = hand("3a", "2b", "3c")
cards.sort(key=lambda card: -card.rank)
print(cards)
cards.append(None)
try:
    cards.sort()
except (AttributeError, TypeError) as error:
    print(error)
try:
    sorted([3, "a", 2.5])
except TypeError as error:
    print(error)
