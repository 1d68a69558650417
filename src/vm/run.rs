//! The loop: fetch, dispatch, and the handlers that must be fast.  What is not, is a call out of line.

use std::ptr::NonNull;
use std::sync::atomic::Ordering;

use super::instrument::Instrumented;
use super::operate::{Next, next_simple};
use super::stack::Frame;
use super::tagged::{are_flonums, exact_quotient, floor_div, floor_mod, quotient, shift_left, shift_right};
use super::unwind::Origin;
use crate::code::{BinaryOp, CompareOp, Op, Word, side};
use crate::object::function::{Cell as CellObject, Function};
use crate::object::generator::Generator;
use crate::object::header::{Gc, Header, Kind, Ref};
use crate::object::heap::Heap;
use crate::object::iter::Iter;
use crate::object::sequence::List;
use crate::object::value::{Value, decode_flonum, encode_flonum};
use crate::vm::{Exc, R, Vm};

/// Frees the object of a word whose last reference has been given up.
#[cold]
#[inline(never)]
pub(super) fn free_word(vm: &mut Vm, word: u64) {
    // SAFETY: the count is 0, and the register that owned the word has been overwritten.
    unsafe { Heap::release(NonNull::new_unchecked(word as *mut Header)) };
    if vm.heap.has_pending() {
        vm.run_finalizers();
    }
}

/// Gives up what a register held, if that was a reference.  Out of line: registers that are written again mostly hold
/// immediates (a consumed temporary is left with None for that).
#[inline(never)]
pub(super) fn drop_register(vm: &mut Vm, word: u64) {
    if word != 0 {
        release_word(vm, word);
    }
}

/// The word that a consumed temporary is left with.
pub(super) const CONSUMED: u64 = crate::object::value::NONE_BITS;

/// Gives up one counted reference of a heap word quickly where others remain.
#[inline(always)]
pub(super) fn release_word(vm: &mut Vm, word: u64) {
    // SAFETY: heap words are live pointers; the reference was owned by the register.
    if unsafe { (*(word as *const Header)).give_up() } {
        free_word(vm, word);
    }
}

#[inline(always)]
pub(super) fn is_heap_word(w: u64) -> bool {
    w & 7 == 0 && w != 0
}

/// What a handler that leaves the fast path says.
pub(super) enum Flow {
    /// Go on with the next instruction of the frame that is on top now.
    Reload,
    /// The entry frame returned.
    Return(Value),
}

