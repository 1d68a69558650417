//! Reading through the buffer.

use super::super::base::{self, call, caused};
use super::super::file_io::FileIo;
use super::{Buffered, Moved};
use crate::builtins::buffer::Target;
use crate::object::buffer::{ByteArray, Layout, MemoryView};
use crate::object::sequence::Bytes;
use crate::object::value::Value;
use crate::vm::{Args, R, Vm};

impl Buffered {
    /// Has the raw file read into `out`.
    fn raw_read(&self, vm: &mut Vm, out: &mut [u8]) -> R<Moved> {
        let raw = self.raw.get().unwrap_or(Value::NONE);
        let want = out.len();
        let got = match vm.native_data::<FileIo>(&raw) {
            Some(f) => f.read_into(vm, out)?,
            None => {
                let array = ByteArray::value(&vm.heap, vec![0; want]);
                let layout = Layout::contiguous("B".into(), b'B', 1, 0, vec![want]);
                let view = MemoryView::value(&vm.heap, array.clone(), array.clone(), layout, false);
                let answer = call(vm, &raw, "readinto", &[view])?;
                if answer.is_none() {
                    return Ok(Moved::WouldBlock(0));
                }
                let n = base::offset(vm, &answer).map_err(|e| {
                    let class = vm.types().OSError.clone();
                    caused(vm, &class, "raw readinto() failed", e)
                })?;
                let Some(n) = usize::try_from(n).ok().filter(|n| *n <= want) else {
                    let class = vm.types().OSError.clone();
                    return Err(vm.error(
                        &class,
                        &format!("raw readinto() returned invalid length {n} (should have been between 0 and {want})"),
                    ));
                };
                if let Some(array) = array.opaque::<ByteArray>() {
                    array.read(|data| out[..n].copy_from_slice(&data[..n]));
                }
                Some(n)
            }
        };
        let Some(n) = got else { return Ok(Moved::WouldBlock(libc::EAGAIN)) };
        self.moved(n);
        Ok(Moved::Bytes(n))
    }

    /// Reads on behind what the buffer has.
    fn fill(&self, vm: &mut Vm) -> R<Moved> {
        let start = if self.has_read() { self.read_end.get() as usize } else { 0 };
        let want = self.size.get().saturating_sub(start);
        // The buffer itself is not lent: the raw file may be Python code.
        let mut buffer = self.buffer.take();
        buffer.resize(self.size.get(), 0);
        let result = self.raw_read(vm, &mut buffer[start..start + want]);
        drop(self.buffer.replace(buffer));
        let moved = result?;
        if let Moved::Bytes(n @ 1..) = moved {
            self.read_end.set((start + n) as i64);
            self.raw_pos.set((start + n) as i64);
        }
        Ok(moved)
    }

    /// Takes `n` bytes that are in the buffer.
    fn take(&self, n: usize) -> Vec<u8> {
        let at = self.pos.get() as usize;
        self.pos.set((at + n) as i64);
        self.buffer.borrow()[at..at + n].to_vec()
    }

    fn read_exactly(&self, vm: &mut Vm, n: usize) -> R {
        let mut out = self.take((self.ahead() as usize).min(n));
        if out.len() == n {
            return Ok(Bytes::new(&vm.heap, out).into());
        }
        if self.writable.get() {
            self.flush_and_rewind(vm)?;
        }
        self.forget_read();
        vm.check_memory(Some(n))?;
        let size = self.size.get();
        // Whole blocks go past the buffer.
        while n - out.len() >= size {
            let start = out.len();
            let want = (n - start) / size * size;
            out.resize(start + want, 0);
            let moved = self.raw_read(vm, &mut out[start..])?;
            let got = if let Moved::Bytes(n) = moved { n } else { 0 };
            out.truncate(start + got);
            if got == 0 {
                return Ok(self.short(vm, moved, out));
            }
        }
        self.pos.set(0);
        self.raw_pos.set(0);
        self.read_end.set(0);
        // No more reads than are needed: the next might wait for ever.
        while out.len() < n && self.read_end.get() < size as i64 {
            let moved = self.fill(vm)?;
            let Moved::Bytes(got @ 1..) = moved else { return Ok(self.short(vm, moved, out)) };
            out.extend(self.take(got.min(n - out.len())));
        }
        Ok(Bytes::new(&vm.heap, out).into())
    }

