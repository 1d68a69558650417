//! The operators of containers by kind: what `vm/protocol/number.rs` asks after numbers, strs and bytes.

use super::dict::{self, views};
use super::{list, set, tuple};
use crate::code::operators::BinaryOp;
use crate::object::dict::Dict;
use crate::object::header::Kind;
use crate::object::sequence::{List, Tuple};
use crate::object::value::Value;
use crate::vm::protocol::dict_view;
use crate::vm::{R, Vm};

impl Vm {
    /// `a op b` where `a` or `b` is a list, tuple, set, dict or view; NotImplemented where these have no such operator.
    /// Subclasses are the caller's affair.
    pub fn container_binary(&mut self, op: BinaryOp, a: &Value, b: &Value) -> R {
        match (op, a.kind()) {
            (BinaryOp::Add, Some(Kind::List)) => match a.downcast::<List>() {
                Some(l) => list::concat(self, l, b),
                None => Ok(Value::NOT_IMPLEMENTED),
            },
            (BinaryOp::Add, Some(Kind::Tuple)) => match a.downcast::<Tuple>() {
                Some(t) => tuple::concat(self, t, b),
                None => Ok(Value::NOT_IMPLEMENTED),
            },
            (BinaryOp::Mul, Some(Kind::List | Kind::Tuple)) => self.repeat_sequence(a, b),
            (BinaryOp::Mul, _) if matches!(b.kind(), Some(Kind::List | Kind::Tuple)) => self.repeat_sequence(b, a),
            (BinaryOp::Or | BinaryOp::And | BinaryOp::Xor | BinaryOp::Sub, _) => {
                if dict_view::is_set_view(a) || dict_view::is_set_view(b) {
                    return views::binary(self, op, a, b);
                }
                match a.kind() {
                    Some(Kind::Set) => set::binary(self, op, a, b),
                    Some(Kind::Dict) if op == BinaryOp::Or => dict::methods::union(self, a, b),
                    _ => Ok(Value::NOT_IMPLEMENTED),
                }
            }
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// `a op= b`; NotImplemented where the container has no operator in place (then `a op b` is tried).
    pub fn container_inplace(&mut self, op: BinaryOp, a: &Value, b: &Value) -> R {
        match (op, a.kind()) {
            (BinaryOp::Add, Some(Kind::List)) => {
                if let Some(l) = a.downcast::<List>() {
                    list::extend_with(self, l, b)?;
                }
                Ok(a.clone())
            }
            (BinaryOp::Mul, Some(Kind::List)) => match (a.downcast::<List>(), list::repeat_count(self, b)?) {
                (Some(l), Some(n)) => {
                    let items = l.to_vec();
                    let items = list::repeat(self, &items, n)?;
                    let old = l.edit(&self.heap, |l| std::mem::replace(l, items));
                    drop(old);
                    Ok(a.clone())
                }
                _ => Ok(Value::NOT_IMPLEMENTED),
            },
            (BinaryOp::Or | BinaryOp::And | BinaryOp::Xor | BinaryOp::Sub, Some(Kind::Set)) => {
                set::inplace(self, op, a, b)
            }
            (BinaryOp::Or, Some(Kind::Dict)) => {
                if let Some(d) = a.downcast::<Dict>() {
                    dict::methods::update_from(self, d, b)?;
                }
                Ok(a.clone())
            }
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    fn repeat_sequence(&mut self, s: &Value, n: &Value) -> R {
        let Some(times) = list::repeat_count(self, n)? else {
            let name = self.class_name(n);
            return Err(self.type_error(format!("can't multiply sequence by non-int of type '{name}'")));
        };
        if let Some(t) = s.downcast::<Tuple>() {
            if times == 1 && t.ty().is(&self.types().tuple) {
                return Ok(s.clone());
            }
            let items = list::repeat(self, t, times)?;
            return Ok(Tuple::new(&self.heap, items).into());
        }
        let items = s.downcast::<List>().map(|l| l.to_vec()).unwrap_or_default();
        let items = list::repeat(self, &items, times)?;
        Ok(List::new(&self.heap, items).into())
    }
}
