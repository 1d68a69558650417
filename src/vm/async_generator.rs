//! Asynchronous generators: the awaitables that `asend`, `athrow`, `aclose` and `__anext__` give.

use std::any::Any;
use std::cell::Cell;

use super::generator::Sent;
use crate::object::generator::{Flavor, Generator, GeneratorState};
use crate::object::header::Ref;
use crate::object::opaque::OpaqueData;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::{Exc, R, Vm};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum AwaitState {
    New,
    Running,
    Closed,
}

/// Of which method an awaitable is the result.
#[derive(Clone)]
pub enum Request {
    /// `asend(value)` and `__anext__()`.
    Send(Value),
    /// `athrow(...)`, with its arguments.
    Throw(Vec<Value>),
    /// `aclose()`.
    Close,
}

/// What `asend()`, `__anext__()`, `athrow()` and `aclose()` give.
pub struct Step {
    pub generator: Ref<Generator>,
    pub request: Request,
    pub state: Cell<AwaitState>,
}

impl OpaqueData for Step {
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self.generator.as_value());
        match &self.request {
            Request::Send(v) => visit(v),
            Request::Throw(args) => args.iter().for_each(visit),
            Request::Close => {}
        }
    }
    fn needs_finalizer(&self) -> bool {
        self.state.get() == AwaitState::New
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Request {
    /// The method that says so.
    pub fn method(&self) -> &'static str {
        match self {
            Request::Send(_) => "asend",
            Request::Throw(_) => "athrow",
            Request::Close => "aclose",
        }
    }
}

/// A value that `yield` gives, as opposed to one that passes through from an `await`.
struct Wrapped {
    value: Value,
}

opaque_data!(Wrapped { value });

impl Vm {
    /// ASYNC_GEN_WRAP.
    pub(super) fn wrap_async_value(&self, value: Value) -> Value {
        self.new_opaque(&self.types().async_generator_wrapped_value, Wrapped { value })
    }

    /// `g.__anext__()`.
    pub fn async_next(&mut self, g: &Ref<Generator>) -> R {
        self.async_step(g, Request::Send(Value::NONE))
    }

    /// The awaitable of a request; the first one tells the hooks of the generator.
    pub fn async_step(&mut self, g: &Ref<Generator>, request: Request) -> R {
        if !g.hooks_done.replace(true) {
            g.origin_or_finalizer.set(self.native.asyncgen_finalizer.clone());
            if let Some(hook) = self.native.asyncgen_firstiter.clone() {
                self.call(&hook, &[g.to_value()])?;
            }
        }
        let class = match request {
            Request::Send(_) => &self.types().async_generator_asend,
            Request::Throw(_) | Request::Close => &self.types().async_generator_athrow,
        };
        Ok(self.new_opaque(class, Step { generator: g.clone(), request, state: Cell::new(AwaitState::New) }))
    }

    /// `step.send(v)`.
    pub fn async_step_send(&mut self, step: &Value, v: Value) -> R {
        let s = self.awaitable_step(step)?;
        let g = s.generator.clone();
        if s.state.get() == AwaitState::Closed {
            return Err(self.reused(&s.request));
        }
        if let Request::Send(first) = &s.request {
            let mut v = v;
            if s.state.get() == AwaitState::New {
                self.begin(s)?;
                if v.is_none() {
                    v = first.clone();
                }
            }
            g.running_async.set(true);
            let sent = self.generator_send(&g, v);
            return self.conclude(s, sent);
        }
        if g.state.get() == GeneratorState::Finished {
            s.state.set(AwaitState::Closed);
            return Err(self.stop_iteration(Value::NONE));
        }
        let sent = if s.state.get() == AwaitState::New {
            if !g.running_async.get() && g.closed.get() {
                s.state.set(AwaitState::Closed);
                return Err(self.stop_async_iteration());
            }
            if !g.running_async.get() && !v.is_none() {
                return Err(self.runtime_error("can't send non-None value to a just-started coroutine"));
            }
            self.begin(s)?;
            let exception = match &s.request {
                Request::Throw(args) => self.exception_to_throw(args),
                _ => {
                    g.closed.set(true);
                    let exit = self.types().GeneratorExit.clone();
                    Ok(self.exception(&exit, vec![]))
                }
            };
            match exception {
                Ok(e) => self.generator_throw_through(&g, e, false),
                Err(e) => Err(e),
            }
        } else {
            self.generator_send(&g, v)
        };
        self.conclude(s, sent)
    }

