"""Permutations in a list: swaps, reversals, slices."""


def fannkuch(n):
    permutation = list(range(n))
    count = [0] * n
    flips_most = checksum = 0
    rank = n
    turn = 0
    while True:
        while rank != 1:
            count[rank - 1] = rank
            rank -= 1
        if permutation[0] != 0:
            working = permutation[:]
            flips = 0
            first = working[0]
            while first:
                working[: first + 1] = working[first::-1]
                flips += 1
                first = working[0]
            flips_most = max(flips_most, flips)
            checksum += flips if turn % 2 == 0 else -flips
        while True:
            if rank == n:
                return checksum, flips_most
            first = permutation[0]
            for i in range(rank):
                permutation[i] = permutation[i + 1]
            permutation[rank] = first
            count[rank] -= 1
            if count[rank] > 0:
                break
            rank += 1
        turn += 1


def main():
    return fannkuch(9)


if __name__ == "__main__":
    print(main())
