"""assert: true, false, messages, layouts, conditions with and/or."""


def check(x, y=None):
    assert x
    assert x > 1, "too small"
    assert (
        x < 10
    ), (
        f"too big: {x}"
    )
    assert x != 5 and (
        y is None or
        y > x
    ), "bad pair"
    assert not x == 7, explain(
        x
    )
    assert x if x < 8 else False
    return x


def explain(x):
    return ["explained", x]


def broken_message():
    assert 0, 1 / 0


for arguments in ((0,), (1,), (20,), (5,), (3, 1), (3, 4), (7,), (8,), (2,)):
    try:
        print(check(*arguments))
    except AssertionError as error:
        print(arguments, error.args)
try:
    broken_message()
except ZeroDivisionError as error:
    print(error, error.__context__)
try:
    assert [], "empty"
except AssertionError as error:
    print(repr(error))
try:
    assert False
except AssertionError as error:
    print(repr(error))
assert True, undefined_because_not_evaluated
try:
    assert 1 == 2, None
except AssertionError as error:
    print(error.args)
try:
    assert all(
        x > 0
        for x in (1, 0)
    )
except AssertionError:
    print("all")
finally:
    print("end")
