//! `posix`: what `os` is built on.

mod descriptor;
pub mod fd;
mod path;
mod process;
mod scandir;
mod stat;

pub use descriptor::random_bytes;
pub use path::{PathArg, fspath, path_argument, path_of};

use super::{add_class, add_functions, new, set};
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::sequence::{Bytes, List};
use crate::object::value::Value;
use crate::vm::{R, Vm};

macro_rules! constants {
    ($($name:ident)*) => {
        const CONSTANTS: &[(&str, i64)] = &[$((stringify!($name), libc::$name as i64)),*];
    };
}

constants! {
    F_OK R_OK W_OK X_OK O_RDONLY O_WRONLY O_RDWR O_APPEND O_CREAT O_EXCL O_TRUNC O_NONBLOCK O_CLOEXEC O_SYNC O_DIRECTORY O_NOFOLLOW O_ACCMODE O_DSYNC O_NOCTTY O_RSYNC
    SEEK_DATA SEEK_HOLE
    WNOHANG
}

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "posix", &[]);
    for functions in [descriptor::TABLE, path::TABLE, process::TABLE, scandir::TABLE, stat::TABLE] {
        add_functions(vm, &m.dict, "posix", functions);
    }
    for &(name, n) in CONSTANTS {
        set(vm, &m.dict, name, Value::int_unchecked(n));
    }
    add_class(vm, &m, &scandir::DIR_ENTRY);
    let result: Value = stat::class(vm).into();
    set(vm, &m.dict, "stat_result", result);
    let error: Value = vm.types().OSError.clone().into();
    set(vm, &m.dict, "error", error);
    let environ = environ(vm)?;
    set(vm, &m.dict, "environ", environ);
    // What this module can do by descriptors: nothing beyond the plain calls.
    let functions: Value = List::new(&vm.heap, vec![]).into();
    set(vm, &m.dict, "_have_functions", functions);
    Ok(m)
}

/// The environment of the process as it is now.
fn environ(vm: &mut Vm) -> R {
    use std::os::unix::ffi::OsStrExt;
    let d = Dict::new(&vm.heap);
    for (k, v) in std::env::vars_os() {
        let (k, v) = (Bytes::new(&vm.heap, k.as_bytes()), Bytes::new(&vm.heap, v.as_bytes()));
        vm.dict_set(&d, k.into(), v.into())?;
    }
    Ok(d.into())
}
