//! Loads, stores and deletions of names.

use super::*;

impl Codegen<'_> {
    /// Where the (mangled) name lives for the code being generated.
    pub(super) fn place_of(&self, name: &str) -> Place {
        match self.current().places.get(name) {
            Some(&place) => place,
            None => self.scope().place(name),
        }
    }

    pub(super) fn name(&mut self, name: &str, access: Access, loc: Loc) {
        let mangled = mangle(self.current().class.as_deref(), name);
        let scope = self.scope();
        let place = self.place_of(&mangled);
        let function_like = scope.is_function_like();
        let in_class = scope.kind == ScopeKind::Class;
        let inlined = self.current().inlined > 0;
        match place {
            Place::Free | Place::Cell => {
                let index = self.deref_index(&mangled, place == Place::Free);
                let op = match access {
                    Access::Load if in_class && !inlined => {
                        self.emit(Op::LOAD_LOCALS, 0, loc);
                        Op::LOAD_FROM_DICT_OR_DEREF
                    }
                    Access::Load if scope.can_see_class => {
                        self.load_class_dict(loc);
                        Op::LOAD_FROM_DICT_OR_DEREF
                    }
                    Access::Load => Op::LOAD_DEREF,
                    Access::Store => Op::STORE_DEREF,
                    Access::Delete => Op::DELETE_DEREF,
                };
                self.emit(op, index, loc);
            }
            Place::Local if function_like || self.current().hidden.get(&mangled) == Some(&true) => {
                let op = match access {
                    Access::Load => Op::LOAD_FAST,
                    Access::Store => Op::STORE_FAST,
                    Access::Delete => Op::DELETE_FAST,
                };
                let index = self.var_index(&mangled);
                self.emit(op, index, loc);
            }
            Place::GlobalExplicit | Place::GlobalImplicit if function_like || place == Place::GlobalExplicit => {
                let index = self.name_index(name);
                match access {
                    Access::Load if scope.can_see_class && place == Place::GlobalImplicit => {
                        self.load_class_dict(loc);
                        self.emit(Op::LOAD_FROM_DICT_OR_GLOBALS, index, loc);
                    }
                    Access::Load => self.emit(Op::LOAD_GLOBAL, index << 1, loc),
                    Access::Store => self.emit(Op::STORE_GLOBAL, index, loc),
                    Access::Delete => self.emit(Op::DELETE_GLOBAL, index, loc),
                }
            }
            _ => {
                let index = self.name_index(name);
                match access {
                    Access::Load if in_class && inlined => self.emit(Op::LOAD_GLOBAL, index << 1, loc),
                    Access::Load => self.emit(Op::LOAD_NAME, index, loc),
                    Access::Store => self.emit(Op::STORE_NAME, index, loc),
                    Access::Delete => self.emit(Op::DELETE_NAME, index, loc),
                }
            }
        }
    }

    fn load_class_dict(&mut self, loc: Loc) {
        let index = self.deref_index("__classdict__", true);
        self.emit(Op::LOAD_DEREF, index, loc);
    }

    /// `__debug__` cannot be bound.
    pub(super) fn check_name(&self, name: &str, access: Access, range: TextRange) -> Done {
        match (name, access) {
            ("__debug__", Access::Store) => self.error(range, "cannot assign to __debug__"),
            ("__debug__", Access::Delete) => self.error(range, "cannot delete __debug__"),
            _ => Ok(()),
        }
    }
}
