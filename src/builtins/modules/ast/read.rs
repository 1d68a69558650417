//! From the objects of a syntax tree back to the tree: what `compile(tree, ...)` takes.

use rustc_hash::FxHashMap;

use super::nodes::{self, Count};
use crate::code::constant::{Const, Text};
use crate::compile::tree::{Field, Node};
use crate::object::function::Module;
use crate::object::header::{Kind, Ref};
use crate::object::sequence::{Bytes, List, Tuple};
use crate::object::set::Set;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// The tree of an object; `kind` is the class that it must have (`Module`).
///
/// # Errors
/// TypeError and ValueError, in CPython's words, for objects that are no tree.
pub fn read(vm: &mut Vm, v: &Value, kind: &str) -> R<Node> {
    let name = vm.intern("_ast");
    let module = vm.import_module(&name)?;
    let Some(module) = module.downcast::<Module>() else {
        return Err(vm.type_error("the module _ast is not the native one"));
    };
    let all = nodes::nodes();
    let mut reader = Reader { nodes: FxHashMap::default(), classes: FxHashMap::default() };
    for (i, node) in all.iter().enumerate() {
        if let Some(class) = super::class_of(vm, module, node.name) {
            reader.nodes.insert(class.as_value().bits(), i);
            reader.classes.insert(node.name, class);
        }
    }
    let is_kind = reader.classes.get(kind).is_some_and(|c| v.class(&vm.heap).is_subclass(c));
    if !is_kind {
        let got = vm.class_name(v);
        let got = got.rsplit('.').next().unwrap_or_default();
        return Err(vm.type_error(format!("expected {kind} node, got {got}")));
    }
    reader.node(vm, v, "mod", &all)
}

struct Reader {
    /// Position in the list of nodes, by the class.
    nodes: FxHashMap<u64, usize>,
    classes: FxHashMap<&'static str, Ref<Type>>,
}

impl Reader {
    /// A node that is a `kind`, or one of the kinds of that sum.
    fn node(&self, vm: &mut Vm, v: &Value, kind: &str, all: &[nodes::Node]) -> R<Node> {
        vm.check_stack(&format!(" while traversing '{kind}' node"))?;
        // As in CPython the place comes first, whatever the object is.
        let sum = all.iter().find(|n| n.name == kind);
        let place = match sum {
            Some(sum) => self.place(vm, v, sum)?,
            None => None,
        };
        let class = v.class(&vm.heap).clone();
        let found = class.order().into_iter().find_map(|c| self.nodes.get(&c.as_value().bits()).copied());
        let is_kind = self.classes.get(kind).is_some_and(|c| class.is_subclass(c));
        let Some(node) = found.map(|i| &all[i]).filter(|_| is_kind) else {
            let shown = vm.repr(v)?;
            return Err(vm.type_error(format!("expected some sort of {kind}, but got {shown}")));
        };
        // A sum itself is no node, where it has kinds.
        if node.sum.is_none() && all.iter().any(|n| n.sum == Some(node.name)) {
            let shown = vm.repr(v)?;
            return Err(vm.type_error(format!("expected some sort of {kind}, but got {shown}")));
        }
        let mut fields = Vec::with_capacity(node.fields.len());
        for f in &node.fields {
            let field = self.field(vm, v, node.name, f, all)?;
            fields.push((f.name, field));
        }
        Ok(Node { kind: node.name.to_owned(), fields, place })
    }

    fn field(&self, vm: &mut Vm, o: &Value, of: &str, f: &nodes::Field, all: &[nodes::Node]) -> R<Field> {
        let name = vm.intern(f.name);
        let value = vm.get_attr_opt(o, &name)?;
        match (f.count, value) {
            (Count::Optional, None) => Ok(Field::None),
            (Count::Optional, Some(v)) if v.is_none() => Ok(Field::None),
            (Count::Many, None) => Ok(Field::List(Vec::new())),
            (Count::Many, Some(v)) => {
                let Some(items) = v.downcast::<List>().cloned() else {
                    let got = vm.class_name(&v);
                    return Err(vm.type_error(format!("{of} field \"{}\" must be a list, not a {got}", f.name)));
                };
                let mut read = Vec::with_capacity(items.len());
                let mut i = 0;
                while let Some(item) = items.get(i) {
                    // Lists may hold None: where none may be, the check of the tree says so.
                    read.push(if item.is_none() { Field::None } else { self.value(vm, &item, f.kind, all)? });
                    i += 1;
                }
                Ok(Field::List(read))
            }
            (Count::One, None) => Err(vm.type_error(format!("required field \"{}\" missing from {of}", f.name))),
            (Count::One, Some(v)) if v.is_none() && !matches!(f.kind, "constant" | "int") => {
                Err(vm.value_error(format!("field '{}' is required for {of}", f.name)))
            }
            (_, Some(v)) => self.value(vm, &v, f.kind, all),
        }
    }