    /// `step.throw(*args)`.
    pub fn async_step_throw(&mut self, step: &Value, args: &[Value]) -> R {
        let s = self.awaitable_step(step)?;
        let g = s.generator.clone();
        if s.state.get() == AwaitState::Closed {
            return Err(self.reused(&s.request));
        }
        if s.state.get() == AwaitState::New {
            self.begin(s)?;
        }
        let sent = match self.exception_to_throw(args) {
            Ok(e) => self.generator_throw(&g, e),
            Err(e) => Err(e),
        };
        self.conclude(s, sent)
    }

    /// `step.close()`.
    pub fn async_step_close(&mut self, step: &Value) -> R {
        let s = self.awaitable_step(step)?;
        if s.state.get() == AwaitState::Closed {
            return Ok(Value::NONE);
        }
        let exit = self.types().GeneratorExit.to_value();
        match self.async_step_throw(step, &[exit]) {
            Ok(_) => Err(self.runtime_error("coroutine ignored GeneratorExit")),
            Err(e) => {
                let t = self.types();
                let expected = [&t.StopIteration, &t.StopAsyncIteration, &t.GeneratorExit];
                if expected.into_iter().any(|class| self.is_exception(&e, class)) { Ok(Value::NONE) } else { Err(e) }
            }
        }
    }

    fn awaitable_step<'a>(&mut self, v: &'a Value) -> R<&'a Step> {
        v.opaque::<Step>().ok_or_else(|| self.type_error("descriptor requires an awaitable of an async generator"))
    }

    fn reused(&mut self, request: &Request) -> Exc {
        let what = if matches!(request, Request::Send(_)) { "__anext__()/asend()" } else { "aclose()/athrow()" };
        self.runtime_error(format!("cannot reuse already awaited {what}"))
    }

    /// Takes the generator; an error where another awaitable of it is running.
    fn begin(&mut self, s: &Step) -> R<()> {
        if s.generator.running_async.get() {
            s.state.set(AwaitState::Closed);
            let method = match s.request {
                Request::Send(_) => "anext",
                Request::Throw(_) => "athrow",
                Request::Close => "aclose",
            };
            return Err(self.runtime_error(format!("{method}(): asynchronous generator is already running")));
        }
        s.state.set(AwaitState::Running);
        s.generator.running_async.set(true);
        Ok(())
    }

    fn stop_async_iteration(&mut self) -> Exc {
        let class = self.types().StopAsyncIteration.clone();
        self.exception(&class, vec![])
    }

    /// What a step of the generator means to who awaits: a value passes through, a `yield` ends the awaiting with
    /// StopIteration.
    fn conclude(&mut self, s: &Step, sent: R<Sent>) -> R {
        let g = &s.generator;
        let closing = matches!(s.request, Request::Close);
        let e = match sent {
            Ok(Sent::Yielded(v)) => match v.opaque::<Wrapped>() {
                None => return Ok(v),
                Some(_) if closing => self.runtime_error("async generator ignored GeneratorExit"),
                Some(w) => {
                    let value = w.value.clone();
                    g.running_async.set(false);
                    s.state.set(AwaitState::Closed);
                    return Err(self.stop_iteration(value));
                }
            },
            Ok(Sent::Returned(_)) => self.stop_async_iteration(),
            Err(e) => e,
        };
        g.running_async.set(false);
        s.state.set(AwaitState::Closed);
        let t = self.types();
        if self.is_exception(&e, &t.StopAsyncIteration) || self.is_exception(&e, &t.GeneratorExit) {
            g.closed.set(true);
            if closing {
                return Err(self.stop_iteration(Value::NONE));
            }
        }
        Err(e)
    }
}

impl Vm {
    /// Whether a value is an asynchronous generator.
    pub fn as_async_generator(v: &Value) -> Option<&Ref<Generator>> {
        v.downcast::<Generator>().filter(|g| g.flavor == Flavor::AsyncGenerator)
    }
}
