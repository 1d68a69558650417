def f[T](x, y=1, *, z=2):
    return T


def h[T: (int, str) = int, *Ts = *tuple[int], **P = [int]](a=3):
    pass


class A[T](Base, metaclass=M):
    x = T

    def m[U](self):
        return T, U


type X = int
type Y[T] = list[T]
