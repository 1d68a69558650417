//! The namespace of a module, a class body or an `exec`: any mapping.  An exact dict is asked directly, anything else
//! (what `__prepare__` or the caller of `exec` gave) by its `__getitem__`, `__setitem__` and `__delitem__`.

use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    /// The namespace of the running module or class body.
    pub(super) fn locals_mapping(&self) -> Option<Value> {
        self.stack.frame().and_then(|f| f.locals.clone())
    }

    /// The namespace as a dict whose methods nobody has overridden.
    pub(super) fn plain_namespace<'a>(&self, map: &'a Value) -> Option<&'a Ref<Dict>> {
        map.downcast::<Dict>().filter(|d| d.ty().is(&self.types().dict))
    }

    /// The value of a name; None where the mapping raises KeyError.
    pub(super) fn namespace_get(&mut self, map: &Value, name: &Ref<Str>) -> R<Option<Value>> {
        if let Some(d) = self.plain_namespace(map) {
            return Ok(d.get_str(name));
        }
        match self.get_item(map, name.as_value()) {
            Ok(v) => Ok(Some(v)),
            Err(e) if self.is_exception(&e, &self.types().KeyError) => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Binds a name; gives back what it had been bound to, where the mapping is a plain dict.
    pub(super) fn namespace_set(&mut self, map: &Value, name: &Ref<Str>, v: Value) -> R<Option<Value>> {
        if let Some(d) = self.plain_namespace(map) {
            return Ok(d.set_str(&self.heap, name, v));
        }
        self.set_item(map, name.as_value(), v)?;
        Ok(None)
    }

    /// Unbinds a name; what it had been bound to (None itself, where the mapping is no plain dict), or None if it was
    /// not bound.
    pub(super) fn namespace_remove(&mut self, map: &Value, name: &Ref<Str>) -> R<Option<Value>> {
        if let Some(d) = self.plain_namespace(map) {
            return Ok(d.remove_str(name));
        }
        match self.del_item(map, name.as_value()) {
            Ok(()) => Ok(Some(Value::NONE)),
            Err(e) if self.is_exception(&e, &self.types().KeyError) => Ok(None),
            Err(e) => Err(e),
        }
    }
}
