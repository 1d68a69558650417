//! Interpreters as a host uses them.

use std::time::{Duration, Instant};

use super::*;
use crate::monitor::{Action, Callback, Event};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::output::Capture;

/// An interpreter whose output can be read, with changes to its configuration.
fn interpreter(change: impl FnOnce(&mut Config)) -> (Session, Capture) {
    let capture = Capture::default();
    let mut config = Config { output: Rc::new(capture.clone()), ..Config::default() };
    change(&mut config);
    (Interpreter::new(config).session(), capture)
}

fn plain() -> Session {
    interpreter(|_| {}).0
}

fn said(capture: &Capture) -> String {
    String::from_utf8(capture.buffers.borrow()[0].clone()).unwrap()
}

fn text(v: &Value) -> String {
    v.downcast::<Str>().expect("a str").to_string()
}

#[test]
fn source_text_makes_a_module_that_keeps_its_names() {
    let mut py = plain();
    py.run_source("shop", b"price = 3\ndef total(n):\n    return n * price\n").unwrap();
    py.run_source("shop", b"price = 4\n").unwrap();
    let five = Value::from_len(5);
    let total = py.call("shop", "total", &[five]).unwrap();
    assert_eq!(total.as_small_int(), Some(20));
    py.set_global("shop", "price", Value::from_len(1)).unwrap();
    assert_eq!(py.eval_source("shop", b"total(2), price").map(|v| v.class(&py.vm.heap).name_str()).unwrap(), "tuple");
    assert_eq!(py.get_global("shop", "price").unwrap().as_small_int(), Some(1));
    let missing = py.get_global("shop", "prices").unwrap_err();
    assert_eq!(missing.type_name, "AttributeError");
    assert_eq!(missing.message, "module 'shop' has no attribute 'prices'");
    drop(missing);
    assert_eq!(py.call("nowhere", "f", &[]).unwrap_err().type_name, "ModuleNotFoundError");
    assert!(py.import("shop").unwrap().is(&py.module("shop")));
}

#[test]
fn a_failure_tells_what_and_where() {
    let mut py = plain();
    let failure = py.run_source("calc", b"def f(x):\n    return 1 / x\nf(0)\n").unwrap_err();
    assert_eq!((failure.type_name.as_str(), failure.message.as_str()), ("ZeroDivisionError", "division by zero"));
    assert_eq!((failure.status, failure.is_exit), (1, false));
    let expected = "Traceback (most recent call last):\n  File \"<calc>\", line 3, in <module>\n    f(0)\n    ~^^^\n  File \
                    \"<calc>\", line 2, in f\n    return 1 / x\n           ~~^~~\nZeroDivisionError: division by zero\n";
    assert_eq!(failure.traceback, expected);
    drop(failure);
    let syntax = py.run_source("calc", b"x = (1\n").unwrap_err();
    assert_eq!((syntax.type_name.as_str(), syntax.status), ("SyntaxError", 1));
    assert!(syntax.traceback.starts_with("  File \"<calc>\", line 1\n"), "{}", syntax.traceback);
    drop(syntax);
    let exit = py.run_source("calc", b"raise SystemExit(3)\n").unwrap_err();
    assert_eq!((exit.is_exit, exit.status, exit.traceback.as_str()), (true, 3, ""));
}

#[test]
fn output_goes_where_the_host_says() {
    let (mut py, capture) = interpreter(|_| {});
    py.run_source("m", b"import sys\nprint('out')\nprint('err', file=sys.stderr)\n").unwrap();
    let failure = py.run_source("m", b"raise ValueError\n").unwrap_err();
    assert_eq!(py.report(&failure), 1);
    drop(failure);
    assert_eq!(said(&capture), "out\n");
    let err = String::from_utf8(capture.buffers.borrow()[1].clone()).unwrap();
    assert!(err.starts_with("err\nTraceback") && err.ends_with("ValueError\n"), "{err}");
}

#[test]
fn argv_and_path_are_the_configurations() {
    let (mut py, _) = interpreter(|c| {
        c.argv = vec!["prog".into(), "é".into()];
        c.path = vec!["/one".into()];
    });
    py.run_source("m", b"import sys\na = ' '.join(sys.argv + sys.path)\n").unwrap();
    assert_eq!(text(&py.get_global("m", "a").unwrap()), "prog é /one");
}

