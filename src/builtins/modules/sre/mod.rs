//! `_sre`: the matcher that `re` compiles for.  The engine is the crate `rustpython-sre_engine`.

mod found;
mod pattern;
mod subject;
mod substitute;
mod watch;

use rustpython_sre_engine as engine;

use super::{add_class, new, set};
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{Args, R, Vm};

const TABLE: &[Def] = &[
    def_kw("compile", 0, ANY, pattern::compile),
    def("getcodesize", 0, 0, |_, _| Ok(Value::from_len(engine::CODESIZE))),
    def("template", 2, 2, substitute::template),
    def("ascii_iscased", 1, 1, |vm, a| {
        character(vm, a, |c| Value::bool(u8::try_from(c).is_ok_and(|c| c.is_ascii_alphabetic())))
    }),
    def("ascii_tolower", 1, 1, |vm, a| {
        character(vm, a, |c| Value::int_unchecked(engine::string::lower_ascii(c).into()))
    }),
    def("unicode_iscased", 1, 1, |vm, a| {
        character(vm, a, |c| {
            let lower = engine::string::lower_unicode(c);
            Value::bool(lower != c || engine::string::upper_unicode(c) != c)
        })
    }),
    def("unicode_tolower", 1, 1, |vm, a| {
        character(vm, a, |c| Value::int_unchecked(engine::string::lower_unicode(c).into()))
    }),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_sre", TABLE);
    for (name, n) in [
        ("MAGIC", engine::SRE_MAGIC),
        ("CODESIZE", engine::CODESIZE),
        ("MAXREPEAT", engine::MAXREPEAT),
        ("MAXGROUPS", engine::MAXGROUPS),
    ] {
        set(vm, &m.dict, name, Value::from_len(n));
    }
    for class in [&pattern::PATTERN, &pattern::SCANNER, &found::MATCH, &substitute::TEMPLATE] {
        add_class(vm, &m, class);
    }
    Ok(m)
}

fn character(vm: &mut Vm, a: Args<'_>, f: fn(u32) -> Value) -> R {
    let c = vm.index_i64(&a.pos[0])?;
    Ok(f(u32::try_from(c).unwrap_or(0)))
}
