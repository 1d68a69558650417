//! Classes, attributes, exceptions and native calls without the loop: methods are native functions here.
//! Expected texts are those of CPython 3.13.

mod classes;
mod exceptions;

use crate::object::attrs::Attrs;
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::function::BoundMethod;
use crate::object::header::Ref;
use crate::object::sequence::{List, Tuple};
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::exceptions::{SyntaxErrorData, SyntaxErrorKind};
use crate::vm::native::{Def, def};
use crate::vm::{Args, Exc, R, Vm};

fn vm() -> Box<Vm> {
    let mut vm = Vm::new(std::rc::Rc::new(crate::vm::output::ProcessOutput));
    super::install_all(&mut vm);
    vm
}

fn int(i: i64) -> Value {
    Value::int_unchecked(i)
}

/// `type(name, bases, {})`.
fn class(vm: &mut Vm, name: &str, bases: &[&Ref<Type>]) -> R<Ref<Type>> {
    class_with(vm, name, bases, &[])
}

fn class_with(vm: &mut Vm, name: &str, bases: &[&Ref<Type>], items: &[(&str, Value)]) -> R<Ref<Type>> {
    let bases = Tuple::new(&vm.heap, bases.iter().map(|b| b.to_value()).collect::<Vec<_>>());
    let namespace = Dict::new(&vm.heap);
    for (k, v) in items {
        namespace.set_str(&vm.heap, &vm.intern(k), v.clone());
    }
    let args = [vm.new_str(name), bases.into(), namespace.into()];
    let type_ = vm.types().type_.clone();
    let made = vm.construct(&type_, Args::positional(&args))?;
    Ok(made.downcast::<Type>().expect("type() makes a class").clone())
}

fn add(vm: &Vm, class: &Ref<Type>, rows: &[Def]) {
    vm.add_methods(class, rows);
}

fn make(vm: &mut Vm, class: &Ref<Type>, args: &[Value]) -> R {
    vm.construct(class, Args::positional(args))
}

fn get(vm: &mut Vm, o: &Value, name: &str) -> R {
    let name = vm.intern(name);
    vm.get_attr(o, &name)
}

fn set(vm: &mut Vm, o: &Value, name: &str, v: Value) -> R<()> {
    let name = vm.intern(name);
    vm.set_attr(o, &name, v)
}

fn del(vm: &mut Vm, o: &Value, name: &str) -> R<()> {
    let name = vm.intern(name);
    vm.del_attr(o, &name)
}

fn call(vm: &mut Vm, o: &Value, name: &str, args: &[Value]) -> R {
    let f = get(vm, o, name)?;
    vm.call(&f, args)
}

/// Class and text of the exception of a failed operation.
fn text<T>(vm: &mut Vm, r: R<T>) -> String {
    let Err(e) = r else { return "no exception".to_string() };
    let (class, message) = vm.exception_text(&e);
    match message {
        Some(m) => format!("{class}: {m}"),
        None => class,
    }
}

fn str_of(vm: &mut Vm, v: &Value) -> String {
    vm.str(v).map(|s| s.to_string()).unwrap_or_else(|e| format!("{e:?}"))
}

fn names(classes: &[Ref<Type>]) -> Vec<String> {
    classes.iter().map(|t| t.name_str()).collect()
}
