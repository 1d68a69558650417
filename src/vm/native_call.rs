//! Calls of native functions: the receiver, and the checks of argument counts and keywords with CPython's words.

use crate::object::function::{Native, NativeDef};
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, typed};
use crate::vm::{Args, Exc, R, Vm};

/// Argument lists up to this length are put together on the native stack.
const SHORT: usize = 6;

impl Vm {
    /// Calls a native function: `builtin_function_or_method`, `method_descriptor`, `wrapper_descriptor`, ...
    pub fn call_native(&mut self, n: &Ref<Native>, args: Args<'_>) -> R {
        let Some(bound) = &n.bound else {
            if n.owner.is_some() {
                self.check_unbound(n, args)?;
            }
            self.check_arity(n, args)?;
            return typed(n.def.entry)(self, args);
        };
        let len = args.pos.len() + 1;
        if len <= SHORT {
            let mut all = [const { Value::NONE }; SHORT];
            all[0] = bound.clone();
            all[1..len].clone_from_slice(args.pos);
            let args = Args { pos: &all[..len], ..args };
            self.check_arity(n, args)?;
            return typed(n.def.entry)(self, args);
        }
        let mut all = Vec::with_capacity(len);
        all.push(bound.clone());
        all.extend_from_slice(args.pos);
        let args = Args { pos: &all, ..args };
        self.check_arity(n, args)?;
        typed(n.def.entry)(self, args)
    }

    /// The receiver of a method of a built-in class that is called through the class.
    fn check_unbound(&mut self, n: &Ref<Native>, args: Args<'_>) -> R<()> {
        let Some(owner) = &n.owner else { return Ok(()) };
        let t = self.types();
        if n.ty().is(&t.builtin_function) {
            return if n.def.name == "__new__" { self.check_new(owner, args) } else { Ok(()) };
        }
        let is_class_method = n.ty().is(&t.classmethod_descriptor);
        if let Some(receiver) = args.get(0)
            && (is_class_method || receiver.class(&self.heap).is_subclass(owner))
        {
            return Ok(());
        }
        Err(self.unfit_receiver(n, owner, args))
    }

    #[cold]
    fn unfit_receiver(&mut self, n: &Ref<Native>, owner: &Ref<Type>, args: Args<'_>) -> Exc {
        let t = self.types();
        let is_wrapper = n.ty().is(&t.wrapper_descriptor);
        let is_class_method = n.ty().is(&t.classmethod_descriptor);
        let (name, class) = (n.def.name, owner.name_str());
        let Some(receiver) = args.get(0) else {
            return self.type_error(if is_wrapper {
                format!("descriptor '{name}' of '{class}' object needs an argument")
            } else if is_class_method {
                format!("descriptor '{name}' of type '{class}' needs an argument")
            } else {
                format!("unbound method {}() needs an argument", n.qualname())
            });
        };
        let got = receiver.class(&self.heap).name_str();
        self.type_error(if is_wrapper {
            format!("descriptor '{name}' requires a '{class}' object but received a '{got}'")
        } else {
            format!("descriptor '{name}' for '{class}' objects doesn't apply to a '{got}' object")
        })
    }

    /// The class given to `__new__` of a built-in class, when that is called by name.
    fn check_new(&mut self, owner: &Ref<Type>, args: Args<'_>) -> R<()> {
        let Some(first) = args.get(0) else {
            let name = owner.name_str();
            return Err(self.type_error(format!("{name}.__new__(): not enough arguments")));
        };
        let Some(class) = first.downcast::<Type>() else {
            let (name, got) = (owner.name_str(), first.class(&self.heap).name_str());
            return Err(self.type_error(format!("{name}.__new__(X): X is not a type object ({got})")));
        };
        if class.is(owner) {
            return Ok(());
        }
        let (name, got) = (owner.name_str(), class.name_str());
        if !class.is_subclass(owner) {
            return Err(self.type_error(format!("{name}.__new__({got}): {got} is not a subtype of {name}")));
        }
        let base = self.builtin_base(class);
        let new = &self.types().names.__new__;
        let (of_base, of_owner) = (base.lookup(new), owner.lookup(new));
        let native = |f: &Option<Value>| f.as_ref().and_then(|f| f.downcast::<Native>()).cloned();
        let safe = match (native(&of_base), native(&of_owner)) {
            // Two classes may be made by the same code.
            (Some(f), Some(own)) => f.owner.as_ref().is_none_or(|t| t.is(owner)) || f.def.entry == own.def.entry,
            _ => true,
        };
        if safe {
            return Ok(());
        }
        let base = base.name_str();
        Err(self.type_error(format!("{name}.__new__({got}) is not safe, use {base}.__new__()")))
    }

