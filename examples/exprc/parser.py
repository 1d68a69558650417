"""Tokens to a syntax tree, by recursive descent with a table of priorities."""

import nodes
from errors import SyntaxProblem
from lexer import tokens

PRIORITIES = {
    "or": 1, "and": 2,
    "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}
UNARY_PRIORITY = 7


class Parser:
    def __init__(self, source):
        self.stream = tokens(source)
        self.token = next(self.stream)
        self.depth = 0

    def advance(self):
        token = self.token
        if token.kind != "end":
            self.token = next(self.stream)
        return token

    def accept(self, kind):
        return self.advance() if self.token.kind == kind else None

    def expect(self, kind, where):
        token = self.accept(kind)
        if token is None:
            found = self.token.text or "the end"
            raise SyntaxProblem(f"expected {kind!r} {where}, found {found!r}", self.token.line, self.token.column)
        return token

    def program(self):
        statements = []
        while self.token.kind != "end":
            statements.append(self.statement())
        return statements

    def block(self):
        self.expect("{", "before a block")
        statements = []
        while not self.accept("}"):
            if self.token.kind == "end":
                raise SyntaxProblem("a block is not closed", self.token.line, self.token.column)
            statements.append(self.statement())
        return statements

    def statement(self):
        token = self.token
        method = getattr(self, "statement_" + token.kind, None) if token.kind.isalpha() else None
        if method is not None:
            self.advance()
            return method(token)
        value = self.expression()
        if isinstance(value, nodes.Name) and self.accept("="):
            value = nodes.Assign(token, value.name, self.expression())
        else:
            value = nodes.Evaluate(token, value)
        self.expect(";", "after a statement")
        return value

    def statement_let(self, token):
        name = self.expect("name", "after 'let'").text
        self.expect("=", "after the name")
        value = self.expression()
        self.expect(";", "after 'let'")
        return nodes.Let(token, name, value)

    def statement_print(self, token):
        value = self.expression()
        self.expect(";", "after 'print'")
        return nodes.Print(token, value)

    def statement_return(self, token):
        value = self.expression()
        self.expect(";", "after 'return'")
        return nodes.Return(token, value)

    def statement_while(self, token):
        condition = self.expression()
        return nodes.While(token, condition, self.block())

    def statement_if(self, token):
        condition = self.expression()
        body = self.block()
        otherwise = []
        if self.accept("else"):
            otherwise = [self.statement()] if self.token.kind == "if" else self.block()
        return nodes.If(token, condition, body, otherwise)

    def statement_fun(self, token):
        if self.depth:
            raise SyntaxProblem("functions cannot be nested", token.line, token.column)
        name = self.expect("name", "after 'fun'").text
        self.expect("(", "before the parameters")
        parameters = []
        while not self.accept(")"):
            if parameters:
                self.expect(",", "between parameters")
            parameters.append(self.expect("name", "as a parameter").text)
        self.depth += 1
        body = self.block()
        self.depth -= 1
        return nodes.Function(token, name, parameters, body)

    def expression(self, lowest=1):
        left = self.operand()
        while (priority := PRIORITIES.get(self.token.kind, 0)) >= lowest:
            operator = self.advance()
            right = self.expression(priority + 1)
            kind = nodes.Logical if operator.kind in ("and", "or") else nodes.Binary
            left = kind(operator, operator.kind, left, right)
        return left

    def operand(self):
        token = self.advance()
        if token.kind == "number":
            return nodes.Number(token, float(token.text) if "." in token.text else int(token.text))
        if token.kind == "name":
            return self.call(token) if self.accept("(") else nodes.Name(token, token.text)
        if token.kind in ("-", "not"):
            return nodes.Unary(token, token.kind, self.expression(UNARY_PRIORITY))
        if token.kind == "(":
            inner = self.expression()
            self.expect(")", "after an expression")
            return inner
        raise SyntaxProblem(f"expected an expression, found {token.text or 'the end'!r}", token.line, token.column)

    def call(self, token):
        arguments = []
        while not self.accept(")"):
            if arguments:
                self.expect(",", "between arguments")
            arguments.append(self.expression())
        return nodes.Call(token, token.text, arguments)


def parse(source):
    return Parser(source).program()
