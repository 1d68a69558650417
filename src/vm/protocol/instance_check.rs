//! `isinstance` and `issubclass`: what a metaclass says, else the order of classes.

use crate::object::function::Native;
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// A class's own `__instancecheck__` or `__subclasscheck__`: None where it is that of `type`.
fn own_check(vm: &mut Vm, class: &Value, n: &Ref<Str>) -> R<Option<Value>> {
    let meta = class.class(&vm.heap);
    if meta.is(&vm.types().type_) {
        return Ok(None);
    }
    let Some(f) = meta.lookup(n) else { return Ok(None) };
    let of_type = f.downcast::<Native>().is_some_and(|f| f.owner.as_ref().is_some_and(|o| o.is(&vm.types().type_)));
    if of_type { Ok(None) } else { vm.lookup_special(class, n) }
}

impl Vm {
    /// `isinstance(v, class)`.
    pub fn isinstance(&mut self, v: &Value, class: &Value) -> R<bool> {
        if v.class(&self.heap).as_value().is(class) {
            return Ok(true);
        }
        if let Some(t) = class.downcast::<Tuple>().cloned() {
            self.check_stack(" in __instancecheck__")?;
            for c in t.iter() {
                if self.isinstance(v, c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let n = self.types().names.__instancecheck__.clone();
        if let Some(f) = own_check(self, class, &n)? {
            let r = self.call_slot(&f, &[class.clone(), v.clone()])?;
            return self.truth(&r);
        }
        self.plain_isinstance(v, class)
    }

    /// `isinstance` as `type.__instancecheck__` has it.
    pub fn plain_isinstance(&mut self, v: &Value, class: &Value) -> R<bool> {
        let Some(c) = class.downcast::<Type>().cloned() else {
            self.expect_abstract(class, "isinstance() arg 2 must be a type, a tuple of types, or a union")?;
            let n = self.types().names.__class__.clone();
            return match self.get_attr_opt(v, &n)? {
                Some(own) => self.is_abstract_subclass(own, class),
                None => Ok(false),
            };
        };
        let own = v.class(&self.heap).clone();
        if own.is_subclass(&c) {
            return Ok(true);
        }
        // An object may claim another class: only those of classes of Python code and weak proxies can.
        if !own.has(type_flags::HEAP) && !self.is_weak_proxy(v) {
            return Ok(false);
        }
        let n = self.types().names.__class__.clone();
        Ok(match self.get_attr_opt(v, &n)?.as_ref().and_then(|k| k.downcast::<Type>()) {
            Some(k) => !k.is(&own) && k.is_subclass(&c),
            None => false,
        })
    }

    /// `issubclass(v, class)`.
    pub fn issubclass(&mut self, v: &Value, class: &Value) -> R<bool> {
        if let Some(t) = class.downcast::<Tuple>().cloned() {
            self.check_stack(" in __subclasscheck__")?;
            for c in t.iter() {
                if self.issubclass(v, c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let n = self.types().names.__subclasscheck__.clone();
        if let Some(f) = own_check(self, class, &n)? {
            let r = self.call_slot(&f, &[class.clone(), v.clone()])?;
            return self.truth(&r);
        }
        match (v.downcast::<Type>(), class.downcast::<Type>()) {
            (Some(v), Some(c)) => Ok(v.is_subclass(c)),
            _ => {
                self.expect_abstract(v, "issubclass() arg 1 must be a class")?;
                self.expect_abstract(class, "issubclass() arg 2 must be a class, a tuple of classes, or a union")?;
                self.is_abstract_subclass(v.clone(), class)
            }
        }
    }

    /// The tuple that is the `__bases__` of what need not be a class; None where it has no such.
    fn abstract_bases(&mut self, v: &Value) -> R<Option<Ref<Tuple>>> {
        let n = self.types().names.__bases__.clone();
        Ok(self.get_attr_opt(v, &n)?.and_then(|bases| bases.downcast_owned::<Tuple>().ok()))
    }

    /// Refuses what has no `__bases__`, in these words.
    fn expect_abstract(&mut self, v: &Value, otherwise: &str) -> R<()> {
        match self.abstract_bases(v)? {
            Some(_) => Ok(()),
            None => Err(self.type_error(otherwise)),
        }
    }

    /// Whether `class` is `derived` or among its bases and theirs, none of which need be classes.
    fn is_abstract_subclass(&mut self, mut derived: Value, class: &Value) -> R<bool> {
        loop {
            self.poll_if_due()?;
            if derived.is(class) {
                return Ok(true);
            }
            let bases = self.abstract_bases(&derived)?.map(|bases| bases.to_vec()).unwrap_or_default();
            match &bases[..] {
                [] => return Ok(false),
                // Without recursion: a chain may be long.
                [only] => derived = only.clone(),
                _ => {
                    self.check_stack(" in __issubclass__")?;
                    for base in bases {
                        if self.is_abstract_subclass(base, class)? {
                            return Ok(true);
                        }
                    }
                    return Ok(false);
                }
            }
        }
    }
}
