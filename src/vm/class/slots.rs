//! `__slots__`.

use crate::object::dict::Dict;
use crate::object::function::Native;
use crate::object::header::{Kind, Ref};
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// What a class gets for its `__slots__`.
pub(super) struct SlotPlan {
    names: Vec<Ref<Str>>,
    adds_dict: bool,
    adds_weakref: bool,
    pub(super) flags: u32,
}

/// Whether instances of a class have a `__dict__`.
fn has_dict(t: &Ref<Type>) -> bool {
    t.has(type_flags::ATTRS) && !t.has(type_flags::NO_DICT)
}

/// Whether the first class of Python code below a built-in one gives its instances weak references: those of variable
/// size cannot have them, and some have them already.
fn may_add_weakref(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::BigInt
            | Kind::Tuple
            | Kind::Bytes
            | Kind::Type
            | Kind::Set
            | Kind::Module
            | Kind::Function
            | Kind::Generator
    )
}

impl Vm {
    /// Reads and checks `__slots__` of a namespace.
    pub(super) fn plan_slots(
        &mut self,
        class: &Ref<Str>,
        base: &Ref<Type>,
        bases: &[Ref<Type>],
        dict: &Ref<Dict>,
    ) -> R<SlotPlan> {
        let base_has_dict = bases.iter().any(has_dict);
        let referable =
            |b: &Ref<Type>| b.has(type_flags::WEAKREF) || b.lookup(&self.types().names.__weakref__).is_some();
        let base_has_weakref = bases.iter().any(referable);
        let Some(slots) = dict.get_str(&self.types().names.__slots__) else {
            return Ok(SlotPlan {
                names: Vec::new(),
                adds_dict: !base_has_dict,
                adds_weakref: !base_has_weakref && may_add_weakref(base.instance_kind),
                flags: 0,
            });
        };
        let items = if slots.downcast::<Str>().is_some() { vec![slots] } else { self.collect(&slots)? };
        if !items.is_empty() && matches!(base.instance_kind, Kind::BigInt | Kind::Tuple | Kind::Bytes | Kind::Type) {
            let name = base.name_str();
            return Err(self.type_error(format!("nonempty __slots__ not supported for subtype of '{name}'")));
        }
        let mut plan = SlotPlan { names: Vec::new(), adds_dict: false, adds_weakref: false, flags: 0 };
        for item in &items {
            let Some(name) = item.downcast::<Str>() else {
                let got = item.class(&self.heap).name_str();
                return Err(self.type_error(format!("__slots__ items must be strings, not '{got}'")));
            };
            let text = name.to_string();
            if !is_identifier(&text) {
                return Err(self.type_error("__slots__ must be identifiers"));
            }
            match text.as_str() {
                "__dict__" if base_has_dict || plan.adds_dict => {
                    return Err(self.type_error("__dict__ slot disallowed: we already got one"));
                }
                "__dict__" => plan.adds_dict = true,
                "__weakref__" if base_has_weakref || plan.adds_weakref => {
                    return Err(self.type_error("__weakref__ slot disallowed: we already got one"));
                }
                "__weakref__" => plan.adds_weakref = true,
                _ => {
                    let name = self.intern(&mangle(&class.to_string(), &text));
                    let allowed = matches!(text.as_str(), "__qualname__" | "__classcell__");
                    if dict.get_str(&name).is_some() && !allowed {
                        return Err(self.value_error(format!("'{name}' in __slots__ conflicts with class variable")));
                    }
                    if !plan.names.iter().any(|n| n.is(&name)) {
                        plan.names.push(name);
                    }
                }
            }
        }
        plan.names.sort_by_key(|n| n.to_string());
        if !plan.names.is_empty() {
            plan.flags |= type_flags::SLOTS;
        }
        if !base_has_dict && !plan.adds_dict {
            plan.flags |= type_flags::NO_DICT;
        }
        Ok(plan)
    }

    /// Puts the slot descriptors, and those of `__dict__` and `__weakref__`, into a new class.
    pub(super) fn add_slots(&mut self, class: &Ref<Type>, plan: &SlotPlan) {
        for name in &plan.names {
            let member = self.new_member(class, name);
            class.dict.set_str(&self.heap, name, member);
        }
        // Other classes than `type` share the descriptor that `BaseException` and functions have.
        if plan.adds_dict && class.instance_kind != Kind::Type {
            self.add_getset(class, "__dict__", get_dict, Some(set_dict));
        }
        if plan.adds_weakref && class.instance_kind != Kind::Type {
            self.add_getset(class, "__weakref__", get_weakref, None);
        }
    }
}

/// `o.__dict__`.
pub fn get_dict(vm: &mut Vm, args: crate::vm::Args<'_>) -> R {
    let o = &args.pos[0];
    if let Some(class) = o.downcast::<Type>() {
        let proxy = vm.types().mappingproxy.clone();
        return vm.construct(&proxy, crate::vm::Args::positional(&[class.dict.to_value()]));
    }
    match vm.instance_dict(o) {
        Some(d) => Ok(d.into()),
        None => {
            let name = vm.types().names.__dict__.clone();
            Err(vm.no_attribute(o, &name))
        }
    }
}

/// `o.__dict__ = dict`; deleting leaves an empty one.
pub fn set_dict(vm: &mut Vm, args: crate::vm::Args<'_>) -> R {
    let o = &args.pos[0];
    if o.kind() == Some(Kind::Type) {
        return Err(vm.attribute_error_text("attribute '__dict__' of 'type' objects is not writable"));
    }
    let dict = match args.get(1) {
        None if o.kind() == Some(Kind::Function) => return Err(vm.type_error("cannot delete __dict__")),
        None => Dict::new(&vm.heap),
        Some(v) => match v.downcast::<Dict>() {
            Some(d) => d.clone(),
            None => {
                let got = v.class(&vm.heap).name_str();
                return Err(vm.type_error(format!("__dict__ must be set to a dictionary, not a '{got}'")));
            }
        },
    };
    if !vm.set_instance_dict(o, &dict) {
        return Err(vm.attribute_error_text("readonly attribute"));
    }
    Ok(Value::NONE)
}

/// The oldest weak reference to an object, or None.
fn get_weakref(vm: &mut Vm, args: crate::vm::Args<'_>) -> R {
    Ok(vm.heap.weak().referrers(&args.pos[0]).into_iter().next().unwrap_or(Value::NONE))
}

/// The name of a private attribute (`__x` in class `A` is `_A__x`).
fn mangle(class: &str, name: &str) -> String {
    let class = class.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || class.is_empty() {
        return name.to_string();
    }
    format!("_{class}{name}")
}

fn is_identifier(s: &str) -> bool {
    let mut chars = s.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic()) && chars.all(|c| c == '_' || c.is_alphanumeric())
}

impl Vm {
    /// Whether a class attribute is the descriptor of `__dict__` that classes get here.
    pub fn is_dict_descriptor(&self, v: &Value) -> bool {
        v.downcast::<Native>().is_some_and(|n| n.def.entry == crate::vm::native::erase(get_dict))
    }
}
