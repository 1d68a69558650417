"""Backtracking: the queens of a board of ten by ten, by lists of booleans and recursion."""


def place(row, n, columns, up, down):
    if row == n:
        return 1
    found = 0
    for column in range(n):
        if not columns[column] and not up[row + column] and not down[row - column + n]:
            columns[column] = up[row + column] = down[row - column + n] = True
            found += place(row + 1, n, columns, up, down)
            columns[column] = up[row + column] = down[row - column + n] = False
    return found


def solutions(n):
    return place(0, n, [False] * n, [False] * 2 * n, [False] * (2 * n + 1))


def main():
    return solutions(8), solutions(9), solutions(10)


if __name__ == "__main__":
    print(main())
