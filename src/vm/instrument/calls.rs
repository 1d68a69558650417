//! Watched calls: CALL, and C_RETURN or C_RAISE of what is not in Python.

use super::Sites;
use super::events::Instrumented;
use crate::code::{Op, Word};
use crate::monitor::{Event, Payload, ToolSet, armed};
use crate::object::function::{BoundMethod, Function, Native};
use crate::object::header::Kind;
use crate::object::value::Value;
use crate::vm::{Args, R, Vm};

impl Vm {
    /// The tools that are to see C_RETURN or C_RAISE of a call that begins.
    #[inline(always)]
    fn followers(&self, s: &Sites, i: usize) -> ToolSet {
        match s.at[i].armed.get() & armed::ANCILLARY {
            0 => ToolSet::NONE,
            // SAFETY: the VM's code is of its monitor, and a word is a location.
            _ => unsafe { self.monitor.ancillary_armed(&s.code, i as u32) },
        }
    }

    /// Fires CALL where it is armed; the tools that are to see C_RETURN or C_RAISE of this call.
    #[inline(always)]
    fn fire_call(&mut self, s: &Sites, i: usize, payload: &Payload) -> R<ToolSet> {
        let armed = s.at[i].armed.get();
        let follow = self.followers(s, i);
        if armed & armed::EVENT != 0 {
            self.fire_at(s, i, Event::Call, payload)?;
        }
        Ok(follow)
    }

    /// CALL, CALL_KW and CALL_EX.
    #[inline(never)]
    pub(super) fn monitored_call(&mut self, s: &Sites, i: usize, op: Op, w: Word) -> Instrumented {
        let done = match op {
            Op::CALL_EX => self.monitored_call_ex(s, i, w).map(|()| Instrumented::Done),
            _ => self.monitored_call_registers(s, i, op, w),
        };
        match done {
            Ok(next) => next,
            Err(e) => self.outcome(Err(e)),
        }
    }

    #[inline(always)]
    pub(super) fn monitored_call_registers(&mut self, s: &Sites, i: usize, op: Op, w: Word) -> R<Instrumented> {
        let regs = self.frame_regs();
        let names = (op == Op::CALL_KW).then(|| {
            // SAFETY: the word behind CALL_KW belongs to it.
            self.stack.frame().map_or(0, |f| unsafe { (*f.pc).get() as usize })
        });
        // SAFETY: the operands of the top frame's instruction.  They are temporaries, which nobody else can write, and stay
        // in their registers until they are dropped below, or the instruction itself is run.
        let site = unsafe { self.call_site(regs, w, names) };
        let callable = site.callable;
        let payload = call_payload(callable, site.pos.first().or(site.values.first()));
        let python = match callable.kind() {
            Some(Kind::Function) => true,
            Some(Kind::BoundMethod) => {
                let method = callable.downcast::<BoundMethod>();
                !site.has_self && method.is_some_and(|m| m.function.downcast::<Function>().is_some())
            }
            _ => false,
        };
        let follow = if python { ToolSet::NONE } else { self.followers(s, i) };
        if follow.is_empty() {
            return Ok(match s.at[i].armed.get() & armed::EVENT {
                0 => Instrumented::Run(op),
                _ => self.fire_alone(s, i, Event::Call, &payload, op),
            });
        }
        if s.at[i].armed.get() & armed::EVENT != 0 {
            self.fire_at(s, i, Event::Call, &payload)?;
        }
        let result = match callable.downcast::<Native>() {
            Some(n) if site.names.is_empty() => self.call_native_operands(n, site.pos),
            // SAFETY: as above; of the operands it changes none that is used afterwards.
            _ => match unsafe { self.construct_in_place(regs, w, &site) } {
                Some(result) => result,
                None => self.call_args(callable, Args { pos: site.pos, names: site.names, values: site.values }),
            },
        };
        self.after_native();
        // By then a method stands there as its function and the object in front of the arguments.
        let payload = match callable.downcast::<BoundMethod>() {
            Some(m) if !site.has_self => call_payload(&m.function, Some(&m.receiver)),
            _ => payload,
        };
        let result = self.fire_return(s, i, payload, follow, result);
        self.drop_call_operands(regs, w);
        self.after_native();
        let v = result?;
        self.set_register(w.c(), v);
        self.skip_words(op.extra_words());
        Ok(Instrumented::Done)
    }

    fn monitored_call_ex(&mut self, s: &Sites, i: usize, w: Word) -> R<()> {
        let (callable, args, kwargs) = self.take_call_ex(w)?;
        let payload = call_payload(&callable, args.first());
        let follow = self.fire_call(s, i, &payload)?;
        let (names, values): (Vec<Value>, Vec<Value>) =
            kwargs.map(|k| k.items()).unwrap_or_default().into_iter().unzip();
        let call = Args { pos: &args, names: &names, values: &values };
        if let Some(f) = callable.downcast::<Function>() {
            return self.enter_function(&f.clone(), call, None, w.c(), 0);
        }
        let result = self.call_spread(&callable, call);
        self.after_native();
        // As CPython's CALL_FUNCTION_EX, which is silent behind a bound method, whatever function that has; its CALL is so
        // only behind methods of Python functions.
        let result = match callable.downcast::<BoundMethod>() {
            Some(_) => result,
            None => self.fire_return(s, i, payload, follow, result),
        };
        self.set_register(w.c(), result?);
        Ok(())
    }

    /// `super().x`: CALL and C_RETURN for `super`, then the attribute.  As in CPython a method is bound while this is
    /// watched, so that its own CALL shows the first argument and not the receiver.
    pub(super) fn monitored_super(&mut self, s: &Sites, i: usize, w: Word) -> R<()> {
        let callable = self.peek(w.b());
        let arg0 = (w.x() & 2 != 0).then(|| self.peek(w.b() + 1));
        let payload = call_payload(&callable, arg0.as_ref());
        let follow = self.fire_call(s, i, &payload)?;
        let result = self.check_super_operands(w);
        let object = self.fire_return(s, i, payload, follow, result)?;
        self.load_super_attr_bound(w, &object)?;
        self.skip_words(Op::LOAD_SUPER_ATTR.extra_words());
        Ok(())
    }

    /// C_RETURN or C_RAISE of a call that has been made, for the tools `follow` that had CALL when it began.  A tool that
    /// sets CALL during the call hears of the next one first (CPython tells it of this one where another tool had armed
    /// the site).
    #[inline(always)]
    fn fire_return(&mut self, s: &Sites, i: usize, payload: Payload, follow: ToolSet, result: R) -> R {
        if follow.is_empty() {
            return result;
        }
        let value = match &result {
            Ok(v) => v,
            Err(e) => &e.0,
        };
        let payload = payload.with_value(std::ptr::from_ref(value).cast());
        let fired = match &result {
            Ok(_) => self.fire_among(s, i, Event::CReturn, &payload, follow),
            Err(_) => self.fire_among(s, i, Event::CRaise, &payload, follow),
        };
        if let Err(new) = fired {
            if let Err(old) = result {
                self.give_context(&new, &old);
            }
            return Err(new);
        }
        result
    }

    fn skip_words(&mut self, n: usize) {
        let frame = self.stack.frame_ptr();
        // SAFETY: the instruction is the top frame's; the words behind it belong to it.
        unsafe { (*frame).pc = (*frame).pc.add(n) };
    }
}

fn call_payload(callable: &Value, arg0: Option<&Value>) -> Payload {
    Payload::call(std::ptr::from_ref(callable).cast(), arg0.map(|v| std::ptr::from_ref(v).cast()))
}
