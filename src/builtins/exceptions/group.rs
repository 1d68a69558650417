//! `BaseExceptionGroup` and `ExceptionGroup`.

use super::this;
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::Mro;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::except_star::Matcher;
use crate::vm::exceptions::field;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let t = vm.types();
    let (base, group, exception) = (t.BaseExceptionGroup.clone(), t.ExceptionGroup.clone(), t.Exception.clone());
    group.set_bases(vec![base.clone(), exception.clone()]);
    let tail = [base.clone(), exception, t.BaseException.clone(), t.object.clone()];
    group.mro.set(Mro::behind(tail.to_vec()));
    group.modified();
    vm.add_static(&base, &[def_kw("__new__", 1, ANY, new)]);
    vm.add_class_methods(&base, &[def("__class_getitem__", 2, 2, |vm, a| vm.new_generic_alias(&a.pos[0], &a.pos[1]))]);
    vm.add_methods(
        &base,
        &[
            def("__str__", 1, 1, str),
            def("derive", 2, 2, derive),
            def("split", 2, 2, split),
            def("subgroup", 2, 2, subgroup),
        ],
    );
    vm.add_getset(&base, "message", |vm, a| member(vm, a, field::GROUP_MESSAGE), Some(read_only));
    vm.add_getset(&base, "exceptions", |vm, a| member(vm, a, field::GROUP_EXCEPTIONS), Some(read_only));
}

fn read_only(vm: &mut Vm, _: Args<'_>) -> R {
    Err(vm.attribute_error_text("readonly attribute"))
}

fn member(vm: &mut Vm, a: Args<'_>, i: usize) -> R {
    Ok(this(vm, a)?.field(i).unwrap_or(Value::NONE))
}

/// Whether it has items by number, as C code looks at it.
fn is_sequence(vm: &Vm, v: &Value) -> bool {
    v.downcast::<Dict>().is_none() && v.class(&vm.heap).lookup(&vm.types().names.__getitem__).is_some()
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let mut class = crate::builtins::descriptors::class_arg(vm, a)?;
    let given = a.pos.len() - 1;
    if given != 2 {
        return Err(vm.type_error(format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({given} given)")));
    }
    let (message, exceptions) = (&a.pos[1], &a.pos[2]);
    if message.downcast::<Str>().is_none() {
        let got = vm.argument_class(message);
        return Err(vm.type_error(format!("BaseExceptionGroup.__new__() argument 1 must be str, not {got}")));
    }
    if !is_sequence(vm, exceptions) {
        return Err(vm.type_error("second argument (exceptions) must be a sequence"));
    }
    let members = vm.collect(exceptions)?;
    if members.is_empty() {
        return Err(vm.value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    if let Some(i) = members.iter().position(|m| m.downcast::<Exception>().is_none()) {
        return Err(vm.value_error(format!("Item {i} of second argument (exceptions) is not an exception")));
    }
    let t = vm.types();
    let only_exceptions = members.iter().all(|m| m.class(&vm.heap).is_subclass(&t.Exception));
    if only_exceptions {
        if class.is(&t.BaseExceptionGroup) {
            class = t.ExceptionGroup.clone();
        }
    } else if class.is(&t.ExceptionGroup) {
        return Err(vm.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
    } else if class.is_subclass(&t.Exception) {
        let name = class.name_str();
        return Err(vm.type_error(format!("Cannot nest BaseExceptions in '{name}'")));
    }
    let x = vm.new_exception(&class, &a.pos[1..]);
    let members = Tuple::new(&vm.heap, members).into();
    x.fields.set(vec![Some(message.clone()), Some(members)]);
    Ok(x.into())
}

fn str(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    let message = vm.str(&x.field(field::GROUP_MESSAGE).unwrap_or(Value::NONE))?;
    let n = vm.group_members(&x).len();
    let plural = if n == 1 { "" } else { "s" };
    let parts = [message.to_value(), vm.new_str(&format!(" ({n} sub-exception{plural})"))];
    vm.binary(crate::code::BinaryOp::Add, &parts[0], &parts[1])
}

/// `derive(exceptions)`: a group with the same message.
fn derive(vm: &mut Vm, a: Args<'_>) -> R {
    let message = this(vm, a)?.field(field::GROUP_MESSAGE).unwrap_or(Value::NONE);
    let class = vm.types().BaseExceptionGroup.to_value();
    vm.call(&class, &[message, a.pos[1].clone()])
}

fn matcher(vm: &mut Vm, v: &Value) -> R<Matcher> {
    let is_class = |vm: &Vm, v: &Value| vm.is_exception_class(v);
    if v.downcast::<Type>().is_none() && vm.is_callable(v) {
        return Ok(Matcher::Predicate(v.clone()));
    }
    let fits = match v.downcast::<Tuple>() {
        Some(t) => t.iter().all(|c| is_class(vm, c)),
        None => is_class(vm, v),
    };
    if fits {
        return Ok(Matcher::Class(v.clone()));
    }
    Err(vm.type_error("expected an exception type, a tuple of exception types, or a callable (other than a class)"))
}

fn group(vm: &mut Vm, a: Args<'_>) -> R<Ref<Exception>> {
    match a.get(0).and_then(|v| vm.as_group(v)) {
        Some(x) => Ok(x.clone()),
        None => Err(vm.type_error("descriptor of 'BaseExceptionGroup' needs an exception group")),
    }
}

fn split(vm: &mut Vm, a: Args<'_>) -> R {
    group(vm, a)?;
    let matcher = matcher(vm, &a.pos[1])?;
    let parts = vm.split_exception(&a.pos[0], &matcher, true)?;
    let pair = [parts.matched, parts.rest].map(|part| part.unwrap_or(Value::NONE));
    Ok(Tuple::new(&vm.heap, pair).into())
}

fn subgroup(vm: &mut Vm, a: Args<'_>) -> R {
    group(vm, a)?;
    let matcher = matcher(vm, &a.pos[1])?;
    Ok(vm.split_exception(&a.pos[0], &matcher, false)?.matched.unwrap_or(Value::NONE))
}
