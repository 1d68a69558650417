"""A parser of JSON by recursive descent, over one string."""

TEXT = '{"name": "item %d", "tags": ["a", "bb", "c\\\\nd"], "price": -12.5e2, "count": 31, "ok": true, "no": null}'


class Parser:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def space(self):
        while self.at < len(self.text) and self.text[self.at] in " \t\n\r":
            self.at += 1

    def value(self):
        self.space()
        c = self.text[self.at]
        if c == "{":
            return self.object()
        if c == "[":
            return self.array()
        if c == '"':
            return self.string()
        for word, v in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return v
        return self.number()

    def object(self):
        result = {}
        self.at += 1
        while True:
            self.space()
            if self.text[self.at] == "}":
                self.at += 1
                return result
            key = self.string()
            self.space()
            assert self.text[self.at] == ":"
            self.at += 1
            result[key] = self.value()
            self.space()
            if self.text[self.at] == ",":
                self.at += 1

    def array(self):
        result = []
        self.at += 1
        while True:
            self.space()
            if self.text[self.at] == "]":
                self.at += 1
                return result
            result.append(self.value())
            self.space()
            if self.text[self.at] == ",":
                self.at += 1

    def string(self):
        self.at += 1
        parts = []
        while True:
            c = self.text[self.at]
            self.at += 1
            if c == '"':
                return "".join(parts)
            if c == "\\":
                c = {"n": "\n", "t": "\t"}.get(self.text[self.at], self.text[self.at])
                self.at += 1
            parts.append(c)

    def number(self):
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in "+-.eE0123456789":
            self.at += 1
        text = self.text[start : self.at]
        return float(text) if "." in text or "e" in text else int(text)


def main():
    document = "[" + ", ".join(TEXT % i for i in range(4000)) + "]"
    result = Parser(document).value()
    return len(result), sum(len(o["name"]) + o["count"] for o in result), result[7]


if __name__ == "__main__":
    print(main())