/// Endless code, then something small, in one interpreter: a limit ends the one and leaves the other alone.
fn ends_and_goes_on(py: &mut Session, source: &str, class: &str) {
    let failure = py.run_source("limited", source.as_bytes()).unwrap_err();
    assert_eq!(failure.type_name, class, "{}", failure.traceback);
    drop(failure);
    py.set_instruction_budget(None);
    py.run_source("limited", b"ok = sum(range(10))\n").unwrap();
    assert_eq!(py.get_global("limited", "ok").unwrap().as_small_int(), Some(45));
}

#[test]
fn the_instruction_budget_ends_an_endless_loop() {
    let (mut py, _) = interpreter(|c| c.instruction_budget = Some(100_000));
    ends_and_goes_on(&mut py, "while True: pass\n", "RuntimeError");
}

#[test]
fn the_instruction_budget_ends_native_loops_without_an_end() {
    let (mut py, _) = interpreter(|_| ());
    py.run_source("limited", b"import itertools, math, _collections, _functools, _operator\nr = itertools.repeat\n")
        .unwrap();
    for source in [
        "sum(r(0))",
        "all(r(1))",
        "any(r(0))",
        "1 in r(0)",
        "max(r(0))",
        "min(r(0), key=abs)",
        "set(r(0))",
        "dict(r((0, 0)))",
        "dict.fromkeys(r(0))",
        "{1}.isdisjoint(r(0))",
        "{1}.update(r(0))",
        "{1} & {1}.intersection(r(0))",
        "list(iter(int, 1))",
        "next(filter(None, r(0)))",
        "next(itertools.filterfalse(None, r(1)))",
        "next(itertools.dropwhile(bool, r(1)))",
        "next(itertools.chain.from_iterable(r(())))",
        "next(itertools.compress(r(0), r(0)))",
        "next(itertools.islice(r(0), 10**15, None))",
        "next(itertools.starmap(next, r((r(0),)))) or sum(itertools.accumulate(r(0)))",
        "_collections.deque(r(0), maxlen=0)",
        "_functools.reduce(_operator.or_, r(0))",
        "_operator.countOf(r(0), 1)",
        "_operator.indexOf(r(0), 1)",
        "math.fsum(r(0))",
        "math.prod(r(1))",
        "math.sumprod(r(1), r(1))",
        "1.5 in range(10**15)",
        "range(10**15).count(1.5)",
        "range(10**15).index(1.5)",
        "[*r(0)]",
        "print(*r(0))",
        "3 ** 10**8",
        "pow(3, 1 << 10**6, (1 << 2000) + 1)",
        "math.factorial(10**7)",
        "math.perm(10**8, 10**7)",
        "math.comb(10**8, 10**7)",
    ] {
        py.set_instruction_budget(Some(50_000));
        let failure = py.eval_source("limited", source.as_bytes()).unwrap_err();
        assert_eq!(failure.type_name, "RuntimeError", "{source}: {}", failure.traceback);
        py.set_instruction_budget(None);
    }
    py.set_instruction_budget(Some(50_000));
    let failure = py.run_source("limited", b"a, *b = r(0)\n").unwrap_err();
    assert_eq!(failure.type_name, "RuntimeError", "{}", failure.traceback);
}

#[test]
fn limits_end_searches_that_take_for_ever() {
    // The code that `re` makes for `(a+)+$`, and for `x*y`.
    let source = b"import _sre
catastrophic = _sre.compile('(a+)+$', 32, [14, 4, 0, 1, 4294967295, 23, 14, 1, 4294967295, 17, 0, 24, 6, 1, 4294967295, 16, 97, 1, 17, 1, 18, 6, 5, 1], 1, {}, (None, None))
quadratic = _sre.compile('x*y', 32, [14, 4, 0, 1, 4294967295, 24, 6, 0, 4294967295, 16, 120, 1, 16, 121, 1], 0, {}, (None,))
assert catastrophic.match('aaa').span() == (0, 3) and quadratic.search('..xxy').span() == (2, 5)
";
    let (mut py, _) = interpreter(|_| ());
    py.run_source("limited", source).unwrap();
    for source in [
        "catastrophic.match('a' * 50 + 'b')",
        r"catastrophic.match('a' * 50 + '\u20ac')",
        "quadratic.search('x' * 10**6)",
    ] {
        py.set_instruction_budget(Some(1_000_000));
        let failure = py.eval_source("limited", source.as_bytes()).unwrap_err();
        assert_eq!(failure.type_name, "RuntimeError", "{source}: {}", failure.traceback);
        py.set_instruction_budget(None);
    }
    let end = py.eval_source("limited", r"quadratic.search('xy\u20ac').end()".as_bytes()).unwrap();
    assert_eq!(end.as_small_int(), Some(2));
}

