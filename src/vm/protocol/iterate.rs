//! Iteration: iterators from objects, and the advance of every built-in iterator.

use std::rc::Rc;

use dashu_int::IBig;
use smallvec::SmallVec;

use super::range;
use super::special::Special;
use crate::code::operators::CompareOp;
use crate::object::buffer::ByteArray;
use crate::object::cell::Mut;
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::function::{Entry, Native};
use crate::object::generator::Generator;
use crate::object::header::{Kind, Ref};
use crate::object::iter::{DictPart, Iter, IterState};
use crate::object::number::{BigInt, Int};
use crate::object::opaque::OpaqueData;
use crate::object::sequence::{Bytes, List, Range, Tuple};
use crate::object::set::Set;
use crate::object::str::{Chars, Str};
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::{Exc, R, Vm};

/// What a look at the state of an iterator gives; what runs Python code is done after the borrow has ended.
enum Step {
    Item(Value),
    Exhausted,
    Error(&'static str),
    Sequence(Value, i64, i64),
    Callable(Value, Value),
    Enumerate(Value),
    Zip,
    Map(Value),
    Filter(Value, Value),
    BigRange(Value, Value, Value),
    Native(Entry, Rc<dyn OpaqueData>),
    DictEntry(DictPart, Value, Value),
}

const CHANGED_SIZE: &str = "dictionary changed size during iteration";
const CHANGED_KEYS: &str = "dictionary keys changed during iteration";
const SET_CHANGED: &str = "Set changed size during iteration";

/// Whether a `__next__` is that of a native class whose iterations end without an exception.
fn ends_plainly(next: &Value) -> bool {
    let owner = next.downcast::<Native>().and_then(|n| n.owner.as_ref());
    owner.is_some_and(|class| class.has(type_flags::PLAIN_END))
}

impl Vm {
    /// A new built-in iterator of a class.
    pub fn new_iter(&self, class: &Ref<Type>, state: IterState) -> Value {
        self.heap.alloc(class, Iter { state: Mut::new(state) }).into()
    }

    /// `iter(v)`.
    pub fn iter(&mut self, v: &Value) -> R {
        match self.iter_opt(v)? {
            Some(it) => Ok(it),
            None => {
                let name = self.class_name(v);
                Err(self.type_error(format!("'{name}' object is not iterable")))
            }
        }
    }

    /// `iter(v)`; None if `v` is not iterable.
    pub fn iter_opt(&mut self, v: &Value) -> R<Option<Value>> {
        let name = self.types().names.__iter__.clone();
        match self.special(v, &name)? {
            Special::Direct => match self.direct_iter(v) {
                Some(it) => Ok(Some(it)),
                None => self.iter_special_class(v),
            },
            Special::Method(m) if m.is_none() => Ok(None),
            Special::Method(m) => {
                let it = self.call_slot(&m, std::slice::from_ref(v))?;
                self.checked_iterator(it).map(Some)
            }
            Special::Default | Special::Missing => {
                let name = self.types().names.__getitem__.clone();
                match self.special(v, &name)? {
                    Special::Method(_) | Special::Direct if v.is_heap() => {
                        let class = self.types().iterator.clone();
                        Ok(Some(self.new_iter(&class, IterState::Sequence { object: v.clone(), next: 0 })))
                    }
                    _ => Ok(None),
                }
            }
        }
    }

    /// What an `__iter__` returned, which must be an iterator.
    pub fn checked_iterator(&mut self, it: Value) -> R {
        if self.is_iterator(&it)? {
            return Ok(it);
        }
        let name = self.class_name(&it);
        Err(self.type_error(format!("iter() returned non-iterator of type '{name}'")))
    }

    /// A class whose metaclass (not made by Python code) has no iteration is not iterable; neither is anything else
    /// that `direct_iter` does not know.
    fn iter_special_class(&mut self, _v: &Value) -> R<Option<Value>> {
        Ok(None)
    }

    /// Whether `next` works on it.
    pub fn is_iterator(&mut self, v: &Value) -> R<bool> {
        match v.kind() {
            Some(Kind::Iter) => return Ok(true),
            Some(Kind::Generator) => return Ok(v.downcast::<Generator>().is_some_and(|g| g.is_iterator())),
            _ => {}
        }
        let name = self.types().names.__next__.clone();
        Ok(matches!(self.special(v, &name)?, Special::Method(_)))
    }

