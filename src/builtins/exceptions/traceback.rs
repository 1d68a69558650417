//! `traceback` objects.

use crate::code::OFFSET_PER_WORD;
use crate::object::cell::Mut;
use crate::object::exception::Traceback;
use crate::object::frame::FrameObject;
use crate::object::header::Ref;
use crate::object::value::Value;
use crate::vm::native::{ANY, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::{Args, R, Vm};

pub(super) fn install(vm: &mut Vm) {
    let class = vm.types().traceback.clone();
    vm.add_static(&class, &[def_kw("__new__", 0, ANY, new)]);
    vm.add_getset(&class, "tb_next", next, Some(set_next));
    vm.add_member(&class, "tb_frame", frame, None);
    vm.add_getset(&class, "tb_lineno", line, None);
    vm.add_member(&class, "tb_lasti", last_instruction, None);
}

fn this(vm: &mut Vm, a: Args<'_>) -> R<Ref<Traceback>> {
    match a.get(0).and_then(|v| v.downcast::<Traceback>()) {
        Some(t) => Ok(t.clone()),
        None => Err(vm.type_error("descriptor of 'traceback' needs a traceback")),
    }
}

fn next(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this(vm, a)?.next.get().map_or(Value::NONE, Into::into))
}

fn set_next(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this(vm, a)?;
    let new = match a.get(1) {
        None => return Err(vm.type_error("can't delete tb_next attribute")),
        Some(v) => next_of(vm, v, "")?,
    };
    let mut at = new.clone();
    while let Some(later) = at {
        if later.is(&t) {
            return Err(vm.value_error("traceback loop detected"));
        }
        at = later.next.get();
    }
    t.next.set(new);
    Ok(Value::NONE)
}

/// A traceback or None; `or_none` is what the message says of None.
fn next_of(vm: &mut Vm, v: &Value, or_none: &str) -> R<Option<Ref<Traceback>>> {
    match v.downcast::<Traceback>() {
        Some(next) => Ok(Some(next.clone())),
        None if v.is_none() => Ok(None),
        None => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("expected traceback object{or_none}, got '{got}'")))
        }
    }
}

const NEW: Signature<4> = signature("traceback", ["tb_next", "tb_frame", "tb_lasti", "tb_lineno"], 4);

/// `TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno)`.
fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let a = Args { pos: a.pos.get(1..).unwrap_or_default(), ..a };
    let [Some(next), Some(frame), Some(instruction), Some(line)] = a.bind(vm, &NEW)? else { return Ok(Value::NONE) };
    let Some(code) = frame.opaque::<FrameObject>().map(|f| f.code.clone()) else {
        let got = vm.argument_class(frame);
        return Err(vm.type_error(format!("traceback() argument 'tb_frame' must be frame, not {got}")));
    };
    let next = next_of(vm, next, " or None")?;
    let (offset, line) = (vm.index_c_int(instruction)?, vm.index_c_int(line)?);
    let entry = Traceback {
        next: Mut::new(next),
        code,
        // An offset that is none stands for no instruction, which has no line either.
        instruction: u32::try_from(offset).map_or(u32::MAX, |offset| offset / OFFSET_PER_WORD),
        line: Some(line),
        frame: Mut::new(Some(frame.clone())),
    };
    Ok(vm.heap.alloc(&vm.types().traceback, entry).into())
}

fn frame(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this(vm, a)?.frame.get().unwrap_or(Value::NONE))
}

fn line(vm: &mut Vm, a: Args<'_>) -> R {
    let t = this(vm, a)?;
    Ok(t.line().and_then(|l| usize::try_from(l).ok()).map_or(Value::NONE, Value::from_len))
}

fn last_instruction(vm: &mut Vm, a: Args<'_>) -> R {
    let instruction = this(vm, a)?.instruction;
    Ok(Value::int_unchecked(instruction.checked_mul(OFFSET_PER_WORD).map_or(-1, i64::from)))
}
