//! Which code serves a special method: the one rule that all protocols follow.

use crate::object::function::{Function, Native};
use crate::object::header::{Kind, Ref};
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::native::typed;
use crate::vm::{Args, R, Vm};

/// What the class of an object has for a special method.
pub enum Special {
    /// The built-in class's own: serve by kind.
    Direct,
    /// That of `object`.
    Default,
    /// None at all.
    Missing,
    /// Call this with the object as its first argument (`None` where the class says `__hash__ = None` and the like).
    Method(Value),
}

impl Vm {
    /// Looks up the special method `name` of the class of `o`.
    #[inline]
    pub fn special(&mut self, o: &Value, name: &Ref<Str>) -> R<Special> {
        let Some(h) = o.header() else {
            return Ok(Special::Direct);
        };
        if !h.ty().has(type_flags::HEAP | type_flags::IMMUTABLE) && !matches!(h.kind(), Kind::Instance | Kind::Opaque) {
            return Ok(Special::Direct);
        }
        self.special_slow(o, name)
    }

    fn special_slow(&mut self, o: &Value, name: &Ref<Str>) -> R<Special> {
        let heap_class = o.class(&self.heap).has(type_flags::HEAP);
        let found = if heap_class { self.lookup_special(o, name)? } else { o.class(&self.heap).lookup(name) };
        let Some(found) = found else {
            return Ok(Special::Missing);
        };
        if let Some(n) = found.downcast::<Native>()
            && let Some(owner) = &n.owner
            && !owner.has(type_flags::HEAP | type_flags::IMMUTABLE)
            && n.is_named(name)
        {
            if owner.is(&self.types().object) {
                return Ok(Special::Default);
            }
            // A method of another built-in class is called all the same, and refuses the receiver.
            let is_own = o.class(&self.heap).is_subclass(owner);
            if is_own && !matches!(o.kind(), Some(Kind::Instance | Kind::Opaque)) {
                return Ok(Special::Direct);
            }
        }
        Ok(Special::Method(found))
    }

    /// Calls what [`Vm::special`] found.
    pub fn call_slot(&mut self, method: &Value, args: &[Value]) -> R {
        if let Some(n) = method.downcast::<Native>()
            && n.bound.is_none()
            && n.setter.is_none()
            && args.len() >= n.def.min_args as usize
            && args.len() <= n.def.max_args as usize
            && n.owner.as_ref().is_none_or(|t| args.first().is_some_and(|o| o.class(&self.heap).is_subclass(t)))
        {
            return typed(n.def.entry)(self, Args::positional(args));
        }
        match method.downcast::<Function>() {
            Some(f) => self.call_function(f, Args::positional(args), None),
            None => self.call(method, args),
        }
    }

    /// RecursionError before the native stack ends; `doing` completes CPython's sentence (` in comparison`).
    #[inline]
    pub fn check_stack(&mut self, doing: &str) -> R<()> {
        match stacker::remaining_stack() {
            Some(left) if left < STACK_RESERVE => {
                Err(self.recursion_error(format!("maximum recursion depth exceeded{doing}")))
            }
            _ => Ok(()),
        }
    }

    /// The name of the class of a value, for messages.
    pub fn class_name(&self, v: &Value) -> String {
        v.class(&self.heap).name_str()
    }

    /// The same where CPython's argument parsing makes the message, which says `None` of None.
    pub fn argument_class(&self, v: &Value) -> String {
        if v.is_none() { "None".to_owned() } else { self.class_name(v) }
    }
}

/// Bytes of native stack that must be left before native code calls itself again.
pub const STACK_RESERVE: usize = 256 * 1024;
