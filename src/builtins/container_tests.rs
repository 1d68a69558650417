//! Containers against what CPython 3.13 gives: orders of sets, hashes, comparisons, texts.

use super::dict::methods as dicts;
use super::{install_all, set};
use crate::code::operators::{BinaryOp, CompareOp};
use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::number::{BigInt, Float};
use crate::object::sequence::{List, Slice, Tuple};
use crate::object::set::Set;
use crate::object::value::Value;
use crate::vm::native::typed;
use crate::vm::output::Capture;
use crate::vm::protocol::{list_slice, range};
use crate::vm::{Args, R, Vm};

fn vm() -> Box<Vm> {
    let mut vm = Vm::new(std::rc::Rc::new(Capture::default()));
    install_all(&mut vm);
    vm
}

fn ints(vm: &Vm, items: &[i64]) -> Value {
    List::new(&vm.heap, items.iter().map(|&i| BigInt::from_i64(&vm.heap, i)).collect()).into()
}

fn set_of(vm: &mut Vm, items: impl IntoIterator<Item = i64>) -> Ref<Set> {
    let items: Vec<i64> = items.into_iter().collect();
    let list = ints(vm, &items);
    let class = vm.types().set.clone();
    let s = Set::new(&vm.heap, &class);
    ok(vm, |vm| vm.set_update(&s, &list));
    s
}

/// The result, or a panic with the exception's text.
fn ok<T>(vm: &mut Vm, f: impl FnOnce(&mut Vm) -> R<T>) -> T {
    match f(vm) {
        Ok(v) => v,
        Err(e) => {
            let class = vm.class_name(&e.0);
            let text = vm.direct_repr(&e.0).map(|s| s.to_string()).unwrap_or_default();
            panic!("{class}: {text}")
        }
    }
}

/// The text of the exception that `f` raises.
fn error<T>(vm: &mut Vm, f: impl FnOnce(&mut Vm) -> R<T>) -> String {
    match f(vm) {
        Ok(_) => panic!("no exception"),
        Err(e) => {
            let class = vm.class_name(&e.0);
            let args = e.0.downcast::<crate::object::exception::Exception>().map(|e| e.args.get());
            let text = match args.as_deref().map(|a| a.first().cloned()) {
                Some(Some(first)) => ok(vm, |vm| vm.str(&first)).to_string(),
                _ => String::new(),
            };
            format!("{class}: {text}")
        }
    }
}

fn order(s: &Ref<Set>) -> Vec<i64> {
    s.items().iter().map(|(_, k)| k.as_int().and_then(|i| i.to_i64()).unwrap()).collect()
}

fn op(vm: &mut Vm, op: BinaryOp, a: &Ref<Set>, b: &Ref<Set>) -> Ref<Set> {
    ok(vm, |vm| set::binary(vm, op, a.as_value(), b.as_value())).downcast::<Set>().unwrap().clone()
}

fn repr(vm: &mut Vm, v: &Value) -> String {
    ok(vm, |vm| vm.repr(v)).to_string()
}

/// Calls a method of a built-in class.
fn method(vm: &mut Vm, v: &Value, name: &str, args: &[Value]) -> R {
    let name = vm.intern(name);
    let f = v.class(&vm.heap).lookup(&name).expect("the class has the method");
    let mut all = vec![v.clone()];
    all.extend_from_slice(args);
    vm.call_slot(&f, &all)
}

/// Calls a function of `builtins` or of a module.
fn function(vm: &mut Vm, from: &Ref<Dict>, name: &str, args: &[Value]) -> R {
    let f = from.get_str(&vm.intern(name)).expect("the function is there");
    let n = f.downcast::<crate::object::function::Native>().unwrap().clone();
    typed(n.def.entry)(vm, Args::positional(args))
}

