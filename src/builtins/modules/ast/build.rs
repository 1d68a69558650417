//! The objects of a syntax tree: what `compile(source, ..., PyCF_ONLY_AST)` gives.

use crate::compile::tree::{Field, Node};
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::sequence::List;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::{R, Vm};

const PLACE: [&str; 4] = ["lineno", "col_offset", "end_lineno", "end_col_offset"];

/// The object of a tree.
pub fn build(vm: &mut Vm, tree: &Node) -> R {
    let name = vm.intern("_ast");
    let module = vm.import_module(&name)?;
    match module.downcast::<Module>() {
        Some(module) => Builder { names: module.dict.clone() }.node(vm, tree),
        None => Err(vm.type_error("the module _ast is not the native one")),
    }
}

struct Builder {
    names: Ref<Dict>,
}

impl Builder {
    fn node(&self, vm: &mut Vm, node: &Node) -> R {
        vm.check_stack(" during ast construction")?;
        let Some(class) = self.names.get_str(&vm.intern(&node.kind)) else {
            return Err(vm.system_error(format!("no class of nodes '{}'", node.kind)));
        };
        if node.fields.is_empty() && node.place.is_none() {
            return self.singleton(vm, &class);
        }
        let Some(class) = class.downcast::<Type>().cloned() else {
            return Err(vm.system_error("a class of nodes is none"));
        };
        let o = vm.new_instance(&class);
        for (name, field) in &node.fields {
            let v = self.field(vm, field)?;
            vm.instance_set(&o, &vm.intern(name), v);
        }
        for (name, n) in PLACE.iter().zip(node.place.iter().flatten()) {
            vm.instance_set(&o, &vm.intern(name), Value::int_unchecked(i64::from(*n)));
        }
        Ok(o)
    }

    /// The one object of an operator or context, which the class keeps.
    fn singleton(&self, vm: &mut Vm, class: &Value) -> R {
        let Some(t) = class.downcast::<Type>() else {
            return Err(vm.system_error("a class of nodes is none"));
        };
        if let Some(v) = vm.native.ast_singletons.get(&t.to_value().bits()) {
            return Ok(v.clone());
        }
        let v = vm.new_instance(t);
        vm.native.ast_singletons.insert(t.to_value().bits(), v.clone());
        Ok(v)
    }

    fn field(&self, vm: &mut Vm, field: &Field) -> R {
        Ok(match field {
            Field::None => Value::NONE,
            Field::Node(node) => return self.node(vm, node),
            Field::List(items) => {
                let mut all = Vec::with_capacity(items.len());
                for item in items {
                    all.push(self.field(vm, item)?);
                }
                List::new(&vm.heap, all).into()
            }
            Field::Text(text) => vm.intern(text).into(),
            Field::Int(n) => Value::int_unchecked(*n),
            Field::Constant(c) => return vm.constant_value(c),
        })
    }
}
