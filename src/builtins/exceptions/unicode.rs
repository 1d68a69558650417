//! `UnicodeDecodeError`, `UnicodeEncodeError`, `UnicodeTranslateError`.

use super::{add_init, members, no_keywords, set_args, this};
use crate::object::header::Kind;
use crate::object::sequence::Bytes;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::native::{NativeFn, def};
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let t = vm.types();
    let classes: [(_, NativeFn, NativeFn); 3] = [
        (t.UnicodeDecodeError.clone(), decode_init, decode_str),
        (t.UnicodeEncodeError.clone(), encode_init, encode_str),
        (t.UnicodeTranslateError.clone(), translate_init, translate_str),
    ];
    for (class, init, str) in classes {
        add_init(vm, &class, init);
        vm.add_methods(&class, &[def("__str__", 1, 1, str)]);
        members!(
            vm,
            &class,
            "encoding" => field::UNICODE_ENCODING,
            "object" => field::UNICODE_OBJECT,
            "start" => field::UNICODE_START,
            "end" => field::UNICODE_END,
            "reason" => field::UNICODE_REASON,
        );
    }
}

/// What an argument must be.
#[derive(Clone, Copy)]
enum Want {
    Str,
    Bytes,
    Int,
}

/// Checks the arguments and makes the members of them, from `first` on.
fn init(vm: &mut Vm, a: Args<'_>, wants: &[Want], first: usize) -> R {
    let x = this(vm, a)?;
    no_keywords(vm, a, &x.ty().name_str())?;
    set_args(vm, &x, a);
    let (n, given) = (wants.len(), a.pos.len() - 1);
    if given != n {
        return Err(vm.type_error(format!("function takes exactly {n} arguments ({given} given)")));
    }
    let mut fields = vec![None; 5];
    for (i, (v, want)) in a.pos[1..].iter().zip(wants).enumerate() {
        let value = match want {
            Want::Str if v.downcast::<Str>().is_some() => v.clone(),
            Want::Bytes if v.kind() == Some(Kind::Bytes) => v.clone(),
            Want::Int => {
                let i = vm.index_i64(v)?;
                crate::object::number::BigInt::from_i64(&vm.heap, i)
            }
            Want::Str => {
                let got = vm.argument_class(v);
                return Err(vm.type_error(format!("argument {} must be str, not {got}", i + 1)));
            }
            Want::Bytes => continue,
        };
        fields[first + i] = Some(value);
    }
    // What lends bytes is asked when all else is right.
    for (i, v) in a.pos[1..].iter().enumerate() {
        if fields[first + i].is_some() {
            continue;
        }
        let data = crate::builtins::buffer::bytes(vm, v)?.into_owned();
        fields[first + i] = Some(Bytes::new(&vm.heap, data).into());
    }
    x.fields.set(fields);
    Ok(Value::NONE)
}

fn decode_init(vm: &mut Vm, a: Args<'_>) -> R {
    init(vm, a, &[Want::Str, Want::Bytes, Want::Int, Want::Int, Want::Str], field::UNICODE_ENCODING)
}

fn encode_init(vm: &mut Vm, a: Args<'_>) -> R {
    init(vm, a, &[Want::Str, Want::Str, Want::Int, Want::Int, Want::Str], field::UNICODE_ENCODING)
}

fn translate_init(vm: &mut Vm, a: Args<'_>) -> R {
    init(vm, a, &[Want::Str, Want::Int, Want::Int, Want::Str], field::UNICODE_OBJECT)
}

/// The members as text and numbers; None while the exception is not initialised.
struct Parts {
    encoding: String,
    object: Value,
    start: i64,
    end: i64,
    reason: String,
}

impl Parts {
    fn of(vm: &mut Vm, a: Args<'_>) -> R<Option<Parts>> {
        let x = this(vm, a)?;
        let Some(object) = x.field(field::UNICODE_OBJECT) else { return Ok(None) };
        let number = |i: usize| x.field(i).and_then(|v| v.as_small_int()).unwrap_or(0);
        let (start, end) = (number(field::UNICODE_START), number(field::UNICODE_END));
        let reason = x.field(field::UNICODE_REASON).unwrap_or(Value::NONE);
        let reason = vm.str(&reason)?.to_string();
        let encoding = match x.field(field::UNICODE_ENCODING) {
            Some(e) => vm.str(&e)?.to_string(),
            None => String::new(),
        };
        Ok(Some(Parts { encoding, object, start, end, reason }))
    }

    /// The one character that is at fault, escaped; None if it is not one.
    fn character(&self) -> Option<String> {
        if self.end != self.start + 1 {
            return None;
        }
        let p = self.object.downcast::<Str>()?.point(usize::try_from(self.start).ok()?)?;
        Some(match p {
            0..=0xff => format!("\\x{p:02x}"),
            0x100..=0xffff => format!("\\u{p:04x}"),
            _ => format!("\\U{p:08x}"),
        })
    }
}

fn decode_str(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(p) = Parts::of(vm, a)? else { return Ok(vm.new_str("")) };
    let Parts { encoding, start, end, reason, .. } = &p;
    let byte = usize::try_from(*start).ok().and_then(|i| p.object.downcast::<Bytes>()?.data.get(i).copied());
    let text = match byte {
        Some(b) if *end == start + 1 => {
            format!("'{encoding}' codec can't decode byte 0x{b:02x} in position {start}: {reason}")
        }
        _ => format!("'{encoding}' codec can't decode bytes in position {start}-{}: {reason}", end - 1),
    };
    Ok(vm.new_str(&text))
}

fn encode_str(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(p) = Parts::of(vm, a)? else { return Ok(vm.new_str("")) };
    let Parts { encoding, start, end, reason, .. } = &p;
    let text = match p.character() {
        Some(c) => format!("'{encoding}' codec can't encode character '{c}' in position {start}: {reason}"),
        None => format!("'{encoding}' codec can't encode characters in position {start}-{}: {reason}", end - 1),
    };
    Ok(vm.new_str(&text))
}

fn translate_str(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(p) = Parts::of(vm, a)? else { return Ok(vm.new_str("")) };
    let Parts { start, end, reason, .. } = &p;
    let text = match p.character() {
        Some(c) => format!("can't translate character '{c}' in position {start}: {reason}"),
        None => format!("can't translate characters in position {start}-{}: {reason}", end - 1),
    };
    Ok(vm.new_str(&text))
}