#[test]
fn sets_iterate_in_cpythons_order() {
    let vm = &mut vm();
    let s = set_of(vm, [100, 3, 77, 1000, 64, 8, 16, 24, 32, 40, 48, 56]);
    let t = set_of(vm, [5, 1, 900, 33, 65, 97, 129]);
    assert_eq!(order(&s), [64, 32, 3, 100, 1000, 8, 40, 77, 16, 48, 24, 56]);
    assert_eq!(order(&t), [65, 1, 33, 900, 5, 97, 129]);
    assert_eq!(
        order(&op(vm, BinaryOp::Or, &s, &t)),
        [64, 65, 1, 3, 900, 5, 129, 8, 77, 16, 24, 32, 33, 97, 100, 1000, 40, 48, 56]
    );
    assert_eq!(
        order(&op(vm, BinaryOp::Or, &t, &s)),
        [64, 65, 1, 129, 900, 5, 3, 8, 77, 16, 24, 32, 33, 97, 100, 1000, 40, 48, 56]
    );
    assert_eq!(order(&op(vm, BinaryOp::Sub, &s, &t)), [64, 32, 3, 100, 1000, 8, 40, 77, 16, 48, 24, 56]);
    assert_eq!(
        order(&op(vm, BinaryOp::Xor, &s, &t)),
        [64, 65, 1, 129, 900, 5, 3, 8, 77, 16, 24, 32, 33, 97, 100, 1000, 40, 48, 56]
    );
    assert_eq!(
        order(&op(vm, BinaryOp::Xor, &t, &s)),
        [1, 129, 3, 900, 5, 8, 16, 24, 32, 33, 40, 48, 56, 64, 65, 77, 97, 100, 1000]
    );
    let u = op(vm, BinaryOp::And, &s, &s);
    assert_eq!(order(&u), order(&s), "a copy");
    for i in [3, 64, 16] {
        assert!(ok(vm, |vm| vm.set_remove(&u, &Value::int_unchecked(i))));
    }
    assert_eq!(order(&u), [32, 100, 1000, 8, 40, 77, 48, 24, 56]);
    for i in [11, 7, 200, 4096, 72] {
        ok(vm, |vm| vm.set_add(&u, Value::int_unchecked(i)));
    }
    assert_eq!(order(&u), [4096, 32, 100, 7, 1000, 8, 40, 11, 200, 77, 72, 48, 24, 56]);
    ok(vm, |vm| set::inplace(vm, BinaryOp::Sub, u.as_value(), t.as_value()));
    assert_eq!(order(&u), [4096, 32, 100, 7, 1000, 8, 40, 11, 200, 77, 72, 48, 24, 56]);
    ok(vm, |vm| set::inplace(vm, BinaryOp::Or, u.as_value(), t.as_value()));
    assert_eq!(order(&u), [4096, 65, 1, 129, 900, 5, 7, 8, 200, 72, 11, 77, 24, 32, 33, 97, 100, 1000, 40, 48, 56]);
}

#[test]
fn sets_keep_cpythons_order_through_pops_and_differences() {
    let vm = &mut vm();
    let v = set_of(vm, (0..30).map(|i| i * i));
    assert_eq!(
        order(&v),
        [
            0, 1, 256, 4, 9, 16, 144, 400, 529, 784, 25, 289, 36, 676, 169, 49, 441, 64, 576, 196, 324, 841, 81, 729,
            225, 100, 484, 361, 625, 121
        ]
    );
    let fours = set_of(vm, (0..500).step_by(4));
    ok(vm, |vm| set::inplace(vm, BinaryOp::And, v.as_value(), fours.as_value()));
    assert_eq!(order(&v), [0, 256, 64, 4, 36, 196, 324, 100, 484, 144, 16, 400]);
    let popped: Vec<i64> = (0..4).map(|_| v.pop().unwrap().as_small_int().unwrap()).collect();
    assert_eq!(popped, [0, 256, 64, 4]);
    assert_eq!(order(&v), [36, 196, 324, 100, 484, 144, 16, 400]);
    let (w, most) = (set_of(vm, 0..100), set_of(vm, 0..90));
    ok(vm, |vm| set::inplace(vm, BinaryOp::Sub, w.as_value(), most.as_value()));
    assert_eq!(order(&w), (90..100).collect::<Vec<_>>());
    let class = vm.types().set.clone();
    let copy = Set::new(&vm.heap, &class);
    ok(vm, |vm| vm.set_update(&copy, w.as_value()));
    assert_eq!(order(&copy), [96, 97, 98, 99, 90, 91, 92, 93, 94, 95]);
    assert_eq!(order(&set_of(vm, [-1, -2, -3, 5, -64, -8])), [-64, 5, -2, -8, -3, -1]);
    assert_eq!(
        order(&set_of(vm, [(1 << 61) + 4, 1 << 40, 7, 1 << 62])),
        [1099511627776, 4611686018427387904, 2305843009213693956, 7]
    );
    let d = Dict::new(&vm.heap);
    for k in [9, 17, 1, 25, 33] {
        ok(vm, |vm| vm.dict_set(&d, Value::int_unchecked(k), Value::NONE));
    }
    let x = Set::new(&vm.heap, &class);
    ok(vm, |vm| vm.set_update(&x, d.as_value()));
    assert_eq!(order(&x), [17, 1, 33, 9, 25]);
    let y = set_of(vm, [1, 2, 3]);
    ok(vm, |vm| set::inplace(vm, BinaryOp::Xor, x.as_value(), y.as_value()));
    assert_eq!(order(&x), [17, 2, 33, 3, 9, 25]);
}

