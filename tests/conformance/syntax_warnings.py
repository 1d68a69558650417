"""What the compiler warns of: comparisons of identity with literals, assertions of tuples, missing commas."""


def show(source, mode="exec"):
    print(source)
    compile(source, "<warned>", mode)


show("x = 1\nx is 1")
show("x is not 'text'")
show("x is y is b'1'")
show("1.5 is x")
show("x is (1, 2)")
show("x is (1, y)")
show("x is None is True is ... is y")
show("x is 1j", "eval")
show("assert (x, 'message')")
show("assert ()")
show("[(1, 2) (3, 4)]")
show("[[1] (2)]")
show("{1: 2}()")
show("(i for i in x)()")
show("f'{x}' (y)")
show("'a' 'b' ()")
show("None()")
show("(lambda: 1)()")
show("[(1, 2) ['a']]")
show("[[1, 2] [3, 4]]")
show("'text'[1.5]")
show("b'text'[x]")
show("[1][True]")
show("f'{x}'['a']")
show("{1, 2}[0]")
show("5[0]")
show("...[0]")
show("[1, 2][1:2]")
show("5[0] = 1")


def inner():
    show("lambda: x is 2")
    show("class C:\n    def f(self, x=y is 3):\n        return [i is 4 for i in x]")


inner()
