# trace: none
"""compile() of syntax trees: trees of sources, trees that programs make, and trees that are none.

Without a trace, because giving every node a place takes five times as many events as a program here may have.
"""
import _ast
from _ast import *

ONLY_AST = 0x400


def place(node):
    """Gives every node below one the place of the first line, where it has none."""
    if isinstance(node, AST):
        for name in node._attributes:
            if getattr(node, name, None) is None:
                setattr(node, name, 1 if "line" in name else 0)
        for name in node._fields:
            place(getattr(node, name, None))
    elif isinstance(node, list):
        for item in node:
            place(item)
    return node


def module(*body):
    return place(Module(list(body), []))


def expression(value):
    return place(Expression(value))


def name(text="x", context=None):
    return Name(text, context or Load())


def no_arguments(**fields):
    empty = {"posonlyargs": [], "args": [], "vararg": None, "kwonlyargs": [], "kw_defaults": [], "kwarg": None, "defaults": []}
    return arguments(**(empty | fields))


source = '''
def outer(a, /, b: int = 2, *args, c=3, **kw) -> str:
    "doc"
    total = (a + b) * -c ** 2
    for x, *rest in [(1, 2, 3)]:
        total += x
    else:
        total -= 1
    try:
        if a > 1: return f"{a!r:>{b}} {{}} {total=}"
        elif a: raise ValueError(a) from None
        else: pass
    except (ValueError, TypeError) as error:
        return [error for error in (error,) if error], {k: v for k, v in kw.items()}, a[1:2] if 0 else lambda: (yield)
    finally:
        del total
    with open(a) as f, b: pass
    match a:
        case {"k": [1, *_], **other} if other: pass
        case Point(x=0) | Point(0, y=[]): pass
        case None | -1 | 1 + 2j | "s" as t: pass
'''
tree = compile(source, "source", "exec", ONLY_AST)


def table(code):
    inner = [table(c) if hasattr(c, "co_code") else repr(c) for c in code.co_consts]
    return code.co_name, code.co_firstlineno, code.co_code, list(code.co_positions()), code.co_names, code.co_varnames, inner


print(table(compile(tree, "source", "exec")) == table(compile(source, "source", "exec")))
space = {}
exec(compile(tree, "source", "exec"), space)
print(space["outer"](5, key=1), callable(space["outer"](1, 9, key=1)[1]), space["outer"].__doc__)
print(compile(tree, "source", "exec", ONLY_AST) is tree)

for value in (-1, 10**30, 1.5, -0.0, float("inf"), 2j, 1 + 2j, "a\"'\\\n\0\u00e9{}", b"\x00\"\\", (1, (2, "a"), ()), True, ..., None):
    got = eval(compile(expression(Constant(value)), "constant", "eval"))
    print(repr(got), type(got) is type(value))
for made in (
    BinOp(Constant(-1), Pow(), Constant(2)),
    UnaryOp(USub(), BinOp(Constant(2), Pow(), UnaryOp(USub(), Constant(1)))),
    BinOp(BinOp(Constant(7), Sub(), Constant(2)), Sub(), BinOp(Constant(3), Sub(), Constant(4))),
    BoolOp(Or(), [BoolOp(And(), [Constant(0), Constant(1)]), BoolOp(Or(), [Constant(""), Constant("z")])]),
    JoinedStr([Constant('a{"'), FormattedValue(Constant(5), 114, JoinedStr([Constant(">"), FormattedValue(Constant(4), -1)]))]),
    Compare(Compare(Constant(1), [Lt()], [Constant(2)]), [Eq(), NotEq()], [Constant(True), Constant(None)]),
    Attribute(Constant(1), "real", Load()),
    Set([]),
    NamedExpr(name("y", Store()), Constant(3)),
):
    print(repr(eval(compile(expression(made), "made", "eval"), {})))


def refused(make, mode="exec"):
    try:
        compile(make(), "wrong", mode)
    except (TypeError, ValueError, SyntaxError) as error:
        print(type(error).__name__, error)
    else:
        print("compiled")


refused(lambda: Expression(Constant(1)))
refused(lambda: module(), "eval")
refused(lambda: Module([Expr(Constant(1))], []))
refused(lambda: module(Expr(name("x", Store()))))
refused(lambda: module(Assign([], Constant(1))))
refused(lambda: module(Assign([name()], Constant(1))))
refused(lambda: module(Assign([Call(name(), [], [])], Constant(1))))
refused(lambda: module(Delete([name()])))
refused(lambda: module(FunctionDef("f", no_arguments(), [], [])))
refused(lambda: module(Try([Pass()], [], [], [])))
refused(lambda: module(Try([Pass()], [], [Pass()], [Pass()])))
refused(lambda: module(Raise(None, Constant(1))))
refused(lambda: module(Global([])))
refused(lambda: module(With([], [Pass()])))
refused(lambda: expression(BoolOp(And(), [name()])), "eval")
refused(lambda: expression(Dict([name()], [])), "eval")
refused(lambda: expression(Compare(name(), [Lt()], [])), "eval")
refused(lambda: expression(ListComp(name(), [])), "eval")
refused(lambda: expression(Constant([])), "eval")
refused(lambda: expression(name("None")), "eval")
refused(lambda: expression(name(5)), "eval")
refused(lambda: expression(Attribute(name(), None, Load())), "eval")
refused(lambda: expression(5), "eval")
refused(lambda: place(Module(5, [])))
refused(lambda: module(None))
refused(lambda: module(Pass(lineno="a")))
refused(lambda: module(Pass(lineno=5, col_offset=0, end_lineno=3, end_col_offset=0)))
refused(lambda: module(Pass(lineno=5, col_offset=4, end_lineno=5, end_col_offset=0)))
refused(lambda: module(Return(Constant(1))))
refused(lambda: module(Break()))
refused(lambda: expression(Lambda(no_arguments(defaults=[Constant(1)]), Constant(1))), "eval")
refused(lambda: module(Match(name(), [match_case(MatchOr([MatchAs()]), None, [Pass()])])))
refused(lambda: module(Match(name(), [match_case(MatchValue(name()), None, [Pass()])])))
refused(lambda: module(AnnAssign(Attribute(name(), "a", Store()), name(), None, 1)))

# A tree that has been changed: its places are those of the source.
tree = compile("def f(a):\n    if a:\n        return a\n    raise ValueError(\n        a)\n", "changed", "exec", ONLY_AST)
where = {"lineno": 2, "col_offset": 7, "end_lineno": 2, "end_col_offset": 8}
tree.body[0].body[0].test = UnaryOp(Not(), Name("a", Load(), **where), **where)
space = {}
exec(compile(tree, "changed", "exec"), space)
print(space["f"](0))
try:
    space["f"](1)
except ValueError as error:
    print(error, error.__traceback__.tb_next.tb_lineno)
exec(compile(place(Interactive([Expr(BinOp(Constant(1), Add(), Constant(1))), Expr(Constant("shown"))])), "typed", "single"))
