"""Syntax trees to code for the stack machine."""

import nodes
from errors import NameProblem, SyntaxProblem

BINARY = {
    "+": "ADD", "-": "SUBTRACT", "*": "MULTIPLY", "/": "DIVIDE", "%": "REMAINDER",
    "<": "LESS", "<=": "LESS_EQUAL", ">": "GREATER", ">=": "GREATER_EQUAL", "==": "EQUAL", "!=": "NOT_EQUAL",
}


class Code:
    """The instructions of one function: pairs of operation and operand."""

    def __init__(self, name, parameters=()):
        self.name = name
        self.slots = {p: i for i, p in enumerate(parameters)}
        self.arity = len(self.slots)
        self.instructions = []
        self.lines = []

    def emit(self, operation, operand=None, line=0):
        self.instructions.append((operation, operand))
        self.lines.append(line)
        return len(self.instructions) - 1

    def patch(self, at):
        """Makes the jump at `at` lead here."""
        operation, _ = self.instructions[at]
        self.instructions[at] = operation, len(self.instructions)

    def listing(self):
        for i, (operation, operand) in enumerate(self.instructions):
            shown = "" if operand is None else f" {operand}"
            yield f"{self.name:>8} {i:>3}  {operation}{shown}"


class Generator:
    def __init__(self, tree):
        self.functions = {}
        for node in tree:
            if isinstance(node, nodes.Function):
                if node.name in self.functions:
                    raise NameProblem(f"function {node.name!r} is defined twice", node.line, node.column)
                self.functions[node.name] = Code(node.name, node.parameters)
        self.code = self.main = Code("main")
        for node in tree:
            self.statement(node)
        self.main.emit("HALT")

    def statements(self, items):
        for item in items:
            self.statement(item)

    def statement(self, node):
        getattr(self, "do_" + type(node).__name__.lower())(node)

    def slot(self, node):
        index = self.code.slots.get(node.name)
        if index is None:
            raise NameProblem(f"no variable {node.name!r}", node.line, node.column)
        return index

    def do_function(self, node):
        outer, self.code = self.code, self.functions[node.name]
        try:
            self.statements(node.body)
            self.code.emit("PUSH", 0, node.line)
            self.code.emit("RETURN", None, node.line)
        finally:
            self.code = outer

    def do_let(self, node):
        self.expression(node.value)
        index = self.code.slots.setdefault(node.name, len(self.code.slots))
        self.code.emit("STORE", index, node.line)

    def do_assign(self, node):
        self.expression(node.value)
        self.code.emit("STORE", self.slot(node), node.line)

    def do_print(self, node):
        self.expression(node.value)
        self.code.emit("PRINT", None, node.line)

    def do_return(self, node):
        if self.code is self.main:
            raise SyntaxProblem("'return' outside of a function", node.line, node.column)
        self.expression(node.value)
        self.code.emit("RETURN", None, node.line)

    def do_evaluate(self, node):
        self.expression(node.value)
        self.code.emit("DROP", None, node.line)

    def do_if(self, node):
        self.expression(node.condition)
        over_body = self.code.emit("JUMP_IF_FALSE", None, node.line)
        self.statements(node.body)
        if node.otherwise:
            over_else = self.code.emit("JUMP", None, node.line)
            self.code.patch(over_body)
            self.statements(node.otherwise)
            self.code.patch(over_else)
        else:
            self.code.patch(over_body)

    def do_while(self, node):
        top = len(self.code.instructions)
        self.expression(node.condition)
        out = self.code.emit("JUMP_IF_FALSE", None, node.line)
        self.statements(node.body)
        self.code.emit("JUMP", top, node.line)
        self.code.patch(out)

    def expression(self, node):
        emit = self.code.emit
        if isinstance(node, nodes.Number):
            emit("PUSH", node.value, node.line)
        elif isinstance(node, nodes.Name):
            emit("LOAD", self.slot(node), node.line)
        elif isinstance(node, nodes.Unary):
            self.expression(node.operand)
            emit("NEGATE" if node.operator == "-" else "NOT", None, node.line)
        elif isinstance(node, nodes.Binary):
            self.expression(node.left)
            self.expression(node.right)
            emit(BINARY[node.operator], None, node.line)
        elif isinstance(node, nodes.Logical):
            self.expression(node.left)
            emit("DUPLICATE", None, node.line)
            over = emit("JUMP_IF_FALSE" if node.operator == "and" else "JUMP_IF_TRUE", None, node.line)
            emit("DROP", None, node.line)
            self.expression(node.right)
            self.code.patch(over)
        elif isinstance(node, nodes.Call):
            self.call(node)
        else:
            raise AssertionError(f"no expression: {node!r}")

    def call(self, node):
        target = self.functions.get(node.name)
        if target is None:
            raise NameProblem(f"no function {node.name!r}", node.line, node.column)
        if len(node.arguments) != target.arity:
            raise NameProblem(
                f"{node.name!r} takes {target.arity} arguments, not {len(node.arguments)}", node.line, node.column
            )
        for argument in node.arguments:
            self.expression(argument)
        self.code.emit("CALL", node.name, node.line)
