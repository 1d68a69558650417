//! The method resolution order (C3) and the base that gives a class its layout.

use std::rc::Rc;

use super::member::own_slots;
use crate::object::header::{Kind, Ref};
use crate::object::types::{Mro, Type, type_flags};
use crate::vm::{R, Vm};

impl Vm {
    /// The resolution order of a class: by C3, or what a metaclass's own `mro()` says, if its layouts fit.
    pub(super) fn resolution_order(&mut self, class: &Ref<Type>) -> R<Rc<Mro>> {
        let name = self.intern("mro");
        let of_type = self.types().type_.lookup(&name);
        let own = class.ty().lookup(&name).filter(|f| of_type.as_ref().is_none_or(|t| !t.is(f)));
        let Some(mro) = own else {
            let bases = class.bases.get();
            let order = self.linearize(&bases)?;
            let known = bases.iter().all(|b| b.mro.borrow().leads());
            return Ok(if known {
                Mro::behind(order)
            } else {
                Mro::of(class, std::iter::once(class.clone()).chain(order).collect())
            });
        };
        let answer = self.call_unbound(&mro, class.as_value(), &[])?;
        let solid = self.solid_base(class);
        let mut order = Vec::new();
        for v in self.collect(&answer)? {
            let Some(t) = v.downcast::<Type>() else {
                let got = self.class_name(&v);
                return Err(self.type_error(format!("mro() returned a non-class ('{got}')")));
            };
            if !solid.is_subclass(&self.solid_base(t)) {
                let got = t.name_str();
                return Err(self.type_error(format!("mro() returned base with unsuitable layout ('{got}')")));
            }
            order.push(t.clone());
        }
        Ok(Mro::of(class, order))
    }

    /// The resolution order behind a new class with these bases.
    pub fn linearize(&mut self, bases: &[Ref<Type>]) -> R<Vec<Ref<Type>>> {
        for (i, b) in bases.iter().enumerate() {
            if bases[..i].iter().any(|a| a.is(b)) {
                let name = b.name_str();
                return Err(self.type_error(format!("duplicate base class {name}")));
            }
            if b.mro.borrow().is_unknown() {
                let name = b.name_str();
                return Err(self.type_error(format!("Cannot extend an incomplete type '{name}'")));
            }
        }
        let mut lists: Vec<Vec<Ref<Type>>> = bases.iter().map(Ref::order).collect();
        lists.push(bases.to_vec());
        merge(lists).map_err(|rest| {
            let names: Vec<String> = rest.iter().map(|t| t.own_name()).collect();
            let names = names.join(", ");
            self.type_error(format!("Cannot create a consistent method resolution order (MRO) for bases {names}"))
        })
    }

    /// The base whose layout a new class takes over; TypeError where two do not agree.
    pub fn best_base(&mut self, bases: &[Ref<Type>]) -> R<Ref<Type>> {
        let mut winner: Option<(Ref<Type>, Ref<Type>)> = None;
        for b in bases {
            if !b.has(type_flags::BASE) {
                let name = b.name_str();
                return Err(self.type_error(format!("type '{name}' is not an acceptable base type")));
            }
            let solid = self.solid_base(b);
            match &winner {
                None => winner = Some((b.clone(), solid)),
                Some((_, w)) if w.is_subclass(&solid) => {}
                Some((_, w)) if solid.is_subclass(w) => winner = Some((b.clone(), solid)),
                Some(_) => return Err(self.type_error("multiple bases have instance lay-out conflict")),
            }
        }
        Ok(winner.map_or_else(|| self.types().object.clone(), |(b, _)| b))
    }

    /// `__base__`: that of the bases whose layout the class has.
    pub fn best_base_of(&self, bases: &[Ref<Type>]) -> Ref<Type> {
        let mut best: Option<(&Ref<Type>, Ref<Type>)> = None;
        for b in bases {
            let solid = self.solid_base(b);
            if best.as_ref().is_none_or(|(_, s)| !s.is_subclass(&solid)) {
                best = Some((b, solid));
            }
        }
        best.map_or_else(|| self.types().object.clone(), |(b, _)| b.clone())
    }

