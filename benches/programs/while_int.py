"""A while loop of integer arithmetic."""


def main():
    i = 0
    total = 0
    while i < 5_000_000:
        total = (total + i * 3) % 1_000_003
        i += 1
    return total


if __name__ == "__main__":
    print(main())
