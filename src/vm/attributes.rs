//! LOAD_ATTR, LOAD_METHOD and STORE_ATTR: the inline caches of the loop, and what is behind them.

use std::cell::Cell;
use std::ptr::NonNull;

use super::registers::Registers;
use super::special_frames::Then;
use super::stack::{Frame, frame_flags};
use super::stubs::Site;
use crate::code::{Op, Word};
use crate::object::attrs::{Attrs, MAX_SLOTS, Shape};
use crate::object::function::{Function, Module, Property};
use crate::object::header::{Header, Kind, Ref};
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::member::{Member, UNSET};
use crate::vm::protocol::attribute::is_native;
use crate::vm::{R, Vm};

/// Low half: version; high half: position or slot.
pub(super) fn pack(version: u32, position: usize) -> u64 {
    version as u64 | (position as u64) << 32
}

/// What the cache of LOAD_METHOD holds of an object: its shape, or its class where it has no attributes; 0 in dict mode.
#[inline(always)]
fn method_guard(h: &Header) -> u64 {
    match Attrs::of(h) {
        Some(attrs) => attrs.shape_ptr() as u64,
        None => h.ty().as_ptr() as u64,
    }
}

/// Word `i` of the inline cache at `pc`.
pub(super) fn cache(pc: *const Cell<u64>, i: usize) -> &'static Cell<u64> {
    // SAFETY: the loop passes the address behind an instruction whose cache words follow it; the reference is used at
    // once, while the code runs.
    unsafe { &*pc.add(i) }
}

/// Where an instruction finds an attribute of the objects of a class and shape.
struct Slot {
    shape: *const Shape,
    index: usize,
}

impl Vm {
    /// LOAD_ATTR by its cache: a slot of an instance.
    #[inline(always)]
    pub(super) fn cached_attr(&self, o: &Value, pc: *const Cell<u64>) -> Option<Value> {
        let h = o.header()?;
        let attrs = Attrs::of(h)?;
        let expected = cache(pc, 0).get();
        let packed = cache(pc, 1).get();
        if attrs.shape_ptr() as u64 != expected || expected == 0 || packed as u32 != h.ty().known_version() {
            return None;
        }
        // SAFETY: the cache was filled with a slot of this shape.
        let v = unsafe { attrs.slot((packed >> 32) as usize) };
        if v.bits() == UNSET { None } else { Some(v.clone()) }
    }

    /// LOAD_METHOD by its cache.
    #[inline(always)]
    pub(super) fn cached_method(&self, o: &Value, pc: *const Cell<u64>) -> Option<Value> {
        let h = o.header()?;
        let guard = method_guard(h);
        // An empty cache has guard 0, as an object whose attributes are a dict.
        if guard == 0 || cache(pc, 0).get() != guard || cache(pc, 1).get() as u32 != h.ty().known_version() {
            return None;
        }
        // SAFETY: the class still has the version with which the function was found in it, so it keeps it alive.
        let f = std::mem::ManuallyDrop::new(unsafe { Value::from_bits(cache(pc, 2).get()) });
        Some((*f).clone())
    }

    /// STORE_ATTR by its cache: the slot of an attribute that is there already.
    #[inline(always)]
    pub(super) fn cached_store(&self, o: &Value, pc: *const Cell<u64>) -> Option<*mut u64> {
        let h = o.header()?;
        let attrs = Attrs::of(h)?;
        let (shape, packed) = (cache(pc, 0).get(), cache(pc, 1).get());
        if attrs.shape_ptr() as u64 != shape
            || shape == 0
            || packed as u32 != h.ty().known_version()
            || cache(pc, 2).get() != 0
        {
            return None;
        }
        // SAFETY: the cache was filled with a slot of this shape; a value and its word are laid out alike.
        Some(unsafe { std::ptr::from_ref(attrs.slot((packed >> 32) as usize)) as *mut u64 })
    }

