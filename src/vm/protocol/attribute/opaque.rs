//! Attributes of objects that pass them on to another: weak proxies and parametrized classes.

use crate::object::generic::GenericAlias;
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::object::weak::WeakRef;
use crate::vm::{R, Vm};

/// Names that are looked up on a parametrized class itself; all others are those of its origin.
const OF_ALIAS: &[&str] = &[
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__bases__",
    "__copy__",
    "__deepcopy__",
];

impl Vm {
    /// `__getattribute__` of an opaque object.
    pub(super) fn opaque_get(&mut self, o: &Value, name: &Ref<Str>) -> R<Option<Value>> {
        if self.is_weak_proxy(o) {
            let target = self.weak_target(o)?;
            return self.get_attr(&target, name).map(Some);
        }
        if let Some(alias) = o.opaque::<GenericAlias>()
            && !name.as_ascii().is_some_and(|n| OF_ALIAS.contains(&n))
        {
            let origin = alias.origin.clone();
            return self.get_attr(&origin, name).map(Some);
        }
        self.generic_get(o, name)
    }

    /// Whether an object is one of the two kinds of weak proxies.
    pub fn is_weak_proxy(&self, o: &Value) -> bool {
        let (class, t) = (o.class(&self.heap), self.types());
        class.is(&t.weak_proxy) || class.is(&t.weak_callable_proxy)
    }

    /// What a weak proxy stands for; ReferenceError if it is gone.
    pub fn weak_target(&mut self, o: &Value) -> R {
        match o.opaque::<WeakRef>().and_then(WeakRef::get) {
            Some(target) => Ok(target),
            None => {
                let class = self.types().ReferenceError.clone();
                Err(self.error(&class, "weakly-referenced object no longer exists"))
            }
        }
    }
}
