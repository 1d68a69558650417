//! Handlers that the loop calls, each a function of its own: they read their operands where they lie, take a common case
//! at once, and leave the rest to the protocols.

use super::registers::Registers;
use crate::code::{CompareOp, Op, Word};
use crate::object::dict::Dict;
use crate::object::header::{Kind, Ref};
use crate::object::iter::{DictPart, Iter, IterState};
use crate::object::number::BigInt;
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// What FOR_ITER of a built-in iterator came to.
pub(super) enum Next {
    /// The item is in its register.
    Item,
    /// The items of a pair are where the UNPACK_SEQUENCE behind the FOR_ITER puts them.
    Unpacked,
    Exhausted,
}

impl Vm {
    /// COMPARE.
    #[inline(never)]
    pub(super) fn compare_registers(&mut self, w: Word) -> R {
        let regs = Registers::of(self);
        let (l, r) = (regs.borrow(w.b()), regs.borrow(w.c()));
        let op = CompareOp::from_u8(w.x() & 15).unwrap_or(CompareOp::Eq);
        let result =
            if w.x() & 16 != 0 { self.compare_bool(op, l, r).map(Value::bool) } else { self.compare(op, l, r) };
        regs.consume(self, w.b());
        regs.consume(self, w.c());
        result
    }

    /// CONTAINS.
    #[inline(never)]
    pub(super) fn contains_registers(&mut self, w: Word) -> R {
        let regs = Registers::of(self);
        let found = self.contains(regs.borrow(w.c()), regs.borrow(w.b()));
        regs.consume(self, w.b());
        regs.consume(self, w.c());
        found.map(|found| Value::bool(found != (w.x() != 0)))
    }

    /// SUBSCR past the loop's own cases.
    #[inline(never)]
    pub(super) fn subscr_registers(&mut self, w: Word) -> R {
        let regs = Registers::of(self);
        let (o, k) = (regs.borrow(w.b()), regs.borrow(w.c()));
        let found = match o.downcast::<Dict>() {
            Some(d) if d.ty().is(&self.types().dict) => match self.dict_get(d, k) {
                Ok(Some(v)) => Ok(v),
                Ok(None) => Err(self.key_error(k)),
                Err(e) => Err(e),
            },
            _ => self.get_item(o, k),
        };
        regs.consume(self, w.b());
        regs.consume(self, w.c());
        found
    }

    /// STORE_SUBSCR.
    #[inline(never)]
    pub(super) fn store_subscr_registers(&mut self, w: Word) -> R<()> {
        let regs = Registers::of(self);
        let v = regs.take(w.c());
        let (o, k) = (regs.borrow(w.a()), regs.borrow(w.b()));
        let result = match (o.kind(), k.as_small_int()) {
            (Some(Kind::List), Some(i)) if o.header().is_some_and(|h| h.ty().is(&self.types().list)) => {
                let replaced = match o.downcast::<List>() {
                    Some(l) => l.replace(i, v),
                    None => Err(v),
                };
                match replaced {
                    Ok(old) => {
                        self.dispose(old);
                        Ok(())
                    }
                    Err(v) => self.set_item(o, k, v),
                }
            }
            (Some(Kind::Dict), _) if o.header().is_some_and(|h| h.ty().is(&self.types().dict)) => {
                match o.downcast::<Dict>() {
                    Some(d) => self.dict_set(d, k.clone(), v),
                    None => Ok(()),
                }
            }
            _ => self.set_item(o, k, v),
        };
        regs.consume(self, w.a());
        regs.consume(self, w.b());
        if self.heap.has_pending() {
            self.run_finalizers();
        }
        result
    }

    /// BUILD_TUPLE.
    #[inline(never)]
    pub(super) fn build_tuple(&mut self, w: Word) -> Value {
        let regs = Registers::of(self);
        Tuple::new(&self.heap, (0..w.c()).map(|i| regs.take(w.b() + i))).into()
    }

    /// BUILD_LIST.
    #[inline(never)]
    pub(super) fn build_list(&mut self, w: Word) -> Value {
        let regs = Registers::of(self);
        List::new(&self.heap, (0..w.c()).map(|i| regs.take(w.b() + i)).collect()).into()
    }

    /// UNPACK_SEQUENCE.
    #[inline(never)]
    pub(super) fn unpack_registers(&mut self, w: Word) -> R<()> {
        let regs = Registers::of(self);
        let v = regs.take(w.b());
        let (a, n) = (w.a(), w.c());
        if let Some(t) = v.downcast::<Tuple>()
            && t.len() == n as usize
            && t.ty().is(&self.types().tuple)
        {
            for (i, item) in t.iter().enumerate() {
                regs.set(self, a + (n - 1 - i as u16), item.clone());
            }
            self.dispose(v);
            return Ok(());
        }
        if let Some(l) = v.downcast::<List>()
            && l.len() == n as usize
            && l.ty().is(&self.types().list)
        {
            for i in 0..n {
                // Writing a register may run a finalizer, which may change the list.
                let item = l.get(i as usize).unwrap_or(Value::NONE);
                regs.set(self, a + (n - 1 - i), item);
            }
            self.dispose(v);
            return Ok(());
        }
        self.unpack(a, v, n as usize)
    }

