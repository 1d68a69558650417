//! Class creation: `class` statements and `type(name, bases, namespace)`.

mod slots;

pub use slots::{get_dict, set_dict};

use std::rc::Rc;

use crate::object::cell::Mut;
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::function::{Cell, ClassMethod, Function, StaticMethod};
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::{Mro, Type, type_flags};
use crate::object::value::Value;
use crate::vm::{Args, Exc, R, Vm};

const METACLASS_CONFLICT: &str = "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the \
                                  metaclasses of all its bases";

impl Vm {
    /// `__build_class__`: runs the body and makes the class.  `names` and `values` are the keywords of the statement,
    /// `metaclass` among them.
    pub fn build_class(
        &mut self,
        body: &Value,
        name: &Value,
        bases: Vec<Value>,
        names: &[Value],
        values: &[Value],
    ) -> R {
        let Some(name) = name.downcast::<Str>() else {
            return Err(self.type_error("__build_class__: name is not a string"));
        };
        let resolved = self.resolve_bases(&bases)?;
        let mut metaclass = None;
        let (mut kw_names, mut kw_values) = (Vec::new(), Vec::new());
        for (n, v) in names.iter().zip(values) {
            if n.is(self.types().names.metaclass.as_value()) {
                metaclass = Some(v.clone());
            } else {
                kw_names.push(n.clone());
                kw_values.push(v.clone());
            }
        }
        let meta = self.choose_metaclass(metaclass, &resolved)?;
        let keywords = Args { pos: &[], names: &kw_names, values: &kw_values };
        let bases_tuple: Value = Tuple::new(&self.heap, resolved.clone()).into();
        let namespace = self.prepare_namespace(&meta, name, &bases_tuple, keywords)?;
        let cell = self.run_class_body(body, namespace.clone())?;
        if resolved.len() != bases.len() || resolved.iter().zip(&bases).any(|(a, b)| !a.is(b)) {
            let original = Tuple::new(&self.heap, bases).into();
            let key = self.intern("__orig_bases__");
            self.namespace_set(&namespace, &key, original)?;
        }
        if meta.is(self.types().type_.as_value())
            && let Some(dict) = namespace.downcast::<Dict>()
        {
            return self.new_class(&self.types().type_.clone(), name, &resolved, dict, keywords);
        }
        let pos = [name.to_value(), bases_tuple, namespace];
        let made = self.call_args(&meta, Args { pos: &pos, ..keywords })?;
        if made.downcast::<Type>().is_some()
            && let Some(cell) = cell.downcast::<Cell>()
        {
            self.check_class_cell(cell, &made, name)?;
        }
        Ok(made)
    }

    /// `meta.__prepare__(name, bases, **keywords)`: a new dict where the metaclass has none.
    fn prepare_namespace(&mut self, meta: &Value, name: &Ref<Str>, bases: &Value, keywords: Args<'_>) -> R {
        if meta.is(self.types().type_.as_value()) {
            return Ok(Dict::new(&self.heap).into());
        }
        let prepare = self.types().names.__prepare__.clone();
        let Some(prepare) = self.get_attr_opt(meta, &prepare)? else { return Ok(Dict::new(&self.heap).into()) };
        let namespace = self.call_args(&prepare, Args { pos: &[name.to_value(), bases.clone()], ..keywords })?;
        if namespace.class(&self.heap).lookup(&self.types().names.__getitem__).is_some() {
            return Ok(namespace);
        }
        let (meta, got) = (meta.downcast::<Type>().map(|t| t.name_str()), self.class_name(&namespace));
        let meta = meta.unwrap_or_else(|| "<metaclass>".to_string());
        Err(self.type_error(format!("{meta}.__prepare__() must return a mapping, not {got}")))
    }

    /// Whether `__class__` of the methods of a new class is that class: `type.__new__` has seen to it, if it was given the
    /// namespace that the body has filled.
    fn check_class_cell(&mut self, cell: &Ref<Cell>, class: &Value, name: &Ref<Str>) -> R<()> {
        let set = cell.value.get();
        if set.as_ref().is_some_and(|c| c.is(class)) {
            return Ok(());
        }
        let (name, shown) = (self.repr(name.as_value())?, self.repr(class)?);
        match set {
            None => Err(self.runtime_error(format!(
                "__class__ not set defining {name} as {shown}. Was __classcell__ propagated to type.__new__?"
            ))),
            Some(other) => {
                let other = self.repr(&other)?;
                Err(self.type_error(format!("__class__ set to {other} defining {name} as {shown}")))
            }
        }
    }

