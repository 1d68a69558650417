//! `_operator`: the operators as functions.

mod getters;

use super::{add_class, new};
use crate::code::operators::{BinaryOp, CompareOp, UnaryOp};
use crate::object::dict::Dict;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::number::BigInt;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::{Args, R, Vm};

macro_rules! operators {
    ($($table:ident: $method:ident { $($name:literal $op:expr;)* })*) => {
        $(const $table: &[Def] = &[$(def($name, 2, 2, |vm, a| vm.$method($op, &a.pos[0], &a.pos[1]))),*];)*
    };
}

operators! {
    BINARY: binary {
        "add" BinaryOp::Add;
        "sub" BinaryOp::Sub;
        "mul" BinaryOp::Mul;
        "matmul" BinaryOp::MatMul;
        "truediv" BinaryOp::TrueDiv;
        "floordiv" BinaryOp::FloorDiv;
        "mod" BinaryOp::Mod;
        "pow" BinaryOp::Pow;
        "lshift" BinaryOp::LShift;
        "rshift" BinaryOp::RShift;
        "and_" BinaryOp::And;
        "or_" BinaryOp::Or;
        "xor" BinaryOp::Xor;
    }
    INPLACE: inplace {
        "iadd" BinaryOp::Add;
        "isub" BinaryOp::Sub;
        "imul" BinaryOp::Mul;
        "imatmul" BinaryOp::MatMul;
        "itruediv" BinaryOp::TrueDiv;
        "ifloordiv" BinaryOp::FloorDiv;
        "imod" BinaryOp::Mod;
        "ipow" BinaryOp::Pow;
        "ilshift" BinaryOp::LShift;
        "irshift" BinaryOp::RShift;
        "iand" BinaryOp::And;
        "ior" BinaryOp::Or;
        "ixor" BinaryOp::Xor;
    }
    COMPARE: compare {
        "lt" CompareOp::Lt;
        "le" CompareOp::Le;
        "eq" CompareOp::Eq;
        "ne" CompareOp::Ne;
        "gt" CompareOp::Gt;
        "ge" CompareOp::Ge;
    }
}

const OTHERS: &[Def] = &[
    def("abs", 1, 1, |vm, a| call_builtin(vm, "abs", a)),
    def("neg", 1, 1, |vm, a| vm.unary(UnaryOp::Neg, &a.pos[0])),
    def("pos", 1, 1, |vm, a| vm.unary(UnaryOp::Pos, &a.pos[0])),
    def("inv", 1, 1, |vm, a| vm.unary(UnaryOp::Invert, &a.pos[0])),
    def("invert", 1, 1, |vm, a| vm.unary(UnaryOp::Invert, &a.pos[0])),
    def("not_", 1, 1, |vm, a| Ok(Value::bool(!vm.truth(&a.pos[0])?))),
    def("truth", 1, 1, |vm, a| Ok(Value::bool(vm.truth(&a.pos[0])?))),
    def("is_", 2, 2, |_, a| Ok(Value::bool(a.pos[0].is(&a.pos[1])))),
    def("is_not", 2, 2, |_, a| Ok(Value::bool(!a.pos[0].is(&a.pos[1])))),
    def("is_none", 1, 1, |_, a| Ok(Value::bool(a.pos[0].is_none()))),
    def("is_not_none", 1, 1, |_, a| Ok(Value::bool(!a.pos[0].is_none()))),
    def("index", 1, 1, |vm, a| vm.index(&a.pos[0])),
    def("concat", 2, 2, |vm, a| concat(vm, a, false)),
    def("iconcat", 2, 2, |vm, a| concat(vm, a, true)),
    def("contains", 2, 2, |vm, a| Ok(Value::bool(vm.contains(&a.pos[0], &a.pos[1])?))),
    def("countOf", 2, 2, count_of),
    def("indexOf", 2, 2, index_of),
    def("getitem", 2, 2, |vm, a| vm.get_item(&a.pos[0], &a.pos[1])),
    def("setitem", 3, 3, |vm, a| vm.set_item(&a.pos[0], &a.pos[1], a.pos[2].clone()).map(|()| Value::NONE)),
    def("delitem", 2, 2, |vm, a| vm.del_item(&a.pos[0], &a.pos[1]).map(|()| Value::NONE)),
    def("length_hint", 1, 2, length_hint),
    def_kw("call", 0, ANY, call),
    def("_compare_digest", 2, 2, compare_digest),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_operator", &[]);
    for functions in [BINARY, INPLACE, COMPARE, OTHERS] {
        super::add_functions(vm, &m.dict, "_operator", functions);
    }
    for class in [&getters::ATTRGETTER, &getters::ITEMGETTER, &getters::METHODCALLER] {
        add_class(vm, &m, class);
    }
    Ok(m)
}

