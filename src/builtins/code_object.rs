//! `code` objects: what a program can see of them.

use crate::object::function::Code;
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::def_kw;
use crate::vm::{Args, R, Vm};

/// Gives `code` its members.
pub fn install(vm: &mut Vm) {
    let class = vm.types().code.clone();
    vm.add_member(&class, "co_name", |vm, a| Ok(this(vm, a)?.name.to_value()), None);
    vm.add_member(&class, "co_qualname", |vm, a| Ok(this(vm, a)?.qualname.to_value()), None);
    vm.add_member(&class, "co_filename", file, None);
    vm.add_member(&class, "co_firstlineno", |vm, a| Ok(number(this(vm, a)?.data.first_line)), None);
    vm.add_member(&class, "co_argcount", |vm, a| Ok(Value::from_len(this(vm, a)?.data.arg_count as usize)), None);
    vm.add_member(&class, "co_posonlyargcount", positional_only, None);
    vm.add_member(&class, "co_kwonlyargcount", keyword_only, None);
    vm.add_getset(&class, "co_nlocals", |vm, a| Ok(Value::from_len(locals(&*this(vm, a)?).len())), None);
    vm.add_member(&class, "co_flags", |vm, a| Ok(Value::from_len(this(vm, a)?.data.flags as usize)), None);
    vm.add_member(&class, "co_names", names, None);
    vm.add_getset(&class, "co_varnames", variables, None);
    vm.add_getset(&class, "co_cellvars", cells, None);
    vm.add_getset(&class, "co_freevars", free, None);
    vm.add_member(&class, "co_consts", constants, None);
    vm.add_methods(&class, &[def_kw("replace", 1, 1, replace)]);
}

fn this(vm: &mut Vm, a: Args<'_>) -> R<Ref<Code>> {
    match a.get(0).and_then(|v| v.downcast::<Code>()) {
        Some(code) => Ok(code.clone()),
        None => Err(vm.type_error("descriptor of 'code' needs a code object")),
    }
}

fn number(n: i32) -> Value {
    Value::from_len(usize::try_from(n).unwrap_or(0))
}

fn tuple(vm: &Vm, items: Vec<Value>) -> R {
    Ok(Tuple::new(&vm.heap, items).into())
}

fn file(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    Ok(vm.new_str(&code.data.file))
}

fn positional_only(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::from_len(this(vm, a)?.data.pos_only_count as usize))
}

fn keyword_only(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::from_len(this(vm, a)?.data.kw_only_count as usize))
}

fn names(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    tuple(vm, code.names.iter().map(|n| n.to_value()).collect())
}

/// Names of the local variables, parameters first.
fn locals(code: &Code) -> Vec<Value> {
    let count = code.data.local_count as usize;
    code.local_names.iter().take(count).map(|n| n.to_value()).collect()
}

fn variables(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    tuple(vm, locals(&code))
}

/// Variables of its own that nested functions use; a parameter among them is a local variable as well.
fn cells(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    let cells = code.data.cell_registers.iter();
    tuple(vm, cells.filter_map(|&r| code.local_names.get(r as usize)).map(|n| n.to_value()).collect())
}

fn free(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    let first = code.local_names.len().saturating_sub(code.data.free_count as usize);
    tuple(vm, code.local_names[first..].iter().map(|n| n.to_value()).collect())
}

fn constants(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    tuple(vm, code.consts.clone())
}

/// `replace(**members)`: a code object like this one but for its names, its place or its flags.
fn replace(vm: &mut Vm, a: Args<'_>) -> R {
    let code = this(vm, a)?;
    a.check_keywords(vm, "replace", &["co_name", "co_qualname", "co_filename", "co_firstlineno", "co_flags"])?;
    let mut texts = [None, None, None];
    for (text, name) in texts.iter_mut().zip(["co_name", "co_qualname", "co_filename"]) {
        let Some(v) = a.keyword(name) else { continue };
        match v.downcast::<Str>() {
            Some(s) => *text = Some(s.to_string()),
            None => {
                let got = vm.argument_class(v);
                return Err(vm.type_error(format!("replace() argument '{name}' must be str, not {got}")));
            }
        }
    }
    let mut numbers = [None, None];
    for (number, name) in numbers.iter_mut().zip(["co_firstlineno", "co_flags"]) {
        let Some(v) = a.keyword(name) else { continue };
        match i32::try_from(vm.index_i64(v)?) {
            Ok(n) => *number = Some(n),
            Err(_) => return Err(vm.overflow_error("signed integer is greater than maximum")),
        }
    }
    let [name, qualname, file] = texts;
    let [first_line, flags] = numbers;
    let new = vm.changed_code(&code, |data| {
        data.name = name.unwrap_or_else(|| data.name.clone());
        data.qualname = qualname.unwrap_or_else(|| data.qualname.clone());
        data.file = file.unwrap_or_else(|| data.file.clone());
        data.first_line = first_line.unwrap_or(data.first_line);
        data.flags = flags.map_or(data.flags, |f| f as u32);
    });
    Ok(new.into())
}
