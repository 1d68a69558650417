//! `FileIO`: a file of the system by its descriptor, or a standard stream of the host.

mod opening;

use std::cell::{Cell, RefCell};
use std::os::fd::RawFd;

use super::base::{self, RAW_IO_BASE, call, chain, unsupported};
use crate::builtins::buffer::{self, Target};
use crate::builtins::modules::posix::fd;
use crate::object::header::Kind;
use crate::object::number::BigInt;
use crate::object::sequence::Bytes;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::output::Stream;
use crate::vm::{Args, Exc, R, Vm};

/// Bytes that a whole read asks for at first, where the size is not known.
const CHUNK: usize = 8192;
/// The most that the system reads or writes at once.
const MOST: usize = i32::MAX as usize & !0xfff;

/// What a file object stands for.
#[derive(Clone, Copy, PartialEq)]
enum Handle {
    Closed,
    Descriptor(RawFd),
    /// What the program prints goes through the host's output.
    Host(Stream),
}

/// The data of a `FileIO`.
pub struct FileIo {
    handle: Cell<Handle>,
    readable: Cell<bool>,
    writable: Cell<bool>,
    created: Cell<bool>,
    appending: Cell<bool>,
    /// Whether the file can be sought in, once that was asked.
    seekable: Cell<Option<bool>>,
    /// Whether a read may have to wait for somebody: the file is no regular one.
    waits: Cell<bool>,
    close_descriptor: Cell<bool>,
    finalizing: Cell<bool>,
    block_size: Cell<i64>,
    /// For a `repr` of a `name` that contains the file.
    in_repr: RefCell<()>,
}

opaque_data!(FileIo {});

impl FileIo {
    fn new() -> FileIo {
        FileIo {
            handle: Cell::new(Handle::Closed),
            readable: Cell::new(false),
            writable: Cell::new(false),
            created: Cell::new(false),
            appending: Cell::new(false),
            seekable: Cell::new(None),
            waits: Cell::new(false),
            close_descriptor: Cell::new(true),
            finalizing: Cell::new(false),
            block_size: Cell::new(super::BUFFER_SIZE as i64),
            in_repr: RefCell::new(()),
        }
    }

    /// The descriptor; that of a stream of the host is the one which it has in a process of its own.
    fn descriptor(&self) -> Option<RawFd> {
        match self.handle.get() {
            Handle::Closed => None,
            Handle::Descriptor(fd) => Some(fd),
            Handle::Host(Stream::Stdout) => Some(1),
            Handle::Host(Stream::Stderr) => Some(2),
        }
    }

    /// The stream of the host that this stands for.
    pub fn host(&self) -> Option<Stream> {
        match self.handle.get() {
            Handle::Host(stream) => Some(stream),
            _ => None,
        }
    }

    pub fn is_closed(&self) -> bool {
        self.handle.get() == Handle::Closed
    }

    fn mode(&self) -> &'static str {
        match (self.created.get(), self.appending.get(), self.readable.get(), self.writable.get()) {
            (true, _, true, _) => "xb+",
            (true, ..) => "xb",
            (_, true, true, _) => "ab+",
            (_, true, ..) => "ab",
            (_, _, true, true) => "rb+",
            (_, _, true, _) => "rb",
            _ => "wb",
        }
    }
}

