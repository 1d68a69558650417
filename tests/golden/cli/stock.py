PRICES = {"tea": 3, "milk": 1}


def price(name):
    if name == "free":
        return 0
    return PRICES[name]


def restock(names):
    for name in names:
        PRICES[name] = 1
