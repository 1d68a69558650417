"""The stack machine."""

from errors import MachineProblem
from optimizer import OPERATORS

ARITHMETIC = {
    "ADD": "+", "SUBTRACT": "-", "MULTIPLY": "*", "DIVIDE": "/", "REMAINDER": "%",
    "LESS": "<", "LESS_EQUAL": "<=", "GREATER": ">", "GREATER_EQUAL": ">=", "EQUAL": "==", "NOT_EQUAL": "!=",
}
BINARY = {name: OPERATORS[symbol] for name, symbol in ARITHMETIC.items()}


class Frame:
    __slots__ = ("code", "at", "variables")

    def __init__(self, code, arguments=()):
        self.code = code
        self.at = 0
        self.variables = list(arguments) + [None] * (len(code.slots) - len(arguments))


class Machine:
    def __init__(self, generator, limit=100_000, depth=200):
        self.functions = generator.functions
        self.frames = [Frame(generator.main)]
        self.stack = []
        self.output = []
        self.steps = 0
        self.limit = limit
        self.depth = depth

    @property
    def line(self):
        frame = self.frames[-1]
        return frame.code.lines[frame.at - 1]

    def fail(self, message):
        raise MachineProblem(message, self.line)

    def run(self):
        stack = self.stack
        while self.frames:
            frame = self.frames[-1]
            operation, operand = frame.code.instructions[frame.at]
            frame.at += 1
            self.steps += 1
            if self.steps > self.limit:
                self.fail(f"more than {self.limit} steps")
            if operation in BINARY:
                right = stack.pop()
                left = stack.pop()
                try:
                    stack.append(BINARY[operation](left, right))
                except ZeroDivisionError:
                    self.fail("division by zero")
            elif operation == "PUSH":
                stack.append(operand)
            elif operation == "LOAD":
                value = frame.variables[operand]
                if value is None:
                    self.fail("a variable is used before it has a value")
                stack.append(value)
            elif operation == "STORE":
                frame.variables[operand] = stack.pop()
            elif operation == "DROP":
                stack.pop()
            elif operation == "DUPLICATE":
                stack.append(stack[-1])
            elif operation == "NEGATE":
                stack.append(-stack.pop())
            elif operation == "NOT":
                stack.append(int(not stack.pop()))
            elif operation == "JUMP":
                frame.at = operand
            elif operation == "JUMP_IF_FALSE":
                if not stack.pop():
                    frame.at = operand
            elif operation == "JUMP_IF_TRUE":
                if stack.pop():
                    frame.at = operand
            elif operation == "PRINT":
                self.output.append(stack.pop())
            elif operation == "CALL":
                self.call(self.functions[operand])
            elif operation == "RETURN":
                self.frames.pop()
            elif operation == "HALT":
                return self.output
            else:
                self.fail(f"unknown operation {operation}")

    def call(self, code):
        if len(self.frames) >= self.depth:
            self.fail("calls are nested too deeply")
        first = len(self.stack) - code.arity
        arguments = self.stack[first:]
        del self.stack[first:]
        self.frames.append(Frame(code, arguments))
