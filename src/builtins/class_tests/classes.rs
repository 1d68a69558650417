//! Attributes, class creation, descriptors, native calls.

use super::*;

#[test]
fn attributes_live_in_slots_and_then_in_the_dict() {
    let mut vm = vm();
    let a = class(&mut vm, "A", &[]).unwrap();
    let o = make(&mut vm, &a, &[]).unwrap();
    set(&mut vm, &o, "x", int(1)).unwrap();
    set(&mut vm, &o, "y", int(2)).unwrap();
    let x = vm.intern("x");
    assert_eq!(vm.find_instance_slot(&o, &x).map(|(i, _)| i), Some(0));
    let d = get(&mut vm, &o, "__dict__").unwrap();
    assert_eq!(d.downcast::<Dict>().unwrap().len(), 2);
    set(&mut vm, &o, "z", int(3)).unwrap();
    assert_eq!(d.downcast::<Dict>().unwrap().len(), 3);
    assert_eq!(vm.find_instance_slot(&o, &x), None);
    assert_eq!(get(&mut vm, &o, "x").unwrap().as_small_int(), Some(1));
    del(&mut vm, &o, "x").unwrap();
    let r = get(&mut vm, &o, "x");
    assert_eq!(text(&mut vm, r), "AttributeError: 'A' object has no attribute 'x'");
    let r = del(&mut vm, &o, "x");
    assert_eq!(text(&mut vm, r), "AttributeError: 'A' object has no attribute 'x'");
    let name = vm.intern("x");
    assert!(vm.get_attr_opt(&o, &name).unwrap().is_none());
}

#[test]
fn an_attribute_error_knows_name_and_object() {
    let mut vm = vm();
    let e = get(&mut vm, &int(3), "nothing").unwrap_err();
    let name = get(&mut vm, &e.0, "name").unwrap();
    assert_eq!(str_of(&mut vm, &name), "nothing");
    assert_eq!(get(&mut vm, &e.0, "obj").unwrap().as_small_int(), Some(3));
}

#[test]
fn objects_without_a_dict_refuse_attributes() {
    let mut vm = vm();
    let object = vm.types().object.clone();
    let o = make(&mut vm, &object, &[]).unwrap();
    let r = set(&mut vm, &o, "x", int(1));
    assert_eq!(
        text(&mut vm, r),
        "AttributeError: 'object' object has no attribute 'x' and no __dict__ for setting new attributes"
    );
    let r = set(&mut vm, &o, "__init__", int(1));
    assert_eq!(text(&mut vm, r), "AttributeError: 'object' object attribute '__init__' is read-only");
    let list = vm.types().list.to_value();
    let r = set(&mut vm, &list, "x", int(1));
    assert_eq!(text(&mut vm, r), "TypeError: cannot set 'x' attribute of immutable type 'list'");
}

