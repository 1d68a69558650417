//! Audit hooks (PEP 578): callables that are told of what a program is about to do and may refuse it by raising.
//!
//! Hooks are never removed.  Raising an event without a hook costs one comparison.  What hooks run fires no events, unless
//! they have a true `__cantrace__`, as in CPython.

use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::{R, Vm};

impl Vm {
    /// Tells the hooks of `event`, in the order in which they were added; the arguments are made only if there are any
    /// hooks.  What a hook raises is to be raised from what was about to happen.
    #[inline]
    pub fn audit(&mut self, event: &str, args: impl FnOnce(&mut Vm) -> Vec<Value>) -> R<()> {
        if self.native.audit_hooks.is_empty() {
            return Ok(());
        }
        let args = args(self);
        self.call_audit_hooks(event, args)
    }

    #[cold]
    fn call_audit_hooks(&mut self, event: &str, args: Vec<Value>) -> R<()> {
        let event = self.new_str(event);
        let args: Value = Tuple::new(&self.heap, args).into();
        let mut i = 0;
        // A hook may add others, which hear of this event too.
        while let Some(hook) = self.native.audit_hooks.get(i).cloned() {
            let called = self.call_audit_hook(&hook, [event.clone(), args.clone()]);
            drop(called?);
            i += 1;
        }
        Ok(())
    }

    fn call_audit_hook(&mut self, hook: &Value, args: [Value; 2]) -> R {
        let name = self.intern("__cantrace__");
        let hushed = self.thread.hush();
        let may_be_watched = match self.get_attr_opt(hook, &name) {
            Ok(Some(v)) => self.truth(&v),
            Ok(None) => Ok(false),
            Err(e) => Err(e),
        };
        if hushed && may_be_watched.as_ref().is_ok_and(|&may| may) {
            self.thread.unhush();
            return self.call(hook, &args);
        }
        let called = may_be_watched.and_then(|_| self.call(hook, &args));
        if hushed {
            self.thread.unhush();
        }
        called
    }

    /// Adds a hook, if those that are there let it in: an Exception that one of them raises keeps it out silently, as
    /// in CPython.
    pub fn add_audit_hook(&mut self, hook: &Value) -> R<()> {
        if let Err(e) = self.audit("sys.addaudithook", |_| Vec::new()) {
            let is_exception = e.0.class(&self.heap).is_subclass(&self.types().Exception);
            return if is_exception { Ok(()) } else { Err(e) };
        }
        self.native.audit_hooks.push(hook.clone());
        Ok(())
    }
}
