//! Handlers that the loop calls, each a function of its own: they read their operands where they lie, take a common case
//! at once, and leave the rest to the protocols.

use smallvec::SmallVec;

use super::registers::Registers;
use crate::code::{CompareOp, Op, Word};
use crate::object::dict::Dict;
use crate::object::header::{Kind, Ref};
use crate::object::heap::Heap;
use crate::object::iter::{DictPart, Iter, IterState};
use crate::object::number::BigInt;
use crate::object::sequence::{List, Tuple};
use crate::object::set::Set;
use crate::object::str::{self, Str};
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::protocol::subscript::fit;
use crate::vm::{R, Vm};

/// Bounds of a slice that need no `__index__`, as `fit` wants them.
fn plain_bounds(start: &Value, stop: &Value) -> Option<(i64, i64)> {
    let start = if start.is_none() { 0 } else { start.as_small_int()? };
    let stop = if stop.is_none() { i64::MAX } else { stop.as_small_int()? };
    Some((start, stop))
}

/// Whether a value is a str of one ASCII character.
fn is_character(v: &Value) -> bool {
    v.downcast::<Str>().and_then(|s| s.as_ascii()).is_some_and(|s| s.len() == 1)
}

/// Whether an ASCII character is in a str.
fn has_character(text: &Value, character: &Value) -> bool {
    let (Some(text), Some(c)) = (text.downcast::<Str>(), character.downcast::<Str>().and_then(|c| c.point(0))) else {
        return false;
    };
    match text.as_ascii() {
        Some(text) => text.as_bytes().contains(&(c as u8)),
        None => text.points().any(|p| p == c),
    }
}

/// What FOR_ITER of a built-in iterator came to.
pub(super) enum Next {
    /// The item is in its register.
    Item,
    /// The items of a pair are where the UNPACK_SEQUENCE behind the FOR_ITER puts them.
    Unpacked,
    /// A frame was entered that gives it.
    Entered,
    Exhausted,
}

impl Vm {
    /// COMPARE; None if a frame was entered for it.
    #[inline(never)]
    pub(super) fn compare_registers(&mut self, w: Word) -> R<Option<Value>> {
        let regs = Registers::of(self);
        let op = CompareOp::from_u8(w.x() & 15).unwrap_or(CompareOp::Eq);
        let (l, r) = (regs.borrow(w.b()), regs.borrow(w.c()));
        if self.enter_compare(w, op, l, r, None) {
            return Ok(None);
        }
        let result = match w.x() & 16 != 0 {
            true => self.compare_bool(op, &l.clone(), &r.clone()).map(Value::bool),
            false => self.compare(op, &l.clone(), &r.clone()),
        };
        regs.consume(self, w.b());
        regs.consume(self, w.c());
        result.map(Some)
    }

    /// CONTAINS; None if a frame was entered for it, as for the handlers below.
    #[inline(never)]
    pub(super) fn contains_registers(&mut self, w: Word) -> R<Option<Value>> {
        let regs = Registers::of(self);
        let (container, item) = (regs.borrow(w.c()), regs.borrow(w.b()));
        let found = match container.header() {
            Some(h) if h.kind() == Kind::Str && !h.ty().has(type_flags::HEAP) && is_character(item) => {
                Ok(has_character(container, item))
            }
            // As `special` has it.
            Some(h)
                if matches!(h.kind(), Kind::Str | Kind::Dict | Kind::Set | Kind::Tuple | Kind::List)
                    && !h.ty().has(type_flags::HEAP | type_flags::IMMUTABLE) =>
            {
                self.direct_contains(&container.clone(), &item.clone())
            }
            _ if self.enter_contains(w) => return Ok(None),
            _ => self.contains(&container.clone(), &item.clone()),
        };
        regs.consume(self, w.b());
        regs.consume(self, w.c());
        found.map(|found| Some(Value::bool(found != (w.x() != 0))))
    }

    /// An item of a list or tuple, or a character of an ASCII str, where it has one.
    #[inline(always)]
    pub(super) fn index_sequence(&self, o: &Value, k: &Value) -> Option<Value> {
        let (h, i) = (o.header()?, k.as_small_int()?);
        let from_end = |len: usize| if i < 0 { i.wrapping_add(len as i64) as usize } else { i as usize };
        match h.kind() {
            Kind::List if h.ty().is(&self.types().list) => o.downcast::<List>().and_then(|l| l.get(from_end(l.len()))),
            Kind::Tuple if h.ty().is(&self.types().tuple) => {
                o.downcast::<Tuple>().and_then(|t| t.get(from_end(t.len())).cloned())
            }
            Kind::Str if h.ty().is(&self.types().str) => {
                let text = o.downcast::<Str>()?.as_ascii()?.as_bytes();
                self.heap.interned.known_ascii(*text.get(from_end(text.len()))?).map(Value::from)
            }
            _ => None,
        }
    }