    /// Whether instances of two classes may change from one to the other.
    pub fn same_layout(&self, a: &Ref<Type>, b: &Ref<Type>) -> bool {
        let (of_a, of_b) = (self.solid_base(a), self.solid_base(b));
        let weakref = &self.types().names.__weakref__;
        let referable = |t: &Ref<Type>| t.has(type_flags::WEAKREF) || t.lookup(weakref).is_some();
        referable(a) == referable(b)
            && a.instance_kind == b.instance_kind
            && a.has(type_flags::NO_DICT) == b.has(type_flags::NO_DICT)
            && a.has(type_flags::ATTRS) == b.has(type_flags::ATTRS)
            && (of_a.is(&of_b) || self.adds_the_same(&of_a, &of_b))
    }

    /// Whether two classes add the same slots to the same base.
    fn adds_the_same(&self, a: &Ref<Type>, b: &Ref<Type>) -> bool {
        let is_python = a.has(type_flags::HEAP) && b.has(type_flags::HEAP);
        let base = |t: &Ref<Type>| self.best_base_of(&t.bases.borrow());
        let slots = |t: &Ref<Type>| {
            let mut names: Vec<String> = own_slots(t).iter().map(|(name, _)| name.to_string()).collect();
            names.sort();
            names
        };
        is_python && base(a).is(&base(b)) && slots(a) == slots(b)
    }

    /// The nearest class at or above `t` that adds something to the layout of instances.  In a resolution order the
    /// class that adds most comes first, because a class stands before its bases.
    pub(super) fn solid_base(&self, t: &Ref<Type>) -> Ref<Type> {
        if self.is_solid(t) {
            return t.clone();
        }
        let mro = t.mro.borrow();
        if mro.leads() {
            return mro.classes().iter().find(|b| self.is_solid(b)).unwrap_or(&self.types().object).clone();
        }
        // Another order says nothing of that.
        let mut winner = self.types().object.clone();
        for base in t.bases.borrow().iter() {
            let solid = self.solid_base(base);
            if !winner.derives_by_bases(&solid) {
                winner = solid;
            }
        }
        winner
    }

    fn is_solid(&self, t: &Ref<Type>) -> bool {
        if t.has(type_flags::HEAP) { has_own_slots(t) } else { self.adds_layout(t) }
    }

    /// Whether a built-in class has fields that its base does not have.
    fn adds_layout(&self, t: &Ref<Type>) -> bool {
        let types = self.types();
        let Some(base) = t.bases.borrow().first().cloned() else { return true };
        if base.is(&types.object) {
            return t.instance_kind != Kind::Instance;
        }
        [
            &types.BaseExceptionGroup,
            &types.SystemExit,
            &types.StopIteration,
            &types.OSError,
            &types.AttributeError,
            &types.NameError,
            &types.ImportError,
            &types.SyntaxError,
            &types.UnicodeDecodeError,
            &types.UnicodeEncodeError,
            &types.UnicodeTranslateError,
        ]
        .into_iter()
        .any(|x| x.is(t))
    }
}

/// Whether a class made by Python code has slots of its own.
fn has_own_slots(t: &Ref<Type>) -> bool {
    t.has(type_flags::SLOTS) && !own_slots(t).is_empty()
}

/// C3: takes the first head that is in no tail, again and again.  Err gives the heads where there is none.
fn merge(mut lists: Vec<Vec<Ref<Type>>>) -> Result<Vec<Ref<Type>>, Vec<Ref<Type>>> {
    let mut order = Vec::new();
    let mut heads = vec![0usize; lists.len()];
    loop {
        let rest: Vec<usize> = (0..lists.len()).filter(|&i| heads[i] < lists[i].len()).collect();
        if rest.is_empty() {
            lists.clear();
            return Ok(order);
        }
        let next = rest
            .iter()
            .map(|&i| &lists[i][heads[i]])
            .find(|candidate| !rest.iter().any(|&i| lists[i][heads[i] + 1..].iter().any(|t| t.is(candidate))));
        let Some(next) = next.cloned() else {
            let mut left: Vec<Ref<Type>> = Vec::new();
            for &i in &rest {
                let t = &lists[i][heads[i]];
                if !left.iter().any(|l| l.is(t)) {
                    left.push(t.clone());
                }
            }
            return Err(left);
        };
        for &i in &rest {
            if lists[i][heads[i]].is(&next) {
                heads[i] += 1;
            }
        }
        order.push(next);
    }
}
