//! `BaseException`: what all exceptions share.

use super::{set_args, this};
use crate::object::exception::{Exception, Traceback};
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let class = vm.types().BaseException.clone();
    vm.add_static(&class, &[def_kw("__new__", 1, ANY, new)]);
    vm.add_methods(&class, METHODS);
    vm.add_getset(&class, "args", |vm, a| Ok(this(vm, a)?.args.get().into()), Some(set_args_member));
    vm.add_getset(&class, "__traceback__", get_traceback, Some(set_traceback));
    vm.add_getset(&class, "__context__", get_context, Some(set_context));
    vm.add_getset(&class, "__cause__", get_cause, Some(set_cause));
    vm.add_member(&class, "__suppress_context__", get_suppress, Some(set_suppress));
    crate::builtins::callables::add_dict(vm, &class);
    let key_error = vm.types().KeyError.clone();
    vm.add_methods(&key_error, &[def("__str__", 1, 1, key_error_str)]);
}

const METHODS: &[Def] = &[
    def_kw("__init__", 1, ANY, init),
    def("__str__", 1, 1, str),
    def("__repr__", 1, 1, |vm, a| Ok(vm.direct_repr(&a.pos[0])?.into())),
    def("add_note", 2, 2, add_note),
    def("with_traceback", 2, 2, with_traceback),
    def("__setstate__", 2, 2, set_state),
];

/// `BaseException.__new__`: keeps the positional arguments; keywords are `__init__`'s affair.
pub(super) fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let class = crate::builtins::descriptors::class_arg(vm, a)?;
    Ok(vm.new_exception(&class, &a.pos[1..]).into())
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    if !a.names.is_empty() {
        let class = x.ty().name_str();
        return Err(vm.type_error(format!("{class}() takes no keyword arguments")));
    }
    set_args(vm, &x, a);
    Ok(Value::NONE)
}

/// `BaseException.__str__`: nothing, the one argument, or the tuple of all.
pub(super) fn str(vm: &mut Vm, a: Args<'_>) -> R {
    let args = this(vm, a)?.args.get();
    Ok(match &args[..] {
        [] => vm.new_str(""),
        [one] => vm.str(one)?.into(),
        _ => vm.repr(args.as_value())?.into(),
    })
}

/// The key is shown with quotes, so that an empty one can be seen.
fn key_error_str(vm: &mut Vm, a: Args<'_>) -> R {
    let args = this(vm, a)?.args.get();
    match &args[..] {
        [key] => Ok(vm.repr(key)?.into()),
        _ => str(vm, a),
    }
}

fn add_note(vm: &mut Vm, a: Args<'_>) -> R {
    if a.pos[1].downcast::<Str>().is_none() {
        let got = vm.class_name(&a.pos[1]);
        return Err(vm.type_error(format!("note must be a str, not '{got}'")));
    }
    let name = vm.types().names.__notes__.clone();
    let notes = match vm.get_attr_opt(&a.pos[0], &name)? {
        Some(n) => n,
        None => {
            let list = Value::from(List::new(&vm.heap, Vec::new()));
            vm.set_attr(&a.pos[0], &name, list.clone())?;
            list
        }
    };
    match notes.downcast::<List>() {
        Some(l) => {
            let done = l.push(&vm.heap, a.pos[1].clone());
            vm.allocated(done)?;
        }
        None => return Err(vm.type_error("Cannot add note: __notes__ is not a list")),
    }
    Ok(Value::NONE)
}

fn with_traceback(vm: &mut Vm, a: Args<'_>) -> R {
    set_traceback(vm, a)?;
    Ok(a.pos[0].clone())
}

/// Sets attributes from a dict (pickling and copying use it).
fn set_state(vm: &mut Vm, a: Args<'_>) -> R {
    if a.pos[1].is_none() {
        return Ok(Value::NONE);
    }
    let Some(state) = a.pos[1].downcast::<crate::object::dict::Dict>() else {
        return Err(vm.type_error("state is not a dictionary"));
    };
    for (k, v) in state.items() {
        let name = vm.attribute_name(&k)?;
        vm.set_attr(&a.pos[0], &name, v)?;
    }
    Ok(Value::NONE)
}

fn set_args_member(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    let Some(v) = a.get(1) else {
        return Err(vm.type_error("args may not be deleted"));
    };
    let items = vm.collect(v)?;
    x.args.set(Tuple::new(&vm.heap, items));
    Ok(Value::NONE)
}

fn get_traceback(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this(vm, a)?.traceback.get().map_or(Value::NONE, Value::from))
}

fn set_traceback(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    match a.get(1) {
        None => return Err(vm.type_error("__traceback__ may not be deleted")),
        Some(v) if v.is_none() => x.traceback.set(None),
        Some(v) => match v.downcast::<Traceback>() {
            Some(t) => x.traceback.set(Some(t.clone())),
            None => return Err(vm.type_error("__traceback__ must be a traceback or None")),
        },
    }
    Ok(Value::NONE)
}

/// The exception or None that a chaining member is set to.
fn linked(vm: &mut Vm, a: Args<'_>, what: &str) -> R<Option<Value>> {
    match a.get(1) {
        None => Err(vm.type_error(format!("__{what}__ may not be deleted"))),
        Some(v) if v.is_none() => Ok(None),
        Some(v) if v.downcast::<Exception>().is_some() => Ok(Some(v.clone())),
        Some(_) => Err(vm.type_error(format!("exception {what} must be None or derive from BaseException"))),
    }
}

fn get_context(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this(vm, a)?.context.get().unwrap_or(Value::NONE))
}

fn set_context(vm: &mut Vm, a: Args<'_>) -> R {
    let v = linked(vm, a, "context")?;
    this(vm, a)?.context.set(v);
    Ok(Value::NONE)
}

fn get_cause(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this(vm, a)?.cause.get().unwrap_or(Value::NONE))
}

fn set_cause(vm: &mut Vm, a: Args<'_>) -> R {
    let v = linked(vm, a, "cause")?;
    let x = this(vm, a)?;
    x.cause.set(v);
    x.suppress_context.set(true);
    Ok(Value::NONE)
}

fn get_suppress(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(this(vm, a)?.suppress_context.get()))
}

fn set_suppress(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    match a.get(1).map(Value::as_bool) {
        None => Err(vm.type_error("can't delete numeric/char attribute")),
        Some(None) => Err(vm.type_error("attribute value type must be bool")),
        Some(Some(b)) => {
            x.suppress_context.set(b);
            Ok(Value::NONE)
        }
    }
}

impl Vm {
    /// Whether a value is an exception class.
    pub fn is_exception_class(&self, v: &Value) -> bool {
        v.downcast::<Type>().is_some_and(|t| t.is_subclass(&self.types().BaseException))
    }
}
