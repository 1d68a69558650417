# trace: none
"""_contextvars: variables with a value in each context."""
from _contextvars import Context, ContextVar, Token, copy_context

first = ContextVar('first', default=0)
second = ContextVar('second')


def show(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, str(e).split(' at 0x')[0])


print(first.name, first.get(), first.get(5), second.get('none'))
show(second.get)
token = first.set(1)
print(first.get(), token.old_value is Token.MISSING, token.var is first)
inner = first.set(2)
print(inner.old_value, first.get())
first.reset(inner)
print(first.get())
show(first.reset, inner)
show(second.reset, token)
first.reset(token)
print(first.get())

context = copy_context()


def change(value):
    first.set(value)
    return first.get(), len(copy_context())


print(context.run(change, 7), first.get(), context[first], first in context, second in context, len(context))
print(context.get(second), context.get(second, 'd'), [v is first for v in context], list(context.values()))
print(context == context.copy(), context == Context(), list(context.items()) == [(first, 7)])
show(lambda: context[second])
show(lambda: context['x'])
show(lambda: Context(1))
show(lambda: ContextVar(1))
show(lambda: ContextVar())


def again():
    return context.run(change, 8)


show(context.run, again)
print(Context().run(lambda: first.get()))
other = ContextVar('other')
outer_token = context.run(lambda: other.set(3))
show(other.reset, outer_token)
