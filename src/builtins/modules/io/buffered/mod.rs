//! Files with a buffer over a raw file: `BufferedReader`, `BufferedWriter` and `BufferedRandom` have one payload, which this
//! file describes; `read.rs` and `write.rs` are its two directions, `classes.rs` the classes.
//!
//! Positions, as in CPython: the buffer holds bytes of the raw file from some place on.  `pos` is where the program is in it,
//! `raw_pos` where the raw file is (relative to the buffer's start), `abs_pos` the raw file's own position, -1 where it is not
//! known.  Up to `read_end` the buffer holds what was read, from `write_pos` to `write_end` what is to be written; -1 says that
//! there is no such part.
//!
//! Invariant: nothing of the buffer stays borrowed across a call of the raw file, which may be Python code; `busy` refuses
//! that code's way back into the same object.

mod classes;
pub mod pair;
mod read;
mod write;

pub use classes::{BUFFERED_RANDOM, BUFFERED_READER, BUFFERED_WRITER, standard_writer};

use std::cell::{Cell, RefCell};

use super::base::{self, call, chain};
use super::file_io::{self, FileIo};
use crate::object::account::Counted;
use crate::object::cell::Mut;
use crate::object::number::BigInt;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::output::Stream;
use crate::vm::{Args, Exc, R, Vm};

/// The data of a file with a buffer.
pub struct Buffered {
    raw: Mut<Option<Value>>,
    /// Set up, and the raw file not taken away since.
    ok: Cell<bool>,
    detached: Cell<bool>,
    readable: Cell<bool>,
    writable: Cell<bool>,
    finalizing: Cell<bool>,
    busy: Cell<bool>,
    /// Empty once the file is closed.
    buffer: Counted<Vec<u8>>,
    size: Cell<usize>,
    pos: Cell<i64>,
    raw_pos: Cell<i64>,
    abs_pos: Cell<i64>,
    read_end: Cell<i64>,
    write_pos: Cell<i64>,
    write_end: Cell<i64>,
    in_repr: RefCell<()>,
}

opaque_data!(Buffered { raw } clear { raw });

/// What may happen to bytes that a raw file is asked to move.
enum Moved {
    Bytes(usize),
    /// The file would have to wait, and must not; the error number that the system gave, 0 where Python code said so.
    WouldBlock(i32),
}

/// Refuses the way back into the object until it is dropped.
struct Busy<'a>(&'a Cell<bool>);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl Buffered {
    /// The raw file, unless it was detached.
    pub(super) fn underlying(&self) -> Option<Value> {
        self.raw.get()
    }

    fn new(vm: &Vm) -> Buffered {
        Buffered {
            raw: Mut::default(),
            ok: Cell::new(false),
            detached: Cell::new(false),
            readable: Cell::new(false),
            writable: Cell::new(false),
            finalizing: Cell::new(false),
            busy: Cell::new(false),
            buffer: Counted::new(&vm.heap, Vec::new()),
            size: Cell::new(0),
            pos: Cell::new(0),
            raw_pos: Cell::new(0),
            abs_pos: Cell::new(-1),
            read_end: Cell::new(-1),
            write_pos: Cell::new(0),
            write_end: Cell::new(-1),
            in_repr: RefCell::new(()),
        }
    }

    /// Sets the object up over a raw file.
    fn set_up(&self, vm: &mut Vm, raw: &Value, size: i64) -> R<()> {
        let Some(n) = usize::try_from(size).ok().filter(|n| *n > 0) else {
            return Err(vm.value_error("buffer size must be strictly positive"));
        };
        vm.check_memory(Some(n))?;
        self.raw.set(Some(raw.clone()));
        drop(self.buffer.replace(vec![0; n]));
        self.size.set(n);
        self.busy.set(false);
        // A raw file that cannot tell is one all the same.
        if let Err(e) = self.raw_tell(vm) {
            drop(e);
        }
        self.forget_read();
        self.forget_written();
        self.pos.set(0);
        self.ok.set(true);
        Ok(())
    }

    /// The stream of the host behind a standard output: its buffer is the host's.
    fn host(&self, vm: &mut Vm) -> Option<Stream> {
        let raw = self.raw.get()?;
        vm.native_data::<FileIo>(&raw).and_then(FileIo::host)
    }

    /// The raw file of an object that is whole.
    fn raw(&self, vm: &mut Vm) -> R {
        match self.raw.get().filter(|_| self.ok.get()) {
            Some(raw) => Ok(raw),
            None if self.detached.get() => Err(vm.value_error("raw stream has been detached")),
            None => Err(vm.value_error("I/O operation on uninitialized object")),
        }
    }

    /// The raw file of an object that is open, or has something left in its buffer; `text` is the error otherwise.
    fn open_raw(&self, vm: &mut Vm, text: &str) -> R {
        let raw = self.raw(vm)?;
        if self.is_closed(vm, &raw)? && self.ahead() == 0 {
            return Err(vm.value_error(text));
        }
        Ok(raw)
    }

