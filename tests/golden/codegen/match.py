def f(x):
    match x:
        case 1 | -2 | "a":
            return 1
        case None | True:
            y = 2
        case [a, b, *rest] if a > b:
            y = 3
        case [a, *_, b]:
            y = 4
        case [_, _]:
            y = 5
        case {"k": v, "z": (1 | 2) as w, **rest}:
            y = 6
        case {}:
            y = 7
        case P(1, x=q, y=_):
            y = 8
        case (P(a, b) | Q(b, a)) as c:
            y = 9
        case m.X:
            y = 10
        case _:
            y = 11
    match x:
        case z:
            pass
    match y, z:
        case [("a" | "b") as k, {"q": [r, s]}]:
            print(k)
            while 1:
                match s:
                    case 3:
                        break
                    case 4:
                        continue
