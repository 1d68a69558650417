//! The exception classes.

mod base;
mod group;
mod import;
mod os;
mod stop;
mod syntax;
mod traceback;
mod unicode;

use crate::object::exception::Exception;
use crate::object::function::Native;
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{ANY, NativeFn, def_kw, typed};
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    base::install(vm);
    group::install(vm);
    stop::install(vm);
    import::install(vm);
    os::install(vm);
    syntax::install(vm);
    unicode::install(vm);
    traceback::install(vm);
    own_constructors(vm);
}

/// Gives each class a `__new__` and an `__init__` of its own, as in CPython: `super().__init__` is `Exception.__init__`
/// there and not `BaseException.__init__`, which is what monitoring shows.  (`ExceptionGroup` is made as by a statement.)
fn own_constructors(vm: &mut Vm) {
    let (new, init) = (vm.types().names.__new__.clone(), vm.types().names.__init__.clone());
    let all: Vec<Ref<Type>> = vm.types().all().into_iter().filter(|t| t.has(type_flags::EXCEPTION)).cloned().collect();
    let t = vm.types();
    let by_statement = t.ExceptionGroup.clone();
    // What has fields of its own inherits `__new__`.
    let inheriting = [
        &t.SystemExit,
        &t.AttributeError,
        &t.ImportError,
        &t.NameError,
        &t.StopIteration,
        &t.SyntaxError,
        &t.KeyError,
        &t.OSError,
    ]
    .map(Ref::clone);
    for class in all.into_iter().filter(|class| !class.is(&by_statement)) {
        let inherited = |name: &Ref<Str>| match class.dict.get_str(name) {
            None => class.lookup(name).and_then(|v| v.downcast::<Native>().map(|native| native.def.entry)),
            Some(_) => None,
        };
        let (inherited_new, inherited_init) = (inherited(&new), inherited(&init));
        if let Some(entry) = inherited_new
            && !inheriting.iter().any(|other| class.is_subclass(other))
        {
            vm.add_static(&class, &[def_kw("__new__", 1, ANY, typed(entry))]);
        }
        if let Some(entry) = inherited_init {
            add_init(vm, &class, typed(entry));
        }
    }
}

/// The exception that a method works on.
fn this(vm: &mut Vm, a: Args<'_>) -> R<Ref<Exception>> {
    match a.get(0).and_then(|v| v.downcast::<Exception>()) {
        Some(x) => Ok(x.clone()),
        None => Err(vm.type_error("descriptor of 'BaseException' needs an exception")),
    }
}

/// `args` of an exception from the arguments behind the receiver.
fn set_args(vm: &Vm, x: &Exception, a: Args<'_>) {
    let args = &a.pos[1..];
    // `__new__` has taken the same ones, as a rule.
    let are_set = {
        let present = x.args.borrow();
        present.len() == args.len() && present.iter().zip(args).all(|(a, b)| a.is(b))
    };
    if !are_set {
        x.args.set(Tuple::new(&vm.heap, args.iter().cloned()));
    }
}

/// Gives a class its `__init__`.
fn add_init(vm: &mut Vm, class: &Ref<Type>, init: NativeFn) {
    vm.add_methods(class, &[def_kw("__init__", 1, ANY, init)]);
}

/// Getter and setter of a member in `Exception::fields`.  Reading one that is not set gives None; deleting unsets it.
macro_rules! members {
    ($vm:expr, $class:expr, $($name:literal => $index:expr),* $(,)?) => {
        $(
            $vm.add_member(
                $class,
                $name,
                |_, a| {
                    let x = a.pos[0].downcast::<$crate::object::exception::Exception>();
                    Ok(x.and_then(|x| x.field($index)).unwrap_or($crate::object::value::Value::NONE))
                },
                Some(|_, a| {
                    if let Some(x) = a.pos[0].downcast::<$crate::object::exception::Exception>() {
                        x.set_field($index, a.get(1).cloned());
                    }
                    Ok($crate::object::value::Value::NONE)
                }),
            );
        )*
    };
}
use members;

/// The keyword arguments of an `__init__` that knows these; TypeError with CPython's words for others.
fn keywords<const N: usize>(vm: &mut Vm, a: Args<'_>, function: &str, known: [&str; N]) -> R<[Option<Value>; N]> {
    if a.names.len() > N {
        let plural = if N == 1 { "" } else { "s" };
        let n = a.names.len();
        return Err(vm.type_error(format!("{function}() takes at most {N} keyword argument{plural} ({n} given)")));
    }
    a.check_keywords(vm, function, &known)?;
    Ok(known.map(|name| a.keyword(name).cloned()))
}

/// Refuses keyword arguments.
fn no_keywords(vm: &mut Vm, a: Args<'_>, class: &str) -> R<()> {
    if a.names.is_empty() { Ok(()) } else { Err(vm.type_error(format!("{class}() takes no keyword arguments"))) }
}