    /// The iterator of a built-in class, whatever a subclass says.
    pub fn direct_iter(&mut self, v: &Value) -> Option<Value> {
        let t = self.types();
        let (class, state) = match v.kind()? {
            Kind::Iter => return Some(v.clone()),
            Kind::Generator => return v.downcast::<Generator>().filter(|g| g.is_iterator()).map(|_| v.clone()),
            Kind::List => (&t.list_iterator, IterState::List { list: v.downcast::<List>()?.clone(), next: 0 }),
            Kind::Tuple => (&t.tuple_iterator, IterState::Tuple { tuple: v.downcast::<Tuple>()?.clone(), next: 0 }),
            Kind::Str => {
                let text = v.downcast::<Str>()?.clone();
                let class = if text.as_ascii().is_some() && text.ty().is(&t.str) {
                    &t.str_ascii_iterator
                } else {
                    &t.str_iterator
                };
                (class, IterState::Str { text, next: 0 })
            }
            Kind::Bytes => (&t.bytes_iterator, IterState::Bytes { bytes: v.downcast::<Bytes>()?.clone(), next: 0 }),
            Kind::Set => {
                let set = v.downcast::<Set>()?.clone();
                let len = set.len();
                (&t.set_iterator, IterState::Set { set, next: 0, len })
            }
            Kind::Dict => {
                let dict = v.downcast::<Dict>()?.clone();
                return Some(self.dict_iter(dict, DictPart::Keys));
            }
            Kind::Range => {
                let r = v.downcast::<Range>()?;
                return Some(range::iter(self, &r.start, &r.stop, &r.step));
            }
            _ => return None,
        };
        Some(self.new_iter(&class.clone(), state))
    }

    /// An iterator over a part of a dict.
    pub fn dict_iter(&self, dict: Ref<Dict>, part: DictPart) -> Value {
        let t = self.types();
        let class = match part {
            DictPart::Keys => &t.dict_keyiterator,
            DictPart::Values => &t.dict_valueiterator,
            DictPart::Items => &t.dict_itemiterator,
        };
        let len = dict.len();
        self.new_iter(class, IterState::Dict { dict, part, next: 0, len, left: len })
    }

    /// The same, from the end.
    pub fn dict_iter_reversed(&self, dict: Ref<Dict>, part: DictPart) -> Value {
        let t = self.types();
        let class = match part {
            DictPart::Keys => &t.dict_reversekeyiterator,
            DictPart::Values => &t.dict_reversevalueiterator,
            DictPart::Items => &t.dict_reverseitemiterator,
        };
        let (len, next) = (dict.len(), dict.positions());
        self.new_iter(class, IterState::DictReversed { dict, part, next, len })
    }

    /// The next item; None when there is none (StopIteration does not come out of here).  What native functions advance
    /// by: it polls, since many an iterator has no end.
    #[inline]
    pub fn next(&mut self, it: &Value) -> R<Option<Value>> {
        self.poll_native()?;
        if let Some(i) = it.downcast::<Iter>()
            && !i.ty().has(type_flags::HEAP)
        {
            return self.advance(i);
        }
        if it.downcast::<Generator>().is_some_and(|g| g.is_iterator()) {
            return self.generator_next(it);
        }
        let result = self.next_of_class(it);
        self.stop_as_none(result)
    }

    /// The next item of what another iterator goes through and ends with: a StopIteration of Python code, which may
    /// carry a value, stays an error, and is the end of the outer iterator as well (CPython's `tp_iternext` that hands
    /// on the inner one's).
    #[inline]
    pub fn next_inner(&mut self, it: &Value) -> R<Option<Value>> {
        self.poll_native()?;
        self.next_raw(it)
    }

    /// The same without a poll.
    pub(in crate::vm) fn next_raw(&mut self, it: &Value) -> R<Option<Value>> {
        if let Some(i) = it.downcast::<Iter>()
            && !i.ty().has(type_flags::HEAP)
        {
            return self.advance_raw(i);
        }
        if let Some(g) = it.downcast::<Generator>().filter(|g| g.is_iterator()) {
            return self.generator_next_raw(&g.clone());
        }
        self.next_of_class(it)
    }

