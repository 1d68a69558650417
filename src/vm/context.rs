//! What native code asks about the running Python code: class bodies, `super()`, `globals()`, `locals()`.

use std::sync::Arc;

use super::stack::{Frame, frame_flags};
use crate::monitor::Code as Registered;
use crate::object::dict::Dict;
use crate::object::function::{Cell, Code, Function};
use crate::object::header::{Gc, Ref};
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::{Args, R, Vm};

impl Vm {
    /// Runs the code of a module (or other code without parameters) with `globals` as its locals too.
    pub fn run_module_code(&mut self, code: &Ref<Code>, globals: &Ref<Dict>) -> R {
        let f = self.new_function(code, globals);
        self.call_function(&f, Args::positional(&[]), Some(globals.to_value()))
    }

    /// Runs a class body with `namespace` as its locals; the cell of `__class__`, or None.
    pub fn run_class_body(&mut self, body: &Value, namespace: Value) -> R {
        let Some(f) = body.downcast::<Function>().cloned() else {
            return Err(self.type_error("__build_class__: func must be a function"));
        };
        self.check_native_stack()?;
        self.enter_function(&f, Args::positional(&[]), Some(namespace), 0, frame_flags::ENTRY)?;
        self.run()
    }

    /// The globals of the running function.
    pub fn current_globals(&self) -> Option<Ref<Dict>> {
        self.stack.frame().map(|f| f.function.globals.clone())
    }

    /// The locals of the running code: the namespace itself of a module or class, a new dict for a function.
    pub fn current_locals(&self) -> Option<Value> {
        self.stack.frame().map(|frame| self.locals_of(frame))
    }

    /// The locals of a frame: as [`current_locals`](Vm::current_locals).
    fn locals_of(&self, frame: &Frame) -> Value {
        let code = frame.code();
        if let Some(d) = &frame.locals {
            // The names of an inlined comprehension hide those around it while it runs.
            let hides = |i: u32| frame.register(i as u16).is_some();
            if !(0..code.data.local_count).any(hides) {
                return d.clone();
            }
        }
        let dict = Dict::new(&self.heap);
        for (i, name) in code.local_names.iter().enumerate() {
            let Some(v) = frame.register(i as u16) else { continue };
            let is_cell = code.data.cell_registers.contains(&(i as u16)) || i >= code.data.local_count as usize;
            let v = match v.downcast::<Cell>() {
                Some(c) if is_cell => match c.value.get() {
                    Some(v) => v,
                    None => continue,
                },
                _ => v.clone(),
            };
            dict.set_str(&self.heap, name, v);
        }
        // What a debugger has added through `f_locals`, of which only strs are names.
        for (key, v) in self.added_locals(frame).into_iter().flat_map(|added| added.items()) {
            if let Some(key) = key.downcast::<Str>() {
                dict.set_str(&self.heap, key, v);
            }
        }
        dict.into()
    }

    /// How many Python frames are live.
    pub fn frame_count(&self) -> usize {
        self.stack.depth()
    }

    /// A live frame, the innermost first.
    fn frame_at(&self, depth: usize) -> Option<&Frame> {
        self.stack.frames().iter().rev().nth(depth)
    }

    /// Where a frame is, the innermost being 0: its code as the monitor knows it, the offset and the line.
    pub fn frame_place(&self, depth: usize) -> Option<(Arc<Registered>, u32, Option<i32>)> {
        let frame = self.frame_at(depth)?;
        // SAFETY: the code of a live frame.
        let code = self.register_code(unsafe { &*frame.code })?;
        let offset = code.locations().get(frame.index())?.offset;
        Some((code, offset, frame.line()))
    }

    /// The locals of a frame, the innermost being 0; as [`current_locals`](Vm::current_locals).
    pub fn frame_locals(&self, depth: usize) -> Option<Value> {
        self.frame_at(depth).map(|frame| self.locals_of(frame))
    }

    /// The globals of a frame, the innermost being 0.
    pub fn frame_globals(&self, depth: usize) -> Option<Ref<Dict>> {
        self.frame_at(depth).map(|frame| frame.function.globals.clone())
    }

    /// Class and first argument of the running method, for `super()` without arguments.
    pub fn super_from_frame(&mut self) -> R<(Ref<Type>, Value)> {
        let Some(frame) = self.stack.frame() else { return Err(self.runtime_error("super(): no current frame")) };
        let code = frame.code();
        if code.data.arg_count == 0 {
            return Err(self.runtime_error("super(): no arguments"));
        }
        let first = match frame.register(0).cloned() {
            Some(v) => match v.downcast::<Cell>() {
                Some(c) if code.data.cell_registers.contains(&0) => c.value.get(),
                _ => Some(v),
            },
            None => None,
        };
        let Some(first) = first else { return Err(self.runtime_error("super(): arg[0] deleted")) };
        let start = code.local_names.len() - code.data.free_count as usize;
        let cell = code.local_names[start..]
            .iter()
            .position(|n| n.is(&self.types().names.__class__))
            .and_then(|i| frame.register((start + i) as u16).cloned());
        let Some(cell) = cell else { return Err(self.runtime_error("super(): __class__ cell not found")) };
        match cell.downcast::<Cell>().and_then(|c| c.value.get()) {
            Some(v) => match v.downcast_owned::<Type>() {
                Ok(t) => Ok((t, first)),
                Err(_) => Err(self.runtime_error("super(): __class__ is not a type")),
            },
            None => Err(self.runtime_error("super(): empty __class__ cell")),
        }
    }

    /// Keeps a code object that is replaced while it may be running (`f.__code__ = ...`).
    pub fn retire_code(&mut self, code: Ref<Code>) {
        self.retired.push(code);
    }

    /// The code of a frame, also where its function has got another meanwhile.
    pub(super) fn running_code(&self, frame: &Frame) -> Ref<Code> {
        let code = frame.function.code.get();
        if std::ptr::eq(code.as_ptr(), frame.code) {
            return code;
        }
        match &frame.generator {
            Some(g) => g.code.clone(),
            None => self.retired_code(frame.code).unwrap_or(code),
        }
    }

    /// A code object that was replaced while it ran.
    fn retired_code(&self, code: *const Gc<Code>) -> Option<Ref<Code>> {
        self.retired.iter().find(|c| std::ptr::eq(c.as_ptr(), code)).cloned()
    }
}
