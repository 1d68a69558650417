//! The order in which a class and its bases are searched.

use std::rc::Rc;

use super::Type;
use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::value::Value;

/// A method resolution order.  A new one is made for every change, so that who runs Python code can tell by identity
/// whether that has changed it.
pub struct Mro {
    /// The class itself comes first and is not in `classes`: always, but where the `mro()` of a metaclass says otherwise.
    leads: bool,
    classes: Vec<Ref<Type>>,
    /// All classes are bases, direct or not, of whose changes the class hears.
    hears_all: bool,
}

impl Mro {
    /// The class itself, then these, which are its bases.
    pub fn behind(classes: Vec<Ref<Type>>) -> Rc<Mro> {
        Rc::new(Mro { leads: true, classes, hears_all: true })
    }

    /// Just these, in this order.
    pub fn of(class: &Ref<Type>, mut order: Vec<Ref<Type>>) -> Rc<Mro> {
        let hears_all = order.iter().all(|t| t.is(class) || class.derives_by_bases(t));
        let leads = order.first().is_some_and(|t| t.is(class)) && !order[1..].iter().any(|t| t.is(class));
        if leads {
            order.remove(0);
        }
        Rc::new(Mro { leads, classes: order, hears_all })
    }

    /// That of a class whose order is not known yet: nothing is found in it.
    pub fn unknown() -> Rc<Mro> {
        Rc::new(Mro { leads: false, classes: Vec::new(), hears_all: false })
    }

    pub fn is_unknown(&self) -> bool {
        !self.leads && self.classes.is_empty()
    }

    /// Whether a change of any class in it is heard of by the class whose order it is.
    pub(super) fn hears_all(&self) -> bool {
        self.hears_all
    }

    /// Whether the class itself comes first.
    pub fn leads(&self) -> bool {
        self.leads
    }

    /// The classes behind the class itself, or all where that is not the first.
    pub fn classes(&self) -> &[Ref<Type>] {
        &self.classes
    }

    /// What a name is in the first namespace that has it; `own` is that of the class.
    #[inline]
    pub(super) fn find(&self, own: &Dict, name: &Ref<Str>) -> Option<Value> {
        let first = if self.leads { own.get_str(name) } else { None };
        first.or_else(|| self.classes.iter().find_map(|t| t.dict.get_str(name)))
    }
}

impl Ref<Type> {
    /// `__mro__`, whole.
    pub fn order(&self) -> Vec<Ref<Type>> {
        let mro = self.mro.borrow();
        mro.leads.then(|| self.clone()).into_iter().chain(mro.classes.iter().cloned()).collect()
    }

    /// Whether this class is `other` or derives from it, by its resolution order.
    #[inline]
    pub fn is_subclass(&self, other: &Ref<Type>) -> bool {
        let mro = self.mro.borrow();
        mro.leads && self.is(other)
            || mro.classes.iter().any(|t| t.is(other))
            || mro.is_unknown() && self.derives_by_bases(other)
    }

    /// Whether this class is `other` or one of its bases, direct or not, is.
    pub fn derives_by_bases(&self, other: &Ref<Type>) -> bool {
        let mut reached = vec![self.clone()];
        let mut at = 0;
        while at < reached.len() {
            if reached[at].is(other) {
                return true;
            }
            for base in reached[at].clone().bases.borrow().iter() {
                if !reached.iter().any(|t| t.is(base)) {
                    reached.push(base.clone());
                }
            }
            at += 1;
        }
        false
    }

    /// What a name is behind a class in the order of this one.
    pub fn find_behind(&self, class: &Ref<Type>, name: &Ref<Str>) -> Option<Value> {
        let mro = self.mro.borrow();
        let from = match mro.classes.iter().position(|t| t.is(class)) {
            _ if mro.leads && self.is(class) => 0,
            at => at? + 1,
        };
        mro.classes[from..].iter().find_map(|t| t.dict.get_str(name))
    }
}
