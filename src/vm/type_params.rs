//! Type parameters, `type` aliases and generic aliases (PEP 695, 696): their bounds, defaults and values are functions
//! that are called when somebody asks.

use crate::code::instruction_args::{intrinsic1, intrinsic2};
use crate::object::cell::Mut;
use crate::object::function::Function;
use crate::object::generic::GenericAlias;
use crate::object::header::Ref;
use crate::object::opaque::Trace;
use crate::object::sequence::Tuple;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::{R, Vm};

/// A value that is computed at most once.
#[derive(Default)]
pub struct Lazy {
    pub evaluator: Mut<Option<Value>>,
    pub value: Mut<Option<Value>>,
}

impl Lazy {
    fn of(evaluator: Option<Value>) -> Lazy {
        Lazy { evaluator: Mut::new(evaluator), value: Mut::new(None) }
    }

    /// What a constructor was given; None where it was given nothing.
    pub fn known(value: Option<Value>) -> Lazy {
        Lazy { evaluator: Mut::new(None), value: Mut::new(value) }
    }

    /// Whether there is a value, computed or not.
    pub fn is_set(&self) -> bool {
        self.evaluator.borrow().is_some() || self.value.borrow().is_some()
    }

    /// Empties it.
    fn take(&self) -> [Option<Value>; 2] {
        [self.evaluator.take(), self.value.take()]
    }
}

impl Trace for Lazy {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.evaluator.trace(visit);
        self.value.trace(visit);
    }
}

/// How a generic class varies with one of its parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Variance {
    Invariant,
    Covariant,
    Contravariant,
    /// A type checker finds out: so it is for parameters of the syntax.
    Inferred,
}

/// The data of `TypeVar`, `ParamSpec` and `TypeVarTuple`; the class tells which.
pub struct TypeParam {
    pub name: Value,
    /// Of a `TypeVar`.
    pub bound: Lazy,
    pub constraints: Lazy,
    pub default: Lazy,
    pub variance: Variance,
}

opaque_data!(TypeParam { name, bound, constraints, default } clear { bound, constraints, default });

/// The data of `P.args` and `P.kwargs`.
pub struct ParamSpecPart {
    pub origin: Value,
}

opaque_data!(ParamSpecPart { origin });

/// The data of `TypeAliasType`.
pub struct TypeAlias {
    pub name: Value,
    /// A tuple, or None.
    pub params: Value,
    pub value: Lazy,
    pub module: Value,
}

opaque_data!(TypeAlias { name, params, module, value } clear { value });

