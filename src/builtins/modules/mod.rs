//! Native modules, made when they are first imported.

pub mod abc;
pub mod ast;
pub mod atexit;
pub mod binascii;
pub mod codecs;
pub mod collections;
pub mod contextvars;
pub mod errno;
pub mod functools;
pub mod gc;
pub mod imp;
pub mod io;
pub mod itertools;
pub mod marshal;
pub mod math;
pub mod math_functions;
mod math_gamma;
pub mod math_integers;
pub mod opcode;
pub mod operator;
pub mod posix;
pub mod random;
pub mod sha2;
pub mod signal;
pub mod sre;
pub mod string;
pub mod struct_sequence;
pub mod structs;
pub mod sys;
pub mod thread;
pub mod time;
pub mod tokenize;
pub mod typing;
pub mod warnings;
pub mod weakref;

use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::types::{Type, TypeTable};
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::native_class::Class;
use crate::vm::{Args, R, Vm};

/// Makes a module; the importer puts it into `sys.modules`.
pub type Constructor = fn(&mut Vm) -> R<Ref<Module>>;

/// The native modules by name, `builtins` and `sys` among them.
pub const TABLE: &[(&str, Constructor)] = &[
    ("_abc", abc::module),
    ("_ast", ast::module),
    ("_codecs", codecs::module),
    ("_contextvars", contextvars::module),
    ("_imp", imp::module),
    ("_io", io::module),
    ("_opcode", opcode::module),
    ("_random", random::module),
    ("_sha2", sha2::module),
    ("_signal", signal::module),
    ("_sre", sre::module),
    ("_string", string::module),
    ("_struct", structs::module),
    ("_thread", thread::module),
    ("_tokenize", tokenize::module),
    ("_typing", typing::module),
    ("_warnings", warnings::module),
    ("_weakref", weakref::module),
    ("atexit", atexit::module),
    ("binascii", binascii::module),
    ("errno", errno::module),
    ("posix", posix::module),
    ("_collections", collections::module),
    ("_functools", functools::module),
    ("_operator", operator::module),
    ("builtins", builtins),
    ("gc", gc::module),
    ("itertools", itertools::module),
    ("marshal", marshal::module),
    ("math", math::module),
    ("sys", sys::module),
    ("time", time::module),
];

/// The native module of this name, new; None if there is none.  It is entered into `sys.modules`.
pub fn make(vm: &mut Vm, name: &str) -> R<Option<Ref<Module>>> {
    let Some((_, constructor)) = TABLE.iter().find(|(n, _)| *n == name) else {
        return Ok(None);
    };
    let m = constructor(vm)?;
    let key = vm.intern(name);
    drop(vm.modules.set_str(&vm.heap, &key, m.to_value()));
    Ok(Some(m))
}

fn builtins(vm: &mut Vm) -> R<Ref<Module>> {
    let dict = vm.builtins.clone();
    let name = vm.new_str("builtins");
    set(vm, &dict, "__name__", name);
    let doc = vm.new_str("The functions, exceptions and other names that every module sees.");
    set(vm, &dict, "__doc__", doc);
    let package = vm.new_str("");
    set(vm, &dict, "__package__", package);
    for key in ["__loader__", "__spec__"] {
        set(vm, &dict, key, Value::NONE);
    }
    Ok(vm.heap.alloc(&vm.types().module.clone(), Module { dict }))
}

/// A module with these functions, and the usual names.
pub fn new(vm: &mut Vm, name: &str, functions: &[Def]) -> Ref<Module> {
    let dict = Dict::new(&vm.heap);
    let name_value: Value = vm.intern(name).into();
    set(vm, &dict, "__name__", name_value);
    for key in ["__doc__", "__loader__", "__spec__"] {
        set(vm, &dict, key, Value::NONE);
    }
    let package = vm.new_str("");
    set(vm, &dict, "__package__", package);
    add_functions(vm, &dict, name, functions);
    vm.heap.alloc(&vm.types().module.clone(), Module { dict })
}

/// Adds functions to the namespace of the module `name`.
pub fn add_functions(vm: &mut Vm, dict: &Ref<Dict>, name: &str, functions: &[Def]) {
    let module: Value = vm.intern(name).into();
    for row in functions {
        let f = vm.native_function(row, module.clone());
        set(vm, dict, row.name, f.into());
    }
}

/// Sets a name of a module.
pub fn set(vm: &Vm, dict: &Ref<Dict>, name: &str, value: Value) {
    drop(dict.set_str(&vm.heap, &vm.intern(name), value));
}

/// An exception class of a native module, made when it is first asked for.  It lives in a `static`, whose address is its
/// identity in every interpreter.
pub struct ExceptionClass {
    /// `__module__`.
    pub module: &'static str,
    pub name: &'static str,
    pub bases: fn(&TypeTable) -> Vec<Ref<Type>>,
}

/// The class that a table declares, the same one each time.
pub fn exception_class(vm: &mut Vm, class: &'static ExceptionClass) -> R<Ref<Type>> {
    let key = std::ptr::from_ref(class) as usize;
    if let Some(t) = vm.native.classes.get(&key) {
        return Ok(t.clone());
    }
    let bases: Vec<Value> = (class.bases)(vm.types()).into_iter().map(Value::from).collect();
    let meta = vm.types().type_.clone();
    let namespace = Dict::new(&vm.heap);
    let module = vm.new_str(class.module);
    set(vm, &namespace, "__module__", module);
    let name = vm.intern(class.name);
    match vm.new_class(&meta, &name, &bases, &namespace, Args::positional(&[]))?.downcast_owned::<Type>() {
        Ok(t) => {
            vm.native.classes.insert(key, t.clone());
            Ok(t)
        }
        Err(_) => Err(vm.runtime_error(format!("{} is no class", class.name))),
    }
}

/// Puts a class into its module.
pub fn add_class(vm: &mut Vm, module: &Ref<Module>, class: &'static Class) {
    let t = vm.native_class(class);
    set(vm, &module.dict, class.name, t.into());
}

/// `__class_getitem__` of classes that can be written with the types of their items.
pub const CLASS_GETITEM: Def = def("__class_getitem__", 2, 2, crate::builtins::generic_alias::class_getitem);
