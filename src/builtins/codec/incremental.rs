//! Decoding and encoding piece by piece: the native codecs, and those of the registry by their incremental classes.

use super::{Codec, Order, decode_part, encode_part};
use crate::object::cell::Mut;
use crate::object::header::Ref;
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// What a decoder needs to go on: bytes of a character that is not complete, and a number that the codec understands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecoderState {
    pub pending: Vec<u8>,
    pub flags: u64,
}

/// A decoder of a native codec.
pub struct NativeDecoder {
    codec: Codec,
    errors: String,
    /// The codec as its mark has told it to be, and bytes that wait for their rest.
    now: Mut<(Codec, Vec<u8>)>,
}

impl NativeDecoder {
    pub fn new(codec: Codec, errors: &str) -> NativeDecoder {
        NativeDecoder { codec, errors: errors.to_owned(), now: Mut::new((codec, Vec::new())) }
    }

    /// The text of the next bytes.
    pub fn decode(&self, vm: &mut Vm, data: &[u8], last: bool) -> R<Ref<Str>> {
        let (mut codec, mut all) = self.now.get();
        all.extend_from_slice(data);
        let bytes = Bytes::new(&vm.heap, all);
        let (text, used) = decode_part(vm, &mut codec, &bytes, &self.errors, last)?;
        if let (Codec::Wide { bytes, order: None }, true) = (codec, used > 0) {
            let class = vm.types().UnicodeError.clone();
            return Err(vm.error(&class, &format!("UTF-{} stream does not start with BOM", bytes * 8)));
        }
        self.now.set((codec, bytes.data[used..].to_vec()));
        Ok(text)
    }

    pub fn reset(&self) {
        self.now.set((self.codec, Vec::new()));
    }

    /// As the incremental decoders of the package `encodings` count it.
    pub fn state(&self) -> DecoderState {
        let (now, pending) = self.now.get();
        let flags = match (self.codec, now) {
            (Codec::Utf8 { signature: true }, Codec::Utf8 { signature }) => u64::from(signature),
            (Codec::Wide { order: None, .. }, Codec::Wide { order, .. }) => match order {
                Some(Order::Little) => 0,
                Some(Order::Big) => 1,
                None => 2,
            },
            _ => 0,
        };
        DecoderState { pending, flags }
    }

    pub fn set_state(&self, state: DecoderState) {
        let codec = match self.codec {
            Codec::Utf8 { signature: true } => Codec::Utf8 { signature: state.flags != 0 },
            Codec::Wide { bytes, order: None } => Codec::Wide {
                bytes,
                order: match state.flags {
                    0 => Some(Order::Little),
                    1 => Some(Order::Big),
                    _ => None,
                },
            },
            codec => codec,
        };
        self.now.set((codec, state.pending));
    }
}

/// A decoder of a text stream.
pub enum Decoder {
    Native(NativeDecoder),
    /// An incremental decoder made by Python code.
    Object(Value),
}

fn method(vm: &mut Vm, o: &Value, name: &str, args: &[Value]) -> R {
    let name = vm.intern(name);
    vm.call_method(o, &name, args)
}

impl Decoder {
    pub fn object(&self) -> Option<&Value> {
        match self {
            Decoder::Object(o) => Some(o),
            Decoder::Native(_) => None,
        }
    }

    pub fn decode(&self, vm: &mut Vm, data: &[u8], last: bool) -> R<Ref<Str>> {
        match self {
            Decoder::Native(d) => d.decode(vm, data, last),
            Decoder::Object(o) => {
                let data = Bytes::new(&vm.heap, data).into();
                let text = method(vm, o, "decode", &[data, Value::bool(last)])?;
                match text.downcast_owned::<Str>() {
                    Ok(s) => Ok(s),
                    Err(v) => {
                        let got = vm.class_name(&v);
                        Err(vm.type_error(format!("decoder should return a string result, not '{got}'")))
                    }
                }
            }
        }
    }

    pub fn reset(&self, vm: &mut Vm) -> R<()> {
        match self {
            Decoder::Native(d) => d.reset(),
            Decoder::Object(o) => drop(method(vm, o, "reset", &[])?),
        }
        Ok(())
    }

    pub fn state(&self, vm: &mut Vm) -> R<DecoderState> {
        match self {
            Decoder::Native(d) => Ok(d.state()),
            Decoder::Object(o) => {
                let state = method(vm, o, "getstate", &[])?;
                state_of(vm, &state)
            }
        }
    }

    pub fn set_state(&self, vm: &mut Vm, state: DecoderState) -> R<()> {
        match self {
            Decoder::Native(d) => d.set_state(state),
            Decoder::Object(o) => {
                let state = state_value(vm, state);
                drop(method(vm, o, "setstate", &[state])?);
            }
        }
        Ok(())
    }
}

/// The state that `getstate()` of a decoder gave.
pub fn state_of(vm: &mut Vm, v: &Value) -> R<DecoderState> {
    let Some(parts) = v.downcast::<Tuple>().filter(|t| t.len() == 2) else {
        return Err(vm.type_error("illegal decoder state"));
    };
    let Some(pending) = parts[0].downcast::<Bytes>().map(|b| b.data.to_vec()) else {
        let got = vm.class_name(&parts[0]);
        return Err(
            vm.type_error(format!("illegal decoder state: the first item should be a bytes object, not '{got}'"))
        );
    };
    let flags = vm.index_i64(&parts[1])? as u64;
    Ok(DecoderState { pending, flags })
}

/// The tuple that `getstate()` of a decoder gives.
pub fn state_value(vm: &mut Vm, state: DecoderState) -> Value {
    let pending = Bytes::new(&vm.heap, state.pending).into();
    let flags = crate::object::number::BigInt::from_i128(&vm.heap, state.flags.into());
    Tuple::new(&vm.heap, [pending, flags]).into()
}

/// An encoder of a text stream.
pub enum Encoder {
    Native(Codec),
    /// An incremental encoder made by Python code.
    Object(Value),
}

impl Encoder {
    pub fn object(&self) -> Option<&Value> {
        match self {
            Encoder::Object(o) => Some(o),
            Encoder::Native(_) => None,
        }
    }

    /// The bytes of the next text; `first`: at the start of the stream, where a native codec puts its mark.
    pub fn encode(&self, vm: &mut Vm, text: &Ref<Str>, errors: &str, first: bool) -> R<Vec<u8>> {
        match self {
            Encoder::Native(codec) => encode_part(vm, *codec, text, errors, first),
            Encoder::Object(o) => {
                let bytes = method(vm, o, "encode", &[text.to_value()])?;
                match bytes.downcast::<Bytes>() {
                    Some(b) => Ok(b.data.to_vec()),
                    None => {
                        let got = vm.class_name(&bytes);
                        Err(vm.type_error(format!("encoder should return a bytes object, not '{got}'")))
                    }
                }
            }
        }
    }
}