/// Seed, steps, keys, factor of the keys, and the digest that CPython 3.13.0 gave.
const DIGESTS: [(u64, usize, u64, i64, u64); 4] = [
    (1, 2000, 50, 1, 2190535635802345332),
    (2, 5000, 200, 8, 1795622970071624728),
    (3, 5000, 64, 64, 180719289861697024),
    (4, 20000, 3000, 7, 292144976720030698),
];

/// Random additions and removals; a number made from the orders on the way.
fn digest(vm: &mut Vm, seed: u64, n: usize, modulus: u64, factor: i64) -> u64 {
    let s = set_of(vm, []);
    let (mut x, mut d) = (seed, 0u128);
    let fold = |d: &mut u128, s: &Ref<Set>| {
        for i in order(s) {
            *d = (*d * 31 + i as u128) % (1 << 61);
        }
    };
    for _ in 0..n {
        x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let k = Value::int_unchecked(((x >> 33) % modulus) as i64 * factor);
        if x >> 62 < 2 {
            ok(vm, |vm| vm.set_remove(&s, &k));
        } else {
            ok(vm, |vm| vm.set_add(&s, k));
        }
        if (x >> 40) % 97 == 0 {
            fold(&mut d, &s);
        }
    }
    fold(&mut d, &s);
    d as u64
}

#[test]
fn random_histories_of_sets_give_cpythons_orders() {
    let vm = &mut vm();
    for (seed, n, modulus, factor, want) in DIGESTS {
        assert_eq!(digest(vm, seed, n, modulus, factor), want, "seed {seed}");
    }
}

#[test]
fn hashes_are_cpythons() {
    let vm = &mut vm();
    let i = Value::int_unchecked;
    let tuple = |vm: &Vm, items: Vec<Value>| -> Value { Tuple::new(&vm.heap, items).into() };
    let frozen = |vm: &mut Vm, n: i64, from: i64| -> Value {
        let class = vm.types().frozenset.clone();
        let s = Set::new(&vm.heap, &class);
        for k in from..n {
            ok(vm, |vm| vm.set_add(&s, Value::int_unchecked(k)));
        }
        s.into()
    };
    let pair = tuple(vm, vec![i(1), i(2)]);
    let cases: Vec<(Value, i64)> = vec![
        (tuple(vm, vec![]), 5740354900026072187),
        (tuple(vm, vec![i(1)]), -6644214454873602895),
        (tuple(vm, vec![i(1), i(2), i(3)]), 529344067295497451),
        (tuple(vm, vec![pair, i(3)]), -333907151259015829),
        (frozen(vm, 0, 0), 133146708735736),
        (frozen(vm, 4, 1), -272375401224217160),
        (frozen(vm, 100, 0), 4411996150312757951),
        (Float::value(&vm.heap, 1.1), 230584300921369601),
        (Float::value(&vm.heap, -1.1), -230584300921369601),
        (Float::value(&vm.heap, 1e-300), 482449582752280463),
        (i(1 << 61), 1),
        (Value::NONE, 4238894112),
        (Value::TRUE, 1),
        (range::make(vm, i(0), i(10), i(3)), -1816567394155750349),
        (range::make(vm, i(3), i(3), i(1)), 2676694398852732306),
        (super::slice::make(vm, i(1), i(2), i(3)), -2340833382717974474),
    ];
    for (v, want) in cases {
        let got = ok(vm, |vm| vm.hash(&v)) as i64;
        assert_eq!(got, want, "{}", repr(vm, &v));
    }
    let l = ints(vm, &[]);
    assert_eq!(error(vm, |vm| vm.hash(&l)), "TypeError: unhashable type: 'list'");
}

