"""except*: matching, splitting, re-raising, naked exceptions, else and finally."""


def leaves(e):
    if isinstance(e, BaseExceptionGroup):
        return [leaves(x) for x in e.exceptions]
    return repr(e)


def attempt(error):
    try:
        try:
            if error:
                raise error
            print("nothing raised")
        except* ValueError as e:
            print("values", repr(e), leaves(e))
        except* (TypeError, KeyError) as e:
            print("types and keys", repr(e), leaves(e))
        else:
            print("else")
        finally:
            print("finally")
    except BaseException as e:
        print("left", repr(e), leaves(e))


attempt(None)
attempt(ValueError(1))
attempt(ExceptionGroup("g", [ValueError(1), TypeError(2)]))
attempt(ExceptionGroup("g", [ValueError(1), OSError(2), ExceptionGroup("n", [KeyError(3), OSError(4)])]))
attempt(OSError("other"))
attempt(BaseExceptionGroup("b", [KeyboardInterrupt(), ValueError(5)]))


def raises(error, first, second):
    try:
        try:
            raise error
        except* ValueError as e:
            if first == "bare":
                raise
            if first == "same":
                raise e
            if first:
                raise first
        except* TypeError:
            if second:
                raise second
    except Exception as e:
        print(repr(e), leaves(e), repr(e.__context__), repr(e.__cause__))
    else:
        print("all handled")


def group():
    return ExceptionGroup("g", [ValueError(1), TypeError(2), ExceptionGroup("in", [ValueError(3)])])


raises(group(), None, None)
raises(group(), "bare", None)
raises(group(), "same", None)
raises(group(), KeyError("new"), None)
raises(group(), KeyError("new"), IndexError("newer"))
raises(group(), "bare", KeyError("new"))
raises(ValueError("naked"), "bare", None)
raises(ValueError("naked"), KeyError("new"), None)
raises(OSError("through"), None, None)


def bad(kind):
    try:
        try:
            raise ExceptionGroup("g", [ValueError(1)])
        except* kind:
            pass
    except TypeError as e:
        print("TypeError", e)


bad(ExceptionGroup)
bad(5)
bad((ValueError, int))


def loop():
    for i in range(3):
        try:
            raise ExceptionGroup("loop", [ValueError(i)])
        except* ValueError as e:
            x = e.exceptions[0].args[0]
            if x:
                print("x", x)
    try:
        print(e)
    except UnboundLocalError as error:
        print(error)


loop()


def nested():
    try:
        raise ExceptionGroup("outer", [ValueError(1), KeyError(2)])
    except* ValueError:
        try:
            raise ExceptionGroup("inner", [KeyError(3)])
        except* KeyError as e:
            print("inner", e)
    except* KeyError as e:
        print("outer", e)


nested()