    /// Fills an instruction's cache from the second level, if that has what the instruction needs.
    #[inline]
    fn refill(&self, h: &Header, guard: u64, site: Site, name: &Ref<Str>, pc: *const Cell<u64>) -> bool {
        // Where nothing is specialised, the second level is empty.
        let Some([first, second]) = self.stubs.find(guard, site, name) else { return false };
        if first as u32 != h.ty().known_version() {
            return false;
        }
        cache(pc, 0).set(guard);
        cache(pc, 1).set(first);
        if site != Site::LoadAttr {
            cache(pc, 2).set(second);
        }
        true
    }

    /// Fills an instruction's cache and the second level.
    fn fill(&mut self, guard: u64, site: Site, name: &Ref<Str>, pc: *const Cell<u64>, words: [u64; 2]) {
        if !self.specializes {
            return;
        }
        cache(pc, 0).set(guard);
        cache(pc, 1).set(words[0]);
        if site != Site::LoadAttr {
            cache(pc, 2).set(words[1]);
        }
        self.stubs.put(guard, site, name, words);
    }

    /// LOAD_ATTR past its cache.  None: the frame of a property's getter has been entered, and the instruction is done
    /// when it returns.
    #[inline(never)]
    pub(super) fn load_attr_register(&mut self, w: Word, pc: *const Cell<u64>) -> R<Option<Value>> {
        let regs = Registers::of(self);
        let o = regs.borrow(w.b());
        let name = self.code_name(w.c());
        if let Some(h) = o.header()
            && let Some(attrs) = Attrs::of(h)
            && self.refill(h, attrs.shape_ptr() as u64, Site::LoadAttr, &name, pc)
            && let Some(v) = self.cached_attr(o, pc)
        {
            regs.consume(self, w.b());
            return Ok(Some(v));
        }
        let slot = self.attribute_slot(o, &name);
        let version = o.class(&self.heap).version();
        match slot {
            Some(slot) if version != 0 => {
                let words = [pack(version, slot.index), 0];
                self.fill(slot.shape as u64, Site::LoadAttr, &name, pc, words);
            }
            Some(_) => {}
            None if self.enter_getter(o, &name, w, pc) => return Ok(None),
            None => {
                if let Some(m) = o.downcast::<Module>()
                    && m.ty().is(&self.types().module)
                    && let Some(v) = m.dict.get_str(&name)
                    && m.ty().lookup(&name).is_none()
                {
                    regs.consume(self, w.b());
                    return Ok(Some(v));
                }
            }
        }
        let result = self.get_attr(&o.clone(), &name);
        regs.consume(self, w.b());
        result.map(Some)
    }

    /// The slot that holds an attribute of an object: one that nothing on the class overrides, or that of a slot
    /// descriptor.
    fn attribute_slot(&self, o: &Value, name: &Ref<Str>) -> Option<Slot> {
        let h = o.header()?;
        let class = h.ty();
        if !self.has_plain_attributes(class) {
            return None;
        }
        let on_class = class.lookup(name);
        match on_class.as_ref().and_then(|d| d.opaque::<Member>()) {
            Some(member) if class.is_subclass(&member.owner) => {
                let shape = Attrs::of(h)?.shape()?;
                Some(Slot { shape, index: shape.slot(member.key())? })
            }
            Some(_) => None,
            None if on_class.as_ref().is_some_and(|d| self.is_data_descriptor(d)) => None,
            None => self.find_instance_slot(o, name).map(|(index, shape)| Slot { shape: shape as *const Shape, index }),
        }
    }

