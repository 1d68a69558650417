//! The stack IR between code generation and lowering: basic blocks of CPython 3.13's instructions, before encoding.
//!
//! What differs from CPython's own bytecode:
//! * no superinstructions, caches, `EXTENDED_ARG`; jumps have a block for a target and no direction (`JUMP` is
//!   `JUMP_FORWARD` or `JUMP_BACKWARD` by layout order);
//! * locals, cells and free variables keep separate numbers ([`Op::LOAD_FAST`], [`Op::LOAD_DEREF`]);
//! * `LOAD_CLOSURE` and `STORE_FAST_MAYBE_NULL` stay what they are;
//! * exception handlers are a field of each instruction, not a table; the jump back that is added behind a conditional
//!   jump keeps the handler, which CPython 3.13 loses;
//! * an inlined comprehension of a class body saves the names it binds only, not all that it uses.
//!
//! `RETURN_CONST` is kept as CPython 3.13 has it (it carries one location, not two).

use rustc_hash::FxHashMap;

use crate::code::constant::Const;
pub use crate::code::instruction_args::{COMPARE_TO_BOOL, function_attribute, intrinsic1, intrinsic2};

/// The index of a block in [`Unit::blocks`].  (While code is being generated: a label.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(pub u32);

/// A source range as `co_positions` gives it: lines from 1, columns from 0 in UTF-8 bytes, -1 where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Loc {
    pub line: i32,
    pub end_line: i32,
    pub col: i32,
    pub end_col: i32,
}

impl Loc {
    /// No location: the instruction gets one from its neighbours or stays without a line.
    pub const NONE: Loc = Loc { line: -1, end_line: -1, col: -1, end_col: -1 };
    /// "Whatever the next instruction has": only before [`Unit`] is finished.
    pub const NEXT: Loc = Loc { line: -2, end_line: -2, col: -2, end_col: -2 };

    /// The start of `line`, with empty columns.
    pub fn start_of_line(line: i32) -> Loc {
        Loc { line, end_line: line, col: 0, end_col: 0 }
    }
}

/// Where an exception that leaves an instruction goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandlerRef {
    /// The handler.  It is entered with the stack cut to `depth`, then lasti (an int) if `push_lasti`, then the
    /// exception pushed.
    pub block: BlockId,
    pub depth: u32,
    pub push_lasti: bool,
}

/// One instruction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Instr {
    pub op: Op,
    /// The operand; 0 where the instruction has none.  See [`Op`] for its meaning.
    pub arg: u32,
    /// The destination of a jump ([`Op::has_target`]), else None.
    pub target: Option<BlockId>,
    pub loc: Loc,
    pub except: Option<HandlerRef>,
}

/// A basic block: entered at its first instruction only; a jump or an instruction that ends the scope comes last.
#[derive(Clone, Debug, Default)]
pub struct Block {
    pub instrs: Vec<Instr>,
    /// Operands on the stack when the block is entered.
    pub start_depth: u32,
    /// Whether control runs on into the next block of [`Unit::blocks`] (also after a conditional jump).
    pub falls_through: bool,
    /// Whether an exception is what enters the block.
    pub is_handler: bool,
}

/// What will become a code object.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    pub name: String,
    pub qualname: String,
    pub file: String,
    /// `co_firstlineno` (of the first decorator, where there is one).
    pub first_line: i32,
    /// `co_argcount`: positional parameters, the positional-only ones included.
    pub arg_count: u32,
    pub pos_only_count: u32,
    pub kw_only_count: u32,
    /// `CO_*`, CPython's numbers ([`flags`]).
    pub flags: u32,
    /// `consts[0]` is the docstring when `flags` has [`flags::HAS_DOCSTRING`].
    pub consts: Vec<Const>,
    pub names: Vec<String>,
    /// Parameters first: positional, keyword-only, `*args`, `**kwargs`; then the other locals.
    pub varnames: Vec<String>,
    /// Cells.  One whose name is in `varnames` lives in that variable's slot.
    pub cellvars: Vec<String>,
    pub freevars: Vec<String>,
    /// Local names that only an inlined comprehension of a class or module scope uses: in `varnames`, but not in
    /// `locals()`.
    pub hidden: Vec<String>,
    pub blocks: Vec<Block>,
    /// The units that `Const::Code` counts.
    pub nested: Vec<Unit>,
    /// The greatest number of operands on the stack.
    pub stack_size: u32,
}

