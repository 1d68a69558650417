//! Names and attributes: the slow paths and the inline caches of the loop.

use std::cell::Cell;

use crate::code::Word;
use crate::object::attrs::{Attrs, MAX_SLOTS, Shape};
use crate::object::function::Native;
use crate::object::header::{Header, Kind, Ref};
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::{Exc, R, Vm};

/// Low half: version; high half: position or slot.
fn pack(version: u32, position: usize) -> u64 {
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
fn cache(pc: *const Cell<u64>, i: usize) -> &'static Cell<u64> {
    // SAFETY: the loop passes the address behind an instruction whose cache words follow it; the reference is used at
    // once, while the code runs.
    unsafe { &*pc.add(i) }
}

impl Vm {
    /// A name of the running code.
    pub(super) fn code_name(&self, i: u16) -> Ref<Str> {
        match self.stack.frame() {
            Some(f) => f.code().names[i as usize].clone(),
            None => self.types().names.__name__.clone(),
        }
    }

    #[inline(never)]
    pub(super) fn load_global(&mut self, name: u16, pc: *const Cell<u64>) -> R {
        let name = self.code_name(name);
        let Some(f) = self.top_function() else { return Err(self.name_error(&name)) };
        // The cache: versions of the keys of globals and (0: found in the globals) builtins, and the value's place.
        if let Some(n) = f.globals.find_str(&name) {
            if let (Some(version), Some(place)) = (f.globals.keys_version(&self.heap), f.globals.place_at(n)) {
                cache(pc, 0).set(version as u64);
                cache(pc, 1).set(place as u64);
            }
            return Ok(f.globals.value_at(n).unwrap_or(Value::NONE));
        }
        match f.builtins.find_str(&name) {
            Some(n) => {
                let versions = (f.globals.keys_version(&self.heap), f.builtins.keys_version(&self.heap));
                if let ((Some(globals), Some(builtins)), Some(place)) = (versions, f.builtins.place_at(n)) {
                    cache(pc, 0).set(pack(globals, builtins as usize));
                    cache(pc, 1).set(place as u64);
                }
                Ok(f.builtins.value_at(n).unwrap_or(Value::NONE))
            }
            None => Err(self.name_error(&name)),
        }
    }

    /// LOAD_NAME: locals of a class or module body, globals, builtins.
    pub(super) fn load_name(&mut self, name: u16) -> R {
        let name = self.code_name(name);
        if let Some(map) = self.locals_mapping()
            && let Some(v) = self.namespace_get(&map, &name)?
        {
            return Ok(v);
        }
        self.global_or_builtin(&name)
    }

    pub(super) fn global_or_builtin(&mut self, name: &Ref<Str>) -> R {
        let Some(f) = self.top_function() else { return Err(self.name_error(name)) };
        match f.globals.get_str(name).or_else(|| f.builtins.get_str(name)) {
            Some(v) => Ok(v),
            None => Err(self.name_error(name)),
        }
    }

    #[cold]
    pub(super) fn unbound_local(&mut self, register: u16) -> Exc {
        let name = match self.stack.frame() {
            Some(f) => f.code().local_names[register as usize].to_string(),
            None => String::new(),
        };
        let class = self.types().UnboundLocalError.clone();
        self.error(&class, &format!("cannot access local variable '{name}' where it is not associated with a value"))
    }

    #[cold]
    pub(super) fn unbound_cell(&mut self, register: u16) -> Exc {
        let Some(f) = self.stack.frame() else { return self.name_error_text("") };
        let (code, r) = (f.code(), register as usize);
        let name = code.local_names[r].clone();
        if r >= code.local_names.len() - code.data.free_count as usize {
            let text = format!(
                "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            );
            return self.name_error_text(text);
        }
        self.unbound_local(register)
    }

    // ---- attributes

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
        Some(unsafe { attrs.slot((packed >> 32) as usize) }.clone())
    }

