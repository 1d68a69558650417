//! Instruction selection: one stack instruction, and those after it that it fuses with.

use super::{Lowering, Rest, Slot, Unsupported};
use crate::code::constant::Const;
use crate::code::{BinaryOp, CompareOp, Op as R, Word};
use crate::compile::ir::{self, Instr, Op};

/// The operators of `BINARY_OP`, by CPython's number.
const BINARY: [BinaryOp; 13] = [
    BinaryOp::Add,
    BinaryOp::And,
    BinaryOp::FloorDiv,
    BinaryOp::LShift,
    BinaryOp::MatMul,
    BinaryOp::Mul,
    BinaryOp::Mod,
    BinaryOp::Or,
    BinaryOp::Pow,
    BinaryOp::RShift,
    BinaryOp::Sub,
    BinaryOp::TrueDiv,
    BinaryOp::Xor,
];

/// The instruction of an operator, and its form with a constant on the right.
fn binary_forms(op: BinaryOp) -> Option<(R, R)> {
    Some(match op {
        BinaryOp::Add => (R::ADD, R::ADD_K),
        BinaryOp::Sub => (R::SUB, R::SUB_K),
        BinaryOp::Mul => (R::MUL, R::MUL_K),
        BinaryOp::TrueDiv => (R::TRUEDIV, R::TRUEDIV_K),
        BinaryOp::FloorDiv => (R::FLOORDIV, R::FLOORDIV_K),
        BinaryOp::Mod => (R::MOD, R::MOD_K),
        BinaryOp::And => (R::AND, R::AND_K),
        BinaryOp::Or => (R::OR, R::OR_K),
        BinaryOp::Xor => (R::XOR, R::XOR_K),
        BinaryOp::LShift => (R::LSHIFT, R::LSHIFT_K),
        BinaryOp::RShift => (R::RSHIFT, R::RSHIFT_K),
        BinaryOp::MatMul | BinaryOp::Pow => return None,
    })
}

/// The form of an operator with a number on the left.
fn left_constant_form(op: BinaryOp) -> Option<R> {
    Some(match op {
        BinaryOp::Add => R::K_ADD,
        BinaryOp::Sub => R::K_SUB,
        BinaryOp::Mul => R::K_MUL,
        BinaryOp::TrueDiv => R::K_TRUEDIV,
        _ => return None,
    })
}

/// Jump, jump with constant, loop, loop with constant.
fn compare_forms(op: CompareOp) -> [R; 4] {
    match op {
        CompareOp::Lt => [R::JUMP_LT, R::JUMP_LT_K, R::LOOP_LT, R::LOOP_LT_K],
        CompareOp::Le => [R::JUMP_LE, R::JUMP_LE_K, R::LOOP_LE, R::LOOP_LE_K],
        CompareOp::Eq => [R::JUMP_EQ, R::JUMP_EQ_K, R::LOOP_EQ, R::LOOP_EQ_K],
        CompareOp::Ne => [R::JUMP_NE, R::JUMP_NE_K, R::LOOP_NE, R::LOOP_NE_K],
        CompareOp::Gt => [R::JUMP_GT, R::JUMP_GT_K, R::LOOP_GT, R::LOOP_GT_K],
        CompareOp::Ge => [R::JUMP_GE, R::JUMP_GE_K, R::LOOP_GE, R::LOOP_GE_K],
    }
}

