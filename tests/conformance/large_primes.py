"""Prime numbers with generators: a sieve of filters, wheels, factorization."""


def count_from(n, step=1):
    while True:
        yield n
        n += step


def sift(source, prime):
    for n in source:
        if n % prime:
            yield n


def filtered_primes():
    source = count_from(2)
    while True:
        prime = next(source)
        yield prime
        source = sift(source, prime)


def take(n, source):
    for _, item in zip(range(n), source):
        yield item


def incremental():
    composites = {}
    for n in count_from(2):
        if n not in composites:
            yield n
            composites[n * n] = [n]
        else:
            for prime in composites.pop(n):
                composites.setdefault(n + prime, []).append(prime)


def sieve(limit):
    flags = [True] * (limit + 1)
    flags[0:2] = [False, False]
    for i in range(2, int(limit ** 0.5) + 1):
        if flags[i]:
            flags[i * i::i] = [False] * len(range(i * i, limit + 1, i))
    return [i for i, flag in enumerate(flags) if flag]


def factors(n):
    if n < 1:
        raise ValueError(f"no factors of {n}")
    for p in incremental():
        if p * p > n:
            break
        while n % p == 0:
            yield p
            n //= p
    if n > 1:
        yield n


def is_prime(n):
    return n > 1 and all(n % d for d in range(2, int(n ** 0.5) + 1))


def pairs(primes):
    previous = None
    for p in primes:
        if previous and p - previous == 2:
            yield previous, p
        previous = p


print(list(take(5, filtered_primes())))
print(list(take(8, incremental())))
print(sieve(30), sieve(12) == [n for n in range(13) if is_prime(n)])
for n in (60, 29, 1):
    print(n, list(factors(n)))
try:
    list(factors(0))
except ValueError as error:
    print(error)
print(list(pairs(sieve(14))))
primes = incremental()
print(next(p for p in primes if p > 20), next(primes))
