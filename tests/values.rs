//! Operators, methods and formatting of int, float, bool, str and bytes, against results that CPython gave.
//!
//! `tests/golden/values.txt` holds an expression and its result on each line; its first line says how it is made.  A small
//! evaluator of expressions drives the protocols directly, without the compiler and the loop.

mod support;

use execmon::code::{BinaryOp, CompareOp, UnaryOp};
use execmon::object::dict::Dict;
use execmon::object::function::Native;
use execmon::object::number::Float;
use execmon::object::sequence::{Bytes, List, Slice, Tuple};
use execmon::object::str::Str;
use execmon::object::types::Type;
use execmon::object::value::Value;
use execmon::vm::{Args, R, Vm};
use ruff_python_ast::{self as ast, Expr, Number, Operator};

fn new_vm() -> Box<Vm> {
    let mut vm = Vm::new(std::rc::Rc::new(execmon::vm::output::ProcessOutput));
    execmon::builtins::install_all(&mut vm);
    vm
}

fn text(vm: &Vm, s: &str) -> Value {
    Str::new(&vm.heap, s).into()
}

fn all(vm: &mut Vm, items: &[Expr]) -> R<Vec<Value>> {
    items.iter().map(|e| eval(vm, e)).collect()
}

/// Calls a method of the class of `o`, or of `o` where that is a class.
fn call_method(vm: &mut Vm, o: &Value, name: &str, call: Option<&ast::Arguments>) -> R {
    let name = vm.intern(name);
    let (class, receiver) = match o.downcast::<Type>() {
        Some(t) => (t.clone(), None),
        None => (o.class(&vm.heap).clone(), Some(o.clone())),
    };
    let Some(method) = class.lookup(&name) else {
        return Err(vm.attribute_error_text(format!("no attribute {name}")));
    };
    let native = method.downcast::<Native>().expect("built-in methods are native").clone();
    let mut pos: Vec<Value> = receiver.into_iter().collect();
    if native.ty().is(&vm.types().classmethod_descriptor) {
        pos = vec![class.to_value()];
    } else if native.ty().is(&vm.types().builtin_function) {
        pos.clear();
    }
    if native.ty().is(&vm.types().getset_descriptor) {
        return vm.call_native(&native, Args::positional(&pos));
    }
    let Some(call) = call else { panic!("{name} is no data attribute") };
    pos.extend(all(vm, &call.args)?);
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for k in &call.keywords {
        names.push(vm.intern(k.arg.as_ref().map_or("", |a| a.as_str())).to_value());
        values.push(eval(vm, &k.value)?);
    }
    vm.call_native(&native, Args { pos: &pos, names: &names, values: &values })
}

fn call_function(vm: &mut Vm, name: &str, call: &ast::Arguments) -> R {
    let class = vm.types().all().into_iter().find(|t| t.name_str() == name).cloned();
    if let Some(class) = class {
        let mut pos = vec![class.to_value()];
        pos.extend(all(vm, &call.args)?);
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for k in &call.keywords {
            names.push(vm.intern(k.arg.as_ref().map_or("", |a| a.as_str())).to_value());
            values.push(eval(vm, &k.value)?);
        }
        let new = class.lookup(&vm.intern("__new__")).expect("every class has __new__");
        let native = new.downcast::<Native>().expect("of built-in classes").clone();
        return vm.call_native(&native, Args { pos: &pos, names: &names, values: &values });
    }
    let a = all(vm, &call.args)?;
    match (name, &a[..]) {
        ("format", [v, spec]) => {
            let spec = spec.downcast::<Str>().expect("a spec is a str").clone();
            Ok(vm.format(v, &spec)?.into())
        }
        ("divmod", [x, y]) => vm.divmod(x, y),
        ("pow", [x, y]) => vm.binary(BinaryOp::Pow, x, y),
        ("pow", [x, y, z]) => vm.pow3(x, y, z),
        ("len", [x]) => Ok(Value::from_len(vm.len(x)?)),
        ("repr", [x]) => Ok(vm.repr(x)?.into()),
        ("ascii", [x]) => Ok(vm.ascii(x)?.into()),
        ("round", _) => {
            let name = vm.intern("__round__");
            let native = a[0].class(&vm.heap).lookup(&name).expect("a number").downcast::<Native>().unwrap().clone();
            vm.call_native(&native, Args::positional(&a))
        }
        _ => panic!("no function {name}"),
    }
}

fn binary_op(op: Operator) -> BinaryOp {
    match op {
        Operator::Add => BinaryOp::Add,
        Operator::Sub => BinaryOp::Sub,
        Operator::Mult => BinaryOp::Mul,
        Operator::MatMult => BinaryOp::MatMul,
        Operator::Div => BinaryOp::TrueDiv,
        Operator::Mod => BinaryOp::Mod,
        Operator::Pow => BinaryOp::Pow,
        Operator::LShift => BinaryOp::LShift,
        Operator::RShift => BinaryOp::RShift,
        Operator::BitOr => BinaryOp::Or,
        Operator::BitXor => BinaryOp::Xor,
        Operator::BitAnd => BinaryOp::And,
        Operator::FloorDiv => BinaryOp::FloorDiv,
    }
}

