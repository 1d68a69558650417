//! `frame` objects.

use super::frame_locals;
use crate::code::OFFSET_PER_WORD;
use crate::object::frame::{FrameObject, Place};
use crate::object::header::Ref;
use crate::object::opaque::Opaque;
use crate::object::value::Value;
use crate::vm::native::def;
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let class = vm.types().frame.clone();
    vm.add_getset(&class, "f_back", back, None);
    vm.add_getset(&class, "f_code", |vm, a| Ok(this(vm, a)?.data().code.to_value()), None);
    vm.add_getset(&class, "f_globals", |vm, a| Ok(this(vm, a)?.data().function.globals.to_value()), None);
    vm.add_getset(&class, "f_builtins", |vm, a| Ok(this(vm, a)?.data().function.builtins.to_value()), None);
    vm.add_getset(&class, "f_locals", locals, None);
    vm.add_getset(&class, "f_lineno", line, Some(set_line));
    vm.add_getset(&class, "f_lasti", last_instruction, None);
    vm.add_getset(&class, "f_trace", trace, Some(set_trace));
    vm.add_member(&class, "f_trace_lines", trace_lines, Some(set_trace_lines));
    vm.add_getset(&class, "f_trace_opcodes", trace_opcodes, Some(set_trace_opcodes));
    vm.add_methods(&class, &[def("clear", 1, 1, clear), def("__repr__", 1, 1, repr)]);
    frame_locals::install(vm);
}

/// A frame object, known to be one.
pub(super) struct This(Ref<Opaque>);

impl This {
    pub(super) fn data(&self) -> &FrameObject {
        match self.0.data.as_any().downcast_ref() {
            Some(data) => data,
            None => unreachable!("made from frame objects only"),
        }
    }
}

pub(super) fn frame_of(v: &Value) -> Option<This> {
    v.opaque::<FrameObject>()?;
    v.downcast::<Opaque>().cloned().map(This)
}

fn this(vm: &mut Vm, a: Args<'_>) -> R<This> {
    match a.get(0).and_then(frame_of) {
        Some(f) => Ok(f),
        None => Err(vm.type_error("descriptor of 'frame' needs a frame")),
    }
}

fn back(vm: &mut Vm, a: Args<'_>) -> R {
    let f = this(vm, a)?;
    Ok(vm.frame_back(f.data()).unwrap_or(Value::NONE))
}

fn locals(vm: &mut Vm, a: Args<'_>) -> R {
    let f = this(vm, a)?;
    let hides = |i: u32| vm.frame_local(f.data(), i as usize).is_some();
    match f.data().namespace.get() {
        // The names of an inlined comprehension hide those around it while it runs.
        Some(namespace) if !(0..f.data().code.data.local_count).any(hides) => Ok(namespace),
        _ => Ok(frame_locals::proxy(vm, &a.pos[0])),
    }
}

/// The line at which a frame stands.
pub fn line_of(vm: &Vm, f: &FrameObject) -> Option<i32> {
    f.code.data.line(vm.frame_instruction(f))
}

fn line(vm: &mut Vm, a: Args<'_>) -> R {
    let f = this(vm, a)?;
    Ok(line_of(vm, f.data()).map_or(Value::NONE, |l| Value::int_unchecked(l.into())))
}

/// Makes the frame go on elsewhere, if a callback at one of its events asks for it.
fn set_line(vm: &mut Vm, a: Args<'_>) -> R {
    let f = this(vm, a)?;
    let Some(line) = a.get(1) else { return Err(vm.attribute_error_text("cannot delete attribute")) };
    if !line.class(&vm.heap).is(&vm.types().int) {
        return Err(vm.value_error("lineno must be an integer"));
    }
    // What does not fit is out of range in any case.
    let line = line.as_small_int().unwrap_or(i64::MAX);
    vm.set_frame_line(f.data(), line)?;
    Ok(Value::NONE)
}

fn last_instruction(vm: &mut Vm, a: Args<'_>) -> R {
    let f = this(vm, a)?;
    Ok(Value::int_unchecked(vm.frame_instruction(f.data()) as i64 * i64::from(OFFSET_PER_WORD)))
}

fn trace(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(this(vm, a)?.data().trace.get().unwrap_or(Value::NONE))
}

fn set_trace(vm: &mut Vm, a: Args<'_>) -> R {
    let new = a.get(1).filter(|v| !v.is_none()).cloned();
    this(vm, a)?.data().trace.set(new);
    Ok(Value::NONE)
}

fn trace_lines(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(this(vm, a)?.data().trace_lines.get()))
}

/// A member that takes nothing but a bool.
fn bool_argument(vm: &mut Vm, a: Args<'_>, name: &str) -> R<bool> {
    match a.get(1) {
        None => Err(vm.type_error(format!("can't delete numeric/char attribute {name}"))),
        Some(v) => match v.as_bool() {
            Some(b) => Ok(b),
            None => Err(vm.type_error("attribute value type must be bool")),
        },
    }
}

fn set_trace_lines(vm: &mut Vm, a: Args<'_>) -> R {
    let on = bool_argument(vm, a, "f_trace_lines")?;
    this(vm, a)?.data().trace_lines.set(on);
    Ok(Value::NONE)
}

fn trace_opcodes(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(this(vm, a)?.data().trace_opcodes.get()))
}

fn set_trace_opcodes(vm: &mut Vm, a: Args<'_>) -> R {
    let on = bool_argument(vm, a, "f_trace_opcodes")?;
    this(vm, a)?.data().trace_opcodes.set(on);
    if on {
        super::tracing::trace_opcodes(vm);
    }
    Ok(Value::NONE)
}

/// `clear()`: drops what a frame that does not run holds; a suspended generator is closed.
fn clear(vm: &mut Vm, a: Args<'_>) -> R {
    let f = this(vm, a)?;
    match f.data().place.get() {
        Place::Stack(_) => Err(vm.runtime_error("cannot clear an executing frame")),
        Place::Generator(_) => {
            match vm.generator_of_frame(f.data()) {
                Some(g) if g.has_started() => return Err(vm.runtime_error("cannot clear a suspended frame")),
                Some(g) => vm.finalize_generator(&g)?,
                None => {}
            }
            drop(f.data().locals.take());
            Ok(Value::NONE)
        }
        Place::Left => {
            drop(f.data().locals.take());
            f.data().added.set(None);
            Ok(Value::NONE)
        }
    }
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let f = this(vm, a)?;
    let file = vm.new_str(&f.data().code.data.file);
    let file = vm.repr(&file)?;
    let line = line_of(vm, f.data()).map_or_else(|| "None".to_owned(), |l| l.to_string());
    let name = f.data().code.name.to_string_lossy().into_owned();
    Ok(vm.new_str(&format!("<frame at {:#x}, file {file}, line {line}, code {name}>", a.pos[0].bits())))
}
