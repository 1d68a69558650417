//! The data of parametrized classes (`list[int]`) and of unions (`int | None`).

use super::cell::Mut;
use super::header::Ref;
use super::opaque::OpaqueData;
use super::sequence::Tuple;
use super::value::Value;

/// The data of `types.GenericAlias`.
pub struct GenericAlias {
    pub origin: Value,
    pub args: Ref<Tuple>,
    /// `*tuple[int, str]`.
    pub starred: bool,
    /// The type parameters among the arguments, once they have been asked for.
    pub parameters: Mut<Option<Ref<Tuple>>>,
}

impl OpaqueData for GenericAlias {
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.origin);
        visit(self.args.as_value());
        self.parameters.borrow().iter().for_each(|p| visit(p.as_value()));
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// The data of a union: at least two members, none twice.
pub struct Union {
    pub args: Ref<Tuple>,
}

impl OpaqueData for Union {
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self.args.as_value());
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}
