//! `FileIO.__init__`: modes, and the descriptor that a file object takes over.

use std::os::fd::RawFd;

use super::{FileIo, Handle};
use crate::builtins::modules::posix::{fd, path_of};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native_args::signature;
use crate::vm::{Args, R, Vm};

/// A mode of `FileIO`, as what it says and the flags of the system call.
fn parse_mode(vm: &mut Vm, f: &FileIo, mode: &str) -> R<i32> {
    const BAD: &str = "Must have exactly one of create/read/write/append mode and at most one plus";
    let (mut kind, mut plus, mut flags) = (None, false, 0);
    for c in mode.chars() {
        match c {
            'r' | 'w' | 'a' | 'x' if kind.is_some() => return Err(vm.value_error(BAD)),
            'r' | 'w' | 'a' | 'x' => kind = Some(c),
            '+' if plus => return Err(vm.value_error(BAD)),
            '+' => plus = true,
            'b' => {}
            _ => return Err(vm.value_error(format!("invalid mode: {mode}"))),
        }
    }
    match kind {
        Some('x') => flags |= libc::O_EXCL | libc::O_CREAT,
        Some('w') => flags |= libc::O_CREAT | libc::O_TRUNC,
        Some('a') => flags |= libc::O_APPEND | libc::O_CREAT,
        Some(_) => {}
        None => return Err(vm.value_error(BAD)),
    }
    f.readable.set(plus || kind == Some('r'));
    f.writable.set(plus || kind != Some('r'));
    f.created.set(kind == Some('x'));
    f.appending.set(kind == Some('a'));
    f.seekable.set(None);
    Ok(flags
        | libc::O_CLOEXEC
        | match (plus, kind) {
            (true, _) => libc::O_RDWR,
            (false, Some('r')) => libc::O_RDONLY,
            _ => libc::O_WRONLY,
        })
}

/// The descriptor that a file argument is, if it is a number.
fn number(vm: &mut Vm, file: &Value) -> R<Option<RawFd>> {
    if file.as_bool().is_some() {
        let class = vm.types().RuntimeWarning.clone();
        vm.warn(&class, "bool is used as a file descriptor")?;
    }
    if file.as_int().is_none() {
        return Ok(None);
    }
    match vm.index_c_int(file)? {
        fd if fd >= 0 => Ok(Some(fd)),
        _ => Err(vm.value_error("negative file descriptor")),
    }
}

pub(super) fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let [file, mode, closefd, opener] =
        a.rest().bind(vm, &signature("FileIO", ["file", "mode", "closefd", "opener"], 1))?;
    let f = vm.receiver::<FileIo>(a)?;
    let file = file.cloned().unwrap_or(Value::NONE);
    let mode = match mode {
        None => "r".to_owned(),
        Some(m) => match m.downcast::<Str>() {
            Some(m) => m.to_string(),
            None => {
                let got = vm.argument_class(m);
                return Err(vm.type_error(format!("FileIO() argument 'mode' must be str, not {got}")));
            }
        },
    };
    let closefd = match closefd {
        Some(v) => vm.truth(v)?,
        None => true,
    };
    // What was open before goes, where this object owned it.
    if let Handle::Descriptor(old) = f.handle.replace(Handle::Closed)
        && f.close_descriptor.get()
    {
        fd::close(old).map_err(|e| fd::os_error(vm, &e, None))?;
    }
    let given = number(vm, &file)?;
    let path = match given {
        Some(_) => None,
        None => Some(path_of(vm, &file)?),
    };
    if mode.contains('\0') {
        return Err(vm.value_error("embedded null character"));
    }
    let flags = parse_mode(vm, f, &mode)?;
    vm.audit("open", |vm| {
        let mode = vm.new_str(&mode);
        vec![file.clone(), mode, Value::int_unchecked(flags.into())]
    })?;
    let descriptor = match (given, path) {
        (Some(fd), _) => {
            f.close_descriptor.set(closefd);
            fd
        }
        (None, _) if !closefd => return Err(vm.value_error("Cannot use closefd=False with file name")),
        (None, path) => {
            f.close_descriptor.set(true);
            match (opener.filter(|o| !o.is_none()), path) {
                (Some(opener), _) => by_opener(vm, opener, &file, flags)?,
                (None, Some(path)) => {
                    fd::open(vm, &path, flags, 0o666)?.map_err(|e| fd::os_error(vm, &e, Some(&file)))?
                }
                (None, None) => return Err(vm.os_error(libc::ENOENT, Some(&file))),
            }
        }
    };
    let result = settle(vm, f, descriptor, &a.pos[0], &file);
    if result.is_err() {
        f.handle.set(Handle::Closed);
        if given.is_none() {
            // The error that there is tells more than one of the close would.
            let _ = fd::close(descriptor);
        }
    }
    result
}

fn by_opener(vm: &mut Vm, opener: &Value, file: &Value, flags: i32) -> R<RawFd> {
    let answer = vm.call(opener, &[file.clone(), Value::int_unchecked(flags.into())])?;
    if answer.as_int().is_none() {
        return Err(vm.type_error("expected integer from opener"));
    }
    let n = vm.index_c_int(&answer)?;
    if n < 0 {
        return Err(vm.value_error(format!("opener returned {n}")));
    }
    fd::set_inheritable(n, false).map_err(|e| fd::os_error(vm, &e, None))?;
    Ok(n)
}

/// Takes a descriptor over: what it is open on, `name`, and the position.
fn settle(vm: &mut Vm, f: &FileIo, descriptor: RawFd, o: &Value, file: &Value) -> R {
    use std::os::unix::fs::MetadataExt;
    match fd::stat(descriptor) {
        Ok(m) if m.is_dir() => return Err(vm.os_error(libc::EISDIR, Some(file))),
        Ok(m) => {
            if m.blksize() > 1 {
                f.block_size.set(m.blksize() as i64);
            }
            f.waits.set(!m.is_file());
        }
        Err(e) if e.raw_os_error() == Some(libc::EBADF) => return Err(fd::os_error(vm, &e, Some(file))),
        Err(_) => f.waits.set(true),
    }
    f.handle.set(Handle::Descriptor(descriptor));
    let name = vm.intern("name");
    vm.set_attr(o, &name, file.clone())?;
    if f.appending.get() {
        // At the end from the start; what cannot be sought has no place.
        match fd::seek(descriptor, 0, 2) {
            Err(e) if e.raw_os_error() != Some(libc::ESPIPE) => return Err(fd::os_error(vm, &e, None)),
            _ => {}
        }
    }
    Ok(Value::NONE)
}
