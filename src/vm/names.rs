//! Names: locals, globals and builtins, past the inline caches of the loop.

use std::cell::Cell;

use super::attributes::{cache, pack};
use crate::code::Word;
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::{Exc, R, Vm};

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
        if f.globals.ty().has(type_flags::HEAP) {
            return self.global_or_builtin(&name);
        }
        // The cache: versions of the keys of globals and (0: found in the globals) builtins, and the value's place.
        if let Some(n) = f.globals.find_str(&name) {
            if self.specializes
                && let (Some(version), Some(place)) = (f.globals.keys_version(&self.heap), f.globals.place_at(n))
            {
                cache(pc, 0).set(version as u64);
                cache(pc, 1).set(place as u64);
            }
            return Ok(f.globals.value_at(n).unwrap_or(Value::NONE));
        }
        match f.builtins.find_str(&name) {
            Some(n) => {
                let versions = (f.globals.keys_version(&self.heap), f.builtins.keys_version(&self.heap));
                if self.specializes
                    && let ((Some(globals), Some(builtins)), Some(place)) = (versions, f.builtins.place_at(n))
                {
                    cache(pc, 0).set(pack(globals, builtins as usize));
                    cache(pc, 1).set(place as u64);
                }
                Ok(f.builtins.value_at(n).unwrap_or(Value::NONE))
            }
            None => Err(self.name_error(&name)),
        }
    }

    /// LOAD_NAME: locals of a class or module body, globals, builtins.
    #[inline(never)]
    pub(super) fn load_name(&mut self, name: u16, pc: *const Cell<u64>) -> R {
        if self.stack.frame().is_some_and(|f| f.is_module()) {
            return self.load_global(name, pc);
        }
        let name = self.code_name(name);
        if let Some(map) = self.locals_mapping()
            && let Some(v) = self.namespace_get(&map, &name)?
        {
            return Ok(v);
        }
        // Globals of a subclass of dict are asked for themselves by LOAD_GLOBAL alone.
        let Some(f) = self.top_function() else { return Err(self.name_error(&name)) };
        match f.globals.get_str(&name).or_else(|| f.builtins.get_str(&name)) {
            Some(v) => Ok(v),
            None => Err(self.name_error(&name)),
        }
    }

    /// STORE_GLOBAL.
    #[inline(never)]
    pub(super) fn store_global(&mut self, w: Word, pc: *const Cell<u64>) -> R<()> {
        let (name, v) = (self.code_name(w.b()), self.take_register(w.a()));
        let Some(f) = self.top_function() else { return Ok(()) };
        let old = match f.globals.find_str(&name) {
            Some(n) => {
                if self.specializes
                    && let (Some(version), Some(place)) = (f.globals.keys_version(&self.heap), f.globals.place_at(n))
                {
                    cache(pc, 0).set(version as u64);
                    cache(pc, 1).set(place as u64);
                }
                f.globals.replace_at(n, v)
            }
            None => f.globals.set_str(&self.heap, &name, v),
        };
        drop(f);
        self.dispose_opt(old);
        Ok(())
    }

    /// STORE_NAME: binds a name in the namespace of a module or class body.
    #[inline(never)]
    pub(super) fn store_name(&mut self, w: Word, pc: *const Cell<u64>) -> R<()> {
        let map = match self.stack.frame() {
            Some(f) if !f.is_module() => f.locals.clone(),
            _ => None,
        };
        let Some(map) = map else { return self.store_global(w, pc) };
        let (name, v) = (self.code_name(w.b()), self.take_register(w.a()));
        let old = self.namespace_set(&map, &name, v)?;
        self.dispose_opt(old);
        Ok(())
    }

    pub(super) fn global_or_builtin(&mut self, name: &Ref<Str>) -> R {
        let Some(f) = self.top_function() else { return Err(self.name_error(name)) };
        let found = if f.globals.ty().has(type_flags::HEAP) {
            // Of a subclass of dict its own `__getitem__` and `__missing__` are asked.
            let (globals, builtins) = (f.globals.to_value(), f.builtins.clone());
            self.namespace_get(&globals, name)?.or_else(|| builtins.get_str(name))
        } else {
            f.globals.get_str(name).or_else(|| f.builtins.get_str(name))
        };
        match found {
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
            return self.name_error_saying(&name, &text);
        }
        self.unbound_local(register)
    }
}