/// The data of a special form (`typing.Unpack`): its name.
pub struct SpecialForm(pub &'static str);

opaque_data!(SpecialForm {});

impl Vm {
    /// `origin[args]`; a tuple gives several arguments.
    pub fn new_generic_alias(&mut self, origin: &Value, args: &Value) -> R {
        Ok(self.generic_alias_of(&self.types().generic_alias, origin, args, false))
    }

    /// The same of class `class`, or starred (`*tuple[int]`).
    pub fn generic_alias_of(&self, class: &Ref<Type>, origin: &Value, args: &Value, starred: bool) -> Value {
        let args = match args.downcast::<Tuple>() {
            Some(t) => t.clone(),
            None => Tuple::new(&self.heap, [args.clone()]),
        };
        let data = GenericAlias { origin: origin.clone(), args, starred, parameters: Mut::new(None) };
        self.new_opaque(class, data)
    }

    /// The value of a bound, default or alias: computed at the first call; `otherwise` where there is none.
    pub fn force(&mut self, lazy: &Lazy, otherwise: Value) -> R {
        if let Some(v) = lazy.value.get() {
            return Ok(v);
        }
        let Some(evaluator) = lazy.evaluator.get() else { return Ok(otherwise) };
        let v = self.call(&evaluator, &[])?;
        lazy.value.set(Some(v.clone()));
        Ok(v)
    }

    fn new_type_param(&self, class: &Ref<Type>, name: Value, bound: Lazy, constraints: Lazy) -> Value {
        self.new_opaque(
            class,
            TypeParam { name, bound, constraints, default: Lazy::default(), variance: Variance::Inferred },
        )
    }

    /// The intrinsics of one operand that make types.
    pub(super) fn type_intrinsic(&mut self, n: u32, v: Value) -> R {
        let t = self.types();
        let class = match n {
            intrinsic1::TYPEVAR => &t.type_var,
            intrinsic1::PARAMSPEC => &t.param_spec,
            intrinsic1::TYPEVARTUPLE => &t.type_var_tuple,
            intrinsic1::SUBSCRIPT_GENERIC => return self.subscript_generic(&v),
            intrinsic1::TYPEALIAS => return self.new_type_alias(&v),
            _ => return Err(self.system_error("unknown intrinsic")),
        };
        Ok(self.new_type_param(class, v, Lazy::default(), Lazy::default()))
    }

    /// `Generic[params]`, as the base of a class with type parameters.
    fn subscript_generic(&mut self, params: &Value) -> R {
        let params = self.unpacked_params(params)?;
        let generic = self.types().generic.to_value();
        match self.typing_name("_GenericAlias")? {
            Some(alias) => self.call(&alias, &[generic, params]),
            None => self.new_generic_alias(&generic, &params),
        }
    }

    /// A tuple of type parameters where each one of several types (`*Ts`) is unpacked.
    pub fn unpacked_params(&mut self, params: &Value) -> R {
        let mut new = Vec::new();
        for p in self.collect(params)? {
            let several = p.class(&self.heap).is(&self.types().type_var_tuple);
            new.push(if several { self.unpack_of(&p)? } else { p });
        }
        Ok(Tuple::new(&self.heap, new).into())
    }

    /// `typing.Unpack[v]`, of a form of our own where the library's `typing` has not been imported.
    pub fn unpack_of(&mut self, v: &Value) -> R {
        if let Some(unpack) = self.typing_name("Unpack")? {
            return self.get_item(&unpack, v);
        }
        let form = self.new_opaque(&self.types().special_form, SpecialForm("typing.Unpack"));
        self.new_generic_alias(&form, v)
    }

    /// A name of the library's module `typing`, if the program has imported it.
    pub fn typing_name(&mut self, name: &str) -> R<Option<Value>> {
        let Some(module) = self.modules.get_str(&self.intern("typing")) else { return Ok(None) };
        let name = self.intern(name);
        self.get_attr_opt(&module, &name)
    }

    fn new_type_alias(&mut self, parts: &Value) -> R {
        let Some(parts) = parts.downcast::<Tuple>().filter(|t| t.len() == 3) else {
            return Err(self.system_error("a type alias of no three parts"));
        };
        let name = self.types().names.__name__.clone();
        let module = self.current_globals().and_then(|g| g.get_str(&name)).unwrap_or(Value::NONE);
        let alias = TypeAlias {
            name: parts[0].clone(),
            params: parts[1].clone(),
            value: Lazy::of(Some(parts[2].clone())),
            module,
        };
        Ok(self.new_opaque(&self.types().type_alias, alias))
    }

    /// The intrinsics of two operands that make types.
    pub(super) fn type_intrinsic_2(&mut self, n: u32, l: Value, r: Value) -> R {
        let class = self.types().type_var.clone();
        match n {
            intrinsic2::TYPEVAR_WITH_BOUND => Ok(self.new_type_param(&class, l, Lazy::of(Some(r)), Lazy::default())),
            intrinsic2::TYPEVAR_WITH_CONSTRAINTS => {
                Ok(self.new_type_param(&class, l, Lazy::default(), Lazy::of(Some(r))))
            }
            intrinsic2::SET_FUNCTION_TYPE_PARAMS => {
                if let Some(f) = l.downcast::<Function>() {
                    f.typing.borrow_mut().get_or_insert_default().type_params = Some(r);
                }
                Ok(l)
            }
            intrinsic2::SET_TYPEPARAM_DEFAULT => {
                if let Some(p) = l.opaque::<TypeParam>() {
                    p.default.evaluator.set(Some(r));
                }
                Ok(l)
            }
            _ => Err(self.system_error("unknown intrinsic")),
        }
    }
}