    /// Where the item lies that an int names in a list, if it has one.
    #[inline(always)]
    pub(super) fn list_place(&self, o: &Value, k: &Value) -> Option<*mut u64> {
        let (h, i) = (o.header()?, k.as_small_int()?);
        if h.kind() != Kind::List || !h.ty().is(&self.types().list) {
            return None;
        }
        let mut items = o.downcast::<List>()?.items.borrow_mut();
        let at = if i < 0 { i.wrapping_add(items.len() as i64) } else { i };
        // A value and its word are laid out alike.
        items.get_mut(at as usize).map(|place| std::ptr::from_mut(place).cast())
    }

    /// SUBSCR past the loop's own cases.
    #[inline(never)]
    pub(super) fn subscr_registers(&mut self, w: Word) -> R<Option<Value>> {
        let regs = Registers::of(self);
        let (o, k) = (regs.borrow(w.b()), regs.borrow(w.c()));
        let found = match self.index_str(o, k) {
            Some(c) => Ok(c),
            None => match o.downcast::<Dict>() {
                Some(d) if d.ty().is(&self.types().dict) => match self.dict_get(&d.clone(), &k.clone()) {
                    Ok(Some(v)) => Ok(v),
                    Ok(None) => Err(self.key_error(k)),
                    Err(e) => Err(e),
                },
                _ => match k.as_small_int().and_then(|i| self.byte_of(o, i)) {
                    Some(byte) => Ok(byte),
                    None if self.enter_getitem(w) => return Ok(None),
                    None => self.get_item(&o.clone(), &k.clone()),
                },
            },
        };
        regs.consume(self, w.b());
        regs.consume(self, w.c());
        found.map(Some)
    }

    /// A character of a str.
    #[inline]
    fn index_str(&self, o: &Value, k: &Value) -> Option<Value> {
        let (s, i) = (o.downcast::<Str>()?, k.as_small_int()?);
        if !s.ty().is(&self.types().str) {
            return None;
        }
        let at = if i < 0 { i + s.len() as i64 } else { i };
        let point = s.point(usize::try_from(at).ok()?)?;
        Some(Str::from_point(&self.heap, point).into())
    }

    /// STORE_SUBSCR.
    #[inline(never)]
    pub(super) fn store_subscr_registers(&mut self, w: Word) -> R<()> {
        let regs = Registers::of(self);
        if self.enter_setitem(w) {
            return Ok(());
        }
        let v = regs.take(w.c());
        let (o, k) = (regs.borrow(w.a()), regs.borrow(w.b()));
        let result = match o.kind() {
            Some(Kind::Dict) if o.header().is_some_and(|h| h.ty().is(&self.types().dict)) => {
                match o.downcast::<Dict>() {
                    Some(d) => self.dict_set(&d.clone(), k.clone(), v),
                    None => Ok(()),
                }
            }
            _ => self.set_item(&o.clone(), &k.clone(), v),
        };
        regs.consume(self, w.a());
        regs.consume(self, w.b());
        if self.heap.has_pending() {
            self.run_finalizers();
        }
        result
    }

    /// SLICE_LOAD.
    #[inline(never)]
    pub(super) fn slice_load_registers(&mut self, w: Word) -> R {
        let regs = Registers::of(self);
        let (o, start, stop) = (regs.borrow(w.b()), regs.borrow(w.b() + 1), regs.borrow(w.b() + 2));
        let result = match plain_bounds(start, stop) {
            Some((start, stop)) => self.slice_directly(o, start, stop),
            None => None,
        };
        let result = match result {
            Some(v) => Ok(v),
            None => {
                let slice = self.new_slice(start.clone(), stop.clone(), Value::NONE);
                self.get_item(&o.clone(), &slice)
            }
        };
        for i in 0..3 {
            regs.consume(self, w.b() + i);
        }
        result
    }

