//! `TextIOWrapper`: text over a file with a buffer.  This file has the payload and its parts; `class.rs` the class, `read.rs`,
//! `write.rs` and `position.rs` what it does.
//!
//! Reading decodes chunk by chunk; what of a chunk the program has not read is in `decoded` from `used` on.  `snapshot` is the
//! state of the decoder before that chunk, with the bytes that were fed to it since: `tell` finds a place in the bytes by it.
//! Writing encodes at once and keeps up to a chunk in `pending`.
//!
//! The texts of a standard stream of the host (`host`) go there without a stop, because the host has the buffer.

mod class;
mod position;
mod read;
mod write;

pub use class::{TEXT_IO_WRAPPER, standard};
pub use write::{print_all, standard_stream};

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::base::{self, call};
use super::buffered;
use super::file_io;
use super::newline::{Newline, Universal};
use crate::builtins::codec::incremental::{Decoder, DecoderState, Encoder};
use crate::builtins::codec::registry::TextCodec;
use crate::object::cell::Mut;
use crate::object::header::Ref;
use crate::object::opaque::Trace;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::output::Stream;
use crate::vm::{Args, R, Vm};

/// Bytes that are read at once, and that may wait to be written.
const CHUNK: usize = 8192;

/// A decoder, with universal newlines behind it where they are asked for.
struct TextDecoder {
    decoder: Decoder,
    universal: Option<Universal>,
}

impl TextDecoder {
    fn decode(&self, vm: &mut Vm, data: &[u8], last: bool) -> R<Ref<Str>> {
        let text = self.decoder.decode(vm, data, last)?;
        Ok(match &self.universal {
            Some(u) => u.decode(vm, &text, last),
            None => text,
        })
    }

    fn reset(&self, vm: &mut Vm) -> R<()> {
        if let Some(u) = &self.universal {
            u.reset();
        }
        self.decoder.reset(vm)
    }

    fn state(&self, vm: &mut Vm) -> R<DecoderState> {
        let state = self.decoder.state(vm)?;
        Ok(match &self.universal {
            Some(u) => u.state(state),
            None => state,
        })
    }

    fn set_state(&self, vm: &mut Vm, state: DecoderState) -> R<()> {
        let state = match &self.universal {
            Some(u) => u.set_state(state),
            None => state,
        };
        self.decoder.set_state(vm, state)
    }
}

impl Trace for TextDecoder {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.decoder.object().into_iter().for_each(visit);
    }
}

impl Trace for Encoder {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.object().into_iter().for_each(visit);
    }
}

/// The state of the decoder before the present chunk, and the bytes since.
#[derive(Clone)]
struct Snapshot {
    flags: u64,
    input: Vec<u8>,
}

/// The data of a `TextIOWrapper`.
pub struct TextIo {
    ok: Cell<bool>,
    detached: Cell<bool>,
    buffer: Mut<Option<Value>>,
    encoding: Mut<Rc<str>>,
    errors: Mut<Rc<str>>,
    newline: Cell<Newline>,
    encoder: Mut<Option<Rc<Encoder>>>,
    decoder: Mut<Option<Rc<TextDecoder>>>,
    line_buffering: Cell<bool>,
    write_through: Cell<bool>,
    seekable: Cell<bool>,
    /// Whether positions can be told; iteration forgets them.
    telling: Cell<bool>,
    has_read1: Cell<bool>,
    finalizing: Cell<bool>,
    /// Nothing was written yet: a codec that has a mark puts it in front.
    at_start: Cell<bool>,
    chunk: Cell<usize>,
    pending: Mut<Vec<u8>>,
    decoded: Mut<Option<Ref<Str>>>,
    used: Cell<usize>,
    snapshot: Mut<Option<Snapshot>>,
    /// Bytes for a character in the chunk before.
    ratio: Cell<f64>,
    host: Cell<Option<Stream>>,
    in_repr: RefCell<()>,
}

opaque_data!(TextIo { buffer, encoder, decoder, decoded } clear { buffer, encoder, decoder });

impl TextIo {
    /// The buffer, unless it was detached.
    pub(super) fn underlying(&self) -> Option<Value> {
        self.buffer.get()
    }

