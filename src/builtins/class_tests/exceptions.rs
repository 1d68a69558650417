//! Exceptions: making, showing, catching and chaining them.

use super::*;

fn exception(vm: &mut Vm, class: &Ref<Type>, args: &[Value]) -> Value {
    make(vm, class, args).expect("the exception is made")
}

#[test]
fn exceptions_show_their_arguments() {
    let mut vm = vm();
    let t = vm.types();
    let (value_error, key_error, import, syntax, decode, encode) = (
        t.ValueError.clone(),
        t.KeyError.clone(),
        t.ImportError.clone(),
        t.SyntaxError.clone(),
        t.UnicodeDecodeError.clone(),
        t.UnicodeEncodeError.clone(),
    );
    let x = vm.new_str("x");
    let cases = [
        (exception(&mut vm, &value_error, &[]), ""),
        (exception(&mut vm, &value_error, std::slice::from_ref(&x)), "x"),
        (exception(&mut vm, &value_error, &[int(1), int(2)]), "(1, 2)"),
        (exception(&mut vm, &key_error, std::slice::from_ref(&x)), "'x'"),
        (exception(&mut vm, &import, std::slice::from_ref(&x)), "x"),
        (exception(&mut vm, &syntax, std::slice::from_ref(&x)), "x"),
    ];
    for (e, expected) in cases {
        assert_eq!(str_of(&mut vm, &e), expected);
    }
    let details = Tuple::new(&vm.heap, vec![vm.new_str("a/f.py"), int(4), int(2), x.clone()]).into();
    let e = exception(&mut vm, &syntax, &[x.clone(), details]);
    assert_eq!(str_of(&mut vm, &e), "x (f.py, line 4)");
    let r = make(&mut vm, &value_error, &[]).and_then(|e| del(&mut vm, &e, "__traceback__"));
    assert_eq!(text(&mut vm, r), "TypeError: __traceback__ may not be deleted");

    let bytes = Value::from(crate::object::sequence::Bytes::new(&vm.heap, vec![0xff, 0xfe]));
    let (utf8, bad) = (vm.new_str("utf8"), vm.new_str("bad"));
    for (end, expected) in [
        (1, "'utf8' codec can't decode byte 0xff in position 0: bad"),
        (2, "'utf8' codec can't decode bytes in position 0-1: bad"),
    ] {
        let e = exception(&mut vm, &decode, &[utf8.clone(), bytes.clone(), int(0), int(end), bad.clone()]);
        assert_eq!(str_of(&mut vm, &e), expected);
    }
    let s = vm.new_str("\u{1234}x");
    let e = exception(&mut vm, &encode, &[utf8.clone(), s, int(0), int(1), bad.clone()]);
    assert_eq!(str_of(&mut vm, &e), "'utf8' codec can't encode character '\\u1234' in position 0: bad");
    let r = make(&mut vm, &decode, &[]);
    assert_eq!(text(&mut vm, r), "TypeError: function takes exactly 5 arguments (0 given)");
}

#[test]
fn an_os_error_becomes_the_class_of_its_number() {
    let mut vm = vm();
    let os = vm.types().OSError.clone();
    let (msg, file) = (vm.new_str("No such"), vm.new_str("f"));
    let e = exception(&mut vm, &os, &[int(2), msg.clone(), file.clone()]);
    assert_eq!(e.class(&vm.heap).name_str(), "FileNotFoundError");
    assert_eq!(str_of(&mut vm, &e), "[Errno 2] No such: 'f'");
    assert_eq!(e.downcast::<Exception>().unwrap().args.get().len(), 2);
    assert_eq!(get(&mut vm, &e, "errno").unwrap().as_small_int(), Some(2));
    let e = exception(&mut vm, &os, &[int(2), msg, file.clone(), Value::NONE, file.clone()]);
    assert_eq!(str_of(&mut vm, &e), "[Errno 2] No such: 'f' -> 'f'");
    let e = vm.os_error(2, Some(&file));
    assert_eq!(text(&mut vm, Err::<(), _>(e)), "FileNotFoundError: [Errno 2] No such file or directory: 'f'");
}