impl Unit {
    /// By cell: the variable in whose slot it lives, if it has none of its own.
    pub fn cell_slots(&self) -> Vec<Option<usize>> {
        if self.cellvars.is_empty() {
            return Vec::new();
        }
        let slots: FxHashMap<&String, usize> = self.varnames.iter().rev().zip((0..self.varnames.len()).rev()).collect();
        self.cellvars.iter().map(|name| slots.get(name).copied()).collect()
    }

    /// Where the unit is in its source: what is not the same unit differs, but for the copies of a `finally` body.
    pub fn place(&self) -> (i32, Loc) {
        let instrs = self.blocks.iter().flat_map(|block| &block.instrs);
        // the last, because the first is the RESUME of the line
        (self.first_line, instrs.map(|instr| instr.loc).rfind(|loc| loc.col >= 0).unwrap_or(Loc::NONE))
    }

    /// Whether two units are the same code from the same place.
    pub fn same(&self, other: &Unit) -> bool {
        self.first_line == other.first_line
            && self.qualname == other.qualname
            && self.flags == other.flags
            && (self.arg_count, self.pos_only_count, self.kw_only_count)
                == (other.arg_count, other.pos_only_count, other.kw_only_count)
            && self.names == other.names
            && self.varnames == other.varnames
            && self.cellvars == other.cellvars
            && self.freevars == other.freevars
            && self.blocks.iter().map(|block| &block.instrs).eq(other.blocks.iter().map(|block| &block.instrs))
            && self.consts.len() == other.consts.len()
            && self.consts.iter().zip(&other.consts).all(|(a, b)| a.same(b))
            && self.nested.len() == other.nested.len()
            && self.nested.iter().zip(&other.nested).all(|(a, b)| a.same(b))
    }
}

/// The bits of [`Unit::flags`].
pub mod flags {
    pub const OPTIMIZED: u32 = 0x1;
    pub const NEWLOCALS: u32 = 0x2;
    pub const VARARGS: u32 = 0x4;
    pub const VARKEYWORDS: u32 = 0x8;
    pub const NESTED: u32 = 0x10;
    pub const GENERATOR: u32 = 0x20;
    pub const COROUTINE: u32 = 0x80;
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    pub const ASYNC_GENERATOR: u32 = 0x200;
    pub const FUTURE_ANNOTATIONS: u32 = 0x100_0000;
    /// 3.14: `consts[0]` is the docstring.
    pub const HAS_DOCSTRING: u32 = 0x400_0000;
    /// 3.14: a method, i.e. defined in a class body.
    pub const METHOD: u32 = 0x800_0000;
}

