"""Raising, catching, finally and with."""


class Rejected(ValueError):
    def __init__(self, number):
        super().__init__(f"rejected {number}")
        self.number = number


class Guard:
    def __init__(self, log):
        self.log = log

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.log[0] += 1
        return kind is KeyError


def check(n):
    if n % 3 == 0:
        raise Rejected(n)
    return n


def main():
    total = 0
    log = [0]
    for i in range(150_000):
        try:
            total += check(i)
        except Rejected as error:
            total -= error.number
        finally:
            total += 1
        with Guard(log):
            if i % 5 == 0:
                raise KeyError(i)
            total += 2
    return total, log[0]


if __name__ == "__main__":
    print(main())
