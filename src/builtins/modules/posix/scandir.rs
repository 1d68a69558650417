//! `scandir` and its entries.

use std::fs;
use std::os::unix::fs::DirEntryExt;
use std::path::PathBuf;

use super::fd::os_error;
use super::path::{folder, name_value};
use super::stat;
use crate::builtins::slots;
use crate::object::cell::Mut;
use crate::object::header::Kind;
use crate::object::number::BigInt;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::native_iter::NativeIter;
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[def_kw("scandir", 0, ANY, scandir)];

struct Entries {
    entries: Mut<Option<fs::ReadDir>>,
    is_bytes: bool,
}

opaque_data!(Entries {});

impl NativeIter for Entries {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let next = self.entries.borrow_mut().as_mut().and_then(Iterator::next);
        match next {
            None => {
                self.entries.set(None);
                Ok(None)
            }
            Some(Err(e)) => Err(os_error(vm, &e, None)),
            Some(Ok(e)) => {
                let name = name_value(vm, &e.file_name(), self.is_bytes)?;
                let shown = name_value(vm, e.path().as_os_str(), self.is_bytes)?;
                let kind = e.file_type().ok();
                let entry = Entry { name, shown, path: e.path(), kind, inode: e.ino() };
                let class = vm.native_class(&DIR_ENTRY);
                Ok(Some(vm.new_opaque(&class, entry)))
            }
        }
    }
}

static ITERATOR: Class = Class {
    module: "posix",
    name: "ScandirIterator",
    kind: Kind::Iter,
    methods: &[
        slots::ITER,
        slots::NEXT,
        def("close", 1, 1, close),
        def("__enter__", 1, 1, |_, a| Ok(a.pos[0].clone())),
        def("__exit__", 1, ANY, close),
    ],
    ..CLASS
};

fn close(vm: &mut Vm, a: Args<'_>) -> R {
    vm.iter_receiver::<Entries>(a)?.entries.set(None);
    Ok(Value::NONE)
}

fn scandir(vm: &mut Vm, a: Args<'_>) -> R {
    let [path] = a.bind(vm, &signature("scandir", ["path"], 0))?;
    let p = folder(vm, path, "scandir", "os.scandir")?;
    match fs::read_dir(&p.path) {
        Ok(entries) => {
            let class = vm.native_class(&ITERATOR);
            Ok(vm.new_native_iter(&class, Entries { entries: Mut::new(Some(entries)), is_bytes: p.is_bytes }))
        }
        Err(e) => Err(os_error(vm, &e, Some(&p.shown))),
    }
}

struct Entry {
    name: Value,
    shown: Value,
    path: PathBuf,
    kind: Option<fs::FileType>,
    inode: u64,
}

opaque_data!(Entry { name, shown });

pub static DIR_ENTRY: Class = Class {
    module: "posix",
    name: "DirEntry",
    methods: &[
        def_kw("is_dir", 1, ANY, |vm, a| is(vm, a, fs::FileType::is_dir)),
        def_kw("is_file", 1, ANY, |vm, a| is(vm, a, fs::FileType::is_file)),
        def("is_symlink", 1, 1, |vm, a| Ok(Value::bool(vm.receiver::<Entry>(a)?.kind.is_some_and(|k| k.is_symlink())))),
        def("is_junction", 1, 1, |_, _| Ok(Value::FALSE)),
        def_kw("stat", 1, ANY, |vm, a| {
            let follow = follows(vm, a)?;
            let e = vm.receiver::<Entry>(a)?;
            let meta = if follow { fs::metadata(&e.path) } else { fs::symlink_metadata(&e.path) };
            match meta {
                Ok(m) => stat::result(vm, &m),
                Err(error) => Err(os_error(vm, &error, Some(&e.shown))),
            }
        }),
        def("inode", 1, 1, |vm, a| {
            let inode = vm.receiver::<Entry>(a)?.inode;
            Ok(BigInt::from_i128(&vm.heap, inode.into()))
        }),
        def("__fspath__", 1, 1, |vm, a| Ok(vm.receiver::<Entry>(a)?.shown.clone())),
        def("__repr__", 1, 1, |vm, a| {
            let name = vm.receiver::<Entry>(a)?.name.clone();
            let name = vm.repr(&name)?;
            Ok(vm.new_str(&format!("<DirEntry {name}>")))
        }),
    ],
    getset: &[
        ("name", |vm, a| Ok(vm.receiver::<Entry>(a)?.name.clone()), None),
        ("path", |vm, a| Ok(vm.receiver::<Entry>(a)?.shown.clone()), None),
    ],
    ..CLASS
};

fn follows(vm: &mut Vm, a: Args<'_>) -> R<bool> {
    let s = Signature { function: "DirEntry", names: ["follow_symlinks"], required: 0, positional: 0 };
    match a.rest().bind(vm, &s)? {
        [Some(v)] => vm.truth(v),
        [None] => Ok(true),
    }
}

/// What an entry is, behind a link if links are followed; what cannot be looked at is nothing.
fn is(vm: &mut Vm, a: Args<'_>, test: fn(&fs::FileType) -> bool) -> R {
    let follow = follows(vm, a)?;
    let e = vm.receiver::<Entry>(a)?;
    let kind = match e.kind {
        Some(k) if k.is_symlink() && follow => fs::metadata(&e.path).ok().map(|m| m.file_type()),
        k => k,
    };
    Ok(Value::bool(kind.is_some_and(|k| test(&k))))
}