    /// Asks bases that are no classes for those that they stand for (`__mro_entries__`).
    fn resolve_bases(&mut self, bases: &[Value]) -> R<Vec<Value>> {
        let entries = self.intern("__mro_entries__");
        let mut resolved = Vec::with_capacity(bases.len());
        for b in bases {
            let stand_in = if b.downcast::<Type>().is_some() { None } else { self.get_attr_opt(b, &entries)? };
            let Some(f) = stand_in else {
                resolved.push(b.clone());
                continue;
            };
            let all = Tuple::new(&self.heap, bases.to_vec());
            let got = self.call(&f, &[all.into()])?;
            match got.downcast::<Tuple>() {
                Some(t) => resolved.extend(t.iter().cloned()),
                None => return Err(self.type_error("__mro_entries__ must return a tuple")),
            }
        }
        Ok(resolved)
    }

    /// The most derived of the given metaclass (or that of the first base) and those of the bases; a metaclass that is
    /// no class (any callable) is taken as it is.
    fn choose_metaclass(&mut self, given: Option<Value>, bases: &[Value]) -> R<Value> {
        let start = match (given, bases.first()) {
            (Some(v), _) => match v.downcast_owned::<Type>() {
                Ok(t) => t,
                Err(callable) => return Ok(callable),
            },
            (None, Some(base)) => base.class(&self.heap).clone(),
            (None, None) => self.types().type_.clone(),
        };
        Ok(self.most_derived_metaclass(start, bases)?.into())
    }

    /// Of the metaclass `start` and those of the bases, the one that derives from all others.
    pub fn most_derived_metaclass(&mut self, start: Ref<Type>, bases: &[Value]) -> R<Ref<Type>> {
        let mut winner = start;
        for b in bases {
            let meta = b.class(&self.heap);
            if winner.is_subclass(meta) {
                continue;
            }
            if !meta.is_subclass(&winner) {
                return Err(self.type_error(METACLASS_CONFLICT));
            }
            winner = meta.clone();
        }
        Ok(winner)
    }

