"""A tokenizer and a recursive-descent calculator with good error messages."""

OPERATORS = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}


class SyntaxProblem(Exception):
    def __init__(self, message, position):
        super().__init__(message)
        self.position = position

    def __str__(self):
        return f"{self.args[0]} at {self.position}"


class Token:
    def __init__(self, kind, text, position):
        self.kind, self.text, self.position = kind, text, position

    def __repr__(self):
        return f"{self.kind}({self.text!r})"


def tokens(source):
    position = 0
    while position < len(source):
        ch = source[position]
        if ch.isspace():
            position += 1
            continue
        start = position
        if ch.isdigit() or ch == ".":
            while position < len(source) and (
                source[position].isdigit()
                or source[position] == "."
            ):
                position += 1
            yield Token("number", source[start:position], start)
        elif ch.isalpha():
            while position < len(source) and source[position].isalnum():
                position += 1
            yield Token("name", source[start:position], start)
        elif ch in OPERATORS or ch in "()=":
            position += 1
            yield Token("op", ch, start)
        else:
            raise SyntaxProblem(f"unexpected {ch!r}", position)
    yield Token("end", "", position)


class Calculator:
    def __init__(self):
        self.names = {"pi": 3.0}

    def evaluate(self, source):
        self.stream = tokens(source)
        self.advance()
        value = self.statement()
        if self.token.kind != "end":
            raise SyntaxProblem(f"unexpected {self.token.text!r}", self.token.position)
        return value

    def advance(self):
        self.token = next(self.stream)

    def accept(self, text):
        if self.token.kind == "op" and self.token.text == text:
            self.advance()
            return True
        return False

    def statement(self):
        value = self.expression(1)
        if isinstance(value, str) and self.accept("="):
            self.names[value] = result = self.number(self.expression(1))
            return result
        return self.number(value)

    def number(self, value):
        if not isinstance(value, str):
            return value
        try:
            return self.names[value]
        except KeyError:
            raise SyntaxProblem(f"unknown name {value}", self.token.position) from None

    def expression(self, level):
        left = self.primary()
        while (self.token.kind == "op"
               and (precedence := OPERATORS.get(self.token.text, 0)) >= level):
            operator = self.token.text
            self.advance()
            right = self.number(self.expression(precedence + (operator != "^")))
            left = self.apply(operator, self.number(left), right)
        return left

    def primary(self):
        token = self.token
        if self.accept("-"):
            return -self.number(self.primary())
        if self.accept("("):
            value = self.number(self.expression(1))
            if not self.accept(")"):
                raise SyntaxProblem("expected )", self.token.position)
            return value
        self.advance()
        match_kind = {"number": lambda: float(token.text), "name": lambda: token.text}
        try:
            return match_kind[token.kind]()
        except KeyError:
            raise SyntaxProblem("expected a value", token.position) from None

    def apply(self, operator, a, b):
        return {
            "+": lambda: a + b,
            "-": lambda: a - b,
            "*": lambda: a * b,
            "/": lambda: a / b if b else float("inf"),
            "^": lambda: a ** b,
        }[operator]()


print(list(tokens("a+1.5*(b)")))
calculator = Calculator()
for line in ("1 + 2 * 3", "x = 2", "-x ^ (4 - 1)", "1 / 0", "(1", "y+1", "2 $", "1 2"):
    try:
        print(line, "->", calculator.evaluate(line))
    except SyntaxProblem as problem:
        print(line, "!!", problem)
    except ValueError as error:
        print(line, "??", error)