pub static FILE_IO: Class = Class {
    module: "_io",
    name: "FileIO",
    doc: "FileIO(file, mode='r', closefd=True, opener=None): a file of the system, without a buffer.",
    kind: Kind::Opaque,
    flags: type_flags::BASE | type_flags::ATTRS,
    parent: Some(&RAW_IO_BASE),
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        Ok(vm.new_opaque(&class, FileIo::new()))
    })),
    methods: &[
        def_kw("__init__", 1, ANY, opening::init),
        def("read", 1, 2, read),
        def("readall", 1, 1, |vm, a| {
            let (f, _) = readable(vm, a)?;
            read_all(vm, f)
        }),
        def("readinto", 2, 2, |vm, a| {
            let (f, _) = readable(vm, a)?;
            let target = Target::of(vm, &a.pos[1], "readinto")?;
            let mut bytes = vec![0; target.size()];
            let got = f.read_into(vm, &mut bytes)?;
            let Some(n) = got else { return Ok(Value::NONE) };
            target.write(0, &bytes[..n]);
            Ok(Value::from_len(n))
        }),
        def("write", 2, 2, |vm, a| {
            let (f, _) = writable(vm, a)?;
            let data = buffer::bytes(vm, &a.pos[1])?;
            Ok(f.write(vm, &data)?.map_or(Value::NONE, Value::from_len))
        }),
        def("seek", 2, 3, |vm, a| {
            let (f, _) = open(vm, a)?;
            let offset = vm.index_i64(&a.pos[1])?;
            let whence = match a.get(2) {
                Some(w) => vm.index_i64(w)?,
                None => 0,
            };
            let to = f.seek(vm, offset, whence)?;
            Ok(BigInt::from_i64(&vm.heap, to))
        }),
        def("tell", 1, 1, |vm, a| {
            let (f, _) = open(vm, a)?;
            let at = f.seek(vm, 0, 1)?;
            Ok(BigInt::from_i64(&vm.heap, at))
        }),
        def("truncate", 1, 2, truncate),
        def("close", 1, 1, close),
        def("seekable", 1, 1, |vm, a| {
            let (f, _) = open(vm, a)?;
            Ok(Value::bool(f.can_seek()))
        }),
        def("readable", 1, 1, |vm, a| Ok(Value::bool(open(vm, a)?.0.readable.get()))),
        def("writable", 1, 1, |vm, a| Ok(Value::bool(open(vm, a)?.0.writable.get()))),
        def("fileno", 1, 1, |vm, a| Ok(Value::int_unchecked(open(vm, a)?.1.into()))),
        def("isatty", 1, 1, |vm, a| Ok(Value::bool(fd::is_terminal(open(vm, a)?.1)))),
        def("flush", 1, 1, |vm, a| {
            let f = vm.receiver::<FileIo>(a)?;
            f.flush(vm)?;
            base::check_closed(vm, &a.pos[0])
        }),
        def("_dealloc_warn", 2, 2, |vm, a| {
            let f = vm.receiver::<FileIo>(a)?;
            warn_unclosed(vm, f, &a.pos[1]);
            Ok(Value::NONE)
        }),
        def("__repr__", 1, 1, repr),
        base::NO_REDUCE,
        base::NO_REDUCE_EX,
    ],
    getset: &[
        ("closed", |vm, a| Ok(Value::bool(vm.receiver::<FileIo>(a)?.is_closed())), None),
        ("closefd", |vm, a| Ok(Value::bool(vm.receiver::<FileIo>(a)?.close_descriptor.get())), None),
        (
            "mode",
            |vm, a| {
                let mode = vm.receiver::<FileIo>(a)?.mode();
                Ok(vm.new_str(mode))
            },
            None,
        ),
        (
            "_blksize",
            |vm, a| Ok(Value::int_unchecked(vm.receiver::<FileIo>(a)?.block_size.get())),
            Some(|vm, a| {
                let n = vm.index_i64(a.get(1).unwrap_or(&Value::NONE))?;
                vm.receiver::<FileIo>(a)?.block_size.set(n);
                Ok(Value::NONE)
            }),
        ),
        (
            "_finalizing",
            |vm, a| Ok(Value::bool(vm.receiver::<FileIo>(a)?.finalizing.get())),
            Some(|vm, a| {
                let on = base::flag(vm, a)?;
                vm.receiver::<FileIo>(a)?.finalizing.set(on);
                Ok(Value::NONE)
            }),
        ),
    ],
    fields: &["_blksize", "_finalizing"],
    ..CLASS
};

/// The receiver and its descriptor.
fn open<'a>(vm: &mut Vm, a: Args<'a>) -> R<(&'a FileIo, RawFd)> {
    let f = vm.receiver::<FileIo>(a)?;
    match f.descriptor() {
        Some(fd) => Ok((f, fd)),
        None => Err(vm.value_error("I/O operation on closed file")),
    }
}

fn readable<'a>(vm: &mut Vm, a: Args<'a>) -> R<(&'a FileIo, RawFd)> {
    let (f, fd) = open(vm, a)?;
    if f.readable.get() { Ok((f, fd)) } else { Err(unsupported(vm, "File not open for reading")) }
}

fn writable<'a>(vm: &mut Vm, a: Args<'a>) -> R<(&'a FileIo, RawFd)> {
    let (f, fd) = open(vm, a)?;
    if f.writable.get() { Ok((f, fd)) } else { Err(unsupported(vm, "File not open for writing")) }
}

