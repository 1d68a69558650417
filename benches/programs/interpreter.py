"""A bytecode interpreter written in Python: a stack machine that counts primes."""

PUSH, LOAD, STORE, ADD, MOD, MUL, LESS, EQUAL, JUMP, BRANCH, PRINT, HALT = range(12)

PROGRAM = [
    (PUSH, 2), (STORE, "n"), (PUSH, 0), (STORE, "found"),
    (LOAD, "n"), (PUSH, 700), (LESS, None), (BRANCH, 37),
    (PUSH, 2), (STORE, "d"),
    (LOAD, "d"), (LOAD, "d"), (MUL, None), (LOAD, "n"), (PUSH, 1), (ADD, None), (LESS, None), (BRANCH, 28),
    (LOAD, "n"), (LOAD, "d"), (MOD, None), (PUSH, 0), (EQUAL, None), (BRANCH, 25),
    (JUMP, 32),
    (LOAD, "d"), (PUSH, 1), (JUMP, 35),
    (LOAD, "found"), (PUSH, 1), (ADD, None), (STORE, "found"),
    (LOAD, "n"), (PUSH, 1), (JUMP, 39),
    (ADD, None), (JUMP, 41),
    (LOAD, "found"), (HALT, None),
    (ADD, None), (JUMP, 43),
    (STORE, "d"), (JUMP, 10),
    (STORE, "n"), (JUMP, 4),
]


class Machine:
    def __init__(self, program):
        self.program = program
        self.stack = []
        self.names = {}
        self.steps = 0

    def run(self):
        pc = 0
        stack = self.stack
        while True:
            op, argument = self.program[pc]
            pc += 1
            self.steps += 1
            if op == PUSH:
                stack.append(argument)
            elif op == LOAD:
                stack.append(self.names[argument])
            elif op == STORE:
                self.names[argument] = stack.pop()
            elif op == ADD:
                right = stack.pop()
                stack.append(stack.pop() + right)
            elif op == MOD:
                right = stack.pop()
                stack.append(stack.pop() % right)
            elif op == MUL:
                right = stack.pop()
                stack.append(stack.pop() * right)
            elif op == LESS:
                right = stack.pop()
                stack.append(stack.pop() < right)
            elif op == EQUAL:
                right = stack.pop()
                stack.append(stack.pop() == right)
            elif op == JUMP:
                pc = argument
            elif op == BRANCH:
                if not stack.pop():
                    pc = argument
            elif op == HALT:
                return stack.pop(), self.steps


def main():
    return [Machine(PROGRAM).run() for _ in range(10)][-1]


if __name__ == "__main__":
    print(main())
