//! `SyntaxError`.

use super::{add_init, members, no_keywords, set_args, this};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::native::def;
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let class = vm.types().SyntaxError.clone();
    add_init(vm, &class, init);
    vm.add_methods(&class, &[def("__str__", 1, 1, str)]);
    members!(
        vm,
        &class,
        "msg" => field::SYNTAX_MSG,
        "filename" => field::SYNTAX_FILENAME,
        "lineno" => field::SYNTAX_LINENO,
        "offset" => field::SYNTAX_OFFSET,
        "text" => field::SYNTAX_TEXT,
        "end_lineno" => field::SYNTAX_END_LINENO,
        "end_offset" => field::SYNTAX_END_OFFSET,
        "print_file_and_line" => field::SYNTAX_PRINT,
    );
}

/// `SyntaxError(msg, (filename, lineno, offset, text[, end_lineno, end_offset]))`.
fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    no_keywords(vm, a, &x.ty().name_str())?;
    set_args(vm, &x, a);
    let mut fields = vec![None; 8];
    fields[field::SYNTAX_MSG] = a.get(1).cloned();
    if a.pos.len() == 3 {
        let details = vm.collect(&a.pos[2])?;
        let n = details.len();
        match n {
            0..4 => return Err(vm.type_error(format!("function takes at least 4 arguments ({n} given)"))),
            5 => return Err(vm.type_error("end_offset must be provided when end_lineno is provided")),
            4 | 6 => {}
            _ => return Err(vm.type_error(format!("function takes at most 6 arguments ({n} given)"))),
        }
        for (i, v) in details.into_iter().enumerate() {
            fields[field::SYNTAX_FILENAME + i] = Some(v);
        }
    }
    x.fields.set(fields);
    Ok(Value::NONE)
}

/// The message with the file's name and the line, as far as they are known.
fn str(vm: &mut Vm, a: Args<'_>) -> R {
    let x = this(vm, a)?;
    let msg = x.field(field::SYNTAX_MSG).unwrap_or(Value::NONE);
    let msg = vm.str(&msg)?;
    let file = x.field(field::SYNTAX_FILENAME);
    let file = file.as_ref().and_then(|f| f.downcast::<Str>()).map(|f| f.to_string());
    let file = file.as_deref().map(|f| f.rsplit('/').next().unwrap_or(f));
    let line = x.field(field::SYNTAX_LINENO).and_then(|l| l.as_int().and_then(|i| i.to_i64()));
    Ok(match (file, line) {
        (None, None) => msg.into(),
        (Some(f), Some(l)) => vm.new_str(&format!("{msg} ({f}, line {l})")),
        (Some(f), None) => vm.new_str(&format!("{msg} ({f})")),
        (None, Some(l)) => vm.new_str(&format!("{msg} (line {l})")),
    })
}
