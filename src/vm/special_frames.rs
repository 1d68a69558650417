//! Special methods of Python classes as frames of the running loop: an instruction whose operand's class has a plain
//! Python function for it enters that function, and ends when the function returns.
//!
//! Invariant: such a frame carries `frame_flags::SPECIAL` and, above the flags, its [`Then`]; the frame below stands at
//! the instruction, whose operands have moved into the function's parameters.  Where NotImplemented would have another
//! class asked ([`Then::holds_operands`]) they also lie, counted, in the two words below the frame's registers: neither
//! the function nor one that writes the locals of its caller changes them there.  An instruction one of whose sides is
//! armed enters nothing: it decides at once, and fires.

use super::registers::Registers;
use super::run::{CONSUMED, Flow};
use super::stack::frame_flags;
use crate::code::{BinaryOp, CompareOp, Word, side};
use crate::monitor::Event;
use crate::object::function::Function;
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// What becomes of the result of a special method.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Then {
    /// It is the instruction's result.
    Result,
    /// Nothing (`__setitem__`).
    Discard,
    /// Its truth is the result, inverted for `not in`.
    Contains,
    /// It must be an iterator, and is the result.
    Iter,
    /// It is the item of a FOR_ITER, which a StopIteration ends.
    Next,
    /// The result, but for NotImplemented.
    Binary(BinaryOp, Asked),
    /// The same of COMPARE.
    Compare,
    /// Its truth decides a comparison's jump, but for NotImplemented.
    CompareJump(CompareOp),
    /// The bool that it must be decides JUMP_IF_TRUE (true) or JUMP_IF_FALSE.
    Jump(bool),
    /// It is what a callback says to an event ([`super::python_callback`]).
    Callback(Event),
}

/// Which method of the left operand's class was asked.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Asked {
    Plain,
    InPlace,
}

/// Words below the registers of a frame that hold operands.
const HELD: usize = 2;

impl Then {
    pub(super) fn holds_operands(self) -> bool {
        matches!(self, Then::Binary(..) | Then::Compare | Then::CompareJump(_))
    }
}

/// The operands that lie below the registers of a frame, moved out.
///
/// # Safety
/// `regs` are the registers of a frame that [holds operands](Then::holds_operands), which are taken once.
pub(super) unsafe fn take_operands(regs: *mut u64) -> (Value, Value) {
    // SAFETY: by the caller; the words own their references.
    unsafe {
        let take = |i: usize| Value::from_bits(std::mem::replace(&mut *regs.sub(i), CONSUMED));
        (take(2), take(1))
    }
}

impl Vm {
    /// The Python function that the class of `o` has for a special method, if it takes just `count` arguments and there
    /// is room for its frame.
    #[inline]
    fn special_function(&self, o: &Value, name: &Ref<Str>, count: u32) -> Option<Ref<Function>> {
        let class = o.header()?.ty();
        if !class.has(type_flags::HEAP) {
            return None;
        }
        let f = class.lookup(name)?.downcast_owned::<Function>().ok()?;
        // SAFETY: the function holds its code; nothing replaces it here.
        let hot = unsafe { &(*(*f.code.as_ptr()).as_ptr()).data.hot };
        let room = hot.register_count as usize + HELD;
        let fits = hot.simple_args == count && self.stack.has_room(self.stack.top(), room);
        fits.then_some(f)
    }

    /// Pushes the frame of a function that `special_function` found.
    fn push_special<const N: usize>(&mut self, f: Ref<Function>, args: [Value; N], dst: u16, then: Then) {
        let base = self.stack.top();
        // SAFETY: what `special_function` saw has room.
        unsafe { self.push_special_at(base, f, args, dst, then) }
    }

    /// The same of a method with two operands, which are held for what may come after it.
    fn push_holding(&mut self, f: Ref<Function>, l: Value, r: Value, dst: u16, then: Then) {
        let base = self.stack.top();
        let args = [l.clone(), r.clone()];
        // SAFETY: as above; what is above the top frame holds no reference.
        unsafe {
            *base = l.into_bits();
            *base.add(1) = r.into_bits();
            self.push_special_at(base.add(HELD), f, args, dst, then)
        }
    }