    fn is_closed(&self, vm: &mut Vm, raw: &Value) -> R<bool> {
        Ok(self.buffer.borrow().is_empty() || file_io::is_closed(vm, raw)?)
    }

    fn enter(&self, vm: &mut Vm, o: &Value) -> R<Busy<'_>> {
        if self.busy.replace(true) {
            let shown = vm.repr(o)?;
            return Err(vm.runtime_error(format!("reentrant call inside {shown}")));
        }
        Ok(Busy(&self.busy))
    }

    fn has_read(&self) -> bool {
        self.readable.get() && self.read_end.get() != -1
    }

    fn has_written(&self) -> bool {
        self.writable.get() && self.write_end.get() != -1
    }

    /// Bytes in the buffer that the program has not read yet.
    fn ahead(&self) -> i64 {
        if self.has_read() { self.read_end.get() - self.pos.get() } else { 0 }
    }

    /// How far the raw file is ahead of the program.
    fn raw_offset(&self) -> i64 {
        if (self.has_read() || self.has_written()) && self.raw_pos.get() >= 0 {
            self.raw_pos.get() - self.pos.get()
        } else {
            0
        }
    }

    fn forget_read(&self) {
        self.read_end.set(-1);
    }

    fn forget_written(&self) {
        self.write_pos.set(0);
        self.write_end.set(-1);
    }

    /// Moves the program's place; what was read reaches at least up to it.
    fn set_pos(&self, pos: i64) {
        self.pos.set(pos);
        if self.has_read() && self.read_end.get() < pos {
            self.read_end.set(pos);
        }
    }

    fn moved(&self, n: usize) {
        if n > 0 && self.abs_pos.get() != -1 {
            self.abs_pos.set(self.abs_pos.get() + n as i64);
        }
    }

    /// The raw file's position, asked anew.
    fn raw_tell(&self, vm: &mut Vm) -> R<i64> {
        let raw = self.raw.get().unwrap_or(Value::NONE);
        let at = match vm.native_data::<FileIo>(&raw) {
            Some(f) => f.seek(vm, 0, 1)?,
            None => {
                let at = call(vm, &raw, "tell", &[])?;
                base::offset(vm, &at)?
            }
        };
        self.known_position(vm, at)
    }

    fn raw_seek(&self, vm: &mut Vm, target: i64, whence: i64) -> R<i64> {
        let raw = self.raw.get().unwrap_or(Value::NONE);
        let at = match vm.native_data::<FileIo>(&raw) {
            Some(f) => f.seek(vm, target, whence)?,
            None => {
                let target = BigInt::from_i64(&vm.heap, target);
                let at = call(vm, &raw, "seek", &[target, Value::int_unchecked(whence)])?;
                base::offset(vm, &at)?
            }
        };
        self.known_position(vm, at)
    }

    fn known_position(&self, vm: &mut Vm, at: i64) -> R<i64> {
        if at < 0 {
            self.abs_pos.set(-1);
            let class = vm.types().OSError.clone();
            return Err(vm.error(&class, &format!("Raw stream returned invalid position {at}")));
        }
        self.abs_pos.set(at);
        Ok(at)
    }

    /// Writes what is to be written, and brings the raw file to where the program is.
    fn flush_and_rewind(&self, vm: &mut Vm) -> R<()> {
        self.flush_written(vm)?;
        if self.readable.get() {
            // Where the raw file cannot go back, what was read ahead is lost all the same.
            let result = self.raw_seek(vm, -self.raw_offset(), 1);
            self.forget_read();
            result?;
        }
        Ok(())
    }
}

/// `f.closed` of the file below a text.
pub fn is_closed(vm: &mut Vm, file: &Value) -> R<bool> {
    if let Some(b) = vm.native_data::<Buffered>(file) {
        let raw = b.raw(vm)?;
        return file_io::is_closed(vm, &raw);
    }
    let name = vm.intern("closed");
    let closed = vm.get_attr(file, &name)?;
    vm.truth(&closed)
}

/// The receiver, with its raw file.
fn receiver<'a>(vm: &mut Vm, a: Args<'a>) -> R<(&'a Buffered, Value)> {
    let b = vm.receiver::<Buffered>(a)?;
    let raw = b.raw(vm)?;
    Ok((b, raw))
}

/// A method that is the raw file's own.
fn of_raw(vm: &mut Vm, a: Args<'_>, method: &str) -> R {
    let (_, raw) = receiver(vm, a)?;
    call(vm, &raw, method, &[])
}

/// An attribute that is the raw file's own.
fn attribute_of_raw(vm: &mut Vm, a: Args<'_>, name: &str) -> R {
    let (_, raw) = receiver(vm, a)?;
    let name = vm.intern(name);
    vm.get_attr(&raw, &name)
}

