"""The namespaces of built-in types have their names in the order of one table, special methods by the slot that they fill;
CPython's have them in the order of its C tables.

CPython 3.13 prints:
    ['__new__', '__getattribute__', '__get__', '__set__', '__delete__', '__init__']

execmon prints:
    ['__new__', '__init__', '__get__', '__set__', '__delete__', 'getter']
"""

print(list(vars(property))[:6])