#[test]
fn slots_hold_values_beside_no_dict() {
    let mut vm = vm();
    let slots = Tuple::new(&vm.heap, vec![vm.new_str("x"), vm.new_str("y")]).into();
    let s = class_with(&mut vm, "S", &[], &[("__slots__", slots)]).unwrap();
    let o = make(&mut vm, &s, &[]).unwrap();
    let r = get(&mut vm, &o, "x");
    assert_eq!(text(&mut vm, r), "AttributeError: 'S' object has no attribute 'x'");
    set(&mut vm, &o, "x", int(1)).unwrap();
    assert_eq!(get(&mut vm, &o, "x").unwrap().as_small_int(), Some(1));
    del(&mut vm, &o, "x").unwrap();
    let r = del(&mut vm, &o, "x");
    assert_eq!(text(&mut vm, r), "AttributeError: x");
    let r = set(&mut vm, &o, "z", int(1));
    assert_eq!(
        text(&mut vm, r),
        "AttributeError: 'S' object has no attribute 'z' and no __dict__ for setting new attributes"
    );
    let r = get(&mut vm, &o, "__dict__");
    assert_eq!(text(&mut vm, r), "AttributeError: 'S' object has no attribute '__dict__'");
    let member = get(&mut vm, s.as_value(), "x").unwrap();
    let r = call(&mut vm, &member, "__get__", &[int(3)]);
    assert_eq!(text(&mut vm, r), "TypeError: descriptor 'x' for 'S' objects doesn't apply to a 'int' object");

    // A subclass without slots has both, and slots are not in its dict.
    let t = class(&mut vm, "T", &[&s]).unwrap();
    let o = make(&mut vm, &t, &[]).unwrap();
    set(&mut vm, &o, "x", int(1)).unwrap();
    set(&mut vm, &o, "z", int(2)).unwrap();
    let d = get(&mut vm, &o, "__dict__").unwrap();
    assert_eq!(d.downcast::<Dict>().unwrap().len(), 1);
    set(&mut vm, &o, "y", int(3)).unwrap();
    set(&mut vm, &o, "w", int(4)).unwrap();
    assert_eq!(d.downcast::<Dict>().unwrap().len(), 2);
    for (name, v) in [("x", 1), ("z", 2), ("y", 3), ("w", 4)] {
        assert_eq!(get(&mut vm, &o, name).unwrap().as_small_int(), Some(v), "{name}");
    }
}

#[test]
fn bad_slots_are_refused() {
    let mut vm = vm();
    let int_class = vm.types().int.clone();
    for (item, expected) in [
        (vm.new_str("1x"), "TypeError: __slots__ must be identifiers"),
        (int(3), "TypeError: __slots__ items must be strings, not 'int'"),
        (vm.new_str("taken"), "ValueError: 'taken' in __slots__ conflicts with class variable"),
    ] {
        let slots = Tuple::new(&vm.heap, vec![item]).into();
        let r = class_with(&mut vm, "A", &[], &[("__slots__", slots), ("taken", int(1))]);
        assert_eq!(text(&mut vm, r), expected);
    }
    let x = vm.new_str("x");
    let r = class_with(&mut vm, "A", &[&int_class], &[("__slots__", x)]);
    assert_eq!(text(&mut vm, r), "TypeError: nonempty __slots__ not supported for subtype of 'int'");
    let a = class(&mut vm, "A", &[]).unwrap();
    let d = vm.new_str("__dict__");
    let r = class_with(&mut vm, "B", &[&a], &[("__slots__", d)]);
    assert_eq!(text(&mut vm, r), "TypeError: __dict__ slot disallowed: we already got one");
}

#[test]
fn the_resolution_order_is_c3() {
    let mut vm = vm();
    let a = class(&mut vm, "A", &[]).unwrap();
    let b = class(&mut vm, "B", &[&a]).unwrap();
    let c = class(&mut vm, "C", &[&a]).unwrap();
    let d = class(&mut vm, "D", &[&b, &c]).unwrap();
    assert_eq!(names(d.mro.borrow().classes()), ["B", "C", "A", "object"]);
    let object = vm.types().object.clone();
    let r = class(&mut vm, "X", &[&object, &a]);
    assert_eq!(
        text(&mut vm, r),
        "TypeError: Cannot create a consistent method resolution order (MRO) for bases object, A"
    );
    let r = class(&mut vm, "X", &[&a, &a]);
    assert_eq!(text(&mut vm, r), "TypeError: duplicate base class A");
    assert_eq!(names(&a.subclasses()), ["B", "C"]);
}

#[test]
fn layouts_that_do_not_fit_together_conflict() {
    let mut vm = vm();
    let t = vm.types();
    let (int_class, str_class, bool_class) = (t.int.clone(), t.str.clone(), t.bool.clone());
    let (os, syntax, value_error, key_error) =
        (t.OSError.clone(), t.SyntaxError.clone(), t.ValueError.clone(), t.KeyError.clone());
    for bases in [[&int_class, &str_class], [&os, &syntax]] {
        let r = class(&mut vm, "X", &bases);
        assert_eq!(text(&mut vm, r), "TypeError: multiple bases have instance lay-out conflict");
    }
    let r = class(&mut vm, "X", &[&bool_class]);
    assert_eq!(text(&mut vm, r), "TypeError: type 'bool' is not an acceptable base type");
    let both = class(&mut vm, "Both", &[&value_error, &key_error]).unwrap();
    assert!(both.has(type_flags::EXCEPTION));
    let mixed = class(&mut vm, "Mixed", &[&value_error, &os]).unwrap();
    let base = get(&mut vm, mixed.as_value(), "__base__").unwrap();
    assert!(base.is(os.as_value()));
}