#[test]
fn comparisons_are_exact_and_say_what_they_cannot_do() {
    let vm = &mut vm();
    let big = BigInt::from_i64(&vm.heap, (1 << 53) + 1);
    let x = Float::value(&vm.heap, (1u64 << 53) as f64);
    assert!(!ok(vm, |vm| vm.eq(&big, &x)));
    assert!(ok(vm, |vm| vm.compare_bool(CompareOp::Gt, &big, &x)));
    assert!(ok(vm, |vm| vm.compare_bool(CompareOp::Lt, &x, &big)));
    let nan = Float::value(&vm.heap, f64::NAN);
    assert!(!ok(vm, |vm| vm.eq(&nan, &nan)));
    assert!(ok(vm, |vm| vm.eq_or_is(&nan, &nan)));
    let (a, b, c) = (ints(vm, &[1, 2, 3]), ints(vm, &[1, 3]), ints(vm, &[1, 2]));
    assert!(ok(vm, |vm| vm.less(&a, &b)));
    assert!(ok(vm, |vm| vm.less(&c, &a)));
    let s = vm.new_str("x");
    assert_eq!(
        error(vm, |vm| vm.less(&Value::int_unchecked(1), &s)),
        "TypeError: '<' not supported between instances of 'int' and 'str'"
    );
    let (r, q) = (
        range::make(vm, Value::int_unchecked(0), Value::int_unchecked(3), Value::int_unchecked(2)),
        range::make(vm, Value::int_unchecked(0), Value::int_unchecked(4), Value::int_unchecked(2)),
    );
    assert!(ok(vm, |vm| vm.eq(&r, &q)));
}

#[test]
fn containers_show_themselves_once() {
    let vm = &mut vm();
    let l = List::new(&vm.heap, vec![Value::int_unchecked(1)]);
    l.push(&vm.heap, l.to_value()).unwrap();
    let t: Value = Tuple::new(&vm.heap, [l.to_value()]).into();
    assert_eq!(repr(vm, &t), "([1, [...]],)");
    let d = Dict::new(&vm.heap);
    let key = vm.new_str("it's");
    ok(vm, |vm| vm.dict_set(&d, key, d.to_value()));
    assert_eq!(repr(vm, d.as_value()), "{\"it's\": {...}}");
    let items = ok(vm, |vm| method(vm, d.as_value(), "keys", &[]));
    assert_eq!(repr(vm, &items), "dict_keys([\"it's\"])");
    let frozen = vm.types().frozenset.clone();
    let f: Value = Set::new(&vm.heap, &frozen).into();
    assert_eq!(repr(vm, &f), "frozenset()");
    let class: Value = frozen.into();
    assert_eq!(repr(vm, &class), "<class 'frozenset'>");
}

#[test]
fn a_deep_repr_or_comparison_is_a_recursion_error() {
    let vm = &mut vm();
    let deep = |vm: &Vm| (0..200_000).fold(Value::NONE, |v, _| List::new(&vm.heap, vec![v]).into());
    let (a, b) = (deep(vm), deep(vm));
    assert_eq!(
        error(vm, |vm| vm.repr(&a)),
        "RecursionError: maximum recursion depth exceeded while getting the repr of an object"
    );
    assert_eq!(error(vm, |vm| vm.eq(&a, &b)), "RecursionError: maximum recursion depth exceeded in comparison");
    assert!(vm.native.repr_active.is_empty());
}

