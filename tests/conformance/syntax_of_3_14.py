# trace: none
# python: 3.14
"""except and except* without parentheses (PEP 758); leaving a finally block (PEP 765)."""


def attempt(e):
    try:
        raise e
    except ValueError, TypeError:
        return "value or type"
    except KeyError:
        return "key"


print(attempt(ValueError()), attempt(TypeError()), attempt(KeyError()))
try:
    raise ExceptionGroup("g", [ValueError(1), TypeError(2), KeyError(3)])
except* ValueError, TypeError:
    pass
except* KeyError:
    print("keys")


def swallow():
    try:
        1 / 0
    finally:
        return "swallowed"


print(swallow())
for i in range(3):
    try:
        1 / 0
    finally:
        if i < 2:
            continue
        break
print(i)
