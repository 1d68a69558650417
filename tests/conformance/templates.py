# trace: none
# python: 3.14
"""t-strings (PEP 750): templates, interpolations, their parts."""


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


name, width, values = "World", 8, [1, 2]
t = t"Hello {name!r:>{width}}, {values[0] + 1}{name=}{name=:>3}!"
print(t)
print(t.strings, t.values)
for part in t:
    print(type(part).__name__, part)
for i in t.interpolations:
    print(i.value, i.expression, i.conversion, repr(i.format_spec))
Template, Interpolation = type(t), type(t.interpolations[0])
print(t + t"?", t"" + t"", list(t""))
print(t"a{1}" t"b{2}c")
print(Template("a", "b", Interpolation(1, "x"), Interpolation(2)))
for make in (
    lambda: Template(1),
    lambda: Template(x=1),
    lambda: Interpolation(),
    lambda: Interpolation(1, 2),
    lambda: Interpolation(1, "a", "z"),
    lambda: Interpolation(1, "a", "r", 3),
    lambda: t + "x",
    lambda: t.strings[0] + t,
    lambda: t"a" == t"a",
    lambda: t.missing,
    lambda: setattr(t, "strings", ()),
    lambda: setattr(t.interpolations[0], "value", 1),
    lambda: t"{undefined}",
):
    show(make)


def html(template):
    out = []
    for part in template:
        match part:
            case str():
                out.append(part)
            case Interpolation(value, _, conversion, spec):
                text = repr(value) if conversion == "r" else format(value, spec)
                out.append(text.replace("<", "&lt;").replace(">", "&gt;"))
    return "".join(out)


evil = "<script>"
print(html(t"<p>{evil}</p><b>{evil!r}</b>{3.14159:.2f}"))
print(t"{(lambda: 5)()}".values, t'{"quoted"}'.interpolations[0].expression)
print(rt"\d{1}\n".strings, t"{{}}".strings)