    /// # Safety
    /// There is room for the frame and its registers at `base`, above the registers of the top frame.
    unsafe fn push_special_at<const N: usize>(
        &mut self,
        base: *mut u64,
        f: Ref<Function>,
        args: [Value; N],
        dst: u16,
        then: Then,
    ) {
        // SAFETY: by the caller; what is there holds no reference; the function keeps its code alive.
        unsafe {
            let code = (*f.code.as_ptr()).as_ptr();
            let hot = &(*code).data.hot;
            for (i, v) in args.into_iter().enumerate() {
                *base.add(i) = v.into_bits();
            }
            for i in N..hot.first_temp as usize {
                *base.add(i) = 0;
            }
            let below = self.stack.frame_ptr();
            let frame = self.stack.push_call(below, f, code, base, hot.words, dst);
            (*frame).flags = frame_flags::SPECIAL;
            (*frame).then = then;
        }
    }

    /// SUBSCR of an object whose class has a `__getitem__`.
    pub(super) fn enter_getitem(&mut self, w: Word) -> bool {
        let regs = Registers::of(self);
        let Some(f) = self.special_function(regs.borrow(w.b()), &self.types().names.__getitem__, 2) else {
            return false;
        };
        let args = [regs.take(w.b()), regs.take(w.c())];
        self.push_special(f, args, w.a(), Then::Result);
        true
    }

    /// STORE_SUBSCR likewise.
    pub(super) fn enter_setitem(&mut self, w: Word) -> bool {
        let regs = Registers::of(self);
        let Some(f) = self.special_function(regs.borrow(w.a()), &self.types().names.__setitem__, 3) else {
            return false;
        };
        let args = [regs.take(w.a()), regs.take(w.b()), regs.take(w.c())];
        self.push_special(f, args, 0, Then::Discard);
        true
    }

    /// CONTAINS likewise.
    pub(super) fn enter_contains(&mut self, w: Word) -> bool {
        let regs = Registers::of(self);
        let Some(f) = self.special_function(regs.borrow(w.c()), &self.types().names.__contains__, 2) else {
            return false;
        };
        let item = regs.take(w.b());
        let args = [regs.take(w.c()), item];
        self.push_special(f, args, w.a(), Then::Contains);
        true
    }

    /// GET_ITER likewise.
    pub(super) fn enter_iter(&mut self, w: Word) -> bool {
        let regs = Registers::of(self);
        let Some(f) = self.special_function(regs.borrow(w.b()), &self.types().names.__iter__, 1) else { return false };
        let args = [regs.take(w.b())];
        self.push_special(f, args, w.a(), Then::Iter);
        true
    }

    /// FOR_ITER likewise; the iterator stays.
    pub(super) fn enter_next(&mut self, w: Word) -> bool {
        let it = Registers::of(self).borrow(w.a());
        if w.x() & side::ALL != 0 {
            return false;
        }
        let Some(f) = self.special_function(it, &self.types().names.__next__, 1) else { return false };
        self.push_special(f, [it.clone()], w.b(), Then::Next);
        true
    }

    /// JUMP_IF_TRUE (`want`) or JUMP_IF_FALSE likewise.
    pub(super) fn enter_bool(&mut self, w: Word, want: bool) -> bool {
        let regs = Registers::of(self);
        if w.x() & side::ALL != 0 {
            return false;
        }
        let Some(f) = self.special_function(regs.borrow(w.a()), &self.types().names.__bool__, 1) else { return false };
        let args = [regs.take(w.a())];
        self.push_special(f, args, 0, Then::Jump(want));
        true
    }

    /// The `__enter__` or `__aenter__` of BEFORE_WITH; its result goes to `dst`.
    pub(super) fn enter_manager(&mut self, manager: &Value, name: &Ref<Str>, dst: u16) -> bool {
        let Some(f) = self.special_function(manager, name, 1) else { return false };
        self.push_special(f, [manager.clone()], dst, Then::Result);
        true
    }

    /// Whether the reflected method of the right operand goes first: its class is a subclass of the left one's.
    fn asks_right_first(&self, left: &Ref<Type>, r: &Value) -> bool {
        let right = r.class(&self.heap);
        !right.is(left) && right.has(type_flags::HEAP) && right.is_subclass(left)
    }

    /// A binary operation whose left operand's class has the method, where nobody is asked before it.
    pub(super) fn enter_binary(&mut self, w: Word, op: BinaryOp, l: &Value, r: &Value, constant: bool) -> bool {
        let regs = Registers::of(self);
        let Some(class) = l.header().map(|h| h.ty()).filter(|t| t.has(type_flags::HEAP)) else { return false };
        if self.asks_right_first(class, r) {
            return false;
        }
        let [method, _, in_place] = self.operator_names(op).clone();
        let (name, asked) = match w.x() & 1 != 0 && class.lookup(&in_place).is_some() {
            true => (in_place, Asked::InPlace),
            false => (method, Asked::Plain),
        };
        let Some(f) = self.special_function(l, &name, 2) else { return false };
        let r = if constant { r.clone() } else { regs.take(w.c()) };
        self.push_holding(f, regs.take(w.b()), r, w.a(), Then::Binary(op, asked));
        true
    }

