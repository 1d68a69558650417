"""Binary operators: reflection, NotImplemented, subclasses first, in-place forms."""
OPS = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@"]
NAMES = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and", "or", "xor", "matmul"]


def method(label, result=None):
    def f(self, other, *rest):
        if result is not None:
            return result
        return (label, type(self).__name__, type(other).__name__)

    return f


class Full:
    pass


class Refusing:
    pass


class Right:
    pass


for n in NAMES:
    setattr(Full, f"__{n}__", method(n))
    setattr(Full, f"__r{n}__", method("r" + n))
    setattr(Full, f"__i{n}__", method("i" + n))
    setattr(Refusing, f"__{n}__", method(n, NotImplemented))
    setattr(Refusing, f"__i{n}__", method(n, NotImplemented))
    setattr(Right, f"__r{n}__", method("r" + n))


class Sub(Full):
    pass


class Over(Full):
    pass


for n in NAMES:
    setattr(Over, f"__r{n}__", method("over r" + n))

for op in OPS[:4] + OPS[6:8] + OPS[-2:]:
    env = {"f": Full(), "r": Refusing(), "t": Right(), "s": Sub(), "o": Over()}
    for text in (f"f {op} 1", f"1 {op} f", f"r {op} t", f"f {op} s", f"f {op} o", f"o {op} f", f"r {op} 1", f"[] {op} t"):
        try:
            print(text, eval(text, env))
        except TypeError as e:
            print(text, e)
    for text in (f"f {op}= 1", f"r {op}= t", f"r {op}= 1"):
        scope = dict(env)
        try:
            exec(text, scope)
            print(text, scope["f"] if text[0] == "f" else scope["r"])
        except TypeError as e:
            print(text, e)


class Cmp:
    def __init__(self, answer):
        self.answer = answer

    def __lt__(self, other):
        return self.answer

    def __eq__(self, other):
        return self.answer

    __hash__ = None


print(Cmp(1) < 2, Cmp(NotImplemented) == 2, Cmp([]) == 1, 3 > Cmp("gt"), Cmp(0) != 1, not Cmp(NotImplemented) != Cmp(NotImplemented))
try:
    Cmp(NotImplemented) < Cmp(NotImplemented)
except TypeError as e:
    print(e)
try:
    hash(Cmp(1))
except TypeError as e:
    print(e)


class U:
    def __neg__(self):
        return "neg"

    def __pos__(self):
        return "pos"

    def __invert__(self):
        return "inv"

    def __abs__(self):
        return "abs"

    def __divmod__(self, o):
        return "dm"

    def __rdivmod__(self, o):
        return "rdm"

    def __pow__(self, o, m=None):
        return ("pow", o, m)

    def __round__(self, n=None):
        return ("round", n)


u = U()
print(-u, +u, ~u, abs(u), divmod(u, 1), divmod(1, u), pow(u, 2, 3), pow(u, 2), u**4, round(u), round(u, 2))
