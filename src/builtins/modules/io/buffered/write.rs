//! Writing through the buffer.

use super::super::base::{self, call};
use super::super::file_io::FileIo;
use super::{Buffered, Moved};
use crate::builtins::buffer;
use crate::object::exception::Exception;
use crate::object::sequence::Bytes;
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::protocol::buffer::buffer_flags;
use crate::vm::{Args, Exc, R, Vm};

/// `BlockingIOError` of a write of which so many bytes were taken.
fn blocking(vm: &mut Vm, errno: i32, written: usize) -> Exc {
    let class = vm.types().BlockingIOError.clone();
    let args = [
        Value::int_unchecked(errno.into()),
        vm.new_str("write could not complete without blocking"),
        Value::from_len(written),
    ];
    match vm.call(class.as_value(), &args) {
        Ok(e) => Exc(e),
        Err(e) => e,
    }
}

/// The error number of an OSError.
fn errno_of(e: &Exc) -> i32 {
    let number = e.0.downcast::<Exception>().and_then(|x| x.field(field::ERRNO)?.as_small_int());
    number.map_or(libc::EAGAIN, |n| n as i32)
}

impl Buffered {
    /// Has the raw file write.
    fn raw_write(&self, vm: &mut Vm, data: &[u8]) -> R<Moved> {
        let raw = self.raw.get().unwrap_or(Value::NONE);
        let taken = match vm.native_data::<FileIo>(&raw) {
            Some(f) => f.write(vm, data)?,
            None => {
                let bytes = Bytes::new(&vm.heap, data).into();
                let view = vm.lend_bytes(&bytes, buffer_flags::FULL_RO)?.unwrap_or(bytes);
                let answer = call(vm, &raw, "write", &[view])?;
                if answer.is_none() {
                    return Ok(Moved::WouldBlock(0));
                }
                let n = base::offset(vm, &answer)?;
                match usize::try_from(n) {
                    Ok(n) if n <= data.len() => Some(n),
                    _ => {
                        let class = vm.types().OSError.clone();
                        let most = data.len();
                        return Err(vm.error(
                            &class,
                            &format!("raw write() returned invalid length {n} (should have been between 0 and {most})"),
                        ));
                    }
                }
            }
        };
        let Some(n) = taken else { return Ok(Moved::WouldBlock(libc::EAGAIN)) };
        self.moved(n);
        Ok(Moved::Bytes(n))
    }

    /// Writes what is to be written.
    pub(super) fn flush_written(&self, vm: &mut Vm) -> R<()> {
        if self.has_written() && self.write_pos.get() != self.write_end.get() {
            let rewind = self.raw_offset() + (self.pos.get() - self.write_pos.get());
            if rewind != 0 {
                self.raw_seek(vm, -rewind, 1)?;
                self.raw_pos.set(self.raw_pos.get() - rewind);
            }
            while self.write_pos.get() < self.write_end.get() {
                let range = self.write_pos.get() as usize..self.write_end.get() as usize;
                let data = self.buffer.borrow()[range].to_vec();
                let n = match self.raw_write(vm, &data)? {
                    Moved::Bytes(n) => n,
                    Moved::WouldBlock(errno) => return Err(blocking(vm, errno, 0)),
                };
                self.write_pos.set(self.write_pos.get() + n as i64);
                self.raw_pos.set(self.write_pos.get());
                vm.check_interrupts()?;
            }
        }
        self.forget_written();
        Ok(())
    }

    /// Puts bytes into the buffer at the program's place; they fit.
    fn put(&self, data: &[u8]) {
        let at = self.pos.get() as usize;
        self.buffer.borrow_mut()[at..at + data.len()].copy_from_slice(data);
        if !self.has_written() || self.write_pos.get() > self.pos.get() {
            self.write_pos.set(self.pos.get());
        }
        self.set_pos((at + data.len()) as i64);
        if self.write_end.get() < self.pos.get() {
            self.write_end.set(self.pos.get());
        }
    }

    /// After a flush that would have to wait: takes what fits behind what is still there.
    fn put_behind(&self, data: &[u8]) -> usize {
        let (start, end) = (self.write_pos.get() as usize, self.write_end.get() as usize);
        let mut buffer = self.buffer.borrow_mut();
        buffer.copy_within(start..end, 0);
        self.write_end.set((end - start) as i64);
        self.raw_pos.set(self.raw_pos.get() - start as i64);
        self.pos.set(self.pos.get() - start as i64);
        self.write_pos.set(0);
        let at = end - start;
        let n = data.len().min(self.size.get() - at);
        buffer[at..at + n].copy_from_slice(&data[..n]);
        self.write_end.set((at + n) as i64);
        self.pos.set(self.pos.get() + n as i64);
        n
    }

    fn write(&self, vm: &mut Vm, data: &[u8]) -> R<usize> {
        if !self.has_read() && !self.has_written() {
            self.pos.set(0);
            self.raw_pos.set(0);
        }
        let size = self.size.get();
        let room = size.saturating_sub(self.pos.get().max(0) as usize);
        if data.len() <= room && data.len() < size {
            self.put(data);
            return Ok(data.len());
        }
        if let Err(e) = self.flush_written(vm) {
            if !vm.is_exception(&e, &vm.types().BlockingIOError) {
                return Err(e);
            }
            if self.readable.get() {
                self.forget_read();
            }
            let n = self.put_behind(data);
            return if n == data.len() { Ok(n) } else { Err(blocking(vm, errno_of(&e), n)) };
        }
        // A file that is read too may be ahead of the program.
        let offset = self.raw_offset();
        if offset != 0 {
            self.raw_seek(vm, -offset, 1)?;
            self.raw_pos.set(self.raw_pos.get() - offset);
        }
        let mut written = 0;
        while data.len() - written > size {
            match self.raw_write(vm, &data[written..])? {
                Moved::Bytes(n) => written += n,
                Moved::WouldBlock(errno) => {
                    // As much as possible waits in the buffer.
                    self.buffer.borrow_mut()[..size].copy_from_slice(&data[written..written + size]);
                    self.raw_pos.set(0);
                    self.set_pos(size as i64);
                    self.write_pos.set(0);
                    self.write_end.set(size as i64);
                    return Err(blocking(vm, errno, written + size));
                }
            }
            vm.check_interrupts()?;
        }
        if self.readable.get() {
            self.forget_read();
        }
        let rest = &data[written..];
        self.buffer.borrow_mut()[..rest.len()].copy_from_slice(rest);
        self.write_pos.set(0);
        self.write_end.set(rest.len() as i64);
        self.set_pos(rest.len() as i64);
        self.raw_pos.set(0);
        Ok(data.len())
    }
}

pub(super) fn write(vm: &mut Vm, a: Args<'_>) -> R {
    let b = vm.receiver::<Buffered>(a)?;
    let raw = b.raw(vm)?;
    let data = buffer::bytes(vm, &a.pos[1])?;
    if let Some(f) = vm.native_data::<FileIo>(&raw).filter(|f| f.host().is_some() && !f.is_closed()) {
        // Not busy meanwhile: nothing is in the buffer, and the host may run a program that prints while it writes.
        f.write(vm, &data)?;
        return Ok(Value::from_len(data.len()));
    }
    let _busy = b.enter(vm, &a.pos[0])?;
    if b.is_closed(vm, &raw)? {
        return Err(vm.value_error("write to closed file"));
    }
    b.write(vm, &data).map(Value::from_len)
}
