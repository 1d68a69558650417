//! `await`, `async for` and `async with`: what is awaited, and the awaitables that CPython makes around others.

use crate::object::generator::{Flavor, Generator};
use crate::object::header::Ref;
use crate::object::opaque::{Opaque, OpaqueData};
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::{Exc, R, Vm};

/// What `coroutine.__await__()` gives: an iterator over the coroutine.
pub struct CoroutineWrapper {
    pub coroutine: Ref<Generator>,
}

opaque_data!(CoroutineWrapper { coroutine });

/// What `anext(iterator, default)` gives: awaits `wrapped`, and the default where that has ended.
pub struct AnextAwaitable {
    pub wrapped: Value,
    pub default: Value,
}

opaque_data!(AnextAwaitable { wrapped, default });

impl Vm {
    /// A new object of a class whose data is opaque.
    pub fn new_opaque(&self, class: &Ref<Type>, data: impl OpaqueData) -> Value {
        self.heap.alloc(class, Opaque { data: Box::new(data) }).into()
    }

    /// The iterator of GET_YIELD_FROM_ITER.
    pub(super) fn delegation_iter(&mut self, v: Value) -> R {
        let Some(g) = v.downcast::<Generator>() else {
            let it = self.iter(&v)?;
            self.dispose(v);
            return Ok(it);
        };
        let here = self.stack.frame().map_or(Flavor::Generator, |f| Flavor::of(f.code().data.flags));
        if g.flavor == Flavor::Coroutine && !matches!(here, Flavor::Coroutine | Flavor::IterableCoroutine) {
            return Err(self.type_error("cannot 'yield from' a coroutine object in a non-coroutine generator"));
        }
        if g.is_iterator() || g.flavor == Flavor::Coroutine { Ok(v) } else { self.iter(&v) }
    }

    /// What is sent to when `v` is awaited: itself, or what its `__await__` gives.
    pub fn awaitable_iter(&mut self, v: &Value) -> R {
        if v.downcast::<Generator>().is_some_and(|g| g.is_awaitable()) {
            return Ok(v.clone());
        }
        let name = self.types().names.__await__.clone();
        let Some(it) = self.call_special(v, &name, &[])? else {
            let class = self.class_name(v);
            return Err(self.type_error(format!("'{class}' object can't be awaited")));
        };
        if it.downcast::<Generator>().is_some_and(|g| g.is_awaitable()) {
            return Err(self.type_error("__await__() returned a coroutine"));
        }
        if !self.is_iterator(&it)? {
            let class = self.class_name(&it);
            return Err(self.type_error(format!("__await__() returned non-iterator of type '{class}'")));
        }
        Ok(it)
    }

    fn has_special(&self, v: &Value, name: &Ref<Str>) -> bool {
        v.class(&self.heap).lookup(name).is_some_and(|f| !f.is_none())
    }

    /// GET_AWAITABLE; `place` is its operand.
    pub(super) fn get_awaitable(&mut self, v: &Value, place: u8) -> R {
        let known = v.downcast::<Generator>().is_some_and(|g| g.is_awaitable());
        let method = match place {
            1 => "__aenter__",
            2 => "__aexit__",
            _ => "",
        };
        if !known && !method.is_empty() && !self.has_special(v, &self.types().names.__await__) {
            let class = self.class_name(v);
            return Err(self.type_error(format!(
                "'async with' received an object from {method} that does not implement __await__: {class}"
            )));
        }
        let it = self.awaitable_iter(v)?;
        if let Some(g) = it.downcast::<Generator>()
            && g.flavor == Flavor::Coroutine
            && self.generator_delegate(g).is_some()
        {
            return Err(self.runtime_error("coroutine is being awaited already"));
        }
        Ok(it)
    }

    /// GET_AITER.
    pub(super) fn get_aiter(&mut self, v: &Value) -> R {
        let name = self.types().names.__aiter__.clone();
        let Some(it) = self.call_special(v, &name, &[])? else {
            let class = self.class_name(v);
            return Err(self.type_error(format!("'async for' requires an object with __aiter__ method, got {class}")));
        };
        if !self.has_special(&it, &self.types().names.__anext__) {
            let class = self.class_name(&it);
            return Err(self.type_error(format!(
                "'async for' received an object from __aiter__ that does not implement __anext__: {class}"
            )));
        }
        Ok(it)
    }

    /// GET_ANEXT.
    pub(super) fn get_anext(&mut self, it: &Value) -> R {
        if let Some(g) = it.downcast::<Generator>().filter(|g| g.flavor == Flavor::AsyncGenerator) {
            return self.async_next(&g.clone());
        }
        let name = self.types().names.__anext__.clone();
        let Some(next) = self.call_special(it, &name, &[])? else {
            let class = self.class_name(it);
            return Err(self.type_error(format!("'async for' requires an iterator with __anext__ method, got {class}")));
        };
        match self.awaitable_iter(&next) {
            Ok(v) => Ok(v),
            Err(cause) => {
                let class = self.class_name(&next);
                let e = self.type_error(format!("'async for' received an invalid object from __anext__: {class}"));
                Err(self.caused_by(e, &cause))
            }
        }
    }

    /// An exception that another is the cause and the context of.
    fn caused_by(&mut self, e: Exc, cause: &Exc) -> Exc {
        if let Some(x) = e.0.downcast::<crate::object::exception::Exception>() {
            x.cause.set(Some(cause.0.clone()));
            x.context.set(Some(cause.0.clone()));
            x.suppress_context.set(true);
        }
        e
    }

