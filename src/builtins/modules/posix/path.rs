//! Functions on paths.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::fd::os_error;
use crate::builtins::codec;
use crate::builtins::functions::numbers::call_class_method;
use crate::object::sequence::{Bytes, List};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def("fspath", 1, 1, |vm, a| fspath(vm, &a.pos[0])),
    def("getcwd", 0, 0, |vm, _| getcwd(vm, false)),
    def("getcwdb", 0, 0, |vm, _| getcwd(vm, true)),
    def_kw("chdir", 0, ANY, chdir),
    def_kw("rmdir", 0, ANY, |vm, a| one(vm, a, "rmdir", "os.rmdir", |p| fs::remove_dir(p))),
    def_kw("unlink", 0, ANY, |vm, a| one(vm, a, "unlink", "os.remove", |p| fs::remove_file(p))),
    def_kw("remove", 0, ANY, |vm, a| one(vm, a, "remove", "os.remove", |p| fs::remove_file(p))),
    def_kw("rename", 0, ANY, |vm, a| two(vm, a, "rename", "os.rename", |p, q| fs::rename(p, q))),
    def_kw("replace", 0, ANY, |vm, a| two(vm, a, "replace", "os.rename", |p, q| fs::rename(p, q))),
    def_kw("link", 0, ANY, |vm, a| two(vm, a, "link", "os.link", |p, q| fs::hard_link(p, q))),
    def_kw("symlink", 0, ANY, symlink),
    def_kw("mkdir", 0, ANY, mkdir),
    def_kw("chmod", 0, ANY, chmod),
    def_kw("access", 0, ANY, access),
    def_kw("listdir", 0, ANY, listdir),
    def_kw("readlink", 0, ANY, readlink),
    def_kw("_path_isdir", 0, ANY, |vm, a| test(vm, a, |p| p.is_dir())),
    def_kw("_path_isfile", 0, ANY, |vm, a| test(vm, a, |p| p.is_file())),
    def_kw("_path_exists", 0, ANY, |vm, a| test(vm, a, |p| p.exists())),
    def_kw("_path_lexists", 0, ANY, |vm, a| test(vm, a, |p| p.symlink_metadata().is_ok())),
    def_kw("_path_islink", 0, ANY, |vm, a| test(vm, a, |p| p.is_symlink())),
];

/// A path as Python gave it.
pub struct PathArg {
    pub path: PathBuf,
    /// What error messages show.
    pub shown: Value,
    pub is_bytes: bool,
}

/// `os.fspath`: a str or bytes as they are, what `__fspath__` gives for others.
pub fn fspath(vm: &mut Vm, v: &Value) -> R {
    let is_path = |v: &Value| v.downcast::<Str>().is_some() || v.downcast::<Bytes>().is_some();
    if is_path(v) {
        return Ok(v.clone());
    }
    let name = vm.intern("__fspath__");
    match call_class_method(vm, v, &name, &[])? {
        Some(p) if is_path(&p) => Ok(p),
        Some(p) => {
            let (class, got) = (vm.class_name(v), vm.class_name(&p));
            Err(vm.type_error(format!("expected {class}.__fspath__() to return str or bytes, not {got}")))
        }
        None => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("expected str, bytes or os.PathLike object, not {got}")))
        }
    }
}

/// A path as CPython's converter takes it: str, bytes or what `__fspath__` gives, without NUL bytes.
pub fn path_of(vm: &mut Vm, v: &Value) -> R<PathBuf> {
    let p = fspath(vm, v)?;
    let bytes = system_bytes(vm, &p)?;
    if bytes.contains(&0) {
        return Err(vm.value_error("embedded null byte"));
    }
    Ok(PathBuf::from(OsString::from_vec(bytes)))
}

/// The bytes by which the system knows a str or bytes.
fn system_bytes(vm: &mut Vm, p: &Value) -> R<Vec<u8>> {
    match (p.downcast::<Str>(), p.downcast::<Bytes>()) {
        (Some(s), _) => codec::encode(vm, &s.clone(), "utf-8", "surrogateescape"),
        (_, Some(b)) => Ok(b.data.to_vec()),
        _ => Ok(Vec::new()),
    }
}

/// A path argument of a function.
pub fn path_argument(vm: &mut Vm, v: &Value, function: &str, name: &str) -> R<PathArg> {
    let fspath_name = vm.intern("__fspath__");
    let p = if v.downcast::<Str>().is_some() || v.downcast::<Bytes>().is_some() {
        v.clone()
    } else if v.is_heap() && v.class(&vm.heap).lookup(&fspath_name).is_some() {
        fspath(vm, v)?
    } else {
        let got = vm.class_name(v);
        return Err(vm.type_error(format!("{function}: {name} should be string, bytes or os.PathLike, not {got}")));
    };
    let (bytes, is_bytes) = (system_bytes(vm, &p)?, p.downcast::<Bytes>().is_some());
    if bytes.contains(&0) {
        return Err(vm.value_error(format!("{function}: embedded null character in path")));
    }
    Ok(PathArg { path: PathBuf::from(OsString::from_vec(bytes)), shown: p, is_bytes })
}

