# trace: none
"""Members of code objects: lines, positions, replace."""


def f(a, b=2, *c, d, **e):
    x = a
    for i in range(3):
        if i > a:
            x += i
        else:
            continue
    while x:
        x -= 1
    try:
        return [
            y
            for y in e
            if y
        ]
    finally:
        x = 0


def gen():
    yield 1


def lines(code):
    return sorted({line for _, _, line in code.co_lines() if line is not None})


def show(code):
    print(code.co_name, lines(code))
    end = 0
    for first, last, _ in code.co_lines():
        assert first == end < last
        end = last
    positions = list(code.co_positions())
    assert end == 2 * len(positions)
    print({p[0] for p in positions} - {None} == set(lines(code)) - {None}, len(positions[0]))
    for start, stop, line in code.co_lines():
        assert all(positions[i // 2][0] == line for i in range(start, stop, 2))


show(f.__code__)
show(gen.__code__)
code = f.__code__
print(code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_nlocals, code.co_varnames)
print(code.co_flags & 0x2C, gen.__code__.co_flags & 0x20)
print(code.co_filename == __file__, code.co_firstlineno, code.co_qualname)
print(type(code.co_code), code.co_stacksize > 0)

other = code.replace(co_name="renamed", co_qualname="x.renamed", co_firstlineno=99, co_filename="other.py")
print(other.co_name, other.co_qualname, other.co_firstlineno, other.co_filename, code.co_name)
f.__code__ = other
print(f(1, d=0, k=5), f.__name__)


def constant():
    return 12345


changed = tuple(54321 if c == 12345 else c for c in constant.__code__.co_consts)
constant.__code__ = constant.__code__.replace(co_consts=changed)
print(constant())


def fails(x):
    return (
        x +
        x.missing(
            1)
    )


try:
    fails(1)
except AttributeError as e:
    tb = e.__traceback__.tb_next
    print(list(tb.tb_frame.f_code.co_positions())[tb.tb_lasti // 2])
for wrong in ({"co_nothing": 1}, {"co_name": 1}, {"co_consts": 5}):
    try:
        code.replace(**wrong)
    except (TypeError, NotImplementedError) as e:
        print(type(e).__name__ if "co_nothing" not in wrong else "refused")
