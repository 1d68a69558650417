//! Tuples with named items (`sys.version_info`, `time.struct_time`): classes derived from `tuple`.  Some have fields that
//! are no items; those lie in slots.

use crate::builtins::slots;
use crate::object::dict::Dict;
use crate::object::header::{Kind, Ref};
use crate::object::sequence::Tuple;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::member::Member;
use crate::vm::native::{ANY, NativeFn, def, def_kw};
use crate::vm::{Args, R, Vm};

/// What a class is made of.
#[derive(Clone, Copy)]
pub struct Layout<'a> {
    pub module: &'a str,
    pub name: &'a str,
    /// The items; at most 18.  A name that begins with an underscore is none.
    pub fields: &'a [&'static str],
    /// Attributes that are no items.
    pub hidden: &'a [&'static str],
    /// Whether a program may make instances.
    pub creatable: bool,
}

macro_rules! items {
    ($($f:ident $i:literal)*) => {
        $(fn $f(vm: &mut Vm, a: Args<'_>) -> R {
            item(vm, a, $i)
        })*
        const ITEMS: &[NativeFn] = &[$($f),*];
    };
}

items! {
    i0 0 i1 1 i2 2 i3 3 i4 4 i5 5 i6 6 i7 7 i8 8 i9 9 i10 10 i11 11 i12 12 i13 13 i14 14 i15 15 i16 16 i17 17
}

fn item(vm: &mut Vm, a: Args<'_>, i: usize) -> R {
    match a.pos[0].downcast::<Tuple>().and_then(|t| t.get(i)) {
        Some(v) => Ok(v.clone()),
        None => Err(vm.attribute_error_text("no such item")),
    }
}

/// A class of tuples whose items have these names, which programs may make instances of.
pub fn class(vm: &mut Vm, module: &str, name: &str, fields: &[&'static str]) -> Ref<Type> {
    make_class(vm, Layout { module, name, fields, hidden: &[], creatable: true })
}

/// A class of tuples with named items.
pub fn make_class(vm: &mut Vm, layout: Layout<'_>) -> Ref<Type> {
    let tuple = vm.types().tuple.clone();
    let mut tail = vec![tuple.clone()];
    tail.extend(tuple.mro.borrow().classes().iter().cloned());
    let meta = vm.types().type_.clone();
    let full = match layout.module {
        "builtins" => vm.intern(layout.name),
        module => vm.intern(&format!("{module}.{}", layout.name)),
    };
    // Flagged as a class of Python code, so that its methods are asked before those of tuples.
    let slots = type_flags::ATTRS | type_flags::NO_DICT | type_flags::SLOTS;
    let inherited = tuple.flags.get() & (type_flags::SEQUENCE | type_flags::MATCH_SELF);
    let flags = type_flags::HEAP | type_flags::IMMUTABLE | inherited | if layout.hidden.is_empty() { 0 } else { slots };
    let class = Type::new(&vm.heap, &meta, &full, vec![tuple], tail, Dict::new(&vm.heap), Kind::Tuple, flags);
    class.qualname.set(vm.intern(layout.name).to_value());
    let module = vm.new_str(layout.module);
    let named = || layout.fields.iter().filter(|f| !f.starts_with('_'));
    let names: Vec<Value> = named().map(|f| vm.intern(f).into()).collect();
    let names = Tuple::new(&vm.heap, names).into();
    let counts = [
        ("n_fields", layout.fields.len() + layout.hidden.len()),
        ("n_sequence_fields", layout.fields.len()),
        ("n_unnamed_fields", layout.fields.len() - named().count()),
    ];
    let counts = counts.map(|(name, n)| (name, Value::from_len(n)));
    for (name, v) in [("__module__", module), ("__match_args__", names)].into_iter().chain(counts) {
        class.dict.set_str(&vm.heap, &vm.intern(name), v);
    }
    vm.add_static(&class, &[def_kw("__new__", 1, ANY, if layout.creatable { new } else { refuse })]);
    vm.add_methods(
        &class,
        &[def("__repr__", 1, 1, repr), def("__reduce__", 1, 1, reduce), def_kw("__replace__", 1, 1, replace)],
    );
    for (f, get) in layout.fields.iter().zip(ITEMS).filter(|(f, _)| !f.starts_with('_')) {
        vm.add_member(&class, f, *get, None);
    }
    for name in layout.hidden {
        let name = vm.intern(name);
        let member = vm.new_readonly_member(&class, &name);
        class.dict.set_str(&vm.heap, &name, member);
    }
    class.modified();
    class
}

/// An instance of such a class.
pub fn make(vm: &Vm, class: &Ref<Type>, items: Vec<Value>) -> Value {
    Tuple::new_of(&vm.heap, class, items).into()
}

/// The same, with the fields that are no items.
pub fn make_with_hidden(vm: &Vm, class: &Ref<Type>, items: Vec<Value>, hidden: &[(&str, Value)]) -> Value {
    let made = make(vm, class, items);
    for (name, v) in hidden {
        set_hidden(vm, class, &made, name, v.clone());
    }
    made
}

fn set_hidden(vm: &Vm, class: &Ref<Type>, o: &Value, name: &str, v: Value) {
    let member = class.dict.get_str(&vm.intern(name));
    if let Some(m) = member.as_ref().and_then(|m| m.opaque::<Member>()) {
        drop(m.replace(o, Some(v)));
    }
}

/// The class's slots, in order, with what an instance has there.
fn hidden(class: &Ref<Type>, o: &Value) -> Vec<(String, Option<Value>)> {
    let members = class.dict.items();
    let members = members.iter().filter_map(|(_, v)| v.opaque::<Member>());
    members.map(|m| (m.name.to_string(), m.get(o))).collect()
}

fn items(vm: &mut Vm, a: Args<'_>) -> R<Ref<Tuple>> {
    match a.pos[0].downcast::<Tuple>() {
        Some(t) => Ok(t.clone()),
        None => Err(vm.type_error("descriptor requires a tuple")),
    }
}

fn field_names(vm: &mut Vm, class: &Ref<Type>) -> Vec<Value> {
    let names = class.dict.get_str(&vm.types().names.__match_args__);
    names.and_then(|n| n.downcast::<Tuple>().map(|t| t.to_vec())).unwrap_or_default()
}

fn refuse(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().tuple.clone();
    let name = slots::new_class(vm, a, &base)?.name_str();
    Err(vm.type_error(format!("cannot create '{name}' instances")))
}

/// `class(sequence, dict={})`: `dict` gives fields that are no items; those may also stand behind the items.
fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().tuple.clone();
    let class = slots::new_class(vm, a, &base)?;
    let signature = crate::vm::native_args::signature("structseq", ["sequence", "dict"], 1);
    let [sequence, given] = a.rest().bind(vm, &signature)?;
    let name = class.name_str();
    let given = match given {
        None => None,
        Some(d) => match d.downcast::<Dict>() {
            Some(d) => Some(d.clone()),
            None => {
                return Err(vm.type_error(format!("{name}() takes a dict as second arg, if any")));
            }
        },
    };
    let sequence = sequence.cloned().unwrap_or(Value::NONE);
    if vm.iter_opt(&sequence)?.is_none() {
        return Err(vm.type_error("constructor requires a sequence"));
    }
    let mut values = vm.collect(&sequence)?;
    let fields = field_names(vm, &class);
    let own = hidden(&class, &Value::NONE);
    let unnamed = vm.intern("n_unnamed_fields");
    let unnamed = class.dict.get_str(&unnamed).and_then(|n| n.as_small_int()).unwrap_or(0) as usize;
    let least = fields.len() + unnamed;
    let (most, n) = (least + own.len(), values.len());
    if n < least || n > most {
        let which = match (least == most, n < least) {
            (true, _) => format!("a {least}"),
            (_, true) => format!("an at least {least}"),
            _ => format!("an at most {most}"),
        };
        return Err(vm.type_error(format!("{name}() takes {which}-sequence ({n}-sequence given)")));
    }
    let behind = values.split_off(least);
    // The dict says only what the sequence does not.
    if let Some(d) = &given {
        let told = own.iter().skip(behind.len()).filter(|(field, _)| d.get_str(&vm.intern(field)).is_some()).count();
        if told < d.len() {
            return Err(vm.type_error(format!("{name}() got duplicate or unexpected field name(s)")));
        }
    }
    let made = make(vm, &class, values);
    for (i, (field, _)) in own.iter().enumerate() {
        let v = match (behind.get(i), &given) {
            (Some(v), _) => Some(v.clone()),
            (None, Some(d)) => d.get_str(&vm.intern(field)),
            _ => None,
        };
        set_hidden(vm, &class, &made, field, v.unwrap_or(Value::NONE));
    }
    Ok(made)
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let class = a.pos[0].class(&vm.heap).clone();
    let t = items(vm, a)?;
    let name = vm.full_name(&class)?;
    let mut names = field_names(vm, &class);
    // As CPython, which goes on with the fields that are no items where items have no names.
    names.extend(hidden(&class, &Value::NONE).iter().map(|(name, _)| vm.new_str(name)));
    let mut parts = Vec::new();
    for (f, v) in names.iter().zip(t.iter()) {
        let (f, v) = (vm.str(f)?, vm.repr(v)?);
        parts.push(format!("{f}={v}"));
    }
    Ok(vm.new_str(&format!("{name}({})", parts.join(", "))))
}