/// A file object for a standard stream: the process's input, or an output of the host.
pub fn standard(vm: &mut Vm, stream: Option<Stream>, name: &str) -> Value {
    let class = vm.native_class(&FILE_IO);
    let f = FileIo::new();
    f.handle.set(stream.map_or(Handle::Descriptor(0), Handle::Host));
    f.readable.set(stream.is_none());
    f.writable.set(stream.is_some());
    f.close_descriptor.set(false);
    f.waits.set(!fd::stat(0).is_ok_and(|m| m.is_file()));
    let o = vm.new_opaque(&class, f);
    let (key, name) = (vm.intern("name"), vm.new_str(name));
    vm.instance_set(&o, &key, name);
    o
}

impl FileIo {
    /// Reads what is there, up to the length of `out`; None where reading would wait and must not.
    pub fn read_into(&self, vm: &mut Vm, out: &mut [u8]) -> R<Option<usize>> {
        let Some(descriptor) = self.descriptor() else {
            return Err(vm.value_error("I/O operation on closed file"));
        };
        if !self.readable.get() {
            return Err(unsupported(vm, "File not open for reading"));
        }
        if self.waits.get() && fd::is_blocking(descriptor).unwrap_or(true) {
            fd::wait_readable(vm, descriptor)?;
        }
        let n = out.len().min(MOST);
        match fd::read(vm, descriptor, &mut out[..n])? {
            Ok(n) => Ok(Some(n)),
            Err(e) if e.raw_os_error() == Some(libc::EAGAIN) => Ok(None),
            Err(e) => Err(fd::os_error(vm, &e, None)),
        }
    }

    /// Writes what the system takes; None where writing would wait and must not.
    pub fn write(&self, vm: &mut Vm, data: &[u8]) -> R<Option<usize>> {
        let result = match self.handle.get() {
            Handle::Closed => return Err(vm.value_error("I/O operation on closed file")),
            _ if !self.writable.get() => return Err(unsupported(vm, "File not open for writing")),
            Handle::Host(stream) => vm.write_stream(stream, data).map(|()| data.len()),
            Handle::Descriptor(fd) => fd::write(vm, fd, &data[..data.len().min(MOST)])?,
        };
        match result {
            Ok(n) => Ok(Some(n)),
            Err(e) if e.raw_os_error() == Some(libc::EAGAIN) => Ok(None),
            Err(e) => Err(fd::os_error(vm, &e, None)),
        }
    }

    pub fn seek(&self, vm: &mut Vm, offset: i64, whence: i64) -> R<i64> {
        let Some(descriptor) = self.descriptor() else {
            return Err(vm.value_error("I/O operation on closed file"));
        };
        match fd::seek(descriptor, offset, whence) {
            Ok(at) => {
                self.seekable.set(Some(true));
                Ok(at)
            }
            Err(e) => Err(fd::os_error(vm, &e, None)),
        }
    }

    fn can_seek(&self) -> bool {
        let Some(descriptor) = self.descriptor() else { return false };
        if let Some(known) = self.seekable.get() {
            return known;
        }
        let can = fd::seek(descriptor, 0, 1).is_ok();
        self.seekable.set(Some(can));
        can
    }

    /// Passes on what the host holds back.
    pub fn flush(&self, vm: &mut Vm) -> R<()> {
        match self.handle.get() {
            Handle::Host(stream) => vm.flush_stream(stream).map_err(|e| fd::os_error(vm, &e, None)),
            _ => Ok(()),
        }
    }
}

fn read(vm: &mut Vm, a: Args<'_>) -> R {
    let (f, _) = readable(vm, a)?;
    let Some(n) = base::size(vm, a.get(1))? else { return read_all(vm, f) };
    let n = n.min(MOST);
    vm.check_memory(Some(n))?;
    let mut bytes = vec![0; n];
    let Some(got) = f.read_into(vm, &mut bytes)? else { return Ok(Value::NONE) };
    bytes.truncate(got);
    Ok(Bytes::new(&vm.heap, bytes).into())
}