    fn value(&self, vm: &mut Vm, v: &Value, kind: &str, all: &[nodes::Node]) -> R<Field> {
        Ok(match kind {
            // Optional items of a list.
            "identifier" | "string" => match v.downcast::<Str>() {
                Some(s) if kind == "string" || v.class(&vm.heap).is(&vm.types().str) => {
                    Field::Text(s.to_string_lossy().into_owned())
                }
                _ => return Err(vm.type_error(format!("AST {kind} must be of type str"))),
            },
            "int" => Field::Int(int(vm, v)?),
            "constant" => Field::Constant(constant(vm, v)?),
            kind => Field::Node(Box::new(self.node(vm, v, kind, all)?)),
        })
    }

    /// The place of a node, where its kind has one.
    fn place(&self, vm: &mut Vm, o: &Value, of: &nodes::Node) -> R<Option<[u32; 4]>> {
        let mut place = [0i64; 4];
        if of.attributes.len() != place.len() {
            return Ok(None);
        }
        for (i, f) in of.attributes.iter().enumerate() {
            let name = vm.intern(f.name);
            place[i] = match vm.get_attr_opt(o, &name)? {
                Some(v) if f.count != Count::Optional || !v.is_none() => int(vm, &v)?,
                // The end is where the start is.
                _ if f.count == Count::Optional => place[i - 2],
                _ => return Err(vm.type_error(format!("required field \"{}\" missing from {}", f.name, of.name))),
            };
        }
        let [line, column, end_line, end_column] = place;
        if line > end_line {
            return Err(vm.value_error(format!("AST node line range ({line}, {end_line}) is not valid")));
        }
        if line < 0 && end_line != line || column < 0 && column != end_column {
            return Err(vm.value_error(format!(
                "AST node column range ({column}, {end_column}) for line range ({line}, {end_line}) is not valid"
            )));
        }
        if line == end_line && column > end_column {
            return Err(vm.value_error(format!("line {line}, column {column}-{end_column} is not a valid range")));
        }
        Ok(Some(place.map(|n| n.clamp(0, i64::from(i32::MAX)) as u32)))
    }
}

fn int(vm: &mut Vm, v: &Value) -> R<i64> {
    if v.as_int().is_none() {
        let shown = vm.repr(v)?;
        return Err(vm.value_error(format!("invalid integer value: {shown}")));
    }
    Ok(i64::from(vm.index_c_int(v)?))
}

/// The constant that an object is, if its class itself is one of those of constants.
fn constant(vm: &mut Vm, v: &Value) -> R<Const> {
    vm.check_stack(" during compilation")?;
    let t = vm.types();
    let class = v.class(&vm.heap);
    let is_plain = [&t.int, &t.float, &t.complex, &t.str, &t.bytes, &t.tuple, &t.frozenset].iter().any(|c| class.is(c));
    if v.is_none() {
        return Ok(Const::None);
    } else if let Some(b) = v.as_bool() {
        return Ok(if b { Const::True } else { Const::False });
    } else if v.is(&Value::ELLIPSIS) {
        return Ok(Const::Ellipsis);
    }
    let known = match v.kind() {
        _ if !is_plain => None,
        Some(Kind::Str) => v.downcast::<Str>().map(|s| Const::Str(Text::from_code_points(s.points().collect()))),
        Some(Kind::Bytes) => v.downcast::<Bytes>().map(|b| Const::Bytes(b.data.to_vec().into())),
        Some(Kind::Tuple) => {
            let items = v.downcast::<Tuple>().map(|t| t.to_vec()).unwrap_or_default();
            Some(Const::Tuple(constants(vm, items)?))
        }
        Some(Kind::Set) => {
            let items = v.downcast::<Set>().map(|s| s.items()).unwrap_or_default();
            Some(Const::FrozenSet(constants(vm, items.into_iter().map(|(_, item)| item).collect())?))
        }
        _ => (v.as_int().map(|i| Const::Int(i.to_big())))
            .or_else(|| v.as_float().map(Const::Float))
            .or_else(|| v.as_complex().map(|c| Const::Complex { re: c.re, im: c.im })),
    };
    match known {
        Some(known) => Ok(known),
        None => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("got an invalid type in Constant: {got}")))
        }
    }
}

fn constants(vm: &mut Vm, items: Vec<Value>) -> R<Box<[Const]>> {
    items.iter().map(|item| constant(vm, item)).collect()
}
