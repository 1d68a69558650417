//! Writing text.

use std::rc::Rc;

use super::super::base::{call, unsupported};
use super::super::{fd, newline};
use super::{TextIo, open};
use crate::builtins::codec::Codec;
use crate::builtins::codec::incremental::Encoder;
use crate::object::header::Ref;
use crate::object::sequence::Bytes;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::output::Stream;
use crate::vm::{Args, R, Vm};

impl TextIo {
    /// Writes what is pending to the file below.
    pub(super) fn flush_pending(&self, vm: &mut Vm, buffer: &Value) -> R<()> {
        if self.pending.borrow().is_empty() {
            return Ok(());
        }
        let bytes = Bytes::new(&vm.heap, self.pending.take()).into();
        call(vm, buffer, "write", &[bytes]).map(drop)
    }

    /// Appends the bytes of a text.
    fn encode(&self, vm: &mut Vm, encoder: &Encoder, text: &Ref<Str>, out: &mut Vec<u8>) -> R<()> {
        match (encoder, text.as_ascii()) {
            (Encoder::Native(Codec::Utf8 { .. } | Codec::Latin1 | Codec::Ascii), Some(ascii))
                if !self.at_start.get() =>
            {
                out.extend_from_slice(ascii.as_bytes());
            }
            _ => {
                let errors: Rc<str> = self.errors.get();
                out.extend(encoder.encode(vm, text, &errors, self.at_start.get())?);
                self.at_start.set(false);
            }
        }
        Ok(())
    }

    fn write(&self, vm: &mut Vm, buffer: &Value, text: &Ref<Str>) -> R<()> {
        let Some(encoder) = self.encoder.get() else { return Err(unsupported(vm, "not writable")) };
        let written = self.newline.get().translate(vm, text);
        let mut bytes = Vec::with_capacity(written.len());
        self.encode(vm, &encoder, &written, &mut bytes)?;
        if let Some(stream) = self.host.get() {
            return vm.write_stream(stream, &bytes).map_err(|e| fd::os_error(vm, &e, None));
        }
        let flushes_lines = self.line_buffering.get() && newline::ends_line(text);
        let chunk = self.chunk.get();
        // What is large is not put behind what is small, nor behind what the file below has written here meanwhile.
        loop {
            let waiting = self.pending.borrow().len();
            if waiting == 0 || waiting + bytes.len() <= chunk {
                break;
            }
            self.flush_pending(vm, buffer)?;
        }
        let waiting = {
            let mut pending = self.pending.borrow_mut();
            if pending.is_empty() {
                *pending = bytes;
            } else {
                pending.extend_from_slice(&bytes);
            }
            pending.len()
        };
        if waiting >= chunk || flushes_lines || self.write_through.get() {
            self.flush_pending(vm, buffer)?;
        }
        if flushes_lines {
            call(vm, buffer, "flush", &[])?;
        }
        if self.snapshot.borrow().is_some() {
            self.forget_decoded();
            self.snapshot.set(None);
        }
        if let Some(decoder) = self.decoder.get() {
            decoder.reset(vm)?;
        }
        Ok(())
    }
}

pub(super) fn write(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(text) = a.pos[1].downcast::<Str>() else {
        let got = vm.argument_class(&a.pos[1]);
        return Err(vm.type_error(format!("write() argument must be str, not {got}")));
    };
    let (t, buffer) = open(vm, a)?;
    t.write(vm, &buffer, text)?;
    Ok(Value::from_len(text.len()))
}

pub(super) fn flush(vm: &mut Vm, a: Args<'_>) -> R {
    let (t, buffer) = open(vm, a)?;
    t.telling.set(t.seekable.get());
    t.flush_pending(vm, &buffer)?;
    call(vm, &buffer, "flush", &[])
}

/// The stream of the host that a file object writes to without a stop, if it is one of those that `sys` starts with.
pub fn standard_stream(vm: &Vm, file: &Value) -> Option<Stream> {
    vm.native_data::<TextIo>(file)?.host.get()
}

/// Writes the pieces of one `print` to a standard stream at once; what stands before a piece that cannot be encoded is
/// written, as if the pieces came one by one.
pub fn print_all(vm: &mut Vm, file: &Value, pieces: &[Ref<Str>]) -> R<()> {
    let a = Args::positional(std::slice::from_ref(file));
    let (t, _) = open(vm, a)?;
    let (Some(encoder), Some(stream)) = (t.encoder.get(), t.host.get()) else {
        return Err(unsupported(vm, "not writable"));
    };
    let mut bytes = Vec::new();
    let mut result = Ok(());
    for piece in pieces {
        let written = t.newline.get().translate(vm, piece);
        result = t.encode(vm, &encoder, &written, &mut bytes);
        if result.is_err() {
            break;
        }
    }
    vm.write_stream(stream, &bytes).map_err(|e| fd::os_error(vm, &e, None))?;
    result
}