    fn new() -> TextIo {
        TextIo {
            ok: Cell::new(false),
            detached: Cell::new(false),
            buffer: Mut::default(),
            encoding: Mut::new("".into()),
            errors: Mut::new("".into()),
            newline: Cell::default(),
            encoder: Mut::default(),
            decoder: Mut::default(),
            line_buffering: Cell::new(false),
            write_through: Cell::new(false),
            seekable: Cell::new(false),
            telling: Cell::new(false),
            has_read1: Cell::new(false),
            finalizing: Cell::new(false),
            at_start: Cell::new(false),
            chunk: Cell::new(CHUNK),
            pending: Mut::default(),
            decoded: Mut::default(),
            used: Cell::new(0),
            snapshot: Mut::default(),
            ratio: Cell::new(0.0),
            host: Cell::new(None),
            in_repr: RefCell::new(()),
        }
    }

    /// The file below an object that is whole.
    fn attached(&self, vm: &mut Vm) -> R {
        match self.buffer.get().filter(|_| self.ok.get()) {
            Some(buffer) => Ok(buffer),
            None if self.detached.get() => Err(vm.value_error("underlying buffer has been detached")),
            None => Err(vm.value_error("I/O operation on uninitialized object")),
        }
    }

    /// Makes the two halves of a codec for what the file below can do.
    fn set_codec(&self, vm: &mut Vm, codec: &TextCodec, buffer: &Value, errors: &str) -> R<()> {
        let readable = call(vm, buffer, "readable", &[])?;
        if vm.truth(&readable)? {
            let decoder = codec.decoder(vm, errors)?;
            let newline = self.newline.get();
            let universal = newline.is_universal().then(|| Universal::new(newline == Newline::Translate));
            self.decoder.set(Some(Rc::new(TextDecoder { decoder, universal })));
        }
        let writable = call(vm, buffer, "writable", &[])?;
        if vm.truth(&writable)? {
            let encoder = codec.encoder(vm, errors)?;
            self.encoder.set(Some(Rc::new(encoder)));
        }
        Ok(())
    }

    /// Finds out whether the next text stands at the start of the file.
    fn place_encoder(&self, vm: &mut Vm, buffer: &Value) -> R<()> {
        let Some(encoder) = self.encoder.get() else { return Ok(()) };
        use crate::builtins::codec::Codec;
        // What cannot be sought gets a signature, but no mark of a byte order.
        let signature = matches!(&*encoder, Encoder::Native(Codec::Utf8 { .. }));
        self.at_start.set(signature || self.seekable.get());
        if !self.seekable.get() {
            return Ok(());
        }
        let at = call(vm, buffer, "tell", &[])?;
        if vm.truth(&at)? {
            self.reset_encoder(vm, false)?;
        }
        Ok(())
    }

    /// Resets the encoder, to the start of a file or to some place in it.
    fn reset_encoder(&self, vm: &mut Vm, at_start: bool) -> R<()> {
        self.at_start.set(at_start);
        if let Some(encoder) = self.encoder.get()
            && let Some(o) = encoder.object()
        {
            match at_start {
                true => drop(call(vm, o, "reset", &[])?),
                false => drop(call(vm, o, "setstate", &[Value::int_unchecked(0)])?),
            }
        }
        Ok(())
    }

    fn forget_decoded(&self) {
        self.decoded.set(None);
        self.used.set(0);
    }

    fn set_decoded(&self, text: Ref<Str>) {
        self.decoded.set(Some(text));
        self.used.set(0);
    }
}

/// The receiver, with the file below.
fn receiver<'a>(vm: &mut Vm, a: Args<'a>) -> R<(&'a TextIo, Value)> {
    let t = vm.receiver::<TextIo>(a)?;
    let buffer = t.attached(vm)?;
    Ok((t, buffer))
}

/// The receiver, which is open.
fn open<'a>(vm: &mut Vm, a: Args<'a>) -> R<(&'a TextIo, Value)> {
    let (t, buffer) = receiver(vm, a)?;
    if vm.native_data::<TextIo>(&a.pos[0]).is_some() {
        if buffered::is_closed(vm, &buffer)? {
            return Err(vm.value_error("I/O operation on closed file."));
        }
    } else {
        base::check_closed(vm, &a.pos[0])?;
    }
    Ok((t, buffer))
}

/// The error of a `repr` that comes back to the object that it is of.
fn reentrant(vm: &mut Vm, class: &str) -> crate::vm::Exc {
    file_io::reentrant(vm, class)
}
