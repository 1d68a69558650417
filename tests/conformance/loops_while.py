"""while loops: else, break, continue, while True, constant conditions."""


def countdown(n):
    while n:
        n -= 1
    else:
        n = "done"
    return n


def collatz(n):
    steps = 0
    while n != 1:
        if n % 2:
            n = 3 * n + 1
        else:
            n //= 2
        steps += 1
    return steps


def forever(limit):
    n = 0
    while True:
        n += 1
        if n < 3:
            continue
        if n >= limit: break
    return n


def returns():
    while 1:
        return "returned"


def multi(a, b):
    rounds = 0
    while (a > 0
           and b > 0
           or rounds == 0):
        a -= 1
        b -= 2
        rounds += 1
    return rounds


def dead():
    while 0:
        print("never")
    while False: print("never")
    else:
        print("else of a dead loop")
    while not 1:
        pass
    return "alive"


def inner_break(n):
    while n > 0:
        while True:
            n -= 1
            if n % 2: break
            if n < 0: return "negative"
        else:
            print("never")
        print("left", n)
    else:
        return "exhausted"


print(countdown(3), countdown(0), collatz(6), forever(5), returns())
print(multi(3, 9), multi(0, 0), dead())
print(inner_break(5), inner_break(1))
i = 3
while i: i -= 1
while i < 3: i += 1; print(i)
while i:
    i -= 1
    if i == 1: continue
    print("i", i)