    #[inline]
    fn check_arity(&mut self, n: &Ref<Native>, args: Args<'_>) -> R<()> {
        let d = &n.def;
        let given = args.pos.len();
        let fits = given >= d.min_args as usize && (given <= d.max_args as usize || d.max_args == ANY);
        if fits && (args.names.is_empty() || d.takes_keywords) {
            return Ok(());
        }
        Err(self.arity_error(n, args))
    }

    #[cold]
    fn arity_error(&mut self, n: &Ref<Native>, args: Args<'_>) -> Exc {
        let d = n.def;
        let t = self.types();
        let is_wrapper = n.ty().is(&t.wrapper_descriptor) || n.ty().is(&t.method_wrapper);
        let is_constructor = d.name == "__new__" || d.name == "__init__";
        let full = match n.module.get().downcast::<Str>() {
            Some(m) if m.as_ascii() != Some("builtins") => format!("{m}.{}", n.qualname()),
            _ => n.qualname(),
        };
        if !args.names.is_empty() && !d.takes_keywords {
            return self.type_error(if let Some(owner) = n.owner.as_ref().filter(|_| is_constructor) {
                format!("{}() takes no keyword arguments", owner.own_name())
            } else if is_wrapper {
                format!("wrapper {}() takes no keyword arguments", d.name)
            } else {
                format!("{full}() takes no keyword arguments")
            });
        }
        if let Some(owner) = n.owner.as_ref().filter(|_| is_constructor) {
            return self.constructor_arity(&owner.own_name(), &d, args.pos.len());
        }
        // Counts without the receiver, as a caller sees them.
        let is_static = n.ty().is(&t.builtin_function) && n.bound.is_none();
        let skip = (n.owner.is_some() && !is_static) as usize;
        let less = |n: usize| n.saturating_sub(skip);
        let (min, max, given) = (less(d.min_args as usize), less(d.max_args as usize), less(args.pos.len()));
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let text = if is_wrapper {
            // Where CPython unpacks a tuple of arguments it names a function without a name.
            let t = self.types();
            let is_number = |owner: &Ref<Type>| [&t.int, &t.bool, &t.float, &t.complex].iter().any(|n| n.is(owner));
            let unnamed = match d.name {
                "__pow__" | "__rpow__" | "__ipow__" | "__setattr__" | "__setitem__" | "__buffer__" => true,
                "__mul__" | "__rmul__" | "__imul__" => !n.owner.as_ref().is_some_and(is_number),
                _ => false,
            };
            let text = if min == max {
                format!("expected {min} argument{}, got {given}", plural(min))
            } else if given < min {
                format!("expected at least {min} argument{}, got {given}", plural(min))
            } else {
                format!("expected at most {max} argument{}, got {given}", plural(max))
            };
            if unnamed { format!(" {text}") } else { text }
        } else if d.takes_keywords {
            let name = d.name;
            if max == 0 {
                format!("{name}() takes no positional arguments")
            } else if given > max {
                let most = if min == max { "exactly" } else { "at most" };
                format!("{name}() takes {most} {max} argument{} ({given} given)", plural(max))
            } else {
                let least = if min == max { "exactly" } else { "at least" };
                format!("{name}() takes {least} {min} positional argument{} ({given} given)", plural(min))
            }
        } else if (min, max) == (0, 0) {
            format!("{full}() takes no arguments ({given} given)")
        } else if (min, max) == (1, 1) {
            format!("{full}() takes exactly one argument ({given} given)")
        } else if min == max {
            format!("{} expected {min} arguments, got {given}", d.name)
        } else if given < min {
            format!("{} expected at least {min} argument{}, got {given}", d.name, plural(min))
        } else {
            format!("{} expected at most {max} argument{}, got {given}", d.name, plural(max))
        };
        self.type_error(text)
    }

    /// Wrong count of arguments for a built-in class: of its `__new__` or `__init__`, whose first is not counted.
    fn constructor_arity(&mut self, class: &str, d: &NativeDef, given: usize) -> Exc {
        let (min, max) = (d.min_args.saturating_sub(1), d.max_args.saturating_sub(1));
        let given = given.saturating_sub(1);
        let plural = |n: u16| if n == 1 { "" } else { "s" };
        self.type_error(if min == max {
            format!("{class} expected {min} argument{}, got {given}", plural(min))
        } else if given < min as usize {
            format!("{class} expected at least {min} argument{}, got {given}", plural(min))
        } else {
            format!("{class} expected at most {max} argument{}, got {given}", plural(max))
        })
    }
}
