//! `stat`, `lstat`, `fstat` and their result.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use super::fd::os_error;
use super::path::{path_argument, without_folder};
use super::{descriptor, fd};
use crate::builtins::modules::struct_sequence as seq;
use crate::object::header::Ref;
use crate::object::number::{BigInt, Float};
use crate::object::sequence::Bytes;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::Signature;
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def_kw("stat", 0, ANY, |vm, a| stat(vm, a, "stat")),
    def_kw("lstat", 0, ANY, |vm, a| stat(vm, a, "lstat")),
    def("fstat", 1, 1, |vm, a| {
        let meta = fd::stat(descriptor::number(vm, &a.pos[0])?);
        finish(vm, meta, None)
    }),
    def("umask", 1, 1, |vm, a| {
        let mask = vm.index_c_int(&a.pos[0])?;
        // SAFETY: takes and gives a number.
        let old = unsafe { libc::umask(mask as libc::mode_t) };
        Ok(Value::int_unchecked(old.into()))
    }),
];

/// The ten items; the times in floats and nanoseconds, and what else there is, are attributes.
const ITEMS: [&str; 10] =
    ["st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "_atime", "_mtime", "_ctime"];

const ATTRIBUTES: [&str; 9] = [
    "st_atime",
    "st_mtime",
    "st_ctime",
    "st_atime_ns",
    "st_mtime_ns",
    "st_ctime_ns",
    "st_blksize",
    "st_blocks",
    "st_rdev",
];

/// `os.stat_result`, the same class each time.
pub fn class(vm: &mut Vm) -> Ref<Type> {
    let key = ITEMS.as_ptr() as usize;
    if let Some(t) = vm.native.classes.get(&key) {
        return t.clone();
    }
    let layout =
        seq::Layout { module: "os", name: "stat_result", fields: &ITEMS, hidden: &ATTRIBUTES, creatable: true };
    let t = seq::make_class(vm, layout);
    vm.native.classes.insert(key, t.clone());
    t
}

pub fn result(vm: &mut Vm, m: &Metadata) -> R {
    let class = class(vm);
    let int = |vm: &Vm, n: i128| BigInt::from_i128(&vm.heap, n);
    let plain = [
        i128::from(m.mode()),
        m.ino().into(),
        m.dev().into(),
        m.nlink().into(),
        m.uid().into(),
        m.gid().into(),
        m.size().into(),
        m.atime().into(),
        m.mtime().into(),
        m.ctime().into(),
    ];
    let items = plain.into_iter().map(|n| int(vm, n)).collect();
    let times = [(m.atime(), m.atime_nsec()), (m.mtime(), m.mtime_nsec()), (m.ctime(), m.ctime_nsec())];
    let (mut floats, mut wholes) = (Vec::new(), Vec::new());
    for (seconds, nanoseconds) in times {
        let whole = i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
        let time = Float::value(&vm.heap, seconds as f64 + nanoseconds as f64 * 1e-9);
        floats.push(time);
        wholes.push(int(vm, whole));
    }
    let others = [m.blksize(), m.blocks(), m.rdev()].map(|n| int(vm, n.into()));
    let values = floats.into_iter().chain(wholes).chain(others);
    let hidden: Vec<(&str, Value)> = ATTRIBUTES.into_iter().zip(values).collect();
    Ok(seq::make_with_hidden(vm, &class, items, &hidden))
}

fn finish(vm: &mut Vm, meta: std::io::Result<Metadata>, shown: Option<&Value>) -> R {
    match meta {
        Ok(m) => result(vm, &m),
        Err(e) => Err(os_error(vm, &e, shown)),
    }
}

fn stat(vm: &mut Vm, a: Args<'_>, function: &'static str) -> R {
    let s = Signature { function, names: ["path", "dir_fd", "follow_symlinks"], required: 1, positional: 1 };
    let [path, folder, follow] = a.bind(vm, &s)?;
    without_folder(vm, folder)?;
    let path = path.cloned().unwrap_or(Value::NONE);
    let follow = match follow {
        Some(v) => vm.truth(v)?,
        None => function == "stat",
    };
    if path.as_int().is_some() && function == "stat" {
        let meta = fd::stat(descriptor::number(vm, &path)?);
        return finish(vm, meta, Some(&path));
    }
    let fspath = vm.intern("__fspath__");
    let is_path = path.is_heap()
        && (path.downcast::<Str>().is_some()
            || path.downcast::<Bytes>().is_some()
            || path.class(&vm.heap).lookup(&fspath).is_some());
    if function == "stat" && !is_path {
        let got = vm.class_name(&path);
        return Err(vm.type_error(format!("stat: path should be string, bytes, os.PathLike or integer, not {got}")));
    }
    let p = path_argument(vm, &path, function, "path")?;
    let meta = if follow { std::fs::metadata(&p.path) } else { std::fs::symlink_metadata(&p.path) };
    finish(vm, meta, Some(&p.shown))
}

/// A test of a path, made of what a descriptor is open on.
pub fn test_descriptor(vm: &mut Vm, fd: &Value, f: fn(&PathBuf) -> bool) -> R {
    let fd = descriptor::number(vm, fd)?;
    Ok(Value::bool(f(&PathBuf::from(format!("/proc/self/fd/{fd}")))))
}
