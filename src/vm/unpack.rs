//! Unpacking: targets of an assignment, and `*` and `**` in displays and calls.

use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::{Exc, R, Vm};

impl Vm {
    /// CPython's words for `[*5]`.
    pub(super) fn not_iterable_after_star(&mut self, e: Exc, v: &Value) -> Exc {
        let class = v.class(&self.heap).clone();
        let (iter, get) = (self.types().names.__iter__.clone(), self.types().names.__getitem__.clone());
        if class.lookup(&iter).is_some() || class.lookup(&get).is_some() {
            return e;
        }
        self.type_error(format!("Value after * must be an iterable, not {}", class.name_str()))
    }

    /// `{**m}` (no callable) or the keywords of a call.
    pub(super) fn dict_merge(&mut self, d: &Ref<Dict>, m: &Value, callable: Option<&Value>) -> R<()> {
        let items = match m.downcast::<Dict>() {
            Some(m) => m.items(),
            None => {
                let keys = self.types().names.keys.clone();
                let Some(f) = self.get_attr_opt(m, &keys)? else {
                    let got = m.class(&self.heap).name_str();
                    return Err(match callable {
                        Some(c) => {
                            let f = self.callable_text(c);
                            self.type_error(format!("{f} argument after ** must be a mapping, not {got}"))
                        }
                        None => self.type_error(format!("'{got}' object is not a mapping")),
                    });
                };
                let mut items = Vec::new();
                for k in self.keys_of(m, &f)? {
                    let v = self.get_item(m, &k)?;
                    items.push((k, v));
                }
                items
            }
        };
        for (k, v) in items {
            if let Some(c) = callable {
                // That a key is no string is the call's error, after its CALL event.
                let is_there = match k.downcast::<Str>() {
                    Some(name) => d.get_str(name).is_some(),
                    None => self.dict_get(d, &k)?.is_some(),
                };
                if is_there {
                    let (f, name) = (self.callable_text(c), self.str(&k)?);
                    return Err(self.type_error(format!("{f} got multiple values for keyword argument '{name}'")));
                }
            }
            self.dict_set(d, k, v)?;
        }
        Ok(())
    }

    /// UNPACK_SEQUENCE in general.
    pub(super) fn unpack(&mut self, a: u16, v: Value, n: usize) -> R<()> {
        let exact = v.class(&self.heap).is(&self.types().tuple) || v.class(&self.heap).is(&self.types().list);
        let items = if exact {
            let items = match v.downcast::<Tuple>() {
                Some(t) => t.to_vec(),
                None => v.downcast::<List>().map(|l| l.to_vec()).unwrap_or_default(),
            };
            if items.len() > n {
                let got = items.len();
                return Err(self.value_error(format!("too many values to unpack (expected {n}, got {got})")));
            }
            items
        } else {
            let it = self.unpack_iter(&v)?;
            let mut items = Vec::with_capacity(n);
            while items.len() < n {
                match self.next(&it)? {
                    Some(i) => items.push(i),
                    None => break,
                }
            }
            if items.len() == n && self.next(&it)?.is_some() {
                let got = match v.downcast::<Dict>() {
                    Some(d) if v.class(&self.heap).is(&self.types().dict) => format!(", got {}", d.len()),
                    _ => String::new(),
                };
                return Err(self.value_error(format!("too many values to unpack (expected {n}{got})")));
            }
            items
        };
        if items.len() < n {
            let got = items.len();
            return Err(self.value_error(format!("not enough values to unpack (expected {n}, got {got})")));
        }
        for (i, item) in items.into_iter().enumerate() {
            self.set_register(a + (n - 1 - i) as u16, item);
        }
        self.dispose(v);
        Ok(())
    }

    fn unpack_iter(&mut self, v: &Value) -> R {
        match self.iter(v) {
            Ok(it) => Ok(it),
            Err(e) => {
                let class = v.class(&self.heap).clone();
                let (iter, get) = (self.types().names.__iter__.clone(), self.types().names.__getitem__.clone());
                if class.lookup(&iter).is_some() || class.lookup(&get).is_some() {
                    return Err(e);
                }
                Err(self.type_error(format!("cannot unpack non-iterable {} object", class.name_str())))
            }
        }
    }

    pub(super) fn unpack_ex(&mut self, a: u16, b: u16, before: usize, after: usize) -> R<()> {
        let v = self.take_register(b);
        let it = self.unpack_iter(&v)?;
        let mut items = self.collect(&it)?;
        let (got, least) = (items.len(), before + after);
        if got < least {
            return Err(self.value_error(format!("not enough values to unpack (expected at least {least}, got {got})")));
        }
        let tail = items.split_off(got - after);
        let middle = items.split_off(before);
        let list = List::new(&self.heap, middle).into();
        let total = before + 1 + after;
        let all = items.into_iter().chain([list]).chain(tail);
        for (i, item) in all.enumerate() {
            self.set_register(a + (total - 1 - i) as u16, item);
        }
        Ok(())
    }
}