    /// A slice of a list, tuple or str, where there is nothing to ask for first.
    fn slice_directly(&mut self, o: &Value, start: i64, stop: i64) -> Option<Value> {
        /// Larger ones are asked for.
        const SMALL: usize = 1 << 16;
        let types = self.types();
        if let Some(l) = o.downcast::<List>()
            && l.ty().is(&types.list)
        {
            let b = fit(start, stop, 1, l.len());
            let at = b.start as usize;
            let items = l.items.borrow().get(at..at + b.count)?.to_vec();
            return (b.count < SMALL).then(|| List::new(&self.heap, items).into());
        }
        if let Some(s) = o.downcast::<Str>()
            && s.ty().is(&types.str)
            && let Some(text) = s.as_ascii()
        {
            let b = fit(start, stop, 1, s.len());
            let at = b.start as usize;
            if b.count == s.len() {
                return Some(o.clone());
            }
            let part = text.get(at..at + b.count)?;
            return Some(match part.as_bytes() {
                &[byte] => Str::from_point(&self.heap, byte as u32).into(),
                _ => Str::from_ascii_parts(&self.heap, part.len(), std::iter::once(part)).into(),
            });
        }
        None
    }

    /// SLICE_STORE.
    #[inline(never)]
    pub(super) fn slice_store_registers(&mut self, w: Word) -> R<()> {
        let regs = Registers::of(self);
        let a = w.a();
        let (v, o) = (regs.borrow(a), regs.borrow(a + 1));
        let (start, stop) = (regs.borrow(a + 2), regs.borrow(a + 3));
        let done = match plain_bounds(start, stop) {
            // A local may be read again.
            Some((start, stop)) if regs.is_temporary(a) => self.replace_items(o, start, stop, v),
            _ => false,
        };
        let result = if done {
            Ok(())
        } else {
            let slice = self.new_slice(start.clone(), stop.clone(), Value::NONE);
            self.set_item(&o.clone(), &slice, v.clone())
        };
        for i in 0..4 {
            regs.consume(self, a + i);
        }
        if self.heap.has_pending() {
            self.run_finalizers();
        }
        result
    }

    /// Replaces items of a list by as many of another; false if it is not such a case.
    fn replace_items(&mut self, o: &Value, start: i64, stop: i64, v: &Value) -> bool {
        let (Some(l), Some(from)) = (o.downcast::<List>(), v.downcast::<List>()) else { return false };
        let list = &self.types().list;
        if !l.ty().is(list) || !from.ty().is(list) || l.is(from) {
            return false;
        }
        let b = fit(start, stop, 1, l.len());
        if b.count != from.len() {
            return false;
        }
        let at = b.start as usize;
        if from.header().count() == 1 {
            // Nobody else sees the other list: it may have the old items, and drop them when it dies.
            l.items.borrow_mut()[at..at + b.count].swap_with_slice(&mut from.items.borrow_mut());
            return true;
        }
        let mut items = from.to_vec();
        l.items.borrow_mut()[at..at + b.count].swap_with_slice(&mut items);
        drop(items);
        true
    }

    /// `a + b` of strs, by ADD: in place where the left one is seen by nobody else and lives on as the result.  None if
    /// the operands are others, or ordinary.
    pub(super) fn add_strs(&mut self, w: Word, r: &Value) -> R<Option<Value>> {
        /// Shorter text is copied.
        const WORTH_ROOM: usize = 48;
        let regs = Registers::of(self);
        let l = regs.borrow(w.b());
        let (Some(a), Some(b)) = (l.downcast::<Str>(), r.downcast::<Str>()) else { return Ok(None) };
        let str = &self.types().str;
        if !a.ty().is(str) || !b.ty().is(str) {
            return Ok(None);
        }
        let lives_on = w.a() == w.b() || regs.is_temporary(w.b());
        // `s = s + t`: what the sum replaces is the left operand itself.
        let replaced = w.a() != w.b() && regs.is_temporary(w.b()) && regs.is_same(w.a(), w.b());
        let alone = a.header().count() == 1 + replaced as u32;
        if !lives_on || !alone || a.len() < WORTH_ROOM || b.is_empty() {
            let small = a.len() + b.len() < WORTH_ROOM;
            return Ok(small.then(|| str::concat(&self.heap, a, b).into()));
        }
        self.check_memory(a.len().checked_add(b.len()).and_then(|n| n.checked_mul(6)))?;
        if replaced {
            regs.set(self, w.a(), Value::NONE);
        }
        if str::append(a, b) {
            return Ok(regs.move_out(w.b()));
        }
        Ok(Some(str::concat_roomy(&self.heap, a, b).into()))
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

    /// GET_ITER.
    #[inline(never)]
    pub(super) fn iter_registers(&mut self, w: Word) -> R<Option<Value>> {
        let regs = Registers::of(self);
        if self.enter_iter(w) {
            return Ok(None);
        }
        let result = self.iter(&regs.hold(w.b()));
        regs.consume(self, w.b());
        result.map(Some)
    }

    /// SET_ADD.
    #[inline(never)]
    pub(super) fn set_add_registers(&mut self, w: Word) -> R<()> {
        let regs = Registers::of(self);
        let v = regs.take(w.b());
        match regs.borrow(w.a()).downcast::<Set>() {
            Some(s) => self.set_add(s, v).map(drop),
            None => Ok(()),
        }
    }

    /// MAP_ADD.
    #[inline(never)]
    pub(super) fn map_add_registers(&mut self, w: Word) -> R<()> {
        let regs = Registers::of(self);
        let (k, v) = (regs.take(w.b()), regs.take(w.c()));
        match regs.borrow(w.a()).downcast::<Dict>() {
            Some(d) => self.dict_set(d, k, v),
            None => Ok(()),
        }
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
        if let Some(v) = self.next_plain(it) {
            regs.set(self, w.b(), v);
            return Ok(Next::Item);
        }
        if self.enter_next(w) {
            return Ok(Next::Entered);
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
                let item = self.next_plain(inner)?;
                let old = std::mem::replace(next, BigInt::from_i64(&self.heap, index + 1));
                Some((old, item))
            }
            IterState::Zip { inner, .. } => {
                let [first, second] = &inner[..] else { return None };
                // Nothing may be taken from the first that does not get a partner.
                if !has_next(first) || !has_next(second) || first.is(second) {
                    return None;
                }
                Some((self.next_plain(first)?, self.next_plain(second)?))
            }
            _ => None,
        }
    }

