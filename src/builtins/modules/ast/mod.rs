//! `_ast`: the classes of syntax tree nodes, made from one list ([`nodes`]).

pub mod build;
mod nodes;
pub mod read;

use super::{new, set};
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::{Kind, Ref};
use crate::object::sequence::{List, Tuple};
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

use nodes::{Count, Field};

static AST: Class = Class {
    module: "ast",
    name: "AST",
    doc: "The base of all syntax tree nodes.",
    kind: Kind::Instance,
    flags: type_flags::BASE | type_flags::ATTRS,
    new: Some(def_kw("__new__", 1, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        Ok(vm.new_instance(&class))
    })),
    methods: &[
        def_kw("__init__", 1, ANY, init),
        def("__reduce__", 1, 1, reduce),
        def_kw("__replace__", 1, 1, replace),
        def("__repr__", 1, 1, repr),
    ],
    ..CLASS
};

/// Flags of `compile`, as `ast` names them.
const FLAGS: [(&str, i64); 4] = [
    ("PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000),
    ("PyCF_ONLY_AST", 0x400),
    ("PyCF_OPTIMIZED_AST", 0x8400),
    ("PyCF_TYPE_COMMENTS", 0x1000),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_ast", &[]);
    for (name, bits) in FLAGS {
        set(vm, &m.dict, name, Value::int_unchecked(bits));
    }
    let base = vm.native_class(&AST);
    for name in ["_fields", "_attributes", "__match_args__"] {
        let none = Tuple::new(&vm.heap, []).into();
        set(vm, &base.dict, name, none);
    }
    let types = Dict::new(&vm.heap).into();
    set(vm, &base.dict, "_field_types", types);
    base.modified();
    set(vm, &m.dict, "AST", base.to_value());
    let all = nodes::nodes();
    for node in &all {
        make_class(vm, &m, node)?;
    }
    // The types of fields name classes that come later in the list.
    for node in &all {
        let types = Dict::new(&vm.heap);
        for f in &node.fields {
            let (name, kind) = (vm.intern(f.name), field_type(vm, &m, f)?);
            drop(types.set_str(&vm.heap, &name, kind));
        }
        if let Some(class) = class_of(vm, &m, node.name) {
            set(vm, &class.dict, "_field_types", types.into());
            class.modified();
        }
    }
    Ok(m)
}

/// Whether a value is a syntax tree.
pub fn is_node(vm: &mut Vm, v: &Value) -> bool {
    let base = vm.native_class(&AST);
    v.class(&vm.heap).is_subclass(&base)
}

fn class_of(vm: &Vm, m: &Ref<Module>, name: &str) -> Option<Ref<Type>> {
    m.dict.get_str(&vm.intern(name))?.downcast::<Type>().cloned()
}

/// Makes a class as a `class` statement would.
fn make_class(vm: &mut Vm, m: &Ref<Module>, node: &nodes::Node) -> R<()> {
    let base = class_of(vm, m, node.sum.unwrap_or("AST"));
    let Some(base) = base else { return Err(vm.system_error("a node without its base")) };
    let names = |vm: &Vm, fields: &[Field]| -> Value {
        let names: Vec<Value> = fields.iter().map(|f| vm.intern(f.name).into()).collect();
        Tuple::new(&vm.heap, names).into()
    };
    let dict = Dict::new(&vm.heap);
    let module = vm.new_str("ast");
    set(vm, &dict, "__module__", module);
    let shown: Vec<String> = node.fields.iter().map(|f| format!("{} {}", f.text, f.name)).collect();
    let shown = if shown.is_empty() { node.name.to_owned() } else { format!("{}({})", node.name, shown.join(", ")) };
    let doc = vm.new_str(&shown);
    set(vm, &dict, "__doc__", doc);
    let fields = names(vm, &node.fields);
    set(vm, &dict, "_fields", fields.clone());
    set(vm, &dict, "__match_args__", fields);
    // Kinds inherit the attributes of their sum.
    if node.sum.is_none() {
        let attributes = names(vm, &node.attributes);
        set(vm, &dict, "_attributes", attributes);
    }
    for f in node.fields.iter().chain(&node.attributes).filter(|f| f.count == Count::Optional) {
        set(vm, &dict, f.name, Value::NONE);
    }
    let bases: Value = Tuple::new(&vm.heap, [base.to_value()]).into();
    let name: Value = vm.intern(node.name).into();
    let meta = vm.types().type_.to_value();
    let class = vm.call(&meta, &[name, bases, dict.into()])?;
    set(vm, &m.dict, node.name, class);
    Ok(())
}

/// What stands in `_field_types`: a class, `list[class]` or `class | None`.
fn field_type(vm: &mut Vm, m: &Ref<Module>, f: &Field) -> R {
    let t = vm.types();
    let plain = match f.kind {
        "int" => Some(t.int.to_value()),
        "string" | "identifier" => Some(t.str.to_value()),
        "constant" => Some(t.object.to_value()),
        _ => None,
    };
    let class = plain.or_else(|| class_of(vm, m, f.kind).map(Value::from)).unwrap_or(Value::NONE);
    match f.count {
        Count::One => Ok(class),
        Count::Optional => crate::builtins::union::union_of(vm, vec![class, Value::NONE]),
        Count::Many => {
            let list = vm.types().list.to_value();
            vm.new_generic_alias(&list, &class)
        }
    }
}

/// A class attribute that is a tuple of names.
fn names_of(vm: &mut Vm, o: &Value, attribute: &str) -> R<Vec<Value>> {
    let (class, name) = (o.class(&vm.heap).to_value(), vm.intern(attribute));
    match vm.get_attr_opt(&class, &name)? {
        Some(names) => vm.collect(&names),
        None => Ok(Vec::new()),
    }
}

fn position(vm: &mut Vm, names: &[Value], name: &Value) -> R<Option<usize>> {
    for (i, n) in names.iter().enumerate() {
        if vm.eq_or_is(n, name)? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn warn(vm: &mut Vm, text: &str) -> R<()> {
    let class = vm.types().DeprecationWarning.clone();
    vm.warn(&class, text)
}

/// `Node(*fields, **fields_and_attributes)`: lists that are left out are empty, a context is `Load()`.
fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let o = &a.pos[0];
    let fields = names_of(vm, o, "_fields")?;
    let class = o.class(&vm.heap).own_name();
    let given = a.pos.len() - 1;
    if given > fields.len() {
        let (n, plural) = (fields.len(), if fields.len() == 1 { "" } else { "s" });
        return Err(vm.type_error(format!("{class} constructor takes at most {n} positional argument{plural}")));
    }
    let mut set_fields = vec![false; fields.len()];
    for (i, v) in a.pos[1..].iter().enumerate() {
        let name = vm.attribute_name(&fields[i])?;
        vm.set_attr(o, &name, v.clone())?;
        set_fields[i] = true;
    }
    for (key, v) in a.names.iter().zip(a.values) {
        match position(vm, &fields, key)? {
            Some(i) if i < given => {
                let shown = vm.repr(key)?;
                return Err(vm.type_error(format!("{class} got multiple values for argument {shown}")));
            }
            Some(i) => set_fields[i] = true,
            None => {
                let attributes = names_of(vm, o, "_attributes")?;
                if position(vm, &attributes, key)?.is_none() {
                    let shown = vm.repr(key)?;
                    warn(
                        vm,
                        &format!(
                            "{class}.__init__ got an unexpected keyword argument {shown}. Support for arbitrary keyword \
                             arguments is deprecated and will be removed in Python 3.15."
                        ),
                    )?;
                }
            }
        }
        let name = vm.attribute_name(key)?;
        vm.set_attr(o, &name, v.clone())?;
    }
    for (name, _) in fields.iter().zip(set_fields).filter(|(_, is_set)| !is_set) {
        set_default(vm, o, name, &class)?;
    }
    Ok(Value::NONE)
}

/// Gives a field that was left out what its type has for that.
fn set_default(vm: &mut Vm, o: &Value, field: &Value, class: &str) -> R<()> {
    let (of, name) = (o.class(&vm.heap).to_value(), vm.attribute_name(field)?);
    let types = vm.intern("_field_types");
    let Some(types) = vm.get_attr_opt(&of, &types)? else { return Ok(()) };
    let Some(types) = types.downcast::<Dict>() else { return Ok(()) };
    let Some(kind) = vm.dict_get(types, field)? else {
        let shown = vm.str(field)?;
        return warn(
            vm,
            &format!("Field '{shown}' is missing from {class}._field_types. This will become an error in Python 3.15."),
        );
    };
    if kind.opaque::<crate::object::generic::GenericAlias>().is_some() {
        let empty = List::new(&vm.heap, Vec::new()).into();
        return vm.set_attr(o, &name, empty);
    }
    if kind.opaque::<crate::object::generic::Union>().is_some() {
        // None, which the class has.
        return Ok(());
    }
    if kind.downcast::<Type>().is_some_and(|t| t.own_name() == "expr_context") {
        let load = vm.intern("_ast");
        let module = vm.import_module(&load)?;
        let load = vm.intern("Load");
        let load = vm.get_attr(&module, &load)?;
        let load = vm.call(&load, &[])?;
        return vm.set_attr(o, &name, load);
    }
    let shown = vm.str(field)?;
    warn(
        vm,
        &format!(
            "{class}.__init__ missing 1 required positional argument: '{shown}'. This will become an error in Python \
             3.15."
        ),
    )
}

/// Fields and attributes that are set, by name.
fn state(vm: &mut Vm, o: &Value) -> R<Ref<Dict>> {
    let state = Dict::new(&vm.heap);
    for (k, v) in vm.instance_dict(o).map(|d| d.items()).unwrap_or_default() {
        vm.dict_set(&state, k, v)?;
    }
    Ok(state)
}

fn reduce(vm: &mut Vm, a: Args<'_>) -> R {
    let (class, state) = (a.pos[0].class(&vm.heap).to_value(), state(vm, &a.pos[0])?);
    let none = Tuple::new(&vm.heap, []).into();
    Ok(Tuple::new(&vm.heap, [class, none, state.into()]).into())
}

/// `copy.replace(node, **changes)`.
fn replace(vm: &mut Vm, a: Args<'_>) -> R {
    let mut known = names_of(vm, &a.pos[0], "_fields")?;
    known.extend(names_of(vm, &a.pos[0], "_attributes")?);
    let new = state(vm, &a.pos[0])?;
    for (k, v) in a.names.iter().zip(a.values) {
        if position(vm, &known, k)?.is_none() {
            let (class, shown) = (a.pos[0].class(&vm.heap).own_name(), vm.repr(k)?);
            return Err(vm.type_error(format!("{class}.__replace__ got an unexpected keyword argument {shown}.")));
        }
        vm.dict_set(&new, k.clone(), v.clone())?;
    }
    let (names, values): (Vec<Value>, Vec<Value>) = new.items().into_iter().unzip();
    let class = a.pos[0].class(&vm.heap).to_value();
    vm.call_args(&class, Args { pos: &[], names: &names, values: &values })
}

/// How deep `repr` shows nodes within nodes.
const SHOWN_DEPTH: usize = 3;

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let text = show(vm, &a.pos[0], SHOWN_DEPTH)?;
    Ok(vm.new_str(&text))
}

/// `Name(id='x', ctx=Load())`: nodes that lie too deep, and the middle of longer lists, as `...`.
fn show(vm: &mut Vm, v: &Value, depth: usize) -> R<String> {
    let class = v.class(&vm.heap).clone();
    let base = vm.native_class(&AST);
    if !class.is_subclass(&base) {
        let items = match (v.downcast::<List>(), v.downcast::<Tuple>()) {
            (Some(l), _) => Some(("[", "]", l.to_vec())),
            (_, Some(t)) => Some(("(", ")", t.to_vec())),
            _ => None,
        };
        let Some((open, close, items)) = items else { return Ok(vm.repr(v)?.to_string()) };
        let mut parts = Vec::new();
        for (i, item) in items.iter().enumerate() {
            match i {
                _ if i == 0 || i + 1 == items.len() => parts.push(show(vm, item, depth)?),
                1 => parts.push("...".to_owned()),
                _ => {}
            }
        }
        return Ok(format!("{open}{}{close}", parts.join(", ")));
    }
    let name = class.own_name();
    let fields = names_of(vm, v, "_fields")?;
    if fields.is_empty() {
        return Ok(format!("{name}()"));
    }
    if depth == 0 {
        return Ok(format!("{name}(...)"));
    }
    vm.check_stack(" while getting the repr of an object")?;
    let mut parts = Vec::new();
    for field in fields {
        let Some(key) = field.downcast::<Str>().map(|s| vm.heap.interned.intern(s)) else { continue };
        let value = vm.get_attr_opt(v, &key)?.unwrap_or(Value::NONE);
        parts.push(format!("{key}={}", show(vm, &value, depth - 1)?));
    }
    Ok(format!("{name}({})", parts.join(", ")))
}
