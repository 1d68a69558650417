"""The n queens by backtracking generators, and a Sudoku-like exact cover."""


def queens(n, placed=()):
    row = len(placed)
    if row == n:
        yield placed
        return
    for column in range(n):
        if all(
            column != c
            and abs(column - c) != row - r
            for r, c in enumerate(placed)
        ):
            yield from queens(n, placed + (column,))


def board(solution):
    n = len(solution)
    return "\n".join(
        "".join("Q" if solution[r] == c else "." for c in range(n))
        for r in range(n)
    )


def subsets(items, total, chosen=()):
    """Ways to make a sum, iteratively, with an explicit stack."""
    stack = [(0, total, chosen)]
    while stack:
        index, left, chosen = stack.pop()
        if left == 0:
            yield chosen
            continue
        if index == len(items) or left < 0:
            continue
        stack.append((index + 1, left, chosen))
        stack.append((index + 1, left - items[index], (*chosen, items[index])))


def latin(n):
    grid = [[None] * n for _ in range(n)]

    def fits(r, c, v):
        return v not in grid[r] and all(grid[k][c] != v for k in range(r))

    def fill(cell):
        if cell == n * n:
            return True
        r, c = divmod(cell, n)
        for v in range(n):
            if fits(r, c, v):
                grid[r][c] = v
                if fill(cell + 1):
                    return True
                grid[r][c] = None
        return False

    return grid if fill(0) else None


first = next(queens(4))
print(board(first))
print(list(queens(3)))
print(list(subsets([1, 2, 3], 3)))
print(latin(2))