#[test]
fn the_recursion_limit_ends_recursion() {
    let (mut py, _) = interpreter(|c| c.recursion_limit = 50);
    ends_and_goes_on(&mut py, "def f(): f()\nf()\n", "RecursionError");
    py.set_recursion_limit(300);
    py.run_source("deep", b"def f(n): return n and f(n - 1)\nf(200)\n").unwrap();
}

#[test]
fn the_memory_ceiling_ends_growth() {
    let (mut py, _) = interpreter(|c| c.memory_ceiling = Some(32 << 20));
    ends_and_goes_on(
        &mut py,
        "def f():\n    x = []\n    while True: x.append('a' * 1000 + str(len(x)))\nf()\n",
        "MemoryError",
    );
    for source in ["'x' * 10**12", "[0] * 10**10", "10 ** 10**8", "b'x' * 10**9", "{i for i in range(10**8)}"] {
        py.run_source("limited", b"x = None\n").unwrap();
        let failure = py.eval_source("limited", source.as_bytes()).unwrap_err();
        assert_eq!(failure.type_name, "MemoryError", "{source}: {}", failure.traceback);
    }
}

#[test]
fn buffers_of_native_types_count_against_the_ceiling() {
    // Each grows for ever, by many small steps that no check before a large allocation sees.
    let growing = [
        "from _collections import deque\nd = deque()\ndef step(): d.append(0)\n",
        "from _collections import deque\nd = deque()\ndef step(): d.appendleft(0)\n",
        "import _io\nb = _io.BytesIO()\ndef step(): b.write(b'0123456789')\n",
        "import _io\ns = _io.StringIO()\ndef step(): s.write('0123456789')\n",
        "import itertools\na, b = itertools.tee(itertools.repeat(0))\ndef step(): next(a)\n",
        "import itertools\nc = itertools.cycle(itertools.repeat(0))\ndef step(): next(c)\n",
        "all = []\ndef step(): all.append(memoryview(b''))\n",
    ];
    for source in growing {
        let (mut py, capture) = interpreter(|c| c.memory_ceiling = Some(6 << 20));
        let source = format!("{source}try:\n    while True: step()\nexcept MemoryError: print('full')\n");
        py.run_source("growing", source.as_bytes()).unwrap();
        assert_eq!(said(&capture), "full\n", "{source}");
    }
}

#[test]
fn what_is_made_of_small_pieces_counts_against_the_ceiling() {
    // Each piece is many times as large as what it is made of.
    let sources = [
        "('a' * 10**6).split('a')",
        "('a' * 10**6).rsplit('a')",
        "('a ' * 10**6).split()",
        "('a ' * 10**6).rsplit()",
        "('\\n' * 10**6).splitlines()",
        "(b'a' * 10**6).split(b'a')",
        "(b'a ' * 10**6).rsplit()",
        "bytearray(b'\\n' * 10**6).splitlines(True)",
        "next(__import__('itertools').product([0] * 10**4, repeat=10**7))",
        "compile('a=1\\n' * 10**6, 'f', 'exec')",
        "compile('a=1\\n' * 10**5, 'f', 'exec', 0x400)",
    ];
    let (mut py, _) = interpreter(|c| c.memory_ceiling = Some(32 << 20));
    for source in sources {
        let failure = py.eval_source("limited", source.as_bytes()).unwrap_err();
        assert_eq!(failure.type_name, "MemoryError", "{source}: {}", failure.traceback);
        assert!(py.eval_source("limited", b"len('a b'.split())").is_ok(), "{source}");
    }
}

#[test]
fn waits_end_when_the_host_interrupts() {
    let waits = [
        "import time\ntime.sleep(1000)\n",
        "import _thread\nlock = _thread.allocate_lock()\nlock.acquire()\nlock.acquire(timeout=1000)\n",
        "import posix\nr, w = posix.pipe()\nposix.read(r, 1)\n",
        "import posix\nr, w = posix.pipe()\nopen(r, 'rb').read()\n",
    ];
    for source in waits {
        let mut py = plain();
        let handle = py.interpreter().interrupt_handle();
        let stopper = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            handle.interrupt();
        });
        assert_eq!(py.run_source("waiting", source.as_bytes()).unwrap_err().type_name, "KeyboardInterrupt", "{source}");
        stopper.join().unwrap();
    }
}

#[test]
fn another_thread_may_interrupt() {
    let mut py = plain();
    let handle = py.interpreter().interrupt_handle();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        handle.interrupt();
    });
    let started = Instant::now();
    ends_and_goes_on(&mut py, "while True: pass\n", "KeyboardInterrupt");
    assert!(started.elapsed() < Duration::from_secs(20));
    thread.join().unwrap();
}

