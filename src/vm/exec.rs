//! The instructions that need no speed of their own, and the slow paths of those that do.

use super::instrument::original_op;
use super::registers::Registers;
use crate::code::instruction_args::function_attribute;
use crate::code::{BinaryOp, CompareOp, Op, Word};
use crate::object::cell::Mut;
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::function::{Cell, Code, Function};
use crate::object::number::BigInt;
use crate::object::sequence::{List, Slice, Tuple};
use crate::object::set::Set;
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    /// A binary operation whose operands are not both small numbers; None if a frame was entered for it.
    #[inline(never)]
    pub(super) fn slow_binary(
        &mut self,
        consts: *const Value,
        w: Word,
        op: BinaryOp,
        constant: bool,
    ) -> R<Option<Value>> {
        let regs = Registers::of(self);
        let l = regs.borrow(w.b());
        // SAFETY: the compiler's constant index is in range.
        let r = if constant { unsafe { &*consts.add(w.c() as usize) } } else { regs.borrow(w.c()) };
        let strs = match op {
            BinaryOp::Add => self.add_strs(w, r),
            _ => Ok(None),
        };
        if matches!(strs, Ok(None)) && self.enter_binary(w, op, l, r, constant) {
            return Ok(None);
        }
        let result = match strs {
            Ok(Some(v)) => Ok(v),
            Ok(None) if w.x() & 1 != 0 => self.inplace(op, &l.clone(), &r.clone()),
            Ok(None) => self.binary(op, &l.clone(), &r.clone()),
            Err(e) => Err(e),
        };
        regs.consume(self, w.b());
        if !constant {
            regs.consume(self, w.c());
        }
        // `x *= 0` of a list is the end of its items.
        if self.heap.has_pending() {
            self.run_finalizers();
        }
        result.map(Some)
    }

    /// The same with a number on the left, among the constants.
    #[inline(never)]
    pub(super) fn slow_binary_of_number(&mut self, consts: *const Value, w: Word, op: BinaryOp) -> R<Option<Value>> {
        let regs = Registers::of(self);
        // SAFETY: the compiler's constant index is in range.
        let l = unsafe { &*consts.add(w.b() as usize) };
        let result = self.binary(op, l, &regs.hold(w.c()));
        regs.consume(self, w.c());
        result.map(Some)
    }

    /// A comparison for a jump whose operands are not both small numbers; None if a frame was entered for it.
    #[inline(never)]
    pub(super) fn slow_compare(
        &mut self,
        consts: *const Value,
        w: Word,
        op: CompareOp,
        constant: bool,
    ) -> R<Option<bool>> {
        let regs = Registers::of(self);
        let l = regs.borrow(w.a());
        // SAFETY: as in `slow_binary`.
        let r = if constant { unsafe { &*consts.add(w.b() as usize) } } else { regs.borrow(w.b()) };
        // Two strs that are both interned, as constants and characters are, are equal only if they are one.
        let result = match (l.downcast::<Str>(), r.downcast::<Str>()) {
            (Some(x), Some(y)) if x.is_interned() && y.is_interned() && op == CompareOp::Eq => Ok(x.is(y)),
            _ => match self.compare_strs(op, l, r) {
                Some(holds) => Ok(holds),
                None if self.enter_compare(w, op, l, r, Some(constant)) => return Ok(None),
                None => self.compare_bool(op, &l.clone(), &r.clone()),
            },
        };
        regs.consume(self, w.a());
        if !constant {
            regs.consume(self, w.b());
        }
        result.map(Some)
    }

    /// Truth of the register of JUMP_IF_TRUE (`want`) or JUMP_IF_FALSE; None if a frame was entered for it.
    #[inline(never)]
    pub(super) fn truth_for_jump(&mut self, w: Word, want: bool) -> R<Option<bool>> {
        if self.enter_bool(w, want) {
            return Ok(None);
        }
        self.truth_of_register(w.a()).map(Some)
    }

    /// Truth of a register that is read.
    #[inline(never)]
    pub(super) fn truth_of_register(&mut self, i: u16) -> R<bool> {
        let regs = Registers::of(self);
        let result = self.truth(&regs.hold(i));
        regs.consume(self, i);
        result
    }

    /// `n` temporaries from `base`, taken.
    fn take_group(&mut self, base: u16, n: usize) -> Vec<Value> {
        (0..n as u16).map(|i| self.take_register(base + i)).collect()
    }

    /// Runs one instruction that the loop does not know itself.
    #[inline(never)]
    pub(super) fn other_instruction(&mut self, w: Word) -> R<()> {
        let op = match w.op() {
            op if op.is_instrumented() => {
                self.stack.frame().and_then(|f| original_op(f.code(), f.index())).unwrap_or(Op::NOP)
            }
            op => op,
        };
        let result = self.execute_other(op, w);
        if self.heap.has_pending() {
            self.run_finalizers();
        }
        result
    }

    fn execute_other(&mut self, op: Op, w: Word) -> R<()> {
        let (a, b, c, x) = (w.a(), w.b(), w.c(), w.x());
        match op {
            Op::MAKE_CELL => {
                let value = self.stack.frame().and_then(|f| f.register(a).cloned());
                let cell = self.heap.alloc(&self.types().cell, Cell { value: Mut::new(value) });
                self.set_register(a, cell.into());
            }
            Op::COPY_FREE_VARS => {
                let closure = self.top_function().and_then(|f| f.closure.get());
                if let Some(cells) = closure {
                    for (i, cell) in cells.iter().enumerate() {
                        self.set_register(a + i as u16, cell.clone());
                    }
                }
            }
            Op::DELETE_DEREF => {
                let cell = self.peek(a);
                let old = cell.downcast::<Cell>().and_then(|c| c.value.replace(None));
                if old.is_none() {
                    return Err(self.unbound_cell(a));
                }
                drop(old);
            }
            Op::LOAD_FROM_DICT_OR_DEREF => {
                let map = self.take_register(b);
                let name = self.stack.frame().map(|f| f.code().local_names[c as usize].clone());
                let found = match &name {
                    Some(n) => self.namespace_get(&map, n)?,
                    None => None,
                };
                let v = match found {
                    Some(v) => v,
                    None => match self.peek(c).downcast::<Cell>().and_then(|c| c.value.get()) {
                        Some(v) => v,
                        None => return Err(self.unbound_cell(c)),
                    },
                };
                self.set_register(a, v);
            }
            Op::DELETE_NAME => {
                let name = self.code_name(b);
                let removed = match self.locals_mapping() {
                    Some(map) => self.namespace_remove(&map, &name)?,
                    None => None,
                };
                if removed.is_none() {
                    return Err(self.name_error(&name));
                }
                self.dispose_opt(removed);
            }
            Op::DELETE_GLOBAL => {
                let name = self.code_name(b);
                let removed = self.top_function().and_then(|f| f.globals.remove_str(&name));
                if removed.is_none() {
                    return Err(self.name_error(&name));
                }
                self.dispose_opt(removed);
            }
            Op::LOAD_LOCALS => {
                let Some(v) = self.locals_mapping() else { return Err(self.system_error("no locals")) };
                self.set_register(a, v);
            }
            Op::LOAD_FROM_DICT_OR_GLOBALS => {
                let map = self.take_register(b);
                let name = self.code_name(c);
                let v = match self.namespace_get(&map, &name)? {
                    Some(v) => v,
                    None => self.global_or_builtin(&name)?,
                };
                self.set_register(a, v);
            }
            Op::DELETE_ATTR => {
                let o = self.take_register(a);
                let name = self.code_name(b);
                self.del_attr(&o, &name)?;
            }
            Op::LOAD_SUPER_ATTR => return self.load_super_attr(w),
            Op::DELETE_SUBSCR => {
                let o = self.take_register(a);
                let k = self.take_register(b);
                return self.del_item(&o, &k);
            }
            Op::BUILD_SLICE => {
                let regs = Registers::of(self);
                let part = |i: u16| if i < c { regs.take(b + i) } else { Value::NONE };
                let (start, stop, step) = (part(0), part(1), part(2));
                let v = self.new_slice(start, stop, step);
                self.set_register(a, v);
            }
            Op::BINARY => {
                let l = self.take_register(b);
                let r = self.take_register(c);
                let op = BinaryOp::from_u8(x & 0x7f).unwrap_or(BinaryOp::Pow);
                let v = if x & 0x80 != 0 { self.inplace(op, &l, &r)? } else { self.binary(op, &l, &r)? };
                self.set_register(a, v);
            }
            Op::NEGATIVE | Op::INVERT => {
                let v = self.take_register(b);
                let op = if op == Op::NEGATIVE { crate::code::UnaryOp::Neg } else { crate::code::UnaryOp::Invert };
                let v = self.unary(op, &v)?;
                self.set_register(a, v);
            }
            Op::BUILD_SET => {
                let items = self.take_group(b, c as usize);
                let set = Set::new(&self.heap, &self.types().set);
                for i in items {
                    self.set_add(&set, i)?;
                }
                self.set_register(a, set.into());
            }
            Op::BUILD_MAP => {
                let items = self.take_group(b, 2 * c as usize);
                let dict = Dict::new(&self.heap);
                let mut items = items.into_iter();
                while let (Some(k), Some(v)) = (items.next(), items.next()) {
                    self.dict_set(&dict, k, v)?;
                }
                self.set_register(a, dict.into());
            }
            Op::BUILD_CONST_KEY_MAP => {
                let mut items = self.take_group(b, c as usize + 1);
                let keys = items.pop().unwrap_or(Value::NONE);
                let dict = Dict::new(&self.heap);
                if let Some(keys) = keys.downcast::<Tuple>() {
                    for (k, v) in keys.iter().zip(items) {
                        self.dict_set(&dict, k.clone(), v)?;
                    }
                }
                self.set_register(a, dict.into());
            }
            Op::LIST_EXTEND => {
                let v = self.take_register(b);
                let list = self.peek(a);
                let items = match self.collect(&v) {
                    Ok(items) => items,
                    Err(e) => return Err(self.not_iterable_after_star(e, &v)),
                };
                if let Some(l) = list.downcast::<List>() {
                    l.edit(&self.heap, |v| v.extend(items));
                }
            }
            Op::SET_UPDATE => {
                let v = self.take_register(b);
                if let Ok(s) = self.peek(a).downcast_owned::<Set>() {
                    self.set_update(&s, &v)?;
                }
            }
            Op::DICT_UPDATE | Op::DICT_MERGE => {
                let v = self.take_register(b);
                if let Ok(d) = self.peek(a).downcast_owned::<Dict>() {
                    let callable = (op == Op::DICT_MERGE).then(|| self.peek(c));
                    self.dict_merge(&d, &v, callable.as_ref())?;
                }
            }
            Op::UNPACK_EX => return self.unpack_ex(a, b, x as usize, c as usize),
            Op::FORMAT_SIMPLE => {
                let v = self.take_register(b);
                let text = if v.class(&self.heap).is(&self.types().str) { v } else { self.format_plain(&v)?.into() };
                self.set_register(a, text);
            }
            Op::FORMAT_WITH_SPEC => {
                let v = self.take_register(b);
                let spec = self.take_register(c);
                let Some(spec) = spec.downcast::<Str>() else { return Err(self.system_error("a format without text")) };
                let text = self.format(&v, spec)?;
                self.set_register(a, text.into());
            }
            Op::CONVERT_VALUE => {
                let v = self.take_register(b);
                let text = match x {
                    1 => self.str(&v)?,
                    2 => self.repr(&v)?,
                    _ => self.ascii(&v)?,
                };
                self.set_register(a, text.into());
            }
            Op::INTRINSIC_1 => {
                let v = self.take_register(b);
                let v = self.intrinsic(x as u32, v)?;
                self.set_register(a, v);
            }
            Op::MAKE_FUNCTION => {
                let code = self.take_register(b);
                let globals = self.top_function().map(|f| f.globals.clone());
                let (Some(code), Some(globals)) = (code.downcast::<Code>(), globals) else {
                    return Err(self.system_error("a function without code"));
                };
                let f = self.new_function(code, &globals);
                self.set_register(a, f.into());
            }
            Op::SET_FUNCTION_ATTRIBUTE => {
                let v = self.take_register(b);
                if let Some(f) = self.peek(a).downcast::<Function>() {
                    match x as u32 {
                        function_attribute::DEFAULTS => f.defaults.set(v.downcast_owned().ok()),
                        function_attribute::KW_DEFAULTS => f.kwdefaults.set(v.downcast_owned().ok()),
                        function_attribute::ANNOTATE => {
                            f.typing.borrow_mut().get_or_insert_default().annotate = Some(v);
                        }
                        function_attribute::CLOSURE => f.closure.set(v.downcast_owned().ok()),
                        _ => {}
                    }
                }
            }
            Op::LOAD_BUILD_CLASS => {
                let name = self.types().names.__build_class__.clone();
                let builtins = self.top_function().map_or_else(|| self.builtins.clone(), |f| f.builtins.clone());
                match builtins.get_str(&name) {
                    Some(v) => self.set_register(a, v),
                    None => return Err(self.name_error_text("__build_class__ not found")),
                }
            }
            Op::LOAD_ASSERTION_ERROR => {
                let v = self.types().AssertionError.to_value();
                self.set_register(a, v);
            }
            Op::GET_YIELD_FROM_ITER => {
                let v = self.take_register(b);
                let it = self.delegation_iter(v)?;
                self.set_register(a, it);
            }
            Op::BEFORE_WITH => return self.before_with(a, b, false),
            Op::WITH_EXCEPT_START => {
                let exit = self.peek(b);
                let e = self.peek(c);
                let class = e.class(&self.heap).to_value();
                let traceback =
                    e.downcast::<Exception>().and_then(|x| x.traceback.get()).map_or(Value::NONE, |t| t.into());
                let v = self.call(&exit, &[class, e, traceback])?;
                self.set_register(a, v);
            }
            Op::PUSH_EXC_INFO => {
                let e = self.take_register(a);
                let previous = self.swap_handled(Some(e.clone()));
                self.set_register(a, previous.unwrap_or(Value::NONE));
                self.set_register(a + 1, e);
            }
            Op::POP_EXCEPT => {
                let previous = self.take_register(a);
                let old = self.swap_handled(if previous.is_none() { None } else { Some(previous) });
                self.dispose_opt(old);
            }
            Op::CHECK_EXC_MATCH => {
                let e = self.peek(b);
                let class = self.take_register(c);
                let matches = self.exception_matches(&e, &class)?;
                self.set_register(a, Value::bool(matches));
            }
            Op::RAISE => {
                let v = self.take_register(a);
                let cause = if x == 2 { Some(self.take_register(b)) } else { None };
                return Err(self.raise(&v, cause.as_ref()));
            }
            Op::CLEANUP_THROW => {
                let e = crate::vm::Exc(self.peek(a + 2));
                match self.stop_value(&e) {
                    Some(v) => {
                        drop(self.take_group(a, 3));
                        self.set_register(a, Value::NONE);
                        self.set_register(a + 1, v);
                    }
                    // The iterator stays where it is until the frame is unwound, behind the RERAISE event.
                    None => {
                        self.pending_reraise = true;
                        return Err(e);
                    }
                }
            }
            Op::IMPORT_NAME => {
                let level = self.take_register(b).as_small_int().unwrap_or(0);
                let names = self.take_register(c);
                let frame = self.stack.frame();
                // SAFETY: the word behind the instruction belongs to it.
                let index = frame.map_or(0, |f| unsafe { (*f.pc).get() as u16 });
                let name = self.code_name(index);
                if let Some(f) = self.top_function() {
                    let v = self.import_name(&name, &f.globals, &names, level.max(0) as usize)?;
                    self.set_register(a, v);
                }
            }
            Op::IMPORT_FROM => {
                let module = self.peek(b);
                let name = self.code_name(c);
                let v = self.import_from(&module, &name)?;
                self.set_register(a, v);
            }
            Op::INTRINSIC_2 => {
                let l = self.take_register(b);
                let r = self.take_register(c);
                let v = self.intrinsic_2(x as u32, l, r)?;
                self.set_register(a, v);
            }
            Op::MATCH_CLASS => {
                let group = self.take_group(b, 3);
                let v = self.match_class(&group[0], &group[1], &group[2], c as usize)?;
                self.set_register(a, v);
            }
            Op::MATCH_KEYS => {
                let (subject, keys) = (self.peek(b), self.peek(c));
                let v = self.match_keys(&subject, &keys)?;
                self.set_register(a, v);
            }
            Op::MATCH_MAPPING | Op::MATCH_SEQUENCE => {
                let flag = if op == Op::MATCH_MAPPING { type_flags::MAPPING } else { type_flags::SEQUENCE };
                let matches = self.peek(b).class(&self.heap).has(flag);
                self.set_register(a, Value::bool(matches));
            }
            Op::GET_LEN => {
                let v = self.peek(b);
                let n = self.len(&v)?;
                self.set_register(a, BigInt::from_size(&self.heap, n));
            }
            Op::BUILD_INTERPOLATION => {
                let group = self.take_group(b, 2 + (x & 1) as usize);
                let v = self.build_interpolation(group, x >> 2);
                self.set_register(a, v);
            }
            Op::BUILD_TEMPLATE => {
                let (strings, fields) = (self.take_register(b), self.take_register(c));
                let v = self.build_template(strings, fields);
                self.set_register(a, v);
            }
            Op::GET_AWAITABLE => {
                let v = self.take_register(b);
                let v = self.get_awaitable(&v, x)?;
                self.set_register(a, v);
            }
            Op::GET_AITER => {
                let v = self.take_register(b);
                let v = self.get_aiter(&v)?;
                self.set_register(a, v);
            }
            Op::GET_ANEXT => {
                let v = self.peek(b);
                let v = self.get_anext(&v)?;
                self.set_register(a, v);
            }
            Op::END_ASYNC_FOR => {
                let mut group = self.take_group(a, 2);
                let e = crate::vm::Exc(group.pop().unwrap_or(Value::NONE));
                let stop = self.types().StopAsyncIteration.clone();
                if !self.is_exception(&e, &stop) {
                    self.pending_reraise = true;
                    return Err(e);
                }
            }
            Op::BEFORE_ASYNC_WITH => return self.before_with(a, b, true),
            Op::CHECK_EG_MATCH => {
                let mut group = self.take_group(a, 2).into_iter();
                let (e, class) = (group.next().unwrap_or(Value::NONE), group.next().unwrap_or(Value::NONE));
                let (matched, rest) = self.match_group(&e, &class)?;
                if !matched.is_none() {
                    let old = self.swap_handled(Some(matched.clone()));
                    self.dispose_opt(old);
                }
                self.set_register(a, rest);
                self.set_register(a + 1, matched);
            }
            _ => return Err(self.system_error(format!("unknown instruction {}", op.name()))),
        }
        Ok(())
    }

    pub(super) fn dispose_opt(&mut self, v: Option<Value>) {
        if let Some(v) = v {
            self.dispose(v);
        }
    }

    pub(super) fn new_slice(&mut self, start: Value, stop: Value, step: Value) -> Value {
        self.heap.alloc(&self.types().slice, Slice { start, stop, step }).into()
    }

    /// Exchanges the exception that the running frame handles.
    pub(super) fn swap_handled(&mut self, e: Option<Value>) -> Option<Value> {
        match self.handled.last_mut() {
            Some(slot) => std::mem::replace(slot, e),
            None => None,
        }
    }

    pub(super) fn concat_strings(&mut self, parts: &[Value]) -> R {
        let mut points = Vec::new();
        let mut ascii = String::new();
        let mut plain = true;
        for p in parts {
            let Some(s) = p.downcast::<Str>() else { return Err(self.system_error("a part that is no str")) };
            match s.as_ascii() {
                Some(t) if plain => ascii.push_str(t),
                _ => {
                    if plain {
                        points.extend(ascii.bytes().map(u32::from));
                        plain = false;
                    }
                    points.extend(s.points());
                }
            }
        }
        let s = if plain { Str::new(&self.heap, &ascii) } else { Str::from_points(&self.heap, &points) };
        Ok(s.into())
    }

    /// The class and object of a `super()` whose operands are `super, class, self`, checked.
    pub(super) fn check_super_operands(&mut self, w: Word) -> R {
        let callable = self.peek(w.b());
        let (class, o) = (self.peek(w.b() + 1), self.peek(w.b() + 2));
        if !callable.is(self.types().super_.as_value()) {
            let args: &[Value] = if w.x() & 2 != 0 { &[class, o] } else { &[] };
            return self.call(&callable, args);
        }
        let Some(t) = class.downcast::<Type>() else {
            let got = class.class(&self.heap).name_str();
            return Err(self.type_error(format!("super() argument 1 must be a type, not {got}")));
        };
        let t = t.clone();
        if o.is_none() {
            return Ok(self.new_super(t, None));
        }
        let of = self.super_check(&t, &o)?;
        Ok(self.new_super(t, Some((o, of))))
    }

    pub(super) fn load_super_attr(&mut self, w: Word) -> R<()> {
        let name = self.code_name(w.c());
        let callable = self.peek(w.b());
        let method = w.x() & 1 != 0;
        if callable.is(self.types().super_.as_value())
            && let Ok(class) = self.peek(w.b() + 1).downcast_owned::<Type>()
        {
            let o = self.peek(w.b() + 2);
            let (v, unbound) = self.super_attr(&class, &o, &name)?;
            self.clear_registers(w.b(), w.b() + 3);
            if method {
                self.set_register(w.a(), v);
                let regs = self.frame_regs();
                // SAFETY: the register above the result; cleared or consumed before.
                unsafe { *regs.add(w.a() as usize + 1) = if unbound { o.into_bits() } else { 0 } };
            } else {
                let v = if unbound { self.new_method(&v, &o) } else { v };
                self.set_register(w.a(), v);
            }
            return Ok(());
        }
        let object = self.check_super_operands(w)?;
        self.load_super_attr_bound(w, &object)
    }

    /// The attribute of what the call of `super` gave, with a method bound to its receiver.
    pub(super) fn load_super_attr_bound(&mut self, w: Word, object: &Value) -> R<()> {
        let name = self.code_name(w.c());
        self.clear_registers(w.b(), w.b() + 3);
        let v = self.get_attr(object, &name)?;
        self.set_register(w.a(), v);
        Ok(())
    }
}
