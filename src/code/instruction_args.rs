//! Numbers that the compiler puts into operands and the VM acts on.

/// The operand of `CALL_INTRINSIC_1`: CPython's numbers.
pub mod intrinsic1 {
    pub const PRINT: u32 = 1;
    pub const IMPORT_STAR: u32 = 2;
    pub const STOPITERATION_ERROR: u32 = 3;
    pub const ASYNC_GEN_WRAP: u32 = 4;
    pub const UNARY_POSITIVE: u32 = 5;
    pub const LIST_TO_TUPLE: u32 = 6;
    pub const TYPEVAR: u32 = 7;
    pub const PARAMSPEC: u32 = 8;
    pub const TYPEVARTUPLE: u32 = 9;
    pub const SUBSCRIPT_GENERIC: u32 = 10;
    pub const TYPEALIAS: u32 = 11;
}

/// The operand of `CALL_INTRINSIC_2`: CPython's numbers.
pub mod intrinsic2 {
    pub const PREP_RERAISE_STAR: u32 = 1;
    pub const TYPEVAR_WITH_BOUND: u32 = 2;
    pub const TYPEVAR_WITH_CONSTRAINTS: u32 = 3;
    pub const SET_FUNCTION_TYPE_PARAMS: u32 = 4;
    pub const SET_TYPEPARAM_DEFAULT: u32 = 5;
}

/// Bit of the operand of `COMPARE_OP`: it says that the result is used as a truth value only (`bool()` of it is pushed).
pub const COMPARE_TO_BOOL: u32 = 16;

/// The operand of `SET_FUNCTION_ATTRIBUTE`.
pub mod function_attribute {
    /// A tuple of defaults.
    pub const DEFAULTS: u32 = 1;
    /// A dict of keyword-only defaults.
    pub const KW_DEFAULTS: u32 = 2;
    /// A tuple of cells.
    pub const CLOSURE: u32 = 8;
    /// 3.14: the `__annotate__` function.
    pub const ANNOTATE: u32 = 16;
}