    /// The result of a read that met the end, or a file that would have to wait: None only if nothing was there.
    fn short(&self, vm: &mut Vm, moved: Moved, out: Vec<u8>) -> Value {
        match moved {
            Moved::WouldBlock(_) if out.is_empty() => Value::NONE,
            _ => Bytes::new(&vm.heap, out).into(),
        }
    }

    fn read_all(&self, vm: &mut Vm, raw: &Value) -> R {
        let mut all = self.take(self.ahead() as usize);
        if self.writable.get() {
            self.flush_and_rewind(vm)?;
        }
        self.forget_read();
        let name = vm.intern("readall");
        if let Some(readall) = vm.get_attr_opt(raw, &name)? {
            let rest = vm.call(&readall, &[])?;
            if all.is_empty() && (rest.is_none() || rest.downcast::<Bytes>().is_some()) {
                return Ok(rest);
            }
            match rest.downcast::<Bytes>() {
                Some(b) => all.extend_from_slice(&b.data),
                None if rest.is_none() => {}
                None => return Err(vm.type_error("readall() should return bytes")),
            }
            return Ok(Bytes::new(&vm.heap, all).into());
        }
        loop {
            let piece = call(vm, raw, "read", &[])?;
            match piece.downcast::<Bytes>() {
                Some(b) if !b.data.is_empty() => {
                    vm.check_memory(Some(b.data.len()))?;
                    all.extend_from_slice(&b.data);
                    self.moved(b.data.len());
                }
                Some(_) => return Ok(Bytes::new(&vm.heap, all).into()),
                None if piece.is_none() => return Ok(self.short(vm, Moved::WouldBlock(0), all)),
                None => return Err(vm.type_error("read() should return bytes")),
            }
        }
    }

    /// A line with its end, up to `limit` bytes; empty at the end of the file.
    fn read_line(&self, vm: &mut Vm, o: &Value, limit: Option<usize>) -> R<Vec<u8>> {
        let mut line = Vec::new();
        if self.take_line(&mut line, limit) {
            return Ok(line);
        }
        let _busy = self.enter(vm, o)?;
        if self.writable.get() {
            self.flush_and_rewind(vm)?;
        }
        loop {
            self.forget_read();
            let Moved::Bytes(1..) = self.fill(vm)? else { return Ok(line) };
            self.pos.set(0);
            if self.take_line(&mut line, limit) {
                return Ok(line);
            }
            vm.check_memory(Some(line.len()))?;
        }
    }

    /// Moves what the buffer has of a line; whether that completes it.
    fn take_line(&self, line: &mut Vec<u8>, limit: Option<usize>) -> bool {
        let n = (self.ahead().max(0) as usize).min(limit.map_or(usize::MAX, |l| l - line.len()));
        let at = self.pos.get() as usize;
        let buffer = self.buffer.borrow();
        let ahead = buffer.get(at..at + n).unwrap_or(&[]);
        let end = memchr::memchr(b'\n', ahead).map(|i| i + 1);
        let taken = end.unwrap_or(ahead.len());
        line.extend_from_slice(&ahead[..taken]);
        self.pos.set((at + taken) as i64);
        end.is_some() || limit.is_some_and(|l| line.len() >= l)
    }
}

pub(super) fn read(vm: &mut Vm, a: Args<'_>) -> R {
    let b = vm.receiver::<Buffered>(a)?;
    b.raw(vm)?;
    let n = base::signed_size(vm, a.get(1))?;
    if n < -1 {
        return Err(vm.value_error("read length must be non-negative or -1"));
    }
    let raw = b.open_raw(vm, "read of closed file")?;
    match usize::try_from(n) {
        Ok(n) if n as i64 <= b.ahead() => {
            let bytes = b.take(n);
            Ok(Bytes::new(&vm.heap, bytes).into())
        }
        Ok(n) => {
            let _busy = b.enter(vm, &a.pos[0])?;
            b.read_exactly(vm, n)
        }
        Err(_) => {
            let _busy = b.enter(vm, &a.pos[0])?;
            b.read_all(vm, &raw)
        }
    }
}