#[test]
fn a_handle_outlives_its_interpreter() {
    let handle = plain().interpreter().interrupt_handle();
    handle.clone().interrupt();
}

#[test]
fn the_observer_sees_all_code_before_it_runs() {
    use std::cell::RefCell;
    let mut py = plain();
    let names: Rc<RefCell<Vec<String>>> = Rc::default();
    let seen = names.clone();
    py.interpreter()
        .set_code_observer(Some(Rc::new(move |code| seen.borrow_mut().push(code.qualified_name().to_owned()))));
    py.run_source("m", b"def f():\n    def g(): pass\nclass A:\n    def m(self): pass\n").unwrap();
    py.interpreter().set_code_observer(None);
    py.run_source("m", b"def unseen(): pass\n").unwrap();
    assert_eq!(*names.borrow(), ["<module>", "f", "f.<locals>.g", "A", "A.m"]);
}

#[test]
fn two_interpreters_have_nothing_in_common() {
    let (mut a, mut b) = (plain(), plain());
    a.set_global("m", "x", Value::from_len(1)).unwrap();
    b.set_global("m", "x", Value::from_len(2)).unwrap();
    assert_eq!(a.get_global("m", "x").unwrap().as_small_int(), Some(1));
    let hits = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = hits.clone();
    a.interpreter().monitor().use_tool_id(0, "count").unwrap();
    let callback = Callback::from_fn(move |_| {
        counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Action::CONTINUE
    });
    a.interpreter().monitor().register_callback(0, i64::from(Event::Line.set().0), Some(callback)).unwrap();
    a.interpreter().monitor().set_events(0, i64::from(Event::Line.set().0)).unwrap();
    b.run_source("m", b"x = 1\ny = 2\n").unwrap();
    assert_eq!(hits.load(std::sync::atomic::Ordering::Relaxed), 0);
    a.run_source("m", b"x = 1\ny = 2\n").unwrap();
    assert_eq!(hits.load(std::sync::atomic::Ordering::Relaxed), 2);
}

#[test]
fn dropping_an_interpreter_runs_finalizers_and_shutting_down_leaves_it_usable() {
    let (mut py, capture) = interpreter(|_| {});
    let source = b"class A:\n    def __del__(self): print('gone')\na = A()\n";
    py.run_source("m", source).unwrap();
    py.shutdown();
    assert_eq!(said(&capture), "gone\n");
    py.run_source("m", source).unwrap();
    drop(py);
    assert_eq!(said(&capture), "gone\ngone\n");
}