    /// LOAD_ATTR of a property whose getter is a Python function: pushes its frame.
    fn enter_getter(&mut self, o: &Value, name: &Ref<Str>, w: Word, pc: *const Cell<u64>) -> bool {
        let Some(h) = o.header() else { return false };
        // An AttributeError of the getter is not the end where there is a `__getattr__` to ask.
        if !self.has_plain_attributes(h.ty()) || h.ty().lookup(&self.types().names.__getattr__).is_some() {
            return false;
        }
        let found = h.ty().lookup(name);
        let Some(property) = found.as_ref().and_then(|d| d.downcast::<Property>()) else { return false };
        if !property.ty().is(&self.types().property) {
            return false;
        }
        let getter = property.getter.get();
        let Ok(function) = getter.downcast_owned::<Function>() else { return false };
        let (code, base) = (function.code.get(), self.stack.top());
        let hot = code.hot;
        if hot.simple_args != 1 || !self.stack.has_room(base, hot.register_count as usize) {
            return false;
        }
        // SAFETY: there is room for the frame's registers, and what is above the top frame holds no reference.  The top
        // frame is the instruction's; it goes on behind the cache.
        unsafe {
            *base = o.clone().into_bits();
            for i in 1..hot.first_temp as usize {
                *base.add(i) = 0;
            }
            (*self.stack.frame_ptr()).pc = pc.add(Op::LOAD_ATTR.extra_words());
        }
        Registers::of(self).consume(self, w.b());
        self.stack.push(Frame {
            code: code.as_ptr(),
            function,
            regs: base,
            pc: hot.words,
            locals: None,
            generator: None,
            dst: w.a(),
            flags: frame_flags::GETTER,
            then: Then::Result,
        });
        true
    }

    /// Whether attribute look-up on instances is `object`'s.
    fn has_plain_attributes(&self, class: &Ref<Type>) -> bool {
        !matches!(class.instance_kind, Kind::Type | Kind::Module | Kind::Super)
            && is_native(class, &self.types().names.__getattribute__)
    }

    /// LOAD_METHOD past its cache, which holds the guard, the class's version and the function.
    #[inline(never)]
    pub(super) fn load_method_register(&mut self, w: Word, pc: *const Cell<u64>) -> R<(Value, Option<Value>)> {
        let regs = Registers::of(self);
        let o = regs.borrow(w.b());
        let name = self.code_name(w.c());
        let guard = o.header().map_or(0, method_guard);
        if let Some(h) = o.header()
            && self.refill(h, guard, Site::LoadMethod, &name, pc)
            && let Some(f) = self.cached_method(o, pc)
        {
            return Ok((f, Some(regs.take(w.b()))));
        }
        if let Some(m) = o.downcast::<Module>()
            && m.ty().is(&self.types().module)
            && let Some(f) = m.dict.get_str(&name)
            && m.ty().lookup(&name).is_none()
        {
            regs.consume(self, w.b());
            return Ok((f, None));
        }
        let result = self.load_method(&o.clone(), &name);
        if let Ok((f, Some(_))) = &result
            && guard != 0
            && let Some(h) = o.header()
            && h.ty().lookup(&name).is_some_and(|found| found.is(f))
        {
            let version = h.ty().version();
            if version != 0 {
                self.fill(guard, Site::LoadMethod, &name, pc, [version as u64, f.bits()]);
            }
        }
        regs.consume(self, w.b());
        result
    }

    /// STORE_ATTR past its cache, which holds the shape, the class's version with the slot, and the shape that follows
    /// where the attribute is new.
    #[inline(never)]
    pub(super) fn store_attr_register(&mut self, w: Word, pc: *const Cell<u64>) -> R<()> {
        let regs = Registers::of(self);
        let v = regs.take(w.b());
        let o = regs.borrow(w.a());
        let result = match self.store_by_cache(o, v, pc) {
            Ok(()) => Ok(()),
            Err(v) => self.store_attr(&o.clone(), w.c(), v, pc),
        };
        regs.consume(self, w.a());
        result
    }

