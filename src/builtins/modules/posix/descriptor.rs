//! Functions on file descriptors.

use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Read, Seek, SeekFrom, Write};
use std::mem::ManuallyDrop;
use std::os::fd::{FromRawFd, IntoRawFd, RawFd};
use std::os::unix::fs::OpenOptionsExt;

use super::path::path_argument;
use crate::builtins::io::os_error;
use crate::object::number::BigInt;
use crate::object::sequence::{Bytes, Tuple};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::Signature;
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def_kw("open", 0, ANY, open),
    def("close", 1, 1, close),
    def("read", 2, 2, read),
    def("write", 2, 2, write),
    def("lseek", 3, 3, lseek),
    def("isatty", 1, 1, |vm, a| Ok(Value::bool(borrow(number(vm, &a.pos[0])?).is_terminal()))),
    def("ftruncate", 2, 2, |vm, a| {
        let (fd, n) = (number(vm, &a.pos[0])?, vm.index_i64(&a.pos[1])?);
        let result = borrow(fd).set_len(n.max(0) as u64);
        result.map(|()| Value::NONE).map_err(|e| os_error(vm, &e, None))
    }),
    def("fsync", 1, 1, |vm, a| {
        let fd = number(vm, &a.pos[0])?;
        borrow(fd).sync_all().map(|()| Value::NONE).map_err(|e| os_error(vm, &e, None))
    }),
    def("dup", 1, 1, |vm, a| {
        let fd = number(vm, &a.pos[0])?;
        opened(vm, borrow(fd).try_clone(), None)
    }),
    def("pipe", 0, 0, |vm, _| match std::io::pipe() {
        Ok((r, w)) => {
            let ends = [r.into_raw_fd(), w.into_raw_fd()].map(|fd| Value::int_unchecked(fd.into()));
            Ok(Tuple::new(&vm.heap, ends).into())
        }
        Err(e) => Err(os_error(vm, &e, None)),
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
    let n = vm.index_i64(v)?;
    match RawFd::try_from(n) {
        // A number that no file can have is asked for all the same, and the system says that it is bad.
        Ok(n) if n >= 0 => Ok(n),
        _ => Err(vm.os_error(libc::EBADF, None)),
    }
}

/// A file by its descriptor, which is not closed when this is dropped.
pub fn borrow(fd: RawFd) -> ManuallyDrop<File> {
    // SAFETY: the number is the program's own to use, as in C: if nothing is open on it the system answers EBADF.  It is not
    // -1, and the file is never dropped.
    ManuallyDrop::new(unsafe { File::from_raw_fd(fd) })
}

pub fn random_bytes(vm: &mut Vm, n: usize) -> R<Vec<u8>> {
    let mut bytes = vec![0; n];
    match File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut bytes)) {
        Ok(()) => Ok(bytes),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn opened(vm: &mut Vm, file: std::io::Result<File>, shown: Option<&Value>) -> R {
    match file {
        Ok(f) => Ok(Value::int_unchecked(f.into_raw_fd().into())),
        Err(e) => Err(os_error(vm, &e, shown)),
    }
}

fn open(vm: &mut Vm, a: Args<'_>) -> R {
    let names = ["path", "flags", "mode", "dir_fd"];
    let s = Signature { function: "open", names, required: 2, positional: 3 };
    let [path, flags, mode, _] = a.bind(vm, &s)?;
    let p = path_argument(vm, path.unwrap_or(&Value::NONE), "open", "path")?;
    let flags = vm.index_i64(flags.unwrap_or(&Value::NONE))? as i32;
    let mode = match mode {
        Some(m) => vm.index_i64(m)? as u32,
        None => 0o777,
    };
    let access = flags & libc::O_ACCMODE;
    let mut options = OpenOptions::new();
    options.read(access != libc::O_WRONLY).write(access != libc::O_RDONLY).mode(mode);
    let has = |flag: i32| flags & flag == flag;
    options.create_new(has(libc::O_CREAT | libc::O_EXCL)).create(has(libc::O_CREAT));
    if access == libc::O_RDONLY && has(libc::O_CREAT) {
        // The options of the standard library refuse to create a file that is only read; the system does not.
        options.create(false).create_new(false);
    }
    options.custom_flags(flags & !libc::O_ACCMODE);
    opened(vm, options.open(&p.path), Some(&p.shown))
}

fn close(vm: &mut Vm, a: Args<'_>) -> R {
    let fd = number(vm, &a.pos[0])?;
    // SAFETY: takes a number; a bad one is refused.
    if unsafe { libc::close(fd) } == 0 {
        return Ok(Value::NONE);
    }
    Err(os_error(vm, &std::io::Error::last_os_error(), None))
}

fn read(vm: &mut Vm, a: Args<'_>) -> R {
    let (fd, n) = (number(vm, &a.pos[0])?, vm.index_i64(&a.pos[1])?);
    let Ok(n) = usize::try_from(n) else { return Err(vm.os_error(libc::EINVAL, None)) };
    vm.check_memory(Some(n))?;
    let mut bytes = vec![0; n];
    match borrow(fd).read(&mut bytes) {
        Ok(n) => Ok(Bytes::new(&vm.heap, &bytes[..n]).into()),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn write(vm: &mut Vm, a: Args<'_>) -> R {
    let fd = number(vm, &a.pos[0])?;
    let Some(data) = a.pos[1].bytes_like().map(|d| d.to_vec()) else {
        let got = vm.class_name(&a.pos[1]);
        return Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")));
    };
    match borrow(fd).write(&data) {
        Ok(n) => Ok(Value::from_len(n)),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}

fn lseek(vm: &mut Vm, a: Args<'_>) -> R {
    let (fd, offset, whence) = (number(vm, &a.pos[0])?, vm.index_i64(&a.pos[1])?, vm.index_i64(&a.pos[2])?);
    let to = match whence {
        0 if offset >= 0 => SeekFrom::Start(offset as u64),
        1 => SeekFrom::Current(offset),
        2 => SeekFrom::End(offset),
        _ => return Err(vm.os_error(libc::EINVAL, None)),
    };
    match borrow(fd).seek(to) {
        Ok(n) => Ok(BigInt::from_i128(&vm.heap, n.into())),
        Err(e) => Err(os_error(vm, &e, None)),
    }
}
