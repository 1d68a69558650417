//! The functions of `builtins`, by family, and its namespace.

pub mod code;
pub mod numbers;
pub mod objects;
pub mod quit;
pub mod sequences;
pub mod text;

use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::Vm;
use crate::vm::native::Def;

/// The classes that `builtins` names, beside the exceptions.
const CLASSES: &[&str] = &[
    "object",
    "type",
    "int",
    "bool",
    "float",
    "str",
    "bytes",
    "tuple",
    "list",
    "dict",
    "set",
    "frozenset",
    "range",
    "slice",
    "complex",
    "bytearray",
    "memoryview",
    "property",
    "staticmethod",
    "classmethod",
    "super",
    "enumerate",
    "zip",
    "map",
    "filter",
    "reversed",
];

pub fn install(vm: &mut Vm) {
    let all: Vec<_> = vm.types().all().into_iter().cloned().collect();
    for class in all {
        let name = class.name_str();
        if class.has(type_flags::EXCEPTION) || CLASSES.contains(&name.as_str()) {
            set(vm, &name, class.into());
        }
    }
    let os_error: Value = vm.types().OSError.clone().into();
    set(vm, "IOError", os_error.clone());
    set(vm, "EnvironmentError", os_error);
    for (name, value) in [
        ("None", Value::NONE),
        ("True", Value::TRUE),
        ("False", Value::FALSE),
        ("Ellipsis", Value::ELLIPSIS),
        ("NotImplemented", Value::NOT_IMPLEMENTED),
        ("__debug__", Value::TRUE),
    ] {
        set(vm, name, value);
    }
    quit::install(vm);
    for table in
        [code::TABLE, numbers::TABLE, objects::TABLE, sequences::TABLE, text::TABLE, crate::builtins::awaitables::TABLE]
    {
        add(vm, table);
    }
}

fn set(vm: &Vm, name: &str, value: Value) {
    vm.builtins.set_str(&vm.heap, &vm.intern(name), value);
}

fn add(vm: &Vm, table: &[Def]) {
    let module: Value = vm.intern("builtins").into();
    for row in table {
        let f = vm.native_function(row, module.clone());
        set(vm, row.name, f.into());
    }
}
