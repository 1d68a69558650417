"""A while loop of float arithmetic: the logistic map and a running mean."""


def main():
    x = 0.3
    mean = 0.0
    n = 0.0
    while n < 3_000_000.0:
        x = 3.7 * x * (1.0 - x)
        n = n + 1.0
        mean = mean + (x - mean) / n
    return mean


if __name__ == "__main__":
    print(repr(main()))
