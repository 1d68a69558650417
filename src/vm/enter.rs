//! Entering Python functions where their arguments lie: in the temporaries of the caller, which become the first registers
//! of the callee.  What cannot be bound without looking closer (`*args`, errors) goes the general way of `bind.rs`.

use std::mem;

use super::calls::CallSite;
use super::run::CONSUMED;
use super::stack::{Frame, frame_flags};
use crate::code::{Word, code_flags};
use crate::object::function::{BoundMethod, Function, Native};
use crate::object::header::{Kind, Ref};
use crate::object::types::{Construct, Type};
use crate::object::value::Value;
use crate::vm::{Args, R, Vm};

/// More keywords than this in a call are bound the general way.
const MAX_KEYWORDS: usize = 8;

/// How the operands of a call become parameters.
struct Binding {
    /// Positional arguments.
    count: usize,
    /// The parameters of the keyword arguments, whose values lie behind the positional ones.
    keywords: [u16; MAX_KEYWORDS],
    keyword_count: usize,
}

impl Binding {
    /// None where the call needs the general way.
    fn new(f: &Function, count: usize, names: &[Value]) -> Option<Binding> {
        let code = f.code.borrow();
        let d = &code.data;
        let (positional, named) = (d.arg_count as usize, (d.arg_count + d.kw_only_count) as usize);
        if d.flags & (code_flags::VARARGS | code_flags::VARKEYWORDS) != 0
            || count > positional
            || names.len() > MAX_KEYWORDS
        {
            return None;
        }
        let mut binding = Binding { count, keywords: [0; MAX_KEYWORDS], keyword_count: names.len() };
        for (k, name) in names.iter().enumerate() {
            let i = code.local_names[..named].iter().position(|n| n.as_value().is(name))?;
            if i < count || i < d.pos_only_count as usize || binding.keywords[..k].contains(&(i as u16)) {
                return None;
            }
            binding.keywords[k] = i as u16;
        }
        let missing = |i: usize| !binding.keywords[..names.len()].contains(&(i as u16));
        let defaults = f.defaults.borrow().as_ref().map_or(0, |t| t.len());
        if (count..positional.saturating_sub(defaults)).any(missing) {
            return None;
        }
        if named > positional {
            let kwdefaults = f.kwdefaults.borrow();
            let has_default =
                |i: usize| kwdefaults.as_ref().is_some_and(|d| d.find_str(&code.local_names[i]).is_some());
            if (positional..named).any(|i| missing(i) && !has_default(i)) {
                return None;
            }
        }
        Some(binding)
    }
}

