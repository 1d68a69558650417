//! Operators with one and two operands, `pow` with three, and the order in which classes are asked.

mod complex;
mod containers;
mod convert;
mod float;
mod int;
mod sequence;

use crate::code::{BinaryOp, UnaryOp};
use crate::object::buffer::ByteArray;
use crate::object::complex::Complex;
use crate::object::function::Native;
use crate::object::header::{Kind, Ref};
use crate::object::number::Int;
use crate::object::str::Str;
use crate::object::types::{Type, type_flags};
use crate::object::value::Value;
use crate::vm::{R, Vm};

pub use containers::{ContainerOperator, ContainerOperators};
pub use float::{divmod_f64, int_to_f64, pow_f64, round_f64};
pub use int::{divmod_big, int_pow_mod};

/// What the class of an operand has for an operator.
enum Slot {
    None,
    /// The code of a built-in class: `direct` serves it.
    Builtin,
    /// A method made by Python code, or any other object.
    Python(Value),
}

fn slot(class: &Ref<Type>, name: &Ref<Str>) -> Slot {
    match class.lookup(name) {
        None => Slot::None,
        Some(found) => {
            // That of another built-in class is called all the same, and refuses the operand.
            let is_own = |owner: &Ref<Type>| !owner.has(type_flags::HEAP) && class.is_subclass(owner);
            let builtin =
                found.downcast::<Native>().is_some_and(|n| n.owner.as_ref().is_some_and(is_own) && n.is_named(name));
            if builtin { Slot::Builtin } else { Slot::Python(found) }
        }
    }
}

/// Whether [`Vm::binary_direct`] knows the kind.
fn is_direct(v: &Value) -> bool {
    use Kind::*;
    v.as_int().is_some()
        || v.as_float().is_some()
        || matches!(v.kind(), Some(Str | Bytes | List | Tuple | Dict | Set))
        || v.kind() == Some(Opaque) && (v.as_complex().is_some() || v.opaque::<ByteArray>().is_some())
}

fn is_heap_class(vm: &Vm, v: &Value) -> bool {
    v.class(&vm.heap).has(type_flags::HEAP)
}

