//! Exception groups: splitting them, and what `except*` does with the parts.

use rustc_hash::FxHashSet;

use crate::object::exception::Exception;
use crate::object::header::Ref;
use crate::object::sequence::{List, Tuple};
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::{R, Vm};

/// Which exceptions of a group are wanted.
pub enum Matcher {
    /// Those of a class, or of one of a tuple of classes.
    Class(Value),
    /// Those for which a function is true.
    Predicate(Value),
    /// These leaves, as words.
    Leaves(FxHashSet<u64>),
}

/// The two parts of a group; None is an empty part.
pub struct Parts {
    pub matched: Option<Value>,
    pub rest: Option<Value>,
}

const NOT_A_CLASS: &str = "catching classes that do not inherit from BaseException is not allowed";
const NOT_A_GROUP: &str = "catching ExceptionGroup with except* is not allowed. Use except instead.";

impl Vm {
    /// The payload of an exception group.
    pub fn as_group<'a>(&self, v: &'a Value) -> Option<&'a Ref<Exception>> {
        v.downcast::<Exception>().filter(|x| x.ty().is_subclass(&self.types().BaseExceptionGroup))
    }

    /// The members of an exception group.
    pub fn group_members(&self, group: &Exception) -> Vec<Value> {
        group.field(field::GROUP_EXCEPTIONS).and_then(|v| v.downcast::<Tuple>().map(|t| t.to_vec())).unwrap_or_default()
    }

    /// `BaseExceptionGroup("", exceptions)`, which is an `ExceptionGroup` where it can.
    fn new_group(&mut self, exceptions: Value) -> R {
        let (class, message) = (self.types().BaseExceptionGroup.to_value(), self.new_str(""));
        self.call(&class, &[message, exceptions])
    }

    fn matches(&mut self, e: &Value, matcher: &Matcher) -> R<bool> {
        match matcher {
            Matcher::Class(class) => self.exception_matches(e, class),
            Matcher::Predicate(f) => {
                let result = self.call(f, std::slice::from_ref(e))?;
                self.truth(&result)
            }
            Matcher::Leaves(leaves) => Ok(self.as_group(e).is_none() && leaves.contains(&e.bits())),
        }
    }

    /// Splits an exception; the rest is made where it is wanted only.
    pub fn split_exception(&mut self, e: &Value, matcher: &Matcher, with_rest: bool) -> R<Parts> {
        if self.matches(e, matcher)? {
            return Ok(Parts { matched: Some(e.clone()), rest: None });
        }
        let Some(group) = self.as_group(e).cloned() else {
            return Ok(Parts { matched: None, rest: with_rest.then(|| e.clone()) });
        };
        self.check_stack(" in exceptiongroup_split_recursive")?;
        let (mut matched, mut rest) = (Vec::new(), Vec::new());
        for member in self.group_members(&group) {
            let parts = self.split_exception(&member, matcher, with_rest)?;
            matched.extend(parts.matched);
            rest.extend(parts.rest);
        }
        let matched = self.group_subset(e, matched)?;
        let rest = if with_rest { self.group_subset(e, rest)? } else { None };
        Ok(Parts { matched, rest })
    }

    /// A group like another, with these members of it.
    fn group_subset(&mut self, original: &Value, members: Vec<Value>) -> R<Option<Value>> {
        if members.is_empty() {
            return Ok(None);
        }
        let (derive, list) = (self.intern("derive"), List::new(&self.heap, members).into());
        let group = self.call_method(original, &derive, &[list])?;
        let Some(x) = self.as_group(&group).cloned() else {
            return Err(self.type_error("derive must return an instance of BaseExceptionGroup"));
        };
        if let Some(o) = original.downcast::<Exception>() {
            x.traceback.set(o.traceback.get());
            x.context.set(o.context.get());
            x.cause.set(o.cause.get());
            x.suppress_context.set(true);
        }
        let name = self.types().names.__notes__.clone();
        if let Some(notes) = self.get_attr_opt(original, &name)?
            && (notes.downcast::<List>().is_some() || notes.downcast::<Tuple>().is_some())
        {
            let copy = self.collect(&notes)?;
            let copy = List::new(&self.heap, copy).into();
            self.set_attr(&group, &name, copy)?;
        }
        Ok(Some(group))
    }

    /// CHECK_EG_MATCH: what `except* classes` takes of an exception, and what it leaves (None for nothing).
    pub(super) fn match_group(&mut self, e: &Value, classes: &Value) -> R<(Value, Value)> {
        let given: Vec<Value> = match classes.downcast::<Tuple>() {
            Some(t) => t.to_vec(),
            None => vec![classes.clone()],
        };
        let t = self.types();
        let (base, group) = (t.BaseException.clone(), t.BaseExceptionGroup.clone());
        for class in &given {
            match class.downcast::<Type>().filter(|class| class.is_subclass(&base)) {
                None => return Err(self.type_error(NOT_A_CLASS)),
                Some(class) if class.is_subclass(&group) => return Err(self.type_error(NOT_A_GROUP)),
                Some(_) => {}
            }
        }
        if e.is_none() {
            return Ok((Value::NONE, Value::NONE));
        }
        if self.exception_matches(e, classes)? {
            let matched = match self.as_group(e) {
                Some(_) => e.clone(),
                None => {
                    let members = Tuple::new(&self.heap, [e.clone()]);
                    self.new_group(members.into())?
                }
            };
            return Ok((matched, Value::NONE));
        }
        if self.as_group(e).is_none() {
            return Ok((Value::NONE, e.clone()));
        }
        let split = self.intern("split");
        let pair = self.call_method(e, &split, std::slice::from_ref(classes))?;
        let (class, got) = (self.class_name(e), self.class_name(&pair));
        match pair.downcast::<Tuple>() {
            None => Err(self.type_error(format!("{class}.split must return a tuple, not {got}"))),
            Some(t) if t.len() < 2 => {
                let n = t.len();
                Err(self.type_error(format!("{class}.split must return a 2-tuple, got tuple of size {n}")))
            }
            Some(t) => Ok((t[0].clone(), t[1].clone())),
        }
    }

    /// The end of `try`/`except*`: what is raised of the exception that came in and of those that the handlers raised;
    /// None for nothing.
    pub(super) fn prepare_reraise_star(&mut self, original: &Value, raised: &Value) -> R {
        let all = raised.downcast::<List>().map(|l| l.to_vec()).unwrap_or_default();
        let Some(o) = self.as_group(original).cloned() else {
            // It was wrapped; at most one handler ran.
            return Ok(all.into_iter().next().unwrap_or(Value::NONE));
        };
        let (mut raised, mut again) = (Vec::new(), Vec::new());
        for e in all.into_iter().filter(|e| !e.is_none()) {
            if self.is_part_of(&e, original, &o)? { again.push(e) } else { raised.push(e) }
        }
        let again = self.project(original, &again)?;
        if raised.is_empty() {
            return Ok(again.unwrap_or(Value::NONE));
        }
        raised.extend(again);
        if raised.len() == 1 {
            return Ok(raised.remove(0));
        }
        let raised = List::new(&self.heap, raised);
        self.new_group(raised.into())
    }

    /// Whether an exception is a part of the one that came in, and not a new one: they have their history in common.
    fn is_part_of(&mut self, e: &Value, original: &Value, o: &Exception) -> R<bool> {
        let Some(x) = self.as_group(e).cloned() else { return Ok(false) };
        let same = |a: Option<Value>, b: Option<Value>| match (a, b) {
            (None, None) => true,
            (Some(a), Some(b)) => a.is(&b),
            _ => false,
        };
        let name = self.types().names.__notes__.clone();
        let (mine, theirs) = (self.get_attr_opt(e, &name)?, self.get_attr_opt(original, &name)?);
        let notes = match (mine, theirs) {
            (Some(a), Some(b)) => self.compare_bool(crate::code::CompareOp::Eq, &a, &b)?,
            (None, None) => true,
            _ => false,
        };
        Ok(notes
            && same(x.traceback.get().map(Value::from), o.traceback.get().map(Value::from))
            && same(x.cause.get(), o.cause.get())
            && same(x.context.get(), o.context.get()))
    }

    /// The part of a group whose leaves are in one of `parts`.
    fn project(&mut self, group: &Value, parts: &[Value]) -> R<Option<Value>> {
        let mut leaves = FxHashSet::default();
        let mut todo: Vec<Value> = parts.to_vec();
        while let Some(e) = todo.pop() {
            match self.as_group(&e) {
                Some(x) => todo.extend(self.group_members(x)),
                None => {
                    leaves.insert(e.bits());
                }
            }
        }
        Ok(self.split_exception(group, &Matcher::Leaves(leaves), false)?.matched)
    }
}