    /// The next item by the class's `__next__`.
    fn next_of_class(&mut self, it: &Value) -> R<Option<Value>> {
        let name = self.types().names.__next__.clone();
        match self.special(it, &name)? {
            Special::Direct if it.kind() == Some(Kind::Iter) => match it.downcast::<Iter>() {
                Some(i) => self.advance_raw(i),
                None => Ok(None),
            },
            Special::Method(m) => match self.call_slot(&m, std::slice::from_ref(it)) {
                Err(e) if ends_plainly(&m) && self.is_new_stop(&e) => Ok(None),
                result => result.map(Some),
            },
            _ => {
                let name = self.class_name(it);
                Err(self.type_error(format!("'{name}' object is not an iterator")))
            }
        }
    }

    /// Whether this is a StopIteration without value that no Python code has raised or let pass.
    fn is_new_stop(&self, e: &Exc) -> bool {
        e.0.downcast::<Exception>().is_some_and(|x| {
            x.ty().is(&self.types().StopIteration) && x.args.borrow().is_empty() && x.traceback.borrow().is_none()
        })
    }

    /// StopIteration as None.
    fn stop_as_none(&mut self, result: R<Option<Value>>) -> R<Option<Value>> {
        match result {
            Err(e) if self.is_exception(&e, &self.types().StopIteration) => Ok(None),
            result => result,
        }
    }

    /// Advances a built-in iterator; None when it has ended, however that came about.
    pub fn advance(&mut self, it: &Ref<Iter>) -> R<Option<Value>> {
        let result = self.advance_raw(it);
        self.stop_as_none(result)
    }

    /// Like [`Vm::advance`], but a StopIteration of Python code that ends the iterator stays an error: it may carry a
    /// value.  It comes from an inner iterator or from a function that the iterator calls.
    pub fn advance_raw(&mut self, it: &Ref<Iter>) -> R<Option<Value>> {
        if let Some(group) = self.next_group(it) {
            return Ok(Some(group));
        }
        let step = self.step(it);
        match step {
            Step::Item(v) => Ok(Some(v)),
            Step::Exhausted => {
                it.state.set(IterState::Done);
                Ok(None)
            }
            Step::Error(text) => Err(self.runtime_error(text)),
            Step::DictEntry(part, key, value) => Ok(Some(match part {
                DictPart::Keys => key,
                DictPart::Values => value,
                DictPart::Items => Tuple::new(&self.heap, [key, value]).into(),
            })),
            other => self.advance_running_code(it, other),
        }
    }

    /// A byte of a `bytes` or `bytearray`, if there is one at `i`.
    pub(in crate::vm) fn byte_of(&self, o: &Value, i: i64) -> Option<Value> {
        let (i, class) = (usize::try_from(i).ok()?, o.header()?.ty());
        let byte = match o.downcast::<Bytes>() {
            Some(b) if class.is(&self.types().bytes) => *b.data.get(i)?,
            None if class.is(&self.types().bytearray) => o.opaque::<ByteArray>()?.get(i)?,
            _ => return None,
        };
        Some(Value::from_len(byte.into()))
    }

    /// The next item of an iterator over a str, bytes, dict, set or bytearray, if it has one.
    pub(in crate::vm) fn next_item(&self, it: &Ref<Iter>) -> Option<Value> {
        use IterState::{Bytes, Dict, ListReversed, Sequence, Set, Str};
        // A look at these that gives no item may be repeated.
        match &mut *it.state.borrow_mut() {
            Dict { dict, part: part @ (DictPart::Keys | DictPart::Values), next, len, left }
                if dict.len() == *len && *left > 0 =>
            {
                let of = |key: &Value, value: &Value| if *part == DictPart::Keys { key.clone() } else { value.clone() };
                let (after, item) = dict.next_with(*next, of)?;
                *next = after;
                *left -= 1;
                return Some(item);
            }
            Str { .. } | Bytes { .. } | Dict { .. } | Set { .. } | Sequence { .. } | ListReversed { .. } => {}
            _ => return None,
        }
        match self.step(it) {
            Step::Item(v) => Some(v),
            Step::DictEntry(DictPart::Keys, key, _) => Some(key),
            Step::DictEntry(DictPart::Values, _, value) => Some(value),
            Step::DictEntry(DictPart::Items, key, value) => Some(Tuple::new(&self.heap, [key, value]).into()),
            _ => None,
        }
    }

