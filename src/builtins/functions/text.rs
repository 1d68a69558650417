//! Functions that make or move text: `ascii`, `format`, `input`, `print`, `repr`.

use crate::builtins::modules::io;
use crate::builtins::modules::sys::standard_object;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def("ascii", 1, 1, ascii),
    def("format", 1, 2, format_value),
    def("input", 0, 1, input),
    def_kw("open", 0, ANY, io::open),
    def_kw("print", 0, ANY, print),
    def("repr", 1, 1, repr),
];

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(vm.repr(&a.pos[0])?.into())
}

fn ascii(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(vm.ascii(&a.pos[0])?.into())
}

/// `format(value, spec='')`.
fn format_value(vm: &mut Vm, a: Args<'_>) -> R {
    let spec = match a.get(1) {
        None => vm.intern(""),
        Some(v) => match v.downcast::<Str>() {
            Some(s) => s.clone(),
            None => {
                let got = vm.argument_class(v);
                return Err(vm.type_error(format!("format() argument 2 must be str, not {got}")));
            }
        },
    };
    Ok(vm.format(&a.pos[0], &spec)?.into())
}

/// A separator given to `print`: None, or a str.
fn separator(vm: &mut Vm, a: Args<'_>, name: &str, default: &str) -> R<Value> {
    match a.keyword(name).filter(|v| !v.is_none()) {
        None => Ok(vm.new_str(default)),
        Some(v) if v.downcast::<Str>().is_some() => Ok(v.clone()),
        Some(v) => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("{name} must be None or a string, not {got}")))
        }
    }
}

fn print(vm: &mut Vm, a: Args<'_>) -> R {
    a.check_keywords(vm, "print", &["sep", "end", "file", "flush"])?;
    let sep = separator(vm, a, "sep", " ")?;
    let end = separator(vm, a, "end", "\n")?;
    let flush = match a.keyword("flush") {
        Some(f) => vm.truth(f)?,
        None => false,
    };
    let file = match a.keyword("file").filter(|f| !f.is_none()) {
        Some(f) => f.clone(),
        None => match standard_object(vm, "stdout") {
            Some(f) if !f.is_none() => f,
            Some(_) => return Ok(Value::NONE),
            None => return Err(vm.runtime_error("lost sys.stdout")),
        },
    };
    if io::standard_stream(vm, &file).is_some() {
        let mut pieces = Vec::with_capacity(2 * a.pos.len() + 1);
        for (i, v) in a.pos.iter().enumerate() {
            if i > 0 {
                pieces.extend(sep.downcast::<Str>().cloned());
            }
            pieces.push(vm.str(v)?);
        }
        pieces.extend(end.downcast::<Str>().cloned());
        io::print_all(vm, &file, &pieces)?;
    } else {
        let write = vm.types().names.write.clone();
        for (i, v) in a.pos.iter().enumerate() {
            if i > 0 {
                vm.call_method(&file, &write, std::slice::from_ref(&sep))?;
            }
            let s: Value = vm.str(v)?.into();
            vm.call_method(&file, &write, &[s])?;
        }
        vm.call_method(&file, &write, &[end])?;
    }
    if flush {
        let name = vm.types().names.flush.clone();
        vm.call_method(&file, &name, &[])?;
    }
    Ok(Value::NONE)
}

fn input(vm: &mut Vm, a: Args<'_>) -> R {
    vm.audit("builtins.input", |_| vec![a.get(0).cloned().unwrap_or(Value::NONE)])?;
    let [stdin, stdout] = ["stdin", "stdout"].map(|name| (name, standard_object(vm, name).filter(|f| !f.is_none())));
    let [stdin, stdout] = [required(vm, stdin)?, required(vm, stdout)?];
    if let Some(prompt) = a.get(0) {
        let args = [prompt.clone()];
        let names = [vm.intern("end").into()];
        let values = [vm.new_str("")];
        print(vm, Args { pos: &args, names: &names, values: &values })?;
    }
    let name = vm.types().names.flush.clone();
    vm.call_method(&stdout, &name, &[])?;
    let name = vm.intern("readline");
    let line = vm.call_method(&stdin, &name, &[])?;
    let Some(s) = line.downcast::<Str>() else {
        return Err(vm.type_error("object.readline() returned non-string"));
    };
    let mut points: Vec<u32> = s.points().collect();
    if points.is_empty() {
        let class = vm.types().EOFError.clone();
        return Err(vm.error(&class, "EOF when reading a line"));
    }
    if points.last() == Some(&10) {
        points.pop();
    }
    Ok(Str::from_points(&vm.heap, &points).into())
}

/// A standard stream that `input` cannot do without.
fn required(vm: &mut Vm, (name, file): (&str, Option<Value>)) -> R {
    match file {
        Some(f) => Ok(f),
        None => Err(vm.runtime_error(format!("input(): lost sys.{name}"))),
    }
}
