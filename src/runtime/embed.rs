//! What a host that works with values needs of the rooms below: the one door through which the C ABI reaches them.

pub use crate::code::{CompareOp, Position};
pub use crate::object::cell::Mut;
pub use crate::object::dict::Dict;
pub use crate::object::exception::Exception;
pub use crate::object::function::{BoundMethod, Code, Function, Native, NativeDef};
pub use crate::object::header::{Gc, Kind, Ref};
pub use crate::object::number::{BigInt, Float};
pub use crate::object::opaque::{Opaque, OpaqueData};
pub use crate::object::sequence::{Bytes, List, Tuple};
pub use crate::object::set::Set;
pub use crate::object::str::Str;
pub use crate::object::types::{Type, type_flags};
pub use crate::object::value::Value;
pub use crate::vm::native::{ANY, erase};
pub use crate::vm::output::{Output, ProcessOutput, Stream};
pub use crate::vm::requests::Orphans;
pub use crate::vm::{Args, Exc, R, Vm};