    /// Looks at the state and moves it where that needs no Python code.
    fn step(&self, it: &Ref<Iter>) -> Step {
        let mut state = it.state.borrow_mut();
        match &mut *state {
            IterState::Done => Step::Exhausted,
            IterState::List { list, next } => match list.get(*next) {
                Some(v) => {
                    *next += 1;
                    Step::Item(v)
                }
                None => Step::Exhausted,
            },
            IterState::ListReversed { list, next } => match next.checked_sub(1).and_then(|i| list.get(i)) {
                Some(v) => {
                    *next -= 1;
                    Step::Item(v)
                }
                None => Step::Exhausted,
            },
            IterState::Tuple { tuple, next } => match tuple.get(*next) {
                Some(v) => {
                    *next += 1;
                    Step::Item(v.clone())
                }
                None => Step::Exhausted,
            },
            IterState::Str { text, next } => {
                let i = *next;
                *next += 1;
                match text.chars() {
                    Chars::Ascii(s) => match s.as_bytes().get(i) {
                        Some(&b) => Step::Item(Str::from_point(&self.heap, b as u32).into()),
                        None => Step::Exhausted,
                    },
                    _ => match text.point(i) {
                        Some(p) => Step::Item(Str::from_point(&self.heap, p).into()),
                        None => Step::Exhausted,
                    },
                }
            }
            IterState::Bytes { bytes, next } => match bytes.data.get(*next) {
                Some(&b) => {
                    *next += 1;
                    Step::Item(Value::from_len(b as usize))
                }
                None => Step::Exhausted,
            },
            IterState::Range { next, step, left } => {
                if *left == 0 {
                    return Step::Exhausted;
                }
                let v = *next;
                *left -= 1;
                *next = v.wrapping_add(*step);
                Step::Item(Value::int_unchecked(v))
            }
            IterState::BigRange { next, step, left } => Step::BigRange(next.clone(), step.clone(), left.clone()),
            IterState::Dict { dict, part, next, len, left } => {
                if dict.len() != *len {
                    *len = usize::MAX;
                    return Step::Error(CHANGED_SIZE);
                }
                match dict.next_entry(*next) {
                    Some(_) if *left == 0 => Step::Error(CHANGED_KEYS),
                    Some((after, key, value)) => {
                        *next = after;
                        *left -= 1;
                        Step::DictEntry(*part, key, value)
                    }
                    None => Step::Exhausted,
                }
            }
            IterState::DictReversed { dict, part, next, len } => {
                if dict.len() != *len {
                    *len = usize::MAX;
                    return Step::Error(CHANGED_SIZE);
                }
                loop {
                    let Some(i) = next.checked_sub(1) else {
                        return Step::Exhausted;
                    };
                    *next = i;
                    if i >= dict.positions() {
                        return Step::Error(CHANGED_KEYS);
                    }
                    if let Some((_, key, value)) = dict.entry(i) {
                        return Step::DictEntry(*part, key, value);
                    }
                }
            }
            IterState::Set { set, next, len } => {
                if set.len() != *len {
                    *len = usize::MAX;
                    return Step::Error(SET_CHANGED);
                }
                match set.next(*next) {
                    Some((after, _, key)) => {
                        *next = after;
                        Step::Item(key)
                    }
                    None => Step::Exhausted,
                }
            }
            IterState::Sequence { object, next } => match self.byte_of(object, *next) {
                Some(byte) => {
                    *next += 1;
                    Step::Item(byte)
                }
                None => Step::Sequence(object.clone(), *next, 1),
            },
            IterState::SequenceReversed { object, next } => {
                if *next < 0 {
                    Step::Exhausted
                } else {
                    Step::Sequence(object.clone(), *next, -1)
                }
            }
            IterState::Callable { callable, sentinel } => Step::Callable(callable.clone(), sentinel.clone()),
            IterState::Enumerate { inner, .. } => Step::Enumerate(inner.clone()),
            IterState::Zip { .. } => Step::Zip,
            IterState::Map { function, .. } => Step::Map(function.clone()),
            IterState::Filter { function, inner } => Step::Filter(function.clone(), inner.clone()),
            IterState::Native { step, data } => Step::Native(*step, data.clone()),
        }
    }

