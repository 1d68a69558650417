//! Reading text.

use super::super::base::{self, call, unsupported};
use super::{Snapshot, TextDecoder, TextIo, open};
use crate::builtins::codec::incremental::DecoderState;
use crate::object::header::Ref;
use crate::object::number::BigInt;
use crate::object::str::kernels;
use crate::object::str::{Str, StrBuilder};
use crate::object::value::Value;
use crate::vm::{Args, R, Vm};
use std::rc::Rc;

impl TextIo {
    fn decoder(&self, vm: &mut Vm) -> R<Rc<TextDecoder>> {
        match self.decoder.get() {
            Some(d) => Ok(d),
            None => Err(unsupported(vm, "not readable")),
        }
    }

    /// Decodes another chunk, of about so many characters if that is known; false at the end.
    fn read_chunk(&self, vm: &mut Vm, buffer: &Value, hint: usize) -> R<bool> {
        let decoder = self.decoder(vm)?;
        let before = if self.telling.get() { Some(decoder.state(vm)?) } else { None };
        let hint = (self.ratio.get().max(1.0) * hint as f64) as usize;
        let method = if self.has_read1.get() { "read1" } else { "read" };
        let chunk = call(vm, buffer, method, &[BigInt::from_size(&vm.heap, self.chunk.get().max(hint))])?;
        let Some(bytes) = chunk.bytes_like() else {
            let got = vm.class_name(&chunk);
            return Err(
                vm.type_error(format!("underlying {method}() should have returned a bytes-like object, not '{got}'"))
            );
        };
        let text = decoder.decode(vm, &bytes, bytes.is_empty())?;
        let (n, chars) = (bytes.len(), text.len());
        self.set_decoded(text);
        self.ratio.set(if chars > 0 { n as f64 / chars as f64 } else { 0.0 });
        if let Some(DecoderState { pending: mut input, flags }) = before {
            input.extend_from_slice(&bytes);
            self.snapshot.set(Some(Snapshot { flags, input }));
        }
        Ok(n > 0 || chars > 0)
    }

    /// Takes up to `n` of the decoded characters.
    fn take_decoded(&self, vm: &Vm, n: usize) -> Ref<Str> {
        let Some(text) = self.decoded.get() else { return Str::new(&vm.heap, "") };
        let start = self.used.get();
        let end = text.len().min(start.saturating_add(n));
        self.used.set(end);
        slice(vm, &text, start, end)
    }

    fn read_all(&self, vm: &mut Vm, buffer: &Value) -> R<Ref<Str>> {
        let decoder = self.decoder(vm)?;
        let rest = call(vm, buffer, "read", &[])?;
        let Some(bytes) = rest.bytes_like() else {
            let got = vm.class_name(&rest);
            return Err(
                vm.type_error(format!("underlying read() should have returned a bytes-like object, not '{got}'"))
            );
        };
        let text = decoder.decode(vm, &bytes, true)?;
        let before = self.take_decoded(vm, usize::MAX);
        if self.snapshot.borrow().is_some() {
            self.forget_decoded();
            self.snapshot.set(None);
        }
        if before.is_empty() {
            return Ok(text);
        }
        let mut all = StrBuilder::with_capacity(before.len() + text.len());
        all.push_ref(&before);
        all.push_ref(&text);
        Ok(all.finish(&vm.heap))
    }

    fn read_exactly(&self, vm: &mut Vm, buffer: &Value, n: usize) -> R<Ref<Str>> {
        let first = self.take_decoded(vm, n);
        if first.len() == n {
            return Ok(first);
        }
        let mut all = StrBuilder::new();
        all.push_ref(&first);
        while all.len() < n && self.read_chunk(vm, buffer, n - all.len())? {
            let piece = self.take_decoded(vm, n - all.len());
            all.push_ref(&piece);
        }
        Ok(all.finish(&vm.heap))
    }