impl Vm {
    /// Enters what a CALL or CALL_KW calls, if that is a Python function, a method of one, or a class with a Python
    /// `__init__`; false if the call must go the general way.
    ///
    /// # Safety
    /// `site` are the operands of `w`, which the top frame is about to execute, and are not used afterwards if the
    /// result is true.
    pub(super) unsafe fn enter_in_place(&mut self, regs: *mut u64, w: Word, site: &CallSite<'_>) -> R<bool> {
        let a = w.a() as usize;
        // SAFETY: registers of the top frame.
        let slot = |i: usize| unsafe { &mut *regs.add(i) };
        let count = site.pos.len();
        match site.callable.kind() {
            Some(Kind::Function) => {
                let Some(f) = site.callable.downcast::<Function>() else { return Ok(false) };
                let Some(binding) = self.binding(f, slot(a + 2 - site.has_self as usize), count, site.names) else {
                    return Ok(false);
                };
                let f = f.clone();
                self.enter_bound(f, slot(a + 2 - site.has_self as usize), &binding, w.c(), 0);
                self.release_register(slot(a));
                Ok(true)
            }
            Some(Kind::BoundMethod) if !site.has_self => {
                let Some(m) = site.callable.downcast::<BoundMethod>() else { return Ok(false) };
                let Some(f) = m.function.downcast::<Function>() else { return Ok(false) };
                let Some(binding) = self.binding(f, slot(a + 1), count + 1, site.names) else { return Ok(false) };
                *slot(a + 1) = m.receiver.clone().into_bits();
                let f = f.clone();
                self.enter_bound(f, slot(a + 1), &binding, w.c(), 0);
                self.release_register(slot(a));
                Ok(true)
            }
            Some(Kind::Type) if !site.has_self => {
                let Some(class) = site.callable.downcast::<Type>() else { return Ok(false) };
                let Some(init) = self.python_init(class) else { return Ok(false) };
                let Some(binding) = self.binding(&init, slot(a + 1), count + 1, site.names) else { return Ok(false) };
                let args = Args { pos: site.pos, names: site.names, values: site.values };
                let o = if class.instance_kind == Kind::Instance {
                    self.new_instance(class)
                } else {
                    self.call_new(class, args)?
                };
                // The instance waits in the register of its class, below those of `__init__`, for its return.
                *slot(a + 1) = o.clone().into_bits();
                let class = mem::replace(slot(a), o.into_bits());
                self.enter_bound(init, slot(a + 1), &binding, w.c(), frame_flags::INIT);
                // SAFETY: the word was owned by the register.
                self.dispose(unsafe { Value::from_bits(class) });
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn release_register(&mut self, slot: &mut u64) {
        // SAFETY: a bound register owned the word.
        self.dispose(unsafe { Value::from_bits(mem::replace(slot, CONSUMED)) });
    }

    fn binding(&self, f: &Function, base: *mut u64, count: usize, names: &[Value]) -> Option<Binding> {
        let room = self.stack.has_room(base, f.code.borrow().hot.register_count as usize);
        if room { Binding::new(f, count, names) } else { None }
    }

    /// Pushes the frame of a function whose arguments lie at `base`.
    fn enter_bound(&mut self, function: Ref<Function>, base: *mut u64, b: &Binding, dst: u16, flags: u8) {
        let code = function.code.borrow().as_ptr();
        // SAFETY: the function keeps its code alive.
        let code_data = unsafe { &(*code).data };
        let hot = &code_data.hot;
        // SAFETY: `base` has room for the registers of the frame; those behind the arguments hold nothing.
        let slot = |i: usize| unsafe { &mut *base.add(i) };
        let mut values = [0; MAX_KEYWORDS];
        for (k, value) in values.iter_mut().enumerate().take(b.keyword_count) {
            *value = *slot(b.count + k);
        }
        for i in b.count..hot.first_temp as usize {
            *slot(i) = 0;
        }
        for (&parameter, &value) in b.keywords.iter().zip(&values).take(b.keyword_count) {
            *slot(parameter as usize) = value;
        }
        let (positional, kw_only) = (code_data.data.arg_count as usize, code_data.data.kw_only_count as usize);
        if b.count < positional
            && let Some(defaults) = &*function.defaults.borrow()
        {
            let required = positional - defaults.len().min(positional);
            for i in required.max(b.count)..positional {
                if *slot(i) == 0
                    && let Some(v) = defaults.get(i + defaults.len() - positional)
                {
                    *slot(i) = v.clone().into_bits();
                }
            }
        }
        if kw_only > 0
            && let Some(kwdefaults) = &*function.kwdefaults.borrow()
        {
            for i in positional..positional + kw_only {
                if *slot(i) == 0
                    && let Some(v) = kwdefaults.get_str(&code_data.local_names[i])
                {
                    *slot(i) = v.into_bits();
                }
            }
        }
        let pc = hot.words;
        self.stack.push(Frame { function, code, regs: base, pc, locals: None, generator: None, dst, flags });
    }

    /// The `__init__` that `class(...)` calls on what a native `__new__` made, where that is a Python function and
    /// nothing else has a part in it.
    fn python_init(&mut self, class: &Ref<Type>) -> Option<Ref<Function>> {
        if !class.ty().is(&self.types().type_) {
            return None;
        }
        if class.construct.get() == Construct::Unknown {
            let names = &self.types().names;
            let (new, init) = (class.lookup(&names.__new__), class.lookup(&names.__init__));
            let init = init.as_ref().and_then(|f| f.downcast::<Function>());
            let native = new.as_ref().and_then(|f| f.downcast::<Native>()).and_then(|n| n.owner.as_ref());
            let from = |t: &Ref<Type>| native.is_some_and(|owner| owner.is(t));
            let fits = match class.instance_kind {
                Kind::Instance => from(&self.types().object),
                Kind::Exception => from(&self.types().BaseException),
                _ => false,
            };
            class.construct.set(match init {
                Some(f) if fits => Construct::Init(f.as_ptr()),
                _ => Construct::General,
            });
        }
        match class.construct.get() {
            // SAFETY: the class or a base holds the function until `modified` is called, which makes this Unknown.
            Construct::Init(f) => Some(unsafe {
                (*f).header.increment();
                Ref::from_raw(std::ptr::NonNull::new_unchecked(f))
            }),
            _ => None,
        }
    }
}
