def place(low, x, high):
    if low <= x < high:
        return "in"
    return "out"


def scan(rows):
    for number, (key, *rest) in enumerate(rows):
        while rest:
            if rest.pop() == "#":
                break
            if key and 0:
                print("never")
    print(number)


def shape(value):
    match value:
        case []:
            return 0
        case [first, *_] if first > 1:
            return 1
        case {"a": int()}:
            return 2
    return 3


def unused(pairs):
    for a, b in pairs:
        yield a if b else None


place(1, 2, 3)
scan([(1, "x", "#"), (2, "y")])
shape([2])
shape({"a": 1})
