//! `exit` and `quit`: instances that raise SystemExit when they are called, as CPython's `site` makes them.

use crate::object::instance::Instance;
use crate::object::value::Value;
use crate::vm::native::{Def, def, def_kw};
use crate::vm::{Args, Exc, R, Vm};

const METHODS: &[Def] = &[def("__repr__", 1, 1, repr), def_kw("__call__", 1, 2, call)];

pub fn install(vm: &mut Vm) {
    let class = vm.types().quitter.clone();
    vm.add_methods(&class, METHODS);
    for name in ["exit", "quit"] {
        let o: Value = vm.heap.alloc(&class, Instance).into();
        for (key, text) in [("name", name), ("eof", "Ctrl-D (i.e. EOF)")] {
            let (key, text) = (vm.intern(key), vm.new_str(text));
            // A new instance takes any attribute.
            let _ = vm.set_attr(&o, &key, text);
        }
        super::set(vm, name, o);
    }
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let mut parts = Vec::new();
    for key in ["name", "eof"] {
        let key = vm.intern(key);
        let v = vm.get_attr(&a.pos[0], &key)?;
        parts.push(vm.str(&v)?.to_string());
    }
    Ok(vm.new_str(&format!("Use {}() or {} to exit", parts[0], parts[1])))
}

fn call(vm: &mut Vm, a: Args<'_>) -> R {
    a.check_keywords(vm, "Quitter.__call__", &["code"])?;
    let code = a.get_or_keyword(1, "code").cloned().unwrap_or(Value::NONE);
    let class: Value = vm.types().SystemExit.clone().into();
    Err(Exc(vm.call(&class, &[code])?))
}