    /// `type.__new__(meta, name, bases, namespace, **keywords)` with everything that follows: slots, `__set_name__`,
    /// `__init_subclass__`.
    pub fn new_class(
        &mut self,
        meta: &Ref<Type>,
        name: &Ref<Str>,
        bases: &[Value],
        namespace: &Ref<Dict>,
        keywords: Args<'_>,
    ) -> R {
        let mut classes: Vec<Ref<Type>> = Vec::with_capacity(bases.len().max(1));
        for b in bases {
            match b.downcast::<Type>() {
                Some(t) => classes.push(t.clone()),
                None => return Err(self.type_error("bases must be types")),
            }
        }
        if classes.is_empty() {
            classes.push(self.types().object.clone());
        }
        self.check_class_name(name)?;
        let base = self.best_base(&classes)?;
        let dict = Dict::new(&self.heap);
        namespace.copy_into(&self.heap, &dict);
        let plan = self.plan_slots(name, &base, &classes, &dict)?;
        let qualname = self.take_qualname(&dict)?;
        let flags = type_flags::HEAP | type_flags::BASE | type_flags::ATTRS | plan.flags;
        let interned = self.heap.interned.intern(name);
        // The order comes last, because `mro()` of a metaclass is asked for it.
        let start = vec![self.types().object.clone()];
        let class = Type::new(&self.heap, meta, &interned, classes, start, dict.clone(), base.instance_kind, flags);
        // Nobody finds it through its bases while `mro()` of a metaclass is at work on it.
        class.leave_all_bases();
        if let Some(cell) = dict.remove_str(&self.types().names.__classcell__) {
            match cell.downcast::<Cell>() {
                Some(c) => c.value.set(Some(class.to_value())),
                None => {
                    let got = cell.class(&self.heap).name_str();
                    return Err(self.type_error(format!("__classcell__ must be a nonlocal cell, not <class '{got}'>")));
                }
            }
        }
        if let Some(q) = qualname {
            class.qualname.set(q);
        }
        if let Some(doc) = dict.get_str(&self.types().names.__doc__).as_ref().and_then(|d| d.downcast::<Str>()) {
            self.check_utf8(doc)?;
        }
        class.mro.set(Mro::unknown());
        let order = self.resolution_order(&class)?;
        // `mro()` may have set the bases, and with them the order.
        if class.mro.borrow().is_unknown() {
            class.mro.set(order);
        }
        let now = class.bases.get();
        class.move_to_bases(&now);
        let order: Vec<Ref<Type>> = class.order().into_iter().filter(|t| !t.is(&class)).collect();
        let all = order.iter().fold(0, |all, t| all | t.flags.get());
        // The first base that is a collection says what patterns match.
        let collection = type_flags::SEQUENCE | type_flags::MAPPING;
        let collection = order.iter().map(|t| t.flags.get() & collection).find(|f| *f != 0).unwrap_or(0);
        let inherited = collection
            | all
                & (type_flags::EXCEPTION
                    | type_flags::FINALIZER
                    | type_flags::SLOTS
                    | type_flags::MATCH_SELF
                    | type_flags::WEAKREF);
        class.flags.set(flags | inherited);
        if dict.get_str(&self.types().names.__del__).is_some() {
            class.flags.set(class.flags.get() | type_flags::FINALIZER);
        }
        self.complete_namespace(&class);
        self.add_slots(&class, &plan);
        let names = &self.types().names;
        if dict.get_str(&names.__doc__).is_none() {
            dict.set_str(&self.heap, &names.__doc__, Value::NONE);
        }
        if dict.get_str(&names.__eq__).is_some() && dict.get_str(&names.__hash__).is_none() {
            dict.set_str(&self.heap, &names.__hash__, Value::NONE);
        }
        if let Some(cell) = dict.remove_str(&self.intern("__classdictcell__"))
            && let Some(cell) = cell.downcast::<Cell>()
        {
            cell.value.set(Some(dict.to_value()));
        }
        class.modified();
        if dict.items().iter().any(|(key, _)| key.downcast::<Str>().is_none()) {
            let category = self.types().RuntimeWarning.clone();
            self.warn(&category, &format!("non-string key in the __dict__ of class {}", class.name_str()))?;
        }
        self.set_names(&class)?;
        self.init_subclass(&class, keywords)?;
        Ok(class.into())
    }

    /// Refuses names that CPython cannot give a class.
    pub fn check_class_name(&mut self, name: &Ref<Str>) -> R<()> {
        self.check_utf8(name)?;
        match name.to_utf8().is_some_and(|s| s.contains('\0')) {
            true => Err(self.value_error("type name must not contain null characters")),
            false => Ok(()),
        }
    }

    /// `__qualname__` goes from the namespace to the class.
    fn take_qualname(&mut self, dict: &Ref<Dict>) -> R<Option<Value>> {
        let q = dict.remove_str(&self.types().names.__qualname__);
        if let Some(q) = &q
            && q.downcast::<Str>().is_none()
        {
            let got = q.class(&self.heap).name_str();
            return Err(self.type_error(format!("type __qualname__ must be a str, not {got}")));
        }
        Ok(q)
    }

    /// `__module__`, and the methods that are static or class methods without saying so.
    fn complete_namespace(&mut self, class: &Ref<Type>) {
        let t = self.types();
        let names = &t.names;
        if class.dict.get_str(&names.__module__).is_none()
            && let Some(m) = self.current_globals().and_then(|g| g.get_str(&names.__name__))
        {
            class.dict.set_str(&self.heap, &names.__module__, m);
        }
        if let Some(f) = class.dict.get_str(&names.__new__)
            && f.downcast::<Function>().is_some()
        {
            let s = self.heap.alloc(&t.staticmethod, StaticMethod { function: Mut::new(f) });
            class.dict.set_str(&self.heap, &names.__new__, s.into());
        }
        for name in [&names.__init_subclass__, &names.__class_getitem__] {
            if let Some(f) = class.dict.get_str(name)
                && f.downcast::<Function>().is_some()
            {
                let c = self.heap.alloc(&t.classmethod, ClassMethod { function: Mut::new(f) });
                class.dict.set_str(&self.heap, name, c.into());
            }
        }
    }

