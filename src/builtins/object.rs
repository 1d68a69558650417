//! `object`: the methods that every class inherits.

use rustc_hash::FxHashSet;

use crate::code::operators::CompareOp;
use crate::object::attrs::Attrs;
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::{Kind, Ref};
use crate::object::number::BigInt;
use crate::object::sequence::List;
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::protocol::hash::hash_address;
use crate::vm::{Args, R, Vm};

pub fn install(vm: &mut Vm) {
    let class = vm.types().object.clone();
    vm.add_static(&class, &[def_kw("__new__", 0, ANY, new)]);
    vm.add_methods(&class, METHODS);
    vm.add_methods(&class, COMPARISONS);
    vm.add_class_methods(
        &class,
        &[def_kw("__init_subclass__", 1, ANY, init_subclass), def("__subclasshook__", 1, 2, subclass_hook)],
    );
    vm.add_getset(&class, "__class__", get_class, Some(set_class));
    for class in [vm.types().none_type.clone(), vm.types().not_implemented_type.clone()] {
        vm.add_methods(&class, &[def("__bool__", 1, 1, |vm, a| vm.truth(&a.pos[0]).map(Value::bool))]);
    }
    vm.add_static(
        &vm.types().none_type.clone(),
        &[def_kw("__new__", 1, ANY, |vm, a| singleton(vm, a, "NoneType", Value::NONE))],
    );
    vm.add_static(
        &vm.types().ellipsis.clone(),
        &[def_kw("__new__", 1, ANY, |vm, a| singleton(vm, a, "EllipsisType", Value::ELLIPSIS))],
    );
    let not_implemented = vm.types().not_implemented_type.clone();
    vm.add_static(
        &not_implemented,
        &[def_kw("__new__", 1, ANY, |vm, a| singleton(vm, a, "NotImplementedType", Value::NOT_IMPLEMENTED))],
    );
    let module = vm.types().module.clone();
    vm.add_methods(&module, &[def("__getattribute__", 2, 2, kind_getattribute), def("__dir__", 1, 1, module_dir)]);
    own_getattributes(vm);
}

/// `__new__` of a class that has one instance.
fn singleton(vm: &mut Vm, a: Args<'_>, class: &str, instance: Value) -> R {
    if a.pos.len() > 1 || !a.names.is_empty() {
        return Err(vm.type_error(format!("{class} takes no arguments")));
    }
    Ok(instance)
}

/// Gives the classes a `__getattribute__` of their own that have one in CPython, although it does what `object`'s does:
/// `super().__getattribute__` has its name, which is what monitoring shows.
fn own_getattributes(vm: &mut Vm) {
    let t = vm.types();
    let classes = [
        &t.int,
        &t.complex,
        &t.bytes,
        &t.bytearray,
        &t.memoryview,
        &t.list,
        &t.tuple,
        &t.dict,
        &t.set,
        &t.range,
        &t.slice,
        &t.property,
        &t.enumerate,
        &t.zip,
        &t.map,
        &t.filter,
        &t.reversed,
        &t.BaseException,
    ]
    .map(Ref::clone);
    for class in classes {
        vm.add_methods(&class, &[def("__getattribute__", 2, 2, getattribute)]);
    }
}

const METHODS: &[Def] = &[
    def_kw("__init__", 1, ANY, init),
    def("__repr__", 1, 1, repr),
    def("__str__", 1, 1, str),
    def("__hash__", 1, 1, hash),
    def("__format__", 2, 2, format),
    def("__dir__", 1, 1, dir),
    def("__getattribute__", 2, 2, getattribute),
    def("__setattr__", 3, 3, setattr),
    def("__delattr__", 2, 2, delattr),
];

macro_rules! comparisons {
    ($($f:ident $op:ident $name:literal;)*) => {
        $(fn $f(vm: &mut Vm, a: Args<'_>) -> R {
            vm.object_compare(CompareOp::$op, &a.pos[0], &a.pos[1])
        })*
        const COMPARISONS: &[Def] = &[$(def($name, 2, 2, $f)),*];
    };
}