/// Everything up to the end; None where nothing is there and reading would wait.
fn read_all(vm: &mut Vm, f: &FileIo) -> R {
    let descriptor = f.descriptor().unwrap_or(-1);
    let left = match (fd::stat(descriptor), fd::seek(descriptor, 0, 1)) {
        (Ok(m), Ok(at)) => m.len().saturating_sub(at as u64) as usize,
        _ => 0,
    };
    let mut all = Vec::new();
    // One byte more, so that the end shows without another buffer.
    let mut want = if left > 0 { left.saturating_add(1) } else { CHUNK };
    loop {
        vm.check_memory(Some(all.len() + want))?;
        let start = all.len();
        all.resize(start + want, 0);
        match f.read_into(vm, &mut all[start..])? {
            None if start == 0 => return Ok(Value::NONE),
            None | Some(0) => {
                all.truncate(start);
                return Ok(Bytes::new(&vm.heap, all).into());
            }
            Some(n) => all.truncate(start + n),
        }
        want = if start + want > all.len() { start + want - all.len() } else { all.len().clamp(CHUNK, 1 << 24) };
    }
}

fn truncate(vm: &mut Vm, a: Args<'_>) -> R {
    let (f, descriptor) = writable(vm, a)?;
    let size = match a.get(1).filter(|v| !v.is_none()) {
        Some(v) => v.clone(),
        None => {
            let at = f.seek(vm, 0, 1)?;
            BigInt::from_i64(&vm.heap, at)
        }
    };
    let n = vm.index_i64(&size)?;
    fd::truncate(descriptor, n).map_err(|e| fd::os_error(vm, &e, None))?;
    Ok(size)
}

/// `ResourceWarning` for a file that was left open; nobody is left to catch what that may raise.
fn warn_unclosed(vm: &mut Vm, f: &FileIo, source: &Value) {
    if f.is_closed() || !f.close_descriptor.get() {
        return;
    }
    if let Err(e) = base::warn_unclosed(vm, source, "file") {
        vm.report_unraisable(e, source);
    }
}

fn close(vm: &mut Vm, a: Args<'_>) -> R {
    let f = vm.receiver::<FileIo>(a)?;
    let result = base::close(vm, a);
    if !f.close_descriptor.get() {
        let flushed = f.flush(vm);
        f.handle.set(Handle::Closed);
        return result.and_then(|v| flushed.map(|()| v));
    }
    if f.finalizing.get() {
        warn_unclosed(vm, f, &a.pos[0]);
    }
    let closed = match f.handle.replace(Handle::Closed) {
        Handle::Descriptor(fd) => fd::close(fd).map_err(|e| fd::os_error(vm, &e, None)),
        _ => Ok(()),
    };
    match (result, closed) {
        (Err(first), Err(second)) => Err(chain(vm, second, &first)),
        (result, closed) => closed.and(result),
    }
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let f = vm.receiver::<FileIo>(a)?;
    let class = vm.class_name(&a.pos[0]);
    let Some(descriptor) = f.descriptor() else { return Ok(vm.new_str(&format!("<{class} [closed]>"))) };
    let name = vm.intern("name");
    let what = match vm.get_attr_opt(&a.pos[0], &name)? {
        None => format!("fd={descriptor}"),
        Some(name) => {
            let Ok(_guard) = f.in_repr.try_borrow_mut() else { return Err(reentrant(vm, &class)) };
            format!("name={}", vm.repr(&name)?)
        }
    };
    let closefd = if f.close_descriptor.get() { "True" } else { "False" };
    Ok(vm.new_str(&format!("<{class} {what} mode='{}' closefd={closefd}>", f.mode())))
}

/// The error of a `repr` that comes back to the object that it is of.
pub fn reentrant(vm: &mut Vm, class: &str) -> Exc {
    vm.runtime_error(format!("reentrant call inside {class}.__repr__"))
}

/// `f.closed` of what `raw` is.
pub fn is_closed(vm: &mut Vm, raw: &Value) -> R<bool> {
    if let Some(f) = vm.native_data::<FileIo>(raw) {
        return Ok(f.is_closed());
    }
    let name = vm.intern("closed");
    let closed = vm.get_attr(raw, &name)?;
    vm.truth(&closed)
}

/// `f._blksize`, and whether what was opened is a terminal: what `open` chooses a buffer by.
pub fn shape(vm: &mut Vm, f: &Value) -> R<(i64, bool)> {
    let tty = call(vm, f, "isatty", &[])?;
    let tty = vm.truth(&tty)?;
    let name = vm.intern("_blksize");
    let size = vm.get_attr(f, &name)?;
    Ok((vm.index_i64(&size)?, tty))
}
