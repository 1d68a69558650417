//! The instruction table: the only list of instructions.
//!
//! An instruction is one word of 64 bits: opcode (8), `x` (8), and three operands `a`, `b`, `c` of 16 bits.  Some are
//! followed by words that hold an inline cache or more operands.
//!
//! Operands name registers of the frame: first the locals, then cells, then temporaries.  Reading a *local* borrows it;
//! reading a *temporary* consumes it, so that a value dies when CPython's would.  A consumed temporary is left empty or
//! with an immediate, which needs no dropping.  Operands that are looked at without being consumed say `peek`.

/// What an operand is, for the disassembler and the verifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// Not used.
    None,
    /// A register that is written; what it held is dropped.
    Dst,
    /// A register that is read (a temporary is consumed).
    Src,
    /// A register that is read and keeps its value, or is changed in place.
    Peek,
    /// The first of several registers; the handler says how many.
    Base,
    /// A number.
    Num,
    /// An index of the constants.
    Const,
    /// An index of the names.
    Name,
    /// A signed distance in words from the next instruction; 0 means that it is in the following `EXT` word.
    Jump,
    /// `b` and `c` together: a signed distance of 32 bits from the next instruction.
    LongJump,
    /// `b` and `c` together: an index of the constants.
    LongConst,
}

/// The event that an instruction fires by itself (LINE and INSTRUCTION may occur at every instruction).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OwnEvent {
    None,
    /// PY_START, or PY_RESUME where `x` is not 0.
    Resume,
    Return,
    Yield,
    Call,
    Jump,
    Branch,
    /// A conditional jump back to the body of a loop: BRANCH, then JUMP if it is taken.
    Loop,
    /// STOP_ITERATION.
    Send,
}