    /// Calls `__set_name__` of everything in the namespace that has it.
    fn set_names(&mut self, class: &Ref<Type>) -> R<()> {
        let set_name = self.types().names.__set_name__.clone();
        for (name, v) in class.dict.items() {
            let Some(f) = self.lookup_special(&v, &set_name)? else { continue };
            if let Err(e) = self.call(&f, &[v.clone(), class.to_value(), name.clone()]) {
                let (kind, class) = (v.class(&self.heap).name_str(), class.name_str());
                let name = self.repr(&name)?;
                let note = format!("Error calling __set_name__ on '{kind}' instance {name} in '{class}'");
                self.add_note(&e, &note)?;
                return Err(e);
            }
        }
        Ok(())
    }

    /// `super(class, class).__init_subclass__(**keywords)`.
    fn init_subclass(&mut self, class: &Ref<Type>, keywords: Args<'_>) -> R<()> {
        let name = self.types().names.__init_subclass__.clone();
        let (f, _) = self.super_attr(class, class.as_value(), &name)?;
        let args = Args { pos: &[], ..keywords };
        self.call_args(&f, args).map(drop)
    }

    /// Appends to the `__notes__` of an exception, where they can be appended to.
    pub fn add_note(&mut self, e: &Exc, note: &str) -> R<()> {
        if e.0.downcast::<Exception>().is_none() {
            return Ok(());
        }
        let note = self.new_str(note);
        let name = self.intern("add_note");
        self.call_method(&e.0, &name, &[note]).map(drop)
    }

    /// `class.__bases__ = bases`.
    pub fn set_bases(&mut self, class: &Ref<Type>, bases: Vec<Ref<Type>>) -> R<()> {
        for b in &bases {
            if b.is_subclass(class) || b.derives_by_bases(class) {
                return Err(self.type_error("a __bases__ item causes an inheritance cycle"));
            }
        }
        let new = self.best_base(&bases)?;
        let old = class.bases.get();
        let old = self.best_base(&old)?;
        if !self.solid_base(&new).is(&self.solid_base(&old)) || new.has(type_flags::HEAP) != old.has(type_flags::HEAP) {
            let (a, b) = (new.name_str(), old.name_str());
            // CPython frees what can be in a cycle by another function than what cannot.
            let t = self.types();
            let cannot = [&t.object, &t.int, &t.float, &t.complex, &t.bool, &t.str, &t.bytes, &t.bytearray];
            let in_cycles = |c: &Ref<Type>| c.has(type_flags::HEAP) || !cannot.iter().any(|t| t.is(c));
            let what = if in_cycles(&new) == in_cycles(&old) { "object layout" } else { "deallocator" };
            return Err(self.type_error(format!("__bases__ assignment: '{a}' {what} differs from '{b}'")));
        }
        // Python code runs in between (`mro()` of a metaclass), which may do the same: who comes last wins.
        let before = class.bases.replace(bases.clone());
        let mut renewed = Vec::new();
        let result = self.renew_orders(class, &mut renewed);
        let is_ours = same_classes(&class.bases.borrow(), &bases);
        if let Err(e) = result {
            for Renewed { class, new, old } in renewed.into_iter().rev() {
                let present = class.mro.get();
                if Rc::ptr_eq(&present, &new) {
                    class.mro.set(old);
                    class.modified();
                }
            }
            if is_ours {
                class.bases.set(before);
            } else {
                class.leave_bases(&before);
            }
            return Err(e);
        }
        if is_ours {
            class.move_to_bases(&before);
        } else {
            class.leave_bases(&before);
        }
        class.modified();
        Ok(())
    }

    /// Makes the resolution orders of a class and its subclasses anew, and notes what has been changed.  Where `mro()` has
    /// changed the order of a class itself, that stays.
    fn renew_orders(&mut self, class: &Ref<Type>, renewed: &mut Vec<Renewed>) -> R<()> {
        self.check_native_stack()?;
        let old = class.mro.get();
        let new = self.resolution_order(class)?;
        let present = class.mro.get();
        if !Rc::ptr_eq(&present, &old) {
            return Ok(());
        }
        class.mro.set(new.clone());
        class.modified();
        renewed.push(Renewed { class: class.clone(), new, old });
        for sub in class.subclasses() {
            self.renew_orders(&sub, renewed)?;
        }
        Ok(())
    }
}

/// A class whose resolution order has been changed.
struct Renewed {
    class: Ref<Type>,
    new: Rc<Mro>,
    old: Rc<Mro>,
}

fn same_classes(a: &[Ref<Type>], b: &[Ref<Type>]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is(b))
}