pub(super) fn read1(vm: &mut Vm, a: Args<'_>) -> R {
    let b = vm.receiver::<Buffered>(a)?;
    b.raw(vm)?;
    let n = match a.get(1) {
        Some(v) => vm.index_i64(v)?,
        None => -1,
    };
    let n = usize::try_from(n).unwrap_or(b.size.get());
    b.open_raw(vm, "read of closed file")?;
    let ahead = b.ahead() as usize;
    if n == 0 || ahead > 0 {
        let bytes = b.take(n.min(ahead));
        return Ok(Bytes::new(&vm.heap, bytes).into());
    }
    vm.check_memory(Some(n))?;
    let _busy = b.enter(vm, &a.pos[0])?;
    if b.writable.get() {
        b.flush_and_rewind(vm)?;
    }
    b.forget_read();
    let mut out = vec![0; n];
    let got = if let Moved::Bytes(n) = b.raw_read(vm, &mut out)? { n } else { 0 };
    out.truncate(got);
    Ok(Bytes::new(&vm.heap, out).into())
}

pub(super) fn peek(vm: &mut Vm, a: Args<'_>) -> R {
    let b = vm.receiver::<Buffered>(a)?;
    b.open_raw(vm, "peek of closed file")?;
    if let Some(n) = a.get(1) {
        // How much is wanted is not looked at, but it must be a number.
        vm.index_i64(n)?;
    }
    let _busy = b.enter(vm, &a.pos[0])?;
    if b.writable.get() {
        b.flush_and_rewind(vm)?;
    }
    if b.ahead() == 0 {
        b.forget_read();
        b.fill(vm)?;
        b.pos.set(0);
    }
    let (at, n) = (b.pos.get() as usize, b.ahead() as usize);
    let bytes = b.buffer.borrow()[at..at + n].to_vec();
    Ok(Bytes::new(&vm.heap, bytes).into())
}

/// `readinto`, or with `once` `readinto1`, which reads at most once.
pub(super) fn readinto(vm: &mut Vm, a: Args<'_>, once: bool) -> R {
    let b = vm.receiver::<Buffered>(a)?;
    b.raw(vm)?;
    let target = Target::of(vm, &a.pos[1], if once { "readinto1" } else { "readinto" })?;
    b.open_raw(vm, "readinto of closed file")?;
    let want = target.size();
    let ahead = b.ahead() as usize;
    let mut done = ahead.min(want);
    if done > 0 {
        target.write(0, &b.take(done));
    }
    if done == want {
        return Ok(Value::from_len(done));
    }
    let _busy = b.enter(vm, &a.pos[0])?;
    if b.writable.get() {
        b.flush_and_rewind(vm)?;
    }
    b.forget_read();
    b.pos.set(0);
    while done < want {
        let left = want - done;
        let moved = if left > b.size.get() {
            let mut out = vec![0; left];
            let moved = b.raw_read(vm, &mut out)?;
            if let Moved::Bytes(n) = moved {
                target.write(done, &out[..n]);
                done += n;
            }
            moved
        } else if once && done > 0 {
            break;
        } else {
            let moved = b.fill(vm)?;
            if let Moved::Bytes(n @ 1..) = moved {
                let n = n.min(left);
                target.write(done, &b.take(n));
                done += n;
            }
            moved
        };
        match moved {
            Moved::WouldBlock(_) if done == 0 => return Ok(Value::NONE),
            Moved::WouldBlock(_) | Moved::Bytes(0) => break,
            Moved::Bytes(_) if once => break,
            Moved::Bytes(_) => {}
        }
    }
    Ok(Value::from_len(done))
}

pub(super) fn readline(vm: &mut Vm, a: Args<'_>) -> R {
    let b = vm.receiver::<Buffered>(a)?;
    b.raw(vm)?;
    let limit = base::size(vm, a.get(1))?;
    b.open_raw(vm, "readline of closed file")?;
    let line = b.read_line(vm, &a.pos[0], limit)?;
    Ok(Bytes::new(&vm.heap, line).into())
}

pub(super) fn next(vm: &mut Vm, a: Args<'_>) -> R {
    let b = vm.receiver::<Buffered>(a)?;
    b.open_raw(vm, "readline of closed file")?;
    // A subclass may read its lines in a way of its own.
    let native = !a.pos[0].class(&vm.heap).has(crate::object::types::type_flags::HEAP);
    let line = match native {
        true => {
            let line = b.read_line(vm, &a.pos[0], None)?;
            Bytes::new(&vm.heap, line).into()
        }
        false => call(vm, &a.pos[0], "readline", &[])?,
    };
    match line.downcast::<Bytes>() {
        Some(bytes) if bytes.data.is_empty() => Err(base::stop(vm)),
        Some(_) => Ok(line),
        None => {
            let (class, got) = (vm.types().OSError.clone(), vm.class_name(&line));
            Err(vm.error(&class, &format!("readline() should have returned a bytes object, not '{got}'")))
        }
    }
}
