//! What `set.update` and the stars of a set display do.

use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::set::Set;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    /// Adds all items of an iterable.
    pub fn set_update(&mut self, s: &Ref<Set>, v: &Value) -> R<()> {
        if let Some(other) = v.downcast::<Set>() {
            if other.is(s) || other.is_empty() {
                return Ok(());
            }
            if s.is_unused() {
                s.copy_from(&self.heap, other);
                return Ok(());
            }
            s.reserve(&self.heap, other.len());
            // A comparison may change the other set: its slots are read as they then are.
            let mut at = 0;
            while let Some((after, hash, key)) = other.next(at) {
                at = after;
                self.set_add_hashed(s, hash, key)?;
            }
            return Ok(());
        }
        if let Some(d) = v.downcast::<Dict>()
            && !v.class(&self.heap).has(type_flags::HEAP)
        {
            s.reserve(&self.heap, d.len());
            let mut i = 0;
            while i < d.positions() {
                if let Some((hash, key, _)) = d.entry(i) {
                    self.set_add_hashed(s, hash, key)?;
                }
                i += 1;
            }
            return Ok(());
        }
        let it = self.iter(v)?;
        while let Some(key) = self.next(&it)? {
            self.set_add(s, key)?;
        }
        Ok(())
    }
}
