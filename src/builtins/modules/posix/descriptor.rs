//! Functions on file descriptors.

use std::fs::File;
use std::io::Read;
use std::os::fd::{IntoRawFd, RawFd};

use super::fd::{self, os_error};
use super::path::{path_argument, without_folder};
use crate::builtins::buffer::{self, Target};
use crate::object::number::BigInt;
use crate::object::sequence::{Bytes, Tuple};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def_kw("open", 0, ANY, open),
    def_kw("close", 0, ANY, |vm, a| {
        let [fd] = a.bind(vm, &signature("close", ["fd"], 1))?;
        let fd = number(vm, fd.unwrap_or(&Value::NONE))?;
        done(vm, fd::close(fd))
    }),
    def("read", 2, 2, read),
    def("readinto", 2, 2, readinto),
    def("write", 2, 2, write),
    def("lseek", 3, 3, lseek),
    def("isatty", 1, 1, |vm, a| {
        let n = vm.index_c_int(&a.pos[0])?;
        Ok(Value::bool(fd::is_terminal(n)))
    }),
    def("ftruncate", 2, 2, |vm, a| {
        let (fd, n) = (number(vm, &a.pos[0])?, vm.index_i64(&a.pos[1])?);
        vm.audit("os.truncate", |vm| vec![Value::int_unchecked(fd.into()), BigInt::from_i64(&vm.heap, n)])?;
        done(vm, fd::truncate(fd, n))
    }),
    def("fsync", 1, 1, |vm, a| {
        let fd = descriptor(vm, &a.pos[0])?;
        done(vm, fd::borrow(fd).sync_all())
    }),
    def("fdatasync", 1, 1, |vm, a| {
        let fd = descriptor(vm, &a.pos[0])?;
        done(vm, fd::borrow(fd).sync_data())
    }),
    def("dup", 1, 1, |vm, a| {
        let fd = number(vm, &a.pos[0])?;
        opened(vm, fd::borrow(fd).try_clone())
    }),
    def_kw("dup2", 0, ANY, dup2),
    def("pipe", 0, 0, |vm, _| match std::io::pipe() {
        Ok((r, w)) => Ok(pair(vm, r.into_raw_fd(), w.into_raw_fd())),
        Err(e) => Err(os_error(vm, &e, None)),
    }),
    def("pipe2", 1, 1, |vm, a| {
        let flags = vm.index_c_int(&a.pos[0])?;
        match std::io::pipe() {
            Ok((r, w)) => {
                let ends = [r.into_raw_fd(), w.into_raw_fd()];
                for fd in ends {
                    let changed = fd::set_inheritable(fd, flags & libc::O_CLOEXEC == 0)
                        .and_then(|()| fd::set_blocking(fd, flags & libc::O_NONBLOCK == 0));
                    changed.map_err(|e| os_error(vm, &e, None))?;
                }
                Ok(pair(vm, ends[0], ends[1]))
            }
            Err(e) => Err(os_error(vm, &e, None)),
        }
    }),
    def("get_inheritable", 1, 1, |vm, a| {
        let fd = number(vm, &a.pos[0])?;
        answer(vm, fd::is_inheritable(fd))
    }),
    def("set_inheritable", 2, 2, |vm, a| {
        let (fd, on) = (number(vm, &a.pos[0])?, vm.index_c_int(&a.pos[1])?);
        done(vm, fd::set_inheritable(fd, on != 0))
    }),
    def("get_blocking", 1, 1, |vm, a| {
        let fd = number(vm, &a.pos[0])?;
        answer(vm, fd::is_blocking(fd))
    }),
    def("set_blocking", 2, 2, |vm, a| {
        let (fd, on) = (number(vm, &a.pos[0])?, vm.truth(&a.pos[1])?);
        done(vm, fd::set_blocking(fd, on))
    }),
    def("closerange", 2, 2, |vm, a| {
        let (low, high) = (vm.index_c_int(&a.pos[0])?, vm.index_c_int(&a.pos[1])?);
        // What is not open need not be closed.
        for fd in low.max(0)..high.min(1 << 20) {
            let _ = fd::close(fd);
        }
        Ok(Value::NONE)
    }),
    def("urandom", 1, 1, |vm, a| {
        let n = vm.index_i64(&a.pos[0])?;
        let Ok(n) = usize::try_from(n) else { return Err(vm.value_error("negative argument not allowed")) };
        vm.check_memory(Some(n))?;
        let bytes = random_bytes(vm, n)?;
        Ok(Bytes::new(&vm.heap, bytes).into())
    }),
];

/// A descriptor's number.
pub fn number(vm: &mut Vm, v: &Value) -> R<RawFd> {
    match vm.index_c_int(v)? {
        n if n >= 0 => Ok(n),
        _ => Err(vm.os_error(libc::EBADF, None)),
    }
}