    /// FOR_ITER of a built-in iterator.  `next` is the word behind the instruction: a pair that it unpacks at once is not
    /// made.
    #[inline(never)]
    pub(super) fn advance_iterator(&mut self, w: Word, next: Word) -> R<Next> {
        let regs = Registers::of(self);
        let it = regs.borrow(w.a());
        let pair = match it.downcast::<Iter>() {
            Some(it) if !it.ty().has(type_flags::HEAP) => self.next_pair(it),
            _ => None,
        };
        if let Some((first, second)) = pair {
            if next.opcode() == Op::UNPACK_SEQUENCE as u8
                && next.b() == w.b()
                && next.c() == 2
                && regs.is_temporary(w.b())
            {
                regs.set(self, next.a() + 1, first);
                regs.set(self, next.a(), second);
                return Ok(Next::Unpacked);
            }
            let v = Tuple::new(&self.heap, [first, second]).into();
            regs.set(self, w.b(), v);
            return Ok(Next::Item);
        }
        match self.advance_register(w.a())? {
            Some(v) => {
                regs.set(self, w.b(), v);
                Ok(Next::Item)
            }
            None => Ok(Next::Exhausted),
        }
    }

    /// The next pair of an iterator of pairs, where no Python code has a part in it and there is one.
    fn next_pair(&self, it: &Ref<Iter>) -> Option<(Value, Value)> {
        let mut state = it.state.borrow_mut();
        match &mut *state {
            IterState::Dict { dict, part: DictPart::Items, next, len, left } if dict.len() == *len && *left > 0 => {
                let (after, key, value) = dict.next_entry(*next)?;
                *next = after;
                *left -= 1;
                Some((key, value))
            }
            IterState::Enumerate { inner, next } => {
                let index = next.as_small_int()?;
                let item = next_simple(inner.downcast::<Iter>()?)?;
                let old = std::mem::replace(next, BigInt::from_i64(&self.heap, index + 1));
                Some((old, item))
            }
            IterState::Zip { inner, .. } => {
                let [first, second] = &inner[..] else { return None };
                let (first, second) = (first.downcast::<Iter>()?, second.downcast::<Iter>()?);
                // Nothing may be taken from the first that does not get a partner.
                if !has_next(second) || first.is(second) {
                    return None;
                }
                Some((next_simple(first)?, next_simple(second)?))
            }
            _ => None,
        }
    }
}

/// The next item of an iterator over a list, tuple or range, if it has one.
fn next_simple(it: &Ref<Iter>) -> Option<Value> {
    match &mut *it.state.borrow_mut() {
        IterState::List { list, next } => list.get(*next).inspect(|_| *next += 1),
        IterState::Tuple { tuple, next } => tuple.get(*next).cloned().inspect(|_| *next += 1),
        IterState::Range { next, step, left } if *left > 0 => {
            *left -= 1;
            let n = *next;
            *next = n.wrapping_add(*step);
            Some(Value::int_unchecked(n))
        }
        _ => None,
    }
}

/// Whether [`next_simple`] would give an item.
fn has_next(it: &Ref<Iter>) -> bool {
    match &*it.state.borrow() {
        IterState::List { list, next } => *next < list.len(),
        IterState::Tuple { tuple, next } => *next < tuple.len(),
        IterState::Range { left, .. } => *left > 0,
        _ => false,
    }
}

impl Vm {
    /// BUILD_STRING: strs joined.
    #[inline(never)]
    pub(super) fn build_string(&mut self, w: Word) -> R {
        let regs = Registers::of(self);
        let mut length = 0;
        for i in 0..w.c() {
            match regs.borrow(w.b() + i).downcast::<Str>().and_then(|s| s.as_ascii()) {
                Some(text) => length += text.len(),
                None => {
                    let parts: Vec<Value> = (0..w.c()).map(|i| regs.take(w.b() + i)).collect();
                    return self.concat_strings(&parts);
                }
            }
        }
        let parts = (0..w.c()).filter_map(|i| regs.borrow(w.b() + i).downcast::<Str>().and_then(|s| s.as_ascii()));
        let text = Str::from_ascii_parts(&self.heap, length, parts);
        for i in 0..w.c() {
            regs.consume(self, w.b() + i);
        }
        Ok(text.into())
    }
}
