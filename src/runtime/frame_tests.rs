//! Frame objects where CPython 3.13 cannot be asked (it crashes, or 3.14 does otherwise).

use super::*;
use crate::vm::output::Capture;

fn run(source: &str) -> String {
    let capture = Capture::default();
    let mut py = Interpreter::new(Config { output: Rc::new(capture.clone()), ..Config::default() }).session();
    if let Err(failure) = py.run_source("m", source.as_bytes()) {
        panic!("{}", failure.traceback);
    }
    drop(py);
    String::from_utf8(capture.buffers.borrow()[0].clone()).unwrap()
}

#[test]
fn a_frame_outlives_the_generator_that_ran_in_it() {
    let source = "
import sys
def gen(x):
    y = [x]
    yield sys._getframe()
    yield 2
g = gen(1)
f = next(g)
del g
print(sorted(f.f_locals.items()), f.f_lineno, f.f_back)
g = gen(2)
f = g.gi_frame
del g
print(dict(f.f_locals))
g = gen(3)
f = next(g)
print(list(g), f.f_locals == {}, f.f_locals['y'], f.f_back is sys._getframe(), g.gi_frame)
g = gen(4)
f = next(g)
g.close()
print(f.f_locals['x'], g.gi_frame)
";
    let said = run(source);
    assert_eq!(said, "[('x', 1), ('y', [1])] 5 None\n{'x': 2}\n[2] False [3] True None\n4 None\n");
}

#[test]
fn a_frame_that_is_cleared_drops_what_it_held() {
    let source = "
import sys
class Noisy:
    def __del__(self): print('gone')
def f():
    local = Noisy()
    return sys._getframe()
frame = f()
print('left')
frame.clear()
print(len(frame.f_locals))
def gen():
    yield 1
g = gen()
frame = g.gi_frame
frame.clear()
print(list(g))
g = gen()
next(g)
try:
    g.gi_frame.clear()
except RuntimeError as e:
    print(e)
";
    assert_eq!(run(source), "left\ngone\n0\n[]\ncannot clear a suspended frame\n");
}

#[test]
fn locals_that_are_no_variables_can_be_removed() {
    let source = "
import sys
def f():
    a = 1
    p = sys._getframe().f_locals
    p['new'] = 2
    del p['new']
    print('new' in p, p.pop('new', 3))
    for action in (lambda: p.pop('a'), lambda: p.__delitem__('a'), lambda: p.pop('zz')):
        try:
            action()
        except (ValueError, KeyError) as e:
            print(repr(e))
f()
";
    let message = "ValueError('cannot remove local variables from FrameLocalsProxy')";
    assert_eq!(run(source), format!("False 3\n{message}\n{message}\nKeyError('zz')\n"));
}

#[test]
fn frames_that_hold_themselves_are_collected() {
    let source = "
import sys
def f(n):
    me = sys._getframe()
    class Noisy:
        def __del__(self): print('gone')
    local = Noisy()
    if n: raise KeyError
for n in range(2):
    try:
        f(n)
    except KeyError:
        pass
print('end')
";
    let said = run(source);
    assert_eq!(said.matches("gone").count(), 2, "{said}");
}

#[test]
fn every_frame_of_a_deep_recursion_can_be_held() {
    let source = "
import sys
def f(n):
    if n == 0:
        return sys._getframe()
    return f(n - 1)
frame = f(800)
depth = 0
while frame:
    depth += 1
    frame = frame.f_back
print(depth)
def g(n):
    sys._getframe()
    return g(n + 1)
try:
    g(0)
except RecursionError as e:
    tb = e.__traceback__
    while tb.tb_next:
        tb = tb.tb_next
    print(tb.tb_frame.f_code.co_name, tb.tb_frame.f_back.f_locals['n'] == tb.tb_frame.f_locals['n'] - 1)
";
    assert_eq!(run(source), "802\ng True\n");
}

#[test]
fn clearing_the_frame_of_a_traceback_drops_its_locals() {
    let source = "
class Noisy:
    def __del__(self): print('gone')
def f():
    local = Noisy()
    1 / 0
try:
    f()
except ZeroDivisionError as e:
    kept = e
frame = kept.__traceback__.tb_next.tb_frame
print(sorted(frame.f_locals), frame.f_locals.keys(), type(frame.f_locals)(frame) == frame.f_locals)
match frame.f_locals:
    case {'local': Noisy()}: print('matched')
frame.clear()
print(len(frame.f_locals))
";
    assert_eq!(run(source), "['local'] ['local'] True\nmatched\ngone\n0\n");
}

#[test]
fn names_that_are_added_to_a_frame_are_locals() {
    let source = "
import sys
def f():
    x = 1
    p = sys._getframe().f_locals
    p['x'] = 2
    p['y'] = 3
    print(x, locals()['y'], repr(p))
f()
";
    assert_eq!(run(source), "2 3 {'x': 2, 'p': {...}, 'y': 3}\n");
}

#[test]
fn an_operand_outlives_the_local_that_a_callee_writes() {
    let source = "
import sys
class Writer:
    def __eq__(self, other):
        sys._getframe(1).f_locals['x'] = None
        return False
    def __add__(self, other):
        sys._getframe(1).f_locals['x'] = None
        return NotImplemented
    def __hash__(self):
        return 1
def member():
    x = [Writer(), Writer(), Writer()]
    print(5 in x, x)
def key():
    x = {Writer(): 0, Writer(): 1, Writer(): 2}
    print(1 in x, x)
def operand():
    x = Writer()
    try:
        x + 1
    except TypeError as e:
        print(e, x)
member()
key()
operand()
";
    let text = "unsupported operand type(s) for +: 'Writer' and 'int'";
    assert_eq!(run(source), format!("False None\nFalse None\n{text} None\n"));
}