impl Lowering<'_> {
    /// Lowers `i`; returns how many of the instructions after it are done with it.
    pub(super) fn instruction(&mut self, i: Instr, rest: Rest) -> Result<usize, Unsupported> {
        if self.lines.must_flush(i.op, i.loc) {
            self.flush_line();
        }
        self.loc = i.loc;
        self.except = i.except;
        self.lines.touch(i.op, i.arg, i.loc);
        if let Some(h) = i.except {
            self.canonicalize(0, (h.depth as usize).min(self.stack.len()));
            self.note_handler_entry(h);
        }
        let n = i.arg as usize;
        let len = self.stack.len();
        match i.op {
            Op::NOP
            | Op::END_FOR
            | Op::PUSH_NULL
            | Op::LOAD_CONST
            | Op::LOAD_FAST
            | Op::LOAD_FAST_CHECK
            | Op::SWAP
            | Op::POP_TOP
            | Op::COPY => {
                return self.stack_only(i, rest);
            }
            Op::RESUME => {
                self.op(R::RESUME, (i.arg & 3) as u8, 0, 0, 0);
            }
            Op::RETURN_GENERATOR => {
                self.op(R::RETURN_GENERATOR, 0, 0, 0, 0);
                self.stack.push(Slot::Null);
            }
            Op::STORE_FAST | Op::STORE_FAST_MAYBE_NULL => {
                let local = i.arg as u16;
                self.save_local(local);
                match self.pop() {
                    Slot::Local(l) if l == local => {}
                    Slot::Null => {
                        self.op(R::LOAD_NULL, 0, local, 0, 0);
                    }
                    Slot::Temp(t) if i.op == Op::STORE_FAST_MAYBE_NULL => {
                        self.op(R::MOVE_CLEAR, 0, local, t, 0);
                    }
                    slot => {
                        let w = self.load_word(slot, local);
                        self.emit(w);
                    }
                }
            }
            Op::LOAD_FAST_AND_CLEAR => {
                self.save_local(i.arg as u16);
                let d = self.push_temp();
                self.op(R::MOVE_CLEAR, 0, d, i.arg as u16, 0);
            }
            Op::DELETE_FAST => {
                self.save_local(i.arg as u16);
                self.op(R::DELETE_LOCAL, 0, i.arg as u16, 0, 0);
            }
            Op::MAKE_CELL => {
                let r = self.cell_register(i.arg);
                self.op(R::MAKE_CELL, 0, r, 0, 0);
            }
            Op::COPY_FREE_VARS => {
                let first = self.cell_register(self.unit.cellvars.len() as u32);
                self.op(R::COPY_FREE_VARS, 0, first, i.arg as u16, 0);
            }
            Op::LOAD_CLOSURE => {
                let r = self.cell_register(i.arg);
                let d = self.push_temp();
                self.op(R::COPY, 0, d, r, 0);
            }
            Op::LOAD_DEREF => {
                let r = self.cell_register(i.arg);
                return Ok(self.result(rest, |l, d| l.op(R::LOAD_DEREF, 0, d, r, 0)));
            }
            Op::STORE_DEREF => {
                let cell = self.cell_register(i.arg);
                let v = self.pop_register();
                self.op(R::STORE_DEREF, 0, cell, v, 0);
            }
            Op::DELETE_DEREF => {
                let cell = self.cell_register(i.arg);
                self.op(R::DELETE_DEREF, 0, cell, 0, 0);
            }
            Op::LOAD_FROM_DICT_OR_DEREF => {
                let cell = self.cell_register(i.arg);
                let map = self.pop_register();
                return Ok(self.result(rest, |l, d| l.op(R::LOAD_FROM_DICT_OR_DEREF, 0, d, map, cell)));
            }
            Op::LOAD_NAME => return Ok(self.result(rest, |l, d| l.op(R::LOAD_NAME, 0, d, n as u16, 0))),
            Op::STORE_NAME | Op::STORE_GLOBAL => {
                let v = self.pop_register();
                let op = if i.op == Op::STORE_NAME { R::STORE_NAME } else { R::STORE_GLOBAL };
                self.op(op, 0, v, n as u16, 0);
            }
            Op::DELETE_NAME => {
                self.op(R::DELETE_NAME, 0, 0, n as u16, 0);
            }
            Op::DELETE_GLOBAL => {
                self.op(R::DELETE_GLOBAL, 0, 0, n as u16, 0);
            }
            Op::LOAD_GLOBAL => {
                let name = (i.arg >> 1) as u16;
                if i.arg & 1 == 0 {
                    return Ok(self.result(rest, |l, d| l.op(R::LOAD_GLOBAL, 0, d, name, 0)));
                }
                let d = self.push_temp();
                self.op(R::LOAD_GLOBAL, 0, d, name, 0);
                self.stack.push(Slot::Null);
            }
            Op::LOAD_FROM_DICT_OR_GLOBALS => {
                let map = self.pop_register();
                return Ok(self.result(rest, |l, d| l.op(R::LOAD_FROM_DICT_OR_GLOBALS, 0, d, map, n as u16)));
            }
            Op::LOAD_LOCALS => return Ok(self.result(rest, |l, d| l.op(R::LOAD_LOCALS, 0, d, 0, 0))),
            Op::LOAD_ATTR => {
                let name = (i.arg >> 1) as u16;
                if i.arg & 1 == 0 {
                    let owner = self.pop_register();
                    return Ok(self.result(rest, |l, d| l.op(R::LOAD_ATTR, 0, d, owner, name)));
                }
                let (owner, base) = self.pop_to_canonical(2);
                self.op(R::LOAD_METHOD, 0, base, owner, name);
            }
            Op::STORE_ATTR => {
                let owner = self.pop_register();
                let v = self.pop_register();
                self.op(R::STORE_ATTR, 0, owner, v, n as u16);
            }
            Op::DELETE_ATTR => {
                let owner = self.pop_register();
                self.op(R::DELETE_ATTR, 0, owner, n as u16, 0);
            }
            Op::LOAD_SUPER_ATTR => {
                let b = self.pop_group(3);
                let count = 1 + (i.arg & 1) as usize;
                let a = self.push_canonical(count);
                self.op(R::LOAD_SUPER_ATTR, (i.arg & 3) as u8, a, b, (i.arg >> 2) as u16);
            }
            Op::BINARY_SUBSCR => {
                let (o, k) = self.pop_pair();
                return Ok(self.result(rest, |l, d| l.op(R::SUBSCR, 0, d, o, k)));
            }
            Op::STORE_SUBSCR => {
                let (o, k) = self.pop_pair();
                let v = self.pop_register();
                self.op(R::STORE_SUBSCR, 0, o, k, v);
            }
            Op::DELETE_SUBSCR => {
                let (o, k) = self.pop_pair();
                self.op(R::DELETE_SUBSCR, 0, o, k, 0);
            }
            Op::BINARY_SLICE => {
                let b = self.pop_group(3);
                return Ok(self.result(rest, |l, d| l.op(R::SLICE_LOAD, 0, d, b, 0)));
            }
            Op::STORE_SLICE => {
                let b = self.pop_group(4);
                self.op(R::SLICE_STORE, 0, b, 0, 0);
            }
            Op::BUILD_SLICE => return Ok(self.build(rest, R::BUILD_SLICE, n, n)),
            Op::BUILD_TUPLE => return Ok(self.build(rest, R::BUILD_TUPLE, n, n)),
            Op::BUILD_LIST => return Ok(self.build(rest, R::BUILD_LIST, n, n)),
            Op::BUILD_SET => return Ok(self.build(rest, R::BUILD_SET, n, n)),
            Op::BUILD_STRING => return Ok(self.build(rest, R::BUILD_STRING, n, n)),
            Op::BUILD_MAP => return Ok(self.build(rest, R::BUILD_MAP, 2 * n, n)),
            Op::BUILD_CONST_KEY_MAP => return Ok(self.build(rest, R::BUILD_CONST_KEY_MAP, n + 1, n)),
            Op::UNARY_NEGATIVE => return Ok(self.unary(rest, R::NEGATIVE)),
            Op::UNARY_INVERT => return Ok(self.unary(rest, R::INVERT)),
            Op::UNARY_NOT => return Ok(self.unary(rest, R::NOT)),
            Op::TO_BOOL => {
                // The jump or `not` that follows takes any value.
                let next = rest.first();
                if next.is_some_and(|x| {
                    matches!(x.op, Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE | Op::UNARY_NOT)
                        && x.loc.line == i.loc.line
                        && x.except == i.except
                }) {
                    return Ok(0);
                }
                return Ok(self.unary(rest, R::TO_BOOL));
            }
            Op::BINARY_OP => return Ok(self.binary(i, rest)),
            Op::COMPARE_OP => return Ok(self.compare(i, rest)),
            Op::CONTAINS_OP => {
                let (a, b) = self.pop_pair();
                return Ok(self.result(rest, |l, d| l.op(R::CONTAINS, n as u8, d, a, b)));
            }
            Op::IS_OP => {
                let (a, b) = self.pop_pair();
                return Ok(self.result(rest, |l, d| l.op(R::IS, n as u8, d, a, b)));
            }
            Op::LIST_APPEND | Op::SET_ADD | Op::LIST_EXTEND | Op::SET_UPDATE | Op::DICT_UPDATE => {
                let v = self.pop_register();
                let target = self.peek_register(n);
                let op = match i.op {
                    Op::LIST_APPEND => R::LIST_APPEND,
                    Op::SET_ADD => R::SET_ADD,
                    Op::LIST_EXTEND => R::LIST_EXTEND,
                    Op::SET_UPDATE => R::SET_UPDATE,
                    _ => R::DICT_UPDATE,
                };
                self.op(op, 0, target, v, 0);
            }
            Op::DICT_MERGE => {
                let v = self.pop_register();
                let target = self.peek_register(n);
                // `callable NULL args dict`: the callable is named in the message.
                let callable = self.peek_register(n + 3);
                self.op(R::DICT_MERGE, 0, target, v, callable);
            }
            Op::MAP_ADD => {
                let (k, v) = self.pop_pair();
                let target = self.peek_register(n);
                self.op(R::MAP_ADD, 0, target, k, v);
            }
            Op::UNPACK_SEQUENCE => {
                let (v, base) = self.pop_to_canonical(n);
                self.op(R::UNPACK_SEQUENCE, 0, base, v, n as u16);
            }
            Op::UNPACK_EX => {
                let (v, base) = self.pop_to_canonical((n & 255) + 1 + (n >> 8));
                self.op(R::UNPACK_EX, (n & 255) as u8, base, v, (n >> 8) as u16);
            }
            Op::FORMAT_SIMPLE => return Ok(self.unary(rest, R::FORMAT_SIMPLE)),
            Op::FORMAT_WITH_SPEC => {
                let (v, spec) = self.pop_pair();
                return Ok(self.result(rest, |l, d| l.op(R::FORMAT_WITH_SPEC, 0, d, v, spec)));
            }
            Op::CONVERT_VALUE => {
                let v = self.pop_register();
                return Ok(self.result(rest, |l, d| l.op(R::CONVERT_VALUE, n as u8, d, v, 0)));
            }
            Op::CALL => {
                // A callee's registers begin at its arguments: nothing that lives may lie above them.
                self.canonicalize_all();
                let no_self = self.stack[len - n - 1] == Slot::Null;
                let base = self.pop_call(n + 2);
                return Ok(self.result(rest, |l, d| l.op(R::CALL, no_self as u8, base, n as u16, d)));
            }
            Op::CALL_KW => {
                let Slot::Const(names) = self.pop() else {
                    unreachable!("the names of keyword arguments are a constant")
                };
                let no_self = self.stack[len - 1 - n - 1] == Slot::Null;
                let base = self.pop_call(n + 2);
                return Ok(self.result(rest, |l, d| {
                    let at = l.op(R::CALL_KW, no_self as u8, base, n as u16, d);
                    l.set_extra(at, 1, names as u64);
                    at
                }));
            }
            Op::CALL_FUNCTION_EX => {
                let base = self.pop_group(3 + (n & 1));
                return Ok(self.result(rest, |l, d| l.op(R::CALL_EX, (n & 1) as u8, base, 0, d)));
            }
            Op::CALL_INTRINSIC_1 => {
                let v = self.pop_register();
                return Ok(self.result(rest, |l, d| l.op(R::INTRINSIC_1, n as u8, d, v, 0)));
            }
            Op::MAKE_FUNCTION => return Ok(self.unary(rest, R::MAKE_FUNCTION)),
            Op::SET_FUNCTION_ATTRIBUTE => {
                let function = self.pop();
                let v = self.pop_register();
                self.stack.push(function);
                let f = self.materialize(self.stack.len() - 1);
                self.op(R::SET_FUNCTION_ATTRIBUTE, n as u8, f, v, 0);
            }
            Op::LOAD_BUILD_CLASS => {
                let d = self.push_temp();
                self.op(R::LOAD_BUILD_CLASS, 0, d, 0, 0);
            }
            Op::LOAD_ASSERTION_ERROR => {
                let d = self.push_temp();
                self.op(R::LOAD_ASSERTION_ERROR, 0, d, 0, 0);
            }
            Op::RETURN_VALUE => {
                let v = self.pop_register();
                self.op(R::RETURN, 0, v, 0, 0);
            }
            Op::RETURN_CONST => {
                self.emit(Word::long(R::RETURN_CONST, 0, 0, i.arg));
            }
            Op::YIELD_VALUE => {
                let v = self.pop_register();
                let alone = rest.first().is_some_and(|r| r.op == Op::RESUME && r.arg & 4 != 0);
                let x = (i.arg & 1) as u8 | (alone as u8) << 1;
                let d = self.push_temp();
                self.op(R::YIELD, x, d, v, 0);
            }
            Op::SEND => {
                self.canonicalize_all();
                let base = self.canonical(len - 2);
                if let Some(target) = i.target {
                    self.jump(Word::new(R::SEND, 0, base, 0, 0), target, false);
                }
            }
            Op::END_SEND => {
                let value = self.pop();
                let receiver = self.pop_register();
                let w = self.load_word(value, receiver);
                self.stack.push(Slot::Temp(receiver));
                self.emit(w);
            }
            Op::CLEANUP_THROW => {
                let base = self.pop_group(3);
                self.push_canonical(2);
                self.op(R::CLEANUP_THROW, 0, base, 0, 0);
            }
            Op::GET_ITER => {
                let v = self.pop_register();
                let d = self.push_temp();
                self.op(R::GET_ITER, 0, d, v, 0);
            }
            Op::GET_YIELD_FROM_ITER => {
                let v = self.pop_register();
                let d = self.push_temp();
                self.op(R::GET_YIELD_FROM_ITER, 0, d, v, 0);
            }
            Op::BEFORE_WITH => {
                let (v, base) = self.pop_to_canonical(2);
                self.op(R::BEFORE_WITH, 0, base, v, 0);
            }
            Op::WITH_EXCEPT_START => {
                let exit = self.peek_register(4);
                let exception = self.peek_register(1);
                let d = self.push_temp();
                self.op(R::WITH_EXCEPT_START, 0, d, exit, exception);
            }
            Op::FOR_ITER => return Ok(self.for_iter(i)),
            Op::JUMP | Op::JUMP_NO_INTERRUPT => {
                self.canonicalize_all();
                if let Some(target) = i.target {
                    let op = match i.op {
                        Op::JUMP if self.is_backward(target) => R::JUMP_BACK,
                        Op::JUMP => R::JUMP,
                        _ => R::JUMP_SILENT,
                    };
                    self.jump(Word::long(op, 0, 0, 0), target, true);
                }
            }
            Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE | Op::POP_JUMP_IF_NONE | Op::POP_JUMP_IF_NOT_NONE => {
                self.canonicalize(0, len - 1);
                let v = self.pop_register();
                let op = match i.op {
                    Op::POP_JUMP_IF_FALSE => R::JUMP_IF_FALSE,
                    Op::POP_JUMP_IF_TRUE => R::JUMP_IF_TRUE,
                    Op::POP_JUMP_IF_NONE => R::JUMP_IF_NONE,
                    _ => R::JUMP_IF_NOT_NONE,
                };
                if let Some(target) = i.target {
                    self.jump(Word::long(op, 0, v, 0), target, true);
                }
            }
            Op::PUSH_EXC_INFO => {
                let base = self.pop_group(1);
                self.push_canonical(2);
                self.op(R::PUSH_EXC_INFO, 0, base, 0, 0);
            }
            Op::POP_EXCEPT => {
                let v = self.pop_register();
                self.op(R::POP_EXCEPT, 0, v, 0, 0);
            }
            Op::CHECK_EXC_MATCH => {
                let class = self.pop_register();
                let e = self.peek_register(1);
                let d = self.push_temp();
                self.op(R::CHECK_EXC_MATCH, 0, d, e, class);
            }
            Op::RERAISE => {
                let e = self.pop_register();
                let place = if n > 0 { self.peek_register(n) } else { 0 };
                self.op(R::RERAISE, (n > 0) as u8, e, place, 0);
            }
            Op::RAISE_VARARGS => {
                let (a, b) = match n {
                    0 => (0, 0),
                    1 => (self.pop_register(), 0),
                    _ => self.pop_pair(),
                };
                self.op(R::RAISE, n as u8, a, b, 0);
            }
            Op::IMPORT_NAME => {
                let (level, names) = self.pop_pair();
                return Ok(self.result(rest, |l, d| {
                    let at = l.op(R::IMPORT_NAME, 0, d, level, names);
                    l.set_extra(at, 1, i.arg as u64);
                    at
                }));
            }
            Op::IMPORT_FROM => {
                let module = self.peek_register(1);
                let d = self.push_temp();
                self.op(R::IMPORT_FROM, 0, d, module, n as u16);
            }
            Op::GET_AWAITABLE | Op::GET_AITER => {
                let v = self.pop_register();
                let d = self.push_temp();
                let op = if i.op == Op::GET_AITER { R::GET_AITER } else { R::GET_AWAITABLE };
                self.op(op, n as u8, d, v, 0);
            }
            Op::GET_ANEXT | Op::MATCH_MAPPING | Op::MATCH_SEQUENCE | Op::GET_LEN => {
                let v = self.peek_register(1);
                let d = self.push_temp();
                let op = match i.op {
                    Op::GET_ANEXT => R::GET_ANEXT,
                    Op::MATCH_MAPPING => R::MATCH_MAPPING,
                    Op::MATCH_SEQUENCE => R::MATCH_SEQUENCE,
                    _ => R::GET_LEN,
                };
                self.op(op, 0, d, v, 0);
            }
            Op::END_ASYNC_FOR => {
                let base = self.pop_group(2);
                self.op(R::END_ASYNC_FOR, 0, base, 0, 0);
            }
            Op::BEFORE_ASYNC_WITH => {
                let (v, base) = self.pop_to_canonical(2);
                self.op(R::BEFORE_ASYNC_WITH, 0, base, v, 0);
            }
            Op::MATCH_CLASS => return Ok(self.build(rest, R::MATCH_CLASS, 3, n)),
            Op::MATCH_KEYS => {
                let (subject, keys) = (self.peek_register(2), self.peek_register(1));
                let d = self.push_temp();
                self.op(R::MATCH_KEYS, 0, d, subject, keys);
            }
            Op::CHECK_EG_MATCH => {
                let base = self.pop_group(2);
                self.push_canonical(2);
                self.op(R::CHECK_EG_MATCH, 0, base, 0, 0);
            }
            Op::CALL_INTRINSIC_2 => {
                let (a, b) = self.pop_pair();
                return Ok(self.result(rest, |l, d| l.op(R::INTRINSIC_2, n as u8, d, a, b)));
            }
            Op::BUILD_INTERPOLATION => {
                let base = self.pop_group(2 + (n & 1));
                return Ok(self.result(rest, |l, d| l.op(R::BUILD_INTERPOLATION, n as u8, d, base, 0)));
            }
            Op::BUILD_TEMPLATE => {
                let (strings, fields) = self.pop_pair();
                return Ok(self.result(rest, |l, d| l.op(R::BUILD_TEMPLATE, 0, d, strings, fields)));
            }
            Op::SETUP_FINALLY | Op::SETUP_CLEANUP | Op::SETUP_WITH | Op::POP_BLOCK => {
                unreachable!("finished units have no block instructions")
            }
        }
        Ok(0)
    }

    /// Instructions that only move operands of the symbolic stack.
    fn stack_only(&mut self, i: Instr, rest: Rest) -> Result<usize, Unsupported> {
        let len = self.stack.len();
        let n = i.arg as usize;
        match i.op {
            Op::END_FOR => {
                self.pop();
            }
            Op::PUSH_NULL => self.stack.push(Slot::Null),
            Op::LOAD_CONST => self.stack.push(Slot::Const(i.arg)),
            Op::LOAD_FAST => self.stack.push(Slot::Local(i.arg as u16)),
            Op::LOAD_FAST_CHECK => {
                self.op(R::CHECK_BOUND, 0, i.arg as u16, 0, 0);
                self.stack.push(Slot::Local(i.arg as u16));
            }
            Op::SWAP => self.stack.swap(len - 1, len - n),
            Op::POP_TOP => {
                if let Slot::Temp(t) = self.pop() {
                    self.op(R::CLEAR, 0, t, 0, 0);
                }
            }
            Op::COPY => match self.stack[len - n] {
                Slot::Temp(t) => return Ok(self.result(rest, |l, d| l.op(R::COPY, 0, d, t, 0))),
                slot => self.stack.push(slot),
            },
            _ => {}
        }
        Ok(0)
    }

    // ---- operands

    fn pop(&mut self) -> Slot {
        self.stack.pop().expect("the IR's stack depth is right")
    }

    /// The top operand in a register, popped.
    fn pop_register(&mut self) -> u16 {
        match self.stack.last() {
            Some(&Slot::Local(l)) => {
                self.stack.pop();
                l
            }
            _ => {
                let r = self.materialize(self.stack.len() - 1);
                self.stack.pop();
                r
            }
        }
    }

    /// The two top operands in registers, popped; the lower first.
    fn pop_pair(&mut self) -> (u16, u16) {
        let len = self.stack.len();
        for i in [len - 2, len - 1] {
            if !matches!(self.stack[i], Slot::Local(_)) {
                self.materialize(i);
            }
        }
        let b = self.pop_register();
        (self.pop_register(), b)
    }

    /// The `n` top operands in their canonical registers, popped; returns the first register.
    fn pop_group(&mut self, n: usize) -> u16 {
        let from = self.stack.len() - n;
        self.canonicalize(from, from + n);
        self.stack.truncate(from);
        self.canonical(from)
    }

    /// The same for a call: the frame of what is called begins at its arguments, so no operand that stays may lie behind
    /// them.
    fn pop_call(&mut self, n: usize) -> u16 {
        let from = self.stack.len() - n;
        let base = self.canonical(from);
        let in_the_way = |s: &Slot| matches!(s, Slot::Temp(r) if *r >= base);
        // Each turn puts one operand where it stays for good.
        while let Some(i) = self.stack[..from].iter().position(in_the_way) {
            self.canonicalize(i, i + 1);
        }
        self.pop_group(n)
    }

    /// The register of the `n`-th operand from the top, which stays there.
    fn peek_register(&mut self, n: usize) -> u16 {
        let i = self.stack.len() - n;
        match self.stack[i] {
            Slot::Local(l) => l,
            _ => self.materialize(i),
        }
    }

    /// Pushes a temporary to be written.
    fn push_temp(&mut self) -> u16 {
        self.stack.push(Slot::Null);
        let i = self.stack.len() - 1;
        let r = self.free_register(i);
        self.stack[i] = Slot::Temp(r);
        r
    }

    /// Pushes `n` operands in their canonical registers to be written.
    fn push_canonical(&mut self, n: usize) -> u16 {
        self.canonicalize_all();
        let from = self.stack.len();
        for i in from..from + n {
            let r = self.canonical(i);
            self.stack.push(Slot::Temp(r));
        }
        self.canonical(from)
    }

    /// The top operand in a register, popped, and the first of `n` canonical registers to be written in its place.  What
    /// lies below is made canonical first: the moves must not hit the popped register.
    fn pop_to_canonical(&mut self, n: usize) -> (u16, u16) {
        self.canonicalize(0, self.stack.len() - 1);
        let v = self.pop_register();
        (v, self.push_canonical(n))
    }

    // ---- results

    /// Emits an instruction whose result goes into the local of a `STORE_FAST` that follows, or else into a temporary.
    fn result(&mut self, rest: Rest, emit: impl FnOnce(&mut Self, u16) -> usize) -> usize {
        if let Some(s) = rest.first()
            && s.op == Op::STORE_FAST
            && s.loc.line == self.loc.line
            && s.except == self.except
        {
            let local = s.arg as u16;
            self.save_local(local);
            emit(self, local);
            return 1;
        }
        let d = self.push_temp();
        emit(self, d);
        0
    }

    fn unary(&mut self, rest: Rest, op: R) -> usize {
        let v = self.pop_register();
        self.result(rest, |l, d| l.op(op, 0, d, v, 0))
    }

    fn build(&mut self, rest: Rest, op: R, operands: usize, n: usize) -> usize {
        let b = self.pop_group(operands);
        self.result(rest, |l, d| l.op(op, 0, d, b, n as u16))
    }

    fn binary(&mut self, i: Instr, rest: Rest) -> usize {
        let inplace = i.arg >= 13;
        let op = BINARY[(i.arg % 13) as usize];
        let Some((rr, rk)) = binary_forms(op) else {
            let (a, b) = self.pop_pair();
            let x = op as u8 | (inplace as u8) << 7;
            return self.result(rest, |l, d| l.op(R::BINARY, x, d, a, b));
        };
        match (self.small_const(), self.number_below()) {
            (Some(k), _) => {
                self.pop();
                let a = self.pop_register();
                self.result(rest, |l, d| l.op(rk, inplace as u8, d, a, k))
            }
            (None, Some(k)) if let Some(kr) = left_constant_form(op) => {
                let b = self.pop_register();
                self.pop();
                self.result(rest, |l, d| l.op(kr, 0, d, k, b))
            }
            (None, _) => {
                let (a, b) = self.pop_pair();
                self.result(rest, |l, d| l.op(rr, inplace as u8, d, a, b))
            }
        }
    }

    /// The constant on top, if its index fits an operand.
    fn small_const(&self) -> Option<u16> {
        match self.stack.last() {
            Some(&Slot::Const(k)) => u16::try_from(k).ok(),
            _ => None,
        }
    }

    /// The number below the top, if it is a constant whose index fits an operand.
    fn number_below(&self) -> Option<u16> {
        match self.stack[..] {
            [.., Slot::Const(k), _] if matches!(self.unit.consts[k as usize], Const::Int(_) | Const::Float(_)) => {
                u16::try_from(k).ok()
            }
            _ => None,
        }
    }

    fn compare(&mut self, i: Instr, rest: Rest) -> usize {
        let op = CompareOp::from_u8((i.arg & 15) as u8).unwrap_or(CompareOp::Eq);
        let jump = rest.first().copied().filter(|j| {
            matches!(j.op, Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE)
                && j.loc.line == i.loc.line
                // A jump that was threaded has no handler of its own: nor can it raise.
                && (j.except == i.except || j.except.is_none())
                && i.arg & ir::COMPARE_TO_BOOL != 0
        });
        let Some(jump) = jump else {
            let (a, b) = self.pop_pair();
            let x = op as u8 | if i.arg & ir::COMPARE_TO_BOOL != 0 { 16 } else { 0 };
            return self.result(rest, |l, d| l.op(R::COMPARE, x, d, a, b));
        };
        self.canonicalize(0, self.stack.len() - 2);
        let forms = compare_forms(op);
        let (a, b, k) = match self.small_const() {
            Some(k) => {
                self.pop();
                (self.pop_register(), k, 1)
            }
            None => {
                let (a, b) = self.pop_pair();
                (a, b, 0)
            }
        };
        let Some(exit) = jump.target else { return 1 };
        if let Some(body) = self.loop_bottom(jump, exit) {
            let want = jump.op == Op::POP_JUMP_IF_FALSE;
            self.absorbed[self.block + 1] = true;
            self.note_entry(exit);
            // The edge into the body comes from the absorbed jump.
            self.block += 1;
            self.jump(Word::new(forms[2 + k], want as u8, a, b, 0), body, false);
            self.block -= 1;
            return 1;
        }
        let want = jump.op == Op::POP_JUMP_IF_TRUE;
        self.jump(Word::new(forms[k], want as u8, a, b, 0), exit, false);
        1
    }

    /// A conditional jump out of a loop over a jump back into it: returns where that goes.
    fn loop_bottom(&self, jump: Instr, exit: ir::BlockId) -> Option<ir::BlockId> {
        let next = self.unit.blocks.get(self.block + 1)?;
        let [back] = next.instrs[..] else { return None };
        let target = back.target?;
        let own = back.op == Op::JUMP
            && back.loc.line == jump.loc.line
            && exit.0 as usize == self.block + 2
            && self.is_backward(target)
            && self.lines.only_from(self.block + 1, self.block)
            && !self.lines.edge_needs_pad(self.block, exit.0 as usize);
        own.then_some(target)
    }

    fn for_iter(&mut self, i: Instr) -> usize {
        self.canonicalize_all();
        let iterator = self.peek_register(1);
        let next = self.block + 1;
        let store = self.unit.blocks.get(next).and_then(|b| b.instrs.first()).copied();
        let fused = store.filter(|s| {
            s.op == Op::STORE_FAST
                && s.loc.line == i.loc.line
                && s.except == i.except
                && self.lines.only_from(next, self.block)
        });
        let d = match fused {
            Some(s) => {
                self.skip_first[next] = true;
                s.arg as u16
            }
            None => self.canonical(self.stack.len()),
        };
        if let Some(target) = i.target {
            self.jump(Word::new(R::FOR_ITER, 0, iterator, d, 0), target, false);
        }
        let r = self.canonical(self.stack.len());
        self.stack.push(Slot::Temp(r));
        if fused.is_some() {
            // `next` begins with the item still on its stack; the store pops it there.
            self.note_entry(ir::BlockId(next as u32));
        }
        0
    }
}