    /// Err gives the value back: the cache has nothing for the object.
    fn store_by_cache(&mut self, o: &Value, v: Value, pc: *const Cell<u64>) -> Result<(), Value> {
        let Some(h) = o.header() else { return Err(v) };
        let Some(attrs) = Attrs::of(h) else { return Err(v) };
        let (shape, packed) = (attrs.shape_ptr() as u64, cache(pc, 1).get());
        if shape == 0 || cache(pc, 0).get() != shape || packed as u32 != h.ty().known_version() {
            return Err(v);
        }
        let slot = (packed >> 32) as usize;
        match NonNull::new(cache(pc, 2).get() as *mut Shape) {
            None => {
                // SAFETY: the cache was filled with a slot of this shape.
                let old = unsafe { attrs.replace_slot(slot, v) };
                self.dispose(old);
            }
            // SAFETY: the cache was filled with a shape and the one that an object got after it with this slot.
            Some(next) => unsafe { attrs.push(h, next, slot, v) },
        }
        Ok(())
    }

    fn store_attr(&mut self, o: &Value, name: u16, mut v: Value, pc: *const Cell<u64>) -> R<()> {
        let name = self.code_name(name);
        let attrs = o.header().and_then(Attrs::of);
        if let (Some(h), Some(attrs)) = (o.header(), attrs)
            && self.refill(h, attrs.shape_ptr() as u64, Site::StoreAttr, &name, pc)
        {
            match self.store_by_cache(o, v, pc) {
                Ok(()) => return Ok(()),
                Err(back) => v = back,
            }
        }
        // What the cache would hold, as long as the attribute is not set: `__setattr__` and descriptors are excluded.
        let target = o.header().and_then(|h| self.store_key(h.ty(), &name));
        let before = attrs
            .zip(target)
            .and_then(|(a, key)| a.shape().map(|s| (a.shape_ptr(), s.slot(&key), s.names().len(), key)));
        self.set_attr(o, &name, v)?;
        if let Some((shape, slot, count, key)) = before {
            self.fill_store_cache(o, &name, &key, (shape, slot, count), pc);
        }
        Ok(())
    }

    /// The name under which shapes hold an attribute that STORE_ATTR sets on instances of a class; None where setting it
    /// is more than writing a slot.
    fn store_key(&self, class: &Ref<Type>, name: &Ref<Str>) -> Option<Ref<Str>> {
        let plain = is_native(class, &self.types().names.__setattr__)
            && !matches!(class.instance_kind, Kind::Type | Kind::Module);
        if !plain {
            return None;
        }
        let on_class = class.lookup(name);
        match on_class.as_ref().and_then(|d| d.opaque::<Member>()) {
            Some(member) => class.is_subclass(&member.owner).then(|| member.key().clone()),
            None if class.has(type_flags::SLOTS) || class.has(type_flags::NO_DICT) => None,
            None => on_class.as_ref().is_none_or(|d| !self.is_data_descriptor(d)).then(|| name.clone()),
        }
    }

    fn fill_store_cache(
        &mut self,
        o: &Value,
        name: &Ref<Str>,
        key: &Ref<Str>,
        (shape, slot, count): (*const Shape, Option<usize>, usize),
        pc: *const Cell<u64>,
    ) {
        let Some(h) = o.header() else { return };
        let Some(attrs) = Attrs::of(h) else { return };
        // Setting may have run code that changed the class.
        if self.store_key(h.ty(), name).is_none_or(|now| !now.is(key)) {
            return;
        }
        let version = h.ty().version();
        if version == 0 {
            return;
        }
        let next = match slot {
            Some(_) if attrs.shape_ptr() == shape => std::ptr::null(),
            None if count < MAX_SLOTS
                && attrs.shape().is_some_and(|s| s.names().len() == count + 1 && s.slot(key) == Some(count)) =>
            {
                attrs.shape_ptr()
            }
            _ => return,
        };
        let words = [pack(version, slot.unwrap_or(count)), next as u64];
        self.fill(shape as u64, Site::StoreAttr, name, pc, words);
    }
}