fn eval(vm: &mut Vm, e: &Expr) -> R {
    match e {
        Expr::NumberLiteral(n) => Ok(match &n.value {
            Number::Int(i) => {
                let shown = text(vm, "");
                return vm.parse_int_text(&i.to_string(), 0, &shown);
            }
            Number::Float(f) => Float::value(&vm.heap, *f),
            Number::Complex { .. } => panic!("there is no complex"),
        }),
        Expr::StringLiteral(s) => Ok(text(vm, s.value.to_str())),
        Expr::BytesLiteral(b) => Ok(Bytes::new(&vm.heap, b.value.bytes().collect::<Vec<u8>>()).into()),
        Expr::BooleanLiteral(b) => Ok(Value::bool(b.value)),
        Expr::NoneLiteral(_) => Ok(Value::NONE),
        Expr::Tuple(t) => {
            let items = all(vm, &t.elts)?;
            Ok(Tuple::new(&vm.heap, items).into())
        }
        Expr::List(l) => {
            let items = all(vm, &l.elts)?;
            Ok(List::new(&vm.heap, items).into())
        }
        Expr::Dict(d) => {
            let dict = Dict::new(&vm.heap);
            for item in &d.items {
                let key = eval(vm, item.key.as_ref().expect("no ** here"))?;
                let value = eval(vm, &item.value)?;
                vm.dict_set(&dict, key, value)?;
            }
            Ok(dict.into())
        }
        Expr::Name(n) => {
            let class = vm.types().all().into_iter().find(|t| t.name_str() == n.id.as_str()).cloned();
            Ok(class.unwrap_or_else(|| panic!("no name {}", n.id)).into())
        }
        Expr::BinOp(b) => {
            let (x, y) = (eval(vm, &b.left)?, eval(vm, &b.right)?);
            vm.binary(binary_op(b.op), &x, &y)
        }
        Expr::UnaryOp(u) => {
            let x = eval(vm, &u.operand)?;
            match u.op {
                ast::UnaryOp::USub => vm.unary(UnaryOp::Neg, &x),
                ast::UnaryOp::UAdd => vm.unary(UnaryOp::Pos, &x),
                ast::UnaryOp::Invert => vm.unary(UnaryOp::Invert, &x),
                ast::UnaryOp::Not => Ok(Value::bool(!vm.truth(&x)?)),
            }
        }
        Expr::Compare(c) => {
            let (x, y) = (eval(vm, &c.left)?, eval(vm, &c.comparators[0])?);
            let op = match c.ops[0] {
                ast::CmpOp::Eq => CompareOp::Eq,
                ast::CmpOp::NotEq => CompareOp::Ne,
                ast::CmpOp::Lt => CompareOp::Lt,
                ast::CmpOp::LtE => CompareOp::Le,
                ast::CmpOp::Gt => CompareOp::Gt,
                ast::CmpOp::GtE => CompareOp::Ge,
                ast::CmpOp::In => return Ok(Value::bool(vm.contains(&y, &x)?)),
                _ => panic!("no such comparison here"),
            };
            vm.compare(op, &x, &y)
        }
        Expr::Subscript(s) => {
            let (o, k) = (eval(vm, &s.value)?, eval(vm, &s.slice)?);
            vm.get_item(&o, &k)
        }
        Expr::Slice(s) => {
            let mut part = |p: &Option<Box<Expr>>| p.as_ref().map_or(Ok(Value::NONE), |e| eval(vm, e));
            let (start, stop, step) = (part(&s.lower)?, part(&s.upper)?, part(&s.step)?);
            Ok(vm.heap.alloc(&vm.types().slice, Slice { start, stop, step }).into())
        }
        Expr::Attribute(a) => {
            let o = eval(vm, &a.value)?;
            call_method(vm, &o, a.attr.as_str(), None)
        }
        Expr::Call(c) => match &*c.func {
            Expr::Attribute(a) => {
                let o = eval(vm, &a.value)?;
                call_method(vm, &o, a.attr.as_str(), Some(&c.arguments))
            }
            Expr::Name(n) => call_function(vm, n.id.as_str(), &c.arguments),
            _ => panic!("no such call here"),
        },
        _ => panic!("no such expression here: {e:?}"),
    }
}

/// `ascii()` of the result, or the class and the words of the exception.
fn result(vm: &mut Vm, source: &str) -> String {
    let parsed = ruff_python_parser::parse_expression(source).expect("the golden file holds expressions");
    let shown = match eval(vm, &parsed.syntax().body) {
        Ok(v) => return vm.ascii(&v).map(|s| s.to_string()).unwrap_or_default(),
        Err(e) => e.0,
    };
    let class = shown.class(&vm.heap).name_str();
    let args = shown.downcast::<execmon::object::exception::Exception>().expect("an exception").args.get();
    // The words of a Unicode error are made from its arguments by its `__str__`, which is not tested here.
    let message = match &args[..] {
        [one] => vm.ascii(one).map(|s| s.to_string()).unwrap_or_default(),
        _ => vm.ascii(args.as_value()).map(|s| s.to_string()).unwrap_or_default(),
    };
    format!("{class}: {message}")
}

/// Expressions whose results differ from the recording, and why.
const KNOWN: &[(&str, &str)] = &[("bytes.fromhex(b'00')", "3.14 takes bytes-like objects")];

#[test]
fn results_are_those_of_cpython() {
    let golden = include_str!("golden/values.txt");
    let mut vm = new_vm();
    let (mut wrong, mut lines) = (Vec::new(), 0);
    for line in golden.lines().skip(1) {
        let (source, want) = line.split_once('\t').expect("expression, tab, result");
        lines += 1;
        let want = support::wording::of_recording(want);
        let got = support::wording::of_ours(&result(&mut vm, source));
        let known = KNOWN.iter().any(|(known, _)| *known == source);
        if got == want && known {
            wrong.push(format!("{source}\n    is as recorded now: take it off the list of known differences"));
        }
        if got != want && !known {
            wrong.push(format!("{source}\n    want {want}\n    got  {got}"));
        }
    }
    assert!(lines > 900, "the golden file is cut short: {lines}");
    assert!(wrong.is_empty(), "{} of {lines} differ:\n{}", wrong.len(), wrong.join("\n"));
}
