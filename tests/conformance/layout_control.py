"""Deep nests of loops, try, with and if, left in every possible way."""


class Room:
    def __init__(self, log, swallow=False):
        self.log = log
        self.swallow = swallow

    def __enter__(self):
        self.log.append("in")

    def __exit__(self, kind, *rest):
        self.log.append(kind.__name__ if kind else "out")
        return self.swallow


def leave(how):
    log = []
    for outer in range(2):
        try:
            with Room(log):
                while True:
                    try:
                        if how == "return":
                            return log
                        elif how == "break":
                            break
                        elif how == "raise":
                            raise ValueError(how)
                        elif how == "continue":
                            how = "break"
                            continue
                        else:
                            1 / 0
                    except ZeroDivisionError as error:
                        log.append("zero")
                        how = "break" if outer else "return"
                    else:
                        log.append("never")
                    finally:
                        log.append("f1")
        except ValueError:
            with Room(log, swallow=True):
                raise
            log.append("swallowed")
            how = "continue"
        finally:
            if outer:
                log.append("f2")
    else:
        log.append("else")
    return log


def search(grid, wanted):
    for y, row in enumerate(grid):
        for x, cell in enumerate(row):
            try:
                if cell == wanted:
                    break
            finally:
                if cell is None:
                    continue
        else:
            continue
        break
    else:
        return None
    return (x,
            y)


def early(n):
    if n > 0:
        if n > 1:
            if n > 2:
                return "deep"
        else:
            return "one"
    else:
        if not n:
            return "zero"
    return "fell through"


def while_try(n):
    out = []
    while n:
        n -= 1
        try:
            if n == 3: continue
            if n == 1: break
            out.append(10 // (n - 2))
        except ZeroDivisionError: out.append("z")
        else: out.append("ok")
        finally: out.append(n)
    else:
        out.append("else")
    return out


def finally_chain(n):
    try:
        try:
            return n / n
        except ZeroDivisionError:
            return "zero"
        finally:
            n += 1
    finally:
        if n > 1:
            n = None


for how in ("return", "break", "raise", "continue", "zero"):
    print(how, leave(how))
print(search([[1, None], [2, 3]], 3), search([[None]], 1), search([], 1))
print([early(n) for n in (-1, 0, 1, 2, 3)], while_try(5), while_try(1), while_try(0))
print(finally_chain(0), finally_chain(1), finally_chain(2))
