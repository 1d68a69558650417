a = b = 1
a, b = b, a
a, b, c = c, b, a
(d, *e), f = g
a.b.c = 1
a[1] = a[1:2] = a[1:2:3] = 0
a += 1
a.b -= 2
a[b] *= 3
a[1:b] //= 4
(a
 .b) |= 5
del a, b.c, d[0], (e, f)
x: int = 1
y.z: int = 2
w: str
a[b:c], d = 1, 2
