//! Class and mapping patterns of the `match` statement.

use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    /// The attributes that a class pattern names, positional ones by `__match_args__`; None if the subject does not match.
    pub(super) fn match_class(&mut self, subject: &Value, class: &Value, names: &Value, positional: usize) -> R {
        let Some(ty) = class.downcast::<Type>().cloned() else {
            return Err(self.type_error("called match pattern must be a class"));
        };
        if !self.isinstance(subject, class)? {
            return Ok(Value::NONE);
        }
        let mut seen: Vec<Ref<Str>> = Vec::new();
        let mut found = Vec::new();
        if positional > 0 {
            let name = self.types().names.__match_args__.clone();
            let args = match self.get_attr_opt(class, &name)? {
                None if ty.has(type_flags::MATCH_SELF) => None,
                None => Some(Tuple::new(&self.heap, [])),
                Some(v) => match v.downcast::<Tuple>().filter(|t| t.ty().is(&self.types().tuple)) {
                    Some(t) => Some(t.clone()),
                    None => {
                        let (class, got) = (ty.name_str(), self.class_name(&v));
                        return Err(self.type_error(format!("{class}.__match_args__ must be a tuple (got {got})")));
                    }
                },
            };
            let allowed = args.as_ref().map_or(1, |t| t.len());
            if allowed < positional {
                let (class, plural) = (ty.name_str(), if allowed == 1 { "" } else { "s" });
                return Err(self.type_error(format!(
                    "{class}() accepts {allowed} positional sub-pattern{plural} ({positional} given)"
                )));
            }
            match args {
                None => found.push(subject.clone()),
                Some(args) => {
                    for name in args.iter().take(positional) {
                        let Some(name) = name.downcast::<Str>().filter(|s| s.ty().is(&self.types().str)) else {
                            let got = self.class_name(name);
                            return Err(self.type_error(format!("__match_args__ elements must be strings (got {got})")));
                        };
                        match self.match_attribute(subject, &ty, name, &mut seen)? {
                            Some(v) => found.push(v),
                            None => return Ok(Value::NONE),
                        }
                    }
                }
            }
        }
        for name in names.downcast::<Tuple>().map(|t| t.to_vec()).unwrap_or_default() {
            let Some(name) = name.downcast::<Str>() else { continue };
            match self.match_attribute(subject, &ty, name, &mut seen)? {
                Some(v) => found.push(v),
                None => return Ok(Value::NONE),
            }
        }
        Ok(Tuple::new(&self.heap, found).into())
    }

    /// An attribute of the subject; an error where the pattern names it twice.
    fn match_attribute(
        &mut self,
        subject: &Value,
        class: &Ref<Type>,
        name: &Ref<Str>,
        seen: &mut Vec<Ref<Str>>,
    ) -> R<Option<Value>> {
        let name = self.heap.interned.intern(name);
        if seen.iter().any(|s| s.is(&name)) {
            let (class, name) = (class.name_str(), self.repr(name.as_value())?);
            return Err(self.type_error(format!("{class}() got multiple sub-patterns for attribute {name}")));
        }
        seen.push(name.clone());
        self.get_attr_opt(subject, &name)
    }

    /// The values that a mapping has for keys, as a tuple; None if one is missing.
    pub(super) fn match_keys(&mut self, subject: &Value, keys: &Value) -> R {
        let keys = keys.downcast::<Tuple>().map(|t| t.to_vec()).unwrap_or_default();
        let mut found = Vec::with_capacity(keys.len());
        if keys.is_empty() {
            return Ok(Tuple::new(&self.heap, found).into());
        }
        let name = self.intern("get");
        let marker = self.new_instance(&self.types().object);
        let (get, receiver) = self.load_method(subject, &name)?;
        let seen = crate::object::set::Set::new(&self.heap, &self.types().set);
        for key in keys {
            if !self.set_add(&seen, key.clone())? {
                let key = self.repr(&key)?;
                return Err(self.value_error(format!("mapping pattern checks duplicate key ({key})")));
            }
            let args: Vec<Value> = receiver.iter().cloned().chain([key, marker.clone()]).collect();
            let v = self.call(&get, &args)?;
            if v.is(&marker) {
                return Ok(Value::NONE);
            }
            found.push(v);
        }
        Ok(Tuple::new(&self.heap, found).into())
    }
}
