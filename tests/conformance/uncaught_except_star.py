# ends: traceback
"""The traceback of what except* leaves and of what its handlers raise."""


def raises():
    raise ExceptionGroup("many", [ValueError(i) for i in range(17)] + [TypeError("t"), KeyError("k")])


try:
    raises()
except* TypeError as e:
    raise OSError("handler failed") from e
except* KeyError:
    print("handled")
