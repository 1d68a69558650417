//! The operators of containers by kind: what `vm/protocol/number` asks after numbers, strs and bytes.

use super::dict::{self, views};
use super::{list, set, tuple};
use crate::code::operators::BinaryOp;
use crate::object::dict::Dict;
use crate::object::header::Kind;
use crate::object::sequence::{List, Tuple, drop_backwards};
use crate::object::value::Value;
use crate::vm::protocol::dict_view;
use crate::vm::protocol::number::ContainerOperators;
use crate::vm::{R, Vm};

pub fn install(vm: &mut Vm) {
    vm.container_operators = ContainerOperators { binary, inplace };
}

/// `a op b` where `a` or `b` is a list, tuple, set, dict or view; NotImplemented where these have no such operator.
/// Subclasses are the caller's affair.
fn binary(vm: &mut Vm, op: BinaryOp, a: &Value, b: &Value) -> R {
    match (op, a.kind()) {
        (BinaryOp::Add, Some(Kind::List)) => match a.downcast::<List>() {
            Some(l) => list::concat(vm, l, b),
            None => Ok(Value::NOT_IMPLEMENTED),
        },
        (BinaryOp::Add, Some(Kind::Tuple)) => match a.downcast::<Tuple>() {
            Some(t) => tuple::concat(vm, t, b),
            None => Ok(Value::NOT_IMPLEMENTED),
        },
        (BinaryOp::Mul, Some(Kind::List | Kind::Tuple)) => repeat_sequence(vm, a, b),
        (BinaryOp::Mul, _) if matches!(b.kind(), Some(Kind::List | Kind::Tuple)) => repeat_sequence(vm, b, a),
        (BinaryOp::Or | BinaryOp::And | BinaryOp::Xor | BinaryOp::Sub, _) => {
            if dict_view::is_set_view(a) || dict_view::is_set_view(b) {
                return views::binary(vm, op, a, b);
            }
            match a.kind() {
                Some(Kind::Set) => set::binary(vm, op, a, b),
                Some(Kind::Dict) if op == BinaryOp::Or => dict::methods::union(vm, a, b),
                _ => Ok(Value::NOT_IMPLEMENTED),
            }
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `a op= b`; NotImplemented where the container has no operator in place (then `a op b` is tried).
fn inplace(vm: &mut Vm, op: BinaryOp, a: &Value, b: &Value) -> R {
    match (op, a.kind()) {
        (BinaryOp::Add, Some(Kind::List)) => {
            if let Some(l) = a.downcast::<List>() {
                list::extend_with(vm, l, b)?;
            }
            Ok(a.clone())
        }
        (BinaryOp::Mul, Some(Kind::List)) => match (a.downcast::<List>(), list::repeat_count(vm, b)?) {
            (Some(l), Some(n)) => {
                let items = list::repeat(vm, &l.to_vec(), n)?;
                drop_backwards(l.edit(&vm.heap, |l| std::mem::replace(l, items)));
                Ok(a.clone())
            }
            _ => Ok(Value::NOT_IMPLEMENTED),
        },
        (BinaryOp::Or | BinaryOp::And | BinaryOp::Xor | BinaryOp::Sub, Some(Kind::Set)) => set::inplace(vm, op, a, b),
        (BinaryOp::Or, Some(Kind::Dict)) => {
            if let Some(d) = a.downcast::<Dict>() {
                dict::methods::update_from(vm, d, b)?;
            }
            Ok(a.clone())
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn repeat_sequence(vm: &mut Vm, s: &Value, n: &Value) -> R {
    let Some(times) = list::repeat_count(vm, n)? else {
        let name = vm.class_name(n);
        return Err(vm.type_error(format!("can't multiply sequence by non-int of type '{name}'")));
    };
    if let Some(t) = s.downcast::<Tuple>() {
        if times == 1 && t.ty().is(&vm.types().tuple) {
            return Ok(s.clone());
        }
        let items = list::repeat(vm, t, times)?;
        return Ok(Tuple::new(&vm.heap, items).into());
    }
    let items = s.downcast::<List>().map(|l| l.to_vec()).unwrap_or_default();
    let items = list::repeat(vm, &items, times)?;
    Ok(List::new(&vm.heap, items).into())
}
