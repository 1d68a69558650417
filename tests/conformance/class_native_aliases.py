"""Methods of built-in classes under other special names."""


class M(dict):
    __setattr__ = dict.__setitem__
    __delattr__ = dict.__delitem__
    __getattr__ = dict.__getitem__
m = M(a=1); m.b = 2; print(m, m.b, m.a)
del m.b; print(m)
class N(dict):
    __call__ = dict.get
    __len__ = dict.__contains__ if False else dict.__len__
    __iter__ = dict.values
    __getitem__ = dict.get
    __contains__ = dict.__delitem__
n = N(a=1); print(n("a"), n["zz"])
try: print(list(n))
except TypeError as e: print(e)
try: print("a" in n)
except Exception as e: print(type(e), e)
print(n)
class L(list):
    __call__ = list.append
    __add__ = list.__mul__
    __len__ = list.pop
    __eq__ = list.__lt__
    __hash__ = list.__len__
    __str__ = list.__repr__
    __bool__ = list.__len__
    __iter__ = list.__reversed__
    __getattr__ = list.index
l = L([1, 2, 3]); l(4); print(l, l + 2, len(l), l == [5], hash(l), str(l), [*l])
try: print(bool(l))
except TypeError as e: print(e)
class S(str):
    __getitem__ = str.find
    __len__ = str.__hash__
    __repr__ = str.upper
    __contains__ = str.startswith
    __iter__ = str.split
    __mod__ = str.join
s = S("ab cd"); print(s["c"], repr(s), "ab" in s, "cd" in s, s % ["x", "y"])
class I(int):
    __add__ = int.__sub__
    __str__ = hex
    __bool__ = int.__eq__
    __index__ = int.bit_length
    __lt__ = int.__gt__
i = I(5); print(i + 1, i < 3, 1 + i, sorted([I(1), I(3), I(2)]))