    /// COMPARE (`jump` None) or a comparison's jump likewise.
    pub(super) fn enter_compare(&mut self, w: Word, op: CompareOp, l: &Value, r: &Value, jump: Option<bool>) -> bool {
        let Some(class) = l.header().map(|h| h.ty()).filter(|t| t.has(type_flags::HEAP)) else { return false };
        if self.asks_right_first(class, r) {
            return false;
        }
        if jump.is_some() && w.x() & side::ALL != 0 {
            return false;
        }
        let name = self.comparison_name(op);
        let Some(f) = self.special_function(l, name, 2) else { return false };
        let regs = Registers::of(self);
        let (l, r, then) = match jump {
            None => (regs.take(w.b()), regs.take(w.c()), Then::Compare),
            Some(constant) => {
                let r = if constant { r.clone() } else { regs.take(w.b()) };
                (regs.take(w.a()), r, Then::CompareJump(op))
            }
        };
        self.push_holding(f, l, r, w.a(), then);
        true
    }

    /// A special method has returned `v`: the instruction at which the top frame stands ends.  `regs` were the registers
    /// of the method's frame.
    pub(super) fn end_special(&mut self, v: Value, then: Then, dst: u16, regs: *mut u64) -> R<Flow> {
        let frame = self.stack.frame_ptr();
        // SAFETY: by the module's invariant the top frame is that of the instruction, behind whose word it stands.
        let w = Word(unsafe { (*(*frame).pc.sub(1)).get() });
        match then {
            Then::Callback(event) => return self.end_callback(v, event),
            Then::Result | Then::Next => self.set_register(dst, v),
            Then::Discard => self.dispose(v),
            Then::Contains => {
                let found = self.truth(&v)?;
                self.set_register(dst, Value::bool(found != (w.x() != 0)));
            }
            Then::Iter => {
                let it = self.checked_iterator(v)?;
                self.set_register(dst, it);
            }
            Then::Binary(op, asked) => {
                // SAFETY: the method's frame held them.
                let (l, r) = unsafe { take_operands(regs) };
                let v = match (v.is_not_implemented(), asked) {
                    (false, _) => v,
                    (true, Asked::InPlace) => self.binary_after_inplace(op, &l, &r)?,
                    (true, Asked::Plain) => self.binary_after_left(op, &l, &r, w.x() & 1 != 0)?,
                };
                self.dispose(l);
                self.dispose(r);
                self.set_register(dst, v);
            }
            Then::Compare => {
                // SAFETY: as above.
                let (l, r) = unsafe { take_operands(regs) };
                let mut v = v;
                if v.is_not_implemented() {
                    let op = CompareOp::from_u8(w.x() & 15).unwrap_or(CompareOp::Eq);
                    v = self.compare_after_left(op, &l, &r)?;
                }
                if w.x() & 16 != 0 {
                    v = Value::bool(self.truth(&v)?);
                }
                self.dispose(l);
                self.dispose(r);
                self.set_register(dst, v);
            }
            Then::CompareJump(op) => {
                // SAFETY: as above.
                let (l, r) = unsafe { take_operands(regs) };
                let mut v = v;
                if v.is_not_implemented() {
                    v = self.compare_after_left(op, &l, &r)?;
                }
                let holds = self.truth(&v)?;
                self.dispose(l);
                self.dispose(r);
                if holds == (w.x() & 1 != 0) {
                    self.take_short_jump(w);
                }
            }
            Then::Jump(want) => {
                let truth = self.checked_bool(&v)?;
                if truth == want {
                    // SAFETY: as above; the distance was made by the assembler.
                    unsafe { (*frame).pc = (*frame).pc.offset(w.bc() as i32 as isize) };
                }
            }
        }
        Ok(Flow::Reload)
    }

    /// The top frame, which stands behind the word of a jump, goes where that leads.
    pub(super) fn take_short_jump(&mut self, w: Word) {
        let frame = self.stack.frame_ptr();
        // SAFETY: the frame's code holds the words; the distance was made by the assembler, a far one lies in the word
        // behind.
        unsafe {
            let pc = (*frame).pc;
            (*frame).pc = match w.c() as i16 {
                0 => pc.offset(1 + Word((*pc).get()).bc() as i32 as isize),
                near => pc.offset(near as isize),
            };
        }
    }
}
