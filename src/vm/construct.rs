//! Making instances: `type.__call__`, `__new__` and `__init__`.

use crate::object::exception::Exception;
use crate::object::function::{Native, StaticMethod};
use crate::object::header::{Kind, Ref};
use crate::object::instance::Instance;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::typed;
use crate::vm::{Args, R, Vm};

impl Vm {
    /// `class(*args)`: by `__call__` of the metaclass.
    pub fn construct(&mut self, class: &Ref<Type>, args: Args<'_>) -> R {
        if let Some(result) = self.construct_natively(class, args) {
            return result;
        }
        let meta = class.ty();
        if !meta.is(&self.types().type_)
            && let Some(call) = meta.lookup(&self.types().names.__call__)
            && !call.downcast::<Native>().is_some_and(|n| n.owner.as_ref().is_some_and(|t| t.is(&self.types().type_)))
        {
            let mut pos = Vec::with_capacity(args.pos.len() + 1);
            if self.is_method_descriptor(&call) {
                pos.push(class.to_value());
                pos.extend_from_slice(args.pos);
                return self.call_args(&call, Args { pos: &pos, ..args });
            }
            let meta = meta.clone();
            let bound = self.bind(&call, Some(class.as_value()), &meta)?;
            return self.call_args(&bound, args);
        }
        self.type_call(class, args)
    }

    /// `type.__call__`: the one-argument form of `type`, or `__new__` and `__init__`.
    pub fn type_call(&mut self, class: &Ref<Type>, args: Args<'_>) -> R {
        if class.is(&self.types().type_) && args.names.is_empty() && args.pos.len() == 1 {
            return Ok(args.pos[0].class(&self.heap).to_value());
        }
        let o = self.call_new(class, args)?;
        let of = o.class(&self.heap);
        if !of.is_subclass(class) {
            return Ok(o);
        }
        let Some(init) = of.lookup(&self.types().names.__init__) else { return Ok(o) };
        self.call_init(&init, &o, args)?;
        Ok(o)
    }

    /// `class.__new__(class, *args)`.
    pub(super) fn call_new(&mut self, class: &Ref<Type>, args: Args<'_>) -> R {
        let Some(found) = class.lookup(&self.types().names.__new__) else {
            let name = class.name_str();
            return Err(self.type_error(format!("cannot create '{name}' instances")));
        };
        // `object.__new__` of a class without a layout of its own, where `__init__` looks at the arguments or there are
        // none: the usual case.
        if class.instance_kind == Kind::Instance
            && !class.has(type_flags::ABSTRACT)
            && found.downcast::<Native>().is_some_and(|n| n.owner.as_ref().is_some_and(|t| t.is(&self.types().object)))
            && (args.pos.is_empty() && args.names.is_empty()
                || !self.is_from_object(&class.lookup(&self.types().names.__init__)))
        {
            return Ok(self.new_instance(class));
        }
        // A built-in class with a layout of its own and without a `__new__` of its own.
        if class.instance_kind != Kind::Instance
            && !class.has(type_flags::HEAP)
            && self.is_from_object(&Some(found.clone()))
        {
            let name = class.name_str();
            return Err(self.type_error(format!("cannot create '{name}' instances")));
        }
        let mut pos = Vec::with_capacity(args.pos.len() + 1);
        pos.push(class.to_value());
        pos.extend_from_slice(args.pos);
        let args = Args { pos: &pos, ..args };
        if let Some(n) = found.downcast::<Native>() {
            // A class of its own kind is always fit for the `__new__` that it inherits.
            if n.bound.is_none() && n.def.takes_keywords && n.def.min_args <= 1 && n.def.max_args == u16::MAX {
                return typed(n.def.entry)(self, args);
            }
            return self.call_native(n, args);
        }
        let f = match found.downcast::<StaticMethod>() {
            Some(s) => s.function.get(),
            None => self.bind(&found, None, class)?,
        };
        self.call_args(&f, args)
    }

    /// `o.__init__(*args)` with the found function, and the check of its result.
    fn call_init(&mut self, init: &Value, o: &Value, args: Args<'_>) -> R<()> {
        let result = if self.is_method_descriptor(init) {
            let mut pos = Vec::with_capacity(args.pos.len() + 1);
            pos.push(o.clone());
            pos.extend_from_slice(args.pos);
            let args = Args { pos: &pos, ..args };
            match init.downcast::<Native>() {
                Some(n) => self.call_native(n, args)?,
                None => self.call_args(init, args)?,
            }
        } else {
            let class = o.class(&self.heap).clone();
            let bound = self.bind(init, Some(o), &class)?;
            self.call_args(&bound, args)?
        };
        self.check_init_result(&result)
    }

