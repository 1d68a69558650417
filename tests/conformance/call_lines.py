"""Where exceptions that come out of calls over lines have their events: on the line in front of the call."""


class Refusal:
    def take(self, *values, **named):
        raise LookupError(len(values))

    def pair(self, left, right):
        return self.take(left, right)


def refuse(*values, **named):
    raise ValueError(len(values))


def constants():
    refuse(1,
           2)


def variables(refusal, x):
    refuse(
        x,
        refusal
    )


def comprehension(refusal, values):
    refusal.pair(
        [v for v in values],
        refusal.take)


def generator(refusal, values):
    refusal.pair(
        "first",
        (v
         for v in values))


def nested(refusal, x):
    refuse(1, refusal,
           len([x,
                1]),
           x + 1)


def conditional(refusal, x):
    refusal.take(x,
                 1 if x
                 else 2)


def named(x):
    refuse(x,
           y=x,
           z=1)


def starred(x):
    refuse(*x,
           1)


def attribute(refusal):
    return (refusal
            .take
            .__func__(refusal,
                      1))


def text(refusal, x):
    refusal.take(f"{x}"
                 "y", f"{
                     x}")


def suppressed(refusal, x):
    try:
        refuse(x,
               [x for x in (1,)])
    except ValueError as error: refusal.take(
        error,
        None)


refusal = Refusal()
for function, *values in (
    (constants,), (variables, refusal, 3), (comprehension, refusal, (1, 2)), (generator, refusal, (1, 2)),
    (nested, refusal, 3), (conditional, refusal, 0), (conditional, refusal, 1), (named, 1), (starred, (1, 2)),
    (attribute, refusal), (text, refusal, 1), (suppressed, refusal, 1),
):
    try:
        function(*values)
    except Exception as error:
        trace = error.__traceback__
        while trace:
            print(function.__name__, repr(error), trace.tb_lineno)
            trace = trace.tb_next
