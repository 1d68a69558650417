"""The syntax tree.  Every node knows its place and how to show itself."""


class Node:
    fields = ()

    def __init__(self, token, *values):
        self.line = token.line
        self.column = token.column
        for name, value in zip(self.fields, values):
            setattr(self, name, value)

    def children(self):
        for name in self.fields:
            value = getattr(self, name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, list):
                yield from (v for v in value if isinstance(v, Node))

    def count(self):
        """How many nodes the tree below this one has, itself included."""
        return 1 + sum(child.count() for child in self.children())

    def __repr__(self):
        inner = " ".join(repr(getattr(self, name)) for name in self.fields)
        return f"({type(self).__name__.lower()} {inner})"


class Number(Node):
    fields = ("value",)


class Name(Node):
    fields = ("name",)


class Unary(Node):
    fields = ("operator", "operand")


class Binary(Node):
    fields = ("operator", "left", "right")


class Logical(Node):
    fields = ("operator", "left", "right")


class Call(Node):
    fields = ("name", "arguments")


class Let(Node):
    fields = ("name", "value")


class Assign(Node):
    fields = ("name", "value")


class Print(Node):
    fields = ("value",)


class If(Node):
    fields = ("condition", "body", "otherwise")


class While(Node):
    fields = ("condition", "body")


class Function(Node):
    fields = ("name", "parameters", "body")


class Return(Node):
    fields = ("value",)


class Evaluate(Node):
    fields = ("value",)
