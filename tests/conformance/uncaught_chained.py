# ends: traceback
"""An uncaught exception with a cause and a context, over lines."""


class ConfigError(Exception):
    pass


class Store:
    def __init__(self):
        self.data = {"a": 1}

    def load(self, key):
        return self.data[key]


def configure(store, key):
    try:
        return store.load(key)
    except KeyError as error:
        raise ConfigError(
            "no such key",
            key,
        ) from error


def fallback(store):
    try:
        configure(store, "b")
    except ConfigError:
        return int(
            "not a number"
        )


print(configure(Store(), "a"))
fallback(Store())