fn answer(_: &mut Vm, a: Args<'_>) -> R {
    Ok(a.get(1).cloned().unwrap_or(int(42)))
}

fn not_none(_: &mut Vm, _: Args<'_>) -> R {
    Ok(int(3))
}

#[test]
fn instances_are_made_by_new_and_init() {
    let mut vm = vm();
    let a = class(&mut vm, "A", &[]).unwrap();
    let r = make(&mut vm, &a, &[int(1)]);
    assert_eq!(text(&mut vm, r), "TypeError: A() takes no arguments");
    let object = vm.types().object.clone();
    let r = make(&mut vm, &object, &[int(1)]);
    assert_eq!(text(&mut vm, r), "TypeError: object() takes no arguments");
    add(&vm, &a, &[def("__init__", 1, 2, not_none)]);
    let r = make(&mut vm, &a, &[int(1)]);
    assert_eq!(text(&mut vm, r), "TypeError: __init__() should return None, not 'int'");
    let int_class = vm.types().int.to_value();
    let r = call(&mut vm, object.as_value(), "__new__", &[int_class]);
    assert_eq!(text(&mut vm, r), "TypeError: object.__new__(int) is not safe, use int.__new__()");
    let r = call(&mut vm, object.as_value(), "__new__", &[]);
    assert_eq!(text(&mut vm, r), "TypeError: object.__new__(): not enough arguments");
    let r = call(&mut vm, object.as_value(), "__new__", &[int(3)]);
    assert_eq!(text(&mut vm, r), "TypeError: object.__new__(X): X is not a type object (int)");
    let type_ = vm.types().type_.clone();
    let of = make(&mut vm, &type_, &[int(3)]).unwrap();
    assert!(of.is(vm.types().int.as_value()));
    let r = make(&mut vm, &type_, &[int(3), int(3)]);
    assert_eq!(text(&mut vm, r), "TypeError: type() takes 1 or 3 arguments");
}

#[test]
fn methods_bind_and_load_without_a_bound_object() {
    let mut vm = vm();
    let a = class(&mut vm, "A", &[]).unwrap();
    add(&vm, &a, &[def("method", 1, 2, answer)]);
    let o = make(&mut vm, &a, &[]).unwrap();
    assert_eq!(call(&mut vm, &o, "method", &[]).unwrap().as_small_int(), Some(42));
    let name = vm.intern("method");
    let (f, receiver) = vm.load_method(&o, &name).unwrap();
    assert!(receiver.is_some_and(|r| r.is(&o)));
    assert!(vm.is_method_descriptor(&f));
    set(&mut vm, &o, "method", int(1)).unwrap();
    let (v, receiver) = vm.load_method(&o, &name).unwrap();
    assert!(receiver.is_none() && v.as_small_int() == Some(1));
    let r = get(&mut vm, a.as_value(), "other");
    assert_eq!(text(&mut vm, r), "AttributeError: type object 'A' has no attribute 'other'");
}

