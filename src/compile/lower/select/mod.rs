//! Instruction selection: one stack instruction, and those after it that it fuses with.

mod arithmetic;
mod control;
mod names;
mod shapes;

use super::{Lowering, Rest, Slot};
use crate::code::{Op as R, Word};
use crate::compile::ir::{Instr, Op};

impl Lowering<'_> {
    /// Lowers `i`; returns how many of the instructions after it are done with it.
    pub(super) fn instruction(&mut self, i: Instr, rest: Rest) -> usize {
        if i.op == Op::CALL {
            self.load_before_call(i);
        }
        if self.lines.must_flush(i.op, i.loc) {
            self.flush_line();
        }
        self.loc = i.loc;
        self.except = i.except;
        self.begin_line(i);
        if self.lines.touch(i.op, i.arg, i.loc) {
            self.pending_state = Some(self.note_stack());
        }
        if let Some(h) = i.except {
            self.canonicalize(0, (h.depth as usize).min(self.stack.len()));
            self.note_handler_entry(h);
        }
        self.select(i, rest)
    }

    fn select(&mut self, i: Instr, rest: Rest) -> usize {
        let n = i.arg as usize;
        match i.op {
            // The symbolic stack only, or nearly so.
            Op::NOP => 0,
            Op::END_FOR => self.forget(),
            Op::POP_TOP => self.pop_top(),
            Op::PUSH_NULL => self.push(Slot::Null),
            Op::COPY => self.copy(n, rest),
            Op::SWAP => self.swap(n),
            Op::LOAD_CONST => self.push(Slot::Const(i.arg)),

            // Variables.
            Op::LOAD_FAST => self.load_local(n),
            Op::LOAD_FAST_CHECK => self.load_local_checked(n),
            Op::LOAD_FAST_AND_CLEAR => self.load_local_and_clear(n),
            Op::STORE_FAST | Op::STORE_FAST_MAYBE_NULL => self.store_local(i),
            Op::DELETE_FAST => self.delete_local(n),
            Op::MAKE_CELL => self.cell(R::MAKE_CELL, i.arg),
            Op::COPY_FREE_VARS => self.copy_free_variables(n),
            Op::LOAD_CLOSURE => self.load_closure(i.arg),
            Op::LOAD_DEREF => self.load_cell(i.arg, rest),
            Op::STORE_DEREF => self.store_cell(i.arg),
            Op::DELETE_DEREF => self.cell(R::DELETE_DEREF, i.arg),
            Op::LOAD_FROM_DICT_OR_DEREF => self.load_mapping_or_cell(i.arg, rest),
            Op::LOAD_NAME => self.produce(rest, R::LOAD_NAME, n),
            Op::STORE_NAME => self.consume(R::STORE_NAME, n),
            Op::DELETE_NAME => self.delete_name(R::DELETE_NAME, n),
            Op::LOAD_GLOBAL => self.load_global(n, rest),
            Op::STORE_GLOBAL => self.consume(R::STORE_GLOBAL, n),
            Op::DELETE_GLOBAL => self.delete_name(R::DELETE_GLOBAL, n),
            Op::LOAD_FROM_DICT_OR_GLOBALS => self.unary_with(rest, R::LOAD_FROM_DICT_OR_GLOBALS, n),
            Op::LOAD_LOCALS => self.produce(rest, R::LOAD_LOCALS, 0),
            Op::LOAD_ATTR => self.load_attribute(n, rest),
            Op::STORE_ATTR => self.store_attribute(n),
            Op::DELETE_ATTR => self.consume(R::DELETE_ATTR, n),
            Op::LOAD_SUPER_ATTR => self.load_super_attribute(n),
            Op::IMPORT_NAME => self.import(n, rest),
            Op::IMPORT_FROM => self.import_from(n),

            // Items and slices.
            Op::BINARY_SUBSCR => self.binary_of(rest, R::SUBSCR, 0),
            Op::STORE_SUBSCR => self.store_item(),
            Op::DELETE_SUBSCR => self.consume_pair(R::DELETE_SUBSCR),
            Op::BINARY_SLICE => self.build(rest, R::SLICE_LOAD, 3, 0),
            Op::STORE_SLICE => self.in_place(R::SLICE_STORE, 4, 0),
            Op::BUILD_SLICE => self.build(rest, R::BUILD_SLICE, n, n),

            // Operators.
            Op::UNARY_NEGATIVE => self.unary(rest, R::NEGATIVE, 0),
            Op::UNARY_INVERT => self.unary(rest, R::INVERT, 0),
            Op::UNARY_NOT => self.unary(rest, R::NOT, 0),
            Op::TO_BOOL => self.truth_value(i, rest),
            Op::BINARY_OP => self.binary(n, rest),
            Op::COMPARE_OP => self.compare(i, rest),
            Op::CONTAINS_OP => self.binary_of(rest, R::CONTAINS, n),
            Op::IS_OP => self.binary_of(rest, R::IS, n),

            // Displays, text, patterns.
            Op::BUILD_TUPLE => self.build(rest, R::BUILD_TUPLE, n, n),
            Op::BUILD_LIST => self.build(rest, R::BUILD_LIST, n, n),
            Op::BUILD_SET => self.build(rest, R::BUILD_SET, n, n),
            Op::BUILD_STRING => self.build(rest, R::BUILD_STRING, n, n),
            Op::BUILD_MAP => self.build(rest, R::BUILD_MAP, 2 * n, n),
            Op::BUILD_CONST_KEY_MAP => self.build(rest, R::BUILD_CONST_KEY_MAP, n + 1, n),
            Op::LIST_APPEND => self.add_to(R::LIST_APPEND, n),
            Op::SET_ADD => self.add_to(R::SET_ADD, n),
            Op::LIST_EXTEND => self.add_to(R::LIST_EXTEND, n),
            Op::SET_UPDATE => self.add_to(R::SET_UPDATE, n),
            Op::DICT_UPDATE => self.add_to(R::DICT_UPDATE, n),
            Op::DICT_MERGE => self.merge_keywords(n),
            Op::MAP_ADD => self.add_pair_to(n),
            Op::UNPACK_SEQUENCE => self.spread(R::UNPACK_SEQUENCE, n, 0, n),
            Op::UNPACK_EX => self.spread(R::UNPACK_EX, (n & 255) + 1 + (n >> 8), n & 255, n >> 8),
            Op::FORMAT_SIMPLE => self.unary(rest, R::FORMAT_SIMPLE, 0),
            Op::FORMAT_WITH_SPEC => self.binary_of(rest, R::FORMAT_WITH_SPEC, 0),
            Op::CONVERT_VALUE => self.unary(rest, R::CONVERT_VALUE, n),
            Op::BUILD_INTERPOLATION => self.build_flagged(rest, R::BUILD_INTERPOLATION, 2 + (n & 1), n),
            Op::BUILD_TEMPLATE => self.binary_of(rest, R::BUILD_TEMPLATE, 0),
            Op::MATCH_CLASS => self.build(rest, R::MATCH_CLASS, 3, n),
            Op::MATCH_KEYS => self.match_keys(),
            Op::MATCH_MAPPING => self.look(R::MATCH_MAPPING),
            Op::MATCH_SEQUENCE => self.look(R::MATCH_SEQUENCE),
            Op::GET_LEN => self.look(R::GET_LEN),

            // Calls and definitions.
            Op::CALL => self.call(n, rest),
            Op::CALL_KW => self.call_with_keywords(n, rest),
            Op::CALL_FUNCTION_EX => self.call_spread(n, rest),
            Op::CALL_INTRINSIC_1 => self.unary(rest, R::INTRINSIC_1, n),
            Op::CALL_INTRINSIC_2 => self.binary_of(rest, R::INTRINSIC_2, n),
            Op::MAKE_FUNCTION => self.unary(rest, R::MAKE_FUNCTION, 0),
            Op::SET_FUNCTION_ATTRIBUTE => self.set_function_attribute(n),
            Op::LOAD_BUILD_CLASS => self.push_result(R::LOAD_BUILD_CLASS),
            Op::LOAD_ASSERTION_ERROR => self.push_result(R::LOAD_ASSERTION_ERROR),

            // Frames, generators, iteration.
            Op::RESUME => self.done(Word::new(R::RESUME, self.operand(n & 3), 0, 0, 0)),
            Op::RETURN_GENERATOR => self.return_generator(),
            Op::RETURN_VALUE => self.consume(R::RETURN, 0),
            Op::RETURN_CONST => self.done(Word::long(R::RETURN_CONST, 0, 0, i.arg)),
            Op::YIELD_VALUE => self.yield_value(n, rest),
            Op::SEND => self.send(i),
            Op::END_SEND => self.end_send(),
            Op::CLEANUP_THROW => self.in_place(R::CLEANUP_THROW, 3, 2),
            Op::GET_ITER => self.replace(R::GET_ITER, 0),
            Op::GET_YIELD_FROM_ITER => self.replace(R::GET_YIELD_FROM_ITER, 0),
            Op::GET_AITER => self.replace(R::GET_AITER, 0),
            Op::GET_AWAITABLE => self.replace(R::GET_AWAITABLE, n),
            Op::GET_ANEXT => self.look(R::GET_ANEXT),
            Op::END_ASYNC_FOR => self.in_place(R::END_ASYNC_FOR, 2, 0),
            Op::FOR_ITER => self.for_iter(i),

            // Jumps.
            Op::JUMP | Op::JUMP_NO_INTERRUPT => self.jump_always(i),
            Op::POP_JUMP_IF_FALSE => self.jump_if(R::JUMP_IF_FALSE, i),
            Op::POP_JUMP_IF_TRUE => self.jump_if(R::JUMP_IF_TRUE, i),
            Op::POP_JUMP_IF_NONE => self.jump_if(R::JUMP_IF_NONE, i),
            Op::POP_JUMP_IF_NOT_NONE => self.jump_if(R::JUMP_IF_NOT_NONE, i),

            // `with` and exceptions.
            Op::BEFORE_WITH => self.spread(R::BEFORE_WITH, 2, 0, 0),
            Op::BEFORE_ASYNC_WITH => self.spread(R::BEFORE_ASYNC_WITH, 2, 0, 0),
            Op::WITH_EXCEPT_START => self.with_except_start(),
            Op::PUSH_EXC_INFO => self.in_place(R::PUSH_EXC_INFO, 1, 2),
            Op::POP_EXCEPT => self.consume(R::POP_EXCEPT, 0),
            Op::CHECK_EXC_MATCH => self.check_match(),
            Op::CHECK_EG_MATCH => self.in_place(R::CHECK_EG_MATCH, 2, 2),
            Op::RERAISE => self.reraise(n),
            Op::RAISE_VARARGS => self.raise(n),

            Op::SETUP_FINALLY | Op::SETUP_CLEANUP | Op::SETUP_WITH | Op::POP_BLOCK => {
                unreachable!("finished units have no block instructions")
            }
        }
    }
}
