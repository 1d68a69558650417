//! The data of parametrized classes (`list[int]`) and of unions (`int | None`).

use super::cell::Mut;
use super::header::Ref;
use super::sequence::Tuple;
use super::value::Value;
use crate::opaque_data;

/// The data of `types.GenericAlias`.
pub struct GenericAlias {
    pub origin: Value,
    pub args: Ref<Tuple>,
    /// `*tuple[int, str]`.
    pub starred: bool,
    /// The type parameters among the arguments, once they have been asked for.
    pub parameters: Mut<Option<Ref<Tuple>>>,
}

opaque_data!(GenericAlias { origin, args, parameters });

/// The data of a union: at least two members, none twice.
pub struct Union {
    pub args: Ref<Tuple>,
}

opaque_data!(Union { args });