#[test]
fn a_method_is_not_cached_by_a_shape_beside_a_dict() {
    let mut vm = vm();
    let slots = Tuple::new(&vm.heap, vec![vm.new_str("x")]).into();
    let s = class_with(&mut vm, "S", &[], &[("__slots__", slots)]).unwrap();
    let t = class(&mut vm, "T", &[&s]).unwrap();
    add(&vm, &t, &[def("method", 1, 2, answer)]);
    let o = make(&mut vm, &t, &[]).unwrap();
    let name = vm.intern("method");
    assert!(vm.load_method(&o, &name).unwrap().1.is_some());
    let shape = |o: &Value| Attrs::of(o.header().unwrap()).unwrap().shape_ptr();
    get(&mut vm, &o, "__dict__").unwrap();
    let before = shape(&o);
    assert!(vm.load_method(&o, &name).unwrap().1.is_none());
    set(&mut vm, &o, "method", int(1)).unwrap();
    assert_eq!(shape(&o), before);
    assert_eq!(vm.load_method(&o, &name).unwrap().0.as_small_int(), Some(1));
}

#[test]
fn getattr_serves_what_is_missing() {
    let mut vm = vm();
    let a = class(&mut vm, "A", &[]).unwrap();
    add(&vm, &a, &[def("__getattr__", 2, 2, answer)]);
    let o = make(&mut vm, &a, &[]).unwrap();
    let v = get(&mut vm, &o, "anything").unwrap();
    assert_eq!(str_of(&mut vm, &v), "anything");
    set(&mut vm, &o, "anything", int(1)).unwrap();
    assert_eq!(get(&mut vm, &o, "anything").unwrap().as_small_int(), Some(1));
}

#[test]
fn properties_come_before_the_instance() {
    let mut vm = vm();
    let property = vm.types().property.clone();
    let f = Value::from(vm.native_function(&def("x", 1, 1, |_, _| Ok(int(7))), Value::NONE));
    let p = make(&mut vm, &property, std::slice::from_ref(&f)).unwrap();
    let empty = make(&mut vm, &property, &[]).unwrap();
    let a = class_with(&mut vm, "P", &[], &[("x", p.clone()), ("y", empty)]).unwrap();
    let o = make(&mut vm, &a, &[]).unwrap();
    assert_eq!(get(&mut vm, &o, "x").unwrap().as_small_int(), Some(7));
    let r = set(&mut vm, &o, "x", int(1));
    assert_eq!(text(&mut vm, r), "AttributeError: property 'x' of 'P' object has no setter");
    let r = del(&mut vm, &o, "x");
    assert_eq!(text(&mut vm, r), "AttributeError: property 'x' of 'P' object has no deleter");
    let r = get(&mut vm, &o, "y");
    assert_eq!(text(&mut vm, r), "AttributeError: property 'y' of 'P' object has no getter");
    assert!(get(&mut vm, a.as_value(), "x").unwrap().is(&p));
    let with_setter = call(&mut vm, &p, "setter", std::slice::from_ref(&f)).unwrap();
    assert!(get(&mut vm, &with_setter, "fget").unwrap().is(&f));
    assert!(get(&mut vm, &with_setter, "fset").unwrap().is(&f));
}

#[test]
fn static_and_class_methods_bind_as_they_say() {
    let mut vm = vm();
    let t = vm.types();
    let (stat, cls) = (t.staticmethod.clone(), t.classmethod.clone());
    let f = Value::from(vm.native_function(&def("f", 0, 2, |_, a| Ok(int(a.pos.len() as i64))), Value::NONE));
    let s = make(&mut vm, &stat, std::slice::from_ref(&f)).unwrap();
    let c = make(&mut vm, &cls, std::slice::from_ref(&f)).unwrap();
    let a = class_with(&mut vm, "A", &[], &[("s", s), ("c", c)]).unwrap();
    let o = make(&mut vm, &a, &[]).unwrap();
    assert!(get(&mut vm, &o, "s").unwrap().is(&f));
    assert_eq!(call(&mut vm, &o, "c", &[]).unwrap().as_small_int(), Some(1));
    let bound = get(&mut vm, a.as_value(), "c").unwrap();
    assert!(bound.downcast::<BoundMethod>().unwrap().receiver.is(a.as_value()));
}

