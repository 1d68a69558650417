//! `OSError`: its arguments, the subclass that an error number stands for, its text.

use super::{add_init, members, set_args, this};
use crate::object::exception::Exception;
use crate::object::function::Native;
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let class = vm.types().OSError.clone();
    vm.add_static(&class, &[def_kw("__new__", 1, ANY, new)]);
    add_init(vm, &class, init);
    vm.add_methods(&class, &[def("__str__", 1, 1, str)]);
    members!(
        vm,
        &class,
        "errno" => field::ERRNO,
        "strerror" => field::STRERROR,
        "filename" => field::FILENAME,
        "filename2" => field::FILENAME2,
    );
    vm.add_getset(&class, "characters_written", get_written, Some(set_written));
}

/// Whether a class gets its arguments in `__init__` alone: it overrides that but not `__new__`.
fn uses_init(vm: &Vm, class: &Ref<Type>) -> bool {
    let names = &vm.types().names;
    let is_builtin = |found: Option<Value>| found.is_some_and(|f| f.downcast::<Native>().is_some());
    !is_builtin(class.lookup(&names.__init__)) && is_builtin(class.lookup(&names.__new__))
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let mut class = crate::builtins::descriptors::class_arg(vm, a)?;
    if uses_init(vm, &class) {
        return Ok(vm.new_exception(&class, &[]).into());
    }
    super::no_keywords(vm, a, &class.name_str())?;
    if class.is(&vm.types().OSError)
        && matches!(a.pos.len() - 1, 2..=5)
        && let Some(errno) = a.pos[1].as_int().and_then(|i| i.to_i64())
        && let Some(subclass) = vm.os_error_class(errno)
    {
        class = subclass;
    }
    let x = vm.new_exception(&class, &a.pos[1..]);
    set_members(vm, &x, &a.pos[1..]);
    Ok(x.into())
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    let class = x.ty().clone();
    if uses_init(vm, &class) {
        super::no_keywords(vm, a, &class.name_str())?;
        set_args(vm, &x, a);
        set_members(vm, &x, &a.pos[1..]);
    }
    Ok(Value::NONE)
}

/// `OSError(errno, strerror[, filename[, winerror[, filename2]]])`; other numbers of arguments say nothing.
fn set_members(vm: &Vm, x: &Ref<Exception>, args: &[Value]) {
    if !matches!(args.len(), 2..=5) {
        return;
    }
    let given = |i: usize| args.get(i).filter(|v| !v.is_none()).cloned();
    let mut fields = vec![Some(args[0].clone()), Some(args[1].clone()), None, None, None];
    let filename = given(2);
    let blocking = x.ty().is_subclass(&vm.types().BlockingIOError);
    match &filename {
        Some(n) if blocking && n.as_int().is_some() => {
            fields[field::WRITTEN] = filename;
        }
        Some(_) => {
            // The file names are no part of `args`.
            x.args.set(Tuple::new(&vm.heap, args[..2].to_vec()));
            fields[field::FILENAME] = filename;
            fields[field::FILENAME2] = given(4);
        }
        None => {}
    }
    x.fields.set(fields);
}

fn str(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    let member = |i: usize| x.field(i).unwrap_or(Value::NONE);
    let (errno, strerror) = (x.field(field::ERRNO), x.field(field::STRERROR));
    let (filename, filename2) = (x.field(field::FILENAME), x.field(field::FILENAME2));
    if filename.is_none() && (errno.is_none() || strerror.is_none()) {
        return super::base::str(vm, a);
    }
    let errno = vm.str(&member(field::ERRNO))?;
    let strerror = vm.str(&member(field::STRERROR))?;
    let mut text = format!("[Errno {errno}] {strerror}");
    if let Some(f) = filename {
        text.push_str(": ");
        text.push_str(&vm.repr(&f)?.to_string());
        if let Some(f) = filename2 {
            text.push_str(" -> ");
            text.push_str(&vm.repr(&f)?.to_string());
        }
    }
    Ok(vm.new_str(&text))
}

fn get_written(vm: &mut Vm, a: Args<'_>) -> R {
    match this(vm, a)?.field(field::WRITTEN) {
        Some(n) => Ok(n),
        None => Err(vm.attribute_error_text("characters_written")),
    }
}

fn set_written(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    match a.get(1) {
        Some(v) => {
            vm.index_i64(v)?;
            x.set_field(field::WRITTEN, Some(v.clone()));
        }
        None if x.field(field::WRITTEN).is_none() => return Err(vm.attribute_error_text("characters_written")),
        None => x.set_field(field::WRITTEN, None),
    }
    Ok(Value::NONE)
}