comparisons! {
    lt Lt "__lt__";
    le Le "__le__";
    eq Eq "__eq__";
    ne Ne "__ne__";
    gt Gt "__gt__";
    ge Ge "__ge__";
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    match a.get(0).and_then(|c| c.downcast::<Type>()).cloned() {
        Some(class) => vm.object_new(&class, a),
        None => Err(vm.type_error("object.__new__(): not enough arguments")),
    }
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    vm.object_init(&a.pos[0], a)
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let text = vm.default_repr(&a.pos[0])?;
    Ok(vm.new_str(&text))
}

fn str(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(vm.repr(&a.pos[0])?.into())
}

fn hash(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(BigInt::from_i64(&vm.heap, hash_address(a.pos[0].bits() as usize) as i64))
}

fn format(vm: &mut Vm, a: Args<'_>) -> R {
    match a.pos[1].downcast::<Str>() {
        Some(s) if s.is_empty() => Ok(vm.str(&a.pos[0])?.into()),
        Some(_) => {
            let class = vm.class_name(&a.pos[0]);
            Err(vm.type_error(format!("unsupported format string passed to {class}.__format__")))
        }
        None => {
            let got = vm.argument_class(&a.pos[1]);
            Err(vm.type_error(format!("__format__() argument must be str, not {got}")))
        }
    }
}

impl Vm {
    /// The name of an attribute that a program gives as a value; TypeError if it is no str.
    pub fn attribute_name(&mut self, v: &Value) -> R<Ref<Str>> {
        match v.downcast::<Str>() {
            Some(s) if s.is_interned() => Ok(s.clone()),
            Some(s) if s.ty().is(&self.types().str) => Ok(self.heap.interned.intern(s)),
            Some(s) => {
                // The table keeps no instances of subclasses.
                let points: Vec<u32> = s.points().collect();
                Ok(self.heap.interned.intern(&Str::from_points(&self.heap, &points)))
            }
            None => {
                let got = self.class_name(v);
                Err(self.type_error(format!("attribute name must be string, not '{got}'")))
            }
        }
    }
}

fn found(vm: &mut Vm, o: &Value, name: &Ref<Str>, v: Option<Value>) -> R {
    match v {
        Some(v) => Ok(v),
        None => Err(vm.no_attribute(o, name)),
    }
}

fn getattribute(vm: &mut Vm, a: Args<'_>) -> R {
    let name = vm.attribute_name(&a.pos[1])?;
    let v = vm.generic_get(&a.pos[0], &name)?;
    found(vm, &a.pos[0], &name, v)
}

/// `__getattribute__` of the classes that look further than `object` does.
pub(super) fn kind_getattribute(vm: &mut Vm, a: Args<'_>) -> R {
    let name = vm.attribute_name(&a.pos[1])?;
    let v = vm.builtin_get(&a.pos[0], &name)?;
    found(vm, &a.pos[0], &name, v)
}

fn check_no_bypass(vm: &mut Vm, o: &Value, method: &str) -> R<()> {
    if o.kind() != Some(Kind::Type) {
        return Ok(());
    }
    let class = vm.class_name(o);
    Err(vm.type_error(format!("can't apply this {method} to {class} object")))
}

fn setattr(vm: &mut Vm, a: Args<'_>) -> R {
    check_no_bypass(vm, &a.pos[0], "__setattr__")?;
    let name = vm.attribute_name(&a.pos[1])?;
    vm.generic_set(&a.pos[0], &name, Some(&a.pos[2]))?;
    Ok(Value::NONE)
}

fn delattr(vm: &mut Vm, a: Args<'_>) -> R {
    check_no_bypass(vm, &a.pos[0], "__delattr__")?;
    let name = vm.attribute_name(&a.pos[1])?;
    vm.generic_set(&a.pos[0], &name, None)?;
    Ok(Value::NONE)
}