#[test]
fn dicts_that_change_stop_their_iterators() {
    let vm = &mut vm();
    let d = Dict::new(&vm.heap);
    for i in 0..3 {
        ok(vm, |vm| vm.dict_set(&d, Value::int_unchecked(i), Value::NONE));
    }
    let it = ok(vm, |vm| vm.iter(d.as_value()));
    ok(vm, |vm| vm.next(&it));
    ok(vm, |vm| vm.dict_set(&d, Value::int_unchecked(9), Value::NONE));
    assert_eq!(error(vm, |vm| vm.next(&it)), "RuntimeError: dictionary changed size during iteration");
    assert_eq!(error(vm, |vm| vm.next(&it)), "RuntimeError: dictionary changed size during iteration");
    let it = ok(vm, |vm| vm.iter(d.as_value()));
    for i in 0..4 {
        ok(vm, |vm| vm.next(&it));
        ok(vm, |vm| vm.dict_remove(&d, &Value::int_unchecked(if i == 3 { 9 } else { i })));
        ok(vm, |vm| vm.dict_set(&d, Value::int_unchecked(100 + i), Value::NONE));
    }
    assert_eq!(error(vm, |vm| vm.next(&it)), "RuntimeError: dictionary keys changed during iteration");
    let empty = dicts::copy_of(vm, &Dict::new(&vm.heap));
    assert_eq!(
        error(vm, |vm| method(vm, empty.as_value(), "popitem", &[])),
        "KeyError: popitem(): dictionary is empty"
    );
}

#[test]
fn slices_of_lists_are_read_and_written() {
    let vm = &mut vm();
    let l = ints(vm, &[0, 1, 2, 3, 4, 5, 6, 7]);
    let list = l.downcast::<List>().unwrap().clone();
    let slice = |vm: &Vm, parts: [Option<i64>; 3]| -> Ref<Slice> {
        let [a, b, c] = parts.map(|p| p.map_or(Value::NONE, Value::int_unchecked));
        super::slice::make(vm, a, b, c).downcast::<Slice>().unwrap().clone()
    };
    let s = slice(vm, [None, None, Some(-3)]);
    let got = ok(vm, |vm| vm.get_item(&l, s.as_value()));
    assert_eq!(repr(vm, &got), "[7, 4, 1]");
    let (s, v) = (slice(vm, [Some(2), Some(4), None]), ints(vm, &[20, 21, 22]));
    ok(vm, |vm| list_slice::set_slice(vm, &list, &s, &v));
    assert_eq!(repr(vm, &l), "[0, 1, 20, 21, 22, 4, 5, 6, 7]");
    let s = slice(vm, [Some(-1), None, Some(-2)]);
    ok(vm, |vm| list_slice::del_slice(vm, &list, &s));
    assert_eq!(repr(vm, &l), "[1, 21, 4, 6]");
    let s = slice(vm, [None, None, Some(2)]);
    assert_eq!(
        error(vm, |vm| list_slice::set_slice(vm, &list, &s, &v)),
        "ValueError: attempt to assign sequence of size 3 to extended slice of size 2"
    );
    assert_eq!(error(vm, |vm| vm.get_item(&l, &Value::int_unchecked(4))), "IndexError: list index out of range");
    assert_eq!(
        error(vm, |vm| vm.get_item(&l, &Value::NONE)),
        "TypeError: list indices must be integers or slices, not NoneType"
    );
}

#[test]
fn absurd_sizes_are_memory_errors() {
    let vm = &mut vm();
    let l = ints(vm, &[0]);
    let n = Value::int_unchecked(10_000_000_000_000);
    assert_eq!(error(vm, |vm| vm.container_binary(BinaryOp::Mul, &l, &n)), "MemoryError: ");
    let r = range::make(vm, Value::int_unchecked(0), n.clone(), Value::int_unchecked(1));
    assert_eq!(error(vm, |vm| vm.collect(&r)), "MemoryError: ");
}

