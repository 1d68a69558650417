"""A matrix class: arithmetic, indexing, determinant, Gauss elimination, text."""


class ShapeError(ValueError):
    pass


class Matrix:
    def __init__(self, rows):
        self.rows = [list(row) for row in rows]
        widths = {len(row) for row in self.rows}
        if len(widths) != 1:
            raise ShapeError("rows differ in length")

    @classmethod
    def identity(cls, n):
        return cls([[1 if i == j else 0
                     for j in range(n)]
                    for i in range(n)])

    @property
    def shape(self):
        return len(self.rows), len(self.rows[0])

    @property
    def T(self):
        return Matrix(zip(*self.rows))

    def __getitem__(self, key):
        i, j = key
        return self.rows[i][j]

    def __setitem__(self, key, value):
        i, j = key
        self.rows[i][j] = value

    def __eq__(self, other):
        return isinstance(other, Matrix) and self.rows == other.rows

    def __add__(self, other):
        if self.shape != other.shape:
            raise ShapeError(
                f"{self.shape} + {other.shape}"
            )
        return Matrix([
            [a + b for a, b in zip(r, s)]
            for r, s in zip(self.rows, other.rows)
        ])

    def __mul__(self, k):
        return Matrix([[a * k for a in row] for row in self.rows])

    def __matmul__(self, other):
        if self.shape[1] != other.shape[0]:
            raise ShapeError(f"{self.shape} @ {other.shape}")
        columns = other.T.rows
        return Matrix([[sum(a * b for a, b in zip(row, column)) for column in columns]
                       for row in self.rows])

    def __pow__(self, n):
        result, base = Matrix.identity(self.shape[0]), self
        while n:
            if n & 1:
                result = result @ base
            base = base @ base
            n >>= 1
        return result

    def determinant(self):
        rows, sign, result = [row[:] for row in self.rows], 1, 1
        n = len(rows)
        for i in range(n):
            for k in range(i, n):
                if rows[k][i] != 0:
                    break
            else:
                return 0
            if k != i:
                rows[i], rows[k] = rows[k], rows[i]
                sign = -sign
            result *= rows[i][i]
            for k in range(i + 1, n):
                factor = rows[k][i] / rows[i][i]
                for j in range(i, n):
                    rows[k][j] -= factor * rows[i][j]
        return sign * result

    def __str__(self):
        return "\n".join(
            " ".join(f"{value:>4}" for value in row)
            for row in self.rows
        )


a = Matrix([[1, 2], [3, 4]])
b = Matrix.identity(2)
b[0, 1] = 5
print(a + b, a @ b, a.T, sep="\n--\n")
print(a.shape, a == Matrix([(1, 2), (3, 4)]), a != b, a[1, -1])
print((Matrix([[1, 1], [1, 0]]) ** 10)[0, 1], a.determinant(), (a * 2).determinant())
print(Matrix([[0, 2], [3, 0]]).determinant(), Matrix([[1, 2], [2, 4]]).determinant())
for action in (lambda: a + Matrix([[1]]), lambda: a @ Matrix([[1, 2]]), lambda: Matrix([[1], [1, 2]])):
    try:
        action()
    except ShapeError as error:
        print(type(error).__name__, error)