macro_rules! ops {
    ($( $(#[$doc:meta])* $name:ident |$arg:pat_param| ($pop:expr, $push:expr); )*) => {
        /// The instructions.  The comment before each group tells the operand (`arg`) and the stack effect,
        /// bottom to top, `before -- after`.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Op { $( $(#[$doc])* $name, )* }

        impl Op {
            /// CPython's name.
            pub fn name(self) -> &'static str {
                match self { $( Op::$name => stringify!($name), )* }
            }

            /// How many operands are popped and pushed when control goes on to the next instruction.
            pub fn effect(self, arg: u32) -> (u32, u32) {
                match self { $( Op::$name => { let $arg = arg; ($pop, $push) } )* }
            }
        }
    };
}

ops! {
    /// Nothing; it is there for its line.
    NOP |_| (0, 0);
    /// Entry (arg 0), after a yield (1), after `yield from` (2), after an await (3); bit 2 is set when the only handler
    /// around is the generator's own.
    RESUME |_| (0, 0);
    /// Makes the generator/coroutine and returns it; `-- sent` (when resumed).
    RETURN_GENERATOR |_| (0, 1);
    /// `x --`
    POP_TOP |_| (1, 0);
    /// `-- NULL`
    PUSH_NULL |_| (0, 1);
    /// Pushes the arg-th operand from the top (1 is the top).
    COPY |_| (0, 1);
    /// Exchanges the top with the arg-th operand from the top.
    SWAP |_| (0, 0);
    /// `consts[arg]`: `-- x`
    LOAD_CONST |_| (0, 1);
    /// Returns `consts[arg]`.
    RETURN_CONST |_| (0, 0);
    /// `varnames[arg]`, known to be bound: `-- x`
    LOAD_FAST |_| (0, 1);
    /// `varnames[arg]`, UnboundLocalError if not bound: `-- x`
    LOAD_FAST_CHECK |_| (0, 1);
    /// Pushes the slot of `varnames[arg]` (NULL if not bound; a cell if it holds one) and empties it.
    LOAD_FAST_AND_CLEAR |_| (0, 1);
    /// `x --`
    STORE_FAST |_| (1, 0);
    /// As STORE_FAST; the value may be NULL (it undoes LOAD_FAST_AND_CLEAR).
    STORE_FAST_MAYBE_NULL |_| (1, 0);
    /// UnboundLocalError if not bound.
    DELETE_FAST |_| (0, 0);
    /// The cell itself: `-- cell`.  arg: below `cellvars.len()` it counts cellvars, from there on freevars; the same
    /// for the next six.
    LOAD_CLOSURE |_| (0, 1);
    /// `-- x`
    LOAD_DEREF |_| (0, 1);
    /// `x --`
    STORE_DEREF |_| (1, 0);
    DELETE_DEREF |_| (0, 0);
    /// `mapping -- x`: from the mapping, else from the cell.
    LOAD_FROM_DICT_OR_DEREF |_| (1, 1);
    /// Turns the slot (and the argument in it) into a cell.
    MAKE_CELL |_| (0, 0);
    /// Takes arg cells of the function's closure into the frame.
    COPY_FREE_VARS |_| (0, 0);
    /// `names[arg]`, in locals, globals, builtins: `-- x`
    LOAD_NAME |_| (0, 1);
    STORE_NAME |_| (1, 0);
    DELETE_NAME |_| (0, 0);
    /// `names[arg >> 1]`; `-- x`, or `-- x NULL` with bit 0.
    LOAD_GLOBAL |arg| (0, 1 + (arg & 1));
    STORE_GLOBAL |_| (1, 0);
    DELETE_GLOBAL |_| (0, 0);
    /// `names[arg]`: `mapping -- x`
    LOAD_FROM_DICT_OR_GLOBALS |_| (1, 1);
    /// `-- locals`
    LOAD_LOCALS |_| (0, 1);
    /// `names[arg >> 1]`: `owner -- x`; with bit 0 (a method call follows) `owner -- method self`, or
    /// `owner -- x NULL` when it is no method.
    LOAD_ATTR |arg| (1, 1 + (arg & 1));
    /// `names[arg]`: `value owner --`
    STORE_ATTR |_| (2, 0);
    /// `names[arg]`: `owner --`
    DELETE_ATTR |_| (1, 0);
    /// `names[arg >> 2]`: `super class self -- x`; bit 0: method call, as LOAD_ATTR; bit 1: `super` was called with two
    /// arguments.
    LOAD_SUPER_ATTR |arg| (3, 1 + (arg & 1));
    /// `container key -- x`
    BINARY_SUBSCR |_| (2, 1);
    /// `value container key --`
    STORE_SUBSCR |_| (3, 0);
    /// `container key --`
    DELETE_SUBSCR |_| (2, 0);
    /// `container start stop -- x`
    BINARY_SLICE |_| (3, 1);
    /// `value container start stop --`
    STORE_SLICE |_| (4, 0);
    /// arg 2 or 3: `start stop [step] -- slice`
    BUILD_SLICE |arg| (arg, 1);
    UNARY_NEGATIVE |_| (1, 1);
    UNARY_NOT |_| (1, 1);
    UNARY_INVERT |_| (1, 1);
    /// `x -- bool`
    TO_BOOL |_| (1, 1);
    /// arg: NB_* of CPython: 0 + 1 & 2 // 3 << 4 @ 5 * 6 % 7 | 8 ** 9 >> 10 - 11 / 12 ^, plus 13 when in place.
    BINARY_OP |_| (2, 1);
    /// arg & 15: a [`CompareOp`](crate::code::CompareOp); | COMPARE_TO_BOOL.
    COMPARE_OP |_| (2, 1);
    /// `item container -- bool`; arg 1: not in.
    CONTAINS_OP |_| (2, 1);
    /// arg 1: is not.
    IS_OP |_| (2, 1);
    BUILD_TUPLE |arg| (arg, 1);
    BUILD_LIST |arg| (arg, 1);
    BUILD_SET |arg| (arg, 1);
    /// arg pairs: `k1 v1 k2 v2 -- dict`
    BUILD_MAP |arg| (2 * arg, 1);
    /// `v1 .. vn keys -- dict`
    BUILD_CONST_KEY_MAP |arg| (arg + 1, 1);
    BUILD_STRING |arg| (arg, 1);
    /// `list .. x -- list ..`: the list is the arg-th from the top after x is popped; the same for the others.
    LIST_APPEND |_| (1, 0);
    SET_ADD |_| (1, 0);
    /// `dict .. key value -- dict ..`
    MAP_ADD |_| (2, 0);
    LIST_EXTEND |_| (1, 0);
    SET_UPDATE |_| (1, 0);
    DICT_UPDATE |_| (1, 0);
    /// As DICT_UPDATE, for `**kwargs` of a call: TypeError on a duplicate key (names the callable below the dict).
    DICT_MERGE |_| (1, 0);
    /// `x -- itemN .. item1`
    UNPACK_SEQUENCE |arg| (1, arg);
    /// arg & 255 before the star, arg >> 8 after it: `x -- after.. list before..` (first item on top).
    UNPACK_EX |arg| (1, (arg & 255) + 1 + (arg >> 8));
    /// `x -- str`
    FORMAT_SIMPLE |_| (1, 1);
    /// `x spec -- str`
    FORMAT_WITH_SPEC |_| (2, 1);
    /// arg 1: str, 2: repr, 3: ascii.
    CONVERT_VALUE |_| (1, 1);
    /// 3.14: `value text [spec] -- interpolation`; arg >> 2: conversion as CONVERT_VALUE, bit 0: a spec is there.
    BUILD_INTERPOLATION |arg| (2 + (arg & 1), 1);
    /// 3.14: `strings interpolations -- template`
    BUILD_TEMPLATE |_| (2, 1);
    /// `callable self_or_NULL a1 .. aN -- result`
    CALL |arg| (arg + 2, 1);
    /// `callable self_or_NULL a1 .. aN names -- result`; the last names.len() of the N are keyword arguments.
    CALL_KW |arg| (arg + 3, 1);
    /// `callable NULL args [kwargs] -- result`; bit 0: kwargs.
    CALL_FUNCTION_EX |arg| (3 + (arg & 1), 1);
    /// See [`intrinsic1`].
    CALL_INTRINSIC_1 |_| (1, 1);
    /// See [`intrinsic2`].
    CALL_INTRINSIC_2 |_| (2, 1);
    /// `code -- function`
    MAKE_FUNCTION |_| (1, 1);
    /// `attribute function -- function`; see [`function_attribute`].
    SET_FUNCTION_ATTRIBUTE |_| (2, 1);
    /// `-- __build_class__`
    LOAD_BUILD_CLASS |_| (0, 1);
    /// `-- AssertionError`
    LOAD_ASSERTION_ERROR |_| (0, 1);
    RETURN_VALUE |_| (1, 0);
    /// `x -- sent`; arg 1 inside `yield from`/`await`, else 0.
    YIELD_VALUE |_| (1, 1);
    /// `receiver value -- receiver yielded`; jumps with `receiver result` when it has returned.
    SEND |_| (2, 2);
    /// `receiver result -- result`
    END_SEND |_| (2, 1);
    /// `receiver last_sent exception -- NONE result`, or raises it again unless StopIteration.
    CLEANUP_THROW |_| (3, 2);
    GET_ITER |_| (1, 1);
    GET_YIELD_FROM_ITER |_| (1, 1);
    GET_AITER |_| (1, 1);
    /// `aiter -- aiter awaitable`
    GET_ANEXT |_| (0, 1);
    /// arg 0: await, 1: `__aenter__`, 2: `__aexit__`.
    GET_AWAITABLE |_| (1, 1);
    /// `aiter exception --`; raises it again unless StopAsyncIteration.
    END_ASYNC_FOR |_| (2, 0);
    /// `manager -- exit entered`
    BEFORE_WITH |_| (1, 2);
    BEFORE_ASYNC_WITH |_| (1, 2);
    /// `exit lasti previous exception -- exit lasti previous exception result`
    WITH_EXCEPT_START |_| (0, 1);
    /// `iterator -- iterator next`.  When exhausted it pops the iterator and goes on behind the END_FOR and POP_TOP at
    /// its target, which are never run (for the static stack depth they remove `iterator NULL`).
    FOR_ITER |_| (0, 1);
    /// `NULL --`.  Never run: see FOR_ITER.
    END_FOR |_| (1, 0);
    JUMP |_| (0, 0);
    /// A jump back without a check for interrupts.  (A jump forward is always JUMP, and checks none.)
    JUMP_NO_INTERRUPT |_| (0, 0);
    /// `bool --`
    POP_JUMP_IF_FALSE |_| (1, 0);
    POP_JUMP_IF_TRUE |_| (1, 0);
    /// `x --`
    POP_JUMP_IF_NONE |_| (1, 0);
    POP_JUMP_IF_NOT_NONE |_| (1, 0);
    /// `exception -- previous exception`; the exception becomes the handled one.
    PUSH_EXC_INFO |_| (1, 2);
    /// `previous --`
    POP_EXCEPT |_| (1, 0);
    /// `exception type -- exception bool`
    CHECK_EXC_MATCH |_| (2, 2);
    /// `group type -- rest match`
    CHECK_EG_MATCH |_| (2, 2);
    /// `exception --`; arg n > 0: the lasti to restore is n below it (arg 1: `lasti exception`).
    RERAISE |_| (1, 0);
    /// arg 0: bare raise; 1: `exception --`; 2: `exception cause --`.
    RAISE_VARARGS |arg| (arg, 0);
    /// `names[arg]`: `level fromlist -- module`
    IMPORT_NAME |_| (2, 1);
    /// `names[arg]`: `module -- module x`
    IMPORT_FROM |_| (1, 2);
    /// `subject class names -- attributes_tuple_or_None`; arg positional patterns.
    MATCH_CLASS |_| (3, 1);
    /// `subject keys -- subject keys values_or_None`
    MATCH_KEYS |_| (2, 3);
    /// `subject -- subject bool`
    MATCH_MAPPING |_| (1, 2);
    MATCH_SEQUENCE |_| (1, 2);
    /// `subject -- subject len`
    GET_LEN |_| (1, 2);
    /// Never in a finished unit: what follows is protected by the target (`exception` is pushed).
    SETUP_FINALLY |_| (0, 0);
    /// Never in a finished unit: as SETUP_FINALLY, with lasti.
    SETUP_CLEANUP |_| (0, 0);
    /// Never in a finished unit: as SETUP_CLEANUP, and the result of `__enter__` is popped first.
    SETUP_WITH |_| (0, 0);
    /// Never in a finished unit: ends the innermost protection.
    POP_BLOCK |_| (0, 0);
}

impl Op {
    /// Whether it begins the protection of a handler (finished units have no such instruction).
    pub fn is_block_push(self) -> bool {
        matches!(self, Op::SETUP_FINALLY | Op::SETUP_CLEANUP | Op::SETUP_WITH)
    }

    /// Whether control may go to `target`.
    pub fn has_target(self) -> bool {
        self.is_jump() || self.is_block_push()
    }

    /// Whether it is a jump, conditional or not.
    pub fn is_jump(self) -> bool {
        self.is_unconditional_jump()
            || matches!(
                self,
                Op::FOR_ITER
                    | Op::SEND
                    | Op::POP_JUMP_IF_FALSE
                    | Op::POP_JUMP_IF_TRUE
                    | Op::POP_JUMP_IF_NONE
                    | Op::POP_JUMP_IF_NOT_NONE
            )
    }

    pub fn is_unconditional_jump(self) -> bool {
        matches!(self, Op::JUMP | Op::JUMP_NO_INTERRUPT)
    }

    /// Whether control leaves the code object here.
    pub fn is_scope_exit(self) -> bool {
        matches!(self, Op::RETURN_VALUE | Op::RETURN_CONST | Op::RAISE_VARARGS | Op::RERAISE)
    }

    /// How many operands the stack grows by when control goes to `target` (the handler's own pushes included).
    pub fn jump_growth(self, arg: u32) -> i32 {
        match self {
            Op::SETUP_FINALLY | Op::SETUP_WITH => 1,
            Op::SETUP_CLEANUP => 2,
            _ => self.growth(arg),
        }
    }

    /// How many operands the stack grows by when control goes on to the next instruction.
    pub fn growth(self, arg: u32) -> i32 {
        let (pop, push) = self.effect(arg);
        push as i32 - pop as i32
    }
}
