//! Truth, length, indices, and the text of values (their `repr` lies in `repr.rs`).

use std::cmp::Ordering;

use super::special::Special;
use super::{dict_view, range};
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::header::{Kind, Ref};
use crate::object::number::{BigInt, Int};
use crate::object::sequence::{Bytes, List, Range, Tuple};
use crate::object::set::Set;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    /// `bool(v)`.
    #[inline]
    pub fn truth(&mut self, v: &Value) -> R<bool> {
        if let Some(b) = v.as_bool() {
            return Ok(b);
        }
        if let Some(i) = v.as_small_int() {
            return Ok(i != 0);
        }
        if v.is_none() {
            return Ok(false);
        }
        self.truth_slow(v)
    }

    /// What a `__bool__` returned, which must be a bool.
    pub fn checked_bool(&mut self, v: &Value) -> R<bool> {
        match v.as_bool() {
            Some(b) => Ok(b),
            None => {
                let name = self.class_name(v);
                Err(self.type_error(format!("__bool__ should return bool, returned {name}")))
            }
        }
    }

    fn truth_slow(&mut self, v: &Value) -> R<bool> {
        if let Some(x) = v.as_flonum() {
            return Ok(x != 0.0);
        }
        if v.is_not_implemented() {
            return Err(self.type_error("NotImplemented should not be used in a boolean context"));
        }
        let name = self.types().names.__bool__.clone();
        match self.special(v, &name)? {
            Special::Method(m) => {
                let r = self.call_slot(&m, std::slice::from_ref(v))?;
                self.checked_bool(&r)
            }
            Special::Direct if v.as_int().is_some() || v.as_float().is_some() => Ok(self.direct_number_truth(v)),
            _ => match v.downcast::<Range>() {
                // Its length may be more than a length can be.
                Some(r) => Ok(range::length(&r.start, &r.stop, &r.step) != range::zero()),
                None => Ok(self.len_opt(v)?.is_none_or(|n| n != 0)),
            },
        }
    }

    /// The truth of a number, whatever a subclass says.
    pub fn direct_number_truth(&self, v: &Value) -> bool {
        match (v.as_int(), v.as_float()) {
            (Some(Int::Small(i)), _) => i != 0,
            (Some(Int::Big(_)), _) => true,
            (None, Some(x)) => x != 0.0,
            _ => true,
        }
    }

    /// `len(v)`.
    pub fn len(&mut self, v: &Value) -> R<usize> {
        match self.len_opt(v)? {
            Some(n) => Ok(n),
            None => {
                let name = self.class_name(v);
                Err(self.type_error(format!("object of type '{name}' has no len()")))
            }
        }
    }

    /// `len(v)`; None where the class has no `__len__`.
    pub fn len_opt(&mut self, v: &Value) -> R<Option<usize>> {
        if !v.is_heap() {
            return Ok(None);
        }
        let name = self.types().names.__len__.clone();
        match self.special(v, &name)? {
            Special::Direct => self.direct_len(v),
            Special::Default | Special::Missing => Ok(None),
            Special::Method(m) => {
                let r = self.call_slot(&m, std::slice::from_ref(v))?;
                let r = self.index(&r)?;
                match r.as_int() {
                    Some(i) if i.to_big() < dashu_int::IBig::from(0) => {
                        Err(self.value_error("__len__() should return >= 0"))
                    }
                    Some(i) if i.to_i64().is_some() => Ok(i.to_i64().map(|n| n as usize)),
                    _ => Err(self.overflow_error("cannot fit 'int' into an index-sized integer")),
                }
            }
        }
    }

    /// The length that the built-in class gives.
    pub fn direct_len(&mut self, v: &Value) -> R<Option<usize>> {
        Ok(match v.kind() {
            Some(Kind::List) => v.downcast::<List>().map(|l| l.len()),
            Some(Kind::Tuple) => v.downcast::<Tuple>().map(|t| t.len()),
            Some(Kind::Str) => v.downcast::<Str>().map(|s| s.len()),
            Some(Kind::Bytes) => v.downcast::<Bytes>().map(|b| b.data.len()),
            Some(Kind::Dict) => v.downcast::<Dict>().map(|d| d.len()),
            Some(Kind::Set) => v.downcast::<Set>().map(|s| s.len()),
            Some(Kind::Range) => {
                let n = v.downcast::<Range>().map(|r| range::length(&r.start, &r.stop, &r.step));
                match n.map(|n| i64::try_from(&n)) {
                    Some(Ok(n)) => Some(n as usize),
                    Some(Err(_)) => {
                        return Err(self.overflow_error("Python int too large to convert to C ssize_t"));
                    }
                    None => None,
                }
            }
            Some(Kind::Opaque) => dict_view::len(v),
            _ => None,
        })
    }

    /// `v` as an int, by `__index__`.
    pub fn index(&mut self, v: &Value) -> R {
        match self.index_opt(v)? {
            Some(i) => Ok(i),
            None => {
                let name = self.class_name(v);
                Err(self.type_error(format!("'{name}' object cannot be interpreted as an integer")))
            }
        }
    }

    /// `v` as an int, by `__index__`; None if the class has none.
    pub fn index_opt(&mut self, v: &Value) -> R<Option<Value>> {
        if v.is_small_int() {
            return Ok(Some(v.clone()));
        }
        if let Some(i) = v.as_int() {
            return Ok(Some(match i {
                Int::Small(i) => BigInt::from_i64(&self.heap, i),
                Int::Big(_) if v.class(&self.heap).is(&self.types().int) => v.clone(),
                Int::Big(b) => BigInt::value(&self.heap, b.clone()),
            }));
        }
        let name = self.types().names.__index__.clone();
        match self.special(v, &name)? {
            Special::Method(m) => {
                let r = self.call_slot(&m, std::slice::from_ref(v))?;
                if let Some(i) = r.as_int() {
                    let exact = BigInt::value(&self.heap, i.to_big());
                    self.warn_of_subclass(&r, "__index__", &self.types().int.clone())?;
                    return Ok(Some(exact));
                }
                let name = self.class_name(&r);
                Err(self.type_error(format!("__index__ returned non-int (type {name})")))
            }
            _ => Ok(None),
        }
    }

    /// Warns of what a conversion has given where it is an instance of a subclass of `class`.
    ///
    /// # Errors
    /// As for [`warn`](Vm::warn).
    pub fn warn_of_subclass(&mut self, given: &Value, method: &str, class: &Ref<Type>) -> R<()> {
        if given.class(&self.heap).is(class) {
            return Ok(());
        }
        let (base, got) = (class.name_str(), self.class_name(given));
        let category = self.types().DeprecationWarning.clone();
        self.warn(
            &category,
            &format!(
                "{method} returned non-{base} (type {got}).  The ability to return an instance of a strict subclass of \
                 {base} is deprecated, and may be removed in a future version of Python."
            ),
        )
    }

    /// `v` as a machine integer by `__index__`; OverflowError where it does not fit.
    pub fn index_i64(&mut self, v: &Value) -> R<i64> {
        if let Some(i) = v.as_small_int() {
            return Ok(i);
        }
        let i = self.index(v)?;
        match i.as_int().and_then(|i| i.to_i64()) {
            Some(i) => Ok(i),
            None => Err(self.overflow_error("Python int too large to convert to C ssize_t")),
        }
    }

    /// `v` as what C has as `int`, by `__index__`; OverflowError where it does not fit.
    pub fn index_c_int(&mut self, v: &Value) -> R<i32> {
        let i = self.index(v)?;
        match i.as_int().and_then(|i| i.to_i64()).map(i32::try_from) {
            Some(Ok(i)) => Ok(i),
            _ => Err(self.overflow_error("Python int too large to convert to C int")),
        }
    }

    /// `v` as a position in a sequence; IndexError where it does not fit.
    pub fn index_position(&mut self, v: &Value) -> R<i64> {
        if let Some(i) = v.as_small_int() {
            return Ok(i);
        }
        let i = self.index(v)?;
        match i.as_int().and_then(|i| i.to_i64()) {
            Some(i) => Ok(i),
            None => {
                let name = self.class_name(v);
                Err(self.index_error(format!("cannot fit '{name}' into an index-sized integer")))
            }
        }
    }

    /// `v` as a bound of a slice: clamped to 64 bits.
    pub fn index_clamped(&mut self, v: &Value) -> R<i64> {
        self.index_clamped_for(v, "slice indices must be integers or None or have an __index__ method")
    }

    /// The same, with the message for what is no index.
    pub fn index_clamped_for(&mut self, v: &Value, wrong: &str) -> R<i64> {
        if let Some(i) = v.as_small_int() {
            return Ok(i);
        }
        let Some(i) = self.index_opt(v)? else {
            return Err(self.type_error(wrong));
        };
        Ok(match i.as_int() {
            Some(Int::Small(i)) => i,
            Some(Int::Big(b)) => i64::try_from(b).unwrap_or(match b.cmp(&dashu_int::IBig::from(0)) {
                Ordering::Less => i64::MIN,
                _ => i64::MAX,
            }),
            None => 0,
        })
    }

    /// `str(v)`.
    pub fn str(&mut self, v: &Value) -> R<Ref<Str>> {
        if let Some(s) = v.downcast::<Str>()
            && s.ty().is(&self.types().str)
        {
            return Ok(s.clone());
        }
        if !v.is_heap() {
            return self.repr(v);
        }
        let name = self.types().names.__str__.clone();
        match self.special(v, &name)? {
            Special::Direct => self.direct_str(v),
            Special::Default | Special::Missing => {
                if v.kind() == Some(Kind::Exception) {
                    self.direct_str(v)
                } else {
                    self.repr_for(v, "__str__")
                }
            }
            Special::Method(m) => {
                self.check_stack(" while getting the str of an object")?;
                let r = self.call_slot(&m, std::slice::from_ref(v))?;
                self.expect_str(r, "__str__")
            }
        }
    }

    /// `str(v)` of the built-in class.
    pub fn direct_str(&mut self, v: &Value) -> R<Ref<Str>> {
        match v.kind() {
            Some(Kind::Str) => match v.downcast::<Str>() {
                Some(s) if s.ty().is(&self.types().str) => Ok(s.clone()),
                Some(s) => Ok(Str::from_points(&self.heap, &s.points().collect::<Vec<_>>())),
                None => self.repr(v),
            },
            Some(Kind::Exception) => self.exception_str(v),
            _ => self.repr_for(v, "__str__"),
        }
    }

    /// `BaseException.__str__`; classes with fields of their own (OSError, SyntaxError, KeyError) bring their own
    /// `__str__`, which is found on the class.
    fn exception_str(&mut self, v: &Value) -> R<Ref<Str>> {
        let name = self.types().names.__str__.clone();
        let own = v.class(&self.heap).lookup(&name);
        if let Some(m) = own
            && let Some(n) = m.downcast::<crate::object::function::Native>()
            && n.owner.as_ref().is_some_and(|o| !o.is(&self.types().BaseException) && !o.is(&self.types().object))
        {
            let r = self.call_slot(&m, std::slice::from_ref(v))?;
            return self.expect_str(r, "__str__");
        }
        let Some(args) = v.downcast::<Exception>().map(|e| e.args.get()) else {
            return self.repr(v);
        };
        match &args[..] {
            [] => Ok(Str::new(&self.heap, "")),
            [one] => self.str(one),
            _ => self.repr(args.as_value()),
        }
    }

    pub(crate) fn expect_str(&mut self, r: Value, method: &str) -> R<Ref<Str>> {
        match r.downcast_owned::<Str>() {
            Ok(s) => Ok(s),
            Err(r) => {
                let name = self.class_name(&r);
                Err(self.type_error(format!("{method} returned non-string (type {name})")))
            }
        }
    }
}
