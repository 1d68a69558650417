"""_random: the Mersenne Twister, by seeds of every kind."""
from _random import Random


def attempt(f, *args):
    try:
        print(f(*args))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)


for seed in (0, 1, -1, 2**32, 2**100 + 12345, 2.5, (1, 2)):
    r = Random(seed)
    print([r.random() for _ in range(3)], r.getrandbits(1), r.getrandbits(32), r.getrandbits(100))
r = Random(42)
state = r.getstate()
first = [r.random() for _ in range(320)]
r.setstate(state)
print(first == [r.random() for _ in range(320)], len(state), state[:2], state[-1])
r.seed(42)
print(r.random() == first[0], sum(first))


class Loaded(Random):
    def random(self):
        return 6


print(Loaded(1).random(), Loaded(1).getrandbits(8))
attempt(r.getrandbits, -1)
attempt(r.getrandbits, 0)
attempt(r.setstate, 1)
attempt(r.setstate, (1,))
attempt(Random, [])