impl Vm {
    /// Runs the top frame (flagged ENTRY) until it returns or raises out.
    // `out!` loads more again than every handler needs.
    #[allow(unused_assignments)]
    pub(super) fn run(&mut self) -> R {
        let mut frame: *mut Frame = self.stack.frame_ptr();
        // SAFETY (whole function): `frame` is the top frame, which lives until this function pops it; `regs` are its
        // registers and `pc` points to an instruction of its code; the verifier's rule that operands name registers
        // below `register_count` is kept by the compiler, the only maker of code.
        let (mut pc, mut regs, mut consts) = unsafe { ((*frame).pc, (*frame).regs, (*(*frame).code).data.hot.consts) };

        // Nothing but `self` lives across a call: what handlers need afterwards is loaded again from the frame, so that
        // the fast paths keep it in registers.
        macro_rules! reload {
            () => {{
                frame = self.stack.frame_ptr();
                unsafe {
                    pc = (*frame).pc;
                    regs = (*frame).regs;
                    consts = (*(*frame).code).data.hot.consts;
                }
            }};
        }
        macro_rules! save {
            () => {
                unsafe { (*frame).pc = pc }
            };
        }
        // A call out of line.
        macro_rules! out {
            ($call:expr) => {{
                save!();
                let result = $call;
                reload!();
                result
            }};
        }
        // The instruction before `pc`: its operands, whatever its opcode is now.  Each handler reads it for itself, from
        // memory: read once in front of the dispatch it would have to be kept across it, on the native stack.
        macro_rules! this {
            () => {
                Word(unsafe { std::ptr::read_volatile(pc.sub(1) as *const u64) })
            };
        }
        macro_rules! reg {
            ($i:expr) => {
                *unsafe { &mut *regs.add($i as usize) }
            };
        }
        macro_rules! set {
            ($i:expr, $bits:expr) => {{
                let i = $i as usize;
                let bits: u64 = $bits;
                let p = unsafe { regs.add(i) };
                let old = unsafe { *p };
                unsafe { *p = bits };
                if old & 7 == 0 {
                    out!(drop_register(self, old));
                }
            }};
        }
        // Gives up a counted reference; the last one takes the long way.
        macro_rules! release {
            ($word:expr) => {{
                let word: u64 = $word;
                if unsafe { (*(word as *const Header)).give_up() } {
                    out!(free_word(self, word));
                }
            }};
        }
        macro_rules! konst {
            ($i:expr) => {
                unsafe { (*consts.add($i as usize)).bits() }
            };
        }
        // The kind of a value's word; that of no object for an immediate.
        macro_rules! kind_of {
            ($word:expr) => {{
                let word: u64 = $word;
                if word & 7 == 0 { unsafe { (*(word as *const Header)).kind() } } else { Kind::Free }
            }};
        }
        // A register as a borrowed value; it must be bound.
        macro_rules! val {
            ($i:expr) => {
                unsafe { &*(regs.add($i as usize) as *const Value) }
            };
        }
        // Counts a reference more to a value.
        macro_rules! clone_word {
            ($w:expr) => {{
                let w: u64 = $w;
                debug_assert!(w != 0, "an unbound register is read");
                if w & 7 == 0 {
                    unsafe { &*(w as *const Header) }.increment();
                }
                w
            }};
        }
        macro_rules! first_temp {
            () => {
                unsafe { (*(*frame).code).data.hot.first_temp }
            };
        }
        // Takes a temporary, clones a local.
        macro_rules! take {
            ($i:expr) => {{
                let i = $i;
                let w = reg!(i);
                if i >= first_temp!() {
                    reg!(i) = CONSUMED;
                    w
                } else {
                    clone_word!(w)
                }
            }};
        }
        macro_rules! owned {
            ($word:expr) => {{
                let word: u64 = $word;
                unsafe { Value::from_bits(word) }
            }};
        }
        macro_rules! jump {
            ($distance:expr) => {{
                let distance = $distance as isize;
                pc = unsafe { pc.offset(distance) }
            }};
        }
        macro_rules! short_jump {
            ($w:expr) => {{
                let d = $w.c() as i16;
                if d != 0 {
                    jump!(d);
                } else {
                    let ext = Word(unsafe { (*pc).get() });
                    jump!(1 + ext.bc() as i32);
                }
            }};
        }
        macro_rules! poll {
            ($error:lifetime) => {
                if unsafe { (*self.breaker).load(Ordering::Relaxed) } != 0
                    && let Err(e) = out!(self.poll())
                {
                    break $error e;
                }
            };
        }

        'run: loop {
            let mut op = unsafe { (*pc).get() as u8 };
            pc = unsafe { pc.add(1) };
            let error: Exc = 'error: loop {
                'next: {
                    // Out of line: the result goes into register a.
                    macro_rules! slow {
                        ($call:expr) => {
                            match out!($call) {
                                Ok(v) => {
                                    let v: Value = v;
                                    set!(this!().a(), v.into_bits());
                                }
                                Err(e) => break 'error e,
                            }
                        };
                    }
                    // The same where a frame may have been entered instead, which gives the result later.
                    macro_rules! slow_or_enter {
                        ($call:expr) => {
                            match out!($call) {
                                Ok(Some(v)) => set!(this!().a(), v.into_bits()),
                                Ok(None) => {}
                                Err(e) => break 'error e,
                            }
                        };
                    }
                    // Out of line, without a result.
                    macro_rules! done {
                        ($call:expr) => {
                            if let Err(e) = out!($call) {
                                break 'error e;
                            }
                        };
                    }
                    macro_rules! flow {
                        ($call:expr) => {{
                            save!();
                            follow!($call)
                        }};
                    }
                    macro_rules! follow {
                        ($flow:expr) => {
                            match $flow {
                                Ok(Flow::Reload) => reload!(),
                                Ok(Flow::Return(v)) => return Ok(v),
                                Err(e) => break 'error e,
                            }
                        };
                    }
                    // Leaves the frame with the word of its result.
                    macro_rules! leave {
                        ($v:expr) => {{
                            let v: u64 = $v;
                            if unsafe { (*frame).flags } == 0 {
                                for i in 0..first_temp!() as usize {
                                    // Immediates may stay: nothing above the top frame needs dropping.
                                    let word = reg!(i);
                                    if word & 7 == 0 {
                                        std::hint::cold_path();
                                        if word != 0 {
                                            reg!(i) = CONSUMED;
                                            // SAFETY: the register owned the reference.
                                            if unsafe { (*(word as *const Header)).give_up() } {
                                                // What runs when it dies must not find the frame: it goes first.
                                                flow!(self.return_dying(word, v));
                                                break 'next;
                                            }
                                        }
                                    }
                                }
                                let dst = unsafe { (*frame).dst };
                                let (function, below) = unsafe { self.stack.pop_call(frame) };
                                frame = below;
                                unsafe {
                                    pc = (*frame).pc;
                                    regs = (*frame).regs;
                                    consts = (*(*frame).code).data.hot.consts;
                                }
                                set!(dst, v);
                                release!(function);
                            } else {
                                flow!(self.return_value(v))
                            }
                        }};
                    }
                    macro_rules! arith {
                        ($lhs:ident, $rhs:ident, $slow:expr, |$x:ident, $y:ident| $int:expr, |$f:ident, $g:ident| $float:expr) => {{
                            let w = this!();
                            let l: u64 = $lhs!(w.b());
                            let r: u64 = $rhs!(w.c());
                            if l & r & 1 == 1 {
                                let ($x, $y) = (l as i64, r as i64);
                                if let Some(bits) = $int {
                                    set!(w.a(), bits as u64);
                                    break 'next;
                                }
                            } else if are_flonums(l, r) {
                                let ($f, $g) = (decode_flonum(l), decode_flonum(r));
                                if let Some(bits) = $float {
                                    set!(w.a(), bits);
                                    break 'next;
                                }
                            }
                            slow_or_enter!($slow(self, w))
                        }};
                    }
                    macro_rules! binary {
                        ($name:ident, |$x:ident, $y:ident| $int:expr, |$f:ident, $g:ident| $float:expr) => {
                            arith!(
                                reg,
                                reg,
                                |vm: &mut Vm, w| vm.slow_binary(consts, w, BinaryOp::$name, false),
                                |$x, $y| $int,
                                |$f, $g| $float
                            )
                        };
                    }
                    macro_rules! binary_k {
                        ($name:ident, |$x:ident, $y:ident| $int:expr, |$f:ident, $g:ident| $float:expr) => {
                            arith!(
                                reg,
                                konst,
                                |vm: &mut Vm, w| vm.slow_binary(consts, w, BinaryOp::$name, true),
                                |$x, $y| $int,
                                |$f, $g| $float
                            )
                        };
                    }
                    macro_rules! k_binary {
                        ($name:ident, |$x:ident, $y:ident| $int:expr, |$f:ident, $g:ident| $float:expr) => {
                            arith!(
                                konst,
                                reg,
                                |vm: &mut Vm, w| vm.slow_binary_of_number(consts, w, BinaryOp::$name),
                                |$x, $y| $int,
                                |$f, $g| $float
                            )
                        };
                    }
                    // Behind an armed branch's decision, in front of its jump: the event of the side that is taken.
                    macro_rules! fire_side {
                        (plain, $taken:expr) => {};
                        (armed, $taken:expr) => {
                            if $taken {
                                if this!().x() & side::TAKEN != 0 {
                                    done!(self.fire_right());
                                }
                            } else if this!().x() & side::NOT_TAKEN != 0 {
                                done!(self.fire_left());
                            }
                        };
                        // The jump back to a loop's body, which is the left side.
                        (loop_end, $taken:expr) => {
                            if $taken {
                                if this!().x() & side::TAKEN != 0 {
                                    match out!(self.fire_loop_back()) {
                                        Ok(false) => {}
                                        Ok(true) => break 'next,
                                        Err(e) => break 'error e,
                                    }
                                }
                            } else if this!().x() & side::NOT_TAKEN != 0 {
                                done!(self.fire_right());
                            }
                        };
                    }
                    macro_rules! armed_compare_jump {
                        ($name:ident, $rhs:ident, $constant:literal, $poll:literal, |$x:ident, $y:ident| $cond:expr) => {{
                            let w = this!();
                            let l = reg!(w.a());
                            let r: u64 = $rhs!(w.b());
                            let holds = if l & r & 1 == 1 {
                                let ($x, $y) = (l as i64, r as i64);
                                $cond
                            } else if are_flonums(l, r) {
                                let ($x, $y) = (decode_flonum(l), decode_flonum(r));
                                $cond
                            } else {
                                match out!(self.slow_compare(consts, w, CompareOp::$name, $constant)) {
                                    Ok(Some(b)) => b,
                                    Ok(None) => break 'next,
                                    Err(e) => break 'error e,
                                }
                            };
                            let taken = holds == (this!().x() & 1 != 0);
                            if $poll {
                                fire_side!(loop_end, taken);
                            } else {
                                fire_side!(armed, taken);
                            }
                            if taken {
                                let w = this!();
                                short_jump!(w);
                                if $poll {
                                    poll!('error);
                                }
                            }
                        }};
                    }
                    macro_rules! compare_jump {
                    ($name:ident, $rhs:ident, $constant:literal, $poll:literal, |$x:ident, $y:ident| $cond:expr) => {{
                        let w = this!();
                        let l = reg!(w.a());
                        let r: u64 = $rhs!(w.b());
                        if l & r & 1 == 1 {
                            let ($x, $y) = (l as i64, r as i64);
                            if ($cond) == (w.x() & 1 != 0) {
                                short_jump!(w);
                                if $poll {
                                    poll!('error);
                                }
                            }
                            break 'next;
                        }
                        let holds = if are_flonums(l, r) {
                            let ($x, $y) = (decode_flonum(l), decode_flonum(r));
                            $cond
                        } else {
                            match out!(self.slow_compare(consts, w, CompareOp::$name, $constant)) {
                                Ok(Some(b)) => b,
                                Ok(None) => break 'next,
                                Err(e) => break 'error e,
                            }
                        };
                        let w = this!();
                        if holds == (w.x() & 1 != 0) {
                            short_jump!(w);
                            if $poll {
                                poll!('error);
                            }
                        }
                    }};
                }
                    // Pushes the frame of a Python function whose arguments begin at `a + first`, if they need no binding.
                    macro_rules! enter {
                        ($w:ident, $callee:ident, $first:literal) => {{
                            let function = $callee as *const Gc<Function>;
                            let code = unsafe { (*(*function).data.code.as_ptr()).as_ptr() };
                            let hot = unsafe { &(*code).data.hot };
                            let count = $w.b() as u32 + (2 - $first);
                            let base = unsafe { regs.add($w.a() as usize + $first) };
                            if hot.simple_args == count
                                && self.stack.has_room_above(frame, base, hot.register_count as usize)
                            {
                                save!();
                                for i in count as usize..hot.first_temp as usize {
                                    unsafe { *base.add(i) = 0 };
                                }
                                // The callable moves from its register into the frame.
                                reg!($w.a()) = CONSUMED;
                                pc = hot.words;
                                consts = hot.consts;
                                regs = base;
                                // A plain RESUME has nothing to do when nothing is due: begin behind it.
                                let due = unsafe { (*self.breaker).load(Ordering::Relaxed) };
                                let changes = unsafe { (*self.change_count).load(Ordering::Relaxed) };
                                if due == 0 && unsafe { (*code).data.entry_version() } == changes {
                                    pc = unsafe { pc.add(1) };
                                }
                                let function = unsafe { Ref::from_raw(NonNull::new_unchecked(function as *mut _)) };
                                frame = unsafe { self.stack.push_call(frame, function, code, base, pc, $w.c()) };
                                break 'next;
                            }
                        }};
                    }
                    macro_rules! jump_if {
                        ($want:literal, $form:ident) => {{
                            let w = this!();
                            let v = val!(w.a());
                            let truth = if let Some(b) = v.as_bool() {
                                b
                            } else if let Some(i) = v.as_small_int() {
                                i != 0
                            } else {
                                match out!(self.truth_for_jump(w, $want)) {
                                    Ok(Some(b)) => b,
                                    Ok(None) => break 'next,
                                    Err(e) => break 'error e,
                                }
                            };
                            fire_side!($form, truth == $want);
                            if truth == $want {
                                jump!(this!().bc() as i32);
                            }
                        }};
                    }
                    macro_rules! jump_if_none {
                        ($want:literal, $form:ident) => {{
                            let w = this!();
                            let bits = take!(w.a());
                            let is_none = bits == Value::NONE.into_bits();
                            if is_heap_word(bits) {
                                release!(bits);
                            }
                            fire_side!($form, is_none == $want);
                            if is_none == $want {
                                jump!(this!().bc() as i32);
                            }
                        }};
                    }
                    // A global or built-in name by its cache, where `may_be_cached`.
                    macro_rules! load_global {
                        ($slow:ident, $may_be_cached:expr) => {{
                            let w = this!();
                            let versions = unsafe { (*pc).get() };
                            let function = unsafe { &(*frame).function };
                            let globals = function.globals.known_keys_version() as u64;
                            if (versions == globals
                                || versions == globals | (function.builtins.known_keys_version() as u64) << 32)
                                && $may_be_cached
                            {
                                let bits = clone_word!(unsafe { *((*pc.add(1)).get() as *const u64) });
                                pc = unsafe { pc.add(2) };
                                set!(w.a(), bits);
                                break 'next;
                            }
                            match out!(self.$slow(w.b(), pc)) {
                                Ok(v) => {
                                    let w = this!();
                                    pc = unsafe { pc.add(2) };
                                    set!(w.a(), v.into_bits());
                                }
                                Err(e) => break 'error e,
                            }
                        }};
                    }
                    macro_rules! store_global {
                        ($slow:ident, $may_be_cached:expr) => {{
                            let w = this!();
                            let globals = unsafe { &(*frame).function }.globals.known_keys_version();
                            if unsafe { (*pc).get() } == globals as u64 && $may_be_cached {
                                let v = take!(w.a());
                                let place = unsafe { &mut *((*pc.add(1)).get() as *mut u64) };
                                let old = std::mem::replace(place, v);
                                pc = unsafe { pc.add(2) };
                                if old & 7 == 0 {
                                    release!(old);
                                }
                                break 'next;
                            }
                            done!(self.$slow(w, pc));
                            pc = unsafe { pc.add(2) };
                        }};
                    }
                    // SAFETY: words at instruction boundaries hold opcodes of the table.
                    match unsafe { std::mem::transmute::<u8, Op>(op) } {
                        // One arm for all, so that what is watched costs the loop one call out of line.
                        Op::INSTRUMENTED
                        | Op::INSTRUMENTED_LINE
                        | Op::INSTRUMENTED_INSTRUCTION
                        | Op::INSTRUMENTED_START
                        | Op::INSTRUMENTED_RETURN
                        | Op::INSTRUMENTED_JUMP
                        | Op::INSTRUMENTED_CALL
                        | Op::INSTRUMENTED_GO_ON => {
                            let w = this!();
                            save!();
                            let next = self.instrumented(w);
                            if let Instrumented::Run(original) = next {
                                reload!();
                                op = original as u8;
                                continue 'error;
                            }
                            if matches!(next, Instrumented::Outcome) {
                                // The frame may be gone.
                                follow!(self.take_outcome())
                            } else {
                                reload!()
                            }
                        }
                        Op::NOP | Op::EXT | Op::EDGE_LINE => {}
                        Op::RESUME => {
                            let armed = unsafe { (*(*frame).code).data.armed_version() };
                            if armed != unsafe { (*self.change_count).load(Ordering::Relaxed) }
                                && out!(self.renew_frame())
                            {
                                // The entry itself may be armed now.
                                pc = unsafe { pc.sub(1) };
                                break 'next;
                            }
                            // After the renewal, because a poll renews as well and nobody would look at the entry again.
                            poll!('error);
                        }
                        Op::MOVE => {
                            let w = this!();
                            let bits = take!(w.b());
                            set!(w.a(), bits);
                        }
                        Op::MOVE_CLEAR => {
                            let w = this!();
                            let bits = reg!(w.b());
                            reg!(w.b()) = 0;
                            set!(w.a(), bits);
                        }
                        Op::COPY => {
                            let w = this!();
                            let bits = reg!(w.b());
                            if is_heap_word(bits) {
                                unsafe { (*(bits as *const Header)).increment() };
                            }
                            set!(w.a(), bits);
                        }
                        Op::LOAD_NULL => {
                            let w = this!();
                            set!(w.a(), 0);
                        }
                        Op::SWAP => {
                            let w = this!();
                            unsafe { std::ptr::swap(regs.add(w.a() as usize), regs.add(w.b() as usize)) }
                        }
                        Op::CLEAR => {
                            let w = this!();
                            set!(w.a(), 0);
                        }
                        Op::LOAD_CONST => {
                            let w = this!();
                            let bits = clone_word!(konst!(w.bc()));
                            set!(w.a(), bits);
                        }
                        Op::CHECK_BOUND => {
                            let w = this!();
                            if reg!(w.a()) == 0 {
                                save!();
                                break 'error self.unbound_local(w.a());
                            }
                        }
                        Op::DELETE_LOCAL => {
                            let w = this!();
                            if reg!(w.a()) == 0 {
                                save!();
                                break 'error self.unbound_local(w.a());
                            }
                            set!(w.a(), 0);
                        }
                        Op::LOAD_DEREF => {
                            let w = this!();
                            let value = val!(w.b()).downcast::<CellObject>().and_then(|c| c.value.get());
                            match value {
                                Some(v) => set!(w.a(), v.into_bits()),
                                None => {
                                    save!();
                                    break 'error self.unbound_cell(w.b());
                                }
                            }
                        }
                        Op::STORE_DEREF => {
                            let w = this!();
                            let v = owned!(take!(w.b()));
                            if let Some(c) = val!(w.a()).downcast::<CellObject>()
                                && let Some(old) = c.value.replace(Some(v))
                            {
                                out!(self.dispose(old));
                            }
                        }
                        Op::LOAD_GLOBAL => load_global!(load_global, true),
                        Op::LOAD_NAME => load_global!(load_name, unsafe { (*frame).is_module() }),
                        Op::STORE_GLOBAL => store_global!(store_global, true),
                        Op::STORE_NAME => store_global!(store_name, unsafe { (*frame).is_module() }),
                        Op::LOAD_ATTR => {
                            let w = this!();
                            if let Some(v) = self.cached_attr(val!(w.b()), pc) {
                                let owner = if w.b() >= first_temp!() {
                                    std::mem::replace(&mut reg!(w.b()), CONSUMED)
                                } else {
                                    0
                                };
                                pc = unsafe { pc.add(2) };
                                set!(w.a(), v.into_bits());
                                if owner != 0 {
                                    release!(owner);
                                }
                                break 'next;
                            }
                            match out!(self.load_attr_register(w, pc)) {
                                Ok(None) => {}
                                Ok(Some(v)) => {
                                    let w = this!();
                                    pc = unsafe { pc.add(2) };
                                    set!(w.a(), v.into_bits());
                                }
                                Err(e) => break 'error e,
                            }
                        }
                        Op::LOAD_METHOD => {
                            let w = this!();
                            if let Some(f) = self.cached_method(val!(w.b()), pc) {
                                let receiver = take!(w.b());
                                pc = unsafe { pc.add(3) };
                                set!(w.a(), f.into_bits());
                                set!(w.a() + 1, receiver);
                                break 'next;
                            }
                            match out!(self.load_method_register(w, pc)) {
                                Ok((f, receiver)) => {
                                    let a = this!().a();
                                    pc = unsafe { pc.add(3) };
                                    set!(a, f.into_bits());
                                    set!(a + 1, receiver.map_or(0, Value::into_bits));
                                }
                                Err(e) => break 'error e,
                            }
                        }
                        Op::STORE_ATTR => {
                            let w = this!();
                            if let Some(slot) = self.cached_store(val!(w.a()), pc) {
                                let v = take!(w.b());
                                let old = std::mem::replace(unsafe { &mut *slot }, v);
                                pc = unsafe { pc.add(3) };
                                let owner = if w.a() >= first_temp!() {
                                    std::mem::replace(&mut reg!(w.a()), CONSUMED)
                                } else {
                                    CONSUMED
                                };
                                if old & 7 == 0 {
                                    release!(old);
                                }
                                if owner & 7 == 0 {
                                    release!(owner);
                                }
                                break 'next;
                            }
                            if let Err(e) = out!(self.store_attr_register(w, pc)) {
                                break 'error e;
                            }
                            pc = unsafe { pc.add(3) };
                        }
                        Op::SUBSCR => {
                            let w = this!();
                            if let Some(v) = self.index_sequence(val!(w.b()), val!(w.c())) {
                                let owner = if w.b() >= first_temp!() {
                                    std::mem::replace(&mut reg!(w.b()), CONSUMED)
                                } else {
                                    CONSUMED
                                };
                                set!(w.a(), v.into_bits());
                                if owner & 7 == 0 {
                                    release!(owner);
                                }
                                break 'next;
                            }
                            slow_or_enter!(self.subscr_registers(w))
                        }
                        Op::STORE_SUBSCR => {
                            let w = this!();
                            if let Some(place) = self.list_place(val!(w.a()), val!(w.b())) {
                                let v = take!(w.c());
                                let old = std::mem::replace(unsafe { &mut *place }, v);
                                let owner = if w.a() >= first_temp!() {
                                    std::mem::replace(&mut reg!(w.a()), CONSUMED)
                                } else {
                                    CONSUMED
                                };
                                if old & 7 == 0 {
                                    release!(old);
                                }
                                if owner & 7 == 0 {
                                    release!(owner);
                                }
                                break 'next;
                            }
                            done!(self.store_subscr_registers(this!()))
                        }
                        Op::SLICE_LOAD => {
                            let w = this!();
                            slow!(self.slice_load_registers(w))
                        }
                        Op::GET_ITER => {
                            let w = this!();
                            slow_or_enter!(self.iter_registers(w))
                        }
                        Op::SLICE_STORE => done!(self.slice_store_registers(this!())),
                        Op::SET_ADD => done!(self.set_add_registers(this!())),
                        Op::MAP_ADD => done!(self.map_add_registers(this!())),
                        Op::COMPARE => {
                            let w = this!();
                            let (l, r) = (reg!(w.b()), reg!(w.c()));
                            if l & r & 1 == 1 {
                                let (l, r) = (l as i64, r as i64);
                                // Less, equal, greater; the table has the answers of `CompareOp` by its number.
                                let order = (l < r) as u32 | ((l == r) as u32) << 1 | ((l > r) as u32) << 2;
                                let holds = 0o645_231 >> (3 * (w.x() & 7) as u32) & order != 0;
                                set!(w.a(), Value::bool(holds).bits());
                                break 'next;
                            }
                            slow_or_enter!(self.compare_registers(w))
                        }
                        Op::CONTAINS => {
                            let w = this!();
                            slow_or_enter!(self.contains_registers(w))
                        }
                        Op::TO_BOOL => {
                            let w = this!();
                            let v = val!(w.b());
                            let truth = if v.as_bool().is_some() {
                                v.bits()
                            } else if let Some(i) = v.as_small_int() {
                                Value::bool(i != 0).bits()
                            } else {
                                match out!(self.truth_of_register(w.b())) {
                                    Ok(b) => Value::bool(b).bits(),
                                    Err(e) => break 'error e,
                                }
                            };
                            set!(this!().a(), truth);
                        }
                        Op::BUILD_TUPLE => {
                            let w = this!();
                            let v = out!(self.build_tuple(w));
                            set!(this!().a(), v.into_bits());
                        }
                        Op::BUILD_LIST => {
                            let w = this!();
                            let v = out!(self.build_list(w));
                            set!(this!().a(), v.into_bits());
                        }
                        Op::BUILD_STRING => {
                            let w = this!();
                            slow!(self.build_string(w))
                        }
                        Op::UNPACK_SEQUENCE => {
                            done!(self.unpack_registers(this!()))
                        }
                        Op::ADD => binary!(Add, |x, y| (x - 1).checked_add(y), |f, g| encode_flonum(f + g)),
                        Op::ADD_K => binary_k!(Add, |x, y| (x - 1).checked_add(y), |f, g| encode_flonum(f + g)),
                        Op::K_ADD => k_binary!(Add, |x, y| (x - 1).checked_add(y), |f, g| encode_flonum(f + g)),
                        Op::SUB => binary!(Sub, |x, y| x.checked_sub(y - 1), |f, g| encode_flonum(f - g)),
                        Op::SUB_K => binary_k!(Sub, |x, y| x.checked_sub(y - 1), |f, g| encode_flonum(f - g)),
                        Op::K_SUB => k_binary!(Sub, |x, y| x.checked_sub(y - 1), |f, g| encode_flonum(f - g)),
                        Op::MUL => {
                            binary!(Mul, |x, y| (x - 1).checked_mul(y >> 1).map(|p| p + 1), |f, g| encode_flonum(f * g))
                        }
                        Op::MUL_K => {
                            binary_k!(Mul, |x, y| (x - 1).checked_mul(y >> 1).map(|p| p + 1), |f, g| encode_flonum(
                                f * g
                            ))
                        }
                        Op::K_MUL => {
                            k_binary!(Mul, |x, y| (x - 1).checked_mul(y >> 1).map(|p| p + 1), |f, g| encode_flonum(
                                f * g
                            ))
                        }
                        Op::TRUEDIV => binary!(TrueDiv, |x, y| exact_quotient(x >> 1, y >> 1), |f, g| quotient(f, g)),
                        Op::TRUEDIV_K => {
                            binary_k!(TrueDiv, |x, y| exact_quotient(x >> 1, y >> 1), |f, g| quotient(f, g))
                        }
                        Op::K_TRUEDIV => {
                            k_binary!(TrueDiv, |x, y| exact_quotient(x >> 1, y >> 1), |f, g| quotient(f, g))
                        }
                        Op::FLOORDIV => binary!(FloorDiv, |x, y| floor_div(x >> 1, y >> 1), |_f, _g| None),
                        Op::FLOORDIV_K => binary_k!(FloorDiv, |x, y| floor_div(x >> 1, y >> 1), |_f, _g| None),
                        Op::MOD => binary!(Mod, |x, y| floor_mod(x >> 1, y >> 1), |_f, _g| None),
                        Op::MOD_K => binary_k!(Mod, |x, y| floor_mod(x >> 1, y >> 1), |_f, _g| None),
                        Op::AND => binary!(And, |x, y| Some(x & y), |_f, _g| None),
                        Op::AND_K => binary_k!(And, |x, y| Some(x & y), |_f, _g| None),
                        Op::OR => binary!(Or, |x, y| Some(x | y), |_f, _g| None),
                        Op::OR_K => binary_k!(Or, |x, y| Some(x | y), |_f, _g| None),
                        Op::XOR => binary!(Xor, |x, y| Some((x ^ y) | 1), |_f, _g| None),
                        Op::XOR_K => binary_k!(Xor, |x, y| Some((x ^ y) | 1), |_f, _g| None),
                        Op::LSHIFT => binary!(LShift, |x, y| shift_left(x, y >> 1), |_f, _g| None),
                        Op::LSHIFT_K => binary_k!(LShift, |x, y| shift_left(x, y >> 1), |_f, _g| None),
                        Op::RSHIFT => binary!(RShift, |x, y| shift_right(x, y >> 1), |_f, _g| None),
                        Op::RSHIFT_K => binary_k!(RShift, |x, y| shift_right(x, y >> 1), |_f, _g| None),
                        Op::IS => {
                            let w = this!();
                            let same = reg!(w.b()) == reg!(w.c());
                            let (l, r) = (take!(w.b()), take!(w.c()));
                            set!(w.a(), Value::bool(same != (w.x() != 0)).into_bits());
                            for word in [l, r] {
                                if is_heap_word(word) {
                                    release!(word);
                                }
                            }
                        }
                        Op::NOT => {
                            let w = this!();
                            let v = val!(w.b());
                            if let Some(b) = v.as_bool() {
                                set!(w.a(), Value::bool(!b).into_bits());
                            } else {
                                slow!(self.truth_of_register(w.b()).map(|b| Value::bool(!b)))
                            }
                        }
                        Op::LIST_APPEND => {
                            let w = this!();
                            let v = owned!(take!(w.b()));
                            if let Some(l) = val!(w.a()).downcast::<List>()
                                && l.push(&self.heap, v).is_err()
                            {
                                break 'error out!(self.memory_error());
                            }
                        }
                        Op::CALL => {
                            let w = this!();
                            let callee = reg!(w.a());
                            match kind_of!(callee) {
                                Kind::Function => {
                                    // A `self` in front of the arguments makes one more.
                                    if w.x() != 0 || reg!(w.a() + 1) == 0 {
                                        enter!(w, callee, 2);
                                    } else {
                                        enter!(w, callee, 1);
                                    }
                                }
                                Kind::Native => {
                                    match out!(self.call_native_registers(regs, w)) {
                                        Ok(Some(v)) => set!(this!().c(), v.into_bits()),
                                        Ok(None) => {}
                                        Err(e) => break 'error e,
                                    }
                                    break 'next;
                                }
                                _ => {}
                            }
                            flow!(self.call_registers(w, None))
                        }
                        Op::CALL_KW => {
                            let w = this!();
                            let names = unsafe { (*pc).get() } as usize;
                            pc = unsafe { pc.add(1) };
                            flow!(self.call_registers(w, Some(names)))
                        }
                        Op::CALL_EX => {
                            let w = this!();
                            flow!(self.call_ex(w))
                        }
                        Op::RETURN => {
                            let w = this!();
                            let a = w.a();
                            let v = std::mem::replace(&mut reg!(a), CONSUMED);
                            leave!(v)
                        }
                        Op::RETURN_CONST => {
                            let w = this!();
                            let v = clone_word!(konst!(w.bc()));
                            leave!(v)
                        }
                        Op::FOR_ITER => {
                            let w = this!();
                            let it = reg!(w.a());
                            // The commonest iterators, without leaving the loop.
                            match kind_of!(it) {
                                Kind::Iter => {
                                    if let Some(v) =
                                        next_simple(&self.heap, unsafe { &(*(it as *const Gc<Iter>)).data })
                                    {
                                        set!(w.b(), v.into_bits());
                                        break 'next;
                                    }
                                }
                                Kind::Generator
                                    if Vm::is_resumable(
                                        unsafe { &(*(it as *const Gc<Generator>)).data },
                                        Value::NONE.bits(),
                                    ) =>
                                {
                                    if let Err(e) = out!(self.resume_next(w)) {
                                        break 'error e;
                                    }
                                    break 'next;
                                }
                                _ => {}
                            }
                            let behind = Word(unsafe { (*pc).get() });
                            match out!(self.advance_iterator(w, behind)) {
                                Ok(Next::Item) => {}
                                Ok(Next::Unpacked) => pc = unsafe { pc.add(1) },
                                Ok(Next::Entered) => {}
                                Ok(Next::Exhausted) => {
                                    set!(this!().a(), CONSUMED);
                                    let w = this!();
                                    short_jump!(w);
                                }
                                Err(e) => break 'error e,
                            }
                            // A far jump's EXT word runs as NOP.
                        }
                        Op::JUMP | Op::JUMP_SILENT => {
                            let w = this!();
                            jump!(w.bc() as i32);
                        }
                        Op::JUMP_BACK => {
                            let w = this!();
                            jump!(w.bc() as i32);
                            poll!('error);
                        }
                        Op::JUMP_IF_FALSE => jump_if!(false, plain),
                        Op::JUMP_IF_TRUE => jump_if!(true, plain),
                        Op::JUMP_IF_NONE => jump_if_none!(true, plain),
                        Op::JUMP_IF_NOT_NONE => jump_if_none!(false, plain),
                        Op::JUMP_LT => compare_jump!(Lt, reg, false, false, |x, y| x < y),
                        Op::JUMP_LE => compare_jump!(Le, reg, false, false, |x, y| x <= y),
                        Op::JUMP_EQ => compare_jump!(Eq, reg, false, false, |x, y| x == y),
                        Op::JUMP_NE => compare_jump!(Ne, reg, false, false, |x, y| x != y),
                        Op::JUMP_GT => compare_jump!(Gt, reg, false, false, |x, y| x > y),
                        Op::JUMP_GE => compare_jump!(Ge, reg, false, false, |x, y| x >= y),
                        Op::JUMP_LT_K => compare_jump!(Lt, konst, true, false, |x, y| x < y),
                        Op::JUMP_LE_K => compare_jump!(Le, konst, true, false, |x, y| x <= y),
                        Op::JUMP_EQ_K => compare_jump!(Eq, konst, true, false, |x, y| x == y),
                        Op::JUMP_NE_K => compare_jump!(Ne, konst, true, false, |x, y| x != y),
                        Op::JUMP_GT_K => compare_jump!(Gt, konst, true, false, |x, y| x > y),
                        Op::JUMP_GE_K => compare_jump!(Ge, konst, true, false, |x, y| x >= y),
                        Op::LOOP_LT => compare_jump!(Lt, reg, false, true, |x, y| x < y),
                        Op::LOOP_LE => compare_jump!(Le, reg, false, true, |x, y| x <= y),
                        Op::LOOP_EQ => compare_jump!(Eq, reg, false, true, |x, y| x == y),
                        Op::LOOP_NE => compare_jump!(Ne, reg, false, true, |x, y| x != y),
                        Op::LOOP_GT => compare_jump!(Gt, reg, false, true, |x, y| x > y),
                        Op::LOOP_GE => compare_jump!(Ge, reg, false, true, |x, y| x >= y),
                        Op::LOOP_LT_K => compare_jump!(Lt, konst, true, true, |x, y| x < y),
                        Op::LOOP_LE_K => compare_jump!(Le, konst, true, true, |x, y| x <= y),
                        Op::LOOP_EQ_K => compare_jump!(Eq, konst, true, true, |x, y| x == y),
                        Op::LOOP_NE_K => compare_jump!(Ne, konst, true, true, |x, y| x != y),
                        Op::LOOP_GT_K => compare_jump!(Gt, konst, true, true, |x, y| x > y),
                        Op::LOOP_GE_K => compare_jump!(Ge, konst, true, true, |x, y| x >= y),
                        Op::ARMED_FOR_ITER => {
                            let w = this!();
                            let it = reg!(w.a());
                            let item_armed = w.x() & side::NOT_TAKEN != 0;
                            match kind_of!(it) {
                                Kind::Iter => {
                                    if let Some(v) =
                                        next_simple(&self.heap, unsafe { &(*(it as *const Gc<Iter>)).data })
                                    {
                                        set!(w.b(), v.into_bits());
                                        fire_side!(armed, false);
                                        break 'next;
                                    }
                                }
                                // Where the loop itself resumes it, nobody fires for its items; its end does fire.
                                Kind::Generator
                                    if !item_armed
                                        && Vm::is_resumable(
                                            unsafe { &(*(it as *const Gc<Generator>)).data },
                                            Value::NONE.bits(),
                                        ) =>
                                {
                                    done!(self.resume_next(w));
                                    break 'next;
                                }
                                _ => {}
                            }
                            // A pair that is stored at once would be there before the event.
                            let behind = if item_armed { Word(0) } else { Word(unsafe { (*pc).get() }) };
                            match out!(self.advance_iterator(w, behind)) {
                                Ok(Next::Item) => fire_side!(armed, false),
                                Ok(Next::Unpacked) => pc = unsafe { pc.add(1) },
                                Ok(Next::Entered) => {}
                                Ok(Next::Exhausted) => {
                                    set!(this!().a(), CONSUMED);
                                    fire_side!(armed, true);
                                    let w = this!();
                                    short_jump!(w);
                                }
                                Err(e) => break 'error e,
                            }
                        }
                        Op::ARMED_JUMP_IF_FALSE => jump_if!(false, armed),
                        Op::ARMED_JUMP_IF_TRUE => jump_if!(true, armed),
                        Op::ARMED_JUMP_IF_NONE => jump_if_none!(true, armed),
                        Op::ARMED_JUMP_IF_NOT_NONE => jump_if_none!(false, armed),
                        Op::ARMED_JUMP_LT => armed_compare_jump!(Lt, reg, false, false, |x, y| x < y),
                        Op::ARMED_JUMP_LE => armed_compare_jump!(Le, reg, false, false, |x, y| x <= y),
                        Op::ARMED_JUMP_EQ => armed_compare_jump!(Eq, reg, false, false, |x, y| x == y),
                        Op::ARMED_JUMP_NE => armed_compare_jump!(Ne, reg, false, false, |x, y| x != y),
                        Op::ARMED_JUMP_GT => armed_compare_jump!(Gt, reg, false, false, |x, y| x > y),
                        Op::ARMED_JUMP_GE => armed_compare_jump!(Ge, reg, false, false, |x, y| x >= y),
                        Op::ARMED_JUMP_LT_K => armed_compare_jump!(Lt, konst, true, false, |x, y| x < y),
                        Op::ARMED_JUMP_LE_K => armed_compare_jump!(Le, konst, true, false, |x, y| x <= y),
                        Op::ARMED_JUMP_EQ_K => armed_compare_jump!(Eq, konst, true, false, |x, y| x == y),
                        Op::ARMED_JUMP_NE_K => armed_compare_jump!(Ne, konst, true, false, |x, y| x != y),
                        Op::ARMED_JUMP_GT_K => armed_compare_jump!(Gt, konst, true, false, |x, y| x > y),
                        Op::ARMED_JUMP_GE_K => armed_compare_jump!(Ge, konst, true, false, |x, y| x >= y),
                        Op::ARMED_LOOP_LT => armed_compare_jump!(Lt, reg, false, true, |x, y| x < y),
                        Op::ARMED_LOOP_LE => armed_compare_jump!(Le, reg, false, true, |x, y| x <= y),
                        Op::ARMED_LOOP_EQ => armed_compare_jump!(Eq, reg, false, true, |x, y| x == y),
                        Op::ARMED_LOOP_NE => armed_compare_jump!(Ne, reg, false, true, |x, y| x != y),
                        Op::ARMED_LOOP_GT => armed_compare_jump!(Gt, reg, false, true, |x, y| x > y),
                        Op::ARMED_LOOP_GE => armed_compare_jump!(Ge, reg, false, true, |x, y| x >= y),
                        Op::ARMED_LOOP_LT_K => armed_compare_jump!(Lt, konst, true, true, |x, y| x < y),
                        Op::ARMED_LOOP_LE_K => armed_compare_jump!(Le, konst, true, true, |x, y| x <= y),
                        Op::ARMED_LOOP_EQ_K => armed_compare_jump!(Eq, konst, true, true, |x, y| x == y),
                        Op::ARMED_LOOP_NE_K => armed_compare_jump!(Ne, konst, true, true, |x, y| x != y),
                        Op::ARMED_LOOP_GT_K => armed_compare_jump!(Gt, konst, true, true, |x, y| x > y),
                        Op::ARMED_LOOP_GE_K => armed_compare_jump!(Ge, konst, true, true, |x, y| x >= y),
                        Op::YIELD => {
                            let w = this!();
                            flow!(self.yield_value(w))
                        }
                        Op::RETURN_GENERATOR => flow!(self.return_generator()),
                        Op::SEND => {
                            let w = this!();
                            let it = reg!(w.a());
                            if kind_of!(it) == Kind::Generator
                                && Vm::is_resumable(unsafe { &(*(it as *const Gc<Generator>)).data }, reg!(w.a() + 1))
                            {
                                if let Err(e) = out!(self.resume_send(w)) {
                                    break 'error e;
                                }
                                break 'next;
                            }
                            match out!(self.send(w.a())) {
                                Ok(true) => {}
                                Ok(false) => {
                                    let w = this!();
                                    short_jump!(w);
                                }
                                Err(e) => break 'error e,
                            }
                        }
                        Op::RERAISE => {
                            let w = this!();
                            save!();
                            let e = owned!(take!(w.a()));
                            match self.unwind(Exc(e), Origin::Reraised) {
                                Ok(()) => {
                                    reload!();
                                    continue 'run;
                                }
                                Err(e) => return Err(e),
                            }
                        }
                        Op::RAISE if this!().x() == 0 => {
                            save!();
                            match self.reraise_handled() {
                                Ok(e) => match self.unwind(e, Origin::Reraised) {
                                    Ok(()) => {
                                        reload!();
                                        continue 'run;
                                    }
                                    Err(e) => return Err(e),
                                },
                                Err(e) => break 'error e,
                            }
                        }
                        Op::IMPORT_NAME => {
                            done!(self.other_instruction(this!()));
                            pc = unsafe { pc.add(Op::IMPORT_NAME.extra_words()) };
                        }
                        // The rest needs no speed: one call out of line each.
                        // All others, by name: with a wildcard the compiler would have to check the range of the opcode.
                        Op::MAKE_CELL
                        | Op::COPY_FREE_VARS
                        | Op::DELETE_DEREF
                        | Op::LOAD_FROM_DICT_OR_DEREF
                        | Op::DELETE_NAME
                        | Op::DELETE_GLOBAL
                        | Op::LOAD_LOCALS
                        | Op::LOAD_FROM_DICT_OR_GLOBALS
                        | Op::DELETE_ATTR
                        | Op::LOAD_SUPER_ATTR
                        | Op::DELETE_SUBSCR
                        | Op::BUILD_SLICE
                        | Op::BINARY
                        | Op::NEGATIVE
                        | Op::INVERT
                        | Op::BUILD_SET
                        | Op::BUILD_MAP
                        | Op::BUILD_CONST_KEY_MAP
                        | Op::LIST_EXTEND
                        | Op::SET_UPDATE
                        | Op::DICT_UPDATE
                        | Op::DICT_MERGE
                        | Op::UNPACK_EX
                        | Op::FORMAT_SIMPLE
                        | Op::FORMAT_WITH_SPEC
                        | Op::CONVERT_VALUE
                        | Op::INTRINSIC_1
                        | Op::MAKE_FUNCTION
                        | Op::SET_FUNCTION_ATTRIBUTE
                        | Op::LOAD_BUILD_CLASS
                        | Op::LOAD_ASSERTION_ERROR
                        | Op::CLEANUP_THROW
                        | Op::GET_YIELD_FROM_ITER
                        | Op::BEFORE_WITH
                        | Op::WITH_EXCEPT_START
                        | Op::PUSH_EXC_INFO
                        | Op::POP_EXCEPT
                        | Op::CHECK_EXC_MATCH
                        | Op::RAISE
                        | Op::INTRINSIC_2
                        | Op::BUILD_INTERPOLATION
                        | Op::BUILD_TEMPLATE
                        | Op::MATCH_CLASS
                        | Op::MATCH_KEYS
                        | Op::MATCH_MAPPING
                        | Op::MATCH_SEQUENCE
                        | Op::GET_LEN
                        | Op::GET_AWAITABLE
                        | Op::GET_AITER
                        | Op::GET_ANEXT
                        | Op::END_ASYNC_FOR
                        | Op::BEFORE_ASYNC_WITH
                        | Op::CHECK_EG_MATCH
                        | Op::IMPORT_FROM => {
                            done!(self.other_instruction(this!()));
                        }
                    }
                }
                op = unsafe { (*pc).get() as u8 };
                pc = unsafe { pc.add(1) };
            };
            // An instruction raised.
            let origin = Origin::of_raise(std::mem::take(&mut self.pending_reraise));
            match self.unwind(error, origin) {
                Ok(()) => reload!(),
                Err(e) => return Err(e),
            }
        }
    }
}