#[test]
fn what_a_finalizer_raises_is_written_with_its_traceback() {
    let folder = std::env::temp_dir().join(format!("execmon-unraisable-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("dying.py");
    std::fs::write(&file, "class X:\n    def __del__(self):\n        raise KeyError(1)\nX()\nprint('on')\n").unwrap();
    let (mut py, capture) = interpreter(|_| {});
    let result = py.run_file(&file, &[]);
    std::fs::remove_dir_all(&folder).unwrap();
    result.unwrap();
    assert_eq!(said(&capture), "on\n");
    let err = String::from_utf8(capture.buffers.borrow()[1].clone()).unwrap();
    let lines: Vec<&str> = err.lines().collect();
    assert!(lines[0].starts_with("Exception ignored in: <function X.__del__ at 0x"), "{err}");
    assert_eq!(lines[1], "Traceback (most recent call last):");
    assert!(lines[2].ends_with("dying.py\", line 3, in __del__"), "{err}");
    assert_eq!(lines[3..], ["    raise KeyError(1)", "KeyError: 1"]);
}

#[test]
fn the_warnings_that_a_program_has_loaded_decide_of_warnings() {
    let (mut py, capture) = interpreter(|_| {});
    let source = b"import sys
class Warned(Exception): pass
def warn_explicit(text, category, file, line, module, registry, module_globals, source):
    print(category.__name__, text, file, line, module, registry, source)
    if 'literal' in text: raise category(text)
module = type(sys)('warnings')
module.warn_explicit = warn_explicit
sys.modules['warnings'] = module
class Index:
    def __index__(self): return True
print(int(Index()))
try: compile('x\\nx is 1', '<f>', 'exec')
except SyntaxError as e: print(e.msg, e.filename, e.lineno, e.offset)
compile('\"\\\\d\"', '<f>', 'eval')
async def f(): pass
f()
";
    py.run_source("m", source).unwrap();
    let said = said(&capture);
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("DeprecationWarning __index__ returned non-int (type bool)."), "{said}");
    assert!(lines[0].ends_with(" <m> 11 m {} None"), "{said}");
    assert_eq!(lines[1], "1");
    let text = "\"is\" with 'int' literal. Did you mean \"==\"?";
    assert_eq!(lines[2], format!("SyntaxWarning {text} <f> 2 None None None"));
    assert_eq!(lines[3], format!("{text} <f> 2 1"));
    assert!(lines[4].starts_with("SyntaxWarning \"\\d\" is an invalid escape sequence. Such "), "{said}");
    assert!(lines[5].starts_with("RuntimeWarning coroutine 'f' was never awaited <m> "), "{said}");
    assert!(lines[5].contains("<coroutine object f at 0x"), "{said}");
    assert!(capture.buffers.borrow()[1].is_empty());
}

#[test]
fn modules_come_from_a_library_when_no_folder_has_them() {
    use super::library::PackedLibrary;
    let modules = [
        ("shop", true, &b"from .prices import price\nfrom . import prices\n"[..]),
        ("shop.prices", false, b"price = 7\nplace = __file__, __package__, __name__\n"),
        ("broken", false, b"1 / 0\n"),
    ];
    let data = PackedLibrary::pack(modules).unwrap();
    let (mut py, output) = interpreter(|_| {});
    assert_eq!(py.import("shop").err().unwrap().message, "No module named 'shop'");
    py.set_library(Some(Rc::new(PackedLibrary::new("<lib>", &data).unwrap())));
    py.run_source("main", b"import shop\nprint(shop.price, shop.prices.place, shop.__path__)\n").unwrap();
    assert_eq!(said(&output), "7 ('<lib>/shop/prices.py', 'shop', 'shop.prices') ['<lib>/shop']\n");
    assert_eq!(py.import("shop.none").err().unwrap().message, "No module named 'shop.none'");
    assert_eq!(py.import("broken").err().unwrap().message, "division by zero");
}

#[test]
fn numbers_that_outgrow_the_ceiling_are_memory_errors() {
    let (mut py, capture) = interpreter(|c| c.memory_ceiling = Some(64 << 20));
    let source = b"
def grow():
    x = 3 ** 1000
    while True:
        x *= x
def divide():
    return (1 << 10**8) // 3**10000
for action in (grow, divide, lambda: 10 ** 10**8, lambda: pow(7, 10**9), lambda: 1 << 10**12):
    try:
        action()
    except MemoryError as e:
        print(repr(e))
print(2 ** 100)
";
    py.run_source("m", source).unwrap();
    let expected = "MemoryError()\n".repeat(5) + "1267650600228229401496703205376\n";
    assert_eq!(said(&capture), expected);
}

#[test]
fn sources_with_more_than_an_operand_can_count() {
    let mut py = plain();
    let names = |from: usize, to: usize| (from..to).map(|i| format!("n{i}, ")).collect::<String>();
    let unpack =
        format!("{}*rest, {} = range(1000)\nseen = n0, n254, len(rest), n255, n998\n", names(0, 255), names(255, 999));
    py.run_source("unpack", unpack.as_bytes()).unwrap();
    let seen = py.eval_source("unpack", b"str(seen)").unwrap();
    assert_eq!(text(&seen), "(0, 254, 1, 256, 999)");
    let assign = |count| (0..count).map(|i| format!("n{i} = {i}\n")).collect::<String>();
    py.run_source("names", assign(1 << 16).as_bytes()).unwrap();
    assert_eq!(text(&py.eval_source("names", b"str((n0, n65535))").unwrap()), "(0, 65535)");
    let refused = py.run_source("names", assign((1 << 16) + 1).as_bytes()).unwrap_err();
    assert_eq!(refused.type_name, "SyntaxError");
}

#[test]
fn a_class_that_another_replaces_loses_its_descriptors() {
    let mut py = plain();
    py.run_source(
        "m",
        b"import sys\nclass C: x = 1\nbefore = {'__dict__', '__weakref__'} <= {*vars(C)}\n\
          print(before, sys._clear_type_descriptors(C))\nassert not {'__dict__', '__weakref__'} & {*vars(C)}\n\
          c = C()\nc.y = 2\nassert (c.x, c.y) == (1, 2)\n\
          for wrong in (5, int):\n    try: sys._clear_type_descriptors(wrong)\n    except TypeError: pass\n    else: assert False\n",
    )
    .unwrap();
}
