"""Makes trees smaller without changing what they do."""

import nodes

OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
    "<": lambda a, b: int(a < b),
    "<=": lambda a, b: int(a <= b),
    ">": lambda a, b: int(a > b),
    ">=": lambda a, b: int(a >= b),
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
}


class Optimizer:
    """Folds constants, drops what cannot run, and counts what it did."""

    def __init__(self):
        self.folded = 0
        self.dropped = 0

    def statements(self, items):
        result = []
        for item in items:
            result.extend(self.statement(item))
            if isinstance(item, nodes.Return):
                self.dropped += len(items) - len(result)
                break
        return result

    def statement(self, node):
        """The statements that take the place of one."""
        if isinstance(node, nodes.If):
            node.condition = self.expression(node.condition)
            node.body = self.statements(node.body)
            node.otherwise = self.statements(node.otherwise)
            if isinstance(node.condition, nodes.Number):
                self.dropped += 1
                return node.body if node.condition.value else node.otherwise
        elif isinstance(node, nodes.While):
            node.condition = self.expression(node.condition)
            node.body = self.statements(node.body)
            if isinstance(node.condition, nodes.Number) and not node.condition.value:
                self.dropped += 1
                return []
        elif isinstance(node, nodes.Function):
            node.body = self.statements(node.body)
        else:
            node.value = self.expression(node.value)
            if isinstance(node, nodes.Evaluate) and isinstance(node.value, nodes.Number):
                self.dropped += 1
                return []
        return [node]

    def expression(self, node):
        if isinstance(node, nodes.Unary):
            node.operand = self.expression(node.operand)
            if isinstance(node.operand, nodes.Number):
                value = node.operand.value
                return self.number(node, -value if node.operator == "-" else int(not value))
        elif isinstance(node, nodes.Binary):
            return self.binary(node)
        elif isinstance(node, nodes.Logical):
            node.left = self.expression(node.left)
            node.right = self.expression(node.right)
            if isinstance(node.left, nodes.Number):
                self.folded += 1
                return node.right if bool(node.left.value) == (node.operator == "and") else node.left
        elif isinstance(node, nodes.Call):
            node.arguments = [self.expression(a) for a in node.arguments]
        return node

    def binary(self, node):
        node.left = left = self.expression(node.left)
        node.right = right = self.expression(node.right)
        if isinstance(left, nodes.Number) and isinstance(right, nodes.Number):
            try:
                return self.number(node, OPERATORS[node.operator](left.value, right.value))
            except ZeroDivisionError:
                # The machine reports it when it comes there.
                return node
        if isinstance(right, nodes.Number):
            if node.operator in ("+", "-") and right.value == 0 or node.operator in ("*", "/") and right.value == 1:
                self.folded += 1
                return left
        return node

    def number(self, node, value):
        self.folded += 1
        result = nodes.Number(node, value)
        return result