    /// `__init__() should return None`.
    pub fn check_init_result(&mut self, result: &Value) -> R<()> {
        if result.is_none() {
            return Ok(());
        }
        let got = result.class(&self.heap).name_str();
        Err(self.type_error(format!("__init__() should return None, not '{got}'")))
    }

    /// A bare instance of a class without a layout of its own.
    #[inline]
    pub fn new_instance(&self, class: &Ref<Type>) -> Value {
        self.heap.alloc(class, Instance).into()
    }

    /// A bare exception of a class, with these arguments as its `args`.
    pub fn new_exception(&self, class: &Ref<Type>, args: &[Value]) -> Ref<Exception> {
        let args = Tuple::new(&self.heap, args.iter().cloned());
        self.heap.alloc(class, Exception::new(args))
    }

    /// `object.__new__(class, *args)`: refuses arguments that nobody takes.
    pub fn object_new(&mut self, class: &Ref<Type>, args: Args<'_>) -> R {
        if args.pos.len() > 1 || !args.names.is_empty() {
            let names = &self.types().names;
            let (new, init) = (class.lookup(&names.__new__), class.lookup(&names.__init__));
            if !self.is_from_object(&new) {
                return Err(self.type_error("object.__new__() takes exactly one argument (the type to instantiate)"));
            }
            if self.is_from_object(&init) {
                let name = class.name_str();
                return Err(self.type_error(format!("{name}() takes no arguments")));
            }
        }
        if class.has(type_flags::ABSTRACT) {
            return Err(self.abstract_error(class));
        }
        if class.instance_kind != Kind::Instance {
            let (name, base) = (class.name_str(), self.builtin_base(class).name_str());
            return Err(self.type_error(format!("object.__new__({name}) is not safe, use {base}.__new__()")));
        }
        Ok(self.new_instance(class))
    }

    fn abstract_error(&mut self, class: &Ref<Type>) -> crate::vm::Exc {
        let key = self.intern("__abstractmethods__");
        let names = class.dict.get_str(&key).unwrap_or(Value::NONE);
        let mut names: Vec<String> = match self.collect(&names) {
            Ok(names) => names.iter().filter_map(|n| n.downcast::<Str>().map(|s| format!("'{s}'"))).collect(),
            Err(e) => return e,
        };
        names.sort();
        let (name, plural) = (class.name_str(), if names.len() == 1 { "" } else { "s" });
        let names = names.join(", ");
        self.type_error(format!(
            "Can't instantiate abstract class {name} without an implementation for abstract method{plural} {names}"
        ))
    }

    /// `object.__init__(o, *args)`: refuses arguments that nobody takes.
    pub fn object_init(&mut self, o: &Value, args: Args<'_>) -> R {
        if args.pos.len() > 1 || !args.names.is_empty() {
            let class = o.class(&self.heap);
            let names = &self.types().names;
            let (new, init) = (class.lookup(&names.__new__), class.lookup(&names.__init__));
            if !self.is_from_object(&init) {
                return Err(
                    self.type_error("object.__init__() takes exactly one argument (the instance to initialize)")
                );
            }
            if self.is_from_object(&new) {
                let name = class.name_str();
                return Err(self
                    .type_error(format!("{name}.__init__() takes exactly one argument (the instance to initialize)")));
            }
        }
        Ok(Value::NONE)
    }

    /// Whether a found attribute is the native of `object`.
    fn is_from_object(&self, f: &Option<Value>) -> bool {
        f.as_ref()
            .and_then(|f| f.downcast::<Native>())
            .and_then(|n| n.owner.as_ref())
            .is_some_and(|t| t.is(&self.types().object))
    }

    /// The class itself, or the first of its bases that is not made by Python code and gives its layout.
    pub fn builtin_base(&self, class: &Ref<Type>) -> Ref<Type> {
        if !class.has(type_flags::HEAP) {
            return class.clone();
        }
        let mro = class.mro.borrow();
        let mut builtin = mro.classes().iter().filter(|t| !t.has(type_flags::HEAP));
        builtin
            .clone()
            .find(|t| t.instance_kind == class.instance_kind)
            .or_else(|| builtin.next())
            .unwrap_or(&self.types().object)
            .clone()
    }
}