    /// A line with its end, up to `limit` characters; empty at the end of the file.
    fn read_line(&self, vm: &mut Vm, buffer: &Value, limit: Option<usize>) -> R<Ref<Str>> {
        self.flush_pending(vm, buffer)?;
        let newline = self.newline.get();
        // What was put aside of the line, and how much of that the present chunk has to be searched with: a `\r` that may
        // become `\r\n`.
        let mut line = StrBuilder::new();
        let mut open_end: Option<Ref<Str>> = None;
        loop {
            while self.decoded.borrow().as_ref().is_none_or(|d| d.is_empty()) {
                if !self.read_chunk(vm, buffer, 0)? {
                    self.forget_decoded();
                    self.snapshot.set(None);
                    if let Some(rest) = open_end {
                        line.push_ref(&rest);
                    }
                    return Ok(line.finish(&vm.heap));
                }
            }
            let Some(chunk) = self.decoded.get() else { continue };
            let (text, start, before) = match open_end.take() {
                None => (chunk, self.used.get(), 0),
                Some(rest) => {
                    let mut joined = StrBuilder::with_capacity(rest.len() + chunk.len());
                    joined.push_ref(&rest);
                    joined.push_ref(&chunk);
                    (joined.finish(&vm.heap), 0, rest.len())
                }
            };
            let (end, found) = match newline.line_end(&text, start) {
                Ok(end) => (end, true),
                Err(end) => (end, false),
            };
            let room = limit.map(|l| l - line.len());
            let cut = room.filter(|&room| end - start >= room).map(|room| start + room);
            if let Some(end) = cut.or(found.then_some(end)) {
                self.used.set(end.saturating_sub(before));
                if line.is_empty() {
                    return Ok(slice(vm, &text, start, end));
                }
                line.push_slice(&text, start, end);
                return Ok(line.finish(&vm.heap));
            }
            vm.check_memory(Some(line.len().saturating_mul(2)))?;
            line.push_slice(&text, start, end);
            if end < text.len() {
                open_end = Some(slice(vm, &text, end, text.len()));
            }
            self.forget_decoded();
        }
    }
}

fn slice(vm: &Vm, text: &Ref<Str>, start: usize, end: usize) -> Ref<Str> {
    if start == 0 && end == text.len() { text.clone() } else { kernels::slice(&vm.heap, text, start, end) }
}

pub(super) fn read(vm: &mut Vm, a: Args<'_>) -> R {
    let n = base::size(vm, a.get(1))?;
    let (t, buffer) = open(vm, a)?;
    t.decoder(vm)?;
    t.flush_pending(vm, &buffer)?;
    let text = match n {
        None => t.read_all(vm, &buffer)?,
        Some(n) => t.read_exactly(vm, &buffer, n)?,
    };
    Ok(text.into())
}

pub(super) fn readline(vm: &mut Vm, a: Args<'_>) -> R {
    let limit = match a.get(1) {
        Some(v) => usize::try_from(vm.index_i64(v)?).ok(),
        None => None,
    };
    let (t, buffer) = open(vm, a)?;
    Ok(t.read_line(vm, &buffer, limit)?.into())
}

pub(super) fn next(vm: &mut Vm, a: Args<'_>) -> R {
    let (t, buffer) = super::receiver(vm, a)?;
    t.telling.set(false);
    let line = if vm.native_data::<TextIo>(&a.pos[0]).is_some() {
        open(vm, a)?;
        t.read_line(vm, &buffer, None)?.into()
    } else {
        call(vm, &a.pos[0], "readline", &[])?
    };
    let Some(text) = line.downcast::<Str>() else {
        let (class, got) = (vm.types().OSError.clone(), vm.class_name(&line));
        return Err(vm.error(&class, &format!("readline() should have returned a str object, not '{got}'")));
    };
    if text.is_empty() {
        t.snapshot.set(None);
        t.telling.set(t.seekable.get());
        return Err(base::stop(vm));
    }
    Ok(line)
}
