"""sys.exit with a text goes to standard error, with status 1."""

import sys


def main():
    for i in range(3):
        if i == 2:
            sys.exit(f"stopped at {i}")
        print(i)


main()