/// A descriptor, or an object that has one (`fileno()`).
fn descriptor(vm: &mut Vm, v: &Value) -> R<RawFd> {
    if v.as_int().is_some() {
        return number(vm, v);
    }
    let name = vm.intern("fileno");
    match vm.get_attr_opt(v, &name)? {
        Some(fileno) => {
            let n = vm.call(&fileno, &[])?;
            number(vm, &n)
        }
        None => Err(vm.type_error("argument must be an int, or have a fileno() method.")),
    }
}

pub fn random_bytes(vm: &mut Vm, n: usize) -> R<Vec<u8>> {
    let mut bytes = vec![0; n];
    match File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut bytes)) {
        Ok(()) => Ok(bytes),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn done(vm: &mut Vm, result: std::io::Result<()>) -> R {
    result.map(|()| Value::NONE).map_err(|e| os_error(vm, &e, None))
}

fn answer(vm: &mut Vm, result: std::io::Result<bool>) -> R {
    result.map(Value::bool).map_err(|e| os_error(vm, &e, None))
}

fn opened(vm: &mut Vm, file: std::io::Result<File>) -> R {
    match file {
        Ok(f) => Ok(Value::int_unchecked(f.into_raw_fd().into())),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn pair(vm: &Vm, r: RawFd, w: RawFd) -> Value {
    Tuple::new(&vm.heap, [r, w].map(|fd| Value::int_unchecked(fd.into()))).into()
}

fn open(vm: &mut Vm, a: Args<'_>) -> R {
    let names = ["path", "flags", "mode", "dir_fd"];
    let s = Signature { function: "open", names, required: 2, positional: 3 };
    let [path, flags, mode, folder] = a.bind(vm, &s)?;
    without_folder(vm, folder)?;
    let p = path_argument(vm, path.unwrap_or(&Value::NONE), "open", "path")?;
    let flags = vm.index_c_int(flags.unwrap_or(&Value::NONE))?;
    let mode = match mode {
        Some(m) => vm.index_c_int(m)? as u32,
        None => 0o777,
    };
    vm.audit("open", |_| vec![p.shown.clone(), Value::NONE, Value::int_unchecked((flags | libc::O_CLOEXEC).into())])?;
    match fd::open(vm, &p.path, flags, mode)? {
        Ok(fd) => Ok(Value::int_unchecked(fd.into())),
        Err(e) => Err(os_error(vm, &e, Some(&p.shown))),
    }
}

fn dup2(vm: &mut Vm, a: Args<'_>) -> R {
    let [from, to, inheritable] = a.bind(vm, &signature("dup2", ["fd", "fd2", "inheritable"], 2))?;
    let from = number(vm, from.unwrap_or(&Value::NONE))?;
    let to = number(vm, to.unwrap_or(&Value::NONE))?;
    let inheritable = match inheritable {
        Some(v) => vm.truth(v)?,
        None => true,
    };
    match fd::duplicate_to(from, to, inheritable) {
        Ok(()) => Ok(Value::int_unchecked(to.into())),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn read(vm: &mut Vm, a: Args<'_>) -> R {
    let (fd, n) = (number(vm, &a.pos[0])?, vm.index_i64(&a.pos[1])?);
    let Ok(n) = usize::try_from(n) else { return Err(vm.os_error(libc::EINVAL, None)) };
    vm.check_memory(Some(n))?;
    let mut bytes = vec![0; n];
    let got = read_some(vm, fd, &mut bytes)?;
    bytes.truncate(got);
    Ok(Bytes::new(&vm.heap, bytes).into())
}

fn readinto(vm: &mut Vm, a: Args<'_>) -> R {
    let fd = number(vm, &a.pos[0])?;
    let target = Target::of(vm, &a.pos[1], "readinto")?;
    let mut bytes = vec![0; target.size()];
    let got = read_some(vm, fd, &mut bytes)?;
    target.write(0, &bytes[..got]);
    Ok(Value::from_len(got))
}

/// Reads once; where that may have to wait, the host can interrupt it.
fn read_some(vm: &mut Vm, fd: RawFd, out: &mut [u8]) -> R<usize> {
    let waits = !fd::stat(fd).is_ok_and(|m| m.is_file()) && fd::is_blocking(fd).unwrap_or(false);
    if waits && !out.is_empty() {
        fd::wait_readable(vm, fd)?;
    }
    fd::read(vm, fd, out)?.map_err(|e| os_error(vm, &e, None))
}

fn write(vm: &mut Vm, a: Args<'_>) -> R {
    let fd = number(vm, &a.pos[0])?;
    let data = buffer::bytes(vm, &a.pos[1])?;
    match fd::write(vm, fd, &data)? {
        Ok(n) => Ok(Value::from_len(n)),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn lseek(vm: &mut Vm, a: Args<'_>) -> R {
    let (fd, offset, whence) = (number(vm, &a.pos[0])?, vm.index_i64(&a.pos[1])?, vm.index_c_int(&a.pos[2])?);
    match fd::seek(fd, offset, whence.into()) {
        Ok(n) => Ok(BigInt::from_i64(&vm.heap, n)),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}