    /// The next item of a built-in iterator, where no Python code has a part in it and there is one; else nothing has
    /// changed.
    #[inline]
    pub(in crate::vm) fn next_plain(&self, it: &Value) -> Option<Value> {
        let it = it.downcast::<Iter>().filter(|it| !it.ty().has(type_flags::HEAP))?;
        next_simple(&self.heap, it).or_else(|| self.next_item(it)).or_else(|| self.next_group(it))
    }

    /// The next tuple of an `enumerate` or `zip`, likewise.
    pub(in crate::vm) fn next_group(&self, it: &Ref<Iter>) -> Option<Value> {
        if let Some((first, second)) = self.next_pair(it) {
            return Some(Tuple::new(&self.heap, [first, second]).into());
        }
        let state = it.state.borrow();
        let IterState::Zip { inner, .. } = &*state else { return None };
        let apart = |i: usize| !inner[..i].iter().any(|other| other.is(&inner[i]));
        if inner.len() < 3 || !inner.iter().all(has_next) || !(1..inner.len()).all(apart) {
            return None;
        }
        let items: SmallVec<[Value; 8]> = inner.iter().filter_map(|it| self.next_plain(it)).collect();
        Some(Tuple::new(&self.heap, items).into())
    }
}

/// The next item of an iterator over a list, tuple, range or ASCII text, if it has one.
#[inline(always)]
pub(super) fn next_simple(heap: &Heap, it: &Iter) -> Option<Value> {
    match &mut *it.state.borrow_mut() {
        IterState::List { list, next } => list.get(*next).inspect(|_| *next += 1),
        IterState::Tuple { tuple, next } => tuple.get(*next).cloned().inspect(|_| *next += 1),
        IterState::Range { next, step, left } if *left > 0 => {
            *left -= 1;
            let n = *next;
            *next = n.wrapping_add(*step);
            Some(Value::int_unchecked(n))
        }
        IterState::Str { text, next } => {
            let byte = *text.as_ascii()?.as_bytes().get(*next)?;
            heap.interned.known_ascii(byte).map(Value::from).inspect(|_| *next += 1)
        }
        _ => None,
    }
}

/// Whether [`Vm::next_plain`] would give an item; it may give one where this says no.
fn has_next(it: &Value) -> bool {
    let Some(it) = it.downcast::<Iter>().filter(|it| !it.ty().has(type_flags::HEAP)) else { return false };
    match &*it.state.borrow() {
        IterState::List { list, next } => *next < list.len(),
        IterState::ListReversed { list, next } => (1..=list.len()).contains(next),
        IterState::Tuple { tuple, next } => *next < tuple.len(),
        IterState::Range { left, .. } => *left > 0,
        IterState::Str { text, next } => *next < text.len(),
        IterState::Bytes { bytes, next } => *next < bytes.data.len(),
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
