"""zip and enumerate over every kind of iterator, how they end, and what they have taken by then."""

letters = "abc"
numbers = [1, 2, 3, 4]


def counted():
    for i in range(3):
        print("count", i)
        yield i


def all_of(iterator):
    out = []
    for item in iterator:
        out.append(item)
    return out


print(all_of(zip(letters, numbers)))
print(all_of(zip(numbers, letters, (7, 8, 9))))
print(all_of(zip(range(9), reversed(numbers), letters, b"xyz")))
print(all_of(enumerate(zip(numbers, letters), 5)))
print(all_of(enumerate(enumerate(letters))))
print(all_of(zip(enumerate(letters), numbers)))
print(all_of(zip(numbers, counted())))
print(all_of(zip(counted(), letters, numbers)))
print(list(zip({1: 2, 3: 4}, {5: 6}.items(), {7}.__iter__(), letters)))
print(dict(zip(letters, numbers)), max(enumerate(numbers), key=lambda pair: pair[1]))
print(list(zip("aäb", "€uro", "😀ok")))

# What is taken from the first when a later one is at its end.
first, second = iter(numbers), iter("ab")
print(list(zip(first, second)), list(first))
first, second, third = iter(numbers), iter("abc"), iter(())
print(list(zip(first, second, third)), list(first), list(second))
first = iter(numbers)
print(list(zip(first, first)), list(zip(*[iter(range(9))] * 3)))
first = iter(numbers)
print(list(zip(enumerate(first), first)), list(first))
first = iter(numbers)
print(list(zip(first, letters, first)), list(first))

# What changes on the way.
growing = [1]
for item, other in zip(growing, range(5)):
    growing.append(item + 1)
print(growing)
shrinking = [1, 2, 3, 4, 5]
for item in reversed(shrinking):
    shrinking.pop()
    print(item, shrinking)
table = {1: "a", 2: "b"}
try:
    for key in table:
        table[key + 10] = key
except RuntimeError as e:
    print(e)
try:
    for key in table:
        del table[key]
        table[key] = key
except RuntimeError as e:
    print(e)
for key in dict.fromkeys("xyz"):
    print(key, end=" ")
for value in {"p": 1, "q": 2}.values():
    print(value)

for strict in (zip("ab", "a", strict=True), zip("a", "ab", strict=True), zip("ab", [1, 2], strict=True)):
    try:
        print(list(strict))
    except ValueError as e:
        print(e)

for index, (number, letter) in enumerate(zip(numbers, letters)):
    if index == 1:
        continue
    print(index, number, letter)
else:
    print("done")


class Text(str):
    def __iter__(self):
        print("iter")
        return super().__iter__()


print([c for c in Text("hé")], [c for c in "plain"], [c for c in "ünï"])
