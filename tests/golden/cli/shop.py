"""What the golden traces and reports of tests/cli.rs are made of."""
import stock


def total(names):
    result = 0
    for name in names:
        try:
            result += stock.price(name)
        except KeyError as error:
            print("no price for", error)
    return result


if total(["tea", "milk", "gold"]) > 100:
    print("expensive")
else:
    print("cheap")