/// Names of a class and its bases, each once.
pub(super) fn class_names(t: &Ref<Type>, names: &mut Vec<Value>) {
    let mut seen: FxHashSet<String> = names.iter().filter_map(|n| n.downcast::<Str>().map(|s| s.to_string())).collect();
    for c in t.order() {
        for (k, _) in c.dict.items() {
            if let Some(s) = k.downcast::<Str>()
                && seen.insert(s.to_string())
            {
                names.push(k);
            }
        }
    }
}

/// The names of the attributes, in no order; `dir()` sorts them.
fn dir(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    let dict = vm.types().names.__dict__.clone();
    let mut names = Vec::new();
    if let Some(d) = vm.get_attr_opt(o, &dict)?
        && let Some(d) = d.downcast::<crate::object::dict::Dict>()
    {
        names.extend(d.items().into_iter().map(|(k, _)| k));
    }
    let class = vm.types().names.__class__.clone();
    if let Some(c) = vm.get_attr_opt(o, &class)?
        && let Some(c) = c.downcast::<Type>()
    {
        class_names(c, &mut names);
    }
    Ok(List::new(&vm.heap, names).into())
}

fn module_dir(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(m) = a.pos[0].downcast::<Module>() else { return Ok(Value::NONE) };
    if let Some(f) = m.dict.get_str(&vm.types().names.__dir__) {
        return vm.call(&f, &[]);
    }
    let dict = vm.get_attr(&a.pos[0], &vm.types().names.__dict__.clone())?;
    let Some(dict) = dict.downcast::<Dict>() else {
        return Err(vm.type_error("<module>.__dict__ is not a dictionary"));
    };
    let names = dict.items().into_iter().map(|(k, _)| k).collect();
    Ok(List::new(&vm.heap, names).into())
}

fn init_subclass(vm: &mut Vm, a: Args<'_>) -> R {
    let name = a.pos[0].downcast::<Type>().map(|t| t.qualname_str()).unwrap_or_default();
    if a.pos.len() > 1 {
        let n = a.pos.len() - 1;
        return Err(vm.type_error(format!("{name}.__init_subclass__() takes no arguments ({n} given)")));
    }
    if !a.names.is_empty() {
        return Err(vm.type_error(format!("{name}.__init_subclass__() takes no keyword arguments")));
    }
    Ok(Value::NONE)
}

fn subclass_hook(_: &mut Vm, _: Args<'_>) -> R {
    Ok(Value::NOT_IMPLEMENTED)
}

fn get_class(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(a.pos[0].class(&vm.heap).to_value())
}

/// `o.__class__ = class`: between classes made by Python code (or modules) with the same layout.
fn set_class(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    let Some(v) = a.get(1) else {
        return Err(vm.type_error("can't delete __class__ attribute"));
    };
    let Some(new) = v.downcast::<Type>() else {
        let got = vm.class_name(v);
        return Err(vm.type_error(format!("__class__ must be set to a class, not '{got}' object")));
    };
    let old = o.class(&vm.heap).clone();
    let module = &vm.types().module;
    let modules = new.is_subclass(module) && old.is_subclass(module);
    let header = match o.header() {
        Some(h) if modules || (new.has(type_flags::HEAP) && old.has(type_flags::HEAP)) => h,
        _ => {
            return Err(vm.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses"));
        }
    };
    if !vm.same_layout(new, &old) {
        let (new, old) = (new.name_str(), old.name_str());
        return Err(vm.type_error(format!("__class__ assignment: '{new}' object layout differs from '{old}'")));
    }
    let slots = vm.slots_renamed(&old, new);
    let renamed = |name: &Ref<Str>| slots.iter().find(|(from, _)| from.is(name)).map(|(_, to)| to.clone());
    Attrs::change_class(header, new.clone(), renamed);
    Ok(Value::NONE)
}
