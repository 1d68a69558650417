//! Entering Python functions where their arguments lie: in the temporaries of the caller, which become the first registers
//! of the callee.  What cannot be bound without looking closer (`*args`, errors) goes the general way of `bind.rs`.

use std::mem;
use std::ptr::NonNull;

use super::calls::CallSite;
use super::run::{CONSUMED, is_heap_word, release_word};
use super::special_frames::Then;
use super::stack::{Frame, frame_flags};
use crate::code::{Word, code_flags};
use crate::object::function::{BoundMethod, Function, Native};
use crate::object::header::{Gc, Kind, Ref};
use crate::object::types::{Construct, Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::typed;
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
            Some(Kind::BoundMethod) => {
                let Some(m) = site.callable.downcast::<BoundMethod>() else { return Ok(false) };
                let Some(f) = m.function.downcast::<Function>() else { return Ok(false) };
                // The receiver goes in front of the arguments: where a `self` stands already (as in the call of
                // `__exit__`), into the register of the callable.
                let first = if site.has_self { a } else { a + 1 };
                let Some(binding) = self.binding(f, slot(first), count + 1, site.names) else { return Ok(false) };
                let (f, receiver) = (f.clone(), m.receiver.clone());
                let method = mem::replace(slot(a), CONSUMED);
                *slot(first) = receiver.into_bits();
                self.enter_bound(f, slot(first), &binding, w.c(), 0);
                // SAFETY: the word was owned by the register.
                self.dispose(unsafe { Value::from_bits(method) });
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
            Some(Kind::Instance) => {
                let call = &self.types().names.__call__;
                let found = site.callable.header().and_then(|h| h.ty().lookup(call));
                let Some(f) = found.and_then(|f| f.downcast_owned::<Function>().ok()) else { return Ok(false) };
                let first = if site.has_self { a } else { a + 1 };
                let Some(binding) = self.binding(&f, slot(first), count + 1, site.names) else { return Ok(false) };
                let receiver = mem::replace(slot(a), CONSUMED);
                *slot(first) = receiver;
                // The call is the instance's: what comes out of the function comes out of the instruction.
                self.enter_bound(f, slot(first), &binding, w.c(), frame_flags::SPECIAL);
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
    fn enter_bound(&mut self, function: Ref<Function>, base: *mut u64, b: &Binding, dst: u16, flags: u16) {
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
        self.stack.push(Frame {
            function,
            code,
            regs: base,
            pc,
            locals: None,
            generator: None,
            dst,
            flags,
            then: Then::Result,
        });
    }

    /// What calling a class does; found out once for each state of the class.
    fn construct_of(&mut self, class: &Ref<Type>) -> Construct {
        match class.construct.get() {
            Construct::Unknown => {
                let found = self.find_construct(class);
                // A class without a version does not hear of changes.
                if class.version() != 0 {
                    class.construct.set(found);
                }
                found
            }
            known => known,
        }
    }

    fn find_construct(&mut self, class: &Ref<Type>) -> Construct {
        let types = self.types();
        // A metaclass may have a `__call__` of its own, and an abstract class says what it lacks.
        if class.is(&types.type_) || !class.ty().is(&types.type_) || class.has(type_flags::ABSTRACT) {
            return Construct::General;
        }
        let (new, init) = (class.lookup(&types.names.__new__), class.lookup(&types.names.__init__));
        let (Some(new), Some(init)) = (new, init) else { return Construct::General };
        let Some(new) = new.downcast::<Native>() else { return Construct::General };
        let Some(owner) = &new.owner else { return Construct::General };
        if let Some(init) = init.downcast::<Function>() {
            let fits = match class.instance_kind {
                Kind::Instance => owner.is(&types.object),
                Kind::Exception => owner.is(&types.BaseException),
                _ => false,
            };
            return if fits { Construct::Init(init.as_ptr()) } else { Construct::General };
        }
        let Some(init) = init.downcast::<Native>() else { return Construct::General };
        let from_object = init.owner.as_ref().is_some_and(|t| t.is(&types.object));
        if owner.is(&types.object)
            && from_object
            && (new.def.name, init.def.name) == ("__new__", "__init__")
            && class.instance_kind == Kind::Instance
            && class.has(type_flags::HEAP)
        {
            return Construct::Bare;
        }
        // As in `call_new`: such a `__new__` has nothing to check.
        let open = new.def.takes_keywords && new.def.min_args <= 1 && new.def.max_args == u16::MAX;
        if owner.is(&types.object) || !open && class.has(type_flags::HEAP) {
            return Construct::General;
        }
        Construct::Native { new: new.as_ptr(), init: if from_object { None } else { NonNull::new(init.as_ptr()) } }
    }

    /// The `__init__` that `class(...)` calls on what a native `__new__` made, where that is a Python function and
    /// nothing else has a part in it.
    fn python_init(&mut self, class: &Ref<Type>) -> Option<Ref<Function>> {
        if !class.ty().is(&self.types().type_) {
            return None;
        }
        match self.construct_of(class) {
            // SAFETY: the class or a base holds the function until `modified` is called, which makes this Unknown.
            Construct::Init(f) => Some(unsafe {
                (*f).header.increment();
                Ref::from_raw(NonNull::new_unchecked(f))
            }),
            _ => None,
        }
    }

    /// Calls a class that native code alone constructs; None if the call must go the general way.
    pub(super) fn construct_natively(&mut self, class: &Ref<Type>, args: Args<'_>) -> Option<R> {
        if !args.names.is_empty() {
            return None;
        }
        let (new, init) = match self.construct_of(class) {
            Construct::Bare if args.pos.is_empty() => return Some(Ok(self.new_instance(class))),
            Construct::Native { new, init } => (new, init),
            _ => return None,
        };
        // SAFETY: the class holds them, and they are counted while they run.
        let (new, init) = unsafe { (counted(NonNull::new(new)?), init.map(|f| counted(f))) };
        let count = args.pos.len() + 1;
        if !fits(&new, count) || !init.as_ref().is_none_or(|f| fits(f, count)) {
            return None;
        }
        let made =
            self.call_with(class.as_value(), args.pos, |vm, all| typed(new.def.entry)(vm, Args::positional(all)));
        let (Ok(o), Some(init)) = (&made, &init) else { return Some(made) };
        if !o.class(&self.heap).is_subclass(class) {
            return Some(made);
        }
        let done = self.call_with(o, args.pos, |vm, all| typed(init.def.entry)(vm, Args::positional(all)));
        Some(done.and_then(|v| self.check_init_result(&v)).and(made))
    }

    /// Calls a class that native code alone constructs, with positional arguments where they lie; None if the call must
    /// go the general way.  The operands stay.
    ///
    /// # Safety
    /// As for [`Vm::enter_in_place`].
    pub(super) unsafe fn construct_in_place(&mut self, regs: *mut u64, w: Word, site: &CallSite<'_>) -> Option<R> {
        let class = site.callable.downcast::<Type>()?;
        if site.has_self || !site.names.is_empty() || !class.ty().is(&self.types().type_) {
            return None;
        }
        let (new, init) = match self.construct_of(class) {
            Construct::Bare if site.pos.is_empty() => return Some(Ok(self.new_instance(class))),
            Construct::Native { new, init } => (new, init),
            _ => return None,
        };
        let count = site.pos.len() + 1;
        // SAFETY: the class holds them, and they are counted while they run.
        let (new, init) = unsafe { (counted(NonNull::new(new)?), init.map(|f| counted(f))) };
        if !fits(&new, count) || !init.as_ref().is_none_or(|f| fits(f, count)) {
            return None;
        }
        // The first argument lies in front of the others, in the register of the `self` that there is not.
        // SAFETY: registers of the top frame, as the caller says; they are written under no reference.
        let first = unsafe { regs.add(w.a() as usize + 1) };
        // SAFETY: as above; asked for again after each write.
        let args = || Args::positional(unsafe { std::slice::from_raw_parts(first as *const Value, count) });
        let put = |vm: &mut Vm, word: u64| {
            // SAFETY: as above; what is replaced is owned by the register, or empty.
            let old = unsafe { mem::replace(&mut *first, word) };
            if is_heap_word(old) {
                release_word(vm, old);
            }
        };
        if let Err(e) = self.check_native_stack() {
            return Some(Err(e));
        }
        put(self, class.to_value().into_bits());
        let mut result = typed(new.def.entry)(self, args());
        if let Ok(o) = &result
            && let Some(init) = &init
            && o.class(&self.heap).is_subclass(class)
        {
            put(self, o.clone().into_bits());
            let done = typed(init.def.entry)(self, args()).and_then(|v| self.check_init_result(&v));
            if let Err(e) = done {
                result = Err(e);
            }
        }
        put(self, if w.x() == 0 { 0 } else { CONSUMED });
        Some(result)
    }
}

/// Whether a function takes so many positional arguments.
fn fits(n: &Native, count: usize) -> bool {
    (n.def.min_args as usize..=n.def.max_args as usize).contains(&count)
}

/// # Safety
/// The object is live.
unsafe fn counted(f: NonNull<Gc<Native>>) -> Ref<Native> {
    // SAFETY: by the caller.
    unsafe {
        f.as_ref().header.increment();
        Ref::from_raw(f)
    }
}
