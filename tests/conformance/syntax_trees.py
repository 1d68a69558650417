# trace: none
"""compile(..., PyCF_ONLY_AST): the nodes of a program with their fields and places, and making nodes by hand."""
import _ast

SOURCE = '''
import os.path as p, sys
from . import x
from ..a import b as c
@decorate(1)
# a comment
async def f(a, /, b: int = 1, *args: str, c, d=2, **kw) -> None:
    """doc"""
    global g
    async with a as b, c: await d
    async for i in j: continue
    else: break
    yield a; yield from b
    return
class C(A, metaclass=M, *bases, **more):
    x: int = 3
    (y): int
    def m(self): nonlocal z; return super().m()
if a: pass
elif b: pass
else: pass
while not a: x += 1
for i, (j, *k) in l: del i, j[0], k.x
try: raise A from B
except (A, B) as e: raise
except: assert a, 'text'
else: pass
finally: pass
try: pass
except* A: pass
match v:
    case 1 | -2.5 | 'a' 'b' | None if a > b: pass
    case [x, *_, y] | {'k': z, **rest}: pass
    case K(1, k=2) as whole: pass
    case m.n: pass
    case _: pass
type T[X: int, *Y, **Z] = list[X]
v = lambda a, *, b=1: (a if b else c, {**d, 'k': 1}, {1, *s}, [*t])
v = a and b or not c == d < e is not f not in g
v = [x async for x in y if z if w] + (x for x in y) @ sum(x for x in y)
v = {k: v for k, v in i}, {x for x in y}, x[1:2, ::3, ...], (yield)
v = 0xff + 1_000 + 10**30 + 12345678901234567890123 + 1.5e3 + 2j, True, ~a, b'x' b'y', u'u', 'é' "ü"
v = f'a{x!r:>{w}}b{y=}{{}}' 'tail' f"{z:%Y}" (n := 1)
'''


def show(node, depth=0):
    pad = '  ' * depth
    for field in node._fields:
        value = getattr(node, field)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, _ast.AST):
                places = [getattr(item, a) for a in item._attributes]
                print(f'{pad}{field}: {type(item).__name__} {places if places else ""}')
                show(item, depth + 1)
            else:
                print(f'{pad}{field} = {item!r}')


show(compile(SOURCE.replace('x' * 99, ''), '<source>', 'exec', _ast.PyCF_ONLY_AST))
show(compile('a + 1', '<source>', 'eval', _ast.PyCF_ONLY_AST))
show(compile('a; b\n', '<source>', 'single', _ast.PyCF_ONLY_AST))
tree = compile('a + b * c', '<source>', 'eval', _ast.PyCF_ONLY_AST)
print(tree.body.left.ctx is tree.body.right.left.ctx, compile(tree, '', 'eval', _ast.PyCF_ONLY_AST) is tree)
for wrong in ('a b', '  a'):
    try:
        compile(wrong, '<source>', 'eval', _ast.PyCF_ONLY_AST)
    except SyntaxError as e:
        print(type(e).__name__, e)
    try:
        compile(wrong, '<source>', 'eval')
    except SyntaxError as e:
        print(type(e).__name__, e)

node = _ast.Name('x', _ast.Load(), lineno=1)
print(node.id, type(node.ctx).__name__, node.lineno, hasattr(node, 'col_offset'), node.end_lineno)
print(_ast.Name._fields, _ast.Name._attributes, _ast.Name.__doc__, _ast.Name.__match_args__, _ast.Name.__mro__[1].__name__)
print(type(_ast.Name('x').ctx).__name__, _ast.Module().body, _ast.Return().value, _ast.FunctionDef._field_types['returns'])
for wrong in (lambda: _ast.Name('a', 'b', 'c'), lambda: _ast.Name('a', id='b')):
    try:
        wrong()
    except TypeError as e:
        print(e)
print(_ast.Name('x').__reduce__()[2]['id'])