impl Vm {
    /// The binary operator on operands that are looked at by kind alone: None where the kinds do not define it.  No
    /// special method of a Python class is asked (the operands of `%` of a str excepted).
    pub fn binary_direct(&mut self, op: BinaryOp, a: &Value, b: &Value) -> R<Option<Value>> {
        if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
            if let (Some(x), Some(y)) = (a.as_bool(), b.as_bool()) {
                match op {
                    BinaryOp::And => return Ok(Some(Value::bool(x & y))),
                    BinaryOp::Or => return Ok(Some(Value::bool(x | y))),
                    BinaryOp::Xor => return Ok(Some(Value::bool(x ^ y))),
                    _ => {}
                }
            }
            return self.int_binary(op, x, y);
        }
        if let Some(x) = a.as_float() {
            if let Some(y) = b.as_float() {
                return self.float_binary(op, x, y);
            }
            if let Some(y) = b.as_int() {
                if !float::is_float_op(op) {
                    return Ok(None);
                }
                let y = self.int_as_float(&y)?;
                return self.float_binary(op, x, y);
            }
        } else if let (Some(x), Some(y)) = (a.as_int(), b.as_float()) {
            if !float::is_float_op(op) {
                return Ok(None);
            }
            let x = self.int_as_float(&x)?;
            return self.float_binary(op, x, y);
        }
        if let Some(v) = self.complex_binary(op, a, b)? {
            return Ok(Some(v));
        }
        if let Some(v) = self.sequence_binary(op, a, b)? {
            return Ok(Some(v));
        }
        let v = match op {
            BinaryOp::Or | BinaryOp::And | BinaryOp::Xor | BinaryOp::Sub => self.container_binary(op, a, b)?,
            _ => return Ok(None),
        };
        Ok(Some(v).filter(|v| !v.is_not_implemented()))
    }

    /// `a op b`.
    pub fn binary(&mut self, op: BinaryOp, a: &Value, b: &Value) -> R {
        if let (Some(x), Some(y)) = (a.as_small_int(), b.as_small_int())
            && let Some(v) = int::small_binary(op, x, y)
        {
            return Ok(v);
        }
        match self.binary_opt(op, a, b)? {
            Some(v) => Ok(v),
            None => Err(self.operand_error(op, op.symbol(), a, b)),
        }
    }

    /// `a op b`, None where both classes answer NotImplemented.
    fn binary_opt(&mut self, op: BinaryOp, a: &Value, b: &Value) -> R<Option<Value>> {
        if !is_heap_class(self, a) && !is_heap_class(self, b) {
            if let Some(v) = self.binary_direct(op, a, b)? {
                return Ok(Some(v));
            }
            // Built-in classes without code by kind (`int | None` of classes, `mappingproxy`, ...).
            return self.operator_slots(op, a, b, false, false);
        }
        self.operator_slots(op, a, b, true, false)
    }

    /// `a op b`, or `a op= b`, where the method of the class of `a` has answered NotImplemented.
    pub(in crate::vm) fn binary_after_left(&mut self, op: BinaryOp, a: &Value, b: &Value, in_place: bool) -> R {
        match self.operator_slots(op, a, b, true, true)? {
            Some(v) => Ok(v),
            None if in_place => Err(self.operand_error(op, &format!("{}=", op.symbol()), a, b)),
            None => Err(self.operand_error(op, op.symbol(), a, b)),
        }
    }

    /// `a op= b` where the method for that of the class of `a` has answered NotImplemented.
    pub(in crate::vm) fn binary_after_inplace(&mut self, op: BinaryOp, a: &Value, b: &Value) -> R {
        match self.binary_opt(op, a, b)? {
            Some(v) => Ok(v),
            None => Err(self.operand_error(op, &format!("{}=", op.symbol()), a, b)),
        }
    }

    /// [`Vm::binary_slots`] of an operator.
    fn operator_slots(
        &mut self,
        op: BinaryOp,
        a: &Value,
        b: &Value,
        direct: bool,
        left_done: bool,
    ) -> R<Option<Value>> {
        let [method, reflected, _] = self.operator_names(op);
        let (method, reflected) = (method.clone(), reflected.clone());
        let by_kind = |vm: &mut Vm| vm.binary_direct(op, a, b);
        match self.binary_slots(method, reflected, [a, b], direct.then_some(by_kind), left_done)? {
            None if op == BinaryOp::Mul => self.repeat_by_index(a, b),
            found => Ok(found),
        }
    }

    /// Asks the classes: the right operand first where its class is a subclass that overrides the reflected method, the
    /// left one unless it was asked before (`left_done`).  `by_kind` serves what built-in classes define.
    fn binary_slots(
        &mut self,
        method: Ref<Str>,
        reflected: Ref<Str>,
        [a, b]: [&Value; 2],
        by_kind: Option<impl FnOnce(&mut Vm) -> R<Option<Value>>>,
        left_done: bool,
    ) -> R<Option<Value>> {
        let (ca, cb) = (a.class(&self.heap).clone(), b.class(&self.heap).clone());
        let left = slot(&ca, &method);
        let right = if ca.is(&cb) { Slot::None } else { slot(&cb, &reflected) };
        let mut right_done = false;
        if !left_done
            && let Slot::Python(r) = &right
            && cb.is_subclass(&ca)
            && ca.lookup(&reflected).is_none_or(|l| !l.is(r))
        {
            right_done = true;
            if let Some(v) = self.ask_found(r, b, &reflected, a)? {
                return Ok(Some(v));
            }
        }
        let mut by_kind = by_kind;
        for (slot, done, receiver, name, other) in
            [(left, left_done, a, &method, b), (right, right_done, b, &reflected, a)]
        {
            let found = match slot {
                Slot::Python(f) if !done => self.ask_found(&f, receiver, name, other)?,
                _ if done => None,
                Slot::Builtin if !is_direct(receiver) => self.ask(receiver, name, other)?,
                Slot::Builtin => match by_kind.take() {
                    Some(by_kind) => by_kind(self)?,
                    None => None,
                },
                _ => None,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The names of the methods of an operator: plain, reflected, in place.
    pub(in crate::vm) fn operator_names(&mut self, op: BinaryOp) -> &[Ref<Str>; 3] {
        if self.native.operator_names.is_empty() {
            let names = |op: &BinaryOp| [op.method(), op.reflected(), op.inplace()].map(|name| self.intern(name));
            self.native.operator_names = BinaryOp::ALL.iter().map(names).collect();
        }
        &self.native.operator_names[op as usize]
    }

    /// Calls a special method; NotImplemented is None.
    fn ask(&mut self, receiver: &Value, name: &Ref<Str>, other: &Value) -> R<Option<Value>> {
        let answer = self.call_special(receiver, name, std::slice::from_ref(other))?;
        Ok(answer.filter(|v| !v.is_not_implemented()))
    }

    /// The same where the class's attribute has been found.
    fn ask_found(&mut self, found: &Value, receiver: &Value, name: &Ref<Str>, other: &Value) -> R<Option<Value>> {
        if found.kind() != Some(Kind::Function) {
            return self.ask(receiver, name, other);
        }
        let answer = self.call_slot(found, &[receiver.clone(), other.clone()])?;
        Ok(Some(answer).filter(|v| !v.is_not_implemented()))
    }

    /// `a op= b`: the value to store.
    pub fn inplace(&mut self, op: BinaryOp, a: &Value, b: &Value) -> R {
        if let (Some(x), Some(y)) = (a.as_small_int(), b.as_small_int())
            && let Some(v) = int::small_binary(op, x, y)
        {
            return Ok(v);
        }
        let class = a.class(&self.heap).clone();
        let is_changeless = !a.is_heap()
            || matches!(a.kind(), Some(Kind::Str | Kind::Bytes | Kind::Tuple | Kind::BigInt | Kind::Float));
        if is_changeless && !class.has(type_flags::HEAP | type_flags::IMMUTABLE) {
            return match self.binary_opt(op, a, b)? {
                Some(v) => Ok(v),
                None => Err(self.operand_error(op, &format!("{}=", op.symbol()), a, b)),
            };
        }
        let name = self.operator_names(op)[2].clone();
        match slot(&class, &name) {
            Slot::Python(f) => {
                if let Some(v) = self.ask_found(&f, a, &name, b)? {
                    return Ok(v);
                }
            }
            Slot::Builtin if a.kind() == Some(Kind::Opaque) => {
                if let Some(v) = self.ask(a, &name, b)? {
                    return Ok(v);
                }
            }
            Slot::Builtin => {
                let v = self.container_inplace(op, a, b)?;
                if !v.is_not_implemented() {
                    return Ok(v);
                }
            }
            Slot::None => {}
        }
        self.binary_after_inplace(op, a, b)
    }

    /// `-a`, `+a`, `~a`.
    pub fn unary(&mut self, op: UnaryOp, a: &Value) -> R {
        let names = &self.types().names;
        let name = match op {
            UnaryOp::Neg => &names.__neg__,
            UnaryOp::Pos => &names.__pos__,
            UnaryOp::Invert => &names.__invert__,
        }
        .clone();
        if is_heap_class(self, a) {
            let class = a.class(&self.heap).clone();
            match slot(&class, &name) {
                Slot::Python(_) => {
                    if let Some(v) = self.call_special(a, &name, &[])? {
                        return Ok(v);
                    }
                }
                Slot::Builtin => {
                    if let Some(v) = self.unary_direct(op, a)? {
                        return Ok(v);
                    }
                }
                Slot::None => {}
            }
        } else if let Some(v) = self.unary_direct(op, a)? {
            return Ok(v);
        } else {
            if a.class(&self.heap).lookup(&name).is_some()
                && !is_direct(a)
                && let Some(v) = self.call_special(a, &name, &[])?
            {
                return Ok(v);
            }
        }
        let class = a.class(&self.heap).name_str();
        Err(self.type_error(format!("bad operand type for unary {}: '{class}'", op.symbol())))
    }

    /// The unary operator by kind; None where the kind does not define it.
    pub fn unary_direct(&mut self, op: UnaryOp, a: &Value) -> R<Option<Value>> {
        use crate::object::number::{BigInt, Float};
        if let Some(x) = a.as_int() {
            let v = match (op, x) {
                (UnaryOp::Neg, Int::Small(i)) => BigInt::from_i128(&self.heap, -(i as i128)),
                (UnaryOp::Pos, Int::Small(i)) => BigInt::from_i64(&self.heap, i),
                (UnaryOp::Invert, Int::Small(i)) => BigInt::from_i64(&self.heap, !i),
                (UnaryOp::Neg, Int::Big(b)) => BigInt::value(&self.heap, -b),
                (UnaryOp::Pos, Int::Big(b)) => BigInt::value(&self.heap, b.clone()),
                (UnaryOp::Invert, Int::Big(b)) => BigInt::value(&self.heap, !b.clone()),
            };
            return Ok(Some(v));
        }
        if let Some(x) = a.as_float() {
            return Ok(match op {
                UnaryOp::Neg => Some(Float::value(&self.heap, -x)),
                UnaryOp::Pos => Some(Float::value(&self.heap, x)),
                UnaryOp::Invert => None,
            });
        }
        if let Some(z) = a.as_complex() {
            return Ok(match op {
                UnaryOp::Neg => Some(Complex::value(&self.heap, Complex { re: -z.re, im: -z.im })),
                UnaryOp::Pos => Some(Complex::value(&self.heap, z)),
                UnaryOp::Invert => None,
            });
        }
        Ok(None)
    }

    /// `pow(a, b, m)` with a modulus.
    pub fn pow3(&mut self, a: &Value, b: &Value, m: &Value) -> R {
        if m.is_none() {
            return self.binary(BinaryOp::Pow, a, b);
        }
        let name = self.types().names.__pow__.clone();
        let class = a.class(&self.heap).clone();
        if let Slot::Python(_) = slot(&class, &name)
            && let Some(v) = self.call_special(a, &name, &[b.clone(), m.clone()])?
            && !v.is_not_implemented()
        {
            return Ok(v);
        }
        if let Some(r) = self.pow3_direct(a, b, m)? {
            return Ok(r);
        }
        if [a, b, m].iter().any(|v| v.as_complex().is_some()) {
            return Err(self.value_error("complex modulo"));
        }
        let numeric = |v: &Value| v.as_int().is_some() || v.as_float().is_some();
        if numeric(a) && numeric(b) && numeric(m) {
            return Err(self.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
        }
        let name = |v: &Value| v.class(&self.heap).name_str();
        let text = format!("unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'", name(a), name(b), name(m));
        Err(self.type_error(text))
    }

    /// `pow(a, b, m)` of three ints, whatever a subclass says; None for others.
    pub fn pow3_direct(&mut self, a: &Value, b: &Value, m: &Value) -> R<Option<Value>> {
        let (Some(x), Some(y), Some(z)) = (a.as_int(), b.as_int(), m.as_int()) else { return Ok(None) };
        int_pow_mod(self, &x.to_big(), &y.to_big(), &z.to_big()).map(Some)
    }

    /// `divmod(a, b)` by kind; None where the kinds do not define it.
    pub fn divmod_direct(&mut self, a: &Value, b: &Value) -> R<Option<Value>> {
        use crate::object::number::Float;
        use crate::object::sequence::Tuple;
        let pair = if let (Some(_), Some(_)) = (a.as_int(), b.as_int()) {
            let q = self.binary_direct(BinaryOp::FloorDiv, a, b)?;
            let r = self.binary_direct(BinaryOp::Mod, a, b)?;
            match (q, r) {
                (Some(q), Some(r)) => [q, r],
                _ => return Ok(None),
            }
        } else {
            let (Some(x), Some(y)) = (self.number_as_float(a)?, self.number_as_float(b)?) else { return Ok(None) };
            if y == 0.0 {
                return Err(self.zero_division_error("division by zero"));
            }
            let (q, r) = divmod_f64(x, y);
            [Float::value(&self.heap, q), Float::value(&self.heap, r)]
        };
        Ok(Some(Tuple::new(&self.heap, pair).into()))
    }

    /// `divmod(a, b)`.
    pub fn divmod(&mut self, a: &Value, b: &Value) -> R {
        let names = &self.types().names;
        let (method, reflected) = (names.__divmod__.clone(), names.__rdivmod__.clone());
        let mut found = None;
        let plain = !is_heap_class(self, a) && !is_heap_class(self, b);
        if plain {
            found = self.divmod_direct(a, b)?;
        }
        if found.is_none() {
            let by_kind = |vm: &mut Vm| vm.divmod_direct(a, b);
            found = self.binary_slots(method, reflected, [a, b], (!plain).then_some(by_kind), false)?;
        }
        match found {
            Some(v) => Ok(v),
            None => {
                let (ca, cb) = (self.class_name(a), self.class_name(b));
                Err(self.type_error(format!("unsupported operand type(s) for divmod(): '{ca}' and '{cb}'")))
            }
        }
    }

    /// The float of an int, or OverflowError.
    pub fn int_as_float(&mut self, i: &Int<'_>) -> R<f64> {
        match int_to_f64(i) {
            Some(f) => Ok(f),
            None => Err(self.overflow_error("int too large to convert to float")),
        }
    }

    /// The float of an int or float (or an instance of a subclass); None for anything else.
    pub fn number_as_float(&mut self, v: &Value) -> R<Option<f64>> {
        if let Some(f) = v.as_float() {
            return Ok(Some(f));
        }
        match v.as_int() {
            Some(i) => self.int_as_float(&i).map(Some),
            None => Ok(None),
        }
    }

    /// The TypeError of an operator that neither operand implements, in the words of the left operand's class.
    #[cold]
    pub fn operand_error(&mut self, op: BinaryOp, symbol: &str, a: &Value, b: &Value) -> crate::vm::Exc {
        let (na, nb) = (a.class(&self.heap).name_str(), b.class(&self.heap).name_str());
        let is_seq = sequence::is_sequence;
        let text = match (op, a.kind()) {
            (BinaryOp::Add, Some(Kind::Bytes)) => format!("can't concat {nb} to bytes"),
            (BinaryOp::Add, Some(Kind::Opaque)) if a.opaque::<ByteArray>().is_some() => {
                format!("can't concat {nb} to bytearray")
            }
            (BinaryOp::Add, Some(k @ (Kind::Str | Kind::List | Kind::Tuple))) => {
                let kind = match k {
                    Kind::Str => "str",
                    Kind::List => "list",
                    _ => "tuple",
                };
                format!("can only concatenate {kind} (not \"{nb}\") to {kind}")
            }
            (BinaryOp::Mul, _) if is_seq(a) => format!("can't multiply sequence by non-int of type '{nb}'"),
            (BinaryOp::Mul, _) if is_seq(b) => format!("can't multiply sequence by non-int of type '{na}'"),
            (BinaryOp::Pow, _) => {
                let symbol = if symbol == "**" { "** or pow()" } else { symbol };
                format!("unsupported operand type(s) for {symbol}: '{na}' and '{nb}'")
            }
            (BinaryOp::RShift, Some(Kind::Native)) if na == "builtin_function_or_method" && symbol == ">>" => {
                let print = a.downcast::<Native>().is_some_and(|n| n.def.name == "print");
                let hint = if print { ". Did you mean \"print(<message>, file=<output_stream>)\"?" } else { "" };
                format!("unsupported operand type(s) for >>: '{na}' and '{nb}'{hint}")
            }
            _ => format!("unsupported operand type(s) for {symbol}: '{na}' and '{nb}'"),
        };
        self.type_error(text)
    }
}