#[test]
fn members_of_exceptions_are_set_by_init() {
    let mut vm = vm();
    let t = vm.types();
    let (stop, exit, name_error, value_error) =
        (t.StopIteration.clone(), t.SystemExit.clone(), t.NameError.clone(), t.ValueError.clone());
    let e = exception(&mut vm, &stop, &[int(1), int(2)]);
    assert_eq!(get(&mut vm, &e, "value").unwrap().as_small_int(), Some(1));
    let e = exception(&mut vm, &exit, &[int(1), int(2)]);
    assert!(get(&mut vm, &e, "code").unwrap().downcast::<Tuple>().is_some());
    let e = vm.stop_iteration(int(5));
    assert_eq!(get(&mut vm, &e.0, "value").unwrap().as_small_int(), Some(5));
    // Made by native code, which runs no `__init__`.
    let e = vm.exception(&exit, vec![int(7)]);
    assert_eq!(get(&mut vm, &e.0, "code").unwrap().as_small_int(), Some(7));
    let e = vm.exception(&stop, vec![]);
    assert!(get(&mut vm, &e.0, "value").unwrap().is_none());
    let names = [vm.intern("nom").into()];
    let r = vm.construct(&name_error, Args { pos: &[], names: &names, values: &[int(1)] });
    assert_eq!(text(&mut vm, r), "TypeError: NameError() got an unexpected keyword argument 'nom'");
    let r = vm.construct(&value_error, Args { pos: &[], names: &names, values: &[int(1)] });
    assert_eq!(text(&mut vm, r), "TypeError: ValueError() takes no keyword arguments");
    let data = SyntaxErrorData {
        message: "invalid syntax".into(),
        filename: "f.py".into(),
        line: 3,
        kind: SyntaxErrorKind::Indentation,
        ..SyntaxErrorData::default()
    };
    let e = vm.syntax_error(&data);
    assert_eq!(get(&mut vm, &e.0, "lineno").unwrap().as_small_int(), Some(3));
    assert_eq!(text(&mut vm, Err::<(), _>(e)), "IndentationError: invalid syntax (f.py, line 3)");
}

#[test]
fn notes_are_added_to_a_list() {
    let mut vm = vm();
    let e = vm.value_error("x");
    let note = vm.new_str("a note");
    call(&mut vm, &e.0, "add_note", &[note]).unwrap();
    let notes = get(&mut vm, &e.0, "__notes__").unwrap();
    assert_eq!(notes.downcast::<List>().unwrap().len(), 1);
    let r = call(&mut vm, &e.0, "add_note", &[int(3)]);
    assert_eq!(text(&mut vm, r), "TypeError: note must be a str, not 'int'");
}

#[test]
fn raising_and_catching_ask_for_exceptions() {
    let mut vm = vm();
    let t = vm.types();
    let (zero, arithmetic, int_class) =
        (t.ZeroDivisionError.to_value(), t.ArithmeticError.to_value(), t.int.to_value());
    let e = vm.make_exception(&zero).unwrap();
    assert!(vm.exception_matches(&e.0, &arithmetic).unwrap());
    let both = Tuple::new(&vm.heap, vec![vm.types().OSError.to_value(), zero.clone()]).into();
    assert!(vm.exception_matches(&e.0, &both).unwrap());
    let r = vm.exception_matches(&e.0, &int_class);
    assert_eq!(text(&mut vm, r), "TypeError: catching classes that do not inherit from BaseException is not allowed");
    for v in [int(3), int_class] {
        let r = vm.make_exception(&v);
        assert_eq!(text(&mut vm, r), "TypeError: exceptions must derive from BaseException");
    }
    let r = vm.make_cause(&int(3));
    assert_eq!(text(&mut vm, r), "TypeError: exception causes must derive from BaseException");
}

#[test]
fn contexts_never_make_a_cycle() {
    let mut vm = vm();
    let (a, b, c): (Exc, Exc, Exc) = (vm.value_error("a"), vm.value_error("b"), vm.value_error("c"));
    let context = |e: &Exc| e.0.downcast::<Exception>().unwrap().context.get();
    vm.set_context(&b, &a.0);
    vm.set_context(&c, &b.0);
    // Raising `a` again while `c` is handled cuts the link from `b`.
    vm.set_context(&a, &c.0);
    assert!(context(&a).is_some_and(|v| v.is(&c.0)));
    assert!(context(&c).is_some_and(|v| v.is(&b.0)));
    assert!(context(&b).is_none());
    vm.set_context(&a, &a.0.clone());
    assert!(context(&a).is_some_and(|v| v.is(&c.0)));
}

#[test]
fn exceptions_of_modules_are_named_with_them() {
    let mut vm = vm();
    let base = vm.types().Exception.clone();
    for (module, expected) in [("mymod", "mymod.MyError: 1"), ("__main__", "MyError: 1")] {
        let module = vm.new_str(module);
        let class = class_with(&mut vm, "MyError", &[&base], &[("__module__", module)]).unwrap();
        let e = Exc(exception(&mut vm, &class, &[int(1)]));
        assert_eq!(text(&mut vm, Err::<(), _>(e)), expected);
    }
}