    fn advance_running_code(&mut self, it: &Ref<Iter>, step: Step) -> R<Option<Value>> {
        // Iterators over iterators nest on the native stack, as deep as the program likes.
        self.check_native_stack()?;
        match step {
            Step::BigRange(next, step, left) => {
                let count = left.as_int().map(|i| i.to_big()).unwrap_or_default();
                if count <= IBig::from(0) {
                    it.state.set(IterState::Done);
                    return Ok(None);
                }
                let sum = next.as_int().map(|i| i.to_big()).unwrap_or_default()
                    + step.as_int().map(|i| i.to_big()).unwrap_or_default();
                let after = BigInt::value(&self.heap, sum);
                let left = BigInt::value(&self.heap, count - IBig::from(1));
                it.state.set(IterState::BigRange { next: after, step, left });
                Ok(Some(next))
            }
            Step::Sequence(_, i64::MAX, 1) => Err(self.overflow_error("iter index too large")),
            Step::Sequence(object, i, by) => match self.get_item(&object, &BigInt::from_i64(&self.heap, i)) {
                Ok(v) => {
                    match &mut *it.state.borrow_mut() {
                        IterState::Sequence { next, .. } | IterState::SequenceReversed { next, .. } => {
                            *next = i + by;
                        }
                        _ => {}
                    }
                    Ok(Some(v))
                }
                Err(e) => {
                    let t = self.types();
                    if self.is_exception(&e, &t.IndexError) || self.is_exception(&e, &t.StopIteration) {
                        it.state.set(IterState::Done);
                        Ok(None)
                    } else {
                        Err(e)
                    }
                }
            },
            Step::Callable(callable, sentinel) => {
                let v = match self.call(&callable, &[]) {
                    Ok(v) => v,
                    Err(e) if self.is_exception(&e, &self.types().StopIteration) => {
                        it.state.set(IterState::Done);
                        return Ok(None);
                    }
                    Err(e) => return Err(e),
                };
                if self.eq_or_is(&sentinel, &v)? {
                    it.state.set(IterState::Done);
                    return Ok(None);
                }
                Ok(Some(v))
            }
            Step::Enumerate(inner) => {
                let Some(v) = self.next_inner(&inner)? else { return Ok(None) };
                let index = match &*it.state.borrow() {
                    IterState::Enumerate { next, .. } => next.clone(),
                    _ => return Ok(None),
                };
                let after = match index.as_int() {
                    Some(Int::Small(i)) => BigInt::from_i64(&self.heap, i + 1),
                    Some(Int::Big(b)) => BigInt::value(&self.heap, b + IBig::from(1)),
                    None => Value::int_unchecked(0),
                };
                let old = match &mut *it.state.borrow_mut() {
                    IterState::Enumerate { next, .. } => std::mem::replace(next, after),
                    _ => Value::NONE,
                };
                drop(old);
                Ok(Some(Tuple::new(&self.heap, [index, v]).into()))
            }
            Step::Native(step, data) => self.advance_native(step, &data),
            Step::Zip => self.advance_zip(it),
            Step::Map(function) => self.advance_map(it, &function),
            Step::Filter(function, inner) => loop {
                let Some(v) = self.next_inner(&inner)? else { return Ok(None) };
                let keep = if function.is_none() || function.is(self.types().bool.as_value()) {
                    self.truth(&v)?
                } else {
                    let r = self.call(&function, std::slice::from_ref(&v))?;
                    self.truth(&r)?
                };
                if keep {
                    return Ok(Some(v));
                }
            },
            Step::Item(_) | Step::Exhausted | Step::Error(_) | Step::DictEntry(..) => Ok(None),
        }
    }

    fn inner_at(it: &Iter, i: usize) -> Option<Value> {
        match &*it.state.borrow() {
            IterState::Zip { inner, .. } | IterState::Map { inner, .. } => inner.get(i).cloned(),
            _ => None,
        }
    }

