"""Compiles expression trees to stack code and runs it on a small machine."""


class Expr:
    def __add__(self, other):
        return Binary("add", self, wrap(other))

    def __radd__(self, other):
        return Binary("add", wrap(other), self)

    def __mul__(self, other):
        return Binary("mul", self, wrap(other))

    def __sub__(self, other):
        return Binary("sub", self, wrap(other))

    def __floordiv__(self, other):
        return Binary("div", self, wrap(other))

    def fold(self):
        return self


class Const(Expr):
    def __init__(self, value):
        self.value = value

    def emit(self):
        yield "push", self.value

    def __repr__(self):
        return repr(self.value)


class Var(Expr):
    def __init__(self, name):
        self.name = name

    def emit(self):
        yield "load", self.name

    def __repr__(self):
        return self.name


class Binary(Expr):
    SIGNS = {"add": "+", "mul": "*", "sub": "-", "div": "//"}

    def __init__(self, op, left, right):
        self.op, self.left, self.right = op, left, right

    def emit(self):
        yield from self.left.emit()
        yield from self.right.emit()
        yield self.op, None

    def fold(self):
        left, right = self.left.fold(), self.right.fold()
        if isinstance(left, Const) and isinstance(right, Const):
            try:
                return Const(OPERATIONS[self.op](left.value, right.value))
            except ZeroDivisionError:
                pass
        elif isinstance(right, Const) and (
            right.value == 1 and self.op in ("mul", "div")
            or right.value == 0 and self.op in ("add", "sub")
        ):
            return left
        return Binary(self.op, left, right)

    def __repr__(self):
        return f"({self.left!r} {self.SIGNS[self.op]} {self.right!r})"


OPERATIONS = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "sub": lambda a, b: a - b,
    "div": lambda a, b: a // b,
}


def wrap(value):
    return value if isinstance(value, Expr) else Const(value)


class Machine:
    def __init__(self, **variables):
        self.variables = variables

    def run(self, code):
        stack = []
        for op, operand in code:
            if op == "push":
                stack.append(operand)
            elif op == "load":
                try:
                    stack.append(self.variables[operand])
                except KeyError as error:
                    raise NameError(f"no variable {error}") from error
            else:
                right, left = stack.pop(), stack.pop()
                stack.append(OPERATIONS[op](left, right))
        result, = stack
        return result


x, y = Var("x"), Var("y")
machine = Machine(x=7, y=0)
for tree in (x + 1, 2 + x * 3, (x + 0) * 1 - wrap(4) * 5, x // y, x + Var("z"), wrap(1) // 0):
    folded = tree.fold()
    print(tree, "=>", folded, list(folded.emit()))
    try:
        print("   ", machine.run(folded.emit()))
    except ZeroDivisionError:
        print("    division")
    except NameError as error:
        print("   ", error, repr(error.__cause__))
