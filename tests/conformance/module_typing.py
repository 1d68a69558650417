"""_typing: type parameters and aliases made by calls."""
from _typing import TypeVar, ParamSpec, TypeVarTuple, ParamSpecArgs, ParamSpecKwargs, TypeAliasType, NoDefault


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


T = TypeVar('T')
K = TypeVar('K', covariant=True)
C = TypeVar('C', contravariant=True)
I = TypeVar('I', infer_variance=True)
S = TypeVar('S', str, bytes)
D = TypeVar('D', default=int)
P = ParamSpec('P')
Ts = TypeVarTuple('Ts')
print(T, K, C, I, S, D, P, Ts)
print(T.__name__, T.__module__, T.__bound__, T.__constraints__, S.__constraints__, T.__default__, D.__default__)
print(T.has_default(), D.has_default(), P.has_default(), Ts.has_default(), NoDefault, T.__default__ is NoDefault)
print([(v.__covariant__, v.__contravariant__, v.__infer_variance__) for v in (T, K, C, I, P)])
print(P.args, P.kwargs, P.args == P.args, P.args == P.kwargs, P.args.__origin__ is P)
print(ParamSpecArgs(P), ParamSpecKwargs(origin=P), ParamSpecArgs(P) == P.args)
print(type(NoDefault).__name__, type(NoDefault)() is NoDefault)
A = TypeAliasType('A', list[T], type_params=(T,))
B = TypeAliasType('B', int)
print(A, A.__name__, A.__value__, A.__type_params__, A.__parameters__, A.__module__, A[int], B.__type_params__)
print(list[T][int], dict[T, S][int, str], dict[str, T].__parameters__)
T.extra = 1
print(T.extra, T.__reduce__())

for wrong in (
    lambda: TypeVar(),
    lambda: TypeVar(1),
    lambda: TypeVar('X', int),
    lambda: TypeVar('X', covariant=True, contravariant=True),
    lambda: TypeVar('X', covariant=True, infer_variance=True),
    lambda: ParamSpec('X', covariant=True, contravariant=True),
    lambda: TypeAliasType('X'),
    lambda: TypeAliasType('X', int, type_params=[T]),
    lambda: B[int],
    lambda: list[T][int, str],
    lambda: list[int][str],
    lambda: type('X', (T,), {}),
    lambda: type('X', (P.args,), {}),
):
    show(wrong)


def generic[X, *Ys, **Z](x: X) -> X:
    return x


x, ys, z = generic.__type_params__
print(x, ys, z, x.__infer_variance__, x.__bound__, z.args, generic(3))