fn reduce(vm: &mut Vm, a: Args<'_>) -> R {
    let class = a.pos[0].class(&vm.heap).clone();
    let plain = items(vm, a)?.to_vec();
    let plain: Value = Tuple::new(&vm.heap, plain).into();
    let rest = Dict::new(&vm.heap);
    for (name, v) in hidden(&class, &a.pos[0]) {
        drop(rest.set_str(&vm.heap, &vm.intern(&name), v.unwrap_or(Value::NONE)));
    }
    let args = Tuple::new(&vm.heap, [plain, rest.into()]).into();
    Ok(Tuple::new(&vm.heap, [class.to_value(), args]).into())
}

/// A copy with some fields changed.
fn replace(vm: &mut Vm, a: Args<'_>) -> R {
    let class = a.pos[0].class(&vm.heap).clone();
    let mut values = items(vm, a)?.to_vec();
    let changes = Dict::new(&vm.heap);
    for (k, v) in a.names.iter().zip(a.values) {
        vm.dict_set(&changes, k.clone(), v.clone())?;
    }
    for (slot, name) in values.iter_mut().zip(field_names(vm, &class)) {
        if let Some(v) = vm.dict_remove(&changes, &name)? {
            *slot = v;
        }
    }
    let made = make(vm, &class, values);
    for (name, old) in hidden(&class, &a.pos[0]) {
        let new = changes.remove_str(&vm.intern(&name)).or(old);
        set_hidden(vm, &class, &made, &name, new.unwrap_or(Value::NONE));
    }
    if changes.is_empty() {
        return Ok(made);
    }
    let mut unknown = Vec::new();
    for (name, _) in changes.items() {
        unknown.push(vm.repr(&name)?.to_string());
    }
    Err(vm.type_error(format!("Got unexpected field name(s): [{}]", unknown.join(", "))))
}
