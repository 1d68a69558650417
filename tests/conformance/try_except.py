"""try/except: matching, names and their clean-up, else, nesting, tuples."""


def attempt(action):
    try:
        result = action()
    except ZeroDivisionError:
        return "zero"
    except (KeyError, IndexError) as error:
        return type(error).__name__, error.args
    except ValueError as error:
        error = str(error)
        return error
    else:
        return "fine", result


def bare():
    try:
        [][1]
    except:
        return "caught"


def name_is_gone():
    try:
        raise ValueError("v")
    except ValueError as e:
        kept = e
    try:
        e
    except NameError as e:
        return type(e).__name__, str(kept)


def unmatched():
    try:
        try:
            {}["k"]
        except ValueError:
            print("never")
        except (TypeError,
                AttributeError):
            print("never")
    except LookupError as e:
        return repr(e)


def in_loop():
    seen = []
    for x in (1, 0, "a"):
        try:
            seen.append(2 // x)
        except ZeroDivisionError:
            seen.append("zero")
            continue
        except TypeError: break
        else:
            seen.append("ok")
    return seen


print(attempt(lambda: 1), attempt(lambda: 1 / 0), attempt(lambda: [][3]))
print(attempt(lambda: {}["q"]), attempt(lambda: int("zz")))
try:
    attempt(lambda: None + 1)
except TypeError as error:
    print("through", error)
print(bare(), name_is_gone(), unmatched(), in_loop())
try: pass
except ValueError: print("never")
else: print("else")
try: raise KeyError
except KeyError: print("one line")
try:
    try:
        raise OSError("x")
    except 5:
        pass
except TypeError as error:
    print(error, "/", error.__context__)
