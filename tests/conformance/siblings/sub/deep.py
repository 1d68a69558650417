"""A module two packages deep, with relative imports."""

from .. import helper


def where():
    return f"{__name__} {helper.CONSTANT}"
