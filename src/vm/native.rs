//! Functions written in Rust that Python code can call: how they are declared and made.

use crate::object::cell::Mut;
use crate::object::function::{Entry, Native, NativeDef};
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// The arguments of a native call, borrowed from the caller's registers.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    /// Positional arguments; a method's receiver is the first.
    pub pos: &'a [Value],
    /// Names of the keyword arguments (interned strs), and their values in the same order.
    pub names: &'a [Value],
    pub values: &'a [Value],
}

/// A function written in Rust.
pub type NativeFn = fn(&mut Vm, Args<'_>) -> R;

/// A row of a table of native functions.  `min` and `max` count positional arguments, a method's receiver included;
/// calls with fewer or more are refused with CPython's words before the function is entered.
pub struct Def {
    pub name: &'static str,
    pub min: u16,
    pub max: u16,
    /// Takes keyword arguments; otherwise they are refused.
    pub keywords: bool,
    /// Of a generator it asks for no more than to be resumed ([`NativeDef::resumes`]).
    pub resumes: bool,
    pub doc: &'static str,
    pub function: NativeFn,
}

/// No upper limit for [`Def::max`].
pub const ANY: u16 = u16::MAX;

/// A row for positional arguments only.
pub const fn def(name: &'static str, min: u16, max: u16, function: NativeFn) -> Def {
    Def { name, min, max, keywords: false, resumes: false, doc: "", function }
}

/// A row for a function that resumes a generator.
pub const fn def_resume(name: &'static str, min: u16, max: u16, function: NativeFn) -> Def {
    Def { resumes: true, ..def(name, min, max, function) }
}

/// A row for a function that also takes keyword arguments.
pub const fn def_kw(name: &'static str, min: u16, max: u16, function: NativeFn) -> Def {
    Def { name, min, max, keywords: true, resumes: false, doc: "", function }
}

impl<'a> Args<'a> {
    pub fn positional(pos: &'a [Value]) -> Args<'a> {
        Args { pos, names: &[], values: &[] }
    }

    /// The positional argument at `i`, if it was given.
    pub fn get(&self, i: usize) -> Option<&'a Value> {
        self.pos.get(i)
    }

    /// A keyword argument.
    pub fn keyword(&self, name: &str) -> Option<&'a Value> {
        let i = self.names.iter().position(|n| n.downcast::<Str>().and_then(|s| s.as_ascii()) == Some(name))?;
        self.values.get(i)
    }

    /// An argument that may come by position or by name.
    pub fn get_or_keyword(&self, i: usize, name: &str) -> Option<&'a Value> {
        self.pos.get(i).or_else(|| self.keyword(name))
    }

    /// Refuses keyword arguments that are not in `known`.
    pub fn check_keywords(&self, vm: &mut Vm, function: &str, known: &[&str]) -> R<()> {
        for n in self.names {
            let name = n.downcast::<Str>().map(|s| s.to_string()).unwrap_or_default();
            if !known.contains(&name.as_str()) {
                return Err(vm.type_error(format!("{function}() got an unexpected keyword argument '{name}'")));
            }
        }
        Ok(())
    }
}

/// Forgets the type of a native function so that an object can hold it.
pub fn erase(f: NativeFn) -> Entry {
    Entry(f as *const ())
}

/// The native function of an entry.
#[inline(always)]
pub fn typed(e: Entry) -> NativeFn {
    // SAFETY: entries are made by `erase` alone, from functions of this type.
    unsafe { std::mem::transmute::<*const (), NativeFn>(e.0) }
}

/// The special methods that CPython makes from slots, but for those of operators.
const SLOTS: &[&str] = &[
    "__getattribute__",
    "__getattr__",
    "__setattr__",
    "__delattr__",
    "__repr__",
    "__hash__",
    "__call__",
    "__str__",
    "__lt__",
    "__le__",
    "__eq__",
    "__ne__",
    "__gt__",
    "__ge__",
    "__iter__",
    "__next__",
    "__get__",
    "__set__",
    "__delete__",
    "__init__",
    "__new__",
    "__del__",
    "__buffer__",
    "__release_buffer__",
    "__await__",
    "__aiter__",
    "__anext__",
    "__len__",
    "__getitem__",
    "__setitem__",
    "__delitem__",
    "__contains__",
    "__neg__",
    "__pos__",
    "__abs__",
    "__bool__",
    "__invert__",
    "__int__",
    "__float__",
    "__index__",
];

