"""An algebra system whose rules are match statements: parser, simplifier, derivatives, printer."""


class Node:
    __match_args__ = ()

    def __init__(self, *parts):
        for name, part in zip(self.__match_args__, parts, strict=True):
            setattr(self, name, part)

    def __eq__(self, other):
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, n) == getattr(other, n) for n in self.__match_args__)

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(repr(getattr(self, n)) for n in self.__match_args__)})"


class Number(Node):
    __match_args__ = ("value",)


class Name(Node):
    __match_args__ = ("id",)


class Binary(Node):
    __match_args__ = ("op", "left", "right")


class Call(Node):
    __match_args__ = ("function", "args")


class ParseError(Exception):
    pass


def tokens(text):
    i = 0
    while i < len(text):
        match text[i]:
            case " ":
                i += 1
            case "(" | ")" | "+" | "-" | "*" | "/" | "^" | "," as symbol:
                yield symbol, symbol
                i += 1
            case c if c.isdigit():
                start = i
                while i < len(text) and text[i].isdigit():
                    i += 1
                yield "number", int(text[start:i])
            case c if c.isalpha():
                start = i
                while i < len(text) and text[i].isalpha():
                    i += 1
                yield "name", text[start:i]
            case c:
                raise ParseError(f"unexpected {c!r} at {i}")
    yield "end", None


class Parser:
    levels = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}

    def __init__(self, text):
        self.tokens = list(tokens(text))

    def take(self):
        return self.tokens.pop(0)

    def parse(self):
        node = self.binary(0)
        match self.tokens:
            case [("end", _)]:
                return node
            case [(kind, value), *_]:
                raise ParseError(f"left over: {kind} {value!r}")

    def binary(self, least):
        left = self.atom()
        while True:
            match self.tokens:
                case [(op, _), *_] if self.levels.get(op, -1) >= least and op in self.levels:
                    self.take()
                    level = self.levels[op]
                    left = Binary(op, left, self.binary(level if op == "^" else level + 1))
                case _:
                    return left

    def atom(self):
        match self.take():
            case "number", value:
                return Number(value)
            case "name", id:
                match self.tokens:
                    case [("(", _), *_]:
                        self.take()
                        return Call(id, tuple(self.arguments()))
                return Name(id)
            case "(", _:
                node = self.binary(0)
                match self.take():
                    case ")", _:
                        return node
                    case kind, _:
                        raise ParseError(f"expected ')', got {kind}")
            case "-", _:
                return Binary("-", Number(0), self.atom())
            case kind, _:
                raise ParseError(f"unexpected {kind}")

    def arguments(self):
        while True:
            yield self.binary(0)
            match self.take():
                case ",", _:
                    continue
                case ")", _:
                    return
                case kind, _:
                    raise ParseError(f"expected ',' or ')', got {kind}")


def simplify(node):
    match node:
        case Binary(op, left, right):
            return rules(Binary(op, simplify(left), simplify(right)))
        case Call(function, args):
            return rules(Call(function, tuple(simplify(a) for a in args)))
        case _:
            return node


def rules(node):
    match node:
        case Binary("+", Number(a), Number(b)):
            return Number(a + b)
        case Binary("-", Number(a), Number(b)):
            return Number(a - b)
        case Binary("*", Number(a), Number(b)):
            return Number(a * b)
        case Binary("^", Number(a), Number(b)) if b >= 0:
            return Number(a ** b)
        case Binary("+", Number(0), x) | Binary("+" | "-", x, Number(0)):
            return x
        case Binary("*", Number(0), _) | Binary("*", _, Number(0)):
            return Number(0)
        case Binary("*", Number(1), x) | Binary("*" | "/" | "^", x, Number(1)):
            return x
        case Binary("^", _, Number(0)):
            return Number(1)
        case Binary("-", x, y) if x == y:
            return Number(0)
        case Binary("+", x, y) if x == y:
            return rules(Binary("*", Number(2), x))
        case Binary("*", x, Number() as n) if not isinstance(x, Number):
            return rules(Binary("*", n, x))
        case Binary("*", Number(a), Binary("*", Number(b), x)):
            return rules(Binary("*", Number(a * b), x))
        case Binary("*", Binary("^", x, Number(a)), Binary("^", y, Number(b))) if x == y:
            return rules(Binary("^", x, Number(a + b)))
        case Call("exp", (Number(0),)) | Call("cos", (Number(0),)):
            return Number(1)
        case Call("log" | "sin", (Number(value=0 | 1 as n),)) if (node.function, n) in (("log", 1), ("sin", 0)):
            return Number(0)
        case _:
            return node


def derive(node, x):
    match node:
        case Number():
            return Number(0)
        case Name(id):
            return Number(int(id == x))
        case Binary("+" | "-" as op, left, right):
            return Binary(op, derive(left, x), derive(right, x))
        case Binary("*", left, right):
            return Binary("+", Binary("*", derive(left, x), right), Binary("*", left, derive(right, x)))
        case Binary("/", left, right):
            top = Binary("-", Binary("*", derive(left, x), right), Binary("*", left, derive(right, x)))
            return Binary("/", top, Binary("^", right, Number(2)))
        case Binary("^", base, Number(n)):
            return Binary("*", Binary("*", Number(n), Binary("^", base, Number(n - 1))), derive(base, x))
        case Call("sin", [inner]):
            return Binary("*", Call("cos", (inner,)), derive(inner, x))
        case Call("exp", [inner]):
            return Binary("*", node, derive(inner, x))
        case Call(function, [_, _, *_]):
            raise ValueError(f"{function} has several arguments")
        case _:
            raise ValueError(f"no derivative of {show(node)}")


def show(node, level=0):
    match node:
        case Number(n) | Name(n):
            return str(n)
        case Call(f, args):
            return f"{f}({', '.join(map(show, args))})"
        case Binary(op, l, r):
            own = Parser.levels[op]
            text = f"{show(l, own)} {op} {show(r, own + 1)}"
            return f"({text})" if own < level else text


for text in ("2 * x ^ 3", "f(x) + 0", "(1", "a $"):
    try:
        tree = Parser(text).parse()
        simple = simplify(tree)
        print(f"{text} => {show(tree)} => {show(simple)}")
        try:
            print("   d/dx", show(simplify(derive(simple, "x"))))
        except ValueError as e:
            print("   ", e)
    except ParseError as e:
        print(f"{text!r}: {e}")
