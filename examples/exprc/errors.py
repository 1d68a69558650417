"""What can be wrong with a program, with the place to show."""


class Problem(Exception):
    """An error in the user's program."""

    kind = "error"

    def __init__(self, message, line=0, column=0):
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column

    def show(self, source):
        """The message with the source line and a mark below it."""
        lines = source.split("\n")
        text = f"{self.kind}: {self.message}"
        if not 1 <= self.line <= len(lines):
            return text
        line = lines[self.line - 1]
        mark = " " * self.column + "^"
        return f"{text}\n  {self.line:>3} | {line}\n      | {mark}"


class SyntaxProblem(Problem):
    kind = "syntax error"


class NameProblem(Problem):
    kind = "name error"


class MachineProblem(Problem):
    kind = "run-time error"