    /// BEFORE_WITH and BEFORE_ASYNC_WITH.
    pub(super) fn before_with(&mut self, a: u16, b: u16, is_async: bool) -> R<()> {
        let manager = self.take_register(b);
        let names = &self.types().names;
        let (enter, exit) = match is_async {
            false => (names.__enter__.clone(), names.__exit__.clone()),
            true => (names.__aenter__.clone(), names.__aexit__.clone()),
        };
        let class = manager.class(&self.heap).clone();
        let Some(found) = class.lookup(&exit) else { return Err(self.no_context_manager(&class, &exit, is_async)) };
        if class.lookup(&enter).is_none() {
            return Err(self.no_context_manager(&class, &enter, is_async));
        }
        let exit = self.bind(&found, Some(&manager), &class)?;
        if self.enter_manager(&manager, &enter, a + 1) {
            // Of the frame below: what is bound goes where the instruction puts it.
            let depth = self.stack.depth() - 2;
            drop(self.stack.replace_register(depth, a, Some(exit)));
            return Ok(());
        }
        let entered = self.call_special(&manager, &enter, &[])?.unwrap_or(Value::NONE);
        self.set_register(a, exit);
        self.set_register(a + 1, entered);
        Ok(())
    }

    /// Names the missing method, and the other kind of `with` where the class has its methods.
    fn no_context_manager(&mut self, class: &Ref<Type>, missed: &Ref<Str>, is_async: bool) -> Exc {
        let names = &self.types().names;
        let (protocol, other, with, other_names) = match is_async {
            false => ("context", "asynchronous context", "async with", [&names.__aenter__, &names.__aexit__]),
            true => ("asynchronous context", "context", "with", [&names.__enter__, &names.__exit__]),
        };
        let hint = match other_names.into_iter().all(|name| class.lookup(name).is_some()) {
            true => format!(" but it supports the {other} manager protocol. Did you mean to use '{with}'?"),
            false => String::new(),
        };
        let class = class.name_str();
        self.type_error(format!(
            "'{class}' object does not support the {protocol} manager protocol (missed {missed} method){hint}"
        ))
    }

    /// `cr_origin` of a coroutine that is made now: file, line and function of the calling frames, innermost first.
    pub(super) fn coroutine_origin(&mut self) -> Option<Value> {
        let depth = self.native.coroutine_origin_depth;
        if depth == 0 {
            return None;
        }
        let frames: Vec<_> = self.stack.frames().iter().rev().take(depth).collect();
        let entries: Vec<Value> = frames
            .into_iter()
            .map(|f| {
                let code = f.code();
                let line = Value::from_len(f.line().unwrap_or(0).max(0) as usize);
                Tuple::new(&self.heap, [self.new_str(&code.data.file), line, code.name.to_value()]).into()
            })
            .collect();
        Some(Tuple::new(&self.heap, entries).into())
    }

    /// The RuntimeWarning of a coroutine that dies without having been awaited.
    pub(super) fn warn_never_awaited(&mut self, g: &Ref<Generator>) -> R<()> {
        if let Some(warn) = self.library_warnings("_warn_unawaited_coroutine") {
            return self.call(&warn, &[g.to_value()]).map(drop);
        }
        let name = self.str(&g.qualname.get())?;
        let mut text = format!("coroutine '{name}' was never awaited");
        // It is the library that writes where it was made; one that has been loaded did not want to.
        let unloaded = self.library_warnings("warn_explicit").is_none();
        if let Some(origin) = g.origin_or_finalizer.get().filter(|_| unloaded) {
            text.push_str("\nCoroutine created at (most recent call last)");
            let entries = origin.downcast::<Tuple>().map(|t| t.to_vec()).unwrap_or_default();
            for entry in entries.iter().rev() {
                let Some(entry) = entry.downcast::<Tuple>() else { continue };
                let (file, line, function) = (self.str(&entry[0])?, self.str(&entry[1])?, self.str(&entry[2])?);
                text.push_str(&format!("\n  File \"{file}\", line {line}, in {function}"));
                let number = entry[1].as_small_int().unwrap_or(0);
                if let Some(source) = self.source_line(&file.to_string(), number as u32) {
                    text.push_str(&format!("\n    {source}"));
                }
            }
        }
        let class = self.types().RuntimeWarning.clone();
        self.warn_of_object(&class, &text, &g.to_value())
    }

    /// The RuntimeWarning of `asend()` and the like whose result dies without having been awaited.
    pub fn warn_method_never_awaited(&mut self, g: &Ref<Generator>, method: &str) -> R<()> {
        let name = self.repr(&g.qualname.get())?;
        let class = self.types().RuntimeWarning.clone();
        self.warn_of_object(&class, &format!("coroutine method '{method}' of {name} was never awaited"), &g.to_value())
    }

    /// One step of an [`AnextAwaitable`]: calls a method of what it awaits.
    pub fn anext_default_step(&mut self, v: &Value, method: &Ref<Str>, args: &[Value]) -> R {
        let Some((wrapped, default)) = v.opaque::<AnextAwaitable>().map(|a| (a.wrapped.clone(), a.default.clone()))
        else {
            return Err(self.type_error("descriptor requires an 'anext_awaitable' object"));
        };
        let mut it = self.awaitable_iter(&wrapped)?;
        if let Some(g) = it.downcast::<Generator>() {
            let wrapper = CoroutineWrapper { coroutine: g.clone() };
            if g.flavor == Flavor::Coroutine {
                it = self.new_opaque(&self.types().coroutine_wrapper, wrapper);
            }
        }
        let result = self.call_method(&it, method, args);
        match result {
            Err(e) if self.is_exception(&e, &self.types().StopAsyncIteration.clone()) => {
                Err(self.stop_iteration(default))
            }
            result => result,
        }
    }
}
