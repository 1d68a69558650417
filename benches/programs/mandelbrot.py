"""Floats and complex numbers in nested loops: the Mandelbrot set, counted."""


def by_floats(size, limit):
    inside = total = 0
    for row in range(size):
        ci = 2.0 * row / size - 1.0
        for column in range(size):
            cr = 2.0 * column / size - 1.5
            zr = zi = 0.0
            for n in range(limit):
                zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
                if zr * zr + zi * zi > 4.0:
                    total += n
                    break
            else:
                inside += 1
    return inside, total


def by_complex(size, limit):
    inside = 0
    for row in range(size):
        for column in range(size):
            c = complex(2.0 * column / size - 1.5, 2.0 * row / size - 1.0)
            z = 0j
            for _ in range(limit):
                z = z * z + c
                if abs(z) > 2.0:
                    break
            else:
                inside += 1
    return inside


def main():
    return by_floats(160, 60), by_complex(90, 50)


if __name__ == "__main__":
    print(main())
