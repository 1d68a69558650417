//! Type parameters, `type` aliases and generic aliases (PEP 695, 696): their bounds, defaults and values are functions
//! that are called when somebody asks.

use std::any::Any;

use crate::code::instruction_args::{intrinsic1, intrinsic2};
use crate::object::cell::Mut;
use crate::object::function::Function;
use crate::object::generic::GenericAlias;
use crate::object::header::Ref;
use crate::object::opaque::OpaqueData;
use crate::object::sequence::Tuple;
use crate::object::types::Type;
use crate::object::value::Value;
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

    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.evaluator.borrow().iter().for_each(&mut *visit);
        self.value.borrow().iter().for_each(visit);
    }

    fn clear(&self) {
        self.evaluator.set(None);
        self.value.set(None);
    }
}

/// The data of `TypeVar`, `ParamSpec` and `TypeVarTuple`; the class tells which.
pub struct TypeParam {
    pub name: Value,
    /// Of a `TypeVar`.
    pub bound: Lazy,
    pub constraints: Lazy,
    pub default: Lazy,
}

impl OpaqueData for TypeParam {
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.name);
        [&self.bound, &self.constraints, &self.default].into_iter().for_each(|lazy| lazy.traverse(visit));
    }
    fn clear(&self) {
        [&self.bound, &self.constraints, &self.default].into_iter().for_each(Lazy::clear);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The data of `P.args` and `P.kwargs`.
pub struct ParamSpecPart {
    pub origin: Value,
}

impl OpaqueData for ParamSpecPart {
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.origin);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The data of `TypeAliasType`.
pub struct TypeAlias {
    pub name: Value,
    /// A tuple, or None.
    pub params: Value,
    pub value: Lazy,
    pub module: Value,
}

impl OpaqueData for TypeAlias {
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        [&self.name, &self.params, &self.module].into_iter().for_each(&mut *visit);
        self.value.traverse(visit);
    }
    fn clear(&self) {
        self.value.clear();
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The data of a special form (`typing.Unpack`): its name.
pub struct SpecialForm(pub &'static str);

impl OpaqueData for SpecialForm {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

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
        self.new_opaque(class, TypeParam { name, bound, constraints, default: Lazy::default() })
    }

    /// The intrinsics of one operand that make types.
    pub(super) fn type_intrinsic(&mut self, n: u32, v: Value) -> R {
        let t = self.types();
        let class = match n {
            intrinsic1::TYPEVAR => &t.type_var,
            intrinsic1::PARAMSPEC => &t.param_spec,
            intrinsic1::TYPEVARTUPLE => &t.type_var_tuple,
            intrinsic1::SUBSCRIPT_GENERIC => {
                let generic = t.generic.to_value();
                return self.new_generic_alias(&generic, &v);
            }
            intrinsic1::TYPEALIAS => return self.new_type_alias(&v),
            _ => return Err(self.system_error("unknown intrinsic")),
        };
        Ok(self.new_type_param(class, v, Lazy::default(), Lazy::default()))
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
