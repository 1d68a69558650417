"""Source text to tokens."""

from errors import SyntaxProblem

KEYWORDS = {"let", "while", "if", "else", "print", "fun", "return", "and", "or", "not"}
TWO_CHARACTERS = {"==", "!=", "<=", ">="}
ONE_CHARACTER = set("+-*/%<>=(){},;")


class Token:
    """A piece of source: its kind is 'number', 'name', 'end' or the text itself."""

    __slots__ = ("kind", "text", "line", "column")

    def __init__(self, kind, text, line, column):
        self.kind = kind
        self.text = text
        self.line = line
        self.column = column

    def __repr__(self):
        return f"{self.kind}({self.text!r})" if self.kind != self.text else repr(self.text)


def number_end(text, start):
    """Where the number that begins at `start` ends."""
    end = start
    seen_dot = False
    while end < len(text):
        c = text[end]
        if c == "." and not seen_dot:
            seen_dot = True
        elif not c.isdigit():
            break
        end += 1
    return end


def tokens(source):
    """Yields the tokens of a source, with one of kind 'end' last."""
    line_number = 0
    for line_number, text in enumerate(source.split("\n"), start=1):
        at = 0
        while at < len(text):
            c = text[at]
            if c == "#":
                break
            if c.isspace():
                at += 1
                continue
            if c.isdigit():
                end = number_end(text, at)
                kind = "number"
            elif c.isalpha() or c == "_":
                end = at
                while end < len(text) and (text[end].isalnum() or text[end] == "_"):
                    end += 1
                word = text[at:end]
                kind = word if word in KEYWORDS else "name"
            elif text[at:at + 2] in TWO_CHARACTERS:
                end = at + 2
                kind = text[at:end]
            elif c in ONE_CHARACTER:
                end = at + 1
                kind = c
            else:
                raise SyntaxProblem(f"unexpected character {c!r}", line_number, at)
            yield Token(kind, text[at:end], line_number, at)
            at = end
    yield Token("end", "", line_number, 0)
