"""finally: with return, break, continue, exceptions, and nested."""

log = []


def returning():
    try:
        return log.append("try")
    finally:
        log.append("finally")


def overriding():
    try:
        return 1
    finally:
        return 2


def swallowing():
    try:
        1 / 0
    finally:
        return "swallowed"


def passing():
    try:
        try:
            1 / 0
        finally:
            log.append("inner")
            log.append("inner 2")
    except ZeroDivisionError as e:
        log.append("outer")
        return str(e)
    finally:
        log.append("last")


def loops():
    for i in range(4):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            log.append(i)
        finally:
            log.append(-i)
    while True:
        try:
            break
        finally:
            log.append("w")
    return i


def deep():
    try:
        try:
            try:
                return "deep"
            finally:
                log.append(1)
        finally:
            try:
                raise KeyError("k")
            except KeyError:
                log.append(2)
    finally:
        log.append(3)


def continue_in_finally():
    n = 0
    while n < 2:
        try:
            n += 1
            raise ValueError(n)
        finally:
            continue
    return n


def value_kept():
    x = 1
    try:
        return x
    finally:
        x = 2


def all_parts(x):
    try:
        10 // x
    except TypeError:
        log.append("except")
    else:
        log.append("else")
    finally:
        log.append("finally")


print(returning(), overriding(), swallowing(), passing(), loops())
print(deep(), continue_in_finally(), value_kept())
all_parts(1)
all_parts("a")
try:
    all_parts(0)
except ZeroDivisionError:
    log.append("out")
try: log.append("t")
finally: log.append("f")
print(log)
