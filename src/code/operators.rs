//! The operators: the one list of them, with their symbols and special methods.

macro_rules! operators {
    ($(#[$doc:meta])* $name:ident { $($op:ident $symbol:literal $method:literal $reflected:literal $inplace:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum $name { $($op),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$op),*];

            /// As it is written between operands.
            pub const fn symbol(self) -> &'static str {
                match self { $($name::$op => $symbol),* }
            }

            /// The special method of the left operand.
            pub const fn method(self) -> &'static str {
                match self { $($name::$op => $method),* }
            }

            /// The special method of the right operand.
            pub const fn reflected(self) -> &'static str {
                match self { $($name::$op => $reflected),* }
            }

            /// The special method of augmented assignment; empty where there is none.
            pub const fn inplace(self) -> &'static str {
                match self { $($name::$op => $inplace),* }
            }

            pub const fn from_u8(n: u8) -> Option<$name> {
                if (n as usize) < Self::ALL.len() { Some(Self::ALL[n as usize]) } else { None }
            }
        }
    };
}

operators! {
    /// Arithmetic and bit operators with two operands.
    BinaryOp {
        Add "+" "__add__" "__radd__" "__iadd__";
        Sub "-" "__sub__" "__rsub__" "__isub__";
        Mul "*" "__mul__" "__rmul__" "__imul__";
        MatMul "@" "__matmul__" "__rmatmul__" "__imatmul__";
        TrueDiv "/" "__truediv__" "__rtruediv__" "__itruediv__";
        FloorDiv "//" "__floordiv__" "__rfloordiv__" "__ifloordiv__";
        Mod "%" "__mod__" "__rmod__" "__imod__";
        Pow "**" "__pow__" "__rpow__" "__ipow__";
        LShift "<<" "__lshift__" "__rlshift__" "__ilshift__";
        RShift ">>" "__rshift__" "__rrshift__" "__irshift__";
        And "&" "__and__" "__rand__" "__iand__";
        Or "|" "__or__" "__ror__" "__ior__";
        Xor "^" "__xor__" "__rxor__" "__ixor__";
    }
}

operators! {
    /// Rich comparisons; the reflected method is that of the swapped comparison.
    CompareOp {
        Lt "<" "__lt__" "__gt__" "";
        Le "<=" "__le__" "__ge__" "";
        Eq "==" "__eq__" "__eq__" "";
        Ne "!=" "__ne__" "__ne__" "";
        Gt ">" "__gt__" "__lt__" "";
        Ge ">=" "__ge__" "__le__" "";
    }
}

operators! {
    /// Operators with one operand (`not` is not among them: it has no method).
    UnaryOp {
        Neg "-" "__neg__" "" "";
        Pos "+" "__pos__" "" "";
        Invert "~" "__invert__" "" "";
    }
}

impl CompareOp {
    /// The comparison with its operands swapped.
    pub const fn swapped(self) -> CompareOp {
        match self {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
            op => op,
        }
    }

    /// Whether it holds for an ordering.
    pub fn holds(self, o: std::cmp::Ordering) -> bool {
        match self {
            CompareOp::Lt => o.is_lt(),
            CompareOp::Le => o.is_le(),
            CompareOp::Eq => o.is_eq(),
            CompareOp::Ne => o.is_ne(),
            CompareOp::Gt => o.is_gt(),
            CompareOp::Ge => o.is_ge(),
        }
    }
}