#[test]
fn super_looks_behind_the_class() {
    let mut vm = vm();
    let a = class(&mut vm, "A", &[]).unwrap();
    let b = class(&mut vm, "B", &[&a]).unwrap();
    add(&vm, &a, &[def("m", 1, 1, |_, _| Ok(int(1)))]);
    add(&vm, &b, &[def("m", 1, 1, |_, _| Ok(int(2)))]);
    let o = make(&mut vm, &b, &[]).unwrap();
    let super_ = vm.types().super_.clone();
    let s = make(&mut vm, &super_, &[b.to_value(), o.clone()]).unwrap();
    assert_eq!(call(&mut vm, &s, "m", &[]).unwrap().as_small_int(), Some(1));
    let name = vm.intern("m");
    let (f, unbound) = vm.super_attr(&b, &o, &name).unwrap();
    assert!(unbound);
    assert_eq!(vm.call(&f, std::slice::from_ref(&o)).unwrap().as_small_int(), Some(1));
    let r = get(&mut vm, &s, "nothing");
    assert_eq!(text(&mut vm, r), "AttributeError: 'super' object has no attribute 'nothing'");
    let r = make(&mut vm, &super_, &[b.to_value(), int(3)]);
    assert_eq!(
        text(&mut vm, r),
        "TypeError: super(type, obj): obj (instance of int) is not an instance or subtype of type (B)."
    );
}

#[test]
fn the_class_of_an_instance_can_be_changed() {
    let mut vm = vm();
    let a = class(&mut vm, "A", &[]).unwrap();
    let b = class(&mut vm, "B", &[]).unwrap();
    let o = make(&mut vm, &a, &[]).unwrap();
    set(&mut vm, &o, "x", int(1)).unwrap();
    set(&mut vm, &o, "__class__", b.to_value()).unwrap();
    assert!(o.class(&vm.heap).is(&b));
    assert_eq!(get(&mut vm, &o, "x").unwrap().as_small_int(), Some(1));
    drop(a);
    vm.heap.collect();
    set(&mut vm, &o, "y", int(2)).unwrap();
    assert_eq!(Attrs::of(o.header().unwrap()).unwrap().items().len(), 2);
    let r = set(&mut vm, &o, "__class__", int(3));
    assert_eq!(text(&mut vm, r), "TypeError: __class__ must be set to a class, not 'int' object");
    let list = vm.types().list.to_value();
    let r = set(&mut vm, &o, "__class__", list);
    assert_eq!(
        text(&mut vm, r),
        "TypeError: __class__ assignment only supported for mutable types or ModuleType subclasses"
    );
    let int_class = vm.types().int.clone();
    let i = class(&mut vm, "I", &[&int_class]).unwrap();
    let r = set(&mut vm, &o, "__class__", i.to_value());
    assert_eq!(text(&mut vm, r), "TypeError: __class__ assignment: 'I' object layout differs from 'B'");
}

#[test]
fn new_bases_change_the_order_below() {
    let mut vm = vm();
    let a = class_with(&mut vm, "A", &[], &[("x", int(1))]).unwrap();
    let b = class_with(&mut vm, "B", &[], &[("x", int(2))]).unwrap();
    let c = class(&mut vm, "C", &[&a]).unwrap();
    let d = class(&mut vm, "D", &[&c]).unwrap();
    assert_eq!(get(&mut vm, d.as_value(), "x").unwrap().as_small_int(), Some(1));
    let bases = Tuple::new(&vm.heap, vec![b.to_value()]).into();
    set(&mut vm, c.as_value(), "__bases__", bases).unwrap();
    assert_eq!(get(&mut vm, d.as_value(), "x").unwrap().as_small_int(), Some(2));
    assert_eq!(names(d.mro.borrow().classes()), ["C", "B", "object"]);
    assert!(a.subclasses().is_empty());
    let cycle = Tuple::new(&vm.heap, vec![d.to_value()]).into();
    let r = set(&mut vm, c.as_value(), "__bases__", cycle);
    assert_eq!(text(&mut vm, r), "TypeError: a __bases__ item causes an inheritance cycle");
}

