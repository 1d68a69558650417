"""match among loops, try, with and functions; evaluation order of subjects and guards."""


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        print("exit")


def say(what, value):
    print("eval", what)
    return value


def run(items):
    out = []
    for item in items:
        match item:
            case "skip":
                continue
            case "stop":
                break
            case ["with", x]:
                with Manager():
                    match x:
                        case 0:
                            continue
                        case 1:
                            out.append("one")
                        case _:
                            return out, "returned"
            case ["try", x]:
                try:
                    match x:
                        case 0:
                            raise ValueError(x)
                        case n if 1 / n > 0.5:
                            out.append("big")
                        case n:
                            out.append("small")
                except ValueError as e:
                    out.append(repr(e))
                finally:
                    out.append("finally")
            case int() | float() as number if say("guard", number) > 2:
                out.append(number)
            case _:
                out.append("other")
    else:
        out.append("else")
    return out, "end"


print(run([1, 3, "skip", ["with", 1], ["try", 0], ["try", 1], ["try", 5]]))
print(run([["with", 0], "stop", 5]))
print(run([["with", 2], 5]))
print(run([2.5, "x"]))


def subject():
    match say("subject", (1, 2)):
        case (a, b) if say("first", a) > 1:
            print("first", a, b)
        case (a, b) if say("second", b) > 1:
            print("second", a, b)
    print(a, b)


subject()


def generator():
    while True:
        match (yield):
            case None:
                pass
            case {"add": [*numbers]}:
                print(sum(numbers))
            case {"stop": True}:
                return "stopped"


g = generator()
next(g)
g.send({"add": [1, 2, 3]})
g.send(None)
try:
    g.send({"stop": True})
except StopIteration as e:
    print(e.value)
match 1, 2:
    case 1, x:
        print("tuple", x)
match [1, 2, 3]:
    case [x, *_] if x > 5: print("no")
    case [*_, x]: print("last", x)