fn call_builtin(vm: &mut Vm, name: &str, a: Args<'_>) -> R {
    match vm.builtins.get_str(&vm.intern(name)) {
        Some(f) => vm.call(&f, a.pos),
        None => Err(vm.runtime_error("lost builtins")),
    }
}

/// `+` of sequences.
fn concat(vm: &mut Vm, a: Args<'_>, inplace: bool) -> R {
    let name = vm.types().names.__getitem__.clone();
    let v = &a.pos[0];
    if v.downcast::<Dict>().is_some() || v.class(&vm.heap).lookup(&name).is_none() {
        let got = vm.class_name(v);
        return Err(vm.type_error(format!("'{got}' object can't be concatenated")));
    }
    if inplace {
        vm.inplace(BinaryOp::Add, &a.pos[0], &a.pos[1])
    } else {
        vm.binary(BinaryOp::Add, &a.pos[0], &a.pos[1])
    }
}

fn not_iterable(vm: &mut Vm, v: &Value) -> R {
    match vm.iter_opt(v)? {
        Some(it) => Ok(it),
        None => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("argument of type '{got}' is not iterable")))
        }
    }
}

fn count_of(vm: &mut Vm, a: Args<'_>) -> R {
    let it = not_iterable(vm, &a.pos[0])?;
    let mut n = 0;
    while let Some(v) = vm.next(&it)? {
        n += usize::from(vm.eq_or_is(&v, &a.pos[1])?);
    }
    Ok(Value::from_len(n))
}

fn index_of(vm: &mut Vm, a: Args<'_>) -> R {
    let it = not_iterable(vm, &a.pos[0])?;
    let mut n = 0;
    while let Some(v) = vm.next(&it)? {
        if vm.eq_or_is(&v, &a.pos[1])? {
            return Ok(Value::from_len(n));
        }
        n += 1;
    }
    Err(vm.value_error("sequence.index(x): x not in sequence"))
}

fn length_hint(vm: &mut Vm, a: Args<'_>) -> R {
    let default = match a.get(1) {
        Some(v) => vm.index_i64(v)?,
        None => 0,
    };
    Ok(match vm.length_hint(&a.pos[0], usize::MAX)? {
        usize::MAX => BigInt::from_i64(&vm.heap, default),
        hint => BigInt::from_size(&vm.heap, hint),
    })
}

fn call(vm: &mut Vm, a: Args<'_>) -> R {
    match a.get(0) {
        Some(f) => vm.call_args(f, a.rest()),
        None => Err(vm.type_error("call expected at least 1 argument, got 0")),
    }
}

/// Compares without stopping at the first difference, so that the time tells nothing of where it is.
fn compare_digest(vm: &mut Vm, a: Args<'_>) -> R {
    const PARAMETERS: Signature<2> = signature("_compare_digest", ["", ""], 2);
    a.bind(vm, &PARAMETERS)?;
    let bytes = |v: &Value| v.downcast::<crate::object::sequence::Bytes>().map(|b| b.data.to_vec());
    let text = |v: &Value| v.downcast::<Str>().map(|s| s.as_ascii().map(|t| t.as_bytes().to_vec()));
    let (x, y) = match (text(&a.pos[0]), text(&a.pos[1])) {
        (Some(Some(x)), Some(Some(y))) => (x, y),
        (Some(_), Some(_)) => {
            return Err(vm.type_error("comparing strings with non-ASCII characters is not supported"));
        }
        _ => match (bytes(&a.pos[0]), bytes(&a.pos[1])) {
            (Some(x), Some(y)) => (x, y),
            _ => {
                let (x, y) = (vm.class_name(&a.pos[0]), vm.class_name(&a.pos[1]));
                return Err(
                    vm.type_error(format!("unsupported operand types(s) or combination of types: '{x}' and '{y}'"))
                );
            }
        },
    };
    let differences = x.iter().zip(&y).fold(x.len() ^ y.len(), |d, (p, q)| d | usize::from(p ^ q));
    Ok(Value::bool(differences == 0))
}