    /// Takes one item of every inner iterator; None when one is exhausted.  What is strict looks at the ends itself, so
    /// that none of them is handed on.
    fn gather(&mut self, it: &Ref<Iter>, strict: bool, who: &str) -> R<Option<SmallVec<[Value; 4]>>> {
        let mut items = SmallVec::new();
        while let Some(inner) = Self::inner_at(it, items.len()) {
            let next = if strict { self.next(&inner) } else { self.next_inner(&inner) };
            if let Some(v) = next? {
                items.push(v);
                continue;
            }
            if strict {
                let n = items.len();
                let plural = |n: usize| if n == 1 { " ".to_string() } else { format!("s 1-{n}") };
                if n > 0 {
                    let others = if n == 1 { " 1".to_string() } else { plural(n) };
                    return Err(
                        self.value_error(format!("{who}() argument {} is shorter than argument{others}", n + 1))
                    );
                }
                let mut i = 1;
                while let Some(inner) = Self::inner_at(it, i) {
                    if self.next(&inner)?.is_some() {
                        let others = if i == 1 { " 1".to_string() } else { plural(i) };
                        return Err(
                            self.value_error(format!("{who}() argument {} is longer than argument{others}", i + 1))
                        );
                    }
                    i += 1;
                }
            }
            return Ok(None);
        }
        Ok(Some(items))
    }

    fn advance_zip(&mut self, it: &Ref<Iter>) -> R<Option<Value>> {
        let strict = match &*it.state.borrow() {
            IterState::Zip { inner, strict } if !inner.is_empty() => *strict,
            _ => return Ok(None),
        };
        Ok(self.gather(it, strict, "zip")?.map(|items| Tuple::new(&self.heap, items).into()))
    }

    fn advance_map(&mut self, it: &Ref<Iter>, function: &Value) -> R<Option<Value>> {
        let strict = matches!(&*it.state.borrow(), IterState::Map { strict: true, .. });
        match self.gather(it, strict, "map")? {
            Some(items) => self.call(function, &items).map(Some),
            None => Ok(None),
        }
    }

    /// All items.
    pub fn collect(&mut self, v: &Value) -> R<Vec<Value>> {
        if let Some(h) = v.header()
            && !h.ty().has(crate::object::types::type_flags::HEAP)
        {
            match h.kind() {
                Kind::List => return Ok(v.downcast::<List>().map(|l| l.to_vec()).unwrap_or_default()),
                Kind::Tuple => return Ok(v.downcast::<Tuple>().map(|t| t.to_vec()).unwrap_or_default()),
                Kind::Dict => {
                    let items = v.downcast::<Dict>().map(|d| d.items()).unwrap_or_default();
                    return Ok(items.into_iter().map(|(k, _)| k).collect());
                }
                Kind::Set => {
                    let items = v.downcast::<Set>().map(|s| s.items()).unwrap_or_default();
                    return Ok(items.into_iter().map(|(_, k)| k).collect());
                }
                _ => {}
            }
        }
        let it = self.iter(v)?;
        // A promise of more than memory holds is refused before anything is made.
        let hint = self.length_hint(v, 0)?;
        self.check_memory(hint.checked_mul(8))?;
        let mut items = Vec::with_capacity(hint.min(1 << 20));
        while let Some(x) = self.next(&it)? {
            items.push(x);
            if items.len() & 0xf_ffff == 0 {
                self.check_memory(Some(items.capacity() * 16))?;
            }
        }
        Ok(items)
    }