    /// LOAD_METHOD by its cache.
    #[inline(always)]
    pub(super) fn cached_method(&self, o: &Value, pc: *const Cell<u64>) -> Option<Value> {
        let h = o.header()?;
        if cache(pc, 0).get() != method_guard(h) || cache(pc, 1).get() as u32 != h.ty().known_version() {
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

    /// LOAD_ATTR in general; fills the cache where the attribute is a slot that nothing on the class overrides.
    pub(super) fn load_attr(&mut self, o: &Value, name: u16, pc: *const Cell<u64>) -> R {
        let name = self.code_name(name);
        if let Some((slot, shape)) = self.find_instance_slot(o, &name)
            && let Some(h) = o.header()
            && self.has_plain_attributes(h.ty())
            && h.ty().lookup(&name).is_none_or(|d| !self.is_data_descriptor(&d))
        {
            let version = h.ty().version();
            if version != 0 {
                cache(pc, 0).set(shape as u64);
                cache(pc, 1).set(pack(version, slot));
            }
        }
        self.get_attr(o, &name)
    }

    /// LOAD_ATTR past its cache, with its operand.
    #[inline(never)]
    pub(super) fn load_attr_register(&mut self, w: Word, pc: *const Cell<u64>) -> R {
        let owner = self.take_register(w.b());
        let result = self.load_attr(&owner, w.c(), pc);
        self.dispose(owner);
        result
    }

    /// STORE_ATTR with its operands.
    #[inline(never)]
    pub(super) fn store_attr_register(&mut self, w: Word, pc: *const Cell<u64>) -> R<()> {
        let value = self.take_register(w.b());
        let owner = self.take_register(w.a());
        let result = self.store_attr(&owner, w.c(), value, pc);
        self.dispose(owner);
        result
    }

    /// Whether attribute look-up on instances is `object`'s.
    fn has_plain_attributes(&self, class: &Ref<Type>) -> bool {
        class.lookup(&self.types().names.__getattribute__).is_some_and(|f| f.downcast::<Native>().is_some())
            && !matches!(class.instance_kind, Kind::Type | Kind::Module | Kind::Super)
    }

    /// LOAD_METHOD past its cache, which holds the guard (shape of the instance, or its class where it has no attributes of its
    /// own), the class's version and the function.
    #[inline(never)]
    pub(super) fn load_method_cached(
        &mut self,
        o: Value,
        name: u16,
        pc: *const Cell<u64>,
    ) -> R<(Value, Option<Value>)> {
        let guard = o.header().map_or(0, method_guard);
        let name = self.code_name(name);
        let (f, receiver) = self.load_method(&o, &name)?;
        if receiver.is_some()
            && guard != 0
            && let Some(h) = o.header()
            && h.ty().lookup(&name).is_some_and(|found| found.is(&f))
        {
            let version = h.ty().version();
            if version != 0 {
                cache(pc, 0).set(guard);
                cache(pc, 1).set(version as u64);
                cache(pc, 2).set(f.bits());
            }
        }
        self.dispose(o);
        Ok((f, receiver))
    }

    /// STORE_ATTR: the cache holds the shape, the class's version with the slot, and the shape that follows where the
    /// attribute is new.
    pub(super) fn store_attr(&mut self, o: &Value, name: u16, v: Value, pc: *const Cell<u64>) -> R<()> {
        if let Some(h) = o.header()
            && let Some(attrs) = Attrs::of(h)
        {
            let shape = attrs.shape_ptr() as u64;
            let packed = cache(pc, 1).get();
            if shape != 0 && cache(pc, 0).get() == shape && packed as u32 == h.ty().known_version() {
                let slot = (packed >> 32) as usize;
                match std::ptr::NonNull::new(cache(pc, 2).get() as *mut Shape) {
                    // SAFETY: the cache was filled with a slot of this shape.
                    None => {
                        let old = unsafe { attrs.replace_slot(slot, v) };
                        self.dispose(old);
                    }
                    Some(next) => attrs.push(h, next, slot, v),
                }
                return Ok(());
            }
        }
        let name = self.code_name(name);
        let before = o
            .header()
            .and_then(Attrs::of)
            .and_then(|a| a.shape().map(|s| (a.shape_ptr(), s.slot(&name), s.names().len())));
        self.set_attr(o, &name, v)?;
        self.fill_store_cache(o, &name, before, pc);
        Ok(())
    }

    fn fill_store_cache(
        &mut self,
        o: &Value,
        name: &Ref<Str>,
        before: Option<(*const Shape, Option<usize>, usize)>,
        pc: *const Cell<u64>,
    ) {
        let Some((shape, slot, count)) = before else { return };
        let Some(h) = o.header() else { return };
        let Some(attrs) = Attrs::of(h) else { return };
        let class = h.ty();
        let plain = class.lookup(&self.types().names.__setattr__).is_some_and(|f| f.downcast::<Native>().is_some())
            && !matches!(class.instance_kind, Kind::Type | Kind::Module)
            && !class.has(type_flags::SLOTS)
            && !class.has(type_flags::NO_DICT)
            && class.lookup(name).is_none_or(|d| !self.is_data_descriptor(&d));
        let version = class.version();
        if !plain || version == 0 {
            return;
        }
        let next = match slot {
            Some(_) if attrs.shape_ptr() == shape => std::ptr::null(),
            None if count < MAX_SLOTS && attrs.shape().is_some_and(|s| s.names().len() == count + 1) => {
                attrs.shape_ptr()
            }
            _ => return,
        };
        cache(pc, 0).set(shape as u64);
        cache(pc, 1).set(pack(version, slot.unwrap_or(count)));
        cache(pc, 2).set(next as u64);
    }
}
