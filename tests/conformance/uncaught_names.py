# ends: traceback
"""What a traceback says of names that are not defined: a close one, one of `self`, one of a module to import."""


class Counter:
    step = 1

    def __init__(self):
        self.total = 0

    def add(self, amount):
        total_of_all = amount
        return total


def misspelled(value):
    counted = value

    def inner():
        return countd + counted

    return inner()


def class_body():
    class Body:
        alpha = 1
        beta = alpah


def module_level_name():
    return misspeled(1)


def module_to_import():
    return random.random()


def module_or_name():
    maths = 1
    return math.floor(maths)


def no_idea():
    return qqqqqqqqqqqqqqq


def builtin():
    return pritn("x")


def chain(functions):
    if functions:
        try:
            functions[0]()
        except NameError:
            chain(functions[1:])
            raise
    else:
        return Counter().add(2)


chain([lambda: misspelled(1), class_body, module_level_name, module_to_import, module_or_name, no_idea, builtin])