macro_rules! define_ops {
    ($($(#[$doc:meta])* $name:ident $a:ident $b:ident $c:ident $words:literal $event:ident;)*) => {
        /// The opcodes.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        #[allow(non_camel_case_types)]
        pub enum Op { $($(#[$doc])* $name,)* }

        impl Op {
            /// All opcodes, by number.
            pub const ALL: &'static [Op] = &[$(Op::$name),*];

            pub const fn name(self) -> &'static str {
                match self { $(Op::$name => stringify!($name)),* }
            }

            /// The kinds of `a`, `b`, `c`.
            pub const fn operands(self) -> [Operand; 3] {
                match self { $(Op::$name => [Operand::$a, Operand::$b, Operand::$c]),* }
            }

            /// How many words follow the instruction.
            pub const fn extra_words(self) -> usize {
                match self { $(Op::$name => $words),* }
            }

            #[inline(always)]
            pub const fn own_event(self) -> OwnEvent {
                match self { $(Op::$name => OwnEvent::$event),* }
            }
        }
    };
}

define_ops! {
    /// In live code only: the instruction's events are armed; the original opcode is kept by `vm/instrument`.
    INSTRUMENTED None None None 0 None;
    /// The same where LINE alone is armed.  These forms spare what is armed most the question what it is.
    INSTRUMENTED_LINE None None None 0 None;
    /// The same where INSTRUCTION alone is armed.
    INSTRUMENTED_INSTRUCTION None None None 0 None;
    /// The same at RESUME where PY_START alone is armed.
    INSTRUMENTED_START None None None 0 None;
    /// The same at RETURN and RETURN_CONST where PY_RETURN alone is armed.
    INSTRUMENTED_RETURN None None None 0 None;
    /// The same where JUMP alone is armed.
    INSTRUMENTED_JUMP None None None 0 None;
    /// The same at CALL where CALL is armed, with what follows it or alone, and nothing else.
    INSTRUMENTED_CALL None None None 0 None;
    /// In no code: where the loop goes when the frame of a callback has returned, to go on with the watched instruction.
    INSTRUMENTED_GO_ON None None None 0 None;
    NOP None None None 0 None;
    /// The distance of the jump before it (in `b`, `c`); runs as NOP.
    EXT None LongJump None 0 None;
    /// Behind an unconditional jump, never run: the location of the LINE event that the jump fires for its target.
    EDGE_LINE None None None 0 None;
    /// Entry (x 0), or after a yield: the place of PY_START and PY_RESUME.
    RESUME None None None 0 Resume;
    /// `a = b`
    MOVE Dst Src None 0 None;
    /// `a = b`, where `b` may be unbound and is left so.
    MOVE_CLEAR Dst Peek None 0 None;
    /// `a = b`; a temporary keeps its value.
    COPY Dst Peek None 0 None;
    /// Makes `a` empty.
    LOAD_NULL Dst None None 0 None;
    /// Exchanges two registers.
    SWAP Peek Peek None 0 None;
    /// Drops a temporary.
    CLEAR Src None None 0 None;
    LOAD_CONST Dst LongConst None 0 None;
    /// UnboundLocalError if local `a` is unbound.
    CHECK_BOUND Peek None None 0 None;
    /// Unbinds local `a`, which must be bound.
    DELETE_LOCAL Peek None None 0 None;
    /// Puts the value of `a`, if any, into a new cell in `a`.
    MAKE_CELL Peek None None 0 None;
    /// Takes the `b` cells of the function's closure into registers from `a` on.
    COPY_FREE_VARS Base Num None 0 None;
    /// `a = *b`, NameError/UnboundLocalError if the cell is empty.
    LOAD_DEREF Dst Peek None 0 None;
    /// `*a = b`
    STORE_DEREF Peek Src None 0 None;
    DELETE_DEREF Peek None None 0 None;
    /// `a = b[name of cell c]`, else from the cell.
    LOAD_FROM_DICT_OR_DEREF Dst Src Peek 0 None;
    /// Where the locals are the globals the cache is that of LOAD_GLOBAL.
    LOAD_NAME Dst Name None 2 None;
    /// Where the locals are the globals the cache is that of STORE_GLOBAL.
    STORE_NAME Src Name None 2 None;
    DELETE_NAME None Name None 0 None;
    /// Cache: versions of the keys of globals and builtins (0: a global) | place of the value.
    LOAD_GLOBAL Dst Name None 2 None;
    /// Cache: version of the keys of globals | place of the value.
    STORE_GLOBAL Src Name None 2 None;
    DELETE_GLOBAL None Name None 0 None;
    LOAD_LOCALS Dst None None 0 None;
    /// `a = b[name c]`, else global.
    LOAD_FROM_DICT_OR_GLOBALS Dst Src Name 0 None;
    /// `a = b.c`.  Cache: shape or class, class version | slot.
    LOAD_ATTR Dst Src Name 2 None;
    /// `a, a+1 = function, self` or `attribute, NULL`.  Cache: shape or class, class version | slot, function.
    LOAD_METHOD Base Src Name 3 None;
    /// `a.c = b`.  Cache: shape, class version | slot, next shape.
    STORE_ATTR Src Src Name 3 None;
    DELETE_ATTR Src Name None 0 None;
    /// `super, class, self` in `b..`; result in `a` (x bit 0: method pair in `a, a+1`; x bit 1: two arguments were
    /// written).
    LOAD_SUPER_ATTR Base Base Name 0 Call;
    /// `a = b[c]`
    SUBSCR Dst Src Src 0 None;
    /// `a[b] = c`
    STORE_SUBSCR Src Src Src 0 None;
    DELETE_SUBSCR Src Src None 0 None;
    /// `a = b[b+1 : b+2]`
    SLICE_LOAD Dst Base None 0 None;
    /// `a+1 [a+2 : a+3] = a`
    SLICE_STORE Base None None 0 None;
    /// `a = slice(b, b+1[, b+2])`; c values.
    BUILD_SLICE Dst Base Num 0 None;
    /// `a = b + c`; x bit 0: in place.
    ADD Dst Src Src 0 None;
    SUB Dst Src Src 0 None;
    MUL Dst Src Src 0 None;
    TRUEDIV Dst Src Src 0 None;
    FLOORDIV Dst Src Src 0 None;
    MOD Dst Src Src 0 None;
    AND Dst Src Src 0 None;
    OR Dst Src Src 0 None;
    XOR Dst Src Src 0 None;
    LSHIFT Dst Src Src 0 None;
    RSHIFT Dst Src Src 0 None;
    /// The same with a constant on the right.
    ADD_K Dst Src Const 0 None;
    SUB_K Dst Src Const 0 None;
    MUL_K Dst Src Const 0 None;
    TRUEDIV_K Dst Src Const 0 None;
    FLOORDIV_K Dst Src Const 0 None;
    MOD_K Dst Src Const 0 None;
    AND_K Dst Src Const 0 None;
    OR_K Dst Src Const 0 None;
    XOR_K Dst Src Const 0 None;
    LSHIFT_K Dst Src Const 0 None;
    RSHIFT_K Dst Src Const 0 None;
    /// The same with a number on the left.
    K_ADD Dst Const Src 0 None;
    K_SUB Dst Const Src 0 None;
    K_MUL Dst Const Src 0 None;
    K_TRUEDIV Dst Const Src 0 None;
    /// `a = b op c` for the others; x: `BinaryOp`, bit 7: in place.
    BINARY Dst Src Src 0 None;
    /// `a = b op c`; x: `CompareOp`, bit 4: as a bool.
    COMPARE Dst Src Src 0 None;
    /// `a = b in c`; x 1: not in.
    CONTAINS Dst Src Src 0 None;
    /// `a = b is c`; x 1: is not.
    IS Dst Src Src 0 None;
    NEGATIVE Dst Src None 0 None;
    INVERT Dst Src None 0 None;
    NOT Dst Src None 0 None;
    TO_BOOL Dst Src None 0 None;
    /// `a = (b, b+1, ...)`, c of them.
    BUILD_TUPLE Dst Base Num 0 None;
    BUILD_LIST Dst Base Num 0 None;
    BUILD_SET Dst Base Num 0 None;
    /// c pairs of key and value.
    BUILD_MAP Dst Base Num 0 None;
    /// c values, then the tuple of keys.
    BUILD_CONST_KEY_MAP Dst Base Num 0 None;
    BUILD_STRING Dst Base Num 0 None;
    LIST_APPEND Peek Src None 0 None;
    SET_ADD Peek Src None 0 None;
    MAP_ADD Peek Src Src 0 None;
    LIST_EXTEND Peek Src None 0 None;
    SET_UPDATE Peek Src None 0 None;
    DICT_UPDATE Peek Src None 0 None;
    /// As DICT_UPDATE for keyword arguments of the callable `c`.
    DICT_MERGE Peek Src Peek 0 None;
    /// c items of `b` into `a..`, the first item into the last register.
    UNPACK_SEQUENCE Base Src Num 0 None;
    /// x items before the star, c after it; first item into the last register.
    UNPACK_EX Base Src Num 0 None;
    FORMAT_SIMPLE Dst Src None 0 None;
    FORMAT_WITH_SPEC Dst Src Src 0 None;
    /// x 1: str, 2: repr, 3: ascii.
    CONVERT_VALUE Dst Src None 0 None;
    /// Value, text and, with bit 0 of x, format in `b..`; x >> 2: as CONVERT_VALUE.
    BUILD_INTERPOLATION Dst Base None 0 None;
    /// `a` = the template of the strings `b` and interpolations `c`.
    BUILD_TEMPLATE Dst Src Src 0 None;
    /// Subject, class and names of attributes in `b..`, c positional patterns: a tuple of values, or None.
    MATCH_CLASS Dst Base Num 0 None;
    /// `a` = the values of mapping `b` for the keys `c`, or None.
    MATCH_KEYS Dst Peek Peek 0 None;
    /// `a` = whether `b` is what a mapping pattern matches.
    MATCH_MAPPING Dst Peek None 0 None;
    MATCH_SEQUENCE Dst Peek None 0 None;
    /// `a = len(b)`
    GET_LEN Dst Peek None 0 None;
    /// Callable in `a`, self or nothing in `a+1`, `b` arguments from `a+2`; result in `c`.
    ///
    /// With x 0, `a+1` was written by what made the pair (LOAD_METHOD, LOAD_SUPER_ATTR, LOAD_NULL): the word of a value, or
    /// 0.  With x 1 nobody has written it: it holds no reference, and may hold any immediate.  Either way the call may use it
    /// as it likes, and leaves no reference in `a` and behind.
    CALL Base Num Dst 0 Call;
    /// As CALL; the following word is the index of the constant tuple of the names of the last arguments.
    CALL_KW Base Num Dst 1 Call;
    /// Callable in `a`, arguments in `a+2`, keywords in `a+3` if x is 1; result in `c`.
    CALL_EX Base None Dst 0 Call;
    /// x: [`intrinsic1`](super::instruction_args::intrinsic1).
    INTRINSIC_1 Dst Src None 0 None;
    /// x: [`intrinsic2`](super::instruction_args::intrinsic2).
    INTRINSIC_2 Dst Src Src 0 None;
    /// A function of the code constant `bc`.
    MAKE_FUNCTION Dst Src None 0 None;
    /// x: [`function_attribute`](super::instruction_args::function_attribute) of function `a`.
    SET_FUNCTION_ATTRIBUTE Peek Src None 0 None;
    LOAD_BUILD_CLASS Dst None None 0 None;
    LOAD_ASSERTION_ERROR Dst None None 0 None;
    RETURN Src None None 0 Return;
    RETURN_CONST None LongConst None 0 Return;
    /// Makes the generator of this frame and returns it.
    RETURN_GENERATOR None None None 0 None;
    /// Yields `b`; what is sent arrives in `a`.  x bit 0: inside `yield from`; bit 1: no handler but the generator's own
    /// is around.
    YIELD Dst Src None 0 Yield;
    /// Sends `a+1` to the iterator `a`; what it yields is put into `a+1`.  When it returns, its result is put there and
    /// control goes to the jump.
    SEND Base None Jump 0 Send;
    /// Receiver in `a`, last value sent in `a+1`, exception in `a+2`: StopIteration leaves None in `a` and its value in
    /// `a+1`, others are raised again.
    CLEANUP_THROW Base None None 0 None;
    GET_ITER Dst Src None 0 None;
    GET_YIELD_FROM_ITER Dst Src None 0 None;
    /// `a, a+1 = b.__exit__, b.__enter__()`
    BEFORE_WITH Base Src None 0 None;
    /// `a = b(type, c, traceback)`; exception `c`.
    WITH_EXCEPT_START Dst Peek Peek 0 None;
    /// `a = iter(b).__await__()` of what is awaited; x 1: of `__aenter__`, 2: of `__aexit__`.
    GET_AWAITABLE Dst Src None 0 None;
    GET_AITER Dst Src None 0 None;
    /// `a` = what to await for the next item of `b`.
    GET_ANEXT Dst Peek None 0 None;
    /// Iterator in `a`, exception in `a+1`: drops both if it is StopAsyncIteration, else raises it again.
    END_ASYNC_FOR Base None None 0 None;
    /// `a, a+1 = b.__aexit__, b.__aenter__()`
    BEFORE_ASYNC_WITH Base Src None 0 None;
    JUMP None LongJump None 0 Jump;
    /// A backward jump: also polls.
    JUMP_BACK None LongJump None 0 Jump;
    /// A backward jump inside `yield from`: no event, no poll.
    JUMP_SILENT None LongJump None 0 None;
    /// The next item of iterator `a` into `b`; when exhausted, drops `a` and jumps.
    FOR_ITER Peek Dst Jump 0 Branch;
    JUMP_IF_FALSE Src LongJump None 0 Branch;
    JUMP_IF_TRUE Src LongJump None 0 Branch;
    JUMP_IF_NONE Src LongJump None 0 Branch;
    JUMP_IF_NOT_NONE Src LongJump None 0 Branch;
    /// Jumps if `a < b` is not what x says (0: jumps if false, 1: jumps if true).
    JUMP_LT Src Src Jump 0 Branch;
    JUMP_LE Src Src Jump 0 Branch;
    JUMP_EQ Src Src Jump 0 Branch;
    JUMP_NE Src Src Jump 0 Branch;
    JUMP_GT Src Src Jump 0 Branch;
    JUMP_GE Src Src Jump 0 Branch;
    /// The same with a constant on the right.
    JUMP_LT_K Src Const Jump 0 Branch;
    JUMP_LE_K Src Const Jump 0 Branch;
    JUMP_EQ_K Src Const Jump 0 Branch;
    JUMP_NE_K Src Const Jump 0 Branch;
    JUMP_GT_K Src Const Jump 0 Branch;
    JUMP_GE_K Src Const Jump 0 Branch;
    /// The bottom of a `while`: the same, back to the body; also polls.
    LOOP_LT Src Src Jump 0 Loop;
    LOOP_LE Src Src Jump 0 Loop;
    LOOP_EQ Src Src Jump 0 Loop;
    LOOP_NE Src Src Jump 0 Loop;
    LOOP_GT Src Src Jump 0 Loop;
    LOOP_GE Src Src Jump 0 Loop;
    LOOP_LT_K Src Const Jump 0 Loop;
    LOOP_LE_K Src Const Jump 0 Loop;
    LOOP_EQ_K Src Const Jump 0 Loop;
    LOOP_NE_K Src Const Jump 0 Loop;
    LOOP_GT_K Src Const Jump 0 Loop;
    LOOP_GE_K Src Const Jump 0 Loop;
    /// The branches once more, in the same order: their forms in live code, where `vm/instrument` has put them because a side
    /// is armed and nothing else is.  `x` says which ([`side`]); the other one costs a test.
    ARMED_FOR_ITER Peek Dst Jump 0 Branch;
    ARMED_JUMP_IF_FALSE Src LongJump None 0 Branch;
    ARMED_JUMP_IF_TRUE Src LongJump None 0 Branch;
    ARMED_JUMP_IF_NONE Src LongJump None 0 Branch;
    ARMED_JUMP_IF_NOT_NONE Src LongJump None 0 Branch;
    ARMED_JUMP_LT Src Src Jump 0 Branch;
    ARMED_JUMP_LE Src Src Jump 0 Branch;
    ARMED_JUMP_EQ Src Src Jump 0 Branch;
    ARMED_JUMP_NE Src Src Jump 0 Branch;
    ARMED_JUMP_GT Src Src Jump 0 Branch;
    ARMED_JUMP_GE Src Src Jump 0 Branch;
    ARMED_JUMP_LT_K Src Const Jump 0 Branch;
    ARMED_JUMP_LE_K Src Const Jump 0 Branch;
    ARMED_JUMP_EQ_K Src Const Jump 0 Branch;
    ARMED_JUMP_NE_K Src Const Jump 0 Branch;
    ARMED_JUMP_GT_K Src Const Jump 0 Branch;
    ARMED_JUMP_GE_K Src Const Jump 0 Branch;
    ARMED_LOOP_LT Src Src Jump 0 Loop;
    ARMED_LOOP_LE Src Src Jump 0 Loop;
    ARMED_LOOP_EQ Src Src Jump 0 Loop;
    ARMED_LOOP_NE Src Src Jump 0 Loop;
    ARMED_LOOP_GT Src Src Jump 0 Loop;
    ARMED_LOOP_GE Src Src Jump 0 Loop;
    ARMED_LOOP_LT_K Src Const Jump 0 Loop;
    ARMED_LOOP_LE_K Src Const Jump 0 Loop;
    ARMED_LOOP_EQ_K Src Const Jump 0 Loop;
    ARMED_LOOP_NE_K Src Const Jump 0 Loop;
    ARMED_LOOP_GT_K Src Const Jump 0 Loop;
    ARMED_LOOP_GE_K Src Const Jump 0 Loop;
    /// Exception in `a`: the handled one before it into `a`, the exception into `a+1`; it becomes the handled one.
    PUSH_EXC_INFO Base None None 0 None;
    /// Restores the handled exception from `a`.
    POP_EXCEPT Src None None 0 None;
    /// `a = exception b matches class c`
    CHECK_EXC_MATCH Dst Peek Src 0 None;
    /// Exception in `a`, class in `a+1`: what does not match into `a`, what matches into `a+1` (None for nothing); the
    /// latter becomes the handled one.
    CHECK_EG_MATCH Base None None 0 None;
    /// Raises `a` again; x 1: the place to restore is in `b`.
    RERAISE Src Peek None 0 None;
    /// x 0: the handled exception again; 1: `a`; 2: `a` from `b`.
    RAISE Src Src None 0 None;
    /// `a = import`; level in `b`, from-list in `c`; the following word is the index of the name.
    IMPORT_NAME Dst Src Src 1 None;
    /// `a = b.c` for `from`.
    IMPORT_FROM Dst Peek Name 0 None;
}

/// Bits of `x` of a branch in live code: the sides whose events are armed.  The compiler leaves them 0.
pub mod side {
    /// Where the jump is taken.
    pub const TAKEN: u8 = 0x80;
    /// Where it is not.
    pub const NOT_TAKEN: u8 = 0x40;
    /// Both.
    pub const ALL: u8 = TAKEN | NOT_TAKEN;
}

impl Op {
    /// Whether the opcode stands for one that was replaced.
    pub const fn is_instrumented(self) -> bool {
        self as u8 <= Op::INSTRUMENTED_GO_ON as u8
    }

    const FIRST_BRANCH: u8 = Op::FOR_ITER as u8;
    const FIRST_ARMED: u8 = Op::ARMED_FOR_ITER as u8;
    const BRANCHES: u8 = Op::LOOP_GE_K as u8 - Op::FIRST_BRANCH + 1;

    /// The form of a branch that says when a side is armed; None for what is no branch.
    pub const fn armed_form(self) -> Option<Op> {
        let n = (self as u8).wrapping_sub(Op::FIRST_BRANCH);
        if n < Op::BRANCHES { Some(Op::ALL[(Op::FIRST_ARMED + n) as usize]) } else { None }
    }

    /// The branch of which this is the armed form; else the instruction itself.
    pub const fn plain_form(self) -> Op {
        let n = (self as u8).wrapping_sub(Op::FIRST_ARMED);
        if n < Op::BRANCHES { Op::ALL[(Op::FIRST_BRANCH + n) as usize] } else { self }
    }
}

/// One instruction word.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Word(pub u64);

impl Word {
    pub const fn new(op: Op, x: u8, a: u16, b: u16, c: u16) -> Word {
        Word(op as u64 | (x as u64) << 8 | (a as u64) << 16 | (b as u64) << 32 | (c as u64) << 48)
    }

    /// `b` and `c` as one number of 32 bits.
    pub const fn long(op: Op, x: u8, a: u16, bc: u32) -> Word {
        Word(op as u64 | (x as u64) << 8 | (a as u64) << 16 | (bc as u64) << 32)
    }

    #[inline(always)]
    pub const fn opcode(self) -> u8 {
        self.0 as u8
    }

    /// The opcode, of an instruction that the assembler wrote (not of a cache word).
    #[inline(always)]
    pub const fn op(self) -> Op {
        Op::ALL[self.0 as u8 as usize]
    }

    #[inline(always)]
    pub const fn x(self) -> u8 {
        (self.0 >> 8) as u8
    }

    #[inline(always)]
    pub const fn a(self) -> u16 {
        (self.0 >> 16) as u16
    }

    #[inline(always)]
    pub const fn b(self) -> u16 {
        (self.0 >> 32) as u16
    }

    #[inline(always)]
    pub const fn c(self) -> u16 {
        (self.0 >> 48) as u16
    }

    #[inline(always)]
    pub const fn bc(self) -> u32 {
        (self.0 >> 32) as u32
    }

    pub const fn with_op(self, op: Op) -> Word {
        Word((self.0 & !0xff) | op as u64)
    }

    /// The word as the compiler made it, from one in live code; `original` is its opcode if that is known to have been
    /// replaced.
    pub const fn as_compiled(self, original: Option<Op>) -> Word {
        let op = match original {
            Some(op) => op,
            None => self.op().plain_form(),
        };
        let word = self.with_op(op);
        if op.armed_form().is_some() { Word(word.0 & !((side::ALL as u64) << 8)) } else { word }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_branch_has_an_armed_form_that_is_like_it() {
        let mut branches = 0;
        for &op in Op::ALL {
            let is_branch = matches!(op.own_event(), OwnEvent::Branch | OwnEvent::Loop);
            let is_armed = op.name().starts_with("ARMED_");
            assert_eq!(op.armed_form().is_some(), is_branch && !is_armed, "{}", op.name());
            let Some(armed) = op.armed_form() else { continue };
            branches += 1;
            assert_eq!(armed.name(), format!("ARMED_{}", op.name()));
            assert_eq!((armed.operands(), armed.own_event()), (op.operands(), op.own_event()));
            assert_eq!((armed.plain_form(), op.plain_form()), (op, op));
            assert_eq!(armed.extra_words(), 0);
        }
        assert_eq!(branches, Op::BRANCHES);
    }

    #[test]
    fn what_is_instrumented_is_told_by_its_number() {
        assert!(Op::ALL.iter().all(|op| op.is_instrumented() == op.name().starts_with("INSTRUMENTED")));
    }

    #[test]
    fn a_live_word_is_read_as_the_compiler_made_it() {
        let compiled = Word::new(Op::JUMP_LT, 1, 2, 3, 4);
        let live = Word::new(Op::ARMED_JUMP_LT, 1 | side::TAKEN, 2, 3, 4);
        assert!(live.as_compiled(None) == compiled);
        assert!(live.with_op(Op::INSTRUMENTED).as_compiled(Some(Op::JUMP_LT)) == compiled);
        let call = Word::new(Op::BINARY, 0x80, 2, 3, 4);
        assert!(call.as_compiled(None) == call && call.with_op(Op::INSTRUMENTED).as_compiled(Some(Op::BINARY)) == call);
    }
}