#[test]
fn class_bodies_leave_their_marks() {
    let mut vm = vm();
    let f = Value::from(vm.native_function(&def("f", 0, 2, answer), Value::NONE));
    let q = vm.new_str("Outer.A");
    let a = class_with(&mut vm, "A", &[], &[("__eq__", f.clone()), ("__del__", f), ("__qualname__", q)]).unwrap();
    assert!(a.dict.get_str(&vm.types().names.__hash__).is_some_and(|h| h.is_none()));
    assert!(a.has(type_flags::FINALIZER));
    assert_eq!(a.qualname_str(), "Outer.A");
    assert!(get(&mut vm, a.as_value(), "__doc__").unwrap().is_none());
    let b = class(&mut vm, "B", &[&a]).unwrap();
    assert!(b.has(type_flags::FINALIZER));
}

#[test]
fn native_calls_check_their_arguments() {
    let mut vm = vm();
    let list = vm.types().list.clone();
    add(
        &vm,
        &list,
        &[
            def("append", 2, 2, answer),
            def("clear", 1, 1, answer),
            def("pop", 1, 2, answer),
            def("insert", 3, 3, answer),
        ],
    );
    add(&vm, &list, &[def("__len__", 1, 1, answer)]);
    let o = Value::from(List::new(&vm.heap, vec![]));
    let len = Value::from(vm.native_function(&def("len", 1, 1, answer), vm.new_str("builtins")));
    let sqrt = Value::from(vm.native_function(&def("sqrt", 1, 1, answer), vm.new_str("math")));
    let cases: Vec<(R, &str)> = vec![
        (call(&mut vm, &o, "append", &[]), "list.append() takes exactly one argument (0 given)"),
        (call(&mut vm, &o, "clear", &[int(1)]), "list.clear() takes no arguments (1 given)"),
        (call(&mut vm, &o, "pop", &[int(1), int(2)]), "pop expected at most 1 argument, got 2"),
        (call(&mut vm, &o, "insert", &[int(1)]), "insert expected 2 arguments, got 1"),
        (call(&mut vm, list.as_value(), "append", &[]), "unbound method list.append() needs an argument"),
        (
            call(&mut vm, list.as_value(), "append", &[int(3)]),
            "descriptor 'append' for 'list' objects doesn't apply to a 'int' object",
        ),
        (
            call(&mut vm, list.as_value(), "__len__", &[int(3)]),
            "descriptor '__len__' requires a 'list' object but received a 'int'",
        ),
        (call(&mut vm, list.as_value(), "__len__", &[]), "descriptor '__len__' of 'list' object needs an argument"),
        (call(&mut vm, &o, "__len__", &[int(3)]), "expected 0 arguments, got 1"),
        (vm.call(&len, &[int(1), int(2)]), "len() takes exactly one argument (2 given)"),
        (vm.call(&sqrt, &[]), "math.sqrt() takes exactly one argument (0 given)"),
    ];
    for (r, expected) in cases {
        assert_eq!(text(&mut vm, r), format!("TypeError: {expected}"));
    }
    let names = [vm.intern("x").into()];
    let r = vm.call_args(&len, Args { pos: &[], names: &names, values: &[int(1)] });
    assert_eq!(text(&mut vm, r), "TypeError: len() takes no keyword arguments");
}

#[test]
fn everything_of_a_class_is_freed_with_it() {
    let mut vm = vm();
    // Names are interned, and the built-in classes fill their caches, in a first round.
    let round = |vm: &mut Vm| {
        let slots: Value = Tuple::new(&vm.heap, vec![vm.new_str("x")]).into();
        let a = class_with(vm, "A", &[], &[("__slots__", slots)]).unwrap();
        let b = class(vm, "B", &[&a]).unwrap();
        let o = make(vm, &b, &[]).unwrap();
        set(vm, &o, "x", int(1)).unwrap();
        set(vm, &o, "y", o.clone()).unwrap();
        get(vm, &o, "__dict__").unwrap();
    };
    round(&mut vm);
    vm.heap.collect();
    let before = vm.heap.used();
    round(&mut vm);
    vm.heap.collect();
    assert_eq!(vm.heap.used(), before);
}