/// A name of the system as str or bytes.
pub fn name_value(vm: &mut Vm, name: &std::ffi::OsStr, is_bytes: bool) -> R {
    Ok(if is_bytes { Bytes::new(&vm.heap, name.as_bytes()).into() } else { Str::from_system(&vm.heap, name).into() })
}

pub fn done(vm: &mut Vm, result: std::io::Result<()>, p: &PathArg) -> R {
    match result {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(os_error(vm, &e, Some(&p.shown))),
    }
}

/// Where audit hooks are told of the descriptor of a folder: there is none.
const NO_FOLDER: Value = Value::int_unchecked(-1);

/// Refuses a path that is relative to an open folder, which no function here can take.
pub fn without_folder(vm: &mut Vm, folder: Option<&Value>) -> R<()> {
    match folder.filter(|v| !v.is_none()) {
        Some(_) => Err(vm.not_implemented_error("dir_fd unavailable on this platform")),
        None => Ok(()),
    }
}

fn chdir(vm: &mut Vm, a: Args<'_>) -> R {
    let [path] = a.bind(vm, &signature("chdir", ["path"], 1))?;
    let p = path_argument(vm, path.unwrap_or(&Value::NONE), "chdir", "path")?;
    vm.audit("os.chdir", |_| vec![p.shown.clone()])?;
    done(vm, std::env::set_current_dir(&p.path), &p)
}

fn one(vm: &mut Vm, a: Args<'_>, function: &'static str, event: &str, f: fn(&PathBuf) -> std::io::Result<()>) -> R {
    let s = Signature { function, names: ["path", "dir_fd"], required: 1, positional: 1 };
    let [path, folder] = a.bind(vm, &s)?;
    let p = path_argument(vm, path.unwrap_or(&Value::NONE), function, "path")?;
    without_folder(vm, folder)?;
    vm.audit(event, |_| vec![p.shown.clone(), NO_FOLDER])?;
    done(vm, f(&p.path), &p)
}

type OnTwo = fn(&PathBuf, &PathBuf) -> std::io::Result<()>;

fn two(vm: &mut Vm, a: Args<'_>, function: &'static str, event: &str, f: OnTwo) -> R {
    let names = ["src", "dst", "src_dir_fd", "dst_dir_fd", "follow_symlinks"];
    let [Some(src), Some(dst), src_folder, dst_folder, follow] =
        a.bind(vm, &Signature { function, names, required: 2, positional: 2 })?
    else {
        return Err(vm.type_error(format!("{function}() missing required argument")));
    };
    let p = path_argument(vm, src, function, "src")?;
    let q = path_argument(vm, dst, function, "dst")?;
    without_folder(vm, src_folder)?;
    without_folder(vm, dst_folder)?;
    following(vm, function, follow)?;
    vm.audit(event, |_| vec![p.shown.clone(), q.shown.clone(), NO_FOLDER, NO_FOLDER])?;
    finish_two(vm, f(&p.path, &q.path), &p, q)
}

fn symlink(vm: &mut Vm, a: Args<'_>) -> R {
    let names = ["src", "dst", "target_is_directory", "dir_fd"];
    let [Some(src), Some(dst), _, folder] =
        a.bind(vm, &Signature { function: "symlink", names, required: 2, positional: 3 })?
    else {
        return Err(vm.type_error("symlink() missing required argument"));
    };
    let p = path_argument(vm, src, "symlink", "src")?;
    let q = path_argument(vm, dst, "symlink", "dst")?;
    without_folder(vm, folder)?;
    vm.audit("os.symlink", |_| vec![p.shown.clone(), q.shown.clone(), NO_FOLDER])?;
    finish_two(vm, std::os::unix::fs::symlink(&p.path, &q.path), &p, q)
}

/// Refuses to act on a symbolic link itself.
fn following(vm: &mut Vm, function: &str, follow: Option<&Value>) -> R<()> {
    match follow {
        Some(v) if !vm.truth(v)? => {
            Err(vm.not_implemented_error(format!("{function}: follow_symlinks unavailable on this platform")))
        }
        _ => Ok(()),
    }
}

fn finish_two(vm: &mut Vm, result: std::io::Result<()>, p: &PathArg, q: PathArg) -> R {
    match result {
        Ok(()) => Ok(Value::NONE),
        Err(e) => {
            let x = os_error(vm, &e, Some(&p.shown));
            let second = vm.intern("filename2");
            vm.set_attr(&x.0, &second, q.shown)?;
            Err(x)
        }
    }
}

fn test(vm: &mut Vm, a: Args<'_>, f: fn(&PathBuf) -> bool) -> R {
    let [path] = a.bind(vm, &signature("path", ["path"], 1))?;
    let Some(path) = path else { return Ok(Value::FALSE) };
    if path.as_int().is_some() {
        return super::stat::test_descriptor(vm, path, f);
    }
    // What cannot be a path is none that exists; what has the wrong type is an error.
    match path_argument(vm, path, "stat", "path") {
        Ok(p) => Ok(Value::bool(f(&p.path))),
        Err(e) if vm.is_exception(&e, &vm.types().ValueError) => Ok(Value::FALSE),
        Err(e) => Err(e),
    }
}