#[test]
fn functions_give_what_cpython_gives() {
    let vm = &mut vm();
    let b = vm.builtins.clone();
    let floats: Vec<Value> = [0.1; 10].iter().map(|&x| Float::value(&vm.heap, x)).collect();
    let l: Value = List::new(&vm.heap, floats).into();
    let total = ok(vm, |vm| function(vm, &b, "sum", std::slice::from_ref(&l)));
    assert_eq!(repr(vm, &total), "1.0");
    let e = ints(vm, &[]);
    assert_eq!(error(vm, |vm| function(vm, &b, "max", &[e])), "ValueError: max() iterable argument is empty");
    let n = Value::int_unchecked(-255);
    let text = ok(vm, |vm| function(vm, &b, "hex", &[n]));
    assert_eq!(repr(vm, &text), "'-0xff'");
    let m = ok(vm, |vm| super::modules::make(vm, "math")).unwrap();
    let math = m.dict.clone();
    let i = Value::int_unchecked;
    let c = ok(vm, |vm| function(vm, &math, "comb", &[i(100), i(50)]));
    assert_eq!(repr(vm, &c), "100891344545564193334812497256");
    let f = ok(vm, |vm| function(vm, &math, "factorial", &[i(30)]));
    assert_eq!(repr(vm, &f), "265252859812191058636308480000000");
    let root = ok(vm, |vm| function(vm, &math, "isqrt", &[f]));
    assert_eq!(repr(vm, &root), "16286585271694955");
    assert_eq!(error(vm, |vm| function(vm, &math, "sqrt", &[i(-1)])), "ValueError: math domain error");
    let sum = ok(vm, |vm| function(vm, &math, "fsum", &[l]));
    assert_eq!(repr(vm, &sum), "1.0");
    let next = ok(vm, |vm| function(vm, &math, "nextafter", &[i(1), i(2)]));
    assert_eq!(repr(vm, &next), "1.0000000000000002");
    assert_eq!(error(vm, |vm| function(vm, &math, "factorial", &[i(100_000_000_000)])), "MemoryError: ");
}

#[test]
fn printing_goes_to_the_output() {
    let vm = &mut vm();
    let out = Capture::default();
    vm.output = std::rc::Rc::new(out.clone());
    ok(vm, |vm| crate::builtins::modules::make(vm, "sys"));
    let b = vm.builtins.clone();
    let (s, l) = (vm.new_str("häuser"), ints(vm, &[1, 2]));
    ok(vm, |vm| function(vm, &b, "print", &[s, l]));
    assert_eq!(out.buffers.borrow()[0], "häuser [1, 2]\n".as_bytes());
}

#[test]
fn files_are_written_and_read() {
    let vm = &mut vm();
    let b = vm.builtins.clone();
    let path = std::env::temp_dir().join(format!("execmon-io-{}", std::process::id()));
    let name = vm.new_str(path.to_str().unwrap());
    let mode = vm.new_str("w");
    let f = ok(vm, |vm| function(vm, &b, "open", &[name.clone(), mode]));
    let text = vm.new_str("eins\nzwei\r\ndrei");
    ok(vm, |vm| method(vm, &f, "write", &[text]));
    ok(vm, |vm| method(vm, &f, "close", &[]));
    let f = ok(vm, |vm| function(vm, &b, "open", &[name]));
    let lines = ok(vm, |vm| vm.collect(&f));
    let lines: Value = List::new(&vm.heap, lines).into();
    assert_eq!(repr(vm, &lines), "['eins\\n', 'zwei\\n', 'drei']");
    ok(vm, |vm| method(vm, &f, "seek", &[Value::int_unchecked(2)]));
    let rest = ok(vm, |vm| method(vm, &f, "read", &[Value::int_unchecked(4)]));
    assert_eq!(repr(vm, &rest), "'ns\\nz'");
    ok(vm, |vm| method(vm, &f, "close", &[]));
    assert_eq!(error(vm, |vm| method(vm, &f, "read", &[])), "ValueError: I/O operation on closed file.");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn native_modules_are_made() {
    let vm = &mut vm();
    for name in ["time", "builtins"] {
        assert!(ok(vm, |vm| super::modules::make(vm, name)).is_some());
        assert!(vm.modules.get_str(&vm.intern(name)).is_some());
    }
    assert!(ok(vm, |vm| super::modules::make(vm, "spam")).is_none());
    let sys = ok(vm, |vm| super::modules::make(vm, "sys")).unwrap();
    let info = sys.dict.get_str(&vm.intern("version_info")).unwrap();
    assert_eq!(repr(vm, &info), "sys.version_info(major=3, minor=14, micro=0, releaselevel='final', serial=0)");
}