/// The operators of two operands: each is a slot as itself, reflected and in place.
const OPERATORS: &[&str] = &[
    "add", "sub", "mul", "mod", "divmod", "pow", "lshift", "rshift", "and", "xor", "or", "floordiv", "truediv",
    "matmul",
];

/// Whether CPython makes a special method of a built-in class from a slot, so that it is a `wrapper_descriptor`; the
/// others, and those that are faster as methods, are `method_descriptor`s.
fn is_slot(class: &str, name: &str) -> bool {
    match name {
        "__getitem__" => !matches!(class, "dict" | "list"),
        "__contains__" => !matches!(class, "dict" | "set" | "frozenset"),
        _ => {
            let Some(bare) = name.strip_prefix("__").and_then(|n| n.strip_suffix("__")) else { return false };
            let operator = |n: &str| OPERATORS.contains(&n);
            SLOTS.contains(&name) || operator(bare) || bare.strip_prefix(['r', 'i']).is_some_and(operator)
        }
    }
}

impl Vm {
    fn native_def(&self, d: &Def) -> NativeDef {
        NativeDef {
            name: d.name,
            doc: d.doc,
            entry: erase(d.function),
            min_args: d.min,
            max_args: d.max,
            takes_keywords: d.keywords,
            resumes: d.resumes,
        }
    }

    /// A `builtin_function_or_method`, free (`bound` None) or bound.
    pub fn native_function(&self, d: &Def, module: Value) -> Ref<Native> {
        self.heap.alloc(
            &self.types().builtin_function,
            Native { def: self.native_def(d), bound: None, owner: None, setter: None, module: Mut::new(module) },
        )
    }

    /// Gives a built-in class methods: names with two underscores become `wrapper_descriptor`s, others
    /// `method_descriptor`s, as in CPython.
    pub fn add_methods(&self, class: &Ref<Type>, rows: &[Def]) {
        let class_name = class.name_str();
        class.dict.reserve(&self.heap, rows.len());
        for d in rows {
            let ty = if is_slot(&class_name, d.name) {
                &self.types().wrapper_descriptor
            } else {
                &self.types().method_descriptor
            };
            self.add_native(class, d, ty.clone());
        }
        class.modified();
    }

    /// Gives a built-in class class methods; the function gets the class first.
    pub fn add_class_methods(&self, class: &Ref<Type>, rows: &[Def]) {
        for d in rows {
            self.add_native(class, d, self.types().classmethod_descriptor.clone());
        }
        class.modified();
    }

    /// Gives a built-in class static functions (`__new__`, `str.maketrans`); the function gets the arguments as they are.
    pub fn add_static(&self, class: &Ref<Type>, rows: &[Def]) {
        for d in rows {
            self.add_native(class, d, self.types().builtin_function.clone());
        }
        class.modified();
    }

    /// A getset descriptor: `get` gets the instance; `set` the instance and the new value (or the instance alone, to
    /// delete).
    pub fn add_getset(&self, class: &Ref<Type>, name: &'static str, get: NativeFn, set: Option<NativeFn>) {
        self.add_data_descriptor(&self.types().getset_descriptor, class, name, get, set);
    }

    /// The same as a `member_descriptor`, for what is a plain field in CPython.
    pub fn add_member(&self, class: &Ref<Type>, name: &'static str, get: NativeFn, set: Option<NativeFn>) {
        self.add_data_descriptor(&self.types().member_descriptor, class, name, get, set);
    }

    fn add_data_descriptor(
        &self,
        kind: &Ref<Type>,
        class: &Ref<Type>,
        name: &'static str,
        get: NativeFn,
        set: Option<NativeFn>,
    ) {
        let d = def(name, 1, 1, get);
        let native = self.heap.alloc(
            kind,
            Native {
                def: self.native_def(&d),
                bound: None,
                owner: Some(class.clone()),
                setter: set.map(erase),
                module: Mut::new(Value::NONE),
            },
        );
        class.dict.set_str(&self.heap, &self.intern(name), native.into());
        class.modified();
    }

    /// The caller says that the class is modified.
    fn add_native(&self, class: &Ref<Type>, d: &Def, ty: Ref<Type>) {
        let native = self.heap.alloc(
            &ty,
            Native {
                def: self.native_def(d),
                bound: None,
                owner: Some(class.clone()),
                setter: None,
                module: Mut::new(Value::NONE),
            },
        );
        class.dict.set_str(&self.heap, &self.intern(d.name), native.into());
    }
}