    /// How many items are left in a built-in iterator, where that is known.
    pub fn iter_length(&mut self, it: &Ref<Iter>) -> Option<usize> {
        match &*it.state.borrow() {
            IterState::Done => Some(0),
            IterState::List { list, next } => Some(list.len().saturating_sub(*next)),
            IterState::ListReversed { list, next } => Some(if *next > list.len() { 0 } else { *next }),
            IterState::Tuple { tuple, next } => Some(tuple.len().saturating_sub(*next)),
            IterState::Str { text, next } => Some(text.len().saturating_sub(*next)),
            IterState::Bytes { bytes, next } => Some(bytes.data.len().saturating_sub(*next)),
            IterState::Range { left, .. } => Some(*left as usize),
            IterState::BigRange { left, .. } => {
                left.as_int().and_then(|i| i.to_i64()).map(|n| n as usize).or(Some(usize::MAX))
            }
            IterState::Dict { dict, len, left, .. } => Some(if dict.len() == *len { *left } else { 0 }),
            IterState::DictReversed { dict, next, len, .. } => {
                Some(if dict.len() == *len { dict.len().min(*next) } else { 0 })
            }
            IterState::Set { set, next, len } => Some(if set.len() == *len { set.live_from(*next) } else { 0 }),
            _ => None,
        }
    }

    /// The keys that a mapping's method `keys` gives, as a list (CPython's `PyMapping_Keys`, which asks for an iterator,
    /// and that for one again).
    pub fn keys_of(&mut self, mapping: &Value, keys: &Value) -> R<Vec<Value>> {
        let given = self.call(keys, &[])?;
        let Some(it) = self.iter_opt(&given)? else {
            let (class, got) = (self.class_name(mapping), self.class_name(&given));
            return Err(self.type_error(format!("{class}.keys() returned a non-iterable (type {got})")));
        };
        self.collect(&it)
    }

    /// How many items are left in an iterator over an object with `__getitem__`, by what the object says of its length.
    /// None: the iterator is another, or the object has no length.
    pub fn sequence_length(&mut self, it: &Ref<Iter>) -> R<Option<usize>> {
        let (object, next, reversed) = match &*it.state.borrow() {
            IterState::Sequence { object, next } => (object.clone(), *next, false),
            IterState::SequenceReversed { object, next } => (object.clone(), *next, true),
            _ => return Ok(None),
        };
        let Some(len) = self.len_opt(&object)? else { return Ok(None) };
        let left = match reversed {
            false => len as i64 - next,
            true if (len as i64) <= next => 0,
            true => next + 1,
        };
        Ok(Some(left.max(0) as usize))
    }

    /// `operator.length_hint(v, default)`.
    pub fn length_hint(&mut self, v: &Value, default: usize) -> R<usize> {
        let is_native = v.downcast::<Iter>().is_some_and(|it| matches!(&*it.state.borrow(), IterState::Native { .. }));
        if let Some(it) = v.downcast::<Iter>().filter(|_| !is_native) {
            if let Some(n) = self.iter_length(it) {
                return Ok(n);
            }
            return match self.sequence_length(it) {
                Ok(n) => Ok(n.unwrap_or(default)),
                Err(e) if self.is_exception(&e, &self.types().TypeError) => Ok(default),
                Err(e) => Err(e),
            };
        }
        if !is_native && matches!(v.kind(), None | Some(Kind::Generator | Kind::Iter | Kind::Function | Kind::Native)) {
            return Ok(default);
        }
        match self.len_opt(v) {
            Ok(Some(n)) => return Ok(n),
            Err(e) if !self.is_exception(&e, &self.types().TypeError) => return Err(e),
            _ => {}
        }
        let name = self.types().names.__length_hint__.clone();
        let Special::Method(m) = self.special(v, &name)? else { return Ok(default) };
        let r = match self.call_slot(&m, std::slice::from_ref(v)) {
            Ok(r) => r,
            Err(e) if self.is_exception(&e, &self.types().TypeError) => return Ok(default),
            Err(e) => return Err(e),
        };
        if r.is_not_implemented() {
            return Ok(default);
        }
        match r.as_int().map(|i| i.to_i64()) {
            Some(Some(n)) if n >= 0 => Ok(n as usize),
            Some(Some(_)) => Err(self.value_error("__length_hint__() should return >= 0")),
            Some(None) => Err(self.overflow_error("Python int too large to convert to C ssize_t")),
            None => {
                let name = self.class_name(&r);
                Err(self.type_error(format!("__length_hint__ must be an integer, not {name}")))
            }
        }
    }

    /// `a < b` as a bool.
    #[inline]
    pub fn less(&mut self, a: &Value, b: &Value) -> R<bool> {
        self.compare_bool(CompareOp::Lt, a, b)
    }
}