fn flush(vm: &mut Vm, a: Args<'_>) -> R {
    let b = vm.receiver::<Buffered>(a)?;
    b.open_raw(vm, "flush of closed file")?;
    {
        let _busy = b.enter(vm, &a.pos[0])?;
        b.flush_and_rewind(vm)?;
    }
    if let Some(stream) = b.host(vm) {
        // Not busy meanwhile: the host may run a program that prints while it flushes.
        vm.flush_stream(stream).map_err(|e| super::fd::os_error(vm, &e, None))?;
    }
    Ok(Value::NONE)
}

fn close(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    let (b, raw) = receiver(vm, a)?;
    {
        let _busy = b.enter(vm, o)?;
        if b.is_closed(vm, &raw)? {
            return Ok(Value::NONE);
        }
        if b.finalizing.get() {
            warn_raw(vm, &raw, o);
        }
    }
    // By its name, because a subclass may have one of its own.
    let flushed = call(vm, o, "flush", &[]);
    let _busy = b.enter(vm, o)?;
    let closed = call(vm, &raw, "close", &[]);
    drop(b.buffer.take());
    b.read_end.set(0);
    b.pos.set(0);
    match (flushed, closed) {
        (Err(first), Err(second)) => Err(chain(vm, second, &first)),
        (flushed, closed) => flushed.and(closed),
    }
}

/// Has the raw file warn that `source` was left open.  A raw file without such a method says nothing.
fn warn_raw(vm: &mut Vm, raw: &Value, source: &Value) {
    let _: Result<Value, Exc> = call(vm, raw, "_dealloc_warn", std::slice::from_ref(source));
}

fn detach(vm: &mut Vm, a: Args<'_>) -> R {
    let (b, raw) = receiver(vm, a)?;
    call(vm, &a.pos[0], "flush", &[])?;
    b.raw.set(None);
    b.detached.set(true);
    b.ok.set(false);
    Ok(raw)
}

fn tell(vm: &mut Vm, a: Args<'_>) -> R {
    let (b, _) = receiver(vm, a)?;
    // A device may say that it is at the start always.
    let at = (b.raw_tell(vm)? - b.raw_offset()).max(0);
    Ok(BigInt::from_i64(&vm.heap, at))
}

fn seek(vm: &mut Vm, a: Args<'_>) -> R {
    let b = vm.receiver::<Buffered>(a)?;
    b.raw(vm)?;
    let whence = match a.get(2) {
        Some(w) => vm.index_i64(w)?,
        None => 0,
    };
    if !(0..=2).contains(&whence) {
        return Err(vm.value_error(format!("whence value {whence} unsupported")));
    }
    let raw = b.open_raw(vm, "seek of closed file")?;
    base::check_seekable(vm, &raw)?;
    let mut target = base::offset(vm, &a.pos[1])?;
    if whence != 2 && b.readable.get() {
        // What is in the buffer already needs no call.
        let current = match b.abs_pos.get() {
            -1 => b.raw_tell(vm)?,
            at => at,
        };
        let ahead = b.ahead();
        if ahead > 0 {
            let offset = if whence == 0 { target - (current - b.raw_offset()) } else { target };
            if offset >= -b.pos.get() && offset <= ahead {
                b.pos.set(b.pos.get() + offset);
                return Ok(BigInt::from_i64(&vm.heap, (current - ahead + offset).max(0)));
            }
        }
    }
    let _busy = b.enter(vm, &a.pos[0])?;
    if b.writable.get() {
        b.flush_written(vm)?;
    }
    if whence == 1 {
        target -= b.raw_offset();
    }
    let at = b.raw_seek(vm, target, whence)?;
    b.raw_pos.set(-1);
    if b.readable.get() {
        b.forget_read();
    }
    Ok(BigInt::from_i64(&vm.heap, at))
}

fn truncate(vm: &mut Vm, a: Args<'_>) -> R {
    let b = vm.receiver::<Buffered>(a)?;
    let raw = b.open_raw(vm, "truncate of closed file")?;
    if !b.writable.get() {
        return Err(base::unsupported(vm, "truncate"));
    }
    let _busy = b.enter(vm, &a.pos[0])?;
    b.flush_and_rewind(vm)?;
    let result = call(vm, &raw, "truncate", &[a.get(1).cloned().unwrap_or(Value::NONE)])?;
    // The raw file may be elsewhere now; one that cannot tell is asked again when that matters.
    if b.raw_tell(vm).is_err() {
        b.abs_pos.set(-1);
    }
    Ok(result)
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let b = vm.receiver::<Buffered>(a)?;
    let class = vm.class_name(&a.pos[0]);
    let key = vm.intern("name");
    let name = match vm.get_attr_opt(&a.pos[0], &key) {
        // Without a raw file there is no name.
        Err(e) if vm.is_exception(&e, &vm.types().ValueError) => None,
        name => name?,
    };
    let Some(name) = name else { return Ok(vm.new_str(&format!("<{class}>"))) };
    let Ok(_guard) = b.in_repr.try_borrow_mut() else { return Err(file_io::reentrant(vm, &class)) };
    let name = vm.repr(&name)?;
    Ok(vm.new_str(&format!("<{class} name={name}>")))
}
