//! Names that the VM and the built-in functions look up, interned once per heap: the one list of them.

use crate::object::header::Ref;
use crate::object::heap::Heap;
use crate::object::str::Str;
use crate::object::types::Type;

macro_rules! names {
    ($($id:ident)*) => {
        /// One field per name.
        #[allow(non_snake_case)]
        pub struct Names { $(pub $id: Ref<Str>,)* }

        impl Names {
            pub(in crate::object) fn new(heap: &Heap, str: &Ref<Type>) -> Names {
                Names { $($id: heap.interned.intern(&Str::ascii_of_class(heap, str, stringify!($id))),)* }
            }

            pub(in crate::object) fn forget(self) {
                $(std::mem::forget(self.$id);)*
            }
        }
    };
}

names! {
    __abs__ __add__ __and__ __annotate__ __annotations__ __await__ __bases__ __bool__ __bytes__ __call__ __cause__ __ceil__
    __class__ __class_getitem__ __classcell__ __closure__ __code__ __complex__ __contains__ __context__ __defaults__ __del__
    __delattr__ __delete__ __delitem__ __dict__ __dir__ __divmod__ __doc__ __enter__ __eq__ __exit__ __file__ __float__ __floor__
    __floordiv__ __format__ __ge__ __get__ __getattr__ __getattribute__ __getitem__ __globals__ __gt__ __hash__ __iadd__
    __iand__ __ifloordiv__ __ilshift__ __imatmul__ __imod__ __imul__ __index__ __init__ __init_subclass__ __int__ __invert__
    __ior__ __ipow__ __irshift__ __isub__ __iter__ __itruediv__ __ixor__ __kwdefaults__ __le__ __len__ __length_hint__
    __lshift__ __lt__ __main__ __match_args__ __matmul__ __missing__ __mod__ __module__ __mro__ __mul__ __name__ __ne__ __neg__
    __new__ __next__ __notes__ __or__ __path__ __package__ __loader__ __spec__ __builtins__ __pos__ __pow__ __prepare__
    __qualname__ __radd__ __rand__ __rdivmod__ __repr__ __reversed__ __rfloordiv__ __rlshift__ __rmatmul__ __rmod__ __rmul__
    __ror__ __round__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__ __set__ __set_name__ __setattr__
    __setitem__ __slots__ __static_attributes__ __firstlineno__ __str__ __sub__ __subclasscheck__ __instancecheck__
    __suppress_context__ __traceback__ __truediv__ __trunc__ __type_params__ __weakref__ __xor__ __import__ __build_class__
    __all__ __wrapped__ __func__ __self__ __objclass__ __subclasses__
    __aenter__ __aexit__ __aiter__ __anext__ __orig_class__ __parameters__ __typing_subst__
    args builtins close end errno file filename flush key keys metaclass modules msg name obj offset path send sep stderr stdout
    strerror string text throw value values write encoding errors default reverse start stop step
}
