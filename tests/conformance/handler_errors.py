"""Exceptions in handlers, in finally bodies and in except expressions."""


def in_handler():
    try:
        1 / 0
    except ZeroDivisionError:
        return [][0]


def in_named_handler():
    try:
        1 / 0
    except ZeroDivisionError as e:
        int("x")


def in_finally():
    try:
        return 1
    finally:
        {}["finally"]


def in_both():
    try:
        try:
            1 / 0
        except ZeroDivisionError as e:
            [][0]
        finally:
            {}["q"]
    except KeyError as k:
        return k.args, type(k.__context__).__name__, type(k.__context__.__context__).__name__


def in_else():
    try:
        pass
    except ValueError:
        pass
    else:
        raise ValueError("else")
    finally:
        print("finally of else")


def nested_handlers():
    try:
        raise ValueError("a")
    except ValueError as a:
        try:
            raise KeyError("b")
        except KeyError as b:
            try:
                raise IndexError("c")
            except IndexError as c:
                return str(a), str(b), str(c)


def restored():
    try:
        raise ValueError("outer")
    except ValueError:
        try:
            raise KeyError("inner")
        except KeyError:
            pass
        raise


def bad_match():
    try:
        raise ValueError("v")
    except missing_name:
        pass
    finally:
        print("cleaned")


for function in (in_handler, in_named_handler, in_finally, in_both, in_else,
                 nested_handlers, restored, bad_match):
    try:
        print(function.__name__, function())
    except Exception as error:
        print(function.__name__, repr(error), repr(error.__context__))