fn getcwd(vm: &mut Vm, is_bytes: bool) -> R {
    match std::env::current_dir() {
        Ok(p) => name_value(vm, p.as_os_str(), is_bytes),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn mkdir(vm: &mut Vm, a: Args<'_>) -> R {
    let s = Signature { function: "mkdir", names: ["path", "mode", "dir_fd"], required: 1, positional: 2 };
    let [path, mode, folder] = a.bind(vm, &s)?;
    let p = path_argument(vm, path.unwrap_or(&Value::NONE), "mkdir", "path")?;
    let mode = match mode {
        Some(m) => vm.index_c_int(m)?,
        None => 0o777,
    };
    without_folder(vm, folder)?;
    vm.audit("os.mkdir", |_| vec![p.shown.clone(), Value::int_unchecked(mode.into()), NO_FOLDER])?;
    let mut builder = fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, mode as u32);
    done(vm, builder.create(&p.path), &p)
}

fn chmod(vm: &mut Vm, a: Args<'_>) -> R {
    let names = ["path", "mode", "dir_fd", "follow_symlinks"];
    let s = Signature { function: "chmod", names, required: 2, positional: 2 };
    let [path, mode, folder, follow] = a.bind(vm, &s)?;
    let p = path_argument(vm, path.unwrap_or(&Value::NONE), "chmod", "path")?;
    let mode = vm.index_c_int(mode.unwrap_or(&Value::NONE))?;
    without_folder(vm, folder)?;
    following(vm, "chmod", follow)?;
    vm.audit("os.chmod", |_| vec![p.shown.clone(), Value::int_unchecked(mode.into()), NO_FOLDER])?;
    done(vm, fs::set_permissions(&p.path, fs::Permissions::from_mode(mode as u32)), &p)
}

/// Whether the process may do what is asked, by the permission bits and its owner (root may read and write anything).
fn access(vm: &mut Vm, a: Args<'_>) -> R {
    let names = ["path", "mode", "dir_fd", "effective_ids", "follow_symlinks"];
    let s = Signature { function: "access", names, required: 2, positional: 2 };
    let [path, mode, folder, effective, follow] = a.bind(vm, &s)?;
    let p = path_argument(vm, path.unwrap_or(&Value::NONE), "access", "path")?;
    let mode = vm.index_c_int(mode.unwrap_or(&Value::NONE))?;
    without_folder(vm, folder)?;
    following(vm, "access", follow)?;
    if let Some(v) = effective
        && vm.truth(v)?
    {
        return Err(vm.not_implemented_error("access: effective_ids unavailable on this platform"));
    }
    let Ok(c) = std::ffi::CString::new(p.path.as_os_str().as_bytes()) else { return Ok(Value::FALSE) };
    // SAFETY: the path ends in NUL and lives during the call.
    let result = unsafe { libc::access(c.as_ptr(), mode) };
    Ok(Value::bool(result == 0))
}

/// The folder of an argument that may be missing or None, which the hooks of an audit event have let in.
pub fn folder(vm: &mut Vm, path: Option<&Value>, function: &str, event: &str) -> R<PathArg> {
    let p = match path.filter(|p| !p.is_none()) {
        Some(p) => path_argument(vm, p, function, "path")?,
        None => {
            vm.audit(event, |_| vec![Value::NONE])?;
            return Ok(PathArg { path: PathBuf::from("."), shown: vm.new_str("."), is_bytes: false });
        }
    };
    vm.audit(event, |_| vec![p.shown.clone()])?;
    Ok(p)
}

fn listdir(vm: &mut Vm, a: Args<'_>) -> R {
    let [path] = a.bind(vm, &signature("listdir", ["path"], 0))?;
    let p = folder(vm, path, "listdir", "os.listdir")?;
    let names =
        fs::read_dir(&p.path).and_then(|all| all.map(|e| e.map(|e| e.file_name())).collect::<Result<Vec<_>, _>>());
    match names {
        Ok(names) => {
            let mut list = Vec::with_capacity(names.len());
            for n in names {
                list.push(name_value(vm, &n, p.is_bytes)?);
            }
            Ok(List::new(&vm.heap, list).into())
        }
        Err(e) => Err(os_error(vm, &e, Some(&p.shown))),
    }
}

fn readlink(vm: &mut Vm, a: Args<'_>) -> R {
    let s = Signature { function: "readlink", names: ["path", "dir_fd"], required: 1, positional: 1 };
    let [path, folder] = a.bind(vm, &s)?;
    let p = path_argument(vm, path.unwrap_or(&Value::NONE), "readlink", "path")?;
    without_folder(vm, folder)?;
    match fs::read_link(&p.path) {
        Ok(to) => name_value(vm, to.as_os_str(), p.is_bytes),
        Err(e) => Err(os_error(vm, &e, Some(&p.shown))),
    }
}
